#!/usr/bin/env bash
# Runs `cogspec run` by the action's inputs, and tells its exit code and reports as outputs. It fails only where they cannot
# be told: the step `Verdict` fails the job, once the reports are kept. Works with the bash 3.2 of macOS.
set -euo pipefail

refuse() {
    echo "::error title=cogspec::$1"
    output exit-code 2
    output verdict usage
    exit 0
}

output() {
    printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# A line feed would end an output's line, and what follows would be one of its own.
case $COGSPEC_FOLDER in
    "" | *[[:cntrl:]]*) refuse "the input folder is empty, or not one line" ;;
esac
case $COGSPEC_WAIT in
    "" | *[!0-9]*) refuse "the input wait is a whole number of seconds" ;;
esac
case $COGSPEC_STRICT in
    true | false) ;;
    *) refuse "the input strict is true or false" ;;
esac
if [ -n "$COGSPEC_ENDPOINT" ] && [ -n "$COGSPEC_IMPLEMENTATION" ]; then
    refuse "give an endpoint or an implementation, not both"
fi

arguments=(run --fail-on "$COGSPEC_FAIL_ON")
# An option with its value in one word, so that a value with a dash in front is none of its own.
option() {
    if [ -n "$2" ]; then arguments+=("$1=$2"); fi
}
option --endpoint "$COGSPEC_ENDPOINT"
option --implementation "$COGSPEC_IMPLEMENTATION"
option --baseline "$COGSPEC_BASELINE"
option --snapshots "$COGSPEC_SNAPSHOTS"
while IFS= read -r filter; do
    option --filter "$filter"
done <<<"$COGSPEC_FILTER"
if [ "$COGSPEC_STRICT" = true ]; then arguments+=(--strict); fi

mkdir -p "$COGSPEC_FOLDER"
annotations=
# Neither reads quotes nor expands anything.
read -r -d '' -a formats <<<"$COGSPEC_REPORTS" || true
for format in ${formats[@]+"${formats[@]}"}; do
    case $format in
        # With it goes the job's summary.
        github)
            annotations=$COGSPEC_FOLDER/annotations.txt
            file=$annotations
            ;;
        markdown) file=$COGSPEC_FOLDER/cogspec.md ;;
        junit) file=$COGSPEC_FOLDER/junit.xml ;;
        sarif) file=$COGSPEC_FOLDER/cogspec.sarif ;;
        *) file=$COGSPEC_FOLDER/cogspec.$format ;;
    esac
    arguments+=("--report=$format=$file")
    if [ "$format" != github ]; then reports+=("$format=$file"); fi
done

read -r -d '' -a further <<<"$COGSPEC_ARGS" || true
arguments+=(${further[@]+"${further[@]}"})

# Only this machine is called here: whether another host may be is for cogspec to say.
host=${COGSPEC_ENDPOINT#*://}
host=${host%%[/?#]*}
case $host in
    *[!0-9.:]*) case $host in localhost | localhost:* | "[::1]"*) local=true ;; *) local=false ;; esac ;;
    127.*) local=true ;;
    *) local=false ;;
esac
if [ "$local" = true ]; then
    deadline=$((SECONDS + 10#$COGSPEC_WAIT))
    # Any answer will do: what is wrong with it is for cogspec to say. Where none comes, that is its to say, too.
    until curl --silent --output /dev/null --noproxy '*' --max-time 5 -- "$COGSPEC_ENDPOINT"; do
        if [ "$SECONDS" -ge "$deadline" ]; then break; fi
        sleep 0.5
    done
fi

# Whatever is printed of what a server says, it is no command to the runner.
pause=cogspec-$RANDOM$RANDOM$RANDOM$RANDOM
echo "::stop-commands::$pause"
code=0
cogspec "${arguments[@]}" || code=$?
echo "::$pause::"

if [ -n "$annotations" ] && [ -f "$annotations" ]; then cat "$annotations"; fi

case $code in
    0) verdict=held ;;
    1) verdict=failed ;;
    2) verdict=usage ;;
    3) verdict=inconclusive ;;
    4) verdict=nothing-ran ;;
    5) verdict=stale ;;
    *) verdict=bug ;;
esac
output exit-code "$code"
output verdict "$verdict"
output folder "$COGSPEC_FOLDER"
for report in ${reports[@]+"${reports[@]}"}; do
    if [ -f "${report#*=}" ]; then output "${report%%=*}" "${report#*=}"; fi
done
