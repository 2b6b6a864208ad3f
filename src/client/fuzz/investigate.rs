//! From a first sight of a finding to one that came again and is small.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::outcome::{exchange, observation};
use super::super::run::PORT;
use super::answer::Answer;
use super::asker::{Asker, Clients, Sight};
use super::event::{Differing, Found};
use super::look::{Broken, Key, What, look};
use crate::fuzz::Repeats;
use crate::fuzz::shrink::simpler;
use crate::generate::call::Input;
use crate::generate::response::with_one_less;
use crate::run::{finding_report, printable};
use crate::target::{Endpoint, Secrets};
use crate::wire::cut;

/// How often a finding must come again.
const CONFIRMED: usize = 2;

/// The most answers that are asked about to make one finding smaller, and the time after which nothing smaller is looked for:
/// clients wait before they try again, and one that hangs takes all the time that it may.
const SHRINKING: u64 = 200;
const SHRINKING_TIME: Duration = Duration::from_secs(30);

/// Looks closely at one finding after the other.
pub(super) struct Investigator {
    asker: Asker,
    clients: Arc<Clients>,
    secrets: Arc<Secrets>,
}

/// An answer that shows the finding, and what the clients in it made of it.
struct Seen {
    answer: Answer,
    broken: Broken,
    sights: Vec<(usize, Sight)>,
}

impl Investigator {
    pub(super) fn new(clients: Arc<Clients>, secrets: Arc<Secrets>) -> Self {
        Investigator { asker: Asker::new(Arc::clone(&clients)), clients, secrets }
    }

    /// Asks again about an answer, of which these are the first sights, and makes it smaller where the finding comes again.
    pub(super) async fn investigate(&mut self, answer: Answer, first: Broken, sights: &[(usize, Sight)]) -> Found {
        let key = first.key.clone();
        let mut spent = 0;
        let sights = sights.iter().filter(|(client, _)| key.clients.contains(client)).cloned().collect();
        let mut seen = Seen { answer, broken: first, sights };
        for _ in 0..CONFIRMED {
            spent += key.clients.len() as u64;
            match self.again(seen.answer.clone(), &key).await {
                Some(again) => seen = again,
                None => return self.found(seen, Repeats::Flaky, spent),
            }
        }
        let seen = self.shrink(seen, &key, &mut spent).await;
        self.found(seen, Repeats::Always, spent)
    }

    /// The text without secrets.
    pub(super) fn clean(&self, text: &str) -> String {
        self.secrets.clean(text)
    }

    async fn again(&mut self, answer: Answer, key: &Key) -> Option<Seen> {
        let sights = self.asker.ask(&answer.scenario, &key.clients).await;
        let broken = look(&self.clients, &answer, &sights, &[]).broken.into_iter().find(|broken| broken.key == *key)?;
        Some(Seen { answer, broken, sights })
    }

    /// The simplest answer that still shows it: of fewer defects, then of fewer and smaller bytes.
    async fn shrink(&mut self, seen: Seen, key: &Key, spent: &mut u64) -> Seen {
        let (started, mut asked) = (Instant::now(), 0);
        let mut best = seen;
        let mut tried = HashSet::new();
        'simpler: loop {
            let less = with_one_less(&best.answer.input.0).into_iter().map(Input);
            for input in less.chain(simpler(&best.answer.input)) {
                let Some(candidate) = Answer::draw(&input) else { continue };
                if candidate.is_like(&best.answer) {
                    // The same, from a simpler input.
                    best.answer = candidate;
                    continue 'simpler;
                }
                // Another defect would be another finding.
                if !best.answer.has_all(&candidate.labels) || !tried.insert(input.digest()) {
                    continue;
                }
                if asked >= SHRINKING || started.elapsed() >= SHRINKING_TIME {
                    break 'simpler;
                }
                asked += 1;
                *spent += key.clients.len() as u64;
                if let Some(again) = self.again(candidate, key).await {
                    best = again;
                    continue 'simpler;
                }
            }
            break;
        }
        best
    }

    fn found(&self, seen: Seen, repeats: Repeats, spent: u64) -> Found {
        let Seen { answer, broken, sights } = seen;
        let secrets = &self.secrets;
        let names: Vec<String> =
            broken.key.clients.iter().map(|client| self.clients.name(*client).to_owned()).collect();
        let told = sights.iter().filter_map(|(client, sight)| {
            let called = sight.as_ref().ok()?;
            let told = observation(called, secrets).unwrap_or_else(|| match &called.told {
                Ok(_) => String::new(),
                Err(lost) => printable(&secrets.clean(&lost.to_string())),
            });
            Some((self.clients.name(*client).to_owned(), told))
        });
        let attempts = sights.iter().filter_map(|(_, sight)| sight.as_ref().ok()?.attempts.last());
        let endpoint = Endpoint::loopback(PORT);
        let exchange =
            attempts.map(|attempt| exchange(&answer.scenario, attempt, &self.clients.token, &endpoint, secrets)).next();
        let severity = broken.severity();
        let digest = answer.input.digest();
        let (name, finding, differing) = match broken.what {
            What::Rule(finding) => {
                let name = format!("{}-{}-{digest}", finding.rule.id, names.join("-"));
                (name, Some(finding_report(&finding, secrets)), None)
            }
            What::Differ(differing) => (format!("{}-{digest}", broken.key.what), None, Some(shown(differing, secrets))),
        };
        Found {
            name,
            severity,
            repeats,
            clients: names,
            finding,
            differing,
            labels: answer.labels,
            class: answer.class,
            told: told.collect(),
            exchange,
            times: 1,
            spent,
            scenario: answer.scenario,
            input: answer.input,
            secrets_known: secrets.count(),
        }
    }
}

/// The most of what one client told that is shown beside the others, in characters.
const SHOWN: usize = 300;

/// The same for reports.
pub(super) fn shown(differing: Differing, secrets: &Secrets) -> Differing {
    let clean = |text: String| cut(&printable(&secrets.clean(&text)), SHOWN).into_owned();
    let told = differing.told.into_iter().map(|(client, text)| (client, clean(text))).collect();
    Differing { pointer: differing.pointer.map(clean), told, ..differing }
}
