//! The resolution of error codes against aws-smithy-json's own: the reader of AWS JSON 1.1 that the AWS SDK for Rust calls.
//! The SDK for Cognito (aws-sdk-cognitoidentityprovider 1.144) has no reader of errors of its own, so that it is not built.
//!
//! Two things are held to it: the dialect `rust`, which claims to read as it does, and the classification, which follows the
//! protocol's text. Where they may differ is in the tables.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod seeds;

use arbitrary::Unstructured;
use aws_smithy_json::protocol::aws_json_rpc::AwsJsonRpcProtocol;
use aws_smithy_runtime_api::http::{Response as SmithyResponse, StatusCode};
use aws_smithy_schema::protocol::ClientProtocolInner;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use cogspec::cognito::START;
use cogspec::generate::response;
use cogspec::wire::json::{JsonError, Object};
use cogspec::wire::{Dialect, Outcome, Response, classify, readings};
use proptest::prelude::*;
use seeds::bytes;

/// Code and message, where the library can read the answer.
type Read = Option<(Option<String>, Option<String>)>;

/// What the library makes of an answer that is no success; `None` where it cannot hold its headers.
fn library(response: &Response) -> Option<Read> {
    let status = StatusCode::try_from(response.status).ok()?;
    let mut smithy = SmithyResponse::new(status, SdkBody::from(response.body.as_slice()));
    for (name, value) in &response.headers {
        let value = String::from_utf8(value.clone()).ok()?;
        smithy.headers_mut().try_append(name.to_ascii_lowercase(), value).ok()?;
    }
    let protocol = AwsJsonRpcProtocol::aws_json_1_1();
    let read = protocol.parse_error_metadata(&smithy, &ConfigBag::base());
    Some(read.ok().map(|builder| {
        let metadata = builder.build();
        (metadata.code().map(str::to_owned), metadata.message().map(str::to_owned))
    }))
}

/// A difference that is allowed: what it is, where it may be, and an answer that has it.
struct Difference {
    what: &'static str,
    may_be: fn(&Response, &Result<Object<'_>, JsonError>) -> bool,
    example: (&'static str, &'static [u8]),
}

/// Where the dialect may differ from the library that it imitates.
const OF_THE_DIALECT: &[Difference] = &[
    Difference {
        what: "numbers with leading zeros are no JSON, and the library lets them pass",
        may_be: |_, body| matches!(body, Err(JsonError::Syntax(_))),
        example: ("", br#"{"__type":"A","x":01}"#),
    },
    Difference { what: "the library passes over values of up to 512 levels", may_be: is_deep, example: ("", b"deep") },
];

fn is_deep(response: &Response, _: &Result<Object<'_>, JsonError>) -> bool {
    response.body.iter().filter(|byte| matches!(byte, b'[' | b'{')).count() > 512
}

/// Where the protocol's text, as the classification follows it, differs from the library.
const OF_THE_PROTOCOL: &[Difference] = &[
    Difference {
        what: "a header of AWS Query goes before all others",
        may_be: |response, _| response.header("x-amzn-query-error").is_some_and(|value| value.contains(';')),
        example: ("x-amzn-query-error: A;Sender", br#"{"__type":"B"}"#),
    },
    Difference {
        what: "values of any depth are passed over, and the library stops at 512 levels",
        may_be: is_deep,
        example: ("", b"deep"),
    },
    Difference {
        what: "an unpaired surrogate is a character, where the library stops",
        may_be: |response, _| response.body.windows(3).any(|text| text == br"\ud"),
        example: ("", br#"{"__type":"A","message":"\ud800"}"#),
    },
    Difference {
        what: "a body that is no JSON object names nothing, though its beginning may",
        may_be: |response, body| body.is_err() && !response.is_blank(),
        example: ("", br#"{"__type":"A"} x"#),
    },
    Difference {
        what: "a body of white space is none, also where JSON has no such white space",
        may_be: |response, _| response.is_blank() && response.body.contains(&b'\x0c'),
        example: ("x-amzn-errortype: A", b"\x0c"),
    },
    Difference {
        what: "an escaped member name is that name",
        may_be: |_, body| body.as_ref().is_ok_and(|body| body.members.iter().any(|member| member.is_name_escaped())),
        example: ("", br#"{"__typ\u0065":"A"}"#),
    },
    Difference {
        what: "a place whose name is empty is passed over",
        may_be: |response, body| {
            let texts = ["code", "__type"].map(|name| body.as_ref().ok()?.last(name)?.string());
            let is_empty =
                |text: &String| text.split(':').next().is_some_and(|name| name.is_empty() || name.ends_with('#'));
            response.header("x-amzn-errortype").iter().chain(texts.iter().flatten()).any(is_empty)
        },
        example: ("x-amzn-errortype: ", br#"{"__type":"A"}"#),
    },
    Difference {
        what: "of a member that comes twice the last counts, also where it is no string",
        may_be: |_, body| {
            let count = |name| body.as_ref().map_or(0, |body| body.members.iter().filter(|m| m.name == name).count());
            count("code") > 1 || count("__type") > 1
        },
        example: ("", br#"{"__type":"A","__type":null}"#),
    },
];

fn example(difference: &Difference) -> Response {
    let (header, body) = difference.example;
    let header = header.split_once(": ").map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec()));
    let body = match body {
        b"deep" => format!(r#"{{"__type":"A","x":{}{}}}"#, "[".repeat(600), "]".repeat(600)).into_bytes(),
        body => body.to_vec(),
    };
    Response { status: 400, headers: header.into_iter().collect(), body }
}

/// Whether ours and the library's differ, for the dialect and for the classification.
fn differ(response: &Response) -> Option<[Option<String>; 2]> {
    let library = library(response)?;
    let [reading, ..] = readings(response);
    assert_eq!(reading.dialect, Dialect::Rust);
    let dialect: Read = match reading.outcome {
        Outcome::Success => return None,
        Outcome::Unreadable { .. } => None,
        Outcome::Error { code, message, .. } => Some((code, message)),
    };
    let code = classify(&START, response).code;
    let named = library.as_ref().and_then(|(code, _)| code.clone()).filter(|code| !code.is_empty());
    Some([
        (dialect != library).then(|| format!("the dialect {dialect:?}, the library {library:?}")),
        (code != named).then(|| format!("the classification {code:?}, the library {named:?}")),
    ])
}

fn agree(response: &Response) -> Result<(), String> {
    let body = Object::parse(&response.body);
    let Some(differences) = differ(response) else { return Ok(()) };
    for (difference, table) in differences.into_iter().zip([OF_THE_DIALECT, OF_THE_PROTOCOL]) {
        if let Some(difference) = difference
            && !table.iter().any(|row| (row.may_be)(response, &body))
        {
            return Err(format!("{difference}, of {response:?}"));
        }
    }
    Ok(())
}

#[test]
fn errors_that_are_drawn_are_read_alike() {
    let mut errors = 0;
    for seed in 0..6000 {
        let drawn = response::draw(&mut Unstructured::new(&bytes(seed))).unwrap();
        errors += usize::from(!drawn.response.is_success());
        assert_eq!(agree(&drawn.response), Ok(()), "{:?}, seed {seed}", drawn.defects);
    }
    assert!(errors > 2000, "{errors} errors");
}

#[test]
fn the_named_differences_are_real() {
    for (n, table) in [OF_THE_DIALECT, OF_THE_PROTOCOL].into_iter().enumerate() {
        for row in table {
            let response = example(row);
            assert!((row.may_be)(&response, &Object::parse(&response.body)), "{}", row.what);
            assert!(differ(&response).unwrap()[n].is_some(), "no difference: {}", row.what);
        }
    }
}

/// Header fields and bodies that are near to real ones, and ones that are not.
fn responses() -> impl Strategy<Value = Response> {
    let header = ("(x-amzn-errortype|X-Amzn-ErrorType|x-amzn-query-error|x-other)", "[A-Za-z#:;,./]{0,12}")
        .prop_map(|(name, value)| (name, value.into_bytes()));
    let value = prop::sample::select(vec![
        "\"A\"",
        "\"a.b#A\"",
        "\"A:http://x/\"",
        "\"#\"",
        "\":\"",
        "\"\"",
        "\"\\u0041\"",
        "\"\\ud800\"",
        "null",
        "true",
        "-1.5e3",
        "01",
        "[\"A\"]",
        "{\"__type\":\"B\"}",
        "\"a\nb\"",
        "nul",
        "",
    ]);
    let name = prop::sample::select(vec![
        "__type",
        "code",
        "Code",
        "message",
        "Message",
        "errorMessage",
        "x",
        "__typ\\u0065",
        "\\u0063ode",
        "",
    ]);
    let member = (name, value).prop_map(|(name, value)| format!("\"{name}\":{value}"));
    let object = (
        prop::collection::vec(member, 0..5),
        "[ \n]{0,2}",
        prop::sample::select(vec!["}", "}", "}", "", "]", "} x", "}{}"]),
    )
        .prop_map(|(members, space, end)| {
            format!("{space}{{{}{space}{end}", members.join(&format!(",{space}"))).into_bytes()
        });
    let body = prop_oneof![
        8 => object,
        1 => prop::collection::vec(any::<u8>(), 0..12),
        1 => prop::sample::select(vec!["", " ", "null", "[]", "\"A\"", "<html>", "1", "\u{feff}{}"]).prop_map(|t| t.into()),
    ];
    let status = prop::sample::select(vec![301u16, 400, 403, 404, 500, 503]);
    (status, prop::collection::vec(header, 0..3), body).prop_map(|(status, headers, body)| Response {
        status,
        headers,
        body,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn errors_of_any_kind_are_read_alike(response in responses()) {
        let agreed = agree(&response);
        prop_assert!(agreed.is_ok(), "{}", agreed.unwrap_err());
    }
}
