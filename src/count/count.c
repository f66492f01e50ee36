#include "count/count.h"
#include "base/hash.h"
#include "count/counters.h"
#include "count/counter.h"

#define TOLERANCES 1024

static void total_add(counter_record *r, uint64_t weight)
{
  r->total += weight < UINT64_MAX - r->total ? weight : UINT64_MAX - r->total;
}

static int over_begin(store *b, counter_set const *l, cell c, store_event const *e)
{
  counter *k = counter_at(b->mem, c);
  counter_record *r = counter_record_of(b->mem, k);
  int64_t oldest = window_empty(b->mem, k) ? e->when : window_oldest(b->mem, k);

  r->episode = episodes_begin(&b->over, c, oldest + l->period, e->when, e->label);
  if (!r->episode)
    return 0;
  if (e->from.len)
    episode_remember(b->mem, r->episode, e->from);
  r->overs++;
  k->state = COUNTER_OVER;
  b->now_over++;
  return 1;
}

static void over_undo(store *b, counter *k, counter_record *r)
{
  episodes_abandon(&b->over, r->episode);
  r->overs--;
  k->state = COUNTER_RECORDED;
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

static store_answer over_follow(store *b, counter_set const *l, counter const *k, uint64_t weight, int begun)
{
  counter_record *r = counter_record_of(b->mem, k);
  episode *e = episode_at(b->mem, r->episode);
  int raised = level_raise(e, l->limit, r->window.sum);

  if (begun) {
    r->before = r->total - r->window.sum;
    window_clear_find(b->mem, k, l->clear);
  } else
    window_clear_move(b->mem, k, l->clear, weight);
  if (r->window.sum > e->peak)
    e->peak = r->window.sum;
  return begun ? STORE_OVER : raised ? STORE_MORE : STORE_COUNTED;
}

/* Everything that needs memory comes before anything that cannot be undone. */
static store_answer record_add(store *b, counter_set const *l, cell c, store_event const *e,
                               store_window *window)
{
  counter *k = counter_at(b->mem, c);
  counter_record *r = counter_record_of(b->mem, k);
  uint64_t weight = e->weight;
  store_answer answer;
  cell known = 0;
  int begin;

  window_forget(&b->distinct, k, e->when - l->period);
  if (k->distinct && (known = distinct_find(&b->distinct, &r->distinct, e->value)))
    weight = 0;
  begin = weight && k->state == COUNTER_RECORDED && (weight > l->limit || r->window.sum > l->limit - weight);
  if (begin && !over_begin(b, l, c, e))
    return STORE_FULL;
  if (!window_add(&b->distinct, k, e->when, e->value, known, &weight, l->period / TOLERANCES)) {
    if (begin)
      over_undo(b, k, r);
    return STORE_FULL;
  }
  total_add(r, weight);
  if (r->window.sum > r->peak) {
    r->peak = r->window.sum;
    r->peak_at = e->when;
  }
  answer = k->state == COUNTER_OVER ? over_follow(b, l, k, weight, begin) : STORE_COUNTED;
  window->count = r->window.sum;
  if (answer != STORE_COUNTED)
    window->oldest = window_oldest(b->mem, k);
  return answer;
}

/* A counter that had nothing so far: its first event is kept in place if nothing more must be known of it. */
static store_answer fresh_add(store *b, counter_set const *l, cell c, store_event const *e,
                              store_window *window)
{
  counter *k = counter_at(b->mem, c);

  if (e->weight == 1 && l->limit) {
    k->state = COUNTER_SINGLE;
    k->u.when = e->when;
    if (k->distinct)
      counter_keep_value(k, e->value);
    window->count = 1;
    return STORE_COUNTED;
  }
  k->state = COUNTER_EXPIRED;
  if (!window_open(&b->distinct, k))
    return STORE_FULL;
  *counter_record_of(b->mem, k) = (counter_record){.peak_at = e->when};
  return record_add(b, l, c, e, window);
}

static store_answer known_add(store *b, counter_set const *l, cell c, store_event const *e,
                              store_window *window)
{
  counter *k = counter_at(b->mem, c);

  if (k->state < COUNTER_RECORDED) {
    if (!b->keep && k->u.when <= e->when - l->period)
      return fresh_add(b, l, c, e, window);
    if (!window_open(&b->distinct, k))
      return STORE_FULL;
  }
  return record_add(b, l, c, e, window);
}

store_answer store_add(store *b, unsigned int number, store_event const *e, store_window *window)
{
  counter_set *l = &b->sets[number];
  uint32_t hash = (uint32_t)hash_mix(e->hash, l->salt);
  store_answer answer = STORE_FULL;
  cell c;

  store_forget_idle(b, l, e->when);
  c = store_find(b, number, hash, e->key);
  if (c) {
    list_remove(b->mem, set_list(l, counter_at(b->mem, c)), c);
    answer = known_add(b, l, c, e, window);
  } else if ((c = store_insert(b, number, hash, e))) {
    answer = fresh_add(b, l, c, e, window);
    if (answer == STORE_FULL) {
      store_forget(b, c);
      c = 0;
    }
  }
  if (c)
    store_enlist(b, c);
  b->events += answer != STORE_FULL;
  b->evicted += answer == STORE_FULL;
  return answer;
}
