//! Proving the suite: it is run against the emulator with each fault, and must catch every one.
//!
//! A fault is **killed** when a case that is there to catch it passed without the fault, and fails (or warns, where only a
//! SHOULD or an inferred rule covers it) with it. Cases that become inconclusive kill nothing. What rules do not forbid can
//! only be **noted**, and the catalogue says of which faults that is so. Apart from any verdict, the
//! answers themselves must differ from those without the fault: a fault that changes nothing on the wire is a defect of the
//! catalogue, and not a gap in the suite. What differs between two runs without any fault proves nothing, and is left out.
//! The fuzzer can be let at each fault besides, to see what it finds without the cases; that decides no fate.

mod fuzz;
mod matrix;
mod wire;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use fuzz::Fuzzed;
pub use matrix::{Counts, MATRIX_VERSION, Matrix};

use serde::Serialize;
use tokio::sync::{mpsc, watch};

use crate::artefact::Guard;
use crate::cognito::{Evidence, Level, Severity, rules};
use crate::emulator::{Config, Emulator, Fault};
use crate::run::{Event, Outcome, Plan, Verdict, run};
use crate::suite::{self, Case};
use crate::target::{Fixtures, Target, TargetError};

/// How many cases run at once against one emulator.
const CASES_AT_ONCE: usize = 8;

/// How long one case may take.
const CASE_TIMEOUT: Duration = Duration::from_secs(60);

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// Audits judge the answers of other cases: these give them some of each kind.
const COMPANIONS: &[&str] = &["options.served", "errors.cause.*", "state.user-id.stable"];

/// Why nothing could be tried.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestError {
    /// The emulator cannot be started.
    #[error("the embedded emulator cannot listen on 127.0.0.1: {0}")]
    Emulator(#[from] io::Error),
    /// The emulator cannot be reached.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A secret stands in what is to be told.
    #[error(transparent)]
    Leak(io::Error),
    /// Without a fault there must be nothing to find.
    #[error("without any fault these cases do not hold, so that nothing can be told from them: {0}")]
    Baseline(String),
    /// A glob names no case.
    #[error("{fault} names {glob} among the cases that catch it, and there is no such case")]
    NoCase {
        /// The fault's name.
        fault: &'static str,
        /// The glob.
        glob: &'static str,
    },
}

/// The suite as it holds without any fault.
pub struct SelfTest {
    cases: Vec<Case>,
    baseline: BTreeMap<String, Seen>,
    unsteady: BTreeSet<String>,
    quick: bool,
    fuzz: Option<Fuzzing>,
}

/// For how long the fuzzer tries each fault, and what it finds without any.
struct Fuzzing {
    time: Duration,
    baseline: BTreeSet<Cow<'static, str>>,
}

/// What became of one fault.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    /// The fault's name.
    pub fault: &'static str,
    /// What the deviation is.
    pub description: &'static str,
    /// The globs on the ids of the cases that are there to catch it.
    pub named: &'static [&'static str],
    /// What became of it.
    pub fate: Fate,
    /// The cases that caught it: those that are there for it first, and of them the loudest.
    pub caught_by: Vec<Catch>,
    /// A case whose answers differ from those without the fault: the proof that it shows on the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs_in: Option<String>,
    /// What the fuzzer found by itself, where it was asked for. It decides no fate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuzz: Option<Fuzzed>,
}

/// What became of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// A case that is there for it fails.
    Killed,
    /// A case that is there for it warns: a SHOULD or an inferred rule covers it, and nothing stronger.
    Warned,
    /// A case that is there for it notes it, and nothing louder can be said of such a fault.
    Noted,
    /// No case that is there for it caught it: a gap in the suite.
    Survived,
    /// It changes nothing on the wire: a defect of the catalogue.
    Unseen,
}

impl Fate {
    /// Every fate, in the order of reports.
    pub const ALL: [Fate; 5] = [Fate::Killed, Fate::Warned, Fate::Noted, Fate::Survived, Fate::Unseen];

    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Fate::Killed => "killed",
            Fate::Warned => "warned",
            Fate::Noted => "noted",
            Fate::Survived => "survived",
            Fate::Unseen => "unseen",
        }
    }

    /// Whether the suite has said of the fault what can be said.
    #[must_use]
    pub fn is_caught(self) -> bool {
        matches!(self, Fate::Killed | Fate::Warned | Fate::Noted)
    }
}

/// One case that caught a fault.
#[derive(Clone, Debug, Serialize)]
pub struct Catch {
    /// The case's id.
    pub case: String,
    /// `fail` or `warn`; `note` for a fault that can only be noted.
    pub verdict: Verdict,
    /// The rule that it says is broken.
    pub rule: Cow<'static, str>,
    /// How binding that rule is; with the evidence it decides how loud the case is.
    pub level: Level,
    /// How far that rule can be trusted.
    pub evidence: Evidence,
    /// Whether the case is there to catch this fault.
    pub named: bool,
}

/// What a case showed in one run.
#[derive(PartialEq)]
struct Seen {
    verdict: Verdict,
    broken: Option<(Cow<'static, str>, Level, Evidence)>,
    wire: String,
}

impl SelfTest {
    /// Runs the suite twice without any fault: all of it, or for a quick self-test only what the faults name. Where
    /// `fuzz` gives a time, the fuzzer is run for so long, too, here and on each fault.
    ///
    /// # Errors
    /// When the emulator cannot be started, a fault names no case, or a case does not hold without a fault.
    pub async fn new(faults: &[&'static Fault], quick: bool, fuzz: Option<Duration>) -> Result<Self, SelfTestError> {
        let all = suite::all();
        for fault in faults {
            let no_case = |glob: &&&str| !all.iter().any(|case| matches(glob, &case.id));
            if let Some(glob) = fault.killed_by.iter().find(no_case) {
                return Err(SelfTestError::NoCase { fault: fault.name, glob });
            }
        }
        let wanted = |case: &Case| !quick || faults.iter().any(|fault| is_for(fault, &case.id));
        let cases: Vec<Case> = all.into_iter().filter(wanted).collect();
        let mut baseline = run_cases(None, cases.clone()).await?;
        let again = run_cases(None, cases.clone()).await?;
        let fell = |seen: &Seen| matches!(seen.verdict, Verdict::Fail | Verdict::Warn | Verdict::Error);
        let fallen: BTreeSet<&str> =
            baseline.iter().chain(&again).filter(|(_, seen)| fell(seen)).map(|(id, _)| id.as_str()).collect();
        if !fallen.is_empty() {
            return Err(SelfTestError::Baseline(fallen.into_iter().collect::<Vec<_>>().join(", ")));
        }
        let differs = |(id, seen): (&String, &Seen)| (again.get(id) != Some(seen)).then(|| id.clone());
        let unsteady: BTreeSet<String> = baseline.iter().filter_map(differs).collect();
        baseline.retain(|id, _| !unsteady.contains(id));
        let fuzz = match fuzz {
            Some(time) => {
                let baseline = fuzz::fuzz_with(None, time).await?.found.into_iter().collect();
                Some(Fuzzing { time, baseline })
            }
            None => None,
        };
        Ok(SelfTest { cases, baseline, unsteady, quick, fuzz })
    }

    /// The cases that showed two things in two runs without any fault. They prove nothing, and are left out.
    #[must_use]
    pub fn unsteady(&self) -> &BTreeSet<String> {
        &self.unsteady
    }

    /// How many cases are run at most for one fault.
    #[must_use]
    pub fn case_count(&self) -> usize {
        self.cases.len()
    }

    /// The rules that the fuzzer finds broken without any fault, notes apart: false alarms, or defects of the emulator.
    /// With a fault they do not count.
    pub fn fuzz_baseline(&self) -> impl Iterator<Item = &str> {
        let all = self.fuzz.iter().flat_map(|fuzzing| fuzzing.baseline.iter().map(AsRef::as_ref));
        all.filter(|id: &&str| rules::rule(id).is_none_or(|rule| rule.severity() > Severity::Note))
    }

    /// Runs the suite, and the fuzzer where it is wanted, against emulators with that fault.
    ///
    /// # Errors
    /// When the emulator cannot be started.
    pub async fn run(&self, fault: &'static Fault) -> Result<Tried, SelfTestError> {
        let wanted = |case: &&Case| !self.quick || is_for(fault, &case.id);
        let seen = run_cases(Some(fault), self.cases.iter().filter(wanted).cloned().collect()).await?;
        let before = |id: &str| self.baseline.get(id);
        let mut caught_by: Vec<Catch> = seen
            .iter()
            .filter(|(id, seen)| before(id).is_some_and(|before| is_worse(before, seen, fault)))
            .filter_map(|(id, seen)| {
                let named = fault.killed_by.iter().any(|glob| matches(glob, id));
                let (rule, level, evidence) = seen.broken.clone()?;
                Some(Catch { case: id.clone(), verdict: seen.verdict, rule, level, evidence, named })
            })
            .collect();
        caught_by.sort_by_key(|catch| (!catch.named, std::cmp::Reverse(catch.verdict)));
        let differs = |(id, seen): &(&String, &Seen)| before(id).is_some_and(|before| before.wire != seen.wire);
        let differs_in = seen.iter().find(differs).map(|(id, _)| id.clone());
        let fate = match caught_by.first() {
            _ if differs_in.is_none() => Fate::Unseen,
            Some(Catch { named: true, verdict: Verdict::Fail, .. }) => Fate::Killed,
            Some(Catch { named: true, verdict: Verdict::Warn, .. }) => Fate::Warned,
            Some(Catch { named: true, .. }) => Fate::Noted,
            _ => Fate::Survived,
        };
        let fuzz = match &self.fuzz {
            Some(fuzzing) => Some(fuzz::fuzz_with(Some(fault), fuzzing.time).await?.without(&fuzzing.baseline)),
            None => None,
        };
        let Fault { name, description, killed_by, .. } = fault;
        Ok(Tried { fault: name, description, named: killed_by, fate, caught_by, differs_in, fuzz })
    }
}

/// Whether the fault shows in the verdict of a case.
fn is_worse(before: &Seen, with: &Seen, fault: &Fault) -> bool {
    match (before.verdict, with.verdict) {
        (Verdict::Pass | Verdict::Note, Verdict::Fail | Verdict::Warn) => true,
        // A case that notes what it observes may note something else.
        (Verdict::Pass, Verdict::Note) => fault.is_noted,
        _ => false,
    }
}

/// Whether a quick self-test runs the case for the fault.
fn is_for(fault: &Fault, id: &str) -> bool {
    fault.killed_by.iter().chain(COMPANIONS).any(|glob| matches(glob, id))
}

fn matches(glob: &str, id: &str) -> bool {
    glob::Pattern::new(glob).is_ok_and(|pattern| pattern.matches(id))
}

/// An emulator with that fault, or without any, and fixtures on it whose secrets the guard knows.
async fn emulator_with(fault: Option<&'static Fault>, guard: &Guard) -> Result<(Emulator, Fixtures), SelfTestError> {
    let config = Config { fault, ..Config::default() };
    let emulator = Emulator::start(config.clone()).await?;
    let mut target = Target::embedded(&emulator.endpoint(), &config.region, TIMEOUT)?;
    target.secrets = guard.secrets();
    Ok((emulator, Fixtures::new(target, "self-test", None)))
}

async fn run_cases(fault: Option<&'static Fault>, cases: Vec<Case>) -> Result<BTreeMap<String, Seen>, SelfTestError> {
    let (emulator, fixtures) = emulator_with(fault, &Guard::default()).await?;
    let fixtures = Arc::new(fixtures);
    let plan = Plan {
        cases,
        jobs: CASES_AT_ONCE,
        case_timeout: CASE_TIMEOUT,
        fail_fast: false,
        seed: 0,
        expectations: None,
        baseline: None,
    };
    let (events, mut told) = mpsc::unbounded_channel();
    let (_never, stop) = watch::channel(false);
    let listen = async {
        let mut seen = BTreeMap::new();
        while let Some(event) = told.recv().await {
            if let Event::CaseFinished(outcome) = event {
                seen.insert(outcome.id.clone(), Seen::of(&outcome));
            }
        }
        seen
    };
    let (_, seen) = tokio::join!(run(fixtures, plan, events, stop), listen);
    emulator.shutdown().await;
    Ok(seen)
}

impl Seen {
    fn of(outcome: &Outcome) -> Self {
        let broken = outcome.findings.first().map(|finding| (finding.rule.clone(), finding.level, finding.evidence));
        Seen { verdict: outcome.verdict, broken, wire: wire::normalised(outcome) }
    }
}
