//! Holding a run against a profile of snapshots: each case's drift, and what has no counterpart.

use std::collections::{BTreeMap, HashSet};

use super::event::Outcome;
use super::ids;
use crate::snapshot::{Profile, unmatched};

/// Compares the cases of one run.
pub(super) struct Drift {
    profile: Profile,
    drifted: usize,
    drifted_inferred: usize,
    without_snapshot: Vec<String>,
    /// What should have been redacted and was not there: the key, and in how many cases.
    unmatched: BTreeMap<String, usize>,
}

/// What a run shows of its profile.
#[derive(Default)]
pub(super) struct DriftSummary {
    /// Cases whose drift fails the run.
    pub(super) drifted: usize,
    /// Cases whose drift is a warning.
    pub(super) drifted_inferred: usize,
    /// Snapshots that no case has.
    pub(super) stale: usize,
    /// What a person should know.
    pub(super) notices: Vec<String>,
}

impl Drift {
    pub(super) fn new(profile: Profile) -> Self {
        Drift { profile, drifted: 0, drifted_inferred: 0, without_snapshot: Vec::new(), unmatched: BTreeMap::new() }
    }

    /// Compares one case.
    pub(super) fn compare(&mut self, outcome: &mut Outcome) {
        let Some(observation) = outcome.judged_observation() else { return };
        let mut keys: Vec<&str> = unmatched(observation).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            *self.unmatched.entry(key.to_owned()).or_default() += 1;
        }
        if self.profile.lacks(&outcome.id) {
            self.without_snapshot.push(outcome.id.clone());
        }
        outcome.drift = self.profile.compare(&outcome.id, observation);
        match &outcome.drift {
            Some(drift) if drift.fails() => self.drifted += 1,
            Some(_) => self.drifted_inferred += 1,
            None => {}
        }
    }

    pub(super) fn finish(self) -> DriftSummary {
        let profile = self.profile.name();
        let mut notices = Vec::new();
        let all = crate::suite::all();
        let stale = self.profile.without_case(&all.iter().map(|case| case.id.as_str()).collect::<HashSet<_>>());
        if !stale.is_empty() {
            notices.push(format!("snapshots of {profile} without a case: {}", ids::some(&stale)));
        }
        if !self.without_snapshot.is_empty() {
            notices.push(format!("cases without a snapshot of {profile}: {}", ids::some(&self.without_snapshot)));
        }
        notices.extend(self.unmatched.iter().map(|(key, cases)| {
            format!("{key} was to be told by its shape and was not there, in {cases} case{}", plural(*cases))
        }));
        let stale = stale.len();
        DriftSummary { drifted: self.drifted, drifted_inferred: self.drifted_inferred, stale, notices }
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Verdict;

    fn outcome(id: &str, verdict: Verdict, observation: &str) -> Outcome {
        Outcome { verdict, observation: Some(observation.to_owned()), ..Outcome::example(id) }
    }

    #[test]
    fn drift_and_what_has_no_counterpart() {
        let folder = std::env::temp_dir().join(format!("cogspec-drift-{}", std::process::id()));
        let name = folder.to_str().unwrap();
        std::fs::create_dir_all(&folder).unwrap();
        let recorded = [("same", ""), ("other", "  evidence: recorded\n"), ("soft", "  evidence: inferred\n")];
        for (case, evidence) in recorded {
            let text = format!("---\ninfo:\n{evidence}---\nstatus: 200\n");
            std::fs::write(folder.join(format!("no-such.{case}.snap")), text).unwrap();
        }
        let mut drift = Drift::new(Profile::find(name).unwrap());
        std::fs::remove_dir_all(&folder).unwrap();

        let mut differs = |id: &str, verdict, observation: &str| {
            let mut outcome = outcome(id, verdict, observation);
            drift.compare(&mut outcome);
            outcome.drift.is_some()
        };
        assert!(!differs("no-such.same", Verdict::Fail, "status: 200"));
        assert!(differs("no-such.other", Verdict::Pass, "status: 400\nx-amzn-requestid: <missing>"));
        assert!(differs("no-such.soft", Verdict::Pass, "status: 400"));
        assert!(!differs("no-such.soft", Verdict::Inconclusive, "status: 400"), "it was not judged");
        assert!(!differs("no-such.new", Verdict::Pass, "status: 400"));

        let summary = drift.finish();
        assert_eq!((summary.drifted, summary.drifted_inferred, summary.stale), (1, 1, 3));
        let notices = summary.notices.join("\n");
        assert!(notices.contains("without a case: no-such.other, no-such.same, no-such.soft"), "{notices}");
        assert!(notices.contains("cases without a snapshot") && notices.contains(": no-such.new"), "{notices}");
        assert!(
            notices.contains("x-amzn-requestid was to be told by its shape and was not there, in 1 case"),
            "{notices}"
        );
    }
}
