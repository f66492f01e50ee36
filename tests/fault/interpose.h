/* interpose.h - the counting of interpose.c: whose turn is it, and what happens then.
 *
 * Nothing here may allocate or call a wrapped function: raw system calls only. */

#ifndef INTERPOSE_H
#define INTERPOSE_H

static struct {
  char const *call, *mark;
  long nth, times, seen, fd;
  int what; /* an errno, or one of the two below */
} spoil;

enum { SPOIL_SHORT = -1, SPOIL_KILL = -2 };

static __thread int short_now;

__attribute__((constructor)) static void spoil_open(void)
{
  static struct {
    char const *name;
    int what;
  } const names[] = {{"EINTR", EINTR},   {"EAGAIN", EAGAIN},   {"ENOMEM", ENOMEM},     {"EIO", EIO},
                     {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE},   {"ENOSYS", ENOSYS},     {"EINVAL", EINVAL},
                     {"EPERM", EPERM},   {"ENOBUFS", ENOBUFS}, {"short", SPOIL_SHORT}, {"kill", SPOIL_KILL}};
  char const *const what = getenv("FAULT_DO"), *const only = getenv("FAULT_ONLY"),
                    *const nth = getenv("FAULT_NTH"), *const times = getenv("FAULT_TIMES");

  if (!what || !nth || (only && strcmp(only, program_invocation_short_name) != 0))
    return;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (!strcmp(names[i].name, what))
      spoil.what = names[i].what;
  spoil.nth = atol(nth);
  spoil.times = times ? atol(times) : 1;
  spoil.fd = getenv("FAULT_FD") ? atol(getenv("FAULT_FD")) : -1;
  spoil.mark = getenv("FAULT_MARK");
  spoil.call = getenv("FAULT_CALL");
}

/* Can a signal interrupt this call? */
static int spoil_waits(char const *call)
{
  static char const *const names[] = {"read", "write", "tee", "splice", "poll", "waitpid"};

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (!strcmp(names[i], call))
      return 1;
  return 0;
}

static int spoil_meant(char const *call)
{
  if (!strcmp(spoil.call, "any"))
    return spoil.what == SPOIL_KILL || spoil_waits(call);
  return !strcmp(spoil.call, "every") || !strcmp(spoil.call, call);
}

/* One call of that name is about to be made. Returns 1 with errno if it has to fail. */
static int spoil_now(char const *call)
{
  short_now = 0;
  if (!spoil.call || !spoil_meant(call))
    return 0;
  spoil.seen++;
  if (spoil.seen < spoil.nth || spoil.seen >= spoil.nth + spoil.times)
    return 0;
  if (spoil.mark) {
    long const fd = syscall(SYS_openat, AT_FDCWD, spoil.mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    (void)syscall(SYS_close, fd);
  }
  if (spoil.what == SPOIL_KILL)
    (void)syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  short_now = spoil.what == SPOIL_SHORT;
  errno = spoil.what > 0 ? spoil.what : errno;
  return spoil.what > 0;
}

static size_t spoil_short(size_t n)
{
  return short_now && n ? 1 : n;
}

#define SPOIL(call, failure)                                                                                 \
  do                                                                                                         \
    if (spoil_now(call))                                                                                     \
      return failure;                                                                                        \
  while (0)

#define SPOIL_FD(call, fd)                                                                                   \
  do                                                                                                         \
    if ((spoil.fd < 0 || spoil.fd == (fd)) && spoil_now(call))                                               \
      return -1;                                                                                             \
  while (0)

/* The optional argument after last. */
#define SPOIL_ARGUMENT(arg, type, last)                                                                      \
  do {                                                                                                       \
    va_list args;                                                                                            \
    va_start(args, last);                                                                                    \
    (arg) = va_arg(args, type);                                                                              \
    va_end(args);                                                                                            \
  } while (0)

#endif
