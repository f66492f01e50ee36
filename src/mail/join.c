#include "mail/join.h"
#include "mail/queue.h"

#define EVENT_OF(count) (1u << (count))
#define OF_REMOTE (EVENT_OF(COUNT_REMOTE) | EVENT_OF(COUNT_TO) | EVENT_OF(COUNT_HOST))
#define OF_RECIPIENTS (OF_REMOTE | EVENT_OF(COUNT_RCPT))
#define OF_DELIVERIES (OF_RECIPIENTS | EVENT_OF(COUNT_FAIL) | EVENT_OF(COUNT_DEFER) | EVENT_OF(COUNT_BOUNCE))

int join_open(join *j, pool *mem, hash_key const *key, folding how, size_t cells_most)
{
  *j = (join){.how = how, .key = key};
  return messages_open(&j->queue, mem, key, cells_most);
}

void join_close(join *j)
{
  messages_close(&j->queue);
}

void join_rules(join *j, script const *rules)
{
  unsigned int counts = 0;

  j->domains = 0;
  for (size_t i = 0; i < script_len(rules); i++) {
    rule const *r = script_rule(rules, i);
    counts |= EVENT_OF(r->count);
    j->domains |= r->key == KEY_DOMAIN;
  }
  j->rules = rules;
  j->generation++;
  j->deliveries = (counts & OF_DELIVERIES) != 0;
  if (!j->deliveries)
    delivery_forget_all(&j->queue);
  j->recipients = (counts & OF_RECIPIENTS) != 0;
  j->selects = script_directives(rules) > script_len(rules);
}

/* What is kept with a sender is that of one message, so uid is the same each time. */
static void suit_rules(join *j, uint64_t uid)
{
  sender *from = &j->from;

  if (from->generation == j->generation)
    return;
  if (j->domains)
    from->domain_hash = hash_bytes(j->key, 1, sender_domain(from));
  if (j->selects) {
    from->applies_len = script_bits(script_len(j->rules));
    script_select(j->rules, from->key, uid, from->applies);
  }
  from->generation = j->generation;
}

/* The occurrence of something that happened to a message in memory. Returns 0 if its sender was not kept. */
static int about(join *j, cell c, unsigned int counts, occurrence *o)
{
  message const *m = message_at(&j->queue, c);

  if (!m->sender)
    return 0;
  if (m->sender != j->loaded)
    sender_load(j->queue.mem, m->sender, &j->from);
  j->loaded = m->sender;
  suit_rules(j, m->uid);
  *o = (occurrence){.counts = counts, .message = m->number, .qp = m->qp, .uid = m->uid, .from = &j->from};
  return 1;
}

static int announced(join *j, uint64_t origin, event const *e, occurrence *o)
{
  cell c;

  messages_make_room(&j->queue);
  if (!message_announce(&j->queue, origin, e, &c))
    return 0;
  j->loaded = 0;
  sender_fold(&j->from, e->sender, &j->how, j->key);
  suit_rules(j, e->uid);
  if (c && (j->deliveries || j->changes))
    message_at(&j->queue, c)->sender = sender_store(j->queue.mem, &j->from, &j->queue.cells);
  *o = (occurrence){.counts = EVENT_OF(COUNT_MSG) | EVENT_OF(COUNT_BYTE),
                    .bytes = e->bytes,
                    .message = e->message,
                    .qp = e->qp,
                    .uid = e->uid,
                    .from = &j->from};
  if (!fold_null(j->from.key))
    o->counts |= EVENT_OF(COUNT_FROM);
  return 1;
}

static int started(join *j, uint64_t origin, event const *e, occurrence *o)
{
  cell c = message_find(&j->queue, origin, e->message);
  unsigned int counts = EVENT_OF(COUNT_RCPT);
  int ok;

  if (!channel_is_local(e->channel))
    counts |= OF_REMOTE;
  ok = c && j->recipients && message_first_try(&j->queue, c, e->channel, e->recipient) &&
       about(j, c, counts, o);
  if (ok)
    o->to = e->recipient;
  j->unknown += !c;
  delivery_start(&j->queue, origin, e, c);
  return ok;
}

static int ended(join *j, span host, event const *e, occurrence *o)
{
  int ok = 0, is_local;
  cell c;

  if (!delivery_end(&j->queue, host, e, &c, &is_local) || !c)
    return 0;
  if (e->kind != EVENT_SUCCESS && (is_local || !e->is_ours))
    ok = about(j, c, EVENT_OF(e->kind == EVENT_FAILURE ? COUNT_FAIL : COUNT_DEFER), o);
  message_release(&j->queue, c);
  return ok;
}

static int bounced(join *j, uint64_t origin, event const *e, occurrence *o)
{
  cell c = message_find(&j->queue, origin, e->message);
  return c && about(j, c, EVENT_OF(COUNT_BOUNCE), o);
}

int join_event(join *j, span host, event const *e, occurrence *o)
{
  int result = e->kind == EVENT_SUCCESS || e->kind == EVENT_FAILURE || e->kind == EVENT_DEFERRAL;
  uint64_t origin;

  if (result)
    return ended(j, host, e, o);
  origin = messages_origin(&j->queue, host, e->queue);
  switch (e->kind) {
  case EVENT_INFO: return announced(j, origin, e, o);
  case EVENT_START: return started(j, origin, e, o);
  case EVENT_BOUNCE: return bounced(j, origin, e, o);
  case EVENT_END: message_end(&j->queue, origin, e->message); return 0;
  default: return 0;
  }
}
