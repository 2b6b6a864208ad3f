//! Stand-ins: texts of the same form in the place of secrets, the same one for the same secret.

use std::collections::{HashMap, HashSet};

use rand::RngExt;

use crate::target::Secrets;

/// Signatures shorter than this are none.
const SIGNATURE: usize = 16;

/// Replaces the secrets of one run.
pub(super) struct StandIns<'a> {
    secrets: &'a Secrets,
    parts: Parts,
}

/// Each secret, or part of a token that is secret, with what stands for it.
#[derive(Default)]
struct Parts {
    known: HashMap<String, String>,
    made: HashSet<String>,
}

impl<'a> StandIns<'a> {
    pub(super) fn new(secrets: &'a Secrets) -> Self {
        StandIns { secrets, parts: Parts::default() }
    }

    /// The text with every secret, and the signature of every other token, replaced; `None` where a secret stands in it in
    /// part or in another encoding.
    pub(super) fn text(&mut self, text: &str) -> Option<String> {
        let parts = &mut self.parts;
        let replaced = self.secrets.replace(text, |secret| parts.of_secret(secret));
        let replaced = parts.of_tokens_in(&replaced);
        // What splits a secret is an escape in the JSON of the text; to look for it takes long, and few texts have it.
        let is_split = ["\0", "\\u", "chunked"].iter().any(|splits| replaced.contains(splits));
        let is_hidden = |text: &str| self.secrets.are_hidden_in(text);
        let hides =
            is_hidden(&replaced) || (is_split && is_hidden(&serde_json::Value::from(replaced.as_str()).to_string()));
        (!hides).then_some(replaced)
    }
}

impl Parts {
    fn of_secret(&mut self, secret: &str) -> String {
        let segments: Vec<&str> = secret.split('.').collect();
        match segments.as_slice() {
            // Signed: header and claims are no secret (RFC 7515, 3.1).
            [header, claims, signature] => format!("{header}.{claims}.{}", self.of_part(signature)),
            // Encrypted: only the header is none (RFC 7516, 3.1).
            [header, rest @ ..] if !rest.is_empty() => {
                let rest: Vec<String> = rest.iter().map(|part| self.of_part(part)).collect();
                format!("{header}.{}", rest.join("."))
            }
            _ => self.of_part(secret),
        }
    }

    /// The text with the signature of each token in it replaced: a token that a case has made has one that a server takes.
    fn of_tokens_in(&mut self, text: &str) -> String {
        let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let mut replaced = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("eyJ") {
            let (before, from) = rest.split_at(start);
            let (word, after) = from.split_at(from.find(|c| !is_token(c)).unwrap_or(from.len()));
            replaced.push_str(before);
            match word.rsplit_once('.') {
                Some((unsigned, signature)) if unsigned.contains('.') && signature.len() >= SIGNATURE => {
                    replaced.push_str(&format!("{unsigned}.{}", self.of_part(signature)));
                }
                _ => replaced.push_str(word),
            }
            rest = after;
        }
        replaced + rest
    }

    /// Letters and digits in the place of all but the last character, which in base64 is not any, and signs that part words.
    fn of_part(&mut self, part: &str) -> String {
        const WORD: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        if self.made.contains(part) {
            return part.to_owned();
        }
        if let Some(known) = self.known.get(part) {
            return known.clone();
        }
        let mut rng = rand::rng();
        let last = part.char_indices().next_back().map_or(0, |(at, _)| at);
        let stays = |at: usize, c: char| at == last || !(c.is_alphanumeric() || matches!(c, '-' | '_'));
        let stand_in: String = part
            .char_indices()
            .map(|(at, c)| if stays(at, c) { c } else { char::from(WORD[rng.random_range(..WORD.len())]) })
            .collect();
        self.known.insert(part.to_owned(), stand_in.clone());
        self.made.insert(stand_in.clone());
        stand_in
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.Zm9vYmFyLXRoaXMtaXMtYS1sb25nLXNpZ25hdHVyZS1vZi1hLXRva2Vu";
    const ENCRYPTED: &str = "eyJlbmMiOiJBMjU2R0NNIn0.a2V5a2V5a2V5a2V5.aXZpdml2aXY.Y2lwaGVydGV4dA.dGFndGFndGFndGFn";
    const SESSION: &str = "AYABeC-a+session/of=many_characters==";

    #[test]
    fn each_secret_has_one_stand_in_of_its_form() {
        let secrets = Secrets::default();
        for secret in [TOKEN, ENCRYPTED, SESSION] {
            secrets.add(secret);
        }
        let mut stand_ins = StandIns::new(&secrets);
        let text = stand_ins.text(&format!("{TOKEN} {ENCRYPTED} {SESSION}")).unwrap();
        let [token, encrypted, session] = text.split(' ').collect::<Vec<_>>()[..] else { panic!("{text}") };
        let (unsigned, signature) = TOKEN.rsplit_once('.').unwrap();
        let stand_in = token.strip_prefix(unsigned).unwrap();
        assert!(token.len() == TOKEN.len() && !text.contains(signature));
        assert!(encrypted.starts_with("eyJlbmMiOiJBMjU2R0NNIn0.") && !encrypted.contains("Y2lwaGVydGV4dA"));
        assert_eq!((encrypted.len(), session.len()), (ENCRYPTED.len(), SESSION.len()));
        assert!(session != SESSION && session.ends_with("=="), "{session}");
        // Also where the signature stands alone, and in what was replaced already.
        assert_eq!(stand_ins.text(signature).unwrap(), stand_in[1..]);
        assert_eq!(stand_ins.text(&text).unwrap(), text);
    }

    #[test]
    fn tokens_that_a_case_has_made_lose_their_signature() {
        let secrets = Secrets::default();
        let body = format!("{{\"AccessToken\":\"{TOKEN}\"}}");
        let text = StandIns::new(&secrets).text(&body).unwrap();
        assert!(text.len() == body.len() && !text.contains("Zm9vYmFy"), "{text}");
    }

    #[test]
    fn what_cannot_be_replaced_is_told() {
        let secrets = Secrets::default();
        secrets.add(TOKEN);
        let utf16: String = TOKEN.chars().flat_map(|c| [c, '\0']).collect();
        for hidden in [&TOKEN[TOKEN.len() - 60..TOKEN.len() - 2], &utf16] {
            assert_eq!(StandIns::new(&secrets).text(hidden), None, "{hidden}");
        }
    }
}
