//! The error code of an answer, by the protocol's own rules.

use std::fmt;

use serde::Serialize;

use super::Response;
use super::json::Object;

/// The header that names an error.
pub const HEADER: &str = "X-Amzn-Errortype";

/// A place where an answer can name its error (Smithy, AWS JSON 1.1, Operation error serialization).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Place {
    /// The header `X-Amzn-Errortype`.
    #[serde(rename = "header")]
    Header,
    /// The body's member `code`.
    #[serde(rename = "code")]
    Code,
    /// The body's member `__type`.
    #[serde(rename = "__type")]
    Type,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Place::Header => "header x-amzn-errortype",
            Place::Code => "body member code",
            Place::Type => "body member __type",
        })
    }
}

/// An error's name as an answer writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorCode {
    /// Where it stands.
    pub place: Place,
    /// As it was written.
    pub raw: String,
}

impl ErrorCode {
    /// The shape's name in it; see [`sanitize`].
    #[must_use]
    pub fn name(&self) -> &str {
        sanitize(&self.raw)
    }
}

/// The bare shape name in an error code: what is before the first `:`, and of that what is after the first `#`.
///
/// `FooError`, `FooError:http://internal.amazon.com/coral/`, `smithy.example#FooError` and
/// `smithy.example#FooError:http://internal.amazon.com/coral/` are all `FooError`
/// (Smithy, AWS JSON 1.1, Operation error serialization).
#[must_use]
pub fn sanitize(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(name, _)| name);
    code.split_once('#').map_or(code, |(_, name)| name)
}

/// Every error code of an answer, in the order in which a client looks for them: header, `code`, `__type`.
///
/// The specification names the three places; its protocol tests order the first two. A member that is not a string, or a
/// place that names nothing, is no error code. Of duplicate members the last counts, as in every SDK.
#[must_use]
pub fn error_codes(response: &Response, body: &Object<'_>) -> Vec<ErrorCode> {
    let member = |name| body.last(name).and_then(|member| member.string());
    [(Place::Header, response.header(HEADER)), (Place::Code, member("code")), (Place::Type, member("__type"))]
        .into_iter()
        .filter_map(|(place, raw)| Some(ErrorCode { place, raw: raw? }))
        .filter(|code| !code.name().is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanitize_cuts_at_the_colon_then_at_the_hash() {
        for (code, name) in [
            ("FooError", "FooError"),
            ("FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/", "FooError"),
            ("aws.protocoltests.json#FooError", "FooError"),
            ("aws.protocoltests.json#FooError:http://internal.amazon.com/coral/com.amazon.coral.validate/", "FooError"),
            ("NotAuthorizedException:", "NotAuthorizedException"),
            ("a#b#C", "b#C"),
            ("C:x#y", "C"),
            ("", ""),
            (":", ""),
            ("a#", ""),
        ] {
            assert_eq!(sanitize(code), name, "{code}");
        }
    }

    #[test]
    fn header_goes_before_code_and_code_before_type() {
        let response = Response {
            status: 400,
            headers: vec![("x-AMZN-errortype".to_owned(), b"A:".to_vec())],
            body: br#"{"__type":"n#C","code":"B","message":"m"}"#.to_vec(),
        };
        let codes = error_codes(&response, &Object::parse(&response.body).unwrap());
        let names: Vec<_> = codes.iter().map(|code| (code.place, code.name())).collect();
        assert_eq!(names, [(Place::Header, "A"), (Place::Code, "B"), (Place::Type, "C")]);
    }

    #[test]
    fn what_is_not_a_string_at_the_top_level_names_nothing() {
        let response = Response {
            status: 400,
            headers: vec![],
            body: br#"{"__type":null,"code":4,"a":[{"__type":"X"}]}"#.to_vec(),
        };
        assert_eq!(error_codes(&response, &Object::parse(&response.body).unwrap()), []);
    }
}
