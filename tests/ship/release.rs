//! The names of archives, which the release workflow, the action and cargo-binstall must agree on, and what is in them.

use std::collections::BTreeSet;
use std::process::Command;

use toml_edit::DocumentMut;

use super::{folder, root, succeed, text, written, yaml};

/// The targets that the release workflow builds for.
fn targets() -> Vec<String> {
    let workflow = yaml(".github/workflows/release.yml");
    let matrix = workflow["jobs"]["build"]["strategy"]["matrix"]["include"].as_vec().unwrap();
    matrix.iter().map(|row| row["target"].as_str().unwrap().to_owned()).collect()
}

fn manifest() -> DocumentMut {
    text("Cargo.toml").parse().unwrap()
}

/// The file that cargo-binstall downloads for a target, and where in it the binary is.
fn binstall(target: &str) -> (String, String) {
    let manifest = manifest();
    let binstall = &manifest["package"]["metadata"]["binstall"];
    let format = binstall["overrides"].get(target).map_or(&binstall["pkg-fmt"], |of_target| &of_target["pkg-fmt"]);
    let (suffix, binary_ext) = match format.as_str().unwrap() {
        "tgz" => (".tar.gz", ""),
        "zip" => (".zip", ".exe"),
        format => panic!("{format}"),
    };
    assert_eq!(suffix == ".zip", target.contains("windows"));
    let fill = |key: &str| {
        let filled = binstall[key].as_str().unwrap();
        let filled = filled.replace("{ name }", "cogspec").replace("{ bin }", "cogspec");
        let filled = filled.replace("{ version }", env!("CARGO_PKG_VERSION")).replace("{ target }", target);
        filled.replace("{ archive-suffix }", suffix).replace("{ binary-ext }", binary_ext)
    };
    let url = fill("pkg-url");
    let file = url.strip_prefix(concat!("{ repo }/releases/download/v", env!("CARGO_PKG_VERSION"), "/"));
    (file.unwrap_or_else(|| panic!("{url}")).to_owned(), fill("bin-dir"))
}

#[test]
fn the_archive_has_the_names_that_everyone_looks_for() {
    let folder = folder("package");
    let binary = folder.join("cogspec");
    std::fs::write(&binary, format!("#!/bin/sh\nexec '{}' \"$@\"\n", env!("CARGO_BIN_EXE_cogspec"))).unwrap();
    succeed(Command::new("chmod").arg("+x").arg(&binary));
    let targets = targets();
    assert!(targets.len() >= 5, "{targets:?}");
    for target in targets.iter().filter(|target| !target.contains("windows")) {
        let output =
            succeed(Command::new(root().join(".ci/package")).arg(target).arg(&binary).arg(folder.join("dist")));
        let (file, inside) = binstall(target);
        let archive = folder.join("dist").join(&file);
        assert_eq!(written(&output.stdout).trim(), archive.to_str().unwrap());
        let check = Command::new("sha256sum")
            .args(["--check", "--strict", &format!("{file}.sha256")])
            .current_dir(folder.join("dist"))
            .output()
            .unwrap();
        assert!(check.status.success(), "{}", written(&check.stderr));
        let listed = written(&succeed(Command::new("tar").arg("-tzf").arg(&archive)).stdout);
        let listed: BTreeSet<&str> = listed.lines().collect();
        let top = inside.strip_suffix("/cogspec").unwrap();
        for wanted in [
            "cogspec",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "CHANGELOG.md",
            "completions/cogspec.bash",
            "completions/cogspec.zsh",
            "man/cogspec.1",
            "man/cogspec-run.1",
        ] {
            assert!(listed.contains(format!("{top}/{wanted}").as_str()), "{wanted}: {listed:#?}");
        }
    }
}

#[test]
fn the_action_knows_every_target() {
    let script = text("action/install.sh");
    for target in targets() {
        let line = script.lines().find(|line| line.contains(&format!("target={target}")));
        let line = line.unwrap_or_else(|| panic!("action/install.sh does not know {target}"));
        assert_eq!(line.contains("suffix=.zip"), binstall(&target).0.ends_with(".zip"), "{line}");
    }
    let named = script.lines().filter_map(|line| line.split("target=").nth(1)?.split_whitespace().next());
    let named: Vec<&str> = named.filter(|target| *target != ";;").collect();
    assert_eq!(named.len(), targets().len(), "{named:?}");
    // The version of the action is found in the manifest by its first line of that form.
    let first = text("Cargo.toml").lines().find(|line| line.starts_with("version = ")).unwrap().to_owned();
    assert_eq!(first, format!("version = {:?}", env!("CARGO_PKG_VERSION")));
}

/// A package without what the build embeds would build with empty tables.
#[test]
fn the_crate_has_what_the_build_embeds_and_is_small() {
    let list = |package: &str| {
        let mut list = Command::new(env!("CARGO"));
        list.args(["package", "--list", "--allow-dirty", "--offline", "-p", package]).current_dir(root());
        written(&succeed(&mut list).stdout)
    };
    let listed = list("cogspec");
    let listed: BTreeSet<&str> = listed.lines().collect();
    let build = text("build.rs");
    let embedded = build.lines().filter_map(|line| line.split("rerun-if-changed=").nth(1)?.strip_suffix("\");"));
    let mut files = 0;
    for folder in embedded {
        let found = walk(folder);
        assert!(!found.is_empty(), "{folder}");
        for file in found {
            files += 1;
            assert!(listed.contains(file.as_str()), "{file} is not in the crate");
        }
    }
    assert!(files > 1000, "{files}");
    for needed in ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "CHANGELOG.md", "build.rs", "src/main.rs"] {
        assert!(listed.contains(needed), "{needed}");
    }
    // The one file of the tests that is built in.
    const DOCUMENTS: &str = "tests/data/documents/creation-options.jsonl";
    assert!(listed.contains(DOCUMENTS), "{DOCUMENTS}");
    for superfluous in ["tests/", "fuzz/", ".github/", "action"] {
        let of_it = listed.iter().find(|file| file.starts_with(superfluous) && **file != DOCUMENTS);
        assert_eq!(of_it, None, "{superfluous}");
    }
    let size: u64 = listed.iter().filter_map(|file| std::fs::metadata(root().join(file)).ok()).map(|m| m.len()).sum();
    // crates.io takes 10 MiB, compressed. These files are texts.
    assert!(size < 10 << 20, "{size} bytes");
    assert!(list("cogspec-suffix").contains("src/lib.rs"));
}

/// The files of a folder of the repository that git would know.
fn walk(path: &str) -> Vec<String> {
    let full = root().join(path);
    if full.is_file() {
        return vec![path.to_owned()];
    }
    let entries = std::fs::read_dir(&full).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let kept = entries.filter(|name| !name.ends_with(".snap.new"));
    kept.flat_map(|name| walk(&format!("{path}/{name}"))).collect()
}
