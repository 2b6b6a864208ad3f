//! The claims that Cognito puts in an access token, each with its type (developer guide, Access token payload).

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value};

use super::parse::{brief, pointer};
use crate::cognito::Finding;
use crate::cognito::rules::token as rules;

/// An access token's claims. A claim that is absent, or of another type than Cognito's, is `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Claims {
    /// `sub`: the user; UUID-like, but not to be validated as one.
    pub sub: Option<String>,
    /// `iss`, as it is written.
    pub iss: Option<String>,
    /// `iss`, where it has one of Cognito's two forms.
    pub issuer: Option<Issuer>,
    /// `client_id`: the app client.
    pub client_id: Option<String>,
    /// `token_use`: `access` in an access token.
    pub token_use: Option<String>,
    /// `scope`, split at white space.
    pub scope: Option<BTreeSet<String>>,
    /// `auth_time`: when the user signed in, in seconds since the epoch.
    pub auth_time: Option<i64>,
    /// `iat`: when the token was issued, in seconds since the epoch.
    pub iat: Option<i64>,
    /// `exp`: from when on the token is refused, in seconds since the epoch.
    pub exp: Option<i64>,
    /// `jti`: the token's id.
    pub jti: Option<String>,
    /// `origin_jti`: the id of the sign-in, by which tokens are revoked.
    pub origin_jti: Option<String>,
    /// `event_id`: the id of the sign-in event.
    pub event_id: Option<String>,
    /// `username`; no token of client credentials has it.
    pub username: Option<String>,
    /// `version`: 2 where the token comes from the token endpoint.
    pub version: Option<i64>,
    /// `device_key`.
    pub device_key: Option<String>,
    /// `cognito:groups`.
    pub groups: Option<Vec<String>>,
    /// `aud`, one or several; only with resource binding.
    pub aud: Option<Vec<String>>,
    /// `acr`: how strongly the user signed in.
    pub acr: Option<String>,
    /// `amr`: by which means the user signed in.
    pub amr: Option<Vec<String>>,
    /// Every claim, in order; of duplicates the last.
    pub all: Map<String, Value>,
}

/// The claims that every access token of a user has.
pub const REQUIRED: &[&str] =
    &["sub", "iss", "client_id", "token_use", "scope", "auth_time", "exp", "iat", "jti", "event_id", "username"];

impl Claims {
    /// Reads claims, and adds a finding for each one of another type than Cognito's.
    pub(super) fn read(all: Map<String, Value>, findings: &mut Vec<Finding>) -> Claims {
        let mut reader = Reader { all: &all, findings };
        let iss = reader.text("iss");
        let claims = Claims {
            sub: reader.text("sub"),
            issuer: iss.as_deref().and_then(Issuer::parse),
            iss,
            client_id: reader.text("client_id"),
            token_use: reader.text("token_use"),
            scope: reader.text("scope").map(|scope| scope.split_whitespace().map(str::to_owned).collect()),
            auth_time: reader.integer("auth_time"),
            iat: reader.integer("iat"),
            exp: reader.integer("exp"),
            jti: reader.text("jti"),
            origin_jti: reader.text("origin_jti"),
            event_id: reader.text("event_id"),
            username: reader.text("username"),
            version: reader.integer("version"),
            device_key: reader.text("device_key"),
            groups: reader.texts("cognito:groups"),
            aud: reader.one_or_more("aud"),
            acr: reader.text("acr"),
            amr: reader.texts("amr"),
            all: Map::new(),
        };
        Claims { all, ..claims }
    }

    /// Whether the token has the shape of one for client credentials: it stands for the app client, not for a user.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        self.sub.is_some() && self.sub == self.client_id
    }
}

/// Reads claims by type, and tells the wrong ones.
struct Reader<'a> {
    all: &'a Map<String, Value>,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn read<T>(&mut self, name: &str, wanted: &str, of: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.all.get(name)?;
        let read = of(value);
        if read.is_none() {
            self.findings.push(Finding::new(&rules::CLAIM_TYPE, brief(value), wanted).at(pointer(name)));
        }
        read
    }

    fn text(&mut self, name: &str) -> Option<String> {
        self.read(name, "a string", |value| value.as_str().map(str::to_owned))
    }

    fn integer(&mut self, name: &str) -> Option<i64> {
        self.read(name, "an integer", Value::as_i64)
    }

    fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.read(name, "an array of strings", texts)
    }

    fn one_or_more(&mut self, name: &str) -> Option<Vec<String>> {
        self.read(name, "a string, or an array of strings", |value| match value {
            Value::String(text) => Some(vec![text.clone()]),
            value => texts(value),
        })
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

/// Which of Cognito's issuer addresses a pool uses (`IssuerConfigurationType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssuerForm {
    /// `https://cognito-idp.REGION.amazonaws.com/POOL`.
    Original,
    /// `https://issuer-cognito-idp.REGION.amazonaws.com/POOL`.
    Updated,
}

/// A user pool, as `iss` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// Which address.
    pub form: IssuerForm,
    /// The Region.
    pub region: String,
    /// The pool's id: the Region, an underscore, letters and digits.
    pub pool_id: String,
}

/// The domains of the AWS partitions (botocore `endpoints.json`, `dnsSuffix`).
const SUFFIXES: &[&str] = &["amazonaws.com", "amazonaws.com.cn", "amazonaws.eu", "c2s.ic.gov", "sc2s.sgov.gov"];

impl Issuer {
    /// Reads an issuer in either form, of one Region in both places; `None` for any other text.
    #[must_use]
    pub fn parse(iss: &str) -> Option<Issuer> {
        let rest = iss.strip_prefix("https://")?;
        let (form, rest) = match rest.strip_prefix("issuer-cognito-idp.") {
            Some(rest) => (IssuerForm::Updated, rest),
            None => (IssuerForm::Original, rest.strip_prefix("cognito-idp.")?),
        };
        let (host, pool_id) = rest.split_once('/')?;
        let (region, suffix) = host.split_once('.')?;
        let (pool_region, id) = pool_id.split_once('_')?;
        let is_region =
            !region.is_empty() && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
        let valid = is_region && is_id && pool_region == region && SUFFIXES.contains(&suffix);
        valid.then(|| Issuer { form, region: region.to_owned(), pool_id: pool_id.to_owned() })
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.form {
            IssuerForm::Original => "original",
            IssuerForm::Updated => "updated",
        };
        write!(f, "pool {} in {}, {form} issuer", self.pool_id, self.region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_issuer_forms_are_read() {
        let issuer = |iss| Issuer::parse(iss).map(|issuer| (issuer.form, issuer.region, issuer.pool_id));
        let pool = |form| Some((form, "eu-west-1".to_owned(), "eu-west-1_aB3dEfGh9".to_owned()));
        assert_eq!(
            issuer("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3dEfGh9"),
            pool(IssuerForm::Original)
        );
        assert_eq!(
            issuer("https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3dEfGh9"),
            pool(IssuerForm::Updated)
        );
        assert!(Issuer::parse("https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_a").is_some());
    }

    #[test]
    fn another_issuer_is_not_cognitos() {
        for iss in [
            "",
            "http://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a",
            "https://cognito-idp.eu-west-1.amazonaws.com/us-east-1_a",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a/",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_",
            "https://cognito-idp.eu-west-1.amazonaws.com.evil.example/eu-west-1_a",
            "https://cognito-idp.eu-west-1.evil.example/eu-west-1_a",
            "https://cognito-idp..amazonaws.com/_a",
            "https://localhost:9229/eu-west-1_a",
        ] {
            assert_eq!(Issuer::parse(iss), None, "{iss}");
        }
    }
}
