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
#define ORA_MINUTES5 (300 * ORA_SECOND)
#define ORA_DAY (86400 * ORA_SECOND)
#define ORA_LINE_MAX 65536   /* bytes of a line that are looked at */
#define ORA_VALUES_MAX 65536 /* different values of a key that are kept */
#define ORA_RULES_MAX 1000

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
extern void ora_show(ora_pool *pool, ora_text *t, ora_str s);     /* odd bytes as %XX, at most 900 */
extern void ora_label(ora_pool *pool, ora_text *t, int64_t when); /* @ and 24 digits */

/* ora_scan.c: eating a slice from the left; 1 if it was there, else 0 and *s unchanged */
extern int ora_eat(ora_str *s, char const *literal);
extern int ora_eat_blanks(ora_str *s); /* one or two */
extern int ora_eat_number(ora_str *s, uint64_t *n);
extern int ora_eat_word(ora_str *s, ora_str *word);
extern int ora_eat_digits(ora_str *s, unsigned width, unsigned *n);

/* ora_date.c: dates and the instants they mean */
typedef struct {
  int64_t wall, newest; /* the machine's clock; the newest stamp */
  int stamped;          /* newest means something */
} ora_now;

typedef struct {
  unsigned year, month, day, hour, minute, second, nano;
} ora_date;

extern int ora_day_exists(ora_date const *d);
extern int ora_clock_eat(ora_str *s, ora_date *d);
extern int ora_fraction_eat(ora_str *s, unsigned *nano); /* 1 if there is none */
extern ora_wide ora_date_utc(ora_date const *d);
extern ora_wide ora_date_local(ora_date const *d, ora_now const *now);
extern int ora_date_yearless(ora_date *d, ora_now const *now, ora_wide *when); /* sets the year */
extern int ora_in_range(ora_wide when);                                        /* years 1679 to 2260 */

/* ora_time.c, ora_head.c: one piece of a prefix each, without the blanks after it */
typedef enum { ORA_NOTHING, ORA_TIME, ORA_NUMBER, ORA_HEADER, ORA_MARK } ora_piece_kind;

typedef struct {
  ora_piece_kind kind;
  int timed;    /* when means something */
  int absolute; /* and does not depend on the zone of this machine */
  ora_wide when;
  ora_str host; /* of a header; may be empty */
} ora_piece;

typedef enum { ORA_NO_DAY, ORA_ISO_DAY, ORA_OTHER_DAY, ORA_SLASH_DAY, ORA_MONTH_DAY } ora_day_form;
typedef enum { ORA_NO_ZONE, ORA_OFFSET, ORA_LOCAL_NAME } ora_zone;

typedef struct {
  ora_date date;
  ora_day_form form; /* 2026-11-23; 2026/11/23 or 23-Nov-2026; 23/Nov/2026; Nov 23 2026 */
  char between;      /* what separates day and time */
  ora_zone zone;
  int east; /* seconds, of an offset */
} ora_dated;

extern int ora_time_read(ora_str *s, ora_now const *now, ora_piece *p);
extern int ora_month_and_day(ora_str *s, ora_date *d);
extern int ora_dated_eat(ora_str *s, ora_dated *d);
extern void ora_dated_mean(ora_dated const *d, ora_now const *now, ora_piece *p);
extern int ora_head_read(ora_str *s, ora_now const *now, ora_piece_kind before, ora_piece *p);

/* ora_stamp.c: the whole prefix */
typedef struct {
  int known;    /* when means something */
  int absolute; /* when is from a piece with an absolute time */
  int64_t when;
  ora_str host;   /* empty without a header that has one */
  ora_str number; /* the last piece if that is a number of seconds, else empty */
  int plus;       /* a '+' follows it: the rest of a line that splogger cut */
  ora_str text;   /* what follows the prefix */
} ora_stamp;

extern void ora_stamp_read(ora_str line, ora_now const *now, ora_stamp *st);

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
  ora_str sender, recipient;
  uint64_t delivery;
  ora_str suffix; /* what follows the number and the dot of a delivery, or nothing */
  ora_str queue;  /* results: the last word of the line, which may be none */
  int local;
  int by_ratetap; /* a result of ratetap-remote */
} ora_line;

extern void ora_line_read(ora_str text, ora_line *l);

/* ora_glob.c: the PATTERN of a line rule */
typedef enum { ORA_TEXT, ORA_STAR, ORA_WORD } ora_part_kind;

typedef struct {
  ora_part_kind kind;
  ora_text text;
} ora_part;

typedef struct {
  ora_part *parts;
  size_t n, room;
  unsigned words;
} ora_glob;

extern int ora_glob_read(ora_pool *pool, ora_glob *g, ora_str pattern);
/* Finds the words of g in text, as they are there. */
extern int ora_glob_match(ora_pool *pool, ora_glob const *g, ora_str text, ora_str word[2]);

/* ora_rule.c: the command line */
typedef enum {
  ORA_MSG,
  ORA_REMOTE,
  ORA_RCPT,
  ORA_BYTE,
  ORA_FAIL,
  ORA_DEFER,
  ORA_BOUNCED,
  ORA_TO,
  ORA_HOST,
  ORA_FROM,
  ORA_LINE
} ora_count;
typedef enum { ORA_SENDER, ORA_DOMAIN, ORA_UID, ORA_ALL } ora_key;

typedef struct {
  int64_t when;
  uint64_t weight;
  ora_str value; /* where different ones are counted; each is there once */
} ora_event;

typedef struct {
  ora_str key;
  ora_event *events; /* all since the counters were last cleared, oldest first */
  size_t n, room;
  int exempt; /* the rules that a reload brings do not select the key */
  int over;   /* the next seven are of the running episode */
  uint64_t order, peak, total;
  int64_t since;
  ora_str from;       /* the sender of its over, nothing under a line rule */
  ora_wide due, next; /* its end if nothing more comes; the next count that gives a more line */
  uint64_t all_peak, all_total, episodes; /* of the whole input, for the report */
  int64_t all_at;
} ora_counter;

typedef struct {
  uint64_t limit, clear;
  int64_t period;
  ora_count count;
  ora_key key;
  int different;   /* counts different values */
  int gone;        /* a reload brings rules without it */
  ora_glob glob;   /* of a line rule */
  ora_str name;    /* canonical form */
  size_t patterns; /* how many of the script's patterns are before it */
  ora_counter **counters;
  size_t n, room;
} ora_rule;

typedef struct {
  int select;       /* 1: +, 0: - */
  char const *glob; /* 0: it is about a user ID */
  uint64_t uid;
} ora_pattern;

typedef struct {
  int exact, report; /* -e, -r */
  uint64_t top;
  ora_str chars;    /* of -x */
  char const *file; /* of -f */
  ora_pattern *patterns;
  size_t npatterns, patternroom;
  ora_rule *rules;
  size_t nrules, ruleroom;
} ora_script;

extern int ora_script_read(ora_pool *pool, ora_script *s, char const *const *args, size_t nargs);
extern int ora_rule_read(ora_pool *pool, ora_rule *r, ora_str word);
/* Whether r is for the sender, or the first word of a line; uid: of his message, or 0 if it is not asked. */
extern int ora_selected(ora_pool *pool, ora_script const *s, ora_rule const *r, ora_str sender,
                        uint64_t const *uid);
/* 0 if r can be for no message of this sender, with this user ID. */
extern int ora_sender_selected(ora_pool *pool, ora_script const *s, ora_rule const *r, ora_str sender);
extern int ora_uid_selected(ora_script const *s, ora_rule const *r, uint64_t uid);
extern int ora_needs_deliveries(ora_script const *s);

/* ora_fold.c */
extern ora_str ora_lower(ora_pool *pool, ora_str s);
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
  ora_str host, queue, suffix;
  uint64_t number;
  ora_message const *msg; /* 0: unknown when it started */
  int local;
} ora_delivery;

typedef struct {
  ora_message **messages;
  size_t nmessages, messageroom;
  ora_delivery *deliveries;
  size_t ndeliveries, deliveryroom;
  uint64_t unknown;
} ora_join;

typedef struct {
  int found;
  ora_str word[2]; /* as they are in the line */
} ora_words;

typedef struct {
  unsigned what; /* bits 1 << ora_count */
  ora_message const *msg;
  ora_str to;
  ora_words *lines; /* for each rule */
} ora_happening;

/* ora_splog.c: lines that splogger cut */
typedef struct {
  ora_str host, number;
  ora_text text;
  int mail, event, odd; /* an event of qmail-send already; any event; counted as odd */
  char *matched;        /* for each rule: one of the parts, or several together, have matched */
} ora_folded;

typedef struct {
  ora_pool *pool;
  ora_script script;
  ora_join join;
  ora_text out;
  ora_now now;
  int64_t clock;   /* now.newest if now.stamped and not resumed, else now.wall; not before counted */
  int64_t counted; /* when the last event without a time was, while resumed */
  uint64_t lines, late, events, odd, alerts, episodes;
  int changes;           /* other rules may come */
  int warming;           /* a stored log is being read */
  int resumed;           /* one with stamps was, with PROGRAM, and no stamp has come since */
  uint64_t moved, noted; /* lines that moved the clock; which of them last gave a timeline note, 0: none */
  ora_folded *parts;
  size_t nparts, partroom;
} ora;

extern ora_folded *ora_folded_take(ora *o, ora_stamp const *st, ora_str *text);
extern void ora_join_line(ora *o, ora_str host, ora_line const *l, ora_happening *h);

/* ora_clock.c */
extern void ora_clock_move(ora *o, ora_stamp const *st);

/* ora_count.c, ora_alert.c */
extern void ora_count_line(ora *o, ora_happening const *h);
extern uint64_t ora_window(ora_rule const *r, ora_counter const *c, int64_t now);
extern void ora_unders(ora *o, int64_t until);
extern void ora_alert_event(ora *o, char const *word, ora_rule const *r, ora_counter const *c, uint64_t count,
                            ora_happening const *h);
extern void ora_alert_under(ora *o, ora_rule const *r, ora_counter *c, int64_t when, uint64_t count);
extern void ora_alert_end(ora *o, int64_t when); /* every episode, with a count of 0 */
extern void ora_alert_reloaded(ora *o);          /* those of rules that are gone, and of exempted keys */
extern void ora_alert_still(ora *o);             /* every episode, oldest first */
extern void ora_alert_note_timeline(ora *o, int64_t now);

/* ora_reload.c */
extern int ora_reload(ora *o, char const *const *args, size_t nargs);

/* ora_warm.c */
extern void ora_restored(ora *o);
extern void ora_start(ora *o, int keeps_program);

/* ora_report.c */
extern void ora_report(ora *o);

#endif
