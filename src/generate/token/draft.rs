//! Defects of the header's members and of the claims, under a valid signature.

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::{Edit, Layer, TokenDefect};
use crate::token::Draft;

/// An id that no user, client or session has.
const NOBODY: &str = "00000000-0000-4000-8000-c0650ec00000";

const fn defect(
    name: &'static str,
    layer: Layer,
    rules: &'static [&'static str],
    edit: fn(&mut Draft, i64, &mut Unstructured<'_>) -> arbitrary::Result<()>,
) -> TokenDefect {
    TokenDefect { name, layer, rules, edit: Edit::Draft(edit) }
}

/// The defects. Those of [`HIDDEN`] rules only a server can see that knows its users and clients.
pub(super) static DEFECTS: &[TokenDefect] = &[
    defect("header.alg.other", Layer::Header, &["token.algorithm"], |draft, _, u| {
        let alg = *u.choose(&["none", "None", "HS256", "RS384", "RS512", "PS256", "ES256", "EdDSA", "rs256", ""])?;
        set_header(draft, "alg", json!(alg));
        Ok(())
    }),
    defect("header.alg.type", Layer::Header, &["token.algorithm"], |draft, _, u| {
        let value = not_text(u)?;
        set_header(draft, "alg", value);
        Ok(())
    }),
    defect("header.alg.missing", Layer::Header, &["token.algorithm"], |draft, _, _| {
        draft.header.shift_remove("alg");
        Ok(())
    }),
    defect("header.kid.missing", Layer::Header, &["token.key"], |draft, _, _| {
        draft.header.shift_remove("kid");
        Ok(())
    }),
    defect("header.kid.type", Layer::Header, &["token.key"], |draft, _, u| {
        let value = not_text(u)?;
        set_header(draft, "kid", value);
        Ok(())
    }),
    defect("header.crit", Layer::Header, &["token.critical"], |draft, _, _| {
        set_header(draft, "crit", json!(["cogspec"]));
        Ok(())
    }),
    defect("header.crit.empty", Layer::Header, &["token.critical"], |draft, _, u| {
        let value = u.choose(&[json!([]), json!("exp"), Value::Null])?.clone();
        set_header(draft, "crit", value);
        Ok(())
    }),
    defect("claims.missing", Layer::Claims, MISSING, |draft, _, u| {
        let claim = *u.choose(&["sub", "iss", "client_id", "jti", "event_id", "username"])?;
        draft.claims.shift_remove(claim);
        Ok(())
    }),
    defect("claims.type", Layer::Claims, &["token.claim-type"], |draft, _, u| {
        let claim = *u.choose(&["sub", "iss", "client_id", "jti", "event_id", "origin_jti", "username"])?;
        let value = not_text(u)?;
        set(draft, claim, value);
        Ok(())
    }),
    defect("claims.issuer", Layer::Claims, &["token.issuer"], |draft, _, u| {
        let issuer = *u.choose(&[
            "",
            "https://issuer.example",
            "https://cognito-idp.eu-west-1.amazonaws.com",
            "https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_a",
            "http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a",
            "https://cognito-idp.eu-west-1.amazonaws.com.evil.example/eu-west-1_a",
        ])?;
        set(draft, "iss", json!(issuer));
        Ok(())
    }),
    defect("claims.token-use", Layer::Claims, &["token.token-use"], |draft, _, u| {
        let kind = *u.choose(&["id", "refresh", "Access", "access ", ""])?;
        set(draft, "token_use", json!(kind));
        Ok(())
    }),
    defect("claims.token-use.missing", Layer::Claims, &["token.token-use", "token.claim-missing"], |draft, _, _| {
        draft.claims.shift_remove("token_use");
        Ok(())
    }),
    defect("claims.machine", Layer::Claims, &["token.user"], |draft, _, _| {
        let client = draft.claims.get("client_id").cloned().unwrap_or_default();
        set(draft, "sub", client);
        Ok(())
    }),
    defect("claims.unknown.user", Layer::Claims, HIDDEN, |draft, _, u| {
        let claim = *u.choose(&["sub", "username"])?;
        set(draft, claim, json!(NOBODY));
        Ok(())
    }),
    defect("claims.unknown.client", Layer::Claims, HIDDEN, |draft, _, _| {
        set(draft, "client_id", json!(NOBODY));
        Ok(())
    }),
    defect("scope.missing", Layer::Scope, &["token.scope", "token.claim-missing"], |draft, _, _| {
        draft.claims.shift_remove("scope");
        Ok(())
    }),
    defect("scope.other", Layer::Scope, &["token.scope"], |draft, _, u| {
        let scope = *u.choose(&[
            "",
            "openid profile",
            "aws.cognito.signin.user",
            "aws.cognito.signin.user.admins",
            "x.aws.cognito.signin.user.admin",
            "AWS.COGNITO.SIGNIN.USER.ADMIN",
            "openid,aws.cognito.signin.user.admin",
        ])?;
        set(draft, "scope", json!(scope));
        Ok(())
    }),
    defect("scope.type", Layer::Scope, &["token.claim-type", "token.scope"], |draft, _, u| {
        let value = not_text(u)?;
        set(draft, "scope", value);
        Ok(())
    }),
    defect("times.expired", Layer::Times, &["token.expiry"], |draft, now, u| {
        let age = *u.choose(&[3600, 86_400, 31_536_000, now])?;
        set(draft, "exp", json!(now - age));
        Ok(())
    }),
    // What RFC 7519 lets a server overlook, where clocks differ.
    defect("times.expired.just", Layer::Times, &["token.expiry"], |draft, now, u| {
        let age = *u.choose(&[0, 1, 59, 60])?;
        set(draft, "exp", json!(now - age));
        Ok(())
    }),
    defect("times.expiry.missing", Layer::Times, &["token.expiry.required", "token.claim-missing"], |draft, _, _| {
        draft.claims.shift_remove("exp");
        Ok(())
    }),
    defect("times.expiry.type", Layer::Times, &["token.expiry.required", "token.claim-type"], |draft, now, u| {
        let later = now + 3600;
        let values = [json!(later.to_string()), json!([later]), json!(true), Value::Null, json!({})];
        let value = u.choose(&values)?.clone();
        set(draft, "exp", value);
        Ok(())
    }),
    defect("times.future", Layer::Times, &["token.not-yet-valid"], |draft, now, u| {
        let claim = *u.choose(&["iat", "auth_time"])?;
        let time = now + *u.choose(&[1, 60, 3600, 86_400, 10_000_000_000])?;
        set(draft, claim, json!(time));
        Ok(())
    }),
    defect("times.not-before", Layer::Times, &["token.not-yet-valid"], |draft, now, u| {
        let time = now + *u.choose(&[3600, 86_400, 10_000_000_000])?;
        set(draft, "nbf", json!(time));
        Ok(())
    }),
    defect("times.type", Layer::Times, &["token.claim-type"], |draft, _, u| {
        let claim = *u.choose(&["iat", "auth_time"])?;
        let value = u.choose(&[json!("1"), Value::Null, json!([1]), json!(0.5), json!(true)])?.clone();
        set(draft, claim, value);
        Ok(())
    }),
];

const MISSING: &[&str] = &["token.claim-missing"];

/// What a token alone does not show.
const HIDDEN: &[&str] = &[];

fn set_header(draft: &mut Draft, name: &str, value: Value) {
    draft.header.insert(name.to_owned(), value);
}

fn set(draft: &mut Draft, name: &str, value: Value) {
    draft.claims.insert(name.to_owned(), value);
}

/// A value that is no string.
fn not_text(u: &mut Unstructured<'_>) -> arbitrary::Result<Value> {
    Ok(match u.int_in_range(0..=5)? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => json!(*u.choose(&[0, 1, -1, i64::MAX, i64::MIN])?),
        3 => json!(["RS256"]),
        4 => json!({ "a": [] }),
        _ => json!(1.5),
    })
}
