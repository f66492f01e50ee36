#include "watch/alert.h"
#include "base/tai64n.h"
#include <skalibs/uint64.h>

/* One byte is left for the newline. */
static void put(alert *a, char const *s, size_t len)
{
  size_t room = ALERT_MAX - 1 - a->len;

  if (len > room)
    len = room;
  memcpy(a->s + a->len, s, len);
  a->len += len;
}

static void put_string(alert *a, char const *s)
{
  put(a, s, strlen(s));
}

static int is_plain(char c)
{
  return c >= 33 && c <= 126 && c != '%';
}

size_t alert_encode(char *out, span bytes)
{
  static char const digits[] = "0123456789ABCDEF";
  size_t n = 0;

  for (size_t i = 0; i < bytes.len; i++) {
    unsigned char c = (unsigned char)bytes.s[i];
    size_t takes = is_plain(bytes.s[i]) ? 1 : 3;
    if (takes > ALERT_FIELD - n)
      break;
    if (takes == 3) {
      out[n] = '%';
      out[n + 1] = digits[c >> 4];
      out[n + 2] = digits[c & 15];
    } else
      out[n] = bytes.s[i];
    n += takes;
  }
  return n;
}

static void put_field(alert *a, span field)
{
  char out[ALERT_FIELD];
  put(a, out, alert_encode(out, field));
}

static void put_label(alert *a, int64_t when)
{
  char label[LABEL_FMT];
  put(a, label, label_fmt(label, when));
}

void alert_begin(alert *a, int64_t when, char const *word)
{
  a->len = 0;
  put_label(a, when);
  put(a, " ", 1);
  put_string(a, word);
}

void alert_field(alert *a, span field)
{
  put(a, " ", 1);
  put_field(a, field);
}

void alert_number(alert *a, char const *name, uint64_t value)
{
  char digits[UINT64_FMT];

  put(a, " ", 1);
  put_string(a, name);
  put(a, digits, uint64_fmt(digits, value));
}

void alert_text(alert *a, char const *name, span value)
{
  put(a, " ", 1);
  put_string(a, name);
  put_field(a, value);
}

void alert_label(alert *a, char const *name, int64_t when)
{
  put(a, " ", 1);
  put_string(a, name);
  put_label(a, when);
}

span alert_end(alert *a)
{
  a->s[a->len++] = '\n';
  return (span){a->s, a->len};
}

/* The next field, which is not empty; fields are exactly one space apart. */
static span next(span *rest)
{
  char const *space = rest->len ? memchr(rest->s, ' ', rest->len) : 0;
  span field = {rest->s, space ? (size_t)(space - rest->s) : rest->len};

  rest->s += field.len + (space != 0);
  rest->len -= field.len + (space != 0);
  return field;
}

static int is_visible(span line)
{
  for (size_t i = 0; i < line.len; i++)
    if (line.s[i] < ' ' || line.s[i] > '~')
      return 0;
  return 1;
}

int alertline_read(alertline *a, span line)
{
  int64_t seconds;
  uint32_t nano;

  if (line.len >= ALERT_MAX || !is_visible(line) || !label_scan(&seconds, &nano, line))
    return 0;
  *a = (alertline){.values = line};
  a->label = next(&a->values);
  a->word = next(&a->values);
  a->rule = next(&a->values);
  if (!span_equal(a->word, span_of(ALERT_NOTE)))
    a->key = next(&a->values);
  return a->label.len == LABEL_FMT && a->word.len && a->rule.len;
}

span alertline_value(alertline const *a, char const *name)
{
  span rest = a->values;
  size_t len = strlen(name);

  while (rest.len) {
    span field = next(&rest);
    if (field.len >= len && !memcmp(field.s, name, len))
      return (span){field.s + len, field.len - len};
  }
  return (span){0, 0};
}

/* A digit as alerts write it. Returns its value, or -1. */
static int hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

size_t alert_decode(char *out, span field)
{
  size_t n = 0;

  for (size_t i = 0; i < field.len; n++) {
    int high = field.s[i] == '%' && field.len - i > 2 ? hex_digit(field.s[i + 1]) : -1;
    int low = high < 0 ? -1 : hex_digit(field.s[i + 2]);
    out[n] = low < 0 ? field.s[i] : (char)(high * 16 + low);
    i += low < 0 ? 1 : 3;
  }
  return n;
}
