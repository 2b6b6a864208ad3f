//! The secrets of a run, and the redaction of every text that leaves it.

use std::collections::BTreeSet;
use std::sync::RwLock;

/// What stands in place of a secret.
const REDACTED: &str = "<redacted>";

/// The shortest text that is looked for: shorter ones would redact what is no secret.
const SHORTEST: usize = 8;

/// Every token, password and key that a run has seen.
#[derive(Debug, Default)]
pub struct Secrets(RwLock<BTreeSet<String>>);

impl Secrets {
    /// Remembers a secret. A token's signature is remembered by itself too: with it anyone can put the token together.
    pub fn add(&self, secret: &str) {
        let Ok(mut secrets) = self.0.write() else { return };
        if secret.len() >= SHORTEST {
            secrets.insert(secret.to_owned());
        }
        if let Some((_, signature)) = secret.rsplit_once('.').filter(|(_, s)| s.len() >= SHORTEST) {
            secrets.insert(signature.to_owned());
        }
    }

    /// Every secret, the longest first, so that a whole token is found before its signature.
    #[must_use]
    pub fn all(&self) -> Vec<String> {
        let mut all: Vec<_> = self.0.read().map(|s| s.iter().cloned().collect()).unwrap_or_default();
        all.sort_by_key(|secret: &String| std::cmp::Reverse(secret.len()));
        all
    }

    /// The text with every secret in it replaced.
    #[must_use]
    pub fn redact(&self, text: &str) -> String {
        self.all().iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), REDACTED))
    }
}
