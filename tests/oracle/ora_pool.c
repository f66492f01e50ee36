/* ora_pool.c - the oracle's memory, freed in one go, and the text it writes. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ora.h"

struct ora_block {
  ora_block *next;
  max_align_t data[];
};

void *ora_get(ora_pool *pool, size_t size)
{
  ora_block *b = calloc(1, sizeof *b + size);

  if (!b)
    longjmp(pool->out, 1);
  b->next = pool->blocks;
  pool->blocks = b;
  return b->data;
}

void ora_free(ora_pool *pool)
{
  while (pool->blocks) {
    ora_block *b = pool->blocks;
    pool->blocks = b->next;
    free(b);
  }
}

void *ora_more(ora_pool *pool, void *old, size_t n, size_t *room, size_t size)
{
  void *bigger;

  if (n < *room)
    return old;
  *room = n ? 2 * n : 4;
  bigger = ora_get(pool, *room * size);
  if (n)
    memcpy(bigger, old, n * size);
  return bigger;
}

ora_str ora_copy(ora_pool *pool, ora_str s)
{
  char *p = ora_get(pool, s.n + 1);

  if (s.n)
    memcpy(p, s.p, s.n);
  return (ora_str){p, s.n};
}

ora_str ora_lit(char const *s)
{
  return (ora_str){s, strlen(s)};
}

int ora_same(ora_str a, ora_str b)
{
  return a.n == b.n && (!a.n || !memcmp(a.p, b.p, a.n));
}

int ora_order(ora_str a, ora_str b)
{
  size_t n = a.n < b.n ? a.n : b.n;
  int r = n ? memcmp(a.p, b.p, n) : 0;

  return r ? r : (a.n > b.n) - (a.n < b.n);
}

int ora_find(ora_str s, ora_str what, size_t *at)
{
  for (size_t i = 0; i + what.n <= s.n; i++)
    if (!memcmp(s.p + i, what.p, what.n)) {
      *at = i;
      return 1;
    }
  return 0;
}

uint64_t ora_plus(uint64_t a, uint64_t b)
{
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

void ora_put(ora_pool *pool, ora_text *t, ora_str s)
{
  for (size_t i = 0; i < s.n; i++) {
    t->p = ora_more(pool, t->p, t->n, &t->room, 1);
    t->p[t->n++] = s.p[i];
  }
}

void ora_print(ora_pool *pool, ora_text *t, char const *format, ...)
{
  char s[512]; /* numbers and fixed words only */
  va_list args;

  va_start(args, format);
  vsnprintf(s, sizeof s, format, args);
  va_end(args);
  ora_put(pool, t, ora_lit(s));
}

void ora_show(ora_pool *pool, ora_text *t, ora_str s)
{
  size_t left = 900;

  for (size_t i = 0; i < s.n; i++) {
    unsigned char c = (unsigned char)s.p[i];
    int plain = c >= 33 && c <= 126 && c != '%';
    size_t n = plain ? 1 : 3;
    if (n > left)
      return;
    left -= n;
    ora_print(pool, t, plain ? "%c" : "%%%02X", c);
  }
}

void ora_label(ora_pool *pool, ora_text *t, int64_t when)
{
  int64_t second = when / ORA_SECOND, nano = when % ORA_SECOND;

  if (nano < 0) {
    second--;
    nano += ORA_SECOND;
  }
  ora_print(pool, t, "@%016llx%08llx", (UINT64_C(1) << 62) + 10 + (unsigned long long)second,
            (unsigned long long)nano);
}
