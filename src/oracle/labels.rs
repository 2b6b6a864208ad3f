//! Whether what was drawn with labels is called what its labels say. Each function gives the disagreements in words, none
//! where all is as it should be; the words hold no token.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::cognito::rules::{request as request_rules, response as response_rules, token as rules};
use crate::cognito::{Finding, Rule, START};
use crate::generate::request::Right;
use crate::generate::{options, request, response, token};
use crate::options::{check, from_response};
use crate::token::{Jwks, VerifyError, inspect, verify};
use crate::wire::json::{Kind, Member, Object};
use crate::wire::{Class, Classification, classify};

/// Everything for which Cognito would refuse a token at that time, as far as it can be seen without the pool. Without keys
/// the signature is not looked at.
#[must_use]
pub fn token_findings(text: &str, now: i64, keys: Option<&Jwks>) -> Vec<Finding> {
    let inspection = inspect(text);
    let mut findings = inspection.findings;
    findings.extend(inspection.claims.iter().flat_map(|claims| crate::token::check(claims, now)));
    findings.extend(keys.and_then(|keys| verify(text, keys).err()).as_ref().and_then(signature_finding));
    findings
}

/// The rule that a signature breaks; nothing where the findings on the token's form say it already.
#[must_use]
pub fn signature_finding(e: &VerifyError) -> Option<Finding> {
    match e {
        VerifyError::Malformed | VerifyError::Algorithm | VerifyError::NoKid => None,
        VerifyError::NoKey | VerifyError::BadKey => {
            Some(Finding::new(&rules::KEY, e.to_string(), "a key of the set").at("/kid"))
        }
        VerifyError::BadSignature => Some(Finding::new(&rules::SIGNATURE, e.to_string(), "a signature by that key")),
    }
}

/// A drawn token against the strict parser and checker: right ones have no finding, those with one defect exactly that
/// defect's, those with several at least one.
#[must_use]
pub fn token(drawn: &token::Drawn, now: i64, keys: Option<&Jwks>) -> Vec<String> {
    let found = ids(&token_findings(&drawn.text, now, keys));
    let seen = |rule: &&'static str| keys.is_some() || *rule != rules::SIGNATURE.id;
    let expected: BTreeSet<&str> =
        drawn.defects.iter().flat_map(|d| d.rules).copied().filter(|rule| seen(rule)).collect();
    let agrees = match drawn.defects.len() {
        0 | 1 => found == expected,
        _ => expected.is_empty() || !found.is_empty(),
    };
    disagreement(agrees, &drawn, &expected, &found)
}

/// Drawn options against the judge: findings beyond those of the base are those of the defects and the form.
#[must_use]
pub fn options(drawn: &options::Drawn) -> Vec<String> {
    let found = ids(&check(&drawn.text, &drawn.base.context()));
    let new: BTreeSet<&str> =
        found.difference(of_base(drawn.base)).filter_map(|id| id.strip_prefix("options.")).collect();
    let expected = drawn.rules();
    disagreement(new == expected, &(&drawn.defects, drawn.form), &expected, &new)
}

/// The rules that the base itself breaks. It never changes, so it is judged once.
fn of_base(base: options::Base) -> &'static BTreeSet<&'static str> {
    static FOUND: LazyLock<[BTreeSet<&str>; 2]> =
        LazyLock::new(|| options::Base::ALL.map(|base| ids(&check(base.text().as_bytes(), &base.context()))));
    &FOUND[base as usize]
}

/// A drawn response against the classification and the oracle of answers.
#[must_use]
pub fn answer(drawn: &response::Drawn, classification: &Classification) -> Vec<String> {
    let name = classification.name();
    let found = ids(&super::response::findings(&START, &drawn.response, classification));
    let mut told = disagreement(name == drawn.class, &drawn.defects, &drawn.class, &name);
    told.extend(disagreement(found == drawn.rules, &drawn.defects, &drawn.rules, &found));
    told
}

/// A drawn response against the classification, the oracle of answers, and the judge of the options in it.
#[must_use]
pub fn response(drawn: &response::Drawn) -> Vec<String> {
    let classification = classify(&START, &drawn.response);
    let mut told = answer(drawn, &classification);
    if classification.class == Class::Success {
        let found = from_response(&drawn.response.body).ok();
        let of_member = found.as_ref().map(|found| ids(&found.findings()));
        let expected = drawn.options.as_ref().map(|(_, rules)| rules.clone());
        told.extend(disagreement(of_member == expected, &drawn.defects, &expected, &of_member));
        let texts =
            (found.map(|found| found.text.as_bytes()), drawn.options.as_ref().map(|(options, _)| &*options.text));
        told.extend(disagreement(
            texts.0 == texts.1.map(<[u8]>::trim_ascii),
            &drawn.defects,
            &"the options",
            &"others",
        ));
    }
    told.extend(drawn.options.iter().flat_map(|(drawn, _)| options(drawn)));
    told
}

/// The answer to a drawn request, where a plain request with the same token is answered with the class `plain`.
#[must_use]
pub fn request(drawn: &request::Drawn, plain: &'static str, answer: &Classification) -> Vec<String> {
    let Some(finding) = request_finding(drawn, plain, answer) else { return Vec::new() };
    vec![format!("{:?}: {}: expected {}, got {}", drawn.defects, finding.rule.id, finding.wanted, finding.got)]
}

/// The same as a finding under the rule that the answer breaks: the one for which the request is refused, or served, or
/// the one that names the class of its refusal.
#[must_use]
pub fn request_finding(drawn: &request::Drawn, plain: &'static str, answer: &Classification) -> Option<Finding> {
    if drawn.is_right(plain, answer) {
        return None;
    }
    let is_served = matches!(answer.class, Class::Success);
    let is_error_of_the_server = answer.status.is_some_and(|status| status >= 500);
    let class_rule = drawn.defects.iter().find_map(|defect| match defect.right {
        Right::RefusedAs(_, rule) => Some(rule),
        _ => None,
    });
    let rule = match drawn.must_be_refused() {
        _ if matches!(answer.class, Class::Transport(_)) => &response_rules::ANSWERED,
        _ if is_error_of_the_server => &response_rules::NO_SERVER_ERROR,
        Some(defect) if is_served => defect.rule,
        Some(defect) => class_rule.unwrap_or(defect.rule),
        None => drawn.defects.first().map_or(&request_rules::ACCEPTED, |defect| defect.rule),
    };
    let wanted: Vec<&str> = drawn.classes(plain).into_iter().collect();
    Some(Finding::new(rule, answer.name(), wanted.join(" or ")))
}

/// The body of a drawn request against the reader of JSON objects, which must read that token in it or what the label says
/// instead. The request has at most one defect, which is of its body, and not a large one.
#[must_use]
pub fn body(drawn: &request::Drawn, token: &str) -> Vec<String> {
    let object = Object::parse(&drawn.request.body);
    let found = object.as_ref().ok().and_then(|object| object.last("AccessToken"));
    let read = found.and_then(Member::string);
    let of_pattern = || read.as_deref().map(|text| ids(&inspect(text).findings).contains(request_rules::PATTERN.id));
    let defect = drawn.defects.first();
    let is_of = |rules: &[&Rule]| defect.is_some_and(|defect| rules.iter().any(|rule| rule.id == defect.rule.id));
    let (wanted, agrees) = if is_of(NO_JSON) {
        ("no JSON object", object.is_err())
    } else if is_of(&[&request_rules::JSON_OBJECT, &request_rules::REQUIRED]) {
        ("no token", read.is_none())
    } else if is_of(&[&request_rules::MEMBER_NAME]) {
        ("no member of that name", object.is_ok() && found.is_none())
    } else if is_of(&[&request_rules::MEMBER_TYPE]) {
        ("no string", found.is_some_and(|member| member.kind() != Kind::String))
    } else if is_of(&[&request_rules::PATTERN]) {
        ("text outside the pattern", of_pattern() == Some(true))
    } else if is_of(&[&rules::STRUCTURE]) {
        ("other text of the pattern", of_pattern() == Some(false) && read.as_deref() != Some(token))
    } else if is_of(&[&request_rules::DUPLICATE_MEMBER]) {
        ("members twice", object.as_ref().is_ok_and(|object| !object.duplicates().is_empty()))
    } else {
        ("the token", read.as_deref() == Some(token))
    };
    let got = || match (&object, &found) {
        (Err(e), _) => e.to_string(),
        (Ok(_), None) => "an object without the member".to_owned(),
        (Ok(_), Some(member)) => format!("{} for the token", member.kind()),
    };
    if agrees { Vec::new() } else { vec![format!("{:?}: expected {wanted}, got {}", drawn.defects, got())] }
}

/// The rules for whose sake a body is no JSON object in UTF-8.
const NO_JSON: &[&Rule] = &[
    &request_rules::JSON,
    &request_rules::JSON_STRICT,
    &request_rules::JSON_UTF8,
    &request_rules::JSON_BOM,
    &request_rules::JSON_ENCODING,
];

fn ids(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.rule.id).collect()
}

fn disagreement(
    agrees: bool,
    what: &dyn std::fmt::Debug,
    expected: &dyn std::fmt::Debug,
    got: &dyn std::fmt::Debug,
) -> Vec<String> {
    if agrees { Vec::new() } else { vec![format!("{what:?}: expected {expected:?}, got {got:?}")] }
}
