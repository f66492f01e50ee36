#include "gate/envelope.h"

envelope_state envelope_read(envelope *e, span all)
{
  while (e->seen < all.len) {
    if (e->seen == e->record) {
      char letter = all.s[e->record];
      if (e->record && !letter)
        return ENVELOPE_COMPLETE;
      if (letter != (e->record ? 'T' : 'F'))
        return ENVELOPE_NONE;
    }
    char const *nul = memchr(all.s + e->seen, 0, all.len - e->seen);
    if (!nul) {
      e->seen = all.len;
      break;
    }
    if (!e->record)
      e->sender = (size_t)(nul - all.s) - 1;
    e->record = e->seen = (size_t)(nul - all.s) + 1;
  }
  return ENVELOPE_CUT;
}
