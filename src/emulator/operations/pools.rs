//! User pools.

use serde_json::{Value, json};

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{MIXED, Pool, random_text};
use super::pool_settings;

/// `CreateUserPool`.
pub(super) fn create(service: &Service, mut input: Input<'_>) -> Answer {
    let name = input.required("PoolName", &shapes::NAME)?;
    let settings = pool_settings::read(&mut input)?;
    let mode = input.text("MfaConfiguration", &shapes::MFA_CONFIGURATION)?.unwrap_or("OFF");
    let username_attributes = input.texts("UsernameAttributes", &shapes::USERNAME_ATTRIBUTE)?.unwrap_or_default();
    let case_sensitive = input.structure("UsernameConfiguration", |inner| inner.flag("CaseSensitive"))?;
    input.finish()?;
    pool_settings::check(&settings)?;

    let id = format!("{}_{}", service.region, random_text(MIXED, 9));
    let mut store = service.write();
    let keys = store.take_keys()?;
    let mut pool = Pool::new(id, name, service.timestamp(), keys, settings);
    mode.clone_into(&mut pool.mfa.mode);
    pool.username_attributes = username_attributes.into_iter().map(str::to_owned).collect();
    pool.case_sensitive = case_sensitive.unwrap_or(false);
    let document = pool_settings::document(&pool, &service.region);
    store.add(pool);
    Ok(Some(json!({ "UserPool": document })))
}

/// `UpdateUserPool`. A setting that is left out falls back to its default, as the API reference warns.
pub(super) fn update(service: &Service, mut input: Input<'_>) -> Answer {
    let id = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    let name = input.text("PoolName", &shapes::NAME)?;
    let settings = pool_settings::read(&mut input)?;
    let mode = input.text("MfaConfiguration", &shapes::MFA_CONFIGURATION)?;
    input.finish()?;

    let mut store = service.write();
    let pool = store.pool_mut(id)?;
    pool_settings::check(&settings)?;
    pool.settings = settings;
    if let Some(name) = name {
        name.clone_into(&mut pool.name);
    }
    if let Some(mode) = mode {
        mode.clone_into(&mut pool.mfa.mode);
    }
    pool.modified = service.timestamp();
    Ok(Some(json!({})))
}

/// `DescribeUserPool`.
pub(super) fn describe(service: &Service, mut input: Input<'_>) -> Answer {
    let id = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    input.finish()?;
    Ok(Some(json!({ "UserPool": pool_settings::document(service.read().pool(id)?, &service.region) })))
}

/// `DeleteUserPool`.
pub(super) fn delete(service: &Service, mut input: Input<'_>) -> Answer {
    let id = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    input.finish()?;
    let mut store = service.write();
    let pool = store.pool(id)?;
    if pool.settings.deletion_protection == "ACTIVE" {
        return Err(Refusal::invalid_parameter(
            "The user pool cannot be deleted because deletion protection is activated. \
             Deletion protection must be inactivated first.",
        ));
    }
    if pool.prefix_domain.is_some() || pool.custom_domain.is_some() {
        return Err(Refusal::invalid_parameter(
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        ));
    }
    store.remove(id);
    Ok(None)
}

/// `ListUserPools`. The page token is the last pool id of the page before.
pub(super) fn list(service: &Service, mut input: Input<'_>) -> Answer {
    let size = input.required_integer("MaxResults", 1, 60)?;
    let after = input.text("NextToken", &shapes::STRING)?.unwrap_or_default();
    input.finish()?;
    let store = service.read();
    let mut pools = store.pools().filter(|pool| pool.id.as_str() > after).peekable();
    let page: Vec<&Pool> = pools.by_ref().take(usize::try_from(size).unwrap_or(0)).collect();
    let mut output =
        json!({ "UserPools": page.iter().map(|pool| pool_settings::description(pool)).collect::<Value>() });
    if let (Some(last), Some(_)) = (page.last(), pools.peek()) {
        output["NextToken"] = last.id.as_str().into();
    }
    Ok(Some(output))
}
