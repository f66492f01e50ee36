#include "gate/upkeep.h"

#define RETRY SECOND
#define SOON (SECOND / 20) /* what fails once may well succeed at once */

void upkeep_open(upkeep *u, upkeep_trouble *trouble, void *to)
{
  u->trouble = trouble;
  u->to = to;
  u->answer = u->last = GATEDIR_FINE;
  u->again = INT64_MIN;
}

int upkeep_ready(upkeep const *u)
{
  return u->dry || u->gate.loaded;
}

int upkeep_fine(upkeep const *u)
{
  return u->answer == GATEDIR_FINE;
}

static void answered(upkeep *u, gatedir_answer answer, int64_t now)
{
  u->answer = answer;
  u->again = now + (answer == GATEDIR_FINE ? UPKEEP_LOOK : answer == u->last ? RETRY : SOON);
  if (answer != GATEDIR_FINE && answer != u->last)
    (*u->trouble)(u->to, answer);
}

int upkeep_look(upkeep *u, roll *r, int64_t now)
{
  gatedir_answer answer;

  if (u->dry)
    return 1;
  u->last = u->answer;
  answer = gatedir_ready(&u->gate, r);
  if (u->gate.remark != GATEDIR_FINE)
    (*u->trouble)(u->to, u->gate.remark);
  u->gate.remark = GATEDIR_FINE;
  if (answer != GATEDIR_FINE)
    answered(u, answer, now);
  return answer == GATEDIR_FINE;
}

/* As if all that is to be done had been done. */
static void do_dry(upkeep const *u, roll *r)
{
  for (size_t i = 0; i < r->len; i++) {
    held *h = r->at[i];
    if (h->state == HELD_WANTED || h->state == HELD_LEAVING) {
      (*u->gate.tell)(u->gate.to, h->state == HELD_WANTED ? GATEDIR_HELD : GATEDIR_LET_GO, h);
      h->state = h->state == HELD_WANTED ? HELD_MADE : HELD_NONE;
    }
    held_settle(h);
  }
  roll_sweep(r);
  r->changed = 0;
}

void upkeep_do(upkeep *u, roll *r, int64_t now)
{
  if (u->dry)
    do_dry(u, r);
  else
    answered(u, gatedir_keep(&u->gate, r), now);
}
