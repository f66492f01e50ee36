#include "rows.h"

#include "mail/queued.h"
#include <stdio.h>

typedef struct {
  char const *name;
  char const *lines[8];
  char const *left; /* the numbers of Ann's messages, each followed by its queue and host and a comma */
} row;

#define ANN "bytes 9 from <ann@example.org> qp 41 uid 89"
#define BOB "bytes 9 from <bob@example.org> qp 42 uid 89"

static row const rows[] = {
    {"a message that has no end", {"info msg 7: " ANN}, "7,"},
    {"one that has", {"info msg 7: " ANN, "end msg 7"}, ""},
    {"an end before its beginning", {"end msg 7", "info msg 7: " ANN}, "7,"},
    {"somebody else's", {"info msg 7: " BOB}, ""},
    {"numbers are numbers", {"info msg 10: " ANN, "info msg 9: " ANN, "info msg 0010: " ANN}, "9,10,"},
    {"a number that is used again", {"info msg 7: " ANN, "info msg 7: " BOB}, ""},
    {"or by her", {"info msg 7: " BOB, "info msg 7: " ANN}, "7,"},
    {"the same message announced twice",
     {"info msg 7: " ANN, "info msg 7: bytes 9 from <bob@example.org> qp 41 uid 89"},
     "7,"},
    {"queues are different", {"info msg 7: " ANN " q1", "info msg 7: " ANN " q2", "end msg 7 q1"}, "7 q2,"},
    {"hosts are different",
     {"Nov 23 12:44:00 a qmail: info msg 7: " ANN, "Nov 23 12:44:00 b qmail: info msg 7: " ANN,
      "Nov 23 12:44:00 a qmail: end msg 7"},
     "7@b,"},
    {"an event in a failure's text is none",
     {"delivery 3: failure: info msg 7: " ANN, "info msg 8: " ANN, "delivery 4: failure: end msg 8"},
     "8,"},
};

static void put(void *to, queued_message const *m)
{
  char *out = to;

  (void)snprintf(out + strlen(out), 256 - strlen(out), "%d%s%.*s%s%.*s,", (int)m->number,
                 m->queue.len ? " " : "", (int)m->queue.len, m->queue.s, m->host.len ? "@" : "",
                 (int)m->host.len, m->host.s);
}

static queued_key const ann = {QUEUED_SENDER, {"ann@example.org", 15}, {0, {"", 0}}};

static void check(void **state)
{
  row const *r = ROWS_ROW(row, state);
  queued *q = calloc(1, sizeof *q);
  char left[256] = "";

  assert_non_null(q);
  queued_open(q, &ann);
  for (char const *const *line = r->lines; *line; line++) {
    char *copy = rows_exact(*line, strlen(*line));
    queued_line(q, (span){copy, strlen(*line)});
    free(copy);
  }
  queued_each(q, &put, left);
  queued_close(q);
  free(q);
  assert_string_equal(left, r->left);
}

typedef struct {
  char const *name;
  queued_kind kind;
  char const *key, *sender;
  int matches;
} key_row;

static key_row const keys[] = {
    {"a sender is folded", QUEUED_SENDER, "ann@example.org", "prvs=12=Ann@Example.org", 1},
    {"another is another", QUEUED_SENDER, "ann@example.org", "ann@example.org.evil", 0},
    {"a domain", QUEUED_DOMAIN, "example.org", "ann@Example.org", 1},
    {"a part of one is none", QUEUED_DOMAIN, "example.org", "ann@mail.example.org", 0},
    {"a user ID", QUEUED_UID, "89", "", 1},
    {"another user ID", QUEUED_UID, "8", "ann@example.org", 0},
    {"the null sender has no key", QUEUED_SENDER, "", "", 0},
    {"nor has the double bounce sender", QUEUED_SENDER, "#@[]", "#@[]", 0},
};

static void check_key(void **state)
{
  key_row const *r = ROWS_ROW(key_row, state);
  queued_key k = {r->kind, span_of(r->key), {0, {"", 0}}};

  assert_int_equal(queued_matches(&k, span_of(r->sender), 89), r->matches);
}

int main(void)
{
  rows_list list = {0};

  ROWS_ADD(&list, rows, check);
  ROWS_ADD(&list, keys, check_key);
  return rows_run(&list, "queue-of");
}
