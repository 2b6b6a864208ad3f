//! The shape of an access token: what can be refused without knowing anything.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use crate::emulator::json;

/// A token with the shape of an access token, of which nothing is proved yet.
pub(super) struct Unverified<'t> {
    pub(super) kid: String,
    pub(super) claims: Claims,
    /// Header and claims as they came: what the signature is over.
    pub(super) signed: &'t str,
    pub(super) signature: &'t str,
}

/// The claims that are acted on.
pub(super) struct Claims {
    pub(super) sub: String,
    pub(super) iss: String,
    pub(super) client_id: String,
    pub(super) origin_jti: Option<String>,
    pub(super) scope: String,
    pub(super) username: String,
    /// Times in Unix seconds.
    pub(super) auth_time: u64,
    pub(super) iat: u64,
    pub(super) exp: u64,
    pub(super) nbf: Option<u64>,
}

impl<'t> Unverified<'t> {
    /// Reads a token. `None` where it has not the shape of an access token.
    pub(super) fn read(token: &'t str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header = object(header)?;
        let claims = Claims::read(&object(claims)?)?;
        decode(signature)?;
        if header.get("alg")? != "RS256" || header.contains_key("crit") {
            return None;
        }
        let kid = header.get("kid")?.as_str()?.to_owned();
        Some(Unverified { kid, claims, signed, signature })
    }
}

impl Claims {
    fn read(claims: &Map<String, Value>) -> Option<Self> {
        let text = |name| claims.get(name)?.as_str().map(str::to_owned);
        let time = |name| claims.get(name)?.as_u64();
        let optional = |name| claims.contains_key(name).then_some(name);
        if text("token_use")? != "access" {
            return None;
        }
        // What nobody acts on must still be there, and be text.
        text("event_id")?;
        text("jti")?;
        Some(Claims {
            sub: text("sub")?,
            iss: text("iss")?,
            client_id: text("client_id")?,
            origin_jti: match optional("origin_jti") {
                Some(name) => Some(text(name)?),
                None => None,
            },
            scope: text("scope")?,
            username: text("username")?,
            auth_time: time("auth_time")?,
            iat: time("iat")?,
            exp: time("exp")?,
            nbf: match optional("nbf") {
                Some(name) => Some(time(name)?),
                None => None,
            },
        })
    }
}

/// A segment's bytes: base64url without padding, the unused bits zero, and not empty.
fn decode(segment: &str) -> Option<Vec<u8>> {
    BASE64URL_NOPAD.decode(segment.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
}

/// A segment's JSON object, whose member names are unique (RFC 7519, 4).
fn object(segment: &str) -> Option<Map<String, Value>> {
    json::object(&decode(segment)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn header() -> Value {
        json!({ "kid": "k", "alg": "RS256" })
    }

    fn claims() -> Value {
        json!({
            "sub": "s", "iss": "i", "client_id": "c", "origin_jti": "o", "event_id": "e", "token_use": "access",
            "scope": "a", "auth_time": 1, "exp": 3, "iat": 2, "jti": "j", "username": "u",
        })
    }

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(claims.as_bytes()))
    }

    fn readable(header: &Value, claims: &Value) -> bool {
        Unverified::read(&token(&header.to_string(), &claims.to_string())).is_some()
    }

    #[test]
    fn a_sound_token_is_read() {
        assert!(readable(&header(), &claims()));
    }

    #[test]
    fn every_claim_must_be_there_and_of_its_type() {
        for name in claims().as_object().unwrap().keys() {
            let mut without = claims();
            without.as_object_mut().unwrap().shift_remove(name);
            assert_eq!(readable(&header(), &without), name == "origin_jti", "without {name}");
            for wrong in [json!(null), json!(true), json!([]), json!({}), json!(1.5), json!("1"), json!(-1), json!(1)] {
                let same_type =
                    wrong.is_string() == claims()[name].is_string() && wrong.is_u64() == claims()[name].is_u64();
                let mut with = claims();
                with[name] = wrong.clone();
                let expected = same_type && name != "token_use";
                assert_eq!(readable(&header(), &with), expected, "{name}: {wrong}");
            }
        }
        for nbf in [json!("1"), json!(null), json!(1.0)] {
            let mut with = claims();
            with["nbf"] = nbf;
            assert!(!readable(&header(), &with));
        }
    }

    #[test]
    fn only_rs256_without_critical_extensions() {
        for (name, value) in [("alg", json!("none")), ("alg", json!("HS256")), ("crit", json!([])), ("kid", json!(1))] {
            let mut with = header();
            with[name] = value;
            assert!(!readable(&with, &claims()), "{with}");
        }
        for name in ["alg", "kid"] {
            let mut without = header();
            without.as_object_mut().unwrap().shift_remove(name);
            assert!(!readable(&without, &claims()), "without {name}");
        }
    }

    #[test]
    fn segments_are_canonical_base64url_of_one_object_each() {
        let good = token(&header().to_string(), &claims().to_string());
        let (signed, _) = good.rsplit_once('.').unwrap();
        for bad in [
            format!("{good}="),
            format!("{good}.c2ln"),
            format!("{signed}."),
            format!("{signed}.c2lh="),
            // "c2k" and "c2l" decode to the same two bytes for a lenient decoder.
            format!("{signed}.c2l"),
            format!("{signed}.c2l+"),
            signed.to_owned(),
            String::new(),
            "..".to_owned(),
        ] {
            assert!(Unverified::read(&bad).is_none(), "{bad}");
        }
        for (bad_header, bad_claims) in [
            ("[]".to_owned(), claims().to_string()),
            (header().to_string(), r#"["access"]"#.to_owned()),
            (header().to_string(), claims().to_string() + "x"),
            (r#"{"alg":"none","kid":"k","alg":"RS256"}"#.to_owned(), claims().to_string()),
            (header().to_string(), claims().to_string().replace(r#""exp":3"#, r#""exp":3,"exp":4"#)),
            (header().to_string(), "\u{feff}".to_owned() + &claims().to_string()),
        ] {
            assert!(Unverified::read(&token(&bad_header, &bad_claims)).is_none(), "{bad_header} {bad_claims}");
        }
    }
}
