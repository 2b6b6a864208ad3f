//! Making pools and users through Cognito's own API, in reduced form where a server refuses.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Control, Refused, SecretKind, Secrets};

/// The password of every user that is made. It is worth nothing: the users live in pools that are deleted after the run.
pub(super) const PASSWORD: &str = "Cogspec-1-password!";

/// What a pool is to be like.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PoolSpec {
    /// A word for its name.
    pub name: &'static str,
    /// Whether `WEB_AUTHN` is among the first factors that are allowed.
    pub passkeys: bool,
    /// The relying party id.
    pub relying_party_id: Option<&'static str>,
    /// The user verification setting, `required` or `preferred`.
    pub user_verification: Option<&'static str>,
    /// Whether it gets a prefix domain.
    pub domain: bool,
}

impl PoolSpec {
    /// A pool as a team that uses passkeys would make it.
    pub const MAIN: PoolSpec = PoolSpec {
        name: "main",
        passkeys: true,
        relying_party_id: Some("auth.example.com"),
        user_verification: Some("preferred"),
        domain: false,
    };
    /// Another such pool.
    pub const SECOND: PoolSpec =
        PoolSpec { name: "second", relying_party_id: Some("login.example.org"), ..PoolSpec::MAIN };
    /// A pool that requires user verification.
    pub const VERIFICATION_REQUIRED: PoolSpec =
        PoolSpec { name: "uv-required", user_verification: Some("required"), ..PoolSpec::MAIN };
    /// A pool that leaves user verification to its default.
    pub const VERIFICATION_DEFAULT: PoolSpec =
        PoolSpec { name: "uv-default", user_verification: None, ..PoolSpec::MAIN };
    /// A pool on which passkeys are not enabled.
    pub const NOT_ENABLED: PoolSpec = PoolSpec { name: "not-enabled", passkeys: false, ..PoolSpec::MAIN };
    /// A pool that has neither a relying party id nor a domain.
    pub const NO_RELYING_PARTY: PoolSpec =
        PoolSpec { name: "no-rp", relying_party_id: None, user_verification: None, ..PoolSpec::MAIN };
    /// A pool whose relying party is its prefix domain.
    pub const DOMAIN: PoolSpec = PoolSpec { name: "domain", domain: true, ..PoolSpec::NO_RELYING_PARTY };
}

/// A user pool with one app client.
#[derive(Debug)]
pub struct Pool {
    /// The pool's id, `<region>_<id>`.
    pub id: String,
    /// The app client's id.
    pub client_id: String,
    /// The prefix of its domain.
    pub domain: Option<String>,
    /// What was asked for.
    pub spec: PoolSpec,
    /// What the server would not take, or dropped in silence: one entry each, in words.
    pub reduced: Vec<String>,
}

/// The tokens of one sign-in.
#[derive(Clone)]
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The ID token.
    pub id: Option<String>,
    /// The refresh token.
    pub refresh: Option<String>,
    /// Seconds until the access token expires, as the server says.
    pub expires_in: Option<i64>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(<redacted>)")
    }
}

/// A user who has signed in.
#[derive(Clone, Debug)]
pub struct User {
    /// The user's pool; `None` where only a token was given.
    pub pool: Option<Arc<Pool>>,
    /// The user's name.
    pub username: String,
    /// The tokens.
    pub tokens: Tokens,
}

/// How a user signs in with a password.
#[derive(Clone)]
pub struct Login {
    /// The app client's id.
    pub client_id: String,
    /// The user's name.
    pub username: String,
    /// The password.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("client_id", &self.client_id)
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Makes a pool with an app client and, where it is asked for, a domain.
pub(super) async fn pool(
    control: &Control,
    spec: &PoolSpec,
    run: &str,
    tags: &Map<String, Value>,
) -> Result<Pool, Refused> {
    let mut reduced = Vec::new();
    let name = format!("cogspec-{run}-{}", spec.name);
    let mut factors = vec!["PASSWORD"];
    factors.extend(spec.passkeys.then_some("WEB_AUTHN"));
    let policies = json!({ "SignInPolicy": { "AllowedFirstAuthFactors": factors } });

    let full = json!({ "PoolName": name, "Policies": policies, "UserPoolTier": "ESSENTIALS" });
    let plain = json!({ "PoolName": name, "Policies": policies });
    let bare = json!({ "PoolName": name });
    let mut forms = [full, plain, bare];
    if !tags.is_empty() {
        forms.iter_mut().for_each(|form| form["UserPoolTags"] = tags.clone().into());
    }
    let created = attempts(control, "CreateUserPool", forms, &mut reduced).await?;
    let id = text(&created, "/UserPool/Id").ok_or_else(|| missing("CreateUserPool", "UserPool.Id"))?;

    let pool = configure(control, spec, run, id.clone(), reduced).await;
    if pool.is_err() {
        // The half-made pool is of no use to anyone.
        let _ = control.call_reserved("DeleteUserPool", json!({ "UserPoolId": id })).await;
    }
    pool
}

async fn configure(
    control: &Control,
    spec: &PoolSpec,
    run: &str,
    id: String,
    mut reduced: Vec<String>,
) -> Result<Pool, Refused> {
    if let Some(input) = web_authn_configuration(&id, spec.relying_party_id, spec.user_verification)
        && let Err(refused) = control.call("SetUserPoolMfaConfig", input).await
    {
        reduced.push(refused.to_string());
    }
    let flows =
        ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"];
    let client = |flows: &[&str]| json!({ "UserPoolId": id, "ClientName": "cogspec", "ExplicitAuthFlows": flows, "GenerateSecret": false });
    let created =
        attempts(control, "CreateUserPoolClient", [client(&flows), client(&flows[..3])], &mut reduced).await?;
    let client_id = text(&created, "/UserPoolClient/ClientId")
        .ok_or_else(|| missing("CreateUserPoolClient", "UserPoolClient.ClientId"))?;

    let domain = spec.domain.then(|| format!("cogspec-{run}"));
    if let Some(domain) = &domain {
        control.call("CreateUserPoolDomain", json!({ "UserPoolId": id, "Domain": domain })).await?;
    }
    read_back(control, spec, &id, &mut reduced).await;
    Ok(Pool { id, client_id, domain, spec: spec.clone(), reduced })
}

/// The input of `SetUserPoolMfaConfig`; `None` where there is nothing to set.
fn web_authn_configuration(
    pool: &str,
    relying_party_id: Option<&str>,
    user_verification: Option<&str>,
) -> Option<Value> {
    let mut configuration = Map::new();
    configuration.extend(relying_party_id.map(|id| ("RelyingPartyId".to_owned(), json!(id))));
    configuration.extend(user_verification.map(|uv| ("UserVerification".to_owned(), json!(uv))));
    (!configuration.is_empty())
        .then(|| json!({ "UserPoolId": pool, "MfaConfiguration": "OFF", "WebAuthnConfiguration": configuration }))
}

/// Some servers take a setting and drop it in silence: what a later answer shows is then not the operation's fault.
async fn read_back(control: &Control, spec: &PoolSpec, id: &str, reduced: &mut Vec<String>) {
    if let Ok(described) = control.call("DescribeUserPool", json!({ "UserPoolId": id })).await {
        let factors = described.pointer("/UserPool/Policies/SignInPolicy/AllowedFirstAuthFactors");
        let kept = factors.and_then(Value::as_array).is_some_and(|f| f.contains(&json!("WEB_AUTHN")) == spec.passkeys);
        if !kept {
            reduced.push("SignInPolicy was not kept".to_owned());
        }
    }
    if let Ok(described) = control.call("GetUserPoolMfaConfig", json!({ "UserPoolId": id })).await {
        let kept = described.pointer("/WebAuthnConfiguration/RelyingPartyId").and_then(Value::as_str);
        if kept != spec.relying_party_id {
            reduced.push("WebAuthnConfiguration.RelyingPartyId was not kept".to_owned());
        }
        let kept = described.pointer("/WebAuthnConfiguration/UserVerification").and_then(Value::as_str);
        if spec.user_verification.is_some() && kept != spec.user_verification {
            reduced.push("WebAuthnConfiguration.UserVerification was not kept".to_owned());
        }
    }
}

/// Makes a user with a password, and signs the user in.
pub(super) async fn user(
    control: &Control,
    pool: &Arc<Pool>,
    username: &str,
    secrets: &Secrets,
) -> Result<User, Refused> {
    secrets.add_own(SecretKind::Password, PASSWORD);
    let email = format!("{username}@example.com");
    let create = |name: &str| {
        json!({
            "UserPoolId": pool.id,
            "Username": name,
            "MessageAction": "SUPPRESS",
            "UserAttributes": [{ "Name": "email", "Value": email }, { "Name": "email_verified", "Value": "true" }],
        })
    };
    let created = attempts(control, "AdminCreateUser", [create(username), create(&email)], &mut Vec::new()).await?;
    let username = text(&created, "/User/Username").unwrap_or_else(|| username.to_owned());
    control
        .call(
            "AdminSetUserPassword",
            json!({ "UserPoolId": pool.id, "Username": username, "Password": PASSWORD, "Permanent": true }),
        )
        .await?;
    let tokens = sign_in(control, &pool.id, &pool.client_id, &username, secrets).await?;
    Ok(User { pool: Some(Arc::clone(pool)), username, tokens })
}

/// Signs a user in: as the user, or where the server refuses that, as an administrator.
pub(super) async fn sign_in(
    control: &Control,
    pool: &str,
    client: &str,
    username: &str,
    secrets: &Secrets,
) -> Result<Tokens, Refused> {
    let login = Login { client_id: client.to_owned(), username: username.to_owned(), password: PASSWORD.to_owned() };
    match sign_in_by_user(control, &login, secrets).await {
        Err(refused) if !refused.unreachable => {
            let by_admin = json!({
                "UserPoolId": pool, "AuthFlow": "ADMIN_USER_PASSWORD_AUTH",
                "ClientId": client, "AuthParameters": login.parameters(),
            });
            // The first refusal says more about what a user would meet.
            tokens(&control.call("AdminInitiateAuth", by_admin).await.map_err(|_| refused)?, secrets)
        }
        outcome => outcome,
    }
}

/// Signs a user in as the user, which takes no AWS credentials.
pub(super) async fn sign_in_by_user(control: &Control, login: &Login, secrets: &Secrets) -> Result<Tokens, Refused> {
    let input = json!({
        "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": login.client_id, "AuthParameters": login.parameters(),
    });
    tokens(&control.call_unsigned("InitiateAuth", input).await?, secrets)
}

impl Login {
    fn parameters(&self) -> Value {
        json!({ "USERNAME": self.username, "PASSWORD": self.password })
    }
}

/// The tokens of an answer to a sign-in.
fn tokens(answer: &Value, secrets: &Secrets) -> Result<Tokens, Refused> {
    let token = |name: &str| text(answer, &format!("/AuthenticationResult/{name}"));
    let access = token("AccessToken").ok_or_else(|| match text(answer, "/ChallengeName") {
        Some(challenge) => Refused {
            operation: "InitiateAuth".to_owned(),
            why: format!("the sign-in goes on with the challenge {challenge}"),
            unreachable: false,
        },
        None => missing("InitiateAuth", "AuthenticationResult.AccessToken"),
    })?;
    let tokens = Tokens {
        access,
        id: token("IdToken"),
        refresh: token("RefreshToken"),
        expires_in: answer.pointer("/AuthenticationResult/ExpiresIn").and_then(Value::as_i64),
    };
    for secret in [Some(&tokens.access), tokens.id.as_ref(), tokens.refresh.as_ref()].into_iter().flatten() {
        secrets.add(secret);
    }
    Ok(tokens)
}

/// Tries the inputs in turn, the fullest first, and notes what a reduced one left out.
async fn attempts<const N: usize>(
    control: &Control,
    operation: &str,
    inputs: [Value; N],
    reduced: &mut Vec<String>,
) -> Result<Value, Refused> {
    let mut last = None;
    for input in inputs {
        match control.call(operation, input).await {
            Ok(output) => {
                reduced.extend(last.map(|refused: Refused| format!("reduced form after {refused}")));
                return Ok(output);
            }
            Err(refused) if refused.unreachable => return Err(refused),
            Err(refused) => last = Some(refused),
        }
    }
    Err(last.unwrap_or_else(|| missing(operation, "an attempt")))
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

fn missing(operation: &str, member: &str) -> Refused {
    Refused { operation: operation.to_owned(), why: format!("the answer has no {member}"), unreachable: false }
}
