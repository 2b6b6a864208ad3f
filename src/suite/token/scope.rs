//! The scope `aws.cognito.signin.user.admin`: a word among words.

use serde_json::{Value, json};

use super::edit::{Broken, accepted, message, observed};
use crate::cognito::SCOPE;
use crate::cognito::rules::token;
use crate::suite::Case;
use crate::token::Draft;

pub(super) fn cases() -> Vec<Case> {
    let broken = Broken::new("scope", &token::SCOPE, &token::SCOPE_CLASS);
    let lacking = LACKING.iter().map(|(name, what, scope)| {
        let scope = *scope;
        broken.signed(name, what, move |draft| draft.claim("scope", scope))
    });
    let similar = similar()
        .into_iter()
        .map(|(name, what, scope)| broken.signed(name, what, move |draft| draft.claim("scope", scope.clone())));
    let absent = [
        broken.signed("missing", "without `scope`", |draft| draft.without_claim("scope")),
        broken.signed("scp", "with its scope in `scp`, where other providers have it", |draft| {
            draft.without_claim("scope").claim("scp", json!([SCOPE]))
        }),
        broken.signed("scopes", "with its scope in a claim `scopes`", |draft| {
            draft.without_claim("scope").claim("scopes", SCOPE)
        }),
    ];
    let typed = Broken::new("scope", &token::CLAIM_TYPE, &token::CLAIMS_CLASS);
    let typed = [
        typed.signed("array", "whose `scope` is an array with the scope", |draft| draft.claim("scope", json!([SCOPE]))),
        typed.signed("object", "whose `scope` is an object with the scope as a name", |draft| {
            draft.claim("scope", json!({ SCOPE: true }))
        }),
        typed.signed("null", "whose `scope` is null", |draft| draft.claim("scope", Value::Null)),
        typed.signed("true", "whose `scope` is `true`", |draft| draft.claim("scope", true)),
        typed.signed("number", "whose `scope` is a number", |draft| draft.claim("scope", 1)),
    ];
    let company = COMPANY.iter().map(|(name, what, template)| {
        accepted("scope", name, what, &token::SCOPE_SET, move |draft| with_scope(draft, template))
    });
    let separated = SEPARATED.iter().map(|(name, what, template)| {
        observed("scope", name, what, &token::SCOPE_SEPARATOR, move |draft| with_scope(draft, template))
    });
    lacking.chain(similar).chain(absent).chain(typed).chain(company).chain(separated).collect()
}

/// Scopes without the one that is needed.
const LACKING: &[(&str, &str, &str)] = &[
    ("empty", "whose `scope` is empty", ""),
    ("openid", "with the scopes of a hosted sign-in only", "openid email profile"),
    ("parent", "with a scope that is the beginning of the needed one", "aws.cognito.signin.user"),
    ("all-words-apart", "with the words of the needed scope, each for itself", "aws cognito signin user admin"),
    ("wildcard", "whose `scope` is an asterisk", "*"),
    ("wildcard-end", "whose scope ends in an asterisk", "aws.cognito.signin.user.*"),
];

/// Scopes that hold the needed one, or look like it.
fn similar() -> Vec<(&'static str, &'static str, String)> {
    vec![
        ("longer", "with a scope that begins with the needed one", "aws.cognito.signin.user.administrator".to_owned()),
        ("prefixed", "with a scope that ends with the needed one", format!("x{SCOPE}")),
        ("resource-server", "with a resource server's scope that ends with the needed one", format!("api/{SCOPE}")),
        ("trailing-dot", "whose scope ends in a period", format!("{SCOPE}.")),
        ("other-case", "whose scope is in upper case", SCOPE.to_uppercase()),
        ("other-separators", "whose scope has hyphens for periods", SCOPE.replace('.', "-")),
        ("comma-separated", "whose scopes are separated by commas", format!("openid,{SCOPE},email")),
        ("semicolon-separated", "whose scopes are separated by semicolons", format!("openid;{SCOPE};email")),
        ("plus-separated", "whose scopes are separated by plus signs", format!("openid+{SCOPE}+email")),
        ("quoted", "whose scope is in quotation marks", format!("\"{SCOPE}\"")),
        ("json-text", "whose `scope` is the text of a JSON array", format!("[\"{SCOPE}\"]")),
        ("nul-terminated", "whose scope has a NUL character behind it", format!("{SCOPE}\u{0}x")),
    ]
}

/// The scope in company; `{}` is its place.
const COMPANY: &[(&str, &str, &str)] = &[
    ("first", "with the needed scope before others", "{} openid email"),
    ("middle", "with the needed scope between others", "openid {} email"),
    ("last", "with the needed scope after others", "openid email {}"),
    ("twice", "with the needed scope twice", "{} {}"),
    (
        "beside-longer",
        "with the needed scope after one that begins like it",
        "aws.cognito.signin.user.administrator {}",
    ),
];

const SEPARATED: &[(&str, &str, &str)] = &[
    ("two-spaces", "whose scopes are separated by two spaces", "openid  {}"),
    ("leading-space", "whose `scope` begins with a space", " {}"),
    ("trailing-space", "whose `scope` ends in a space", "{} "),
    ("tab-separated", "whose scopes are separated by tabs", "openid\t{}\temail"),
    ("line-separated", "whose scopes are separated by line feeds", "openid\n{}\nemail"),
    ("no-break-space-separated", "whose scopes are separated by no-break spaces", "openid\u{a0}{}\u{a0}email"),
];

fn with_scope(draft: Draft, template: &str) -> String {
    message(&draft.claim("scope", template.replace("{}", SCOPE)))
}
