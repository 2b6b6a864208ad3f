//! The scenarios: what a server answers to a call of `StartWebAuthnRegistration`, and what a client must, should and may make
//! of it.
//!
//! Autobahn tests both sides of WebSocket; this is the other side of the suite. Each scenario has a stable id, whose first
//! segment is its theme, the answers to the first request, the second and so on, and a list of demands, each with the rule that
//! says so. The documents and the labelled answers are those of the generators.

mod build;
mod demand;
mod document;
mod drawn;
mod envelope;
mod gateway;
mod json;
mod read;
mod reply;
mod retry;
mod transport;

use std::sync::LazyLock;

pub use demand::{Demand, Layer, Outcome, What};
pub use drawn::demands as demands_of;
pub(crate) use drawn::scenario as of_drawn;
pub use json::ScenarioEntry;
pub use read::{FOUND, NoScenario};
pub use reply::{After, Cut, Framing, Pieces, Reply};

/// The text in a reply that stands for the access token of the call, which a server may echo.
pub const ACCESS_TOKEN: &str = "{access_token}";

/// One scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The stable id, `theme.subject.detail`. An id that was used once is never given to another scenario.
    pub id: String,
    /// What is answered, as a sentence.
    pub title: String,
    /// The answers, in the order of the requests. The last one is given again to each further request.
    pub replies: Vec<Reply>,
    /// What is demanded of the client.
    pub demands: Vec<Demand>,
    /// The web origin on which the application runs.
    pub origin: String,
}

impl Scenario {
    /// The answer to the request of that number, from 0.
    #[must_use]
    pub fn reply(&self, request: usize) -> Option<&Reply> {
        self.replies.get(request).or(self.replies.last())
    }

    /// The outcomes that are right for a client of that layer, in order; all, where nothing is demanded.
    #[must_use]
    pub fn outcomes(&self, layer: Layer) -> Vec<Outcome> {
        let mut right = vec![Outcome::Success, Outcome::Error, Outcome::Failure];
        for demand in self.demands.iter().filter(|demand| demand.layer.is_none_or(|of| of == layer)) {
            if let (What::Outcome(outcomes), None) = (&demand.what, demand.asked_for) {
                right.retain(|outcome| outcomes.contains(outcome));
            }
        }
        right
    }
}

/// Every scenario, in the order of themes.
#[must_use]
pub fn all() -> &'static [Scenario] {
    static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
        [
            envelope::scenarios(),
            gateway::scenarios(),
            transport::scenarios(),
            retry::scenarios(),
            document::scenarios(),
            drawn::scenarios(),
        ]
        .into_iter()
        .flatten()
        .collect()
    });
    &ALL
}

/// The scenario of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Scenario> {
    all().iter().find(|scenario| scenario.id == id)
}
