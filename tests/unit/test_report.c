#include "sayings.h"

#include "watch/report.h"
#include <malloc.h>

#define MEMORY ((size_t)16 << 20)

static world w;

static void many_msgs(int64_t when, char const *from, int count)
{
  while (count--)
    world_msg(&w, when, from);
}

/* Ends the stat line's figures that depend on memory. */
static void expect_report(size_t top, uint64_t lost, char const *said)
{
  char *memory;
  report_write(&w.t, top, lost);
  memory = strstr(w.said.s + w.said.told, "memory=");
  assert_int_equal(strtoull(memory + 7, 0, 10), w.t.mem.bytes);
  strcpy(memory, "\n");
  world_expect(&w, said);
}

static void empty(void **state)
{
  (void)state;
  world_open(&w, "9/1h", MEMORY, 1);
  expect_report(5, 0,
                "@0 peaks 9/1h/msg/sender keys=0 p50=0 p90=0 p99=0 p99.9=0 max=0\n"
                "@0 stat lines=0 events=0 odd=0 unknown=0 late=0 messages=0 over=0 alerts=0 lost=0 \n");
  world_close(&w);
}

/* By peak, then total, then key. */
static void busiest_first(void **state)
{
  (void)state;
  world_open(&w, "9/10s", MEMORY, 1);
  many_msgs(0, "c@x", 2);
  many_msgs(0, "b@x", 2);
  many_msgs(0, "a@x", 1);
  many_msgs(1, "d@x", 1);
  many_msgs(100, "a@x", 2);
  many_msgs(100, "e@x", 4);
  expect_report(9, 0,
                "@100 top 9/10s/msg/sender e@x now=4 peak=4 at=@100 total=4 over=0\n"
                "@100 top 9/10s/msg/sender a@x now=2 peak=2 at=@100 total=3 over=0\n"
                "@100 top 9/10s/msg/sender b@x now=0 peak=2 at=@0 total=2 over=0\n"
                "@100 top 9/10s/msg/sender c@x now=0 peak=2 at=@0 total=2 over=0\n"
                "@100 top 9/10s/msg/sender d@x now=0 peak=1 at=@1 total=1 over=0\n"
                "@100 peaks 9/10s/msg/sender keys=5 p50=2 p90=4 p99=4 p99.9=4 max=4\n"
                "@100 stat lines=12 events=12 odd=0 unknown=0 late=0 messages=12 over=0 alerts=0 lost=0 \n");
  world_close(&w);
}

/* Equally busy, and some are the beginning of others. */
static void in_the_order_of_a_dictionary(void **state)
{
  static char const *const keys[] = {"bb", "b", "a@x", "ab", "a", "abc", "b@"};
  static char const *const want[] = {"a", "a@x", "ab", "abc", "b", "b@", "bb"};
  (void)state;
  world_open(&w, "9/10s", MEMORY, 1);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    many_msgs(0, keys[i], 2);
  report_write(&w.t, 9, 0);
  char const *s = w.said.s;
  for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
    char top[64];
    snprintf(top, sizeof top, " top 9/10s/msg/sender %s now=2 ", want[i]);
    s = strstr(s, top);
    assert_non_null(s);
  }
  world_close(&w);
}

static void all_of_a_few(void **state)
{
  (void)state;
  world_open(&w, "9/10s", MEMORY, 1);
  many_msgs(0, "a@x", 2);
  many_msgs(0, "b@x", 1);
  many_msgs(0, "c@x", 3);
  expect_report(9, 0,
                "@0 top 9/10s/msg/sender c@x now=3 peak=3 at=@0 total=3 over=0\n"
                "@0 top 9/10s/msg/sender a@x now=2 peak=2 at=@0 total=2 over=0\n"
                "@0 top 9/10s/msg/sender b@x now=1 peak=1 at=@0 total=1 over=0\n"
                "@0 peaks 9/10s/msg/sender keys=3 p50=2 p90=3 p99=3 p99.9=3 max=3\n"
                "@0 stat lines=6 events=6 odd=0 unknown=0 late=0 messages=6 over=0 alerts=0 lost=0 \n");
  world_close(&w);
}

static void as_many_as_asked_for(void **state)
{
  unsigned int tops = 0;
  (void)state;
  world_open(&w, "900/1h", MEMORY, 1);
  for (int i = 0; i < 200; i++) {
    char from[16];
    snprintf(from, sizeof from, "k%03d@x", (i * 77) % 200);
    many_msgs(0, from, 1 + (i * 77) % 200 / 10);
  }
  report_write(&w.t, 7, 0);
  for (char const *s = w.said.s; (s = strstr(s, " top ")); s++)
    tops++;
  assert_int_equal(tops, 7);
  assert_non_null(strstr(w.said.s, "k190@x now=20 peak=20"));
  assert_null(strstr(w.said.s, "k197@x"));
  assert_non_null(strstr(w.said.s, "keys=200 p50=10 p90=18 p99=20 p99.9=20 max=20"));
  w.said.told = w.said.len;
  report_write(&w.t, 0, 0);
  assert_null(strstr(w.said.s + w.said.told, " top "));
  world_close(&w);
}

/* Nearest rank: of 1,000 keys with peaks of 1 to 1,000 the p99 is 990. */
static void percentiles(void **state)
{
  (void)state;
  world_open(&w, "1000000/1h/byte", MEMORY, 1);
  for (int i = 1; i <= 1000; i++)
    world_line(&w, 0, "info msg %d: bytes %d from <k%d@x> qp 1 uid 2", i, i, i);
  report_write(&w.t, 0, 0);
  assert_non_null(strstr(w.said.s, "keys=1000 p50=500 p90=900 p99=990 p99.9=999 max=1000\n"));
  world_close(&w);
}

static void single_and_empty_ones(void **state)
{
  (void)state;
  world_open(&w, "1000000/1h/byte", MEMORY, 1);
  for (int i = 0; i < 20; i++)
    world_line(&w, 0, "info msg %d: bytes %d from <k%d@x> qp 1 uid 2", i, i < 10 ? 0 : i < 18 ? 1 : 5, i);
  report_write(&w.t, 0, 0);
  assert_non_null(strstr(w.said.s, "keys=20 p50=0 p90=1 p99=5 p99.9=5 max=5\n"));
  world_close(&w);
}

static void figures(void **state)
{
  (void)state;
  world_open(&w, "1/10s 3/1h/remote", MEMORY, 1);
  many_msgs(0, "a@x", 3);
  world_line(&w, 0, "starting delivery 2: msg 99999 to remote b@y");
  world_line(&w, -1, "end msg 999");
  many_msgs(20, "a@x", 2);
  w.said.told = w.said.len;
  expect_report(1, 7,
                "@20 top 1/10s/msg/sender a@x now=2 peak=3 at=@0 total=5 over=2\n"
                "@20 peaks 1/10s/msg/sender keys=1 p50=3 p90=3 p99=3 p99.9=3 max=3\n"
                "@20 peaks 3/1h/remote/sender keys=0 p50=0 p90=0 p99=0 p99.9=0 max=0\n"
                "@20 stat lines=7 events=5 odd=0 unknown=1 late=1 messages=5 over=1 alerts=4 lost=7 \n");
  world_close(&w);
}

/* PERIOD is over at its last instant; what is a nanosecond younger would still count. */
static void to_the_instant(void **state)
{
  (void)state;
  world_open(&w, "9/10s", MEMORY, 1);
  many_msgs(0, "a@x", 1);
  many_msgs(0, "b@x", 2);
  many_msgs(1, "c@x", 1);
  world_line(&w, 10, "end msg 999");
  report_write(&w.t, 9, 0);
  assert_non_null(strstr(w.said.s, " a@x now=0 peak=1 "));
  assert_non_null(strstr(w.said.s, " b@x now=0 peak=2 "));
  assert_non_null(strstr(w.said.s, " c@x now=1 peak=1 "));
  world_close(&w);
}

static void no_memory_stays(void **state)
{
  size_t before;
  (void)state;
  world_open(&w, "9/10s", MEMORY, 0);
  many_msgs(0, "a@x", 2);
  report_write(&w.t, 9, 0);
  before = mallinfo2().uordblks;
  for (int i = 0; i < 100; i++)
    report_write(&w.t, 9, 0);
  assert_int_equal(mallinfo2().uordblks, before);
  world_close(&w);
}

static void of_the_moment(void **state)
{
  (void)state;
  world_open(&w, "9/10s", MEMORY, 0);
  many_msgs(0, "a@x", 2);
  many_msgs(100, "b@x", 1);
  report_write(&w.t, 5, 0);
  assert_null(strstr(w.said.s, "a@x"));
  assert_non_null(strstr(w.said.s, "top 9/10s/msg/sender b@x now=1 peak=1 at=@"));
  world_close(&w);
}

/* A report is not an event: what comes after is counted as without it. */
static void changes_nothing(void **state)
{
  (void)state;
  world_open(&w, "3/10s", MEMORY, 0);
  for (int i = 0; i < 3; i++) {
    world_msg(&w, i, "a@x");
    report_write(&w.t, 5, 0);
  }
  w.said.told = w.said.len;
  world_line(&w, 3, "info msg 777: bytes 1 from <a@x> qp 1 uid 2");
  world_expect(&w, "@3 over 3/10s/msg/sender a@x count=4 within=3 msg=777 qp=1 uid=2 from=a@x\n");
  report_write(&w.t, 5, 0);
  w.said.told = w.said.len;
  world_line(&w, 11, "end msg 999");
  world_expect(&w, "@10 under 3/10s/msg/sender a@x count=3 peak=4 total=4 since=@3 lasted=7\n");
  world_close(&w);
}

int main(void)
{
  static rows_list list;
  rows_one(&list, "without a key there are zeros", empty);
  rows_one(&list, "the busiest come first, by peak, then total, then key", busiest_first);
  rows_one(&list, "of equally busy ones, those that others begin with come first",
           in_the_order_of_a_dictionary);
  rows_one(&list, "those that had one message are among them", all_of_a_few);
  rows_one(&list, "there are as many as asked for, out of any number", as_many_as_asked_for);
  rows_one(&list, "percentiles are nearest-rank", percentiles);
  rows_one(&list, "keys with peaks of 0 and 1 are keys", single_and_empty_ones);
  rows_one(&list, "episodes, late lines, unknown deliveries and losses have their figures", figures);
  rows_one(&list, "now is what counts at that instant", to_the_instant);
  rows_one(&list, "a report leaves no memory taken", no_memory_stays);
  rows_one(&list, "without -r it says what is in memory at the moment", of_the_moment);
  rows_one(&list, "a report changes nothing", changes_nothing);
  return rows_run(&list, "report");
}
