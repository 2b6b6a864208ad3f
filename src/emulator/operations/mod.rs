//! The operations, one file a group, and the table that names them.

mod clients;
mod credentials;
mod domains;
mod factors;
mod mfa;
mod parameters;
mod pool_settings;
mod pools;
mod profile;
mod registration;
mod sessions;
mod sign_in;
mod tokens;
mod user_auth;
mod users;

use super::Service;
use super::answer::Answer;
use super::input::Input;

/// One operation of the API.
pub(super) struct Operation {
    /// Its name, as in `X-Amz-Target`.
    name: &'static str,
    /// Whether it takes an AWS signature. Those that do not are authorised by what is in their input.
    pub(super) signed: bool,
    /// Serves it.
    pub(super) handler: Handler,
}

type Handler = fn(&Service, Input<'_>) -> Answer;

/// The operation of that name; the case counts.
pub(super) fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

const fn signed(name: &'static str, handler: Handler) -> Operation {
    Operation { name, signed: true, handler }
}

const fn unsigned(name: &'static str, handler: Handler) -> Operation {
    Operation { name, signed: false, handler }
}

static OPERATIONS: &[Operation] = &[
    unsigned("StartWebAuthnRegistration", registration::start),
    unsigned("CompleteWebAuthnRegistration", registration::complete),
    unsigned("ListWebAuthnCredentials", credentials::list),
    unsigned("DeleteWebAuthnCredential", credentials::delete),
    unsigned("GetUserAuthFactors", factors::show),
    unsigned("InitiateAuth", sign_in::initiate_auth),
    unsigned("RespondToAuthChallenge", user_auth::respond),
    unsigned("GetUser", profile::show),
    unsigned("DeleteUser", profile::delete),
    unsigned("GlobalSignOut", sessions::global_sign_out),
    unsigned("RevokeToken", sessions::revoke_token),
    signed("CreateUserPool", pools::create),
    signed("UpdateUserPool", pools::update),
    signed("DescribeUserPool", pools::describe),
    signed("DeleteUserPool", pools::delete),
    signed("ListUserPools", pools::list),
    signed("SetUserPoolMfaConfig", mfa::set),
    signed("GetUserPoolMfaConfig", mfa::show),
    signed("CreateUserPoolClient", clients::create),
    signed("DescribeUserPoolClient", clients::describe),
    signed("DeleteUserPoolClient", clients::delete),
    signed("CreateUserPoolDomain", domains::create),
    signed("DescribeUserPoolDomain", domains::describe),
    signed("DeleteUserPoolDomain", domains::delete),
    signed("AdminCreateUser", users::create),
    signed("AdminSetUserPassword", users::set_password),
    signed("AdminResetUserPassword", users::reset_password),
    signed("AdminGetUser", users::show),
    signed("AdminDeleteUser", users::delete),
    signed("AdminDisableUser", users::disable),
    signed("AdminEnableUser", users::enable),
    signed("AdminUserGlobalSignOut", sessions::admin_user_global_sign_out),
    signed("AdminInitiateAuth", sign_in::admin_initiate_auth),
];
