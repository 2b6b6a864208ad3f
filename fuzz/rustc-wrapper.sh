#!/bin/sh
# Counts coverage in this project's own crates only. What cargo calls: this script, rustc, the arguments.
#
# Coverage of a dependency guides the fuzzer to what the dependency's own fuzzers have seen, and costs more than half of the
# time: the public suffix list alone is 230,000 counters, each looked at after every run. The sanitizer stays on everywhere.
case " $* " in
*" --crate-name cogspec "*) exec "$@" ;;
esac
left=$#
while [ "$left" -gt 0 ]; do
    argument=$1
    shift
    [ "$argument" = -Cpasses=sancov-module ] || set -- "$@" "$argument"
    left=$((left - 1))
done
exec "$@"
