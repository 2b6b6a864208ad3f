//! Somebody's crate that uses cogspec as a dev-dependency: `tests/gate-example`, built and run as they would.

use std::path::Path;
use std::process::Command;

use super::{root, succeed, written};

#[test]
fn a_crate_gates_its_server_with_cargo_test() {
    let example = root().join("tests/gate-example");
    // The versions that are built already; cargo drops what the crate does not need.
    std::fs::copy(root().join("Cargo.lock"), example.join("Cargo.lock")).unwrap();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = succeed(
        Command::new(env!("CARGO")).args(["test", "--offline", "--target-dir"]).arg(target).current_dir(&example),
    );
    let told = written(&output.stdout);
    assert!(told.contains("2 passed"), "{told}");
}
