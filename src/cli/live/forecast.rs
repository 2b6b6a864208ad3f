//! What a live run will ask, make and cost, told before anything is sent.

use std::io::Write;

use super::Account;
use super::rehearsal::Rehearsal;
use crate::cli::caller::Callers;
use crate::cli::{Exit, Failure, Out};
use crate::target::{Endpoint, Limits};

/// What AWS asks for one monthly active user (MAU) in a pool of the Essentials feature plan, in US dollars.
const PRICE: f64 = 0.015;
/// So many of them in a month cost an account nothing.
const FREE: &str = "10,000";
/// Where AWS says it. The figures are those of copies of that page by others, from this day.
const PRICES: &str = "https://aws.amazon.com/cognito/pricing/";
const READ: &str = "2026-09-20";

/// What a live run will ask.
pub(in crate::cli) struct Forecast {
    endpoint: Endpoint,
    account: Option<Account>,
    rehearsal: Rehearsal,
    callers: Callers,
    /// The most requests in all.
    budget: u64,
    /// The most requests a second.
    rate: Option<f64>,
}

impl Forecast {
    /// From a rehearsal, and the limits that the person has named.
    ///
    /// Where no budget is named the run is held to twice the requests that are foreseen: what is throttled is sent again.
    pub(super) fn new(
        endpoint: Endpoint,
        account: Option<Account>,
        rehearsal: Rehearsal,
        callers: Callers,
        asked: Limits,
    ) -> Self {
        let budget = asked.budget.unwrap_or(2 * rehearsal.requests() + 50);
        Forecast { endpoint, account, rehearsal, callers, budget, rate: asked.rate.or(Limits::REMOTE.rate) }
    }

    /// The account in which the run is to be made, where there is one.
    pub(super) fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// What the run is held to.
    pub(super) fn limits(&self) -> Limits {
        Limits { budget: Some(self.budget), rate: self.rate }
    }

    /// In a few lines: what is made, what is asked, what it costs.
    pub(super) fn lines(&self, run: &str) -> [String; 3] {
        let asked = format!("sends about {} requests: {}", self.rehearsal.requests(), self.within());
        [self.pools(&format!("cogspec-{run}-…")), asked, self.cost()]
    }

    /// `--dry-run`: all of it.
    pub(in crate::cli) fn tell(&self) -> Result<Exit, Failure> {
        let mut out = Out::stdout();
        writeln!(out, "Nothing is sent. Without --dry-run these calls go to {}:\n", self.endpoint)?;
        let mut calls: Vec<(&str, u64)> =
            self.rehearsal.0.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        calls.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (name, count) in calls {
            let name = if name.is_empty() { "(raw bytes, and names of no operation)" } else { name };
            writeln!(out, "  {count:>6}  {name}")?;
        }
        writeln!(out, "  {:>6}  in all\n", self.rehearsal.requests())?;
        writeln!(
            out,
            "Counted just now with the same cases on the embedded emulator. Live Cognito may answer otherwise, and"
        )?;
        writeln!(out, "what it throttles is sent again, but never beyond the budget: {}.\n", self.within())?;
        writeln!(out, "A run {}.\nIt {}.", self.pools("cogspec-…"), self.cost())?;
        Ok(Exit::Held)
    }

    fn pools(&self, named: &str) -> String {
        match self.callers {
            Callers::Made => {
                let pools = self.rehearsal.calls("CreateUserPool");
                let noun = if pools == 1 { "user pool" } else { "user pools" };
                format!("makes {pools} {noun} {named}, tagged cogspec, and deletes what it made at the end")
            }
            Callers::User | Callers::Token => {
                "makes no pools and no users; cases that need them are skipped".to_owned()
            }
        }
    }

    fn cost(&self) -> String {
        let (users, most) = match self.callers {
            Callers::Made => {
                let most = dollars(self.budget);
                let most = format!(", and never more than {most} (as if each request of the budget made one)");
                (self.rehearsal.calls("AdminCreateUser"), most)
            }
            Callers::User | Callers::Token => (1, String::new()),
        };
        let price = dollars(users);
        let noun = if users == 1 { "monthly active user" } else { "monthly active users" };
        format!(
            "counts as {users} {noun}: free within the account's {FREE} a month, else about {price}{most}; an estimate, at \
             ${PRICE} each on the plan Essentials, as of {READ}; see {PRICES}"
        )
    }

    /// What the limits allow, and how long it takes.
    fn within(&self) -> String {
        let rate = self.rate.map_or_else(String::new, |rate| {
            #[allow(clippy::cast_precision_loss, reason = "an estimate")]
            let minutes = (self.rehearsal.requests() as f64 / rate / 60.0).ceil();
            format!(", {rate} a second, which takes about {minutes} min")
        });
        format!("at most {} requests{rate}", self.budget)
    }
}

/// The price of so many users.
#[allow(clippy::cast_precision_loss, reason = "nobody has so many users")]
fn dollars(users: u64) -> String {
    format!("${:.2}", (users as f64 * PRICE * 100.0).ceil() / 100.0)
}
