//! Where a recording comes from, as the header of a snapshot tells it.

use crate::cognito::Evidence;

/// Where a recording comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance {
    /// What the target is called.
    pub target: String,
    /// The digest of the service model's facts ([`crate::cognito::model_digest`]).
    pub model: String,
    /// What is told besides of a recording of live Amazon Cognito; `None` for any other server.
    pub live: Option<Live>,
}

/// A recording of live Amazon Cognito.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// The AWS Region.
    pub region: String,
    /// The day in UTC, `2027-01-15`.
    pub date: String,
    /// How many requests the whole run sent.
    pub requests: u64,
    /// The digest of the set of cases ([`crate::run::case_set_digest`]).
    pub case_set: String,
}

impl Provenance {
    /// The lines of a snapshot's `info`. A recording of a server that is not Cognito has neither evidence nor a date: it is
    /// a state of that server, and recorded again it gives the same file.
    pub(super) fn info(&self) -> Vec<(String, String)> {
        let mut info = Vec::new();
        let mut add = |key: &str, value: &str| info.push((key.to_owned(), value.to_owned()));
        match &self.live {
            Some(live) => {
                add("evidence", &Evidence::Recorded.to_string());
                add("source", "Live answer of Amazon Cognito, recorded by cogspec");
                add("date", &live.date);
                add("region", &live.region);
                add("requests", &live.requests.to_string());
                add("cases", &live.case_set);
            }
            None => add("target", &self.target),
        }
        add("model", &self.model);
        info
    }
}
