#include "rows.h"

#include "watch/clock.h"

#define S SECOND
#define NOON (INT64_C(1795435200) * S)
#define YEAR (INT64_C(31536000) * S)

static stamp at(int64_t when)
{
  return (stamp){.when = when, .timed = 1, .len = 26};
}

static stamp const unstamped = {.timed = 0};

/* A timeline that starts when the machine says NOON and ahead, and 5 seconds on its monotonic clock. */
static timeline started(int64_t ahead)
{
  timeline t;
  timeline_start(&t, (moment){NOON + ahead, 5 * S});
  return t;
}

/* The machine's clocks, less NOON and what the monotonic one was at the start. */
static void machine(timeline *t, int64_t wall, int64_t mono)
{
  timeline_machine(t, (moment){NOON + wall, 5 * S + mono});
}

/* Takes a line with that stamp: this must be its verdict, and its time. */
static void line(timeline *t, stamp s, timeline_verdict verdict, int64_t counts)
{
  timeline before = *t;
  int64_t when;
  timeline_verdict v = timeline_judge(t, &s, &when);
  assert_memory_equal(&before, t, sizeof before);
  assert_int_equal(v, verdict);
  assert_int_equal(when, counts);
  timeline_go(t, &s, when, v);
}

static void expect_live(timeline *t, int64_t at_present)
{
  int64_t now;
  assert_int_equal(timeline_live(t, &now), 1);
  assert_int_equal(now, at_present);
}

/* A second line after one at NOON; machine: the machine's clock less NOON. */
typedef struct {
  char const *name;
  int64_t machine, second;
  timeline_verdict verdict;
  int64_t counts; /* when, less NOON */
} row;

static row const rows[] = {
    {"the same time", 0, 0, TIMELINE_NEWEST, 0},
    {"a nanosecond later", 0, 1, TIMELINE_NEWEST, 1},
    {"a nanosecond earlier is late", 0, -1, TIMELINE_LATE, 0},
    {"5 minutes earlier is late", 0, -300 * S, TIMELINE_LATE, 0},
    {"more than that begins a new timeline", 0, -300 * S - 1, TIMELINE_BACK, -300 * S - 1},
    {"so does a year", 0, -YEAR, TIMELINE_BACK, -YEAR},
    {"in a live stream 5 minutes ahead of everything is a time", 0, 300 * S, TIMELINE_NEWEST, 300 * S},
    {"more than that is none", 0, 300 * S + 1, TIMELINE_NO_TIME, 0},
    {"a day ahead is none either", 0, 86400 * S, TIMELINE_NO_TIME, 0},
    {"ahead of stamps that are ahead of the machine, 5 minutes are a time", -300 * S, 300 * S,
     TIMELINE_NEWEST, 300 * S},
    {"and more than that is none", -300 * S, 300 * S + 1, TIMELINE_NO_TIME, 0},
    {"where the stamps are further off it is no live stream", -300 * S - 1, 300 * S + 1, TIMELINE_NEWEST,
     300 * S + 1},
    {"in a replay the machine's time is a time", 301 * S, 301 * S, TIMELINE_NEWEST, 301 * S},
    {"a year ahead of the stamps but not of the machine is a time", YEAR, YEAR, TIMELINE_NEWEST, YEAR},
    {"so is a day ahead of the machine", YEAR, YEAR + 86400 * S, TIMELINE_NEWEST, YEAR + 86400 * S},
    {"but not more", YEAR, YEAR + 86400 * S + 1, TIMELINE_NO_TIME, 0},
    {"a day ahead of stamps that are ahead of the machine is a time", -YEAR, 86400 * S, TIMELINE_NEWEST,
     86400 * S},
    {"but not more either", -YEAR, 86400 * S + 1, TIMELINE_NO_TIME, 0},
    {"the last instant of all is none", 0, STAMP_MAX - NOON, TIMELINE_NO_TIME, 0},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  timeline t = started(r->machine);
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  line(&t, at(NOON + r->second), r->verdict, NOON + r->counts);
  assert_int_equal(timeline_present(&t), NOON + r->counts);
  line(&t, unstamped, TIMELINE_NO_TIME, NOON + r->counts);
}

static void first_always_counts(void **state)
{
  static int64_t const firsts[] = {STAMP_MIN, 0, NOON, NOON + YEAR, STAMP_MAX};
  (void)state;
  for (size_t i = 0; i < 5; i++) {
    timeline t = started(0);
    line(&t, at(firsts[i]), TIMELINE_FIRST, firsts[i]);
    assert_int_equal(timeline_present(&t), firsts[i]);
    assert_int_equal(timeline_label(&t, firsts[i]), firsts[i]);
  }
}

/* Stamps one after the other at both ends of what a stamp can say. */
static void extremes(void **state)
{
  int64_t now;
  timeline t = started(0);
  (void)state;
  line(&t, at(STAMP_MAX), TIMELINE_FIRST, STAMP_MAX);
  line(&t, at(STAMP_MAX), TIMELINE_NEWEST, STAMP_MAX);
  line(&t, at(STAMP_MIN), TIMELINE_BACK, STAMP_MIN);
  line(&t, at(STAMP_MIN), TIMELINE_NEWEST, STAMP_MIN);
  line(&t, at(STAMP_MAX), TIMELINE_NO_TIME, STAMP_MIN);
  assert_int_equal(timeline_live(&t, &now), 0);
}

static void live_without_stamps(void **state)
{
  timeline t = started(0);
  (void)state;
  line(&t, unstamped, TIMELINE_UNSTAMPED, NOON);
  machine(&t, 7 * S, 7 * S);
  assert_int_equal(timeline_present(&t), NOON + 7 * S);
  line(&t, (stamp){.timed = 0, .len = 20}, TIMELINE_UNSTAMPED, NOON + 7 * S);
  expect_live(&t, NOON + 7 * S);
}

/* The machine's clock is set by a day, forth and back: what counts is the monotonic clock, labels show the
 * other. */
static void clock_is_set(void **state)
{
  (void)state;
  for (int64_t set = -86400 * S; set <= 86400 * S; set += 2 * 86400 * S) {
    timeline t = started(0);
    line(&t, unstamped, TIMELINE_UNSTAMPED, NOON);
    assert_int_equal(timeline_label(&t, NOON), NOON);
    machine(&t, set + 10 * S, 10 * S);
    line(&t, unstamped, TIMELINE_UNSTAMPED, NOON + 10 * S);
    expect_live(&t, NOON + 10 * S);
    assert_int_equal(timeline_label(&t, NOON + 10 * S), NOON + set + 10 * S);
  }
}

static void labels_do_not_jitter(void **state)
{
  timeline t = started(0);
  (void)state;
  line(&t, unstamped, TIMELINE_UNSTAMPED, NOON);
  machine(&t, S + 900, S);
  assert_int_equal(timeline_label(&t, NOON), NOON);
  machine(&t, 2 * S - 900, 2 * S);
  assert_int_equal(timeline_label(&t, NOON), NOON);
}

static void labels_follow(void **state)
{
  (void)state;
  for (int more = 0; more < 2; more++) {
    timeline t = started(0);
    machine(&t, S + S / 100 + more, S);
    assert_int_equal(timeline_label(&t, NOON), more ? NOON + S / 100 + 1 : NOON);
    t = started(0);
    machine(&t, S - S / 100 - more, S);
    assert_int_equal(timeline_label(&t, NOON), more ? NOON - S / 100 - 1 : NOON);
  }
}

static void never_back(void **state)
{
  timeline t = started(0);
  (void)state;
  timeline_tick(&t, NOON + 3 * S);
  line(&t, unstamped, TIMELINE_UNSTAMPED, NOON + 3 * S);
}

typedef struct {
  char const *name;
  int64_t machine; /* less the newest stamp */
  int live;
} live_row;

static live_row const lives[] = {
    {"stamps of now are live", 0, 1},
    {"stamps of 5 minutes ago are", 300 * S, 1},
    {"older ones are a replay", 300 * S + 1, 0},
    {"s6-log's are 27 seconds ahead, and live", -27 * S, 1},
    {"stamps 5 minutes ahead are", -300 * S, 1},
    {"those further ahead are not", -300 * S - 1, 0},
    {"yesterday's are not", 86400 * S, 0},
};

static void check_live(void **state)
{
  live_row const *r = ROWS_ROW(live_row, state);
  int64_t now;
  timeline t = started(r->machine);
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  machine(&t, r->machine + 9 * S, 9 * S);
  assert_int_equal(timeline_live(&t, &now), r->live);
  if (r->live)
    assert_int_equal(now, NOON + 9 * S);
  assert_int_equal(timeline_present(&t), NOON);
}

/* Stamps that go on at the machine's pace, and a timer that ends something in between. */
static void ticks_of_a_stamped_log(void **state)
{
  timeline t = started(0);
  (void)state;
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  machine(&t, 10 * S, 10 * S);
  timeline_tick(&t, NOON + 8 * S);
  assert_int_equal(timeline_present(&t), NOON + 8 * S);
  expect_live(&t, NOON + 10 * S);
  line(&t, at(NOON + 7 * S), TIMELINE_NEWEST, NOON + 8 * S);
  expect_live(&t, NOON + 8 * S);
  line(&t, at(NOON + 6 * S), TIMELINE_LATE, NOON + 8 * S);
}

/* What counts for a new timeline is the newest stamp, not the clock that went on without one. */
static void back_is_behind_the_newest_stamp(void **state)
{
  timeline t = started(0);
  (void)state;
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  machine(&t, 290 * S, 290 * S);
  line(&t, unstamped, TIMELINE_NO_TIME, NOON + 290 * S);
  line(&t, at(NOON - 290 * S), TIMELINE_LATE, NOON + 290 * S);
  line(&t, at(NOON + S), TIMELINE_NEWEST, NOON + 290 * S);
  line(&t, at(NOON + S - 300 * S - 1), TIMELINE_BACK, NOON + S - 300 * S - 1);
}

static void unstamped_in_a_live_stream(void **state)
{
  timeline t = started(27 * S); /* as with s6-log's labels */
  (void)state;
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  machine(&t, 31 * S, 4 * S);
  line(&t, unstamped, TIMELINE_NO_TIME, NOON + 4 * S);
  line(&t, at(NOON), TIMELINE_NEWEST, NOON + 4 * S);
  machine(&t, 33 * S, 6 * S);
  line(&t, at(NOON + 86400 * S), TIMELINE_NO_TIME, NOON + 6 * S);
}

static void unstamped_in_a_replay(void **state)
{
  timeline t = started(YEAR);
  (void)state;
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  machine(&t, YEAR + 4 * S, 4 * S);
  line(&t, unstamped, TIMELINE_NO_TIME, NOON);
}

/* The end of a restored log, a minute old, and the machine two seconds on. */
static timeline resumed(void)
{
  timeline t = started(0);
  line(&t, at(NOON - 60 * S), TIMELINE_FIRST, NOON - 60 * S);
  timeline_resume(&t, 1);
  machine(&t, 2 * S, 2 * S);
  return t;
}

static void resumed_without_stamps(void **state)
{
  timeline t = resumed();
  (void)state;
  line(&t, unstamped, TIMELINE_NO_TIME, NOON + 2 * S);
  assert_int_equal(timeline_label(&t, NOON + 2 * S), NOON + 2 * S);
  assert_int_equal(timeline_present(&t), NOON + 2 * S);
  machine(&t, 5 * S, 5 * S);
  assert_int_equal(timeline_present(&t), NOON + 5 * S);
}

/* Lines that waited while nobody read them are no new timeline, and the clock goes back to them. */
static void resumed_with_lines_that_waited(void **state)
{
  timeline t = resumed();
  (void)state;
  timeline_tick(&t, NOON + 2 * S); /* something has ended */
  line(&t, at(NOON - 200 * S), TIMELINE_LATE, NOON - 60 * S);
  machine(&t, 3 * S, 3 * S);
  line(&t, unstamped, TIMELINE_NO_TIME, NOON - 59 * S);
  t = resumed();
  line(&t, unstamped, TIMELINE_NO_TIME, NOON + 2 * S);
  line(&t, at(NOON - 50 * S), TIMELINE_NEWEST, NOON + 2 * S); /* not to before what was counted */
  t = resumed();
  line(&t, at(NOON - 360 * S - 1), TIMELINE_BACK, NOON - 360 * S - 1);
}

/* The later one counts, and goes on. */
static void resumed_with_a_clock_that_is_behind(void **state)
{
  timeline t = started(-YEAR);
  (void)state;
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  timeline_resume(&t, 1);
  assert_int_equal(timeline_present(&t), NOON);
  machine(&t, -YEAR + 7 * S, 7 * S);
  expect_live(&t, NOON + 7 * S);
  assert_int_equal(timeline_label_now(&t), NOON - YEAR + 7 * S);
  t = started(0);
  line(&t, at(STAMP_MAX), TIMELINE_FIRST, STAMP_MAX);
  timeline_resume(&t, 1);
  assert_int_equal(timeline_label_now(&t), NOON);
}

/* As a replay that goes on. */
static void resumed_without_a_program(void **state)
{
  timeline t = started(YEAR);
  int64_t now;
  (void)state;
  line(&t, at(NOON), TIMELINE_FIRST, NOON);
  timeline_resume(&t, 0);
  machine(&t, YEAR + 5 * S, 5 * S);
  assert_int_equal(timeline_present(&t), NOON);
  assert_int_equal(timeline_live(&t, &now), 0);
  line(&t, unstamped, TIMELINE_NO_TIME, NOON);
}

static void resumed_with_stamps(void **state)
{
  timeline t = resumed();
  (void)state;
  line(&t, at(NOON - 50 * S), TIMELINE_NEWEST, NOON - 50 * S);
  line(&t, unstamped, TIMELINE_NO_TIME, NOON - 50 * S);
}

/* A stamp that is no time, right after the restored log, does not make it one without stamps. */
static void resumed_with_a_stamp_of_tomorrow(void **state)
{
  timeline t = resumed();
  (void)state;
  line(&t, at(NOON + 86400 * S), TIMELINE_NO_TIME, NOON + 2 * S);
  line(&t, at(NOON + 3 * S), TIMELINE_NEWEST, NOON + 3 * S);
}

/* Timers after a restart go on from the machine's time, not from when the stored log was read. */
static void resumed_timers(void **state)
{
  timeline t = resumed();
  (void)state;
  expect_live(&t, NOON + 2 * S);
}

int main(void)
{
  static rows_list list;

  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, lives, check_live);
  rows_one(&list, "the first stamp always counts", first_always_counts);
  rows_one(&list, "the first and the last time of all do not overflow", extremes);
  rows_one(&list, "without stamps time passes as the monotonic clock does", live_without_stamps);
  rows_one(&list, "setting the machine's clock moves labels, not windows", clock_is_set);
  rows_one(&list, "labels do not follow the jitter of two clocks", labels_do_not_jitter);
  rows_one(&list, "they follow a clock that was set by more than a hundredth of a second", labels_follow);
  rows_one(&list, "the live clock does not go back before what it was told", never_back);
  rows_one(&list, "a timer of a live log moves its time on", ticks_of_a_stamped_log);
  rows_one(&list, "a new timeline begins more than 5 minutes behind the newest stamp",
           back_is_behind_the_newest_stamp);
  rows_one(&list, "in a live stream an event without a stamp counts at the live time",
           unstamped_in_a_live_stream);
  rows_one(&list, "in a replay it counts at the newest stamp", unstamped_in_a_replay);
  rows_one(&list, "a stamp of tomorrow after a restored log is no time", resumed_with_a_stamp_of_tomorrow);
  rows_one(&list, "timers after a restored log go on from the machine's time", resumed_timers);
  rows_one(&list, "after a restored log lines without stamps are live", resumed_without_stamps);
  rows_one(&list, "the first stamp after it sets the clock, back to lines that waited",
           resumed_with_lines_that_waited);
  rows_one(&list, "after it the later of the machine's clock and the newest stamp goes on",
           resumed_with_a_clock_that_is_behind);
  rows_one(&list, "without a program the newest stamp is the time, as in a replay",
           resumed_without_a_program);
  rows_one(&list, "after a restored log lines with stamps go on", resumed_with_stamps);
  return rows_run(&list, "clock");
}
