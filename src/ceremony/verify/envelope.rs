//! The JSON that a credential is sent in.

use std::sync::LazyLock;

use data_encoding::{BASE64URL_NOPAD, Encoding};
use serde_json::{Map, Value};

use super::{Broken, holds};
use crate::ceremony::defects::steps::Steps;

/// Base64 in any spelling: either alphabet, padding or none, line breaks.
#[expect(clippy::expect_used, reason = "the specification never changes, and every test reads it")]
static ANY_BASE64: LazyLock<Encoding> = LazyLock::new(|| {
    let mut any = BASE64URL_NOPAD.specification();
    any.check_trailing_bits = false;
    any.translate.from = "+/".to_owned();
    any.translate.to = "-_".to_owned();
    any.ignore = "= \t\r\n".to_owned();
    any.encoding().expect("an encoding")
});

/// What every credential has.
pub(super) struct Envelope<'a> {
    /// The credential id.
    pub(super) id: Vec<u8>,
    response: &'a Map<String, Value>,
    rule: Broken,
}

impl<'a> Envelope<'a> {
    pub(super) fn read(document: &'a Value, steps: &Steps) -> Result<Self, Broken> {
        let members = document.as_object().ok_or(steps.response)?;
        let response = members.get("response").and_then(Value::as_object).ok_or(steps.response)?;
        holds(members.get("type").is_some_and(|kind| kind == "public-key"), steps.identity)?;
        let id = members.get("id").and_then(decoded).ok_or(steps.identity)?;
        // An empty id can be that of the credential: then there is another rule.
        let is_of_raw = |raw: &Value| decoded(raw).is_some_and(|raw| raw == id);
        holds(members.get("rawId").is_none_or(is_of_raw), steps.identity)?;
        Ok(Envelope { id, response, rule: steps.response })
    }

    /// A byte string of the response.
    pub(super) fn bytes(&self, name: &str) -> Result<Vec<u8>, Broken> {
        self.response.get(name).and_then(decoded).ok_or(self.rule)
    }

    /// One that may be missing.
    pub(super) fn optional_bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Broken> {
        match self.response.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.bytes(name).map(Some),
        }
    }
}

fn decoded(text: &Value) -> Option<Vec<u8>> {
    ANY_BASE64.decode(text.as_str()?.as_bytes()).ok()
}
