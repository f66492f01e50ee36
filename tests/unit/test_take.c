#include "sayings.h"

#define MEMORY (8 * TAP_MEMORY)

static world w;

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
  world_open(&w, rules, MEMORY, 0);
  tap_tell_to(&w.t, &tell, &told);
  told.count = 0;
}

/* Lines, each with its newline, as they come from a log. */
static void feed(char const *log)
{
  static lines l;
  size_t len = strlen(log);
  char *exact = rows_exact(log, len);
  l = (lines){0};
  lines_feed(&l, (span){exact, len}, &tap_line, &w.t);
  free(exact);
}

static void expect(uint64_t events, uint64_t odd)
{
  assert_int_equal(w.t.watch.store.events, events);
  assert_int_equal(w.t.odd, odd);
}

#define LABEL "@400000006b040f0a00000000 "
#define INFO "info msg 7: bytes 9 from <ann@example.org> qp 1 uid 8"

/* One line: how often it counts under 9/1h, and whether it is odd. */
typedef struct {
  char const *name, *line;
  uint64_t events, odd;
} row;

static row const rows[] = {
    {"a plain announcement", INFO, 1, 0},
    {"blanks behind it", INFO "   ", 1, 0},
    {"a tab behind it", INFO "\t", 1, 0},
    {"a carriage return behind it", INFO "\r", 1, 0},
    {"any of them, mixed", INFO " \r\t \r\r ", 1, 0},
    {"behind a label", LABEL INFO "\r", 1, 0},
    {"behind a header", "Nov 23 12:44:00 mx1 qmail: " INFO " \r", 1, 0},
    {"behind splogger's number", "Nov 23 12:44:00 mx1 qmail: 1461492794.123456 " INFO "\t\r", 1, 0},
    {"two words behind it", INFO " queue1 x", 0, 1},
    {"behind a prefix that is not known", "FOO: " INFO, 0, 1},
    {"behind a known and an unknown one", LABEL "FOO: " INFO, 0, 1},
    {"behind another line", "status: local 0/10 " INFO, 0, 1},
    {"behind another line with a label", LABEL "status: local 0/10 " INFO, 0, 1},
    {"behind a new message", LABEL "new msg 6" INFO, 0, 1},
    {"behind an end of no message", LABEL "end msg x" INFO, 0, 1},
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

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  char line[200];
  snprintf(line, sizeof line, "%s\n", r->line);
  start("9/1h 9/1h/remote");
  feed(line);
  expect(r->events, r->odd);
  assert_int_equal(told.count, r->odd);
  if (r->odd)
    assert_string_equal(told.line, r->line);
  world_close(&w);
  start("9/1h/byte"); /* which needs no deliveries */
  world_raw(&w, r->line);
  expect(r->events, r->odd);
  assert_int_equal(told.count, r->odd);
  world_close(&w);
}

static void told_once(void **state)
{
  (void)state;
  start("9/1h");
  feed("FOO: info msg 7\nFOO: info msg 8\n" INFO "\nFOO: info msg 9\n");
  expect(1, 3);
  assert_int_equal(told.count, 1);
  assert_string_equal(told.line, "FOO: info msg 7");
  world_close(&w);
  start("9/1h");
  feed("end msg 3\nFOO: info msg 7\n");
  expect(0, 1);
  assert_int_equal(told.count, 0);
  world_close(&w);
  start("9/1h/line/FOO");
  feed("FOO: info msg 7\nxinfo msg 8\n");
  expect(1, 1);
  assert_int_equal(told.count, 0);
  world_close(&w);
  world_open(&w, "9/1h", MEMORY, 0); /* nobody is told */
  feed("FOO: info msg 7\n");
  expect(0, 1);
  world_close(&w);
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
     MX1 N " " HALF "\n" MX2 N " status: local 0/10\n" MX1 "7.000000 new msg 9\n" INFO "\n" MX1 N "+" REST
           "\n",
     2, 0},
    {"a rest without a first part", N "+" HALF REST "\n" N "+" INFO "\n", 0, 0},
    {"a first part without a rest", N " " HALF "\n", 0, 1},
    {"a rest of another number", N " " HALF "\n1461492794.123457+" REST "\n", 0, 1},
    {"a rest of as many nanoseconds", N " " HALF "\n" N "000+" REST "\n", 0, 1},
    {"a whole line is not joined", N " " INFO "\n" N "+9\n", 1, 0},
    {"what follows a joined event is not joined to it",
     N " " HALF "\n" N "+" REST "\n" N "+9\n" N "+" REST "\n", 1, 0},
    {"another line with the number comes between", N " " HALF "\n" N " status: local 0/10\n" N "+" REST "\n",
     0, 1},
    {"a piece behind the number", N " mail.info: " HALF "\n" N "+" REST "\n", 0, 1},
    {"a new first part", N " info msg 6: bytes 9 from <bo\n" N " " HALF "\n" N "+" REST "\n", 1, 1},
    {"parts that become nothing", N " " HALF "\n" N "+ x\n", 0, 1},
    {"a long delivery that is cut", N " delivery 1: failure: a\n" N "+" INFO "\n", 0, 0},
};

static void check_parts(void **state)
{
  part_row const *r = ROWS_ROW(part_row, state);
  start("9/1h");
  feed(r->log);
  expect(r->events, r->odd);
  world_close(&w);
}

static void line_rules(void **state)
{
  (void)state;
  start("9/1h/line/<"); /* each line once */
  feed(N " " HALF "\n" N "+" REST "\n" N " x\n" N "+<5\n" N "+ <5\n" N "+ <5 <6\n");
  expect(2, 0);
  world_close(&w);
  start("9/1h/line/*uid*{} 9/1h"); /* a word behind the cut */
  feed(N " " HALF "\n" N "+" REST "\n");
  expect(2, 0);
  world_close(&w);
  start("9/1h/line/*uid*{}"); /* a line is not odd that a line rule finds behind the cut */
  feed(N " info msg 7: byt\n");
  expect(0, 1);
  feed(N "+es x uid 8\n");
  expect(1, 0);
  world_close(&w);
  start("9/1h/line/*< 9/1h"); /* a line rule takes nothing from another rule */
  feed(N " " HALF "\n" N "+" REST "\n");
  expect(2, 0);
  world_close(&w);
  start("9/1h/line/*<{}*uid 9/1h/line/*< 9/1h/line/*example."); /* nor from another line rule */
  feed(N " " HALF "\n" N "+" REST "\n" N "+ 9\n");
  expect(3, 0);
  world_close(&w);
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
    world_close(&w);
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
  assert_int_equal(w.t.watch.store.now_over, 6);
  world_close(&w);
}

static void no_time(void **state)
{
  (void)state;
  start("-b@x 9/1h");
  told.no_time = 0;
  feed("info msg 1: bytes 9 from <b@x> qp 1 uid 2\nend msg 1\nbanner\n");
  assert_int_equal(told.no_time, 0);
  feed("@400000006b0439d204000000 info msg 1: bytes 9 from <a@x> qp 1 uid 2\n");
  assert_int_equal(told.no_time, 0);
  feed("info msg 2: bytes 9 from <a@x> qp 1 uid 2\ninfo msg 3: bytes 9 from <a@x> qp 1 uid 2\n");
  assert_int_equal(told.no_time, 1);
  world_close(&w);
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
  tap_restore(&w.t, 1);
  unknown_deliveries(150);
  tap_restore(&w.t, 0);
  unknown_deliveries(99);
  feed("info msg 1: bytes 9 from <b@x> qp 1 uid 2\nstarting delivery 7: msg 1 to local a@y\n");
  unknown_deliveries(99);
  assert_int_equal(told.unknown, 0);
  unknown_deliveries(1);
  assert_int_equal(told.unknown, 1);
  unknown_deliveries(500);
  world_clock(&w, 3599, 3599);
  unknown_deliveries(200);
  assert_int_equal(told.unknown, 1);
  world_clock(&w, 3600, 3600);
  unknown_deliveries(1);
  assert_int_equal(told.unknown, 2);
  world_close(&w);
  start("9/1h"); /* no rule needs deliveries */
  told.unknown = 0;
  unknown_deliveries(200);
  assert_int_equal(told.unknown, 0);
  world_close(&w);
}

int main(void)
{
  static rows_list list;
  setenv("TZ", "UTC", 1);
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, parts_of, check_parts);
  rows_one(&list, "the first event that counts without a stamp is told, once", no_time);
  rows_one(&list, "100 deliveries in a row of unknown messages are told, once an hour", many_unknown);
  rows_one(&list, "the first odd line before any event is told, and no other", told_once);
  rows_one(&list, "line rules count a cut line once, and find words behind the cut", line_rules);
  rows_one(&list, "a line that splogger may have cut is not told", cut_where_splogger_cuts);
  rows_one(&list, "addresses of 64 KiB are told apart by their last byte", long_senders);
  return rows_run(&list, "take");
}
