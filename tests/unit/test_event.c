#include "rows.h"

#include "log/event.h"
#include <stdio.h>

typedef struct {
  char const *name, *line;
  uint64_t message, bytes;
  char const *sender;
  uint64_t qp, uid;
  char const *queue;
} info_row;

#define MAX "18446744073709551615"
#define OVER "18446744073709551616"

static info_row const infos[] = {
    {"a message names its sender", "info msg 7: bytes 900 from <ann@example.org> qp 41 uid 89", 7, 900,
     "ann@example.org", 41, 89, ""},
    {"the null sender is empty", "info msg 7: bytes 900 from <> qp 41 uid 89", 7, 900, "", 41, 89, ""},
    {"the double bounce sender", "info msg 7: bytes 900 from <#@[]> qp 41 uid 89", 7, 900, "#@[]", 41, 89,
     ""},
    {"a '>' inside an address is kept", "info msg 7: bytes 900 from <a>b@example.org> qp 41 uid 89", 7, 900,
     "a>b@example.org", 41, 89, ""},
    {"a '<' inside an address is kept", "info msg 7: bytes 900 from <a<b@example.org> qp 41 uid 89", 7, 900,
     "a<b@example.org", 41, 89, ""},
    {"brackets and quotes all around an address are kept",
     "info msg 7: bytes 900 from <<\"a>\"@b>> qp 41 uid 89", 7, 900, "<\"a>\"@b>", 41, 89, ""},
    {"a sender that is one '>'", "info msg 7: bytes 900 from <>> qp 41 uid 89", 7, 900, ">", 41, 89, ""},
    {"a sender that looks like the rest of the line",
     "info msg 7: bytes 900 from <a>_qp_1_uid_2> qp 41 uid 89", 7, 900, "a>_qp_1_uid_2", 41, 89, ""},
    {"indimail's queue word", "info msg 7: bytes 900 from <a@b> qp 41 uid 89 queue1", 7, 900, "a@b", 41, 89,
     "queue1"},
    {"a queue word of one byte", "info msg 7: bytes 900 from <a@b> qp 41 uid 89 q", 7, 900, "a@b", 41, 89,
     "q"},
    {"leading zeros do not make another number", "info msg 007: bytes 00 from <a@b> qp 041 uid 0089", 7, 0,
     "a@b", 41, 89, ""},
    {"2^64-1 is a number everywhere", "info msg " MAX ": bytes " MAX " from <a@b> qp " MAX " uid " MAX,
     UINT64_MAX, UINT64_MAX, "a@b", UINT64_MAX, UINT64_MAX, ""},
};

typedef struct {
  char const *name, *line, *delivery;
  uint64_t message;
  char const *channel, *recipient, *queue;
} start_row;

static start_row const starts[] = {
    {"a remote delivery", "starting delivery 5: msg 7 to remote bob@example.org", "5", 7, "remote",
     "bob@example.org", ""},
    {"a local delivery", "starting delivery 5: msg 7 to local ann-shop@example.org", "5", 7, "local",
     "ann-shop@example.org", ""},
    {"a third channel", "starting delivery 5: msg 7 to suppl0 bob@example.org", "5", 7, "suppl0",
     "bob@example.org", ""},
    {"a delivery of one of several queues",
     "starting delivery 1.5: msg 1209359 to local recipient@domain queue5", "1.5", 1209359, "local",
     "recipient@domain", "queue5"},
    {"the highest delivery", "starting delivery " MAX ": msg 7 to local a@b", MAX, 7, "local", "a@b", ""},
    {"a delivery is a number, whatever stands before it", "starting delivery 007.q: msg 7 to local a@b",
     "7.q", 7, "local", "a@b", ""},
    {"any word is a queue", "starting delivery 5: msg 7 to local a@b slowq", "5", 7, "local", "a@b", "slowq"},
    {"a recipient without a domain", "starting delivery 5: msg 7 to local root", "5", 7, "local", "root", ""},
    {"a recipient of brackets", "starting delivery 5: msg 7 to remote <\"b>@c", "5", 7, "remote", "<\"b>@c",
     ""},
    {"the highest message number", "starting delivery 5: msg " MAX " to local a@b", "5", UINT64_MAX, "local",
     "a@b", ""},
};

typedef struct {
  char const *name, *line;
  event_kind kind;
  char const *delivery, *queue;
} result_row;

static result_row const results[] = {
    {"a success", "delivery 5: success: did_0+0+1/", EVENT_SUCCESS, "5", "did_0+0+1/"},
    {"a failure", "delivery 5: failure: Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/", EVENT_FAILURE, "5",
     "Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/"},
    {"a deferral", "delivery 5: deferral: Connected_to_10.0.0.1_but_sender_was_rejected./", EVENT_DEFERRAL,
     "5", "Connected_to_10.0.0.1_but_sender_was_rejected./"},
    {"a mangled report is a deferral", "delivery 5: report mangled, will defer", EVENT_DEFERRAL, "5", ""},
    {"a text of one word", "delivery 5: success: queue1", EVENT_SUCCESS, "5", "queue1"},
    {"a queue after a text", "delivery 1.5: deferral: TEXT queue5", EVENT_DEFERRAL, "1.5", "queue5"},
    {"a queue after an empty text", "delivery 1.5: success:  queue1", EVENT_SUCCESS, "1.5", "queue1"},
    {"the last of many words", "delivery 5: failure: user is over quota", EVENT_FAILURE, "5", "quota"},
    {"a last word of one byte", "delivery 5: failure: a b", EVENT_FAILURE, "5", "b"},
    {"a blank at the end leaves no last word", "delivery 5: failure: a b ", EVENT_FAILURE, "5", ""},
    {"an empty text", "delivery 5: success: ", EVENT_SUCCESS, "5", ""},
    {"an empty text whose blank does not count", "delivery 5: success:", EVENT_SUCCESS, "5", ""},
    {"a mangled report of a queue without a colon", "delivery 5: report mangled, will defer queue5",
     EVENT_DEFERRAL, "5", "queue5"},
    {"a mangled report of a queue", "delivery 1.5: report mangled, will defer: queue5", EVENT_DEFERRAL, "1.5",
     "queue5"},
    {"a text that speaks of another result", "delivery 5: success: failure: x", EVENT_SUCCESS, "5", "x"},
};

typedef struct {
  char const *name, *line;
  event_kind kind;
  uint64_t message;
  char const *queue;
} end_row;

static end_row const ends[] = {
    {"the end of a message", "end msg 7", EVENT_END, 7, ""},
    {"the end with a queue", "end msg 7 queue1", EVENT_END, 7, "queue1"},
    {"the end with a program and a queue", "end msg 7 qmail-send: queue1", EVENT_END, 7, "queue1"},
    {"the end with another sending program", "end msg 7 slowq-send: slowq", EVENT_END, 7, "slowq"},
    {"the end of the highest message", "end msg " MAX, EVENT_END, UINT64_MAX, ""},
    {"a bounce", "bounce msg 7 qp 41", EVENT_BOUNCE, 7, ""},
    {"a bounce with a queue", "bounce msg 7 qp 41 queue1", EVENT_BOUNCE, 7, "queue1"},
};

typedef struct {
  char const *name, *line;
} none_row;

static none_row const nones[] = {
    {"an empty line", ""},
    {"a message that is new has no sender yet", "new msg 7"},
    {"a status line", "status: local 0/10 remote 3/20"},
    {"the last line of qmail-send", "status: exiting"},
    {"a triple bounce", "triple bounce: discarding bounce/7"},
    {"a warning", "warning: trouble opening remote/7; will try again later"},
    {"the look-alike of a receiver", "mail recv: pid 41 from <a@b> qp 42"},
    {"the look-alike of a queue's rate", "info: queue domain msg 7: rate 5"},
    {"the name of a line alone", "info msg"},
    {"an info without the opening bracket", "info msg 7: bytes 900 from ann@b> qp 41 uid 89"},
    {"an info without the closing bracket", "info msg 7: bytes 900 from <ann@b qp 41 uid 89"},
    {"an info without brackets", "info msg 7: bytes 900 from ann@b qp 41 uid 89"},
    {"an info without a sender", "info msg 7: bytes 900 from < qp 41 uid 89"},
    {"an info whose bracket is closed too early", "info msg 7: bytes 900 from <ann@b>x qp 41 uid 89"},
    {"a sender with a space", "info msg 7: bytes 900 from <an n@b> qp 41 uid 89"},
    {"a sender that ends at a later '> qp '", "info msg 7: bytes 900 from <a> qp 1 uid 2> qp 41 uid 89"},
    {"an info with an upper-case letter", "Info msg 7: bytes 900 from <a@b> qp 41 uid 89"},
    {"an info after a blank", " info msg 7: bytes 900 from <a@b> qp 41 uid 89"},
    {"an info with two blanks", "info msg  7: bytes 900 from <a@b> qp 41 uid 89"},
    {"an info with a tab", "info msg\t7: bytes 900 from <a@b> qp 41 uid 89"},
    {"a message number that is a word", "info msg x7: bytes 900 from <a@b> qp 41 uid 89"},
    {"a message number with a letter", "info msg 7x: bytes 900 from <a@b> qp 41 uid 89"},
    {"a message number with a sign", "info msg -7: bytes 900 from <a@b> qp 41 uid 89"},
    {"a message number of 2^64", "info msg " OVER ": bytes 900 from <a@b> qp 41 uid 89"},
    {"no message number", "info msg : bytes 900 from <a@b> qp 41 uid 89"},
    {"a size with a sign", "info msg 7: bytes +900 from <a@b> qp 41 uid 89"},
    {"a size of 2^64", "info msg 7: bytes " OVER " from <a@b> qp 41 uid 89"},
    {"a size with a fraction", "info msg 7: bytes 9.5 from <a@b> qp 41 uid 89"},
    {"no size", "info msg 7: bytes  from <a@b> qp 41 uid 89"},
    {"a qp with a sign", "info msg 7: bytes 900 from <a@b> qp -41 uid 89"},
    {"a qp of 2^64", "info msg 7: bytes 900 from <a@b> qp " OVER " uid 89"},
    {"a uid with a sign", "info msg 7: bytes 900 from <a@b> qp 41 uid -89"},
    {"a uid of 2^64", "info msg 7: bytes 900 from <a@b> qp 41 uid " OVER},
    {"no uid", "info msg 7: bytes 900 from <a@b> qp 41 uid "},
    {"a uid in hex", "info msg 7: bytes 900 from <a@b> qp 41 uid 0x59"},
    {"a blank after the uid", "info msg 7: bytes 900 from <a@b> qp 41 uid 89 "},
    {"a carriage return after the uid", "info msg 7: bytes 900 from <a@b> qp 41 uid 89\r"},
    {"two words after the uid", "info msg 7: bytes 900 from <a@b> qp 41 uid 89 queue1 x"},
    {"two blanks before the queue", "info msg 7: bytes 900 from <a@b> qp 41 uid 89  queue1"},
    {"a blank after the queue", "info msg 7: bytes 900 from <a@b> qp 41 uid 89 queue1 "},
    {"an info with a new message glued to its uid", "info msg 7: bytes 900 from <a@b> qp 41 uid 89new msg 8"},
    {"an info with a status glued to its uid",
     "info msg 7: bytes 900 from <a@b> qp 41 uid 8status: local 0/10 remote 0/20"},
    {"an info glued to an info inside the sender",
     "info msg 7: bytes 900 from <annainfo msg 8: bytes 5 from <bob@b> qp 42 uid 89"},
    {"an info glued to an info inside a number",
     "info msg 7: bytes 9info msg 8: bytes 5 from <bob@b> qp 42 uid 89"},
    {"an info glued to a complete sender",
     "info msg 7: bytes 900 from <ann@b>info msg 8: bytes 5 from <b@b> qp 42 uid 89"},
    {"half a line before an info", "status: locinfo msg 8: bytes 5 from <bob@b> qp 42 uid 89"},
    {"a start without a recipient", "starting delivery 5: msg 7 to remote "},
    {"a start cut after the channel", "starting delivery 5: msg 7 to remote"},
    {"a start without a channel", "starting delivery 5: msg 7 to  bob@b"},
    {"a start without a delivery", "starting delivery : msg 7 to remote bob@b"},
    {"a start without a colon", "starting delivery 5 msg 7 to remote bob@b"},
    {"a start with a word before the colon", "starting delivery 5 x: msg 7 to remote bob@b"},
    {"a start of a message number with a sign", "starting delivery 5: msg -7 to remote bob@b"},
    {"a start of message 2^64", "starting delivery 5: msg " OVER " to remote bob@b"},
    {"a start of a message number with a letter", "starting delivery 5: msg 7a to remote bob@b"},
    {"a start with two words after the recipient", "starting delivery 5: msg 7 to remote bob@b queue1 x"},
    {"a start with a blank after the recipient", "starting delivery 5: msg 7 to remote bob@b "},
    {"a start with a blank after the queue", "starting delivery 5: msg 7 to remote bob@b queue1 "},
    {"a start with a status glued to it",
     "starting delivery 5: msg 7 to remote bostatus: local 0/10 remote 0/20"},
    {"a start with a new message glued to it", "starting delivery 5: msg 7 to remote bobnew msg 8"},
    {"a start with an end glued to it", "starting delivery 5: msg 7 to remote bob@b.end msg 8"},
    {"a start glued to a start", "starting delivery 5: mstarting delivery 1: msg 7 to remote bob@b"},
    {"a result that is no result", "delivery 5: postponed: x"},
    {"a result without a blank before the text", "delivery 5: success:x"},
    {"a result with a status glued to it", "delivery 5: failure:status: local 0/10 remote 0/20"},
    {"a result without a colon", "delivery 5: success"},
    {"a result in upper case", "delivery 5: Success: x"},
    {"a result without a delivery", "delivery : success: x"},
    {"a result of two words", "delivery 5 6: success: x"},
    {"a result cut after the delivery", "delivery 5:"},
    {"a mangled report cut short", "delivery 5: report mangled, will"},
    {"a mangled report with an end glued to it", "delivery 5: report mangled, will deferend msg 7"},
    {"a mangled report with a colon and no queue", "delivery 5: report mangled, will defer:"},
    {"a mangled report with an empty queue", "delivery 5: report mangled, will defer: "},
    {"a mangled report with two words", "delivery 5: report mangled, will defer: queue5 x"},
    {"a bounce without a qp", "bounce msg 7"},
    {"a bounce of no number", "bounce msg x qp 41"},
    {"a bounce with a qp that is none", "bounce msg 7 qp x"},
    {"a bounce of message 2^64", "bounce msg " OVER " qp 41"},
    {"a bounce with an end glued to it", "bounce msg 7 qp 4end msg 7"},
    {"a bounce with two words after it", "bounce msg 7 qp 41 queue1 x"},
    {"an end without a number", "end msg "},
    {"an end with a sign", "end msg +7"},
    {"an end of message 2^64", "end msg " OVER},
    {"an end with a new message glued to it", "end msg 7new msg 8"},
    {"an end with a status glued to it", "end msg 7status: local 0/10 remote 0/20"},
    {"an end glued to an end", "end msg 7end msg 8"},
    {"an end with a blank after it", "end msg 7 "},
    {"an end with a carriage return", "end msg 7\r"},
    {"an end with another word and a queue", "end msg 7 qmail-sen>d: queue1"},
    {"a start with a word for a delivery", "starting delivery x5: msg 7 to remote bob@b"},
    {"a start with letters after its delivery", "starting delivery 5x: msg 7 to remote bob@b"},
    {"a start with a dot and no word after it", "starting delivery 5.: msg 7 to remote bob@b"},
    {"a start with a colon in its delivery", "starting delivery 1:5: msg 7 to remote bob@b"},
    {"a start with a colon after a dot", "starting delivery 5.a:b: msg 7 to remote bob@b"},
    {"a start of delivery 2^64", "starting delivery " OVER ": msg 7 to remote bob@b"},
    {"a result with a sign before its delivery", "delivery -5: success: x"},
    {"an end with a program and no queue", "end msg 7 qmail-send:"},
    {"an end with a program and a blank", "end msg 7 qmail-send: "},
    {"an end with two words, the first without a colon", "end msg 7 qmail-send queue1"},
    {"an end with a colon for a program", "end msg 7 : queue1"},
    {"an end with three words", "end msg 7 qmail-send: queue1 x"},
};

/* Reads the line from a block of its own size. The event's spans point into it: free it after looking at
 * them. */
static char *read_exact(event *e, char const *line)
{
  size_t len = strlen(line);
  char *in = rows_exact(line, len);
  event_kind kind = event_read(e, (span){in, len});
  assert_int_equal(kind, e->kind);
  return in;
}

static void assert_span(span got, char const *wanted)
{
  char copy[512];
  snprintf(copy, sizeof copy, "%.*s", (int)got.len, got.s ? got.s : "");
  assert_string_equal(copy, wanted);
}

/* Cut after any byte, the line is read without looking beyond, and what comes out lies inside it. */
static void check_cuts(char const *line)
{
  for (size_t len = 0; len < strlen(line); len++) {
    char *in = rows_exact(line, len);
    event e;
    if (event_read(&e, (span){in, len}) != EVENT_NONE)
      assert_true(e.queue.s >= in && e.queue.s + e.queue.len <= in + len);
    free(in);
  }
}

static void check_info(void **state)
{
  info_row const *r = ROWS_ROW(info_row, state);
  event e;
  char *in = read_exact(&e, r->line);
  assert_int_equal(e.kind, EVENT_INFO);
  assert_true(e.message == r->message && e.bytes == r->bytes && e.qp == r->qp && e.uid == r->uid);
  assert_span(e.sender, r->sender);
  assert_span(e.queue, r->queue);
  free(in);
  check_cuts(r->line);
}

static void assert_delivery(event const *e, char const *wanted)
{
  char d[64];
  snprintf(d, sizeof d, "%llu%.*s", (unsigned long long)e->delivery, (int)e->suffix.len, e->suffix.s);
  assert_string_equal(d, wanted);
}

static void check_start(void **state)
{
  start_row const *r = ROWS_ROW(start_row, state);
  event e;
  char *in = read_exact(&e, r->line);
  assert_int_equal(e.kind, EVENT_START);
  assert_true(e.message == r->message);
  assert_delivery(&e, r->delivery);
  assert_span(e.channel, r->channel);
  assert_span(e.recipient, r->recipient);
  assert_span(e.queue, r->queue);
  free(in);
  check_cuts(r->line);
}

static void check_result(void **state)
{
  result_row const *r = ROWS_ROW(result_row, state);
  event e;
  char *in = read_exact(&e, r->line);
  assert_int_equal(e.kind, r->kind);
  assert_delivery(&e, r->delivery);
  assert_span(e.queue, r->queue);
  free(in);
  check_cuts(r->line);
}

static void check_end(void **state)
{
  end_row const *r = ROWS_ROW(end_row, state);
  event e;
  char *in = read_exact(&e, r->line);
  assert_int_equal(e.kind, r->kind);
  assert_true(e.message == r->message);
  assert_span(e.queue, r->queue);
  free(in);
  check_cuts(r->line);
}

static void check_none(void **state)
{
  event e;
  free(read_exact(&e, ROWS_ROW(none_row, state)->line));
  assert_int_equal(e.kind, EVENT_NONE);
}

static void a_long_text_is_read_to_its_end(void **state)
{
  static char line[65536];
  event e;
  char *in;
  (void)state;
  memset(line, 'x', sizeof line - 1);
  memcpy(line, "delivery 5: failure: ", 21);
  memcpy(line + sizeof line - 8, " queue1", 8);
  in = read_exact(&e, line);
  assert_int_equal(e.kind, EVENT_FAILURE);
  assert_span(e.queue, "queue1");
  free(in);
}

static void a_nul_is_a_byte_like_others(void **state)
{
  static char const line[] = "info msg 7: bytes 900 from <a\0b@c> qp 41 uid 89";
  event e;
  char *in = rows_exact(line, sizeof line - 1);
  (void)state;
  assert_int_equal(event_read(&e, (span){in, sizeof line - 1}), EVENT_INFO);
  assert_int_equal(e.sender.len, 5);
  assert_memory_equal(e.sender.s, "a\0b@c", 5);
  free(in);
}

/* In texts of all lengths up to 300 bytes, with another 'f' before it and without. */
static void odd_wherever_the_mark_is(void **state)
{
  static char const mark[] = "info msg 7";
  size_t n = sizeof mark - 1;
  (void)state;
  for (size_t len = 1; len < 300; len++)
    for (size_t at = 0; at <= len; at++) {
      char line[300], *in;
      memset(line, 'x', sizeof line);
      line[at / 2] = 'f';
      if (at + n <= len)
        memcpy(line + at, mark, n);
      in = rows_exact(line, len);
      assert_int_equal(event_is_odd((span){in, len}), at + n <= len);
      free(in);
    }
}

static void not_odd_without_all_of_the_mark(void **state)
{
  static char const mark[] = "info msg 7";
  size_t n = sizeof mark - 1;
  (void)state;
  for (size_t len = n; len < 200; len += 7)
    for (size_t i = 0; i < n; i++) {
      char line[200], *in;
      memset(line, 'x', sizeof line);
      memcpy(line + len - n, mark, n);
      line[len - n + i] = '.';
      in = rows_exact(line, len);
      assert_int_equal(event_is_odd((span){in, len}), 0);
      free(in);
    }
}

int main(void)
{
  static rows_list list;
  ROWS_ADD(&list, infos, check_info);
  ROWS_ADD(&list, starts, check_start);
  ROWS_ADD(&list, results, check_result);
  ROWS_ADD(&list, ends, check_end);
  ROWS_ADD(&list, nones, check_none);
  rows_one(&list, "a text of 8 kB is read to its end", a_long_text_is_read_to_its_end);
  rows_one(&list, "a NUL is a byte like others", a_nul_is_a_byte_like_others);
  rows_one(&list, "a line is odd wherever the mark is in it", odd_wherever_the_mark_is);
  rows_one(&list, "a line is not odd without all of the mark", not_odd_without_all_of_the_mark);
  return rows_run(&list, "event");
}
