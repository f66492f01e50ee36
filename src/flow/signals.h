/* signals.h - which signals are taken care of by the loop, and which are ignored. */
#ifndef FLOW_SIGNALS_H
#define FLOW_SIGNALS_H

/* From now on TERM and USR1, with reload HUP and with a program ALRM and CHLD wait to be read; the other ones
 * that might end us are ignored. Returns the descriptor to poll, for skalibs' selfpipe_read, or -1 with
 * errno. */
extern int signals_open(int reload, int program);

#endif
