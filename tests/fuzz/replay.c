/* replay.c - replay FILE...: a fuzz target on the inputs that are kept, with any compiler.
 *
 * Says how many there were. A broken promise aborts, with the file's name in front. */
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
    fuzz_text t = {0};
    read_file(&t, argv[i]);
    fprintf(stderr, "%s\r", argv[i]);
    LLVMFuzzerTestOneInput((uint8_t const *)t.s, t.len);
    free(t.s);
  }
  fprintf(stderr, "\n");
  printf("ok 1 - the promise holds for %d inputs\n1..1\n", argc - 1);
  return argc < 2;
}
