//! What the fuzzing engines find where they look: targets, seeds, dictionaries, options, and the script that gathers them.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use cogspec::fuzz_targets::TARGETS;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names of a folder's entries, without that ending.
fn names(folder: &str, ending: &str) -> BTreeSet<String> {
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| name(entry.unwrap()));
    entries.map(|name| name.strip_suffix(ending).unwrap_or_else(|| panic!("{folder}/{name}")).to_owned()).collect()
}

fn targets() -> BTreeSet<String> {
    TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect()
}

#[test]
fn each_target_has_a_binary_seeds_a_dictionary_and_options_and_nothing_else_has() {
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    let binaries = manifest.split("[[bin]]").skip(1).map(|of| {
        let value = |key: &str| of.split_once(key).and_then(|(_, after)| after.split('"').nth(1)).unwrap().to_owned();
        let (name, path) = (value("name ="), value("path ="));
        assert_eq!(path, format!("fuzz_targets/{name}.rs"));
        assert!(root().join("fuzz").join(path).is_file(), "{name} has no source");
        name
    });
    assert_eq!(binaries.collect::<BTreeSet<_>>(), targets());
    assert_eq!(names("fuzz/dictionaries", ".dict"), targets());
    assert_eq!(names("fuzz/options", ".options"), targets());
    assert_eq!(names("corpus", ""), targets());
}

#[test]
fn the_options_name_the_dictionary_and_let_every_seed_through() {
    for (name, _) in TARGETS {
        let options = fs::read_to_string(root().join(format!("fuzz/options/{name}.options"))).unwrap();
        let (_, own) = options.split_once("[libfuzzer]\n").expect("options of libFuzzer");
        if let Some(dictionary) = own.lines().find_map(|line| line.strip_prefix("dict = ")) {
            // The engine looks for it beside the target, where the script puts it.
            assert_eq!(dictionary, format!("{name}.dict"));
        }
        let longest = own.lines().find_map(|line| line.strip_prefix("max_len = ")).expect("max_len");
        let longest: u64 = longest.parse().unwrap();
        for seed in fs::read_dir(root().join("corpus").join(name)).unwrap() {
            let seed = seed.unwrap();
            let length = seed.metadata().unwrap().len();
            assert!(length <= longest, "{} has {length} bytes, and {name} gets {longest}", seed.path().display());
        }
    }
}

#[cfg(unix)]
mod build {
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::{Command, Output, Stdio};

    use super::*;

    /// Stands in for cargo: keeps what it is asked, and builds files that only have the right names.
    const CARGO: &str = r#"#!/bin/bash -eu
echo "$@" >>"$WORK/asked"
case "$1 $2" in
    "fuzz list") cat "$WORK/targets" ;;
    "fuzz build")
        mkdir -p "$WORK/target/x86_64-unknown-linux-gnu/release"
        while read -r target; do
            echo built >"$WORK/target/x86_64-unknown-linux-gnu/release/$target"
        done <"$WORK/targets"
        ;;
    metadata*) echo "{\"target_directory\":\"$WORK/target\"}" ;;
esac
"#;

    /// The folders of an engine, with this repository for the clone.
    struct Engine(PathBuf);

    impl Engine {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("cogspec-{name}-{}", std::process::id()));
            for part in ["src", "out", "work", "bin"] {
                fs::create_dir_all(folder.join(part)).unwrap();
            }
            symlink(root(), folder.join("src/cogspec")).unwrap();
            let cargo = folder.join("bin/cargo");
            fs::write(&cargo, CARGO).unwrap();
            let targets: String = TARGETS.iter().map(|(name, _)| format!("{name}\n")).collect();
            fs::write(folder.join("work/targets"), targets).unwrap();
            fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
            Engine(folder)
        }

        fn build(&self, sanitizer: &str) -> Output {
            let path = format!("{}:{}", self.0.join("bin").display(), std::env::var("PATH").unwrap_or_default());
            let mut command = Command::new("bash");
            command.args(["-eu".as_ref(), root().join(".clusterfuzzlite/build.sh").as_os_str()]);
            command.env("PATH", path).env("SANITIZER", sanitizer).stdin(Stdio::null());
            for (variable, part) in [("SRC", "src"), ("OUT", "out"), ("WORK", "work")] {
                command.env(variable, self.0.join(part));
            }
            command.output().unwrap()
        }
    }

    impl Drop for Engine {
        fn drop(&mut self) {
            // Left-overs in the folder for temporary files harm nobody.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// Whether the machine has what the script needs besides cargo, as the engines' images do.
    fn can_build() -> bool {
        let missing = ["bash", "jq", "zip"].into_iter().find(|tool| {
            Command::new(tool).arg("--help").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err()
        });
        missing.inspect(|tool| eprintln!("skipped: no {tool}")).is_none()
    }

    #[test]
    fn the_script_leaves_all_of_each_target_where_the_engine_looks() {
        if !can_build() {
            return;
        }
        let engine = Engine::new("build");
        // The second time over what is there already.
        for sanitizer in ["address", "coverage"] {
            let output = engine.build(sanitizer);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let out = |file: String| fs::read(engine.0.join("out").join(&file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        for (name, _) in TARGETS {
            assert_eq!(out((*name).to_owned()), b"built\n");
            for ending in ["dict", "options"] {
                assert!(!out(format!("{name}.{ending}")).is_empty());
            }
            // An archive tells the names of its files as they are.
            let archive = out(format!("{name}_seed_corpus.zip"));
            for seed in fs::read_dir(root().join("corpus").join(name)).unwrap() {
                let seed = seed.unwrap().file_name().into_string().unwrap();
                assert!(archive.windows(seed.len()).any(|part| part == seed.as_bytes()), "{name} has no {seed}");
            }
        }
        let asked = fs::read_to_string(engine.0.join("work/asked")).unwrap();
        let builds: Vec<&str> = asked.lines().filter(|line| line.starts_with("fuzz build")).collect();
        assert_eq!(builds, ["fuzz build -O --sanitizer address", "fuzz build -O --sanitizer none"]);
    }

    #[test]
    fn a_sanitizer_that_rust_does_not_have_here_is_told() {
        if !can_build() {
            return;
        }
        let engine = Engine::new("sanitizer");
        let output = engine.build("undefined");
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("SANITIZER is undefined"));
        assert!(!engine.0.join("work/asked").exists(), "it is told before anything is built");
    }
}
