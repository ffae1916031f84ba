#!/bin/bash
# Measures the MIDI ports of aurl beside a minimal C program on a kernel with the ALSA sequencer, both in one run
# and in turns. The results go to standard output; Benchmarks/ports.md says what they mean.
#
#   ports.sh [real|virtual]    the clock of the guest; `virtual` counts instructions and is the same on every run
set -euo pipefail

if [ "${1-}" != inside ]; then
  cd "$(dirname "$0")"
  ../.ci/setup qemu-system-x86 busybox-static cpio kmod xz-utils alsa-utils
  swift build -c release --product ports-reference >&2
  swift build -c release --product ports-subject >&2
  swift build -c release --package-path .. --product aurl >&2
  bin=$PWD/.build/release
  exec ../Tests/Guest/guest.sh --clock "${1-real}" --limit 580 \
    --add "$bin/ports-reference" --add "$bin/ports-subject" --add "$PWD/../.build/release/aurl" \
    --add "$PWD/ports.sh" --add /bin/bash -- env LC_ALL=C /bin/bash "$PWD/ports.sh" inside "$bin" "$PWD/../.build/release/aurl" "${1-real}"
fi

# A virtual clock gives the same figures every time.
rounds="1 2 3"
[ "$4" = real ] || rounds=1
reference=$2/ports-reference subject=$2/ports-subject aurl=$3

# Runs a program while a measurement of it is taken.
beside() { # PROGRAM MODE… -- MEASUREMENT…
  local program=()
  while [ "$1" != -- ]; do program+=("$1"); shift; done
  shift
  "${program[@]}" > /dev/null &
  local process=$!
  sleep 1
  "$@"
  kill "$process" 2> /dev/null || true
  wait "$process" 2> /dev/null || true
}

# Seconds of processor time that a process has used, in ticks of 10 ms.
cpu() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }

echo "through a program and back, µs"
for round in $rounds; do
  echo "  $round  C         $(beside "$reference" thru -- "$reference" probe thru 1000)"
  echo "  $round  function  $(beside "$subject" thru -- "$reference" probe thru 1000)"
  echo "  $round  stream    $(beside "$subject" thru-stream -- "$reference" probe thru-stream 1000)"
done

echo "arrival of scheduled notes, deviation from their time, µs"
for round in $rounds; do
  echo "  $round  C         $(beside "$reference" schedule 1000 10 -- "$reference" arrivals schedule 1000 10)"
  echo "  $round  play      $(beside "$subject" schedule 1000 10 -- "$reference" arrivals schedule 1000 10)"
done

echo "processor time of monitoring 1,000 events a second for 10 s, of a core"
for round in $rounds; do
  for program in "C:$reference monitor 14:0" "aurl:$aurl monitor --from 14:0" "tokens:$aurl monitor --tokens --from 14:0"; do
    ${program#*:} > /dev/null 2>&1 &
    process=$!
    sleep 1
    before=$(cpu $process)
    "$reference" load 14:0 1000 10
    after=$(cpu $process)
    kill $process
    wait $process 2> /dev/null || true
    awk -v name="${program%%:*}" -v round=$round -v used=$((after - before)) \
      'BEGIN { printf "  %d  %-8s  %.1f %%\n", round, name, used / 10 }'
  done
done
