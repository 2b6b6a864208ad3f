//! A server that we did not write, from its package registry.

use std::io::Write;
use std::path::Path;

use crate::support::{Folder, ends, is_free, port, stderr};

/// moto is installed below `target` the first time. Where it cannot be had, the test says so and passes.
#[test]
fn moto_is_installed_run_and_found_not_to_know_the_operation() {
    let folder = Folder::new("moto");
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("implementations-cache");
    let cogspec = |args: &[&str]| {
        let mut command = folder.cogspec(args);
        command.env("COGSPEC_CACHE", &cache).env("PIP_RETRIES", "1").env("PIP_QUIET", "1");
        command.output().unwrap()
    };
    let installed = cogspec(&["implementations", "install", "moto"]);
    if installed.status.code() != Some(0) {
        // Not eprintln!, which the test harness would swallow: a skip is to be seen.
        let _ = writeln!(std::io::stderr(), "SKIPPED moto: {}", stderr(&installed));
        return;
    }
    let run = cogspec(&["run", "--implementation", "moto"]);
    ends(&run, 4, &["starting moto 5.2.5", "moto 5.2.5 does not implement the operation, so nothing was judged"]);
    assert!(is_free(port(&stderr(&run))));
}
