//! Sample worlds: what a caller of a server has at hand (tokens, keys, the clock, the address), made up, and different from
//! world to world in every value and length. From what a case makes in several of them its request is read as a template.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use serde_json::{Value, json};

use super::ExportError;
use crate::suite::{Case, Ctx, Made, Stop};
use crate::tape::{Heard, Step, Tape, Track};
use crate::target::{Fixtures, Others, Pool, PoolSpec, STAND_IN_KEY, Signing, Target, Tokens, User};
use crate::token::{Draft, Key, PublicKey, Segments};
use crate::wire::Response;

/// The private key of the sample pools. It is worth nothing: no server has it.
const POOL_KEY: &str = include_str!("../ceremony/test-key.pem");

/// How many worlds there are. In those that a template was not read from it is proved.
pub(super) const WORLDS: usize = 5;

/// Of how many of them templates are read.
pub(super) const READ: usize = 3;

/// More than any case draws.
const DRAWS: usize = 64;

/// One sample world.
pub(super) struct World {
    /// What templates may name, by its name.
    pub(super) values: BTreeMap<String, Vec<u8>>,
    /// The pool's key.
    pub(super) pool: Key,
    /// A key that the server does not know, under the pool's `kid`.
    pub(super) foreign: Key,
    /// The time, in seconds since the epoch.
    pub(super) now: i64,
    target: Target,
    user: User,
    again: Tokens,
    others: Vec<(PoolSpec, User)>,
}

impl World {
    /// The world of that number.
    pub(super) fn new(number: usize) -> Result<World, ExportError> {
        let seed = Seed(number);
        let now = 1_800_000_000 + seed.number("now", 90_000_000);
        let broken = |e: &dyn std::fmt::Display| ExportError(format!("a sample cannot be made: {e}"));
        let region = ["us-east-1", "eu-central-1", "ap-southeast-2"][number % 3];
        let scheme = if number.is_multiple_of(2) { "http" } else { "https" };
        let host = format!("{}.example.com:{}", seed.word("host", 6 + 3 * number), 8000 + 117 * number);
        // Nothing is sent; https would want the certificates of this machine.
        let endpoint = format!("http://{host}");

        let kid = format!("{}=", seed.text("kid", 30 + 7 * number));
        let foreign = Key::from_pem(kid.clone(), STAND_IN_KEY).map_err(|e| broken(&e))?;
        let pool = Key::from_pem(kid.clone(), POOL_KEY).map_err(|e| broken(&e))?;
        let person = |name: &str, region: &str, pool: &str, client: &str, session: &str| -> Person {
            let iss = format!("https://cognito-idp.{region}.amazonaws.com/{pool}");
            let username = seed.word(&format!("{name} name"), 9 + 4 * number);
            Person { name: name.to_owned(), session: session.to_owned(), iss, client: client.to_owned(), username, now }
        };
        let first_pool = format!("{region}_{}", seed.text("pool", 9 + 7 * number));
        let second_pool = format!("{region}_{}", seed.text("second pool", 9 + 6 * number));
        let (client, second_client) = (seed.word("client", 26), seed.word("second client", 26));
        let pool_name = first_pool.split('_').next_back().unwrap_or_default().to_owned();
        let main = person("main", region, &first_pool, &client, "first");
        let tokens = main.tokens(&seed, &kid);
        let again = Person { session: "again".to_owned(), ..main.clone() }.tokens(&seed, &kid);
        let other = person("other", region, &first_pool, &client, "other");
        let second = person("second", region, &second_pool, &second_client, "second");
        let second_kid = format!("{}=", seed.text("second kid", 31 + number));
        let user = |person: &Person, kid: &str, pool: &str, client: &str, spec: &PoolSpec| User {
            pool: Some(Arc::new(Pool {
                id: pool.to_owned(),
                client_id: client.to_owned(),
                domain: None,
                spec: spec.clone(),
                reduced: Vec::new(),
            })),
            username: person.username.clone(),
            tokens: person.tokens(&seed, kid),
        };
        let others = vec![
            (PoolSpec::MAIN, user(&other, &kid, &first_pool, &client, &PoolSpec::MAIN)),
            (PoolSpec::SECOND, user(&second, &second_kid, &second_pool, &second_client, &PoolSpec::SECOND)),
        ];

        let mut values = BTreeMap::new();
        let mut add = |name: &str, tokens: &Tokens| {
            add_token(&mut values, name, &tokens.access);
        };
        add("access", &tokens);
        add("again", &again);
        add("other", &others[0].1.tokens);
        add("second", &others[1].1.tokens);
        if let (Some(id), Some(refresh)) = (&tokens.id, &tokens.refresh) {
            add_token(&mut values, "id", id);
            values.insert("refresh".to_owned(), refresh.clone().into_bytes());
        }
        add_key(&mut values, pool.public());
        values.insert("host".to_owned(), host.clone().into_bytes());
        values.insert("scheme".to_owned(), scheme.into());
        values.insert("endpoint".to_owned(), endpoint.clone().into_bytes());
        values.insert("pool.id".to_owned(), first_pool.into_bytes());
        values.insert("pool.name".to_owned(), pool_name.into_bytes());
        values.insert("pool.base".to_owned(), format!("https://cognito-idp.{region}.amazonaws.com").into_bytes());
        values.insert("pool.region".to_owned(), region.into());
        values.insert("second.client_id".to_owned(), second_client.into_bytes());

        let mut target = Target::endpoint(&endpoint, region, Duration::from_secs(1)).map_err(|e| broken(&e))?;
        target.signing = Signing::Given(pool.clone());
        let user = User { pool: None, username: main.username.clone(), tokens };
        Ok(World { values, pool, foreign, now, target, user, again, others })
    }

    /// The request of a case in this world. Nothing is sent.
    pub(super) async fn make(&self, case: &Case) -> Option<Result<Made, Stop>> {
        let requests = case.requests.as_ref()?;
        // Whatever a case asks is served, and tells the pool's key; and whatever it draws is the time.
        let body = json!({ "CredentialCreationOptions": {}, "keys": [self.pool.jwk()] }).to_string().into_bytes();
        let headers = vec![("Content-Type".to_owned(), crate::cognito::CONTENT_TYPE.into())];
        let response = Response { status: 200, headers, body };
        let step =
            Step { request: None, asks: String::new(), answer: Heard::Answer(Ok(response)), elapsed: Duration::ZERO };
        let track = Track { steps: vec![step; 4], drawn: vec![self.now.into(); DRAWS] };
        let tape = Tape::replaying(|_| String::new(), BTreeMap::from([(case.id.clone(), track)]));
        let others = Others { again: Some(self.again.clone()), users: self.others.clone() };
        let target = self.target.clone().on_tape(tape.clone());
        let fixtures = Arc::new(Fixtures::of_sample(target, self.user.clone(), others));
        let ctx = Ctx::new(&case.id, fixtures, 0);
        let made = tape.on_track(&case.id, requests.make(&ctx)).await;
        match tape.missing(&case.id) {
            Some(why) => Some(Err(Stop::Skip(why))),
            None => Some(made),
        }
    }
}

/// Everything that a template may name of a token.
fn add_token(values: &mut BTreeMap<String, Vec<u8>>, name: &str, token: &str) {
    values.insert(name.to_owned(), token.into());
    let (Some(segments), Some(draft)) = (Segments::split(token), Draft::of(token)) else { return };
    values.insert(format!("{name}.header"), segments.header.into_bytes());
    values.insert(format!("{name}.claims"), segments.claims.into_bytes());
    if let Ok(bytes) = BASE64URL_NOPAD.decode(segments.signature.as_bytes()) {
        values.insert(format!("{name}.signature.bytes"), bytes);
    }
    values.insert(format!("{name}.signature"), segments.signature.into_bytes());
    values.insert(format!("{name}.header.json"), draft.header_text().into_bytes());
    values.insert(format!("{name}.claims.json"), draft.claims_text().into_bytes());
    for (part, members) in [("header", &draft.header), ("claims", &draft.claims)] {
        for (member, value) in members {
            values.insert(format!("{name}.{part}.json/{member}"), value.to_string().into_bytes());
        }
    }
}

/// The forms of the pool's public key.
fn add_key(values: &mut BTreeMap<String, Vec<u8>>, key: &PublicKey) {
    values.insert("pool.pem".to_owned(), key.pem().into_bytes());
    values.insert("pool.der".to_owned(), key.der());
    values.insert("pool.modulus".to_owned(), key.modulus.clone());
    values.insert("pool.n".to_owned(), BASE64URL_NOPAD.encode(&key.modulus).into_bytes());
}

/// A user as tokens tell of one.
#[derive(Clone)]
struct Person {
    name: String,
    session: String,
    iss: String,
    client: String,
    username: String,
    now: i64,
}

impl Person {
    fn tokens(&self, seed: &Seed, kid: &str) -> Tokens {
        let Person { name, session, iss, client, username, now } = self;
        let auth_time = now - 100 - seed.number(&format!("{session} auth_time"), 200);
        let of = |what: &str| seed.uuid(&format!("{session} {what}"));
        let header = json!({ "kid": kid, "alg": "RS256" });
        let claims = json!({
            "sub": seed.uuid(&format!("{name} sub")),
            "iss": iss,
            "client_id": client,
            "origin_jti": of("origin_jti"),
            "event_id": of("event_id"),
            "token_use": "access",
            "scope": format!("{}{}", crate::cognito::SCOPE, " more".repeat(seed.0)),
            "auth_time": auth_time,
            "exp": now + 1000 + seed.number(&format!("{session} exp"), 2000),
            "iat": auth_time + 1,
            "jti": of("jti"),
            "username": username,
        });
        let id_header = json!({ "kid": format!("{}=", seed.text("id kid", 33)), "alg": "RS256" });
        let id_claims = json!({
            "sub": claims["sub"],
            "email_verified": true,
            "iss": iss,
            "cognito:username": username,
            "origin_jti": claims["origin_jti"],
            "aud": client,
            "event_id": claims["event_id"],
            "token_use": "id",
            "auth_time": auth_time,
            "exp": claims["exp"],
            "iat": claims["iat"],
            "jti": of("id jti"),
        });
        // The signatures are of different lengths, and by nobody.
        let token = |header: &Value, claims: &Value, what: &str| {
            let signature = BASE64URL_NOPAD.encode(&seed.bytes(&format!("{session} {what}"), 256 + 65 * seed.0));
            Segments::encode(header.to_string().as_bytes(), claims.to_string().as_bytes(), &signature).join()
        };
        Tokens {
            access: token(&header, &claims, "access"),
            id: Some(token(&id_header, &id_claims, "id")),
            refresh: Some(seed.text(&format!("{session} refresh"), 60 + 5 * seed.0)),
            expires_in: None,
        }
    }
}

/// Where the made-up values of a world come from.
struct Seed(usize);

impl Seed {
    fn bytes(&self, what: &str, length: usize) -> Vec<u8> {
        let block = |n: usize| {
            let text = format!("{} {what} {n}", self.0);
            ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref().to_vec()
        };
        (0..length.div_ceil(32)).flat_map(block).take(length).collect()
    }

    fn number(&self, what: &str, below: i64) -> i64 {
        let bytes = self.bytes(what, 4);
        bytes.iter().fold(0, |number, byte| number * 256 + i64::from(*byte)) % below
    }

    /// Letters and digits of base64url.
    fn text(&self, what: &str, length: usize) -> String {
        let text = BASE64URL_NOPAD.encode(&self.bytes(what, length)).replace(['-', '_'], "x");
        text.chars().take(length).collect()
    }

    /// Lower-case letters and digits that begin with a letter.
    fn word(&self, what: &str, length: usize) -> String {
        let hex = HEXLOWER.encode(&self.bytes(what, length));
        format!("u{hex}").chars().take(length).collect()
    }

    /// A UUID, but longer from world to world.
    fn uuid(&self, what: &str) -> String {
        let hex = HEXLOWER.encode(&self.bytes(what, 16));
        let part = |from: usize, to: usize| &hex[from..to];
        let more = "0".repeat(self.0);
        format!("{}-{}-4{}-8{}-{}{more}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }
}
