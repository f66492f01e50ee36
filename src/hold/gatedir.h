/* heldfile.h - the file of one key in GATE: made and taken away whole, and known to be ours by its text.
 *
 * One with another text was made or changed by hand, and is neither replaced nor taken away. */

/* gatedir.h - brings the directory GATE to what the roll says, so that a crash at any instant leaves no file
 * that nobody knows to be his.
 *
 * GATE/.held is the roll. Before a file appears it stands there, on the disk; after a file is gone it is
 * taken from there. A file is ours if it has the text that stands in the roll: one made or changed by hand
 * never is, and is neither replaced nor taken away. Names are made by name.h alone, links are not followed.
 */

/* upkeep.h - when GATE is looked at, and when it is tried anew. Times are nanoseconds of the clock that never
 * steps. */
#ifndef HOLD_GATEDIR_H
#define HOLD_GATEDIR_H

#include "hold/holds.h"
#include "base/span.h"
#include <sys/types.h>

typedef enum {
  HELDFILE_FAILED, /* with errno; nothing was done, or it cannot be known whose the file is */
  HELDFILE_OURS,   /* done */
  HELDFILE_FOREIGN,
  HELDFILE_NONE /* it was not there */
} heldfile_answer;

/* Makes the file of h in the open folder. One of ours that is there already, from before a crash, will do.
 * The text of h is changed meanwhile. Never HELDFILE_NONE. */
extern heldfile_answer heldfile_make(int folder, held *h);

/* Takes away what heldfile_make may leave beside the files; to be called after the last. */
extern void heldfile_tidy(int folder);

/* Takes away the file of h. */
extern heldfile_answer heldfile_remove(int folder, held const *h);

typedef enum {
  GATEDIR_FINE,
  GATEDIR_MISSING, /* GATE cannot be opened */
  GATEDIR_BUSY,    /* another ratetap-hold keeps it */
  GATEDIR_UNREAD,  /* the list cannot be read */
  GATEDIR_SHUT,    /* only the one who owns GATE can search it: no failure */
  GATEDIR_ODD,     /* the list has lines that were not understood and are passed over; the rest was read: no
                      failure */
  GATEDIR_LIST,    /* the list cannot be written */
  GATEDIR_FILE     /* a file cannot be made or taken away */
} gatedir_answer;

typedef enum { GATEDIR_HELD, GATEDIR_LET_GO, GATEDIR_FOREIGN } gatedir_event;

/* What was done with the file of a key. */
typedef void gatedir_tell(void *to, gatedir_event what, held const *h);

typedef struct {
  char const *path;
  int fd;                /* -1: not open */
  int loaded;            /* the list of one GATE was read */
  int known;             /* that of the one that is open was */
  gatedir_answer remark; /* what should be told of GATE, though it is no failure; who has told it says so */
  dev_t device;
  ino_t inode;
  gatedir_tell *tell;
  void *to;
} gatedir;

/* tell is called by gatedir_keep. Nothing is opened yet. */
extern void gatedir_open(gatedir *g, char const *path, gatedir_tell *tell, void *to);
extern void gatedir_close(gatedir *g);

/* Opens and locks GATE, if that is not so; and reads its list into *r. If GATE is another directory
 * than it was, its list is taken over as well, and all files are wanted again. Returns GATEDIR_FINE, or why
 * not, with errno. */
extern gatedir_answer gatedir_ready(gatedir *g, roll *r);

/* Makes and takes away what is to be made or taken away. To be called after gatedir_ready, and again after a
 * while if the answer, with errno, is not GATEDIR_FINE. */
extern gatedir_answer gatedir_keep(gatedir *g, roll *r);

#define UPKEEP_LOOK (10 * SECOND) /* at whether GATE is still the same */

/* What is to be told of GATE, with errno; told once for as long as it is so. */
typedef void upkeep_trouble(void *to, gatedir_answer what);

typedef struct {
  gatedir gate;
  int dry; /* GATE is not touched: what would be done is only told */
  upkeep_trouble *trouble;
  void *to;
  gatedir_answer answer; /* of the last look */
  gatedir_answer last;   /* of the one before */
  int64_t again;         /* when GATE is to be looked at, whatever has come */
} upkeep;

/* gate and dry are set already. Nothing is opened yet. */
extern void upkeep_open(upkeep *u, upkeep_trouble *trouble, void *to);

/* Has the list been read, so that alerts can be acted upon? */
extern int upkeep_ready(upkeep const *u);

/* Is there nothing that could not be done? */
extern int upkeep_fine(upkeep const *u);

/* Looks at GATE; and does in it what the roll asks for, to be called only if the former returned 1. */
extern int upkeep_look(upkeep *u, roll *r, int64_t now);
extern void upkeep_do(upkeep *u, roll *r, int64_t now);

#endif
