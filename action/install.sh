#!/usr/bin/env bash
# Puts `cogspec` on the path: the release's binary, held to its checksum, or a build where there is none for this machine.
# Works with the bash 3.2 of macOS.
set -euo pipefail

own=$(sed -n 's/^version = "\(.*\)"/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
version=${COGSPEC_VERSION:-$own}
version=${version#v}
case $version in
    [!0-9]* | *[!0-9A-Za-z.+-]* | "")
        echo "::error title=cogspec::the input version is not one; give it as $own"
        exit 2
        ;;
esac

if [ "$(cogspec --version 2>/dev/null || true)" = "cogspec $version" ]; then
    echo "cogspec $version is on the path already"
    exit 0
fi

folder="${RUNNER_TEMP:?is not set}/cogspec-$version"
mkdir -p "$folder/bin"

suffix=.tar.gz
binary=cogspec
case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-X64) target=x86_64-pc-windows-msvc suffix=.zip binary=cogspec.exe ;;
    *) target= ;;
esac

# Downloads the archive and its checksum, and unpacks it; fails where there is none. A wrong checksum ends it all.
download() {
    local name="cogspec-$version-$target"
    local from="${GITHUB_SERVER_URL:-https://github.com}/$COGSPEC_REPOSITORY/releases/download/v$version"
    local file
    for file in "$name$suffix" "$name$suffix.sha256"; do
        curl --fail --silent --show-error --location --retry 3 --output "$folder/$file" "$from/$file" || return 1
    done
    if ! (cd "$folder" && checksum --check "$name$suffix.sha256"); then
        echo "::error title=cogspec::$name$suffix is not what its checksum says; it was not run"
        exit 1
    fi
    case $suffix in
        .zip) unzip -q -o "$folder/$name$suffix" -d "$folder" ;;
        *) tar -xzf "$folder/$name$suffix" -C "$folder" ;;
    esac
    mv "$folder/$name/$binary" "$folder/bin/$binary"
}

checksum() {
    if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

if [ -n "$target" ] && download; then
    echo "cogspec $version for $target"
elif ! command -v cargo >/dev/null; then
    echo "::error title=cogspec::version $version has no binary for this runner, and there is no cargo to build it with"
    exit 1
else
    echo "there is no binary of cogspec $version for this runner: it is built"
    if [ "$version" = "$own" ]; then
        cargo install --path "$GITHUB_ACTION_PATH" --locked --features live --root "$folder"
    else
        cargo install "cogspec@$version" --locked --features live --root "$folder"
    fi
fi

echo "$folder/bin" >>"$GITHUB_PATH"
