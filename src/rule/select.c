#include "rule/select.h"
#include "base/scan.h"
#include "rule/glob.h"
#include <skalibs/uint64.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct {
  char *address; /* lower case, owned; of a user ID what uid_name makes of it */
  size_t len, place;
  size_t older, newer; /* index of the literal before and after it with the same address, or SELECT_NONE */
} select_literal;

typedef struct {
  glob pattern;
  size_t place;
} select_glob;

/* Writes to out a name for a user ID that is no sender, no word of a line and no pattern, since none has a
 * blank. Returns it. */
static span uid_name(char out[UINT64_FMT + 1], uint64_t uid)
{
  out[0] = ' ';
  return (span){out, 1 + uint64_fmt(out + 1, uid)};
}

/* FNV-1a. Not keyed: strangers choose what is looked up, but not what is in the table. */
static uint64_t address_hash(span s)
{
  uint64_t h = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < s.len; i++)
    h = (h ^ (unsigned char)lower(s.s[i])) * UINT64_C(0x100000001b3);
  return h ^ (h >> 32);
}

static int is_address(select_literal const *l, span s)
{
  if (l->len != s.len)
    return 0;
  for (size_t i = 0; i < s.len; i++)
    if (l->address[i] != lower(s.s[i]))
      return 0;
  return 1;
}

/* The slot that holds address, or the free one where it belongs. slots is not 0. */
static size_t *find_slot(selection const *s, span address)
{
  select_literal const *l = genalloc_s(select_literal, &s->literals);
  size_t i = (size_t)address_hash(address) & (s->slots - 1);
  while (s->slot[i] != SELECT_NONE && !is_address(&l[s->slot[i]], address))
    i = (i + 1) & (s->slots - 1);
  return &s->slot[i];
}

static int make_slots(selection *s)
{
  select_literal const *l = genalloc_s(select_literal, &s->literals);
  size_t n = genalloc_len(select_literal, &s->literals);
  if (2 * (n + 1) <= s->slots)
    return 1;
  size_t slots = s->slots ? 2 * s->slots : 16;
  size_t *slot = malloc(slots * sizeof *slot);
  if (!slot)
    return 0;
  free(s->slot);
  s->slot = slot;
  s->slots = slots;
  for (size_t i = 0; i < slots; i++)
    slot[i] = SELECT_NONE;
  for (size_t i = 0; i < n; i++)
    *find_slot(s, (span){l[i].address, l[i].len}) = i;
  return 1;
}

/* Takes address over if it returns 1. */
static int add_literal(selection *s, size_t place, char *address, size_t len)
{
  if (!make_slots(s))
    return 0;
  size_t *slot = find_slot(s, (span){address, len});
  select_literal l = {address, len, place, *slot, SELECT_NONE};
  if (!genalloc_append(select_literal, &s->literals, &l))
    return 0;
  *slot = genalloc_len(select_literal, &s->literals) - 1;
  if (l.older != SELECT_NONE)
    genalloc_s(select_literal, &s->literals)[l.older].newer = *slot;
  return 1;
}

int select_add(selection *s, size_t place, span pattern)
{
  select_glob g = {.place = place};
  char *address = malloc(pattern.len + 1);
  int is_literal, added;

  if (!address || !glob_compile(&g.pattern, pattern)) {
    free(address);
    return 0;
  }
  is_literal = glob_literal(address, &g.pattern);
  added = is_literal ? add_literal(s, place, address, g.pattern.len)
                     : genalloc_append(select_glob, &s->globs, &g);
  if (is_literal || !added)
    glob_free(&g.pattern);
  if (!is_literal || !added)
    free(address);
  return added;
}

int select_add_uid(selection *s, size_t place, uint64_t uid)
{
  char *name = malloc(UINT64_FMT + 1);
  if (name && add_literal(s, place, name, uid_name(name, uid).len))
    return 1;
  free(name);
  return 0;
}

static size_t newest_literal(selection const *s, span address)
{
  return s->slots ? *find_slot(s, address) : SELECT_NONE;
}

void select_uid(select_search *q, uint64_t uid)
{
  char name[UINT64_FMT + 1];
  q->uid = newest_literal(q->in, uid_name(name, uid));
}

void select_start(select_search *q, selection const *s, span sender)
{
  *q = (select_search){
      s, sender, newest_literal(s, sender), genalloc_len(select_glob, &s->globs), SELECT_NONE, SELECT_NONE};
}

static size_t literal_before(selection const *s, size_t *literal, size_t limit)
{
  select_literal const *l = genalloc_s(select_literal, &s->literals);
  while (*literal != SELECT_NONE && l[*literal].place >= limit)
    *literal = l[*literal].older;
  return *literal == SELECT_NONE ? SELECT_NONE : l[*literal].place;
}

int select_is_last(selection const *s, size_t place, size_t limit)
{
  select_literal const *l = genalloc_s(select_literal, &s->literals);
  size_t low = 0, high = genalloc_len(select_literal, &s->literals);
  while (low + 1 < high) {
    size_t middle = low + (high - low) / 2;
    *(l[middle].place <= place ? &low : &high) = middle;
  }
  return l[low].newer == SELECT_NONE || l[l[low].newer].place >= limit;
}

/* Globs at or before enough cannot change the answer and are left for a later call. */
static size_t glob_before(select_search *q, size_t limit, size_t enough)
{
  select_glob const *g = genalloc_s(select_glob, &q->in->globs);
  if (q->glob != SELECT_NONE && q->glob >= limit)
    q->glob = SELECT_NONE;
  while (q->glob == SELECT_NONE && q->globs) {
    select_glob const *last = &g[q->globs - 1];
    if (enough != SELECT_NONE && last->place < enough)
      break;
    q->globs--;
    if (last->place < limit && glob_match(&last->pattern, q->sender))
      q->glob = last->place;
  }
  return q->glob;
}

static size_t later(size_t a, size_t b)
{
  if (a == SELECT_NONE)
    return b;
  return b != SELECT_NONE && b > a ? b : a;
}

size_t select_before(select_search *q, size_t limit)
{
  size_t plain = later(literal_before(q->in, &q->literal, limit), literal_before(q->in, &q->uid, limit));
  return later(plain, glob_before(q, limit, plain));
}

void select_free(selection *s)
{
  select_literal *l = genalloc_s(select_literal, &s->literals);
  for (size_t i = genalloc_len(select_literal, &s->literals); i--;)
    free(l[i].address);
  select_glob *g = genalloc_s(select_glob, &s->globs);
  for (size_t i = genalloc_len(select_glob, &s->globs); i--;)
    glob_free(&g[i].pattern);
  genalloc_free(select_literal, &s->literals);
  genalloc_free(select_glob, &s->globs);
  free(s->slot);
  *s = (selection){0};
}
