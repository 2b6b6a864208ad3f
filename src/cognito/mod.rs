//! Amazon Cognito's passkey registration as facts: the operations and their members, the errors, and the rules that an
//! implementation is held to. Nothing here computes a verdict, and nothing here knows the rest of the crate.

mod digest;
mod error;
mod operation;
mod rule;
pub mod rules;

pub use digest::model_digest;
pub use error::{ERRORS, ErrorShape, Fault, PROTOCOL_ERRORS, ProtocolError, Statuses, error, protocol_error};
pub use operation::{
    COMPLETE, DELETE, FACTORS, INITIATE_AUTH, LIST, Member, OPERATIONS, Operation, RESPOND, START, operation,
};
pub use rule::{Document, Evidence, Finding, Level, Rule, Severity, Source};

/// The `X-Amz-Target` prefix: the Smithy service shape's name.
pub const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService";

/// The content type of AWS JSON 1.1.
pub const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// The scope that an access token must carry to act for its user.
pub const SCOPE: &str = "aws.cognito.signin.user.admin";

/// The pattern of `TokenModelType` as live Cognito prints it (un-anchored, yet applied to the whole value).
pub const TOKEN_PATTERN: &str = "[A-Za-z0-9-_=.]+";

/// Passkeys that one user may have ("Passkey/WebAuthn authenticators per user", not adjustable).
pub const PASSKEYS_PER_USER: usize = 20;
