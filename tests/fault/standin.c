/* standin - stands where qmail-queue stands, speaks its protocol, and may end at any point. For tests.
 *
 *   standin   message on descriptor 0, envelope on descriptor 1
 *
 * What it does is said by its surroundings:
 *   STAND_DIR    a message that it takes becomes two files there, N.m and N.e
 *   STAND_END    where it ends: start, message (in the middle of it), envelope (before it), sender (after its
 *                first byte), late (all was read)
 *   STAND_CODE   with which exit code there; of 0 or less, by that signal
 *
 * As qmail-queue it reads the envelope no further than to its end, and ends with 54 where that is cut short,
 * with 91 where it is none. */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char const *end_at;
static int end_code;

static void end_here(char const *point)
{
  if (!end_at || strcmp(end_at, point) != 0)
    return;
  if (end_code <= 0)
    (void)kill(getpid(), -end_code);
  _exit(end_code);
}

/* Process IDs come again. */
static char const *own_name(void)
{
  static char name[64];
  struct timespec t;

  if (!*name && clock_gettime(CLOCK_REALTIME, &t) == 0)
    (void)snprintf(name, sizeof name, "%d-%ld", (int)getpid(), t.tv_nsec);
  return name;
}

static int file_open(char const *kind)
{
  char name[4096];
  char const *dir = getenv("STAND_DIR");

  if (!dir)
    return open("/dev/null", O_WRONLY | O_CLOEXEC);
  (void)snprintf(name, sizeof name, "%s/.%s.%s", dir, own_name(), kind);
  return open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/* A message is there with its second file, or not at all. */
static void files_show(int shown)
{
  char hidden[4096], name[4096];
  char const *dir = getenv("STAND_DIR");

  for (int i = 0; dir && i < 2; i++) {
    (void)snprintf(hidden, sizeof hidden, "%s/.%s.%c", dir, own_name(), "me"[i]);
    (void)snprintf(name, sizeof name, "%s/%s.%c", dir, own_name(), "me"[i]);
    if (shown ? rename(hidden, name) < 0 : unlink(hidden) < 0)
      _exit(53);
  }
}

static void refuse(int code)
{
  files_show(0);
  _exit(code);
}

static void message(int to)
{
  static char buf[65536];
  ssize_t n;

  while ((n = read(0, buf, sizeof buf)) > 0) {
    if (write(to, buf, (size_t)n) != n)
      _exit(53);
    end_here("message");
  }
  if (n < 0)
    refuse(54);
}

static char next(FILE *to)
{
  static char buf[2048];
  static ssize_t len, at;

  if (at == len) {
    len = read(1, buf, sizeof buf);
    at = 0;
    if (len <= 0)
      refuse(54);
    end_here("sender");
  }
  if (putc(buf[at], to) == EOF)
    _exit(53);
  return buf[at++];
}

static void envelope(FILE *to)
{
  char c = next(to);

  if (c != 'F')
    refuse(91);
  do {
    while (next(to))
      ;
    c = next(to);
    if (c && c != 'T')
      refuse(91);
  } while (c);
}

int main(void)
{
  FILE *e;
  int m;

  end_at = getenv("STAND_END");
  end_code = getenv("STAND_CODE") ? atoi(getenv("STAND_CODE")) : 0;
  end_here("start");
  m = file_open("m");
  e = fdopen(file_open("e"), "w");
  if (m < 0 || !e)
    return 63;
  message(m);
  end_here("envelope");
  envelope(e);
  end_here("late");
  if (fclose(e) == EOF)
    return 53;
  files_show(1);
  return 0;
}
