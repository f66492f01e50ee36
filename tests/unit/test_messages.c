#include "rows.h"

#include "chance.h"
#include "mail/queue.h"
#include "mail/sender.h"
#include <errno.h>

typedef struct {
  pool mem;
  messages m;
} fixture;

static fixture f;
static hash_key const secret = {{9, 10}};

static void start(size_t bytes)
{
  pool_open(&f.mem, bytes, 0, 0);
  assert_int_equal(messages_open(&f.m, &f.mem, &secret, 100000), 1);
}

static void stop(void)
{
  assert_int_equal(f.m.cells, f.mem.used);
  messages_close(&f.m);
  assert_null(f.m.by_number.segment);
  assert_null(f.m.by_delivery.segment);
  pool_close(&f.mem);
}

static int announce(uint64_t origin, uint64_t number, uint64_t qp, cell *c)
{
  event e = {.kind = EVENT_INFO, .message = number, .qp = qp, .uid = 77};
  return message_announce(&f.m, origin, &e, c);
}

static cell announced(uint64_t origin, uint64_t number, uint64_t qp)
{
  cell c;
  assert_int_equal(announce(origin, number, qp, &c), 1);
  assert_int_not_equal(c, 0);
  return c;
}

static int try(cell c, char const *channel, char const *recipient)
{
  return message_first_try(&f.m, c, span_of(channel), span_of(recipient));
}

static void no_room(void **state)
{
  messages m;
  (void)state;
  for (size_t chunks = 0; chunks < 2; chunks++) {
    pool_open(&f.mem, chunks * POOL_CHUNK, 0, 0);
    errno = 0;
    assert_int_equal(messages_open(&m, &f.mem, &secret, 10), 0);
    assert_int_equal(errno, ENOMEM);
    messages_close(&m);
    pool_close(&f.mem);
  }
}

static void known_until_its_end(void **state)
{
  cell c;
  (void)state;
  start(1 << 20);
  assert_int_equal(message_find(&f.m, 0, 7), 0);
  c = announced(0, 7, 41);
  assert_int_equal(message_find(&f.m, 0, 7), c);
  assert_int_equal(message_at(&f.m, c)->number, 7);
  assert_int_equal(message_at(&f.m, c)->qp, 41);
  assert_int_equal(message_at(&f.m, c)->uid, 77);
  assert_int_equal(f.m.by_number.nodes, 1);
  message_end(&f.m, 0, 7);
  assert_int_equal(message_find(&f.m, 0, 7), 0);
  assert_int_equal(f.m.by_number.nodes, 0);
  assert_int_equal(f.mem.used, 0);
  message_end(&f.m, 0, 7);
  stop();
}

static void number_used_again(void **state)
{
  cell c;
  (void)state;
  start(1 << 20);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  message_end(&f.m, 0, 7);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  stop();
}

static void new_one_forgets_the_old(void **state)
{
  cell c;
  (void)state;
  start(1 << 20);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  c = announced(0, 7, 42);
  assert_int_equal(message_at(&f.m, c)->qp, 42);
  assert_int_equal(f.m.by_number.nodes, 1);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  stop();
}

static void announced_twice(void **state)
{
  cell c, again;
  (void)state;
  start(1 << 20);
  c = announced(0, 7, 41);
  assert_int_equal(try(c, "remote", "bob@x"), 1);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(announce(0, 7, 41, &again), 0);
    assert_int_equal(message_find(&f.m, 0, 7), c);
  }
  assert_int_equal(try(c, "remote", "bob@x"), 0);
  assert_int_equal(f.m.by_number.nodes, 1);
  stop();
}

static void origins_are_apart(void **state)
{
  uint64_t origin[6];
  (void)state;
  start(1 << 20);
  origin[0] = messages_origin(&f.m, (span){"", 0}, (span){"", 0});
  origin[1] = messages_origin(&f.m, (span){"", 0}, span_of("q1"));
  origin[2] = messages_origin(&f.m, (span){"", 0}, span_of("q2"));
  origin[3] = messages_origin(&f.m, span_of("q1"), (span){"", 0});
  origin[4] = messages_origin(&f.m, span_of("q1"), span_of("q2"));
  origin[5] = messages_origin(&f.m, span_of("q2"), span_of("q1"));
  for (uint64_t i = 0; i < 6; i++)
    announced(origin[i], 7, i);
  assert_int_equal(f.m.by_number.nodes, 6);
  for (uint64_t i = 0; i < 6; i++)
    assert_int_equal(message_at(&f.m, message_find(&f.m, origin[i], 7))->qp, i);
  message_end(&f.m, origin[1], 7);
  assert_int_equal(message_find(&f.m, origin[1], 7), 0);
  assert_int_equal(f.m.by_number.nodes, 5);
  stop();
}

/* So many that some of their hashes in the table are the same. */
static void many_origins(void **state)
{
  cell c;
  (void)state;
  start(64 << 20);
  for (uint64_t i = 0; i < 300000; i++)
    assert_int_equal(announce(i, 7, i, &c), 1);
  assert_int_equal(f.m.by_number.nodes, 300000);
  stop();
}

static void numbers_of_all_sizes(void **state)
{
  static uint64_t const numbers[] = {0, 1, UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX - 1, UINT64_MAX};
  (void)state;
  start(1 << 20);
  for (size_t i = 0; i < 6; i++)
    announced(0, numbers[i], i);
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(message_at(&f.m, message_find(&f.m, 0, numbers[i]))->qp, i);
  stop();
}

static void first_tries(void **state)
{
  cell c, other;
  (void)state;
  start(1 << 20);
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
  stop();
}

static void five_thousand_recipients(void **state)
{
  char to[16];
  cell c;
  (void)state;
  start(4 << 20);
  c = announced(0, 7, 41);
  for (int turn = 0; turn < 2; turn++)
    for (int i = 0; i < 5000; i++) {
      for (int k = 0; k < 8; k++)
        to[k] = (char)('a' + (i >> 2 * k) % 4);
      to[8] = 0;
      assert_int_equal(try(c, "remote", to), !turn);
      assert_int_equal(f.m.cells, f.mem.used);
    }
  message_end(&f.m, 0, 7);
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void kept_for_its_deliveries(void **state)
{
  cell c;
  (void)state;
  start(1 << 20);
  c = announced(0, 7, 41);
  message_at(&f.m, c)->deliveries = 2;
  message_end(&f.m, 0, 7);
  assert_int_equal(message_find(&f.m, 0, 7), 0);
  assert_int_equal(f.mem.used, 1);
  assert_int_equal(message_at(&f.m, c)->qp, 41);
  message_at(&f.m, c)->deliveries = 1;
  message_release(&f.m, c);
  assert_int_equal(f.mem.used, 1);
  message_at(&f.m, c)->deliveries = 0;
  message_release(&f.m, c);
  assert_int_equal(f.mem.used, 0);
  c = announced(0, 7, 41);
  message_release(&f.m, c);
  assert_int_equal(message_find(&f.m, 0, 7), c);
  assert_int_equal(f.mem.used, 1);
  stop();
}

static void sender_goes_with_it(void **state)
{
  static sender s;
  folding how = {0, {"", 0}};
  cell c;
  (void)state;
  start(1 << 20);
  c = announced(0, 7, 41);
  sender_fold(&s, span_of("ann.with.a.name.that.takes.more.than.one.cell@mail.example.org"), &how, &secret);
  message_at(&f.m, c)->sender = sender_store(&f.mem, &s, &f.m.cells);
  assert_true(f.m.cells > 2);
  message_end(&f.m, 0, 7);
  assert_int_equal(f.m.cells, 0);
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void oldest_first(void **state)
{
  static uint64_t const order[] = {1, 4, 5, 6, 7, 8, 2};
  (void)state;
  start(1 << 20);
  for (uint64_t i = 0; i < 10; i++)
    announced(0, i, i);
  message_end(&f.m, 0, 0);
  message_end(&f.m, 0, 3);
  message_end(&f.m, 0, 9);
  announced(0, 2, 100); /* the number again: now it is the youngest */
  for (size_t i = 0; i < 7; i++) {
    assert_int_not_equal(message_find(&f.m, 0, order[i]), 0);
    message_forget_oldest(&f.m);
    assert_int_equal(message_find(&f.m, 0, order[i]), 0);
    assert_int_equal(f.m.by_number.nodes, 6 - i);
  }
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void no_memory(void **state)
{
  cell c;
  (void)state;
  start(3 * POOL_CHUNK);
  c = announced(0, 7, 41);
  while (pool_take(&f.mem))
    ;
  assert_int_equal(announce(0, 8, 42, &c), 1);
  assert_int_equal(c, 0);
  assert_int_equal(message_find(&f.m, 0, 8), 0);
  c = message_find(&f.m, 0, 7);
  assert_int_equal(try(c, "remote", "bob@x"), 0);
  message_end(&f.m, 0, 7);
  assert_int_equal(f.m.cells, 0);
  messages_close(&f.m);
  pool_close(&f.mem);
}

static void like_an_array(void **state)
{
  static uint64_t qp[2][3000];
  uint64_t dice = 1;
  (void)state;
  memset(qp, 0, sizeof qp);
  start(8 << 20);
  for (uint64_t i = 1; i < 200000; i++) {
    uint64_t origin = chance_below(&dice, 2), number = chance_below(&dice, 3000),
             *known = &qp[origin][number];
    cell c = message_find(&f.m, origin, number);
    assert_int_equal(c != 0, *known != 0);
    if (c)
      assert_int_equal(message_at(&f.m, c)->qp, *known);
    if (chance_below(&dice, 3)) {
      uint64_t q = chance_below(&dice, 4) || !*known ? i : *known;
      assert_int_equal(announce(origin, number, q, &c), q != *known);
      *known = q;
    } else {
      message_end(&f.m, origin, number);
      *known = 0;
    }
  }
  stop();
}

int main(void)
{
  static rows_list list;
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
  rows_one(&list, "without memory a message is not known, and nothing is lost", no_memory);
  rows_one(&list, "200,000 random announcements and ends are those of an array", like_an_array);
  return rows_run(&list, "messages");
}
