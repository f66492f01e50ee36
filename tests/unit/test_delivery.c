#include "rows.h"

#include "mail/queue.h"
#include <stdio.h>

typedef struct {
  pool mem;
  messages m;
} fixture;

static fixture f;
static hash_key const secret = {{11, 12}};

static void start_with(size_t cells)
{
  pool_open(&f.mem, 64 << 20, 0, 0);
  assert_int_equal(messages_open(&f.m, &f.mem, &secret, cells), 1);
}

static void start(void)
{
  start_with(1 << 20);
}

static void stop(void)
{
  assert_int_equal(f.m.cells + f.m.runs, f.mem.used);
  messages_close(&f.m);
  pool_close(&f.mem);
}

static uint64_t origin(char const *host, char const *queue)
{
  return messages_origin(&f.m, span_of(host), span_of(queue));
}

static cell announce(uint64_t from, uint64_t number)
{
  event e = {.kind = EVENT_INFO, .message = number, .qp = number};
  cell c;
  assert_int_equal(message_announce(&f.m, from, &e, &c), 1);
  return c;
}

/* "12", or "12.3" */
static void name(event *e, char const *d)
{
  char *behind;
  e->delivery = strtoull(d, &behind, 10);
  e->suffix = span_of(behind);
}

/* What is not from origin 0 has a queue here. */
static void begin(uint64_t from, char const *d, cell c)
{
  event e = {.kind = EVENT_START, .queue = span_of(from ? "q" : "")};
  name(&e, d);
  delivery_start(&f.m, from, &e, c);
}

/* Ends delivery d with last as the last word of its line. Returns the message's number; 0: unknown message,
 * -1: no such delivery. */
static int64_t end(char const *host, char const *d, char const *last)
{
  event e = {.kind = EVENT_SUCCESS, .queue = span_of(last)};
  int64_t number;
  int is_local;
  cell c;
  name(&e, d);
  if (!delivery_end(&f.m, span_of(host), &e, &c, &is_local))
    return -1;
  if (!c)
    return 0;
  number = (int64_t)message_at(&f.m, c)->number;
  message_release(&f.m, c);
  return number;
}

static void joined(void **state)
{
  (void)state;
  start();
  begin(0, "5", announce(0, 7));
  begin(0, "6", announce(0, 8));
  assert_int_equal(f.m.deliveries, 2);
  assert_int_equal(end("", "6", ""), 8);
  assert_int_equal(end("", "6", ""), -1);
  assert_int_equal(end("", "5", ""), 7);
  assert_int_equal(f.m.deliveries, 0);
  stop();
}

static void unknown_message(void **state)
{
  (void)state;
  start();
  begin(0, "5", 0);
  assert_int_equal(end("", "5", ""), 0);
  assert_int_equal(end("", "5", ""), -1);
  stop();
}

/* What happens to the number in the meantime does not matter. */
static void as_known_at_its_start(void **state)
{
  (void)state;
  start();
  begin(0, "5", announce(0, 7));
  message_end(&f.m, 0, 7);
  message_at(&f.m, announce(0, 7))->uid = 99;
  begin(0, "6", message_find(&f.m, 0, 7));
  begin(0, "8", 0);
  assert_int_equal(end("", "5", ""), 7);
  assert_int_equal(message_at(&f.m, message_find(&f.m, 0, 7))->uid, 99);
  assert_int_equal(end("", "6", ""), 7);
  assert_int_equal(end("", "8", ""), 0);
  message_end(&f.m, 0, 7);
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void many_of_one_message(void **state)
{
  char d[16];
  cell c;
  (void)state;
  start();
  c = announce(0, 7);
  for (int i = 2; i < 102; i++) {
    snprintf(d, sizeof d, "%d", i);
    begin(0, d, c);
  }
  message_end(&f.m, 0, 7);
  for (int i = 101; i >= 2; i--) {
    snprintf(d, sizeof d, "%d", i);
    assert_int_equal(end("", d, ""), 7);
  }
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void begins_at_one_again(void **state)
{
  (void)state;
  start();
  begin(0, "1", announce(0, 7));
  begin(0, "2", announce(0, 8));
  begin(0, "3", announce(0, 9));
  message_end(&f.m, 0, 9);
  begin(0, "1", message_find(&f.m, 0, 8));
  assert_int_equal(f.m.deliveries, 1);
  assert_int_equal(end("", "2", ""), -1);
  assert_int_equal(end("", "3", ""), -1);
  assert_int_equal(end("", "1", ""), 8);
  message_end(&f.m, 0, 7);
  message_end(&f.m, 0, 8);
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void only_one_begins(void **state)
{
  static char const *const others[] = {"11", "10", "1.x", "0", "21"};
  (void)state;
  for (size_t i = 0; i < 5; i++) {
    start();
    begin(0, "2", announce(0, 7));
    begin(0, others[i], announce(0, 8));
    assert_int_equal(end("", "2", ""), 7);
    stop();
  }
}

/* The restart of one qmail-send says nothing of others. */
static void runs_are_apart(void **state)
{
  uint64_t a, b, c;
  (void)state;
  start();
  a = origin("", "q1");
  b = origin("", "q2");
  c = origin("mx", "q1");
  begin(a, "2", announce(a, 7));
  begin(b, "2", announce(b, 8));
  begin(c, "2", announce(c, 9));
  begin(0, "2", announce(0, 10));
  begin(a, "1", message_find(&f.m, a, 7));
  assert_int_equal(end("", "2", "q1"), 10); /* no such delivery of q1: the one without a queue */
  assert_int_equal(end("", "2", "q1"), -1);
  assert_int_equal(end("", "2", "q2"), 8);
  assert_int_equal(end("mx", "2", "q1"), 9);
  assert_int_equal(end("", "1", "q1"), 7);
  stop();
}

static void dotted_runs_are_apart(void **state)
{
  (void)state;
  start();
  begin(0, "2.1", announce(0, 7));
  begin(0, "2.2", announce(0, 8));
  begin(0, "2", announce(0, 9));
  begin(0, "1.1", announce(0, 10));
  assert_int_equal(end("", "2.1", ""), -1);
  assert_int_equal(end("", "2.2", ""), 8);
  assert_int_equal(end("", "2", ""), 9);
  assert_int_equal(end("", "1.1", ""), 10);
  stop();
}

static void last_word_is_text(void **state)
{
  (void)state;
  start();
  begin(0, "5", announce(0, 7));
  begin(origin("", "q1"), "5", announce(origin("", "q1"), 8));
  assert_int_equal(end("", "5", "here."), 7);
  assert_int_equal(end("", "5", "here."), -1);
  assert_int_equal(end("", "5", "q1"), 8);
  stop();
}

static void hosts_are_apart(void **state)
{
  (void)state;
  start();
  begin(origin("a", ""), "5", announce(origin("a", ""), 7));
  assert_int_equal(end("b", "5", ""), -1);
  assert_int_equal(end("", "5", ""), -1);
  assert_int_equal(end("a", "5", "text"), 7);
  stop();
}

/* What stands behind the dot is a part of the name. */
static void suffixes_are_apart(void **state)
{
  static char const *const names[] = {"5", "5.5", "5.a", "5.b", "55", "5.05", "6"};
  (void)state;
  start();
  for (size_t i = 0; i < 7; i++)
    begin(0, names[i], announce(0, i + 1));
  for (size_t i = 0; i < 7; i++)
    assert_int_equal(end("", names[i], ""), i + 1);
  stop();
}

/* A delivery number again without an end between: the older one is gone. */
static void started_again(void **state)
{
  (void)state;
  start();
  begin(0, "5", announce(0, 7));
  begin(0, "5", announce(0, 8));
  assert_int_equal(f.m.deliveries, 1);
  assert_int_equal(end("", "5", ""), 8);
  assert_int_equal(end("", "5", ""), -1);
  stop();
}

static void started_again_for_an_ended_message(void **state)
{
  cell c;
  (void)state;
  start();
  c = announce(0, 7);
  begin(0, "5", c);
  begin(0, "5", c);
  begin(0, "1", c);
  message_end(&f.m, 0, 7);
  assert_int_equal(end("", "1", ""), 7);
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void most_pending(void **state)
{
  char d[16];
  cell c;
  (void)state;
  start();
  c = announce(0, 7);
  for (int i = 0; i < DELIVERIES_MOST + 10; i++) {
    snprintf(d, sizeof d, "%d", i + 2);
    begin(0, d, c);
    assert_true(f.m.deliveries <= DELIVERIES_MOST);
  }
  assert_int_equal(end("", "11", ""), -1);
  assert_int_equal(end("", "12", ""), 7);
  stop();
}

/* So many that some of their hashes in the table are the same. */
static void many_numbers(void **state)
{
  unsigned int const pending = 60000;
  char d[16];
  (void)state;
  start();
  for (unsigned int i = 2; i < 400000; i++) {
    snprintf(d, sizeof d, "%u", i);
    begin(0, d, 0);
    if (i < pending + 2)
      continue;
    snprintf(d, sizeof d, "%u", i - pending);
    assert_int_equal(end("", d, ""), 0);
  }
  stop();
}

static void messages_go_first(void **state)
{
  (void)state;
  start_with(10);
  begin(0, "5", 0);
  for (uint64_t i = 1; i < 100; i++) {
    delivery_make_room(&f.m);
    announce(0, i);
  }
  assert_int_equal(end("", "5", ""), 0);
  assert_int_equal(message_find(&f.m, 0, 90), 0);
  stop();
}

/* A delivery that cannot be remembered; the second message is ended by the search for room. */
static void no_memory(void **state)
{
  cell first, second;
  (void)state;
  pool_open(&f.mem, 3 * POOL_CHUNK, 0, 0);
  assert_int_equal(messages_open(&f.m, &f.mem, &secret, 3), 1);
  first = announce(0, 7);
  second = announce(0, 8);
  while (pool_take(&f.mem))
    ;
  begin(0, "5", first);
  assert_int_equal(end("", "5", ""), -1);
  message_end(&f.m, 0, 7);
  assert_int_equal(f.m.cells, 1);
  f.m.cells_most = 1;
  while (pool_take(&f.mem))
    ;
  begin(0, "6", second);
  assert_int_equal(end("", "6", ""), -1);
  assert_int_equal(message_find(&f.m, 0, 8), 0);
  assert_int_equal(f.m.cells, 0);
  messages_close(&f.m);
  pool_close(&f.mem);
}

/* Only announcements, only deliveries, or both: the share is kept, and the youngest are known. */
static void share_is_bounded(void **state)
{
  (void)state;
  for (int kind = 1; kind < 4; kind++) {
    start_with(500);
    for (int i = 2; i < 5000; i++) {
      char d[16];
      cell c = 0;
      snprintf(d, sizeof d, "%d", i);
      delivery_make_room(&f.m);
      if (kind & 1)
        c = announce(0, (uint64_t)i);
      if (kind & 2)
        begin(0, d, c);
      assert_true(f.m.cells <= 501);
      assert_int_equal(f.m.cells + f.m.runs, f.mem.used);
      assert_int_equal(f.m.runs, kind & 2 ? 1 : 0);
      if (kind & 1)
        assert_int_equal(message_find(&f.m, 0, (uint64_t)i), c);
      if (kind == 2)
        assert_int_equal(i % 3 ? 0 : end("", d, ""), 0);
    }
    stop();
  }
}

/* With as many pending as there can be, runs of others begin again and again: each begins with what is its
 * own. */
static void beginnings_beside_many(void **state)
{
  char d[16];
  (void)state;
  start_with((size_t)1 << 20);
  for (int i = 2; i < DELIVERIES_MOST; i++) {
    snprintf(d, sizeof d, "%d", i);
    begin(77, d, 0);
  }
  for (int i = 0; i < 100000; i++)
    begin(78, "1", 0);
  assert_int_equal(f.m.deliveries, DELIVERIES_MOST - 1);
  assert_int_equal(f.m.runs, 2);
  begin(77, "1", 0);
  assert_int_equal(f.m.deliveries, 2);
  stop();
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "the end of a delivery leads to its message, once", joined);
  rows_one(&list, "a delivery of an unknown message ends as one", unknown_message);
  rows_one(&list, "a delivery belongs to the message as it was when it started", as_known_at_its_start);
  rows_one(&list, "a message outlives its end until all its deliveries are done", many_of_one_message);
  rows_one(&list, "when D begins at 1 again pending deliveries are gone", begins_at_one_again);
  rows_one(&list, "only 1 is a beginning", only_one_begins);
  rows_one(&list, "queues and hosts begin again each for itself", runs_are_apart);
  rows_one(&list, "so do the queues in D.q", dotted_runs_are_apart);
  rows_one(&list, "a last word that is no queue of such a delivery is text", last_word_is_text);
  rows_one(&list, "deliveries of different hosts are different ones", hosts_are_apart);
  rows_one(&list, "so are those with different words behind their number", suffixes_are_apart);
  rows_one(&list, "the same D again without an end replaces the older one", started_again);
  rows_one(&list, "also if both are of one message that ends", started_again_for_an_ended_message);
  rows_one(&list, "beyond 65,536 pending deliveries the oldest is forgotten", most_pending);
  rows_one(&list, "of 60,000 pending deliveries none is taken for another", many_numbers);
  rows_one(&list, "when the share is used up messages go before deliveries", messages_go_first);
  rows_one(&list, "without memory a delivery is not known, and nothing is lost", no_memory);
  rows_one(&list, "the share of memory is bounded and the youngest are known", share_is_bounded);
  rows_one(&list, "a run that begins again has nothing to do with those of others", beginnings_beside_many);
  return rows_run(&list, "delivery");
}
