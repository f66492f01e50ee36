/* interpose_start.h - the calls of interpose.c that get memory or processes. */

#ifndef INTERPOSE_START_H
#define INTERPOSE_START_H

extern pid_t __fork(void);
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

extern int dup2(int from, int to)
{
  SPOIL("dup2", -1);
  return (int)syscall(SYS_dup2, from, to);
}

extern pid_t fork(void)
{
  SPOIL("fork", -1);
  return __fork();
}

typedef int spawner(pid_t *, char const *, posix_spawn_file_actions_t const *, posix_spawnattr_t const *,
                    char *const[], char *const[]);

static int spawn(char const *which, pid_t *pid, char const *name, posix_spawn_file_actions_t const *f,
                 posix_spawnattr_t const *a, char *const argv[], char *const envp[])
{
  union {
    void *object;
    spawner *function;
  } real;

  SPOIL("fork", spoil.what);
  real.object = dlsym(RTLD_NEXT, which);
  return (*real.function)(pid, name, f, a, argv, envp);
}

extern int posix_spawn(pid_t *pid, char const *name, posix_spawn_file_actions_t const *f,
                       posix_spawnattr_t const *a, char *const argv[], char *const envp[])
{
  return spawn("posix_spawn", pid, name, f, a, argv, envp);
}

extern int posix_spawnp(pid_t *pid, char const *name, posix_spawn_file_actions_t const *f,
                        posix_spawnattr_t const *a, char *const argv[], char *const envp[])
{
  return spawn("posix_spawnp", pid, name, f, a, argv, envp);
}

extern void *malloc(size_t n)
{
  SPOIL("malloc", 0);
  return __libc_malloc(n);
}

extern void *calloc(size_t n, size_t size)
{
  SPOIL("malloc", 0);
  return __libc_calloc(n, size);
}

extern void *realloc(void *p, size_t n)
{
  SPOIL("malloc", 0);
  return __libc_realloc(p, n);
}

extern void *aligned_alloc(size_t align, size_t n)
{
  SPOIL("malloc", 0);
  return __libc_memalign(align, n);
}

extern int posix_memalign(void **p, size_t align, size_t n)
{
  void *got;

  SPOIL("malloc", ENOMEM);
  got = __libc_memalign(align, n);
  if (!got)
    return ENOMEM;
  *p = got;
  return 0;
}

extern void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t off)
{
  SPOIL("malloc", MAP_FAILED);
  return (void *)syscall(SYS_mmap, at, n, prot, flags, fd, off);
}

#endif
