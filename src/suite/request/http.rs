//! Method, request target, version, host, and the syntax of header fields.

use super::{Case, Ctx, Request};
use crate::cognito::rules::request as rules;
use crate::generate::request::rows::framing::{BROKEN_FIELDS, BROKEN_TARGETS, ODD_FIELDS, WHITE_SPACE};
use crate::generate::request::rows::head::METHODS;

const HOST: &str = "Host: {host}";
const CONTENT_TYPE: &str = "Content-Type: application/x-amz-json-1.1";
const TARGET: &str = "X-Amz-Target: AWSCognitoIdentityProviderService.StartWebAuthnRegistration";
const POST: &str = "POST / HTTP/1.1";

/// A valid input on a socket, under this request line and these header lines; a correct `Content-Length` is added.
fn on_socket(line: &str, headers: &[&str], token: &str) -> Request {
    let request = Request::start(token);
    let length = format!("Content-Length: {}", request.body.len());
    let head: Vec<&str> = [&[line], headers, &[&length, "", ""]].concat();
    let bytes = [head.join("\r\n").as_bytes(), &request.body].concat();
    request.raw_bytes(bytes)
}

pub(super) fn cases() -> Vec<Case> {
    [methods(), paths(), versions(), hosts(), lines(), fields(), many_fields()].concat()
}

fn methods() -> Vec<Case> {
    let refused = METHODS.iter().map(|(id, method)| {
        Case::refused(format!("request.method.{id}"), format!("refuses the method {method}"), &rules::METHOD)
            .may_close()
            .sends(|token| Request::start(token).method(method))
    });
    let overridden =
        Case::refused("request.method.override", "refuses GET with X-HTTP-Method-Override: POST", &rules::METHOD)
            .may_close()
            .sends(|token| Request::start(token).method("GET").header("X-HTTP-Method-Override", "POST"));
    refused.chain([overridden]).collect()
}

fn paths() -> Vec<Case> {
    let refused = [
        ("other", "/x", &rules::PATH),
        ("operation", "/StartWebAuthnRegistration", &rules::PATH),
        ("asterisk", "*", &rules::HTTP_GRAMMAR),
        ("without-slash", "x", &rules::HTTP_GRAMMAR),
    ]
    .into_iter()
    .map(|(id, path, rule)| {
        Case::refused(format!("request.path.{id}"), format!("refuses the request target `{path}`"), rule)
            .may_close()
            .sends(|token| Request::start(token).path(path).raw())
    });
    let observed = [("double-slash", "//"), ("query", "/?x=1")].into_iter().map(|(id, path)| {
        let title = format!("observes the request target `{path}`");
        Case::observed(format!("request.path.{id}"), title, &rules::HTTP_CHOICE)
            .sends(|token| Request::start(token).path(path).raw())
    });
    let absolute =
        Case::accepted("request.path.absolute-form", "serves a request target in absolute form", &rules::ABSOLUTE_FORM)
            .made(|ctx: Ctx| async move {
                let endpoint = ctx.fixtures().target().transport.endpoint().to_string();
                Ok(Request::start(&ctx.user().await?.tokens.access).path(&format!("{endpoint}/")).raw())
            });
    refused.chain(observed).chain([absolute]).collect()
}

fn versions() -> Vec<Case> {
    let headers = &[HOST, CONTENT_TYPE, TARGET];
    let refused = [
        ("0.9", "POST /", &rules::HTTP_GRAMMAR),
        ("2.0", "POST / HTTP/2.0", &rules::HTTP_VERSION),
        ("lower-case", "POST / http/1.1", &rules::HTTP_GRAMMAR),
    ]
    .into_iter()
    .map(|(id, line, rule)| {
        Case::refused(format!("request.version.{id}"), format!("refuses the request line `{line}`"), rule)
            .may_close()
            .sends(move |token| on_socket(line, headers, token))
    });
    let accepted = Case::accepted("request.version.1.0", "serves HTTP/1.0", &rules::HTTP_VERSION)
        .sends(|token| on_socket("POST / HTTP/1.0", headers, token));
    refused.chain([accepted]).collect()
}

fn hosts() -> Vec<Case> {
    const TWO: &[&str] = &[HOST, "Host: cognito-idp.us-east-1.amazonaws.com", CONTENT_TYPE, TARGET];
    const BROKEN: &[&str] = &["Host: a b/c", CONTENT_TYPE, TARGET];
    let refused = [
        ("missing", "refuses HTTP/1.1 without a Host header", &[CONTENT_TYPE, TARGET][..]),
        ("two", "refuses two Host headers", TWO),
        ("invalid", "refuses a Host header whose value cannot be a host", BROKEN),
    ]
    .into_iter()
    .map(|(id, title, headers)| {
        Case::refused(format!("request.host.{id}"), title, &rules::HOST)
            .may_close()
            .sends(|token| on_socket(POST, headers, token))
    });
    let other = Case::observed("request.host.other", "observes a Host that is not the server's", &rules::HTTP_CHOICE)
        .sends(|token| on_socket(POST, &["Host: passkeys.example.org", CONTENT_TYPE, TARGET], token));
    refused.chain([other]).collect()
}

fn lines() -> Vec<Case> {
    vec![
        Case::accepted(
            "request.plain",
            "serves a request with nothing but the required headers, without a signature",
            &rules::NO_SIGNATURE,
        )
        .sends(|token| on_socket(POST, &[HOST, CONTENT_TYPE, TARGET], token)),
        Case::accepted("request.accepted", "serves a signed-in user's access token", &rules::ACCEPTED)
            .sends(Request::start),
        Case::accepted("request.lines.leading", "serves a request after an empty line", &rules::LEADING_LINE)
            .sends(|token| on_socket("\r\nPOST / HTTP/1.1", &[HOST, CONTENT_TYPE, TARGET], token)),
        Case::accepted("request.expect", "serves a request with Expect: 100-continue", &rules::EXPECT)
            .sends(|token| Request::start(token).header("Expect", "100-continue")),
        Case::observed("request.lines.bare-lf", "observes lines that end in LF alone", &rules::HTTP_CHOICE).sends(
            |token| {
                let request = Request::start(token);
                let length = format!("Content-Length: {}", request.body.len());
                let head = [POST, HOST, CONTENT_TYPE, TARGET, &length, "", ""].join("\n");
                let bytes = [head.as_bytes(), &request.body].concat();
                request.raw_bytes(bytes)
            },
        ),
    ]
}

fn fields() -> Vec<Case> {
    const SERVICE: &str = crate::cognito::TARGET_PREFIX;
    let accepted = WHITE_SPACE.iter().map(|(id, what, line)| {
        let line = line.replace("$S", SERVICE);
        Case::accepted(format!("request.field.white-space.{id}"), format!("serves {what}"), &rules::HEADER_WHITE_SPACE)
            .sends(move |token| on_socket(POST, &[HOST, CONTENT_TYPE, &line], token))
    });
    let refused = BROKEN_FIELDS.iter().map(|(id, what, lines, rule)| {
        Case::refused(format!("request.field.{id}"), format!("refuses {what}"), rule)
            .may_close()
            .witness(|token| on_socket(POST, &[HOST, CONTENT_TYPE, TARGET, "X-Unknown: 1"], token))
            .sends(|token| on_socket(POST, &[&[HOST, CONTENT_TYPE, TARGET], *lines].concat(), token))
    });
    let in_target = BROKEN_TARGETS.iter().map(|(id, what, target)| {
        let line = format!("X-Amz-Target: {}", target.replace("$S", SERVICE));
        Case::refused(format!("request.field.{id}"), format!("refuses {what}"), &rules::TARGET)
            .may_close()
            .sends(move |token| on_socket(POST, &[HOST, CONTENT_TYPE, &line], token))
    });
    let observed = ODD_FIELDS.iter().map(|(id, what, line)| {
        Case::observed(format!("request.field.{id}"), format!("observes {what}"), &rules::HTTP_CHOICE)
            .sends(|token| on_socket(POST, &[HOST, CONTENT_TYPE, TARGET, line], token))
    });
    let case = Case::accepted("request.field.name-case", "serves header names in any case", &rules::HEADER_CASE).sends(
        |token| {
            let (kind, target) = (CONTENT_TYPE.replace("Content-Type", "CONTENT-type"), TARGET.to_ascii_uppercase());
            let value = TARGET.split_once(": ").map_or("", |(_, value)| value);
            let target = format!("{}: {value}", target.split(':').next().unwrap_or_default());
            on_socket(POST, &["hOST: {host}", &kind, &target], token)
        },
    );
    accepted.chain(refused).chain(in_target).chain(observed).chain([case]).collect()
}

fn many_fields() -> Vec<Case> {
    vec![
        super::survived("request.field.large", "survives a header of 64 KiB", &rules::HTTP_CHOICE, true, |token| {
            Request::start(token).header("X-Unknown", vec![b'a'; 64 * 1024])
        }),
        super::survived("request.field.many", "survives 200 headers", &rules::HTTP_CHOICE, true, |token| {
            (0..200).fold(Request::start(token), |request, n| request.header(&format!("X-Unknown-{n}"), "a".repeat(16)))
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Framing;

    #[test]
    fn a_request_on_a_socket_is_what_its_parts_say() {
        let request = on_socket("POST / HTTP/1.0", &[HOST, "X-Unknown : 1"], "t");
        let expected =
            "POST / HTTP/1.0\r\nHost: {host}\r\nX-Unknown : 1\r\nContent-Length: 19\r\n\r\n{\"AccessToken\":\"t\"}";
        assert_eq!(request.framing, Framing::Raw(expected.into()));
    }
}
