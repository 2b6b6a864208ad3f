//! What a user with a passkey does, one step each. A step that must succeed for the case to mean anything stops it otherwise.

use serde_json::{Value, json};

use super::draft::{drafted, origin, plain};
use crate::ceremony::{Algorithm, Assertion, Creation, Credential, RequestOptions};
use crate::cognito::{COMPLETE, DELETE, INITIATE_AUTH, LIST, PASSKEYS_PER_USER, RESPOND};
use crate::suite::judge::{in_short, is_served};
use crate::suite::state::pool_of;
use crate::suite::{Ctx, Recorded, Role, Stop, answer};
use crate::target::{PoolSpec, User};
use crate::wire::Request;

/// The output of a served call.
pub(super) fn output(recorded: &Recorded) -> Option<Value> {
    serde_json::from_slice(&recorded.exchange.result.as_ref().ok()?.body).ok()
}

/// Stops the case where a step that it needs was refused.
pub(super) fn needed(step: &str, recorded: &Recorded) -> Result<(), Stop> {
    if is_served(recorded) {
        return Ok(());
    }
    Err(Stop::Inconclusive(format!("{step} is refused: {}", in_short(recorded))))
}

/// A new user of such a pool, on a target that knows the operations of a registration.
pub(super) async fn new_user(ctx: &Ctx, spec: &PoolSpec) -> Result<User, Stop> {
    ctx.needs(&COMPLETE).await?;
    ctx.new_user(spec).await
}

/// Begins a registration: the answer, and the options in it as an authenticator reads them.
pub(super) async fn begin(ctx: &Ctx, user: &User) -> Result<(Recorded, Creation), Stop> {
    ctx.acts_as(user);
    let begun = ctx.send_witness(Request::start(&user.tokens.access)).await?;
    needed("beginning a registration", &begun)?;
    let creation = creation(&begun)?;
    Ok((begun, creation))
}

/// The options of an answer to Start as an authenticator reads them.
pub(super) fn creation(begun: &Recorded) -> Result<Creation, Stop> {
    let creation = answer::options(begun).map(mended).as_ref().and_then(Creation::of);
    creation.ok_or_else(|| Stop::Inconclusive("no authenticator can use the options, even when mended".to_owned()))
}

/// Options as their sender will have meant them: out of a string, and with names in lower case at their beginning. That they
/// are not so is judged by the rules of options; here it must not hide what comes after.
fn mended(options: Value) -> Value {
    match options {
        Value::String(text) => serde_json::from_str(&text).map_or(Value::String(text), mended_names),
        other => mended_names(other),
    }
}

fn mended_names(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (lower(&name), mended_names(value))).collect()
        }
        Value::Array(elements) => elements.into_iter().map(mended_names).collect(),
        other => other,
    }
}

fn lower(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
}

/// The request that completes a registration.
pub(super) fn completion(user: &User, credential: &Value) -> Request {
    call(COMPLETE.name, json!({ "AccessToken": user.tokens.access, "Credential": credential }))
}

/// An input of the user's access token and further members.
pub(super) fn with_token(user: &User, more: Value) -> Value {
    merged(json!({ "AccessToken": user.tokens.access }), more)
}

fn merged(mut members: Value, more: Value) -> Value {
    if let (Some(members), Value::Object(more)) = (members.as_object_mut(), more) {
        members.extend(more);
    }
    members
}

/// Completes a registration with a new passkey without a defect; what comes is the case's to judge.
pub(super) async fn complete(ctx: &Ctx, user: &User, creation: &Creation) -> Result<Recorded, Stop> {
    ctx.send(completion(user, &plain(ctx, creation).await?.document())).await
}

/// Registers a passkey without a defect: the passkey, and the answer.
pub(super) async fn try_register(
    ctx: &Ctx,
    role: Role,
    user: &User,
    algorithm: Algorithm,
) -> Result<(Credential, Recorded), Stop> {
    let (_, creation) = begin(ctx, user).await?;
    let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), algorithm);
    let registration = drafted(ctx, &creation, &credential).await?;
    let completed = ctx.send_as(role, completion(user, &registration.document())).await?;
    Ok((credential, completed))
}

/// Registers a passkey that the case needs.
pub(super) async fn register(ctx: &Ctx, user: &User) -> Result<Credential, Stop> {
    let (credential, completed) = try_register(ctx, Role::Witness, user, Algorithm::Es256).await?;
    needed("a registration without a defect", &completed)?;
    Ok(credential)
}

/// The credential ids that Start excludes; `None` where the options have no such list.
pub(super) fn excluded(begun: &Recorded) -> Option<Vec<String>> {
    let options = answer::options(begun).map(mended)?;
    let excluded = options.get("excludeCredentials")?.as_array()?;
    Some(excluded.iter().filter_map(|entry| entry.get("id")?.as_str().map(str::to_owned)).collect())
}

/// Lists the user's passkeys, with further members of the input.
pub(super) async fn list_with(ctx: &Ctx, user: &User, more: Value) -> Result<Recorded, Stop> {
    ctx.needs(&LIST).await?;
    ctx.acts_as(user);
    ctx.send(call(LIST.name, with_token(user, more))).await
}

/// The user's passkeys as the service lists them, on as many pages as it likes.
pub(super) async fn list(ctx: &Ctx, user: &User) -> Result<Vec<Value>, Stop> {
    let (mut found, mut more) = (Vec::new(), json!({}));
    for _ in 0..=PASSKEYS_PER_USER {
        let listed = list_with(ctx, user, more).await?;
        needed("listing", &listed)?;
        let page = entries(&listed);
        found.extend(page.ok_or_else(|| Stop::Inconclusive("the answer has no list Credentials".to_owned()))?);
        let Some(next) = next_token(&listed) else { return Ok(found) };
        more = json!({ "NextToken": next });
    }
    // What comes twice is told by who looks at the list.
    Ok(found)
}

/// The NextToken of a page.
pub(super) fn next_token(listed: &Recorded) -> Option<String> {
    output(listed)?.get("NextToken")?.as_str().map(str::to_owned)
}

/// The entries of a page.
pub(super) fn entries(listed: &Recorded) -> Option<Vec<Value>> {
    output(listed)?.get("Credentials")?.as_array().cloned()
}

/// The ids in these entries, sorted.
pub(super) fn ids(entries: &[Value]) -> Vec<String> {
    let mut ids: Vec<String> =
        entries.iter().filter_map(|entry| entry.get("CredentialId")?.as_str().map(str::to_owned)).collect();
    ids.sort_unstable();
    ids
}

/// Deletes a passkey.
pub(super) async fn delete(ctx: &Ctx, user: &User, id: &str) -> Result<Recorded, Stop> {
    ctx.needs(&DELETE).await?;
    ctx.acts_as(user);
    ctx.send(call(DELETE.name, json!({ "AccessToken": user.tokens.access, "CredentialId": id }))).await
}

/// A passkey challenge of a sign-in.
pub(super) struct Challenge {
    /// The answer that it came with.
    pub(super) recorded: Recorded,
    /// The Session.
    pub(super) session: String,
    /// The options in it.
    pub(super) options: RequestOptions,
}

/// Asks for a sign-in with a passkey.
pub(super) async fn ask(ctx: &Ctx, role: Role, user: &User) -> Result<Recorded, Stop> {
    ctx.needs(&INITIATE_AUTH).await?;
    let input = json!({
        "AuthFlow": "USER_AUTH",
        "ClientId": pool_of(user)?.client_id,
        "AuthParameters": { "USERNAME": user.username, "PREFERRED_CHALLENGE": "WEB_AUTHN" },
    });
    ctx.send_as(role, call(INITIATE_AUTH.name, input)).await
}

/// The passkey challenge in an answer to InitiateAuth or to SELECT_CHALLENGE.
pub(super) fn challenge_in(recorded: &Recorded) -> Result<Challenge, Stop> {
    let unusable = |why: &str| Stop::Inconclusive(format!("no WEB_AUTHN challenge to answer: {why}"));
    let output = output(recorded).ok_or_else(|| unusable("no JSON"))?;
    if output.get("ChallengeName").and_then(Value::as_str) != Some("WEB_AUTHN") {
        return Err(unusable(&in_short(recorded)));
    }
    let session = output.get("Session").and_then(Value::as_str).ok_or_else(|| unusable("no Session"))?.to_owned();
    let options = output.pointer("/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS");
    // That they are no string is judged by a case of its own.
    let options = options.cloned().map(mended).as_ref().and_then(RequestOptions::of);
    let options = options.ok_or_else(|| unusable("no authenticator can use CREDENTIAL_REQUEST_OPTIONS"))?;
    Ok(Challenge { recorded: recorded.clone(), session, options })
}

/// Begins a sign-in with a passkey that the case needs.
pub(super) async fn begin_sign_in(ctx: &Ctx, user: &User) -> Result<Challenge, Stop> {
    ctx.needs(&RESPOND).await?;
    let challenge = challenge_in(&user_auth(ctx, user).await?);
    if challenge.is_err() && ctx.fixtures().found("never offers WEB_AUTHN", || never_offers(ctx)).await? {
        return Err(Stop::Skip("the target never offers WEB_AUTHN".to_owned()));
    }
    challenge
}

/// The answer to `USER_AUTH` of a user who prefers a passkey. `ceremony.sign-in.offered` fails where it is refused, or without
/// `WEB_AUTHN`.
pub(super) async fn user_auth(ctx: &Ctx, user: &User) -> Result<Recorded, Stop> {
    let asked = ask(ctx, Role::Witness, user).await?;
    if is_served(&asked) {
        return Ok(asked);
    }
    Err(Stop::Skip(format!("the target refuses InitiateAuth with USER_AUTH: {}", in_short(&asked))))
}

/// Whether not even a new user with a passkey is offered to sign in with it.
async fn never_offers(ctx: &Ctx) -> Result<bool, Stop> {
    let aside = ctx.aside();
    let user = new_user(&aside, &PoolSpec::MAIN).await?;
    register(&aside, &user).await?;
    Ok(challenge_in(&ask(&aside, Role::Witness, &user).await?).is_err())
}

/// The request that answers a passkey challenge.
pub(super) fn response(user: &User, session: &str, credential: &Value) -> Result<Request, Stop> {
    respond(user, "WEB_AUTHN", session, json!({ "USERNAME": user.username, "CREDENTIAL": credential.to_string() }))
}

/// The request that answers a challenge.
pub(super) fn respond(user: &User, challenge: &str, session: &str, responses: Value) -> Result<Request, Stop> {
    let client = &pool_of(user)?.client_id;
    let input =
        json!({ "ClientId": client, "ChallengeName": challenge, "Session": session, "ChallengeResponses": responses });
    Ok(call(RESPOND.name, input))
}

/// The assertion of a passkey for a challenge, without a defect.
pub(super) fn assertion(challenge: &Challenge, credential: &mut Credential) -> Assertion {
    Assertion::new(&challenge.options, &origin(&credential.rp_id), credential)
}

/// The request that answers a challenge with a passkey, without a defect.
pub(super) fn answered(user: &User, challenge: &Challenge, credential: &mut Credential) -> Result<Request, Stop> {
    response(user, &challenge.session, &assertion(challenge, credential).document())
}

/// Makes another app client in the user's pool, with these settings: its id.
pub(super) async fn other_client(ctx: &Ctx, user: &User, settings: Value) -> Result<String, Stop> {
    let client = json!({ "UserPoolId": pool_of(user)?.id, "ClientName": "cogspec-other" });
    let made = ctx.control("CreateUserPoolClient", merged(client, settings)).await?;
    let id = made.pointer("/UserPoolClient/ClientId").and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| Stop::Skip("CreateUserPoolClient gives no ClientId".to_owned()))
}

/// Signs in with a passkey.
pub(super) async fn sign_in(ctx: &Ctx, role: Role, user: &User, credential: &mut Credential) -> Result<Recorded, Stop> {
    let challenge = begin_sign_in(ctx, user).await?;
    ctx.send_as(role, answered(user, &challenge, credential)?).await
}

/// The access token of a finished sign-in.
pub(super) fn access_token(recorded: &Recorded) -> Option<String> {
    output(recorded)?.pointer("/AuthenticationResult/AccessToken")?.as_str().map(str::to_owned)
}

/// Whether a sign-in was finished: a success that only asks the next question is none.
pub(super) fn is_signed_in(recorded: &Recorded) -> bool {
    is_served(recorded) && access_token(recorded).is_some()
}

/// A well-formed call.
pub(super) fn call(operation: &str, input: Value) -> Request {
    Request::call(operation, input.to_string())
}
