//! Collected client data (W3C WebAuthn L3, 5.8.1): what the browser says that it signed, and where.

use serde_json::Value;

use crate::emulator::json;

/// The members that are acted on. Others are let be, as the specification asks.
pub(in crate::emulator) struct ClientData {
    /// `type`.
    pub(super) kind: String,
    /// In base64url.
    pub(in crate::emulator) challenge: String,
    pub(super) origin: String,
    /// Whether the page stood in a frame of another origin.
    pub(super) is_framed: bool,
}

impl ClientData {
    /// Reads `clientDataJSON`, already decoded. A byte order mark is skipped, as "UTF-8 decode" of 7.1 step 5 does.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let members = json::object(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))?;
        let text = |name| members.get(name)?.as_str().map(str::to_owned);
        let cross_origin = match members.get("crossOrigin") {
            None => false,
            Some(value) => value.as_bool()?,
        };
        Some(ClientData {
            kind: text("type")?,
            challenge: text("challenge")?,
            origin: text("origin")?,
            is_framed: cross_origin || members.get("topOrigin").is_some_and(|origin| *origin != Value::Null),
        })
    }

    /// Whether the origin is one of the relying party's: `https` on its domain or one below, any port; for `localhost`
    /// also `http`. Which origins Cognito takes is not documented; origins of Android apps are not taken here.
    pub(super) fn is_from(&self, relying_party: &str) -> bool {
        let (host, is_local) = match (self.origin.strip_prefix("https://"), self.origin.strip_prefix("http://")) {
            (Some(rest), _) => (rest, false),
            (None, Some(rest)) => (rest, true),
            (None, None) => return false,
        };
        let host = match host.split_once(':') {
            None => host,
            Some((host, port)) if is_port(port) => host,
            Some(_) => return false,
        };
        if is_local {
            return host == "localhost" && relying_party == "localhost";
        }
        let below = host.strip_suffix(relying_party).and_then(|rest| rest.strip_suffix('.'));
        host == relying_party || below.is_some_and(is_name)
    }
}

/// A decimal number without leading zeros that a port can have.
fn is_port(text: &str) -> bool {
    !text.starts_with(['0', '+']) && text.parse::<u16>().is_ok()
}

/// Labels of a domain, as an origin is serialised: in lower case and ASCII.
fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    text.split('.').all(|label| !label.is_empty() && label.chars().all(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(origin: &str, relying_party: &str) -> bool {
        let text = serde_json::json!({ "type": "a", "challenge": "b", "origin": origin }).to_string();
        ClientData::read(text.as_bytes()).unwrap().is_from(relying_party)
    }

    #[test]
    fn the_origin_is_on_the_domain_of_the_relying_party() {
        for good in
            ["https://example.com", "https://example.com:8443", "https://a.example.com", "https://b-1.a.example.com:1"]
        {
            assert!(from(good, "example.com"), "{good}");
        }
        for bad in [
            "",
            "null",
            "example.com",
            "http://example.com",
            "http://localhost",
            "wss://example.com",
            "https://example.com/",
            "https://example.com/a",
            "https://example.com:",
            "https://example.com:0",
            "https://example.com:+1",
            "https://example.com:65536",
            "https://example.com:1:2",
            "https://evil-example.com",
            "https://.example.com",
            "https://a..example.com",
            "https://evil.test/.example.com",
            "https://evil.test?.example.com",
            "https://user@a.example.com",
            "https://A.example.com",
            "https://example.com.evil.test",
            "https://com",
            "https://EXAMPLE.com",
            "android:apk-key-hash:AAAA",
        ] {
            assert!(!from(bad, "example.com"), "{bad}");
        }
        for good in ["http://localhost", "http://localhost:3000", "https://localhost:3000"] {
            assert!(from(good, "localhost"), "{good}");
        }
        for bad in ["http://a.localhost", "http://localhost.evil.test", "http://127.0.0.1"] {
            assert!(!from(bad, "localhost"), "{bad}");
        }
    }

    #[test]
    fn members_are_of_their_types_and_others_are_let_be() {
        let good = r#"{"type":"a","challenge":"b","origin":"c","crossOrigin":false,"new":{"a":[1]}}"#;
        let read = |text: &str| ClientData::read(text.as_bytes());
        assert!(read(good).is_some_and(|data| !data.is_framed));
        assert!(read(&format!("\u{feff}{good}")).is_some());
        assert!(read(&good.replace("false", "true")).is_some_and(|data| data.is_framed));
        assert!(read(&good.replace("\"new\":{", "\"topOrigin\":{")).is_some_and(|data| data.is_framed));
        for (from, to) in [
            ("\"a\"", "1"),
            ("\"b\"", "null"),
            ("\"c\"", "[]"),
            ("false", "\"false\""),
            ("false", "null"),
            ("\"type\"", "\"Type\""),
            ("\"new\"", "\"origin\""),
            ("{\"type", "[{\"type"),
            ("}}", "}}x"),
        ] {
            assert!(read(&good.replacen(from, to, 1)).is_none(), "{from} -> {to}");
        }
    }
}
