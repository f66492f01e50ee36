/* select.h - which selection decides: the last one before a given place that matches a message, by its sender
 * or by the user ID under which it entered the queue.
 *
 * Patterns that are plain addresses, and user IDs, are in a hash table, so ten thousand of them cost one
 * look-up; only patterns with wildcards are tried one by one, backwards, each at most once per sender. */
#ifndef RULE_SELECT_H
#define RULE_SELECT_H

#include "base/span.h"
#include <skalibs/genalloc.h>
#include <stdint.h>

#define SELECT_NONE ((size_t)-1)

/* All zero: empty. Owns its patterns. */
typedef struct {
  genalloc literals; /* select_literal, in the order of their places */
  genalloc globs;    /* select_glob, likewise */
  size_t *slot;      /* hash table of slots entries: index of an address's newest literal, or SELECT_NONE */
  size_t slots;      /* 0 or a power of two, more than twice the addresses in it */
} selection;

/* How far the search for one message has come; it only goes backwards. */
typedef struct {
  selection const *in;
  span sender;
  size_t literal; /* the newest literal for this sender that is still before the place asked for, or
                     SELECT_NONE */
  size_t globs;   /* globs from here on have been tried */
  size_t glob;    /* the place of the newest one that matched, or SELECT_NONE */
  size_t uid;     /* as literal, for the user ID; SELECT_NONE also if none is asked for */
} select_search;

/* Adds pattern at place, which must be greater than all before. Returns 1, or 0 with errno ENOMEM and nothing
 * changed. */
extern int select_add(selection *s, size_t place, span pattern);

/* The same for the messages of a user ID. */
extern int select_add_uid(selection *s, size_t place, uint64_t uid);

/* Begins a search by sender alone; select_uid after it: by user ID as well. sender and s must stay as they
 * are until the last select_before. */
extern void select_start(select_search *q, selection const *s, span sender);
extern void select_uid(select_search *q, uint64_t uid);

/* Returns the greatest place before limit whose selection matches, or SELECT_NONE. From call to call limit
 * must not rise. */
extern size_t select_before(select_search *q, size_t limit);

/* Is the plain address or user ID that was added at place its last one before limit? */
extern int select_is_last(selection const *s, size_t place, size_t limit);

extern void select_free(selection *s);

#endif
