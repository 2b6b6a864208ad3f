//! The key: the pool's own, found by `kid`, and never one that the token brings along (RFC 8725, 3.10).

use serde_json::{Value, json};

use super::edit::{Broken, DraftEdit, draft, message, observed, own_key, sign, text};
use crate::cognito::rules::token;
use crate::suite::{Case, Ctx, Stop};
use crate::token::{Draft, Key};
use crate::wire::Request;

/// Where no server listens (the discard service, RFC 863), on the target's own machine: no outside address is ever
/// named.
const NOWHERE: &str = "http://127.0.0.1:9/jwks.json";

/// A certificate of the key that forges.
const CERTIFICATE: &str = include_str!("harness-certificate.pem");

pub(super) fn cases() -> Vec<Case> {
    [key_ids(), brought_along(), critical(), informational()].concat()
}

fn key_ids() -> Vec<Case> {
    let broken = Broken::new("key", &token::KID, &token::SIGNATURE_CLASS);
    let ids: Vec<(&str, &str, Value)> = vec![
        ("kid-unknown", "unknown", json!("Y29nc3BlYyBoYXMgbm8gc3VjaCBrZXkgYW55d2hlcmU=")),
        ("kid-empty", "empty", json!("")),
        ("kid-null", "null", json!(null)),
        ("kid-number", "a number", json!(0)),
        ("kid-array", "an array", json!([])),
        ("kid-path", "a path that leads out of a folder", json!("../../../../../../dev/null")),
        ("kid-sql", "a piece of SQL", json!("' OR '1'='1")),
        ("kid-nul", "a NUL character", json!("\u{0}")),
        ("kid-long", "16 KiB long", json!("k".repeat(16 * 1024))),
    ];
    let ids = ids.into_iter().map(|(name, what, kid)| {
        broken.signed(name, &format!("whose `kid` is {what}"), move |draft| draft.header("kid", kid.clone()))
    });
    let missing = broken.signed("kid-missing", "without a `kid`", |draft| draft.without_header("kid"));
    let null_device = Broken::new("key", &token::KEY, &token::SIGNATURE_CLASS).unsigned(
        "kid-null-device",
        "signed with HS256 and the content of the empty file that its `kid` is the path of",
        |draft, _| draft.header("alg", "HS256").header("kid", "../../../../../../dev/null").sign_hs256(b""),
    );
    ids.chain([missing, null_device, of_id_token(broken)]).collect()
}

/// The pool has two keys, one for each kind of token.
fn of_id_token(broken: Broken) -> Case {
    broken.resigned("kid-of-id-token", "whose `kid` is that of the key for ID tokens").made(|ctx: Ctx| async move {
        let user = ctx.user().await?;
        let draft = draft(&user)?;
        let id = user.tokens.id.as_deref().and_then(Draft::of);
        let id = id.ok_or_else(|| Stop::Skip("the target gives no ID token that is a JSON Web Token".to_owned()))?;
        let kid = text(&id.header, "kid")?;
        if text(&draft.header, "kid")? == kid {
            return Err(Stop::Skip("the target signs both kinds of token with one key".to_owned()));
        }
        let key = own_key(&ctx, &user).await?;
        Ok(Request::start(&sign(&ctx, &key, &message(&draft.header("kid", kid)))))
    })
}

/// A labelled edit of a token that this key is going to sign.
type Forgery = (&'static str, &'static str, fn(Draft, &Key) -> Draft);

/// Keys, and addresses of keys, in the header of a token that they would verify.
fn brought_along() -> Vec<Case> {
    let broken = Broken::new("key", &token::KEY, &token::SIGNATURE_CLASS);
    let forged: &[Forgery] = &[
        ("jwk", "signed by the key in its own `jwk`", |draft, key| draft.header("jwk", key.jwk())),
        ("jwk-without-kid", "without a `kid`, signed by the key in its own `jwk`", |draft, key| {
            draft.without_header("kid").header("jwk", key.jwk())
        }),
        ("jku", "that names another key set in `jku`", |draft, _| draft.header("jku", NOWHERE)),
        ("x5u", "that names another certificate in `x5u`", |draft, _| draft.header("x5u", NOWHERE)),
        ("x5c", "signed by the key of its own certificate in `x5c`", |draft, _| {
            draft.header("x5c", json!([certificate()]))
        }),
        ("issuer-elsewhere", "signed by another key, whose `iss` is an address where that key could be", |draft, _| {
            draft.claim("iss", NOWHERE.trim_end_matches("/jwks.json"))
        }),
    ];
    forged.iter().map(|(name, what, edit)| broken.forged(name, what, *edit)).collect()
}

/// The certificate as `x5c` holds it: base64 of its DER (RFC 7515, 4.1.6).
fn certificate() -> String {
    CERTIFICATE.lines().filter(|line| !line.starts_with("-----")).collect()
}

/// Critical extensions that no verifier of access tokens understands (RFC 7515, 4.1.11). A JSON Web Token has no
/// unencoded payload, so that `b64` is none that one understands (RFC 7797, 7).
fn critical() -> Vec<Case> {
    let broken = Broken::new("key", &token::CRITICAL, &token::SIGNATURE_CLASS);
    let edits: &[DraftEdit] = &[
        ("critical-unknown", "with an unknown critical extension", |draft| {
            draft.header("crit", json!(["cogspec"])).header("cogspec", true)
        }),
        ("critical-absent", "with an unknown critical extension that its header does not have", |draft| {
            draft.header("crit", json!(["cogspec"]))
        }),
        ("critical-b64", "that says by a critical extension that its claims are not encoded", |draft| {
            draft.header("crit", json!(["b64"])).header("b64", false)
        }),
    ];
    edits.iter().map(|(name, what, edit)| broken.signed(name, what, *edit)).collect()
}

/// Header members that say nothing of how the token is verified. Cognito never writes one, so that a server which knows
/// its own tokens may refuse them.
fn informational() -> Vec<Case> {
    let edits: &[DraftEdit] = &[
        ("typ-jwt", "with the `typ` JWT", |draft| draft.header("typ", "JWT")),
        ("typ-at-jwt", "with the `typ` at+jwt", |draft| draft.header("typ", "at+jwt")),
        ("typ-number", "whose `typ` is a number", |draft| draft.header("typ", 1)),
        ("cty-jwt", "with the `cty` JWT, as a nested token has it", |draft| draft.header("cty", "JWT")),
        ("zip", "that says that its claims are compressed", |draft| draft.header("zip", "DEF")),
        ("b64-false", "that says, but not critically, that its claims are not encoded", |draft| {
            draft.header("b64", false)
        }),
        ("critical-empty", "with an empty list of critical extensions", |draft| draft.header("crit", json!([]))),
        ("unknown-member", "with an unknown header member", |draft| draft.header("cogspec", true)),
        ("jku-unused", "that is signed by the pool's key, and has a `jku` too", |draft| draft.header("jku", NOWHERE)),
    ];
    let observe = |(name, what, edit): &DraftEdit| {
        let edit = *edit;
        observed("key", name, what, &token::HEADER_MEMBERS, move |draft| message(&edit(draft)))
    };
    edits.iter().map(observe).collect()
}
