#include "count/adding.h"
#include "base/hash.h"
#include "count/idle.h"

#define GRAINS 1024

static void total_add(counter_record *r, uint64_t weight)
{
  r->total += weight < UINT64_MAX - r->total ? weight : UINT64_MAX - r->total;
}

static int over_begin(book *b, ledger const *l, cell c, book_event const *e)
{
  counter *k = counter_at(b->mem, c);
  counter_record *r = counter_record_of(b->mem, k);
  int64_t oldest = r->window.entries ? ring_at(b->mem, ring_oldest(&r->window)).when : e->when;

  r->episode = agenda_begin(&b->over, c, oldest + l->period, e->when, e->label);
  if (!r->episode)
    return 0;
  r->overs++;
  k->state = COUNTER_OVER;
  b->now_over++;
  return 1;
}

static void over_undo(book *b, counter *k, counter_record *r)
{
  agenda_abandon(&b->over, r->episode);
  r->overs--;
  k->state = COUNTER_MANY;
  b->now_over--;
}

/* Passes all thresholds below sum at once. Returns whether there was one. */
static int level_raise(episode *e, uint64_t limit, uint64_t sum)
{
  int raised = 0;

  while (limit && e->level < 64 && limit <= UINT64_MAX >> e->level && sum > limit << e->level) {
    e->level++;
    raised = 1;
  }
  return raised;
}

static book_answer over_follow(book *b, ledger const *l, counter_record *r, uint64_t weight, int begun)
{
  episode *e = episode_at(b->mem, r->episode);
  int raised = level_raise(e, l->limit, r->window.sum);

  if (begun) {
    r->before = r->total - r->window.sum;
    episode_clear_find(e, b->mem, &r->window, l->clear);
  } else
    episode_clear_move(e, b->mem, &r->window, l->clear, weight);
  if (r->window.sum > e->peak)
    e->peak = r->window.sum;
  return begun ? BOOK_OVER : raised ? BOOK_MORE : BOOK_COUNTED;
}

/* Everything that needs memory comes before anything that cannot be undone. */
static book_answer record_add(book *b, ledger const *l, cell c, book_event const *e, uint64_t *count)
{
  counter *k = counter_at(b->mem, c);
  counter_record *r = counter_record_of(b->mem, k);
  uint64_t weight = e->weight;
  int begin;

  ring_forget(&r->window, b->mem, e->when - l->period);
  begin = k->state == COUNTER_MANY && (weight > l->limit || r->window.sum > l->limit - weight);
  if (begin && !over_begin(b, l, c, e))
    return BOOK_FULL;
  if (!ring_add(&r->window, b->mem, e->when, &weight, l->period / GRAINS)) {
    if (begin)
      over_undo(b, k, r);
    return BOOK_FULL;
  }
  total_add(r, weight);
  *count = r->window.sum;
  if (r->window.sum > r->peak) {
    r->peak = r->window.sum;
    r->peak_at = e->when;
  }
  return k->state == COUNTER_OVER ? over_follow(b, l, r, weight, begin) : BOOK_COUNTED;
}

/* A counter that had nothing so far: its first event is kept in place if nothing more must be known of it. */
static book_answer fresh_add(book *b, ledger const *l, cell c, book_event const *e, uint64_t *count)
{
  counter *k = counter_at(b->mem, c);

  if (e->weight == 1 && l->limit) {
    k->state = COUNTER_SINGLE;
    k->u.when = e->when;
    *count = 1;
    return BOOK_COUNTED;
  }
  k->state = COUNTER_SPENT;
  if (!counter_promote(b->mem, k))
    return BOOK_FULL;
  *counter_record_of(b->mem, k) = (counter_record){.peak_at = e->when};
  return record_add(b, l, c, e, count);
}

static book_answer known_add(book *b, ledger const *l, cell c, book_event const *e, uint64_t *count)
{
  counter *k = counter_at(b->mem, c);

  if (k->state < COUNTER_MANY) {
    if (!b->keep && k->u.when <= e->when - l->period)
      return fresh_add(b, l, c, e, count);
    if (!counter_promote(b->mem, k))
      return BOOK_FULL;
  }
  return record_add(b, l, c, e, count);
}

book_answer book_add(book *b, unsigned int number, book_event const *e, uint64_t *count)
{
  ledger *l = &b->ledgers[number];
  uint32_t hash = (uint32_t)hash_mix(e->hash, l->salt);
  book_answer answer = BOOK_FULL;
  cell c;

  idle_forget(b, l, e->when);
  c = book_find(b, number, hash, e->key);
  if (c) {
    list_remove(b->mem, ledger_list(l, counter_at(b->mem, c)), c);
    answer = known_add(b, l, c, e, count);
  } else if ((c = book_insert(b, number, hash, e))) {
    answer = fresh_add(b, l, c, e, count);
    if (answer == BOOK_FULL) {
      book_forget(b, c);
      c = 0;
    }
  }
  if (c)
    list_add(b->mem, ledger_list(l, counter_at(b->mem, c)), c);
  b->events += answer != BOOK_FULL;
  b->evicted += answer == BOOK_FULL;
  return answer;
}
