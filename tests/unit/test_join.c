#include "rows.h"

#include "chance.h"
#include "mail/seen.h"
#include "mail/queue.h"
#include "mail/sender.h"
#include "mail/join.h"
#include <errno.h>
#include <stdio.h>

#define MANY 100000

typedef struct {
  pool mem;
  seen_set set;
  size_t cells;
} fixture_of_seen;

static void start_of_seen(fixture_of_seen *f, size_t bytes)
{
  pool_open(&f->mem, bytes, 0, 0);
  f->set = 0;
  f->cells = 0;
}

static int add(fixture_of_seen *f, uint64_t what)
{
  int answer = seen_add(&f->mem, &f->set, what, &f->cells);
  assert_int_equal(f->cells, f->mem.used);
  return answer;
}

static void stop_of_seen(fixture_of_seen *f)
{
  assert_int_equal(seen_free(&f->mem, f->set), f->cells);
  assert_int_equal(f->mem.used, 0);
  pool_close(&f->mem);
}

static void empty(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 1 << 20);
  assert_int_equal(seen_free(&f.mem, 0), 0);
  stop_of_seen(&f);
}

static uint64_t nth(uint64_t i)
{
  return chance(&i);
}

static void hundred_thousand(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 64 << 20);
  for (uint64_t i = 0; i < MANY; i++) {
    assert_int_equal(add(&f, nth(i)), 1);
    assert_int_equal(add(&f, nth(i * 7919 % (i + 1))), 0);
  }
  for (uint64_t i = 0; i < MANY; i++)
    assert_int_equal(add(&f, nth(i)), 0);
  for (uint64_t i = MANY; i < MANY + 1000; i++)
    assert_int_equal(add(&f, nth(i)), 1);
  stop_of_seen(&f);
}

static void memory_a_recipient(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 64 << 20);
  for (uint64_t i = 0; i < MANY; i++) {
    add(&f, nth(i));
    assert_true(i < 100 || f.cells * CELL_BYTES <= 56 * (i + 1));
  }
  stop_of_seen(&f);
}

static void seven_in_a_cell(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 1 << 20);
  for (uint64_t i = 0; i < 7; i++)
    assert_int_equal(add(&f, i << 60), 1);
  assert_int_equal(f.cells, 1);
  for (uint64_t i = 0; i < 7; i++)
    assert_int_equal(add(&f, i << 60), 0);
  stop_of_seen(&f);
}

/* They differ in the last digit that is looked at only. */
static void alike_to_the_end(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 1 << 20);
  for (uint64_t i = 0; i < 16; i++) {
    assert_int_equal(add(&f, i << 60 | 0x123456789abcdef), 1);
    for (uint64_t k = 0; k < 16; k++)
      if (k <= i)
        assert_int_equal(add(&f, k << 60 | 0x123456789abcdef), 0);
  }
  stop_of_seen(&f);
}

/* They differ in the first digit that is looked at only. */
static void alike_from_the_second(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 1 << 20);
  for (uint64_t i = 0; i < 16; i++)
    assert_int_equal(add(&f, i | 0x123456789abcdef0), 1);
  for (uint64_t i = 0; i < 16; i++)
    assert_int_equal(add(&f, i | 0x123456789abcdef0), 0);
  assert_int_equal(f.cells, 17);
  stop_of_seen(&f);
}

/* Sixteen that differ in four bits only, wherever these are. */
static void every_bit(void **state)
{
  (void)state;
  for (unsigned int stride = 1; stride < 20; stride++)
    for (unsigned int first = 0; first + 3 * stride < 64; first++) {
      fixture_of_seen f;
      start_of_seen(&f, 1 << 20);
      for (int again = 0; again < 2; again++)
        for (uint64_t i = 0; i < 16; i++) {
          uint64_t what =
              (i & 1) | (i >> 1 & 1) << stride | (i >> 2 & 1) << 2 * stride | (i >> 3 & 1) << 3 * stride;
          assert_int_equal(add(&f, what << first), !again);
        }
      stop_of_seen(&f);
    }
}

static void zero_among_others(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 1 << 20);
  for (uint64_t i = 1; i < 7; i++)
    assert_int_equal(add(&f, i << 60), 1);
  assert_int_equal(add(&f, 0), 1);
  assert_int_equal(add(&f, 0), 0);
  stop_of_seen(&f);
}

static void extremes(void **state)
{
  fixture_of_seen f;
  (void)state;
  start_of_seen(&f, 1 << 20);
  assert_int_equal(add(&f, 0), 1);
  assert_int_equal(add(&f, UINT64_MAX), 1);
  assert_int_equal(add(&f, 0), 0);
  assert_int_equal(add(&f, UINT64_MAX), 0);
  stop_of_seen(&f);
}

/* Whatever fits is remembered, and what does not leaves the set as it was. */
static void no_memory_of_seen(void **state)
{
  (void)state;
  for (uint64_t room = 1; room < 60; room++) {
    uint64_t known = 0;
    fixture_of_seen f;
    int refused = 0;
    start_of_seen(&f, POOL_CHUNK);
    while (f.mem.used < POOL_CELLS - 1 - room)
      pool_take(&f.mem);
    for (uint64_t i = 0; i < 500; i++) {
      int answer;
      errno = 0;
      answer = seen_add(&f.mem, &f.set, nth(i), &f.cells);
      assert_int_equal(f.mem.used, POOL_CELLS - 1 - room + f.cells);
      assert_true(answer == 1 || (answer == -1 && errno == ENOMEM));
      refused |= answer < 0;
      if (!refused)
        known = i + 1;
    }
    assert_true(refused && known >= 7);
    for (uint64_t i = 0; i < known; i++)
      assert_int_equal(seen_add(&f.mem, &f.set, nth(i), &f.cells), 0);
    assert_int_equal(seen_free(&f.mem, f.set), f.cells);
    assert_int_equal(f.mem.used, POOL_CELLS - 1 - room);
    pool_close(&f.mem);
  }
}

typedef struct {
  pool mem;
  messages m;
} fixture_of_messages;

static fixture_of_messages f_of_messages;
static hash_key const secret_of_messages = {{9, 10}};

static void start_of_messages(size_t bytes)
{
  pool_open(&f_of_messages.mem, bytes, 0, 0);
  assert_int_equal(messages_open(&f_of_messages.m, &f_of_messages.mem, &secret_of_messages, 100000), 1);
}

static void stop_of_messages(void)
{
  assert_int_equal(f_of_messages.m.cells, f_of_messages.mem.used);
  messages_close(&f_of_messages.m);
  assert_null(f_of_messages.m.by_number.segment);
  assert_null(f_of_messages.m.by_delivery.segment);
  pool_close(&f_of_messages.mem);
}

static int announce_of_messages(uint64_t origin, uint64_t number, uint64_t qp, cell *c)
{
  event e = {.kind = EVENT_INFO, .message = number, .qp = qp, .uid = 77};
  return message_announce(&f_of_messages.m, origin, &e, c);
}

static cell announced(uint64_t origin, uint64_t number, uint64_t qp)
{
  cell c;
  assert_int_equal(announce_of_messages(origin, number, qp, &c), 1);
  assert_int_not_equal(c, 0);
  return c;
}

static int try(cell c, char const *channel, char const *recipient)
{
  return message_first_try(&f_of_messages.m, c, span_of(channel), span_of(recipient));
}

static void no_room(void **state)
{
  messages m;
  (void)state;
  for (size_t chunks = 0; chunks < 2; chunks++) {
    pool_open(&f_of_messages.mem, chunks * POOL_CHUNK, 0, 0);
    errno = 0;
    assert_int_equal(messages_open(&m, &f_of_messages.mem, &secret_of_messages, 10), 0);
    assert_int_equal(errno, ENOMEM);
    messages_close(&m);
    pool_close(&f_of_messages.mem);
  }
}

static void known_until_its_end(void **state)
{
  cell c;
  (void)state;
  start_of_messages(1 << 20);
  assert_int_equal(message_find(&f_of_messages.m, 0, 7), 0);
  c = announced(0, 7, 41);
  assert_int_equal(message_find(&f_of_messages.m, 0, 7), c);
  assert_int_equal(message_at(&f_of_messages.m, c)->number, 7);
  assert_int_equal(message_at(&f_of_messages.m, c)->qp, 41);
  assert_int_equal(message_at(&f_of_messages.m, c)->uid, 77);
  assert_int_equal(f_of_messages.m.by_number.nodes, 1);
  message_end(&f_of_messages.m, 0, 7);
  assert_int_equal(message_find(&f_of_messages.m, 0, 7), 0);
  assert_int_equal(f_of_messages.m.by_number.nodes, 0);
  assert_int_equal(f_of_messages.mem.used, 0);
  message_end(&f_of_messages.m, 0, 7);
  stop_of_messages();
}

static void number_used_again(void **state)
{
  cell c;
  (void)state;
  start_of_messages(1 << 20);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  message_end(&f_of_messages.m, 0, 7);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  stop_of_messages();
}

static void new_one_forgets_the_old(void **state)
{
  cell c;
  (void)state;
  start_of_messages(1 << 20);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  c = announced(0, 7, 42);
  assert_int_equal(message_at(&f_of_messages.m, c)->qp, 42);
  assert_int_equal(f_of_messages.m.by_number.nodes, 1);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  stop_of_messages();
}

static void announced_twice(void **state)
{
  cell c, again;
  (void)state;
  start_of_messages(1 << 20);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(announce_of_messages(0, 7, 41, &again), 0);
    assert_int_equal(message_find(&f_of_messages.m, 0, 7), c);
  }
  assert_int_equal(try(c, "remote", "bob@x"), 0);
  assert_int_equal(f_of_messages.m.by_number.nodes, 1);
  stop_of_messages();
}

static void origins_are_apart(void **state)
{
  uint64_t origin[6];
  (void)state;
  start_of_messages(1 << 20);
  origin[0] = messages_origin(&f_of_messages.m, (span){"", 0}, (span){"", 0});
  origin[1] = messages_origin(&f_of_messages.m, (span){"", 0}, span_of("q1"));
  origin[2] = messages_origin(&f_of_messages.m, (span){"", 0}, span_of("q2"));
  origin[3] = messages_origin(&f_of_messages.m, span_of("q1"), (span){"", 0});
  origin[4] = messages_origin(&f_of_messages.m, span_of("q1"), span_of("q2"));
  origin[5] = messages_origin(&f_of_messages.m, span_of("q2"), span_of("q1"));
  for (uint64_t i = 0; i < 6; i++)
    announced(origin[i], 7, i);
  assert_int_equal(f_of_messages.m.by_number.nodes, 6);
  for (uint64_t i = 0; i < 6; i++)
    assert_int_equal(message_at(&f_of_messages.m, message_find(&f_of_messages.m, origin[i], 7))->qp, i);
  message_end(&f_of_messages.m, origin[1], 7);
  assert_int_equal(message_find(&f_of_messages.m, origin[1], 7), 0);
  assert_int_equal(f_of_messages.m.by_number.nodes, 5);
  stop_of_messages();
}

/* So many that some of their hashes in the table are the same. */
static void many_origins(void **state)
{
  cell c;
  (void)state;
  start_of_messages(64 << 20);
  for (uint64_t i = 0; i < 300000; i++)
    assert_int_equal(announce_of_messages(i, 7, i, &c), 1);
  assert_int_equal(f_of_messages.m.by_number.nodes, 300000);
  stop_of_messages();
}

static void numbers_of_all_sizes(void **state)
{
  static uint64_t const numbers[] = {0, 1, UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX - 1, UINT64_MAX};
  (void)state;
  start_of_messages(1 << 20);
  for (size_t i = 0; i < 6; i++)
    announced(0, numbers[i], i);
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(message_at(&f_of_messages.m, message_find(&f_of_messages.m, 0, numbers[i]))->qp, i);
  stop_of_messages();
}

static void first_tries(void **state)
{
  cell c, other;
  (void)state;
  start_of_messages(1 << 20);
  c = announced(0, 7, 41);
  other = announced(0, 8, 42);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  assert_int_equal(try(c, "remote", "bob@x"), 0);
  assert_int_equal(try(c, "local", "bob@x"), 1);
  assert_int_equal(try(c, "local", "bob@x"), 0);
  assert_int_equal(try(c, "suppl0", "bob@x"), 0);
  assert_int_equal(try(c, "suppl0", "cid@x"), 1);
  assert_int_equal(try(c, "remote", "cid@x"), 0);
  assert_int_equal(try(c, "locale", "cid@x"), 0);
  assert_int_equal(try(c, "remote", "Bob@x"), 1);
  assert_int_equal(try(other, "remote", "bob@x"), 1);
  stop_of_messages();
}

static void five_thousand_recipients(void **state)
{
  char to[16];
  cell c;
  (void)state;
  start_of_messages(4 << 20);
  c = announced(0, 7, 41);
  for (int turn = 0; turn < 2; turn++)
    for (int i = 0; i < 5000; i++) {
      for (int k = 0; k < 8; k++)
        to[k] = (char)('a' + (i >> 2 * k) % 4);
      to[8] = 0;
      assert_int_equal(try(c, "remote", to), !turn);
      assert_int_equal(f_of_messages.m.cells, f_of_messages.mem.used);
    }
  message_end(&f_of_messages.m, 0, 7);
  assert_int_equal(f_of_messages.mem.used, 0);
  stop_of_messages();
}

static void kept_for_its_deliveries(void **state)
{
  cell c;
  (void)state;
  start_of_messages(1 << 20);
  c = announced(0, 7, 41);
  message_at(&f_of_messages.m, c)->deliveries = 2;
  message_end(&f_of_messages.m, 0, 7);
  assert_int_equal(message_find(&f_of_messages.m, 0, 7), 0);
  assert_int_equal(f_of_messages.mem.used, 1);
  assert_int_equal(message_at(&f_of_messages.m, c)->qp, 41);
  message_at(&f_of_messages.m, c)->deliveries = 1;
  message_release(&f_of_messages.m, c);
  assert_int_equal(f_of_messages.mem.used, 1);
  message_at(&f_of_messages.m, c)->deliveries = 0;
  message_release(&f_of_messages.m, c);
  assert_int_equal(f_of_messages.mem.used, 0);
  c = announced(0, 7, 41);
  message_release(&f_of_messages.m, c);
  assert_int_equal(message_find(&f_of_messages.m, 0, 7), c);
  assert_int_equal(f_of_messages.mem.used, 1);
  stop_of_messages();
}

static void sender_goes_with_it(void **state)
{
  static sender s;
  folding how = {0, {"", 0}};
  cell c;
  (void)state;
  start_of_messages(1 << 20);
  c = announced(0, 7, 41);
  sender_fold(&s, span_of("ann.with.a.name.that.takes.more.than.one.cell@mail.example.org"), &how,
              &secret_of_messages);
  message_at(&f_of_messages.m, c)->sender = sender_store(&f_of_messages.mem, &s, &f_of_messages.m.cells);
  assert_true(f_of_messages.m.cells > 2);
  message_end(&f_of_messages.m, 0, 7);
  assert_int_equal(f_of_messages.m.cells, 0);
  assert_int_equal(f_of_messages.mem.used, 0);
  stop_of_messages();
}

static void oldest_first(void **state)
{
  static uint64_t const order[] = {1, 4, 5, 6, 7, 8, 2};
  (void)state;
  start_of_messages(1 << 20);
  for (uint64_t i = 0; i < 10; i++)
    announced(0, i, i);
  message_end(&f_of_messages.m, 0, 0);
  message_end(&f_of_messages.m, 0, 3);
  message_end(&f_of_messages.m, 0, 9);
  announced(0, 2, 100); /* the number again: now it is the youngest */
  for (size_t i = 0; i < 7; i++) {
    assert_int_not_equal(message_find(&f_of_messages.m, 0, order[i]), 0);
    f_of_messages.m.cells_most = f_of_messages.m.cells;
    messages_make_room(&f_of_messages.m);
    assert_int_equal(message_find(&f_of_messages.m, 0, order[i]), 0);
    assert_int_equal(f_of_messages.m.by_number.nodes, 6 - i);
  }
  assert_int_equal(f_of_messages.mem.used, 0);
  stop_of_messages();
}

static void no_memory_of_messages(void **state)
{
  cell c;
  (void)state;
  start_of_messages(3 * POOL_CHUNK);
  c = announced(0, 7, 41);
  while (pool_take(&f_of_messages.mem))
    ;
  assert_int_equal(announce_of_messages(0, 8, 42, &c), 1);
  assert_int_equal(c, 0);
  assert_int_equal(message_find(&f_of_messages.m, 0, 8), 0);
  c = message_find(&f_of_messages.m, 0, 7);
  assert_int_equal(try(c, "remote", "bob@x"), 0);
  message_end(&f_of_messages.m, 0, 7);
  assert_int_equal(f_of_messages.m.cells, 0);
  messages_close(&f_of_messages.m);
  pool_close(&f_of_messages.mem);
}

static void like_an_array(void **state)
{
  static uint64_t qp[2][3000];
  uint64_t dice = 1;
  (void)state;
  memset(qp, 0, sizeof qp);
  start_of_messages(8 << 20);
  for (uint64_t i = 1; i < 200000; i++) {
    uint64_t origin = chance_below(&dice, 2), number = chance_below(&dice, 3000),
             *known = &qp[origin][number];
    cell c = message_find(&f_of_messages.m, origin, number);
    assert_int_equal(c != 0, *known != 0);
    if (c)
      assert_int_equal(message_at(&f_of_messages.m, c)->qp, *known);
    if (chance_below(&dice, 3)) {
      uint64_t q = chance_below(&dice, 4) || !*known ? i : *known;
      assert_int_equal(announce_of_messages(origin, number, q, &c), q != *known);
      *known = q;
    } else {
      message_end(&f_of_messages.m, origin, number);
      *known = 0;
    }
  }
  stop_of_messages();
}

typedef struct {
  pool mem;
  messages m;
} fixture_of_delivery;

static fixture_of_delivery f_of_delivery;
static hash_key const secret_of_delivery = {{11, 12}};

static void start_with_of_delivery(size_t cells)
{
  pool_open(&f_of_delivery.mem, 64 << 20, 0, 0);
  assert_int_equal(messages_open(&f_of_delivery.m, &f_of_delivery.mem, &secret_of_delivery, cells), 1);
}

static void start_of_delivery(void)
{
  start_with_of_delivery(1 << 20);
}

static void stop_of_delivery(void)
{
  assert_int_equal(f_of_delivery.m.cells + f_of_delivery.m.runs, f_of_delivery.mem.used);
  messages_close(&f_of_delivery.m);
  pool_close(&f_of_delivery.mem);
}

static uint64_t origin(char const *host, char const *queue)
{
  return messages_origin(&f_of_delivery.m, span_of(host), span_of(queue));
}

static cell announce_of_delivery(uint64_t from, uint64_t number)
{
  event e = {.kind = EVENT_INFO, .message = number, .qp = number};
  cell c;
  assert_int_equal(message_announce(&f_of_delivery.m, from, &e, &c), 1);
  return c;
}

/* "12", or "12.3" */
static void name(event *e, char const *d)
{
  char *after;
  e->delivery = strtoull(d, &after, 10);
  e->suffix = span_of(after);
}

/* What is not from origin 0 has a queue here. */
static void begin(uint64_t from, char const *d, cell c)
{
  event e = {.kind = EVENT_START, .queue = span_of(from ? "q" : "")};
  name(&e, d);
  delivery_start(&f_of_delivery.m, from, &e, c);
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
  if (!delivery_end(&f_of_delivery.m, span_of(host), &e, &c, &is_local))
    return -1;
  if (!c)
    return 0;
  number = (int64_t)message_at(&f_of_delivery.m, c)->number;
  message_release(&f_of_delivery.m, c);
  return number;
}

static void joined(void **state)
{
  (void)state;
  start_of_delivery();
  begin(0, "5", announce_of_delivery(0, 7));
  begin(0, "6", announce_of_delivery(0, 8));
  assert_int_equal(f_of_delivery.m.deliveries, 2);
  assert_int_equal(end("", "6", ""), 8);
  assert_int_equal(end("", "6", ""), -1);
  assert_int_equal(end("", "5", ""), 7);
  assert_int_equal(f_of_delivery.m.deliveries, 0);
  stop_of_delivery();
}

static void unknown_message(void **state)
{
  (void)state;
  start_of_delivery();
  begin(0, "5", 0);
  assert_int_equal(end("", "5", ""), 0);
  assert_int_equal(end("", "5", ""), -1);
  stop_of_delivery();
}

/* What happens to the number in the meantime does not matter. */
static void as_known_at_its_start(void **state)
{
  (void)state;
  start_of_delivery();
  begin(0, "5", announce_of_delivery(0, 7));
  message_end(&f_of_delivery.m, 0, 7);
  message_at(&f_of_delivery.m, announce_of_delivery(0, 7))->uid = 99;
  begin(0, "6", message_find(&f_of_delivery.m, 0, 7));
  begin(0, "8", 0);
  assert_int_equal(end("", "5", ""), 7);
  assert_int_equal(message_at(&f_of_delivery.m, message_find(&f_of_delivery.m, 0, 7))->uid, 99);
  assert_int_equal(end("", "6", ""), 7);
  assert_int_equal(end("", "8", ""), 0);
  message_end(&f_of_delivery.m, 0, 7);
  assert_int_equal(f_of_delivery.mem.used, 0);
  stop_of_delivery();
}

static void many_of_one_message(void **state)
{
  char d[16];
  cell c;
  (void)state;
  start_of_delivery();
  c = announce_of_delivery(0, 7);
  for (int i = 2; i < 102; i++) {
    snprintf(d, sizeof d, "%d", i);
    begin(0, d, c);
  }
  message_end(&f_of_delivery.m, 0, 7);
  for (int i = 101; i >= 2; i--) {
    snprintf(d, sizeof d, "%d", i);
    assert_int_equal(end("", d, ""), 7);
  }
  assert_int_equal(f_of_delivery.mem.used, 0);
  stop_of_delivery();
}

static void begins_at_one_again(void **state)
{
  (void)state;
  start_of_delivery();
  begin(0, "1", announce_of_delivery(0, 7));
  begin(0, "2", announce_of_delivery(0, 8));
  begin(0, "3", announce_of_delivery(0, 9));
  message_end(&f_of_delivery.m, 0, 9);
  begin(0, "1", message_find(&f_of_delivery.m, 0, 8));
  assert_int_equal(f_of_delivery.m.deliveries, 1);
  assert_int_equal(end("", "2", ""), -1);
  assert_int_equal(end("", "3", ""), -1);
  assert_int_equal(end("", "1", ""), 8);
  message_end(&f_of_delivery.m, 0, 7);
  message_end(&f_of_delivery.m, 0, 8);
  assert_int_equal(f_of_delivery.mem.used, 0);
  stop_of_delivery();
}

static void only_one_begins(void **state)
{
  static char const *const others[] = {"11", "10", "1.x", "0", "21"};
  (void)state;
  for (size_t i = 0; i < 5; i++) {
    start_of_delivery();
    begin(0, "2", announce_of_delivery(0, 7));
    begin(0, others[i], announce_of_delivery(0, 8));
    assert_int_equal(end("", "2", ""), 7);
    stop_of_delivery();
  }
}

/* The restart of one qmail-send says nothing of others. */
static void runs_are_apart(void **state)
{
  uint64_t a, b, c;
  (void)state;
  start_of_delivery();
  a = origin("", "q1");
  b = origin("", "q2");
  c = origin("mx", "q1");
  begin(a, "2", announce_of_delivery(a, 7));
  begin(b, "2", announce_of_delivery(b, 8));
  begin(c, "2", announce_of_delivery(c, 9));
  begin(0, "2", announce_of_delivery(0, 10));
  begin(a, "1", message_find(&f_of_delivery.m, a, 7));
  assert_int_equal(end("", "2", "q1"), 10); /* no such delivery of q1: the one without a queue */
  assert_int_equal(end("", "2", "q1"), -1);
  assert_int_equal(end("", "2", "q2"), 8);
  assert_int_equal(end("mx", "2", "q1"), 9);
  assert_int_equal(end("", "1", "q1"), 7);
  stop_of_delivery();
}

static void dotted_runs_are_apart(void **state)
{
  (void)state;
  start_of_delivery();
  begin(0, "2.1", announce_of_delivery(0, 7));
  begin(0, "2.2", announce_of_delivery(0, 8));
  begin(0, "2", announce_of_delivery(0, 9));
  begin(0, "1.1", announce_of_delivery(0, 10));
  assert_int_equal(end("", "2.1", ""), -1);
  assert_int_equal(end("", "2.2", ""), 8);
  assert_int_equal(end("", "2", ""), 9);
  assert_int_equal(end("", "1.1", ""), 10);
  stop_of_delivery();
}

static void last_word_is_text(void **state)
{
  (void)state;
  start_of_delivery();
  begin(0, "5", announce_of_delivery(0, 7));
  begin(origin("", "q1"), "5", announce_of_delivery(origin("", "q1"), 8));
  assert_int_equal(end("", "5", "here."), 7);
  assert_int_equal(end("", "5", "here."), -1);
  assert_int_equal(end("", "5", "q1"), 8);
  stop_of_delivery();
}

static void hosts_are_apart(void **state)
{
  (void)state;
  start_of_delivery();
  begin(origin("a", ""), "5", announce_of_delivery(origin("a", ""), 7));
  assert_int_equal(end("b", "5", ""), -1);
  assert_int_equal(end("", "5", ""), -1);
  assert_int_equal(end("a", "5", "text"), 7);
  stop_of_delivery();
}

/* What comes after the dot is a part of the name. */
static void suffixes_are_apart(void **state)
{
  static char const *const names[] = {"5", "5.5", "5.a", "5.b", "55", "5.05", "6"};
  (void)state;
  start_of_delivery();
  for (size_t i = 0; i < 7; i++)
    begin(0, names[i], announce_of_delivery(0, i + 1));
  for (size_t i = 0; i < 7; i++)
    assert_int_equal(end("", names[i], ""), i + 1);
  stop_of_delivery();
}

/* A delivery number again without an end between: the older one is gone. */
static void started_again(void **state)
{
  (void)state;
  start_of_delivery();
  begin(0, "5", announce_of_delivery(0, 7));
  begin(0, "5", announce_of_delivery(0, 8));
  assert_int_equal(f_of_delivery.m.deliveries, 1);
  assert_int_equal(end("", "5", ""), 8);
  assert_int_equal(end("", "5", ""), -1);
  stop_of_delivery();
}

static void started_again_for_an_ended_message(void **state)
{
  cell c;
  (void)state;
  start_of_delivery();
  c = announce_of_delivery(0, 7);
  begin(0, "5", c);
  begin(0, "5", c);
  begin(0, "1", c);
  message_end(&f_of_delivery.m, 0, 7);
  assert_int_equal(end("", "1", ""), 7);
  assert_int_equal(f_of_delivery.mem.used, 0);
  stop_of_delivery();
}

static void most_pending(void **state)
{
  char d[16];
  cell c;
  (void)state;
  start_of_delivery();
  c = announce_of_delivery(0, 7);
  for (int i = 0; i < DELIVERIES_MOST + 10; i++) {
    snprintf(d, sizeof d, "%d", i + 2);
    begin(0, d, c);
    assert_true(f_of_delivery.m.deliveries <= DELIVERIES_MOST);
  }
  assert_int_equal(end("", "11", ""), -1);
  assert_int_equal(end("", "12", ""), 7);
  stop_of_delivery();
}

/* So many that some of their hashes in the table are the same. */
static void many_numbers(void **state)
{
  unsigned int const pending = 60000;
  char d[16];
  (void)state;
  start_of_delivery();
  for (unsigned int i = 2; i < 400000; i++) {
    snprintf(d, sizeof d, "%u", i);
    begin(0, d, 0);
    if (i < pending + 2)
      continue;
    snprintf(d, sizeof d, "%u", i - pending);
    assert_int_equal(end("", d, ""), 0);
  }
  stop_of_delivery();
}

static void messages_go_first(void **state)
{
  (void)state;
  start_with_of_delivery(10);
  begin(0, "5", 0);
  for (uint64_t i = 1; i < 100; i++) {
    messages_make_room(&f_of_delivery.m);
    announce_of_delivery(0, i);
  }
  assert_int_equal(end("", "5", ""), 0);
  assert_int_equal(message_find(&f_of_delivery.m, 0, 90), 0);
  stop_of_delivery();
}

/* A delivery that cannot be remembered; the second message is ended by the search for room. */
static void no_memory_of_delivery(void **state)
{
  cell first, second;
  (void)state;
  pool_open(&f_of_delivery.mem, 3 * POOL_CHUNK, 0, 0);
  assert_int_equal(messages_open(&f_of_delivery.m, &f_of_delivery.mem, &secret_of_delivery, 3), 1);
  first = announce_of_delivery(0, 7);
  second = announce_of_delivery(0, 8);
  while (pool_take(&f_of_delivery.mem))
    ;
  begin(0, "5", first);
  assert_int_equal(end("", "5", ""), -1);
  message_end(&f_of_delivery.m, 0, 7);
  assert_int_equal(f_of_delivery.m.cells, 1);
  f_of_delivery.m.cells_most = 1;
  while (pool_take(&f_of_delivery.mem))
    ;
  begin(0, "6", second);
  assert_int_equal(end("", "6", ""), -1);
  assert_int_equal(message_find(&f_of_delivery.m, 0, 8), 0);
  assert_int_equal(f_of_delivery.m.cells, 0);
  messages_close(&f_of_delivery.m);
  pool_close(&f_of_delivery.mem);
}

/* Only announcements, only deliveries, or both: the share is kept, and the youngest are known. */
static void share_is_bounded_of_delivery(void **state)
{
  (void)state;
  for (int kind = 1; kind < 4; kind++) {
    start_with_of_delivery(500);
    for (int i = 2; i < 5000; i++) {
      char d[16];
      cell c = 0;
      snprintf(d, sizeof d, "%d", i);
      messages_make_room(&f_of_delivery.m);
      if (kind & 1)
        c = announce_of_delivery(0, (uint64_t)i);
      if (kind & 2)
        begin(0, d, c);
      assert_true(f_of_delivery.m.cells <= 501);
      assert_int_equal(f_of_delivery.m.cells + f_of_delivery.m.runs, f_of_delivery.mem.used);
      assert_int_equal(f_of_delivery.m.runs, kind & 2 ? 1 : 0);
      if (kind & 1)
        assert_int_equal(message_find(&f_of_delivery.m, 0, (uint64_t)i), c);
      if (kind == 2)
        assert_int_equal(i % 3 ? 0 : end("", d, ""), 0);
    }
    stop_of_delivery();
  }
}

/* With as many pending as there can be, runs of others begin again and again: each begins with what is its
 * own. */
static void beginnings_beside_many(void **state)
{
  char d[16];
  (void)state;
  start_with_of_delivery((size_t)1 << 20);
  for (int i = 2; i < DELIVERIES_MOST; i++) {
    snprintf(d, sizeof d, "%d", i);
    begin(77, d, 0);
  }
  for (int i = 0; i < 100000; i++)
    begin(78, "1", 0);
  assert_int_equal(f_of_delivery.m.deliveries, DELIVERIES_MOST - 1);
  assert_int_equal(f_of_delivery.m.runs, 2);
  begin(77, "1", 0);
  assert_int_equal(f_of_delivery.m.deliveries, 2);
  stop_of_delivery();
}

typedef struct {
  pool mem;
  join j;
  script rules;
} fixture_of_join;

static fixture_of_join f_of_join;
static hash_key const secret_of_join = {{13, 14}};

static void start_with_of_join(char const *directives, size_t cells)
{
  char *copy = strdup(directives), *rest = copy, *one;
  script_error e;
  memset(&f_of_join.rules, 0, sizeof f_of_join.rules);
  while ((one = strsep(&rest, " ")))
    assert_int_equal(script_add(&f_of_join.rules, one, &e), 1);
  free(copy);
  pool_open(&f_of_join.mem, 16 << 20, 0, 0);
  memset(&f_of_join.j, 0x5a, sizeof f_of_join.j);
  assert_int_equal(join_open(&f_of_join.j, &f_of_join.mem, &secret_of_join, (folding){0, {"", 0}}, cells), 1);
  join_rules(&f_of_join.j, &f_of_join.rules);
}

static void start_of_join(char const *directives)
{
  start_with_of_join(directives, 1 << 16);
}

static void stop_of_join(void)
{
  assert_int_equal(f_of_join.j.queue.cells + f_of_join.j.queue.runs, f_of_join.mem.used);
  join_close(&f_of_join.j);
  assert_null(f_of_join.j.queue.by_number.segment);
  pool_close(&f_of_join.mem);
  script_free(&f_of_join.rules);
}

/* One letter for each COUNT that a line is an event of, '-' for none; "HOST|LINE" is a line of a host. */
static char const *line(char const *text, occurrence *o)
{
  static char letters[12], kept[300];
  char const *bar = strchr(text, '|');
  span host = {text, bar ? (size_t)(bar - text) : 0};
  size_t n = 0;
  event e;
  snprintf(kept, sizeof kept, "%s", bar ? bar + 1 : text);
  assert_int_not_equal(event_read(&e, span_of(kept)), EVENT_NONE);
  if (join_event(&f_of_join.j, host, &e, o))
    for (int i = 0; i < 11; i++)
      if (o->counts >> i & 1)
        letters[n++] = "mrRBfdbthFl"[i];
  if (!n)
    letters[n++] = '-';
  letters[n] = 0;
  return letters;
}

/* Lines, separated by newlines, and for each what it is an event of: m msg, B byte, r remote, R rcpt, f fail,
 * d defer, b bounce, t to, h host, F from. */
typedef struct {
  char const *name, *lines, *events;
} row;

#define INFO(m, q) "info msg " m ": bytes 900 from <ann@x> qp " q " uid 89\n"
#define TO(d, m, r) "starting delivery " d ": msg " m " to " r "\n"

static row const rows[] = {
    {"a message from its entry to its end",
     INFO("7", "41") TO("5", "7", "remote bob@y") "delivery 5: success: ok\nend msg 7", "mBF rRth - -"},
    {"a local recipient is one, not a remote one", INFO("7", "41") TO("5", "7", "local bob@y"), "mBF R"},
    {"another channel is remote", INFO("7", "41") TO("5", "7", "suppl0 bob@y"), "mBF rRth"},
    {"a retry does not count",
     INFO("7", "41") TO("5", "7", "remote bob@y") "delivery 5: deferral: no\n" TO("6", "7", "remote bob@y"),
     "mBF rRth d -"},
    {"the same address locally and remotely is two",
     INFO("7", "41") TO("5", "7", "remote bob@y") TO("6", "7", "local bob@y"), "mBF rRth R"},
    {"failures and deferrals are their sender's",
     INFO("7", "41") TO("5", "7", "remote a@y") TO("6", "7", "remote b@y")
         TO("8", "7", "remote c@y") "delivery 5: failure: no\ndelivery 6: deferral: no\ndelivery 8: report "
                                    "mangled, will defer",
     "mBF rRth rRth rRth f d d"},
    {"what ratetap-remote refused is neither a failure nor a deferral",
     INFO("7", "41") TO("5", "7", "remote a@y") TO("6", "7", "suppl0 b@y")
         TO("8", "7", "remote c@y") "delivery 5: deferral: ratetap:_ann@x_is_over_1/1h,_held/\n"
                                    "delivery 6: failure: ratetap:_ann@x/\ndelivery 8: deferral: ratetap:_",
     "mBF rRth rRth rRth - - -"},
    {"... but nobody refuses a local delivery so, and only the beginning of a text tells",
     INFO("7", "41") TO("5", "7", "local a@y") TO("6", "7", "remote b@y")
         TO("8", "7", "remote c@y") "delivery 5: failure: ratetap:_x\ndelivery 6: deferral: xratetap:_x\n"
                                    "delivery 8: deferral: ratetap:x",
     "mBF R rRth rRth f d d"},
    {"... and a success in such words is one",
     INFO("7", "41") TO("5", "7", "remote a@y") "delivery 5: success: ratetap:_x", "mBF rRth -"},
    {"a null sender is none of the different ones", "info msg 7: bytes 9 from <> qp 41 uid 8", "mB"},
    {"nor is the double bounce sender", "info msg 7: bytes 9 from <#@[]> qp 41 uid 8", "mB"},
    {"a bounce is its sender's", INFO("7", "41") "bounce msg 7 qp 9", "mBF b"},
    {"a bounce of an unknown message is nobody's", "bounce msg 7 qp 9", "-"},
    {"deliveries of an unknown message are nobody's", TO("5", "7", "remote bob@y") "delivery 5: failure: no",
     "- -"},
    {"a delivery that never started is nobody's", INFO("7", "41") "delivery 5: failure: no", "mBF -"},
    {"a message known too late does not take over deliveries",
     TO("5", "7", "remote bob@y") INFO("7", "41") "delivery 5: failure: no", "- mBF -"},
    {"a number used again at once is a new message",
     INFO("7", "41") TO("5", "7", "remote bob@y") "end msg 7\n" INFO("7", "42") TO("6", "7", "remote bob@y"),
     "mBF rRth - mBF rRth"},
    {"also without an end",
     INFO("7", "41") TO("5", "7", "remote bob@y") INFO("7", "42") TO("6", "7", "remote bob@y"),
     "mBF rRth mBF rRth"},
    {"a message announced twice is one",
     INFO("7", "41") TO("5", "7", "remote bob@y") INFO("7", "41") TO("6", "7", "remote bob@y"),
     "mBF rRth - -"},
    {"the same number and Q after an end are another", INFO("7", "41") "end msg 7\n" INFO("7", "41"),
     "mBF - mBF"},
    {"a failure after the end of its message counts",
     INFO("7", "41") TO("5", "7", "remote bob@y") "end msg 7\ndelivery 5: failure: no", "mBF rRth - f"},
    {"D begins at 1 again: pending deliveries are gone",
     INFO("7", "41") TO("5", "7", "remote a@y")
         TO("1", "7", "remote b@y") "delivery 5: failure: no\ndelivery 1: failure: no",
     "mBF rRth rRth - f"},
    {"queues are apart",
     "info msg 7: bytes 900 from <ann@x> qp 41 uid 89 q1\nstarting delivery 5: msg 7 to remote bob@y q2\n"
     "starting delivery 5: msg 7 to remote bob@y q1\ndelivery 5: failure: no q2\ndelivery 5: failure: no q1",
     "mBF - rRth - f"},
    {"a queue alone after a result",
     "info msg 7: bytes 900 from <ann@x> qp 41 uid 89 q1\nstarting delivery 5: msg 7 to remote bob@y q1\n"
     "delivery 5: failure: q2\ndelivery 5: failure: q1",
     "mBF rRth - f"},
    {"a text of one word and no queue",
     INFO("7", "41") TO("5", "7", "remote bob@y") "starting delivery 5: msg 8 to remote bob@y q1\n"
                                                  "delivery 5: failure: no",
     "mBF rRth - f"},
    {"the end of another queue's message is not its end",
     "info msg 7: bytes 9 from <a@x> qp 41 uid 8 q1\nend msg 7 q2\nstarting delivery 5: msg 7 to local b@y "
     "q1\n"
     "end msg 7 qmail-send: q1\nstarting delivery 6: msg 7 to local c@y q1",
     "mBF - R - -"},
    {"hosts are apart",
     "h1|info msg 7: bytes 9 from <a@x> qp 41 uid 8\nh2|starting delivery 5: msg 7 to local b@y\n"
     "h1|starting delivery 5: msg 7 to local b@y\nh2|delivery 5: failure: no\nh1|delivery 5: failure: no",
     "mBF - R - f"},
    {"the last word of a text is no queue",
     INFO("7", "41") TO("5", "7", "remote a@y") "delivery 5: failure: no such user", "mBF rRth f"},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  char *copy = strdup(r->lines), *rest = copy, *one;
  char const *want = r->events;
  start_of_join("1/1h 1/1h/remote");
  while ((one = strsep(&rest, "\n"))) {
    occurrence o;
    char const *got;
    if (!*one)
      continue;
    got = line(one, &o);
    assert_int_equal(strncmp(want, got, strlen(got)), 0);
    want += strlen(got);
    assert_true(*want == ' ' || !*want);
    want += *want == ' ';
  }
  assert_int_equal(*want, 0);
  free(copy);
  stop_of_join();
}

static void what_an_occurrence_says(void **state)
{
  occurrence o;
  (void)state;
  start_of_join("1/1h/fail/domain");
  line("info msg 7: bytes 900 from <Ann@X> qp 41 uid 89", &o);
  assert_int_equal(o.bytes, 900);
  assert_int_equal(o.message, 7);
  assert_true(span_equal(o.from->logged, span_of("Ann@X")));
  line("starting delivery 5: msg 7 to remote Bob@Y", &o);
  assert_string_equal(line("delivery 5: failure: no", &o), "f");
  assert_int_equal(o.message, 7);
  assert_int_equal(o.qp, 41);
  assert_int_equal(o.uid, 89);
  assert_true(span_equal(o.from->logged, span_of("Ann@X")));
  assert_true(span_equal(o.from->key, span_of("ann@x")));
  assert_true(span_equal(sender_domain(o.from), span_of("x")));
  assert_true(o.from->domain_hash == hash_bytes(&secret_of_join, 1, span_of("x")));
  stop_of_join();
  start_of_join("1/1h/rcpt");
  line("info msg 7: bytes 900 from <Ann@X> qp 41 uid 89", &o);
  line("starting delivery 5: msg 7 to remote Bob@Y", &o);
  assert_true(span_equal(o.to, span_of("Bob@Y")));
  stop_of_join();
}

static int concerns(char const *text)
{
  event e;
  assert_int_not_equal(event_read(&e, span_of(text)), EVENT_NONE);
  return join_concerns(&f_of_join.j, &e);
}

static void costs_nothing_unasked(void **state)
{
  occurrence o;
  (void)state;
  start_of_join("1/1h 1/1h/byte/all");
  assert_string_equal(
      line("info msg 7: bytes 900 from <a.long.name.that.takes.a.cell.or.two@mail.example.org> qp 41 uid 89",
           &o),
      "mBF");
  assert_int_equal(f_of_join.mem.used, 1);
  assert_false(concerns("starting delivery 5: msg 7 to remote bob@y"));
  assert_false(concerns("delivery 5: success: ok"));
  assert_false(concerns("bounce msg 7 qp 42"));
  assert_true(concerns("end msg 7"));
  assert_string_equal(line("end msg 7", &o), "-");
  assert_int_equal(f_of_join.mem.used, 0);
  stop_of_join();
}

static void recipients_unasked(void **state)
{
  char text[100];
  occurrence o;
  size_t used;
  (void)state;
  start_of_join("1/1h/fail");
  line("info msg 7: bytes 9 from <a@x> qp 41 uid 89", &o);
  used = f_of_join.mem.used;
  for (int i = 2; i < 100; i++) {
    snprintf(text, sizeof text, "starting delivery %d: msg 7 to remote r%d@y", i, i);
    assert_string_equal(line(text, &o), "-");
    snprintf(text, sizeof text, "delivery %d: success: ok", i);
    line(text, &o);
  }
  assert_int_equal(f_of_join.mem.used, used);
  stop_of_join();
}

static void exact_senders(void **state)
{
  occurrence o;
  (void)state;
  start_of_join("1/1h");
  join_close(&f_of_join.j);
  memset(&f_of_join.j, 0, sizeof f_of_join.j);
  assert_int_equal(join_open(&f_of_join.j, &f_of_join.mem, &secret_of_join, (folding){1, {"", 0}}, 100), 1);
  join_rules(&f_of_join.j, &f_of_join.rules);
  line("info msg 7: bytes 9 from <Ann@x> qp 41 uid 89", &o);
  assert_true(span_equal(o.from->key, span_of("Ann@x")));
  stop_of_join();
}

static void no_event(void **state)
{
  occurrence o;
  event e;
  (void)state;
  start_of_join("1/1h/remote");
  assert_int_equal(event_read(&e, span_of("status: local 0/10 remote 0/20")), EVENT_NONE);
  e.queue = (span){"", 0};
  assert_int_equal(join_event(&f_of_join.j, (span){"", 0}, &e, &o), 0);
  stop_of_join();
}

static void unknown_is_counted(void **state)
{
  occurrence o;
  (void)state;
  start_of_join("1/1h/fail");
  for (int i = 0; i < 3; i++)
    line("starting delivery 5: msg 8 to remote bob@y", &o);
  line("info msg 7: bytes 9 from <a@x> qp 41 uid 89", &o);
  line("starting delivery 6: msg 7 to remote bob@y", &o);
  assert_int_equal(f_of_join.j.unknown, 3);
  stop_of_join();
}

/* Messages come, are delivered and end in any order: the sender of one may lie where that of another did. */
static void its_own_sender(void **state)
{
  static char const *const from[] = {"ann@x", "bob@x", "cid.with-a-longer-name@x"};
  char const *of[4] = {0};
  uint64_t dice = 1;
  occurrence o;
  (void)state;
  start_of_join("1/1h/remote");
  for (int i = 1; i < 5000; i++) {
    int m = (int)chance_below(&dice, 4);
    char text[200];
    if (!of[m]) {
      of[m] = from[chance_below(&dice, 3)];
      sprintf(text, "info msg %d: bytes 9 from <%s> qp %d uid 89", m, of[m], i);
      line(text, &o);
    } else if (chance_below(&dice, 3)) {
      sprintf(text, "starting delivery %d: msg %d to remote r%d@y", i + 1, m, i);
      assert_string_equal(line(text, &o), "rRth");
      assert_true(span_equal(o.from->key, span_of(of[m])));
      sprintf(text, "delivery %d: success: ok", i + 1);
      line(text, &o);
    } else {
      sprintf(text, "end msg %d", m);
      line(text, &o);
      of[m] = 0;
    }
  }
  stop_of_join();
}

/* Does rule i apply to the sender of the last occurrence? */
static int applies(size_t i)
{
  return join_applies(&f_of_join.j, i);
}

/* Every second rule is for others, so that no two places of a byte of bits say the same. */
static void many_rules(void **state)
{
  char directives[20000] = "";
  occurrence o;
  (void)state;
  for (int i = 0; i < 200; i++)
    sprintf(strchr(directives, 0), "%s%c*@x 1/%dh/remote", i ? " " : "", i % 2 ? '-' : '+', i + 1);
  start_of_join(directives);
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  for (size_t i = 0; i < 200; i++)
    assert_int_equal(applies(i), i % 2 == 0);
  stop_of_join();
}

static void patterns(void **state)
{
  occurrence o;
  (void)state;
  start_of_join("-*@x 1/1h/remote +ann@x 2/1h/remote");
  line("info msg 7: bytes 9 from <ANN@x> qp 41 uid 89", &o);
  assert_false(applies(0));
  assert_true(applies(1));
  line("info msg 8: bytes 9 from <bob@x> qp 41 uid 89", &o);
  assert_false(applies(0));
  assert_false(applies(1));
  line("starting delivery 5: msg 7 to remote c@y", &o);
  assert_false(applies(0));
  assert_true(applies(1));
  line("info msg 9: bytes 9 from <> qp 41 uid 89", &o);
  assert_true(applies(0));
  stop_of_join();
}

/* A message that was announced under the old rules, and what the new ones say of it. */
static void new_rules(void **state)
{
  script newer = {0};
  script_error e;
  occurrence o;
  (void)state;
  start_of_join("-*@x 1/1h/remote");
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  assert_false(applies(0));
  assert_int_equal(script_add(&newer, "-*@y", &e), 1);
  assert_int_equal(script_add(&newer, "1/1h/remote", &e), 1);
  assert_int_equal(script_add(&newer, "1/1h/remote/domain", &e), 1);
  join_rules(&f_of_join.j, &newer);
  assert_string_equal(line("starting delivery 5: msg 7 to remote c@y", &o), "rRth");
  assert_true(applies(0) && applies(1));
  assert_true(span_equal(sender_domain(o.from), span_of("x")));
  assert_true(o.from->domain_hash == hash_bytes(&secret_of_join, 1, span_of("x")));
  stop_of_join();
  script_free(&newer);
}

/* The first rule on deliveries comes after a message. */
static void newly_asked(int can_change, char const *started, char const *failed)
{
  script newer = {0};
  script_error e;
  occurrence o = {.counts = 1};
  start_of_join("1/1h");
  f_of_join.j.changes = can_change;
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  assert_int_equal(script_add(&newer, "1/1h/remote", &e), 1);
  join_rules(&f_of_join.j, &newer);
  assert_string_equal(line("starting delivery 5: msg 7 to remote c@y", &o), started);
  assert_string_equal(line("delivery 5: failure: no", &o), failed);
  assert_int_equal(f_of_join.j.unknown, 0);
  stop_of_join();
  script_free(&newer);
}

static void newly_asked_as_said(void **state)
{
  (void)state;
  newly_asked(1, "rRth", "f");
}

static void newly_asked_unasked(void **state)
{
  (void)state;
  newly_asked(0, "-", "-");
}

/* While no rule asks for deliveries, delivery 5 ends and its number is given to another message. */
static void long_not_asked(void **state)
{
  script newer = {0};
  script_error e;
  occurrence o;
  (void)state;
  start_of_join("1/1h/fail");
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  line("starting delivery 5: msg 7 to remote c@y", &o);
  assert_int_equal(script_add(&newer, "1/1h", &e), 1);
  join_rules(&f_of_join.j, &newer);
  join_rules(&f_of_join.j, &f_of_join.rules);
  assert_string_equal(line("delivery 5: failure: no", &o), "-");
  line("starting delivery 6: msg 7 to remote d@y", &o);
  assert_string_equal(line("delivery 6: failure: no", &o), "f");
  stop_of_join();
  script_free(&newer);
}

static void share_is_bounded_of_join(void **state)
{
  char text[100];
  occurrence o;
  (void)state;
  start_with_of_join("1/1h/remote", 1000);
  for (int i = 2; i < 20000; i++) {
    snprintf(text, sizeof text, "info msg %d: bytes 9 from <Ann.with.a.name@long.example.org> qp %d uid 8", i,
             i);
    assert_string_equal(line(text, &o), "mBF");
    snprintf(text, sizeof text, "starting delivery %d: msg %d to remote c@y", i, i);
    assert_string_equal(line(text, &o), "rRth");
    snprintf(text, sizeof text, "delivery %d: failure: no", i);
    if (i % 2)
      assert_string_equal(line(text, &o), "f");
    assert_true(f_of_join.mem.used < 1010);
  }
  stop_of_join();
}

/* Messages that never end, of which no delivery starts. */
static void share_of_messages(void **state)
{
  char text[100];
  occurrence o;
  (void)state;
  start_with_of_join("1/1h/fail", 1000);
  for (int i = 2; i < 5000; i++) {
    snprintf(text, sizeof text, "info msg %d: bytes 9 from <Ann.with.a.name@long.example.org> qp %d uid 8", i,
             i);
    assert_string_equal(line(text, &o), "mBF");
    assert_true(f_of_join.mem.used < 1010);
  }
  stop_of_join();
}

/* Deliveries that are done before and after the end of their message. */
static void nothing_stays(void **state)
{
  char text[100];
  occurrence o;
  (void)state;
  start_of_join("1/1h/remote");
  for (int i = 2; i < 200; i++) {
    snprintf(text, sizeof text, "info msg %d: bytes 9 from <Ann@x> qp %d uid 8", i, i);
    line(text, &o);
    snprintf(text, sizeof text, "starting delivery %d: msg %d to remote c@y", i, i);
    line(text, &o);
    snprintf(text, sizeof text, i % 2 ? "end msg %d" : "delivery %d: success: ok", i);
    line(text, &o);
    snprintf(text, sizeof text, i % 2 ? "delivery %d: success: ok" : "end msg %d", i);
    line(text, &o);
    assert_int_equal(f_of_join.mem.used, 0);
  }
  stop_of_join();
}

int main(void)
{
  static rows_list list;

  rows_one(&list, "an empty set has no cells", empty);
  rows_one(&list, "100,000 random fingerprints are each new once", hundred_thousand);
  rows_one(&list, "a recipient takes at most 56 bytes, from the hundredth on", memory_a_recipient);
  rows_one(&list, "seven fingerprints share a cell", seven_in_a_cell);
  rows_one(&list, "fingerprints that differ in their last digit only are told apart", alike_to_the_end);
  rows_one(&list, "so are those that differ in their first digit only", alike_from_the_second);
  rows_one(&list, "any four bits tell sixteen fingerprints apart", every_bit);
  rows_one(&list, "0 is new among others, too", zero_among_others);
  rows_one(&list, "0 and 2^64-1 are fingerprints", extremes);
  rows_one(&list, "without memory what was known stays known, and no cell is lost", no_memory_of_seen);
  rows_one(&list, "messages without room for their tables are refused", no_room);
  rows_one(&list, "a message is known from its announcement to its end", known_until_its_end);
  rows_one(&list, "a number used again at once is a new message", number_used_again);
  rows_one(&list, "a new announcement of a number forgets all of the old message", new_one_forgets_the_old);
  rows_one(&list, "the same number with the same Q is the same message announced twice", announced_twice);
  rows_one(&list, "host and queue are part of a message's identity", origins_are_apart);
  rows_one(&list, "300,000 queues may have a message of one number each", many_origins);
  rows_one(&list, "numbers are of any size", numbers_of_all_sizes);
  rows_one(&list, "a recipient is tried first once a message, local and remote apart", first_tries);
  rows_one(&list, "5,000 recipients are remembered until the end", five_thousand_recipients);
  rows_one(&list, "an ended message stays until the last delivery is done with it", kept_for_its_deliveries);
  rows_one(&list, "its sender goes with it", sender_goes_with_it);
  rows_one(&list, "the oldest message is forgotten first", oldest_first);
  rows_one(&list, "without memory a message is not known, and nothing is lost", no_memory_of_messages);
  rows_one(&list, "200,000 random announcements and ends are those of an array", like_an_array);
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
  rows_one(&list, "so are those with different words after their number", suffixes_are_apart);
  rows_one(&list, "the same D again without an end replaces the older one", started_again);
  rows_one(&list, "also if both are of one message that ends", started_again_for_an_ended_message);
  rows_one(&list, "beyond 65,536 pending deliveries the oldest is forgotten", most_pending);
  rows_one(&list, "of 60,000 pending deliveries none is taken for another", many_numbers);
  rows_one(&list, "when the share is used up messages go before deliveries", messages_go_first);
  rows_one(&list, "without memory a delivery is not known, and nothing is lost", no_memory_of_delivery);
  rows_one(&list, "the share of memory is bounded and the youngest are known", share_is_bounded_of_delivery);
  rows_one(&list, "a run that begins again has nothing to do with those of others", beginnings_beside_many);
  ROWS_ADD(&list, rows, check);
  rows_one(&list, "an occurrence has message, Q, uid, sender and recipient", what_an_occurrence_says);
  rows_one(&list, "without rules on deliveries a message costs one cell, deliveries nothing",
           costs_nothing_unasked);
  rows_one(&list, "without rules on recipients they cost nothing", recipients_unasked);
  rows_one(&list, "exact senders are not folded", exact_senders);
  rows_one(&list, "what is no event is nobody's", no_event);
  rows_one(&list, "a delivery is of its own message's sender, wherever that is kept", its_own_sender);
  rows_one(&list, "deliveries of unknown messages are counted", unknown_is_counted);
  rows_one(&list, "patterns say which rules apply to the sender", patterns);
  rows_one(&list, "of many rules each has its own answer", many_rules);
  rows_one(&list, "messages are judged by the rules of now", new_rules);
  rows_one(&list, "a message from before any rule on deliveries has its sender if rules can come",
           newly_asked_as_said);
  rows_one(&list, "a message from before any rule on deliveries is nobody's if none can",
           newly_asked_unasked);
  rows_one(&list, "deliveries pending when no rule asks for any are nobody's later", long_not_asked);
  rows_one(&list, "the share of memory is bounded, and the youngest messages are known",
           share_is_bounded_of_join);
  rows_one(&list, "also where no delivery ever starts", share_of_messages);
  rows_one(&list, "of what is done nothing stays in memory", nothing_stays);
  return rows_run(&list, "join");
}
