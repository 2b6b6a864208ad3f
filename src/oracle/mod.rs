//! Oracles: pure functions that decide whether answers are right, and say which rule is broken where they are not.

pub mod across;
mod call;
pub mod ceremony;
pub mod labels;
pub mod response;
mod secrecy;
pub mod sessions;

pub use call::call;
pub use secrecy::{SecretParts, secrecy};

use crate::cognito::{CONTENT_TYPE, Finding, Operation, START};
use crate::options::{self, Context, Profile};
use crate::wire::json::Object;
use crate::wire::{Class, Classification, Framing, Request, Response};

/// A server may refuse larger requests before its protocol sees them, in the words of HTTP alone.
const LARGE_BODY: usize = 512 * 1024;

/// As [`LARGE_BODY`], for the bytes of the header fields together.
const LARGE_HEAD: usize = 4 * 1024;

/// As [`LARGE_BODY`], for the number of header fields.
const MANY_FIELDS: usize = 32;

/// All that is wrong with one answer by itself: the answer as such, the error, and the creation options in it.
///
/// An answer to a request that is wrong as HTTP, or in another protocol, is only looked through for secrets: HTTP's own layer
/// may give it, rightly without a word of AWS JSON. So is the success of another operation.
#[must_use]
pub fn answer(
    operation: &Operation,
    request: &Request,
    response: &Response,
    classification: &Classification,
    secrets: &SecretParts,
) -> Vec<Finding> {
    let mut findings = secrecy(response, secrets);
    if let Some(sent) = sensitive_input(operation, request) {
        findings.extend(secrecy(response, &SecretParts::from_iter([sent.as_str()])));
    }
    let is_success = matches!(classification.class, Class::Success);
    if !is_of_the_protocol(request) || (is_success && request.target() != Some(operation)) {
        return findings;
    }
    findings.extend(response::findings(operation, response, classification));
    if is_success
        && operation == &START
        && let Ok(options) = options::from_response(&response.body)
    {
        findings.extend(options.findings());
        findings.extend(options::check(options.text.as_bytes(), &Context::new(Profile::Cognito)));
    }
    findings
}

/// The text that was sent for the operation's sensitive member: what is no token is not to come back either. Plain words
/// are passed over: an answer can hold them for reasons of its own, as it does where the name of its error was sent.
fn sensitive_input(operation: &Operation, request: &Request) -> Option<String> {
    let member = operation.input.iter().find(|member| member.sensitive)?;
    // Its members only, not all that is in them: bodies can be large and deep.
    let sent = Object::parse(&request.body).ok()?.last(member.name)?.string()?;
    let is_words = sent.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ');
    (!is_words).then_some(sent)
}

/// Whether the request is well-formed HTTP of ordinary size, and says that it is AWS JSON 1.1.
fn is_of_the_protocol(request: &Request) -> bool {
    let content_types: Vec<_> =
        request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("content-type")).collect();
    let says_so = |value: &[u8]| value.to_ascii_lowercase().starts_with(CONTENT_TYPE.as_bytes());
    // What no header field can hold goes out as it stands (RFC 9110, 5.5).
    let is_field = |value: &[u8]| value.iter().all(|byte| *byte == b'\t' || (*byte >= 0x20 && *byte != 0x7f));
    let head: usize = request.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    request.framing == Framing::Length
        && request.method == "POST"
        && request.path == "/"
        && request.body.len() <= LARGE_BODY
        && head <= LARGE_HEAD
        && request.headers.len() <= MANY_FIELDS
        && request.headers.iter().all(|(_, value)| is_field(value))
        && matches!(content_types[..], [(_, value)] if says_so(value))
}
