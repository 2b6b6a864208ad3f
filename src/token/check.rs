//! What is wrong with a well-formed token's claims at a time.

use super::claims::{Claims, REQUIRED};
use super::parse::pointer;
use crate::cognito::rules::token as rules;
use crate::cognito::{Finding, SCOPE};

/// Everything for which Cognito would refuse these claims at that time, in seconds since the epoch, as far as the token
/// itself shows it. What only the pool knows (whether user, app client and session are still there) is not among it.
#[must_use]
pub fn check(claims: &Claims, now: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut tell = |finding: Finding| findings.push(finding);
    match (claims.exp, claims.all.contains_key("exp")) {
        (Some(exp), _) if now >= exp => {
            tell(Finding::new(&rules::EXPIRY, format!("expired at {exp}"), format!("later than {now}")).at("/exp"));
        }
        (Some(_), _) => {}
        (None, true) => tell(Finding::new(&rules::EXPIRY_REQUIRED, "no integer", "seconds since the epoch").at("/exp")),
        (None, false) => tell(Finding::new(&rules::EXPIRY_REQUIRED, "no `exp`", "seconds since the epoch")),
    }
    let begin = claims.all.get("nbf").and_then(serde_json::Value::as_i64);
    for (name, time) in [("iat", claims.iat), ("auth_time", claims.auth_time), ("nbf", begin)] {
        if let Some(time) = time.filter(|&time| time > now) {
            let wanted = format!("{now} or earlier");
            tell(Finding::new(&rules::NOT_YET_VALID, format!("{time}, in the future"), wanted).at(pointer(name)));
        }
    }
    if claims.iss.is_some() && claims.issuer.is_none() {
        let wanted = "https://cognito-idp.REGION.amazonaws.com/REGION_POOL, or the same at issuer-cognito-idp";
        tell(Finding::new(&rules::ISSUER, "an issuer of another form", wanted).at("/iss"));
    }
    if claims.token_use.as_deref() != Some("access") {
        let got = match claims.token_use.as_deref() {
            Some("id") => "an ID token",
            Some(_) => "another kind of token",
            None => "no kind of token",
        };
        tell(Finding::new(&rules::TOKEN_USE, got, "access").at("/token_use"));
    }
    if !claims.scope.as_ref().is_some_and(|scope| scope.contains(SCOPE)) {
        let got = match &claims.scope {
            Some(scope) => format!("{} other scopes", scope.len()),
            None => "no scope".to_owned(),
        };
        tell(Finding::new(&rules::SCOPE, got, SCOPE).at("/scope"));
    }
    if claims.is_machine() {
        tell(Finding::new(&rules::USER, "a token of client credentials: `sub` is `client_id`", "a user's token"));
    }
    for name in REQUIRED.iter().filter(|name| !claims.all.contains_key(**name)) {
        tell(Finding::new(&rules::CLAIM_MISSING, format!("no `{name}`"), "a claim that Cognito always puts there"));
    }
    findings
}
