/* gatedir.h - makes the files in the directory GATE those that the list in memory asks for, so that a crash
 * at any instant leaves no file that is not known.
 *
 * GATE/.held is the list. Before a file appears it is in there, on the disk; after a file is gone it is taken
 * from there. A file is ours if it has the text that the list says: one made or changed by hand never is, and
 * is neither replaced nor taken away. A file of ours that is gone from the same GATE was released by hand.
 * Names are made by gate/held_name.h alone, links are not followed. */
#ifndef HOLD_GATEDIR_H
#define HOLD_GATEDIR_H

#include "hold/holds.h"
#include <sys/types.h>

typedef enum {
  GATEDIR_OK,
  GATEDIR_MISSING, /* GATE cannot be opened */
  GATEDIR_BUSY,    /* another ratetap-hold keeps it */
  GATEDIR_UNREAD,  /* the list cannot be read */
  GATEDIR_SHUT,    /* only the one who owns GATE can search it: no failure */
  GATEDIR_LISTED,  /* others can list GATE: no failure */
  GATEDIR_ODD,     /* the list has lines that were not understood and are passed over; the rest was read: no
                      failure */
  GATEDIR_LIST,    /* the list cannot be written */
  GATEDIR_FILE     /* a file cannot be made or taken away */
} gatedir_answer;

typedef enum {
  GATEDIR_HELD,
  GATEDIR_LET_GO,
  GATEDIR_BY_HAND, /* its file was taken away by hand */
  GATEDIR_FOREIGN  /* its file was made by hand, and is left alone */
} gatedir_event;

typedef struct {
  char const *path;
  int is_dry; /* GATE is not touched: what would be done is only told */
  void (*told)(void *to, gatedir_event what, held const *h); /* what was done with the file of a key */
  void (*failed)(void *to, gatedir_answer what);             /* with errno; once for as long as it is so */
  void *to;

  /* Its own. */
  int fd;        /* -1: not open */
  int is_loaded; /* the list of one GATE was read */
  int is_known;  /* that of the one that is open was */
  dev_t device;
  ino_t inode;
  gatedir_answer answer; /* what came of the last try */
  int64_t again;         /* when GATE is to be looked at, on the clock that is never set, ns */
} gatedir;

#define GATEDIR_LOOK_NS (10 * SECOND) /* at whether GATE, and what is in it, is still the same */

/* What comes before "its own" is set already. Nothing is opened yet. */
extern void gatedir_open(gatedir *g);

/* Has the list been read, so that alerts can be acted upon? */
extern int gatedir_is_ready(gatedir const *g);

/* Is there nothing that could not be done? */
extern int gatedir_works(gatedir const *g);

/* Opens and locks GATE, if that is not so, and reads its list into *all. If GATE is another directory than it
 * was, its list is taken over as well, and all files are wanted again; if not, those that are gone were
 * released by hand. Returns 1, or 0: gatedir_keep can do nothing now. */
extern int gatedir_look(gatedir *g, holds *all, int64_t now);

/* Makes and takes away what is to be made or taken away. To be called after gatedir_look returned 1. */
extern void gatedir_keep(gatedir *g, holds *all, int64_t now);

#endif
