//! `cogspec completions`.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Exit, Failure, Out};

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  cogspec completions bash > ~/.local/share/bash-completion/completions/cogspec
  cogspec completions zsh  > ~/.zfunc/_cogspec      # a folder of $fpath, before compinit
  cogspec completions fish > ~/.config/fish/completions/cogspec.fish")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "cogspec", &mut script);
    Out::stdout().write_all(&script)?;
    Ok(Exit::Held)
}
