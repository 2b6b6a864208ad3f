//! `cogspec token new`.

use std::io::Write;

use crate::artefact::Guard;
use crate::cli::io::tell_guarded;
use crate::cli::live::LiveArgs;
use crate::cli::target::TargetArgs;
use crate::cli::{Exit, Failure, Out};
use crate::target::Unavailable;

/// Make a user pool and a user on a server, sign in, and print the access token
///
/// With it a request that a report shows can be repeated by hand. The pool stays (on live Cognito until `cogspec live clean`);
/// its id is told on standard error. The token is the only thing on standard output, so that a shell can take it into a
/// variable.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Example:
  export ACCESS_TOKEN=$(cogspec token new --endpoint http://127.0.0.1:9229)")]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    live: LiveArgs,
}

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    if let Some(implementation) = &args.target.implementation {
        return Err(Failure::usage(format!(
            "the server would be stopped, and the token with it; `cogspec implementations show {}` tells how to start it by hand",
            implementation.given()
        )));
    }
    if args.live.named(&args.target).is_none() {
        return Err(Failure::usage(
            "a token of the embedded emulator dies with it; start one with `cogspec emulate` and give its --endpoint",
        ));
    }
    let reached = args.live.reach(&args.target, None, guard).await?;
    let user = reached.fixtures.user().await.map_err(|e| match e {
        Unavailable::NotOffered(why) | Unavailable::Unreachable(why) => {
            Failure::unreachable(guard.secrets().clean(&format!("no user can be made: {why}")))
        }
    })?;
    if let Some(pool) = &user.pool {
        let text = format!("user {} of pool {}, app client {}", user.username, pool.id, pool.client_id);
        tell_guarded(guard, &guard.secrets().clean(&text));
    }
    // The one secret that is asked for.
    writeln!(Out::stdout(), "{}", user.tokens.access)?;
    Ok(Exit::Held)
}
