//! The published documents, and documents with one defect that implementations really have.

use cogspec::cognito::Severity;
use cogspec::options::{Context, Document, Profile, ResponseError, check, from_response};

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/options/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn severities(name: &str, profile: Profile) -> Vec<(Severity, &'static str)> {
    let findings = check(&fixture(name), &Context::new(profile));
    findings.iter().map(|finding| (finding.severity(), finding.rule.id)).collect()
}

#[test]
fn the_published_capture_earns_notes_only() {
    for profile in [Profile::W3c, Profile::Cognito] {
        let found = severities("amplify-capture.json", profile);
        assert!(found.iter().all(|(severity, _)| *severity == Severity::Note), "{found:?}");
    }
    let found = severities("amplify-capture.json", Profile::Cognito);
    assert!(found.contains(&(Severity::Note, "options.cognito.exclude.double-encoded")));
}

#[test]
fn the_documentation_sample_fails_by_its_challenge() {
    let body = fixture("aws-documentation-sample.json");
    let options = from_response(&body).unwrap();
    assert_eq!(options.findings(), []);
    let findings = check(options.text.as_bytes(), &Context::new(Profile::W3c));
    let challenge = findings.iter().find(|f| f.pointer.as_deref() == Some("/challenge")).unwrap();
    assert_eq!((challenge.rule.id, challenge.severity()), ("options.base64url.length", Severity::Fail));
}

#[test]
fn each_defect_is_told_by_its_rule() {
    use Severity::{Fail, Warn};
    let defects: [(&str, &[(Severity, &str)]); 20] = [
        ("rp-id-url", &[(Fail, "rp-id.url")]),
        ("rp-id-public-suffix", &[(Fail, "rp-id.public-suffix")]),
        ("rp-id-endpoint", &[(Warn, "cognito.rp-id.endpoint")]),
        ("wrapped-in-public-key", &[(Fail, "object.wrapped")]),
        ("string", &[(Fail, "object.string")]),
        ("challenge-uuid-text", &[(Warn, "challenge.uuid-text")]),
        ("challenge-padded", &[(Fail, "base64url.padding")]),
        ("challenge-standard-base64", &[(Fail, "base64url.alphabet")]),
        ("user-id-raw-sub", &[(Warn, "user.id.uuid-text"), (Fail, "cognito.user.id.raw")]),
        ("user-id-empty", &[(Fail, "user.id.empty")]),
        ("user-id-65-bytes", &[(Fail, "user.id.length")]),
        ("timeout-string", &[(Fail, "timeout.json-type")]),
        ("timeout-float", &[(Fail, "timeout.integer")]),
        ("exclude-null", &[(Fail, "member.null")]),
        ("exclude-missing", &[(Fail, "cognito.exclude.required")]),
        ("selection-missing", &[(Fail, "cognito.selection.required")]),
        ("display-name-missing", &[(Fail, "user.display-name.required")]),
        ("duplicate-challenge", &[(Fail, "json.duplicate-member")]),
        ("es256-only", &[(Fail, "cognito.params.both")]),
        ("base", &[]),
    ];
    for (name, expected) in defects {
        let mut found = severities(&format!("{name}.json"), Profile::Cognito);
        found.retain(|(severity, _)| *severity > Severity::Note);
        let expected: Vec<_> = expected.iter().map(|(severity, id)| (*severity, format!("options.{id}"))).collect();
        let found: Vec<_> = found.into_iter().map(|(severity, id)| (severity, id.to_owned())).collect();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn options_are_found_in_a_response_as_they_stand() {
    let body = br#"{"x": 1, "CredentialCreationOptions": {"b":1, "a":{ }, "b":2.0} , "y": []}"#;
    let options = from_response(body).unwrap();
    assert_eq!(options.text, r#"{"b":1, "a":{ }, "b":2.0}"#);
    assert_eq!(
        (options.name.as_str(), options.occurrences, options.is_string),
        ("CredentialCreationOptions", 1, false)
    );
    assert_eq!(options.findings(), []);

    let options = from_response(b"\xEF\xBB\xBF{\"credentialCreationOptions\": \"{}\"}").unwrap();
    assert_eq!((options.text, options.is_string), ("\"{}\"", true));
    assert_eq!(options.findings()[0].rule.id, "response.members");

    let options = from_response(br#"{"CredentialCreationOptions": 1, "CredentialCreationOptions": {}}"#).unwrap();
    assert_eq!((options.text, options.occurrences), ("{}", 2));
    assert_eq!(options.findings()[0].rule.id, "options.json.duplicate-member");

    assert_eq!(from_response(b"[]"), Err(ResponseError::NotObject));
    assert_eq!(from_response(b"{}"), Err(ResponseError::Missing));
    assert!(matches!(from_response(b"<html>"), Err(ResponseError::Json(_))));
}

#[test]
fn a_document_is_read_by_its_members() {
    let text = fixture("amplify-capture.json");
    let document = Document::parse(&text).unwrap();
    assert_eq!(document.rp_id(), Some("localhost"));
    assert_eq!(document.challenge().unwrap().len(), 16);
    assert_eq!(document.user_id().unwrap(), b"3c46320b-c60e-4a21-9d64-5829bfede1c4");
    assert_eq!(document.user_name(), Some("james"));
    assert_eq!(document.user_verification(), Some("required"));
    assert_eq!(document.exclude_ids().unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [58, 58]);

    let document = Document::parse(br#"{"challenge": "AA==", "excludeCredentials": [{"id": 1}]}"#).unwrap();
    assert_eq!(document.challenge_text(), Some("AA=="));
    assert_eq!((document.challenge(), document.exclude_ids(), document.user_id()), (None, None, None));
}
