//! The passkeys that a user has.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{Passkey, User};
use super::super::token::authorize;

/// The most that one page holds.
const PAGE: usize = 20;

/// `ListWebAuthnCredentials`, oldest first; in which order Cognito lists them is not known.
pub(super) fn list(service: &Service, mut input: Input<'_>) -> Answer {
    let token = input.required("AccessToken", &shapes::TOKEN)?;
    let next = input.text("NextToken", &shapes::PAGINATION_KEY)?;
    let most = input.integer("MaxResults", 0, 20)?.and_then(|most| usize::try_from(most).ok());
    input.finish()?;

    let store = service.read();
    let user = authorize(&store, &service.region, token, service.now())?.user;
    let last_seen = match next {
        None => None,
        Some(next) => Some(read_page_token(user, next)?),
    };
    // That zero means no limit of one's own is a guess.
    let most = most.filter(|most| *most > 0).unwrap_or(PAGE);
    let mut rest = user.passkeys.iter().filter(|passkey| last_seen.is_none_or(|seen| passkey.serial > seen));
    let page: Vec<_> = rest.by_ref().take(most).collect();
    let mut output = json!({ "Credentials": page.iter().map(|passkey| description(passkey)).collect::<Vec<_>>() });
    if let (Some(last), Some(_)) = (page.last(), rest.next()) {
        output["NextToken"] = page_token(user, last.serial).into();
    }
    Ok(Some(output))
}

/// `DeleteWebAuthnCredential`.
pub(super) fn delete(service: &Service, mut input: Input<'_>) -> Answer {
    let token = input.required("AccessToken", &shapes::TOKEN)?;
    let id = input.required("CredentialId", &shapes::STRING)?;
    input.finish()?;

    let mut store = service.write();
    let caller = authorize(&store, &service.region, token, service.now())?;
    let (pool, username) = (caller.pool.id.clone(), caller.user.username.clone());
    let passkeys = &mut store.pool_mut(&pool)?.user_mut(&username)?.passkeys;
    let is_it = |passkey: &Passkey| BASE64URL_NOPAD.encode(&passkey.id) == id;
    let unknown = || Refusal::not_found("The user has no passkey of this credential id.".to_owned());
    let index = passkeys.iter().position(is_it).ok_or_else(unknown)?;
    passkeys.remove(index);
    Ok(None)
}

/// `WebAuthnCredentialDescription`.
fn description(passkey: &Passkey) -> Value {
    let mut description = json!({
        "CredentialId": BASE64URL_NOPAD.encode(&passkey.id),
        // How Cognito finds its names is not known.
        "FriendlyCredentialName": "Passkey",
        "RelyingPartyId": passkey.relying_party,
        "AuthenticatorTransports": passkey.transports,
        "CreatedAt": passkey.created,
    });
    if let Some(attachment) = &passkey.attachment {
        description["AuthenticatorAttachment"] = attachment.as_str().into();
    }
    description
}

/// Where a page ended, for this user only.
fn page_token(user: &User, last: u64) -> String {
    BASE64URL_NOPAD.encode(format!("{}.{last}", user.sub).as_bytes())
}

fn read_page_token(user: &User, token: &str) -> Result<u64, Refusal> {
    let read = || {
        let text = String::from_utf8(BASE64URL_NOPAD.decode(token.as_bytes()).ok()?).ok()?;
        text.strip_prefix(&user.sub)?.strip_prefix('.')?.parse().ok()
    };
    read().ok_or_else(|| Refusal::invalid_parameter("Invalid NextToken"))
}
