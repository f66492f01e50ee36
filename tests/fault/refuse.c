/* refuse - runs a program to which the kernel refuses system calls, as a container's filter does. Linux.
 *
 *   refuse ERRNO CALL[,CALL...] PROGRAM [ARG...]
 *
 * ERRNO is ENOSYS, EINVAL, EPERM or EACCES; CALL is tee, splice or reopen (to open anything for writing with
 * O_NONBLOCK). Exits 100 if it cannot. */

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REFUSE_FLAGS (O_WRONLY | O_NONBLOCK)

static int refuse_errno(char const *name)
{
  static struct {
    char const *name;
    int error;
  } const names[] = {{"ENOSYS", ENOSYS}, {"EINVAL", EINVAL}, {"EPERM", EPERM}, {"EACCES", EACCES}};

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (!strcmp(names[i].name, name))
      return names[i].error;
  return 0;
}

static int refuse_number(char const *name)
{
  return !strcmp(name, "tee") ? SYS_tee : !strcmp(name, "splice") ? SYS_splice : SYS_openat;
}

/* One call; a filter for each, and the strictest answer holds. */
static int refuse_call(char const *name, int error)
{
  unsigned const third = offsetof(struct seccomp_data, args[2]);
  int const number = refuse_number(name), always = number != SYS_openat;
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 4),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, always ? offsetof(struct seccomp_data, nr) : third),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, always ? 0 : REFUSE_FLAGS),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, always ? 0 : REFUSE_FLAGS, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog filter = {sizeof code / sizeof code[0], code};

  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

int main(int argc, char **argv)
{
  int const error = argc > 3 ? refuse_errno(argv[1]) : 0;

  if (!error)
    return 100;
  for (char *call = strtok(argv[2], ","); call; call = strtok(0, ","))
    if (!refuse_call(call, error))
      return 100;
  execvp(argv[3], argv + 3);
  return 127;
}
