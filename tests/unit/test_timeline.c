#include "rows.h"

#include "tap/timeline.h"

#define S SECOND
#define NOON (INT64_C(1795435200) * S)
#define YEAR (INT64_C(31536000) * S)

static stamp at(int64_t when)
{
  return (stamp){.when = when, .timed = 1, .len = 26};
}

/* Takes a line with that stamp; returns its verdict, which must be at *when. */
static timeline_verdict line(timeline *t, stamp s, int64_t *when)
{
  timeline before = *t;
  timeline_verdict v = timeline_judge(t, &s, when);
  assert_memory_equal(&before, t, sizeof before);
  timeline_go(t, *when, v);
  return v;
}

/* A second line after one at NOON; machine: the machine's clock less NOON. */
typedef struct {
  char const *name;
  int64_t machine, second;
  timeline_verdict verdict;
  int64_t counts; /* when, less NOON */
} row;

static row const rows[] = {
    {"the same time", 0, 0, TIMELINE_ON, 0},
    {"a nanosecond later", 0, 1, TIMELINE_ON, 1},
    {"a nanosecond earlier is late", 0, -1, TIMELINE_LATE_LINE, 0},
    {"5 minutes earlier is late", 0, -300 * S, TIMELINE_LATE_LINE, 0},
    {"more than that begins a new timeline", 0, -300 * S - 1, TIMELINE_BACK, -300 * S - 1},
    {"so does a year", 0, -YEAR, TIMELINE_BACK, -YEAR},
    {"a day ahead of everything is a time", 0, 86400 * S, TIMELINE_ON, 86400 * S},
    {"more than a day is none", 0, 86400 * S + 1, TIMELINE_HERE, 0},
    {"a year ahead of the stamps but not of the machine is a time", YEAR, YEAR, TIMELINE_ON, YEAR},
    {"so is a day ahead of the machine", YEAR, YEAR + 86400 * S, TIMELINE_ON, YEAR + 86400 * S},
    {"but not more", YEAR, YEAR + 86400 * S + 1, TIMELINE_HERE, 0},
    {"a day ahead of stamps that are ahead of the machine is a time", -YEAR, 86400 * S, TIMELINE_ON,
     86400 * S},
    {"but not more either", -YEAR, 86400 * S + 1, TIMELINE_HERE, 0},
    {"the last instant of all is none", 0, STAMP_MAX - NOON, TIMELINE_HERE, 0},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  int64_t when;
  timeline t;
  timeline_start(&t, (moment){NOON + r->machine, 5 * S});
  assert_int_equal(line(&t, at(NOON), &when), TIMELINE_FIRST);
  assert_int_equal(line(&t, at(NOON + r->second), &when), r->verdict);
  assert_int_equal(when, NOON + r->counts);
  assert_int_equal(timeline_present(&t), NOON + r->counts);
  assert_int_equal(line(&t, (stamp){.timed = 0}, &when), TIMELINE_HERE);
  assert_int_equal(when, NOON + r->counts);
}

static void first_always_counts(void **state)
{
  static int64_t const firsts[] = {STAMP_MIN, 0, NOON, NOON + YEAR, STAMP_MAX};
  (void)state;
  for (size_t i = 0; i < 5; i++) {
    int64_t when;
    timeline t;
    timeline_start(&t, (moment){NOON, 5 * S});
    assert_int_equal(line(&t, at(firsts[i]), &when), TIMELINE_FIRST);
    assert_int_equal(when, firsts[i]);
    assert_int_equal(timeline_present(&t), firsts[i]);
    assert_int_equal(timeline_label(&t, when), when);
  }
}

/* Stamps one after the other at both ends of what a stamp can say. */
static void extremes(void **state)
{
  int64_t when, now;
  timeline t;
  (void)state;
  timeline_start(&t, (moment){NOON, 5 * S});
  line(&t, at(STAMP_MAX), &when);
  assert_int_equal(line(&t, at(STAMP_MAX), &when), TIMELINE_ON);
  assert_int_equal(line(&t, at(STAMP_MIN), &when), TIMELINE_BACK);
  assert_int_equal(line(&t, at(STAMP_MIN), &when), TIMELINE_ON);
  assert_int_equal(line(&t, at(STAMP_MAX), &when), TIMELINE_HERE);
  assert_int_equal(when, STAMP_MIN);
  assert_int_equal(timeline_live(&t, &now), 0);
}

static void live_without_stamps(void **state)
{
  int64_t when, now;
  timeline t;
  (void)state;
  timeline_start(&t, (moment){NOON, 5 * S});
  assert_int_equal(line(&t, (stamp){.timed = 0}, &when), TIMELINE_LIVE);
  assert_int_equal(when, NOON);
  timeline_machine(&t, (moment){NOON + 7 * S, 12 * S});
  assert_int_equal(timeline_present(&t), NOON + 7 * S);
  assert_int_equal(line(&t, (stamp){.timed = 0, .len = 20}, &when), TIMELINE_LIVE);
  assert_int_equal(when, NOON + 7 * S);
  assert_int_equal(timeline_live(&t, &now), 1);
  assert_int_equal(now, NOON + 7 * S);
}

/* The machine's clock is set by a day, forth and back: what counts is the monotonic clock, labels show the
 * other. */
static void clock_is_set(void **state)
{
  int64_t when, now;
  timeline t;
  (void)state;
  for (int64_t set = -86400 * S; set <= 86400 * S; set += 2 * 86400 * S) {
    timeline_start(&t, (moment){NOON, 5 * S});
    line(&t, (stamp){.timed = 0}, &when);
    assert_int_equal(timeline_label(&t, when), NOON);
    timeline_machine(&t, (moment){NOON + set + 10 * S, 15 * S});
    assert_int_equal(line(&t, (stamp){.timed = 0}, &when), TIMELINE_LIVE);
    assert_int_equal(when, NOON + 10 * S);
    assert_int_equal(timeline_live(&t, &now), 1);
    assert_int_equal(now, NOON + 10 * S);
    assert_int_equal(timeline_label(&t, when), NOON + set + 10 * S);
  }
}

static void labels_do_not_jitter(void **state)
{
  int64_t when;
  timeline t;
  (void)state;
  timeline_start(&t, (moment){NOON, 5 * S});
  line(&t, (stamp){.timed = 0}, &when);
  timeline_machine(&t, (moment){NOON + S + 900, 6 * S});
  assert_int_equal(timeline_label(&t, NOON), NOON);
  timeline_machine(&t, (moment){NOON + 2 * S - 900, 7 * S});
  assert_int_equal(timeline_label(&t, NOON), NOON);
}

static void never_back(void **state)
{
  int64_t when;
  timeline t;
  (void)state;
  timeline_start(&t, (moment){NOON, 5 * S});
  timeline_tick(&t, NOON + 3 * S);
  assert_int_equal(line(&t, (stamp){.timed = 0}, &when), TIMELINE_LIVE);
  assert_int_equal(when, NOON + 3 * S);
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
  int64_t when, now;
  timeline t;
  timeline_start(&t, (moment){NOON + r->machine, 5 * S});
  line(&t, at(NOON), &when);
  timeline_machine(&t, (moment){NOON + r->machine + 9 * S, 14 * S});
  assert_int_equal(timeline_live(&t, &now), r->live);
  if (r->live)
    assert_int_equal(now, NOON + 9 * S);
  assert_int_equal(timeline_present(&t), NOON);
}

/* Stamps that go on at the machine's pace, and a timer that ends something in between. */
static void ticks_of_a_stamped_log(void **state)
{
  int64_t when, now;
  timeline t;
  (void)state;
  timeline_start(&t, (moment){NOON, 5 * S});
  line(&t, at(NOON), &when);
  timeline_machine(&t, (moment){NOON + 10 * S, 15 * S});
  timeline_tick(&t, NOON + 8 * S);
  assert_int_equal(timeline_present(&t), NOON + 8 * S);
  timeline_live(&t, &now);
  assert_int_equal(now, NOON + 10 * S);
  assert_int_equal(line(&t, at(NOON + 7 * S), &when), TIMELINE_LATE_LINE);
  assert_int_equal(when, NOON + 8 * S);
}

static void resumed_without_stamps(void **state)
{
  int64_t when;
  timeline t;
  (void)state;
  timeline_start(&t, (moment){NOON, 5 * S});
  line(&t, at(NOON - 60 * S), &when);
  timeline_resume(&t);
  timeline_machine(&t, (moment){NOON + 2 * S, 7 * S});
  assert_int_equal(line(&t, (stamp){.timed = 0}, &when), TIMELINE_LIVE);
  assert_int_equal(when, NOON + 2 * S);
  assert_int_equal(timeline_label(&t, when), when);
}

static void resumed_with_stamps(void **state)
{
  int64_t when;
  timeline t;
  (void)state;
  timeline_start(&t, (moment){NOON, 5 * S});
  line(&t, at(NOON - 60 * S), &when);
  timeline_resume(&t);
  timeline_machine(&t, (moment){NOON + 2 * S, 7 * S});
  assert_int_equal(line(&t, at(NOON - 50 * S), &when), TIMELINE_ON);
  assert_int_equal(line(&t, (stamp){.timed = 0}, &when), TIMELINE_HERE);
  assert_int_equal(when, NOON - 50 * S);
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
  rows_one(&list, "the live clock does not go back behind what it was told", never_back);
  rows_one(&list, "a timer of a live log moves its time on", ticks_of_a_stamped_log);
  rows_one(&list, "after a restored log lines without stamps are live", resumed_without_stamps);
  rows_one(&list, "after a restored log lines with stamps go on", resumed_with_stamps);
  return rows_run(&list, "timeline");
}
