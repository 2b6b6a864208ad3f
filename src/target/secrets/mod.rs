//! The secrets of a run, and the redaction of every text that leaves it.

mod forms;
mod index;
mod own_words;
mod spread;

use std::fmt;
use std::sync::{PoisonError, RwLock};

pub use forms::Form;

use crate::oracle::SecretParts;
use index::Index;
use spread::Heads;

/// What stands in place of a secret.
const REDACTED: &str = "<redacted>";

/// What stands in place of a text that holds a secret in part or in another encoding, where it cannot be cut out.
const WITHHELD: &str = "<withheld: a secret stands in it, in part or in another encoding>";

/// The shortest value that a server can make a secret: a Session has 20 characters or more (API reference), and no token is
/// hard to guess that has fewer. A server that hands out words could have them redacted everywhere.
const SHORTEST_GIVEN: usize = 20;

/// How many layers of escapes are looked through in an artefact: its own, and one that a server put on.
const LAYERS: usize = 2;

/// The same in a text before it goes into an artefact, which may escape it twice (a curl line in a JSON report): whatever the
/// artefact's scan can see is seen here before, so that no server can make an artefact be refused.
const LAYERS_BEFORE: usize = 4;

/// How many characters in a row of a long secret are a part of it.
const BLOCK: usize = 24;

/// What kind of secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecretKind {
    /// A token, or its signature.
    Token,
    /// The Session of a challenge.
    Session,
    /// A user's password.
    Password,
    /// A private key that signs tokens.
    SigningKey,
    /// The secret part of AWS credentials: a secret access key or a session token.
    AwsCredential,
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SecretKind::Token => "a token or its signature",
            SecretKind::Session => "a Session",
            SecretKind::Password => "a password",
            SecretKind::SigningKey => "a signing key",
            SecretKind::AwsCredential => "an AWS credential",
        })
    }
}

/// A secret that was seen where none may be. It does not hold the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What kind of secret, whole or a long part of it.
    pub kind: SecretKind,
    /// The form in which it stands there.
    pub form: Form,
}

impl fmt::Display for Sighting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.kind, self.form)
    }
}

/// Every token, password and key that a run has seen.
#[derive(Debug, Default)]
pub struct Secrets(RwLock<Seen>);

#[derive(Default)]
struct Seen {
    /// The secrets as they are cut out of texts.
    texts: Index,
    /// What no text may hold: short secrets, and of long ones the consecutive blocks.
    blocks: Index,
    /// What no text may hold character by character, either.
    heads: Heads,
    /// What answers are searched for.
    parts: SecretParts,
    /// How many secrets are known.
    count: usize,
}

impl Seen {
    fn add(&mut self, kind: SecretKind, secret: &str) {
        let is_new = match kind {
            SecretKind::Token => self.add_token(secret),
            // The first half of a private key in PEM has the modulus, which is public. Its lines are secrets each by itself.
            SecretKind::SigningKey => {
                let lines: Vec<&str> =
                    secret.lines().filter(|line| !line.starts_with("-----")).map(str::trim).collect();
                lines[lines.len() / 2..].iter().filter(|line| self.add_text(kind, line)).count() > 0
            }
            // The next answer may rightly repeat it.
            SecretKind::Session => self.add_text(kind, secret),
            SecretKind::Password | SecretKind::AwsCredential => {
                self.parts.add_whole(secret);
                self.add_text(kind, secret)
            }
        };
        self.count += usize::from(is_new);
    }

    /// A token and its signature: with that anyone can put the token together. Header and claims alone are no secret: answers
    /// rightly tell what is in them, in the same encoding, and reports are there to show it.
    fn add_token(&mut self, token: &str) -> bool {
        if !self.insert(SecretKind::Token, token) {
            return false;
        }
        // A token without one is secret as a whole.
        let signature = token.rsplit_once('.').map_or(token, |(_, signature)| signature);
        if signature == token || can_be_given(signature) {
            self.parts.add_whole(signature);
            self.add_text(SecretKind::Token, signature);
            if let Ok(bytes) = data_encoding::BASE64URL_NOPAD.decode(signature.as_bytes()) {
                self.add_blocks(SecretKind::Token, &bytes);
            }
        }
        true
    }

    /// A secret that is cut out where it stands, and seen where it is hidden; whether it is new.
    fn add_text(&mut self, kind: SecretKind, secret: &str) -> bool {
        self.add_blocks(kind, secret.as_bytes());
        self.insert(kind, secret)
    }

    /// A secret that is cut out where it stands; whether it is new.
    fn insert(&mut self, kind: SecretKind, secret: &str) -> bool {
        let is_new = self.texts.insert(kind, secret.as_bytes(), self.count);
        if is_new {
            self.heads.insert(secret.as_bytes(), self.count);
        }
        is_new
    }

    /// Of a long secret, any part of twice a block's length holds a whole block.
    fn add_blocks(&mut self, kind: SecretKind, secret: &[u8]) {
        if secret.len() < BLOCK {
            self.blocks.insert(kind, secret, self.count);
        }
        for block in secret.chunks_exact(BLOCK) {
            self.blocks.insert(kind, block, self.count);
        }
    }

    fn sighting(&self, bytes: &[u8], layers: usize, known: usize) -> Option<Sighting> {
        let look = |bytes: &[u8]| self.blocks.find_in(bytes, known).map(|(_, entry)| entry.kind);
        forms::find(bytes, layers, look).map(|(form, kind)| Sighting { kind, form })
    }

    fn redact(&self, text: &str, known: usize) -> String {
        self.replace(text, known, |_| REDACTED.to_owned())
    }

    fn replace(&self, text: &str, known: usize, mut stand_in: impl FnMut(&str) -> String) -> String {
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, secret)) = self.texts.find_in(rest.as_bytes(), known) {
            let (secret, after) = rest[at..].split_at(secret.bytes.len());
            replaced.push_str(&rest[..at]);
            replaced.push_str(&stand_in(secret));
            rest = after;
        }
        replaced.push_str(rest);
        replaced
    }

    fn are_hidden_in(&self, text: &str, known: usize) -> bool {
        self.sighting(text.as_bytes(), LAYERS_BEFORE, known).is_some() || self.heads.are_spread_over(text, known)
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} secrets", self.texts.all().count())
    }
}

impl Secrets {
    fn seen(&self) -> std::sync::RwLockReadGuard<'_, Seen> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a token that a server gave or that was signed with its key, and its signature by itself. What is too short
    /// for a token, or no word that headers can carry (RFC 6750, 2.1), is passed over, and so is what reports say anyhow.
    pub fn add(&self, token: &str) {
        if can_be_given(token) {
            self.add_own(SecretKind::Token, token);
        }
    }

    /// Remembers a secret that a person gave or that was made here. One of fewer than 8 bytes is passed over.
    pub fn add_own(&self, kind: SecretKind, secret: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).add(kind, secret);
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
        if let Some(session) = text("/Session").filter(|session| can_be_given(session)) {
            self.add_own(SecretKind::Session, session);
        }
    }

    /// Hands out what answers are searched for.
    pub fn search<T>(&self, search: impl FnOnce(&SecretParts) -> T) -> T {
        search(&self.seen().parts)
    }

    /// Every secret that is text.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let texts = |entry: &index::Entry| String::from_utf8_lossy(&entry.bytes).into_owned();
        self.seen().texts.all().map(texts).collect()
    }

    /// A secret that is in an artefact, in any form.
    #[must_use]
    pub fn sighting(&self, artefact: &[u8]) -> Option<Sighting> {
        let seen = self.seen();
        forms::parts(artefact).find_map(|part| seen.sighting(part, LAYERS, 0))
    }

    /// The text with every secret in it replaced, and the whole text where a secret cannot be cut out of it.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        self.clean_of_later(text, 0)
    }

    /// How many secrets are known.
    #[must_use]
    pub fn count(&self) -> usize {
        self.seen().count
    }

    /// The same for a text that was cleaned when so many secrets were known: a server can tell what it will give only later.
    #[must_use]
    pub fn clean_of_later(&self, text: &str, known: usize) -> String {
        let seen = self.seen();
        if seen.count <= known {
            return text.to_owned();
        }
        let text = seen.redact(text, known);
        if seen.are_hidden_in(&text, known) { WITHHELD.to_owned() } else { text }
    }

    /// The text with every secret in it replaced that stands there as it is.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.seen().redact(text, 0)
    }

    /// The same with what `stand_in` gives in the place of each secret.
    #[must_use]
    pub fn replace(&self, text: &str, stand_in: impl FnMut(&str) -> String) -> String {
        self.seen().replace(text, 0, stand_in)
    }

    /// Whether a secret is in the text in part or in another encoding, which [`Secrets::redact`] does not find.
    #[must_use]
    pub fn are_hidden_in(&self, text: &str) -> bool {
        self.seen().are_hidden_in(text, 0)
    }
}

/// Whether a value that a server gave can be a secret: long enough, written in the characters of bearer tokens (RFC 6750, 2.1),
/// and not a word of the API or of reports.
fn can_be_given(value: &str) -> bool {
    value.len() >= SHORTEST_GIVEN
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
        && !own_words::have(value)
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
