//! The signature: over header and claims as they came, by the pool's key (RFC 7515, 5.2).

use data_encoding::BASE64URL_NOPAD;

use super::edit::{Broken, DraftEdit, TextEdit, message, now, own_key, segments};
use crate::cognito::rules::token;
use crate::suite::{Case, Ctx, Stop};
use crate::token::{Draft, Key, Segments};
use crate::wire::Request;

const BROKEN: Broken = Broken::new("signature", &token::SIGNATURE, &token::SIGNATURE_CLASS);

pub(super) fn cases() -> Vec<Case> {
    let edited = EDITED.iter().map(|edit| BROKEN.text(*edit));
    let tampered = TAMPERED.iter().map(|(name, what, edit)| {
        let edit = *edit;
        BROKEN.unsigned(name, what, move |draft, signature| edit(draft).with_signature(signature))
    });
    let over = OVER.iter().map(|(name, what, edit)| signed_over(name, what, *edit));
    let forged = [
        BROKEN.forged("foreign-key", "signed by another key under the pool's `kid`", |draft, _| draft),
        of_another_token(),
        of_id_token(),
    ];
    edited.chain(tampered).chain(over).chain(forged).collect()
}

/// Other signatures under the same header and claims.
const EDITED: &[TextEdit] = &[
    ("empty", "with an empty signature", |s| format!("{}.", s.message())),
    ("bit-flipped-first", "whose signature has its first bit flipped", |s| {
        with_bytes(s, |bytes| bytes.iter_mut().take(1).for_each(|byte| *byte ^= 0x80))
    }),
    ("bit-flipped-middle", "whose signature has a bit in its middle flipped", |s| {
        with_bytes(s, |bytes| {
            let middle = bytes.len() / 2;
            bytes.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 0x10);
        })
    }),
    ("bit-flipped-last", "whose signature has its last bit flipped", |s| {
        with_bytes(s, |bytes| bytes.iter_mut().rev().take(1).for_each(|byte| *byte ^= 1))
    }),
    ("one-byte-short", "whose signature lacks its last byte", |s| {
        with_bytes(s, |bytes| bytes.truncate(bytes.len().saturating_sub(1)))
    }),
    ("half", "with one half of its signature", |s| with_bytes(s, |bytes| bytes.truncate(bytes.len() / 2))),
    ("one-byte", "with the first byte of its signature", |s| with_bytes(s, |bytes| bytes.truncate(1))),
    ("one-byte-long", "whose signature has one byte more", |s| with_bytes(s, |bytes| bytes.push(0))),
    ("leading-zero", "whose signature has a zero byte in front", |s| with_bytes(s, |bytes| bytes.insert(0, 0))),
    ("doubled", "with its signature twice in one segment", |s| with_bytes(s, |bytes| bytes.extend(bytes.clone()))),
    ("reversed", "whose signature is in reverse", |s| with_bytes(s, |bytes| bytes.reverse())),
    ("all-zero", "whose signature is all zeros", |s| with_bytes(s, |bytes| bytes.fill(0))),
    ("all-one", "whose signature is all ones", |s| with_bytes(s, |bytes| bytes.fill(0xff))),
    ("number-one", "whose signature is the number one", |s| {
        with_bytes(s, |bytes| {
            bytes.fill(0);
            bytes.iter_mut().rev().take(1).for_each(|byte| *byte = 1);
        })
    }),
];

/// The signature's bytes, edited. A signature that is no base64url is taken for an empty one.
fn with_bytes(segments: &Segments, edit: fn(&mut Vec<u8>)) -> String {
    let mut bytes = BASE64URL_NOPAD.decode(segments.signature.as_bytes()).unwrap_or_default();
    edit(&mut bytes);
    format!("{}.{}", segments.message(), BASE64URL_NOPAD.encode(&bytes))
}

/// Edits that change a word of header or claims, or only their spelling, under the old signature.
const TAMPERED: &[DraftEdit] = &[
    ("tampered-header", "with one more header member than was signed", |draft| draft.header("cogspec", true)),
    ("tampered-expiry", "that was made to last longer", |draft| draft.claim("exp", now() + 2 * 86_400)),
    ("tampered-sub", "with another `sub` than was signed", |draft| {
        draft.claim("sub", "00000000-0000-4000-8000-000000000000")
    }),
    ("tampered-username", "with another `username` than was signed", |draft| draft.claim("username", "admin")),
    ("tampered-scope", "with one more scope than was signed", |draft| {
        let scopes = format!("{} openid", draft.claims.get("scope").and_then(|s| s.as_str()).unwrap_or_default());
        draft.claim("scope", scopes)
    }),
    ("tampered-order", "whose claims are in another order than was signed", |mut draft| {
        draft.claims = draft.claims.into_iter().rev().collect();
        draft
    }),
];

/// What a signature is made over, other than what it should be: the key is right, and so is the algorithm.
type Over = (&'static str, &'static str, fn(&Segments, &Draft) -> Vec<u8>);

const OVER: &[Over] = &[
    ("over-header", "whose signature is over its header only", |s, _| s.header.clone().into()),
    ("over-claims", "whose signature is over its claims only", |s, _| s.claims.clone().into()),
    ("over-swapped", "whose signature is over claims and header", |s, _| format!("{}.{}", s.claims, s.header).into()),
    ("over-joined", "whose signature is over header and claims without the period", |s, _| {
        format!("{}{}", s.header, s.claims).into()
    }),
    ("over-decoded", "whose signature is over the JSON text", |_, draft| {
        format!("{}.{}", draft.header_text(), draft.claims_text()).into()
    }),
    ("over-nothing", "whose signature is over nothing", |_, _| Vec::new()),
];

fn signed_over(name: &str, what: &str, over: fn(&Segments, &Draft) -> Vec<u8>) -> Case {
    BROKEN.resigned(name, what).made(move |ctx: Ctx| async move {
        let user = ctx.user().await?;
        let key: Key = own_key(&ctx, &user).await?;
        let draft = super::edit::draft(&user)?;
        // As Draft writes it, so that the JSON text is what the segments hold.
        let message = message(&draft);
        let (header, claims) = message.split_once('.').unwrap_or_default();
        let parts = Segments { header: header.to_owned(), claims: claims.to_owned(), signature: String::new() };
        Ok(Request::start(&format!("{message}.{}", key.sign(&over(&parts, &draft)))))
    })
}

fn of_another_token() -> Case {
    BROKEN.refused("of-another-token", "with the signature of the user's other token").made(|ctx: Ctx| async move {
        let user = ctx.user().await?;
        let other = ctx.fixtures().sign_in(&user).await?.access;
        if other == user.tokens.access {
            return Err(Stop::Skip("the target gives the same access token at each sign-in".to_owned()));
        }
        let other = Segments::split(&other).map(|s| s.signature).unwrap_or_default();
        Ok(Request::start(&format!("{}.{other}", segments(&user)?.message())))
    })
}

fn of_id_token() -> Case {
    BROKEN.refused("of-id-token", "with the signature of the ID token").made(|ctx: Ctx| async move {
        let user = ctx.user().await?;
        let none = || Stop::Skip("the target gives no ID token of three segments".to_owned());
        let id = user.tokens.id.as_deref().and_then(Segments::split).ok_or_else(none)?;
        Ok(Request::start(&format!("{}.{}", segments(&user)?.message(), id.signature)))
    })
}
