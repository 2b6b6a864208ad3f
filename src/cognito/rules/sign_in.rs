//! Rules on signing in with a passkey: the flow `USER_AUTH`, its challenges, and the request options in them.

use super::documents::{API_FACTORS, API_INITIATE_AUTH, API_RESPOND, GUIDE_PASSKEYS, LIVE, SERVICE_MODEL, WEBAUTHN};

super::rules! {
    OFFERED = "sign-in.offered", Must, Documented,
        "A user who has a passkey and prefers WEB_AUTHN gets that challenge.",
        (API_INITIATE_AUTH, "AuthParameters, PREFERRED_CHALLENGE; example response");
    OPTIONS_STRING = "sign-in.options.string", Must, Documented,
        "CREDENTIAL_REQUEST_OPTIONS is one JSON object in a string.",
        (API_INITIATE_AUTH, "example response: ChallengeParameters");
    OPTIONS_CHALLENGE = "sign-in.options.challenge", Must, Documented,
        "The challenge of request options is unpadded base64url of at least 16 bytes.",
        (WEBAUTHN, "5.5 challenge; 13.4.3 Cryptographic Challenges");
    OPTIONS_RP = "sign-in.options.relying-party", Must, Documented,
        "rpId is the pool's relying party id.",
        (API_INITIATE_AUTH, "example response: rpId; Web Authentication, 5.5 rpId");
    OPTIONS_ALLOW = "sign-in.options.allow", Must, Documented,
        "allowCredentials names the user's passkeys, and no others.",
        (API_INITIATE_AUTH, "example response: allowCredentials");
    OPTIONS_VERIFICATION = "sign-in.options.user-verification", Must, Documented,
        "userVerification is what the pool is set to.",
        (GUIDE_PASSKEYS, "user verification: preferred or required");
    OPTIONS_TIMEOUT = "sign-in.options.timeout", May, Documented,
        "timeout is a number of milliseconds.",
        (WEBAUTHN, "5.5 timeout: unsigned long");
    CHALLENGE_FRESH = "sign-in.challenge.fresh", Must, Documented,
        "Each sign-in has a challenge of its own.",
        (WEBAUTHN, "13.4.3 Cryptographic Challenges");
    SESSION = "sign-in.session", Must, Documented,
        "A challenge comes with a Session of 20 to 4096 characters.",
        (SERVICE_MODEL, "SessionType");
    SESSION_ONCE = "sign-in.session.once", Must, Inferred,
        "A Session works once.",
        (LIVE, "Invalid session for the user, session can only be used once.");
    SESSION_BOUND = "sign-in.session.bound", Must, Inferred,
        "A Session works only for the user and the app client that it was given to.",
        (API_RESPOND, "Session: the session that should pass from the challenge");
    SESSION_EXPIRES = "sign-in.session.expires", Must, Documented,
        "A Session ends after the AuthSessionValidity of the app client, at most 15 minutes.",
        (SERVICE_MODEL, "AuthSessionValidityType: 3 to 15 minutes");
    COMPLETED = "sign-in.completed", Must, Documented,
        "A right answer to WEB_AUTHN signs the user in.",
        (API_RESPOND, "ChallengeName WEB_AUTHN, AuthenticationResult");
    SELECTED = "sign-in.select-challenge", Must, Documented,
        "WEB_AUTHN can be chosen, or chosen and answered at once, with SELECT_CHALLENGE.",
        (API_RESPOND, "ChallengeName SELECT_CHALLENGE: ANSWER, CREDENTIAL");
    TOKEN_SERVED = "sign-in.token.served", Must, Documented,
        "The access token of a sign-in with a passkey authorises its user.",
        (GUIDE_PASSKEYS, "sign-in with passkeys; token of a signed-in user");
    TOKEN_USER = "sign-in.token.user", Must, Documented,
        "The access token of a sign-in with a passkey is that of the passkey's user.",
        (WEBAUTHN, "7.2 Verifying an Authentication Assertion: the user is the owner of the credential");
    NOT_OFFERED = "sign-in.not-offered", Must, Recorded,
        "A user without a passkey who prefers WEB_AUTHN is asked to select another challenge; it is no error.",
        (LIVE, "SELECT_CHALLENGE with AvailableChallenges without WEB_AUTHN");
    FLOW = "sign-in.flow", Must, Documented,
        "An app client without ALLOW_USER_AUTH does not serve the flow USER_AUTH.",
        (API_INITIATE_AUTH, "AuthFlow USER_AUTH: the app client must have it enabled");
    DELETED = "sign-in.deleted", Must, Documented,
        "A deleted passkey signs nobody in, also where the sign-in began before.",
        (WEBAUTHN, "7.2 Verifying an Authentication Assertion: the credential is one of the user's");
    DISABLED = "sign-in.disabled", Must, Documented,
        "A disabled user does not sign in with a passkey either.",
        (API_RESPOND, "NotAuthorizedException");
    RESPONSES = "sign-in.responses", Must, Documented,
        "An answer to WEB_AUTHN needs USERNAME, CREDENTIAL and Session.",
        (API_RESPOND, "ChallengeResponses, WEB_AUTHN");
    RESPONSES_CLASS = "sign-in.responses.class", Should, Inferred,
        "A missing challenge response is an InvalidParameterException or a NotAuthorizedException.",
        (API_RESPOND, "InvalidParameterException, NotAuthorizedException");
    UNKNOWN_USER = "sign-in.unknown-user", Should, Documented,
        "With PreventUserExistenceErrors a user that does not exist is answered like one that does.",
        (GUIDE_PASSKEYS, "Managing user existence error responses");
    FACTORS = "sign-in.factors", Must, Documented,
        "GetUserAuthFactors lists WEB_AUTHN for a user who has a passkey, and not for one who has none.",
        (API_FACTORS, "ConfiguredUserAuthFactors");
    FACTORS_USER = "sign-in.factors.user", Must, Documented,
        "GetUserAuthFactors names the user of the access token.",
        (API_FACTORS, "Username");
}
