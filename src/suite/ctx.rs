//! What a case sees while it runs: the fixtures, and a way to send that remembers every exchange.

use std::sync::{Arc, Mutex};

use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ceremony;
use crate::cognito::{Finding, Operation, START};
use crate::generate::call::Input;
use crate::generate::token::SIGNATURE_KEPT;
use crate::options;
use crate::oracle::{self, SecretParts};
use crate::target::{BACK_OFF, Fixtures, PoolSpec, Unavailable, User};
use crate::wire::{Class, Classification, Exchange, Request, Response, TransportErrorKind};

/// What an exchange is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It is judged.
    Test,
    /// It shows that nothing but the defect caused a refusal.
    Witness,
}

/// One exchange of a case.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The case that sent it.
    pub case: Arc<str>,
    /// What it is for.
    pub role: Role,
    /// The exchange.
    pub exchange: Exchange,
    /// Its class.
    pub classification: Classification,
    /// What is wrong with the answer by itself, whatever it answers.
    pub findings: Vec<Finding>,
    /// The valid access token that the request was made from, where there is one.
    pub token: Option<Arc<str>>,
}

/// Why a case ends without a verdict of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The target cannot give what the case needs.
    Skip(String),
    /// What came proves nothing.
    Inconclusive(String),
}

impl From<Unavailable> for Stop {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::NotOffered(why) => Stop::Skip(why),
            Unavailable::Unreachable(why) => Stop::Inconclusive(why),
        }
    }
}

/// What a case sees while it runs. Clones share everything.
#[derive(Clone)]
pub struct Ctx {
    case: Arc<str>,
    fixtures: Arc<Fixtures>,
    seed: u64,
    recorded: Arc<Mutex<Vec<Recorded>>>,
    token: Arc<Mutex<Option<Arc<str>>>>,
    prepared: Arc<Mutex<Vec<String>>>,
}

impl Ctx {
    /// The context of one case.
    #[must_use]
    pub fn new(case: &str, fixtures: Arc<Fixtures>, seed: u64) -> Self {
        Ctx {
            case: case.into(),
            fixtures,
            seed,
            recorded: Arc::default(),
            token: Arc::default(),
            prepared: Arc::default(),
        }
    }

    /// A context for what the case has to find out of the target first: what is sent there is no part of the case.
    pub(super) fn aside(&self) -> Self {
        Ctx { recorded: Arc::default(), token: Arc::default(), prepared: Arc::default(), ..self.clone() }
    }

    /// The fixtures.
    #[must_use]
    pub fn fixtures(&self) -> &Fixtures {
        &self.fixtures
    }

    /// The user that the case calls as.
    ///
    /// # Errors
    /// When the target has none.
    pub async fn user(&self) -> Result<Arc<User>, Stop> {
        let user = self.fixtures.user().await?;
        self.acts_as(&user);
        Ok(user)
    }

    /// A user who belongs to this case alone, in the shared pool of that kind.
    ///
    /// # Errors
    /// When the target cannot make one.
    pub async fn new_user(&self, spec: &PoolSpec) -> Result<User, Stop> {
        let user = self.fixtures.new_user(spec).await?;
        self.acts_as(&user);
        Ok(user)
    }

    /// That the target knows the operation.
    ///
    /// # Errors
    /// Where it does not, the case is skipped.
    pub async fn needs(&self, operation: &'static Operation) -> Result<(), Stop> {
        Ok(self.fixtures.needs(operation).await?)
    }

    /// The request that is drawn from the bytes of a file in `corpus/emulator`, for the user that the case calls as.
    ///
    /// # Errors
    /// When the target has no user, or its key is not at hand and the call has a defect under a valid signature.
    pub async fn drawn(&self, file: &[u8]) -> Result<Request, Stop> {
        let user = self.user().await?;
        let caller = self.fixtures.caller(&user).await?;
        let bug = |e: &dyn std::fmt::Display| Stop::Skip(format!("the case's file holds no call: {e}"));
        let drawn = Input::of_file(file).map_err(|e| bug(&e))?.draw(&caller).map_err(|e| bug(&e))?;
        if drawn.token.defects.iter().any(|defect| std::ptr::eq(*defect, &SIGNATURE_KEPT)) {
            return Err(Stop::Skip("the pool's own signing key is not at hand (--signing-key)".to_owned()));
        }
        self.fixtures.target().secrets.add(&drawn.token.text);
        Ok(drawn.http.request)
    }

    /// Says whose access token the next requests are made from, so that reports can tell how to repeat them.
    pub fn acts_as(&self, user: &User) {
        if let Ok(mut token) = self.token.lock() {
            *token = Some(user.tokens.access.as_str().into());
        }
    }

    /// Calls the control plane, for a state that the case needs; reports tell it.
    ///
    /// # Errors
    /// When the server refuses: the target cannot give what the case needs.
    pub async fn control(&self, operation: &str, input: Value) -> Result<Value, Stop> {
        self.prepares(operation, &input);
        Ok(self.fixtures.control(operation, input).await?)
    }

    /// Calls an operation that takes no signature, other than the one that is judged, for a state that the case needs.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn call_unsigned(&self, operation: &str, input: Value) -> Result<Value, Stop> {
        self.prepares(operation, &input);
        Ok(self.fixtures.call_unsigned(operation, input).await?)
    }

    /// The calls that made the state which the case needs, in order; secrets are in them.
    #[must_use]
    pub fn prepared(&self) -> Vec<String> {
        self.prepared.lock().map(|prepared| prepared.clone()).unwrap_or_default()
    }

    /// Makes the challenges and sign-ins of a user that are under way older.
    ///
    /// # Errors
    /// Where only waiting would do it: the case is skipped.
    pub async fn ages(&self, user: &User, seconds: u32) -> Result<(), Stop> {
        Ok(self.fixtures.age(user, seconds).await?)
    }

    fn prepares(&self, operation: &str, input: &Value) {
        if let Ok(mut prepared) = self.prepared.lock() {
            prepared.push(format!("{operation} {input}"));
        }
    }

    /// Sends a request that is judged. A throttled one is sent again, later.
    ///
    /// # Errors
    /// When the target goes on throttling, or cannot be reached.
    pub async fn send(&self, request: Request) -> Result<Recorded, Stop> {
        self.send_as(Role::Test, request).await
    }

    /// Sends a request that shows that nothing but the defect caused a refusal.
    ///
    /// # Errors
    /// As for [`Ctx::send`].
    pub async fn send_witness(&self, request: Request) -> Result<Recorded, Stop> {
        self.send_as(Role::Witness, request).await
    }

    /// Sends a request whose answer is throttling on purpose.
    ///
    /// # Errors
    /// When the target cannot be reached.
    pub async fn send_once(&self, request: Request) -> Result<Recorded, Stop> {
        self.exchange(Role::Test, request.into()).await
    }

    /// A generator of random numbers that is the same for this case in each run with the same seed.
    #[must_use]
    pub fn rng(&self) -> StdRng {
        let case = self.case.bytes().fold(self.seed, |seed, byte| seed.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte));
        StdRng::seed_from_u64(case)
    }

    /// Every exchange so far.
    #[must_use]
    pub fn recorded(&self) -> Vec<Recorded> {
        self.recorded.lock().map(|recorded| recorded.clone()).unwrap_or_default()
    }

    pub(super) async fn send_as(&self, role: Role, request: Request) -> Result<Recorded, Stop> {
        let mut waits = BACK_OFF.into_iter();
        let request = Arc::new(request);
        loop {
            let recorded = self.exchange(role, Arc::clone(&request)).await?;
            if !recorded.classification.is_throttled() {
                return Ok(recorded);
            }
            self.fixtures.target().transport.pace().slow_down();
            let Some(wait) = waits.next() else {
                return Err(Stop::Inconclusive("the target throttles: a lower --rate may help".to_owned()));
            };
            tokio::time::sleep(wait).await;
        }
    }

    async fn exchange(&self, role: Role, request: Arc<Request>) -> Result<Recorded, Stop> {
        let operation = request.operation();
        let exchange = self.fixtures.target().transport.send(request).await;
        if let Err(e) = &exchange.result
            && e.kind == TransportErrorKind::Budget
        {
            return Err(Stop::Inconclusive(e.to_string()));
        }
        let classification = exchange.classify(operation);
        let token = self.token.lock().ok().and_then(|token| token.clone());
        let findings = match &exchange.result {
            Ok(response) => {
                let judge = |secrets: &SecretParts| {
                    oracle::answer(operation, &exchange.request, response, &classification, secrets)
                };
                let mut findings = self.fixtures.target().secrets.search(judge);
                findings.extend(unusable(operation, response, &classification));
                findings
            }
            Err(_) => Vec::new(),
        };
        if let Ok(response) = &exchange.result {
            self.fixtures.target().secrets.add_answer(&response.body);
        }
        let recorded = Recorded { case: Arc::clone(&self.case), role, exchange, classification, findings, token };
        if let Ok(mut all) = self.recorded.lock() {
            all.push(recorded.clone());
        }
        match &recorded.exchange.result {
            Err(e) if matches!(e.kind, TransportErrorKind::Connect | TransportErrorKind::Tls) => {
                Err(Stop::Inconclusive(format!("the target cannot be reached: {e}")))
            }
            _ => Ok(recorded),
        }
    }
}

/// What a client that is not ours finds in the options of a served Start. What it cannot tell is no finding.
fn unusable(operation: &Operation, response: &Response, classification: &Classification) -> Vec<Finding> {
    if operation != &START || classification.class != Class::Success {
        return Vec::new();
    }
    let options = options::from_response(&response.body).ok();
    options.and_then(|options| ceremony::usable(options.text).ok()).unwrap_or_default()
}
