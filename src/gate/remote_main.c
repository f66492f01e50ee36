/* ratetap-remote - in the place of qmail-remote: what a held sender has in the queue is deferred, or, if the
 * postmaster says so, discarded; all else goes to the real qmail-remote, which takes our place.
 *
 * qmail-rspawn(8) reads descriptors 1 and 2 as one report, and bounces for good on every exit code but 0 and
 * 111, and on a report without its NUL. So nothing is written but a whole report, in one piece, and nothing
 * to standard error; and there are no options, since host and recipient are chosen by strangers. Whatever
 * goes wrong with GATE, mail is delivered; what cannot be delivered stays in the queue. */
#include "gate/held_name.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TRY_AGAIN 111

/* local-U=H@host becomes local-@host, if the recipient is U@H. Returns its length, 0 if it is none. */
static size_t before_verp(char *out, span sender, span recipient)
{
  char const *at = sender.len ? memrchr(sender.s, '@', sender.len) : 0;
  char const *host = recipient.len ? memrchr(recipient.s, '@', recipient.len) : 0;
  size_t local, user;

  if (!at || !host || sender.len > HELD_LONGEST)
    return 0;
  local = (size_t)(at - sender.s);
  user = (size_t)(host - recipient.s);
  if (local < recipient.len || memcmp(at - recipient.len, recipient.s, user) ||
      at[-(ptrdiff_t)(recipient.len - user)] != '=' ||
      memcmp(at - (recipient.len - user) + 1, host + 1, recipient.len - user - 1))
    return 0;
  span_copy(span_copy(out, (span){sender.s, local - recipient.len}), (span){at, sender.len - local});
  return sender.len - recipient.len;
}

static int is_held(char const *gates, char const *sender, char const *recipient, held_file *f)
{
  char store[HELD_LONGEST];
  held_who who = {.sender = span_of(sender)};

  who.verp = (span){store, before_verp(store, who.sender, span_of(recipient))};
  return held_find(gates, &who, f);
}

static int report(held_file const *f)
{
  char text[4096]; /* PIPE_BUF: a pipe takes it whole */
  int n = f->discarded ? snprintf(text, sizeof text, "Kratetap: %s is discarded\n", f->key)
                       : snprintf(text, sizeof text, "Zratetap: %s is over %s, held\n", f->key, f->rule);
  ssize_t done;

  do
    done = write(1, text, (size_t)n + 1);
  while (done < 0 && errno == EINTR);
  return done == n + 1 ? 0 : TRY_AGAIN;
}

/* As execvp(3), but a file that is no program is not given to a shell, whose exit code would bounce. */
static void run(char const *name, char **argv)
{
  char const *path = getenv("PATH");
  char file[4096];

  argv[0] = (char *)name;
  if (strchr(name, '/')) {
    execv(name, argv);
    return;
  }
  for (path = path ? path : "/bin:/usr/bin"; *path; path += *path == ':') {
    size_t len = strcspn(path, ":");
    int n = snprintf(file, sizeof file, "%.*s/%s", (int)len, path, name);
    path += len;
    if (!len || n >= (int)sizeof file)
      continue;
    execv(file, argv);
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
      return;
  }
}

/* The real qmail-remote, which is called qmail-remote.real if its place is ours. */
static void run_real(char **argv)
{
  static char const ours[] = "qmail-remote";
  char const *named = getenv("RATETAP_QMAILREMOTE"), *slash = strrchr(argv[0], '/');
  char real[4096];

  if (named && *named)
    run(named, argv);
  else if (strcmp(slash ? slash + 1 : argv[0], ours) != 0)
    run(ours, argv);
  else if (snprintf(real, sizeof real, "%s.real", argv[0]) < (int)sizeof real)
    run(real, argv);
}

int main(int argc, char **argv)
{
  char const *gates = getenv("RATETAP_GATE");
  held_file f;

  if (argc < 1 || getenv("RATETAP_REMOTE")) /* it would be called for ever */
    return TRY_AGAIN;
  if (gates && argc > 3 && is_held(gates, argv[2], argv[3], &f))
    return report(&f);
  setenv("RATETAP_REMOTE", "1", 1);
  run_real(argv);
  return TRY_AGAIN;
}
