//! Rules on errors: their name, status, fault side, envelope and message.

use super::documents::{API_START, AWS_JSON, LIVE, SDK_RETRY, SERVICE_MODEL};

super::rules! {
    // The lists grow: an error that is not on this one yet is no broken promise, as clients read it like any other.
    MODELLED = "error.modelled", Should, Documented,
        "An error is one that the model lists for the operation, or one of the protocol's own.",
        (SERVICE_MODEL, "StartWebAuthnRegistration, errors");
    CODE = "error.code", Must, Documented,
        "An error names its shape in `X-Amzn-Errortype`, `code` or `__type`.",
        (AWS_JSON, "Operation error serialization");
    CODE_AGREES = "error.code.agrees", Must, Documented,
        "Every client that finds a code finds the same one, wherever it looks and however it cuts it.",
        (AWS_JSON, "Operation error serialization: the places of the error shape's name, and how it is cut");
    TYPE_MEMBER = "error.type-member", Should, Documented,
        "The body names the error in `__type`, a string: the one place where every client looks.",
        (AWS_JSON, "Operation error serialization: SHOULD use a body field named __type");
    TYPE_BARE = "error.type-bare", Should, Documented,
        "The code is the bare shape name, without a namespace or a URI.",
        (AWS_JSON, "Operation error serialization: awsJson1_1 servers SHOULD send the shape name only");
    TYPE_HEADER = "error.type-header", May, Recorded,
        "Live Cognito names the error in the header `x-amzn-errortype` too.",
        (LIVE, "response headers of NotAuthorizedException");
    MESSAGE = "error.message", Should, Recorded,
        "A modelled error has a member `message`, in that case, that is a string.",
        (LIVE, "body of NotAuthorizedException");
    STATUS_FAULT = "error.status-fault", Must, Documented,
        "The status is on the error's fault side: 4xx where the client is wrong, 5xx where the service is.",
        (SERVICE_MODEL, "error shapes, fault");
    STATUS = "error.status", May, Recorded,
        "The status is one that AWS documents or that live Cognito was seen to send for the error.",
        (LIVE, "status of error answers");
    RETRYABLE = "error.retryable", Must, Documented,
        "An answer says by its name or status whether the same request may be sent again.",
        (SDK_RETRY, "transient and throttling errors");
    FORBIDDEN = "error.forbidden", Must, Documented,
        "A request that WAF blocks is a ForbiddenException.",
        (API_START, "ForbiddenException");
    INTERNAL = "error.internal", Must, Documented,
        "An internal error is an InternalErrorException with a 5xx status.",
        (API_START, "InternalErrorException");
    INVALID_PARAMETER = "error.invalid-parameter", Must, Documented,
        "An invalid parameter is an InvalidParameterException.",
        (API_START, "InvalidParameterException");
    LIMIT_EXCEEDED = "error.limit-exceeded", Must, Documented,
        "A user over a limit gets a LimitExceededException.",
        (API_START, "LimitExceededException");
    NOT_AUTHORIZED = "error.not-authorized", Must, Documented,
        "A caller who is not authorised gets a NotAuthorizedException.",
        (API_START, "NotAuthorizedException");
    TOO_MANY_REQUESTS = "error.too-many-requests", Must, Documented,
        "Too many requests are a TooManyRequestsException, which a client may retry.",
        (API_START, "TooManyRequestsException");
    NOT_ENABLED = "error.webauthn-not-enabled", Must, Documented,
        "A pool without passkeys answers with WebAuthnNotEnabledException.",
        (API_START, "WebAuthnNotEnabledException");
    CONFIGURATION_MISSING = "error.webauthn-configuration-missing", Must, Documented,
        "A pool without a relying party answers with WebAuthnConfigurationMissingException.",
        (API_START, "WebAuthnConfigurationMissingException");
    PASSWORD_RESET = "error.password-reset-required", Must, Documented,
        "A user who must reset the password gets a PasswordResetRequiredException.",
        (API_START, "PasswordResetRequiredException");
    OPERATION_NOT_ENABLED = "error.operation-not-enabled", Must, Documented,
        "Where the operation is not enabled (secondary replica regions) the answer is an OperationNotEnabledException.",
        (API_START, "OperationNotEnabledException");
}
