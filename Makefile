# make            the programs ratetap, ratetap-hold, ratetap-gate and ratetap-remote, in build/
# make demo       a log with a stolen account, and what ratetap says of it
# make check      all tests; SAN=1: with sanitizers
# make install    what was built, into DESTDIR and PREFIX; make uninstall takes it away again
# make deps       installs by apt-get what the programs and the tests need
# make clean | dist | bench | soak | fuzz | lint | coverage | mutants | platforms: see doc/testing.md
#
# demo, check and the like install what they need, too; with NODEPS=1 they only say what is missing.

VERSION := 2.0.0
CFLAGS ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS ?= -pie -Wl,-z,relro,-z,now
LDLIBS ?= -lskarnet -lrt
# For what runs once for each mail, under softlimit(8): nothing but libc is mapped.
MAIL_LDLIBS ?= -Wl,--push-state,-Bstatic -lskarnet -Wl,--pop-state
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/ratetap

B := build
ifdef SAN
B := build/san
CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

# What the sources need, whatever the flags above; code that is -fPIE can also be linked -no-pie or -static.
OWN := -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Isrc -fPIE -MMD -MP \
  -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes
COMPILE = $(CC) $(OWN) $(CPPFLAGS) $(CFLAGS)

# Each program has a main of its own in a file main.c or *_main.c. All else is a library.
PROGRAMS := ratetap ratetap-gate ratetap-hold ratetap-remote queue-of
SCRIPTS := $(addprefix examples/,alert-fifo alert-log alert-mail alert-words choose-limits)
LIB := $B/ratetap.a
OBJ := $(patsubst src/%.c,$B/%.o,$(wildcard src/*/*.c))

all: $(PROGRAMS)
$(PROGRAMS): %: $B/%
	@ln -sf $< $@
$B/ratetap: $B/main/main.o
$B/ratetap-gate: $B/gate/gate_main.o
$B/ratetap-remote: $B/gate/remote_main.o
$B/queue-of: $B/gate/queue_main.o
$B/ratetap-gate $B/ratetap-remote: LDLIBS := $(MAIL_LDLIBS)
$B/ratetap-hold: $B/hold/hold_main.o
$(PROGRAMS:%=$B/%): $(LIB)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB) $(LDLIBS)
$(LIB): $(filter-out %/main.o %_main.o,$(OBJ))
	rm -f $@ && $(AR) rcs $@ $^
$(OBJ): $B/%.o: src/%.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $< || { NODEPS=1 $(DEPS) build; false; }
-include $(OBJ:.o=.d)

demo:
	@$(DEPS) build
	@$(MAKE) -s all
	@sh examples/demo
deps:
	@$(DEPS) check
DEPS = CC='$(CC)' FLAGS='$(CPPFLAGS) $(CFLAGS) $(LDFLAGS)' sh tests/deps.sh

# Under another name first: whoever starts a program meanwhile gets the old one or the new one, whole.
put = for f in $1; do to="$(DESTDIR)$2/$$(basename "$$f")" && \
  install -m $3 "$$f" "$$to.new" && mv -f "$$to.new" "$$to" || exit; done
install:
	@ls $(PROGRAMS:%=$B/%) >/dev/null || { echo 'run make first' >&2; exit 1; }
	install -d "$(DESTDIR)$(BINDIR)" "$(DESTDIR)$(MANDIR)/man5" "$(DESTDIR)$(MANDIR)/man8" "$(DESTDIR)$(DOCDIR)"
	$(call put,$(PROGRAMS:%=$B/%) $(SCRIPTS),$(BINDIR),755)
	$(call put,$(wildcard doc/*.5),$(MANDIR)/man5,644)
	$(call put,$(wildcard doc/*.8),$(MANDIR)/man8,644)
	cp -R README.md run doc examples "$(DESTDIR)$(DOCDIR)" && chmod -R go=u-w "$(DESTDIR)$(DOCDIR)"
drop = for f in $1; do rm -rf "$(DESTDIR)$2/$$f" || exit; done
uninstall:
	$(call drop,$(PROGRAMS) $(notdir $(SCRIPTS)),$(BINDIR))
	$(call drop,$(notdir $(wildcard doc/*.5)),$(MANDIR)/man5)
	$(call drop,$(notdir $(wildcard doc/*.8)),$(MANDIR)/man8)
	$(call drop,README.md run doc examples,$(DOCDIR))
	rmdir "$(DESTDIR)$(DOCDIR)" 2>/dev/null || :
dist:
	git archive --prefix=ratetap-$(VERSION)/ -o ratetap-$(VERSION).tar.gz HEAD
clean:
	rm -rf build $(PROGRAMS) ratetap-*.tar.gz
help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile
.PHONY: all $(PROGRAMS) demo deps install uninstall dist clean help

include tests/tests.mk
