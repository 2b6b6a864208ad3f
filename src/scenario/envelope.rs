//! Where and how an answer names its error, and what else stands beside the name.

use super::build::{refused, slug};
use super::{ACCESS_TOKEN, Demand, Outcome, Reply, Scenario, What};
use crate::cognito::rules::client as rules;
use crate::cognito::{Fault, START, error};
use crate::wire::ERROR_HEADER;

/// The error that shows what is the same for all.
const NAME: &str = "NotAuthorizedException";

/// Another one, where two are named.
const OTHER: &str = "ForbiddenException";

const MESSAGE: &str = "Invalid Access Token";

/// What services of the older kind write behind an error's name.
const URI: &str = "http://internal.amazon.com/coral/com.amazon.coral.validate/";

const NAMESPACE: &str = "com.amazonaws.cognitoidentityprovider";

/// The namespace of Smithy's protocol tests.
const OF_TESTS: &str = "aws.protocoltests.json";

pub(super) fn scenarios() -> Vec<Scenario> {
    [modelled(), written(), protocol_tests(), statuses(), disagreeing(), odd_names(), messages(), unknown(), members()]
        .concat()
}

fn body(text: impl Into<String>) -> Reply {
    Reply::new(400, text.into())
}

fn header(code: &str, body: &str) -> Reply {
    Reply::new(400, body).header(ERROR_HEADER, code)
}

/// Each error of the operation in each form that the protocol has.
fn modelled() -> Vec<Scenario> {
    let mut all = Vec::new();
    for name in START.errors {
        let shape = error(name);
        let status = shape.map_or(400, |shape| shape.statuses.live.unwrap_or(shape.statuses.reference));
        let is_fault = shape.is_some_and(|shape| shape.fault == Fault::Server);
        let retryable = shape.is_some_and(|shape| shape.retryable);
        let message = format!("cogspec says {name}.");
        let member = |member: &str| serde_json::json!({member: name, "message": message}).to_string();
        let forms = [
            (
                "cognito",
                "in Cognito's form: in the header, with a colon, and in `__type`",
                refused(status, name, &message),
            ),
            ("type", "in `__type` only", Reply::new(status, member("__type"))),
            ("code", "in `code` only", Reply::new(status, member("code"))),
            (
                "header",
                "in the header only",
                Reply::new(status, serde_json::json!({"message": message}).to_string()).header(ERROR_HEADER, *name),
            ),
        ];
        for (form, words, reply) in forms {
            let id = format!("envelope.{form}.{}", slug(name));
            let scenario = Scenario::error(id, format!("{name} is named {words}."), reply, *name).message(&message);
            all.push(scenario.demand(Demand::new(&rules::RETRYABLE, What::Retryable(retryable || is_fault))));
        }
        let alone = Reply::new(status, "").header(ERROR_HEADER, *name);
        let title = format!("{name} is named in the header, and there is no body.");
        all.push(Scenario::error(format!("envelope.header-alone.{}", slug(name)), title, alone, *name));
    }
    all
}

/// The ways in which the protocol lets a name be written, in each place (Smithy's protocol tests have most of them).
fn written() -> Vec<Scenario> {
    let ways = [
        ("colon", "with a colon behind it", format!("{NAME}:")),
        ("uri", "with a URI", format!("{NAME}:{URI}")),
        ("namespace", "with a namespace", format!("{NAMESPACE}#{NAME}")),
        ("other-namespace", "with the namespace of something else", format!("aws.different.namespace#{NAME}")),
        ("namespace-of-tests", "with the namespace of Smithy's protocol tests", format!("{OF_TESTS}#{NAME}")),
        ("namespace-uri", "with a namespace and a URI", format!("{OF_TESTS}#{NAME}:{URI}")),
        ("hash-behind-colon", "with a `#` behind the colon", format!("{NAME}:x#{OTHER}")),
    ];
    let mut all = Vec::new();
    for (way, words, code) in ways {
        let places = [
            ("header", "header", header(&code, "")),
            ("code", "member `code`", body(serde_json::json!({"code": code, "message": MESSAGE}).to_string())),
            ("type", "member `__type`", body(serde_json::json!({"__type": code, "message": MESSAGE}).to_string())),
        ];
        for (place, where_, reply) in places {
            let id = format!("envelope.written.{place}.{way}");
            all.push(Scenario::error(id, format!("The {where_} writes the name {words}."), reply, NAME));
        }
    }
    let nested = serde_json::json!({
        "__type": NAME, "message": MESSAGE, "ErrorDetails": [{"__type": OTHER, "code": OTHER, "reason": "none"}],
    });
    all.push(Scenario::error(
        "envelope.written.type.nested-other",
        "A member holds an object with another `__type`.",
        body(nested.to_string()),
        NAME,
    ));
    let escaped = r#"{"__type":"NotAuthorized\u0045xception","message":"Invalid Access Token"}"#;
    all.push(
        Scenario::error("envelope.written.type.escaped", "`__type` is written with an escape.", body(escaped), NAME)
            .message(MESSAGE),
    );
    for (member, text) in [
        ("type", r#"{"\u005f_type":"NotAuthorizedException","message":"Invalid Access Token"}"#),
        ("code", r#"{"c\u006fde":"NotAuthorizedException","message":"Invalid Access Token"}"#),
    ] {
        let id = format!("envelope.written.{member}.escaped-member");
        let title = "The name of the member that names the error is written with an escape.";
        all.push(Scenario::error(id, title, body(text), NAME).message(MESSAGE));
    }
    all
}

/// The rest of Smithy's protocol tests of errors in AWS JSON 1.1, with an error of the operation in place of theirs.
/// `tests/scenarios` holds that each test has its scenario.
fn protocol_tests() -> Vec<Scenario> {
    let error = |members: &str| body(format!(r#"{{"__type":"{OF_TESTS}#{NAME}",{members}}}"#));
    let nested = r#""ErrorDetails":[{"__type":"com.amazon.internal#ErrorDetails","reason":"Some reason"}]"#;
    let greeting = Scenario::error(
        "envelope.smithy.message-capital",
        "As in the protocol test AwsJson11InvalidGreetingError: the message is in `Message`.",
        error(r#""Message":"Hi""#),
        NAME,
    );
    vec![
        Scenario::error(
            "envelope.smithy.nested-type",
            "As in the protocol test AwsJson11FooErrorWithNestedTypeProperty: a member holds another `__type`.",
            error(nested),
            NAME,
        ),
        Scenario::error(
            "envelope.smithy.members",
            "As in the protocol test AwsJson11ComplexError: the error has members and no message.",
            error(r#""TopLevel":"Top level","Nested":{"Foo":"bar"}"#),
            NAME,
        ),
        greeting.demand(Demand::new(&rules::ERROR_MESSAGE_CASE, What::Message("Hi".to_owned()))),
    ]
}

/// Names under statuses that are not the usual ones for them.
fn statuses() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (name, status) in [
        (NAME, 401),
        (NAME, 403),
        (NAME, 404),
        (NAME, 409),
        (NAME, 418),
        (NAME, 499),
        (OTHER, 403),
        (OTHER, 451),
        ("InvalidParameterException", 422),
        ("WebAuthnNotEnabledException", 403),
        ("TooManyRequestsException", 403),
        ("InternalErrorException", 400),
        ("InternalErrorException", 503),
        ("InternalErrorException", 599),
    ] {
        let id = format!("envelope.status.{}.{status}", slug(name));
        let title = format!("{name} has the status {status}.");
        all.push(Scenario::error(id, title, refused(status, name, MESSAGE), name).message(MESSAGE));
    }
    for status in [300, 399] {
        let id = format!("envelope.status.not-authorized.{status}");
        let title = format!("{NAME} has the status {status}, which is no error's.");
        all.push(Scenario::no_success(id, title, refused(status, NAME, MESSAGE), &rules::FAILURE));
    }
    for status in [200, 201, 299] {
        let id = format!("envelope.status.not-authorized.{status}");
        let title = format!("{NAME} has the status {status}, which is a success's.");
        all.push(Scenario::observed(id, title, refused(status, NAME, MESSAGE), Vec::new()));
    }
    all
}

/// Several places that do not name the same.
fn disagreeing() -> Vec<Scenario> {
    let text = |code: Option<&str>, type_: Option<&str>| {
        let mut members = serde_json::Map::new();
        members.extend(code.map(|code| ("code".to_owned(), code.into())));
        members.extend(type_.map(|code| ("__type".to_owned(), code.into())));
        members.insert("message".to_owned(), MESSAGE.into());
        serde_json::Value::Object(members).to_string()
    };
    let third = "InvalidParameterException";
    let rows: [(&str, &str, Reply, Vec<&'static str>); 4] = [
        ("header-type", "The header and `__type`", header(NAME, &text(None, Some(OTHER))), vec![NAME, OTHER]),
        ("header-code", "The header and `code`", header(NAME, &text(Some(OTHER), None)), vec![NAME, OTHER]),
        ("code-type", "`code` and `__type`", body(text(Some(NAME), Some(OTHER))), vec![NAME, OTHER]),
        (
            "all",
            "The header, `code` and `__type`",
            header(NAME, &text(Some(OTHER), Some(third))),
            vec![NAME, OTHER, third],
        ),
    ];
    let mut all = Vec::new();
    for (what, words, reply, names) in rows {
        let first = names[0];
        let id = format!("envelope.disagree.{what}");
        let scenario = Scenario::new(id, format!("{words} name different errors."), vec![reply]);
        let scenario = scenario.ends(&rules::ERROR, &[Outcome::Error]);
        let named = What::Code(names.into_iter().map(Into::into).collect());
        all.push(scenario.demand(Demand::new(&rules::ERROR_CODE, named)).code(&rules::ERROR_CODE_ORDER, first));
    }
    // A member of an error that is called `code`, as services have had, must not hide the error.
    let number = format!(r#"{{"__type":"{NAME}","code":17,"message":"{MESSAGE}"}}"#);
    let scenario = Scenario::error(
        "envelope.disagree.code-number",
        "`__type` names the error, and `code` is a number.",
        body(number),
        NAME,
    );
    all.push(scenario);
    let twice = format!(r#"{{"__type":"{OTHER}","__type":"{NAME}","message":"{MESSAGE}"}}"#);
    let scenario = Scenario::new("envelope.disagree.type-twice", "`__type` stands twice.", vec![body(twice)]);
    let either = What::Code(vec![NAME.into(), OTHER.into()]);
    all.push(scenario.ends(&rules::ERROR, &[Outcome::Error]).demand(Demand::new(&rules::ERROR_CODE, either)));
    let headers = header(NAME, "").header(ERROR_HEADER, OTHER);
    all.push(Scenario::no_success(
        "envelope.disagree.headers",
        "Two headers name different errors.",
        headers,
        &rules::FAILURE,
    ));
    let query = refused(400, NAME, MESSAGE).header("x-amzn-query-error", format!("{OTHER};Sender"));
    let scenario = Scenario::new(
        "envelope.disagree.query-error",
        "The header of services that once spoke AWS Query names another error.",
        vec![query],
    );
    let either = What::Code(vec![NAME.into(), OTHER.into()]);
    all.push(scenario.ends(&rules::ERROR, &[Outcome::Error]).demand(Demand::new(&rules::ERROR_CODE, either)));
    all
}

/// Places that hold no name.
fn odd_names() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (what, value) in [
        ("null", "null"),
        ("number", "17"),
        ("boolean", "true"),
        ("array", r#"["ForbiddenException"]"#),
        ("object", r#"{"name":"ForbiddenException"}"#),
        ("empty", r#""""#),
        ("blank", r#"" ""#),
        ("hash", r##""#""##),
    ] {
        let text = format!(r#"{{"__type":{value},"message":"{MESSAGE}"}}"#);
        let alone = format!("envelope.odd.type-{what}");
        let title = format!("`__type` is {value}, and nothing else names the error.");
        all.push(Scenario::no_success(alone, title, body(text.clone()), &rules::FAILURE));
        let named = format!("envelope.odd.type-{what}.with-header");
        let title = format!("`__type` is {value}, and the header names the error.");
        let scenario = Scenario::new(named, title, vec![header(NAME, &text)]);
        all.push(
            scenario.ends(&rules::FAILURE, &[Outcome::Error, Outcome::Failure]).code(&rules::ERROR_CODE_ORDER, NAME),
        );
    }
    for (what, member) in [("case", "__TYPE"), ("pascal-code", "Code"), ("one-underscore", "_type"), ("error", "error")]
    {
        let text = serde_json::json!({member: NAME, "message": MESSAGE}).to_string();
        let title = format!("The error is named in `{member}`, which the protocol does not know.");
        all.push(Scenario::no_success(format!("envelope.odd.member-{what}"), title, body(text), &rules::FAILURE));
    }
    for (what, text) in [("no-name", r#"{"message":"Invalid Access Token"}"#), ("empty-object", "{}")] {
        let title = "Nothing names the error.";
        all.push(Scenario::no_success(format!("envelope.odd.{what}"), title, body(text), &rules::FAILURE));
    }
    for (what, value) in [("empty", ""), ("colon", ":"), ("comma", "NotAuthorizedException,ForbiddenException")] {
        let title = format!("The header is `{value}`, and there is no body.");
        all.push(Scenario::no_success(
            format!("envelope.odd.header-{what}"),
            title,
            header(value, ""),
            &rules::FAILURE,
        ));
    }
    let hashes = r##"{"__type":"a#b#NotAuthorizedException","message":"m"}"##;
    let scenario = Scenario::new("envelope.odd.two-hashes", "The name has two `#` in front.", vec![body(hashes)]);
    // By the letter it is what is behind the first one; nobody sends it.
    all.push(
        scenario.ends(&rules::ERROR, &[Outcome::Error]).code(&rules::ERROR_CODE_ORDER, "b#NotAuthorizedException"),
    );
    all
}

/// Messages of every kind.
fn messages() -> Vec<Scenario> {
    let mut all = Vec::new();
    let long = "m".repeat(64 * 1024);
    for (what, words, message) in [
        ("empty", "is empty", ""),
        ("unicode", "has letters of many scripts", "Ungültig \u{1f511} 無効なトークン \u{5d0}\u{5d1}"),
        ("escapes", "has a quote, a backslash, line ends and a NUL", "a \"b\" \\ c\r\nd\u{0}e"),
        ("bidi", "has marks that turn the direction of text", "a\u{202e}b\u{2066}c"),
        ("html", "has markup", "<img src=x onerror=alert(1)>"),
        ("format", "has what formats texts", "{0} {} %s %n ${x} $(x) {{x}}"),
        ("json", "is JSON", r#"{"__type":"ForbiddenException"}"#),
        ("long", "has 64 KiB", long.as_str()),
    ] {
        let id = format!("envelope.message.{what}");
        all.push(
            Scenario::error(id, format!("The message {words}."), refused(400, NAME, message), NAME).message(message),
        );
    }
    let text = |members: &str| body(format!(r#"{{"__type":"{NAME}"{members}}}"#)).header(ERROR_HEADER, NAME);
    for (what, words, members) in [
        ("none", "There is no message.", ""),
        ("null", "The message is null.", r#","message":null"#),
        ("number", "The message is a number.", r#","message":17"#),
        ("boolean", "The message is a boolean.", r#","message":false"#),
        ("array", "The message is an array.", r#","message":["a"]"#),
        ("object", "The message is an object.", r#","message":{"a":"b"}"#),
        ("surrogate", "The message has an unpaired surrogate.", r#","message":"a\ud83d""#),
    ] {
        let id = format!("envelope.message.{what}");
        let scenario = Scenario::new(id, words, vec![text(members)]);
        // Of what a client cannot read as a message the error's name can still be had, and few would call it wrong to fail.
        let outcomes: &[Outcome] =
            if what == "none" || what == "null" { &[Outcome::Error] } else { &[Outcome::Error, Outcome::Failure] };
        all.push(scenario.ends(&rules::ERROR, outcomes).code(&rules::ERROR_CODE, NAME));
    }
    let capital = Scenario::error(
        "envelope.message.capital",
        "The message is in `Message`.",
        text(r#","Message":"Invalid Access Token""#),
        NAME,
    );
    all.push(capital.demand(Demand::new(&rules::ERROR_MESSAGE_CASE, What::Message(MESSAGE.to_owned()))));
    all.push(
        Scenario::error(
            "envelope.message.both",
            "There are `message` and `Message`, which differ.",
            text(r#","Message":"another","message":"Invalid Access Token""#),
            NAME,
        )
        .message(MESSAGE),
    );
    all
}

/// Errors that no model lists for the operation. The list has grown since the launch, and clients live longer than lists.
fn unknown() -> Vec<Scenario> {
    let mut all = Vec::new();
    let long = "X".repeat(10_000) + "Exception";
    for (what, status, name) in [
        ("new", 400, "PasskeyQuotaReachedException"),
        ("new.403", 403, "PasskeyQuotaReachedException"),
        ("new.409", 409, "PasskeyQuotaReachedException"),
        ("new.451", 451, "PasskeyQuotaReachedException"),
        ("new.501", 501, "PasskeyStoreUnavailableException"),
        ("elsewhere.user-not-found", 400, "UserNotFoundException"),
        ("elsewhere.user-not-found.404", 404, "UserNotFoundException"),
        ("elsewhere.user-not-confirmed", 400, "UserNotConfirmedException"),
        ("elsewhere.origin-not-allowed", 400, "WebAuthnOriginNotAllowedException"),
        ("elsewhere.resource-not-found", 400, "ResourceNotFoundException"),
        ("no-suffix", 400, "PasskeyQuotaReached"),
        ("lower-case", 400, "notauthorizedexception"),
        ("dots", 400, "com.amazonaws.NotAuthorizedException"),
        ("spaces", 400, "Passkey Quota Reached"),
        ("digits", 400, "400"),
        ("prototype", 400, "__proto__"),
        ("constructor", 400, "constructor"),
        ("to-string", 400, "toString"),
        ("long", 400, long.as_str()),
    ] {
        let id = format!("envelope.unknown.{what}");
        let shown = if name.len() > 100 { "A name of 10 kB" } else { name };
        let title = format!("{shown} is no error that the model lists for the operation, and has the status {status}.");
        let scenario = Scenario::new(id, title, vec![refused(status, name, MESSAGE)]);
        let scenario = scenario.ends(&rules::ERROR_UNKNOWN, &[Outcome::Error]);
        all.push(scenario.code(&rules::ERROR_UNKNOWN, name.to_owned()).message(MESSAGE));
    }
    let unicode = body(r#"{"__type":"Ungültig\u0000Exception","message":"m"}"#);
    all.push(Scenario::no_success(
        "envelope.unknown.unicode",
        "The name is not ASCII, and has a NUL.",
        unicode,
        &rules::FAILURE,
    ));
    all
}

/// What else an error has.
fn members() -> Vec<Scenario> {
    let invalid = "InvalidParameterException";
    let mut all = Vec::new();
    for (what, words, member) in [
        ("reason-code", "`reasonCode`, which the model knows", r#""reasonCode":"INVALID_FORMAT""#),
        ("reason-code-number", "a `reasonCode` that is a number", r#""reasonCode":17"#),
        ("reason-code-null", "a `reasonCode` that is null", r#""reasonCode":null"#),
        ("unknown", "members that the model does not know", r#""Tracking":{"a":[1,null,{"b":true}]},"at":1.5e3"#),
        (
            "status-code",
            "members that clients use themselves",
            r#""statusCode":200,"$metadata":{"attempts":9},"name":"x","stack":"y""#,
        ),
        (
            "prototype",
            "members that mean something in JavaScript",
            r#""__proto__":{"a":1},"constructor":"x","toString":1"#,
        ),
    ] {
        let text = format!(r#"{{"__type":"{invalid}",{member},"message":"{MESSAGE}"}}"#);
        let reply = body(text).header(ERROR_HEADER, invalid);
        let scenario =
            Scenario::error(format!("envelope.member.{what}"), format!("The error has {words}."), reply, invalid);
        let is_wrong = what == "reason-code-number";
        all.push(if is_wrong {
            Scenario::observed(
                "envelope.member.reason-code-number",
                scenario.title,
                scenario.replies[0].clone(),
                Vec::new(),
            )
            .ends(&rules::FAILURE, &[Outcome::Error, Outcome::Failure])
        } else {
            scenario.message(MESSAGE)
        });
    }
    let echoed = refused(400, NAME, &format!("Invalid Access Token: {ACCESS_TOKEN}"));
    all.push(Scenario::error("envelope.token.in-message", "The message holds the access token.", echoed, NAME));
    let echoed = refused(400, NAME, MESSAGE).header("x-amzn-token", ACCESS_TOKEN);
    all.push(Scenario::error("envelope.token.in-header", "A header holds the access token.", echoed, NAME));
    let in_name = body(format!(r#"{{"__type":"{ACCESS_TOKEN}","message":"m"}}"#));
    all.push(Scenario::no_success(
        "envelope.token.in-type",
        "The access token stands where the error's name does.",
        in_name,
        &rules::FAILURE,
    ));
    for (what, name) in [("x-amz-request-id", "x-amz-request-id"), ("x-amzn-request-id", "x-amzn-request-id")] {
        let reply = refused(400, NAME, MESSAGE).header(name, "0d6a2b6e-2d0e-4b8e-8a2a-6a1b1e1f2c3d");
        let title = format!("The request id is in `{name}`.");
        all.push(Scenario::error(format!("envelope.request-id.{what}"), title, reply, NAME));
    }
    let none =
        Scenario::error("envelope.request-id.none", "There is no request id.", refused(400, NAME, MESSAGE), NAME);
    all.push(none.without_request_id());
    all
}
