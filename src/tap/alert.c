#include "tap/alert.h"
#include "base/label.h"
#include <skalibs/uint64.h>

void alert_visible(char *out, span field)
{
  for (size_t i = 0; i < field.len; i++) {
    char c = field.s[i];
    out[i] = c < 33 || c > 126 || c == '%' ? '_' : c;
  }
}

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

static void put_safe(alert *a, span field)
{
  char safe[ALERT_FIELD];

  if (field.len > ALERT_FIELD)
    field.len = ALERT_FIELD;
  alert_visible(safe, field);
  put(a, safe, field.len);
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
  put_safe(a, field);
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
  put_safe(a, value);
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
