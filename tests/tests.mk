# Tests, fuzzing and measuring: doc/testing.md says what each goal does. The Makefile includes this.
FUZZ_SECONDS ?= 60
FUZZ_FLAGS ?= -max_total_time=$(FUZZ_SECONDS)
T := $B/tests
UNIT := $(patsubst tests/%.c,$B/%,$(wildcard tests/unit/test_*.c))
FAULT := $(patsubst tests/fault/%.c,$T/%,$(filter-out %/interpose.c %/shift.c,$(wildcard tests/fault/*.c)))
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
ORACLE := $(patsubst tests/%.c,$T/%.o,$(wildcard tests/oracle/ora*.c))
GEN := $(patsubst tests/%.c,$T/%.o,$(wildcard tests/oracle/gen*.c))

# As many jobs as there are processors, unless make was told how many.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))
check:
	@$(DEPS) check
	@$(MAKE) $(JOBS) check-built
	@BUILD=$B sh tests/check.sh
check-built: all check-tools $(UNIT) $(FUZZ:%=$B/fuzz/replay_%)
check-tools: $(FAULT) $B/oracle $B/gen $T/interpose.so $T/shift.so
soak: check
	BUILD=$B SOAK=1 sh tests/check.sh
bench mutants:
	@$(DEPS) check
	@$(MAKE) $(JOBS) all check-tools
	sh tests/$@/$@.sh
lint coverage:
	@$(DEPS) check
	sh tests/$@.sh
platforms:
	SKALIBS_SRC='$(SKALIBS_SRC)' sh tests/platforms.sh
.SECONDARY: $T/fuzz/replay.o $T/oracle/main.o
.PHONY: check check-built check-tools soak bench mutants lint coverage platforms fuzz fuzzers

# All that a fuzz target calls is built by clang, in a folder of its own.
fuzz:
	@$(DEPS) fuzz
	@$(MAKE) $(JOBS) B=build/fuzzers CC=clang LDFLAGS= \
	  CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' fuzzers
	for t in $(FUZZ); do mkdir -p build/corpus/$$t && build/fuzzers/fuzz_$$t $(FUZZ_FLAGS) \
	  -artifact_prefix=build/corpus/$$t. build/corpus/$$t tests/fuzz/seeds/$$t || exit; done
fuzzers: $(FUZZ:%=$B/fuzz_%)

BUILD_TEST = @mkdir -p $(@D) && echo $@ && $(COMPILE) $(LDFLAGS)
$B/unit/%: tests/unit/%.c $(LIB)
	$(BUILD_TEST) -o $@ $< $(LIB) -lcmocka $(LDLIBS)
$B/fuzz/replay_%: tests/fuzz/fuzz_%.c $T/fuzz/replay.o $(ORACLE) $(LIB)
	$(BUILD_TEST) -o $@ $< $T/fuzz/replay.o $(ORACLE) $(LIB) $(LDLIBS)
$B/fuzz_%: tests/fuzz/fuzz_%.c $(ORACLE) $(LIB)
	$(BUILD_TEST) -fsanitize=fuzzer -o $@ $< $(ORACLE) $(LIB) $(LDLIBS)
$(FAULT): $T/%: tests/fault/%.c
	$(BUILD_TEST) -o $@ $< $(LDLIBS)
$T/interpose.so $T/shift.so: $T/%.so: tests/fault/%.c
	$(BUILD_TEST) -O1 -shared -fPIC -o $@ $< -ldl
$B/oracle: $(ORACLE) $T/oracle/main.o
$B/gen: $(GEN)
$B/oracle $B/gen:
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^
$T/%.o: tests/%.c Makefile
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<
-include $(ORACLE:.o=.d) $(GEN:.o=.d) $(UNIT:=.d) $(FAULT:=.d) $T/interpose.d $T/shift.d $(FUZZ:%=$B/fuzz/replay_%.d) $(FUZZ:%=$B/fuzz_%.d)
