//! The tags by which a run's pools are known.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

/// The tag that says that a pool is cogspec's; its value is the version.
pub(super) const OURS: &str = "cogspec";
/// The tag with the run's word, which is in the pool's name, too.
pub(super) const RUN: &str = "cogspec-run";
/// The tag with the time at which the pool was made (RFC 3339).
const MADE: &str = "cogspec-made";

/// The tags of the pools of a run (`UserPoolTags`).
pub(in crate::target) fn tags(run: &str) -> Map<String, Value> {
    let made = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
    let tags = [(OURS, env!("CARGO_PKG_VERSION").to_owned()), (RUN, run.to_owned()), (MADE, made)];
    tags.into_iter().map(|(key, value)| (key.to_owned(), json!(value))).collect()
}
