//! Reading single members of a served answer, for cases that compare them; the rules of options are judged elsewhere.

use serde_json::Value;

use super::Recorded;
use crate::cognito::START;

/// The creation options of an answer.
pub(super) fn options(recorded: &Recorded) -> Option<Value> {
    let response = recorded.exchange.result.as_ref().ok()?;
    let mut body: Value = serde_json::from_slice(&response.body).ok()?;
    Some(body.get_mut(START.output[0].name)?.take())
}

/// The text at a place in the creation options of an answer.
pub(super) fn member(recorded: &Recorded, pointer: &str) -> Option<String> {
    options(recorded)?.pointer(pointer)?.as_str().map(str::to_owned)
}
