//! The errors: those of the service model, those of the protocol's front end, their HTTP status by each source, whose
//! fault they are, and whether a client may retry.

use serde::Serialize;

/// Whose fault an error is (Smithy `error` trait).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fault {
    /// The request was wrong: 4xx.
    Client,
    /// The service was wrong: 5xx.
    Server,
}

/// The HTTP status of an error, by each source; they disagree, so a client may key on nothing finer than 4xx or 5xx.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Statuses {
    /// Smithy's `httpError` trait, or the default of the fault side.
    pub model: u16,
    /// The API reference page.
    pub reference: u16,
    /// Published live answers; `None` where no first-hand one was found.
    pub live: Option<u16>,
}

/// One error of the service model.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ErrorShape {
    /// The shape's name, which is also its code on the wire.
    pub name: &'static str,
    /// Whose fault it is.
    pub fault: Fault,
    /// Whether a client may send the same request again: throttling and server faults.
    pub retryable: bool,
    /// Its HTTP status.
    pub statuses: Statuses,
}

impl ErrorShape {
    /// Whether any source gives this status for the error.
    #[must_use]
    pub fn has_status(&self, status: u16) -> bool {
        let Statuses { model, reference, live } = self.statuses;
        status == model || status == reference || Some(status) == live
    }
}

/// One error of the AWS front end that no service model lists (Cognito API reference, Common Errors).
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct ProtocolError {
    /// Its code on the wire.
    pub name: &'static str,
    /// The status in the Common Errors page, or as seen live.
    pub status: u16,
    /// Whether a client may send the same request again.
    pub retryable: bool,
}

const fn client(name: &'static str, model: u16, live: Option<u16>) -> ErrorShape {
    ErrorShape { name, fault: Fault::Client, retryable: false, statuses: Statuses { model, reference: 400, live } }
}

const fn server(name: &'static str) -> ErrorShape {
    ErrorShape {
        name,
        fault: Fault::Server,
        retryable: true,
        statuses: Statuses { model: 500, reference: 500, live: None },
    }
}

const fn throttling(name: &'static str, model: u16) -> ErrorShape {
    ErrorShape { retryable: true, ..client(name, model, None) }
}

/// Every error shape of the service, by name.
pub static ERRORS: &[ErrorShape] = &[
    client("AccessDeniedException", 400, None),
    client("AliasExistsException", 400, None),
    client("CodeDeliveryFailureException", 400, None),
    client("CodeMismatchException", 400, None),
    client("ConcurrentModificationException", 400, None),
    client("DeviceKeyExistsException", 400, None),
    client("DuplicateProviderException", 400, None),
    client("EnableSoftwareTokenMFAException", 400, None),
    client("ExpiredCodeException", 400, None),
    client("FeatureUnavailableInTierException", 403, None),
    client("ForbiddenException", 403, None),
    client("GroupExistsException", 400, None),
    server("InternalErrorException"),
    server("InternalServerException"),
    client("InvalidEmailRoleAccessPolicyException", 400, None),
    client("InvalidLambdaResponseException", 400, None),
    client("InvalidOAuthFlowException", 400, None),
    client("InvalidParameterException", 400, Some(400)),
    client("InvalidPasswordException", 400, None),
    client("InvalidSmsRoleAccessPolicyException", 400, None),
    client("InvalidSmsRoleTrustRelationshipException", 400, None),
    client("InvalidUserPoolConfigurationException", 400, None),
    client("LimitExceededException", 400, None),
    client("MFAMethodNotFoundException", 400, None),
    client("ManagedLoginBrandingExistsException", 400, None),
    client("NotAuthorizedException", 403, Some(400)),
    client("OperationNotEnabledException", 400, None),
    client("PasswordHistoryPolicyViolationException", 400, None),
    client("PasswordResetRequiredException", 400, None),
    client("PreconditionNotMetException", 400, None),
    client("RefreshTokenReuseException", 400, None),
    client("ResourceNotFoundException", 404, None),
    client("ScopeDoesNotExistException", 400, None),
    client("ServiceQuotaExceededException", 400, None),
    client("SoftwareTokenMFANotFoundException", 400, None),
    client("TermsExistsException", 400, None),
    client("TierChangeNotAllowedException", 400, None),
    client("TooManyFailedAttemptsException", 400, None),
    throttling("TooManyRequestsException", 429),
    client("UnauthorizedException", 401, None),
    client("UnexpectedLambdaException", 400, None),
    client("UnsupportedIdentityProviderException", 400, None),
    client("UnsupportedOperationException", 400, None),
    client("UnsupportedTokenTypeException", 400, None),
    client("UnsupportedUserStateException", 400, None),
    client("UserImportInProgressException", 400, None),
    client("UserLambdaValidationException", 400, None),
    client("UserNotConfirmedException", 400, None),
    client("UserNotFoundException", 404, Some(400)),
    client("UserPoolAddOnNotEnabledException", 400, None),
    client("UserPoolTaggingException", 400, None),
    client("UsernameExistsException", 400, None),
    client("WebAuthnChallengeNotFoundException", 400, None),
    client("WebAuthnClientMismatchException", 400, None),
    client("WebAuthnConfigurationMissingException", 400, None),
    client("WebAuthnCredentialNotSupportedException", 400, None),
    client("WebAuthnNotEnabledException", 400, None),
    client("WebAuthnOriginNotAllowedException", 400, None),
    client("WebAuthnRelyingPartyMismatchException", 400, None),
];

/// The front end's own errors.
pub static PROTOCOL_ERRORS: &[ProtocolError] = &[
    ProtocolError { name: "AccessDenied", status: 403, retryable: false },
    ProtocolError { name: "ExpiredTokenException", status: 403, retryable: false },
    ProtocolError { name: "IncompleteSignature", status: 403, retryable: false },
    ProtocolError { name: "IncompleteSignatureException", status: 403, retryable: false },
    ProtocolError { name: "InternalFailure", status: 500, retryable: true },
    ProtocolError { name: "InvalidAction", status: 400, retryable: false },
    ProtocolError { name: "InvalidClientTokenId", status: 403, retryable: false },
    ProtocolError { name: "InvalidSignatureException", status: 403, retryable: false },
    ProtocolError { name: "MalformedHttpRequestException", status: 400, retryable: false },
    ProtocolError { name: "MissingAction", status: 400, retryable: false },
    ProtocolError { name: "MissingAuthenticationToken", status: 403, retryable: false },
    ProtocolError { name: "MissingAuthenticationTokenException", status: 403, retryable: false },
    ProtocolError { name: "NotAuthorized", status: 401, retryable: false },
    ProtocolError { name: "OptInRequired", status: 403, retryable: false },
    ProtocolError { name: "RequestAbortedException", status: 400, retryable: false },
    ProtocolError { name: "RequestEntityTooLargeException", status: 413, retryable: false },
    ProtocolError { name: "RequestExpired", status: 400, retryable: false },
    ProtocolError { name: "RequestTimeoutException", status: 408, retryable: true },
    ProtocolError { name: "SerializationException", status: 400, retryable: false },
    ProtocolError { name: "ServiceUnavailable", status: 503, retryable: true },
    ProtocolError { name: "ServiceUnavailableException", status: 503, retryable: true },
    ProtocolError { name: "ThrottlingException", status: 400, retryable: true },
    ProtocolError { name: "UnknownOperationException", status: 400, retryable: false },
    ProtocolError { name: "UnrecognizedClientException", status: 403, retryable: false },
    ProtocolError { name: "UnsupportedMediaTypeException", status: 415, retryable: false },
    ProtocolError { name: "ValidationError", status: 400, retryable: false },
    ProtocolError { name: "ValidationException", status: 400, retryable: false },
];

/// The error shape of that name.
#[must_use]
pub fn error(name: &str) -> Option<&'static ErrorShape> {
    ERRORS.iter().find(|error| error.name == name)
}

/// The front end's error of that name.
#[must_use]
pub fn protocol_error(name: &str) -> Option<&'static ProtocolError> {
    PROTOCOL_ERRORS.iter().find(|error| error.name == name)
}
