/* ora.h - the parts of the oracle, for each other only.
 *
 * Slices have a length and no terminator.  All memory comes from one pool that lives as long as one run; when
 * there is none, ora_get() does not return but jumps out of the run, so nobody below checks for it. */
#ifndef ORA_H
#define ORA_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#define ORA_SECOND INT64_C(1000000000)
#define ORA_LINE_MAX 8192 /* bytes of a line that are looked at */

typedef __int128 ora_wide; /* holds any sum or difference of two times */

typedef struct {
  char const *p;
  size_t n;
} ora_str;

typedef struct ora_block ora_block;

typedef struct {
  ora_block *blocks;
  jmp_buf out;
} ora_pool;

typedef struct {
  char *p;
  size_t n, room;
} ora_text;

/* ora_pool.c: memory, slices, text */
extern void *ora_get(ora_pool *pool, size_t size); /* zeroed */
extern void ora_free(ora_pool *pool);
/* Returns room for at least one element more than n: old itself, or a bigger copy of it. */
extern void *ora_more(ora_pool *pool, void *old, size_t n, size_t *room, size_t size);
extern ora_str ora_copy(ora_pool *pool, ora_str s);
extern ora_str ora_lit(char const *s);
extern int ora_same(ora_str a, ora_str b);
extern int ora_order(ora_str a, ora_str b); /* by bytes, as strcmp */
extern int ora_find(ora_str s, ora_str what, size_t *at);
extern uint64_t ora_plus(uint64_t a, uint64_t b); /* stops at 2^64-1 */
extern void ora_put(ora_pool *pool, ora_text *t, ora_str s);
extern void ora_print(ora_pool *pool, ora_text *t, char const *format, ...)
    __attribute__((format(printf, 3, 4)));
extern void ora_show(ora_pool *pool, ora_text *t, ora_str s);     /* at most 900 bytes, odd ones as _ */
extern void ora_label(ora_pool *pool, ora_text *t, int64_t when); /* @ and 24 digits */

/* ora_scan.c: eating a slice from the left; 1 if it was there, else 0 and *s unchanged */
extern int ora_eat(ora_str *s, char const *literal);
extern int ora_eat_number(ora_str *s, uint64_t *n);
extern int ora_eat_word(ora_str *s, ora_str *word);
extern int ora_eat_digits(ora_str *s, unsigned width, unsigned *n);

/* ora_time.c, ora_date.c: the stamp at the start of a line */
typedef struct {
  int known; /* when means something */
  int64_t when;
  ora_str host; /* empty without a syslog header */
  ora_str text; /* what follows stamp and header */
} ora_stamp;

extern void ora_stamp_read(ora_str line, ora_stamp *st);

typedef struct {
  unsigned year, month, day, hour, minute, second, nano;
} ora_date;

extern int ora_date_eat(ora_str *s, char between, ora_date *d);
extern int ora_clock_eat(ora_str *s, ora_date *d);
extern int ora_fraction_eat(ora_str *s, unsigned min, unsigned max, unsigned *nano);
extern ora_wide ora_date_utc(ora_date const *d);
extern ora_wide ora_date_local(ora_date const *d);
extern int ora_in_range(ora_wide when); /* years 1679 to 2260 */

/* ora_line.c: what qmail-send said */
typedef enum {
  ORA_OTHER,
  ORA_INFO,
  ORA_START,
  ORA_SUCCESS,
  ORA_FAILURE,
  ORA_DEFERRAL,
  ORA_BOUNCE,
  ORA_END
} ora_kind;

typedef struct {
  ora_kind kind;
  uint64_t msg, bytes, qp, uid;
  ora_str sender, delivery, recipient;
  ora_str queue; /* results: the last word of the line, which may be none */
  int local;
} ora_line;

extern void ora_line_read(ora_str text, ora_line *l);

/* ora_rule.c: the command line */
typedef enum {
  ORA_MSG,
  ORA_REMOTE,
  ORA_RCPT,
  ORA_BYTE,
  ORA_FAIL,
  ORA_DEFER,
  ORA_BOUNCED,
  ORA_LINE
} ora_count;
typedef enum { ORA_SENDER, ORA_DOMAIN, ORA_UID, ORA_ALL } ora_key;

typedef struct {
  int64_t when;
  uint64_t weight;
} ora_event;

typedef struct {
  ora_str key;
  ora_event *events; /* all since the counters were last cleared, oldest first */
  size_t n, room;
  int over; /* the next six are of the running episode */
  uint64_t order, peak, total;
  int64_t since;
  ora_wide due, next; /* its end if nothing more comes; the next count that gives a more line */
  uint64_t all_peak, all_total, episodes; /* of the whole input, for the report */
  int64_t all_at;
} ora_counter;

typedef struct {
  uint64_t limit, clear;
  int64_t period;
  ora_count count;
  ora_key key;
  ora_str literal; /* of a line rule */
  ora_str name;    /* canonical form */
  size_t patterns; /* how many of the script's patterns stand before it */
  ora_counter **counters;
  size_t n, room;
} ora_rule;

typedef struct {
  int select; /* 1: +, 0: - */
  char const *glob;
} ora_pattern;

typedef struct {
  int exact, report;
  uint64_t top;
  ora_str chars; /* of -x, lower case */
  ora_pattern *patterns;
  size_t npatterns, patternroom;
  ora_rule *rules;
  size_t nrules, ruleroom;
} ora_script;

extern int ora_script_read(ora_pool *pool, ora_script *s, char const *const *args, size_t nargs);
extern int ora_rule_read(ora_pool *pool, ora_rule *r, ora_str word);
extern int ora_selected(ora_pool *pool, ora_script const *s, ora_rule const *r, ora_str sender);

/* ora_fold.c */
extern ora_str ora_fold(ora_pool *pool, ora_script const *s, ora_str sender);

/* ora_join.c: which message, which delivery */
typedef struct {
  ora_str host, queue;
  uint64_t id, bytes, qp, uid;
  ora_str sender, folded;
  ora_str *seen; /* recipients, with an L or R before them */
  size_t nseen, seenroom;
} ora_message;

typedef struct {
  ora_str host, queue, name;
  ora_message const *msg; /* 0: unknown when it started */
} ora_delivery;

typedef struct {
  ora_message **messages;
  size_t nmessages, messageroom;
  ora_delivery *deliveries;
  size_t ndeliveries, deliveryroom;
  uint64_t unknown;
} ora_join;

typedef struct {
  unsigned what; /* bits 1 << ora_count */
  ora_message const *msg;
  ora_str to;
} ora_happening;

typedef struct {
  ora_pool *pool;
  ora_script script;
  ora_join join;
  ora_text out;
  int64_t wall, clock;
  int stamped; /* the stream has shown a stamp; before that clock is wall */
  uint64_t lines, late, events, alerts, episodes;
  uint64_t noted; /* number of the line that last gave a timeline note, 0: none */
} ora;

extern void ora_join_line(ora *o, ora_str host, ora_str text, ora_happening *h);

/* ora_count.c, ora_alert.c */
extern void ora_count_line(ora *o, ora_str text, ora_happening const *h);
extern uint64_t ora_window(ora_rule const *r, ora_counter const *c, int64_t now);
extern void ora_unders(ora *o, int64_t until);
extern void ora_timeline(ora *o, int64_t now);
extern void ora_forget(ora *o); /* all that was counted, without a word */
extern void ora_alert_event(ora *o, char const *word, ora_rule const *r, ora_counter const *c, uint64_t count,
                            ora_happening const *h);
extern void ora_alert_under(ora *o, ora_rule const *r, ora_counter *c, int64_t when, uint64_t count);

/* ora_report.c */
extern void ora_report(ora *o);

#endif
