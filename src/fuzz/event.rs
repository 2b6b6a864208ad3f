//! The events of a fuzzing run. Everything in them is redacted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use crate::cognito::Severity;
use crate::generate::call::Input;
use crate::run::{ExchangeReport, FindingReport};
use crate::target::Secrets;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// How far it is; several times a second.
    Progress(Progress),
    /// A finding: confirmed, shrunk, and told once however often it comes.
    Found(Box<Found>),
    /// What a person should know: an outage, a user who was left.
    Notice(String),
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Calls that were sent and answered, those of shrinking and witnesses included.
    pub requests: u64,
    /// Labels of defects that were drawn at least once.
    pub labels: usize,
    /// Kinds of answer: status, class, shape of the message, order of magnitude of the time.
    pub answers: usize,
    /// Findings that were confirmed.
    pub findings: usize,
}

/// Whether a finding came again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Repeats {
    /// Each time, with witnesses served around it.
    Always,
    /// Not each time: it is told, and does not fail the run.
    Flaky,
}

/// A finding of the fuzzer.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// A name for files: the rule, and a digest of the input.
    pub name: String,
    /// How loud it is: as loud as its rule. Where several defects are needed to show it, as the quietest of their rules, for
    /// one of them may hide another.
    pub severity: Severity,
    /// Whether it came again.
    pub repeats: Repeats,
    /// The rule, what came and what was wanted.
    pub finding: FindingReport,
    /// The labels of the defects in the shrunk call; none where a plain call shows it.
    pub labels: Vec<&'static str>,
    /// The user who called.
    pub user: String,
    /// The shrunk call and its answer.
    pub exchange: ExchangeReport,
    /// How often it had come when the run ended; set at the end.
    pub times: u64,
    /// Calls that were spent on confirming and shrinking.
    pub spent: u64,
    /// The shrunk input.
    #[serde(skip)]
    pub input: Input,
    /// How many secrets were known when it was redacted.
    #[serde(skip)]
    pub secrets_known: usize,
}

impl Found {
    /// Redacts it again for what has become known as a secret since.
    pub fn redact_later(&mut self, secrets: &Secrets) {
        let (count, known) = (secrets.count(), self.secrets_known);
        let clean = |text: &mut String| *text = secrets.clean_of_later(text, known);
        self.finding.each_text(clean);
        self.exchange.each_text(clean);
        clean(&mut self.user);
        self.secrets_known = count;
    }
}

/// Why a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", content = "detail", rename_all = "kebab-case")]
pub enum Ended {
    /// The time was over.
    Time,
    /// So many calls were made as were wanted, or as the budget allows.
    Requests,
    /// From outside, by a signal.
    Stopped,
    /// The target no longer answers.
    Gone(String),
    /// Plain requests are not served (any more), so that nothing can be told from other answers.
    NotServed(String),
}

/// The end of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// How far it came.
    #[serde(flatten)]
    pub progress: Progress,
    /// How many labels can be drawn for this target.
    pub labels_known: usize,
    /// The labels that were never drawn.
    pub labels_missed: Vec<&'static str>,
    /// Whether tokens are signed again after a change. Without a key all such changes are one defect.
    pub signs: bool,
    /// How often each class of answer came.
    pub classes: BTreeMap<String, u64>,
    /// The findings, the loudest first.
    pub found: Vec<Found>,
    /// How often each rule was found broken that is only worth a note.
    pub noted: BTreeMap<Cow<'static, str>, u64>,
    /// Answers that told nothing, for the server throttled.
    pub throttled: u64,
    /// Users who were made.
    pub users: usize,
    /// Times when no connection could be made, and then again.
    pub outages: u64,
    /// The calls that were under way when the target went away for good.
    #[serde(skip)]
    pub suspects: Vec<Input>,
    /// Why it ended.
    pub ended: Ended,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}
