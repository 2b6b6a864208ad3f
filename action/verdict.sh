#!/usr/bin/env bash
# Ends the job as `cogspec run` has ended.
set -euo pipefail

if [ "$COGSPEC_EXIT_CODE" != 0 ]; then
    echo "::error title=cogspec::$COGSPEC_VERDICT (exit code $COGSPEC_EXIT_CODE)"
fi
exit "$COGSPEC_EXIT_CODE"
