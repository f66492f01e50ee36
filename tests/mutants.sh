#!/bin/sh
# What `make mutants` runs.
exec sh tests/mutants/mutants.sh
