/* mailing - what it costs to hand messages to a qmail-queue.
 *
 *   mailing MESSAGES BYTES PROGRAM [ARG...]      hands over so many messages of so many bytes, and prints the
 * microseconds of processor time for each, of PROGRAM and all that it starts, and of real time */
#include "stage.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static char const envelope[] = "Fann@example.org\0Tbob@example.net\0";

static void hand_over(int message, char **argv)
{
  int cover[2], status;
  pid_t pid;

  if (pipe(cover) < 0 || write(cover[1], envelope, sizeof envelope) != sizeof envelope)
    exit(111);
  close(cover[1]);
  lseek(message, 0, SEEK_SET);
  pid = fork();
  if (!pid) {
    dup2(message, 0);
    dup2(cover[0], 1);
    close(cover[0]);
    execv(*argv, argv);
    _exit(120);
  }
  close(cover[0]);
  if (waitpid(pid, &status, 0) != pid || status)
    exit(111);
}

int main(int argc, char **argv)
{
  char name[] = "/tmp/mailing.XXXXXX";
  int message, count;
  long long began, used;
  struct rusage r;

  if (argc < 4)
    return 100;
  count = atoi(argv[1]);
  message = mkstemp(name);
  if (message < 0 || unlink(name) < 0 || ftruncate(message, atol(argv[2])) < 0)
    return 111;
  began = stage_clock();
  for (int i = 0; i < count; i++)
    hand_over(message, argv + 3);
  began = stage_clock() - began;
  getrusage(RUSAGE_CHILDREN, &r);
  used = (r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1000000LL + r.ru_utime.tv_usec + r.ru_stime.tv_usec;
  printf("%.1f %.1f\n", (double)used / count, (double)began / count);
  return 0;
}
