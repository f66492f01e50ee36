#include "tap/ruleset.h"
#include <stdlib.h>

int ruleset_open(ruleset *r, size_t rules, size_t sets)
{
  *r = (ruleset){.ranks = (rules + 63) / 64};
  r->set = calloc(rules + 1, sizeof *r->set);
  r->rule_of = calloc(sets + 1, sizeof *r->rule_of);
  r->found = calloc(rules + 1, sizeof *r->found);
  r->born = calloc(rules + 1, sizeof *r->born);
  r->rank = calloc(r->ranks + 1, sizeof *r->rank);
  return r->set && r->rule_of && r->found && r->born && r->rank;
}

void ruleset_close(ruleset *r)
{
  free(r->set);
  free(r->rule_of);
  free(r->found);
  free(r->born);
  free(r->rank);
  *r = (ruleset){0};
}

void ruleset_rank_rules(ruleset *r, script const *rules)
{
  for (size_t i = 0; i < script_len(rules); i++) {
    rule_count count = script_rule(rules, i)->count;
    r->rank[i / 64].of[count] |= UINT64_C(1) << i % 64;
    r->lines |= count == COUNT_LINE;
  }
}
