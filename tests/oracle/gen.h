/* gen.h - random logs and scripts for the comparison with the oracle; the same seed gives the same bytes. */
#ifndef GEN_H
#define GEN_H

#include <stddef.h>
#include <stdint.h>

#define GEN_TEXT 12288 /* no line that is made is longer */

typedef struct {
  char const *form;    /* the stamps asked for */
  uint64_t random;     /* state of the generator */
  int64_t now, newest; /* the simulated clock, the newest stamp written */
  unsigned long lines, wanted;
  int burst;        /* lines follow each other closely */
  int last_newline; /* the last line has one */
  char half[256];   /* what a killed qmail-send left, to be glued to the next line */
} gen;

/* gen.c */
extern uint64_t gen_below(gen *g, uint64_t n); /* 0 to n-1 */
extern int gen_in(gen *g, uint64_t n);         /* true once in n */

/* gen_stamp.c: host is the number of the machine; a machine keeps to its kind of stamp. */
extern unsigned gen_hosts(gen *g);
extern void gen_line(gen *g, unsigned host, char const *text, size_t n);

/* gen_names.c */
extern void gen_sender(gen *g, char *s, size_t room);
extern void gen_recipient(gen *g, char *s, size_t room);
extern char const *gen_channel(gen *g);

/* gen_mail.c: a queue under way; gen_noise.c: lines that are none of qmail-send's */
extern void gen_mail(gen *g);
extern void gen_noise(gen *g, unsigned host);
extern size_t gen_damage(gen *g, char *text, size_t n);

/* gen_script.c: a command line, one argument a line */
extern void gen_script(gen *g);

#endif
