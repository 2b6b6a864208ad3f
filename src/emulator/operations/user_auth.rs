//! Sign-in by choice: the flow `USER_AUTH` and `RespondToAuthChallenge`.
//!
//! What the user can answer with is a password or a passkey; one-time passwords are not served.

use std::sync::RwLockWriteGuard;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::faults::Step;
use super::super::input::Input;
use super::super::passkey::{Asked, Assertion};
use super::super::shapes;
use super::super::state::{AuthSession, Awaited, Passkey, Pool, Store, User};
use super::parameters::Parameters;
use super::{sign_in, tokens};

/// How long a passkey provider has to answer, in milliseconds, as in the published captures.
const TIMEOUT: u32 = 180_000;

const PASSWORD: &str = "PASSWORD";
const WEB_AUTHN: &str = "WEB_AUTHN";
const SELECT: &str = "SELECT_CHALLENGE";

/// `InitiateAuth` with the flow `USER_AUTH`. A challenge that is preferred and not available is not an error: the user is
/// asked to choose.
pub(super) fn initiate(service: &Service, pool_id: &str, client_id: &str, parameters: &Parameters<'_>) -> Answer {
    let mut store = service.write();
    let pool = store.pool(pool_id)?;
    let client = pool.client(client_id)?;
    if !client.allows("USER_AUTH") {
        return Err(Refusal::invalid_parameter("USER_AUTH flow not enabled for this client"));
    }
    let username = parameters.required("USERNAME")?;
    parameters.check_secret_hash(client, username)?;
    let user = match pool.user(username) {
        Ok(user) => Some(user),
        Err(unknown) if client.tells_unknown_users() => return Err(unknown),
        Err(_) => None,
    };
    user.map_or(Ok(()), tokens::may_sign_in)?;
    let available = available(service, pool, user);
    let preferred = parameters.optional("PREFERRED_CHALLENGE").filter(|preferred| available.contains(preferred));
    let awaited = match (preferred, user) {
        (Some(PASSWORD), _) if parameters.optional("PASSWORD").is_some() => {
            return sign_in::by_password(service, store, pool_id, client_id, parameters);
        }
        (Some(PASSWORD), _) => Awaited::Password,
        (Some(WEB_AUTHN), Some(_)) => Awaited::Passkey(asked(service, pool)?),
        _ => Awaited::Choice,
    };
    challenge(service, &mut store, pool_id, client_id, username, awaited)
}

/// `RespondToAuthChallenge`. Whatever the answer, the session is used up by it.
pub(super) fn respond(service: &Service, mut input: Input<'_>) -> Answer {
    let client_id = input.required("ClientId", &shapes::CLIENT_ID)?;
    let name = input.required("ChallengeName", &shapes::CHALLENGE_NAME)?;
    let session = input.text("Session", &shapes::SESSION)?;
    let responses = Parameters(input.map("ChallengeResponses")?);
    input.finish()?;

    let mut store = service.write();
    let pool_id = store.pool_of_client(client_id)?.id.clone();
    let pool = store.pool_mut(&pool_id)?;
    if ![PASSWORD, WEB_AUTHN, SELECT].contains(&name) {
        let message = format!("This emulator does not serve the challenge {name}.");
        return Err(Refusal::invalid_parameter(message));
    }
    let session = session.ok_or_else(|| Refusal::invalid_parameter("Missing required parameter Session"))?;
    let username = responses.required("USERNAME")?;
    responses.check_secret_hash(pool.client(client_id)?, username)?;
    let session = pool
        .auth_sessions
        .take(session, client_id, &identity(pool, username))
        .ok_or_else(|| Refusal::not_authorized("Invalid session for the user, session can only be used once."))?;
    if session.expires <= service.now() {
        return Err(Refusal::not_authorized("Invalid session for the user, session is expired."));
    }
    let chosen = if name == SELECT { responses.required("ANSWER")? } else { name };
    match (session.awaited, chosen) {
        (Awaited::Password | Awaited::Choice, PASSWORD) if is_available(service, pool, username, PASSWORD) => {
            sign_in::by_password(service, store, &pool_id, client_id, &responses)
        }
        (Awaited::Choice, WEB_AUTHN) if name == SELECT && is_available(service, pool, username, WEB_AUTHN) => {
            let awaited = Awaited::Passkey(asked(service, pool)?);
            challenge(service, &mut store, &pool_id, client_id, username, awaited)
        }
        // With SELECT_CHALLENGE too: choice and answer may come together.
        (Awaited::Passkey(asked), WEB_AUTHN) => {
            let credential = responses.required("CREDENTIAL")?;
            by_passkey(service, store, &pool_id, client_id, username, &asked, credential)
        }
        _ => Err(Refusal::not_authorized("The challenge is not available.")),
    }
}

/// Signs in whoever has the passkey.
fn by_passkey(
    service: &Service,
    mut store: RwLockWriteGuard<'_, Store>,
    pool_id: &str,
    client_id: &str,
    username: &str,
    asked: &Asked,
    credential: &str,
) -> Answer {
    let wrong = || Refusal::not_authorized("The passkey could not be verified.");
    let user = store.pool_mut(pool_id)?.user_mut(username).map_err(|_| wrong())?;
    tokens::may_sign_in(user)?;
    let assertion = Assertion::read(credential).ok_or_else(wrong)?;
    let is_it = |passkey: &&mut Passkey| passkey.id == assertion.id && passkey.relying_party == asked.relying_party;
    let passkey = user.passkeys.iter_mut().find(is_it).ok_or_else(wrong)?;
    let pass = |check, holds| {
        if holds || service.faulty_at(Step::Assertion(check)) { Ok(()) } else { Err(check) }
    };
    passkey.sign_count = assertion.verify(asked, passkey, user.sub.as_bytes(), &pass).map_err(|_| wrong())?;
    tokens::issue(service, store, pool_id, client_id, username)
}

/// Asks for the next answer, in a new session.
fn challenge(
    service: &Service,
    store: &mut Store,
    pool_id: &str,
    client_id: &str,
    username: &str,
    awaited: Awaited,
) -> Answer {
    let pool = store.pool_mut(pool_id)?;
    let user = pool.user(username).ok();
    let (name, parameters) = match (&awaited, user) {
        (Awaited::Passkey(asked), Some(user)) => {
            (WEB_AUTHN, json!({ "CREDENTIAL_REQUEST_OPTIONS": request_options(asked, user).to_string() }))
        }
        (Awaited::Password, _) => (PASSWORD, json!({})),
        _ => (SELECT, json!({})),
    };
    let id = BASE64URL_NOPAD.encode(&rand::random::<[u8; 96]>());
    let output = json!({
        "AvailableChallenges": available(service, pool, user),
        "ChallengeName": name,
        "ChallengeParameters": parameters,
        "Session": id,
    });
    let expires = service.now().saturating_add(pool.client(client_id)?.auth_session_minutes.saturating_mul(60));
    let user = identity(pool, username);
    pool.auth_sessions.add(AuthSession { id, client_id: client_id.to_owned(), user, expires, awaited });
    Ok(Some(output))
}

/// Whose session it is: an unknown user has one too.
fn identity(pool: &Pool, username: &str) -> String {
    pool.user(username).map_or_else(|_| username.to_owned(), |user| user.sub.clone())
}

/// What the user can sign in with. For a user who is not there, all that the pool allows.
fn available(service: &Service, pool: &Pool, user: Option<&User>) -> Vec<&'static str> {
    let mut available = Vec::new();
    if pool.settings.first_factors.iter().any(|factor| factor == PASSWORD) {
        available.push(PASSWORD);
    }
    let relying_party = pool.relying_party_id(&service.region);
    let has_passkey = |user: &User| user.passkeys.iter().any(|p| Some(&p.relying_party) == relying_party.as_ref());
    if pool.allows_passkeys() && user.is_none_or(has_passkey) {
        available.push(WEB_AUTHN);
    }
    available
}

fn is_available(service: &Service, pool: &Pool, username: &str, challenge: &str) -> bool {
    let user = pool.user(username).ok();
    // Nobody can prove to be a user who is not there; a password is at least compared.
    (user.is_some() || challenge == PASSWORD) && available(service, pool, user).contains(&challenge)
}

fn asked(service: &Service, pool: &Pool) -> Result<Asked, Refusal> {
    let missing = || Refusal::not_authorized("The challenge is not available.");
    Ok(Asked::new(pool.relying_party_id(&service.region).ok_or_else(missing)?, pool))
}

/// `PublicKeyCredentialRequestOptionsJSON`, with the members of AWS's own sample and no others.
fn request_options(asked: &Asked, user: &User) -> Value {
    let of_this_party = user.passkeys.iter().filter(|passkey| passkey.relying_party == asked.relying_party);
    let allowed: Vec<_> = of_this_party
        .map(|passkey| {
            let id = BASE64URL_NOPAD.encode(&passkey.id);
            json!({ "type": "public-key", "id": id, "transports": passkey.transports })
        })
        .collect();
    json!({
        "challenge": asked.challenge,
        "timeout": TIMEOUT,
        "rpId": asked.relying_party,
        "allowCredentials": allowed,
        "userVerification": if asked.user_verification { "required" } else { "preferred" },
    })
}
