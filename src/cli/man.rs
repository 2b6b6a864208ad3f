//! `cogspec man`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_mangen::Man;

use super::{Cli, Exit, Failure, Out};
use crate::artefact::{Guard, make_folder};

/// Print the manual page, or write the pages of all commands into a folder
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  cogspec man | man -l -
  cogspec man ~/.local/share/man/man1      # then `man cogspec` and `man cogspec-run`")]
pub(super) struct Args {
    /// The folder, which is made where it is not there
    dir: Option<PathBuf>,
}

pub(super) fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    match &args.dir {
        None => Out::stdout().write_all(page(Man::new(command))?.as_bytes())?,
        Some(folder) => {
            make_folder(folder)?;
            write(command, folder, guard)?;
        }
    }
    Ok(Exit::Held)
}

fn write(command: clap::Command, folder: &Path, guard: &Guard) -> io::Result<()> {
    for command in command.get_subcommands().cloned() {
        write(command, folder, guard)?;
    }
    let man = Man::new(command);
    let file = folder.join(man.get_filename());
    guard.write_file(&file, page(man)?.as_bytes())
}

/// A page, whose examples keep their lines, in ASCII as every renderer takes it.
fn page(man: Man) -> io::Result<String> {
    let mut page = Vec::new();
    man.source(concat!("cogspec ", env!("CARGO_PKG_VERSION"))).render(&mut page)?;
    let page = String::from_utf8(page).map_err(io::Error::other)?;
    let page = match page.split_once(".SH EXTRA\n") {
        None => page,
        Some((before, extra)) => {
            let (extra, after) = extra.find("\n.SH ").map_or((extra, ""), |end| extra.split_at(end + 1));
            format!("{before}.SH NOTES\n.nf\n{extra}.fi\n{after}")
        }
    };
    let ascii = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\[u{:04X}]", u32::from(c)) };
    Ok(page.chars().map(ascii).collect())
}
