//! Rules on creation options that Cognito keeps beyond WebAuthn: the `cognito` profile.
//!
//! Only what AWS documents, or what a published answer shows and a client depends on, is a MUST. A deviation that no
//! client would notice (a longer challenge, another member) is a MAY.

use super::documents::{AMPLIFY_JS, AMPLIFY_SWIFT, API_START, GUIDE_PASSKEYS, LIVE, SERVICE_MODEL};

super::rules! {
    RP_ID_REQUIRED = "options.cognito.rp-id.required", Must, Documented,
        "`rp.id` is there.",
        (API_START, "Response syntax and example");
    RP_ID_LENGTH = "options.cognito.rp-id.length", Must, Documented,
        "`rp.id` is at most 127 characters, as a pool's relying party id is.",
        (SERVICE_MODEL, "RelyingPartyIdType");
    RP_ID_ENDPOINT = "options.cognito.rp-id.endpoint", Must, Inferred,
        "`rp.id` is the pool's own domain or a configured one, never the service's endpoint.",
        (GUIDE_PASSKEYS, "Passwordless sign-in with WebAuthn passkeys, relying party id");
    RP_NAME = "options.cognito.rp.name", Should, Recorded,
        "`rp.name` is the same as `rp.id`.",
        (AMPLIFY_JS, "packages/auth/__tests__/mockData.ts, passkeyCredentialCreateOptions");
    CHALLENGE_LENGTH = "options.cognito.challenge.length", May, Recorded,
        "`challenge` is 16 bytes.",
        (LIVE, "challenges in amplify-js test data and aws-sdk-net#4386");
    USER_ID_RAW = "options.cognito.user.id.raw", Must, Recorded,
        "`user.id` is the base64url of the user's `sub`, not the `sub` itself.",
        (AMPLIFY_JS, "packages/auth/__tests__/mockData.ts, passkeyCredentialCreateOptions");
    USER_ID_TEXT = "options.cognito.user.id.text", Should, Recorded,
        "`user.id` decodes to text, the user's `sub`.",
        (AMPLIFY_JS, "packages/auth/__tests__/mockData.ts, passkeyCredentialCreateOptions");
    USER_ID_LENGTH = "options.cognito.user.id.length", May, Recorded,
        "`user.id` decodes to 36 characters, the length of a `sub`.",
        (AMPLIFY_JS, "packages/auth/__tests__/mockData.ts, passkeyCredentialCreateOptions");
    DISPLAY_NAME = "options.cognito.user.display-name", May, Recorded,
        "`user.displayName` is empty or the same as `user.name`.",
        (AMPLIFY_JS, "packages/auth/__tests__/mockData.ts; API reference example");
    PARAMS_ONLY = "options.cognito.params.only", Must, Documented,
        "Only ES256 (-7) and RS256 (-257), the algorithms that Cognito recognises, are offered.",
        (GUIDE_PASSKEYS, "Passwordless sign-in with WebAuthn passkeys, algorithms");
    PARAMS_BOTH = "options.cognito.params.both", Must, Documented,
        "Both ES256 (-7) and RS256 (-257) are offered.",
        (GUIDE_PASSKEYS, "Passwordless sign-in with WebAuthn passkeys, algorithms");
    PARAMS_ORDER = "options.cognito.params.order", Should, Recorded,
        "The list is ES256, then RS256.",
        (AMPLIFY_JS, "packages/auth/__tests__/mockData.ts, passkeyCredentialCreateOptions");
    TIMEOUT_REQUIRED = "options.cognito.timeout.required", Should, Documented,
        "`timeout` is there.",
        (API_START, "Response example");
    TIMEOUT = "options.cognito.timeout", Should, Recorded,
        "`timeout` is 60000.",
        (AMPLIFY_JS, "packages/auth/__tests__/mockData.ts, passkeyCredentialCreateOptions");
    EXCLUDE_REQUIRED = "options.cognito.exclude.required", Must, Documented,
        "`excludeCredentials` is there, empty where there is no passkey: a client of AWS refuses options without it.",
        (AMPLIFY_SWIFT, "CredentialCreationOptions: missingValue(\"excludeCredentials\")");
    EXCLUDE_DOUBLE = "options.cognito.exclude.double-encoded", May, Inferred,
        "The `id` of an entry of `excludeCredentials` is encoded once; a second time, it matches no passkey.",
        (AMPLIFY_JS, "a capture from before general availability has such ids; the API reference example does not");
    SELECTION_REQUIRED = "options.cognito.selection.required", Must, Documented,
        "`authenticatorSelection` is there.",
        (API_START, "Response example");
    RESIDENT_KEY_REQUIRED = "options.cognito.selection.resident-key.required", Must, Documented,
        "`residentKey` is there.",
        (API_START, "Response example");
    RESIDENT_KEY = "options.cognito.selection.resident-key", Must, Documented,
        "`residentKey` is required.",
        (API_START, "Response example");
    REQUIRE_RESIDENT_KEY_REQUIRED = "options.cognito.selection.require-resident-key.required", Must, Documented,
        "`requireResidentKey` is there.",
        (API_START, "Response example");
    REQUIRE_RESIDENT_KEY = "options.cognito.selection.require-resident-key", Must, Documented,
        "`requireResidentKey` is true.",
        (API_START, "Response example");
    USER_VERIFICATION_REQUIRED = "options.cognito.selection.user-verification.required", Should, Documented,
        "`userVerification` is there.",
        (API_START, "Response example");
    USER_VERIFICATION = "options.cognito.selection.user-verification", Must, Documented,
        "`userVerification` is required or preferred, the settings that a pool can have.",
        (SERVICE_MODEL, "UserVerificationType");
    MEMBERS = "options.cognito.members", May, Recorded,
        "The options have no members beyond those that Cognito was seen to send.",
        (LIVE, "member names of all published creation options");
}
