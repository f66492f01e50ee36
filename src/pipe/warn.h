/* warn.h - words on standard error: warnings, and the last words before an exit.
 *
 * They never wait for their reader: what it does not take at once is dropped. Each is one line of its own
 * and begins with the program's name; bytes other than visible ASCII and blanks are shown as '_'. */
#ifndef PIPE_WARN_H
#define PIPE_WARN_H

#include <unistd.h>

/* The program's name, libskarnet's; to be set first. */
extern char const *PROG;

/* Prepares for that: what a warning needs is opened now, since later there may be no descriptor left. */
extern void warn_open(void);

/* From now on no words are written. */
extern void warn_silence(void);

/* Writes the pieces, up to the null pointer, after the program's name and kind, and with the words for errno
 * if system is not 0. errno stays as it was. */
extern void warn_pieces(char const *kind, int system, char const *const *pieces);

#define WARN_PIECES(...) ((char const *const[]){__VA_ARGS__, 0})

/* warn("skipping ", name); warn_sys("read ", name) says "unable to read NAME: " and why. */
#define warn(...) warn_pieces("warning: ", 0, WARN_PIECES(__VA_ARGS__))
#define warn_sys(...) warn_pieces("warning: unable to ", 1, WARN_PIECES(__VA_ARGS__))

/* The same for an error, and exit. */
#define die(code, ...) WARN_EXIT(code, "fatal: ", 0, WARN_PIECES(__VA_ARGS__))
#define die_usage(usage) WARN_EXIT(100, "usage: ", 0, WARN_PIECES(usage))
#define die_sys(code, ...) WARN_EXIT(code, "fatal: unable to ", 1, WARN_PIECES(__VA_ARGS__))
#define WARN_EXIT(code, ...)                                                                                 \
  do {                                                                                                       \
    warn_pieces(__VA_ARGS__);                                                                                \
    _exit(code);                                                                                             \
  } while (0)

#endif
