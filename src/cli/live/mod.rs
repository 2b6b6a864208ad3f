//! `--live`: live Cognito as the target; and `cogspec live`.

mod clean;
mod forecast;
mod rehearsal;

use aws_credential_types::provider::SharedCredentialsProvider;
use clap::Subcommand;
use tokio::sync::watch;

use super::caller::Given;
use super::io::{tell, tell_guarded};
use super::target::{Reached, TargetArgs};
use super::{Exit, Failure};
use crate::artefact::Guard;
use crate::run::Plan;
use crate::tape::Tape;
use crate::target::live::{self, Variant};
use crate::target::{Connection, Endpoint, Fixtures, Limits, Target, TargetError};
use forecast::Forecast;
use rehearsal::rehearse;

/// What is left on live Cognito.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Clean(clean::Args),
}

pub(super) async fn execute(command: &Command, guard: &Guard) -> Result<Exit, Failure> {
    match command {
        Command::Clean(args) => clean::execute(args, guard).await,
    }
}

/// Live Cognito as the target.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Live Cognito")]
pub(super) struct LiveArgs {
    /// Judge live Cognito in the --region, on user pools made in your AWS account for the run and deleted at its end; with
    /// --client-id or --access-token-env as one user, without an account.
    #[arg(long, group = "server", requires = "region")]
    live: bool,

    #[command(flatten)]
    account: AccountArgs,
}

/// Whose account, and which of the Region's endpoints.
#[derive(Debug, clap::Args)]
struct AccountArgs {
    /// The profile of the AWS configuration files whose credentials sign, whatever the environment holds; without it AWS's
    /// standard chain is asked.
    #[arg(id = "aws_profile", long = "profile", value_name = "NAME")]
    profile: Option<String>,

    /// Call the endpoint whose cryptography is validated by FIPS 140.
    #[arg(long)]
    fips: bool,

    /// Call the endpoint that has IPv6 addresses, too.
    #[arg(long)]
    dualstack: bool,
}

impl AccountArgs {
    fn endpoint(&self, region: &str) -> Result<Endpoint, Failure> {
        let variant = Variant { fips: self.fips, dualstack: self.dualstack };
        live::endpoint(region, variant).map_err(|e| usage(&e))
    }

    /// The account's credentials, which the guard gets to know.
    async fn account(&self, region: &str, guard: &Guard) -> Result<Account, Failure> {
        let found = live::credentials(region, self.profile.as_deref(), &guard.secrets()).await;
        let (credentials, source) = found.map_err(|e| usage(&e))?;
        Ok(Account { credentials, source })
    }

    /// The target, with the account's credentials or without.
    fn target(
        &self,
        region: &str,
        connection: &Connection,
        account: Option<&Account>,
        guard: &Guard,
    ) -> Result<Target, Failure> {
        let credentials = account.map(|account| account.credentials.clone());
        Target::live(self.endpoint(region)?, region, connection, credentials, guard.secrets()).map_err(|e| usage(&e))
    }
}

/// An account's credentials.
#[derive(Clone)]
struct Account {
    credentials: SharedCredentialsProvider,
    /// Where they come from, in words.
    source: String,
}

impl LiveArgs {
    /// Whether live Cognito is the target.
    pub(super) fn is_live(&self) -> bool {
        self.live
    }

    /// The options that name the target on the command line; none for the embedded emulator.
    pub(super) fn named(&self, target: &TargetArgs) -> Option<String> {
        if !self.live {
            let endpoint = || target.endpoint.as_ref().map(|endpoint| format!("--endpoint {endpoint}"));
            return target
                .implementation
                .as_ref()
                .map(|of| format!("--implementation {}", of.given()))
                .or_else(endpoint);
        }
        let AccountArgs { profile, fips, dualstack } = &self.account;
        let mut named = format!("--live --region {}", target.region);
        if let Some(profile) = profile {
            named.push_str(&format!(" --profile {profile}"));
        }
        named.push_str(if *fips { " --fips" } else { "" });
        named.push_str(if *dualstack { " --dualstack" } else { "" });
        Some(named)
    }

    /// What a run of that plan asks, makes and costs; `None` where live Cognito is not the target. Before a run it is found out
    /// first whether there is anybody to call as.
    pub(super) async fn forecast(
        &self,
        target: &TargetArgs,
        is_dry: bool,
        plan: impl FnOnce() -> Plan,
        stopped: watch::Receiver<bool>,
        guard: &Guard,
    ) -> Result<Option<Forecast>, Failure> {
        if !self.live {
            return Ok(None);
        }
        let endpoint = self.account.endpoint(&target.region)?;
        let account = match is_dry || target.given()?.is_some() {
            true => None,
            false => Some(self.account.account(&target.region, guard).await?),
        };
        let callers = target.callers();
        let rehearsal = rehearse(plan(), callers, stopped.clone()).await?;
        if *stopped.borrow() {
            return Err(Failure::unreachable("stopped before anything was sent"));
        }
        Ok(Some(Forecast::new(endpoint, account, rehearsal, callers, target.connection.asked())))
    }

    /// Reaches live Cognito where it is the target, and tells what is about to happen; else the target that is named.
    pub(super) async fn reach(
        &self,
        target: &TargetArgs,
        forecast: Option<&Forecast>,
        guard: &Guard,
    ) -> Result<Reached, Failure> {
        self.reach_on(Tape::default(), target, forecast, guard).await
    }

    /// The same, with all that the target is asked recorded on that tape.
    pub(super) async fn reach_on(
        &self,
        tape: Tape,
        target: &TargetArgs,
        forecast: Option<&Forecast>,
        guard: &Guard,
    ) -> Result<Reached, Failure> {
        let AccountArgs { profile, fips, dualstack } = &self.account;
        if !self.live {
            if profile.is_some() || *fips || *dualstack {
                return Err(Failure::usage("--profile, --fips and --dualstack are of live Cognito: add --live"));
            }
            return target.reach_on(tape, guard).await;
        }
        let region = target.region.as_str();
        let given = target.given()?;
        let account = match (&given, forecast.and_then(Forecast::account)) {
            (Some(_), _) => None,
            (None, Some(account)) => Some(account.clone()),
            (None, None) => Some(self.account.account(region, guard).await?),
        };
        let connection = target.connection.connection(forecast.map_or(Limits::REMOTE, Forecast::limits))?;
        let reached = self.account.target(region, &connection, account.as_ref(), guard)?;
        let source = account.as_ref().map(|account| account.source.as_str());
        let who = given.as_ref().map(Given::described).or(source).unwrap_or_default();
        let run = Fixtures::word();
        tell_guarded(guard, &format!("live: {}, {}, with {who}", reached.name, reached.transport.endpoint()));
        for line in forecast.map(|forecast| forecast.lines(&run)).unwrap_or_default() {
            tell(&format!("live: {line}"));
        }
        Reached::with(reached.on_tape(tape), run, given).await
    }
}

fn usage(error: &TargetError) -> Failure {
    Failure::usage(error.to_string())
}
