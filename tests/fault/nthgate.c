/* nthgate - sends a message through ratetap-gate again and again, and spoils another call of it each time.
 *
 *   nthgate LIBRARY CALL WHAT DIR PROGRAM GATE QMAIL-QUEUE CODE...
 *
 * CALL and WHAT are FAULT_CALL and FAULT_DO of the preloaded LIBRARY; FAULT_NTH goes from 1 to the first
 * number that no run reaches. QMAIL-QUEUE puts what it takes into DIR. PROGRAM must end with one of the
 * CODEs, within 10 seconds, and with 0 exactly if the message and its envelope were taken, byte for byte.
 * Prints one line; exits 1 if a run was wrong. */

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char const message[] = "Subject: hello\n\nHello.\n";
static char const envelope[] = "FAnn@example.org\0Tbob@example.net\0";
static char const *dir;
static char mark[64];

/* A pipe that holds all of s, and ends there. */
static int pipe_of(char const *s, size_t len)
{
  int p[2];

  if (pipe2(p, O_CLOEXEC) < 0 || write(p[1], s, len) != (ssize_t)len)
    exit(111);
  (void)close(p[1]);
  return p[0];
}

/* Returns 1 if a file whose name ends so is in dir and has this content, 0 if there is none, -1 if it has
 * another; it is removed. */
static int taken(char kind, char const *want, size_t len)
{
  char name[4096], got[4096];
  int found = 0;
  DIR *d = opendir(dir);
  struct dirent const *e;

  if (!d)
    exit(111);
  while ((e = readdir(d)) != 0) {
    size_t n = strlen(e->d_name);
    int fd;
    ssize_t r;
    if (n < 3 || e->d_name[n - 1] != kind || e->d_name[n - 2] != '.')
      continue;
    (void)snprintf(name, sizeof name, "%s/%s", dir, e->d_name);
    fd = open(name, O_RDONLY | O_CLOEXEC);
    r = read(fd, got, sizeof got);
    (void)close(fd);
    (void)unlink(name);
    found = !found && e->d_name[0] != '.' && r == (ssize_t)len && !memcmp(got, want, len) ? 1 : -1;
  }
  (void)closedir(d);
  return found;
}

static int run(char **argv, unsigned n)
{
  int const in = pipe_of(message, sizeof message - 1), cover = pipe_of(envelope, sizeof envelope);
  char number[16];
  int status;
  pid_t const pid = fork();

  if (!pid) {
    (void)dup2(in, 0);
    (void)dup2(cover, 1);
    (void)alarm(10);
    (void)snprintf(number, sizeof number, "%u", n);
    (void)setenv("LD_PRELOAD", argv[1], 1);
    (void)setenv("FAULT_CALL", argv[2], 1);
    (void)setenv("FAULT_DO", argv[3], 1);
    (void)setenv("FAULT_ONLY", "ratetap-gate", 1);
    (void)setenv("FAULT_NTH", number, 1);
    (void)setenv("FAULT_MARK", mark, 1);
    (void)execl(argv[5], argv[5], argv[6], argv[7], (char *)0);
    _exit(127);
  }
  (void)close(in);
  (void)close(cover);
  if (waitpid(pid, &status, 0) != pid)
    exit(111);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int is_among(char **codes, int code)
{
  for (; *codes; codes++)
    if (atoi(*codes) == code)
      return 1;
  return 0;
}

int main(int argc, char **argv)
{
  unsigned wrong = 0, n = 1, passed = 0;

  if (argc < 9)
    return 100;
  dir = argv[4];
  (void)setenv("STAND_DIR", dir, 1);
  (void)snprintf(mark, sizeof mark, "/tmp/nthgate.%d", (int)getpid());
  for (; n < 1000; n++) {
    int const code = run(argv, n);
    int const m = taken('m', message, sizeof message - 1), e = taken('e', envelope, sizeof envelope);
    if (!is_among(argv + 8, code) || m != e || m != (code == 0)) {
      printf("# wrong: FAULT_CALL=%s FAULT_DO=%s FAULT_NTH=%u: exit code %d, message %d, envelope %d\n",
             argv[2], argv[3], n, code, m, e);
      wrong++;
    }
    passed += code == 0;
    if (access(mark, F_OK) < 0)
      break;
    (void)unlink(mark);
  }
  printf("# %s %s: %u runs spoilt, %u passed, %u wrong\n", argv[2], argv[3], n - 1, passed, wrong);
  return wrong || n == 1;
}
