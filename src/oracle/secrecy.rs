//! Whether an answer hands a secret back.

use std::collections::{HashMap, HashSet};

use crate::cognito::Finding;
use crate::cognito::rules::response as rules;
use crate::wire::Response;

/// How many characters in a row of a long secret are a part of it.
const PART: usize = 24;

/// A shorter secret could stand in an answer by chance.
const SHORTEST: usize = 8;

/// What answers are searched for. Looking through an answer takes as long for a thousand secrets as for one.
///
/// Of a token only the signature counts: its header and claims tell what other answers tell rightly, in the same encoding
/// (`user.id` is the base64url of a claim). A secret of less than 8 characters is passed over. Of one of 24 or more, any part
/// of 47 or more characters in a row is seen.
#[derive(Clone, Debug, Default)]
pub struct SecretParts {
    /// The consecutive blocks of long secrets.
    blocks: HashSet<[u8; PART]>,
    /// The bytes that are in blocks: texts are mostly words, with others in between, and need no look into the set.
    in_blocks: Bytes,
    /// Secrets that are shorter than a block, by their beginnings.
    short: HashMap<[u8; SHORTEST], HashSet<String>>,
    /// The bytes with which these begin.
    short_first: Bytes,
}

/// A set of bytes.
#[derive(Clone, Debug)]
struct Bytes([bool; 256]);

impl Default for Bytes {
    fn default() -> Self {
        Bytes([false; 256])
    }
}

impl Bytes {
    fn add(&mut self, byte: u8) {
        self.0[usize::from(byte)] = true;
    }

    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

impl SecretParts {
    /// Adds a token, of which only the signature counts.
    pub fn add(&mut self, token: &str) {
        self.add_whole(token.rsplit('.').next().unwrap_or(token));
    }

    /// Adds a secret that has no public parts.
    pub fn add_whole(&mut self, secret: &str) {
        match secret.len() {
            0..SHORTEST => {}
            SHORTEST..PART => {
                if let Some(beginning) = secret.as_bytes().first_chunk() {
                    self.short_first.add(beginning[0]);
                    self.short.entry(*beginning).or_default().insert(secret.to_owned());
                }
            }
            PART.. => {
                for block in secret.as_bytes().as_chunks::<PART>().0 {
                    block.iter().for_each(|byte| self.in_blocks.add(*byte));
                    self.blocks.insert(*block);
                }
            }
        }
    }

    /// Whether one of them is in the text.
    pub(crate) fn are_in(&self, text: &[u8]) -> bool {
        let has_block = |run: &[u8]| run.array_windows().any(|window| self.blocks.contains::<[u8; PART]>(window));
        let is_short = |(at, window): (usize, &[u8; SHORTEST])| {
            self.short_first.has(window[0])
                && self
                    .short
                    .get(window)
                    .is_some_and(|secrets| secrets.iter().any(|secret| text[at..].starts_with(secret.as_bytes())))
        };
        (!self.blocks.is_empty() && text.split(|byte| !self.in_blocks.has(*byte)).any(has_block))
            || (!self.short.is_empty() && text.array_windows().enumerate().any(is_short))
    }
}

impl<'a> FromIterator<&'a str> for SecretParts {
    fn from_iter<T: IntoIterator<Item = &'a str>>(tokens: T) -> Self {
        let mut parts = SecretParts::default();
        tokens.into_iter().for_each(|token| parts.add(token));
        parts
    }
}

/// A finding for each header, and for the body, that holds one of these secrets or a part of one. No finding quotes what was
/// found.
#[must_use]
pub fn secrecy(response: &Response, secrets: &SecretParts) -> Vec<Finding> {
    let headers = response.headers.iter().filter(|(_, value)| secrets.are_in(value));
    let mut places: Vec<String> = headers.map(|(name, _)| format!("the header {name}")).collect();
    if secrets.are_in(&response.body) {
        places.push("the body".to_owned());
    }
    let finding = |place| Finding::new(&rules::SECRECY, format!("a secret or a part of it in {place}"), "no such part");
    places.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaks(header: &str, body: &str, secrets: &[&str]) -> Vec<String> {
        let headers = vec![("X-Debug".to_owned(), header.as_bytes().to_vec())];
        let response = Response { status: 400, headers, body: body.into() };
        let secrets = secrets.iter().copied().collect();
        secrecy(&response, &secrets).into_iter().map(|finding| finding.got).collect()
    }

    #[test]
    fn whole_secrets_and_parts_of_long_ones_are_seen() {
        let token: String = (0..400).map(|i| char::from(b'a' + (i * 7 % 26) as u8 + (i / 26) as u8 % 3)).collect();
        assert_eq!(leaks("", &format!("bad token {token}"), &[&token]), ["a secret or a part of it in the body"]);
        assert_eq!(leaks(&token[13..61], "", &[&token]), ["a secret or a part of it in the header X-Debug"]);
        assert_eq!(leaks("", "password is Hunter2!", &["Hunter2!"]).len(), 1);
        assert_eq!(leaks("", "password is Hunter2?", &["Hunter2!"]), [""; 0]);
        assert_eq!(leaks("", "a short one", &["short"]), [""; 0]);
    }

    /// A user id is the base64url of the `sub` claim: where the claim stands on a multiple of three bytes, its text is a part
    /// of the token's text too.
    #[test]
    fn claims_that_other_answers_tell_are_no_secret() {
        let encode = |text: &[u8]| data_encoding::BASE64URL_NOPAD.encode(text);
        let sub = "3c46320b-c60e-4a21-9d64-5829bfede1c4";
        let claims = format!("{{\"aa\":1,\"sub\":\"{sub}\"}}");
        assert_eq!(claims.find(sub).map(|at| at % 3), Some(0));
        let token = format!("{}.{}.{}", encode(b"{}"), encode(claims.as_bytes()), encode(&[7; 256]));
        assert!(token.contains(&encode(sub.as_bytes())));
        assert_eq!(leaks("", &encode(sub.as_bytes()), &[&token]), [""; 0]);
        assert_eq!(leaks("", &encode(&[7; 256]), &[&token]).len(), 1);
    }
}
