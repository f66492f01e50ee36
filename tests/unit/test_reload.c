#include "sayings.h"

#include "watch/reload.h"

#define MEMORY ((size_t)16 << 20)

static world w;

/* The rules of the tap stay where they are until it has others. */
static void reload(char const *directives)
{
  static script newer[2];
  static unsigned int turn;
  script *n = &newer[turn++ % 2];
  memset(n, 0, sizeof *n);
  script_of(n, directives);
  assert_int_equal(tap_rules(&w.t, n), 1);
  script_free(&w.rules);
  w.rules = *n;
}

/* The count of the next message of a@x under each rule, a digit each: rules have the limit 0 and are over
 * with every message once it is told, so the counters themselves are asked. */
static void expect_counts(char const *digits)
{
  size_t n = script_len(&w.rules);
  assert_int_equal(strlen(digits), n);
  for (size_t i = 0; i < n; i++) {
    counter_set const *l = &w.t.watch.store.sets[w.t.watch.rule[i].set];
    uint64_t sum = 0;
    if (l->over.head)
      sum = counter_record_of(&w.t.mem, counter_at(&w.t.mem, l->over.head))->window.sum;
    assert_int_equal(sum, digits[i] - '0');
  }
}

/* Rules before, and after a message, rules again and the counts; the same again after another message. */
typedef struct {
  char const *name, *before, *after, *counts, *then;
} row;

static row const rows[] = {
    {"the same rules keep their counters", "0/1h 0/2h", "0/1h 0/2h", "11", "22"},
    {"in another order, too", "0/1h 0/2h 0/3h/msg/uid", "0/3h/msg/uid 0/1h 0/2h", "111", "222"},
    {"a new rule begins at nothing", "0/1h", "0/5h 0/1h 0/6h", "010", "121"},
    {"a rule that is gone is gone", "0/1h 0/2h", "0/2h", "1", "2"},
    {"another limit is another rule", "0/1h", "1/1h", "0", "0"},
    {"another period is", "0/1h", "0/61m", "0", "1"},
    {"another way to write the period is not", "0/1h", "0/3600s", "1", "2"},
    {"another key is another rule", "0/1h/msg/sender", "0/1h/msg/uid", "0", "1"},
    {"another count is", "0/1h/msg", "0/1h/byte", "0", "9"},
    {"the same rule twice has two counters", "0/1h 0/1h", "0/1h 0/1h", "11", "22"},
    {"of two the one that is left has its own", "0/1h 0/1h", "0/1h", "1", "2"},
    {"of one only one of two takes over", "0/1h", "0/1h 0/1h", "10", "21"},
    {"different values are kept", "0/1h/from/uid", "0/1h/from/uid", "1", "1"},
    {"different values are not the events of another rule", "0/1h/from/uid", "0/1h/msg/uid", "0", "1"},
    {"nor the other way round", "0/1h/msg/uid", "0/1h/from/uid", "0", "1"},
    {"of two the one for the same senders takes over", "0/1h -b@x 0/1h/msg/uid 0/1h", "-b@x 0/1h", "1", "2"},
    {"patterns do not make another rule", "0/1h", "-*@z 0/1h", "1", "2"},
};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  world_open(&w, r->before, MEMORY, 0);
  world_line(&w, 1, "info msg 1: bytes 9 from <a@x> qp 1 uid 2");
  reload(r->after);
  expect_counts(r->counts);
  world_line(&w, 2, "info msg 2: bytes 9 from <a@x> qp 1 uid 2");
  expect_counts(r->then);
  world_close(&w);
}

static void episodes_go_on(void **state)
{
  (void)state;
  world_open(&w, "0/1h 0/10s", MEMORY, 0);
  world_line(&w, 1, "info msg 1: bytes 9 from <a@x> qp 1 uid 2");
  w.said.told = w.said.len;
  reload("5/1d 0/10s");
  world_expect(&w, "@1 under 0/1h/msg/sender a@x count=1 peak=1 total=1 since=@1 lasted=0 reload=rule\n");
  world_clock(&w, 4000, 4000);
  world_line(&w, 4000, "end msg 999");
  world_expect(&w, "@11 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@1 lasted=10\n");
  assert_int_equal(w.t.watch.store.now_over, 0);
  world_close(&w);
}

static void rule_that_comes_back(void **state)
{
  (void)state;
  world_open(&w, "0/1h", MEMORY, 0);
  world_line(&w, 1, "info msg 1: bytes 9 from <a@x> qp 1 uid 2");
  reload("0/2h");
  reload("0/1h");
  expect_counts("0");
  world_close(&w);
}

/* Time after time, with as many sets of counters as rules at a time need. */
static void reloaded_often(void **state)
{
  (void)state;
  world_open(&w, "0/1h 0/2h 0/3h", MEMORY, 0);
  for (int i = 0; i < 500; i++) {
    world_line(&w, i, "info msg %d: bytes 9 from <a@x> qp 1 uid 2", i);
    reload(i % 2 ? "0/1h 0/2h 0/3h" : "0/4h 0/2h 0/5h");
    assert_true(w.t.watch.store.count <= 6);
  }
  assert_int_equal(w.t.watch.store.now_over, 1);
  world_line(&w, 500, "end msg 999");
  world_close(&w);
}

static void line_rules_come_and_go(void **state)
{
  (void)state;
  world_open(&w, "0/1h", MEMORY, 0);
  reload("0/1h/line/u=");
  world_line(&w, 1, "u=a");
  world_expect(&w, "@1 over 0/1h/line/u= a count=1 within=0\n");
  reload("0/1h");
  assert_int_equal(w.t.watch.has_lines, 0);
  world_line(&w, 1, "u=b");
  world_expect(&w, "@1 under 0/1h/line/u= a count=1 peak=1 total=1 since=@1 lasted=0 reload=rule\n");
  world_close(&w);
}

static void many_rules(void **state)
{
  script all = {0};
  script_error e;
  char one[32];
  (void)state;
  world_open(&w, "0/1h", MEMORY, 0);
  for (int i = 0; i < SCRIPT_RULES; i++) {
    snprintf(one, sizeof one, "%d/1h", i);
    assert_int_equal(script_add(&all, one, &e), 1);
  }
  assert_int_equal(tap_rules(&w.t, &all), 1);
  script_free(&w.rules);
  w.rules = all;
  world_line(&w, 1, "info msg 1: bytes 9 from <a@x> qp 1 uid 2");
  world_expect(&w, "@1 over 0/1h/msg/sender a@x count=1 within=0 msg=1 qp=1 uid=2 from=a@x\n");
  world_close(&w);
}

/* Who is exempted has his `under` at once, and is forgotten. */
typedef struct {
  char const *name, *before, *line, *after, *alerts;
} exempt_row;

#define UNDER "@5 under "
#define THEN " count=1 peak=1 total=1 since=@1 lasted=4 reload=exempt\n"

static exempt_row const exempt[] = {
    {"a sender", "0/1h", "info msg 1: bytes 9 from <A@x> qp 1 uid 2", "-a@x 0/1h",
     UNDER "0/1h/msg/sender a@x" THEN},
    {"a sender by a pattern", "0/1h 0/2h", "info msg 1: bytes 9 from <a@x> qp 1 uid 2", "0/1h -* +b@x 0/2h",
     UNDER "0/2h/msg/sender a@x" THEN},
    {"the word of a line rule", "0/1h/line/u=", "u=Ann", "-ann 0/1h/line/u=", UNDER "0/1h/line/u= ann" THEN},
    {"a user ID", "0/1h/msg/uid", "info msg 1: bytes 9 from <a@x> qp 1 uid 2", "-uid 2|0/1h/msg/uid",
     UNDER "0/1h/msg/uid 2" THEN},
    {"a user ID where no sender is selected", "0/1h/msg/uid", "info msg 1: bytes 9 from <a@x> qp 1 uid 2",
     "+uid 2|-*|0/1h/msg/uid", UNDER "0/1h/msg/uid 2" THEN},
    {"not another user ID", "0/1h/msg/uid", "info msg 1: bytes 9 from <a@x> qp 1 uid 2",
     "-uid 3|0/1h/msg/uid", ""},
    {"not one under which some are selected again", "0/1h/msg/uid",
     "info msg 1: bytes 9 from <a@x> qp 1 uid 2", "-uid 2|+a@x|-b@x|0/1h/msg/uid", ""},
    {"not a sender whose user ID alone is exempted", "0/1h", "info msg 1: bytes 9 from <a@x> qp 1 uid 2",
     "-uid 2|0/1h", ""},
    {"not who is selected again", "0/1h", "info msg 1: bytes 9 from <a@x> qp 1 uid 2", "-*@x +a@x 0/1h", ""},
    {"not who is selected for the rule before the pattern", "0/1h",
     "info msg 1: bytes 9 from <a@x> qp 1 uid 2", "0/1h -a@x", ""},
    {"not a domain, which has others", "0/1h/msg/domain", "info msg 1: bytes 9 from <a@x> qp 1 uid 2",
     "-*@x 0/1h/msg/domain", ""},
    {"nor all", "0/1h/msg/all", "info msg 1: bytes 9 from <a@x> qp 1 uid 2", "-* 0/1h/msg/all", ""},
};

static void check_exempt(void **state)
{
  exempt_row const *r = ROWS_ROW(exempt_row, state);
  world_open(&w, r->before, MEMORY, 0);
  world_line(&w, 1, "%s", r->line);
  w.said.told = w.said.len;
  world_clock(&w, 5, 4);
  reload(r->after);
  world_expect(&w, r->alerts);
  assert_int_equal(w.t.watch.store.now_over, script_len(&w.rules) - (*r->alerts != 0));
  reload(r->before); /* he is selected again, and has nothing yet */
  world_line(&w, 6, "%s", r->line);
  world_close(&w);
}

/* An idle live log: what ends at a reload ends now, and not when the last line came. */
static void reload_without_lines(void **state)
{
  (void)state;
  world_open(&w, "0/1h 0/10s", MEMORY, 0);
  world_raw(&w, "info msg 1: bytes 9 from <a@x> qp 1 uid 2");
  w.said.told = w.said.len;
  world_clock(&w, 12, 12);
  reload("0/2h");
  world_expect(&w, "@10 under 0/10s/msg/sender a@x count=0 peak=1 total=1 since=@0 lasted=10\n"
                   "@12 under 0/1h/msg/sender a@x count=1 peak=1 total=1 since=@0 lasted=12 reload=rule\n");
  world_close(&w);
}

/* Equal rules are not mistaken for each other: each goes on with the counters of one of the old, in their
 * order. */
static void equal_rules(void **state)
{
  (void)state;
  world_open(&w, "-a@x 1/1h +a@x 1/1h", MEMORY, 0);
  world_line(&w, 1, "info msg 1: bytes 9 from <a@x> qp 1 uid 2");
  reload("-a@x 1/1h 1/1h/msg/all +a@x 1/1h");
  world_line(&w, 1, "info msg 2: bytes 9 from <a@x> qp 2 uid 2");
  world_expect(&w, "@1 over 1/1h/msg/sender a@x count=2 within=0 msg=2 qp=2 uid=2 from=a@x\n");
  world_close(&w);
}

/* Rules before and after a reload that comes between two parts of a line that splogger has cut: how many
 * events they make of it. The first part has a word after "a=", and only both together one after "b=". */
typedef struct {
  char const *name, *before, *after;
  uint64_t events;
} cut_row;

#define A "0/1h/line/a="
#define B "0/1h/line/b="

static cut_row const cuts[] = {
    {"a rule that stays has counted the line for its first part", A, A, 1},
    {"... in another place", A, B " " A, 2},
    {"a rule that comes counts the whole line", B, A, 1},
    {"... though another has counted the first part", A, "1/1h/line/a=", 2},
    {"... and stays", A, "1/1h/line/a= " A, 2},
    {"a rule that goes and comes again is a new one", A, B "|" A, 2},
    {"the first line rule counts the whole line", "9/1h", A, 1},
    {"a rule that stays counts what only the whole line has", A " " B, A " " B, 2},
};

static void check_cut(void **state)
{
  cut_row const *r = ROWS_ROW(cut_row, state);
  char *copy = strdup(r->after), *rest = copy, *one;
  world_open(&w, r->before, MEMORY, 0);
  world_raw(&w, "1795435201.123456 a=1 b");
  while ((one = strsep(&rest, "|")))
    reload(one);
  world_raw(&w, "1795435201.123456+=2");
  assert_int_equal(w.t.watch.store.events, r->events);
  free(copy);
  world_close(&w);
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, cuts, check_cut);
  rows_one(&list, "the episodes of kept rules go on, others end", episodes_go_on);
  rows_one(&list, "a rule that was gone begins at nothing", rule_that_comes_back);
  rows_one(&list, "500 reloads need no more sets of counters than two scripts", reloaded_often);
  rows_one(&list, "line rules can come and go", line_rules_come_and_go);
  rows_one(&list, "1,000 rules take over from one", many_rules);
  ROWS_ADD(&list, exempt, check_exempt);
  rows_one(&list, "on an idle log what ends, ends at the present time", reload_without_lines);
  rows_one(&list, "of equal rules each keeps its counters", equal_rules);
  return rows_run(&list, "reload");
}
