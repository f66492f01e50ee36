#include "tap/alertline.h"
#include "base/label.h"
#include "tap/alert.h"

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
