//! What must hold of users' passkeys while they register, list, delete and sign in, in any order.
//!
//! The model follows what the documentation says of each step: who has which passkeys, which challenges and sign-ins are
//! good. What it does not say (whether an attempt that was refused spends a challenge, whether a second Start ends the
//! first) is open, and not judged.

mod answers;
mod attempts;

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::sessions::{Actor, Call, DOUBT, Right};
use crate::ceremony::{Algorithm, Assertion, Creation, Credential, Registration, RequestOptions, origin};
use crate::cognito::rules::state;
use crate::cognito::{COMPLETE, DELETE, FACTORS, Finding, INITIATE_AUTH, LIST, RESPOND, START};
use crate::generate::ceremony::Step;
use crate::wire::{Classification, Exchange};

/// So much older [`Step::Age`] makes what a user has under way, in seconds.
pub const AGE: u32 = 3600;

/// Users with their passkeys, and what they have under way.
#[derive(Debug)]
pub struct Ceremonies {
    users: Vec<Account>,
    passkeys: Vec<Passkey>,
    challenges: Vec<Challenge>,
    sign_ins: Vec<SignIn>,
    /// The credential ids of registrations that were refused.
    refused: Vec<String>,
    tasks: VecDeque<Task>,
    under_way: Option<Task>,
}

#[derive(Debug)]
struct Account {
    actor: Actor,
    access: Option<(String, Right)>,
    is_enabled: bool,
    last_end: Option<i64>,
}

#[derive(Debug)]
struct Passkey {
    credential: Credential,
    owner: usize,
    is_deleted: bool,
}

#[derive(Debug)]
struct Challenge {
    user: usize,
    creation: Creation,
    good: Good,
}

#[derive(Debug)]
struct SignIn {
    user: usize,
    session: String,
    options: RequestOptions,
    good: Good,
}

/// What a challenge, or a sign-in, is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Good {
    /// It can be answered.
    Yes,
    /// Nobody knows.
    Open,
    /// It was answered, and that was taken.
    Used,
    /// Its time is over.
    Expired,
}

/// One request.
#[derive(Debug)]
enum Task {
    SignIn(usize),
    Start(usize),
    Complete { user: usize, challenge: usize, step: Step, again: Option<usize>, credential: Option<Credential> },
    Page { user: usize, size: usize, token: Option<String>, seen: Vec<String>, pages: usize },
    Delete { user: usize, id: String },
    Begin(usize),
    Answer { user: usize, sign_in: usize, passkey: usize, step: Step },
    Factors(usize),
    SignOut(usize),
    Disable(usize),
    Enable(usize),
}

impl Ceremonies {
    /// Users of one pool, who have not signed in yet and have no passkeys.
    #[must_use]
    pub fn new(actors: Vec<Actor>) -> Ceremonies {
        let account = |actor| Account { actor, access: None, is_enabled: true, last_end: None };
        Ceremonies {
            users: actors.into_iter().map(account).collect(),
            passkeys: Vec::new(),
            challenges: Vec::new(),
            sign_ins: Vec::new(),
            refused: Vec::new(),
            tasks: VecDeque::new(),
            under_way: None,
        }
    }

    /// Begins a step, whose requests [`Ceremonies::call`] then gives. [`Step::Age`] has none: see [`Ceremonies::age`].
    pub fn begin(&mut self, step: Step) {
        let task = match step {
            Step::SignIn(user) => Some(Task::SignIn(user)),
            Step::Start(user) => self.as_user(user, Task::Start(user)),
            Step::Complete { user, challenge, again, .. } => newest(self.challenges.len(), challenge).and_then(|at| {
                let again = again.and_then(|number| newest(self.passkeys.len(), number));
                self.as_user(user, Task::Complete { user, challenge: at, step, again, credential: None })
            }),
            Step::List { user, page } => self.as_user(user, Task::page(user, page)),
            Step::Delete { user, passkey } => {
                let known = newest(self.passkeys.len(), passkey).and_then(|at| self.passkeys.get(at));
                let id = known.map_or("bm8tc3VjaC1wYXNza2V5".to_owned(), |passkey| passkey.credential.id_text());
                self.as_user(user, Task::Delete { user, id })
            }
            Step::Begin(user) => Some(Task::Begin(user)),
            Step::Answer { user, sign_in, passkey, .. } => {
                let (sign_in, passkey) = (newest(self.sign_ins.len(), sign_in), newest(self.passkeys.len(), passkey));
                sign_in.zip(passkey).map(|(sign_in, passkey)| Task::Answer { user, sign_in, passkey, step })
            }
            Step::Factors(user) => self.as_user(user, Task::Factors(user)),
            Step::SignOut(user) => self.as_user(user, Task::SignOut(user)),
            Step::Disable(user) => Some(Task::Disable(user)),
            Step::Enable(user) => Some(Task::Enable(user)),
            Step::Age(_) => None,
        };
        self.tasks.extend(task);
    }

    /// Begins what all ends with: each user who has signed in is asked for what they have.
    pub fn finish(&mut self) {
        for user in 0..self.users.len() {
            if self.users[user].access.is_some() {
                self.tasks.extend([Task::Start(user), Task::page(user, 0), Task::Factors(user)]);
            }
        }
    }

    /// A user's step, after they have signed in.
    fn as_user(&mut self, user: usize, task: Task) -> Option<Task> {
        if self.users.get(user)?.access.is_none() {
            self.tasks.push_back(Task::SignIn(user));
        }
        Some(task)
    }

    /// The next request of what was begun; none where all is done.
    pub fn call(&mut self) -> Option<Call> {
        while let Some(mut task) = self.tasks.pop_front() {
            let call = self.call_of(&mut task);
            if call.is_some() {
                self.under_way = Some(task);
                return call;
            }
        }
        None
    }

    /// The request; none where the user could not sign in.
    fn call_of(&self, task: &mut Task) -> Option<Call> {
        let actor = |user: usize| Some(&self.users.get(user)?.actor);
        let access = |user: usize| Some(self.users.get(user)?.access.as_ref()?.0.as_str());
        let unsigned = |operation, input| Some(Call { operation, is_signed: false, input });
        let signed = |operation, user: usize| {
            let Actor { pool, username, .. } = actor(user)?;
            Some(Call { operation, is_signed: true, input: json!({ "UserPoolId": pool, "Username": username }) })
        };
        match task {
            Task::SignIn(user) => {
                let Actor { client, username, password, .. } = actor(*user)?;
                let parameters = json!({ "USERNAME": username, "PASSWORD": password });
                let input =
                    json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client, "AuthParameters": parameters });
                unsigned(INITIATE_AUTH.name, input)
            }
            Task::Start(user) => unsigned(START.name, json!({ "AccessToken": access(*user)? })),
            Task::Complete { user, challenge, step, again, credential } => {
                let creation = &self.challenges.get(*challenge)?.creation;
                let mut new = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
                if let Some(again) = again.and_then(|at| self.passkeys.get(at)) {
                    new = again.credential.clone();
                    new.user_handle.clone_from(&creation.user_id);
                }
                let mut draft = Registration::new(creation, &origin(&creation.rp_id), &new);
                if let Step::Complete { defect: Some(defect), .. } = step {
                    (defect.edit)(&mut draft);
                }
                *credential = Some(new);
                unsigned(COMPLETE.name, json!({ "AccessToken": access(*user)?, "Credential": draft.document() }))
            }
            Task::Page { user, size, token, .. } => {
                let mut input = json!({ "AccessToken": access(*user)? });
                if *size > 0 {
                    input["MaxResults"] = (*size).into();
                }
                if let Some(token) = token {
                    input["NextToken"] = token.as_str().into();
                }
                unsigned(LIST.name, input)
            }
            Task::Delete { user, id } => {
                unsigned(DELETE.name, json!({ "AccessToken": access(*user)?, "CredentialId": id }))
            }
            Task::Begin(user) => {
                let Actor { client, username, .. } = actor(*user)?;
                let parameters = json!({ "USERNAME": username, "PREFERRED_CHALLENGE": "WEB_AUTHN" });
                let input = json!({ "AuthFlow": "USER_AUTH", "ClientId": client, "AuthParameters": parameters });
                unsigned(INITIATE_AUTH.name, input)
            }
            Task::Answer { user, sign_in, passkey, step } => {
                let Actor { client, username, .. } = actor(*user)?;
                let SignIn { session, options, .. } = self.sign_ins.get(*sign_in)?;
                let mut credential = self.passkeys.get(*passkey)?.credential.clone();
                let mut draft = Assertion::new(options, &origin(&options.rp_id), &mut credential);
                if let Step::Answer { defect: Some(defect), .. } = step {
                    (defect.edit)(&mut draft);
                }
                let responses = json!({ "USERNAME": username, "CREDENTIAL": draft.document().to_string() });
                let input = json!({
                    "ClientId": client, "ChallengeName": "WEB_AUTHN", "Session": session, "ChallengeResponses": responses,
                });
                unsigned(RESPOND.name, input)
            }
            Task::Factors(user) => unsigned(FACTORS.name, json!({ "AccessToken": access(*user)? })),
            Task::SignOut(user) => unsigned("GlobalSignOut", json!({ "AccessToken": access(*user)? })),
            Task::Disable(user) => signed("AdminDisableUser", *user),
            Task::Enable(user) => signed("AdminEnableUser", *user),
        }
    }

    /// Follows the answer to the last [`Ceremonies::call`], which came at that time in seconds since the epoch: what is wrong
    /// with it. After something wrong nobody knows what the server's state is.
    #[must_use]
    pub fn answer(&mut self, exchange: &Exchange, classification: &Classification, now: i64) -> Vec<Finding> {
        let Some(task) = self.under_way.take() else { return Vec::new() };
        answers::Answer::new(exchange, classification, now).follow(self, task)
    }

    /// Follows the last [`Ceremonies::call`] where it took AWS credentials, and was done.
    pub fn done(&mut self, now: i64) {
        match self.under_way.take() {
            Some(Task::Disable(user)) => {
                self.end(user, &state::DISABLED, now);
                self.users[user].is_enabled = false;
            }
            Some(Task::Enable(user)) => self.users[user].is_enabled = true,
            _ => {}
        }
    }

    /// Whose state [`Step::Age`] changes; call [`Ceremonies::aged`] when it is changed.
    #[must_use]
    pub fn age(&self, step: Step) -> Option<(usize, &Actor)> {
        let Step::Age(user) = step else { return None };
        Some((user, &self.users.get(user)?.actor))
    }

    /// Follows that what the user has under way is older by [`AGE`].
    pub fn aged(&mut self, user: usize) {
        self.under_way_of(user, |good| if good == Good::Used { Good::Used } else { Good::Expired });
    }

    /// What is known no more of what the user has under way.
    fn unsettle(&mut self, user: usize) {
        self.under_way_of(user, |good| if good == Good::Yes { Good::Open } else { good });
    }

    fn under_way_of(&mut self, user: usize, change: impl Fn(Good) -> Good) {
        let challenges = self.challenges.iter_mut().filter(|challenge| challenge.user == user);
        let sign_ins = self.sign_ins.iter_mut().filter(|sign_in| sign_in.user == user);
        let all = challenges.map(|challenge| &mut challenge.good).chain(sign_ins.map(|sign_in| &mut sign_in.good));
        all.for_each(|good| *good = change(*good));
    }

    /// Ends the sessions of a user, for which the rule says so. What it makes of ceremonies under way is not known.
    fn end(&mut self, user: usize, rule: &'static crate::cognito::Rule, now: i64) {
        self.unsettle(user);
        let account = &mut self.users[user];
        account.last_end = Some(now);
        if let Some((_, right)) = &mut account.access {
            *right = match *right {
                Right::Served(_) => Right::Refused(rule),
                right => right,
            };
        }
    }

    /// Follows a sign-in of the user of that number: the token is served from then on, where no session of the user ended shortly before.
    pub fn signed_in(&mut self, user: usize, access: String, now: i64) {
        let account = &mut self.users[user];
        let is_in_doubt = account.last_end.is_some_and(|end| now - end <= DOUBT) || !account.is_enabled;
        let right = if is_in_doubt { Right::Unknown } else { Right::Served(&state::REFRESHED) };
        account.access = Some((access, right));
    }

    /// The ids of the user's passkeys, sorted.
    fn ids_of(&self, user: usize) -> Vec<String> {
        let own = self.passkeys.iter().filter(|passkey| passkey.owner == user && !passkey.is_deleted);
        let mut ids: Vec<String> = own.map(|passkey| passkey.credential.id_text()).collect();
        ids.sort_unstable();
        ids
    }

    /// Who has a passkey of that id now.
    fn owner_of(&self, id: &str) -> Option<usize> {
        let mut live = self.passkeys.iter().filter(|passkey| !passkey.is_deleted);
        live.find(|passkey| passkey.credential.id_text() == id).map(|passkey| passkey.owner)
    }
}

impl Task {
    fn page(user: usize, size: usize) -> Task {
        Task::Page { user, size, token: None, seen: Vec::new(), pages: 0 }
    }
}

/// The place of the thing of that number, counted from the newest.
fn newest(length: usize, number: usize) -> Option<usize> {
    length.checked_sub(number + 1)
}

/// Text in an output.
fn text<'a>(output: &'a Value, pointer: &str) -> Option<&'a str> {
    output.pointer(pointer)?.as_str()
}
