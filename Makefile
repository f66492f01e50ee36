# ratetap: `make demo` shows what it does, `make check` tests it; both install what they need (see deps).
PREFIX ?= /usr/local
MANDIR ?= $(PREFIX)/share/man
CFLAGS ?= -O2 -g
FUZZ_SECONDS ?= 60
VERSION := 1.0.0
B := build
LTO := $(if $(findstring clang,$(CC))$(SAN),,-flto -ffat-lto-objects)
ifdef SAN
B := build/san
override CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
MAKEFLAGS += --jobs=$(shell nproc 2>/dev/null || echo 1)
WARN := -Wall -Wextra -Wshadow -Wconversion -Wmissing-prototypes
COMPILE = $(CC) -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Isrc $(WARN) $(CFLAGS) -MMD -MP

# Each program has a main of its own, and the same library behind it.
MAINS := src/main/main.c $(wildcard src/gate/*_main.c)
PROGRAMS := ratetap $(patsubst src/gate/%_main.c,ratetap-%,$(filter src/gate/%,$(MAINS)))
OBJ := $(patsubst src/%.c,$B/%.o,$(filter-out $(MAINS),$(wildcard src/*/*.c)))
MAIN := $(MAINS:src/%.c=$B/%.o)
LIB := $B/lib.a
UNIT := $(patsubst tests/%.c,$B/%,$(wildcard tests/unit/test_*.c))
FAULT := $(patsubst tests/fault/%.c,$B/tests/%,$(filter-out %/interpose.c,$(wildcard tests/fault/*.c)))
REPLAY := $(patsubst tests/fuzz/fuzz_%.c,$B/fuzz/replay_%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,$B/fuzz/fuzz_%,$(wildcard tests/fuzz/fuzz_*.c))
ORACLE := $(filter-out tests/oracle/main.c,$(wildcard tests/oracle/ora*.c))

all: need-build $(PROGRAMS)
$(PROGRAMS): %: $B/%
	ln -sf $< $@
demo: all
	sh examples/demo
check: need-check $(PROGRAMS) $(UNIT) $(FAULT) $(REPLAY) $B/oracle $B/gen $B/tests/interpose.so
	BUILD=$B sh tests/check.sh
soak: need-check check
	BUILD=$B SOAK=1 sh tests/check.sh
bench: need-check all
	sh tests/bench/bench.sh
fuzz: $(FUZZ)
	for f in $(FUZZ); do mkdir -p $$f.corpus && $$f -max_total_time=$(FUZZ_SECONDS) $$f.corpus \
	  tests/fuzz/seeds/$${f##*/fuzz_} || exit 1; done
lint coverage mutants: need-check
	sh tests/$@.sh
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(MANDIR)/man8 $(DESTDIR)$(PREFIX)/share/ratetap
	install -s $(PROGRAMS:%=$B/%) $(DESTDIR)$(PREFIX)/bin
	install -m 644 doc/*.8 $(DESTDIR)$(MANDIR)/man8
	cp -R run examples doc $(DESTDIR)$(PREFIX)/share/ratetap
dist:
	git archive --prefix=ratetap-$(VERSION)/ -o ratetap-$(VERSION).tar.gz HEAD
clean:
	rm -rf build $(PROGRAMS) ratetap-*.tar.gz
deps need-build need-check:
	@sh tests/deps.sh $@

$(PROGRAMS:%=$B/%): $(LIB)
	$(CC) $(CFLAGS) $(if $(LTO),-flto=auto) $(LDFLAGS) -o $@ $(filter %main.o,$^) $(LIB) -lskarnet
$B/ratetap: $B/main/main.o
$B/ratetap-gate: $B/gate/gate_main.o
$B/ratetap-hold: $B/gate/hold_main.o
$B/%.o: src/%.c | need-build
	@mkdir -p $(@D)
	$(COMPILE) $(LTO) -c -o $@ $<
$(LIB): $(OBJ)
	rm -f $@ && $(AR) rcs $@ $^
$B/unit/%: tests/unit/%.c $(LIB) | need-check
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $< $(LIB) -lcmocka -lskarnet
$B/tests/interpose.so: tests/fault/interpose.c | need-check
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -O1 -shared -fPIC -o $@ $< -ldl
$B/tests/%: tests/fault/%.c | need-check
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $< -lskarnet
$B/oracle: $(ORACLE) tests/oracle/main.c | need-check
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $^
$B/gen: $(wildcard tests/oracle/gen*.c) | need-check
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $^
$B/fuzz/replay_%: tests/fuzz/fuzz_%.c tests/fuzz/replay.c $(LIB) $(ORACLE) | need-check
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $< tests/fuzz/replay.c $(ORACLE) $(LIB) -lskarnet
$B/fuzz/fuzz_%: tests/fuzz/fuzz_%.c
	@mkdir -p $(@D)
	clang -std=c11 -D_GNU_SOURCE -Isrc -O1 -g -fsanitize=fuzzer,address,undefined -o $@ $< \
	  $(filter-out $(MAINS),$(wildcard src/*/*.c)) $(ORACLE) -lskarnet

-include $(OBJ:.o=.d) $(MAIN:.o=.d) $(wildcard $B/unit/*.d $B/tests/*.d $B/fuzz/*.d $B/*.d)
.PHONY: all ratetap demo check soak bench fuzz lint coverage mutants install dist clean deps need-build need-check
