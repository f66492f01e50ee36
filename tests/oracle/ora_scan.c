/* ora_scan.c - eating a slice from the left. */
#include <string.h>

#include "ora.h"

static int is_digit(char c)
{
  return c >= '0' && c <= '9';
}

int ora_eat(ora_str *s, char const *literal)
{
  size_t n = strlen(literal);

  if (s->n < n || memcmp(s->p, literal, n))
    return 0;
  s->p += n;
  s->n -= n;
  return 1;
}

int ora_eat_blanks(ora_str *s)
{
  if (!ora_eat(s, " "))
    return 0;
  ora_eat(s, " ");
  return 1;
}

int ora_eat_number(ora_str *s, uint64_t *n)
{
  size_t i = 0;
  uint64_t value = 0;

  for (; i < s->n && is_digit(s->p[i]); i++) {
    uint64_t digit = (uint64_t)(s->p[i] - '0');
    if (value > (UINT64_MAX - digit) / 10)
      return 0;
    value = 10 * value + digit;
  }
  if (!i)
    return 0;
  s->p += i;
  s->n -= i;
  *n = value;
  return 1;
}

int ora_eat_word(ora_str *s, ora_str *word)
{
  size_t i = 0;

  while (i < s->n && s->p[i] != ' ')
    i++;
  if (!i)
    return 0;
  *word = (ora_str){s->p, i};
  s->p += i;
  s->n -= i;
  return 1;
}

int ora_eat_digits(ora_str *s, unsigned width, unsigned *n)
{
  unsigned value = 0;

  if (s->n < width)
    return 0;
  for (unsigned i = 0; i < width; i++) {
    if (!is_digit(s->p[i]))
      return 0;
    value = 10 * value + (unsigned)(s->p[i] - '0');
  }
  s->p += width;
  s->n -= width;
  *n = value;
  return 1;
}
