//! What a user can sign in with.

use serde_json::json;

use super::super::Service;
use super::super::answer::Answer;
use super::super::input::Input;
use super::profile;

/// `GetUserAuthFactors`. Every user here has a password, if only a temporary one.
pub(super) fn show(service: &Service, input: Input<'_>) -> Answer {
    profile::as_caller(service, input, |caller| {
        let mut factors = vec!["PASSWORD"];
        if !caller.user.passkeys.is_empty() {
            factors.push("WEB_AUTHN");
        }
        json!({ "Username": caller.user.username, "ConfiguredUserAuthFactors": factors })
    })
    .map(Some)
}
