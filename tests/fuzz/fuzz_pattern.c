/* fuzz_pattern.c - the pattern of a line rule finds what plain backtracking finds.
 *
 * The first line of the input is the pattern, the rest the text of a line. */
#include "fuzz.h"
#include "rule/pattern.h"

enum { STAR = 256, WORD }; /* other items are bytes */

typedef struct {
  int item[PATTERN_MOST + 1];
  size_t items, words;
  span text, word[PATTERN_WORDS];
  unsigned long steps; /* left, so that no input takes for ever */
} plain;

static void read_items(plain *m, span p)
{
  for (size_t i = 0; i < p.len; i++) {
    int item = (unsigned char)p.s[i];
    if (item == '*')
      item = STAR;
    else if (item == '{' && i + 1 < p.len && p.s[i + 1] == '}') {
      item = WORD;
      i++;
    } else if (item == '\\' && i + 1 < p.len)
      item = (unsigned char)p.s[++i];
    m->words += item == WORD;
    m->item[m->items++] = item;
  }
  if (!m->words) {
    m->item[m->items++] = WORD;
    m->words = 1;
  }
}

/* Does the text after item i - 1 stand at place at? */
static int text_stands(plain const *m, size_t i, size_t at)
{
  for (; i < m->items && m->item[i] < STAR; i++, at++)
    if (at == m->text.len || (unsigned char)m->text.s[at] != m->item[i])
      return 0;
  return 1;
}

static int match(plain *m, size_t i, size_t at, size_t words);

static int match_word(plain *m, size_t i, size_t at, size_t words)
{
  int has_text = i + 1 < m->items && m->item[i + 1] < STAR;
  size_t end = at;

  while (end < m->text.len && !(has_text && text_stands(m, i + 1, end)) &&
         !memchr(" \t,;\"'", m->text.s[end], 6))
    end++;
  m->word[words] = (span){m->text.s + at, end - at};
  return end > at && match(m, i + 1, end, words + 1);
}

static int match(plain *m, size_t i, size_t at, size_t words)
{
  if (i == m->items)
    return 1;
  if (!m->steps || !--m->steps)
    return 0;
  if (m->item[i] == WORD)
    return match_word(m, i, at, words);
  if (m->item[i] < STAR)
    return at < m->text.len && (unsigned char)m->text.s[at] == m->item[i] && match(m, i + 1, at + 1, words);
  for (; at <= m->text.len; at++)
    if (match(m, i + 1, at, words))
      return 1;
  return 0;
}

static int match_somewhere(plain *m)
{
  int anywhere = m->item[0] == STAR || m->item[0] == ' ';

  for (size_t at = 0; at <= m->text.len; at++)
    if ((anywhere || !at || m->text.s[at - 1] == ' ' || m->text.s[at - 1] == '\t') && match(m, 0, at, 0))
      return 1;
  return 0;
}

/* Two words at most, and a byte between them. */
static int is_sound(plain const *m)
{
  int bare = 0;

  for (size_t i = 0; i < m->items; i++) {
    if (m->item[i] == WORD && bare)
      return 0;
    bare = m->item[i] == WORD || (bare && m->item[i] == STAR);
  }
  return m->words <= PATTERN_WORDS;
}

static void compare(plain *m, pattern const *p, span text)
{
  span word[PATTERN_WORDS];
  int found = pattern_find(p, text, word), wanted;

  m->text = text;
  m->steps = 20000;
  wanted = match_somewhere(m);
  if (!m->steps)
    return;
  PROMISE(found == wanted, "a match is found where plain backtracking finds one");
  for (size_t i = 0; found && i < m->words; i++) {
    PROMISE(fuzz_inside(word[i], text), "a word is in the line");
    PROMISE(word[i].s == m->word[i].s && word[i].len == m->word[i].len, "the same words");
  }
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span in = {(char const *)data, size}, part = fuzz_until(&in, '\n');
  span written = fuzz_exact(part.s, part.len), text = fuzz_exact(in.s, in.len);
  pattern_problem problem;
  unsigned int words = 0;

  problem = pattern_check(written, &words);
  if (written.len && written.len <= PATTERN_MOST) {
    plain m = {.items = 0};
    pattern *p;
    read_items(&m, written);
    PROMISE((problem == PATTERN_OK) == is_sound(&m), "what is no pattern");
    if (problem == PATTERN_OK && (p = pattern_compile(written))) {
      PROMISE(words == m.words, "as many words as are written");
      compare(&m, p, text);
      free(p);
    }
  } else
    PROMISE(problem == PATTERN_EMPTY || problem == PATTERN_LONG, "how long a pattern is");
  fuzz_free(written);
  fuzz_free(text);
  return 0;
}
