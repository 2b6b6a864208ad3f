//! Whether an answer hands a secret back.

use crate::cognito::Finding;
use crate::cognito::rules::response as rules;
use crate::wire::Response;

/// How many characters in a row of a long secret are a part of it.
const PART: usize = 24;

/// A shorter secret could stand in an answer by chance.
const SHORTEST: usize = 8;

/// A finding for each header, and for the body, that holds one of these secrets or a part of one.
///
/// A secret of less than 8 characters is passed over. Of a secret longer than 24 characters, any part of 47 or more
/// characters in a row is seen. No finding quotes what was found.
#[must_use]
pub fn secrecy(response: &Response, secrets: &[&str]) -> Vec<Finding> {
    let parts: Vec<String> = secrets.iter().flat_map(|secret| parts(secret)).collect();
    let leaks = |text: &[u8]| {
        let text = String::from_utf8_lossy(text);
        parts.iter().any(|part| text.contains(part))
    };
    let headers = response.headers.iter().filter(|(_, value)| leaks(value));
    let mut places: Vec<String> = headers.map(|(name, _)| format!("the header {name}")).collect();
    if leaks(&response.body) {
        places.push("the body".to_owned());
    }
    let finding = |place| Finding::new(&rules::SECRECY, format!("a secret or a part of it in {place}"), "no such part");
    places.into_iter().map(finding).collect()
}

/// A secret cut in blocks, the last short one left out; the whole of one that is shorter than a block.
fn parts(secret: &str) -> Vec<String> {
    let chars: Vec<char> = secret.chars().collect();
    match chars.len() {
        0..SHORTEST => Vec::new(),
        SHORTEST..PART => vec![secret.to_owned()],
        PART.. => chars.chunks_exact(PART).map(|block| block.iter().collect()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaks(header: &str, body: &str, secrets: &[&str]) -> Vec<String> {
        let headers = vec![("X-Debug".to_owned(), header.as_bytes().to_vec())];
        let response = Response { status: 400, headers, body: body.into() };
        secrecy(&response, secrets).into_iter().map(|finding| finding.got).collect()
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
}
