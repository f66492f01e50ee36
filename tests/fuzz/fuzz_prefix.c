/* fuzz_prefix.c - any one to eight pieces make a prefix: the text begins after the last of them, the time is
 * that of the last one with an absolute time, else of the last one with a local time, the host that of the
 * last header with one; what follows is text, and with a ninth piece before it, that is text too.
 *
 * Each piece takes three bytes of the input: its form, its time, its details. What is left is the text, if it
 * does not look like a piece itself. */
#include "../oracle/ora.h"
#include "fuzz.h"
#include "log/prefix.h"
#include <time.h>

#define BILLION INT64_C(1000000000)
#define WALL INT64_C(1800000000) /* 2027-01-15 08:00:00 UTC */

typedef struct {
  char line[4096];
  size_t len;
  int pieces, timed, absolute; /* so far; is there a time, one that is the same in every zone */
  int is_time, is_number;      /* the last piece is a stamp, a number */
  int64_t when, own;           /* of the prefix, of its last piece */
  char host[32];
} built;

static void add(built *b, char const *text)
{
  size_t n = strlen(text);
  memcpy(b->line + b->len, text, n);
  b->len += n;
}

static void set_time(built *b, int64_t when, int absolute)
{
  b->own = when;
  if (b->absolute && !absolute)
    return;
  b->when = when;
  b->timed = 1;
  b->absolute = absolute;
}

/* In the form of strftime(3), then so many digits of a fraction after mark; the time is cut likewise. */
static void add_time(built *b, int64_t when, char const *form, int local, char mark, int digits)
{
  time_t t = (time_t)when;
  struct tm tm;
  char text[128], fraction[16];
  int64_t nano = 987654321;

  if (local)
    localtime_r(&t, &tm);
  else
    gmtime_r(&t, &tm);
  strftime(text, sizeof text, form, &tm);
  add(b, text);
  snprintf(fraction, sizeof fraction, "%c%09d", mark, (int)nano);
  fraction[digits ? digits + 1 : 0] = 0;
  add(b, fraction);
  for (int i = digits; i < 9; i++)
    nano /= 10;
  for (int i = digits; i < 9; i++)
    nano *= 10;
  set_time(b, when * BILLION + (digits ? nano : 0), !local);
}

static char const *const zones[] = {"Z", "+00:00", "-0000", "+0000"};
static char const *const levels[] = {"mail.info", "local7.err", "authpriv.notice", "kern.emerg"};
static char const *const hosts[] = {"mx1", "10.0.0.1", "mail.example.org", "::1"};
static char const *const idents[] = {"qmail: ", "q[1]: ", "qmail-send [77]: ", "a.b/c[4294967296]: "};

/* "[<level> ][host ]ident: [[ID ...] ]"; with strict a host or a process id is there. */
static void add_names(built *b, unsigned by, int strict)
{
  int named = by & 1, ident = by >> 1 & 3;
  char text[128];

  if (by >> 3 & 1) {
    snprintf(text, sizeof text, "<%s> ", levels[by >> 4 & 3]);
    add(b, text);
  }
  if (named || (strict && !ident)) {
    snprintf(b->host, sizeof b->host, "%s", hosts[by >> 4 & 3]);
    add(b, b->host);
    add(b, " ");
  }
  add(b, idents[ident]);
  if (by >> 6 & 1) {
    snprintf(text, sizeof text, "[ID 748625 %s] ", levels[by >> 4 & 3]);
    add(b, text);
  }
}

static void add_structured(built *b, int64_t when, unsigned by)
{
  static char const *const data[] = {"- ", "[a@1 b=\"c d\"] ", "[x][y z=\"\\]\\\"\\\\\"] ",
                                     "[timeQuality isSynced=\"1\"] "};

  add(b, "<22>1 ");
  add_time(b, when, "%Y-%m-%dT%H:%M:%S", 0, '.', (int)(by % 10));
  add(b, by & 1 ? "Z mx5 qmail 7 - " : "+00:00 - qmail - ID47 ");
  if (by & 1)
    snprintf(b->host, sizeof b->host, "mx5");
  add(b, data[by >> 4 & 3]);
}

/* A date that names its year and its zone, or no zone. */
static void add_date(built *b, int64_t when, unsigned by)
{
  static char const *const days[] = {"%Y/%m/%d %H:%M:%S", "%d-%b-%Y %H:%M:%S",    "%d/%b/%Y:%H:%M:%S",
                                     "%b %e %Y %H:%M:%S", "%a %Y-%m-%d %H:%M:%S", "%d-%b-%Y_%H:%M:%S",
                                     "%Y/%m/%dT%H:%M:%S", "%a %d/%b/%Y %H:%M:%S"};
  static char const *const ends[] = {"", " CET", "CET", " Europe/Berlin", " +0000", " UTC", "GMT", "-00:00"};
  unsigned day = by & 7, end = by >> 3 & 7, letter = day == 5 || day == 6;
  int brackets = (by >> 6 & 1) || end == 3, local = end < 4 && !(letter && !end);

  add(b, brackets ? "[" : "");
  add_time(b, when, days[day], local, ',', (int)(by % 10));
  if (letter && local)
    set_time(b, b->own, 1);
  add(b, ends[end]);
  add(b, brackets ? "]" : "");
  add(b, by >> 7 ? ": " : " ");
}

static void add_stamp(built *b, unsigned form, int64_t when, unsigned by)
{
  int digits = (int)(by % 10), number = by & 1 ? 9 : 6;
  char mark = by & 1 ? '.' : ',', label[32];

  switch (form) {
  case 0:
    snprintf(label, sizeof label, "@%016llx%08x ", (unsigned long long)when + (1ull << 62) + 10, by);
    add(b, label);
    set_time(b, when * BILLION + by, 1);
    break;
  case 1:
    snprintf(label, sizeof label, "%lld", (long long)when);
    add_time(b, when, label, 0, '.', number);
    add(b, " ");
    b->is_number = 1;
    break;
  case 2:
    add_time(b, when, "%Y-%m-%d %H:%M:%S", 1, mark, digits);
    add(b, " ");
    break;
  case 3:
    add_time(b, when, by & 16 ? "%Y-%m-%d_%H:%M:%S" : "%Y-%m-%dT%H:%M:%S", 0, mark, digits);
    add(b, " ");
    break;
  case 4:
    add_time(b, when, "%Y-%m-%dT%H:%M:%S", 0, mark, digits);
    add(b, zones[by >> 4 & 3]);
    add(b, " ");
    break;
  default: add_date(b, when, by); break;
  }
}

static void add_header(built *b, unsigned form, int64_t when, unsigned by)
{
  static char const *const days[] = {"%b %e %H:%M:%S", "%b %d %H:%M:%S", "%b %-d %H:%M:%S", "%b %e %H:%M:%S"};

  switch (form) {
  case 5:
    add(b, by & 128 ? "<22>" : "");
    add_time(b, when, days[by >> 1 & 3], 1, '.', (int)(by % 10));
    add(b, " ");
    add_names(b, by, 0);
    break;
  case 6:
    add(b, by & 128 ? "<0>" : "");
    add_time(b, when, "%Y-%m-%dT%H:%M:%S", 0, '.', (int)(by % 10));
    add(b, zones[by >> 4 & 3]);
    add(b, " ");
    add_names(b, by, 1);
    break;
  case 7: add_structured(b, when, by); break;
  case 12:
    if (by & 2)
      add_time(b, when, "%b %e %Y %H:%M:%S", 1, '.', (int)(by % 10));
    else
      add_time(b, when, "%a %Y-%m-%d %H:%M:%S %Z", 1, '.', 0);
    add(b, " ");
    add_names(b, by, 1);
    break;
  case 8:
    add(b, "mx9 q[12]: ");
    snprintf(b->host, sizeof b->host, "mx9");
    break;
  case 9: add(b, by & 1 ? by & 2 ? "stdout F " : "stdout P " : by & 2 ? "stderr F " : "stderr P "); break;
  default:
    add(b, levels[by >> 4 & 3]);
    add(b, ": ");
    break;
  }
}

/* Not every piece may follow every other. */
static unsigned suitable(built const *b, unsigned form)
{
  if (form == 8 && !b->is_number)
    return 10;
  return form == 9 && !b->is_time ? 10 : form;
}

/* The hour that comes twice is not there, and no date lies more than a year back. */
static int64_t time_of(unsigned by)
{
  return WALL - 3 * 86400 * (int64_t)by / 4 - 86400;
}

static void add_piece(built *b, span *in)
{
  unsigned chosen = fuzz_byte(in), form = suitable(b, chosen < 242 ? chosen % 11 : 11 + chosen % 2),
           time = fuzz_byte(in) % 100, by = fuzz_byte(in);

  b->is_number = 0;
  b->is_time = form < 5 || form == 11;
  if (b->is_time)
    add_stamp(b, form, time_of(time), by);
  else
    add_header(b, form, time_of(time), by);
  if (by & 32)
    add(b, " ");
  b->pieces++;
}

/* What may be read as one more piece, or as the names after a date. */
static int is_plain(span text)
{
  static char const *const words[] = {"info msg ", "status: ", "delivery 5: ", "starting ", "end msg ",
                                      "x",         "-"};

  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text.len >= strlen(words[i]) && !memcmp(text.s, words[i], strlen(words[i])))
      return text.len < 2 || !memchr(text.s + 1, ':', text.len - 1) || i < 3;
  return 0;
}

static void as_the_oracle(stamp const *s, span line)
{
  ora_now const now = {.wall = WALL * BILLION};
  ora_stamp o;

  ora_stamp_read((ora_str){line.s, line.len}, &now, &o);
  if (o.known != s->timed || (o.known && o.when != s->when) || o.text.n != line.len - s->len)
    fprintf(stderr, "\"%.*s\", oracle %lld, text at %zu; ours %lld, text at %zu\n", (int)line.len, line.s,
            (long long)o.when, line.len - o.text.n, (long long)s->when, s->len);
  PROMISE(o.known == s->timed && (!o.known || o.when == s->when), "the oracle reads the same time");
  PROMISE(o.text.n == line.len - s->len, "the oracle sees the same text");
  PROMISE(span_equal(s->host, (span){o.host.p, o.host.n}), "the oracle reads the same host");
}

static void check(built const *b, size_t begins)
{
  date_reader hints = {.machine = WALL * BILLION, .newest = INT64_MIN};
  span line = fuzz_exact(b->line, b->len);
  stamp s;

  prefix_read(&s, line, &hints);
  if (s.len != begins || s.timed != b->timed || (s.timed && s.when != b->when) ||
      !span_equal(s.host, span_of(b->host)))
    fprintf(stderr, "\"%.*s\", text at %zu, read %zu\n", (int)line.len, line.s, begins, s.len);
  PROMISE(s.len == begins, "the text begins after the last piece");
  PROMISE(s.timed == b->timed && (!s.timed || s.when == b->when),
          "the time is that of the last certain one, else of the last");
  PROMISE(span_equal(s.host, span_of(b->host)), "the host is that of the last header with one");
  PROMISE((s.number.len > 0) == b->is_number, "a number that stands last is told");
  as_the_oracle(&s, line);
  fuzz_free(line);
}

int LLVMFuzzerTestOneInput(uint8_t const *data, size_t size)
{
  span in = {(char const *)data, size};
  int pieces = (int)(fuzz_byte(&in) % (8 + 1));
  built b = {.len = 0};
  size_t begins;

  setenv("TZ", "Europe/Berlin", 1);
  if (size > 300)
    return 0;
  while (b.pieces < pieces)
    add_piece(&b, &in);
  begins = b.len;
  check(&b, begins);
  if (pieces == 8)
    add(&b, "7.000000 ");
  else if (!is_plain(in))
    return 0;
  memcpy(b.line + b.len, in.s, in.len);
  b.len += in.len;
  check(&b, begins);
  return 0;
}
