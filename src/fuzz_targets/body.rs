//! The three readers of JSON that meet in the judge, held to each other: the one of answers and bodies
//! ([`Object`]), the one of creation options ([`Json`]), which shares no code with it, and serde_json's of whole values.

use serde_json::{Map, Value};

use crate::options::json::{Json, Kind};
use crate::wire::json::{self, Object};

/// How deep serde_json reads.
const DEEPEST: usize = 127;

/// Reads bytes with all three.
pub(super) fn hold(bytes: &[u8]) {
    let object = Object::parse(bytes);
    let whole = serde_json::from_slice::<Map<String, Value>>(bytes);
    let strict = Json::parse(bytes).ok().filter(|json| !json.byte_order_mark && json.root().kind() == Kind::Object);
    // The name of a member cannot be text with a surrogate without its pair; that of a member within can.
    let has_name = strict.as_ref().is_none_or(|json| json.root().members().all(|(name, _)| !name.has_lone_surrogate()));
    let (Some(strict), Ok(object)) = (strict.filter(|_| has_name), &object) else {
        assert!(object.is_err() && whole.is_err(), "one reader takes for an object what another does not");
        return;
    };
    assert_eq!(object.members.len(), strict.root().members().count());
    for (member, (name, value)) in object.members.iter().zip(strict.root().members()) {
        assert_eq!(Some(&*member.name), name.string());
        assert_eq!(member.text(), value.raw());
        assert_eq!(member.kind(), kind(value.kind()));
        if !value.has_lone_surrogate() {
            assert_eq!(member.string().as_deref(), value.string());
        }
    }
    let is_beyond = strict.depth > DEEPEST
        || strict.values().any(|value| match value.kind() {
            Kind::Number(text) => text.parse::<f64>().is_ok_and(f64::is_infinite),
            _ => value.has_lone_surrogate(),
        });
    assert_eq!(whole.is_err(), is_beyond, "serde_json: {whole:?}");
    if let Ok(whole) = whole {
        let token = object.last("AccessToken").and_then(json::Member::string);
        assert_eq!(whole.get("AccessToken").and_then(Value::as_str), token.as_deref());
    }
}

fn kind(kind: Kind<'_>) -> json::Kind {
    match kind {
        Kind::Null => json::Kind::Null,
        Kind::Boolean(_) => json::Kind::Boolean,
        Kind::Number(_) => json::Kind::Number,
        Kind::String(_) => json::Kind::String,
        Kind::Array => json::Kind::Array,
        Kind::Object => json::Kind::Object,
    }
}
