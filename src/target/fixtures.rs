//! The fixtures of one run: pools and users, made when a case first needs them, shared, and deleted at the end.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tokio::sync::{Mutex, OnceCell};

use super::made::Made;
use super::{
    Implemented, Login, Pool, PoolSpec, Refused, SecretKind, Signing, Target, Tokens, User, implemented, live,
    provision,
};
use crate::cognito::{Operation, START};
use crate::generate::call::Caller;
use crate::generate::token::{Base, Signer};
use crate::oracle::sessions::Actor;
use crate::tape::{self, Tape};
use crate::token::{Draft, Key};
use crate::wire::{Class, Request};

/// Why a fixture cannot be had on this target.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unavailable {
    /// The target does not offer it: the case is skipped.
    #[error("{0}")]
    NotOffered(String),
    /// The target did not answer, or it throttles: the case is inconclusive.
    #[error("{0}")]
    Unreachable(String),
}

impl From<Refused> for Unavailable {
    fn from(refused: Refused) -> Self {
        if refused.unreachable {
            Unavailable::Unreachable(refused.to_string())
        } else {
            Unavailable::NotOffered(format!("the target refuses {refused}"))
        }
    }
}

/// The one user of a target whose control plane is closed.
struct Given {
    user: User,
    /// How the user signs in; `None` where only a token was given.
    login: Option<Login>,
    /// Who else is known.
    others: Others,
}

/// Those who are known beside the one user of [`Fixtures::of_sample`].
#[derive(Default)]
pub struct Others {
    /// The tokens of the user's next sign-in.
    pub again: Option<Tokens>,
    /// Other users, by the pools that they are in.
    pub users: Vec<(PoolSpec, User)>,
}

/// A pool that is made once, by whoever needs it first.
type SharedPool = Arc<OnceCell<Result<Arc<Pool>, Unavailable>>>;

/// Makes and keeps the fixtures of one run.
pub struct Fixtures {
    target: Target,
    /// A word that is in the name of everything that this run makes.
    run: String,
    given: Option<Given>,
    pools: Mutex<HashMap<PoolSpec, SharedPool>>,
    made: Made,
    main_users: Mutex<MainUsers>,
    users: AtomicUsize,
    any_key: OnceCell<bool>,
    found: Mutex<HashMap<&'static str, Arc<OnceCell<bool>>>>,
    implemented: Mutex<HashMap<&'static str, Implemented>>,
}

/// The users that most cases call as, one after the other: each until he runs into a limit.
#[derive(Default)]
struct MainUsers {
    /// The number of the one whose turn it is.
    turn: usize,
    made: HashMap<usize, Arc<User>>,
}

impl Fixtures {
    /// The fixtures of a run. A hand-given access token serves as the main user's where the control plane is closed.
    #[must_use]
    pub fn new(target: Target, run: impl Into<String>, access_token: Option<String>) -> Self {
        let given = access_token.map(|access| {
            target.secrets.add_own(SecretKind::Token, &access);
            let username = Draft::of(&access)
                .and_then(|draft| draft.claims.get("username").and_then(Value::as_str).map(str::to_owned));
            let tokens = Tokens { access, id: None, refresh: None, expires_in: None };
            let user = User { pool: None, username: username.unwrap_or_default(), tokens };
            Given { user, login: None, others: Others::default() }
        });
        Fixtures::with(target, run.into(), given)
    }

    /// The fixtures of a run with one user, who signs in with a password, and without a control plane.
    ///
    /// # Errors
    /// When the server refuses the sign-in, or asks for more than the password.
    pub async fn of_user(target: Target, run: impl Into<String>, login: Login) -> Result<Self, Refused> {
        target.secrets.add_own(SecretKind::Password, &login.password);
        let sign_in = provision::sign_in_by_user(&target.control, &login, &target.secrets);
        let tokens = target.transport.tape().on_track("sign-in", sign_in).await?;
        let user = User { pool: None, username: login.username.clone(), tokens };
        let given = Given { user, login: Some(login), others: Others::default() };
        Ok(Fixtures::with(target, run.into(), Some(given)))
    }

    /// Fixtures that nobody has to make: this user, who has signed in, and these others. For requests that are only looked at.
    #[must_use]
    pub fn of_sample(target: Target, user: User, others: Others) -> Self {
        Fixtures::with(target, String::new(), Some(Given { user, login: None, others }))
    }

    /// A new word for the name of everything that a run makes: eight characters of hexadecimal.
    #[must_use]
    pub fn word() -> String {
        uuid::Uuid::new_v4().simple().to_string().chars().take(8).collect()
    }

    fn with(target: Target, run: String, given: Option<Given>) -> Self {
        Fixtures {
            target,
            run,
            given,
            pools: Mutex::default(),
            made: Made::default(),
            main_users: Mutex::default(),
            users: AtomicUsize::new(0),
            any_key: OnceCell::new(),
            found: Mutex::default(),
            implemented: Mutex::default(),
        }
    }

    /// The target.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Whether there is one user only, who was given by hand.
    #[must_use]
    pub fn has_one_user(&self) -> bool {
        self.given.is_some()
    }

    /// The user that most cases call as: the given one, or one of the main pool.
    ///
    /// # Errors
    /// When there is none and none can be made.
    pub async fn user(&self) -> Result<Arc<User>, Unavailable> {
        let mut main = self.main_users.lock().await;
        let turn = tape::draw(|| main.turn);
        if let Some(user) = main.made.get(&turn) {
            return Ok(Arc::clone(user));
        }
        let user = Arc::new(match &self.given {
            Some(given) => given.user.clone(),
            None => self.tape().on_track(&format!("user/{turn}"), self.new_user(&PoolSpec::MAIN)).await?,
        });
        main.made.insert(turn, Arc::clone(&user));
        Ok(user)
    }

    /// Retires the main user, who has run into a limit, so that the next call of [`Fixtures::user`] gives another.
    pub async fn retire(&self, user: &User) {
        let mut main = self.main_users.lock().await;
        let is_main = main.made.get(&main.turn).is_some_and(|main| main.username == user.username);
        if self.given.is_none() && is_main {
            main.turn += 1;
        }
    }

    /// The shared pool of that kind.
    ///
    /// # Errors
    /// When the target cannot make it, or did not keep what makes it that kind.
    pub async fn pool(&self, spec: &PoolSpec) -> Result<Arc<Pool>, Unavailable> {
        if let Some(pool) = self.other(spec).and_then(|other| other.pool.as_ref()) {
            return Ok(Arc::clone(pool));
        }
        let cell = Arc::clone(self.pools.lock().await.entry(spec.clone()).or_default());
        // A target that did not answer may do so when the next case asks.
        let made = cell.get_or_try_init(|| async {
            match self.tape().on_track(&format!("pool/{}", spec.name), self.new_pool(spec)).await {
                Err(Unavailable::Unreachable(why)) => Err(Unavailable::Unreachable(why)),
                made => Ok(made),
            }
        });
        made.await?.clone()
    }

    /// A pool of that kind that belongs to one case alone, which may change and delete it.
    ///
    /// # Errors
    /// As for [`Fixtures::pool`].
    pub async fn new_pool(&self, spec: &PoolSpec) -> Result<Arc<Pool>, Unavailable> {
        if self.given.is_some() {
            return Err(self.only("no pool can be made"));
        }
        let to_delete = if spec.domain { 2 } else { 1 };
        let reserved = self.target.transport.pace().reserve(to_delete);
        reserved.map_err(|e| Unavailable::Unreachable(e.to_string()))?;
        let run = format!("{}-{}", self.run, self.next());
        let (control, spec, tags) = (self.target.control.clone(), spec.clone(), self.tags());
        let making = tape::inherit(async move { provision::pool(&control, &spec, &run, &tags).await });
        Ok(self.made.make(making).await?)
    }

    /// A new user of the shared pool of that kind, signed in, who belongs to one case alone.
    ///
    /// # Errors
    /// When the pool or the user cannot be made.
    pub async fn new_user(&self, spec: &PoolSpec) -> Result<User, Unavailable> {
        if let Some(other) = self.other(spec) {
            return Ok(other.clone());
        }
        let pool = self.pool(spec).await?;
        self.user_in(&pool, None).await
    }

    /// A new user of that pool, signed in; with that name, or a new one.
    ///
    /// # Errors
    /// When the user cannot be made or signed in.
    pub async fn user_in(&self, pool: &Arc<Pool>, username: Option<&str>) -> Result<User, Unavailable> {
        let username = username.map_or_else(|| format!("cogspec-{}-{}", self.run, self.next()), str::to_owned);
        Ok(provision::user(&self.target.control, pool, &username, &self.target.secrets).await?)
    }

    /// The password of every user that is made.
    #[must_use]
    pub fn password(&self) -> &'static str {
        provision::PASSWORD
    }

    /// Signs the user in once more.
    ///
    /// # Errors
    /// When the server refuses, or only the user's token is known.
    pub async fn sign_in(&self, user: &User) -> Result<Tokens, Unavailable> {
        if let Some(again) = self.given.as_ref().and_then(|given| given.others.again.as_ref()) {
            return Ok(again.clone());
        }
        if let Some(login) = self.given.as_ref().and_then(|given| given.login.as_ref()) {
            return Ok(provision::sign_in_by_user(&self.target.control, login, &self.target.secrets).await?);
        }
        let pool = user.pool.as_ref().ok_or_else(|| Unavailable::NotOffered("the password is not known".to_owned()))?;
        self.sign_in_at(user, &pool.client_id).await
    }

    /// Signs the user in at an app client of the user's pool.
    ///
    /// # Errors
    /// As for [`Fixtures::sign_in`].
    pub async fn sign_in_at(&self, user: &User, client: &str) -> Result<Tokens, Unavailable> {
        let pool = user.pool.as_ref().ok_or_else(|| Unavailable::NotOffered("the password is not known".to_owned()))?;
        Ok(provision::sign_in(&self.target.control, &pool.id, client, &user.username, &self.target.secrets).await?)
    }

    /// Calls the control plane.
    ///
    /// # Errors
    /// When the server refuses: the target cannot give what the case needs.
    pub async fn control(&self, operation: &str, mut input: Value) -> Result<Value, Unavailable> {
        if self.given.is_some() {
            return Err(self.only(&format!("{operation} is not called")));
        }
        let tags = self.tags();
        if operation == "UpdateUserPool" && !tags.is_empty() {
            // What an update leaves out falls back to its default.
            input["UserPoolTags"] = tags.into();
        }
        Ok(self.target.control.call(operation, input).await?)
    }

    /// Calls an operation of the data plane that takes no signature, other than the one that is judged.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn call_unsigned(&self, operation: &str, input: Value) -> Result<Value, Unavailable> {
        Ok(self.target.control.call_unsigned(operation, input).await?)
    }

    /// That the target knows an operation. It is asked until it answers.
    ///
    /// # Errors
    /// When it does not, or does not answer.
    pub async fn needs(&self, operation: &'static Operation) -> Result<(), Unavailable> {
        let user = self.user().await?;
        let mut known = self.implemented.lock().await;
        let known = match known.get(operation.name) {
            Some(known) => known.clone(),
            None => {
                let ask = implemented(&self.target.transport, &user.tokens.access, operation);
                let asked = self.tape().on_track(&format!("knows/{}", operation.name), ask).await;
                if !matches!(asked, Implemented::Unknown(_)) {
                    known.insert(operation.name, asked.clone());
                }
                asked
            }
        };
        match known {
            Implemented::Yes => Ok(()),
            Implemented::No(how) => Err(Unavailable::NotOffered(format!("not implemented: {how}"))),
            Implemented::Unknown(e) => Err(Unavailable::Unreachable(e.to_string())),
        }
    }

    /// The user as the operations on sessions name them; `None` where only a token was given.
    #[must_use]
    pub fn actor(&self, user: &User) -> Option<Actor> {
        let pool = user.pool.as_ref()?;
        let (pool, client) = (pool.id.clone(), pool.client_id.clone());
        Some(Actor { pool, client, username: user.username.clone(), password: provision::PASSWORD.to_owned() })
    }

    /// A key with which a token of this user can be signed again after a change.
    ///
    /// It is the target's own where the target hands it out or the person gave it; else the harness's, where the target is
    /// found to take any key (which is a defect with a case of its own).
    ///
    /// # Errors
    /// When the target checks signatures and its key cannot be had.
    pub async fn signing_key(&self, user: &User) -> Result<Key, Unavailable> {
        match &self.target.signing {
            Signing::Given(key) => Ok(key.clone()),
            Signing::FromTarget => self.key_from_target(user).await,
            Signing::None => {
                let key = foreign_key(&user.tokens.access)?;
                let find = || self.tape().on_track("any-key", self.takes_any_key(user, &key));
                if *self.any_key.get_or_try_init(find).await? {
                    Ok(key)
                } else {
                    Err(Unavailable::NotOffered(
                        "the target checks signatures, and its signing key is not at hand (--signing-key)".to_owned(),
                    ))
                }
            }
        }
    }

    /// The user as one whom generators draw calls for: the token is signed again after a change where
    /// [`Fixtures::signing_key`] gives a key, and keeps its signature elsewhere.
    ///
    /// # Errors
    /// When the token is no JSON Web Token, or the target does not answer.
    pub async fn caller(&self, user: &User) -> Result<Caller, Unavailable> {
        let access = user.tokens.access.clone();
        let draft = Draft::of(&access)
            .ok_or_else(|| Unavailable::NotOffered("the target's access token is no JSON Web Token".to_owned()))?;
        let signer = match self.signing_key(user).await {
            Ok(key) => Signer::key(key),
            Err(Unavailable::NotOffered(_)) => Signer::Kept(access.as_str().into()),
            Err(e) => return Err(e),
        };
        Ok(Caller { access, base: Base { draft, now: crate::token::now(), signer } })
    }

    /// Makes the challenges and sign-ins of a user that are under way older.
    ///
    /// # Errors
    /// Where only waiting would do it.
    pub async fn age(&self, user: &User, seconds: u32) -> Result<(), Unavailable> {
        let pool = user.pool.as_ref().filter(|_| self.target.ages_on_demand).ok_or_else(|| {
            Unavailable::NotOffered(
                "the target cannot be told that time has passed, and the case does not wait".to_owned(),
            )
        })?;
        let path = format!("/_cogspec/age?pool={}&user={}&seconds={seconds}", pool.id, user.username);
        let exchange = self.target.transport.send(Request::call("", "").method("GET").path(&path)).await;
        match exchange.result {
            Ok(response) if response.is_success() => Ok(()),
            Ok(response) => Err(Unavailable::NotOffered(format!("/_cogspec/age is answered with {}", response.status))),
            Err(e) => Err(Unavailable::Unreachable(e.to_string())),
        }
    }

    /// What is so of the target, found out once a run by who needs it first.
    ///
    /// # Errors
    /// Those of finding out, which is then tried again by the next.
    pub async fn found<E, F: Future<Output = Result<bool, E>>>(
        &self,
        what: &'static str,
        find: impl FnOnce() -> F,
    ) -> Result<bool, E> {
        let cell = Arc::clone(self.found.lock().await.entry(what).or_default());
        let track = format!("found/{what}");
        cell.get_or_try_init(|| self.tape().on_track(&track, find())).await.copied()
    }

    async fn takes_any_key(&self, user: &User, key: &Key) -> Result<bool, Unavailable> {
        let Some(draft) = Draft::of(&user.tokens.access) else { return Ok(false) };
        let exchange = self.target.transport.send_patiently(Request::start(&draft.sign(key))).await;
        let classification = exchange.classify(&START);
        if exchange.result.is_err() || classification.is_throttled() {
            return Err(Unavailable::Unreachable(exchange.in_short(&classification)));
        }
        Ok(matches!(classification.class, Class::Success))
    }

    async fn key_from_target(&self, user: &User) -> Result<Key, Unavailable> {
        let broken = |why: &str| Unavailable::NotOffered(format!("the signing key cannot be had: {why}"));
        let pool = user.pool.as_ref().ok_or_else(|| broken("the user's pool is not known"))?;
        let path = format!("/_cogspec/signing-key?pool={}", pool.id);
        let request = Request::call("", "").method("GET").path(&path);
        let exchange = self.target.transport.send(request).await;
        let response = exchange.result.map_err(|e| Unavailable::Unreachable(e.to_string()))?;
        let body: Value = serde_json::from_slice(&response.body).map_err(|e| broken(&e.to_string()))?;
        let member = |name: &str| body.get(name).and_then(Value::as_str).ok_or_else(|| broken("an incomplete answer"));
        self.target.secrets.add_own(SecretKind::SigningKey, member("pem")?);
        Key::from_pem(member("kid")?, member("pem")?).map_err(|e| broken(&e.to_string()))
    }

    /// Deletes every pool that was made. What cannot be deleted is told by its id.
    pub async fn clean_up(&self) -> Vec<String> {
        if self.tape().is_replay() {
            // Nothing was made.
            return Vec::new();
        }
        let mut left = Vec::new();
        for pool in self.made.take().await {
            if let Some(domain) = &pool.domain {
                // A pool with a domain cannot be deleted on AWS; where this fails the next call tells.
                let input = json!({ "UserPoolId": pool.id, "Domain": domain });
                let _ = self.target.control.call_reserved("DeleteUserPoolDomain", input).await;
            }
            match self.target.control.call_reserved("DeleteUserPool", json!({ "UserPoolId": pool.id })).await {
                // A case may have deleted its pool itself.
                Err(refused) if !refused.is_not_found() => left.push(format!("{}: {refused}", pool.id)),
                _ => {}
            }
        }
        left
    }

    /// The tags of every pool that is made; none where nobody would look for them.
    fn tags(&self) -> serde_json::Map<String, Value> {
        if self.target.tags_pools { live::tags(&self.run) } else { serde_json::Map::new() }
    }

    /// The other user of a sample who is in that pool.
    fn other(&self, spec: &PoolSpec) -> Option<&User> {
        let users = &self.given.as_ref()?.others.users;
        users.iter().find(|(of, _)| of == spec).map(|(_, user)| user)
    }

    /// What cannot be had with the one user that was given.
    fn only(&self, what: &str) -> Unavailable {
        let login = self.given.as_ref().is_some_and(|given| given.login.is_some());
        let given = if login { "one user" } else { "an access token" };
        Unavailable::NotOffered(format!("only {given} was given: {what}"))
    }

    fn next(&self) -> usize {
        tape::draw(|| self.users.fetch_add(1, Ordering::Relaxed))
    }

    /// The tape that the run records on or replays from.
    #[must_use]
    pub fn tape(&self) -> &Tape {
        self.target.transport.tape()
    }

    /// The word that is in the name of everything that this run makes.
    #[must_use]
    pub fn run(&self) -> &str {
        &self.run
    }

    /// The access token that was given by hand.
    #[must_use]
    pub fn given_token(&self) -> Option<&str> {
        let given = self.given.as_ref().filter(|given| given.login.is_none())?;
        Some(&given.user.tokens.access)
    }

    /// The login of the one user that was given by hand.
    #[must_use]
    pub fn given_login(&self) -> Option<&Login> {
        self.given.as_ref()?.login.as_ref()
    }
}

/// The harness's own private key, which no target knows and everyone does: in PEM.
pub const STAND_IN_KEY: &str = include_str!("harness-key.pem");

/// A key that no target knows, under the `kid` of this token.
///
/// # Errors
/// When the token has no header to take the `kid` from.
pub fn foreign_key(token: &str) -> Result<Key, Unavailable> {
    let kid = Draft::of(token)
        .and_then(|draft| draft.header.get("kid").and_then(Value::as_str).map(str::to_owned))
        .unwrap_or_default();
    Key::from_pem(kid, STAND_IN_KEY).map_err(|e| Unavailable::NotOffered(e.to_string()))
}
