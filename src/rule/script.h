/* script.h - the directives in their order: patterns that select and deselect senders, and the rules they
 * apply to.
 *
 * Left to right: a rule applies to a message unless the last selection before it that matches the message, by
 * its sender (+PATTERN, -PATTERN) or by the user ID under which it entered the queue ("+uid N", "-uid N"),
 * deselects it. Senders are given folded; the null sender as "", the double bounce sender as "#@[]". A line
 * rule has its first word in place of the sender, and no user ID. */
#ifndef RULE_SCRIPT_H
#define RULE_SCRIPT_H

#include "base/span.h"
#include "rule/rule.h"
#include "rule/select.h"
#include <skalibs/stralloc.h>

#define SCRIPT_RULES 1000       /* at most so many rules */
#define SCRIPT_PATTERNS 100000  /* ... and selections */
#define SCRIPT_LINE 65536       /* bytes in a line of a file, without its newline */
#define SCRIPT_FILE (64u << 20) /* bytes in a file */
#define SCRIPT_NONE SELECT_NONE /* no directive decided: selected, as every sender is at the start */

typedef enum {
  SCRIPT_OK,
  SCRIPT_BAD_RULE,      /* see rule */
  SCRIPT_BAD_WORD,      /* neither '+', '-' nor a digit at the start */
  SCRIPT_BAD_DASHES,    /* "--", which is for the command line only */
  SCRIPT_BAD_SELECTION, /* a blank in a selection that is not "-uid N" */
  SCRIPT_MANY_RULES,    /* one more than SCRIPT_RULES */
  SCRIPT_MANY_PATTERNS, /* one more than SCRIPT_PATTERNS */
  SCRIPT_NUL_BYTE,
  SCRIPT_LONG_LINE,
  SCRIPT_NO_RULE,     /* never set here: for a caller who finds script_len to be 0 */
  SCRIPT_NOT_REGULAR, /* the file is a pipe, a device or the like */
  SCRIPT_SYSTEM       /* memory, or the file: see error */
} script_problem;

/* What is wrong and where. The spans stay valid until the next script_add, script_file or script_free. */
typedef struct {
  script_problem problem;
  rule_error rule;  /* of SCRIPT_BAD_RULE */
  int error;        /* the errno of SCRIPT_SYSTEM */
  span directive;   /* as it was given; empty if the problem is not one directive */
  char const *file; /* the caller's path, 0 on the command line */
  size_t line;      /* from 1 on; 0 if the problem is the file as a whole */
} script_error;

/* All zero: empty. Owns everything in it. */
typedef struct {
  genalloc directives; /* script_directive_entry, see script.c */
  genalloc rules;      /* script_rule_entry */
  selection patterns;  /* places are indexes of directives */
  size_t mail_end;     /* the place after the last rule on mail: selections before it bear on mail */
  size_t line_end;     /* ... and after the last line rule */
  stralloc bad;        /* what the spans of the last script_error point into */
} script;

/* Appends one directive: '+PATTERN', '-PATTERN', '+uid N', '-uid N' or a rule. It is copied.
 * Returns 1, or 0 with *e filled (its file and line 0) and the script as it was. */
extern int script_add(script *s, char const *directive, script_error *e);

/* Appends the directives of a file, one a line. Skipped: blank lines, lines that begin with '#', blanks
 * before a directive, and the run of blanks, tabs and carriage returns after it, but for a first blank that a
 * backslash makes part of a line rule's pattern.
 * Returns 1, or 0 with *e filled and the script holding what came before the mistake. Reads the whole file
 * first. */
extern int script_file(script *s, char const *path, script_error *e);

/* How many directives there are, and the i-th: a pattern as it was given, a rule in canonical form. */
extern size_t script_directives(script const *s);
extern span script_directive(script const *s, size_t i);

/* How many rules there are, the i-th, and its canonical form. The pointer is valid until a rule is added. */
extern size_t script_len(script const *s);
extern rule const *script_rule(script const *s, size_t i);
extern span script_rule_text(script const *s, size_t i);

/* The pattern of the i-th rule, valid until script_free; 0 if it is no line rule. */
extern pattern const *script_pattern(script const *s, size_t i);

/* Bytes that the bits for all rules take. */
static inline size_t script_bits(size_t rules)
{
  return (rules + 7) / 8;
}

/* Sets bit i % 8 of bits[i / 8] if rule i, no line rule, applies to a message of sender and uid, and clears
 * it otherwise. bits has script_bits bytes. */
extern void script_select(script const *s, span sender, uint64_t uid, unsigned char *bits);

/* Which directive decides by the sender alone whether rule i applies: its index, or SCRIPT_NONE (then it
 * does). */
extern size_t script_decider(script const *s, span sender, size_t i);

/* The first directive from at on that makes messages of one user ID an exception from applies under rule i:
 * its index, or SCRIPT_NONE. */
extern size_t script_exception(script const *s, size_t i, size_t at, int applies);

/* Does rule i, no line rule, apply to anything that this sender, or this user ID, could send? */
extern int script_selects_sender(script const *s, span sender, size_t i);
extern int script_selects_uid(script const *s, uint64_t uid, size_t i);

/* Does rule i apply if this directive, or SCRIPT_NONE, decides? */
extern int script_applies(script const *s, size_t decider);

typedef enum {
  SELECTION_LATE,   /* no rule that it bears on follows */
  SELECTION_NOBODY, /* needs a byte that qmail-send never writes in an address */
  SELECTION_USEFUL
} selection_use;

/* Has directive i, a selection, any effect? Takes a rule for useful. If memory is short, it is taken for
 * useful, too. */
extern selection_use script_selection_use(script const *s, size_t i);

extern void script_free(script *s);

#endif
