//! A run that has ended, as one document: what the JSON report writes, and what comparisons and other reports read again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::event::{Counts, EVENTS_VERSION, Event, Outcome, RunInfo, Summary};
use super::ids;
use super::listed::{Known, KnownSummary};
use crate::baseline::Baseline;
use crate::suite::Theme;

/// A whole run; `cogspec schema run` describes its JSON.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// The version of this form: that of the events.
    pub version: u32,
    /// What the run was about.
    pub run: RunInfo,
    /// Every case that ended, by theme and id.
    pub cases: Vec<Outcome>,
    /// What a person should know and belongs to no case.
    pub notices: Vec<String>,
    /// How it ended.
    pub summary: Summary,
}

/// Makes results of events.
#[derive(Debug, Default)]
pub struct Collector {
    run: Option<RunInfo>,
    cases: Vec<Outcome>,
    notices: Vec<String>,
}

impl Collector {
    /// Takes the next event; with the last one the results are whole.
    pub fn event(&mut self, event: &Event) -> Option<Results> {
        match event {
            Event::RunStarted(info) => self.run = Some(info.clone()),
            Event::Notice { text } => self.notices.push(text.clone()),
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(outcome) => self.cases.push((**outcome).clone()),
            Event::RunFinished(summary) => {
                let Collector { run, mut cases, notices } = std::mem::take(self);
                Results::sort(&mut cases);
                return Some(Results { version: EVENTS_VERSION, run: run?, cases, notices, summary: summary.clone() });
            }
        }
        None
    }
}

/// A document that is no results of this version.
#[derive(Debug, thiserror::Error)]
#[error("{name} is not the results of a run: {why}; `cogspec run --report json={name}` writes them")]
pub struct ResultsError {
    name: String,
    why: String,
}

impl Results {
    /// Reads the document of a file of that name.
    ///
    /// # Errors
    /// When it is not one, or one of another version.
    pub fn parse(name: &Path, document: &[u8]) -> Result<Self, ResultsError> {
        /// What every version has.
        #[derive(Deserialize)]
        struct Version {
            version: u32,
        }
        let wrong = |why: String| ResultsError { name: name.display().to_string(), why };
        let Version { version } = serde_json::from_slice(document).map_err(|e| wrong(e.to_string()))?;
        if version != EVENTS_VERSION {
            return Err(wrong(format!("it has version {version}, and this cogspec reads version {EVENTS_VERSION}")));
        }
        serde_json::from_slice(document).map_err(|e| wrong(e.to_string()))
    }

    /// The outcome of a case.
    #[must_use]
    pub fn case(&self, id: &str) -> Option<&Outcome> {
        self.cases.iter().find(|outcome| outcome.id == id)
    }

    /// The same results, held against a baseline. The notices are those of the baseline.
    #[must_use]
    pub fn against(mut self, baseline: Baseline) -> Self {
        let mut known = Known::new(baseline, ids::known(self.run.side));
        let mut counts = Counts::default();
        for outcome in &mut self.cases {
            outcome.verdict = outcome.found();
            outcome.listed = None;
            known.compare(outcome);
            counts.add(outcome.verdict);
        }
        let KnownSummary { expired, unmatched, notices } = known.finish();
        self.notices = notices;
        self.summary = Summary { counts, expired, unmatched, ..self.summary };
        self
    }

    /// How the target answers, where it does not know the operation: it was reached, and nobody stopped the run, and yet no case
    /// began. The last notice says why.
    #[must_use]
    pub fn not_implemented(&self) -> Option<&str> {
        let Summary { not_run, interrupted, unreachable, .. } = self.summary;
        let nothing_began = self.cases.is_empty() && not_run > 0 && !interrupted && !unreachable;
        self.notices.last().filter(|_| nothing_began).map(String::as_str)
    }

    /// Their JSON.
    ///
    /// # Errors
    /// None that results can cause: the signature is that of the library.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// Sorts the cases by theme and id.
    pub(crate) fn sort(cases: &mut [Outcome]) {
        let key = |outcome: &Outcome| -> (Theme, String) { (outcome.theme, outcome.id.clone()) };
        cases.sort_by_cached_key(key);
    }

    /// The events of such a run, for the reports that take events.
    pub fn into_events(self) -> impl Iterator<Item = Event> {
        let Results { run, cases, notices, summary, .. } = self;
        let cases = cases.into_iter().map(|outcome| Event::CaseFinished(Box::new(outcome)));
        let notices = notices.into_iter().map(|text| Event::Notice { text });
        std::iter::once(Event::RunStarted(run)).chain(cases).chain(notices).chain([Event::RunFinished(summary)])
    }
}
