#include "hold/held_list.h"
#include "base/scan.h"
#include "base/tai64n.h"
#include "hold/list_file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISCARD "discard:"

static int compare(struct dirent const **a, struct dirent const **b)
{
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_listed(struct dirent const *e)
{
  span rest = span_of(e->d_name);

  scan_lit(&rest, DISCARD);
  return name_is(rest);
}

#define SINCE_MOST (ALERT_FIELD + 1 + LABEL_FMT) /* bytes of a file up to the end of its second word */

/* The label in the file's second word; "-" if there is none. */
static span read_since(char text[SINCE_MOST], int fd, char const *name)
{
  span in = {text, held_beginning(fd, name, text, SINCE_MOST)}, since;

  scan_word(&in);
  scan_lit(&in, " ");
  since = (span){in.s, in.len < LABEL_FMT ? in.len : LABEL_FMT};
  return label_is(since) ? since : span_of("-");
}

static int list_one(stralloc *out, int fd, holds const *known, char const *name)
{
  span rest = span_of(name), since = span_of("-"), kind;
  int is_discard = scan_lit(&rest, DISCARD), counts = 1;
  struct stat held_stat, stat;
  char text[SINCE_MOST], rule[ALERT_FIELD + 1] = "-", key[ALERT_FIELD + 1], until[LABEL_FMT] = "-";
  size_t until_len = 1;
  held const *h = holds_find(known, rest.s);

  if (is_discard)
    counts = fstatat(fd, rest.s, &held_stat, AT_SYMLINK_NOFOLLOW) == 0 &&
             fstatat(fd, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 && held_discard_counts(&held_stat, &stat);
  if (counts) {
    held_rule(rule, fd, rest.s);
    since = read_since(text, fd, rest.s);
    if (h && h->until != HELD_FOREVER)
      until_len = label_fmt(until, h->until * SECOND);
  }
  held_shown_key(key, rest);
  kind = (span){name, strlen(name) - rest.len + (size_t)(strchr(rest.s, ':') - rest.s)};
  return list_put(out, kind.s, kind.len, ' ') &&
         list_put(out, h ? h->key : key, strlen(h ? h->key : key), ' ') &&
         list_put(out, rule, strlen(rule), ' ') && list_put(out, since.s, since.len, ' ') &&
         list_put(out, until, until_len, '\n');
}

int held_list(stralloc *out, char const *gate)
{
  int fd = open(gate, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ok, odd, len = 0, e;
  struct dirent **entry = 0;
  holds known = {0};

  if (fd < 0)
    return 0;
  ok = list_read(fd, &known, 1, &odd) || errno == EACCES;
  if (ok) {
    len = scandir(gate, &entry, &is_listed, &compare);
    ok = len >= 0;
  }
  for (int i = 0; ok && i < len; i++)
    ok = list_one(out, fd, &known, entry[i]->d_name);
  e = errno;
  while (len > 0)
    free(entry[--len]);
  free(entry);
  holds_close(&known);
  close(fd);
  errno = e;
  return ok;
}
