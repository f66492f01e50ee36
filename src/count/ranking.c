#include "count/ranking.h"
#include <stdlib.h>

static int by_number(void const *left, void const *right)
{
  uint64_t const *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

/* Busiest first. */
static int by_rank(void const *left, void const *right)
{
  ranking_row const *a = left, *b = right;

  if (a->peak != b->peak)
    return a->peak < b->peak ? 1 : -1;
  if (a->total != b->total)
    return a->total < b->total ? 1 : -1;
  return counter_compare(a->mem, counter_at(a->mem, a->counter), counter_at(b->mem, b->counter));
}

/* Keeps the busiest: sorted once for as many rows as are dropped. */
static void row_add(ranking *k, pool const *mem, cell c, uint64_t peak, uint64_t total)
{
  if (!k->top)
    return;
  if (k->rows == 2 * k->top) {
    qsort(k->row, k->rows, sizeof *k->row, &by_rank);
    k->rows = k->top;
  }
  k->row[k->rows++] = (ranking_row){mem, c, peak, total};
}

static void keys_add(ranking *k, pool const *mem, cell c)
{
  for (; c; c = list_next(mem, c)) {
    counter const *n = counter_at(mem, c);
    if (n->state < COUNTER_MANY) {
      k->singles++;
      row_add(k, mem, c, 1, 1);
    } else {
      counter_record const *r = counter_record_of(mem, n);
      k->peak[k->peaks++] = r->peak;
      row_add(k, mem, c, r->peak, r->total);
    }
  }
}

static size_t keys_in(pool const *mem, cell c)
{
  size_t n = 0;

  for (; c; c = list_next(mem, c))
    n++;
  return n;
}

int ranking_open(ranking *k, pool const *mem, counters const *l, size_t top)
{
  size_t others = keys_in(mem, l->many.head) + keys_in(mem, l->over.head);
  size_t all = others + keys_in(mem, l->single.head);

  *k = (ranking){.top = top < all ? top : all};
  k->peak = malloc(others * sizeof *k->peak + 1);
  k->row = malloc(2 * k->top * sizeof *k->row + 1);
  if (!k->peak || !k->row)
    return 0;
  keys_add(k, mem, l->single.head);
  keys_add(k, mem, l->many.head);
  keys_add(k, mem, l->over.head);
  qsort(k->peak, k->peaks, sizeof *k->peak, &by_number);
  qsort(k->row, k->rows, sizeof *k->row, &by_rank);
  if (k->rows > k->top)
    k->rows = k->top;
  return 1;
}

void ranking_close(ranking *k)
{
  free(k->peak);
  free(k->row);
}

uint64_t ranking_keys(ranking const *k)
{
  return k->singles + k->peaks;
}

uint64_t ranking_peak(ranking const *k, uint64_t in_1000)
{
  uint64_t n = ranking_keys(k), rank = (n * in_1000 + 999) / 1000, zeros = 0;

  if (!n)
    return 0;
  while (zeros < k->peaks && !k->peak[zeros])
    zeros++;
  if (rank <= zeros)
    return 0;
  return rank <= zeros + k->singles ? 1 : k->peak[rank - k->singles - 1];
}
