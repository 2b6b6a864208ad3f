//! `cogspec export`.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Exit, Failure, Out};
use crate::artefact::{Guard, make_folder};
use crate::export::{self, PATHS};

/// Write the suite as JSON, for tests in another language
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Writes README.md, which tells how the rest is read; cases.json for servers; scenarios.json for
clients; options.json, responses.json and rules.json; and their JSON Schemas in schema/. The same
version of cogspec writes the same bytes each time. Nothing is sent.")]
pub(super) struct Args {
    /// The folder; it is made where there is none.
    #[arg(value_name = "DIR", default_value = "cogspec-export")]
    folder: PathBuf,

    /// Write into a folder that holds other things than an export, too.
    #[arg(long)]
    force: bool,
}

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let folder = args.folder.as_path();
    if let Some(other) = other(folder)?.filter(|_| !args.force) {
        return Err(Failure::usage(format!(
            "{} holds {other}, which is no part of an export; name another folder, or add --force to write beside it",
            folder.display()
        )));
    }
    // Everything is made before anything is written.
    let files = export::files().await.map_err(|e| Failure { exit: Exit::Bug, message: e.to_string() })?;
    make_folder(&folder.join("schema"))?;
    for file in &files {
        guard.write_file(&folder.join(file.path), file.text.as_bytes())?;
    }
    let mut out = Out::stdout();
    for file in &files {
        writeln!(out, "{:>9}  {}", file.text.len(), folder.join(file.path).display())?;
    }
    Ok(Exit::Held)
}

/// Something in the folder that no export has.
fn other(folder: &Path) -> Result<Option<String>, Failure> {
    let unreadable = |e: std::io::Error| Failure::usage(format!("cannot read {}: {e}", folder.display()));
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        entries => entries.map_err(unreadable)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let is_ours = |name: &String| PATHS.iter().any(|path| path.split('/').next() == Some(name.as_str()));
    Ok(names.into_iter().find(|name| !is_ours(name)))
}
