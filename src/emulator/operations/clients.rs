//! App clients.

use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{Client, LOWER, Lifetime, random_text};

const DAY: u64 = 24 * 60 * 60;

/// Members that mean nothing to the emulator, and are given back as they came.
const KEPT: &[&str] = &[
    "AllowedOAuthFlows",
    "AllowedOAuthFlowsUserPoolClient",
    "AllowedOAuthScopes",
    "CallbackURLs",
    "DefaultRedirectURI",
    "EnablePropagateAdditionalUserContextData",
    "LogoutURLs",
    "ReadAttributes",
    "RefreshTokenRotation",
    "SupportedIdentityProviders",
    "WriteAttributes",
];

/// `CreateUserPoolClient`.
pub(super) fn create(service: &Service, mut input: Input<'_>) -> Answer {
    let pool = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    let client = read(&mut input, service.timestamp())?;
    input.finish()?;

    let mut store = service.write();
    let pool = store.pool_mut(pool)?;
    check_lifetimes(&client)?;
    let document = document(&pool.id, &client);
    pool.clients.insert(client.id.clone(), client);
    Ok(Some(json!({ "UserPoolClient": document })))
}

/// `DescribeUserPoolClient`.
pub(super) fn describe(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, client) = ids(&mut input)?;
    let store = service.read();
    let pool = store.pool(pool)?;
    Ok(Some(json!({ "UserPoolClient": document(&pool.id, pool.client(client)?) })))
}

/// `DeleteUserPoolClient`.
pub(super) fn delete(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, client) = ids(&mut input)?;
    let mut store = service.write();
    let pool = store.pool_mut(pool)?;
    pool.client(client)?;
    pool.clients.remove(client);
    Ok(None)
}

fn ids<'a>(input: &mut Input<'a>) -> Result<(&'a str, &'a str), Refusal> {
    let pool = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    let client = input.required("ClientId", &shapes::CLIENT_ID)?;
    input.finish()?;
    Ok((pool, client))
}

fn read(input: &mut Input<'_>, now: f64) -> Result<Client, Refusal> {
    let name = input.required("ClientName", &shapes::NAME)?.to_owned();
    let with_secret = input.flag("GenerateSecret")?;
    let flows = input
        .texts("ExplicitAuthFlows", &shapes::EXPLICIT_AUTH_FLOW)?
        .unwrap_or_else(|| vec!["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]);
    let units = input.structure("TokenValidityUnits", |inner| {
        let mut unit = |name| Ok(inner.text(name, &shapes::TIME_UNIT)?.map(str::to_owned));
        Ok::<_, Refusal>([unit("AccessToken")?, unit("IdToken")?, unit("RefreshToken")?])
    })?;
    let [access_unit, id_unit, refresh_unit] = units.unwrap_or_default();
    let mut lifetime = |member, max, default, unit: Option<String>, default_unit: &str| {
        let amount = input.integer(member, 0, max)?.and_then(|amount| u64::try_from(amount).ok());
        // An amount of zero means the default, which has the default's unit.
        Ok::<_, Refusal>(match amount.filter(|amount| *amount > 0) {
            Some(amount) => Lifetime { amount, unit: unit.unwrap_or_else(|| default_unit.to_owned()) },
            None => Lifetime { amount: default, unit: default_unit.to_owned() },
        })
    };
    Ok(Client {
        id: random_text(LOWER, 26),
        name,
        secret: with_secret.then(|| random_text(LOWER, 51)),
        flows: flows.into_iter().map(str::to_owned).collect(),
        access_token: lifetime("AccessTokenValidity", 86_400, 1, access_unit, "hours")?,
        id_token: lifetime("IdTokenValidity", 86_400, 1, id_unit, "hours")?,
        refresh_token: lifetime("RefreshTokenValidity", 315_360_000, 30, refresh_unit, "days")?,
        auth_session_minutes: input
            .integer("AuthSessionValidity", 3, 15)?
            .and_then(|minutes| u64::try_from(minutes).ok())
            .unwrap_or(3),
        revocation: input.boolean("EnableTokenRevocation")?.unwrap_or(true),
        prevent_user_existence_errors: input
            .text("PreventUserExistenceErrors", &shapes::PREVENT_USER_EXISTENCE_ERRORS)?
            .unwrap_or("LEGACY")
            .to_owned(),
        created: now,
        kept: input.kept(KEPT),
    })
}

/// Access and ID tokens: 5 minutes to a day. Refresh tokens: an hour to ten years.
fn check_lifetimes(client: &Client) -> Result<(), Refusal> {
    let within = |lifetime: &Lifetime, min, max| (min..=max).contains(&lifetime.seconds());
    let valid = within(&client.access_token, 300, DAY)
        && within(&client.id_token, 300, DAY)
        && within(&client.refresh_token, 3600, 3650 * DAY);
    if valid { Ok(()) } else { Err(Refusal::invalid_parameter("Invalid range for token validity.")) }
}

/// `UserPoolClientType`.
fn document(pool: &str, client: &Client) -> Value {
    let mut document = json!({
        "UserPoolId": pool,
        "ClientName": client.name,
        "ClientId": client.id,
        "LastModifiedDate": client.created,
        "CreationDate": client.created,
        "RefreshTokenValidity": client.refresh_token.amount,
        "AccessTokenValidity": client.access_token.amount,
        "IdTokenValidity": client.id_token.amount,
        "TokenValidityUnits": {
            "AccessToken": client.access_token.unit,
            "IdToken": client.id_token.unit,
            "RefreshToken": client.refresh_token.unit,
        },
        "ExplicitAuthFlows": client.flows,
        "AllowedOAuthFlowsUserPoolClient": false,
        "PreventUserExistenceErrors": client.prevent_user_existence_errors,
        "EnableTokenRevocation": client.revocation,
        "EnablePropagateAdditionalUserContextData": false,
        "AuthSessionValidity": client.auth_session_minutes,
    });
    if let Value::Object(members) = &mut document {
        members.extend(client.kept.clone());
        members.extend(client.secret.as_ref().map(|secret| ("ClientSecret".to_owned(), Value::from(secret.as_str()))));
    }
    document
}
