//! Creation options, proved usable by a client that we did not write.

use cogspec::ceremony::usable;
use serde_json::{Value, json};

fn options() -> Value {
    json!({
        "rp": {"id": "auth.example.com", "name": "auth.example.com"},
        "user": {"id": "M2M0NjMyMGItYzYwZS00YTIxLTlkNjQtNTgyOWJmZWRlMWM0", "name": "ann", "displayName": ""},
        "challenge": "zsBch6DlNLUb6SgRdzHysw",
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}, {"type": "public-key", "alg": -257}],
        "timeout": 60000,
        "excludeCredentials": [{"type": "public-key", "id": "1oG8PrTycHFuWdHAjIelCnsVx7XsrGIL44Whwr_8F8k"}],
        "authenticatorSelection":
            {"requireResidentKey": true, "residentKey": "required", "userVerification": "preferred"},
    })
}

/// The findings' rules for options with that value at that place.
fn found(pointer: &str, value: impl Into<Value>) -> Vec<&'static str> {
    let mut options = options();
    *options.pointer_mut(pointer).expect("a place in the options") = value.into();
    let findings = usable(&options.to_string()).expect("the library can tell");
    findings.into_iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn right_options_are_usable() {
    assert_eq!(usable(&options().to_string()), Ok(Vec::new()));
    for rp_id in ["localhost", "shop.auth.us-east-1.amazoncognito.com", "login.example.test"] {
        assert_eq!(found("/rp/id", rp_id), [""; 0], "{rp_id}");
    }
    for verification in ["required", "discouraged", "unknown"] {
        assert_eq!(found("/authenticatorSelection/userVerification", verification), [""; 0], "{verification}");
    }
    assert_eq!(found("/pubKeyCredParams", json!([])), [""; 0]);
}

#[test]
fn a_challenge_that_no_client_gives_back_is_found() {
    for challenge in ["zsBch6DlNLUb6SgRdzHysw==", "zsBch6DlNLUb6SgRdzHy/w", " zsBch6DlNLUb6SgRdzHysw"] {
        assert_eq!(found("/challenge", challenge), ["options.usable.challenge"], "{challenge}");
    }
}

#[test]
fn what_the_client_refuses_is_found() {
    for (pointer, value) in [
        ("/challenge", json!("no base64!")),
        ("/challenge", Value::Null),
        ("/user/id", json!("M2M0NjMyMGI=")),
        ("/user/name", Value::Null),
        ("/rp/id", json!("Auth.Example.COM")),
        ("/rp/id", json!("https://auth.example.com")),
        ("/rp/id", json!("auth.example.com:443")),
        ("/rp/id", json!("127.0.0.1")),
        ("/rp/id", json!("not a host")),
    ] {
        assert_eq!(found(pointer, value.clone()), ["options.usable.client"], "{pointer} {value}");
    }
    for text in ["", "{}", "null", "[]", "\"{}\""] {
        let findings = usable(text).expect("the library can tell");
        assert_eq!(findings.len(), 1, "{text}");
    }
}

#[test]
fn what_the_library_cannot_tell_is_no_finding() {
    for (pointer, value) in
        [("/pubKeyCredParams", json!([{"type": "public-key", "alg": -257}])), ("/rp/id", json!("intranet"))]
    {
        let mut options = options();
        options[pointer.split('/').nth(1).expect("a member")] = match pointer {
            "/rp/id" => json!({"id": value, "name": ""}),
            _ => value,
        };
        let reason = usable(&options.to_string()).expect_err("nothing is proved").to_string();
        assert!(reason.starts_with("not proved: the library"), "{reason}");
    }
}
