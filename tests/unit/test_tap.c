#include "sayings.h"

#include "chance.h"
#include "log/lines.h"
#include "watch/report.h"

#define MEMORY ((size_t)16 << 20)

static world w;

static void over_and_under(void **state)
{
  (void)state;
  world_open(&w, "2/1h", MEMORY, 0);
  world_clock(&w, 5000, 5000);
  for (int i = 1; i <= 3; i++)
    world_line(&w, i, "info msg 7%d: bytes 900 from <Ann@x> qp 4%d uid 89", i, i);
  world_expect(&w, "@3 over 2/1h/msg/sender ann@x count=3 within=2 msg=73 qp=43 uid=89 from=Ann@x\n");
  world_line(&w, 3600, "end msg 999");
  world_expect(&w, "");
  world_line(&w, 4000, "end msg 999");
  world_expect(&w, "@3601 under 2/1h/msg/sender ann@x count=2 peak=3 total=3 since=@3 lasted=3598\n");
  world_close(&w);
}

/* The under lines due by then, then over and more in the order of the script. */
static void order_of_lines(void **state)
{
  (void)state;
  world_open(&w, "1/10s/msg/all 0/20s 2/10s/msg/uid", MEMORY, 0);
  world_msg(&w, 0, "a@x");
  world_expect(&w, "@0 over 0/20s/msg/sender a@x count=1 within=0 msg=1 qp=1 uid=89 from=a@x\n");
  world_msg(&w, 1, "b@x");
  world_msg(&w, 2, "c@x");
  world_expect(&w, "@1 over 1/10s/msg/all * count=2 within=1 msg=2 qp=2 uid=89 from=b@x\n"
                   "@1 over 0/20s/msg/sender b@x count=1 within=0 msg=2 qp=2 uid=89 from=b@x\n"
                   "@2 more 1/10s/msg/all * count=3 within=2 msg=3 qp=3 uid=89 from=c@x\n"
                   "@2 over 0/20s/msg/sender c@x count=1 within=0 msg=3 qp=3 uid=89 from=c@x\n"
                   "@2 over 2/10s/msg/uid 89 count=3 within=2 msg=3 qp=3 uid=89 from=c@x\n");
  world_msg(&w, 21, "d@x");
  world_expect(&w, "@10 under 2/10s/msg/uid 89 count=2 peak=3 total=3 since=@2 lasted=8\n"
                   "@11 under 1/10s/msg/all * count=1 peak=3 total=3 since=@1 lasted=10\n"
                   "@20 under 0/20s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=20\n"
                   "@21 under 0/20s/msg/sender b@x count=0 peak=1 total=1 since=@1 lasted=20\n"
                   "@21 over 0/20s/msg/sender d@x count=1 within=0 msg=4 qp=4 uid=89 from=d@x\n");
  world_close(&w);
}

static void new_timeline(void **state)
{
  (void)state;
  world_open(&w, "0/1h", MEMORY, 0);
  world_line(&w, 1000, "info msg 100: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w, 1001, "info msg 101: bytes 9 from <b@x> qp 1 uid 2");
  world_line(&w, 701, "info msg 102: bytes 9 from <a@x> qp 1 uid 2"); /* late, at 1001 */
  w.said.told = w.said.len;
  world_line(&w, 700, "info msg 103: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@1001 under 0/1h/msg/sender a@x count=0 peak=2 total=2 since=@1000 lasted=1\n"
                   "@1001 under 0/1h/msg/sender b@x count=0 peak=1 total=1 since=@1001 lasted=0\n"
                   "@700 note timeline back=301\n"
                   "@700 over 0/1h/msg/sender a@x count=1 within=0 msg=103 qp=1 uid=2 from=a@x\n");
  assert_int_equal(w.t.watch.late, 1);
  world_close(&w);
}

static void messages_outlive_a_timeline(void **state)
{
  (void)state;
  world_open(&w, "0/1h/remote", MEMORY, 0);
  world_line(&w, 1000, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w, 1000, "starting delivery 5: msg 7 to local b@x");
  world_line(&w, 0, "starting delivery 6: msg 7 to remote c@y");
  world_expect(&w, "@0 note timeline back=1000\n"
                   "@0 over 0/1h/remote/sender a@x count=1 within=0 msg=7 qp=1 uid=2 from=a@x to=c@y\n");
  world_close(&w);
}

static void timeline_notes_are_rare(void **state)
{
  unsigned int notes = 0;
  (void)state;
  world_open(&w, "9/1h", MEMORY, 0);
  world_clock(&w, 60000, 60000);
  for (int i = 0; i < 5000; i++)
    world_line(&w, i % 2 ? 0 : 50000, "end msg 999"); /* back with every other line: the 2nd, 1,002nd, ... */
  for (char const *s = w.said.s; (s = strstr(s, "note timeline")); s++)
    notes++;
  assert_int_equal(notes, 5);
  world_close(&w);
}

/* One line less than 1,000 after the last note there is none, 1,000 lines after it there is. */
static void timeline_notes_to_the_line(void **state)
{
  (void)state;
  for (int gap = 999; gap <= 1000; gap++) {
    world_open(&w, "9/1h", MEMORY, 0);
    world_clock(&w, 60000, 60000);
    world_line(&w, 1000, "end msg 999");
    world_line(&w, 0, "end msg 999");
    for (int i = 1; i < gap; i++)
      world_line(&w, 1000, "end msg 999");
    world_line(&w, 0, "end msg 999");
    world_expect(&w, gap == 1000 ? "@0 note timeline back=1000\n@0 note timeline back=1000\n"
                                 : "@0 note timeline back=1000\n");
    world_close(&w);
  }
}

static void full_notes_are_rare(void **state)
{
  uint64_t told = 0;
  unsigned int notes = 0;
  (void)state;
  world_open(&w, "5/1d", TAP_MEMORY, 0);
  for (int i = 0; i < 30000; i++) {
    char from[32];
    snprintf(from, sizeof from, "k%d@x", i);
    world_msg(&w, i / 100, from);
  }
  for (char const *s = w.said.s; (s = strstr(s, "note full evicted=")); s++) {
    told += strtoull(s + 18, 0, 10);
    notes++;
  }
  assert_in_range(notes, 2, 5);
  assert_true(told > 0 && told <= w.t.watch.store.evicted);
  assert_int_equal(told, w.t.watch.full_told);
  assert_true(w.t.mem.bytes <= TAP_MEMORY);
  world_close(&w);
}

/* Says what was said meanwhile. */
static char const *flood(int64_t when, int senders)
{
  static int number;
  size_t before = w.said.len;
  char from[32];
  while (senders--) {
    snprintf(from, sizeof from, "f%d@x", number++);
    world_msg(&w, when, from);
  }
  return w.said.s + before;
}

static void full_notes_to_the_minute(void **state)
{
  uint64_t evicted;
  (void)state;
  world_open(&w, "5/1d", TAP_MEMORY, 0);
  while (!strstr(flood(0, 1), " note full evicted="))
    ;
  evicted = w.t.watch.store.evicted;
  assert_string_equal(flood(59, 50), "");
  assert_true(w.t.watch.store.evicted > evicted);
  assert_non_null(strstr(flood(60, 1), " note full evicted="));
  assert_string_equal(flood(60, 50), "");
  world_close(&w);
}

/* Its clock begins anew, and so does the minute. */
static void full_note_of_a_new_timeline(void **state)
{
  (void)state;
  world_open(&w, "5/1d", TAP_MEMORY, 0);
  while (!strstr(flood(1000, 1), " note full evicted="))
    ;
  world_line(&w, 0, "end msg 999");
  while (!strstr(flood(1, 1), " note full evicted="))
    ;
  assert_non_null(strstr(flood(61, 50), " note full evicted="));
  world_close(&w);
}

static void timer_of_a_live_log(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w, "0/10s", MEMORY, 0);
  assert_int_equal(tap_deadline(&w.t, &mono), 0);
  world_raw(&w, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@0 over 0/10s/msg/sender a@x count=1 within=0 msg=7 qp=1 uid=2 from=a@x\n");
  assert_int_equal(tap_deadline(&w.t, &mono), 1);
  assert_int_equal(mono, 15 * SECOND);
  world_clock(&w, 9, 9);
  tap_tick(&w.t);
  world_expect(&w, "");
  world_clock(&w, 12, 12);
  assert_int_equal(tap_deadline(&w.t, &mono), 1);
  assert_int_equal(mono, 17 * SECOND);
  world_clock(&w, 10, 10);
  tap_tick(&w.t);
  world_expect(&w, "@10 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n");
  assert_int_equal(tap_deadline(&w.t, &mono), 0);
  world_close(&w);
}

/* The clock is set ahead by a day: nothing fires, labels move; since is what the label of the over line said.
 */
static void clock_set_while_over(void **state)
{
  (void)state;
  world_open(&w, "0/10s", MEMORY, 0);
  world_raw(&w, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w.said.told = w.said.len;
  world_clock(&w, 86405, 5);
  tap_tick(&w.t);
  world_raw(&w, "status: x");
  world_expect(&w, "");
  world_clock(&w, 86410, 10);
  tap_tick(&w.t);
  world_expect(&w, "@86410 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n");
  world_close(&w);
}

static void timer_of_a_stamped_log(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w, "0/10s", MEMORY, 0);
  world_line(&w, 27, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w.said.told = w.said.len;
  assert_int_equal(tap_deadline(&w.t, &mono), 1);
  assert_int_equal(mono, 15 * SECOND);
  world_clock(&w, 10, 10);
  tap_tick(&w.t);
  world_expect(&w, "@37 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@27 lasted=10\n");
  world_close(&w);
}

/* A stamp that is older than the end that the timer saw counts there. */
static void after_the_timer(void **state)
{
  (void)state;
  world_open(&w, "0/10s", MEMORY, 0);
  world_line(&w, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_clock(&w, 20, 20);
  tap_tick(&w.t);
  w.said.told = w.said.len;
  world_line(&w, 9, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@10 over 0/10s/msg/sender a@x count=1 within=0 msg=8 qp=1 uid=2 from=a@x\n");
  world_close(&w);
}

static void no_timer_in_a_replay(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w, "0/10s", MEMORY, 0);
  world_line(&w, -1000, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w.said.told = w.said.len;
  assert_int_equal(tap_deadline(&w.t, &mono), 0);
  world_clock(&w, 5000, 5000);
  tap_tick(&w.t);
  world_expect(&w, "");
  world_line(&w, -990, "end msg 999");
  world_expect(&w, "@-990 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@-1000 lasted=10\n");
  world_close(&w);
}

/* Two ways in which episodes end, or are dropped, before their time. */
static void no_timer_without_an_episode(void **state)
{
  int64_t mono;
  (void)state;
  world_open(&w, "0/1h", MEMORY, 0);
  world_raw(&w, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  assert_int_equal(tap_deadline(&w.t, &mono), 1);
  world_line(&w, 200, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  assert_int_equal(tap_deadline(&w.t, &mono), 1);
  world_line(&w, -200, "end msg 999");
  assert_int_equal(tap_deadline(&w.t, &mono), 0);
  world_close(&w);
  world_open(&w, "0/1h", MEMORY, 0);
  world_raw(&w, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w, 0, "end msg 999");
  assert_int_equal(tap_deadline(&w.t, &mono), 0);
  world_close(&w);
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
    world_open(&w, "0/10s", MEMORY, 0);
    world_line(&w, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
    w.said.told = w.said.len;
    lines_feed(&pieces, (span){in, n}, &tap_line, &w.t);
    world_expect(&w, "");
    assert_int_equal(timeline_present(&w.t.watch.clock), NOON * SECOND);
    world_line(&w, 5, "info msg 8: bytes 9 from <a@x> qp 2 uid 2");
    world_expect(&w, "");
    world_line(&w, 15, "end msg 8");
    world_expect(&w, "@15 under 0/10s/msg/sender a@x count=0 peak=2 total=2 since=@0 lasted=15\n");
    assert_int_equal(w.t.lines, 4);
    world_close(&w);
  }
}

/* Deliveries are events if a rule needs them. */
static void deliveries_move_the_clock_if_needed(void **state)
{
  (void)state;
  for (int needed = 0; needed < 2; needed++) {
    world_open(&w, needed ? "0/10s 9/1h/fail" : "0/10s", MEMORY, 0);
    world_line(&w, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
    w.said.told = w.said.len;
    world_line(&w, 20, "starting delivery 5: msg 7 to remote c@y");
    world_expect(&w,
                 needed ? "@10 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n" : "");
    world_close(&w);
  }
}

static void matching_lines_move_the_clock(void **state)
{
  (void)state;
  world_open(&w, "0/10s -bob 9/1h/line/user=", MEMORY, 0);
  world_line(&w, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  w.said.told = w.said.len;
  world_line(&w, 20, "user=");
  world_expect(&w, "");
  world_line(&w, 20, "user=bob");
  world_expect(&w, "@10 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n");
  world_close(&w);
}

/* A banner with a stamp in a log without makes it none with. */
static void banner_in_a_live_log(void **state)
{
  (void)state;
  world_open(&w, "1/1s", MEMORY, 0);
  world_line(&w, -60, "qmail-send starting");
  for (int i = 0; i < 3; i++) {
    world_clock(&w, 2 * i, 2 * i);
    world_raw(&w,
              i ? "info msg 8: bytes 9 from <a@x> qp 2 uid 2" : "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
    world_raw(&w, "end msg 8");
  }
  world_expect(&w, "");
  world_close(&w);
}

static void before_the_first_stamp(void **state)
{
  (void)state;
  world_open(&w, "1/1h 0/1h/remote", MEMORY, 0);
  world_raw(&w, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_raw(&w, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@0 over 1/1h/msg/sender a@x count=2 within=0 msg=8 qp=1 uid=2 from=a@x\n");
  world_line(&w, -500, "info msg 9: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@0 under 1/1h/msg/sender a@x count=0 peak=2 total=2 since=@0 lasted=0\n");
  world_line(&w, -499, "starting delivery 5: msg 7 to remote c@y");
  world_expect(&w, "@-499 over 0/1h/remote/sender a@x count=1 within=0 msg=7 qp=1 uid=2 from=a@x to=c@y\n");
  world_close(&w);
}

static void future_stamp_is_read(void **state)
{
  (void)state;
  world_open(&w, "1/10s", MEMORY, 0);
  world_line(&w, 0, "info msg 7: bytes 9 from <a@x> qp 1 uid 2");
  world_line(&w, 86401, "info msg 8: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@0 over 1/10s/msg/sender a@x count=2 within=0 msg=8 qp=1 uid=2 from=a@x\n");
  world_close(&w);
}

static void restored(void **state)
{
  (void)state;
  world_open(&w, "1/1h", MEMORY, 0);
  tap_restore(&w.t, 1);
  for (int i = 0; i < 3; i++)
    world_msg(&w, -600 + i, "a@x");
  world_msg(&w, -500, "b@x");
  world_msg(&w, 90000, "b@x"); /* a day ahead is no time, as in a replay: it counts where the log is */
  world_expect(&w, "");
  tap_restore(&w.t, 0);
  world_expect(&w, "@-500 note restored lines=5 over=2\n");
  tap_start(&w.t);
  world_expect(&w, "@0 note start rules=1 over=2\n"
                   "@0 still 1/1h/msg/sender a@x count=3 peak=3 total=3 since=@-599 from=a@x\n"
                   "@0 still 1/1h/msg/sender b@x count=2 peak=2 total=2 since=@-500 from=b@x\n");
  world_clock(&w, 2, 2);
  world_raw(&w, "info msg 700: bytes 9 from <c@x> qp 1 uid 2");
  world_raw(&w, "info msg 701: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "");
  world_raw(&w, "info msg 702: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@2 more 1/1h/msg/sender a@x count=5 within=602 msg=702 qp=1 uid=2 from=a@x\n");
  world_close(&w);
}

/* With a program: who was over hours ago is not now, and nobody is told; for the others there is a timer. */
static void restored_long_ago(void **state)
{
  int64_t when;
  (void)state;
  world_open(&w, "1/1h", MEMORY, 0);
  tap_restore(&w.t, 1);
  for (int i = 0; i < 2; i++)
    world_msg(&w, -10800 + i, "a@x");
  tap_restore(&w.t, 0);
  tap_start(&w.t);
  world_expect(&w, "@-10799 note restored lines=2 over=1\n@0 note start rules=1 over=0\n");
  assert_int_equal(tap_deadline(&w.t, &when), 0);
  world_line(&w, -7300,
             "info msg 9: bytes 9 from <a@x> qp 9 uid 89"); /* a line that waited: he was over then */
  world_expect(&w, "@-7300 over 1/1h/msg/sender a@x count=3 within=3500 msg=9 qp=9 uid=89 from=a@x\n");
  world_close(&w);
  world_open(&w, "1/1h", MEMORY, 0);
  tap_restore(&w.t, 1);
  for (int i = 0; i < 2; i++)
    world_msg(&w, -420, "b@x");
  tap_restore(&w.t, 0);
  tap_start(&w.t);
  w.said.told = w.said.len;
  assert_int_equal(tap_deadline(&w.t, &when), 1);
  assert_int_equal(when, (5 + 3600 - 420) * SECOND);
  world_clock(&w, 3600 - 420, 3600 - 420);
  tap_tick(&w.t);
  world_expect(&w, "@3180 under 1/1h/msg/sender b@x count=0 peak=2 total=2 since=@-420 lasted=3600\n");
  world_close(&w);
}

/* The reader has missed lines: what is over now is told together with that. */
static void lost_alerts(void **state)
{
  size_t before;
  (void)state;
  world_open(&w, "0/1h", MEMORY, 0);
  world_msg(&w, 0, "a@x");
  world_msg(&w, 1, "B@x");
  before = w.said.told = w.said.len;
  assert_true(tap_lost_length(&w.t, 12) > 0);
  assert_int_equal(w.said.len, before);
  tap_lost(&w.t, 12, 1);
  world_expect(&w, "@1 note lost alerts=12 over=2\n"
                   "@1 still 0/1h/msg/sender a@x count=1 peak=1 total=1 since=@0 from=a@x\n"
                   "@1 still 0/1h/msg/sender b@x count=1 peak=1 total=1 since=@1 from=B@x\n");
  assert_int_equal(tap_lost_length(&w.t, 12), w.said.len - before);
  before = w.said.len;
  tap_lost(&w.t, 3, 0);
  world_expect(&w, "@1 note lost alerts=3\n");
  world_close(&w);
}

/* Every line is counted under the line rule, but this one has nothing to count. */
static void restored_in_little_memory(void **state)
{
  (void)state;
  world_open(&w, "5/1d 9/1h/line/u=", TAP_MEMORY, 0);
  tap_restore(&w.t, 1);
  while (!w.t.watch.store.evicted)
    flood(-600, 1);
  flood(-599, 50);
  world_expect(&w, "");
  tap_restore(&w.t, 0);
  assert_non_null(strstr(w.said.s, " note restored "));
  w.said.told = w.said.len;
  world_line(&w, 1, "end msg 999");
  world_expect(&w, "");
  flood(2, 50);
  assert_non_null(strstr(w.said.s + w.said.told, " note full evicted="));
  world_close(&w);
}

/* Who knew the key could choose senders that are all one chain of the table. */
static void secret(void **state)
{
  hash_key first;
  (void)state;
  world_open(&w, "1/1h", MEMORY, 0);
  first = w.t.key;
  world_close(&w);
  world_open(&w, "1/1h", MEMORY, 0);
  assert_memory_not_equal(&w.t.key, &first, sizeof first);
  world_close(&w);
}

static void notes(void **state)
{
  (void)state;
  world_open(&w, "1/1h", MEMORY, 0);
  world_clock(&w, 3, 3);
  tap_note(&w.t, "start", "rules=", 1);
  tap_note(&w.t, "reload-failed", 0, 0);
  world_expect(&w, "@3 note start rules=1\n@3 note reload-failed\n");
  world_close(&w);
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
  rows_one(&list, "time does not go back behind what the timer ended", after_the_timer);
  rows_one(&list, "where no episode is left there is no timer", no_timer_without_an_episode);
  rows_one(&list, "a line that is no event says no time, whatever its stamp", quiet_lines_say_no_time);
  rows_one(&list, "deliveries move the clock if a rule needs them", deliveries_move_the_clock_if_needed);
  rows_one(&list, "a line that matches a line rule moves the clock, whoever is selected",
           matching_lines_move_the_clock);
  rows_one(&list, "a banner with a stamp does not stop the clock of a log without", banner_in_a_live_log);
  rows_one(&list, "a replay has no timer", no_timer_in_a_replay);
  rows_one(&list, "at the first stamp episodes end, all else that counted before is dropped, messages stay",
           before_the_first_stamp);
  rows_one(&list, "the text behind a stamp that is no time is read all the same", future_stamp_is_read);
  rows_one(&list, "a restored log is silent up to its note, and its counters go on", restored);
  rows_one(&list, "what has ended since it was stored is not told, and what has not has a timer",
           restored_long_ago);
  rows_one(&list, "lost alerts are told with what is over", lost_alerts);
  rows_one(&list, "what was evicted while restoring is not told later", restored_in_little_memory);
  rows_one(&list, "each tap has a hash key of its own", secret);
  rows_one(&list, "notes have a word and at most one number", notes);
  rows_one(&list, "a tap without room for its tables is refused", no_room);
  return rows_run(&list, "tap");
}
