# ratetap: `make demo` shows what it does, `make check` tests it. `make help` lists the rest.
# To set: CC CPPFLAGS CFLAGS LDFLAGS, DESTDIR PREFIX BINDIR MANDIR, V=1 (shows commands), SAN=1 (sanitizers),
# NODEPS=1 (demo, check and the like install nothing either, and only say what is missing).
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
CFLAGS ?= -O2 -g
FUZZ_SECONDS ?= 60
VERSION := 1.0.0
LIBS := -lskarnet -lrt
B := build
ifdef SAN
B := build/san
override CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

# One line a file; make demo and make -s: none.
hush := $(V)$(findstring s,$(firstword -$(MAKEFLAGS)))$(filter demo,$(MAKECMDGOALS))
say = $(if $(V),,@)$(if $(hush),,echo '  $1 $2' && )
MAKEFLAGS += --jobs=$(shell nproc 2>/dev/null || echo 1)

# What of these the compiler and the user's own flags take, without a word. They come before the user's, who has the
# last word. SAN does without.
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE
PIE := $(if $(findstring -static,$(CFLAGS) $(LDFLAGS)),-fPIE,-fPIE -pie)
RELRO := -Wl,-z,relro,-z,now,-z,noseparate-code# the last one: 4 KB or more less, for tables share pages with code
LTO := -flto=auto -flto-partition=one -ffat-lto-objects
takes = $(shell mkdir -p $B; printf '\043include <string.h>\nint main(void) { return 0; }\n' | \
  $(CC) $1 $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -Werror -x c -o $B/.probe - 2>/dev/null && echo '$1')
taken = $(or $(call takes,-fstack-protector-strong $(FORTIFY)=3 $(PIE) $(RELRO) $(LTO)), \
  $(call takes,-fstack-protector-strong) $(or $(call takes,$(FORTIFY)=3),$(call takes,$(FORTIFY)=2)) \
  $(call takes,$(PIE)) $(call takes,$(RELRO)) $(call takes,$(LTO)))
OWN = $(eval OWN := $(if $(SAN),,$(taken)))$(OWN)# asked once, when it is first needed
WARN := -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes
SMALL := $(if $(SAN),,-fno-asynchronous-unwind-tables -falign-jumps=1 -falign-loops=1 -fno-plt)# debuggers read .debug_frame
compile = $(CC) -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Isrc $(WARN) $(filter-out $1 -pie -Wl%,$(OWN)) \
  $(CPPFLAGS) $(CFLAGS)
link = $(filter -pie -Wl%,$(OWN)) $(LDFLAGS)
# What runs once, or seldom, is made small where the rest is made fast.
SELDOM := main/% gate/% hold/% pipe/%
small = $(if $(filter-out %/main.c,$(filter $(SELDOM:%=src/%),$<)),$(if $(filter -O2,$(CFLAGS)),-Os))
# The folder's name is no part of the program.
HERE = -fdebug-prefix-map='$(CURDIR)'=. -fmacro-prefix-map='$(CURDIR)'=.
COMPILE = $(call compile,-flto%) $(HERE) -MMD -MP

# Each program has a main of its own, and the same library behind it.
MAINS := src/main/main.c $(wildcard src/gate/*_main.c src/hold/*_main.c)
PROGRAMS := ratetap $(patsubst %_main.c,ratetap-%,$(notdir $(filter %_main.c,$(MAINS))))
READERS := alert-fifo alert-log alert-mail choose-limits queue-of
SRC := $(filter-out $(MAINS),$(wildcard src/*/*.c))
OBJ := $(SRC:src/%.c=$B/%.o)
MAIN := $(MAINS:src/%.c=$B/%.o)
LIB := $B/lib.a
UNIT := $(patsubst tests/%.c,$B/%,$(wildcard tests/unit/test_*.c))
FAULT := $(patsubst tests/fault/%.c,$B/tests/%,$(filter-out %/interpose.c,$(wildcard tests/fault/*.c)))
REPLAY := $(patsubst tests/fuzz/fuzz_%.c,$B/fuzz/replay_%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,$B/fuzz/fuzz_%,$(wildcard tests/fuzz/fuzz_*.c))
ORACLE := $(filter-out tests/oracle/main.c,$(wildcard tests/oracle/ora*.c))

all: $(PROGRAMS)
help:
	@printf '%s\n' 'make            the programs; installs nothing' \
	  'make deps       installs what the programs and the tests need, by apt-get' \
	  'make demo       a log with a stolen account, and what ratetap says of it' \
	  'make check      all tests; SAN=1: with sanitizers' \
	  'make install    into DESTDIR and PREFIX; install-strip: without symbols' \
	  'make bench | soak | fuzz | lint | coverage | mutants | platforms    see doc/testing.md' \
	  'make dist | clean'
$(PROGRAMS): %: $B/%
	@ln -sf $< $@
demo: all
	@sh examples/demo
check: check-tools all $(UNIT) $(REPLAY)
	$(if $(V),,@)BUILD=$B sh tests/check.sh
check-tools: need-check $(FAULT) $B/oracle $B/gen $B/tests/interpose.so
soak: need-check check
	BUILD=$B SOAK=1 sh tests/check.sh
bench: need-check all
	sh tests/bench/bench.sh
fuzz: $(FUZZ)
	for f in $(FUZZ); do mkdir -p $$f.corpus && $$f -max_total_time=$(FUZZ_SECONDS) $$f.corpus \
	  tests/fuzz/seeds/$${f##*/fuzz_} || exit 1; done
platforms:
	SKALIBS_SRC='$(SKALIBS_SRC)' sh tests/platforms.sh
lint coverage mutants: need-check
	sh tests/$@.sh
install-strip: strip := -s
install install-strip: all
	$(if $(V),,@)install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(MANDIR)/man8 $(DESTDIR)$(PREFIX)/share/ratetap
	$(call say,INSTALL,$(DESTDIR)$(BINDIR))install $(strip) $(PROGRAMS:%=$B/%) $(DESTDIR)$(BINDIR)
	$(if $(V),,@)install $(READERS:%=examples/%) $(DESTDIR)$(BINDIR)
	$(call say,INSTALL,$(DESTDIR)$(MANDIR))install -m 644 doc/*.8 $(DESTDIR)$(MANDIR)/man8
	$(call say,INSTALL,$(DESTDIR)$(PREFIX)/share/ratetap)cp -R run examples doc $(DESTDIR)$(PREFIX)/share/ratetap
dist:
	git archive --prefix=ratetap-$(VERSION)/ -o ratetap-$(VERSION).tar.gz HEAD
clean:
	rm -rf build $(PROGRAMS) ratetap-*.tar.gz

# Only these goals may install packages; for the others it ends here, in one line.
bring := $(if $(NODEPS),,$(filter deps demo check check-tools soak bench lint coverage mutants,$(MAKECMDGOALS)))
deps_sh = CC='$(CC)' FLAGS='$(CPPFLAGS) $(CFLAGS) $(LDFLAGS)' sh tests/deps.sh
need-build: $(if $(filter-out deps demo,$(bring)),need-check)# all at once
deps need-build need-check:
	@$(if $(bring),$(deps_sh) $@,$(if $(missing),$(error $(missing))))
missing = $(shell $(deps_sh) -n $@)

$(PROGRAMS:%=$B/%): $(LIB)
	$(call say,LD,$@)$(CC) $(filter -f%,$(OWN)) $(SMALL) $(CFLAGS) $(HERE) $(link) -o $@ $(filter %main.o,$^) $(LIB) $(LIBS)
$B/ratetap: $B/main/main.o
$B/ratetap-gate: $B/gate/gate_main.o
$B/ratetap-hold: $B/hold/hold_main.o
# Other flags, other objects.
$B/.flags: FORCE | need-build
	@mkdir -p $B && echo '$(subst ','\'',$(compile) $(SMALL) $(link))' | cmp -s - $@ || \
	  echo '$(subst ','\'',$(compile) $(SMALL) $(link))' >$@
$(OBJ) $(MAIN): $B/%.o: src/%.c $B/.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)$(compile) $(small) $(SMALL) $(HERE) -MMD -MP -c -o $@ $<
$(LIB): $(OBJ)
	@rm -f $@ && $(AR) rcs $@ $^
$B/unit/%: tests/unit/%.c $(LIB) | need-check
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(link) -o $@ $< $(LIB) -lcmocka $(LIBS)
$B/tests/interpose.so: tests/fault/interpose.c | need-check
	@mkdir -p $(@D)
	$(call say,CC,$<)$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O1 -shared -fPIC -o $@ $< -ldl
$B/tests/%: tests/fault/%.c | need-check
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(link) -o $@ $< $(LIBS)
$B/oracle: $(ORACLE) tests/oracle/main.c | need-check
	@mkdir -p $(@D)
	$(call say,CC,$@)$(COMPILE) $(link) -o $@ $^
$B/gen: $(wildcard tests/oracle/gen*.c) | need-check
	@mkdir -p $(@D)
	$(call say,CC,$@)$(COMPILE) $(link) -o $@ $^
$B/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIB) $(ORACLE) | need-check
	@mkdir -p $(@D)
	$(call say,CC,$<)$(COMPILE) $(link) -o $@ $< tests/fuzz/replay.c $(ORACLE) $(LIB) $(LIBS)
$B/fuzz/fuzz_%: tests/fuzz/fuzz_%.c
	@mkdir -p $(@D)
	clang -std=c11 -D_GNU_SOURCE -Isrc -O1 -g -fsanitize=fuzzer,address,undefined -o $@ $< $(SRC) $(ORACLE) $(LIBS)

-include $(OBJ:.o=.d) $(MAIN:.o=.d) $(wildcard $B/unit/*.d $B/tests/*.d $B/fuzz/*.d $B/*.d)
.PHONY: all help $(PROGRAMS) demo check check-tools soak bench fuzz lint coverage mutants platforms install install-strip dist clean \
  deps need-build need-check FORCE
