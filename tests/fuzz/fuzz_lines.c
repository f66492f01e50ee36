/* fuzz_lines.c - any cutting gives the same lines, and they are those that a plain look for newlines finds.
 *
 * The first byte says how to cut. In the rest 0xFE stands for 4,096 bytes, so that lines get long enough. */
#include "fuzz.h"
#include "log/lines.h"

static void expand(fuzz_text *t, span in)
{
  char many[4096];

  memset(many, 'x', sizeof many);
  for (size_t i = 0; i < in.len; i++)
    if ((unsigned char)in.s[i] == 0xfe)
      fuzz_add(t, many, sizeof many);
    else
      fuzz_add(t, in.s + i, 1);
}

static void note(void *to, span line)
{
  PROMISE(line.len <= LINES_KEPT, "no line is longer than LINES_KEPT");
  fuzz_add(to, &line.len, sizeof line.len);
  fuzz_add(to, line.s, line.len);
}

static void plainly(fuzz_text *t, span log)
{
  while (log.len) {
    span line = fuzz_until(&log, '\n');
    line.len = line.len < LINES_KEPT ? line.len : LINES_KEPT;
    note(t, line);
  }
}

static void in_pieces(fuzz_text *t, span log, unsigned how)
{
  static lines l; /* large; lines_end leaves it as new */
  uint64_t state = how;

  while (log.len) {
    span piece = fuzz_exact(log.s, how == 255 ? log.len : fuzz_piece(&state, how, log.len));
    lines_feed(&l, piece, &note, t);
    log.s += piece.len;
    log.len -= piece.len;
    fuzz_free(piece);
  }
  lines_end(&l, &note, t);
}

static void compare(span log, unsigned how)
{
  fuzz_text want = {0}, got = {0};

  plainly(&want, log);
  in_pieces(&got, log, how);
  PROMISE(got.len == want.len && !memcmp(got.s ? got.s : "", want.s ? want.s : "", got.len),
          "the same lines however the log is cut");
  free(want.s);
  free(got.s);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span in = {(char const *)data, size};
  unsigned how = fuzz_byte(&in);
  fuzz_text log = {0};

  if (in.len > 4096)
    return 0;
  expand(&log, in);
  compare((span){log.s, log.len}, how);
  compare((span){log.s, log.len}, 255);
  free(log.s);
  return 0;
}
