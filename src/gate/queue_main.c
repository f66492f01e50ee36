/* queue-of - the numbers of the messages that one sender, domain or user ID still has in the queue.
 *
 * By the log that is what has an `info msg` and no `end msg` after it, so the logs must reach back as far as
 * the oldest message in the queue. A number is the name of files in a qmail queue, and is used again by the
 * next message: the log alone is a hint. With -q the queue itself is asked: its info files, and, for what
 * qmail-send has not yet taken in, the envelopes in todo. Nothing is ever written there. */
#include "base/scan.h"
#include "gate/held_name.h"
#include "mail/queued.h"
#include "main/compat.h"
#include "main/option.h"
#include "pipe/warn.h"
#include "pipe/logdir.h"
#include "watch/alert.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <skalibs/genalloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char const usage[] = "queue-of [-e] [-x CHARS] [-q QUEUE] KEY LOG...";

#define ENVELOPE 4096 /* bytes of a file in info or todo that are read; qmail's addresses are shorter */

typedef struct {
  char const *path; /* 0: without -q */
  int fd;
  uint64_t split; /* folders in info; 0: none */
  queued_key const *key;
  genalloc todo; /* of uint64_t: numbers of the key's messages there, in their order once all are known */
} qmail_queue;

/* Takes a record off the start of *in: a letter, text, a zero byte. */
static int take_record(span *in, char *letter, span *text)
{
  char const *end = in->len ? memchr(in->s, 0, in->len) : 0;

  if (!end || end == in->s)
    return 0;
  *letter = *in->s;
  *text = (span){in->s + 1, (size_t)(end - in->s) - 1};
  scan_skip(in, text->len + 2);
  return 1;
}

/* Reads an info file, or an envelope in todo. *sender becomes the sender as qmail-send logs it, in logged,
 * which has room for ENVELOPE bytes; *uid UINT64_MAX if it is not there. Returns 1, or 0 if there is no
 * sender. */
static int read_envelope(qmail_queue const *q, char const *name, char *logged, span *sender, uint64_t *uid)
{
  char bytes[ENVELOPE], letter;
  span in = {bytes, held_beginning(q->fd, name, bytes, sizeof bytes)}, text;

  *uid = UINT64_MAX;
  while (take_record(&in, &letter, &text)) {
    if (letter == 'u' && !num_is(uid, text))
      return 0;
    if (letter != 'F')
      continue;
    fold_logged(logged, text);
    *sender = (span){logged, text.len};
    return 1;
  }
  return 0;
}

/* Is the message that has this number in the queue the one that the log tells of? */
static int is_in_queue(qmail_queue const *q, queued_message const *m)
{
  char name[64], logged[ENVELOPE];
  uint64_t uid;
  span sender;

  if (q->split)
    (void)snprintf(name, sizeof name, "info/%" PRIu64 "/%" PRIu64, m->number % q->split, m->number);
  else
    (void)snprintf(name, sizeof name, "info/%" PRIu64, m->number);
  return read_envelope(q, name, logged, &sender, &uid) && span_equal(sender, m->sender);
}

static int compare(void const *a, void const *b)
{
  uint64_t x = *(uint64_t const *)a, y = *(uint64_t const *)b;
  return (x > y) - (x < y);
}

static int was_in_todo(qmail_queue const *q, uint64_t number)
{
  return q->todo.len &&
         bsearch(&number, q->todo.s, genalloc_len(uint64_t, &q->todo), sizeof number, &compare);
}

static void print(void *to, queued_message const *m)
{
  qmail_queue const *q = to;

  if (q->path && (was_in_todo(q, m->number) || !is_in_queue(q, m)))
    return;
  printf("%" PRIu64 "%s%.*s%s%.*s\n", m->number, m->queue.len ? " " : "", (int)m->queue.len, m->queue.s,
         m->host.len ? "@" : "", (int)m->host.len, m->host.s);
}

static void look_at_todo(qmail_queue *q, char const *name, uint64_t number)
{
  char logged[ENVELOPE];
  span sender;
  uint64_t uid;

  if (read_envelope(q, name, logged, &sender, &uid) && queued_matches(q->key, sender, uid) &&
      !genalloc_append(uint64_t, &q->todo, &number))
    die(111, "no memory for all that is in the queue");
}

/* The next entry of the folder d that has a number as its name, 0 at the end. */
static char const *next_number(qmail_queue const *q, char const *folder, DIR *d, uint64_t *number)
{
  struct dirent const *e;

  do {
    errno = 0;
    e = readdir(d);
  } while (e && !num_is(number, span_of(e->d_name)));
  if (!e && errno)
    die_sys(111, "read ", q->path, "/", folder);
  return e ? e->d_name : 0;
}

/* todo is one folder, or, with a patch for large queues, split as info is. */
static void read_todo(qmail_queue *q, char const *folder, int depth)
{
  int fd = openat(q->fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *d = fd < 0 ? 0 : fdopendir(fd);
  char const *entry;
  char name[128];
  uint64_t number;

  if (!d)
    die_sys(111, "read ", q->path, "/", folder);
  while ((entry = next_number(q, folder, d, &number)) != 0) {
    struct stat st;
    if (snprintf(name, sizeof name, "%s/%s", folder, entry) >= (int)sizeof name ||
        fstatat(q->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
      continue;
    if (S_ISDIR(st.st_mode) && !depth)
      read_todo(q, name, 1);
    else
      look_at_todo(q, name, number);
  }
  closedir(d);
}

static void open_queue(qmail_queue *q)
{
  char const *entry;
  uint64_t number;
  int info;
  DIR *d;

  q->fd = open(q->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  info = q->fd < 0 ? -1 : openat(q->fd, "info", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  d = info < 0 ? 0 : fdopendir(info);
  if (!d)
    die_sys(111, "read ", q->path, "/info (a qmail queue, as -q /var/qmail/queue; only root can)");
  while ((entry = next_number(q, "info", d, &number)) != 0) {
    struct stat st;
    if (fstatat(info, entry, &st, 0) == 0 && S_ISDIR(st.st_mode))
      q->split++;
  }
  closedir(d);
}

/* Before the log is read: what leaves todo meanwhile is in the log. */
static void read_queue(qmail_queue *q)
{
  open_queue(q);
  read_todo(q, "todo", 0);
  if (q->todo.len)
    qsort(q->todo.s, genalloc_len(uint64_t, &q->todo), sizeof(uint64_t), &compare);
}

/* KEY is one of an alert, or a name in GATE. */
static void read_key(queued_key *k, char const *word)
{
  static char const *const kinds[] = {"sender:", "domain:", "uid:"};
  span in = span_of(word);
  char *key = malloc(in.len + 1);

  if (!key)
    die_sys(111, "begin");
  for (int i = 0; i < 3; i++)
    if (scan_lit(&in, kinds[i])) {
      k->kind = (queued_kind)i;
      break;
    }
  if (!strncmp(word, "account:", 8))
    die(100, "bad KEY ", word, ": qmail-send's log knows no accounts");
  if (!in.len)
    die(100, "bad KEY ", word, ": a key as alerts show it, or sender:, domain: or uid: and the key");
  k->key = (span){key, alert_decode(key, in)};
}

static void read_logs(queued *q, char const *const *logs)
{
  logdir_reader r = {.take = &queued_line, .to = q};

  for (char const *const *log = logs; *log; log++)
    if (access(*log, R_OK) < 0)
      die_sys(111, "read ", *log);
  for (; *logs; logs++) {
    struct stat st;
    int done =
        stat(*logs, &st) == 0 && S_ISDIR(st.st_mode) ? logdir_read(*logs, &r) : logdir_read_file(*logs, &r);
    if (done < 0)
      die_sys(111, "read ", *logs);
    if (q->failed)
      die(111, "no memory for all that is in the queue");
  }
}

int main(int argc, char const *const *argv)
{
  static char const options[] = "eq:x:";
  static queued by_log;
  subgetopt state = SUBGETOPT_ZERO;
  queued_key key = {.how = {0, {"", 0}}};
  qmail_queue queue = {.key = &key};
  int c;

  PROG = "queue-of";
  state.err = 0;
  while ((c = compat_sgetopt(argc, argv, options, &state)) != -1)
    switch (c) {
    case 'e': key.how.exact = 1; break;
    case 'q': queue.path = state.arg; break;
    case 'x': key.how.cut = option_cut(state.arg); break;
    default: option_bad(options, state.problem, usage);
    }
  option_folding(&key.how);
  if (argc - state.ind < 2)
    die_usage(usage);
  read_key(&key, argv[state.ind]);
  if (queue.path)
    read_queue(&queue);
  queued_open(&by_log, &key);
  read_logs(&by_log, argv + state.ind + 1);
  queued_each(&by_log, &print, &queue);
  for (size_t i = 0; i < genalloc_len(uint64_t, &queue.todo); i++)
    printf("%" PRIu64 "\n", genalloc_s(uint64_t, &queue.todo)[i]);
  if (fflush(stdout) == EOF || ferror(stdout))
    die_sys(111, "write to standard output");
  queued_close(&by_log);
  genalloc_free(uint64_t, &queue.todo);
  free((char *)key.key.s);
  return 0;
}
