
#include "sayings.h"
#include "chance.h"
#include "log/lines.h"
#include "watch/report.h"
#include <time.h>

#define MEMORY_OF_TAP ((size_t)16 << 20)

static world w_of_tap;

static void over_and_under(void **state)
{
  (void)state;
  world_open(&w_of_tap, "2/1h", MEMORY_OF_TAP, 0);
  world_clock(&w_of_tap, 5000, 5000);
  for (int i = 1; i <= 3; i++)
    world_line(&w_of_tap, i, "info msg 7%d: bytes 900 from <Ann@x> qp 4%d uid 89", i, i);
  world_expect(&w_of_tap, "@3 over 2/1h/msg/sender ann@x count=3 within=2 msg=73 qp=43 uid=89 from=Ann@x\n");
  world_line(&w_of_tap, 3600, "end msg 999");
  world_expect(&w_of_tap, "");
  world_line(&w_of_tap, 4000, "end msg 999");
  world_expect(&w_of_tap, "@3601 under 2/1h/msg/sender ann@x count=2 peak=3 total=3 since=@3 lasted=3598\n");
  world_close(&w_of_tap);
}

/* The under lines due by then, then over and more in the order of the script. */
static void order_of_lines(void **state)
{
  (void)state;
  world_open(&w_of_tap, "1/10s/msg/all 0/20s 2/10s/msg/uid", MEMORY_OF_TAP, 0);
  world_msg(&w_of_tap, 0, "a@x");
  world_expect(&w_of_tap, "@0 over 0/20s/msg/sender a@x count=1 within=0 msg=1 qp=1 uid=89 from=a@x\n");
  world_msg(&w_of_tap, 1, "b@x");
  world_msg(&w_of_tap, 2, "c@x");
  world_expect(&w_of_tap, "@1 over 1/10s/msg/all * count=2 within=1 msg=2 qp=2 uid=89 from=b@x\n"
                          "@1 over 0/20s/msg/sender b@x count=1 within=0 msg=2 qp=2 uid=89 from=b@x\n"
                          "@2 more 1/10s/msg/all * count=3 within=2 msg=3 qp=3 uid=89 from=c@x\n"
                          "@2 over 0/20s/msg/sender c@x count=1 within=0 msg=3 qp=3 uid=89 from=c@x\n"
                          "@2 over 2/10s/msg/uid 89 count=3 within=2 msg=3 qp=3 uid=89 from=c@x\n");
  world_msg(&w_of_tap, 21, "d@x");
  world_expect(&w_of_tap, "@10 under 2/10s/msg/uid 89 count=2 peak=3 total=3 since=@2 lasted=8\n"
                          "@11 under 1/10s/msg/all * count=1 peak=3 total=3 since=@1 lasted=10\n"
                          "@20 under 0/20s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=20\n"
                          "@21 under 0/20s/msg/sender b@x count=0 peak=1 total=1 since=@1 lasted=20\n"
                          "@21 over 0/20s/msg/sender d@x count=1 within=0 msg=4 qp=4 uid=89 from=d@x\n");
  world_close(&w_of_tap);
}

static void new_timeline(void **state)
{
  (void)state;
  world_open(&w_of_tap, "0/1h", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, 1000, "info msg 100: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w_of_tap, 1001, "info msg 101: bytes 9 from <b@x> qp 1 uid 2");
  world_line(&w_of_tap, 701, "info msg 102: bytes 9 from <a@x> qp 1 uid 2"); /* late, at 1001 */
  w_of_tap.said.told = w_of_tap.said.len;
  world_line(&w_of_tap, 700, "info msg 103: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "@1001 under 0/1h/msg/sender a@x count=0 peak=2 total=2 since=@1000 lasted=1\n"
                          "@1001 under 0/1h/msg/sender b@x count=0 peak=1 total=1 since=@1001 lasted=0\n"
                          "@700 note timeline back=301\n"
                          "@700 over 0/1h/msg/sender a@x count=1 within=0 msg=103 qp=1 uid=2 from=a@x\n");
  assert_int_equal(w_of_tap.t.watch.late, 1);
  world_close(&w_of_tap);
}

static void messages_outlive_a_timeline(void **state)
{
  (void)state;
  world_open(&w_of_tap, "0/1h/remote", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, 1000, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w_of_tap, 1000, "starting delivery 5: msg 7 to local b@x");
  world_line(&w_of_tap, 0, "starting delivery 6: msg 7 to remote c@y");
  world_expect(&w_of_tap,
               "@0 note timeline back=1000\n"
               "@0 over 0/1h/remote/sender a@x count=1 within=0 msg=7 qp=1 uid=2 from=a@x to=c@y\n");
  world_close(&w_of_tap);
}

static void timeline_notes_are_rare(void **state)
{
  unsigned int notes = 0;
  (void)state;
  world_open(&w_of_tap, "9/1h", MEMORY_OF_TAP, 0);
  world_clock(&w_of_tap, 60000, 60000);
  for (int i = 0; i < 5000; i++)
    world_line(&w_of_tap, i % 2 ? 0 : 50000,
               "end msg 999"); /* back with every other line: the 2nd, 1,002nd, ... */
  for (char const *s = w_of_tap.said.s; (s = strstr(s, "note timeline")); s++)
    notes++;
  assert_int_equal(notes, 5);
  world_close(&w_of_tap);
}

/* One line less than 1,000 after the last note there is none, 1,000 lines after it there is. */
static void timeline_notes_to_the_line(void **state)
{
  (void)state;
  for (int gap = 999; gap <= 1000; gap++) {
    world_open(&w_of_tap, "9/1h", MEMORY_OF_TAP, 0);
    world_clock(&w_of_tap, 60000, 60000);
    world_line(&w_of_tap, 1000, "end msg 999");
    world_line(&w_of_tap, 0, "end msg 999");
    for (int i = 1; i < gap; i++)
      world_line(&w_of_tap, 1000, "end msg 999");
    world_line(&w_of_tap, 0, "end msg 999");
    world_expect(&w_of_tap, gap == 1000 ? "@0 note timeline back=1000\n@0 note timeline back=1000\n"
                                        : "@0 note timeline back=1000\n");
    world_close(&w_of_tap);
  }
}

static void full_notes_are_rare(void **state)
{
  uint64_t told = 0;
  unsigned int notes = 0;
  (void)state;
  world_open(&w_of_tap, "5/1d", TAP_MEMORY, 0);
  for (int i = 0; i < 30000; i++) {
    char from[32];
    snprintf(from, sizeof from, "k%d@x", i);
    world_msg(&w_of_tap, i / 100, from);
  }
  for (char const *s = w_of_tap.said.s; (s = strstr(s, "note full evicted=")); s++) {
    told += strtoull(s + 18, 0, 10);
    notes++;
  }
  assert_in_range(notes, 2, 5);
  assert_true(told > 0 && told <= w_of_tap.t.watch.store.evicted);
  assert_int_equal(told, w_of_tap.t.watch.full_told);
  assert_true(w_of_tap.t.mem.bytes <= TAP_MEMORY);
  world_close(&w_of_tap);
}

/* Says what was said meanwhile. */
static char const *flood(int64_t when, int senders)
{
  static int number;
  size_t before = w_of_tap.said.len;
  char from[32];
  while (senders--) {
    snprintf(from, sizeof from, "f%d@x", number++);
    world_msg(&w_of_tap, when, from);
  }
  return w_of_tap.said.s + before;
}

static void full_notes_to_the_minute(void **state)
{
  uint64_t evicted;
  (void)state;
  world_open(&w_of_tap, "5/1d", TAP_MEMORY, 0);
  while (!strstr(flood(0, 1), " note full evicted="))
    ;
  evicted = w_of_tap.t.watch.store.evicted;
  assert_string_equal(flood(59, 50), "");
  assert_true(w_of_tap.t.watch.store.evicted > evicted);
  assert_non_null(strstr(flood(60, 1), " note full evicted="));
  assert_string_equal(flood(60, 50), "");
  world_close(&w_of_tap);
}

/* Its clock begins anew, and so does the minute. */
static void full_note_of_a_new_timeline(void **state)
{
  (void)state;
  world_open(&w_of_tap, "5/1d", TAP_MEMORY, 0);
  while (!strstr(flood(1000, 1), " note full evicted="))
    ;
  world_line(&w_of_tap, 0, "end msg 999");
  while (!strstr(flood(1, 1), " note full evicted="))
    ;
  assert_non_null(strstr(flood(61, 50), " note full evicted="));
  world_close(&w_of_tap);
}

static void timer_of_a_live_log(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w_of_tap, "0/10s", MEMORY_OF_TAP, 0);
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 0);
  world_raw(&w_of_tap, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "@0 over 0/10s/msg/sender a@x count=1 within=0 msg=7 qp=1 uid=2 from=a@x\n");
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 1);
  assert_int_equal(mono, 15 * SECOND);
  world_clock(&w_of_tap, 9, 9);
  tap_tick(&w_of_tap.t);
  world_expect(&w_of_tap, "");
  world_clock(&w_of_tap, 12, 12);
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 1);
  assert_int_equal(mono, 17 * SECOND);
  world_clock(&w_of_tap, 10, 10);
  tap_tick(&w_of_tap.t);
  world_expect(&w_of_tap, "@10 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n");
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 0);
  world_close(&w_of_tap);
}

/* The clock is set ahead by a day: nothing fires, labels move; since is what the label of the over line said.
 */
static void clock_set_while_over(void **state)
{
  (void)state;
  world_open(&w_of_tap, "0/10s", MEMORY_OF_TAP, 0);
  world_raw(&w_of_tap, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w_of_tap.said.told = w_of_tap.said.len;
  world_clock(&w_of_tap, 86405, 5);
  tap_tick(&w_of_tap.t);
  world_raw(&w_of_tap, "status: x");
  world_expect(&w_of_tap, "");
  world_clock(&w_of_tap, 86410, 10);
  tap_tick(&w_of_tap.t);
  world_expect(&w_of_tap, "@86410 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n");
  world_close(&w_of_tap);
}

static void timer_of_a_stamped_log(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w_of_tap, "0/10s", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, 27, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w_of_tap.said.told = w_of_tap.said.len;
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 1);
  assert_int_equal(mono, 15 * SECOND);
  world_clock(&w_of_tap, 10, 10);
  tap_tick(&w_of_tap.t);
  world_expect(&w_of_tap, "@37 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@27 lasted=10\n");
  world_close(&w_of_tap);
}

/* A stamp that is older than the end that the timer saw counts there. */
static void after_the_timer(void **state)
{
  (void)state;
  world_open(&w_of_tap, "0/10s", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_clock(&w_of_tap, 20, 20);
  tap_tick(&w_of_tap.t);
  w_of_tap.said.told = w_of_tap.said.len;
  world_line(&w_of_tap, 9, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "@10 over 0/10s/msg/sender a@x count=1 within=0 msg=8 qp=1 uid=2 from=a@x\n");
  world_close(&w_of_tap);
}

static void no_timer_in_a_replay(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w_of_tap, "0/10s", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, -1000, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w_of_tap.said.told = w_of_tap.said.len;
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 0);
  world_clock(&w_of_tap, 5000, 5000);
  tap_tick(&w_of_tap.t);
  world_expect(&w_of_tap, "");
  world_line(&w_of_tap, -990, "end msg 999");
  world_expect(&w_of_tap, "@-990 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@-1000 lasted=10\n");
  world_close(&w_of_tap);
}

/* Two ways in which episodes end, or are dropped, before their time. */
static void no_timer_without_an_episode(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w_of_tap, "0/1h", MEMORY_OF_TAP, 0);
  world_raw(&w_of_tap, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 1);
  world_line(&w_of_tap, 200, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 1);
  world_line(&w_of_tap, -200, "end msg 999");
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 0);
  world_close(&w_of_tap);
  world_open(&w_of_tap, "0/1h", MEMORY_OF_TAP, 0);
  world_raw(&w_of_tap, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w_of_tap, 0, "end msg 999");
  assert_int_equal(tap_deadline(&w_of_tap.t, &mono), 0);
  world_close(&w_of_tap);
}

/* Whatever a line says that is no event, it is no time. */
static void quiet_lines_say_no_time(void **state)
{
  static int64_t const whens[] = {-86400, -301, 9, 11, 300, 86400};
  (void)state;
  for (size_t i = 0; i < sizeof whens / sizeof *whens; i++) {
    lines pieces = {0};
    char in[100];
    size_t n = label_fmt(in, (NOON + whens[i]) * SECOND);
    n += (size_t)sprintf(in + n, " status: local 1/10 remote 2/20\n");
    world_open(&w_of_tap, "0/10s", MEMORY_OF_TAP, 0);
    world_line(&w_of_tap, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
    w_of_tap.said.told = w_of_tap.said.len;
    lines_feed(&pieces, (span){in, n}, &tap_line, &w_of_tap.t);
    world_expect(&w_of_tap, "");
    assert_int_equal(timeline_present(&w_of_tap.t.watch.clock), NOON * SECOND);
    world_line(&w_of_tap, 5, "info msg 8: bytes 9 from <a@x> qp 2 uid 2");
    world_expect(&w_of_tap, "");
    world_line(&w_of_tap, 15, "end msg 8");
    world_expect(&w_of_tap, "@15 under 0/10s/msg/sender a@x count=0 peak=2 total=2 since=@0 lasted=15\n");
    assert_int_equal(w_of_tap.t.lines, 4);
    world_close(&w_of_tap);
  }
}

/* Deliveries are events if a rule needs them. */
static void deliveries_move_the_clock_if_needed(void **state)
{
  (void)state;
  for (int needed = 0; needed < 2; needed++) {
    world_open(&w_of_tap, needed ? "0/10s 9/1h/fail" : "0/10s", MEMORY_OF_TAP, 0);
    world_line(&w_of_tap, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
    w_of_tap.said.told = w_of_tap.said.len;
    world_line(&w_of_tap, 20, "starting delivery 5: msg 7 to remote c@y");
    world_expect(&w_of_tap,
                 needed ? "@10 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n" : "");
    world_close(&w_of_tap);
  }
}

static void matching_lines_move_the_clock(void **state)
{
  (void)state;
  world_open(&w_of_tap, "0/10s -bob 9/1h/line/user=", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w_of_tap.said.told = w_of_tap.said.len;
  world_line(&w_of_tap, 20, "user=");
  world_expect(&w_of_tap, "");
  world_line(&w_of_tap, 20, "user=bob");
  world_expect(&w_of_tap, "@10 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n");
  world_close(&w_of_tap);
}

/* A banner with a stamp in a log without makes it none with. */
static void banner_in_a_live_log(void **state)
{
  (void)state;
  world_open(&w_of_tap, "1/1s", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, -60, "qmail-send starting");
  for (int i = 0; i < 3; i++) {
    world_clock(&w_of_tap, 2 * i, 2 * i);
    world_raw(&w_of_tap,
              i ? "info msg 8: bytes 9 from <a@x> qp 2 uid 2" : "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
    world_raw(&w_of_tap, "end msg 8");
  }
  world_expect(&w_of_tap, "");
  world_close(&w_of_tap);
}

static void before_the_first_stamp(void **state)
{
  (void)state;
  world_open(&w_of_tap, "1/1h 0/1h/remote", MEMORY_OF_TAP, 0);
  world_raw(&w_of_tap, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_raw(&w_of_tap, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "@0 over 1/1h/msg/sender a@x count=2 within=0 msg=8 qp=1 uid=2 from=a@x\n");
  world_line(&w_of_tap, -500, "info msg 9: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "@0 under 1/1h/msg/sender a@x count=0 peak=2 total=2 since=@0 lasted=0\n");
  world_line(&w_of_tap, -499, "starting delivery 5: msg 7 to remote c@y");
  world_expect(&w_of_tap,
               "@-499 over 0/1h/remote/sender a@x count=1 within=0 msg=7 qp=1 uid=2 from=a@x to=c@y\n");
  world_close(&w_of_tap);
}

static void future_stamp_is_read(void **state)
{
  (void)state;
  world_open(&w_of_tap, "1/10s", MEMORY_OF_TAP, 0);
  world_line(&w_of_tap, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w_of_tap, 86401, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "@0 over 1/10s/msg/sender a@x count=2 within=0 msg=8 qp=1 uid=2 from=a@x\n");
  world_close(&w_of_tap);
}

static void restored(void **state)
{
  (void)state;
  world_open(&w_of_tap, "1/1h", MEMORY_OF_TAP, 0);
  tap_restore(&w_of_tap.t, 1);
  for (int i = 0; i < 3; i++)
    world_msg(&w_of_tap, -600 + i, "a@x");
  world_msg(&w_of_tap, -500, "b@x");
  world_msg(&w_of_tap, 90000, "b@x"); /* a day ahead is no time, as in a replay: it counts where the log is */
  world_expect(&w_of_tap, "");
  tap_restore(&w_of_tap.t, 0);
  world_expect(&w_of_tap, "@-500 note restored lines=5 over=2\n");
  tap_start(&w_of_tap.t);
  world_expect(&w_of_tap, "@0 note start rules=1 over=2\n"
                          "@0 still 1/1h/msg/sender a@x count=3 peak=3 total=3 since=@-599 from=a@x\n"
                          "@0 still 1/1h/msg/sender b@x count=2 peak=2 total=2 since=@-500 from=b@x\n");
  world_clock(&w_of_tap, 2, 2);
  world_raw(&w_of_tap, "info msg 700: bytes 9 from <c@x> qp 1 uid 2");
  world_raw(&w_of_tap, "info msg 701: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "");
  world_raw(&w_of_tap, "info msg 702: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w_of_tap, "@2 more 1/1h/msg/sender a@x count=5 within=602 msg=702 qp=1 uid=2 from=a@x\n");
  world_close(&w_of_tap);
}

/* With a program: who was over hours ago is not now, and nobody is told; for the others there is a timer. */
static void restored_long_ago(void **state)
{
  int64_t when;
  (void)state;
  world_open(&w_of_tap, "1/1h", MEMORY_OF_TAP, 0);
  tap_restore(&w_of_tap.t, 1);
  for (int i = 0; i < 2; i++)
    world_msg(&w_of_tap, -10800 + i, "a@x");
  tap_restore(&w_of_tap.t, 0);
  tap_start(&w_of_tap.t);
  world_expect(&w_of_tap, "@-10799 note restored lines=2 over=1\n@0 note start rules=1 over=0\n");
  assert_int_equal(tap_deadline(&w_of_tap.t, &when), 0);
  world_line(&w_of_tap, -7300,
             "info msg 9: bytes 9 from <a@x> qp 9 uid 89"); /* a line that waited: he was over then */
  world_expect(&w_of_tap, "@-7300 over 1/1h/msg/sender a@x count=3 within=3500 msg=9 qp=9 uid=89 from=a@x\n");
  world_close(&w_of_tap);
  world_open(&w_of_tap, "1/1h", MEMORY_OF_TAP, 0);
  tap_restore(&w_of_tap.t, 1);
  for (int i = 0; i < 2; i++)
    world_msg(&w_of_tap, -420, "b@x");
  tap_restore(&w_of_tap.t, 0);
  tap_start(&w_of_tap.t);
  w_of_tap.said.told = w_of_tap.said.len;
  assert_int_equal(tap_deadline(&w_of_tap.t, &when), 1);
  assert_int_equal(when, (5 + 3600 - 420) * SECOND);
  world_clock(&w_of_tap, 3600 - 420, 3600 - 420);
  tap_tick(&w_of_tap.t);
  world_expect(&w_of_tap, "@3180 under 1/1h/msg/sender b@x count=0 peak=2 total=2 since=@-420 lasted=3600\n");
  world_close(&w_of_tap);
}

/* A line that waited sets the clock back to where an episode was that has ended: it takes one that raises the
 * count to begin another. */
static void restored_and_not_raised(void **state)
{
  (void)state;
  world_open(&w_of_tap, "1/1h/from/uid 99/1h/byte/uid", MEMORY_OF_TAP, 0);
  tap_restore(&w_of_tap.t, 1);
  world_line(&w_of_tap, -10800, "info msg 1: bytes 60 from <a@x> qp 1 uid 2");
  world_line(&w_of_tap, -10799, "info msg 2: bytes 40 from <b@x> qp 2 uid 2");
  tap_restore(&w_of_tap.t, 0);
  tap_start(&w_of_tap.t);
  world_expect(&w_of_tap, "@-10799 note restored lines=2 over=2\n@0 note start rules=2 over=0\n");
  world_line(&w_of_tap, -10798, "info msg 3: bytes 0 from <a@x> qp 3 uid 2");
  world_expect(&w_of_tap, "");
  world_line(&w_of_tap, -10797, "info msg 4: bytes 1 from <c@x> qp 4 uid 2");
  world_expect(&w_of_tap, "@-10797 over 1/1h/from/uid 2 count=3 within=2 msg=4 qp=4 uid=2 from=c@x\n"
                          "@-10797 over 99/1h/byte/uid 2 count=101 within=3 msg=4 qp=4 uid=2 from=c@x\n");
  world_close(&w_of_tap);
}

/* The reader has missed lines: what is over now is told together with that. */
static void lost_alerts(void **state)
{
  size_t before;
  (void)state;
  world_open(&w_of_tap, "0/1h", MEMORY_OF_TAP, 0);
  world_msg(&w_of_tap, 0, "a@x");
  world_msg(&w_of_tap, 1, "B@x");
  before = w_of_tap.said.told = w_of_tap.said.len;
  assert_true(tap_lost_length(&w_of_tap.t, 12) > 0);
  assert_int_equal(w_of_tap.said.len, before);
  tap_lost(&w_of_tap.t, 12, 1);
  world_expect(&w_of_tap, "@1 note lost alerts=12 over=2\n"
                          "@1 still 0/1h/msg/sender a@x count=1 peak=1 total=1 since=@0 from=a@x\n"
                          "@1 still 0/1h/msg/sender b@x count=1 peak=1 total=1 since=@1 from=B@x\n");
  assert_int_equal(tap_lost_length(&w_of_tap.t, 12), w_of_tap.said.len - before);
  before = w_of_tap.said.len;
  tap_lost(&w_of_tap.t, 3, 0);
  world_expect(&w_of_tap, "@1 note lost alerts=3\n");
  world_close(&w_of_tap);
}

/* Every line is counted under the line rule, but this one has nothing to count. */
static void restored_in_little_memory(void **state)
{
  (void)state;
  world_open(&w_of_tap, "5/1d 9/1h/line/u=", TAP_MEMORY, 0);
  tap_restore(&w_of_tap.t, 1);
  while (!w_of_tap.t.watch.store.evicted)
    flood(-600, 1);
  flood(-599, 50);
  world_expect(&w_of_tap, "");
  tap_restore(&w_of_tap.t, 0);
  assert_non_null(strstr(w_of_tap.said.s, " note restored "));
  w_of_tap.said.told = w_of_tap.said.len;
  world_line(&w_of_tap, 1, "end msg 999");
  world_expect(&w_of_tap, "");
  flood(2, 50);
  assert_non_null(strstr(w_of_tap.said.s + w_of_tap.said.told, " note full evicted="));
  world_close(&w_of_tap);
}

/* Who knew the key could choose senders that are all one chain of the table. */
static void secret(void **state)
{
  hash_key first;
  (void)state;
  world_open(&w_of_tap, "1/1h", MEMORY_OF_TAP, 0);
  first = w_of_tap.t.key;
  world_close(&w_of_tap);
  world_open(&w_of_tap, "1/1h", MEMORY_OF_TAP, 0);
  assert_memory_not_equal(&w_of_tap.t.key, &first, sizeof first);
  world_close(&w_of_tap);
}

static void notes(void **state)
{
  (void)state;
  world_open(&w_of_tap, "1/1h", MEMORY_OF_TAP, 0);
  world_clock(&w_of_tap, 3, 3);
  tap_note(&w_of_tap.t, "start", "rules=", 1);
  tap_note(&w_of_tap.t, "reload-failed", 0, 0);
  world_expect(&w_of_tap, "@3 note start rules=1\n@3 note reload-failed\n");
  world_close(&w_of_tap);
}

static void no_room(void **state)
{
  static tap t;
  script rules = {0};
  (void)state;
  script_of(&rules, "1/1h");
  assert_int_equal(tap_open(&t, &(tap_plan){&rules, {0, {"", 0}}, 2 * POOL_CHUNK, 0, 0, 0}, (moment){0, 0},
                            &sayings_take, 0),
                   0);
  tap_close(&t);
  script_free(&rules);
}

#define MEMORY_OF_TAKE (8 * TAP_MEMORY)

static world w_of_take;

/* What of the first odd line was told. */
static struct {
  char line[LINES_KEPT + 1];
  int count;
  int no_time, unknown; /* the other news */
} told;

static void tell(void *to, tap_news what, span line)
{
  assert_ptr_equal(to, &told);
  told.no_time += what == TAP_NO_TIME;
  told.unknown += what == TAP_UNKNOWN;
  if (what != TAP_ODD)
    return;
  told.count++;
  memcpy(told.line, line.s, line.len);
  told.line[line.len] = 0;
}

static void start(char const *rules)
{
  world_open(&w_of_take, rules, MEMORY_OF_TAKE, 0);
  tap_tell_to(&w_of_take.t, &tell, &told);
  told.count = 0;
}

/* Lines, each with its newline, as they come from a log. */
static void feed(char const *log)
{
  static lines l;
  size_t len = strlen(log);
  char *exact = rows_exact(log, len);
  l = (lines){0};
  lines_feed(&l, (span){exact, len}, &tap_line, &w_of_take.t);
  free(exact);
}

static void expect(uint64_t events, uint64_t odd)
{
  assert_int_equal(w_of_take.t.watch.store.events, events);
  assert_int_equal(w_of_take.t.odd, odd);
}

#define LABEL "@400000006b040f0a00000000 "
#define INFO_OF_TAKE "info msg 7: bytes 9 from <ann@example.org> qp 1 uid 8"

/* One line: how often it counts under 9/1h, and whether it is odd. */
typedef struct {
  char const *name, *line;
  uint64_t events, odd;
} row_of_take;

static row_of_take const rows_of_take[] = {
    {"a plain announcement", INFO_OF_TAKE, 1, 0},
    {"blanks after it", INFO_OF_TAKE "   ", 1, 0},
    {"a tab after it", INFO_OF_TAKE "\t", 1, 0},
    {"a carriage return after it", INFO_OF_TAKE "\r", 1, 0},
    {"any of them, mixed", INFO_OF_TAKE " \r\t \r\r ", 1, 0},
    {"after a label", LABEL INFO_OF_TAKE "\r", 1, 0},
    {"after a header", "Nov 23 12:44:00 mx1 qmail: " INFO_OF_TAKE " \r", 1, 0},
    {"after splogger's number", "Nov 23 12:44:00 mx1 qmail: 1461492794.123456 " INFO_OF_TAKE "\t\r", 1, 0},
    {"two words after it", INFO_OF_TAKE " queue1 x", 0, 1},
    {"after a prefix that is not known", "FOO: " INFO_OF_TAKE, 0, 1},
    {"after a known and an unknown one", LABEL "FOO: " INFO_OF_TAKE, 0, 1},
    {"after another line", "status: local 0/10 " INFO_OF_TAKE, 0, 1},
    {"after another line with a label", LABEL "status: local 0/10 " INFO_OF_TAKE, 0, 1},
    {"after a new message", LABEL "new msg 6" INFO_OF_TAKE, 0, 1},
    {"after an end of no message", LABEL "end msg x" INFO_OF_TAKE, 0, 1},
    {"cut", LABEL "info msg 7: bytes 9 from <ann", 0, 1},
    {"a number is enough", "xinfo msg 7", 0, 1},
    {"without a number", "xinfo msg ", 0, 0},
    {"with a letter", LABEL "xinfo msg x7", 0, 0},
    {"a new message is no event, and not odd", LABEL "new msg 7", 0, 0},
    {"an event is not odd, whatever its text", "delivery 5: failure: info msg 7", 0, 0},
    {"an end is an event", "end msg 7 queue1\r", 0, 0},
    {"nothing", "", 0, 0},
    {"blanks alone", " \t\r", 0, 0},
    {"a label and blanks", LABEL " \t\r", 0, 0},
};

static void check_of_take(void **state)
{
  row_of_take const *r = ROWS_ROW(row_of_take, state);
  char line[200];
  snprintf(line, sizeof line, "%s\n", r->line);
  start("9/1h 9/1h/remote");
  feed(line);
  expect(r->events, r->odd);
  assert_int_equal(told.count, r->odd);
  if (r->odd)
    assert_string_equal(told.line, r->line);
  world_close(&w_of_take);
  start("9/1h/byte"); /* which needs no deliveries */
  world_raw(&w_of_take, r->line);
  expect(r->events, r->odd);
  assert_int_equal(told.count, r->odd);
  world_close(&w_of_take);
}

static void told_once(void **state)
{
  (void)state;
  start("9/1h");
  feed("FOO: info msg 7\nFOO: info msg 8\n" INFO_OF_TAKE "\nFOO: info msg 9\n");
  expect(1, 3);
  assert_int_equal(told.count, 1);
  assert_string_equal(told.line, "FOO: info msg 7");
  world_close(&w_of_take);
  start("9/1h");
  feed("end msg 3\nFOO: info msg 7\n");
  expect(0, 1);
  assert_int_equal(told.count, 0);
  world_close(&w_of_take);
  start("9/1h/line/FOO");
  feed("FOO: info msg 7\nxinfo msg 8\n");
  expect(1, 1);
  assert_int_equal(told.count, 0);
  world_close(&w_of_take);
  world_open(&w_of_take, "9/1h", MEMORY_OF_TAKE, 0); /* nobody is told */
  feed("FOO: info msg 7\n");
  expect(0, 1);
  world_close(&w_of_take);
}

/* Lines of two hosts through splogger's eyes: N stands for the number. */
typedef struct {
  char const *name, *log;
  uint64_t events, odd;
} part_row;

#define N "1461492794.123456"
#define MX1 "Nov 23 12:44:00 mx1 qmail: "
#define MX2 "Nov 23 12:44:00 mx2 qmail: "
#define HALF "info msg 7: bytes 9 from <ann"
#define REST "@example.org> qp 1 uid 8"

static part_row const parts_of[] = {
    {"two parts", N " " HALF "\n" N "+" REST "\n", 1, 0},
    {"three parts", N " info msg 7: byt\n" N "+es 9 from <ann\n" N "+" REST "\n", 1, 0},
    {"a part that ends with a blank", N " info msg 7: bytes \n" N "+9 from <ann" REST "\n", 1, 0},
    {"a part that begins with a blank", N " info msg 7: bytes\n" N "+ 9 from <ann" REST "\n", 1, 0},
    {"carriage returns", N " info msg 7: bytes \r\n" N "+9 from <ann" REST "\r\n", 1, 0},
    {"an empty part", N " " HALF "\n" N "+\n" N "+" REST "\n", 1, 0},
    {"two hosts that take turns",
     MX1 N " " HALF "\n" MX2 N " " HALF "\n" MX1 N "+" REST "\n" MX2 N "+" REST "\n", 2, 0},
    {"the other host's rest", MX1 N " " HALF "\n" MX2 N "+" REST "\n", 0, 1},
    {"lines of others between the parts",
     MX1 N " " HALF "\n" MX2 N " status: local 0/10\n" MX1 "7.000000 new msg 9\n" INFO_OF_TAKE "\n" MX1 N
           "+" REST "\n",
     2, 0},
    {"a rest without a first part", N "+" HALF REST "\n" N "+" INFO_OF_TAKE "\n", 0, 0},
    {"a first part without a rest", N " " HALF "\n", 0, 1},
    {"a rest of another number", N " " HALF "\n1461492794.123457+" REST "\n", 0, 1},
    {"a rest of as many nanoseconds", N " " HALF "\n" N "000+" REST "\n", 0, 1},
    {"a whole line is not joined", N " " INFO_OF_TAKE "\n" N "+9\n", 1, 0},
    {"what follows a joined event is not joined to it",
     N " " HALF "\n" N "+" REST "\n" N "+9\n" N "+" REST "\n", 1, 0},
    {"another line with the number comes between", N " " HALF "\n" N " status: local 0/10\n" N "+" REST "\n",
     0, 1},
    {"a piece after the number", N " mail.info: " HALF "\n" N "+" REST "\n", 0, 1},
    {"a new first part", N " info msg 6: bytes 9 from <bo\n" N " " HALF "\n" N "+" REST "\n", 1, 1},
    {"parts that become nothing", N " " HALF "\n" N "+ x\n", 0, 1},
    {"a long delivery that is cut", N " delivery 1: failure: a\n" N "+" INFO_OF_TAKE "\n", 0, 0},
};

static void check_parts(void **state)
{
  part_row const *r = ROWS_ROW(part_row, state);
  start("9/1h");
  feed(r->log);
  expect(r->events, r->odd);
  world_close(&w_of_take);
}

static void line_rules(void **state)
{
  (void)state;
  start("9/1h/line/<"); /* each line once */
  feed(N " " HALF "\n" N "+" REST "\n" N " x\n" N "+<5\n" N "+ <5\n" N "+ <5 <6\n");
  expect(2, 0);
  world_close(&w_of_take);
  start("9/1h/line/*uid*{} 9/1h"); /* a word after the cut */
  feed(N " " HALF "\n" N "+" REST "\n");
  expect(2, 0);
  world_close(&w_of_take);
  start("9/1h/line/*uid*{}"); /* a line is not odd that a line rule finds after the cut */
  feed(N " info msg 7: byt\n");
  expect(0, 1);
  feed(N "+es x uid 8\n");
  expect(1, 0);
  world_close(&w_of_take);
  start("9/1h/line/*< 9/1h"); /* a line rule takes nothing from another rule */
  feed(N " " HALF "\n" N "+" REST "\n");
  expect(2, 0);
  world_close(&w_of_take);
  start("9/1h/line/*<{}*uid 9/1h/line/*< 9/1h/line/*example."); /* nor from another line rule */
  feed(N " " HALF "\n" N "+" REST "\n" N "+ 9\n");
  expect(3, 0);
  world_close(&w_of_take);
}

/* A part of splogger's length may become an event yet: it is not told. */
static void cut_where_splogger_cuts(void **state)
{
  static char line[2000];
  (void)state;
  for (int len = PARTS_CUT - 1; len <= PARTS_CUT; len++) {
    start("9/1h");
    snprintf(line, sizeof line, N " info msg 7: bytes 9 from <%0*d\n", len - 26, 0);
    feed(line);
    expect(0, 1);
    assert_int_equal(told.count, len < PARTS_CUT);
    feed(N "+" REST "\n");
    expect(1, 0);
    world_close(&w_of_take);
  }
}

/* A sender as long as a line can hold, and another that differs in its last byte. */
static void long_senders(void **state)
{
  static char line[LINES_KEPT + 200];
  (void)state;
  start("1/1h 1/1h/remote");
  for (int i = 0; i < 6; i++) {
    snprintf(line, sizeof line, "info msg %d: bytes 9 from <%0*d@x> qp 1 uid 8\n", i, 65480, i % 3);
    feed(line);
    snprintf(line, sizeof line, "starting delivery %d: msg %d to remote %0*d\n", i + 1, i, 65490, i);
    feed(line);
  }
  expect(12, 0);
  assert_int_equal(w_of_take.t.watch.store.now_over, 6);
  world_close(&w_of_take);
}

static void no_time(void **state)
{
  (void)state;
  start("-b@x 9/1h");
  told.no_time = 0;
  feed("info msg 1: bytes 9 from <b@x> qp 1 uid 2\nend msg 1\nbanner\n");
  assert_int_equal(told.no_time, 0);
  feed("info msg 2: bytes 9 from <a@x> qp 1 uid 2\ninfo msg 3: bytes 9 from <a@x> qp 1 uid 2\n");
  assert_int_equal(told.no_time, 1);
  world_close(&w_of_take);
}

/* It counts at the newest stamp, which in an old log is right. */
static void damaged_stamp(void **state)
{
  (void)state;
  start("9/1h");
  told.no_time = 0;
  feed(LABEL INFO_OF_TAKE "\ninfo msg 2: bytes 9 from <a@x> qp 1 uid 2\n");
  assert_int_equal(told.no_time, 0);
  world_close(&w_of_take);
  start("9/1h");
  tap_restore(&w_of_take.t, 1);
  feed(LABEL INFO_OF_TAKE "\n");
  tap_restore(&w_of_take.t, 0);
  feed("info msg 2: bytes 9 from <a@x> qp 1 uid 2\n");
  assert_int_equal(told.no_time, 0);
  world_close(&w_of_take);
  start("9/1h");
  tap_restore(&w_of_take.t, 1);
  feed("end msg 7\n"); /* no stamp was stored */
  tap_restore(&w_of_take.t, 0);
  feed("info msg 2: bytes 9 from <a@x> qp 1 uid 2\n");
  assert_int_equal(told.no_time, 1);
  world_close(&w_of_take);
}

/* So many deliveries of messages that nobody knows. */
static void unknown_deliveries(int n)
{
  while (n--)
    feed("starting delivery 7: msg 999 to remote a@y\n");
}

static void many_unknown(void **state)
{
  (void)state;
  start("9/1h/remote");
  told.unknown = 0;
  tap_restore(&w_of_take.t, 1);
  unknown_deliveries(150);
  tap_restore(&w_of_take.t, 0);
  unknown_deliveries(99);
  feed("info msg 1: bytes 9 from <b@x> qp 1 uid 2\nstarting delivery 7: msg 1 to local a@y\n");
  unknown_deliveries(99);
  assert_int_equal(told.unknown, 0);
  unknown_deliveries(1);
  assert_int_equal(told.unknown, 1);
  unknown_deliveries(500);
  world_clock(&w_of_take, 3599, 3599);
  unknown_deliveries(200);
  assert_int_equal(told.unknown, 1);
  world_clock(&w_of_take, 3600, 3600);
  unknown_deliveries(1);
  assert_int_equal(told.unknown, 2);
  world_close(&w_of_take);
  start("9/1h"); /* no rule needs deliveries */
  told.unknown = 0;
  unknown_deliveries(200);
  assert_int_equal(told.unknown, 0);
  world_close(&w_of_take);
}

#define MEMORY_OF_WATCH ((size_t)16 << 20)

static world w_of_watch;

/* One rule, lines separated by '|', all at one instant, and the alerts they give, each without its label and
 * the rule's text. */
typedef struct {
  char const *name, *rule, *lines, *alerts;
} row_of_watch;

#define INFO_OF_WATCH(m, from, uid) "info msg " m ": bytes 900 from <" from "> qp 4 uid " uid "|"

#define TO(d, m, r) "starting delivery " d ": msg " m " to remote " r "|"

static row_of_watch const rows_of_watch[] = {
    {"msg counts messages, for the folded sender", "1/1h",
     INFO_OF_WATCH("1", "Ann@X", "2") INFO_OF_WATCH("2", "ann@x", "2"),
     "over 1/1h/msg/sender ann@x count=2 within=0 msg=2 qp=4 uid=2 from=ann@x\n"},
    {"from is the sender as logged", "0/1h", INFO_OF_WATCH("1", "Ann@X", "2"),
     "over 0/1h/msg/sender ann@x count=1 within=0 msg=1 qp=4 uid=2 from=Ann@X\n"},
    {"byte counts bytes", "899/1h/byte", INFO_OF_WATCH("1", "a@x", "2"),
     "over 899/1h/byte/sender a@x count=900 within=0 msg=1 qp=4 uid=2 from=a@x\n"},
    {"domain is after the last '@'", "0/1h/msg/domain", INFO_OF_WATCH("1", "a@b@X", "2"),
     "over 0/1h/msg/domain x count=1 within=0 msg=1 qp=4 uid=2 from=a@b@X\n"},
    {"a sender without '@' has no domain", "0/1h/msg/domain", INFO_OF_WATCH("1", "root", "2"), ""},
    {"the null sender has no sender", "0/1h", INFO_OF_WATCH("1", "", "2"), ""},
    {"nor has the double bounce sender", "0/1h", INFO_OF_WATCH("1", "#@[]", "2"), ""},
    {"nor have they a domain", "0/1h/msg/domain", INFO_OF_WATCH("1", "#@[]", "2") INFO_OF_WATCH("2", "", "2"),
     ""},
    {"they count for the uid", "1/1h/msg/uid", INFO_OF_WATCH("1", "#@[]", "2") INFO_OF_WATCH("2", "", "2"),
     "over 1/1h/msg/uid 2 count=2 within=0 msg=2 qp=4 uid=2 from=\n"},
    {"and for all", "1/1h/msg/all", INFO_OF_WATCH("1", "#@[]", "2") INFO_OF_WATCH("2", "", "3"),
     "over 1/1h/msg/all * count=2 within=0 msg=2 qp=4 uid=3 from=\n"},
    {"uids are numbers", "1/1h/msg/uid", INFO_OF_WATCH("1", "a@x", "007") INFO_OF_WATCH("2", "b@x", "7"),
     "over 1/1h/msg/uid 7 count=2 within=0 msg=2 qp=4 uid=7 from=b@x\n"},
    {"the largest uid", "0/1h/msg/uid", INFO_OF_WATCH("1", "a@x", "18446744073709551615"),
     "over 0/1h/msg/uid 18446744073709551615 count=1 within=0 msg=1 qp=4 uid=18446744073709551615 "
     "from=a@x\n"},
    {"remote has its recipient", "0/1h/remote",
     INFO_OF_WATCH("1", "a@x", "2") "starting delivery 5: msg 1 to remote Bob@Y|",
     "over 0/1h/remote/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x to=Bob@Y\n"},
    {"so has rcpt", "0/1h/rcpt", INFO_OF_WATCH("1", "a@x", "2") "starting delivery 5: msg 1 to local Bob@Y|",
     "over 0/1h/rcpt/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x to=Bob@Y\n"},
    {"fail has none", "0/1h/fail",
     INFO_OF_WATCH("1", "a@x", "2") "starting delivery 5: msg 1 to local b@y|delivery 5: failure: no|",
     "over 0/1h/fail/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x\n"},
    {"line counts the word after its text", "1/1h/line/authuser=", "x authuser=ann y|authuser=ann,z|",
     "over 1/1h/line/authuser= ann count=2 within=0\n"},
    {"no word, no event", "0/1h/line/user=", "user=|user= ann|user=,|user=\"|user=;|user='|user=\t|use|", ""},
    {"a word ends at each of these", "6/1h/line/u=", "u=a b|u=a\tb|u=a,b|u=a;b|u=a\"b|u=a'b|u=a|",
     "over 6/1h/line/u= a count=7 within=0\n"},
    {"the first occurrence counts, once", "0/1h/line/u=", "u=a u=b|",
     "over 0/1h/line/u= a count=1 within=0\n"},
    {"words are folded to small letters", "1/1h/line/u=", "u=Ann@X|u=aNN@x|",
     "over 1/1h/line/u= ann@x count=2 within=0\n"},
    {"words are not folded as senders", "1/1h/line/u=", "u=prvs=1=a@x|u=a@x|u=a@[]|", ""},
    {"any line is a line, an event too", "0/1h/line/<", INFO_OF_WATCH("1", "a@x", "2"),
     "over 0/1h/line/< a@x> count=1 within=0\n"},
    {"bytes of a key that cannot be shown are written as %XX", "0/1h/line/u=", "u=\x01\xff%|",
     "over 0/1h/line/u= %01%FF%25 count=1 within=0\n"},
    {"to counts different recipients, whatever their case", "1/1h/to",
     INFO_OF_WATCH("1", "a@x", "2") TO("5", "1", "Bob@Y") INFO_OF_WATCH("2", "a@x", "2") TO("6", "2", "bOB@y")
         TO("7", "2", "cid@y"),
     "over 1/1h/to/sender a@x count=2 within=0 msg=2 qp=4 uid=2 from=a@x to=cid@y\n"},
    {"local recipients are none of them", "1/1h/to",
     INFO_OF_WATCH("1", "a@x", "2") TO("5", "1", "bob@y") "starting delivery 6: msg 1 to local cid@y|", ""},
    {"a recipient that is tried again is none", "0/1h/to",
     INFO_OF_WATCH("1", "a@x", "2") TO("5", "1", "bob@y") TO("6", "1", "bob@y"),
     "over 0/1h/to/sender a@x count=1 within=0 msg=1 qp=4 uid=2 from=a@x to=bob@y\n"},
    {"host counts different domains, whatever their case", "1/1h/host",
     INFO_OF_WATCH("1", "a@x", "2") TO("5", "1", "b@Y") TO("6", "1", "c@y") TO("7", "1", "d@z@w"),
     "over 1/1h/host/sender a@x count=2 within=0 msg=1 qp=4 uid=2 from=a@x to=d@z@w\n"},
    {"the domain of a recipient is after the last '@'", "1/1h/host",
     INFO_OF_WATCH("1", "a@x", "2") TO("5", "1", "b@y@z") TO("6", "1", "b@q@z"), ""},
    {"a recipient without a domain has no host", "0/1h/host",
     INFO_OF_WATCH("1", "a@x", "2") TO("5", "1", "bob") TO("6", "1", "b@"), ""},
    {"from counts different senders, folded", "1/1h/from/uid",
     INFO_OF_WATCH("1", "Ann@x", "2") INFO_OF_WATCH("2", "prvs=1=ann@x", "2")
         INFO_OF_WATCH("3", "bob@x", "2"),
     "over 1/1h/from/uid 2 count=2 within=0 msg=3 qp=4 uid=2 from=bob@x\n"},
    {"null senders are none of them", "0/1h/from/uid",
     INFO_OF_WATCH("1", "", "2") INFO_OF_WATCH("2", "#@[]", "2"), ""},
    {"different senders of a domain", "1/1h/from/domain",
     INFO_OF_WATCH("1", "a@x", "2") INFO_OF_WATCH("2", "b@y", "2") INFO_OF_WATCH("3", "b@X", "3"),
     "over 1/1h/from/domain x count=2 within=0 msg=3 qp=4 uid=3 from=b@X\n"},
    {"different senders of all", "1/1h/from/all",
     INFO_OF_WATCH("1", "a@x", "2") INFO_OF_WATCH("2", "b@y", "3"),
     "over 1/1h/from/all * count=2 within=0 msg=2 qp=4 uid=3 from=b@y\n"},
    {"a deselected sender is none of the different ones", "-a@x 0/1h/from/all",
     INFO_OF_WATCH("1", "a@x", "2"), ""},
    {"more, of different values", "1/1h/to/all",
     INFO_OF_WATCH("1", "a@x", "2") TO("5", "1", "b@y") TO("6", "1", "c@y") TO("7", "1", "d@y")
         INFO_OF_WATCH("2", "e@x", "2") TO("8", "2", "d@y"),
     "over 1/1h/to/all * count=2 within=0 msg=1 qp=4 uid=2 from=a@x to=c@y\nmore 1/1h/to/all * count=3 "
     "within=0 msg=1 qp=4 "
     "uid=2 "
     "from=a@x to=d@y\n"},
    {"two words: the different second ones of each first", "1/1h/line/u={}*r={}",
     "u=Ann r=1|u=ann r=1|u=bob r=2|u=cid r=3|u=cid x=7 r=4.A%|u=ann r=1|",
     "over 1/1h/line/u={}*r={} cid count=2 within=0 word=4.A%25\n"},
    {"second words are one whatever their case, and shown as they stand", "1/1h/line/u={}:{}",
     "u=a:X|u=a:x|u=a:Y|", "over 1/1h/line/u={}:{} a count=2 within=0 word=Y\n"},
    {"selection is by the first word", "-1 -ann 0/1h/line/u={}:{}", "u=ann:2|u=bob:1|",
     "over 0/1h/line/u={}:{} bob count=1 within=0 word=1\n"},
    {"more", "1/1h/msg/all",
     INFO_OF_WATCH("1", "a@x", "2") INFO_OF_WATCH("2", "a@x", "2") INFO_OF_WATCH("3", "a@x", "2"),
     "over 1/1h/msg/all * count=2 within=0 msg=2 qp=4 uid=2 from=a@x\nmore 1/1h/msg/all * count=3 within=0 "
     "msg=3 qp=4 uid=2 "
     "from=a@x\n"},
    {"a deselected sender is not counted", "-*@x 0/1h", INFO_OF_WATCH("1", "a@x", "2"), ""},
    {"a word can be deselected", "-(Unknown) 0/1h/line/u=", "u=(unknown)|u=(UNKNOWN)|u=a|",
     "over 0/1h/line/u= a count=1 within=0\n"},
    {"a word has a limit of its own", "-news 0/1h/line/u= -* +news 1/1h/line/u=", "u=news|u=a|u=News|",
     "over 0/1h/line/u= a count=1 within=0\nover 1/1h/line/u= news count=2 within=0\n"},
    {"the sender in a line does not matter to a line rule", "-a@x 0/1h/line/uid*",
     INFO_OF_WATCH("1", "a@x", "2"), "over 0/1h/line/uid* 2 count=1 within=0\n"},
};

static void check_of_watch(void **state)
{
  row_of_watch const *r = ROWS_ROW(row_of_watch, state);
  char *copy = strdup(r->lines), *rest = copy, *one, got[2000] = "";
  world_open(&w_of_watch, r->rule, MEMORY_OF_WATCH, 0);
  while ((one = strsep(&rest, "|")))
    if (*one)
      world_line(&w_of_watch, 7, "%s", one);
  for (char *s = w_of_watch.said.s; *s; s = strchr(s, '\n') + 1)
    strncat(got, s + LABEL_FMT + 1, strcspn(s, "\n") - LABEL_FMT);
  assert_string_equal(got, r->alerts);
  world_close(&w_of_watch);
  free(copy);
}

static void all_rules_in_order(void **state)
{
  (void)state;
  world_open(&w_of_watch, "0/1h/msg/uid 0/2h -*@x 0/3h 0/4h/line/msg 0/5h/byte/all", MEMORY_OF_WATCH, 0);
  world_line(&w_of_watch, 1, "info msg 7: bytes 900 from <a@x> qp 4 uid 2");
  world_expect(&w_of_watch, "@1 over 0/1h/msg/uid 2 count=1 within=0 msg=7 qp=4 uid=2 from=a@x\n"
                            "@1 over 0/2h/msg/sender a@x count=1 within=0 msg=7 qp=4 uid=2 from=a@x\n");
  world_line(&w_of_watch, 2, "a msg7");
  world_expect(&w_of_watch, "@2 over 0/4h/line/msg 7 count=1 within=0\n");
  assert_int_equal(w_of_watch.t.watch.alerts, 3);
  world_close(&w_of_watch);
}

static void quiet(void **state)
{
  (void)state;
  world_open(&w_of_watch, "0/1h", MEMORY_OF_WATCH, 0);
  w_of_watch.t.watch.is_silent = 1;
  world_msg(&w_of_watch, 1, "a@x");
  world_expect(&w_of_watch, "");
  assert_int_equal(w_of_watch.t.watch.alerts, 0);
  assert_int_equal(w_of_watch.t.watch.store.now_over, 1);
  world_close(&w_of_watch);
}

static void over_old_memory(void **state)
{
  (void)state;
  memset(&w_of_watch.t, 0xff, sizeof w_of_watch.t);
  world_open(&w_of_watch, "0/1h", MEMORY_OF_WATCH, 0);
  world_line(&w_of_watch, 1, "info msg 7: bytes 900 from <a@x> qp 4 uid 2");
  world_expect(&w_of_watch, "@1 over 0/1h/msg/sender a@x count=1 within=0 msg=7 qp=4 uid=2 from=a@x\n");
  assert_int_equal(w_of_watch.t.watch.alerts, 1);
  world_close(&w_of_watch);
}

static void nul_in_a_word(void **state)
{
  static char const line[] = "u=a\0b c";
  (void)state;
  world_open(&w_of_watch, "0/1h/line/u=", MEMORY_OF_WATCH, 0);
  tap_line(&w_of_watch.t, (span){line, sizeof line - 1});
  world_expect(&w_of_watch, "@0 over 0/1h/line/u= a%00b count=1 within=0\n");
  world_close(&w_of_watch);
}

/* A rule, and the processor time of 20,000 messages, each with a key of its own. */
typedef struct {
  char const *name, *rule;
} spread_row;

static spread_row const spread[] = {
    {"20,000 senders are not compared with each other", "9/1h/msg/sender"},
    {"nor are 20,000 domains", "9/1h/msg/domain"},
    {"nor 20,000 uids", "9/1h/msg/uid"},
    {"nor 20,000 words", "9/1h/line/<"},
};

static clock_t messages_time(char const *directive)
{
  clock_t start;
  world_open(&w_of_watch, directive, MEMORY_OF_WATCH, 0);
  start = clock();
  for (int i = 0; i < 20000; i++)
    world_line(&w_of_watch, 0, "info msg %d: bytes 1 from <u%d@d%d.org> qp 3 uid %d", i, i, i, i);
  start = clock() - start;
  assert_string_equal(w_of_watch.said.s, "");
  world_close(&w_of_watch);
  return start;
}

/* Compared with each other they would take hundreds of times as long as one key that is always the same. */
static void check_spread(void **state)
{
  clock_t one = messages_time("1M/1h/msg/all");
  assert_true(messages_time(ROWS_ROW(spread_row, state)->rule) < 10 * one + CLOCKS_PER_SEC / 10);
}

int main(void)
{
  static rows_list list;

  rows_one(&list, "over when the count goes above the limit, under when it is back", over_and_under);
  rows_one(&list, "first what is under by then, then over and more in the order of the rules",
           order_of_lines);
  rows_one(&list, "a new timeline ends all episodes, clears all counters and says so", new_timeline);
  rows_one(&list, "messages outlive a new timeline", messages_outlive_a_timeline);
  rows_one(&list, "note timeline comes at most once in 1,000 events", timeline_notes_are_rare);
  rows_one(&list, "in the 1,000th event after it, again", timeline_notes_to_the_line);
  rows_one(&list, "note full comes at most once a minute, within the memory", full_notes_are_rare);
  rows_one(&list, "the next note full may come in the first instant of the next minute",
           full_notes_to_the_minute);
  rows_one(&list, "on a new timeline the next note full may come at once", full_note_of_a_new_timeline);
  rows_one(&list, "a live log's episodes end by the timer", timer_of_a_live_log);
  rows_one(&list, "setting the clock neither fires nor hides an alert", clock_set_while_over);
  rows_one(&list, "stamps of now are live, though s6-log's are ahead", timer_of_a_stamped_log);
  rows_one(&list, "time does not go back before what the timer ended", after_the_timer);
  rows_one(&list, "where no episode is left there is no timer", no_timer_without_an_episode);
  rows_one(&list, "a line that is no event says no time, whatever its stamp", quiet_lines_say_no_time);
  rows_one(&list, "deliveries move the clock if a rule needs them", deliveries_move_the_clock_if_needed);
  rows_one(&list, "a line that matches a line rule moves the clock, whoever is selected",
           matching_lines_move_the_clock);
  rows_one(&list, "a banner with a stamp does not stop the clock of a log without", banner_in_a_live_log);
  rows_one(&list, "a replay has no timer", no_timer_in_a_replay);
  rows_one(&list, "at the first stamp episodes end, all else that counted before is dropped, messages stay",
           before_the_first_stamp);
  rows_one(&list, "the text after a stamp that is no time is read all the same", future_stamp_is_read);
  rows_one(&list, "a restored log is silent up to its note, and its counters go on", restored);
  rows_one(&list, "what has ended since it was stored is not told, and what has not has a timer",
           restored_long_ago);
  rows_one(&list, "what was over when it was stored begins again with an event that raises the count",
           restored_and_not_raised);
  rows_one(&list, "lost alerts are told with what is over", lost_alerts);
  rows_one(&list, "what was evicted while restoring is not told later", restored_in_little_memory);
  rows_one(&list, "each tap has a hash key of its own", secret);
  rows_one(&list, "notes have a word and at most one number", notes);
  rows_one(&list, "a tap without room for its tables is refused", no_room);
  setenv("TZ", "UTC", 1);
  ROWS_ADD(&list, rows_of_take, check_of_take);
  ROWS_ADD(&list, parts_of, check_parts);
  rows_one(&list, "the first event that counts without a stamp is told, once", no_time);
  rows_one(&list, "but not once a stamp is known, of the stored log or of a line before", damaged_stamp);
  rows_one(&list, "100 deliveries in a row of unknown messages are told, once an hour", many_unknown);
  rows_one(&list, "the first odd line before any event is told, and no other", told_once);
  rows_one(&list, "line rules count a cut line once, and find words after the cut", line_rules);
  rows_one(&list, "a line that splogger may have cut is not told", cut_where_splogger_cuts);
  rows_one(&list, "addresses of 64 KiB are told apart by their last byte", long_senders);
  ROWS_ADD(&list, rows_of_watch, check_of_watch);
  ROWS_ADD(&list, spread, check_spread);
  rows_one(&list, "each rule that applies counts, in the order of the script", all_rules_in_order);
  rows_one(&list, "a watch begins at nothing, whatever was there before", over_old_memory);
  rows_one(&list, "a NUL byte belongs to a word", nul_in_a_word);
  rows_one(&list, "a quiet watch counts and says nothing", quiet);
  return rows_run(&list, "tap");
}
