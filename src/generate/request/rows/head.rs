//! Header fields.

use super::Rows;

/// Names and values of header fields.
pub(crate) type Fields = &'static [(&'static str, &'static str)];

/// Values of `X-Amz-Target` that are not the operation's: `$S` stands for the service shape, `$O` for the operation.
pub(crate) const TARGETS: Rows<&'static str> = &[
    ("empty", "an empty target", ""),
    ("service-only", "a target without an operation", "$S"),
    ("service-and-dot", "a target with an empty operation", "$S."),
    ("operation-only", "a target without a service", "$O"),
    ("dot-and-operation", "a target with an empty service", ".$O"),
    ("other-service", "another service's target", "DynamoDB_20120810.$O"),
    ("identity-service", "the target of the sibling service for identity pools", "AWSCognitoIdentityService.$O"),
    ("service-prefix", "a target whose service has something in front", "x$S.$O"),
    ("service-suffix", "a target whose service has something behind", "$S_20160418.$O"),
    ("operation-suffix", "a target whose operation has something behind", "$S.$Os"),
    ("operation-prefix", "a target whose operation has something in front", "$S.Re$O"),
    ("third-part", "a target with a third part", "$S.$O.v1"),
    ("doubled-dot", "a target with two dots", "$S..$O"),
    ("namespace", "a target with a namespace", "com.amazonaws.cognitoidentityprovider#$S.$O"),
    ("slash", "a target with a slash for the dot", "$S/$O"),
    ("hash", "a target with a hash sign for the dot", "$S#$O"),
    ("percent", "a target with its dot percent-encoded", "$S%2E$O"),
    ("space", "a target with a space in it", "$S. $O"),
    ("tab", "a target with a tab in it", "$S.\t$O"),
    ("quoted", "a target in quotes", "\"$S.$O\""),
    ("lower-case", "a target in lower case", "awscognitoidentityproviderservice.startwebauthnregistration"),
    ("operation-case", "an operation in another case", "$S.StartWebauthnRegistration"),
    ("service-case", "a service in another case", "AwsCognitoIdentityProviderService.$O"),
    ("old-name", "the operation's old name", "$S.GetWebAuthnRegistrationOptions"),
    ("similar-name", "the name of an operation that does not exist", "$S.StartWebAuthnAuthentication"),
    ("not-ascii", "a target with a letter that looks the same", "$S.St\u{430}rtWebAuthnRegistration"),
];

/// The header `X-Amz-Target` twice.
pub(crate) const TWO_TARGETS: Rows<&'static [&'static str]> = &[
    ("two-equal", "the target twice", &["$S.$O", "$S.$O"]),
    ("two-ours-first", "the target, and then another operation's", &["$S.$O", "$S.GetUser"]),
    ("two-ours-last", "another operation's target, and then ours", &["$S.GetUser", "$S.$O"]),
];

/// Content types that do not claim a request for the protocol.
pub(crate) const CONTENT_TYPES: Rows<&'static str> = &[
    ("empty", "an empty content type", ""),
    ("json-1.0", "the content type of AWS JSON 1.0", "application/x-amz-json-1.0"),
    ("json-1.2", "the content type of an AWS JSON that does not exist", "application/x-amz-json-1.2"),
    ("text", "the content type text/plain", "text/plain"),
    ("form", "the content type of a form", "application/x-www-form-urlencoded"),
    ("multipart", "the content type of a multipart form", "multipart/form-data; boundary=x"),
    ("cbor", "the content type of CBOR", "application/cbor"),
    ("no-slash", "a content type without a subtype", "application"),
];

/// Parameters of the content type.
pub(crate) const PARAMETERS: Rows<&'static str> = &[
    ("charset", "the parameter charset=utf-8", "application/x-amz-json-1.1; charset=utf-8"),
    ("charset-quoted", "a quoted parameter without a space in front", "application/x-amz-json-1.1;charset=\"UTF-8\""),
    ("charset-other", "a UTF-8 body whose content type claims UTF-16", "application/x-amz-json-1.1; charset=utf-16"),
    ("unknown", "a parameter that no one knows", "application/x-amz-json-1.1; version=\"1;2\"; x=y"),
];

/// Header fields that the protocol does not ask for.
pub(crate) const IGNORED: Rows<Fields> = &[
    ("cookie", "a cookie", &[("Cookie", "session=1; AccessToken=none")]),
    (
        "browser",
        "the headers of a web page",
        &[
            ("Origin", "https://app.example.com"),
            ("Referer", "https://app.example.com/passkeys"),
            ("Sec-Fetch-Mode", "cors"),
            ("Accept-Language", "de, en;q=0.5"),
        ],
    ),
    (
        "sdk",
        "the headers of an AWS SDK",
        &[
            ("X-Amz-User-Agent", "aws-sdk-js/3.1169.0"),
            ("amz-sdk-invocation-id", "0e0f5a5c-7d0e-4c0c-9b39-5a2f5f0c6a11"),
            ("amz-sdk-request", "attempt=1; max=3"),
            ("User-Agent", "aws-sdk-js/3.1169.0 os/linux lang/js"),
        ],
    ),
    ("query-mode", "the mark of a client that could read query errors", &[("x-amzn-query-mode", "true")]),
    ("trace", "a trace id", &[("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")]),
    ("no-cache", "cache directives", &[("Cache-Control", "no-store"), ("Pragma", "no-cache")]),
    ("forwarded", "the headers of a proxy", &[("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https")]),
    ("method-override", "X-HTTP-Method-Override: DELETE", &[("X-HTTP-Method-Override", "DELETE")]),
    ("range", "a range", &[("Range", "bytes=0-1")]),
    ("identity", "Accept-Encoding: identity", &[("Accept-Encoding", "identity")]),
    ("empty", "an unknown header without a value", &[("X-Unknown", "")]),
    ("request-id", "a request id of the client's own", &[("x-amzn-RequestId", "none")]),
    ("error-type", "the header that names errors in answers", &[("x-amzn-errortype", "NotAuthorizedException")]),
];

/// Header fields of authorization, which the operation does not take.
pub(crate) const AUTHORIZATIONS: Rows<Fields> = &[
    ("bearer-other", "a Bearer header with something else", &[("Authorization", "Bearer none")]),
    ("basic", "a Basic header", &[("Authorization", "Basic bm9uZTpub25l")]),
    (
        "signature",
        "a signature that is none",
        &[
            ("X-Amz-Date", "20230613T200059Z"),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=none/20230613/us-east-1/cognito-idp/aws4_request, \
                 SignedHeaders=host, Signature=0000",
            ),
        ],
    ),
    ("security-token", "a security token that is none", &[("X-Amz-Security-Token", "none")]),
];

/// Methods that call no operation.
pub(crate) const METHODS: &[(&str, &str)] = &[
    ("get", "GET"),
    ("put", "PUT"),
    ("delete", "DELETE"),
    ("options", "OPTIONS"),
    ("patch", "PATCH"),
    ("lower-case", "post"),
    ("unknown", "REGISTER"),
];

/// The target's header value: in `value`, `$S` stands for the service shape and `$O` for the operation.
pub(crate) fn to(value: &str) -> String {
    value.replace("$S", crate::cognito::TARGET_PREFIX).replace("$O", crate::cognito::START.name)
}
