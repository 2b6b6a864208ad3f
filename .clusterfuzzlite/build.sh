#!/bin/bash -eu
# Builds every fuzz target, and puts it into $OUT with its seeds, dictionary and options.
#
# ClusterFuzzLite and OSS-Fuzz run it in the image of the Dockerfile beside it, with their variables set: SRC holds the
# clone (as `cogspec`), SANITIZER says how to build, and what appears in OUT is what gets fuzzed. RUSTFLAGS carries the
# flags of the sanitizer; a coverage build is made of the same command by the wrapper around cargo that the image has.

# Cargo reads the settings in this folder: coverage is counted in this project's own code only.
cd "$SRC/cogspec/fuzz"

sanitizer=${SANITIZER:-address}
case "$sanitizer" in
    # Nothing is to be checked in these; without this cargo fuzz takes AddressSanitizer.
    none | coverage) sanitizer=none ;;
    address) ;;
    *)
        echo "SANITIZER is $sanitizer; the targets are built with address, coverage or none" >&2
        exit 1
        ;;
esac
cargo fuzz build -O --sanitizer "$sanitizer"

built=$(cargo metadata --no-deps --format-version 1 | jq -r .target_directory)
targets=$(cargo fuzz list)
for target in $targets; do
    cp "$built/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
    cp "dictionaries/$target.dict" "options/$target.options" "$OUT/"
    # An archive that is there already would keep seeds that are gone.
    rm -f "$OUT/${target}_seed_corpus.zip"
    zip --quiet --recurse-paths --junk-paths "$OUT/${target}_seed_corpus.zip" "../corpus/$target"
done
