//! What signed-in users do with their own account.

use serde_json::json;

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::token::{Caller, authorize};

/// `GetUser`.
pub(super) fn show(service: &Service, input: Input<'_>) -> Answer {
    as_caller(
        service,
        input,
        |caller| json!({ "Username": caller.user.username, "UserAttributes": caller.user.attribute_list() }),
    )
    .map(Some)
}

/// `DeleteUser`.
pub(super) fn delete(service: &Service, input: Input<'_>) -> Answer {
    let (pool, username) = as_caller(service, input, |caller| (caller.pool.id.clone(), caller.user.username.clone()))?;
    service.write().pool_mut(&pool)?.remove_user(&username)?;
    Ok(None)
}

/// Reads an input whose one member is the access token, and lets its user look.
pub(super) fn as_caller<T>(
    service: &Service,
    mut input: Input<'_>,
    look: impl FnOnce(&Caller<'_>) -> T,
) -> Result<T, Refusal> {
    let token = input.required("AccessToken", &shapes::TOKEN)?;
    input.finish()?;
    let store = service.read();
    authorize(&store, &service.region, token, service.now()).map(|caller| look(&caller))
}
