/* crowd - sends many messages at once through ratetap-gate, while ratetap-hold holds and lets go of their
 * senders.
 *
 *   crowd BIN QMAIL-QUEUE DIR COUNT WORKERS
 *
 * BIN has both programs. DIR, which is made, gets the folders gate and taken. Each message must end with the
 * exit code that it should: who was held before it began and still is when it has ended must be held, who was
 * not must pass, and what is cut, broken or given up gets QMAIL-QUEUE's own answer. At the end each that
 * passed must have been taken, byte for byte, no other, and no process may be left. Prints one line; exits 1
 * if not. */

#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "crowd_check.h"

#define HELD 1u /* of state: who is held; the rest counts changes, odd while one is under way */

static struct shared {
  _Atomic unsigned state[SENDERS];
  _Atomic int stop;
  _Atomic unsigned wrong, held, passed, changes;
  int code[]; /* of each message */
} * shared;

static char gate[4096], taken[4096], hold_program[4096], gate_program[4096];
static char const *standin;

static int write_all(int fd, char const *s, size_t len)
{
  while (len) {
    ssize_t n = write(fd, s, len);
    if (n < 0)
      return 0;
    s += n;
    len -= (size_t)n;
  }
  return 1;
}

static void gate_exec(mail const *m, int message, int cover)
{
  char code[16];

  (void)signal(SIGPIPE, SIG_DFL);
  (void)dup2(message, 0);
  (void)dup2(cover, 1);
  (void)setenv("STAND_DIR", taken, 1);
  if (m->end) {
    (void)snprintf(code, sizeof code, "%d", m->code);
    (void)setenv("STAND_END", m->end, 1);
    (void)setenv("STAND_CODE", code, 1);
  }
  (void)execl(gate_program, gate_program, gate, standin, (char *)0);
  _exit(127);
}

/* As a client of qmail-queue does. Returns the exit code. */
static int send_mail(mail const *m)
{
  int message[2], cover[2], status;
  pid_t pid;

  if (pipe2(message, O_CLOEXEC) < 0 || pipe2(cover, O_CLOEXEC) < 0)
    exit(111);
  pid = fork();
  if (!pid)
    gate_exec(m, message[0], cover[0]);
  (void)close(message[0]);
  (void)close(cover[0]);
  if (m->kind == HANG_UP)
    (void)write_all(message[1], m->message, m->message_len / 2);
  else
    (void)write_all(message[1], m->message, m->message_len);
  (void)close(message[1]);
  if (m->kind != HANG_UP)
    (void)write_all(cover[1], m->cover, m->cover_len);
  (void)close(cover[1]);
  if (waitpid(pid, &status, 0) != pid)
    exit(111);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Which answer is right, if the sender was held or not all the time? */
static int is_right(mail const *m, int held, int code)
{
  int const own = m->code < 0 ? 81 : m->code;

  switch (m->kind) {
  case WHOLE: return code == (held ? 71 : 0);
  case CUT:
  case HANG_UP: return code == 54;
  case BROKEN: return code == 91;
  case DIES: return code == own || (held && code == 71);
  }
  return 0;
}

static void work(unsigned from, unsigned count, unsigned step)
{
  for (unsigned n = from; n < count; n += step) {
    mail m;
    unsigned before, after;
    int code, right;
    mail_make(&m, n);
    before = shared->state[m.sender];
    code = send_mail(&m);
    after = shared->state[m.sender];
    if (before == after && !(before & 2))
      right = is_right(&m, before & HELD, code);
    else
      right = is_right(&m, 0, code) || is_right(&m, 1, code);
    if (!right) {
      printf("# number %u: kind %d, exit code %d, state %u and %u\n", n, (int)m.kind, code, before, after);
      (void)fflush(stdout);
      shared->wrong++;
    }
    shared->held += code == 71;
    shared->passed += code == 0 && m.kind == WHOLE;
    shared->code[n] = m.kind == DIES ? -1 : code;
    mail_free(&m);
  }
  exit(0);
}

static void hold_wait(unsigned sender, int there)
{
  char path[8192];

  (void)snprintf(path, sizeof path, "%s/sender:s%u@example.org", gate, sender);
  while ((access(path, F_OK) == 0) != there)
    (void)poll(0, 0, 1);
}

/* Bits of state: 1 held, 2 a change is under way, the others count. */
static void change(int alerts, unsigned sender, unsigned number)
{
  char line[256];
  unsigned const now = shared->state[sender];
  int const held = !(now & HELD);
  int len;

  shared->state[sender] = (now + 4) | 2;
  if (held)
    len = snprintf(
        line, sizeof line,
        "@40000000656565650000%04x over 9/1h/remote/sender s%u@example.org count=10 within=1 msg=1 qp=2 "
        "uid=3 from=x to=y\n",
        number & 0xffff, sender);
  else
    len = snprintf(
        line, sizeof line,
        "@40000000656565650000%04x under 9/1h/remote/sender s%u@example.org count=9 peak=10 total=10 "
        "since=@400000006565656500000000 lasted=1\n",
        number & 0xffff, sender);
  if (!write_all(alerts, line, (size_t)len))
    exit(111);
  hold_wait(sender, held);
  shared->state[sender] = ((now + 8) & ~3u) | (held ? HELD : 0);
  shared->changes++;
}

static void hold_all_the_while(void)
{
  int alerts[2], status;
  uint64_t seed = 88172645463325252u;
  pid_t pid;

  if (pipe2(alerts, O_CLOEXEC) < 0)
    exit(111);
  pid = fork();
  if (!pid) {
    (void)dup2(alerts[0], 0);
    (void)close(2);
    (void)open("/dev/null", O_WRONLY);
    (void)execl(hold_program, hold_program, "-u", gate, (char *)0);
    _exit(127);
  }
  for (unsigned n = 0; !shared->stop; n++)
    change(alerts[1], (unsigned)(chance(&seed) % SENDERS), n);
  (void)close(alerts[1]);
  if (waitpid(pid, &status, 0) != pid || status)
    shared->wrong++;
  exit(0);
}

static void prepare(char **argv, unsigned count)
{
  (void)snprintf(gate_program, sizeof gate_program, "%s/ratetap-gate", argv[1]);
  (void)snprintf(hold_program, sizeof hold_program, "%s/ratetap-hold", argv[1]);
  standin = argv[2];
  (void)snprintf(gate, sizeof gate, "%s/gate", argv[3]);
  (void)snprintf(taken, sizeof taken, "%s/taken", argv[3]);
  (void)mkdir(argv[3], 0755);
  if (mkdir(gate, 0711) < 0 || mkdir(taken, 0755) < 0)
    exit(111);
  shared = mmap(0, sizeof *shared + count * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                -1, 0);
  if (shared == MAP_FAILED || prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
    exit(111);
  (void)signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
  unsigned const count = argc == 6 ? (unsigned)atoi(argv[4]) : 0,
                 workers = argc == 6 ? (unsigned)atoi(argv[5]) : 0;
  unsigned char *seen = calloc(count + 1, 1);
  unsigned left, lost = 0;
  pid_t holder;

  if (!count || !workers || !seen)
    return 100;
  prepare(argv, count);
  holder = fork();
  if (!holder)
    hold_all_the_while();
  for (unsigned i = 0; i < workers; i++)
    if (!fork())
      work(i, count, workers);
  for (unsigned done = 0; done < workers;)
    done += waitpid(-1, 0, 0) != holder;
  shared->stop = 1;
  left = processes_left();
  shared->wrong += taken_wrong(taken, shared->code, seen, count);
  for (unsigned n = 0; n < count; n++)
    lost += !shared->code[n] && !seen[n];
  free(seen);
  printf("# %u messages, %u at once: %u passed, %u held, %u changes of who is held; %u wrong, %u lost, %u "
         "left over\n",
         count, workers, shared->passed, shared->held, shared->changes, shared->wrong, lost, left);
  return shared->wrong || lost || left || !shared->held || !shared->passed;
}
