#include "gate/judge.h"
#include "gate/name.h"
#include "tap/alert.h"
#include <limits.h>
#include <skalibs/uint64.h>
#include <sys/stat.h>

static int is_there(judge const *j, name_kind kind, span key)
{
  char path[PATH_MAX];
  size_t len = strlen(j->directory);
  struct stat st;

  if (len > sizeof path - NAME_MAX_LEN - 2)
    return 0;
  memcpy(path, j->directory, len);
  path[len] = '/';
  name_held(path + len + 1, kind, key);
  return lstat(path, &st) == 0;
}

static int key_held(judge const *j, name_kind kind, span key)
{
  return is_there(j, kind, key) || (key.len > ALERT_FIELD && is_there(j, kind, (span){key.s, ALERT_FIELD}));
}

static int folded_held(judge const *j, span sender)
{
  static char store[JUDGE_SENDER];
  span folded = {store, fold_sender(store, sender, &j->how)};
  span domain = fold_domain(folded);

  if (fold_null(folded))
    return 0;
  return key_held(j, NAME_SENDER, folded) || (domain.len && key_held(j, NAME_DOMAIN, domain));
}

int judge_held(judge const *j, uint64_t uid, span sender)
{
  static char logged[JUDGE_SENDER];
  char digits[UINT64_FMT];
  size_t len = uint64_fmt(digits, uid);

  if (is_there(j, NAME_UID, (span){digits, len}))
    return 1;
  if (sender.len > JUDGE_SENDER)
    return 0;
  if (folded_held(j, sender))
    return 1;
  alert_visible(logged, sender);
  return !span_equal((span){logged, sender.len}, sender) && folded_held(j, (span){logged, sender.len});
}
