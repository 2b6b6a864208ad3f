//! Rules on a user's registered passkeys: completing a registration, listing, deleting, and what Start excludes.

use super::documents::{
    API_COMPLETE, API_DELETE, API_LIST, API_START, AWS_JSON, GUIDE_PASSKEYS, GUIDE_QUOTAS, SERVICE_MODEL, WEBAUTHN,
};

super::rules! {
    COMPLETED = "credentials.complete.served", Must, Documented,
        "A registration that was begun and is finished without a defect is taken.",
        (API_COMPLETE, "description");
    NOT_STORED = "credentials.complete.refused-not-stored", Must, Documented,
        "A registration that was refused leaves no passkey behind.",
        (WEBAUTHN, "7.1 Registering a New Credential: stored if all steps are successful");
    EMPTY_OUTPUT = "credentials.output.empty", Should, Documented,
        "CompleteWebAuthnRegistration and DeleteWebAuthnCredential answer with an empty body.",
        (API_COMPLETE, "Response Elements: an HTTP 200 response with an empty HTTP body");
    AUTHORISED = "credentials.authorised", Must, Documented,
        "An access token that is not valid, or lacks the scope, does not reach the user's passkeys.",
        (API_COMPLETE, "AccessToken: must have a scope claim for aws.cognito.signin.user.admin");
    AUTHORISED_CLASS = "credentials.authorised.class", Must, Inferred,
        "An access token that is not valid is answered with NotAuthorizedException, as by StartWebAuthnRegistration.",
        (API_START, "NotAuthorizedException");
    CREDENTIAL_MISSING = "credentials.complete.required", Must, Documented,
        "CompleteWebAuthnRegistration refuses an input without Credential.",
        (SERVICE_MODEL, "CompleteWebAuthnRegistrationRequest, required");
    CREDENTIAL_MISSING_CLASS = "credentials.complete.required.class", Must, Inferred,
        "A missing Credential is an InvalidParameterException.",
        (API_COMPLETE, "InvalidParameterException");
    CHALLENGE_OWN = "credentials.complete.challenge", Must, Documented,
        "Only the challenge that Start gave to this user is taken, once, and not after it has expired.",
        (WEBAUTHN, "7.1 Registering a New Credential: the challenge equals that of the options; 13.4.3");
    CLIENT = "credentials.complete.client", Must, Documented,
        "A registration is completed with a token of the app client that it was begun with.",
        (API_COMPLETE, "WebAuthnClientMismatchException");
    SWITCHED_OFF = "credentials.complete.not-enabled", Must, Documented,
        "A registration is not completed where passkeys are not enabled any more.",
        (API_COMPLETE, "WebAuthnNotEnabledException");
    SWITCHED_OFF_CLASS = "credentials.complete.not-enabled.class", Must, Documented,
        "Where passkeys are not enabled the answer is a WebAuthnNotEnabledException.",
        (API_COMPLETE, "WebAuthnNotEnabledException");
    RETRIED = "credentials.complete.retried", May, Inferred,
        "Whether a challenge is spent by an answer that was refused is not known.",
        (API_COMPLETE, "WebAuthnChallengeNotFoundException");
    REGISTERED_AGAIN = "credentials.complete.again", May, Inferred,
        "Whether a deleted passkey can be registered again is not known.",
        (API_DELETE, "description");
    PENDING = "credentials.pending", May, Inferred,
        "Whether a second Start ends the registration that the first began is not known.",
        (API_COMPLETE, "WebAuthnChallengeNotFoundException");
    LIMIT = "credentials.limit", Must, Documented,
        "A user has at most 20 passkeys: the twenty-first is refused, at Start or at Complete.",
        (GUIDE_QUOTAS, "Passkey/WebAuthn authenticators per user");
    LIMIT_CLASS = "credentials.limit.class", Must, Documented,
        "The passkey over the limit is a LimitExceededException.",
        (API_COMPLETE, "LimitExceededException");
    LIMIT_PLACE = "credentials.limit.place", May, Inferred,
        "Whether the limit is told at Start or at Complete is not known.",
        (API_START, "LimitExceededException");
    LIMIT_REACHED = "credentials.limit.reached", Must, Documented,
        "A user can have 20 passkeys.",
        (GUIDE_PASSKEYS, "Each user can register up to 20 passkeys");
    EXCLUDED = "credentials.excluded", Should, Documented,
        "Start excludes the passkeys that the user has, each under its id, and no other.",
        (API_START, "response syntax: excludeCredentials; Web Authentication, 5.4 excludeCredentials");
    LISTED = "credentials.list.registered", Must, Documented,
        "ListWebAuthnCredentials lists each passkey of the user, once.",
        (API_LIST, "description: the currently signed-in user's registered passkeys");
    OWN = "credentials.list.own", Must, Documented,
        "ListWebAuthnCredentials lists no passkey of another user.",
        (API_LIST, "description: the currently signed-in user's registered passkeys");
    LIST_ID = "credentials.list.id", Must, Documented,
        "CredentialId is the credential id in base64url, as the authenticator's answer has it.",
        (API_LIST, "WebAuthnCredentialDescription, CredentialId, and the command line's example");
    LIST_RP = "credentials.list.relying-party", Must, Documented,
        "RelyingPartyId is the relying party that the passkey was registered for.",
        (API_LIST, "WebAuthnCredentialDescription, RelyingPartyId");
    LIST_TYPES = "credentials.list.types", Must, Documented,
        "CredentialId, FriendlyCredentialName and RelyingPartyId are strings.",
        (SERVICE_MODEL, "WebAuthnCredentialDescription");
    LIST_TRANSPORTS = "credentials.list.transports", May, Documented,
        "AuthenticatorTransports is a list of strings; the model requires it, and the command line's example lacks it.",
        (SERVICE_MODEL, "WebAuthnCredentialDescription, AuthenticatorTransports");
    CREATED_AT = "credentials.list.created-at", Must, Documented,
        "CreatedAt is the time of the registration as a number: seconds since 1970.",
        (AWS_JSON, "Protocol timestamp format: epoch-seconds");
    CREATED_AT_FRACTION = "credentials.list.created-at.fraction", May, Documented,
        "CreatedAt has milliseconds.",
        (API_LIST, "the command line's example: 1736293876.115");
    MAX_RESULTS = "credentials.list.max-results", Must, Documented,
        "A page has at most MaxResults passkeys, and a NextToken where there are more.",
        (API_LIST, "MaxResults, NextToken");
    PAGES = "credentials.list.pages", Must, Documented,
        "The pages that NextToken leads to have each passkey once, and an end.",
        (API_LIST, "NextToken");
    MAX_RESULTS_RANGE = "credentials.list.max-results.range", Must, Documented,
        "MaxResults is an integer from 0 to 20.",
        (SERVICE_MODEL, "WebAuthnCredentialsQueryLimitType");
    MAX_RESULTS_ZERO = "credentials.list.max-results.zero", May, Inferred,
        "What a page of no more than 0 passkeys holds is not known.",
        (SERVICE_MODEL, "WebAuthnCredentialsQueryLimitType, min 0");
    NEXT_TOKEN = "credentials.list.next-token", Must, Documented,
        "NextToken is not empty and has no white space.",
        (SERVICE_MODEL, "PaginationKey");
    NEXT_TOKEN_UNKNOWN = "credentials.list.next-token.unknown", Must, Inferred,
        "A NextToken that the service did not give is refused.",
        (API_LIST, "NextToken, InvalidParameterException");
    DELETED = "credentials.delete.gone", Must, Documented,
        "A deleted passkey is gone: from the list, from what Start excludes, and from sign-in.",
        (API_DELETE, "description");
    DELETE_UNKNOWN = "credentials.delete.unknown", Must, Documented,
        "Deleting a passkey that the user does not have is refused.",
        (API_DELETE, "ResourceNotFoundException");
    DELETE_UNKNOWN_CLASS = "credentials.delete.unknown.class", Must, Documented,
        "Deleting a passkey that the user does not have is a ResourceNotFoundException.",
        (API_DELETE, "ResourceNotFoundException");
    DELETE_OWN = "credentials.delete.own", Must, Documented,
        "Nobody deletes another user's passkey.",
        (API_DELETE, "description: a registered passkey of the currently signed-in user");
    INPUT = "credentials.input", Must, Documented,
        "Members of the wrong type, and required ones that are missing, are refused.",
        (SERVICE_MODEL, "ListWebAuthnCredentialsRequest, DeleteWebAuthnCredentialRequest");
    INPUT_CLASS = "credentials.input.class", Must, Inferred,
        "A broken constraint is an InvalidParameterException, a wrong type a SerializationException.",
        (API_LIST, "InvalidParameterException");
}
