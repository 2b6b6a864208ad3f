//! The events of a run. Everything in them is redacted: a consumer cannot leak what it never sees.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::cognito::{Evidence, Level, Severity};
use crate::snapshot::DriftReport;
use crate::suite::{Kind, Role, Side, Theme};
use crate::target::Secrets;

/// The version of the events' form; the schema in the repository describes it.
pub const EVENTS_VERSION: u32 = 1;

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everything held.
    Pass,
    /// A MAY was not followed, or something implementation-defined was observed.
    Note,
    /// A SHOULD was not followed, or a MUST that is only inferred.
    Warn,
    /// A MUST was broken.
    Fail,
    /// It fails in the way that the baseline lists.
    Known,
    /// The baseline lists a failure, and there is none any more.
    Fixed,
    /// The target cannot give what the case needs.
    Skip,
    /// What came proves nothing.
    Inconclusive,
    /// The harness could not judge: a bug in it.
    Error,
}

impl Verdict {
    /// Every verdict, in the order of reports.
    pub const ALL: [Verdict; 9] = [
        Verdict::Pass,
        Verdict::Note,
        Verdict::Warn,
        Verdict::Fail,
        Verdict::Known,
        Verdict::Fixed,
        Verdict::Skip,
        Verdict::Inconclusive,
        Verdict::Error,
    ];

    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Note => "note",
            Verdict::Warn => "warn",
            Verdict::Fail => "fail",
            Verdict::Known => "known",
            Verdict::Fixed => "fixed",
            Verdict::Skip => "skip",
            Verdict::Inconclusive => "inconclusive",
            Verdict::Error => "error",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<Severity> for Verdict {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Note => Verdict::Note,
            Severity::Warn => Verdict::Warn,
            Severity::Fail => Verdict::Fail,
        }
    }
}

/// Something that happened in a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The first event.
    RunStarted(RunInfo),
    /// Something that a person should know and that belongs to no case.
    Notice {
        /// It, in a sentence.
        text: String,
    },
    /// A case has begun.
    CaseStarted {
        /// Its id.
        id: String,
    },
    /// A case has ended.
    CaseFinished(Box<Outcome>),
    /// The last event.
    RunFinished(Summary),
}

/// What a run is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunInfo {
    /// The version of the events' form.
    pub version: u32,
    /// The version of cogspec.
    pub cogspec: Cow<'static, str>,
    /// What the target is called.
    pub target: String,
    /// The endpoint.
    pub endpoint: String,
    /// The number of cases that were chosen.
    pub cases: usize,
    /// The seed.
    pub seed: u64,
    /// The digest of the whole set of cases, chosen or not.
    pub case_set: String,
    /// When it began, in seconds of the Unix epoch.
    pub started: u64,
    /// The run's token: `--seed` takes it and repeats the run.
    pub token: String,
    /// Which side was judged.
    #[serde(default, skip_serializing_if = "Side::is_server")]
    pub side: Side,
    /// What the command line calls the client that was judged: the `NAME` of `cogspec clients run NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// What became of one case, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The case's id.
    pub id: String,
    /// Its theme.
    pub theme: Theme,
    /// What it shows.
    pub title: String,
    /// The ids of the rules that it proves.
    pub rules: Vec<Cow<'static, str>>,
    /// What it expects.
    #[serde(flatten)]
    pub kind: Kind,
    /// What became of it.
    pub verdict: Verdict,
    /// What the baseline lists of it, where one was given and lists it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listed: Option<Listed>,
    /// How it fails or warns, as a baseline lists it: a line for each finding of that weight, without what differs from run to
    /// run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fingerprint: Vec<String>,
    /// Why there is no verdict of the target: for `skip`, `inconclusive` and `error`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What was found, the loudest first.
    pub findings: Vec<FindingReport>,
    /// The calls of other operations that made the state which the case needs, in order, each with its input.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prepared: Vec<String>,
    /// What was sent and what came.
    pub exchanges: Vec<ExchangeReport>,
    /// The observation, in the form that snapshots are compared in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observation: Option<String>,
    /// How the observation departs from the expected one, where a profile is held against the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<DriftReport>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How many secrets were known when it was redacted.
    #[serde(skip)]
    pub secrets_known: usize,
}

impl Outcome {
    /// Redacts it again for what has become known as a secret since: a server can tell in one answer what it gives in a later
    /// one.
    pub fn redact_later(&mut self, secrets: &Secrets) {
        let (count, known) = (secrets.count(), self.secrets_known);
        if count == known {
            return;
        }
        let clean = |text: &mut String| *text = secrets.clean_of_later(text, known);
        self.reason.iter_mut().chain(&mut self.prepared).chain(&mut self.fingerprint).for_each(clean);
        self.findings.iter_mut().for_each(|finding| finding.each_text(clean));
        self.exchanges.iter_mut().for_each(|exchange| exchange.each_text(clean));
        for text in self.observation.iter_mut().chain(self.drift.as_mut().map(|drift| &mut drift.diff)) {
            let lines = text.split('\n').map(|line| secrets.clean_of_later(line, known));
            *text = lines.collect::<Vec<_>>().join("\n");
        }
        self.secrets_known = count;
    }

    /// The verdict without the baseline.
    #[must_use]
    pub fn found(&self) -> Verdict {
        self.listed.as_ref().map_or(self.verdict, |listed| listed.found)
    }

    /// The observation, where it can be held against a snapshot or recorded as one: what could not be judged was not
    /// observed properly either.
    #[must_use]
    pub fn judged_observation(&self) -> Option<&str> {
        let judged = matches!(self.found(), Verdict::Pass | Verdict::Note | Verdict::Warn | Verdict::Fail);
        self.observation.as_deref().filter(|_| judged)
    }
}

#[cfg(test)]
impl Outcome {
    /// A case that passed, of the theme that its id begins with, for tests to change.
    pub(crate) fn example(id: &str) -> Self {
        Outcome {
            id: id.to_owned(),
            theme: Theme::of_id(id).unwrap_or(Theme::Token),
            title: "shows something".to_owned(),
            rules: vec!["token.signature".into()],
            kind: Kind::Refused { classes: vec!["NotAuthorizedException".into()] },
            verdict: Verdict::Pass,
            listed: None,
            fingerprint: Vec::new(),
            reason: None,
            findings: Vec::new(),
            prepared: Vec::new(),
            exchanges: Vec::new(),
            observation: None,
            drift: None,
            duration_ms: 12,
            secrets_known: 0,
        }
    }
}

/// What a baseline lists of a case that was run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// What the verdict is without the baseline.
    pub found: Verdict,
    /// How it is listed to fail.
    pub fingerprint: Vec<String>,
    /// Why that is known.
    pub reason: String,
    /// Where more is told of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The last day on which it is known, `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
    /// Whether that day is past.
    pub expired: bool,
}

/// One finding, with all that a reader needs to believe it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindingReport {
    /// The rule's id.
    pub rule: Cow<'static, str>,
    /// How loud it is.
    pub severity: Severity,
    /// How binding the rule is.
    pub level: Level,
    /// How far the rule can be trusted.
    pub evidence: Evidence,
    /// The rule in a sentence.
    pub statement: Cow<'static, str>,
    /// Where it is written.
    pub source: String,
    /// The address of that document.
    pub url: Cow<'static, str>,
    /// The place in the judged document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What came.
    pub got: String,
    /// What was wanted.
    pub wanted: String,
}

impl FindingReport {
    /// Hands out each text that a server may have had a part in.
    pub(crate) fn each_text(&mut self, take: impl FnMut(&mut String)) {
        self.pointer.iter_mut().chain([&mut self.got, &mut self.wanted]).for_each(take);
    }
}

impl ExchangeReport {
    /// The same of an exchange.
    pub(crate) fn each_text(&mut self, take: impl FnMut(&mut String)) {
        self.message.iter_mut().chain([&mut self.curl, &mut self.class, &mut self.answer]).for_each(take);
    }
}

/// One exchange.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExchangeReport {
    /// What it is for.
    pub role: Role,
    /// A command that repeats it; secrets are shell variables.
    pub curl: String,
    /// The status, where an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The class of the answer.
    pub class: String,
    /// The error's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The answer's head and body, cut where they are long.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub elapsed_ms: u64,
}

/// How many cases had each verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the number of cases with the verdict of that name")]
pub struct Counts {
    pub pass: usize,
    pub note: usize,
    pub warn: usize,
    pub fail: usize,
    pub known: usize,
    pub fixed: usize,
    pub skip: usize,
    pub inconclusive: usize,
    pub error: usize,
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Pass => self.pass += 1,
            Verdict::Note => self.note += 1,
            Verdict::Warn => self.warn += 1,
            Verdict::Fail => self.fail += 1,
            Verdict::Known => self.known += 1,
            Verdict::Fixed => self.fixed += 1,
            Verdict::Skip => self.skip += 1,
            Verdict::Inconclusive => self.inconclusive += 1,
            Verdict::Error => self.error += 1,
        }
    }

    /// How many cases had that verdict.
    #[must_use]
    pub fn of(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Note => self.note,
            Verdict::Warn => self.warn,
            Verdict::Fail => self.fail,
            Verdict::Known => self.known,
            Verdict::Fixed => self.fixed,
            Verdict::Skip => self.skip,
            Verdict::Inconclusive => self.inconclusive,
            Verdict::Error => self.error,
        }
    }

    /// How many cases ended.
    #[must_use]
    pub fn total(&self) -> usize {
        // What is read from a file may hold any numbers.
        Verdict::ALL.into_iter().map(|verdict| self.of(verdict)).fold(0, usize::saturating_add)
    }

    /// How many cases say something of the target.
    #[must_use]
    pub fn judged(&self) -> usize {
        [self.pass, self.note, self.warn, self.fail, self.known, self.fixed].into_iter().fold(0, usize::saturating_add)
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Self {
        all.fold(Counts::default(), |a, b| Counts {
            pass: a.pass + b.pass,
            note: a.note + b.note,
            warn: a.warn + b.warn,
            fail: a.fail + b.fail,
            known: a.known + b.known,
            fixed: a.fixed + b.fixed,
            skip: a.skip + b.skip,
            inconclusive: a.inconclusive + b.inconclusive,
            error: a.error + b.error,
        })
    }
}

/// The end of a run.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    /// How many cases had each verdict.
    pub counts: Counts,
    /// Cases whose observation departs from a snapshot that is recorded or documented: drift that fails the run.
    pub drifted: usize,
    /// Cases whose observation departs from a snapshot that is only inferred.
    pub drifted_inferred: usize,
    /// Snapshots that no case has.
    pub stale: usize,
    /// Failures that the baseline lists for a time that is past.
    pub expired: usize,
    /// Entries of the baseline that no case is judged by: the case does not exist, or could not be judged.
    pub unmatched: usize,
    /// Chosen cases that were not run, because the run was stopped.
    pub not_run: usize,
    /// Whether it was stopped from outside (Ctrl-C) or by `--fail-fast`.
    pub interrupted: bool,
    /// Whether the target stopped answering.
    pub unreachable: bool,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// How the command ends; absent where that is not decided yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<ExitReport>,
}

/// The end of the command that ran the cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitReport {
    /// The exit code.
    pub code: u8,
    /// What it means, in words.
    pub meaning: Cow<'static, str>,
}
