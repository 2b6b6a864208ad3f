//! Signing in with a passkey: what is offered, and what is taken.

use serde_json::{Value, json};

use super::act::{
    self, access_token, answered, ask, begin, begin_sign_in, call, challenge_in, delete, is_signed_in, needed,
    new_user, other_client, output, register, respond, sign_in, try_register,
};
use crate::ceremony::{Algorithm, Credential};
use crate::cognito::rules::sign_in as rules;
use crate::cognito::{FACTORS, Finding, RESPOND, Rule};
use crate::suite::judge::{Refusal, in_short, not_served};
use crate::suite::state::{kept, own_pool, pool_of};
use crate::suite::{Case, Ctx, Recorded, Role, Stop};
use crate::target::{PoolSpec, Tokens, User};

pub(super) fn cases() -> Vec<Case> {
    [offered(), options(), completed(), factors()].concat()
}

fn offered() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.sign-in.offered",
            "gives the challenge WEB_AUTHN to a user who has a passkey and prefers it, with a Session",
            &[&rules::OFFERED, &rules::SESSION],
            |ctx| async move {
                let (user, _) = holder(&ctx, Algorithm::Es256).await?;
                let asked = ask(&ctx, Role::Test, &user).await?;
                let name = challenge_name(&asked);
                if name.as_deref() != Some("WEB_AUTHN") {
                    let got = name.unwrap_or_else(|| in_short(&asked));
                    return Ok(vec![Finding::new(&rules::OFFERED, got, "WEB_AUTHN").at("/ChallengeName")]);
                }
                let session = output(&asked).and_then(|output| Some(output.get("Session")?.as_str()?.chars().count()));
                let fits = session.is_some_and(|length| (20..=4096).contains(&length));
                let got = session.map_or_else(|| "no Session".to_owned(), |length| format!("{length} characters"));
                Ok((!fits).then(|| Finding::new(&rules::SESSION, got, "20 to 4096 characters")).into_iter().collect())
            },
        ),
        Case::steps(
            "ceremony.sign-in.without-passkey",
            "asks a user without a passkey who prefers WEB_AUTHN to select another challenge",
            &[&rules::NOT_OFFERED],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                let asked = ask(&ctx, Role::Test, &user).await?;
                let output = output(&asked).unwrap_or_default();
                let available = output.get("AvailableChallenges").cloned().unwrap_or_default();
                let is_right = challenge_name(&asked).as_deref() == Some("SELECT_CHALLENGE")
                    && !available.as_array().is_some_and(|available| available.contains(&json!("WEB_AUTHN")));
                let got = format!("{}, AvailableChallenges {available}", in_short(&asked));
                let wanted = "SELECT_CHALLENGE without WEB_AUTHN in AvailableChallenges";
                Ok((!is_right).then(|| Finding::new(&rules::NOT_OFFERED, got, wanted)).into_iter().collect())
            },
        ),
        Case::steps(
            "ceremony.sign-in.flow-not-enabled",
            "refuses USER_AUTH at an app client that does not allow it",
            &[&rules::FLOW],
            |ctx| async move {
                const REFUSAL: Refusal = Refusal { rule: &rules::FLOW, class: None, may_close: false };
                let (user, _) = holder(&ctx, Algorithm::Es256).await?;
                act::user_auth(&ctx, &user).await?;
                let flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
                let client = other_client(&ctx, &user, json!({ "ExplicitAuthFlows": flows })).await?;
                let parameters = json!({ "USERNAME": user.username, "PREFERRED_CHALLENGE": "WEB_AUTHN" });
                let input = json!({ "AuthFlow": "USER_AUTH", "ClientId": client, "AuthParameters": parameters });
                REFUSAL.judge(&ctx.send(call("InitiateAuth", input)).await?)
            },
        ),
        Case::steps(
            "ceremony.sign-in.unknown-user",
            "answers a user who does not exist like one who does, where the app client hides who exists",
            &[&rules::UNKNOWN_USER],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                act::user_auth(&ctx, &user).await?;
                let hiding = json!({
                    "ExplicitAuthFlows": ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                    "PreventUserExistenceErrors": "ENABLED",
                });
                let client = other_client(&ctx, &user, hiding).await?;
                let input = |username: &str| {
                    let parameters = json!({ "USERNAME": username });
                    call(
                        "InitiateAuth",
                        json!({ "AuthFlow": "USER_AUTH", "ClientId": client, "AuthParameters": parameters }),
                    )
                };
                needed("USER_AUTH of a user who exists", &ctx.send_witness(input(&user.username)).await?)?;
                let unknown = ctx.send(input("cogspec-nobody")).await?;
                Ok(not_served(&rules::UNKNOWN_USER, &unknown).into_iter().collect())
            },
        ),
    ]
}

fn options() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.sign-in.options",
            "gives request options in a string, for the pool's relying party and the user's passkeys",
            &[
                &rules::OPTIONS_STRING,
                &rules::OPTIONS_CHALLENGE,
                &rules::OPTIONS_RP,
                &rules::OPTIONS_ALLOW,
                &rules::OPTIONS_VERIFICATION,
                &rules::OPTIONS_TIMEOUT,
            ],
            |ctx| async move {
                let (user, first) = holder(&ctx, Algorithm::Es256).await?;
                let second = register(&ctx, &user).await?;
                let pool = pool_of(&user)?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                let verification = pool.spec.user_verification.filter(|_| kept(&pool, "UserVerification").is_ok());
                Ok(judged(&challenge.recorded, &[&first, &second], verification))
            },
        ),
        Case::steps(
            "ceremony.sign-in.options.verification-required",
            "asks for user verification where the pool requires it",
            &[&rules::OPTIONS_VERIFICATION],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::VERIFICATION_REQUIRED).await?;
                kept(&pool_of(&user)?, "UserVerification")?;
                let credential = register(&ctx, &user).await?;
                let challenge = begin_sign_in(&ctx, &user).await?;
                Ok(judged(&challenge.recorded, &[&credential], Some("required")))
            },
        ),
        Case::steps(
            "ceremony.sign-in.challenge.fresh",
            "gives a challenge of its own to each of ten sign-ins",
            &[&rules::CHALLENGE_FRESH],
            |ctx| async move {
                let (user, _) = holder(&ctx, Algorithm::Es256).await?;
                let mut seen = std::collections::HashSet::new();
                for _ in 0..10 {
                    if !seen.insert(begin_sign_in(&ctx, &user).await?.options.challenge) {
                        return Ok(vec![Finding::new(&rules::CHALLENGE_FRESH, "a challenge came twice", "each once")]);
                    }
                }
                Ok(Vec::new())
            },
        ),
    ]
}

fn completed() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.sign-in.es256",
            "signs a user in with an ES256 passkey, with a token of that user which is served",
            &[&rules::COMPLETED, &rules::TOKEN_USER, &rules::TOKEN_SERVED],
            |ctx| async move { completes(&ctx, Algorithm::Es256).await },
        ),
        Case::steps(
            "ceremony.sign-in.rs256",
            "signs a user in with an RS256 passkey, with a token of that user which is served",
            &[&rules::COMPLETED, &rules::TOKEN_USER, &rules::TOKEN_SERVED],
            |ctx| async move { completes(&ctx, Algorithm::Rs256).await },
        ),
        Case::steps(
            "ceremony.sign-in.again",
            "signs a user in with the same passkey again and again",
            &[&rules::COMPLETED],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let mut findings = Vec::new();
                for _ in 0..3 {
                    findings.extend(not_signed_in(&sign_in(&ctx, Role::Test, &user, &mut credential).await?));
                }
                Ok(findings)
            },
        ),
        Case::steps(
            "ceremony.sign-in.second-passkey",
            "signs a user in with either of two passkeys",
            &[&rules::COMPLETED],
            |ctx| async move {
                let (user, mut first) = holder(&ctx, Algorithm::Es256).await?;
                let mut second = register(&ctx, &user).await?;
                let mut findings = Vec::new();
                for credential in [&mut second, &mut first] {
                    findings.extend(not_signed_in(&sign_in(&ctx, Role::Test, &user, credential).await?));
                }
                Ok(findings)
            },
        ),
        Case::steps(
            "ceremony.sign-in.select-challenge",
            "gives the challenge WEB_AUTHN to a user who selects it",
            &[&rules::SELECTED],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                let session = selectable(&ctx, &user).await?;
                let answer = json!({ "USERNAME": user.username, "ANSWER": "WEB_AUTHN" });
                let selected = ctx.send(respond(&user, "SELECT_CHALLENGE", &session, answer)?).await?;
                let name = challenge_name(&selected);
                if name.as_deref() != Some("WEB_AUTHN") {
                    let got = name.unwrap_or_else(|| in_short(&selected));
                    return Ok(vec![Finding::new(&rules::SELECTED, got, "WEB_AUTHN").at("/ChallengeName")]);
                }
                let challenge = challenge_in(&selected)?;
                let signed_in = ctx.send(answered(&user, &challenge, &mut credential)?).await?;
                Ok(not_signed_in(&signed_in).into_iter().collect())
            },
        ),
        Case::steps(
            "ceremony.sign-in.select-challenge.password",
            "signs a user in who selects the password instead",
            &[&rules::SELECTED],
            |ctx| async move {
                let (user, _) = holder(&ctx, Algorithm::Es256).await?;
                let session = selectable(&ctx, &user).await?;
                let password = ctx.fixtures().password();
                let answer = json!({ "USERNAME": user.username, "ANSWER": "PASSWORD", "PASSWORD": password });
                let signed_in = ctx.send(respond(&user, "SELECT_CHALLENGE", &session, answer)?).await?;
                Ok((!is_signed_in(&signed_in))
                    .then(|| Finding::new(&rules::SELECTED, in_short(&signed_in), "200 with AuthenticationResult"))
                    .into_iter()
                    .collect())
            },
        ),
        Case::steps(
            "ceremony.sign-in.signed-out-before",
            "signs a user in with a passkey after a sign-out everywhere",
            &[&rules::COMPLETED],
            |ctx| async move {
                let (user, mut credential) = holder(&ctx, Algorithm::Es256).await?;
                crate::suite::state::global_sign_out(&ctx, &user.tokens).await?;
                Ok(not_signed_in(&sign_in(&ctx, Role::Test, &user, &mut credential).await?).into_iter().collect())
            },
        ),
        Case::steps(
            "ceremony.sign-in.relying-party-changed",
            "does not offer a passkey of the relying party that the pool had before",
            &[&rules::OPTIONS_RP],
            |ctx| async move {
                ctx.needs(&RESPOND).await?;
                let (pool, user) = own_pool(&ctx, &PoolSpec::MAIN).await?;
                kept(&pool, "RelyingPartyId")?;
                register(&ctx, &user).await?;
                begin_sign_in(&ctx, &user).await?;
                let configuration = json!({ "RelyingPartyId": "changed.example.net", "UserVerification": "preferred" });
                let input =
                    json!({ "UserPoolId": pool.id, "MfaConfiguration": "OFF", "WebAuthnConfiguration": configuration });
                ctx.control("SetUserPoolMfaConfig", input).await?;
                let asked = ask(&ctx, Role::Test, &user).await?;
                let Ok(challenge) = challenge_in(&asked) else { return Ok(Vec::new()) };
                let is_old = challenge.options.rp_id != "changed.example.net";
                let got = challenge.options.rp_id;
                Ok(is_old.then(|| Finding::new(&rules::OPTIONS_RP, got, "changed.example.net")).into_iter().collect())
            },
        ),
    ]
}

fn factors() -> Vec<Case> {
    vec![
        Case::steps(
            "ceremony.factors.without-passkey",
            "does not list WEB_AUTHN for a user without passkeys",
            &[&rules::FACTORS, &rules::FACTORS_USER],
            |ctx| async move {
                let user = new_user(&ctx, &PoolSpec::MAIN).await?;
                factors_are(&ctx, &user, false).await
            },
        ),
        Case::steps(
            "ceremony.factors.with-passkey",
            "lists WEB_AUTHN for a user who has a passkey",
            &[&rules::FACTORS, &rules::FACTORS_USER],
            |ctx| async move {
                let (user, _) = holder(&ctx, Algorithm::Es256).await?;
                factors_are(&ctx, &user, true).await
            },
        ),
        Case::steps(
            "ceremony.factors.deleted-passkey",
            "does not list WEB_AUTHN any more once the last passkey is deleted",
            &[&rules::FACTORS],
            |ctx| async move {
                let (user, credential) = holder(&ctx, Algorithm::Es256).await?;
                if !factors_are(&ctx, &user, true).await?.is_empty() {
                    return Err(Stop::Inconclusive("the passkey is not listed before its deletion either".to_owned()));
                }
                needed("deleting", &delete(&ctx, &user, &credential.id_text()).await?)?;
                factors_are(&ctx, &user, false).await
            },
        ),
    ]
}

/// A new user with a passkey.
pub(super) async fn holder(ctx: &Ctx, algorithm: Algorithm) -> Result<(User, Credential), Stop> {
    ctx.needs(&RESPOND).await?;
    let user = new_user(ctx, &PoolSpec::MAIN).await?;
    let (credential, completed) = try_register(ctx, Role::Witness, &user, algorithm).await?;
    needed("a registration without a defect", &completed)?;
    Ok((user, credential))
}

/// The Session of a challenge that is still to be selected.
async fn selectable(ctx: &Ctx, user: &User) -> Result<String, Stop> {
    act::user_auth(ctx, user).await?;
    let parameters = json!({ "USERNAME": user.username });
    let client = &pool_of(user)?.client_id;
    let input = json!({ "AuthFlow": "USER_AUTH", "ClientId": client, "AuthParameters": parameters });
    let asked = ctx.send_witness(call("InitiateAuth", input)).await?;
    needed("USER_AUTH without a preference", &asked)?;
    let output = output(&asked).unwrap_or_default();
    match (challenge_name(&asked).as_deref(), output.get("Session").and_then(Value::as_str)) {
        (Some("SELECT_CHALLENGE"), Some(session)) => Ok(session.to_owned()),
        _ => Err(Stop::Inconclusive(format!(
            "USER_AUTH without a preference is not SELECT_CHALLENGE: {}",
            in_short(&asked)
        ))),
    }
}

fn challenge_name(recorded: &Recorded) -> Option<String> {
    output(recorded)?.get("ChallengeName")?.as_str().map(str::to_owned)
}

fn not_signed_in(recorded: &Recorded) -> Option<Finding> {
    let wanted = "200 with AuthenticationResult";
    (!is_signed_in(recorded)).then(|| Finding::new(&rules::COMPLETED, in_short(recorded), wanted))
}

async fn completes(ctx: &Ctx, algorithm: Algorithm) -> Result<Vec<Finding>, Stop> {
    let (user, mut credential) = holder(ctx, algorithm).await?;
    let signed_in = sign_in(ctx, Role::Test, &user, &mut credential).await?;
    let Some(access) = access_token(&signed_in) else { return Ok(not_signed_in(&signed_in).into_iter().collect()) };
    let subject = |token: &str| crate::token::Draft::of(token)?.claims.get("sub")?.as_str().map(str::to_owned);
    let mut findings = Vec::new();
    if subject(&access) != subject(&user.tokens.access) {
        findings.push(Finding::new(&rules::TOKEN_USER, "another `sub`", "the user's `sub`"));
    }
    let signed_in = User { tokens: Tokens { access, ..user.tokens.clone() }, ..user };
    ctx.acts_as(&signed_in);
    let begun = ctx.send(crate::wire::Request::start(&signed_in.tokens.access)).await?;
    findings.extend(not_served(&rules::TOKEN_SERVED, &begun));
    if findings.is_empty() {
        begin(ctx, &signed_in).await?;
    }
    Ok(findings)
}

/// What is wrong with the request options of a user with these passkeys.
fn judged(asked: &Recorded, credentials: &[&Credential], verification: Option<&str>) -> Vec<Finding> {
    const AT: &str = "/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS";
    let output = output(asked).unwrap_or_default();
    let mut findings = Vec::new();
    let mut told = |rule: &'static Rule, got: &Value, wanted: String| {
        findings.push(Finding::new(rule, got.to_string(), wanted).at(AT));
    };
    let raw = output.pointer(AT).cloned().unwrap_or_default();
    let options: Value = match &raw {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    };
    if !raw.is_string() || !options.is_object() {
        told(&rules::OPTIONS_STRING, &raw, "one JSON object in a string".to_owned());
    }
    let challenge = options.get("challenge").cloned().unwrap_or_default();
    let decoded = challenge.as_str().and_then(|text| data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).ok());
    if decoded.is_none_or(|bytes| bytes.len() < 16) {
        told(&rules::OPTIONS_CHALLENGE, &challenge, "unpadded base64url of at least 16 bytes".to_owned());
    }
    let relying_party = credentials.first().map(|credential| credential.rp_id.clone()).unwrap_or_default();
    let got = options.get("rpId").cloned().unwrap_or_default();
    if got != json!(relying_party) {
        told(&rules::OPTIONS_RP, &got, relying_party);
    }
    let mut wanted: Vec<String> = credentials.iter().map(|credential| credential.id_text()).collect();
    wanted.sort_unstable();
    let allowed = options.get("allowCredentials").cloned().unwrap_or_default();
    let mut got: Vec<String> = allowed
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.get("id")?.as_str().map(str::to_owned))
        .collect();
    got.sort_unstable();
    if got != wanted {
        let got = json!(format!("{} id(s)", got.len()));
        told(&rules::OPTIONS_ALLOW, &got, format!("the {} of the user", wanted.len()));
    }
    let got = options.get("userVerification").cloned().unwrap_or_default();
    if let Some(wanted) = verification
        && got != json!(wanted)
    {
        told(&rules::OPTIONS_VERIFICATION, &got, wanted.to_owned());
    }
    let got = options.get("timeout").cloned().unwrap_or_default();
    if !got.is_u64() {
        told(&rules::OPTIONS_TIMEOUT, &got, "a number of milliseconds".to_owned());
    }
    findings
}

async fn factors_are(ctx: &Ctx, user: &User, passkey: bool) -> Result<Vec<Finding>, Stop> {
    ctx.needs(&FACTORS).await?;
    ctx.acts_as(user);
    let told = ctx.send(call(FACTORS.name, json!({ "AccessToken": user.tokens.access }))).await?;
    if let Some(finding) = not_served(&rules::FACTORS, &told) {
        return Ok(vec![finding]);
    }
    let output = output(&told).unwrap_or_default();
    let factors = output.get("ConfiguredUserAuthFactors").cloned().unwrap_or_default();
    let mut findings = Vec::new();
    if factors.as_array().is_some_and(|factors| factors.contains(&json!("WEB_AUTHN"))) != passkey {
        let wanted = if passkey { "WEB_AUTHN among them" } else { "no WEB_AUTHN" };
        findings.push(Finding::new(&rules::FACTORS, factors.to_string(), wanted).at("/ConfiguredUserAuthFactors"));
    }
    let name = output.get("Username").cloned().unwrap_or_default();
    if name != json!(user.username) {
        findings.push(Finding::new(&rules::FACTORS_USER, name.to_string(), "the user's name").at("/Username"));
    }
    Ok(findings)
}
