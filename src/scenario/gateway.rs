//! Answers that are not the service's own, or not in its form: protocol errors, pages of what stands in between, redirects,
//! content types.

use serde_json::Value;

use super::build::{output, refused, served, slug};
use super::{Demand, Outcome, Reply, Scenario, What};
use crate::cognito::PROTOCOL_ERRORS;
use crate::cognito::rules::client as rules;
use crate::generate::options::Base;

pub(super) fn scenarios() -> Vec<Scenario> {
    [protocol_errors(), pages(), not_json(), redirects(), successes(), content_types()].concat()
}

fn options() -> &'static Value {
    Base::Cognito.document()
}

/// The front end's own errors, of which no model of an operation tells.
fn protocol_errors() -> Vec<Scenario> {
    let mut all: Vec<Scenario> = PROTOCOL_ERRORS
        .iter()
        .map(|error| {
            let reply = refused(error.status, error.name, "cogspec says no.");
            let id = format!("gateway.protocol.{}", slug_of(error.name));
            let title = format!("The front end refuses the request: {}.", error.name);
            let scenario = Scenario::error(id, title, reply, error.name).message("cogspec says no.");
            scenario.demand(Demand::new(&rules::RETRYABLE, What::Retryable(error.retryable)))
        })
        .collect();
    // As live answers have been seen: without a message, and in the form of an older protocol.
    let bare = Reply::new(400, r#"{"__type":"SerializationException"}"#);
    let title = "A SerializationException has no message.";
    all.push(Scenario::error("gateway.protocol.no-message", title, bare, "SerializationException"));
    let wrapped = Reply::new(
        404,
        r#"{"Output":{"__type":"com.amazon.coral.service#UnknownOperationException"},"Version":"1.0"}"#,
    );
    let title = "The front end answers in the form of an older protocol.";
    all.push(Scenario::no_success("gateway.protocol.wrapped", title, wrapped, &rules::FAILURE));
    all
}

/// Names that differ only in their suffix have ids that do.
fn slug_of(name: &str) -> String {
    let is_short = PROTOCOL_ERRORS.iter().any(|other| name.strip_suffix("Exception") == Some(other.name));
    if is_short { format!("{}-exception", slug(name)) } else { slug(name) }
}

/// What load balancers, firewalls, proxies and captive portals answer.
fn pages() -> Vec<Scenario> {
    let html = |status: u16, title: &str| {
        let page = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
        );
        Reply::new(status, page).content_type("text/html")
    };
    let mut all = Vec::new();
    for (status, title) in [
        (200, "Welcome to the guest network"),
        (403, "403 Forbidden"),
        (404, "404 Not Found"),
        (407, "407 Proxy Authentication Required"),
        (413, "413 Request Entity Too Large"),
        (429, "429 Too Many Requests"),
        (500, "500 Internal Server Error"),
        (502, "502 Bad Gateway"),
        (503, "503 Service Temporarily Unavailable"),
        (504, "504 Gateway Time-out"),
    ] {
        let id = format!("gateway.page.{status}");
        let told = format!("Something in between answers with a page of its own, {status}.");
        all.push(Scenario::no_success(id, told, html(status, title), &rules::FAILURE).without_request_id());
    }
    let doctype =
        Reply::new(503, "<!DOCTYPE html>\n<title>Sorry</title>\n<p>Come back later.").content_type("text/html");
    let rows = [
        ("doctype", "A page begins with its document type.", doctype),
        (
            "json-type",
            "A page has the content type of the protocol.",
            html(403, "403 Forbidden").content_type("application/x-amz-json-1.1"),
        ),
        (
            "xml",
            "The answer is the XML of another protocol.",
            Reply::new(400, "<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>")
                .content_type("text/xml"),
        ),
        ("text", "The answer is plain text.", Reply::new(503, "upstream connect error or disconnect/reset before headers").content_type("text/plain")),
        (
            "api-gateway",
            "The answer is one of API Gateway.",
            Reply::new(403, r#"{"message":"Forbidden"}"#).content_type("application/json"),
        ),
        (
            "api-gateway-token",
            "API Gateway says that a token is missing.",
            Reply::new(403, r#"{"message":"Missing Authentication Token"}"#).content_type("application/json"),
        ),
        ("problem", "The answer is a problem document (RFC 9457).", Reply::new(403, r#"{"type":"about:blank","title":"Forbidden","status":403}"#).content_type("application/problem+json")),
        ("cbor", "The answer is CBOR.", Reply::new(400, b"\xa1\x66__type\x76NotAuthorizedException".to_vec()).content_type("application/cbor")),
    ];
    for (what, title, reply) in rows {
        let scenario = Scenario::no_success(format!("gateway.page.{what}"), title, reply, &rules::FAILURE);
        all.push(scenario.without_request_id());
    }
    let waf = Reply::new(403, r#"{"__type":"ForbiddenException","message":"Request not allowed due to WAF block."}"#)
        .header("x-amzn-ErrorType", "ForbiddenException:");
    let title = "WAF blocks the request.";
    all.push(
        Scenario::error("gateway.waf", title, waf, "ForbiddenException")
            .message("Request not allowed due to WAF block."),
    );
    all
}

/// Bodies that are no JSON object, under a status of an error and under that of a success.
fn not_json() -> Vec<Scenario> {
    let rows: [(&str, &[u8]); 15] = [
        ("empty", b""),
        ("blank", b" \r\n"),
        ("null", b"null"),
        ("true", b"true"),
        ("number", b"17"),
        ("string", br#""NotAuthorizedException""#),
        ("array", br#"[{"__type":"NotAuthorizedException","message":"m"}]"#),
        ("text", b"Internal Server Error"),
        ("quotes", b"{'__type':'NotAuthorizedException'}"),
        ("cut", br#"{"__type":"NotAuthorizedException","mess"#),
        ("not-utf-8", b"{\"message\":\"\xff\xfe\"}"),
        ("utf-16", b"\xff\xfe{\0\"\0a\0\"\0:\x001\0}\0"),
        ("nul", b"\0\0\0\0"),
        ("infinity", br#"{"a":Infinity}"#),
        ("brace", b"{"),
    ];
    let mut all = Vec::new();
    for (what, body) in rows {
        for status in [400, 500, 200] {
            let id = format!("gateway.body.{what}.{status}");
            let title = format!("The body is {}, and the status {status}.", body.escape_ascii());
            let reply = Reply::new(status, body);
            // The model requires an output, but says that clients should get along without: an empty one is no failure to all.
            let is_open = status == 200 && matches!(what, "empty" | "blank" | "null" | "infinity" | "not-utf-8");
            all.push(if is_open {
                Scenario::observed(id, title, reply, Vec::new())
            } else {
                Scenario::no_success(id, title, reply, &rules::FAILURE).without_options()
            });
        }
    }
    // RFC 8259, 9: a parser may accept extensions, so that these may be read.
    let own = Base::Cognito.text();
    for (what, words, body) in [
        ("bom", "begins with a byte order mark", format!("\u{feff}{}", output(own))),
        ("trailing-comma", "has a comma too many", output(own).replacen("}}", "},}", 1)),
        ("comment", "has a comment", output(own).replacen('{', "{/* cogspec */", 1)),
        ("trailing", "is followed by more", output(own) + "x"),
        ("twice", "is followed by another", output(own) + "{}"),
    ] {
        let id = format!("gateway.body.{what}");
        all.push(Scenario::observed(
            id,
            format!("The output {words}."),
            Reply::new(200, body),
            vec![options().clone()],
        ));
    }
    all
}

/// Redirects, which no operation has.
fn redirects() -> Vec<Scenario> {
    let mut all = Vec::new();
    for status in [301, 302, 303, 307, 308] {
        let moved = |location: &str| Reply::new(status, "").header("Location", location);
        // To the same place, so that what a client sends again is seen; then there would be options.
        let scenario = Scenario::observed(
            format!("gateway.redirect.{status}"),
            format!("The answer is a redirect with the status {status}, to `/elsewhere` on the same server."),
            moved("/elsewhere"),
            vec![options().clone()],
        );
        all.push(Scenario { replies: [scenario.replies, vec![served()]].concat(), ..scenario });
    }
    let endless = Reply::new(307, "").header("Location", "/");
    let title = "The answer is always a redirect, to where the request went.";
    let scenario = Scenario::new("gateway.redirect.endless", title, vec![endless]);
    let scenario = scenario.ends(&rules::FAILURE, &[Outcome::Error, Outcome::Failure]);
    // Browsers follow twenty of them, by the Fetch standard, in each of five tries.
    let mut demands = scenario.demands;
    demands.retain(|demand| !matches!(demand.what, What::AtMost(_)));
    demands.push(Demand::new(&rules::RETRY_LIMIT, What::AtMost(105)));
    all.push(Scenario { demands, ..scenario });
    let nowhere = Reply::new(302, "").header("Location", "http://cogspec.invalid/");
    let title = "The answer is a redirect to a host that there is not.";
    all.push(Scenario::no_success("gateway.redirect.nowhere", title, nowhere, &rules::FAILURE));
    all
}

/// Successes that lack something, or have it elsewhere.
fn successes() -> Vec<Scenario> {
    let own = Base::Cognito.text();
    let mut all = Vec::new();
    for (what, words, body) in [
        ("none", "The output has no options.", "{}".to_owned()),
        ("null", "The options are null.", output("null")),
        (
            "lower-case",
            "The options are in `credentialCreationOptions`.",
            format!(r#"{{"credentialCreationOptions":{own}}}"#),
        ),
        ("wrapped", "The output is in a member of the body.", format!(r#"{{"Output":{}}}"#, output(own))),
        ("bare", "The body is the options themselves.", own.to_owned()),
    ] {
        // Smithy lets a client fill in what a server has left out, so that it need not fail.
        all.push(Scenario::observed(format!("gateway.output.{what}"), words, Reply::new(200, body), Vec::new()));
    }
    for status in [201, 202, 203, 206, 299] {
        let reply = Reply { status, ..served() };
        let title = format!("The output comes with the status {status}.");
        all.push(Scenario::observed(format!("gateway.output.status.{status}"), title, reply, vec![options().clone()]));
    }
    for (what, words, body) in [
        ("unknown-members", "The output has members that the model does not know.", {
            format!(r#"{{"Zone":{{"a":[1,{{"b":null}}]}},"CredentialCreationOptions":{own},"__type":1,"code":"x"}}"#)
        }),
        ("error-members", "The output has a member `message`.", {
            format!(r#"{{"message":"Invalid Access Token","CredentialCreationOptions":{own}}}"#)
        }),
        ("escaped-member", "The name of the member is written with an escape.", {
            format!(r#"{{"\u0043redentialCreationOptions":{own}}}"#)
        }),
    ] {
        let reply = Reply::new(200, body);
        all.push(Scenario::success(format!("gateway.output.{what}"), words, reply, &rules::SUCCESS, options()));
    }
    let error = r#"{"__type":"NotAuthorizedException","message":"Invalid Access Token"}"#;
    for (what, words, reply) in [
        ("error", "An error comes with the status 200.", Reply::new(200, error)),
        (
            "error-header",
            "The output comes with the header of an error.",
            served().header("x-amzn-ErrorType", "NotAuthorizedException"),
        ),
    ] {
        let options = if what == "error" { Vec::new() } else { vec![options().clone()] };
        all.push(Scenario::observed(format!("gateway.output.{what}"), words, reply, options));
    }
    all
}

/// Content types, right, wrong and none.
fn content_types() -> Vec<Scenario> {
    let error = || refused(400, "NotAuthorizedException", "Invalid Access Token");
    let mut all = Vec::new();
    for (what, value) in [
        ("parameter", "application/x-amz-json-1.1; charset=utf-8"),
        ("upper-case", "Application/X-Amz-JSON-1.1"),
        ("1.0", "application/x-amz-json-1.0"),
        ("json", "application/json"),
        ("html", "text/html"),
        ("octets", "application/octet-stream"),
        ("latin-1", "application/x-amz-json-1.1; charset=iso-8859-1"),
        ("empty", ""),
        ("none", "-"),
        ("wrong", "no type at all;;"),
    ] {
        let with = |reply: Reply| if value == "-" { reply.without("Content-Type") } else { reply.content_type(value) };
        let words = if value == "-" { "no content type".to_owned() } else { format!("the content type `{value}`") };
        let id = format!("gateway.content-type.{what}");
        let is_right = matches!(what, "parameter" | "upper-case");
        let title = format!("The output has {words}.");
        all.push(if is_right {
            Scenario::success(id, title, with(served()), &rules::SUCCESS, options())
        } else {
            Scenario::observed(id, title, with(served()), vec![options().clone()])
        });
        let id = format!("gateway.content-type.{what}.error");
        let title = format!("The error has {words}.");
        all.push(if is_right {
            Scenario::error(id, title, with(error()), "NotAuthorizedException").message("Invalid Access Token")
        } else {
            Scenario::no_success(id, title, with(error()), &rules::FAILURE)
        });
    }
    all
}
