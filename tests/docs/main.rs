//! The documentation holds: each link in it leads somewhere, and each command in it does what the page says.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod commands;
mod links;
mod page;

use std::path::{Path, PathBuf};

/// The root of the repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of the documentation, as paths from the root.
fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "fuzz/README.md", "snapshots/README.md"]
            .into_iter()
            .chain(["implementations/README.md", "implementations/clients/README.md"])
            .map(PathBuf::from)
            .collect();
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path.strip_prefix(root()).unwrap().to_owned());
        }
    }
    pages.sort();
    pages
}
