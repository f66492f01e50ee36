/* crowd.h - the mail that crowd sends: message and envelope of each number, made again whenever they are
 * asked for. */

#ifndef CROWD_H
#define CROWD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENDERS 20
#define LARGE 20000000 /* bytes of a large message */

typedef enum {
  WHOLE,
  CUT,     /* the envelope ends anywhere before its end */
  BROKEN,  /* the envelope has a wrong letter */
  HANG_UP, /* the client goes away inside the message */
  DIES     /* QMAIL-QUEUE ends early */
} kind;

typedef struct {
  unsigned number, sender, recipients;
  kind kind;
  size_t message_len, cover_len;
  char *message, *cover;
  char const *end; /* where QMAIL-QUEUE ends, and with which code */
  int code;
} mail;

static inline uint64_t chance(uint64_t *seed)
{
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return *seed;
}

static inline void mail_message(mail *m, uint64_t *seed)
{
  size_t len = m->number % 2000 == 7 ? LARGE : (size_t)(chance(seed) % 4096) + 64;
  size_t at;

  m->message = malloc(len);
  if (!m->message)
    exit(111);
  at = (size_t)snprintf(m->message, len, "number %u\n", m->number);
  for (; at < len; at++)
    m->message[at] = (char)('a' + (at * 7 + m->number) % 26);
  m->message_len = len;
}

static inline void mail_cover(mail *m, uint64_t *seed)
{
  static unsigned const usual[] = {0, 1, 1, 1, 2, 30};
  size_t at;

  m->sender = (unsigned)(chance(seed) % SENDERS);
  m->recipients = m->number % 1000 == 11 ? 20000 : usual[chance(seed) % 6];
  m->cover = malloc(64 + (size_t)m->recipients * 32);
  if (!m->cover)
    exit(111);
  at = (size_t)sprintf(m->cover, m->number % 3 ? "Fs%u@example.org" : "FS%u@Example.ORG", m->sender) + 1;
  for (unsigned i = 0; i < m->recipients; i++)
    at += (size_t)sprintf(m->cover + at, "Tr%u.%u@example.net", i, m->number) + 1;
  m->cover[at++] = 0;
  m->cover_len = at;
}

static inline void mail_make(mail *m, unsigned number)
{
  static char const *const ends[] = {"start", "message", "envelope", "sender", "late"};
  static int const codes[] = {0, 31, 51, 53, 54, 71, 81, 91, -9};
  uint64_t seed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
  unsigned which;

  *m = (mail){.number = number, .kind = WHOLE};
  (void)chance(&seed);
  mail_message(m, &seed);
  mail_cover(m, &seed);
  which = (unsigned)(chance(&seed) % 100);
  if (which < 6) {
    m->kind = CUT;
    m->cover_len = (size_t)(chance(&seed) % m->cover_len);
  } else if (which < 10) {
    m->kind = BROKEN;
    m->cover[m->recipients && which & 1 ? strlen(m->cover) + 1 : 0] = 'X';
  } else if (which < 14) {
    m->kind = HANG_UP;
  } else if (which < 24) {
    m->kind = DIES;
    m->end = ends[chance(&seed) % 5];
    m->code = codes[chance(&seed) % 9];
  }
}

static inline void mail_free(mail *m)
{
  free(m->message);
  free(m->cover);
}

#endif
