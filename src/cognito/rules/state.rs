//! Rules on what the service knows: sessions, users, pools and their configuration, and what must hold across calls.

use super::documents::{API_GLOBAL_SIGN_OUT, API_START, GUIDE_PASSKEYS, GUIDE_REVOCATION, LIVE, WEBAUTHN};

super::rules! {
    REVOKED = "state.revoked", Must, Documented,
        "After sign-out or revocation the access token is refused.",
        (GUIDE_REVOCATION, "Revoke a token; GlobalSignOut");
    REVOKED_CLASS = "state.revoked.class", Must, Recorded,
        "A revoked token is a NotAuthorizedException.",
        (LIVE, "amplify-js#3540: Access Token has been revoked");
    REVOKED_ONLY_OWN = "state.revoked.only-own", Must, Documented,
        "Ending one user's sessions leaves another user's token alone.",
        (GUIDE_REVOCATION, "Revoke a token");
    REVOKED_ONLY_SESSION = "state.revoked.only-session", Must, Documented,
        "Revoking a refresh token ends the access tokens that were made with it, and leaves those of another sign-in alone.",
        (GUIDE_REVOCATION, "Revoke a token: all of the access tokens that the refresh token has made");
    REVOKED_REFRESH = "state.revoked.refresh", Must, Documented,
        "After sign-out or revocation the refresh token gives no access token that is served.",
        (API_GLOBAL_SIGN_OUT, "a signed-out user's refresh tokens are not accepted in refresh requests");
    REFRESHED = "state.refreshed", Must, Documented,
        "A token made after the sign-out is served.",
        (GUIDE_REVOCATION, "Revoke a token");
    DISABLED = "state.disabled", Must, Documented,
        "A disabled user's token is refused; enabling the user again does not bring it back.",
        (GUIDE_REVOCATION, "Disabling a user revokes tokens");
    DELETED_USER = "state.deleted-user", Must, Documented,
        "A deleted user's token is refused, also when the name is taken again by a new user.",
        (API_START, "NotAuthorizedException");
    GONE_CLASS = "state.gone.class", Must, Inferred,
        "The token of a disabled or deleted user is a NotAuthorizedException: the model has no nearer error for the operation.",
        (API_START, "Errors");
    DELETED_POOL = "state.deleted-pool", Must, Inferred,
        "The token of a deleted pool or app client is refused.",
        (API_START, "NotAuthorizedException");
    NOT_ENABLED = "state.not-enabled", Must, Documented,
        "A pool without passkeys is a WebAuthnNotEnabledException.",
        (API_START, "WebAuthnNotEnabledException");
    CONFIGURATION_MISSING = "state.configuration-missing", Must, Documented,
        "A pool with neither a relying party id nor a domain is a WebAuthnConfigurationMissingException.",
        (API_START, "WebAuthnConfigurationMissingException");
    RP_CONFIGURED = "state.rp-id.configured", Must, Documented,
        "`rp.id` is the relying party id that the pool is configured with.",
        (GUIDE_PASSKEYS, "Passwordless sign-in with WebAuthn passkeys, relying party id");
    RP_DOMAIN = "state.rp-id.domain", Must, Recorded,
        "Without a configured relying party id, `rp.id` is the pool's domain.",
        (LIVE, "a production pool's measured answer, <prefix>.auth.us-west-2.amazoncognito.com");
    // AWS does not say how soon a change is in force.
    CONFIGURATION_APPLIES = "state.configuration-applies", Must, Inferred,
        "A changed configuration applies to the next call.",
        (GUIDE_PASSKEYS, "Passwordless sign-in with WebAuthn passkeys, configuration");
    USER_VERIFICATION = "state.user-verification", Must, Documented,
        "`userVerification` is the pool's setting; it is `preferred` where nothing is set.",
        (GUIDE_PASSKEYS, "user verification defaults to preferred");
    CHALLENGE_FRESH = "state.challenge.fresh", Must, Documented,
        "Every call has its own challenge, and no challenge can be foretold from others.",
        (WEBAUTHN, "13.4.3 Cryptographic Challenges");
    CHALLENGE_PATTERN = "state.challenge.pattern", Should, Documented,
        "A challenge is random in all its parts: no character is the same in every challenge.",
        (WEBAUTHN, "13.4.3 Cryptographic Challenges: enough entropy, at least 16 bytes");
    USER_ID_STABLE = "state.user-id.stable", Must, Documented,
        "`user.id` is the same on each call for one user.",
        (WEBAUTHN, "5.4.3 User Account Parameters, user handle");
    USER_ID_UNIQUE = "state.user-id.unique", Must, Documented,
        "`user.id` differs between the users of a pool, also between two who have the same name one after the other.",
        (WEBAUTHN, "5.4.3 User Account Parameters, user handle");
    USER_ID_OF_POOL = "state.user-id.pools", Must, Inferred,
        "`user.id` differs between users of the same name in two pools: it is made from `sub`, which is the user's own.",
        (LIVE, "amplify-js test data: user.id is the text of sub");
    EXCLUDE_EMPTY = "state.exclude.empty", Must, Documented,
        "A user without passkeys has nothing to exclude.",
        (WEBAUTHN, "5.4 excludeCredentials");
    PENDING = "state.pending", May, Inferred,
        "Several registrations begun one after the other: whether a second Start ends the first is not known.",
        (API_START, "LimitExceededException");
    PASSWORD_RESET = "state.password-reset", May, Inferred,
        "Whether a token is still served once its user must reset the password is not known.",
        (API_START, "PasswordResetRequiredException");
    NO_USER_ORACLE = "state.no-user-oracle", Should, Inferred,
        "Tokens that are not valid get one answer, whether the user that they name exists or not.",
        (GUIDE_PASSKEYS, "Managing user existence error responses");
}
