#include "gate/held_name.h"
#include "base/scan.h"
#include "mail/fold.h"
#include <fcntl.h>
#include <limits.h>
#include <skalibs/sha256.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char const capital[] = "0123456789ABCDEF";
static char const mark[] = "sha256-";
static char const *const kinds[NAME_KINDS] = {"sender", "domain", "uid", "account"};

char const *name_kind_word(name_kind kind)
{
  return kinds[kind];
}

static int is_plain(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("@._+=-", c));
}

/* Returns the bytes written, or 0 if they would be more than most. */
static size_t escape(char *out, span key, size_t most)
{
  size_t n = 0;

  for (size_t i = 0; i < key.len; i++) {
    unsigned char c = (unsigned char)key.s[i];
    size_t need = is_plain(key.s[i]) ? 1 : 3;
    if (need > most - n)
      return 0;
    if (need == 1)
      out[n++] = key.s[i];
    else {
      out[n++] = '%';
      out[n++] = capital[c >> 4];
      out[n++] = capital[c & 15];
    }
  }
  return n;
}

static size_t digest(char *out, span key)
{
  static char const hex[] = "0123456789abcdef";
  SHA256Schedule schedule;
  char raw[32];
  size_t n = sizeof mark - 1;

  sha256_init(&schedule);
  sha256_update(&schedule, key.s, key.len);
  sha256_final(&schedule, raw);
  memcpy(out, mark, n);
  for (size_t i = 0; i < sizeof raw; i++) {
    out[n++] = hex[(unsigned char)raw[i] >> 4];
    out[n++] = hex[raw[i] & 15];
  }
  return n;
}

size_t name_held(char *out, name_kind kind, span key)
{
  size_t n = strlen(kinds[kind]), len;

  memcpy(out, kinds[kind], n);
  out[n++] = ':';
  len = escape(out + n, key, NAME_MAX_LEN - n);
  if (!len && key.len)
    len = digest(out + n, key);
  out[n + len] = 0;
  return n + len;
}

/* Takes the kind and the colon off the start of *name. */
static int take_kind(span *name)
{
  for (int k = 0; k < NAME_KINDS; k++) {
    span rest = *name;
    if (scan_lit(&rest, kinds[k]) && scan_lit(&rest, ":")) {
      *name = rest;
      return 1;
    }
  }
  return 0;
}

int name_is(span word)
{
  static char const plain[] = "abcdefghijklmnopqrstuvwxyz0123456789@._+=-%ABCDEF";

  if (word.len > NAME_MAX_LEN || !take_kind(&word))
    return 0;
  for (size_t i = 0; i < word.len; i++)
    if (!memchr(plain, word.s[i], sizeof plain - 1))
      return 0;
  return 1;
}

size_t name_key(char *out, span name)
{
  if (!take_kind(&name) || (name.len == sizeof mark - 1 + 64 && !memcmp(name.s, mark, sizeof mark - 1)))
    return 0;
  return alert_decode(out, name);
}

/* One directory while it is looked into. */
typedef struct {
  span path;
  folding how;
  char chars[64]; /* of how */
  held_file *found;
} place;

static int path_of(char *out, place const *p, char const *before, char const *name)
{
  int n = snprintf(out, PATH_MAX, "%.*s/%s%s", (int)p->path.len, p->path.s, before, name);
  return n > 0 && n < PATH_MAX;
}

size_t held_beginning(int directory, char const *path, char *out, size_t most)
{
  int fd = openat(directory, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat st;
  ssize_t n = 0;

  if (fd < 0)
    return 0;
  if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
    n = read(fd, out, most);
  close(fd);
  return n > 0 ? (size_t)n : 0;
}

static int is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void held_rule(char *out, int directory, char const *name)
{
  char text[ALERT_FIELD + 64];
  size_t len = held_beginning(directory, name, text, sizeof text), at = 0, n = 0;

  while (at < len && is_blank(text[at]))
    at++;
  for (; at < len && n < ALERT_FIELD && !is_blank(text[at]); at++)
    out[n++] = text[at] < 33 || text[at] > 126 ? '_' : text[at];
  if (!n)
    out[n++] = '-';
  out[n] = 0;
}

int held_discard_counts(struct stat const *held, struct stat const *discard)
{
  return discard->st_mtim.tv_sec != held->st_mtim.tv_sec ? discard->st_mtim.tv_sec > held->st_mtim.tv_sec
                                                         : discard->st_mtim.tv_nsec >= held->st_mtim.tv_nsec;
}

static int is_there(place const *p, name_kind kind, span key)
{
  char path[PATH_MAX], name[NAME_MAX_LEN + 1];
  struct stat held, discard;

  name_held(name, kind, key);
  if (!path_of(path, p, "", name) || lstat(path, &held) < 0)
    return 0;
  p->found->kind = kind;
  p->found->key[alert_encode(p->found->key, key)] = 0;
  held_rule(p->found->rule, AT_FDCWD, path);
  p->found->discarded = path_of(path, p, "discard:", name) && lstat(path, &discard) == 0 &&
                        held_discard_counts(&held, &discard);
  return 1;
}

static int folded_there(place const *p, span sender)
{
  char store[HELD_LONGEST];
  span folded = {store, fold_sender(store, sender, &p->how)}, domain = fold_domain(folded);

  return !fold_null(folded) &&
         (is_there(p, NAME_SENDER, folded) || (domain.len && is_there(p, NAME_DOMAIN, domain)));
}

static int sender_there(place const *p, span sender)
{
  char logged[HELD_LONGEST];

  if (!sender.len || sender.len > sizeof logged)
    return 0;
  return folded_there(p, sender) ||
         (fold_logged(logged, sender) && folded_there(p, (span){logged, sender.len}));
}

static int account_there(place const *p, char const *account)
{
  char word[HELD_LONGEST];
  span key = span_of(account);

  if (!key.len || key.len > sizeof word)
    return 0;
  if (!p->how.exact) {
    lower_copy(word, key);
    key.s = word;
  }
  return is_there(p, NAME_ACCOUNT, key);
}

/* .fold says what `note start` said of ratetap's -e and -x. */
static void read_folding(place *p)
{
  char path[PATH_MAX];
  span text = {p->chars,
               path_of(path, p, "", ".fold") ? held_beginning(AT_FDCWD, path, p->chars, sizeof p->chars) : 0};
  char const *end = text.len ? memchr(text.s, '\n', text.len) : 0;

  if (end)
    text.len = (size_t)(end - text.s);
  if (span_equal(text, span_of("exact")))
    p->how.exact = 1;
  else
    p->how.cut = (span){p->chars, alert_decode(p->chars, text)};
}

static int look_into(place *p, held_who const *who)
{
  read_folding(p);
  if (sender_there(p, who->sender) || sender_there(p, who->verp) ||
      (who->uid && is_there(p, NAME_UID, span_of(who->uid))))
    return 1;
  for (char const *const *a = who->accounts; a && *a; a++)
    if (account_there(p, *a))
      return 1;
  return 0;
}

int held_find(char const *gates, held_who const *who, held_file *f)
{
  for (;;) {
    size_t len = strcspn(gates, ":");
    place p = {.path = {gates, len}, .found = f};
    if (len && len < PATH_MAX && look_into(&p, who))
      return 1;
    if (!gates[len])
      return 0;
    gates += len + 1;
  }
}
