//! What is wrong with one answer, and what it changes.

use serde_json::Value;

use super::attempts::{self, Attempt};
use super::{Ceremonies, Challenge, Good, Passkey, Right, SignIn, Task, text};
use crate::ceremony::{Class, Creation, Credential, RequestOptions};
use crate::cognito::rules::{credentials, response, sign_in, state};
use crate::cognito::{Finding, Rule, START};
use crate::generate::ceremony::Step;
use crate::wire::{self, Classification, Exchange};

/// So many pages no list of 20 passkeys has.
const PAGES: usize = 25;

/// One answer.
pub(super) struct Answer<'a> {
    exchange: &'a Exchange,
    classification: &'a Classification,
    now: i64,
    is_served: bool,
    output: Value,
}

impl<'a> Answer<'a> {
    pub(super) fn new(exchange: &'a Exchange, classification: &'a Classification, now: i64) -> Self {
        let is_served = matches!(classification.class, wire::Class::Success);
        let answer = exchange.result.as_ref().ok().filter(|_| is_served);
        let output = answer.and_then(|answer| serde_json::from_slice(&answer.body).ok()).unwrap_or_default();
        Answer { exchange, classification, now, is_served, output }
    }

    pub(super) fn follow(&self, known: &mut Ceremonies, task: Task) -> Vec<Finding> {
        if self.exchange.result.is_err() {
            return vec![self.finding(&response::ANSWERED, "an answer")];
        }
        if self.classification.is_server_error() {
            return vec![self.finding(&response::NO_SERVER_ERROR, "no server error")];
        }
        match task {
            Task::SignIn(user) => {
                if let Some(access) = self.access() {
                    known.signed_in(user, access, self.now);
                }
                Vec::new()
            }
            Task::Begin(user) => self.begun(known, user),
            Task::Answer { user, sign_in, passkey, step } => self.answered(known, user, sign_in, passkey, step),
            Task::Start(user) => self.of_token(known, user, |known| self.started(known, user)),
            Task::Complete { user, challenge, step, credential: Some(credential), .. } => {
                self.of_token(known, user, |known| self.completed(known, user, challenge, step, credential))
            }
            Task::Page { user, .. } => self.of_token(known, user, |known| self.page(known, task)),
            Task::Delete { user, id } => self.of_token(known, user, |known| self.deleted(known, user, &id)),
            Task::Factors(user) => self.of_token(known, user, |known| self.factors(known, user)),
            Task::SignOut(user) => self.of_token(known, user, |known| {
                if self.is_served {
                    known.end(user, &state::REVOKED, self.now);
                }
                Vec::new()
            }),
            Task::Complete { .. } | Task::Disable(_) | Task::Enable(_) => Vec::new(),
        }
    }

    /// Judges by the user's token first, then by what was asked for with it.
    fn of_token(
        &self,
        known: &mut Ceremonies,
        user: usize,
        then: impl FnOnce(&mut Ceremonies) -> Vec<Finding>,
    ) -> Vec<Finding> {
        match known.users[user].access.as_ref().map(|(_, right)| *right) {
            Some(Right::Refused(rule)) if self.is_served => vec![self.finding(rule, "NotAuthorizedException")],
            Some(Right::Refused(_)) => {
                let is_start = self.exchange.request.operation() == &START;
                let is_class = !is_start || self.classification.name() == "NotAuthorizedException";
                self.unless(is_class, &state::REVOKED_CLASS, "NotAuthorizedException")
            }
            // It may be the token that is refused.
            Some(Right::Unknown) if !self.is_served => Vec::new(),
            _ => then(known),
        }
    }

    fn started(&self, known: &mut Ceremonies, user: usize) -> Vec<Finding> {
        let Some(Right::Served(rule)) = known.users[user].access.as_ref().map(|(_, right)| *right) else {
            return Vec::new();
        };
        if !self.is_served {
            return vec![self.finding(rule, "success")];
        }
        let options = &self.output[START.output[0].name];
        // Options that cannot be used are judged by the rules on options.
        let Some(creation) = Creation::of(options) else { return Vec::new() };
        let before = known.challenges.iter_mut().filter(|challenge| challenge.user == user);
        before.filter(|challenge| challenge.good == Good::Yes).for_each(|challenge| challenge.good = Good::Open);
        known.challenges.push(Challenge { user, creation, good: Good::Yes });
        let excluded = ids(options.get("excludeCredentials"), "id");
        self.same(&credentials::EXCLUDED, excluded, known.ids_of(user))
    }

    fn completed(
        &self,
        known: &mut Ceremonies,
        user: usize,
        at: usize,
        step: Step,
        credential: Credential,
    ) -> Vec<Finding> {
        let attempt = attempts::registration(known, user, at, step, &credential);
        let told = self.attempted(&attempt, self.is_served, &credentials::COMPLETED);
        let challenge = &mut known.challenges[at];
        if self.is_served {
            challenge.good = Good::Used;
            known.passkeys.push(Passkey { credential, owner: user, is_deleted: false });
        } else {
            if challenge.good == Good::Yes {
                challenge.good = Good::Open;
            }
            known.refused.push(credential.id_text());
        }
        told
    }

    fn page(&self, known: &mut Ceremonies, task: Task) -> Vec<Finding> {
        let Task::Page { user, size, mut seen, pages, .. } = task else { return Vec::new() };
        if !self.is_served {
            return vec![self.finding(&credentials::LISTED, "success")];
        }
        let page = ids(self.output.get("Credentials"), "CredentialId");
        let most = if size == 0 { usize::MAX } else { size };
        if page.len() > most {
            return vec![Finding::new(
                &credentials::MAX_RESULTS,
                format!("{} passkeys", page.len()),
                format!("{size}"),
            )];
        }
        seen.extend(page);
        match text(&self.output, "/NextToken") {
            Some(_) if pages >= PAGES => {
                vec![Finding::new(&credentials::PAGES, format!("more than {PAGES} pages"), "an end".to_owned())]
            }
            Some(token) => {
                let token = Some(token.to_owned());
                known.tasks.push_front(Task::Page { user, size, token, seen, pages: pages + 1 });
                Vec::new()
            }
            None => {
                let own = known.ids_of(user);
                let rule = match seen.iter().find(|id| !own.contains(id)) {
                    Some(id) => surplus(known, id),
                    None if seen.len() > own.len() => &credentials::PAGES,
                    None => &credentials::LISTED,
                };
                self.same(rule, seen, own)
            }
        }
    }

    fn deleted(&self, known: &mut Ceremonies, user: usize, id: &str) -> Vec<Finding> {
        match known.owner_of(id) {
            Some(owner) if owner == user => {
                if self.is_served {
                    let of_id = known.passkeys.iter_mut().filter(|passkey| passkey.credential.id_text() == id);
                    of_id.for_each(|passkey| passkey.is_deleted = true);
                }
                self.unless(self.is_served, &credentials::DELETED, "success")
            }
            owner => {
                let rule = if owner.is_some() { &credentials::DELETE_OWN } else { &credentials::DELETE_UNKNOWN };
                let class: Class = (&["ResourceNotFoundException"], &credentials::DELETE_UNKNOWN_CLASS);
                let attempt = Attempt { broken: vec![(rule, Some(class))], is_open: false };
                self.attempted(&attempt, self.is_served, rule)
            }
        }
    }

    fn begun(&self, known: &mut Ceremonies, user: usize) -> Vec<Finding> {
        let is_enabled = known.users[user].is_enabled;
        let own = known.ids_of(user);
        let is_offered = text(&self.output, "/ChallengeName") == Some("WEB_AUTHN");
        if own.is_empty() {
            let is_right = !is_offered && (self.is_served || !is_enabled);
            return self.unless(is_right, &sign_in::NOT_OFFERED, "another challenge");
        }
        if !is_offered {
            return self.unless(!is_enabled, &sign_in::OFFERED, "WEB_AUTHN");
        }
        let options = text(&self.output, "/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS");
        let options: Option<Value> = options.and_then(|text| serde_json::from_str(text).ok());
        let (Some(options), Some(session)) = (options, text(&self.output, "/Session")) else { return Vec::new() };
        let Some(asked) = RequestOptions::of(&options) else { return Vec::new() };
        let good = if is_enabled { Good::Yes } else { Good::Open };
        known.sign_ins.push(SignIn { user, session: session.to_owned(), options: asked, good });
        self.same(&sign_in::OPTIONS_ALLOW, ids(options.get("allowCredentials"), "id"), own)
    }

    fn answered(&self, known: &mut Ceremonies, user: usize, at: usize, passkey: usize, step: Step) -> Vec<Finding> {
        let attempt = attempts::sign_in(known, user, at, passkey, step);
        let access = self.access();
        let told = self.attempted(&attempt, access.is_some(), &sign_in::COMPLETED);
        let sign_in = &mut known.sign_ins[at];
        if access.is_some() {
            sign_in.good = Good::Used;
        } else if sign_in.good == Good::Yes {
            sign_in.good = Good::Open;
        }
        if let Some(access) = access {
            known.passkeys[passkey].credential.sign_count += 1;
            known.signed_in(user, access, self.now);
        }
        told
    }

    fn factors(&self, known: &mut Ceremonies, user: usize) -> Vec<Finding> {
        if !self.is_served {
            return vec![self.finding(&sign_in::FACTORS, "success")];
        }
        let name = text(&self.output, "/Username").unwrap_or_default();
        let wanted = known.users[user].actor.username.as_str();
        if name != wanted {
            return vec![Finding::new(&sign_in::FACTORS_USER, format!("{name:?}"), format!("{wanted:?}"))];
        }
        let factors = self.output.get("ConfiguredUserAuthFactors").and_then(Value::as_array);
        let has = factors.into_iter().flatten().any(|factor| factor == "WEB_AUTHN");
        let wanted = !known.ids_of(user).is_empty();
        let told = |has| if has { "WEB_AUTHN".to_owned() } else { "no WEB_AUTHN".to_owned() };
        if has == wanted { Vec::new() } else { vec![Finding::new(&sign_in::FACTORS, told(has), told(wanted))] }
    }

    /// Holds the answer to what must become of an attempt. A wrong class is told where there is one reason only.
    fn attempted(&self, attempt: &Attempt, is_taken: bool, served: &'static Rule) -> Vec<Finding> {
        match (&attempt.broken[..], is_taken) {
            ([], false) if !attempt.is_open => vec![self.finding(served, "success")],
            ([], _) => Vec::new(),
            (broken, true) => broken.iter().map(|(rule, _)| self.finding(rule, "an error")).collect(),
            ([(_, Some((classes, rule)))], false) if !attempt.is_open => {
                self.unless(classes.contains(&&*self.classification.name()), rule, &classes.join(" or "))
            }
            (_, false) => Vec::new(),
        }
    }

    fn same(&self, rule: &'static Rule, mut got: Vec<String>, wanted: Vec<String>) -> Vec<Finding> {
        got.sort_unstable();
        let told = |ids: &[String]| format!("{ids:?}");
        if got == wanted { Vec::new() } else { vec![Finding::new(rule, told(&got), told(&wanted))] }
    }

    fn unless(&self, holds: bool, rule: &'static Rule, wanted: &str) -> Vec<Finding> {
        if holds { Vec::new() } else { vec![self.finding(rule, wanted)] }
    }

    fn finding(&self, rule: &'static Rule, wanted: &str) -> Finding {
        Finding::new(rule, self.exchange.in_short(self.classification), wanted)
    }

    fn access(&self) -> Option<String> {
        text(&self.output, "/AuthenticationResult/AccessToken").map(str::to_owned)
    }
}

/// The texts of that name in a list of objects.
fn ids(list: Option<&Value>, name: &str) -> Vec<String> {
    let entries = list.and_then(Value::as_array).into_iter().flatten();
    entries.filter_map(|entry| entry.get(name)?.as_str().map(str::to_owned)).collect()
}

/// The rule that is broken by listing a passkey that the user does not have.
fn surplus(known: &Ceremonies, id: &str) -> &'static Rule {
    let is_known = known.passkeys.iter().any(|passkey| passkey.credential.id_text() == id);
    if is_known && known.owner_of(id).is_none() {
        &credentials::DELETED
    } else if known.refused.iter().any(|refused| refused == id) {
        &credentials::NOT_STORED
    } else {
        // Of a user whom the model does not know, where it does not know the passkey either.
        &credentials::OWN
    }
}
