//! One answer again, and what each client makes of it.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::super::outcome::observation;
use super::super::run::Tested;
use super::super::token::access_token;
use super::answer::Answer;
use super::asker::{Asker, Clients};
use super::event::Differing;
use super::investigate::shown;
use super::look::{What, look};
use crate::generate::call::Input;
use crate::run::{FindingReport, finding_report, printable};
use crate::scenario::Scenario;
use crate::target::Secrets;

/// What one client makes of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// Its name.
    pub client: String,
    /// What it told, as an observation; nothing where its adapter was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// What is wrong with that, the loudest first.
    pub findings: Vec<FindingReport>,
    /// Why nothing can be told of it, where that is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing: Option<String>,
}

/// What an answer shows.
#[derive(Clone, Debug, Serialize)]
pub struct Replayed {
    /// The id of the scenario.
    pub scenario: String,
    /// What is answered.
    pub title: String,
    /// The clients, in the order in which they were given.
    pub clients: Vec<Asked>,
    /// Where those of one layer differ.
    pub differing: Vec<Differing>,
}

/// The scenario that is drawn from an input; nothing where there is none in it.
#[must_use]
pub fn drawn(input: &Input) -> Option<Scenario> {
    Answer::draw(input).map(|answer| Scenario::clone(&answer.scenario))
}

/// Asks these clients about a scenario, each once. `clock` is the time of the access token, in seconds of the Unix epoch.
pub async fn replay(
    tested: Vec<Tested>,
    within: Duration,
    clock: u64,
    secrets: &Secrets,
    scenario: &Scenario,
) -> Replayed {
    let token = access_token(clock);
    secrets.add(&token);
    let clients = Arc::new(Clients { tested, token, within });
    let all: Vec<usize> = (0..clients.tested.len()).collect();
    let answer =
        Answer { input: Input::default(), scenario: Arc::new(scenario.clone()), labels: Vec::new(), class: "" };
    let sights = Asker::new(Arc::clone(&clients)).ask(&answer.scenario, &all).await;
    let look = look(&clients, &answer, &sights, &[]);
    let asked = sights.iter().map(|(client, sight)| {
        let of_client = look.broken.iter().filter(|broken| broken.key.clients == [*client]);
        let mut findings: Vec<FindingReport> = of_client
            .filter_map(|broken| match &broken.what {
                What::Rule(finding) => Some(finding_report(finding, secrets)),
                What::Differ(_) => None,
            })
            .collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let nothing = look.nothing.iter().find(|(other, _)| other == client).map(|(_, why)| why.clone());
        let is_unimplemented = look.unimplemented.contains(client);
        let nothing = nothing.or(is_unimplemented.then(|| "it has no notion of the operation".to_owned()));
        Asked {
            client: clients.name(*client).to_owned(),
            told: sight.as_ref().ok().and_then(|called| observation(called, secrets)),
            findings,
            nothing: nothing.map(|why| printable(&secrets.clean(&why))),
        }
    });
    let differing = look.broken.iter().filter_map(|broken| match &broken.what {
        What::Differ(differing) => Some(shown(differing.clone(), secrets)),
        What::Rule(_) => None,
    });
    Replayed {
        scenario: scenario.id.clone(),
        title: scenario.title.clone(),
        clients: asked.collect(),
        differing: differing.collect(),
    }
}
