#include "rule/script.h"
#include "base/scan.h"
#include "rule/glob.h"
#include <errno.h>
#include <fcntl.h>
#include <skalibs/uint64.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *text; /* owned */
  size_t len;
} script_directive_entry;

typedef struct {
  rule r;
  size_t place;   /* index of its directive, which r.text points into */
  pattern *words; /* of a line rule, owned; else 0 */
} script_rule_entry;

static int fail(script_error *e, script_problem problem, int error)
{
  e->problem = problem;
  e->error = error;
  return 0;
}

static script_directive_entry const *directive_at(script const *s, size_t i)
{
  return genalloc_s(script_directive_entry, &s->directives) + i;
}

static script_rule_entry const *rule_at(script const *s, size_t i)
{
  return genalloc_s(script_rule_entry, &s->rules) + i;
}

/* Appends a copy of text, or returns 0 with errno. */
static int push_text(script *s, span text)
{
  script_directive_entry d = {malloc(text.len), text.len};
  if (!d.text)
    return 0;
  memcpy(d.text, text.s, text.len);
  if (genalloc_append(script_directive_entry, &s->directives, &d))
    return 1;
  free(d.text);
  return 0;
}

static void pop_text(script *s)
{
  size_t n = script_directives(s) - 1;
  free(directive_at(s, n)->text);
  genalloc_setlen(script_directive_entry, &s->directives, n);
}

/* "+uid 12" and "-uid 12" */
static int read_uid(uint64_t *uid, span directive)
{
  span in = {directive.s + 1, directive.len - 1};
  return scan_lit(&in, "uid ") && scan_num(&in, uid) && !in.len;
}

static int is_selection(script const *s, size_t i)
{
  return *directive_at(s, i)->text == '+' || *directive_at(s, i)->text == '-';
}

static int add_selection(script *s, span directive, script_error *e)
{
  size_t place = script_directives(s);
  char canonical[5 + UINT64_FMT];
  span chosen = {directive.s + 1, directive.len - 1};
  uint64_t uid;
  int is_uid = read_uid(&uid, directive);

  if (place - script_len(s) == SCRIPT_PATTERNS)
    return fail(e, SCRIPT_MANY_PATTERNS, 0);
  if (is_uid) {
    memcpy(canonical, directive.s, 5);
    directive = (span){canonical, 5 + uint64_fmt(canonical + 5, uid)};
  } else if (chosen.len && memchr(chosen.s, ' ', chosen.len))
    return fail(e, SCRIPT_BAD_SELECTION, 0);
  if (!push_text(s, directive))
    return fail(e, SCRIPT_SYSTEM, errno);
  if (is_uid ? select_add_uid(&s->patterns, place, uid) : select_add(&s->patterns, place, chosen))
    return 1;
  pop_text(s);
  return fail(e, SCRIPT_SYSTEM, errno);
}

/* Appends a rule whose directive is the last one. */
static int push_rule(script *s, script_rule_entry *entry)
{
  span text = script_directive(s, entry->place);
  if (entry->r.key == KEY_TEXT) {
    entry->r.text.s = text.s + text.len - entry->r.text.len;
    entry->words = pattern_compile(entry->r.text);
    if (!entry->words)
      return 0;
  }
  if (genalloc_append(script_rule_entry, &s->rules, entry)) {
    *(entry->words ? &s->line_end : &s->mail_end) = entry->place;
    return 1;
  }
  free(entry->words);
  return 0;
}

static int add_rule(script *s, span directive, script_error *e)
{
  char canonical[RULE_FMT];
  script_rule_entry entry = {.place = script_directives(s)};
  if (!rule_parse(&entry.r, directive, &e->rule))
    return fail(e, SCRIPT_BAD_RULE, 0);
  if (script_len(s) == SCRIPT_RULES)
    return fail(e, SCRIPT_MANY_RULES, 0);
  if (!push_text(s, (span){canonical, rule_fmt(canonical, &entry.r)}))
    return fail(e, SCRIPT_SYSTEM, errno);
  if (push_rule(s, &entry))
    return 1;
  pop_text(s);
  return fail(e, SCRIPT_SYSTEM, errno);
}

int script_add(script *s, char const *text, script_error *e)
{
  *e = (script_error){0};
  s->bad.len = 0; /* since skalibs 2.14 stralloc_copys leaves what was there if the text is empty */
  if (!stralloc_cats(&s->bad, text))
    return fail(e, SCRIPT_SYSTEM, errno);
  span directive = {s->bad.s, s->bad.len};
  e->directive = directive;
  if (!strcmp(text, "--") || !strncmp(text, "-- ", 3))
    return fail(e, SCRIPT_BAD_DASHES, 0);
  if (*text == '+' || *text == '-')
    return add_selection(s, directive, e);
  if (*text >= '0' && *text <= '9')
    return add_rule(s, directive, e);
  return fail(e, SCRIPT_BAD_WORD, 0);
}

size_t script_directives(script const *s)
{
  return genalloc_len(script_directive_entry, &s->directives);
}

span script_directive(script const *s, size_t i)
{
  return (span){directive_at(s, i)->text, directive_at(s, i)->len};
}

size_t script_len(script const *s)
{
  return genalloc_len(script_rule_entry, &s->rules);
}

rule const *script_rule(script const *s, size_t i)
{
  return &rule_at(s, i)->r;
}

pattern const *script_pattern(script const *s, size_t i)
{
  return rule_at(s, i)->words;
}

span script_rule_text(script const *s, size_t i)
{
  return script_directive(s, rule_at(s, i)->place);
}

int script_applies(script const *s, size_t decider)
{
  return decider == SCRIPT_NONE || *directive_at(s, decider)->text == '+';
}

void script_select(script const *s, span sender, uint64_t uid, unsigned char *bits)
{
  select_search search;
  memset(bits, 0, script_bits(script_len(s)));
  select_start(&search, &s->patterns, sender);
  select_uid(&search, uid);
  for (size_t i = script_len(s); i;) {
    size_t decider = select_before(&search, rule_at(s, i - 1)->place);
    int applies = script_applies(s, decider);
    do { /* what decides for a rule decides for all between */
      i--;
      if (applies)
        bits[i / 8] |= (unsigned char)(1u << i % 8);
    } while (i && (decider == SCRIPT_NONE || rule_at(s, i - 1)->place > decider));
  }
}

size_t script_decider(script const *s, span sender, size_t i)
{
  select_search search;
  select_start(&search, &s->patterns, sender);
  return select_before(&search, rule_at(s, i)->place);
}

size_t script_exception(script const *s, size_t i, size_t at, int applies)
{
  script_rule_entry const *entry = rule_at(s, i);
  uint64_t uid;

  for (; at < entry->place && !entry->words; at++)
    if (is_selection(s, at) && script_applies(s, at) != applies && read_uid(&uid, script_directive(s, at)) &&
        select_is_last(&s->patterns, at, entry->place))
      return at;
  return SCRIPT_NONE;
}

int script_selects_sender(script const *s, span sender, size_t i)
{
  size_t decider = script_decider(s, sender, i);

  return script_applies(s, decider) ||
         script_exception(s, i, decider == SCRIPT_NONE ? 0 : decider + 1, 0) != SCRIPT_NONE;
}

/* A sender that a pattern selects may send under the user ID; only "-*" deselects all. */
int script_selects_uid(script const *s, uint64_t uid, size_t i)
{
  for (size_t at = rule_at(s, i)->place; at--;) {
    span directive = script_directive(s, at);
    uint64_t other;
    if (!is_selection(s, at))
      continue;
    if (read_uid(&other, directive) ? other == uid
                                    : *directive.s == '+' || span_equal(directive, span_of("-*")))
      return *directive.s == '+';
  }
  return 1;
}

/* What qmail-send(8) writes in addresses; all else becomes '_'. */
static int is_logged(unsigned char c)
{
  return c >= 33 && c <= 126 && c != '%';
}

selection_use script_selection_use(script const *s, size_t i)
{
  span directive = script_directive(s, i);
  uint64_t uid;
  glob g;
  int can_match;

  if (!is_selection(s, i))
    return SELECTION_USEFUL;
  if (read_uid(&uid, directive))
    return i < s->mail_end ? SELECTION_USEFUL : SELECTION_LATE;
  if (i < s->line_end)
    return SELECTION_USEFUL;
  if (i >= s->mail_end)
    return SELECTION_LATE;
  if (!glob_compile(&g, (span){directive.s + 1, directive.len - 1}))
    return SELECTION_USEFUL;
  can_match = glob_can_match(&g, &is_logged);
  glob_free(&g);
  return can_match ? SELECTION_USEFUL : SELECTION_NOBODY;
}

void script_free(script *s)
{
  s->mail_end = s->line_end = 0;
  for (size_t i = script_len(s); i--;)
    free(rule_at(s, i)->words);
  while (script_directives(s))
    pop_text(s);
  genalloc_free(script_directive_entry, &s->directives);
  genalloc_free(script_rule_entry, &s->rules);
  select_free(&s->patterns);
  stralloc_free(&s->bad);
}

/* Reads fd to its end, and leaves room for one more byte. Returns 1, or 0 with errno. */
static int read_all(stralloc *all, int fd)
{
  for (;;) {
    if (all->len > SCRIPT_FILE)
      return errno = EFBIG, 0;
    if (!stralloc_readyplus(all, 65536))
      return 0;
    ssize_t n = read(fd, all->s + all->len, 65536);
    if (!n)
      return 1;
    if (n > 0)
      all->len += (size_t)n;
    else if (errno != EINTR)
      return 0;
  }
}

/* A pipe that gives a byte a second must not hold up a running ratetap, so only files are read; of a
 * directory read(2) says what it is. Returns SCRIPT_OK, or SCRIPT_SYSTEM with errno. */
static script_problem read_file(stralloc *all, char const *path)
{
  int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat st;
  script_problem problem = SCRIPT_OK;

  if (fd < 0)
    return SCRIPT_SYSTEM;
  if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
    problem = SCRIPT_NOT_REGULAR;
  else if (!read_all(all, fd))
    problem = SCRIPT_SYSTEM;
  int error = errno;
  close(fd);
  errno = error;
  return problem;
}

static int is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r';
}

/* LIMIT/PERIOD/line/... */
static int is_line_rule(span in)
{
  for (int slashes = 0; slashes < 2; slashes++) {
    char const *slash = in.len && *in.s >= '0' && *in.s <= '9' ? memchr(in.s, '/', in.len) : 0;
    if (!slash)
      return 0;
    scan_skip(&in, (size_t)(slash - in.s) + 1);
  }
  return scan_lit(&in, "line/");
}

/* The directive in a line; empty if there is none. */
static span trim_line(span line)
{
  size_t slashes = 0, all;

  while (line.len && is_blank(*line.s))
    scan_skip(&line, 1);
  if (line.len && *line.s == '#')
    line.len = 0;
  all = line.len;
  while (line.len && is_blank(line.s[line.len - 1]))
    line.len--;
  while (slashes < line.len && line.s[line.len - 1 - slashes] == '\\')
    slashes++;
  if (slashes % 2 && line.len < all && line.s[line.len] == ' ' && is_line_rule(line))
    line.len++;
  return line;
}

/* Puts a terminator after the directive: inside the buffer or, for the last line, in the room after it. */
static int add_line(script *s, char *start, size_t len, script_error *e)
{
  if (memchr(start, 0, len))
    *e = (script_error){.problem = SCRIPT_NUL_BYTE};
  else if (len > SCRIPT_LINE)
    *e = (script_error){.problem = SCRIPT_LONG_LINE};
  else {
    span directive = trim_line((span){start, len});
    start[(size_t)(directive.s - start) + directive.len] = 0;
    return !directive.len || script_add(s, directive.s, e);
  }
  return 0;
}

int script_file(script *s, char const *path, script_error *e)
{
  stralloc all = STRALLOC_ZERO;
  size_t number = 0;
  script_problem problem = read_file(&all, path);
  int ok = problem == SCRIPT_OK;
  *e = (script_error){.problem = problem, .error = problem == SCRIPT_SYSTEM ? errno : 0};
  for (size_t at = 0; ok && at < all.len; number++) {
    char const *end = memchr(all.s + at, '\n', all.len - at);
    size_t len = (end ? (size_t)(end - all.s) : all.len) - at;
    ok = add_line(s, all.s + at, len, e);
    at += len + 1;
  }
  if (!ok) {
    e->file = path;
    e->line = number;
  }
  stralloc_free(&all);
  return ok;
}
