#!/bin/sh
# Measures the images that docker/build.sh has built and writes benchmarks/results/images.md.
set -eu
cd "$(dirname "$0")/.."
mvn -q -B -ntp -Pcontainers -pl docker verify -Dit.test=Measurement -Dcrossfade.results="$PWD/benchmarks/results/images.md"
cat benchmarks/results/images.md
