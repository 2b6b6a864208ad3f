//! Base64url as JWS has it: no padding, no other character (RFC 7515, 2).
//!
//! Header and claims are malformed under a valid signature over the malformed text; otherwise a server that reads them
//! leniently would refuse them for the signature, and nobody would know.

use data_encoding::BASE64URL_NOPAD;

use super::edit::{Broken, TextEdit, observed, segments};
use crate::cognito::rules::token;
use crate::suite::{Case, Ctx, Stop};
use crate::token::{Draft, Segments};
use crate::wire::Request;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let alphabet = Broken::new("base64", &token::BASE64URL, &token::CLASS);
    let padding = Broken::new("base64", &token::PADDING, &token::CLASS);
    for part in [Part::Header, Part::Claims] {
        let name = part.name();
        let case = |suffix: &str| format!("{name}-{suffix}");
        let edited = move |text: fn(Draft, Part) -> String, edit: fn(&str) -> String| {
            move |draft: Draft| part.message(draft.clone(), edit(&text(draft, part)))
        };
        cases.extend([
            alphabet.signed_message(
                &case("length"),
                &format!("whose {name} segment has a length that no bytes have"),
                edited(|draft, part| part.encoded(&draft, 0), |segment| format!("{segment}A")),
            ),
            alphabet.signed_message(
                &case("equals-sign-inside"),
                &format!("with an equals sign within its {name} segment"),
                edited(|draft, part| part.encoded(&draft, 0), equals_sign_inside),
            ),
            padding.signed_message(
                &case("padded"),
                &format!("with padding behind its {name} segment"),
                edited(|draft, part| part.encoded(&draft, 1), padded),
            ),
            observed(
                "base64",
                &case("not-canonical"),
                &format!("whose {name} segment has unused bits that are not zero"),
                &token::CANONICAL,
                edited(|draft, part| part.encoded(&draft, 1), |segment| not_canonical(segment).unwrap_or_default()),
            ),
        ]);
    }
    cases.extend(SIGNATURES.iter().map(|edit| alphabet.text(*edit)));
    cases.push(padding.text(("signature-padded", "with padding behind its signature", |s| {
        format!("{}.{}", s.message(), padded(&s.signature))
    })));
    cases.push(signature_not_canonical());
    cases.extend(OUTSIDE_PATTERN.iter().map(|edit| Broken::pattern("base64").text(*edit)));
    cases
}

/// Signature segments that are not base64url; the signature itself is the valid one for a lenient decoder.
const SIGNATURES: &[TextEdit] = &[
    ("signature-length", "whose signature segment has a length that no bytes have", |s| {
        let mut token = s.join();
        let surplus = (5 - s.signature.len() % 4) % 4;
        token.extend(std::iter::repeat_n('A', if surplus == 0 { 4 } else { surplus }));
        token
    }),
    ("signature-equals-sign-inside", "with an equals sign within its signature segment", |s| {
        format!("{}.{}", s.message(), equals_sign_inside(&s.signature))
    }),
];

const OUTSIDE_PATTERN: &[TextEdit] = &[
    ("signature-standard-alphabet", "whose signature is in base64 with `+` and `/`", |s| {
        let standard = s.signature.replace('-', "+").replace('_', "/");
        // One signature in fifty thousand has neither.
        let plain = standard == s.signature;
        format!("{}.{standard}{}", s.message(), if plain { "+" } else { "" })
    }),
    ("header-not-encoded", "whose header is plain JSON", |s| {
        format!(r#"{{"alg":"RS256"}}.{}.{}"#, s.claims, s.signature)
    }),
];

fn signature_not_canonical() -> Case {
    let title = "observes a token whose signature segment has unused bits that are not zero";
    Case::observed("token.base64.signature-not-canonical", title, &token::CANONICAL).made(|ctx: Ctx| async move {
        let Segments { header, claims, signature } = segments(&*ctx.user().await?)?;
        let none = || Stop::Skip("the signature's last character has no unused bits".to_owned());
        let signature = not_canonical(&signature).ok_or_else(none)?;
        Ok(Request::start(&format!("{header}.{claims}.{signature}")))
    })
}

/// The segment that is malformed.
#[derive(Clone, Copy)]
enum Part {
    Header,
    Claims,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Header => "header",
            Part::Claims => "claims",
        }
    }

    /// The segment, with spaces behind its JSON so that its last group has `rest` bytes: 0 where it is full, 1 or 2.
    fn encoded(self, draft: &Draft, rest: usize) -> String {
        let mut json = match self {
            Part::Header => draft.header_text(),
            Part::Claims => draft.claims_text(),
        };
        while json.len() % 3 != rest {
            json.push(' ');
        }
        BASE64URL_NOPAD.encode(json.as_bytes())
    }

    /// Header and claims with this segment in place of the token's own.
    fn message(self, draft: Draft, segment: String) -> String {
        match self {
            Part::Header => format!("{segment}.{}", Part::Claims.encoded(&draft, 0)),
            Part::Claims => format!("{}.{segment}", Part::Header.encoded(&draft, 0)),
        }
    }
}

fn padded(segment: &str) -> String {
    let missing = (4 - segment.len() % 4) % 4;
    format!("{segment}{}", "=".repeat(missing.max(1)))
}

/// Behind the first group of four, where a decoder may stop, or pass over it.
fn equals_sign_inside(segment: &str) -> String {
    let (start, end) = segment.split_at(segment.len().min(4));
    format!("{start}={end}")
}

/// The segment with one of its last character's unused bits set; `None` where it has none (RFC 4648, 3.5).
fn not_canonical(segment: &str) -> Option<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (start, last) = segment.split_at_checked(segment.len().checked_sub(1)?)?;
    let value = ALPHABET.iter().position(|c| last.as_bytes() == [*c])?;
    let other = ALPHABET.get(value | 1).filter(|_| matches!(segment.len() % 4, 2 | 3) && value & 1 == 0)?;
    Some(format!("{start}{}", char::from(*other)))
}
