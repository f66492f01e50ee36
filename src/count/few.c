#include "count/few.h"
#include <string.h>

size_t few_find(pool const *mem, cell c, size_t n, uint64_t what)
{
  few_value const *v = few_at(mem, c);

  while (n && v[n - 1].what != what)
    n--;
  return n;
}

void few_again(pool const *mem, cell c, size_t n, size_t i, int64_t when)
{
  few_value *v = few_at(mem, c), again = v[i - 1];

  memmove(v + i - 1, v + i, (n - i) * sizeof *v);
  v[n - 1] = (few_value){again.what, when};
}

size_t few_forget(pool const *mem, cell c, size_t n, int64_t until)
{
  few_value *v = few_at(mem, c);
  size_t gone = 0;

  while (gone < n && v[gone].when <= until)
    gone++;
  if (gone)
    memmove(v, v + gone, (n - gone) * sizeof *v);
  return n - gone;
}
