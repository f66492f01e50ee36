#include "rule/select.h"
#include "base/scan.h"
#include "rule/glob.h"
#include <stdint.h>
#include <stdlib.h>

typedef struct {
  char *address; /* lower case, owned */
  size_t len, place;
  size_t older; /* index of the literal before it with the same address, or SELECT_NONE */
} select_literal;

typedef struct {
  glob pattern;
  size_t place;
} select_glob;

typedef struct {
  uint64_t uid;
  size_t place;
} uid_entry;

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
  select_literal l = {address, len, place, *slot};
  if (!genalloc_append(select_literal, &s->literals, &l))
    return 0;
  *slot = genalloc_len(select_literal, &s->literals) - 1;
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
  uid_entry u = {uid, place};
  return genalloc_append(uid_entry, &s->uids, &u);
}

void select_uid(select_search *q, uint64_t uid)
{
  q->uid = uid;
  q->uids = genalloc_len(uid_entry, &q->in->uids);
}

void select_start(select_search *q, selection const *s, span sender)
{
  size_t literal = s->slots ? *find_slot(s, sender) : SELECT_NONE;
  *q = (select_search){s, sender, literal, genalloc_len(select_glob, &s->globs), SELECT_NONE, 0, 0};
}

static size_t literal_before(select_search *q, size_t limit)
{
  select_literal const *l = genalloc_s(select_literal, &q->in->literals);
  while (q->literal != SELECT_NONE && l[q->literal].place >= limit)
    q->literal = l[q->literal].older;
  return q->literal == SELECT_NONE ? SELECT_NONE : l[q->literal].place;
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

static size_t uid_before(select_search *q, size_t limit)
{
  uid_entry const *u = genalloc_s(uid_entry, &q->in->uids);
  while (q->uids && (u[q->uids - 1].place >= limit || u[q->uids - 1].uid != q->uid))
    q->uids--;
  return q->uids ? u[q->uids - 1].place : SELECT_NONE;
}

static size_t later(size_t a, size_t b)
{
  if (a == SELECT_NONE)
    return b;
  return b != SELECT_NONE && b > a ? b : a;
}

size_t select_before(select_search *q, size_t limit)
{
  size_t plain = later(literal_before(q, limit), uid_before(q, limit));
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
  genalloc_free(uid_entry, &s->uids);
  free(s->slot);
  *s = (selection){0};
}
