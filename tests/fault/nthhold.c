/* nthhold - gives alerts to ratetap-hold again and again, and spoils another call of it each time.
 *
 *   nthhold [-k] LIBRARY CALL WHAT PROGRAM DIR
 *
 * CALL and WHAT are FAULT_CALL and FAULT_DO of the preloaded LIBRARY; FAULT_NTH goes from 1 to the first
 * number that no run reaches. A program that ended, or was killed, is started again without a fault, as a
 * supervisor would, and lets go at `under` (-u); the pipe with the alerts stays. At the end DIR, made anew
 * for each run, must have the files of those who are held, with their text, and the one that was made by
 * hand; and after under lines for them no other. Prints one line; exits 1 if a run was wrong. */

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RULE "9/1h/remote/sender"
#define OVER "@400000006565656500000000 over " RULE " "
#define REST " count=10 within=4 msg=1 qp=2 uid=3 from=x@x to=y@y\n"
#define UNDER "@400000006565656600000000 under " RULE " "
#define LESS " count=9 peak=10 total=10 since=@400000006565656500000000 lasted=1\n"

static char const *const pieces[] = {
    OVER "ann@x" REST OVER "bob@x" REST,
    OVER "hand@x" REST UNDER "ann@x" LESS,
    "@400000006565656600000000 note start rules=1 over=1\n",
    "@400000006565656600000000 still " RULE
    " carl@x count=10 peak=10 total=10 since=@400000006565656500000000 "
    "from=x@x\n" OVER "dave@x" REST,
};
static char const *const last = UNDER "carl@x" LESS UNDER "dave@x" LESS UNDER "hand@x" LESS;

static char const text[] = RULE " @400000006565656500000000 x@x\n";
static char const *library, *call, *what, *program, *dir;
static char mark[64];
static int in[2];
static pid_t pid;
static unsigned deaths;
static int killed; /* -k */

static void start(unsigned n)
{
  char number[16];

  pid = fork();
  if (pid)
    return;
  (void)dup2(in[0], 0);
  (void)close(in[0]);
  (void)close(in[1]);
  (void)close(2);
  (void)open("/dev/null", O_WRONLY);
  if (n) {
    (void)snprintf(number, sizeof number, "%u", n);
    (void)setenv("LD_PRELOAD", library, 1);
    (void)setenv("FAULT_CALL", call, 1);
    (void)setenv("FAULT_DO", what, 1);
    (void)setenv("FAULT_ONLY", "ratetap-hold", 1);
    (void)setenv("FAULT_NTH", number, 1);
    (void)setenv("FAULT_MARK", mark, 1);
  }
  (void)execl(program, program, "-u", dir, (char *)0);
  _exit(127);
}

/* Returns whether it runs, or runs again. */
static int revive(void)
{
  int status;

  if (waitpid(pid, &status, WNOHANG) != pid)
    return 1;
  deaths++;
  if (WIFEXITED(status) ? WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 111
                        : WTERMSIG(status) != SIGKILL)
    return 0;
  start(0);
  return 1;
}

/* Writes s and waits until it is taken, with -k no longer than for a while. */
static int feed(char const *s)
{
  int left = 1;

  if (write(in[1], s, strlen(s)) != (ssize_t)strlen(s))
    return 0;
  for (int ms = 0; ms < (killed ? 20 : 10000); ms++) {
    if (!revive() || ioctl(in[0], FIONREAD, &left) < 0)
      return 0;
    if (!left)
      return 1;
    (void)poll(0, 0, 1);
  }
  return killed;
}

/* Ends the input, and waits until the program has ended well. */
static int finish(void)
{
  (void)close(in[1]);
  for (int ms = 0; ms < 10000; ms++) {
    int status;
    if (waitpid(pid, &status, WNOHANG) == pid) {
      if (WIFEXITED(status) && !WEXITSTATUS(status))
        return 1;
      deaths++;
      if (WIFEXITED(status) && WEXITSTATUS(status) != 111)
        return 0;
      start(0);
    }
    (void)poll(0, 0, 1);
  }
  return 0;
}

/* Is this file there, with this text? */
static int is_there(char const *name, char const *want)
{
  char path[4096], got[4096];
  ssize_t n;
  int fd;

  (void)snprintf(path, sizeof path, "%s/%s", dir, name);
  fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  n = read(fd, got, sizeof got);
  (void)close(fd);
  return n == (ssize_t)strlen(want) && !memcmp(got, want, strlen(want));
}

/* How many files there are, but for hidden ones; removed: and removes them all. */
static unsigned files(int removed)
{
  char path[4096];
  unsigned count = 0;
  DIR *d = opendir(dir);
  struct dirent const *e;

  if (!d)
    return 0;
  while ((e = readdir(d)) != 0) {
    (void)snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
    count += e->d_name[0] != '.';
    if (removed)
      (void)unlink(path);
  }
  (void)closedir(d);
  return count;
}

static int prepare(void)
{
  char path[4096];
  int fd;

  (void)files(1);
  (void)snprintf(path, sizeof path, "%s/sender:hand@x", dir);
  fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  return fd >= 0 && close(fd) == 0;
}

static char const *run(unsigned n)
{
  if (!prepare() || pipe(in) < 0)
    return "cannot begin";
  start(n);
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
    if (!feed(pieces[i]))
      return "does not take its input, or died";
  if (killed) {
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, 0, 0);
    start(0);
  }
  if (!finish())
    return "does not end well";
  (void)close(in[0]);
  if (files(0) != 3 || !is_there("sender:carl@x", text) || !is_there("sender:dave@x", text) ||
      !is_there("sender:hand@x", ""))
    return "the wrong files are there";
  if (pipe(in) < 0)
    return "cannot go on";
  start(0);
  if (!feed(last) || !finish())
    return "does not end well at the second time";
  (void)close(in[0]);
  if (files(0) != 1 || !is_there("sender:hand@x", "") || !is_there(".held", "still 0\n"))
    return "an entry was lost";
  return 0;
}

int main(int argc, char **argv)
{
  unsigned wrong = 0, n = 1;

  if (argc > 1 && !strcmp(argv[1], "-k")) {
    killed = 1;
    argc--;
    argv++;
  }
  if (argc != 6)
    return 100;
  library = argv[1];
  call = argv[2];
  what = argv[3];
  program = argv[4];
  dir = argv[5];
  (void)mkdir(dir, 0711);
  (void)signal(SIGPIPE, SIG_IGN);
  (void)snprintf(mark, sizeof mark, "/tmp/nthhold.%d", (int)getpid());
  for (; n < 2000 && wrong < 5; n++) {
    char const *why = run(n);
    if (why) {
      printf("# wrong: FAULT_CALL=%s FAULT_DO=%s FAULT_NTH=%u: %s\n", call, what, n, why);
      wrong++;
      (void)kill(pid, SIGKILL);
      (void)waitpid(pid, 0, 0);
      (void)close(in[0]);
      (void)close(in[1]);
    }
    if (access(mark, F_OK) < 0)
      break;
    (void)unlink(mark);
  }
  printf("# %s %s: %u runs spoilt, %u started again, %u wrong\n", call, what, n - 1, deaths, wrong);
  return wrong || n == 1;
}
