//! Headers that the protocol does not ask for: they change nothing.

use super::{Case, Request, Rows};
use crate::cognito::rules::request as rules;

type Fields = &'static [(&'static str, &'static str)];

fn with(token: &str, fields: Fields) -> Request {
    fields.iter().fold(Request::start(token), |request, (name, value)| request.header(name, *value))
}

pub(super) fn cases() -> Vec<Case> {
    const IGNORED: Rows<Fields> = &[
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
    const AUTHORIZATION: Rows<Fields> = &[
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
    let ignored = IGNORED.iter().map(|(id, what, fields)| {
        Case::accepted(format!("request.header.{id}"), format!("ignores {what}"), &rules::HEADERS_IGNORED)
            .sends(|token| with(token, fields))
    });
    let not_ascii =
        Case::accepted("request.header.not-ascii", "ignores bytes beyond ASCII in a header", &rules::HEADERS_IGNORED)
            .sends(|token| Request::start(token).header("X-Unknown", [0xe9, 0xff]));
    let authorization = AUTHORIZATION.iter().map(|(id, what, fields)| {
        Case::observed(format!("request.authorization.{id}"), format!("observes {what}"), &rules::AUTHORIZATION)
            .sends(|token| with(token, fields))
    });
    let bearer = Case::observed(
        "request.authorization.bearer",
        "observes the access token in a Bearer header too",
        &rules::AUTHORIZATION,
    )
    .sends(|token| Request::start(token).header("Authorization", format!("Bearer {token}")));
    let accept = Case::observed("request.header.accept", "observes Accept: text/html", &rules::HTTP_CHOICE)
        .sends(|token| Request::start(token).header("Accept", "text/html").raw());
    ignored.chain([not_ascii]).chain(authorization).chain([bearer, accept]).collect()
}
