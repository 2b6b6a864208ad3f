//! A matrix out of the results of runs.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cell, CellFinding, Column, Live, MATRIX_VERSION, Matrix, Row, RuleTold, Standing, State, Tally, Wrong, between,
    live,
};
use crate::cognito::Severity;
use crate::run::{ExchangeReport, FindingReport, Outcome, Results, RunInfo, Verdict, day};
use crate::snapshot::Profile;
use crate::suite::{Kind, Role, Side, Theme};
use crate::wire;

/// The most of a text that a server had a part in, in characters.
const LONGEST: usize = 400;

/// The longest command line that is told, in bytes.
const LONGEST_CURL: usize = 1000;

/// The most findings of one rule that a cell tells.
const OF_ONE_RULE: usize = 3;

/// One implementation, and what its run gave.
#[derive(Clone, Debug)]
pub struct Input {
    /// The column's name.
    pub name: String,
    /// The implementation's version, where it is known.
    pub version: Option<String>,
    /// The page that it is published on, where it is known.
    pub homepage: Option<String>,
    /// The results.
    pub results: Results,
}

/// Why no matrix can be made.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// A cell would have two meanings.
    #[error("there are two results of `{0}`; each column of a matrix has a name of its own, which is that of its file")]
    Twice(String),
    /// The two sides have no case in common.
    #[error(
        "`{server}` is the result of a server, and `{client}` that of a client: a matrix is of servers, which are judged by cases, or of clients, which are judged by scenarios"
    )]
    Sides {
        /// A server.
        server: String,
        /// A client.
        client: String,
    },
    /// The name would be a riddle in a table.
    #[error(
        "`{0}` cannot be the name of a column: name the file after the implementation, by at most {MOST} letters, digits, `.`, `-` and `_`",
        MOST = Input::LONGEST_NAME
    )]
    Name(String),
}

impl Input {
    /// The most characters of a name.
    pub const LONGEST_NAME: usize = 40;

    /// The side of all that have these names.
    ///
    /// # Errors
    /// When some are of the one and some of the other.
    pub fn side<'a>(sides: impl Iterator<Item = (&'a str, Side)> + Clone) -> Result<Side, InputError> {
        let first = |wanted| sides.clone().find(|(_, side)| *side == wanted).map(|(name, _)| name.to_owned());
        match (first(Side::Server), first(Side::Client)) {
            (Some(server), Some(client)) => Err(InputError::Sides { server, client }),
            (None, Some(_)) => Ok(Side::Client),
            _ => Ok(Side::Server),
        }
    }

    fn check(&self) -> Result<(), InputError> {
        let is_right = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        let name = &self.name;
        if name.is_empty() || name.len() > Input::LONGEST_NAME || !name.chars().all(is_right) {
            return Err(InputError::Name(crate::run::printable(name)));
        }
        Ok(())
    }
}

impl Matrix {
    /// The matrix of these results, beside what the profile states of live Cognito.
    ///
    /// # Errors
    /// When two have one name, or a name that cannot stand in a table, and when servers and clients are among them.
    pub fn new(inputs: &[Input], profile: &Profile) -> Result<Matrix, InputError> {
        let mut names = BTreeSet::new();
        for input in inputs {
            input.check()?;
            if !names.insert(&input.name) {
                return Err(InputError::Twice(input.name.clone()));
            }
        }
        let side = Input::side(inputs.iter().map(|input| (input.name.as_str(), input.results.run.side)))?;
        let mut by_case: BTreeMap<(Theme, &str), Vec<(&Input, &Outcome)>> = BTreeMap::new();
        for input in inputs {
            for outcome in &input.results.cases {
                by_case.entry((outcome.theme, &outcome.id)).or_default().push((input, outcome));
            }
        }
        let rows: Vec<Row> = by_case.into_values().map(|outcomes| row(&outcomes, profile)).collect();
        let mut known = BTreeMap::new();
        for live in rows.iter().filter_map(|row| row.live.as_ref()) {
            *known.entry(live.evidence).or_default() += 1;
        }
        let findings = inputs.iter().flat_map(|input| &input.results.cases).flat_map(|outcome| &outcome.findings);
        Ok(Matrix {
            version: MATRIX_VERSION,
            cogspec: env!("CARGO_PKG_VERSION").to_owned(),
            side,
            live: Live { profile: profile.name().to_owned(), known },
            columns: inputs.iter().map(|input| column(input, &rows)).collect(),
            rules: findings.map(|finding| (finding.rule.to_string(), rule(finding))).collect(),
            rows,
        })
    }
}

fn rule(finding: &FindingReport) -> RuleTold {
    RuleTold {
        level: finding.level,
        evidence: finding.evidence,
        statement: finding.statement.to_string(),
        source: finding.source.clone(),
        url: finding.url.to_string(),
    }
}

fn row(outcomes: &[(&Input, &Outcome)], profile: &Profile) -> Row {
    let (input, first) = outcomes[0];
    let side = input.results.run.side;
    let (between, members) = between::compare(side, outcomes);
    // What a client sends is not what it is judged by.
    let asked = |input: &Input, outcome: &Outcome| {
        judged(outcome).filter(|_| side.is_server()).map(|exchange| curl(exchange, &input.results.run))
    };
    let curl = outcomes.iter().find_map(|(input, outcome)| asked(input, outcome));
    let cell = |input: &Input, outcome: &Outcome| {
        let own = asked(input, outcome).filter(|own| Some(own) != curl.as_ref());
        (input.name.clone(), cell(side, outcome, own, profile))
    };
    Row {
        case: first.id.clone(),
        theme: first.theme,
        title: first.title.clone(),
        kind: first.kind.clone(),
        proves: first.rules.iter().map(ToString::to_string).collect(),
        live: live::answer(profile, &first.id),
        between,
        members,
        cells: outcomes.iter().map(|(input, outcome)| cell(input, outcome)).collect(),
        curl: curl.filter(|curl| curl.len() <= LONGEST_CURL),
    }
}

/// A cell; the command is given where it is not that of the row.
fn cell(side: Side, outcome: &Outcome, curl: Option<String>, profile: &Profile) -> Cell {
    let observation = outcome.observation.as_deref();
    let (live, differs) = match outcome.judged_observation() {
        _ if profile.expected(&outcome.id).is_none() => (Standing::Unknown, Vec::new()),
        None => (Standing::NotComparable, Vec::new()),
        Some(observation) => live::compare(profile, &outcome.id, observation),
    };
    let verdict = outcome.found();
    let is_listed = outcome.verdict == Verdict::Known;
    let is_odd = matches!(verdict, Verdict::Warn | Verdict::Fail) || live.differs();
    Cell {
        verdict,
        known: outcome.listed.as_ref().filter(|_| is_listed).map(|listed| cut(&listed.reason)),
        reason: outcome.reason.as_deref().map(cut),
        answers: observation.map(|observation| live::answers(side, observation)).unwrap_or_default(),
        live,
        differs,
        findings: findings(&outcome.findings),
        curl: curl.filter(|curl| is_odd && curl.len() <= LONGEST_CURL),
    }
}

fn findings(findings: &[FindingReport]) -> Vec<CellFinding> {
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for finding in findings {
        let times = told.entry(&finding.rule).or_default();
        *times += 1;
        if *times <= OF_ONE_RULE {
            shown.push(finding);
        }
    }
    let tell = |finding: &FindingReport| CellFinding {
        rule: finding.rule.to_string(),
        severity: finding.severity,
        pointer: finding.pointer.as_deref().map(cut),
        got: cut(&finding.got),
        wanted: cut(&finding.wanted),
    };
    shown.into_iter().map(tell).collect()
}

/// The exchange that shows best what a case is about: of steps the last one that is judged, of an audit the first example.
fn judged(outcome: &Outcome) -> Option<&ExchangeReport> {
    let mut judged = outcome.exchanges.iter().filter(|exchange| exchange.role == Role::Test);
    if outcome.kind == Kind::Audit { judged.next() } else { judged.next_back() }
}

/// The command without the address, which is another one on each machine.
fn curl(exchange: &ExchangeReport, run: &RunInfo) -> String {
    let line = &exchange.curl;
    match line.strip_prefix("curl -sS -i '").and_then(|rest| rest.strip_prefix(run.endpoint.as_str())) {
        Some(rest) => format!("curl -sS -i \"$ENDPOINT\"'{rest}"),
        None => line.clone(),
    }
}

fn column(input: &Input, rows: &[Row]) -> Column {
    let Results { run, notices, summary, .. } = &input.results;
    let cells = || rows.iter().filter_map(|row| Some((row, row.cells.get(&input.name)?)));
    let mut all = Tally::default();
    let mut themes: BTreeMap<Theme, Tally> = BTreeMap::new();
    for (row, cell) in cells() {
        all.add(row, cell);
        themes.entry(row.theme).or_default().add(row, cell);
    }
    let state = match input.results.not_implemented() {
        Some(said) => State::NotImplemented { said: said.to_owned() },
        None if summary.not_run > 0 => State::Partly { not_run: summary.not_run },
        None => State::Judged,
    };
    let is_told = !matches!(state, State::NotImplemented { .. });
    Column {
        name: input.name.clone(),
        version: input.version.clone(),
        homepage: input.homepage.clone(),
        day: day(run.started),
        cogspec: run.cogspec.to_string(),
        case_set: run.case_set.clone(),
        state,
        notices: notices.iter().filter(|_| is_told).cloned().collect(),
        all,
        themes,
        wrong: wrong(cells().map(|(_, cell)| cell)),
    }
}

impl Tally {
    fn add(&mut self, row: &Row, cell: &Cell) {
        self.cells += 1;
        *self.verdicts.entry(cell.verdict).or_default() += 1;
        self.known += usize::from(cell.known.is_some());
        *self.live.entry(cell.live).or_default() += 1;
        if row.live.as_ref().is_some_and(|live| live.evidence == crate::cognito::Evidence::Inferred) {
            *self.live_inferred.entry(cell.live).or_default() += 1;
        }
    }
}

fn wrong<'a>(cells: impl Iterator<Item = &'a Cell>) -> Vec<Wrong> {
    let mut broken: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for cell in cells {
        let loud = cell.findings.iter().filter(|finding| finding.severity > Severity::Note);
        let rules: BTreeSet<(&str, Severity)> = loud.map(|finding| (finding.rule.as_str(), finding.severity)).collect();
        for rule in rules {
            *broken.entry(rule).or_default() += 1;
        }
    }
    let mut wrong: Vec<Wrong> =
        broken.into_iter().map(|((rule, severity), cases)| Wrong { rule: rule.to_owned(), severity, cases }).collect();
    // What is alike stays in the order of the ids.
    wrong.sort_by_key(|wrong| (std::cmp::Reverse(wrong.cases), std::cmp::Reverse(wrong.severity)));
    wrong
}

/// The beginning of a text that a server had a part in.
pub(super) fn cut(text: &str) -> String {
    wire::cut(text, LONGEST).into_owned()
}
