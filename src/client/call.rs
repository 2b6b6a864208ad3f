//! One call of a client: its own server, the question to the adapter, and what came of it.

use std::io;
use std::ops::Deref;
use std::time::{Duration, Instant};

use super::judge::{self, Call};
use super::server::{Attempt, Server};
use crate::adapter::{Adapter, Ask, Lost, Told};
use crate::cognito::Finding;
use crate::cognito::rules::client as rules;
use crate::run::End;
use crate::scenario::{Layer, Scenario};
use crate::suite::Stop;

/// The region that clients are set to.
pub(super) const REGION: &str = "us-east-1";

/// What came of one call.
pub(super) struct Called {
    pub(super) attempts: Vec<Attempt>,
    pub(super) told: Result<Told, Lost>,
    /// How long it took.
    pub(super) duration: Duration,
}

/// Asks the adapter about a scenario.
///
/// # Errors
/// When there is no port for the scenario's server.
pub(super) async fn call(
    adapter: &mut Adapter,
    scenario: impl Deref<Target = Scenario> + Clone + Send + Sync + 'static,
    token: &str,
    within: Duration,
) -> io::Result<Called> {
    let server = Server::of(scenario.clone()).await?;
    let ask = Ask {
        scenario: scenario.id.clone(),
        endpoint: format!("http://{}", server.address()),
        region: REGION.to_owned(),
        access_token: token.to_owned(),
        origin: scenario.origin.clone(),
    };
    let started = Instant::now();
    let told = adapter.ask(&ask, within).await;
    Ok(Called { attempts: server.attempts(), told, duration: started.elapsed() })
}

impl Called {
    /// Whether the adapter is lost, and did nothing of what it was asked.
    pub(super) fn is_in_vain(&self) -> bool {
        self.told.is_err() && self.attempts.is_empty()
    }

    /// How the scenario ends. A client that takes its process down or never comes back, after it was answered, does what no
    /// client may; what happens before a call, or is said in another language, proves nothing about it.
    pub(super) fn end(&self, scenario: &Scenario, layer: Layer, token: &str) -> End {
        let told = match &self.told {
            Ok(told) => told,
            Err(lost) => return end_of(lost),
        };
        match judge::findings(&Call { scenario, layer, told, attempts: &self.attempts, token }) {
            Some(findings) => End::Judged(findings),
            None => End::Stopped(Stop::Skip("the client has no notion of the operation".to_owned())),
        }
    }
}

fn end_of(lost: &Lost) -> End {
    let got = match lost {
        Lost::Ended { code, .. } => format!("the adapter ended with exit code {code}"),
        Lost::Silent { within, .. } => format!("no answer within {} s", within.as_secs_f64()),
        Lost::Closed { .. } => "the adapter closed its output".to_owned(),
        Lost::Garbage { .. } | Lost::Other { .. } | Lost::Stays { .. } | Lost::Floods { .. } => {
            return End::Stopped(Stop::Inconclusive(lost.to_string()));
        }
    };
    End::Judged(vec![Finding::new(&rules::ENDS, got, "a result or an error")])
}
