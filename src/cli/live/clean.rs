//! `cogspec live clean`.

use std::io::Write;
use std::time::Duration;

use super::AccountArgs;
use crate::artefact::Guard;
use crate::cli::connection::ConnectionArgs;
use crate::cli::io::tell_guarded;
use crate::cli::{Exit, Failure, Out};
use crate::run::printable;
use crate::target::live::{Leftover, leftovers};
use crate::target::{Limits, Refused};

/// Delete user pools that runs have left behind on live Cognito
///
/// A run that is killed cannot delete its pools. They are found by their tag `cogspec`; a pool without it is never touched.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Example:
  cogspec live clean --region eu-west-1 --dry-run        what would be deleted
  cogspec live clean --region eu-west-1 --profile dev    deletes it")]
pub(in crate::cli) struct Args {
    /// The AWS Region.
    #[arg(long, group = "server")]
    region: String,

    #[command(flatten)]
    account: AccountArgs,

    #[command(flatten)]
    connection: ConnectionArgs,

    /// Only pools that were made so long ago: 30m, 6h, 2d. The pools of a run in progress are younger than the default.
    #[arg(long, value_name = "TIME", default_value = "6h", value_parser = humantime::parse_duration)]
    older_than: Duration,

    /// List them, and delete nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let connection = args.connection.connection(Limits::REMOTE)?;
    let account = args.account.account(&args.region, guard).await?;
    let target = args.account.target(&args.region, &connection, Some(&account), guard)?;
    let head = format!("live: {}, {}, with {}", target.name, target.transport.endpoint(), account.source);
    tell_guarded(guard, &head);
    let refused = |refused: Refused| match refused.unreachable {
        true => Failure::unreachable(refused.to_string()),
        false => {
            Failure::usage(format!("Cognito refuses {refused}; docs/live.md names the permissions that are needed"))
        }
    };
    let found = leftovers(&target.control).await.map_err(refused)?;
    let (old, young): (Vec<Leftover>, Vec<Leftover>) = found.into_iter().partition(|pool| pool.age >= args.older_than);
    let mut out = Out::guarded(guard);
    let mut kept = Vec::new();
    for pool in &old {
        let done = match args.dry_run {
            true => "found".to_owned(),
            false => match pool.delete(&target.control).await {
                Ok(()) => "deleted".to_owned(),
                Err(refused) => {
                    kept.push(&pool.id);
                    format!("not deleted: {refused}")
                }
            },
        };
        writeln!(
            out,
            "{}  {}  {} old  {}",
            printable(&pool.id),
            printable(&pool.name),
            age(pool.age),
            printable(&done)
        )?;
    }
    match (old.len(), args.dry_run) {
        (0, _) => writeln!(out, "nothing is left over")?,
        (found, true) => writeln!(out, "{found} found; without --dry-run they are deleted")?,
        (found, false) => writeln!(out, "{} of {found} deleted", found - kept.len())?,
    }
    if !young.is_empty() {
        let least = age(args.older_than);
        writeln!(out, "{} more are younger than {least}, and may be of a run in progress (--older-than)", young.len())?;
    }
    out.flush()?;
    Ok(if kept.is_empty() { Exit::Held } else { Exit::Inconclusive })
}

/// A time to the second.
fn age(age: Duration) -> humantime::FormattedDuration {
    humantime::format_duration(Duration::from_secs(age.as_secs()))
}
