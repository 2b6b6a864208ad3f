//! A small run in which everything happens.

use serde_json::{Value, json};

/// Every verdict, drift, what the baseline lists in each way, and notices. `text` stands wherever a server, or the person who
/// wrote the baseline, has a part.
pub(crate) fn run(text: &str) -> Value {
    let cases = [
        case("request.plain", "pass", json!({})),
        case("request.drifts", "pass", json!({ "drift": drift("recorded", text), "exchanges": exchanges(text) })),
        case(
            "request.drifts-softly",
            "note",
            json!({
                "drift": drift("inferred", text), "findings": [finding("request.json.duplicate", "note", "MAY", text)],
                "exchanges": exchanges(text),
            }),
        ),
        case("request.long", "warn", told("request.path", "warn", "SHOULD", text)),
        case("token.signature.flipped", "fail", told("token.signature", "fail", "MUST", text)),
        case("token.signature.removed", "fail", told("token.signature", "fail", "MUST", text)),
        case("token.scope.missing", "fail", told("token.scope", "fail", "MUST", &format!("one\ntwo {text}\nthree"))),
        case("token.time.otherwise", "fail", listed("fail", told("token.expiry", "fail", "MUST", text), text)),
        case("token.time.listed", "known", listed("fail", told("token.expiry", "fail", "MUST", text), text)),
        case("token.time.mended", "fixed", listed("pass", json!({ "exchanges": exchanges(text) }), text)),
        case("state.one", "skip", json!({ "reason": format!("the target refuses CreateUserPoolDomain {text}") })),
        case("state.two", "skip", json!({ "reason": format!("the target refuses CreateUserPoolDomain {text}") })),
        case("state.three", "inconclusive", json!({ "reason": text, "exchanges": exchanges(text) })),
        case("response.bug", "error", json!({ "reason": format!("the case panicked: {text}") })),
    ];
    json!({
        "version": 1,
        "run": {
            "version": 1, "cogspec": "0.1.0", "target": format!("http://127.0.0.1:4000 {text}"),
            "endpoint": format!("http://127.0.0.1:4000/{text}"), "cases": 22, "seed": 7, "case_set": "9f2c",
            "started": 1_767_225_600, "token": format!("cogspec1.7.9f2c.{text}"),
        },
        "cases": cases,
        "notices": [format!("could not be deleted: {text}")],
        "summary": {
            "counts": { "pass": 2, "note": 1, "warn": 1, "fail": 4, "known": 1, "fixed": 1, "skip": 2, "inconclusive": 1, "error": 1 },
            "drifted": 1, "drifted_inferred": 1, "stale": 0, "expired": 1, "unmatched": 0, "not_run": 8, "interrupted": true,
            "unreachable": false, "duration_ms": 4210, "exit": { "code": 1, "meaning": "a MUST was broken, or what --fail-on names" },
        },
    })
}

fn case(id: &str, verdict: &str, more: Value) -> Value {
    let mut case = json!({
        "id": id, "theme": id.split('.').next(), "title": "shows `something`", "rules": ["token.signature", "token.scope"],
        "expects": "refused", "classes": ["NotAuthorizedException"], "verdict": verdict, "findings": [], "exchanges": [],
        "duration_ms": 12,
    });
    case.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    case
}

fn told(rule: &str, severity: &str, level: &str, text: &str) -> Value {
    let findings = [finding(rule, severity, level, text), finding("response.request-id", "note", "MAY", text)];
    json!({ "findings": findings, "exchanges": exchanges(text), "prepared": [format!("SignUp {text}"), "ConfirmSignUp"],
        "fingerprint": [format!("{rule}: {text}")] })
}

fn listed(found: &str, mut case: Value, text: &str) -> Value {
    case["listed"] = json!({ "found": found, "fingerprint": [format!("token.expiry: {text}")], "reason": format!("no clock {text}"),
        "link": format!("javascript:window.pwned=1//{text}"), "expires": "2026-01-01", "expired": true });
    case
}

fn finding(rule: &str, severity: &str, level: &str, text: &str) -> Value {
    json!({ "rule": rule, "severity": severity, "level": level, "evidence": "documented", "statement": "The `thing` holds.",
        "source": "A document, section 1", "url": "https://www.rfc-editor.org/rfc/rfc8259.html", "pointer": format!("/a~1b {text}"),
        "got": text, "wanted": "a refusal: NotAuthorizedException" })
}

fn exchanges(text: &str) -> Value {
    let curl =
        format!(r#"curl -sS -i 'http://127.0.0.1:4000/' --data-binary '{{"AccessToken":"'"$ACCESS_TOKEN"'"}}' {text}"#);
    let exchange = |role: &str| {
        json!({ "role": role, "curl": curl, "status": 400, "class": format!("Odd {text}"), "message": text,
        "answer": format!("HTTP 400\nx: {text}\n\n{text}"), "elapsed_ms": 3 })
    };
    json!([exchange("test"), exchange("witness")])
}

fn drift(evidence: &str, text: &str) -> Value {
    json!({ "profile": "cognito", "evidence": evidence, "diff": format!(" status: 400\n-message: Invalid\n+message: {text}") })
}

/// The same as a run of a client of that name.
pub(crate) fn client(name: &str, text: &str) -> Value {
    let mut run = run(text);
    run["run"]["side"] = json!("client");
    run["run"]["name"] = json!(name);
    run["run"]["target"] = json!(format!("{name} 1.2.3 {text}"));
    for case in run["cases"].as_array_mut().unwrap() {
        let (server, rest) = case["id"].as_str().unwrap().split_once('.').unwrap();
        let theme = match server {
            "request" => "envelope",
            "token" => "gateway",
            "state" => "transport",
            _ => "retry",
        };
        let one_line = text.replace('\n', " ");
        let made = format!("outcome: error\ncode: {name} {one_line}\nmessage: {one_line}\nattempts: 2");
        case["id"] = json!(format!("{theme}.{rest}"));
        case["theme"] = json!(theme);
        case["expects"] = json!("client");
        case["outcomes"] = json!(["error"]);
        let members = case.as_object_mut().unwrap();
        members.remove("classes");
        members.remove("drift");
        if !["skip", "error"].contains(&members["verdict"].as_str().unwrap()) {
            members.insert("observation".to_owned(), json!(made));
        }
    }
    run
}
