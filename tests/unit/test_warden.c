#include "rows.h"

#include "hold/holds.h"
#include "hold/apply_alert.h"
#include <stdio.h>

#define A "@400000006565656500000000"
#define B "@400000006565656600000000"
#define S "9/1h/msg/sender"
#define T "5/1d/remote/sender"

/* One step a character of does:
 *   a b   over of ann or bob under S      A   over of ann, a new episode      x   over of ann under T
 *   u v   under of ann or bob under S     y   under of ann under T
 *   s t   still of ann or bob under S     0 1 2   note start with so many still lines
 *   +     ten seconds pass                !   what is wanted is made, and what leaves is gone */
typedef struct {
  char const *name, *does;
  char const *held; /* names that are wanted or made, a space behind each */
  int keep;
  int64_t lasts;
} row;

#define ANN "sender:ann@x "
#define BOB "sender:bob@x "

static row const rows[] = {
    {"over holds", "a", ANN, 0, 0},
    {"under lets go", "au", "", 0, 0},
    {"under of another changes nothing", "av", ANN, 0, 0},
    {"over twice, under once", "aau", "", 0, 0},
    {"two rules: the first under does not let go", "axu", ANN, 0, 0},
    {"two rules: nor does the first of the other", "axy", ANN, 0, 0},
    {"two rules: the second under does", "axuy", "", 0, 0},
    {"under and over before the file is gone", "a!uA", ANN, 0, 0},
    {"start without anybody lets all go", "ab0", "", 0, 0},
    {"start waits for the still lines", "ab1", ANN BOB, 0, 0},
    {"and then lets go of the others", "ab1s", ANN, 0, 0},
    {"who is new among them is held", "a1t", BOB, 0, 0},
    {"over confirms as well", "ab2as", ANN BOB, 0, 0},
    {"start again before all came", "ab2s1t", BOB, 0, 0},
    {"two rules: a still line is of one of them", "ax1su", "", 0, 0},
    {"-k: under does not let go", "au", ANN, 1, 0},
    {"-k: nor does start", "a0", ANN, 1, 0},
    {"-k: once the file is made it is no longer ours", "a!u+", "", 1, 0},
    {"-t lets go after the time", "a!+", "", 0, 5},
    {"-t: not before", "a!+", ANN, 0, 15},
    {"-t: the same episode does not hold again", "a!+!as", "", 0, 5},
    {"-t: a new one does", "a!+!A", ANN, 0, 5},
    {"-t: what does not hold can end", "a!+!uA", ANN, 0, 5},
    {"-t: two rules, the first time does not let go", "a+x+", ANN, 0, 15},
    {"-t with -k lets go", "a!u+", "", 1, 5},
};

static void alert_line(warden *w, int64_t now, char const *format, char const *name)
{
  char line[512];
  int len = snprintf(line, sizeof line, format, name);
  assert_true(warden_take(w, (span){line, (size_t)len}, now));
}

static void make_all(roll *r)
{
  for (size_t i = 0; i < r->len; i++) {
    held *h = r->at[i];
    if (h->state == HELD_WANTED)
      h->state = HELD_MADE;
    else if (h->state == HELD_LEAVING) {
      h->state = HELD_NONE;
      held_settle(h);
    }
  }
  roll_sweep(r);
}

static void does(warden *w, char what, int64_t *now)
{
  char digit[] = {what, 0};

  switch (what) {
  case 'a': alert_line(w, *now, A " over " S " %s count=10 from=x", "ann@x"); break;
  case 'b': alert_line(w, *now, A " over " S " %s count=10 from=x", "bob@x"); break;
  case 'A': alert_line(w, *now, B " over " S " %s count=10 from=x", "ann@x"); break;
  case 'x': alert_line(w, *now, A " over " T " %s count=10 from=x", "ann@x"); break;
  case 'u': alert_line(w, *now, B " under " S " %s count=9", "ann@x"); break;
  case 'v': alert_line(w, *now, B " under " S " %s count=9", "bob@x"); break;
  case 'y': alert_line(w, *now, B " under " T " %s count=9", "ann@x"); break;
  case 's': alert_line(w, *now, B " still " S " %s count=10 since=" A " from=x", "ann@x"); break;
  case 't': alert_line(w, *now, B " still " S " %s count=10 since=" A " from=x", "bob@x"); break;
  case '+': *now += 10; break;
  case '!': make_all(&w->roll); break;
  default: alert_line(w, *now, B " note start rules=1 over=%s", digit);
  }
  term_end(&w->roll, *now);
}

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  warden w = {.keep = r->keep, .lasts = r->lasts};
  int64_t now = 1000;
  char got[256] = "";

  for (char const *p = r->does; *p; p++)
    does(&w, *p, &now);
  for (size_t i = 0; i < w.roll.len; i++)
    if (w.roll.at[i]->state == HELD_WANTED || w.roll.at[i]->state == HELD_MADE) {
      strcat(got, w.roll.at[i]->name);
      strcat(got, " ");
    }
  assert_string_equal(got, r->held);
  roll_close(&w.roll);
}

typedef struct {
  char const *name, *rule, *key;
  char const *file;   /* 0: nobody is held */
  char const *domain; /* of -d; 0: none */
} key_row;

static key_row const key_rows[] = {
    {"a sender", S, "ann@x", "sender:ann@x", 0},
    {"a domain", "9/1h/msg/domain", "x.org", "domain:x.org", 0},
    {"a user ID", "9/1h/msg/uid", "5", "uid:5", 0},
    {"user ID 0", "9/1h/msg/uid", "0", 0, 0},
    {"no user ID", "9/1h/msg/uid", "5x", 0, 0},
    {"a number too large", "9/1h/msg/uid", "18446744073709551616", 0, 0},
    {"all together", "9/1h/msg/all", "*", 0, 0},
    {"a word", "9/1h/line/user=", "ann", 0, 0},
    {"a word behind a text that looks like a key", "9/1h/line/sender", "ann", 0, 0},
    {"no rule", "sender", "ann", 0, 0},
    {"the double bounce sender", S, "#@[]", 0, 0},
    {"a sender of the domain", S, "ann@x.org", "sender:ann@x.org", "x.org"},
    {"of the domain in capitals", S, "ann@x.org", "sender:ann@x.org", "X.ORG"},
    {"of one below it", S, "ann@mail.x.org", "sender:ann@mail.x.org", "x.org"},
    {"of one above it", S, "ann@org", 0, "x.org"},
    {"of one that ends like it", S, "ann@ax.org", 0, "x.org"},
    {"without a domain", S, "root", 0, "x.org"},
    {"the domain itself", "9/1h/msg/domain", "x.org", "domain:x.org", "x.org"},
    {"another domain", "9/1h/msg/domain", "y.org", 0, "x.org"},
    {"a user ID whatever the domain", "9/1h/msg/uid", "5", "uid:5", "x.org"},
};

static void check_key(void **state)
{
  key_row const *r = ROWS_ROW(key_row, state);
  warden w = {.within = {&r->domain, r->domain != 0}};
  char line[512];
  int len = snprintf(line, sizeof line, A " over %s %s count=10 from=x", r->rule, r->key);

  assert_true(warden_take(&w, (span){line, (size_t)len}, 0));
  assert_int_equal(w.roll.len, r->file != 0);
  if (r->file) {
    assert_string_equal(w.roll.at[0]->name, r->file);
    assert_int_equal(w.roll.at[0]->state, HELD_WANTED);
  }
  roll_close(&w.roll);
}

static void next_time(void **state)
{
  warden w = {.lasts = 5};
  int64_t now = 1000;
  (void)state;

  assert_true(term_next(&w.roll) == HELD_FOREVER);
  does(&w, 'a', &now);
  assert_in_range(term_next(&w.roll), 1005, 1006);
  now = term_next(&w.roll) - 1;
  term_end(&w.roll, now);
  assert_int_equal(w.roll.at[0]->state, HELD_WANTED);
  term_end(&w.roll, now + 1);
  assert_int_equal(w.roll.at[0]->state, HELD_LEAVING);
  assert_true(term_next(&w.roll) == HELD_FOREVER);
  roll_close(&w.roll);
}

int main(void)
{
  rows_list list = {0};

  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, key_rows, check_key);
  rows_one(&list, "-t: no less than the time, and at most a second more", next_time);
  return rows_run(&list, "warden");
}
