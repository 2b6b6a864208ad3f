//! The secrets of a run, and the redaction of every text that leaves it.

use std::collections::{BTreeSet, HashMap};
use std::sync::{PoisonError, RwLock};

use crate::oracle::SecretParts;

/// What stands in place of a secret.
const REDACTED: &str = "<redacted>";

/// The shortest text that is looked for: shorter ones would redact what is no secret.
const SHORTEST: usize = 8;

/// Every token, password and key that a run has seen.
#[derive(Debug, Default)]
pub struct Secrets(RwLock<Seen>);

#[derive(Default)]
struct Seen {
    /// The secrets by their beginnings: looking through a text takes as long for a thousand as for one.
    texts: HashMap<[u8; SHORTEST], BTreeSet<String>>,
    parts: SecretParts,
}

impl Seen {
    /// Remembers a text; whether it is new. A short one is passed over.
    fn insert(&mut self, secret: &str) -> bool {
        let beginning = secret.as_bytes().first_chunk();
        beginning.is_some_and(|beginning| self.texts.entry(*beginning).or_default().insert(secret.to_owned()))
    }

    /// The longest secret that the text begins with, so that a whole token is found before its signature.
    fn at_start_of(&self, text: &str) -> Option<&str> {
        let candidates = self.texts.get(text.as_bytes().first_chunk::<SHORTEST>()?)?;
        candidates.iter().filter(|secret| text.starts_with(secret.as_str())).max_by_key(|s| s.len()).map(String::as_str)
    }
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.texts.values().map(BTreeSet::len).sum::<usize>())
    }
}

impl Secrets {
    /// Remembers a secret. A token's signature is remembered by itself too: with it anyone can put the token together.
    pub fn add(&self, secret: &str) {
        let mut seen = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if seen.insert(secret) {
            seen.parts.add(secret);
        }
        if let Some((_, signature)) = secret.rsplit_once('.') {
            seen.insert(signature);
        }
    }

    /// Remembers the tokens of a sign-in that this answer gives, and its Session, which the next answer may rightly repeat.
    pub fn add_answer(&self, body: &[u8]) {
        let Ok(answer) = serde_json::from_slice::<serde_json::Value>(body) else { return };
        let text = |pointer: &str| answer.pointer(pointer).and_then(serde_json::Value::as_str);
        for token in ["AccessToken", "IdToken", "RefreshToken"] {
            if let Some(token) = text(&format!("/AuthenticationResult/{token}")) {
                self.add(token);
            }
        }
        if let Some(session) = text("/Session") {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(session);
        }
    }

    /// Hands out what answers are searched for.
    pub fn search<T>(&self, search: impl FnOnce(&SecretParts) -> T) -> T {
        search(&self.0.read().unwrap_or_else(PoisonError::into_inner).parts)
    }

    /// Every secret.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let seen = self.0.read().unwrap_or_else(PoisonError::into_inner);
        seen.texts.values().flatten().cloned().collect()
    }

    /// The text with every secret in it redacted.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.replace(text, |_| REDACTED.to_owned())
    }

    /// The text with every secret in it replaced by what `stand_in` gives for it.
    #[must_use]
    pub fn replace(&self, text: &str, mut stand_in: impl FnMut(&str) -> String) -> String {
        let seen = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut redacted = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = match seen.at_start_of(rest) {
                Some(secret) => {
                    redacted.push_str(&stand_in(secret));
                    secret.len()
                }
                None => {
                    redacted.push(first);
                    first.len_utf8()
                }
            };
            rest = &rest[length..];
        }
        redacted
    }

    /// Whether a secret is in the text in part or in another encoding, which [`Secrets::redact`] does not find.
    #[must_use]
    pub fn are_hidden_in(&self, text: &str) -> bool {
        if self.search(|parts| parts.are_in(text.as_bytes())) {
            return true;
        }
        // Each encoding that splits characters leaves one of these; most texts have none, and need no closer look.
        if !["\\x", "\\u", "\\r\\n"].iter().any(|mark| text.contains(mark)) {
            return false;
        }
        let unescaped = unescaped(text);
        self.all().iter().any(|secret| {
            // Of a token only the signature is secret; what is before it may stand anywhere.
            let secret = secret.rsplit('.').next().unwrap_or(secret).as_bytes();
            is_spread(secret, text.as_bytes()) || is_spread(secret, unescaped.as_bytes())
        })
    }
}

/// The text with JSON's `u` escapes as the characters.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        match code {
            Some(c) => {
                plain.push(c);
                plain.push_str(&part[4..]);
            }
            None => plain.push_str(part),
        }
    }
    plain
}

/// Whether a long run of the secret's characters stands in the bytes with little between them, as where a text is in UTF-16,
/// escaped character by character, or cut in chunks.
fn is_spread(secret: &[u8], bytes: &[u8]) -> bool {
    /// So many characters in a row are no chance.
    const RUN: usize = 32;
    /// The most bytes between two of them.
    const GAP: usize = 16;
    let Some(head) = secret.get(..RUN) else { return false };
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == head[0]).map(|(at, _)| at);
    let follows = |start: usize| {
        head[1..].iter().try_fold(start + 1, |from, wanted| {
            let window = bytes.get(from..bytes.len().min(from + GAP + 1))?;
            window.iter().position(|byte| byte == wanted).map(|at| from + at + 1)
        })
    };
    starts.map(follows).any(|end| end.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.Zm9vYmFyLXRoaXMtaXMtYS1sb25nLXNpZ25hdHVyZS1vZi1hLXRva2Vu";

    fn secrets() -> Secrets {
        let secrets = Secrets::default();
        secrets.add(TOKEN);
        secrets
    }

    #[test]
    fn a_token_and_its_signature_are_redacted() {
        let signature = TOKEN.rsplit('.').next().unwrap();
        assert_eq!(secrets().redact(&format!("a {TOKEN} b")), "a <redacted> b");
        assert_eq!(secrets().redact(&format!("a {signature} b")), "a <redacted> b");
    }

    #[test]
    fn a_part_of_a_secret_is_seen() {
        assert!(secrets().are_hidden_in(&format!("cut: {}", &TOKEN[..TOKEN.len() - 1])));
        assert!(!secrets().are_hidden_in(TOKEN.rsplit_once('.').unwrap().0));
    }

    #[test]
    fn a_secret_in_another_encoding_is_seen() {
        let utf16: String = TOKEN.chars().map(|c| format!("{c}\\x00")).collect();
        let chunks: String = TOKEN.chars().map(|c| format!("1\\r\\n{c}\\r\\n")).collect();
        let escapes: String = TOKEN.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        for text in [utf16, chunks, escapes] {
            assert!(secrets().are_hidden_in(&text), "{text}");
        }
        assert!(!secrets().are_hidden_in("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2hvcnQ and more text, of no interest"));
    }
}
