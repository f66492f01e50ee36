#include "gate/whose.h"
#include "base/num.h"
#include "gate/name.h"
#include "mail/fold.h"
#include "rule/rule.h"
#include <strings.h>

static int is_within(span domain, char const *outer)
{
  size_t len = strlen(outer);

  if (domain.len < len || strncasecmp(domain.s + domain.len - len, outer, len))
    return 0;
  return domain.len == len || domain.s[domain.len - len - 1] == '.';
}

static int is_ours(whose const *w, span domain)
{
  for (size_t i = 0; i < w->len; i++)
    if (domain.len && is_within(domain, w->domains[i]))
      return 1;
  return !w->len;
}

/* Neither 0 nor a number that the other program would write in another way. */
static int is_uid(span key)
{
  uint64_t uid;
  return key.len && key.s[0] != '0' && num_scan(&uid, key) == key.len;
}

int whose_file(whose const *w, alertline const *a, char *name)
{
  rule_error e;
  rule r;

  if (!rule_parse(&r, a->rule, &e))
    return 0;
  switch (r.key) {
  case KEY_SENDER:
    if (fold_null(a->key) || !is_ours(w, fold_domain(a->key)))
      return 0;
    name_held(name, NAME_SENDER, a->key);
    return 1;
  case KEY_DOMAIN:
    if (!a->key.len || !is_ours(w, a->key))
      return 0;
    name_held(name, NAME_DOMAIN, a->key);
    return 1;
  case KEY_UID: return is_uid(a->key) && name_held(name, NAME_UID, a->key);
  default: return 0;
  }
}
