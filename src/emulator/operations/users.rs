//! Users, as an administrator handles them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{MIXED, Password, Pool, Status, User, random_text};

/// `AdminCreateUser`. No message is ever sent.
pub(super) fn create(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, username) = names(&mut input)?;
    let mut attributes = input.structures("UserAttributes", attribute)?.unwrap_or_default();
    let password = input.text("TemporaryPassword", &shapes::PASSWORD)?;
    let action = input.text("MessageAction", &shapes::MESSAGE_ACTION)?;
    input.finish()?;

    let mut store = service.write();
    let pool = store.pool_mut(pool)?;
    if action == Some("RESEND") {
        return Ok(Some(json!({ "User": document(pool.user(username)?, "Attributes") })));
    }
    if let Some(password) = password {
        pool.settings.password_policy.check(password)?;
    }
    attributes.retain(|(name, _)| name != "sub");
    let sub = Uuid::new_v4().to_string();
    let username = match name_attribute(pool, username)? {
        None => username.to_owned(),
        Some(attribute) => {
            attributes.retain(|(name, _)| name != attribute);
            attributes.push((attribute.to_owned(), username.to_owned()));
            sub.clone()
        }
    };
    let now = service.timestamp();
    let user = pool.add_user(User {
        sub,
        username,
        attributes,
        password: Password(password.map_or_else(|| random_text(MIXED, 24), str::to_owned)),
        status: Status::ForceChangePassword,
        enabled: true,
        created: now,
        modified: now,
        sessions: Default::default(),
        signed_out_at: None,
        passkeys: Vec::new(),
        passkeys_ever: 0,
        challenges: Vec::new(),
    })?;
    Ok(Some(json!({ "User": document(user, "Attributes") })))
}

/// `AdminSetUserPassword`.
pub(super) fn set_password(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, username) = names(&mut input)?;
    let password = input.required("Password", &shapes::PASSWORD)?;
    let permanent = input.flag("Permanent")?;
    input.finish()?;
    let mut store = service.write();
    let pool = store.pool_mut(pool)?;
    pool.user(username)?;
    pool.settings.password_policy.check(password)?;
    let user = pool.user_mut(username)?;
    user.password = Password(password.to_owned());
    user.status = if permanent { Status::Confirmed } else { Status::ForceChangePassword };
    user.modified = service.timestamp();
    Ok(Some(json!({})))
}

/// `AdminResetUserPassword`. Without messages, any user can be reset, also one without an e-mail address.
pub(super) fn reset_password(service: &Service, input: Input<'_>) -> Answer {
    change(service, input, |user| {
        if user.status == Status::ForceChangePassword {
            return Err(Refusal::not_authorized("User password cannot be reset in the current state."));
        }
        user.status = Status::ResetRequired;
        Ok(())
    })
}

/// `AdminEnableUser`. Sessions that the disabling ended stay ended.
pub(super) fn enable(service: &Service, input: Input<'_>) -> Answer {
    change(service, input, |user| {
        user.enabled = true;
        Ok(())
    })
}

/// `AdminDisableUser`, which ends the user's sessions too.
pub(super) fn disable(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, username) = names(&mut input)?;
    input.finish()?;
    let mut store = service.write();
    let pool = store.pool_mut(pool)?;
    pool.sign_out(username, service.now())?;
    let user = pool.user_mut(username)?;
    user.enabled = false;
    user.modified = service.timestamp();
    Ok(Some(json!({})))
}

/// `AdminGetUser`.
pub(super) fn show(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, username) = names(&mut input)?;
    input.finish()?;
    let store = service.read();
    Ok(Some(document(store.pool(pool)?.user(username)?, "UserAttributes")))
}

/// `AdminDeleteUser`.
pub(super) fn delete(service: &Service, mut input: Input<'_>) -> Answer {
    let (pool, username) = names(&mut input)?;
    input.finish()?;
    service.write().pool_mut(pool)?.remove_user(username)?;
    Ok(None)
}

/// The pool and the user that an administrator names.
pub(super) fn names<'a>(input: &mut Input<'a>) -> Result<(&'a str, &'a str), Refusal> {
    let pool = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    let username = input.required("Username", &shapes::USERNAME)?;
    Ok((pool, username))
}

fn change(service: &Service, mut input: Input<'_>, change: impl FnOnce(&mut User) -> Result<(), Refusal>) -> Answer {
    let (pool, username) = names(&mut input)?;
    input.finish()?;
    let mut store = service.write();
    let user = store.pool_mut(pool)?.user_mut(username)?;
    change(user)?;
    user.modified = service.timestamp();
    Ok(Some(json!({})))
}

fn attribute(input: &mut Input<'_>) -> Result<(String, String), Refusal> {
    let name = input.required("Name", &shapes::ATTRIBUTE_NAME)?;
    let value = input.text("Value", &shapes::ATTRIBUTE_VALUE)?.unwrap_or_default();
    Ok((name.to_owned(), value.to_owned()))
}

/// Where a pool's users sign in with an attribute, the attribute that this name is a value of.
fn name_attribute<'p>(pool: &'p Pool, username: &str) -> Result<Option<&'p str>, Refusal> {
    let fits = |attribute: &&String| match attribute.as_str() {
        "email" => username.contains('@'),
        _ => username.starts_with('+'),
    };
    let attributes = &pool.username_attributes;
    match (attributes.as_slice(), attributes.iter().find(fits)) {
        ([], _) => Ok(None),
        (_, Some(attribute)) => Ok(Some(attribute)),
        ([only], None) if only == "email" => Err(Refusal::invalid_parameter("Username should be an email.")),
        ([_], None) => Err(Refusal::invalid_parameter("Username should be a phone number.")),
        (_, None) => Err(Refusal::invalid_parameter("Username should be either an email or a phone number.")),
    }
}

/// `UserType`, or the output of `AdminGetUser`, which names the attributes differently.
fn document(user: &User, attributes: &str) -> Value {
    json!({
        "Username": user.username,
        attributes: user.attribute_list(),
        "UserCreateDate": user.created,
        "UserLastModifiedDate": user.modified,
        "Enabled": user.enabled,
        "UserStatus": user.status.name(),
    })
}
