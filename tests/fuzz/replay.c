/* replay.c - replay FILE...: a fuzz target on the inputs that are kept, with any compiler.
 *
 * Prints TAP, the files' names as claims. A broken promise aborts. */
#include "fuzz.h"

static void read_file(fuzz_text *t, char const *path)
{
  char buf[4096];
  size_t n;
  FILE *f = fopen(path, "rb");

  if (!f) {
    perror(path);
    exit(111);
  }
  while ((n = fread(buf, 1, sizeof buf, f)) > 0)
    fuzz_add(t, buf, n);
  fclose(f);
}

int main(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    char const *slash = strrchr(argv[i], '/');
    fuzz_text t = {0};
    read_file(&t, argv[i]);
    printf("# %s\n", argv[i]);
    fflush(stdout);
    LLVMFuzzerTestOneInput((uint8_t const *)t.s, t.len);
    printf("ok %d - %s\n", i, slash ? slash + 1 : argv[i]);
    free(t.s);
  }
  printf("1..%d\n", argc - 1);
  return argc < 2;
}
