//! The events of a fuzzing run of clients. Everything in them is redacted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use crate::cognito::Severity;
use crate::fuzz::{Ended, Progress, Repeats};
use crate::generate::call::Input;
use crate::run::{ExchangeReport, FindingReport};
use crate::scenario::{Layer, Scenario};
use crate::target::Secrets;

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// How far it is; several times a second.
    Progress(Progress),
    /// A finding: seen again, shrunk, and told once however often it comes.
    Found(Box<Found>),
    /// What a person should know: an adapter of which nothing can be told.
    Notice(String),
}

/// Where clients of one layer differ.
#[derive(Clone, Debug, Serialize)]
pub struct Differing {
    /// The layer.
    pub layer: Layer,
    /// In what: the `outcome`, the `code` of an error, or the `options` of a success.
    pub what: &'static str,
    /// The place in the options (RFC 6901), where it is those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What each client told, by its name.
    pub told: BTreeMap<String, String>,
}

/// A finding of the fuzzer of clients.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    /// A name for files: the rule and the client, or in what they differ, and a digest of the input.
    pub name: String,
    /// How loud it is: as loud as its rule. That clients differ is a note.
    pub severity: Severity,
    /// Whether it came again.
    pub repeats: Repeats,
    /// The clients that it is of.
    pub clients: Vec<String>,
    /// The rule, what came and what was wanted, where one is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<FindingReport>,
    /// How clients differ, where that is what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differing: Option<Differing>,
    /// The defects in the shrunk answer; none where a plain one shows it.
    pub labels: Vec<String>,
    /// The class of the shrunk answer.
    pub class: &'static str,
    /// What each of the clients made of it, as an observation.
    pub told: BTreeMap<String, String>,
    /// The call and the shrunk answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<ExchangeReport>,
    /// How often it had come when the run ended; set at the end.
    pub times: u64,
    /// Calls that were spent on seeing it again and shrinking it.
    pub spent: u64,
    /// The shrunk answer, with what is demanded of clients that get it.
    #[serde(skip)]
    pub scenario: Arc<Scenario>,
    /// The shrunk input.
    #[serde(skip)]
    pub input: Input,
    /// How many secrets were known when it was redacted.
    #[serde(skip)]
    pub(crate) secrets_known: usize,
}

impl Found {
    /// The file that it is kept in: the scenario, as [`Scenario::read`] takes it, with the bytes that it is drawn from and what was
    /// found.
    #[must_use]
    pub fn to_file(&self) -> Value {
        let mut file = json!(self.scenario.entry());
        file["input"] = data_encoding::HEXLOWER.encode(&self.input.to_file()).into();
        file["found"] = json!(self);
        file
    }

    /// The input in such a file; nothing where there is none.
    #[must_use]
    pub fn input_of_file(file: &[u8]) -> Option<Input> {
        let file: Value = serde_json::from_slice(file).ok()?;
        let bytes = data_encoding::HEXLOWER.decode(file.get("input")?.as_str()?.as_bytes()).ok()?;
        Input::of_file(&bytes).ok()
    }

    /// Redacts it again for what has become known as a secret since.
    pub fn redact_later(&mut self, secrets: &Secrets) {
        let (count, known) = (secrets.count(), self.secrets_known);
        let clean = |text: &mut String| *text = secrets.clean_of_later(text, known);
        self.finding.iter_mut().for_each(|finding| finding.each_text(clean));
        self.exchange.iter_mut().for_each(|exchange| exchange.each_text(clean));
        self.differing.iter_mut().flat_map(|differing| differing.told.values_mut()).for_each(clean);
        self.told.values_mut().for_each(clean);
        self.secrets_known = count;
    }
}

/// One client of a run.
#[derive(Clone, Debug, Serialize)]
pub struct OfClient {
    /// Its name.
    pub name: String,
    /// Its title and version.
    pub title: String,
    /// What it does with options.
    pub layer: Layer,
    /// How often each outcome came, `lost` being that of an adapter that was.
    pub outcomes: BTreeMap<&'static str, u64>,
}

/// The end of a run.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// How far it came. A kind of answer is what a client makes of an answer: its outcome, and the name of its error.
    #[serde(flatten)]
    pub progress: Progress,
    /// Answers that were drawn and looked at.
    pub drawn: u64,
    /// The clients.
    pub clients: Vec<OfClient>,
    /// How many labels can be drawn, those of options aside.
    pub labels_known: usize,
    /// The labels that were never drawn.
    pub labels_missed: Vec<&'static str>,
    /// How often each class of answer was drawn.
    pub classes: BTreeMap<&'static str, u64>,
    /// The findings, the loudest first.
    pub found: Vec<Found>,
    /// How often each rule was found broken that is only worth a note.
    pub noted: BTreeMap<Cow<'static, str>, u64>,
    /// Why it ended.
    pub ended: Ended,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}
