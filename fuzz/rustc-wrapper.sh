#!/bin/sh
# Counts coverage in this project's own crate only, and traces no comparisons. What cargo calls: this script, rustc, the
# arguments.
#
# Coverage of a dependency guides the fuzzer to what the dependency's own fuzzers have seen, and costs more than half of the
# time: the public suffix list alone is 230,000 counters, each looked at after every run. Comparisons of numbers (strings are
# seen by memcmp all the same) took a fifth of what was left; for them there are dictionaries and inputs with structure. The
# sanitizer stays on everywhere.
case " $* " in
*" --crate-name cogspec "*) is_ours=1 ;;
*) is_ours= ;;
esac
left=$#
while [ "$left" -gt 0 ]; do
    argument=$1
    shift
    left=$((left - 1))
    case $argument in
    -Cllvm-args=-sanitizer-coverage-trace-compares) continue ;;
    -Cpasses=sancov-module) [ "$is_ours" ] || continue ;;
    esac
    set -- "$@" "$argument"
done
exec "$@"
