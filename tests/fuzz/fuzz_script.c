/* fuzz_script.c - a rules file is taken whole or refused in words; its canonical form is read again as the
 * same rules, and every rule applies to the messages that a plain reading from left to right says.
 *
 * The first line of the input is a sender, the rest the file. */
#include "fuzz.h"
#include "main/words.h"
#include "rule/glob.h"
#include "rule/script.h"
#include <sys/mman.h>
#include <unistd.h>

/* Reads text as a file. */
static int read_script(script *s, span text, script_error *e)
{
  char path[64];
  int fd = memfd_create("rules", 0), ok;

  if (fd < 0 || write(fd, text.s, text.len) != (ssize_t)text.len)
    abort();
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ok = script_file(s, path, e);
  if (!ok)
    e->file = "rules"; /* path ends here */
  close(fd);
  return ok;
}

static void check_words(script_error const *e)
{
  for (size_t max = 1; max < WORDS_MAX; max = 3 * max + 1) {
    char *out = fuzz_room(max);
    size_t len = words_script(out, max, e);
    PROMISE(len < max && !out[len] && strlen(out) == len, "words fit and are terminated");
    for (size_t i = 0; i < len; i++)
      PROMISE(out[i] >= 32 && out[i] <= 126, "words are visible");
    free(out);
  }
}

/* Is directive d, a selection, one of user IDs? Then its number is set. */
static int names_uid(span d, uint64_t *uid)
{
  char digits[32];
  size_t n = d.len > 5 ? d.len - 5 : 0;

  if (!n || memcmp(d.s + 1, "uid ", 4))
    return 0;
  PROMISE(n < sizeof digits, "a user ID is shown without leading zeros");
  memcpy(digits, d.s + 5, n);
  digits[n] = 0;
  *uid = strtoull(digits, 0, 10);
  return 1;
}

static int matches(span d, span sender)
{
  glob g;
  int found;

  if (!glob_compile(&g, (span){d.s + 1, d.len - 1}))
    abort();
  found = glob_match(&g, sender);
  glob_free(&g);
  return found;
}

/* uid: of the message, or 0 if user IDs are not asked about. */
static int by_hand(script const *s, size_t before, span sender, uint64_t const *uid)
{
  int selected = 1;

  for (size_t i = 0; i < before; i++) {
    span d = script_directive(s, i);
    uint64_t n;
    if (*d.s != '+' && *d.s != '-')
      continue;
    if (names_uid(d, &n) ? uid && *uid == n : matches(d, sender))
      selected = *d.s == '+';
  }
  return selected;
}

/* Is a message of the sender selected under any of the user IDs that are named, or under another one? */
static int by_hand_under_any(script const *s, size_t before, span sender)
{
  uint64_t uid = 12345678901;

  if (by_hand(s, before, sender, &uid))
    return 1;
  for (size_t i = 0; i < before; i++)
    if (names_uid(script_directive(s, i), &uid) && by_hand(s, before, sender, &uid))
      return 1;
  return 0;
}

static size_t place_of(script const *s, size_t number)
{
  size_t i = 0;
  for (number++; number; i++)
    number -= *script_directive(s, i).s >= '0' && *script_directive(s, i).s <= '9';
  return i - 1;
}

static void check_selection(script const *s, span sender, uint64_t uid)
{
  size_t n = script_len(s);
  unsigned char *bits = fuzz_room(script_bits(n));

  script_select(s, sender, uid, bits);
  for (size_t i = 0; i < n; i++) {
    size_t place = place_of(s, i);
    int is_set = bits[i / 8] >> i % 8 & 1;
    PROMISE(by_hand(s, place, sender, 0) == script_applies(s, script_decider(s, sender, i)),
            "the directive that decides by the sender alone is named");
    if (script_rule(s, i)->count == COUNT_LINE)
      continue;
    PROMISE(by_hand(s, place, sender, &uid) == is_set, "the last matching directive decides");
    PROMISE(by_hand_under_any(s, place, sender) == script_selects_sender(s, sender, i),
            "a sender is exempt if he is under every user ID");
    PROMISE(!is_set || script_selects_uid(s, uid, i), "a user ID is not exempt that has a message counted");
  }
  free(bits);
}

static void check_canonical(script const *a)
{
  script b = {0};
  script_error e;
  fuzz_text t = {0};

  for (size_t i = 0; i < script_directives(a); i++) {
    fuzz_add(&t, script_directive(a, i).s, script_directive(a, i).len);
    fuzz_add(&t, "\n", 1);
  }
  PROMISE(read_script(&b, (span){t.s, t.len}, &e), "the canonical form can be read");
  PROMISE(script_directives(a) == script_directives(&b) && script_len(a) == script_len(&b), "all of it");
  for (size_t i = 0; i < script_directives(a); i++)
    PROMISE(span_equal(script_directive(a, i), script_directive(&b, i)), "and it is its own canonical form");
  for (size_t i = 0; i < script_len(a); i++)
    PROMISE(rule_equal(script_rule(a, i), script_rule(&b, i)), "of equal rules");
  script_free(&b);
  free(t.s);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span in = {(char const *)data, size}, sender = fuzz_until(&in, '\n');
  script s = {0};
  script_error e;

  if (size > 4096)
    return 0;
  sender = fuzz_exact(sender.s, sender.len);
  if (!read_script(&s, in, &e))
    check_words(&e);
  check_selection(&s, sender, size % 16);
  check_canonical(&s);
  script_free(&s);
  fuzz_free(sender);
  return 0;
}
