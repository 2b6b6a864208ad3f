//! The operations that the harness calls, with their members and constraints (botocore service model of
//! `cognito-idp`, API version 2016-04-18).

/// One member of an operation's input or output.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// The name on the wire (AWS JSON 1.1 ignores `jsonName`).
    pub name: &'static str,
    /// The Smithy shape.
    pub shape: &'static str,
    /// The JSON type: `string`, or `document` for any JSON value.
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

/// `StartWebAuthnRegistration`.
pub static START: Operation = Operation {
    name: "StartWebAuthnRegistration",
    no_auth: true,
    input: &[Member {
        name: "AccessToken",
        shape: "TokenModelType",
        kind: "string",
        required: true,
        sensitive: true,
        pattern: Some(super::TOKEN_PATTERN),
    }],
    output: &[Member {
        name: "CredentialCreationOptions",
        shape: "Document",
        kind: "document",
        required: true,
        sensitive: false,
        pattern: None,
    }],
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

/// The operations that are judged.
pub static OPERATIONS: &[&Operation] = &[&START];

/// The operation of that name.
#[must_use]
pub fn operation(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().copied().find(|operation| operation.name == name)
}
