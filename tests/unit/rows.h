/* rows.h - tables of test rows: each row becomes a CMUnitTest of its own, so that a failure has a name.
 *
 * A row is a struct whose first member is `char const *name`, the claim it proves. */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ROWS_MAX 512

typedef struct {
  struct CMUnitTest tests[ROWS_MAX];
  size_t count;
} rows_list;

static inline void rows_append(rows_list *list, void const *rows, size_t count, size_t size,
                               CMUnitTestFunction check)
{
  for (size_t i = 0; i < count; i++) {
    char const *row = (char const *)rows + i * size;
    struct CMUnitTest test = {0};
    if (list->count == ROWS_MAX)
      abort();
    memcpy(&test.name, row, sizeof test.name);
    test.test_func = check;
    memcpy(&test.initial_state, &row, sizeof row); /* cmocka wants it without const; checks only read it */
    list->tests[list->count++] = test;
  }
}

/* Adds a test for each row of the array table. check(void **state) finds its row with ROWS_ROW. */
#define ROWS_ADD(list, table, check)                                                                         \
  rows_append(list, table, sizeof(table) / sizeof *(table), sizeof *(table), check)

/* In a check: the row, as a pointer to a const type. */
#define ROWS_ROW(type, state) ((type const *)*(state))

/* Adds one test that has no table. */
static inline void rows_one(rows_list *list, char const *name, CMUnitTestFunction check)
{
  rows_append(list, &name, 1, sizeof name, check);
  list->tests[list->count - 1].initial_state = 0;
}

static inline void rows_skipped(void **state)
{
  (void)state;
  skip();
}

/* The same for what tee(2) and splice(2) alone promise: skipped if the program is compiled without them. */
static inline void rows_moved(rows_list *list, char const *name, CMUnitTestFunction check)
{
#if defined(__linux__) && !defined(NO_SPLICE)
  rows_one(list, name, check);
#else
  (void)check;
  rows_one(list, name, rows_skipped);
#endif
}

/* Runs them all as one group. Returns the number of failures. */
static inline int rows_run(rows_list *list, char const *group)
{
  return _cmocka_run_group_tests(group, list->tests, list->count, 0, 0);
}

/* A copy of len bytes in a block of exactly that size, so that a sanitizer sees a read beyond. free() it. */
static inline char *rows_exact(void const *s, size_t len)
{
  char *copy = malloc(len ? len : 1);
  if (!copy)
    abort();
  if (len)
    memcpy(copy, s, len);
  return copy;
}

#endif
