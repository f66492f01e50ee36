/* settings.h - what the user asked for on the command line. */
#ifndef MAIN_SETTINGS_H
#define MAIN_SETTINGS_H

#include "mail/fold.h"
#include "rule/script.h"

typedef enum {
  SETTINGS_RUN,
  SETTINGS_CHECK,
  SETTINGS_EXPLAIN,
  SETTINGS_HELP,
  SETTINGS_VERSION
} settings_mode;

typedef struct {
  settings_mode mode;
  int alerts;               /* -a: the descriptor */
  folding how;              /* -e, -x */
  char const *file;         /* -f, or 0 */
  size_t memory;            /* -m: bytes */
  int report;               /* -r was given */
  size_t top;               /* keys of each rule in a report */
  char const *address;      /* -t */
  char const *directory;    /* -w, or 0 */
  char const *const *words; /* the directives of the command line */
  size_t words_len;
  char const *const *program; /* after a second --, or 0 */
} settings;

/* Reads the command line. Dies 100 with what is wrong and what would be right. */
extern void settings_read(settings *s, int argc, char const *const *argv);

/* Reads the directives, those of the file first. Returns 1, or 0 with *e filled. */
extern int settings_script(settings const *s, script *rules, script_error *e);

/* Reads those of the command line alone. Returns 1, or 0 with *e filled. */
extern int settings_words(settings const *s, script *rules, script_error *e);

/* The usage line, without the program's name. */
extern char const settings_usage[];

#endif
