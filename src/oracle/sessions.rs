//! What must hold of a user's access tokens while sessions begin and end.
//!
//! The documentation tells which tokens an operation ends; the model here follows it step by step, and what it does not tell
//! is not judged.

use serde_json::{Value, json};

use crate::cognito::rules::{response, state};
use crate::cognito::{Finding, Rule};
use crate::generate::session::Step;
use crate::wire::{Class, Classification, Exchange};

/// A token that is made within this many seconds after an end may be taken for an older one: times in tokens are whole
/// seconds.
pub(super) const DOUBT: i64 = 2;

/// The one user, as the operations name them.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The pool's id.
    pub pool: String,
    /// The app client's id.
    pub client: String,
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// A call of another operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The operation.
    pub operation: &'static str,
    /// Whether it takes AWS credentials.
    pub is_signed: bool,
    /// Its input. Secrets are in it.
    pub input: Value,
}

#[derive(Debug)]
struct Session {
    refresh: Option<String>,
    /// The step that ended it.
    ended_by: Option<Step>,
}

#[derive(Debug)]
struct Token {
    text: String,
    session: usize,
    /// What must become of it.
    right: Right,
}

/// What must become of an access token.
#[derive(Clone, Copy, Debug)]
pub(super) enum Right {
    /// It is served; the rule says so.
    Served(&'static Rule),
    /// It is refused; the rule says so.
    Refused(&'static Rule),
    /// Nobody knows.
    Unknown,
}

/// The sessions of one user, and their access tokens.
#[derive(Debug)]
pub struct Sessions {
    actor: Actor,
    sessions: Vec<Session>,
    tokens: Vec<Token>,
    last_end: Option<i64>,
}

impl Sessions {
    /// A user who has not signed in yet.
    #[must_use]
    pub fn new(actor: Actor) -> Sessions {
        Sessions { actor, sessions: Vec::new(), tokens: Vec::new(), last_end: None }
    }

    /// The access tokens so far; [`Step::Call`] counts them.
    pub fn tokens(&self) -> impl ExactSizeIterator<Item = &str> {
        self.tokens.iter().map(|token| token.text.as_str())
    }

    /// What a step calls, other than the operation itself; nothing where there is nothing of its number.
    #[must_use]
    pub fn call(&self, step: Step) -> Option<Call> {
        let Actor { pool, client, username, password } = &self.actor;
        let unsigned = |operation, input| Some(Call { operation, is_signed: false, input });
        let refresh = |session: usize| self.sessions.get(session)?.refresh.as_deref();
        match step {
            Step::SignIn => unsigned(
                "InitiateAuth",
                json!({
                    "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client,
                    "AuthParameters": { "USERNAME": username, "PASSWORD": password },
                }),
            ),
            Step::Refresh(session) => unsigned(
                "InitiateAuth",
                json!({
                    "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": client,
                    "AuthParameters": { "REFRESH_TOKEN": refresh(session)? },
                }),
            ),
            Step::SignOut(token) => unsigned("GlobalSignOut", json!({ "AccessToken": self.tokens.get(token)?.text })),
            Step::Revoke(session) => unsigned("RevokeToken", json!({ "Token": refresh(session)?, "ClientId": client })),
            Step::SignOutByAdmin => Some(Call {
                operation: "AdminUserGlobalSignOut",
                is_signed: true,
                input: json!({ "UserPoolId": pool, "Username": username }),
            }),
            Step::Call(_) => None,
        }
    }

    /// Follows a step that was answered with a success, at that time in seconds since the epoch.
    pub fn follow(&mut self, step: Step, output: &Value, now: i64) {
        let text = |name: &str| {
            output.pointer(&format!("/AuthenticationResult/{name}")).and_then(Value::as_str).map(str::to_owned)
        };
        match step {
            Step::SignIn => {
                let Some(access) = text("AccessToken") else { return };
                let right = match self.last_end {
                    None => Right::Served(&state::REFRESHED),
                    Some(end) if now - end > DOUBT => Right::Served(&state::REFRESHED),
                    Some(_) => Right::Unknown,
                };
                self.tokens.push(Token { text: access, session: self.sessions.len(), right });
                self.sessions.push(Session { refresh: text("RefreshToken"), ended_by: None });
            }
            Step::Refresh(number) => {
                let (Some(access), Some(session)) = (text("AccessToken"), self.sessions.get(number)) else { return };
                let right = match session.ended_by {
                    None => Right::Served(&state::REFRESHED),
                    Some(_) => Right::Refused(&state::REVOKED_REFRESH),
                };
                self.tokens.push(Token { text: access, session: number, right });
            }
            Step::SignOut(number) => match self.tokens.get(number).map(|token| token.right) {
                Some(Right::Served(_)) => self.end(step, now, |_| true),
                // A server that lets a dead token sign out is wrong in another operation: what follows is not told.
                _ => self.tokens.iter_mut().for_each(|token| token.right = Right::Unknown),
            },
            Step::SignOutByAdmin => self.end(step, now, |_| true),
            Step::Revoke(number) => self.end(step, now, |session| session == number),
            Step::Call(_) => {}
        }
    }

    fn end(&mut self, step: Step, now: i64, is_meant: impl Fn(usize) -> bool) {
        self.last_end = Some(now);
        for (number, session) in self.sessions.iter_mut().enumerate() {
            if is_meant(number) {
                session.ended_by.get_or_insert(step);
            }
        }
        for token in &mut self.tokens {
            token.right = match token.right {
                Right::Served(_) if is_meant(token.session) => Right::Refused(&state::REVOKED),
                Right::Served(_) => Right::Served(&state::REVOKED_ONLY_SESSION),
                right => right,
            };
        }
    }

    /// What is wrong with the answer to a call with that token.
    #[must_use]
    pub fn judge(&self, token: usize, exchange: &Exchange, classification: &Classification) -> Option<Finding> {
        let is_served = matches!(classification.class, Class::Success);
        let finding = |rule, wanted: &str| Finding::new(rule, exchange.in_short(classification), wanted);
        match self.tokens.get(token)?.right {
            Right::Served(rule) if !is_served => Some(finding(rule, "success")),
            Right::Refused(rule) if is_served => Some(finding(rule, "NotAuthorizedException")),
            Right::Refused(_) if classification.status >= Some(500) => {
                Some(finding(&response::NO_SERVER_ERROR, "NotAuthorizedException"))
            }
            Right::Refused(_) if classification.name() != "NotAuthorizedException" => {
                Some(finding(&state::REVOKED_CLASS, "NotAuthorizedException"))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed_in() -> Sessions {
        let text = |text: &str| text.to_owned();
        let actor = Actor { pool: text("p"), client: text("c"), username: text("u"), password: text("w") };
        let mut sessions = Sessions::new(actor);
        sessions.follow(Step::SignIn, &output("a0", "r0"), 100);
        sessions
    }

    fn output(access: &str, refresh: &str) -> Value {
        json!({ "AuthenticationResult": { "AccessToken": access, "RefreshToken": refresh } })
    }

    fn rights(sessions: &Sessions) -> Vec<String> {
        let told = |token: &Token| match token.right {
            Right::Served(_) => "served".to_owned(),
            Right::Refused(rule) => rule.id.to_owned(),
            Right::Unknown => "unknown".to_owned(),
        };
        sessions.tokens.iter().map(told).collect()
    }

    #[test]
    fn a_sign_out_ends_all_and_a_revocation_one_session() {
        let mut sessions = signed_in();
        sessions.follow(Step::SignIn, &output("a1", "r1"), 100);
        sessions.follow(Step::Refresh(0), &output("a2", ""), 100);
        assert_eq!(rights(&sessions), ["served", "served", "served"]);
        sessions.follow(Step::Revoke(0), &json!({}), 101);
        assert_eq!(rights(&sessions), ["state.revoked", "served", "state.revoked"]);
        sessions.follow(Step::SignOut(1), &json!({}), 102);
        assert_eq!(rights(&sessions), ["state.revoked"; 3]);
    }

    #[test]
    fn what_is_made_right_after_an_end_is_in_doubt_and_what_an_ended_session_gives_is_refused() {
        let mut sessions = signed_in();
        sessions.follow(Step::SignOutByAdmin, &json!({}), 101);
        sessions.follow(Step::SignIn, &output("a1", "r1"), 102);
        sessions.follow(Step::SignIn, &output("a2", "r2"), 104);
        sessions.follow(Step::Refresh(0), &output("a3", ""), 200);
        assert_eq!(rights(&sessions), ["state.revoked", "unknown", "served", "state.revoked.refresh"]);
        sessions.follow(Step::SignOut(0), &json!({}), 201);
        assert_eq!(rights(&sessions), ["unknown"; 4]);
    }

    #[test]
    fn each_step_names_what_there_is() {
        let sessions = signed_in();
        assert_eq!(sessions.call(Step::Refresh(0)).unwrap().input["AuthParameters"]["REFRESH_TOKEN"], "r0");
        assert_eq!(sessions.call(Step::SignOut(0)).unwrap().input, json!({ "AccessToken": "a0" }));
        assert_eq!(sessions.call(Step::Revoke(1)), None);
        assert_eq!(sessions.call(Step::SignOut(1)), None);
        assert!(sessions.call(Step::SignOutByAdmin).unwrap().is_signed);
    }
}
