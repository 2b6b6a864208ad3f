//! Requests: a valid call, then labelled defects of HTTP, target, JSON text and input.

use std::collections::BTreeSet;

use arbitrary::Unstructured;

use crate::cognito::{START, TARGET_PREFIX};
use crate::wire::Request;

/// Where in a request a defect is, from the outside in: what is further out is refused first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The bytes and the text of the body, and the input in it.
    Body,
    /// `X-Amz-Target`.
    Target,
    /// Method and path.
    Http,
    /// `Content-Type`.
    ContentType,
}

/// What edits a request; the bytes that are drawn from decide the details.
type Edit = fn(Request, &str, &mut Unstructured<'_>) -> arbitrary::Result<Request>;

/// One labelled defect.
pub struct RequestDefect {
    /// The stable label.
    pub name: &'static str,
    /// Where it is.
    pub layer: Layer,
    /// The classes of answer that are right: success where the request is only unusual. See
    /// [`Class::name`](crate::wire::Class::name).
    pub classes: &'static [&'static str],
    edit: Edit,
}

impl std::fmt::Debug for RequestDefect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const SERVED: &[&str] = &["success"];
const UNREADABLE: &[&str] = &["SerializationException"];
const INVALID: &[&str] = &["InvalidParameterException"];
const EITHER: &[&str] = &["SerializationException", "InvalidParameterException"];
const UNKNOWN: &[&str] = &["UnknownOperationException"];
/// The front end has envelopes of its own for what no protocol claims.
const UNCLAIMED: &[&str] = &["UnknownOperationException", "not-aws-json:xml"];
/// Limits are a server's own.
const CHOICE: &[&str] = &["success", "SerializationException", "RequestEntityTooLargeException"];

const fn defect(name: &'static str, layer: Layer, classes: &'static [&'static str], edit: Edit) -> RequestDefect {
    RequestDefect { name, layer, classes, edit }
}

/// Every defect, and what is unusual without being one.
pub static DEFECTS: &[RequestDefect] = &[
    defect("content-type.other", Layer::ContentType, UNCLAIMED, |request, _, u| {
        let other = ["text/plain", "application/x-amz-json-1.0", "application/cbor", "", "application"];
        Ok(request.header("Content-Type", *u.choose(&other)?))
    }),
    defect("content-type.missing", Layer::ContentType, UNCLAIMED, |request, _, _| {
        Ok(request.without_header("Content-Type"))
    }),
    defect("content-type.parameter", Layer::ContentType, SERVED, |request, _, u| {
        let unusual = [
            "application/x-amz-json-1.1; charset=utf-8",
            "Application/X-AMZ-JSON-1.1",
            "application/x-amz-json-1.1;x=y",
        ];
        Ok(request.header("Content-Type", *u.choose(&unusual)?))
    }),
    defect("http.method", Layer::Http, UNKNOWN, |request, _, u| {
        Ok(request.method(u.choose(&["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "post", "REGISTER"])?))
    }),
    defect("http.path", Layer::Http, UNKNOWN, |request, _, u| {
        Ok(request.path(u.choose(&["/x", "/StartWebAuthnRegistration", "/a/../b", "//", "/%2e"])?))
    }),
    defect("http.headers", Layer::Http, SERVED, |request, _, u| {
        let fields = [
            ("Cookie", "AccessToken=none"),
            ("X-Amz-User-Agent", "aws-sdk-js/3.1169.0"),
            ("X-HTTP-Method-Override", "DELETE"),
            ("Range", "bytes=0-1"),
            ("x-amzn-errortype", "NotAuthorizedException"),
            ("X-Unknown", ""),
        ];
        let (name, value) = *u.choose(&fields)?;
        Ok(request.header(name, value))
    }),
    defect("target.other", Layer::Target, UNKNOWN, |request, _, u| {
        let right = format!("{TARGET_PREFIX}.{}", START.name);
        // One character changed, added or taken away names another operation, whichever it is.
        let at = u.int_in_range(0..=right.len() - 1)?;
        let target = match u.int_in_range(0..=3)? {
            0 => right[..at].to_owned(),
            1 => format!("{}x{}", &right[..at], &right[at..]),
            2 => format!("{}{}", &right[..at], &right[at + 1..]),
            _ => format!("{}~{}", &right[..at], &right[at + 1..]),
        };
        Ok(request.header("X-Amz-Target", target))
    }),
    defect("target.missing", Layer::Target, UNKNOWN, |request, _, _| Ok(request.without_header("X-Amz-Target"))),
    defect("json.cut", Layer::Body, EITHER, |request, _, u| {
        let end = u.int_in_range(0..=request.body.len().saturating_sub(1))?;
        let body = request.body[..end].to_vec();
        Ok(request.body(body))
    }),
    defect("json.behind", Layer::Body, UNREADABLE, |mut request, _, u| {
        request.body.extend_from_slice(u.choose(&["x", "{}", "}", ",", "\0", "// comment", "\n{}"])?.as_bytes());
        Ok(request)
    }),
    defect("json.in-front", Layer::Body, UNREADABLE, |mut request, _, u| {
        let front = *u.choose(&["x", "{", ")]}'\n", "/**/", ",", "\u{a0}"])?;
        request.body.splice(0..0, front.bytes());
        Ok(request)
    }),
    defect("json.lenient", Layer::Body, UNREADABLE, |request, token, u| {
        let lenient = [
            r#"{"AccessToken":"$T",}"#,
            r#"{,"AccessToken":"$T"}"#,
            r#"{'AccessToken':'$T'}"#,
            r#"{AccessToken:"$T"}"#,
            r#"{"AccessToken"="$T"}"#,
            r#"{"AccessToken":$T}"#,
            r#"{"AccessToken":"$T"]"#,
            r#"{/* comment */"AccessToken":"$T"}"#,
        ];
        Ok(request.body(u.choose(&lenient)?.replace("$T", token)))
    }),
    defect("json.value", Layer::Body, UNREADABLE, |request, token, u| {
        let values = [
            "NaN", "Infinity", "0x10", "010", "+1", ".5", "1.", "1e", "-", "True", "nul", "\"\t\"", r#""\x""#, "[1,]",
            "",
        ];
        Ok(request.body(with_unknown(token, u.choose(&values)?)))
    }),
    defect("json.deep", Layer::Body, CHOICE, |request, token, u| {
        let depth = u.int_in_range(100..=2000)?;
        Ok(request.body(with_unknown(token, &format!("{}{}", "[".repeat(depth), "]".repeat(depth)))))
    }),
    defect("encoding.utf-8", Layer::Body, EITHER, |mut request, _, u| {
        let at = request.body.iter().rposition(|byte| *byte == b'"').unwrap_or_default();
        let broken: &[u8] = u.choose(&[&b"\xff"[..], b"\xc0\xae", b"\xe2\x82", b"\x80", b"\xed\xa0\x80"])?;
        request.body.splice(at..at, broken.iter().copied());
        Ok(request)
    }),
    defect("encoding.utf-16", Layer::Body, UNREADABLE, |request, _, _| {
        let text = String::from_utf8_lossy(&request.body).into_owned();
        Ok(request.body(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()))
    }),
    defect("body.empty", Layer::Body, EITHER, |request, _, u| Ok(request.body(*u.choose(&["", " \r\n\t", "null"])?))),
    defect("body.other-value", Layer::Body, UNREADABLE, |request, token, u| {
        let values = ["true", "0", r#""$T""#, "[]", r#"[{"AccessToken":"$T"}]"#, r#"["AccessToken","$T"]"#];
        Ok(request.body(u.choose(&values)?.replace("$T", token)))
    }),
    defect("body.white-space", Layer::Body, SERVED, |mut request, _, u| {
        let space = u.choose(&[" ", "\r\n", "\t"])?.repeat(u.int_in_range(1..=100)?);
        request.body.splice(0..0, space.bytes());
        request.body.extend(space.bytes());
        Ok(request)
    }),
    defect("body.unknown-member", Layer::Body, SERVED, |request, token, u| {
        let values = ["null", "0", "-0.5e-7", r#""\ud83d\ude00""#, "{}", r#"{"AccessToken":null}"#, "[[],{}]"];
        Ok(request.body(with_unknown(token, u.choose(&values)?)))
    }),
    defect("body.duplicate", Layer::Body, SERVED, |request, token, _| {
        Ok(request.body(format!(r#"{{"AccessToken":"{token}","\u0041ccessToken":"{token}"}}"#)))
    }),
    defect("input.missing", Layer::Body, INVALID, |request, token, u| {
        let names = ["accessToken", "access_token", "ACCESSTOKEN", "AccessTokens", "AccessToken ", "", "Token"];
        let name = *u.choose(&names)?;
        Ok(request.body(format!(r#"{{"{name}":"{token}"}}"#)))
    }),
    defect("input.null", Layer::Body, INVALID, |request, _, _| Ok(request.body(r#"{"AccessToken":null}"#))),
    defect("input.type", Layer::Body, UNREADABLE, |request, token, u| {
        let values = ["0", "1.5", "true", "false", "[]", r#"["$T"]"#, "{}", r#"{"S":"$T"}"#, "[101]"];
        let value = u.choose(&values)?.replace("$T", token);
        Ok(request.body(format!(r#"{{"AccessToken":{value}}}"#)))
    }),
];

fn with_unknown(token: &str, value: &str) -> String {
    format!(r#"{{"AccessToken":"{token}","Unknown":{value}}}"#)
}

/// A drawn request.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The request.
    pub request: Request,
    /// Its defects, at most one a layer.
    pub defects: Vec<&'static RequestDefect>,
}

impl Drawn {
    /// The classes of answer that are right, where a plain request with the same token is answered with `plain`.
    ///
    /// Of several defects any may be the one that is told.
    #[must_use]
    pub fn classes(&self, plain: &'static str) -> BTreeSet<&'static str> {
        let told = || self.defects.iter().filter(|defect| defect.classes != SERVED);
        let mut classes: BTreeSet<&str> = told().flat_map(|defect| defect.classes).copied().collect();
        // Only where nothing need be refused before the token is read, the token decides.
        let is_refused = told().any(|defect| !defect.classes.contains(&"success"));
        classes.remove("success");
        if !is_refused {
            classes.insert(plain);
        }
        classes
    }
}

/// Draws a request for this token, which must be a right one: with no defect, one, or up to three.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>, token: &str) -> arbitrary::Result<Drawn> {
    let mut chosen: Vec<&'static RequestDefect> = Vec::new();
    for _ in 0..*u.choose(&[0, 1, 1, 1, 2, 3])? {
        chosen.push(u.choose(DEFECTS)?);
    }
    let mut layers = BTreeSet::new();
    chosen.retain(|defect| layers.insert(defect.layer));
    with(u, token, chosen)
}

/// Draws a request with these defects, at most one a layer.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn with(u: &mut Unstructured<'_>, token: &str, defects: Vec<&'static RequestDefect>) -> arbitrary::Result<Drawn> {
    let plain = Request::start_with_body(format!(r#"{{"AccessToken":"{token}"}}"#));
    let request = defects.iter().try_fold(plain, |request, defect| (defect.edit)(request, token, u))?;
    Ok(Drawn { request, defects })
}
