#include "rows.h"

#include "chance.h"
#include "mail/join.h"
#include <stdio.h>

typedef struct {
  pool mem;
  join j;
  script rules;
} fixture;

static fixture f;
static hash_key const secret = {{13, 14}};

static void start_with(char const *directives, size_t cells)
{
  char *copy = strdup(directives), *rest = copy, *one;
  script_error e;
  memset(&f.rules, 0, sizeof f.rules);
  while ((one = strsep(&rest, " ")))
    assert_int_equal(script_add(&f.rules, one, &e), 1);
  free(copy);
  pool_open(&f.mem, 16 << 20, 0, 0);
  memset(&f.j, 0x5a, sizeof f.j);
  assert_int_equal(join_open(&f.j, &f.mem, &secret, (folding){0, {"", 0}}, cells), 1);
  join_rules(&f.j, &f.rules);
}

static void start(char const *directives)
{
  start_with(directives, 1 << 16);
}

static void stop(void)
{
  assert_int_equal(f.j.queue.cells + f.j.queue.runs, f.mem.used);
  join_close(&f.j);
  assert_null(f.j.queue.by_number.segment);
  pool_close(&f.mem);
  script_free(&f.rules);
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
  if (join_event(&f.j, host, &e, o))
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
    {"a queue alone behind a result",
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
  start("1/1h 1/1h/remote");
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
  stop();
}

static void what_an_occurrence_says(void **state)
{
  occurrence o;
  (void)state;
  start("1/1h/fail/domain");
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
  assert_true(o.from->domain_hash == hash_bytes(&secret, 1, span_of("x")));
  stop();
  start("1/1h/rcpt");
  line("info msg 7: bytes 900 from <Ann@X> qp 41 uid 89", &o);
  line("starting delivery 5: msg 7 to remote Bob@Y", &o);
  assert_true(span_equal(o.to, span_of("Bob@Y")));
  stop();
}

static int concerns(char const *text)
{
  event e;
  assert_int_not_equal(event_read(&e, span_of(text)), EVENT_NONE);
  return join_concerns(&f.j, &e);
}

static void costs_nothing_unasked(void **state)
{
  occurrence o;
  (void)state;
  start("1/1h 1/1h/byte/all");
  assert_string_equal(
      line("info msg 7: bytes 900 from <a.long.name.that.takes.a.cell.or.two@mail.example.org> qp 41 uid 89",
           &o),
      "mBF");
  assert_int_equal(f.mem.used, 1);
  assert_false(concerns("starting delivery 5: msg 7 to remote bob@y"));
  assert_false(concerns("delivery 5: success: ok"));
  assert_false(concerns("bounce msg 7 qp 42"));
  assert_true(concerns("end msg 7"));
  assert_string_equal(line("end msg 7", &o), "-");
  assert_int_equal(f.mem.used, 0);
  stop();
}

static void recipients_unasked(void **state)
{
  char text[100];
  occurrence o;
  size_t used;
  (void)state;
  start("1/1h/fail");
  line("info msg 7: bytes 9 from <a@x> qp 41 uid 89", &o);
  used = f.mem.used;
  for (int i = 2; i < 100; i++) {
    snprintf(text, sizeof text, "starting delivery %d: msg 7 to remote r%d@y", i, i);
    assert_string_equal(line(text, &o), "-");
    snprintf(text, sizeof text, "delivery %d: success: ok", i);
    line(text, &o);
  }
  assert_int_equal(f.mem.used, used);
  stop();
}

static void exact_senders(void **state)
{
  occurrence o;
  (void)state;
  start("1/1h");
  join_close(&f.j);
  memset(&f.j, 0, sizeof f.j);
  assert_int_equal(join_open(&f.j, &f.mem, &secret, (folding){1, {"", 0}}, 100), 1);
  join_rules(&f.j, &f.rules);
  line("info msg 7: bytes 9 from <Ann@x> qp 41 uid 89", &o);
  assert_true(span_equal(o.from->key, span_of("Ann@x")));
  stop();
}

static void no_event(void **state)
{
  occurrence o;
  event e;
  (void)state;
  start("1/1h/remote");
  assert_int_equal(event_read(&e, span_of("status: local 0/10 remote 0/20")), EVENT_NONE);
  e.queue = (span){"", 0};
  assert_int_equal(join_event(&f.j, (span){"", 0}, &e, &o), 0);
  stop();
}

static void unknown_is_counted(void **state)
{
  occurrence o;
  (void)state;
  start("1/1h/fail");
  for (int i = 0; i < 3; i++)
    line("starting delivery 5: msg 8 to remote bob@y", &o);
  line("info msg 7: bytes 9 from <a@x> qp 41 uid 89", &o);
  line("starting delivery 6: msg 7 to remote bob@y", &o);
  assert_int_equal(f.j.unknown, 3);
  stop();
}

/* Messages come, are delivered and end in any order: the sender of one may lie where that of another did. */
static void its_own_sender(void **state)
{
  static char const *const from[] = {"ann@x", "bob@x", "cid.with-a-longer-name@x"};
  char const *of[4] = {0};
  uint64_t dice = 1;
  occurrence o;
  (void)state;
  start("1/1h/remote");
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
  stop();
}

/* Does rule i apply to the sender of the last occurrence? */
static int applies(size_t i)
{
  return join_apply(&f.j, i / 64) >> i % 64 & 1;
}

/* Every second rule is for others, so that no two places of a byte of bits say the same. */
static void many_rules(void **state)
{
  char directives[20000] = "";
  occurrence o;
  (void)state;
  for (int i = 0; i < 200; i++)
    sprintf(strchr(directives, 0), "%s%c*@x 1/%dh/remote", i ? " " : "", i % 2 ? '-' : '+', i + 1);
  start(directives);
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  for (size_t i = 0; i < 200; i++)
    assert_int_equal(applies(i), i % 2 == 0);
  stop();
}

static void patterns(void **state)
{
  occurrence o;
  (void)state;
  start("-*@x 1/1h/remote +ann@x 2/1h/remote");
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
  stop();
}

/* A message that was announced under the old rules, and what the new ones say of it. */
static void new_rules(void **state)
{
  script newer = {0};
  script_error e;
  occurrence o;
  (void)state;
  start("-*@x 1/1h/remote");
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  assert_false(applies(0));
  assert_int_equal(script_add(&newer, "-*@y", &e), 1);
  assert_int_equal(script_add(&newer, "1/1h/remote", &e), 1);
  assert_int_equal(script_add(&newer, "1/1h/remote/domain", &e), 1);
  join_rules(&f.j, &newer);
  assert_string_equal(line("starting delivery 5: msg 7 to remote c@y", &o), "rRth");
  assert_true(applies(0) && applies(1));
  assert_true(span_equal(sender_domain(o.from), span_of("x")));
  assert_true(o.from->domain_hash == hash_bytes(&secret, 1, span_of("x")));
  stop();
  script_free(&newer);
}

/* The first rule on deliveries comes behind a message. */
static void newly_asked(int can_change, char const *started, char const *failed)
{
  script newer = {0};
  script_error e;
  occurrence o = {.counts = 1};
  start("1/1h");
  f.j.changes = can_change;
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  assert_int_equal(script_add(&newer, "1/1h/remote", &e), 1);
  join_rules(&f.j, &newer);
  assert_string_equal(line("starting delivery 5: msg 7 to remote c@y", &o), started);
  assert_string_equal(line("delivery 5: failure: no", &o), failed);
  assert_int_equal(f.j.unknown, 0);
  stop();
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
  start("1/1h/fail");
  line("info msg 7: bytes 9 from <ann@x> qp 41 uid 89", &o);
  line("starting delivery 5: msg 7 to remote c@y", &o);
  assert_int_equal(script_add(&newer, "1/1h", &e), 1);
  join_rules(&f.j, &newer);
  join_rules(&f.j, &f.rules);
  assert_string_equal(line("delivery 5: failure: no", &o), "-");
  line("starting delivery 6: msg 7 to remote d@y", &o);
  assert_string_equal(line("delivery 6: failure: no", &o), "f");
  stop();
  script_free(&newer);
}

static void share_is_bounded(void **state)
{
  char text[100];
  occurrence o;
  (void)state;
  start_with("1/1h/remote", 1000);
  for (int i = 2; i < 20000; i++) {
    snprintf(text, sizeof text, "info msg %d: bytes 9 from <Ann.with.a.name@long.example.org> qp %d uid 8", i,
             i);
    assert_string_equal(line(text, &o), "mBF");
    snprintf(text, sizeof text, "starting delivery %d: msg %d to remote c@y", i, i);
    assert_string_equal(line(text, &o), "rRth");
    snprintf(text, sizeof text, "delivery %d: failure: no", i);
    if (i % 2)
      assert_string_equal(line(text, &o), "f");
    assert_true(f.mem.used < 1010);
  }
  stop();
}

/* Messages that never end, of which no delivery starts. */
static void share_of_messages(void **state)
{
  char text[100];
  occurrence o;
  (void)state;
  start_with("1/1h/fail", 1000);
  for (int i = 2; i < 5000; i++) {
    snprintf(text, sizeof text, "info msg %d: bytes 9 from <Ann.with.a.name@long.example.org> qp %d uid 8", i,
             i);
    assert_string_equal(line(text, &o), "mBF");
    assert_true(f.mem.used < 1010);
  }
  stop();
}

/* Deliveries that are done before and after the end of their message. */
static void nothing_stays(void **state)
{
  char text[100];
  occurrence o;
  (void)state;
  start("1/1h/remote");
  for (int i = 2; i < 200; i++) {
    snprintf(text, sizeof text, "info msg %d: bytes 9 from <Ann@x> qp %d uid 8", i, i);
    line(text, &o);
    snprintf(text, sizeof text, "starting delivery %d: msg %d to remote c@y", i, i);
    line(text, &o);
    snprintf(text, sizeof text, i % 2 ? "end msg %d" : "delivery %d: success: ok", i);
    line(text, &o);
    snprintf(text, sizeof text, i % 2 ? "delivery %d: success: ok" : "end msg %d", i);
    line(text, &o);
    assert_int_equal(f.mem.used, 0);
  }
  stop();
}

int main(void)
{
  static rows_list list;
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
  rows_one(&list, "the share of memory is bounded, and the youngest messages are known", share_is_bounded);
  rows_one(&list, "also where no delivery ever starts", share_of_messages);
  rows_one(&list, "of what is done nothing stays in memory", nothing_stays);
  return rows_run(&list, "join");
}
