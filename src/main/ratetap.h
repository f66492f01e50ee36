/* ratetap.h - all that lives as long as the program. */
#ifndef MAIN_RATETAP_H
#define MAIN_RATETAP_H

#include "pipe/loop.h"
#include "main/settings.h"

typedef struct {
  pump pump; /* first, so that its callbacks find the rest */
  settings cfg;
  script rules[2]; /* the present ones, and room for new ones */
  int present;
  int without_file; /* the rules file was bad at the start */
  tap tap;
  outlet alerts;
  keeper keeper;
} ratetap;

#endif
