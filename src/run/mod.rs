//! Running cases: preflight, scheduling, time limits, and the one stream of events that every report is made of.

mod bar;
mod books;
mod compare;
mod day;
mod drift;
mod drive;
mod event;
mod fingerprint;
mod ids;
mod listed;
mod outcome;
mod preflight;
mod results;
mod schedule;
mod select;
mod token;
mod transcript;
mod words;

pub use crate::suite::Side;
pub use bar::{Bar, Ending, FailOn};
pub use books::Books;
pub use compare::{Compared, Comparison, Difference, OtherSide};
pub(crate) use day::day;
#[cfg(feature = "cli")]
pub(crate) use day::today;
pub use drive::{DriveError, drive, not_implemented};
pub use event::{
    Counts, EVENTS_VERSION, Event, ExchangeReport, ExitReport, FindingReport, Listed, Outcome, RunInfo, Summary,
    Verdict,
};
pub(crate) use fingerprint::line as fingerprint_line;
#[cfg(feature = "cli")]
pub(crate) use ids::known as known_ids;
pub use outcome::End;
pub(crate) use outcome::finding_report;
pub use preflight::{Preflight, preflight};
pub use results::{Collector, Results, ResultsError};
pub use schedule::{Plan, run};
pub use select::{Filter, FilterError, Shard, ShardError, Subject};
pub use token::{RunToken, RunTokenError, case_set_digest};
pub(crate) use transcript::{exchange as exchange_report, printable};
pub(crate) use words::Words;
