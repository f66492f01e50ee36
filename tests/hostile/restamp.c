/* restamp.c - restamp [-a] FORM: the same log, or with -a the same alerts, as another logger would have
 * stamped it.
 *
 * Reads lines that begin with a label of multilog's. FORM is one of the table below: syslog headers with and
 * without splogger's number, UTC of several kinds (svlogd with 10 microseconds), s6 (27 seconds ahead), s6iso
 * (UTC, what s6-log T writes where TZ is UTC), or many pieces, of which the last one counts (stacked).
 * With -a every label of a line, wherever it stands, is made as coarse, or moved as far, as the form makes
 * it. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LABEL 25
#define EPOCH (UINT64_C(4611686018427387904) + 10)

typedef struct {
  char const *name;
  uint32_t grain;   /* nanoseconds */
  uint64_t ahead;   /* seconds */
  char const *date; /* of strftime(3); 0: a label again */
  int digits;       /* of the fraction after it */
  char const *rest; /* what stands between that and the text's blank */
} form;

static form const forms[] = {
    {"splogger", 1000, 0, "%b %e %H:%M:%S mx1 qmail: %s", 6, ""},
    {"hostless", 1000, 0, "%b %-d %H:%M:%S qmail: %s", 6, ""},
    {"priority", 1000, 0, "<22>%b %d %H:%M:%S mx1 qmail[12]: [ID 748625 mail.info] %s", 6, ""},
    {"syslog", 1000, 0, "%Y-%m-%dT%H:%M:%S", 6, "+00:00 mx1 qmail[12]:"},
    {"rfc5424", 1000, 0, "<22>1 %Y-%m-%dT%H:%M:%S", 6, "Z mx1 qmail 12 - [meta sequenceId=\"1\"]"},
    {"unix", 1000, 0, "%s", 6, " mx1 qmail[12]:"},
    {"number", 1, 0, "%s", 9, ""},
    {"docker", 1, 0, "%Y-%m-%dT%H:%M:%S", 9, "Z"},
    {"container", 1, 0, "%Y-%m-%dT%H:%M:%S", 9, "Z stdout F"},
    {"socklog", 1, 0, 0, 0, " mail.info:"},
    {"stacked", 1000, 0,
     "@40000000600000000000000a 2020-01-01T00:00:00Z stderr F  mail.info: 7.000001 Jan  1 00:00:00 mx9 sl: "
     "%Y-%m-%dT%H:%M:%S+00:00  mx1 qmail: %s",
     6, ""},
    {"svlogd", 10000, 0, "%Y-%m-%d_%H:%M:%S", 5, ""},
    {"s6", 1, 27, 0, 0, ""},
    {"s6iso", 1, 0, "%Y-%m-%d %H:%M:%S", 9, ""},
};

static int is_label(char const *s)
{
  return *s == '@' && strspn(s + 1, "0123456789abcdef") >= LABEL - 1;
}

/* Writes the label at s as the form has it. */
static void write_label(char const *s, form const *f, int again)
{
  unsigned long long label;
  unsigned nano;
  time_t t;
  char date[256], fraction[16];

  sscanf(s, "@%16llx%8x", &label, &nano);
  nano -= nano % f->grain;
  label += f->ahead;
  if (again || !f->date) {
    printf("@%016llx%08x%s", label, nano, again ? "" : f->rest);
    return;
  }
  t = (time_t)(label - EPOCH);
  strftime(date, sizeof date, f->date, gmtime(&t));
  snprintf(fraction, sizeof fraction, "%09u", nano);
  printf("%s.%.*s%s", date, f->digits, fraction, f->rest);
}

static void write_alert(char const *s, form const *f)
{
  while (*s)
    if (is_label(s)) {
      write_label(s, f, 1);
      s += LABEL;
    } else
      putchar(*s++);
}

int main(int argc, char **argv)
{
  int alerts = argc == 3 && !strcmp(argv[1], "-a");
  form const *f = 0;
  char *line = 0;
  size_t room = 0;
  ssize_t len;

  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (argc > 1 && !strcmp(argv[argc - 1], forms[i].name))
      f = &forms[i];
  if (!f || argc > 3) {
    fputs("usage: restamp [-a] FORM, one of", stderr);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
      fprintf(stderr, " %s", forms[i].name);
    fputs("\n", stderr);
    return 100;
  }
  while ((len = getline(&line, &room, stdin)) > 0)
    if (alerts)
      write_alert(line, f);
    else {
      write_label(line, f, 0);
      fwrite(line + LABEL, 1, (size_t)len - LABEL, stdout);
    }
  free(line);
  return fflush(stdout) ? 111 : 0;
}
