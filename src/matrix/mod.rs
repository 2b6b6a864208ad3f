//! The matrix: what several implementations make of each case, side by side, and beside what live Cognito is known to do.
//!
//! Its columns are servers, or they are clients: then its rows are scenarios, what is known of live Cognito is no part of it, and
//! clients are only held against one another.
//!
//! It is made of the results of runs and of the profile `cognito`, and of nothing else: the same input gives the same matrix.
//! Verdicts in it are those without a baseline. Where it is not known what live Cognito does, a difference between
//! implementations is told as such, and no side of it is called right: a majority is no authority.

mod between;
mod build;
mod camps;
mod json;
mod live;
mod markdown;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::cognito::{Evidence, Level, Severity};
use crate::run::Verdict;
use crate::suite::{Kind, Side, Theme};

pub use build::{Input, InputError};
pub use camps::Camp;

/// The version of the matrix's JSON; `cogspec schema matrix` describes it.
pub const MATRIX_VERSION: u32 = 1;

/// Cases by implementations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// The version of this form.
    pub version: u32,
    /// The version of cogspec that made it.
    pub cogspec: String,
    /// Which side the implementations are of.
    #[serde(default, skip_serializing_if = "Side::is_server")]
    pub side: Side,
    /// What of the grid is known of live Cognito.
    pub live: Live,
    /// The implementations, in the order in which they were given.
    pub columns: Vec<Column>,
    /// The rules that a finding in the grid is about, by their ids.
    pub rules: BTreeMap<String, RuleTold>,
    /// The cases that any of the implementations was run with, by theme and id.
    pub rows: Vec<Row>,
}

/// What is known of live Cognito, as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The profile that states it.
    pub profile: String,
    /// In how many of the rows something is known, by how it is known. What is not there counts nought.
    pub known: BTreeMap<Evidence, usize>,
}

impl Live {
    /// In how many of the rows it is recorded or documented, and in how many it is only inferred.
    #[must_use]
    pub fn firm_and_inferred(&self) -> (usize, usize) {
        let of = |evidence| self.known.get(&evidence).copied().unwrap_or_default();
        (of(Evidence::Recorded) + of(Evidence::Documented), of(Evidence::Inferred))
    }
}

/// One implementation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name; cells are found by it.
    pub name: String,
    /// Its version, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The page that it is published on, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The day on which it was run, `YYYY-MM-DD` in UTC.
    pub day: String,
    /// The version of cogspec that ran it.
    pub cogspec: String,
    /// The digest of the set of cases that it was run with: two columns of different sets were judged by different rules.
    pub case_set: String,
    /// How far the run came.
    #[serde(flatten)]
    pub state: State,
    /// What the run told besides its cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// All its cells, counted.
    pub all: Tally,
    /// The same for each theme that it has cells of.
    pub themes: BTreeMap<Theme, Tally>,
    /// The rules that it breaks so that a case fails or warns, the one that is broken in most cases first; of two alike the
    /// louder one, then by id.
    pub wrong: Vec<Wrong>,
}

impl Column {
    /// The count of a theme; all nought where it has no cell of it.
    #[must_use]
    pub fn theme(&self, theme: Theme) -> Tally {
        self.themes.get(&theme).cloned().unwrap_or_default()
    }
}

/// How far a run came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum State {
    /// Every case that was chosen has ended.
    Judged,
    /// The run was stopped, or the target stopped answering: cells are missing for no fault of the implementation.
    Partly {
        /// How many chosen cases were not run.
        not_run: usize,
    },
    /// It does not know the operation, so that it has no cell.
    NotImplemented {
        /// How it answers, in a sentence.
        said: String,
    },
}

/// Cells, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many there are.
    pub cells: usize,
    /// How many have each verdict, the baseline apart. What is not there counts nought. `known` and `fixed` are never there.
    pub verdicts: BTreeMap<Verdict, usize>,
    /// How many fail or warn in the way that the baseline of the implementation lists.
    pub known: usize,
    /// How they stand to live Cognito. What is not there counts nought.
    pub live: BTreeMap<Standing, usize>,
    /// Those of them where what live Cognito does is only inferred.
    pub live_inferred: BTreeMap<Standing, usize>,
}

impl Tally {
    /// How many have that verdict.
    #[must_use]
    pub fn of(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    /// How many stand like that to live Cognito.
    #[must_use]
    pub fn standing(&self, standing: Standing) -> usize {
        self.live.get(&standing).copied().unwrap_or_default()
    }

    /// The same, where what live Cognito does is recorded or documented.
    #[must_use]
    pub fn firm_standing(&self, standing: Standing) -> usize {
        self.standing(standing)
            - self.live_inferred.get(&standing).copied().unwrap_or_default().min(self.standing(standing))
    }
}

/// A rule that an implementation breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrong {
    /// The rule's id; [`Matrix::rules`] tells it.
    pub rule: String,
    /// How loud that is.
    pub severity: Severity,
    /// In how many cases, each counted once.
    pub cases: usize,
}

/// A rule, told once for all findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleTold {
    /// How binding it is.
    pub level: Level,
    /// How far it can be trusted.
    pub evidence: Evidence,
    /// The rule in a sentence.
    pub statement: String,
    /// Where it is written.
    pub source: String,
    /// The address of that document.
    pub url: String,
}

/// One case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    pub case: String,
    /// Its theme.
    pub theme: Theme,
    /// What it shows.
    pub title: String,
    /// What it expects.
    #[serde(flatten)]
    pub kind: Kind,
    /// The ids of the rules that it proves.
    pub proves: Vec<String>,
    /// What live Cognito is known to do; absent where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<LiveAnswer>,
    /// How the implementations that were judged stand to one another.
    pub between: Between,
    /// The members of what is served in which they differ, where they do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// A command that asks for the judged answer, as the first server that was run with the case was asked for it, where the
    /// command is short. `$ENDPOINT` is the server's address and `$ACCESS_TOKEN` a signed-in user's token. The results of
    /// the run have the commands of all exchanges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
    /// What each implementation makes of it, by the column's name. What was not run with this case is not there.
    pub cells: BTreeMap<String, Cell>,
}

impl Row {
    /// Whether a reader misses little where the row is only counted: nothing in it warns or fails, and no answer is of another
    /// class or status than the others' or live Cognito's. Words, and what [`Between::Members`] tells, may differ.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let is_quiet = |cell: &Cell| {
            !matches!(cell.verdict, Verdict::Warn | Verdict::Fail | Verdict::Error)
                && !matches!(cell.live, Standing::AnotherStatus | Standing::OptionsDiffer | Standing::AnotherClass)
        };
        self.between != Between::Classes && self.cells.values().all(is_quiet)
    }
}

/// What live Cognito is known to answer to a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveAnswer {
    /// How it is known.
    pub evidence: Evidence,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The day on which live Cognito was asked, `YYYY-MM-DD`, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The answers in order, as far as they are known.
    pub answers: Vec<Answer>,
    /// The snapshot's text: all that is known, the members of served options among it.
    pub text: String,
}

/// An answer in short. What differs from run to run is told by its shape (`<uuid>`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status; absent where no answer came, or where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The class: `success`, an error's name, or what came in its place (`not-aws-json:xml`, `transport:timeout`); absent where
    /// it is not known. Of a client the name that it gives to the error, where it gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// The error's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// How often it came in this case, where that is more than once.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub times: usize,
    /// Of a client: what it made of the answer that it got (`success`, `error`, `failure`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Of a client: how often it asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<usize>,
}

impl Answer {
    /// What a client made of it, in a few words: the name that it gives to an error of the service, else the outcome, with the
    /// client's own name for why it gave up.
    #[must_use]
    pub fn of_client(&self) -> String {
        let outcome = self.outcome.as_deref().unwrap_or("not known");
        match (outcome, &self.class) {
            ("error", Some(class)) => class.clone(),
            ("success", _) | (_, None) => outcome.to_owned(),
            (outcome, Some(class)) => format!("{outcome} ({class})"),
        }
    }
}

fn once() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_once(times: &usize) -> bool {
    *times == 1
}

/// What one implementation makes of one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The verdict, the baseline apart: never `known` or `fixed`.
    pub verdict: Verdict,
    /// Why it is known, where the baseline of the implementation lists that it fails or warns in this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
    /// Why there is no verdict of the implementation: for `skip`, `inconclusive` and `error`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it answered to what is judged, in order, each different answer once; of a client what it made of what it was answered.
    /// Empty for audits, which judge the answers of other cases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// How that stands to live Cognito.
    pub live: Standing,
    /// In what it differs from live Cognito, as far as that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differs: Vec<Difference>,
    /// What was found, the loudest first, at most three of one rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<CellFinding>,
    /// A command that asks for the judged answer again, where the cell warns or fails or differs from live Cognito, the row's
    /// asks for something else, and it is short.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
}

/// How an answer stands to what live Cognito is known to do. The order is that of nearness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// The same in all that is known.
    Same,
    /// The same class and message, in another form: headers, or the members of an error's body.
    AnotherForm,
    /// The same class, with another message.
    AnotherMessage,
    /// The same class, with another status.
    AnotherStatus,
    /// Served, as it should be, with other options.
    OptionsDiffer,
    /// Another class.
    AnotherClass,
    /// It is not known what live Cognito does.
    Unknown,
    /// There is no answer that could be compared; the cell tells why.
    NotComparable,
}

impl Standing {
    /// Every standing, in order.
    pub const ALL: [Standing; 8] = [
        Standing::Same,
        Standing::AnotherForm,
        Standing::AnotherMessage,
        Standing::AnotherStatus,
        Standing::OptionsDiffer,
        Standing::AnotherClass,
        Standing::Unknown,
        Standing::NotComparable,
    ];

    /// In words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Standing::Same => "as live Cognito",
            Standing::AnotherForm => "same class and message, in another form",
            Standing::AnotherMessage => "same class, another message",
            Standing::AnotherStatus => "same class, another status",
            Standing::OptionsDiffer => "options differ",
            Standing::AnotherClass => "another class",
            Standing::Unknown => "not known of live Cognito",
            Standing::NotComparable => "not comparable",
        }
    }

    /// Whether it departs from what is known.
    #[must_use]
    pub fn differs(self) -> bool {
        !matches!(self, Standing::Same | Standing::Unknown | Standing::NotComparable)
    }
}

/// Something in which an answer is not live Cognito's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Difference {
    /// What: `status`, `class`, `message`, `members`, a header's name, or `body` and a JSON pointer
    /// (`body/CredentialCreationOptions/timeout`). Of a second judged answer `exchange 2: ` stands in front.
    pub what: String,
    /// What live Cognito is known to answer; absent where it has nothing there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
    /// What came; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<String>,
}

impl Difference {
    /// Whether it is a member of what is served.
    #[must_use]
    pub fn is_of_body(&self) -> bool {
        self.what.split(": ").last().is_some_and(|key| key == "body" || key.starts_with("body/"))
    }
}

/// Something that was found in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellFinding {
    /// The rule's id; [`Matrix::rules`] tells it.
    pub rule: String,
    /// How loud it is.
    pub severity: Severity,
    /// The place in the judged document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What came.
    pub got: String,
    /// What was wanted.
    pub wanted: String,
}

/// How the implementations that were judged stand to one another in a case. What clients tell of it is told of them in place of
/// statuses and classes: the outcome, and the name of an error of the service. The name for what a client gave up for is its own,
/// and so are the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Between {
    /// Fewer than two were judged by answers of their own, so that there is nothing to compare.
    Single,
    /// All answer alike.
    Alike,
    /// The same statuses and classes, with different messages.
    Messages,
    /// The same statuses and classes, and what is served differs in members: creation options mostly.
    Members,
    /// Different statuses or classes.
    Classes,
}

impl Between {
    /// In words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Between::Single => "nothing to compare",
            Between::Alike => "all answer alike",
            Between::Messages => "different messages",
            Between::Members => "different members",
            Between::Classes => "different classes",
        }
    }
}

/// A member of what is served in which implementations differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// `body` and a JSON pointer; of a second judged answer `exchange 2: ` stands in front.
    pub what: String,
    /// Each value with those that give it, in the order of the columns.
    pub values: Vec<MemberValue>,
}

/// A value of a member, and who gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberValue {
    /// The value as JSON, what is random told by its shape; absent where the member is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The names of the columns.
    pub columns: Vec<String>,
}

#[cfg(test)]
mod client_tests;
#[cfg(test)]
mod tests;
