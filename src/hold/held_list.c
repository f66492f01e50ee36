#include "hold/held_list.h"
#include "base/scan.h"
#include "base/tai64n.h"
#include "hold/list_file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <skalibs/genalloc.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define DISCARD "discard:"

static int compare(void const *a, void const *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static int is_listed(char const *name)
{
  span rest = span_of(name);
  name_kind kind;

  scan_lit(&rest, DISCARD);
  return name_is(rest, &kind);
}

/* Reads the names that are listed into *names, sorted. Returns 1, or 0 with errno. */
static int read_names(genalloc *names, int fd)
{
  int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), e;
  DIR *d = again < 0 ? 0 : fdopendir(again);
  struct dirent const *entry;

  if (!d)
    return 0;
  errno = 0;
  while ((entry = readdir(d)) != 0) {
    char *name;
    if (!is_listed(entry->d_name))
      continue;
    name = strdup(entry->d_name);
    if (!name || !genalloc_append(char *, names, &name))
      break;
    errno = 0;
  }
  e = errno;
  closedir(d);
  errno = e;
  if (e)
    return 0;
  if (genalloc_len(char *, names))
    qsort(genalloc_s(char *, names), genalloc_len(char *, names), sizeof(char *), &compare);
  return 1;
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
         (h ? list_put(out, h->key, strlen(h->key), ' ') : list_put(out, key, strlen(key), ' ')) &&
         list_put(out, rule, strlen(rule), ' ') && list_put(out, since.s, since.len, ' ') &&
         list_put(out, until, until_len, '\n');
}

int held_list(stralloc *out, char const *gate)
{
  int fd = open(gate, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ok, odd, e;
  genalloc names = GENALLOC_ZERO;
  holds known = {0};

  if (fd < 0)
    return 0;
  ok = list_read(fd, &known, 1, &odd) || errno == EACCES;
  ok = ok && read_names(&names, fd);
  for (size_t i = 0; ok && i < genalloc_len(char *, &names); i++)
    ok = list_one(out, fd, &known, genalloc_s(char *, &names)[i]);
  e = errno;
  for (size_t i = 0; i < genalloc_len(char *, &names); i++)
    free(genalloc_s(char *, &names)[i]);
  genalloc_free(char *, &names);
  holds_close(&known);
  close(fd);
  errno = e;
  return ok;
}
