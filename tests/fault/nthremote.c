/* nthremote - delivers through ratetap-remote again and again, and spoils another call of it each time.
 *
 *   nthremote LIBRARY CALL WHAT REPORT PROGRAM SENDER
 *
 * CALL and WHAT are FAULT_CALL and FAULT_DO of the preloaded LIBRARY; FAULT_NTH goes from 1 to the first
 * number that no run reaches. PROGRAM is called as qmail-rspawn calls qmail-remote, with one pipe for
 * descriptors 1 and 2. It must end with 111, or with 0 and REPORT, a line and NUL, or a deferral, or (which
 * is what fails open) what the real program says; RATETAP_QMAILREMOTE is echo, which says host, sender and
 * recipient. Prints one line; exits 1 if a run was wrong, or if none gave REPORT. */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char mark[64];

/* A report that puts the message off, for whatever reason. */
static int is_deferral(char const *said, size_t len)
{
  return len > 2 && *said == 'Z' && said[len - 2] == '\n' && memchr(said, 0, len) == said + len - 1;
}

/* Returns the exit code, and what came through the pipe. */
static int run(char **argv, unsigned n, char *said, size_t most, size_t *len)
{
  int p[2], status;
  char number[16];
  ssize_t got;
  pid_t pid;

  if (pipe2(p, O_CLOEXEC) < 0)
    exit(111);
  pid = fork();
  if (!pid) {
    (void)dup2(p[1], 1);
    (void)dup2(p[1], 2);
    (void)alarm(10);
    (void)snprintf(number, sizeof number, "%u", n);
    (void)setenv("LD_PRELOAD", argv[1], 1);
    (void)setenv("FAULT_CALL", argv[2], 1);
    (void)setenv("FAULT_DO", argv[3], 1);
    (void)setenv("FAULT_ONLY", "ratetap-remote", 1);
    (void)setenv("FAULT_NTH", number, 1);
    (void)setenv("FAULT_MARK", mark, 1);
    (void)execl(argv[5], argv[5], "host", argv[6], "bob@host", (char *)0);
    _exit(127);
  }
  (void)close(p[1]);
  for (*len = 0; (got = read(p[0], said + *len, most - *len)) > 0;)
    *len += (size_t)got;
  (void)close(p[0]);
  if (waitpid(pid, &status, 0) != pid)
    exit(111);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int main(int argc, char **argv)
{
  char report[4096], real[4096], said[8192];
  unsigned n = 1, wrong = 0, reported = 0, passed = 0;
  size_t report_len, real_len, len;

  if (argc != 7)
    return 100;
  report_len = (size_t)snprintf(report, sizeof report, "%s\n", argv[4]) + 1;
  real_len = (size_t)snprintf(real, sizeof real, "host %s bob@host\n", argv[6]);
  (void)snprintf(mark, sizeof mark, "/tmp/nthremote.%d", (int)getpid());
  for (; n < 1000; n++) {
    int const code = run(argv, n, said, sizeof said, &len);
    int const is_report = len == report_len && !memcmp(said, report, len);
    int const is_real = len == real_len && !memcmp(said, real, len);
    int const killed = !strcmp(argv[3], "kill") && code == -SIGKILL && (!len || is_report);
    if (!killed && (code == 111 ? len != 0 && !is_report
                                : code || (!is_report && !is_real && !is_deferral(said, len)))) {
      printf("# wrong: FAULT_CALL=%s FAULT_DO=%s FAULT_NTH=%u: exit code %d, %zu bytes\n", argv[2], argv[3],
             n, code, len);
      wrong++;
    }
    reported += !code && is_report;
    passed += !code && is_real;
    if (access(mark, F_OK) < 0)
      break;
    (void)unlink(mark);
  }
  printf("# %s %s: %u runs spoilt, %u reported, %u passed, %u wrong\n", argv[2], argv[3], n - 1, reported,
         passed, wrong);
  return wrong || n == 1 || !reported;
}
