//! A run from Rust: the suite inside somebody's own tests.
//!
//! ```no_run
//! # async fn start_my_server() -> String { "http://127.0.0.1:9229".to_owned() }
//! #[tokio::test(flavor = "multi_thread")]
//! async fn passkeys_are_registered_as_at_cognito() -> Result<(), cogspec::GateError> {
//!     let endpoint = start_my_server().await;
//!     let report = cogspec::run(&cogspec::Gate::endpoint(endpoint).baseline("cogspec-baseline.toml")).await?;
//!     assert!(report.held(), "{report}");
//!     Ok(())
//! }
//! ```
//!
//! A gate listens to no signal, prints nothing, ends no process, and writes no file. Where its future is dropped before the end,
//! no case begins any more and the fixtures are deleted, as long as the runtime goes on.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::artefact::Guard;
use crate::baseline::{Baseline, BaselineError};
use crate::emulator::{Config, Emulator};
use crate::report::{Reporter, Terminal, TerminalOptions};
use crate::run::{
    self, Bar, Collector, DriveError, Ending, Event, FailOn, Filter, FilterError, Outcome, Plan, Results, RunToken,
    RunTokenError, case_set_digest, preflight, printable,
};
use crate::suite;
use crate::target::{Connection, Endpoint, Fixtures, Limits, Place, Target, TargetError, place};

/// Which server is judged, and how: by all cases, until a method says otherwise.
#[derive(Clone, Debug)]
pub struct Gate {
    /// None for the embedded emulator.
    endpoint: Option<String>,
    region: String,
    allowed: Option<String>,
    access_token: Option<AccessToken>,
    filters: Vec<String>,
    jobs: usize,
    timeout: Duration,
    case_timeout: Duration,
    baseline: Option<Listed>,
    bar: Bar,
    seed: Option<String>,
}

/// Where the known failures are listed.
#[derive(Clone, Debug)]
enum Listed {
    File(PathBuf),
    Text(String),
}

/// Never shown.
#[derive(Clone)]
struct AccessToken(String);

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Gate {
    /// The server at an endpoint, such as `http://127.0.0.1:9229`. One that is not on this machine is refused unless it is
    /// named with [`Gate::allow_remote`].
    #[must_use]
    pub fn endpoint(endpoint: impl Into<String>) -> Self {
        Gate { endpoint: Some(endpoint.into()), ..Gate::embedded() }
    }

    /// cogspec's own emulator, which is started on a free port of 127.0.0.1 and stopped at the end.
    #[must_use]
    pub fn embedded() -> Self {
        Gate {
            endpoint: None,
            region: "us-east-1".to_owned(),
            allowed: None,
            access_token: None,
            filters: Vec::new(),
            jobs: Plan::JOBS,
            timeout: Connection::TIMEOUT,
            case_timeout: Plan::CASE_TIMEOUT,
            baseline: None,
            bar: Bar::default(),
            seed: None,
        }
    }

    /// A host, other than this machine, that may be called: at most 5 requests a second and 20,000 in all are sent there.
    #[must_use]
    pub fn allow_remote(mut self, host: impl Into<String>) -> Self {
        self.allowed = Some(host.into());
        self
    }

    /// The AWS Region that calls are signed for; `us-east-1` unless said.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = region.into();
        self
    }

    /// A signed-in user's access token, for a server whose control plane is closed. It never reaches the report.
    #[must_use]
    pub fn access_token(mut self, token: impl Into<String>) -> Self {
        self.access_token = Some(AccessToken(token.into()));
        self
    }

    /// Only these cases: a glob on case ids (`token.*`), `level:MUST`, or `rule:` with a glob on rule ids; `!` in front
    /// excludes. Each call adds one filter.
    #[must_use]
    pub fn filter(mut self, filter: impl Into<String>) -> Self {
        self.filters.push(filter.into());
        self
    }

    /// How many cases run at once: 8 unless said, and at least one.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs;
        self
    }

    /// How long a request may wait for its whole answer: 10 seconds unless said.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long a case may take: 60 seconds unless said.
    #[must_use]
    pub fn case_timeout(mut self, timeout: Duration) -> Self {
        self.case_timeout = timeout;
        self
    }

    /// The file of the server's known failures, which do not fail the gate. Tests run in the folder of their package, so a
    /// relative path begins there.
    #[must_use]
    pub fn baseline(mut self, path: impl Into<PathBuf>) -> Self {
        self.baseline = Some(Listed::File(path.into()));
        self
    }

    /// The text of such a file.
    #[must_use]
    pub fn baseline_text(mut self, text: impl Into<String>) -> Self {
        self.baseline = Some(Listed::Text(text.into()));
        self
    }

    /// The quietest verdict that fails the gate: a broken MUST unless said.
    #[must_use]
    pub fn fail_on(mut self, verdict: FailOn) -> Self {
        self.bar.fail_on = verdict;
        self
    }

    /// The most cases, in percent, that may be inconclusive: 10 unless said.
    #[must_use]
    pub fn max_inconclusive(mut self, percent: u8) -> Self {
        self.bar.max_inconclusive = percent;
        self
    }

    /// Also fails where an entry of the baseline has expired, or no case is judged by it.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.bar.strict = true;
        self
    }

    /// The seed of every random choice, or the token of a run to repeat, which its report shows.
    #[must_use]
    pub fn seed(mut self, seed: impl ToString) -> Self {
        self.seed = Some(seed.to_string());
        self
    }

    /// What is to run.
    fn plan(&self) -> Result<(Plan, RunToken), GateError> {
        let filters = self.filters.iter().map(|filter| filter.parse()).collect::<Result<Vec<Filter>, _>>()?;
        let mut cases = suite::all();
        let seed = self.seed.as_deref().map(str::parse).transpose()?;
        let token = RunToken::new(seed.as_ref(), &case_set_digest(&cases));
        cases.retain(|case| Filter::choose(&filters, case));
        if cases.is_empty() {
            return Err(GateError::NoCase);
        }
        let baseline = match &self.baseline {
            None => None,
            Some(Listed::File(path)) => Some(Baseline::read(path)?),
            Some(Listed::Text(text)) => Some(Baseline::parse("the baseline", text)?),
        };
        let (jobs, case_timeout, seed) = (self.jobs, self.case_timeout, token.seed);
        let plan = Plan { cases, jobs, case_timeout, fail_fast: false, seed, expectations: None, baseline };
        Ok((plan, token))
    }

    /// The target, and the emulator behind it where it is the embedded one.
    async fn target(&self) -> Result<(Target, Option<Emulator>), GateError> {
        let connection = Connection::from(self.timeout);
        let Some(endpoint) = &self.endpoint else {
            let config = Config { region: self.region.clone(), ..Config::default() };
            let emulator = Emulator::start(config)
                .await
                .map_err(|e| TargetError::Setup(format!("the embedded emulator cannot listen on 127.0.0.1: {e}")))?;
            return Ok((Target::embedded(&emulator.endpoint(), &self.region, connection)?, Some(emulator)));
        };
        let parsed = Endpoint::parse(endpoint)?;
        let connection = match place(&parsed, &[]).await? {
            Place::ThisMachine(resolve) => Connection { resolve, ..connection },
            Place::Elsewhere if self.allowed.as_deref() == Some(parsed.host()) => {
                Connection { limits: Limits::REMOTE, ..connection }
            }
            Place::Elsewhere => return Err(GateError::NotAllowed(parsed.host().to_owned())),
        };
        Ok((Target::endpoint(endpoint, &self.region, connection)?, None))
    }
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GateError {
    /// The server is not on this machine, and was not named with [`Gate::allow_remote`].
    #[error("{0} is not this machine; if you may test that server, add .allow_remote({0:?})")]
    NotAllowed(String),
    /// The target cannot be set up.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A filter cannot be read.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// No case matches the filters.
    #[error("no case matches the filters, so nothing ran; `cogspec run --list` shows the cases")]
    NoCase,
    /// The baseline cannot be used.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// The seed is none.
    #[error(transparent)]
    Seed(#[from] RunTokenError),
    /// The server cannot be judged: it does not answer, no user can be had, or it does not know the operation.
    #[error("{0}")]
    NotReady(String),
    /// A bug in cogspec: the run broke off, or a secret would have got into the report.
    #[error("{0}")]
    Bug(String),
}

/// What a gate found. Its `Display` is the report for people that `cogspec run` prints.
#[derive(Clone, Debug)]
pub struct Report {
    results: Results,
    bar: Bar,
    text: String,
}

impl Report {
    /// Whether everything that was judged held: what is exit code 0 at the command line.
    #[must_use]
    pub fn held(&self) -> bool {
        self.ending() == Ending::Held
    }

    /// How the run ended.
    #[must_use]
    pub fn ending(&self) -> Ending {
        self.bar.ending(&self.results.summary)
    }

    /// The cases that fail the gate: broken MUSTs, what [`Gate::fail_on`] names, and those that a bug in cogspec left unjudged.
    pub fn failures(&self) -> impl Iterator<Item = &Outcome> {
        self.results.cases.iter().filter(|outcome| self.bar.fail_on.names(outcome.verdict))
    }

    /// Everything: each case with its findings and exchanges, redacted. Its JSON is the document of `--report json=FILE`.
    #[must_use]
    pub fn results(&self) -> &Results {
        &self.results
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Judges a server, on user pools, clients and users of the run's own, which are deleted at the end.
///
/// Whether it held is in the [`Report`]; an error means that nothing could be judged.
///
/// # Errors
/// When the gate's options are wrong, or the server is not ready; also at a bug in cogspec.
pub async fn run(gate: &Gate) -> Result<Report, GateError> {
    let (plan, token) = gate.plan()?;
    let (mut target, emulator) = gate.target().await?;
    let guard = Guard::default();
    target.secrets = guard.secrets();
    let given = gate.access_token.as_ref().map(|token| token.0.trim().to_owned());
    let fixtures = Arc::new(Fixtures::new(target, Fixtures::word(), given));
    let results = judge(&fixtures, plan, &token, &guard).await;
    if let Some(emulator) = emulator {
        emulator.shutdown().await;
    }
    let results = results?;
    let options =
        TerminalOptions { target: gate.endpoint.as_ref().map(|url| format!("--endpoint {url}")), ..Default::default() };
    let bug = |e: std::io::Error| GateError::Bug(e.to_string());
    let text = text(&results, options, gate.bar.ending(&results.summary)).map_err(bug)?;
    guard.check("the report", text.as_bytes()).map_err(bug)?;
    Ok(Report { results, bar: gate.bar, text })
}

/// Runs the plan on a target that is ready, and proves that no secret is in the results.
async fn judge(fixtures: &Arc<Fixtures>, plan: Plan, token: &RunToken, guard: &Guard) -> Result<Results, GateError> {
    let target = fixtures.target();
    if let Some(problem) = preflight(fixtures).await.problem(&target.name, "Gate::access_token") {
        let left = fixtures.clean_up().await;
        let left = left.iter().map(|left| format!("; could not be deleted: {left}"));
        let message = target.secrets.clean(&(problem + &left.collect::<String>()));
        return Err(GateError::NotReady(printable(&message)));
    }
    // Turns to an end by itself when it is dropped with this future.
    let (_goes_on, stopped) = watch::channel(false);
    let (mut collector, mut results) = (Collector::default(), None);
    let take = |event: &Event| {
        if let Some(whole) = collector.event(event) {
            results = Some(whole);
        }
        Ok(())
    };
    let driven = run::drive(fixtures, plan, token, stopped, take).await;
    let bug = |e: String| GateError::Bug(e);
    driven.map_err(|e: DriveError| bug(e.to_string()))?;
    let mut results = results.ok_or_else(|| bug("the run had no end".to_owned()))?;
    // Now all secrets are known.
    results.cases.iter_mut().for_each(|outcome| outcome.redact_later(&target.secrets));
    let document = serde_json::to_vec(&results).map_err(|e| bug(e.to_string()))?;
    guard.check("the results", &document).map_err(|e| bug(e.to_string()))?;
    Ok(results)
}

/// The report for people, without colour.
fn text(results: &Results, options: TerminalOptions, ending: Ending) -> std::io::Result<String> {
    let mut text = Vec::new();
    let mut terminal = Terminal::new(anstream::StripStream::new(&mut text), options);
    for event in results.clone().into_events() {
        terminal.event(&event)?;
    }
    drop(terminal);
    let text = String::from_utf8(text).map_err(std::io::Error::other)?;
    Ok(match ending {
        Ending::Held => text,
        ending => format!("{text}{}\n", ending.meaning()),
    })
}
