/* react.h - what ratetap does when something happens while the log flows: it warns, reads its rules again,
 * reports.
 *
 * Nothing here ever dies. */
#ifndef MAIN_REACT_H
#define MAIN_REACT_H

#include "pipe/loop.h"
#include "pipe/warm.h"

/* Callbacks of a pump that is the first member of a ratetap. */
extern void react_trouble(pump *p, pump_trouble what);
extern void react_reload(pump *p);
extern void react_report(pump *p);
extern void react_end(pump *p);

/* A warm_tell for a ratetap. */
extern void react_cold(void *r, warm_trouble what, char const *name);

/* A tap_tell. */
extern void react_news(void *p, tap_news what, span line);

#endif
