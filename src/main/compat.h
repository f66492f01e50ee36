/* compat.h - one name for what skalibs 2.13 and its successors call differently. */
#ifndef MAIN_COMPAT_H
#define MAIN_COMPAT_H

#include <skalibs/sgetopt.h>

/* Since 2.14 sgetopt is the reentrant function; before, it was a macro without the state. */
#ifdef sgetopt
#define compat_sgetopt(argc, argv, options, state) sgetopt_r((argc), (argv), (options), (state))
#else
#define compat_sgetopt(argc, argv, options, state) sgetopt((argc), (argv), (options), (state))
#endif

#endif
