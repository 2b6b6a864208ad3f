//! Faults in how a request is read.

use axum::body::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, TRANSFER_ENCODING};
use http::{HeaderValue, Method, Request, Response, StatusCode, Uri};
use serde_json::{Value, json};

use super::Deviation::{Around, Request as Changed};
use super::Fault;
use super::edit;
use crate::cognito::{self, START, TARGET_PREFIX};

pub(super) static FAULTS: &[Fault] = &[
    Fault::new(
        "request.target.case-insensitive",
        "`X-Amz-Target` is compared without regard to case.",
        &["request.target.lower-case", "request.target.operation-case"],
        Changed(|_, request| {
            if target(request).is_some_and(|value| value.eq_ignore_ascii_case(&ours())) {
                edit::aim_at_start(request);
            }
        }),
    ),
    Fault::new(
        "request.target.prefix-match",
        "A target that only begins with the operation's is taken for it.",
        &["request.target.operation-suffix", "request.target.third-part"],
        Changed(|_, request| {
            if target(request).is_some_and(|value| value.starts_with(&ours())) {
                edit::aim_at_start(request);
            }
        }),
    ),
    Fault::new(
        "request.target.any-service",
        "The operation is found by what stands behind the target's last dot, whatever the service.",
        &["request.target.other-service", "request.target.operation-only"],
        Changed(|_, request| {
            if target(request).is_some_and(|value| value.rsplit('.').next() == Some(START.name)) {
                edit::aim_at_start(request);
            }
        }),
    ),
    Fault::new(
        "request.target.contained",
        "A target that has the operation's name anywhere in it is taken for it.",
        &["request.target.operation-prefix", "request.target.slash", "request.target.hash"],
        Changed(|_, request| {
            if target(request).is_some_and(|value| value.contains(START.name)) {
                edit::aim_at_start(request);
            }
        }),
    ),
    Fault::new(
        "request.target.assumed",
        "A request without a target is taken for the operation.",
        &["request.target.missing"],
        Changed(|_, request| {
            if !request.headers().contains_key("x-amz-target") && request.method() == Method::POST {
                edit::aim_at_start(request);
            }
        }),
    ),
    Fault::new(
        "request.target.from-query",
        "The operation may be named by `Action` in the query.",
        &["request.target.query-protocol"],
        Changed(|_, request| {
            if request.uri().query().is_some_and(|query| query.contains("Action=StartWebAuthnRegistration")) {
                edit::aim_at_start(request);
            }
        }),
    ),
    Fault::new(
        "request.target.unquoted",
        "White space and quotes in a target are dropped.",
        &["request.target.quoted", "request.target.space"],
        Changed(|_, request| {
            if target(request).is_some_and(|value| value.replace(['"', ' ', '\t'], "") == ours()) {
                edit::aim_at_start(request);
            }
        }),
    ),
    Fault::new(
        "request.target.unknown-is-serialization",
        "An unknown target is told as a SerializationException.",
        &["request.target.other-service", "request.target.similar-name"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            edit::rename(&mut response, "UnknownOperationException", "SerializationException");
            response
        }),
    ),
    Fault::new(
        "request.target.unknown-is-served",
        "A target that names no operation is answered with 200 and an empty object.",
        &["request.target.*"],
        Around(|service, _, request| {
            let response = service.serve(request);
            if edit::code(&response).as_deref() == Some("UnknownOperationException") { edit::done() } else { response }
        }),
    ),
    Fault::new(
        "request.method.any",
        "The method is not looked at.",
        &["request.method.put", "request.method.get"],
        Changed(|_, request| {
            if edit::is_start(request) {
                *request.method_mut() = Method::POST;
            }
        }),
    ),
    Fault::new(
        "request.method.override",
        "`X-HTTP-Method-Override` takes the method's place.",
        &["request.method.override"],
        Changed(|_, request| {
            let overrides = request.headers().get("x-http-method-override").cloned();
            if let Some(Ok(method)) = overrides.map(|value| Method::from_bytes(value.as_bytes())) {
                *request.method_mut() = method;
            }
        }),
    ),
    Fault::new(
        "request.path.any",
        "The path is not looked at.",
        &["request.path.other", "request.path.operation"],
        Changed(|_, request| {
            if edit::is_start(request) {
                *request.uri_mut() = Uri::from_static("/");
            }
        }),
    ),
    Fault::new(
        "request.path.absolute-form-refused",
        "A request target in absolute form is taken for a path that does not exist.",
        &["request.path.absolute-form"],
        Around(|service, _, request| {
            if request.uri().scheme().is_some() {
                return edit::refusal("UnknownOperationException", "Not found");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "request.content-type.any",
        "Any content type is taken for AWS JSON.",
        &["request.content-type.text", "request.content-type.missing"],
        Changed(|_, request| {
            if edit::is_start(request) {
                edit::set_content_type(request.headers_mut(), cognito::CONTENT_TYPE);
            }
        }),
    )
    .noted(),
    Fault::new(
        "request.content-type.exact",
        "The content type is compared as a whole text, so that a parameter makes it another.",
        &["request.content-type.parameter.charset"],
        Changed(|_, request| {
            let exact = |value: &HeaderValue| value == cognito::CONTENT_TYPE;
            if edit::is_start(request) && !request.headers().get(CONTENT_TYPE).is_some_and(exact) {
                edit::set_content_type(request.headers_mut(), "text/plain");
            }
        }),
    ),
    Fault::new(
        "request.content-type.case-sensitive",
        "The content type is compared with regard to case.",
        &["request.content-type.case", "request.content-type.parameter.charset-quoted"],
        Changed(|_, request| {
            let lower = |value: &HeaderValue| !value.as_bytes().iter().any(u8::is_ascii_uppercase);
            if edit::is_start(request) && !request.headers().get(CONTENT_TYPE).is_some_and(lower) {
                edit::set_content_type(request.headers_mut(), "text/plain");
            }
        }),
    ),
    Fault::new(
        "request.signature-required",
        "The operation asks for an AWS signature, as those of administrators do.",
        &["request.plain", "options.served"],
        Around(|service, _, request| {
            if edit::is_start(request) && !request.headers().contains_key(AUTHORIZATION) {
                return edit::refusal("MissingAuthenticationTokenException", "Missing Authentication Token");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "request.chunked.refused",
        "A chunked body is answered with 411 Length Required.",
        &["request.chunked.one", "request.chunked.bytes"],
        Around(|service, _, request| {
            if request.headers().contains_key(TRANSFER_ENCODING) {
                let mut response = Response::new(Bytes::new());
                *response.status_mut() = StatusCode::LENGTH_REQUIRED;
                return response;
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "request.size.small",
        "Bodies above 16 KiB are too large.",
        &["request.size.white-space.64-kib", "request.size.unknown-member.64-kib"],
        Around(|service, _, request| {
            if edit::is_start(request) && request.body().len() > 16 * 1024 {
                return edit::refusal("RequestEntityTooLargeException", "Request too large");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "request.size.server-error",
        "A body above 512 KiB ends in an internal error.",
        &["request.size.*"],
        Around(|service, _, request| {
            if edit::is_start(request) && request.body().len() > 512 * 1024 {
                return edit::refusal("InternalErrorException", "Internal error");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "request.json.comments",
        "Comments in JSON are skipped.",
        &["request.json.comment-line", "request.json.comment-block"],
        Changed(|_, request| edit::body_text(request, |text| Some(without_comments(text)))),
    ),
    Fault::new(
        "request.json.trailing-comma",
        "A comma before a closing bracket is skipped.",
        &["request.json.trailing-comma"],
        Changed(|_, request| edit::body_text(request, |text| Some(text.replace(",}", "}").replace(",]", "]")))),
    ),
    Fault::new(
        "request.json.single-quotes",
        "Strings may stand in single quotes.",
        &["request.json.single-quotes"],
        Changed(|_, request| {
            edit::body_text(request, |text| (!text.contains('"')).then(|| text.replace('\'', "\"")));
        }),
    ),
    Fault::new(
        "request.json.text-behind",
        "What stands behind the JSON value is not read.",
        &["request.json.two-documents", "request.json.text-behind"],
        Changed(|_, request| {
            edit::body_text(request, |text| {
                let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
                values.next()?.ok().map(|value| value.to_string())
            });
        }),
    ),
    Fault::new(
        "request.json.cut-is-served",
        "A body that is cut off is completed.",
        &["request.json.cut.object", "request.json.cut.brace"],
        Changed(|_, request| {
            edit::body_text(request, |text| {
                let completed = format!("{text}}}");
                let is_cut = serde_json::from_str::<Value>(text).is_err_and(|error| error.is_eof());
                (is_cut && serde_json::from_str::<Value>(&completed).is_ok()).then_some(completed)
            });
        }),
    ),
    Fault::new(
        "request.json.overlong-utf-8",
        "Overlong sequences of UTF-8 are decoded.",
        &["request.utf-8.overlong", "request.utf-8.overlong-name"],
        Changed(|_, request| edit::body(request, |bytes| Some(without_overlong(bytes)))),
    ),
    Fault::new(
        "request.json.array-by-position",
        "An array is read as the members by their position.",
        &["request.body.array-of-token"],
        Changed(|_, request| {
            edit::body(request, |bytes| {
                let values: Vec<Value> = serde_json::from_slice(bytes).ok()?;
                Some(json!({ "AccessToken": values.first()? }).to_string().into_bytes())
            });
        }),
    ),
    Fault::new(
        "request.json.string-of-json",
        "A string that holds JSON is read as that JSON.",
        &["request.body.string-of-json"],
        Changed(|_, request| {
            edit::body(request, |bytes| Some(serde_json::from_slice::<String>(bytes).ok()?.into_bytes()))
        }),
    ),
    Fault::new(
        "request.json.form",
        "A form is read like JSON.",
        &["request.json.form"],
        Changed(|_, request| {
            edit::body_text(request, |text| {
                Some(json!({ "AccessToken": text.trim().strip_prefix("AccessToken=")? }).to_string())
            });
        }),
    ),
    Fault::new(
        "request.json.escapes-kept",
        "Escaped characters in JSON are not decoded.",
        &["request.json.escapes.name", "request.json.escapes.token"],
        Changed(|_, request| edit::body_text(request, |text| Some(text.replace("\\u", "u")))),
    ),
    Fault::new(
        "request.json.white-space-refused",
        "A body that does not begin with a brace is no JSON.",
        &["request.json.white-space.everywhere"],
        Changed(|_, request| {
            edit::body_text(request, |text| (!text.starts_with('{')).then(|| "none".to_owned()));
        }),
    ),
    Fault::new(
        "request.json.class",
        "A body that cannot be read is told as an InvalidParameterException.",
        &["request.json.cut.*", "request.access-token.type.true"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            edit::rename(&mut response, "SerializationException", "InvalidParameterException");
            response
        }),
    ),
    Fault::new(
        "request.json.server-error",
        "A body that is no JSON ends in an internal error.",
        &["request.json.cut.*", "request.body.empty"],
        Around(|service, _, request| {
            let mut response = service.serve(request);
            edit::rename(&mut response, "SerializationException", "InternalErrorException");
            response
        }),
    ),
    Fault::new(
        "request.json.depth-server-error",
        "A body that is nested deeper than 64 ends in an internal error.",
        &["request.depth.*"],
        Around(|service, _, request| {
            let is_deep = request.body().windows(64).any(|bytes| bytes.iter().all(|byte| *byte == b'['));
            if edit::is_start(request) && is_deep {
                return edit::refusal("InternalErrorException", "maximum recursion depth exceeded");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "request.member-name.case-insensitive",
        "Members are found without regard to case.",
        &["request.member-name.camel-case", "request.member-name.upper-case"],
        Changed(|_, request| {
            edit::members(request, |members| {
                let found = members.iter().find(|(name, _)| name.eq_ignore_ascii_case("AccessToken"));
                if let Some(value) = found.map(|(_, value)| value.clone()) {
                    members.insert("AccessToken".to_owned(), value);
                }
            });
        }),
    ),
    Fault::new(
        "request.member-name.separators-ignored",
        "Members are found in snake and kebab case too.",
        &["request.member-name.snake-case", "request.member-name.kebab-case"],
        Changed(|_, request| {
            edit::members(request, |members| {
                let value = ["access_token", "access-token"].iter().find_map(|name| members.get(*name)).cloned();
                members.extend(value.map(|value| ("AccessToken".to_owned(), value)));
            });
        }),
    ),
    Fault::new(
        "request.member-name.trimmed",
        "White space around a member's name is dropped.",
        &["request.member-name.space-in-front", "request.member-name.space-behind"],
        Changed(|_, request| {
            edit::members(request, |members| {
                let found = members.iter().find(|(name, _)| name.trim() == "AccessToken");
                if let Some(value) = found.map(|(_, value)| value.clone()) {
                    members.insert("AccessToken".to_owned(), value);
                }
            });
        }),
    ),
    Fault::new(
        "request.unknown-member.refused",
        "A member that the operation does not know is refused.",
        &["request.unknown-member.string", "request.unknown-member.null"],
        Around(|service, _, request| {
            let members = serde_json::from_slice::<serde_json::Map<String, Value>>(request.body());
            let is_unknown = members.is_ok_and(|members| members.keys().any(|name| name != "AccessToken"));
            if edit::is_start(request) && is_unknown {
                return edit::refusal("InvalidParameterException", "Unknown parameter in input");
            }
            service.serve(request)
        }),
    ),
    Fault::new(
        "request.member-type.coerced",
        "Numbers and booleans are made strings.",
        &["request.access-token.type.true", "request.access-token.type.integer"],
        Changed(|_, request| {
            edit::members(request, |members| {
                if let Some(value) = members.get_mut("AccessToken").filter(|v| v.is_number() || v.is_boolean()) {
                    *value = value.to_string().into();
                }
            });
        }),
    ),
    Fault::new(
        "request.member-type.array-of-one",
        "An array stands for its first entry.",
        &["request.access-token.type.array"],
        Changed(|_, request| {
            edit::members(request, |members| {
                let first = members.get("AccessToken").and_then(|value| value.get(0)).cloned();
                members.extend(first.map(|value| ("AccessToken".to_owned(), value)));
            });
        }),
    ),
    Fault::new(
        "request.member-type.first-text-inside",
        "An object stands for the first text in it.",
        &["request.access-token.type.typed", "request.access-token.type.object"],
        Changed(|_, request| {
            edit::members(request, |members| {
                let inner = members.get("AccessToken").and_then(Value::as_object);
                let first = inner.and_then(|inner| inner.values().find(|value| value.is_string())).cloned();
                members.extend(first.map(|value| ("AccessToken".to_owned(), value)));
            });
        }),
    ),
    Fault::new(
        "request.access-token.missing-class",
        "A missing token is told as a NotAuthorizedException.",
        &["request.access-token.absent", "request.access-token.null", "errors.cause.invalid-parameter"],
        Changed(|_, request| {
            edit::members(request, |members| {
                if members.get("AccessToken").is_none_or(Value::is_null) {
                    members.insert("AccessToken".to_owned(), "none".into());
                }
            });
        }),
    ),
    Fault::new(
        "request.access-token.empty-not-validated",
        "An empty token skips the validation of the input.",
        &["request.access-token.pattern.empty"],
        Changed(|_, request| edit::token(request, |token| token.is_empty().then(|| "none".to_owned()))),
    ),
    Fault::new(
        "request.access-token.pattern-not-checked",
        "The token's pattern is not checked, so that what is no token is a NotAuthorizedException.",
        &["request.access-token.pattern.*"],
        Changed(|_, request| {
            let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.');
            edit::token(request, |token| (!token.chars().all(allowed)).then(|| "none".to_owned()));
        }),
    ),
    Fault::new(
        "request.access-token.trimmed",
        "White space around the token is dropped.",
        &["token.structure.leading-space", "token.structure.trailing-newline"],
        Changed(|_, request| edit::token(request, |token| Some(token.trim().to_owned()))),
    ),
    Fault::new(
        "request.access-token.bearer-dropped",
        "`Bearer ` in front of the token is dropped.",
        &["token.structure.bearer-prefix"],
        Changed(|_, request| edit::token(request, |token| token.strip_prefix("Bearer ").map(str::to_owned))),
    ),
    Fault::new(
        "request.access-token.unquoted",
        "Quotes around the token are dropped.",
        &["token.structure.quoted"],
        Changed(|_, request| edit::token(request, |token| Some(token.trim_matches('"').to_owned()))),
    ),
    Fault::new(
        "request.access-token.cut-at-nul",
        "The token ends at its first NUL character.",
        &["request.access-token.pattern.nul-behind", "request.access-token.pattern.nul-and-more"],
        Changed(|_, request| edit::token(request, |token| token.split_once('\0').map(|(token, _)| token.to_owned()))),
    ),
    Fault::new(
        "request.access-token.from-header",
        "Without an `AccessToken`, the token is taken from the `Authorization` header.",
        &["request.access-token.in-header"],
        Changed(|_, request| {
            let value = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
            let token = value.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
            default_token(request, token);
        }),
    ),
    Fault::new(
        "request.access-token.from-cookie",
        "Without an `AccessToken`, the token is taken from a cookie.",
        &["request.access-token.in-cookie"],
        Changed(|_, request| {
            let value = request.headers().get(COOKIE).and_then(|value| value.to_str().ok());
            let token = value.and_then(|value| value.split_once('=')).map(|(_, token)| token.to_owned());
            default_token(request, token);
        }),
    ),
    Fault::new(
        "request.access-token.from-query",
        "Without an `AccessToken`, the token is taken from the query.",
        &["request.access-token.in-query"],
        Changed(|_, request| {
            let token = request.uri().query().and_then(|query| query.split_once("AccessToken="));
            let token = token.map(|(_, token)| token.split('&').next().unwrap_or_default().to_owned());
            default_token(request, token);
        }),
    ),
];

fn ours() -> String {
    format!("{TARGET_PREFIX}.{}", START.name)
}

fn target(request: &Request<Bytes>) -> Option<&str> {
    request.headers().get("x-amz-target")?.to_str().ok()
}

/// Puts a token into a body that has none.
fn default_token(request: &mut Request<Bytes>, token: Option<String>) {
    edit::members(request, |members| {
        if let (Some(token), true) = (token, members.get("AccessToken").is_none_or(Value::is_null)) {
            members.insert("AccessToken".to_owned(), token.into());
        }
    });
}

/// The text without `//` and `/* */` outside of strings.
fn without_comments(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        if !in_string && rest.starts_with("//") {
            rest = rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default();
            continue;
        }
        if !in_string && rest.starts_with("/*") {
            rest = rest.split_once("*/").map(|(_, after)| after).unwrap_or_default();
            continue;
        }
        in_string ^= c == '"' && !out.ends_with('\\');
        out.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}

/// The bytes with ASCII in place of its encodings in two and three bytes.
fn without_overlong(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        rest = match rest {
            [lead @ 0xc0..=0xc1, tail @ 0x80..=0xbf, after @ ..] => {
                out.push((lead & 1) << 6 | (tail & 0x3f));
                after
            }
            [0xe0, middle @ 0x80..=0x81, tail @ 0x80..=0xbf, after @ ..] => {
                out.push((middle & 1) << 6 | (tail & 0x3f));
                after
            }
            [byte, after @ ..] => {
                out.push(*byte);
                after
            }
            [] => return out,
        };
    }
}
