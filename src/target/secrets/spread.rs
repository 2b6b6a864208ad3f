//! Secrets whose characters stand in a text in their order, but not side by side: as in UTF-16, where each is escaped by
//! itself, or where a text is cut in chunks.

/// So many characters in a row are no chance.
const RUN: usize = 32;

/// The most bytes between two of them.
const GAP: usize = 16;

/// Each encoding that splits characters leaves one of these; most texts have none, and need no closer look.
const MARKS: [&str; 3] = ["\\x", "\\u", "\\r\\n"];

/// The beginnings of secrets, in the order in which these came to be known.
#[derive(Default)]
pub(super) struct Heads(Vec<Head>);

struct Head {
    bytes: [u8; RUN],
    /// How many secrets were known before.
    number: usize,
}

impl Heads {
    /// Remembers a secret, which is not known before any other here. Of a token only the signature is secret; what is before
    /// it may stand anywhere. A short one is passed over.
    pub(super) fn insert(&mut self, secret: &[u8], number: usize) {
        let signature = memchr::memrchr(b'.', secret).map_or(secret, |dot| &secret[dot + 1..]);
        let Some(bytes) = signature.first_chunk() else { return };
        // A token and its signature come one after the other.
        if self.0.last().is_none_or(|last| last.bytes != *bytes) {
            self.0.push(Head { bytes: *bytes, number });
        }
    }

    /// Whether a secret that is not among the `known` first ones is spread over the text.
    pub(super) fn are_spread_over(&self, text: &str, known: usize) -> bool {
        let later = &self.0[self.0.partition_point(|head| head.number < known)..];
        if later.is_empty() || !MARKS.iter().any(|mark| text.contains(mark)) {
            return false;
        }
        let are_in = |bytes: &[u8]| {
            let pairs = Pairs::of(bytes);
            later.iter().any(|head| pairs.have(&head.bytes) && is_spread(&head.bytes, bytes))
        };
        are_in(text.as_bytes()) || text.contains("\\u") && are_in(unescaped(text).as_bytes())
    }
}

/// Which bytes stand near enough behind which, a bit for each two: where two neighbours of a secret do not, the secret is not
/// spread over the text. There are thousands of secrets, and this passes over nearly all of them.
struct Pairs(Vec<u64>);

impl Pairs {
    fn of(text: &[u8]) -> Self {
        let mut bits = vec![0; (1 << 16) / 64];
        for (at, first) in text.iter().enumerate() {
            for second in &text[at + 1..text.len().min(at + 2 + GAP)] {
                let (word, bit) = Self::place(*first, *second);
                bits[word] |= 1 << bit;
            }
        }
        Pairs(bits)
    }

    fn have(&self, run: &[u8; RUN]) -> bool {
        run.array_windows().all(|[first, second]| {
            let (word, bit) = Self::place(*first, *second);
            self.0[word] & (1 << bit) != 0
        })
    }

    fn place(first: u8, second: u8) -> (usize, usize) {
        let pair = usize::from(first) << 8 | usize::from(second);
        (pair / 64, pair % 64)
    }
}

/// Whether these characters stand in the bytes with little between them.
fn is_spread(run: &[u8; RUN], bytes: &[u8]) -> bool {
    let follows = |start: usize| {
        run[1..].iter().try_fold(start + 1, |from, wanted| {
            let window = bytes.get(from..bytes.len().min(from + GAP + 1))?;
            window.iter().position(|byte| byte == wanted).map(|at| from + at + 1)
        })
    };
    memchr::memchr_iter(run[0], bytes).any(|start| follows(start).is_some())
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Pairs pass over no secret that is spread over a text, whatever stands between its characters.
        #[test]
        fn a_spread_secret_is_seen_up_to_the_widest_gap(
            run in "[A-Za-z0-9_-]{32}",
            between in prop::collection::vec("[ -~]{0,16}", 31),
            before in "[ -~]{0,40}",
            wider: prop::sample::Index,
        ) {
            let run: &[u8; RUN] = run.as_bytes().first_chunk().unwrap();
            let spread = |between: &[String]| -> Vec<u8> {
                let parts = run.iter().zip(between.iter().map(String::as_str).chain([""]));
                parts.fold(before.clone().into_bytes(), |mut text, (byte, gap)| {
                    text.push(*byte);
                    text.extend(gap.bytes());
                    text
                })
            };
            let text = spread(&between);
            prop_assert_eq!(Pairs::of(&text).have(run), true);
            // What stands between may hold the next character, and lead the search astray: that is no matter of pairs.
            let plain = spread(&between.iter().map(|gap| " ".repeat(gap.len())).collect::<Vec<_>>());
            prop_assert!(Pairs::of(&plain).have(run) && is_spread(run, &plain));
            let mut too_wide = between.iter().map(|gap| " ".repeat(gap.len())).collect::<Vec<_>>();
            too_wide[wider.index(31)] = "~".repeat(GAP + 1);
            let all_different = (1..RUN).all(|at| !run[..at].contains(&run[at]));
            prop_assert!(!all_different || !is_spread(run, &spread(&too_wide)) || before.bytes().any(|b| run.contains(&b)));
        }
    }
}
