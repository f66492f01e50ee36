/* gen.h - random logs and scripts for the comparison with the oracle; the same seed gives the same bytes. */
#ifndef GEN_H
#define GEN_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define GEN_TEXT 70000 /* no line that is made is longer */
#define GEN_HOSTS 5    /* numbers of machines are smaller; number 0 never writes its name */
#define GEN_SECOND INT64_C(1000000000)

typedef struct {
  char s[GEN_TEXT];
  size_t n;
} gen_text;

/* What splogger has not written yet of a line that it cut. */
typedef struct {
  gen_text text;
  char head[400], number[40];
} gen_rest;

typedef struct {
  char const *form;    /* the stamps asked for */
  uint64_t random;     /* state of the generator */
  int64_t now, newest; /* the simulated clock, the newest stamp written */
  unsigned long lines, wanted;
  int64_t foreign;  /* how far the clocks of another zone are ahead, which local dates beside a label show */
  size_t cut;       /* after how many bytes splogger cuts a line */
  int burst;        /* lines follow each other closely */
  int last_newline; /* the last line has one */
  char half[256];   /* what a killed qmail-send left, to be glued to the next line */
  gen_rest rest[GEN_HOSTS];
} gen;

/* One line's instant and machine. */
typedef struct {
  gen *g;
  int64_t when;
  unsigned host;
} gen_moment;

/* gen.c */
extern uint64_t gen_below(gen *g, uint64_t n); /* 0 to n-1 */
extern int gen_in(gen *g, uint64_t n);         /* true once in n */

/* gen_piece.c: one piece of a prefix, with the blanks after it, appended to t */
extern void gen_add(gen_text *t, char const *format, ...) __attribute__((format(printf, 2, 3)));
extern void gen_blanks(gen *g, gen_text *t);
extern void gen_label(gen_moment const *m, gen_text *t);
extern void gen_local(gen_moment const *m, gen_text *t);
extern void gen_iso(gen_moment const *m, gen_text *t);
extern void gen_number(gen_moment const *m, gen_text *t);
extern void gen_any_date(gen_moment const *m, gen_text *t); /* without the blanks */
extern void gen_date(gen_moment const *m, gen_text *t);
extern void gen_full_date(gen_moment const *m, gen_text *t); /* without the blanks */

/* gen_head.c: the pieces with a host, and marks */
extern void gen_header_old(gen_moment const *m, gen_text *t);
extern void gen_header_year(gen_moment const *m, gen_text *t);
extern void gen_header_iso(gen_moment const *m, gen_text *t);
extern void gen_rfc5424(gen_moment const *m, gen_text *t);
extern void gen_journal(gen_moment const *m, gen_text *t); /* with its number */
extern void gen_container(gen_moment const *m, gen_text *t);
extern void gen_socklog(gen_moment const *m, gen_text *t);
extern void gen_zoned(gen_moment const *m, gen_text *t);

/* gen_stamp.c: host is the number of the machine; a machine keeps to its kind of stamp. */
extern unsigned gen_hosts(gen *g);
extern int gen_named(gen const *g); /* every machine writes its name */
extern int
gen_settled(gen const *g); /* an event with a stamp was written: before that the machine's clock counts */
extern void gen_begin(gen *g);
extern void gen_prefix(gen_moment const *m, gen_text *t);
extern int64_t gen_shown(gen *g, int noise); /* the instant that the next line shows */

/* gen_line.c: noise: the line is none of qmail-send's */
extern void gen_line(gen *g, unsigned host, char const *text, size_t n, int noise);
extern void gen_flush(gen *g);

/* gen_names.c */
extern void gen_sender(gen *g, char *s, size_t room);
extern void gen_recipient(gen *g, char *s, size_t room);
extern char const *gen_channel(gen *g);

/* gen_mail.c: a queue under way; gen_noise.c: lines that are none of qmail-send's */
extern void gen_mail(gen *g);
extern void gen_noise(gen *g, unsigned host);
extern size_t gen_damage(gen *g, char *text, size_t n);

/* gen_script.c: a command line, one argument a line, or its directives as a rules file */
extern void gen_script(gen *g, int as_file);

#endif
