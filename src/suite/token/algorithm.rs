//! The algorithm: RS256 and no other, whatever the header says (RFC 8725, 3.1; RFC 7515, 4.1.1).

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};

use super::edit::{Broken, draft, text};
use crate::cognito::rules::token;
use crate::suite::{Case, Ctx, Stop};
use crate::target::User;
use crate::token::PublicKey;
use crate::wire::Request;

const BROKEN: Broken = Broken::new("algorithm", &token::ALGORITHM, &token::SIGNATURE_CLASS);

pub(super) fn cases() -> Vec<Case> {
    let none = NONE.iter().flat_map(|(name, spelling)| without_algorithm(name, spelling));
    let named = headers().into_iter().map(|(name, what, alg)| {
        BROKEN.signed(name, &format!("that is validly signed, and whose `alg` is {what}"), move |draft| {
            draft.header("alg", alg.clone())
        })
    });
    let missing = BROKEN.signed("missing", "that is validly signed, and has no `alg`", |d| d.without_header("alg"));
    let public = SECRETS.iter().map(|(name, what, secret)| hs256(name, what, *secret));
    let empty = BROKEN.unsigned("hs256-empty-key", "signed with HS256 and an empty key", |draft, _| {
        draft.header("alg", "HS256").sign_hs256(b"")
    });
    let signed = RSA.iter().map(|(name, what, algorithm)| {
        BROKEN.resigned(&format!("{name}-signed"), &format!("really signed with {what} by the pool's own key")).made(
            move |ctx: Ctx| async move {
                let user = ctx.user().await?;
                let key = ctx.fixtures().signing_key(&user).await?;
                Ok(Request::start(&draft(&user)?.header("alg", *what).sign_by(&key, *algorithm)))
            },
        )
    });
    none.chain(named).chain(signed).chain([missing]).chain(public).chain([empty]).collect()
}

/// The ways in which libraries were made to read "none".
const NONE: &[(&str, &str)] =
    &[("none", "none"), ("none-title-case", "None"), ("none-upper-case", "NONE"), ("none-mixed-case", "nOnE")];

fn without_algorithm(name: &str, spelling: &'static str) -> [Case; 2] {
    [
        BROKEN.unsigned(
            &format!("{name}-unsigned"),
            &format!("with the algorithm `{spelling}` and no signature"),
            move |draft, _| draft.header("alg", spelling).unsigned(),
        ),
        BROKEN.unsigned(
            &format!("{name}-old-signature"),
            &format!("with the algorithm `{spelling}` and the signature that it had"),
            move |draft, signature| draft.header("alg", spelling).with_signature(signature),
        ),
    ]
}

/// Other algorithms that an RSA key can sign with.
const RSA: &[(&str, &str, Algorithm)] =
    &[("rs384", "RS384", Algorithm::RS384), ("rs512", "RS512", Algorithm::RS512), ("ps256", "PS256", Algorithm::PS256)];

/// Values of `alg` over a signature that is RS256 all the same: `alg` must represent it accurately (RFC 7515, 5.2).
fn headers() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("none-signed", "`none`", json!("none")),
        ("rs384", "`RS384`", json!("RS384")),
        ("rs512", "`RS512`", json!("RS512")),
        ("ps256", "`PS256`", json!("PS256")),
        ("es256", "`ES256`", json!("ES256")),
        ("eddsa", "`EdDSA`", json!("EdDSA")),
        ("hs256", "`HS256`", json!("HS256")),
        ("unknown", "`RS257`", json!("RS257")),
        ("lower-case", "`rs256`", json!("rs256")),
        ("trailing-space", "`RS256` and a space", json!("RS256 ")),
        ("empty", "empty", json!("")),
        ("null", "null", json!(null)),
        ("number", "a number", json!(256)),
        ("array", "an array with `RS256`", json!(["RS256"])),
        ("object", "an object with `RS256`", json!({ "alg": "RS256" })),
    ]
}

/// A labelled secret, made of the public key.
type Secret = (&'static str, &'static str, fn(&PublicKey) -> Vec<u8>);

/// The forms of the public key that a server may hand to a library as a mere key.
const SECRETS: &[Secret] = &[
    ("hs256-public-pem", "signed with HS256 and the public key's PEM text", |key| key.pem().into()),
    (
        "hs256-public-pem-trimmed",
        "signed with HS256 and the public key's PEM text without its last line break",
        |key| key.pem().trim_end().into(),
    ),
    ("hs256-public-der", "signed with HS256 and the public key's DER", PublicKey::der),
    ("hs256-public-modulus", "signed with HS256 and the public key's modulus", |key| key.modulus.clone()),
    ("hs256-public-modulus-text", "signed with HS256 and the modulus as the key set writes it", |key| {
        data_encoding::BASE64URL_NOPAD.encode(&key.modulus).into()
    }),
];

fn hs256(name: &str, what: &str, secret: fn(&PublicKey) -> Vec<u8>) -> Case {
    BROKEN.refused(name, what).made(move |ctx: Ctx| async move {
        let user = ctx.user().await?;
        let key = public_key(&ctx, &user).await?;
        Ok(Request::start(&draft(&user)?.header("alg", "HS256").sign_hs256(&secret(&key))))
    })
}

/// The key that the pool publishes for the token's `kid`, as any forger would get it.
async fn public_key(ctx: &Ctx, user: &User) -> Result<PublicKey, Stop> {
    let draft = draft(user)?;
    let kid = text(&draft.header, "kid")?;
    let none = |why: &str| Stop::Skip(format!("the pool's public key is not at hand: {why}"));
    let pool = text(&draft.claims, "iss")?.rsplit('/').next().unwrap_or_default();
    let request = Request::call("", "").method("GET").path(&format!("/{pool}/.well-known/jwks.json"));
    let exchange = ctx.fixtures().target().transport.send(request).await;
    let response = exchange.result.map_err(|e| none(&e.to_string()))?;
    let set: Value =
        serde_json::from_slice(&response.body).map_err(|_| none("/POOL/.well-known/jwks.json is no JSON"))?;
    let keys = set.get("keys").and_then(Value::as_array).ok_or_else(|| none("there is no key set"))?;
    keys.iter()
        .find(|key| key.get("kid").and_then(Value::as_str) == Some(kid))
        .and_then(PublicKey::of_jwk)
        .ok_or_else(|| none("the key set does not hold the token's key"))
}
