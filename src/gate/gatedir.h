/* gatedir.h - brings the directory GATE to what the roll says, so that a crash at any instant leaves no file
 * that nobody knows to be his.
 *
 * GATE/.held is the roll. Before a file appears it stands there, on the disk; after a file is gone it is
 * taken from there. A file is ours if it has the text that stands in the roll: one made or changed by hand
 * never is, and is neither replaced nor taken away. Names are made by name.h alone, links are not followed.
 */
#ifndef GATE_GATEDIR_H
#define GATE_GATEDIR_H

#include "gate/roll.h"
#include <sys/types.h>

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

#endif
