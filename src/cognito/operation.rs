//! The operations that the harness calls, with their members and constraints (botocore service model of
//! `cognito-idp`, API version 2016-04-18).

/// One member of an operation's input or output.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// The name on the wire (AWS JSON 1.1 ignores `jsonName`).
    pub name: &'static str,
    /// The Smithy shape.
    pub shape: &'static str,
    /// The JSON type, or `document` for any JSON value.
    pub kind: &'static str,
    /// Whether the model requires it.
    pub required: bool,
    /// Whether the model marks it sensitive, so that its value is never echoed.
    pub sensitive: bool,
    /// The pattern that the whole value must match.
    pub pattern: Option<&'static str>,
}

/// One operation of the service.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name, as in `X-Amz-Target`.
    pub name: &'static str,
    /// Whether it is authorised by an access token in its input instead of an AWS signature (`smithy.api#noAuth`).
    pub no_auth: bool,
    /// The members of its input.
    pub input: &'static [Member],
    /// The members of its output.
    pub output: &'static [Member],
    /// The errors that the model lists for it, in the model's order.
    pub errors: &'static [&'static str],
}

const fn member(name: &'static str, shape: &'static str, kind: &'static str) -> Member {
    Member { name, shape, kind, required: false, sensitive: false, pattern: None }
}

const fn required(member: Member) -> Member {
    Member { required: true, ..member }
}

const ACCESS_TOKEN: Member = Member {
    sensitive: true,
    pattern: Some(super::TOKEN_PATTERN),
    ..required(member("AccessToken", "TokenModelType", "string"))
};

// The model marks it sensitive, yet live messages repeat it (boto3#3581).
const CLIENT_ID: Member = required(member("ClientId", "ClientIdType", "string"));

const SESSION: Member = Member { sensitive: true, ..member("Session", "SessionType", "string") };

/// `StartWebAuthnRegistration`.
pub static START: Operation = Operation {
    name: "StartWebAuthnRegistration",
    no_auth: true,
    input: &[ACCESS_TOKEN],
    output: &[required(member("CredentialCreationOptions", "Document", "document"))],
    errors: &[
        "ForbiddenException",
        "InternalErrorException",
        "InvalidParameterException",
        "LimitExceededException",
        "NotAuthorizedException",
        "TooManyRequestsException",
        "WebAuthnNotEnabledException",
        "PasswordResetRequiredException",
        "WebAuthnConfigurationMissingException",
        "OperationNotEnabledException",
    ],
};

/// `CompleteWebAuthnRegistration`.
pub static COMPLETE: Operation = Operation {
    name: "CompleteWebAuthnRegistration",
    no_auth: true,
    input: &[ACCESS_TOKEN, required(member("Credential", "Document", "document"))],
    output: &[],
    errors: &[
        "ForbiddenException",
        "InternalErrorException",
        "InvalidParameterException",
        "LimitExceededException",
        "NotAuthorizedException",
        "TooManyRequestsException",
        "WebAuthnNotEnabledException",
        "WebAuthnChallengeNotFoundException",
        "WebAuthnRelyingPartyMismatchException",
        "WebAuthnClientMismatchException",
        "WebAuthnOriginNotAllowedException",
        "PasswordResetRequiredException",
        "WebAuthnCredentialNotSupportedException",
        "OperationNotEnabledException",
    ],
};

/// `ListWebAuthnCredentials`.
pub static LIST: Operation = Operation {
    name: "ListWebAuthnCredentials",
    no_auth: true,
    input: &[
        ACCESS_TOKEN,
        member("NextToken", "PaginationKey", "string"),
        member("MaxResults", "WebAuthnCredentialsQueryLimitType", "integer"),
    ],
    output: &[
        required(member("Credentials", "WebAuthnCredentialDescriptionListType", "list")),
        member("NextToken", "PaginationKey", "string"),
    ],
    errors: &[
        "ForbiddenException",
        "InternalErrorException",
        "InvalidParameterException",
        "TooManyRequestsException",
        "LimitExceededException",
        "PasswordResetRequiredException",
        "NotAuthorizedException",
        "OperationNotEnabledException",
    ],
};

/// `DeleteWebAuthnCredential`.
pub static DELETE: Operation = Operation {
    name: "DeleteWebAuthnCredential",
    no_auth: true,
    input: &[ACCESS_TOKEN, required(member("CredentialId", "StringType", "string"))],
    output: &[],
    errors: &[
        "ForbiddenException",
        "InternalErrorException",
        "InvalidParameterException",
        "TooManyRequestsException",
        "LimitExceededException",
        "PasswordResetRequiredException",
        "NotAuthorizedException",
        "ResourceNotFoundException",
        "OperationNotEnabledException",
    ],
};

/// `GetUserAuthFactors`.
pub static FACTORS: Operation = Operation {
    name: "GetUserAuthFactors",
    no_auth: true,
    input: &[ACCESS_TOKEN],
    output: &[
        Member { sensitive: true, ..required(member("Username", "UsernameType", "string")) },
        member("PreferredMfaSetting", "StringType", "string"),
        member("UserMFASettingList", "UserMFASettingListType", "list"),
        member("ConfiguredUserAuthFactors", "ConfiguredUserAuthFactorsListType", "list"),
    ],
    errors: &[
        "ResourceNotFoundException",
        "InvalidParameterException",
        "NotAuthorizedException",
        "TooManyRequestsException",
        "PasswordResetRequiredException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "OperationNotEnabledException",
        "InternalErrorException",
        "ForbiddenException",
    ],
};

/// `InitiateAuth`, of which the flow `USER_AUTH` is judged.
pub static INITIATE_AUTH: Operation = Operation {
    name: "InitiateAuth",
    no_auth: true,
    input: &[
        required(member("AuthFlow", "AuthFlowType", "string")),
        Member { sensitive: true, ..member("AuthParameters", "AuthParametersType", "map") },
        member("ClientMetadata", "ClientMetadataType", "map"),
        CLIENT_ID,
        member("AnalyticsMetadata", "AnalyticsMetadataType", "structure"),
        Member { sensitive: true, ..member("UserContextData", "UserContextDataType", "structure") },
        SESSION,
    ],
    output: &[
        member("ChallengeName", "ChallengeNameType", "string"),
        SESSION,
        member("ChallengeParameters", "ChallengeParametersType", "map"),
        member("AuthenticationResult", "AuthenticationResultType", "structure"),
        member("AvailableChallenges", "AvailableChallengeListType", "list"),
    ],
    errors: &[
        "UnsupportedOperationException",
        "ResourceNotFoundException",
        "InvalidParameterException",
        "NotAuthorizedException",
        "TooManyRequestsException",
        "UnexpectedLambdaException",
        "InvalidUserPoolConfigurationException",
        "UserLambdaValidationException",
        "InvalidLambdaResponseException",
        "PasswordResetRequiredException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "InternalErrorException",
        "InvalidSmsRoleAccessPolicyException",
        "InvalidEmailRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException",
        "OperationNotEnabledException",
        "FeatureUnavailableInTierException",
        "ForbiddenException",
    ],
};

/// `RespondToAuthChallenge`, of which the challenges `WEB_AUTHN` and `SELECT_CHALLENGE` are judged.
pub static RESPOND: Operation = Operation {
    name: "RespondToAuthChallenge",
    no_auth: true,
    input: &[
        CLIENT_ID,
        required(member("ChallengeName", "ChallengeNameType", "string")),
        SESSION,
        Member { sensitive: true, ..member("ChallengeResponses", "ChallengeResponsesType", "map") },
        member("AnalyticsMetadata", "AnalyticsMetadataType", "structure"),
        Member { sensitive: true, ..member("UserContextData", "UserContextDataType", "structure") },
        member("ClientMetadata", "ClientMetadataType", "map"),
    ],
    output: &[
        member("ChallengeName", "ChallengeNameType", "string"),
        SESSION,
        member("ChallengeParameters", "ChallengeParametersType", "map"),
        member("AuthenticationResult", "AuthenticationResultType", "structure"),
        member("AvailableChallenges", "AvailableChallengeListType", "list"),
    ],
    errors: &[
        "ResourceNotFoundException",
        "InvalidParameterException",
        "NotAuthorizedException",
        "CodeMismatchException",
        "ExpiredCodeException",
        "UnexpectedLambdaException",
        "UserLambdaValidationException",
        "InvalidPasswordException",
        "PasswordHistoryPolicyViolationException",
        "InvalidLambdaResponseException",
        "TooManyRequestsException",
        "InvalidUserPoolConfigurationException",
        "MFAMethodNotFoundException",
        "PasswordResetRequiredException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "InvalidSmsRoleAccessPolicyException",
        "InvalidSmsRoleTrustRelationshipException",
        "InvalidEmailRoleAccessPolicyException",
        "AliasExistsException",
        "InternalErrorException",
        "SoftwareTokenMFANotFoundException",
        "ForbiddenException",
        "OperationNotEnabledException",
    ],
};

/// The operations that are judged.
pub static OPERATIONS: &[&Operation] = &[&START, &COMPLETE, &LIST, &DELETE, &FACTORS, &INITIATE_AUTH, &RESPOND];

/// The operation of that name.
#[must_use]
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().copied().find(|operation| operation.name == name)
}
