//! The rules, one file a group. Each file declares its rules with `rules!`, which makes one static a rule and a list of
//! them all.

pub mod ceremony;
pub mod client;
pub mod cognito_options;
pub mod credentials;
pub mod errors;
pub mod options;
pub mod request;
pub mod response;
pub mod sign_in;
pub mod state;
pub mod token;

use super::Rule;

/// Declares rules: one public static each, and `ALL`, the list of them.
macro_rules! rules {
    ($($name:ident = $id:literal, $level:ident, $evidence:ident, $statement:literal, ($document:expr, $section:literal);)*) => {
        $(
            #[doc = $statement]
            pub static $name: crate::cognito::Rule = crate::cognito::Rule {
                id: $id,
                level: crate::cognito::Level::$level,
                evidence: crate::cognito::Evidence::$evidence,
                statement: $statement,
                source: crate::cognito::Source { document: &$document, section: $section },
                path: concat!(module_path!(), "::", stringify!($name)),
            };
        )*
        /// The rules of this group.
        pub static ALL: &[&crate::cognito::Rule] = &[$(&$name),*];
    };
}
pub(crate) use rules;

/// Every rule, in the order of the groups.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        request::ALL,
        token::ALL,
        state::ALL,
        options::ALL,
        cognito_options::ALL,
        ceremony::ALL,
        credentials::ALL,
        sign_in::ALL,
        errors::ALL,
        response::ALL,
        client::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule of that id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

/// The documents that rules come from.
pub mod documents {
    use crate::cognito::Document;

    /// The API reference page of the operation.
    pub static API_START: Document = Document {
        title: "Amazon Cognito API reference, StartWebAuthnRegistration",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html",
    };
    /// The API reference page of `CompleteWebAuthnRegistration`.
    pub static API_COMPLETE: Document = Document {
        title: "Amazon Cognito API reference, CompleteWebAuthnRegistration",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html",
    };
    /// The API reference page of `ListWebAuthnCredentials`.
    pub static API_LIST: Document = Document {
        title: "Amazon Cognito API reference, ListWebAuthnCredentials",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html",
    };
    /// The API reference page of `DeleteWebAuthnCredential`.
    pub static API_DELETE: Document = Document {
        title: "Amazon Cognito API reference, DeleteWebAuthnCredential",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteWebAuthnCredential.html",
    };
    /// The API reference page of `GetUserAuthFactors`.
    pub static API_FACTORS: Document = Document {
        title: "Amazon Cognito API reference, GetUserAuthFactors",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html",
    };
    /// The API reference page of `InitiateAuth`.
    pub static API_INITIATE_AUTH: Document = Document {
        title: "Amazon Cognito API reference, InitiateAuth",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html",
    };
    /// The API reference page of `RespondToAuthChallenge`.
    pub static API_RESPOND: Document = Document {
        title: "Amazon Cognito API reference, RespondToAuthChallenge",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html",
    };
    /// The API reference page of `GlobalSignOut`.
    pub static API_GLOBAL_SIGN_OUT: Document = Document {
        title: "Amazon Cognito API reference, GlobalSignOut",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html",
    };
    /// The API reference page of errors common to all operations.
    pub static API_COMMON_ERRORS: Document = Document {
        title: "Amazon Cognito API reference, Common Errors",
        url: "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/CommonErrors.html",
    };
    /// The developer guide on passkeys.
    pub static GUIDE_PASSKEYS: Document = Document {
        title: "Amazon Cognito developer guide, Authentication flows",
        url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow-methods.html",
    };
    /// The developer guide on access tokens.
    pub static GUIDE_ACCESS_TOKEN: Document = Document {
        title: "Amazon Cognito developer guide, Understanding the access token",
        url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html",
    };
    /// The developer guide on verifying tokens.
    pub static GUIDE_VERIFY_TOKEN: Document = Document {
        title: "Amazon Cognito developer guide, Verifying JSON web tokens",
        url: "https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html",
    };
    /// The developer guide on revocation.
    pub static GUIDE_REVOCATION: Document = Document {
        title: "Amazon Cognito developer guide, Ending user sessions with token revocation",
        url: "https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html",
    };
    /// The developer guide on quotas.
    pub static GUIDE_QUOTAS: Document = Document {
        title: "Amazon Cognito developer guide, Quotas",
        url: "https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html",
    };
    /// The service model.
    pub static SERVICE_MODEL: Document = Document {
        title: "Amazon Cognito service model, cognito-idp 2016-04-18",
        url: "https://github.com/boto/botocore/tree/develop/botocore/data/cognito-idp/2016-04-18",
    };
    /// The protocol.
    pub static AWS_JSON: Document = Document {
        title: "Smithy, AWS JSON 1.1 protocol",
        url: "https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html",
    };
    /// The malformed-request tests that Smithy has for its JSON protocols.
    pub static SMITHY_MALFORMED: Document = Document {
        title: "Smithy, malformed request tests of restJson1",
        url: "https://github.com/smithy-lang/smithy/tree/main/smithy-aws-protocol-tests",
    };
    /// Published live answers of Cognito, collected from issue threads and recorded tests.
    pub static LIVE: Document = Document {
        title: "Published live answers of Amazon Cognito",
        url: "https://github.com/aws-amplify/amplify-js/issues",
    };
    /// Published measurements of a sibling service with the same AWS JSON 1.1 front end (Amazon Athena).
    pub static LIVE_SIBLING: Document = Document {
        title: "Published measurements of the AWS JSON 1.1 front end (Amazon Athena)",
        url: "https://docs.aws.amazon.com/athena/latest/APIReference/Welcome.html",
    };
    /// Smithy's documents.
    pub static SMITHY_DOCUMENT: Document =
        Document { title: "Smithy, simple types", url: "https://smithy.io/2.0/spec/simple-types.html#document" };
    /// The contract between cogspec and an adapter.
    pub static ADAPTER_PROTOCOL: Document =
        Document { title: "cogspec, adapter protocol 1", url: "https://docs.rs/cogspec/latest/cogspec/adapter/" };
    /// How AWS SDKs retry.
    pub static SDK_RETRY: Document = Document {
        title: "AWS SDKs and Tools reference guide, Retry behavior",
        url: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html",
    };
    /// WebAuthn.
    pub static WEBAUTHN: Document =
        Document { title: "W3C Web Authentication Level 3", url: "https://www.w3.org/TR/webauthn-3/" };
    /// Web IDL.
    pub static WEBIDL: Document = Document { title: "WHATWG Web IDL", url: "https://webidl.spec.whatwg.org/" };
    /// URL.
    pub static URL: Document = Document { title: "WHATWG URL", url: "https://url.spec.whatwg.org/" };
    /// CTAP.
    pub static CTAP: Document = Document {
        title: "FIDO CTAP 2.2",
        url: "https://fidoalliance.org/specs/fido-v2.2-ps-20250714/fido-client-to-authenticator-protocol-v2.2-ps-20250714.html",
    };
    /// HTML.
    pub static HTML: Document = Document { title: "WHATWG HTML", url: "https://html.spec.whatwg.org/" };
    /// What two shipping browsers do with a document, measured with their virtual authenticators.
    pub static BROWSERS: Document = Document {
        title: "Chromium 156 and Firefox 153, measured",
        url: "https://www.w3.org/TR/webauthn-3/#sctn-automation",
    };
    /// The registry of COSE algorithms.
    pub static IANA_COSE: Document =
        Document { title: "IANA COSE Algorithms", url: "https://www.iana.org/assignments/cose/cose.xhtml#algorithms" };
    /// The registries of attestation statement formats and extension identifiers.
    pub static IANA_WEBAUTHN: Document =
        Document { title: "IANA WebAuthn registries", url: "https://www.iana.org/assignments/webauthn/webauthn.xhtml" };
    /// AWS's JavaScript client.
    pub static AMPLIFY_JS: Document =
        Document { title: "aws-amplify/amplify-js", url: "https://github.com/aws-amplify/amplify-js" };
    /// AWS's Swift client.
    pub static AMPLIFY_SWIFT: Document =
        Document { title: "aws-amplify/amplify-swift", url: "https://github.com/aws-amplify/amplify-swift" };
    /// JSON.
    pub static RFC8259: Document =
        Document { title: "RFC 8259 (JSON)", url: "https://www.rfc-editor.org/rfc/rfc8259.html" };
    /// Base64.
    pub static RFC4648: Document =
        Document { title: "RFC 4648 (Base-N encodings)", url: "https://www.rfc-editor.org/rfc/rfc4648.html" };
    /// JSON Web Token.
    pub static RFC7519: Document =
        Document { title: "RFC 7519 (JSON Web Token)", url: "https://www.rfc-editor.org/rfc/rfc7519.html" };
    /// JSON Web Signature.
    pub static RFC7515: Document =
        Document { title: "RFC 7515 (JSON Web Signature)", url: "https://www.rfc-editor.org/rfc/rfc7515.html" };
    /// JWT best practices.
    pub static RFC8725: Document = Document {
        title: "RFC 8725 (JSON Web Token Best Current Practices)",
        url: "https://www.rfc-editor.org/rfc/rfc8725.html",
    };
    /// COSE algorithms for WebAuthn.
    pub static RFC8812: Document =
        Document { title: "RFC 8812 (COSE and JOSE for WebAuthn)", url: "https://www.rfc-editor.org/rfc/rfc8812.html" };
    /// CBOR.
    pub static RFC8949: Document =
        Document { title: "RFC 8949 (CBOR)", url: "https://www.rfc-editor.org/rfc/rfc8949.html" };
    /// COSE algorithms and key types.
    pub static RFC9053: Document =
        Document { title: "RFC 9053 (COSE: Initial Algorithms)", url: "https://www.rfc-editor.org/rfc/rfc9053.html" };
    /// UTF-8.
    pub static RFC3629: Document =
        Document { title: "RFC 3629 (UTF-8)", url: "https://www.rfc-editor.org/rfc/rfc3629.html" };
    /// HTTP semantics.
    pub static RFC9110: Document =
        Document { title: "RFC 9110 (HTTP Semantics)", url: "https://www.rfc-editor.org/rfc/rfc9110.html" };
    /// HTTP/1.1.
    pub static RFC9112: Document =
        Document { title: "RFC 9112 (HTTP/1.1)", url: "https://www.rfc-editor.org/rfc/rfc9112.html" };
}
