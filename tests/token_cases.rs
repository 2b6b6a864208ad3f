//! The token theme against the embedded emulator, over real HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use cogspec::cognito::{Finding, Severity};
use cogspec::emulator::{Config, Emulator};
use cogspec::suite::{self, Case, Check, Ctx, Kind, Recorded, Role, Stop, Theme};
use cogspec::target::{Fixtures, Target};
use cogspec::token::{Key, mint};
use futures::StreamExt;
use serde_json::json;

struct Ran {
    case: Case,
    end: Result<Vec<Finding>, Stop>,
    recorded: Vec<Recorded>,
}

async fn run(target: Target, access_token: Option<String>) -> Vec<Ran> {
    let fixtures = Arc::new(Fixtures::new(target, "test", access_token));
    let cases = suite::all().into_iter().filter(|case| case.theme == Theme::Token);
    futures::stream::iter(cases)
        .map(|case| {
            let ctx = Ctx::new(&case.id, Arc::clone(&fixtures), 0);
            async move {
                let Check::Steps(steps) = &case.check else { panic!("{} is an audit", case.id) };
                let end = steps(ctx.clone()).await;
                Ran { recorded: ctx.recorded(), case, end }
            }
        })
        .buffered(8)
        .collect()
        .await
}

#[tokio::test]
async fn every_case_holds_on_the_emulator_and_sends_a_request_of_its_own() {
    let emulator = Emulator::start(Config::default()).await.unwrap();
    let ran = run(Target::embedded(&emulator.endpoint(), "us-east-1", Duration::from_secs(10)).unwrap(), None).await;
    assert!(ran.len() >= 100, "{} cases", ran.len());
    let mut wrong = Vec::new();
    let mut sent = BTreeMap::new();
    for Ran { case, end, recorded } in &ran {
        let observed = matches!(case.kind, Kind::Observed);
        match end {
            Ok(findings) if findings.is_empty() => {}
            Ok(findings) if observed && findings.iter().all(|finding| finding.severity() == Severity::Note) => {}
            end => wrong.push(format!("{}: {end:?}", case.id)),
        }
        for test in recorded.iter().filter(|recorded| recorded.role == Role::Test) {
            if let Some(other) = sent.insert(test.exchange.request.body.clone(), &case.id) {
                wrong.push(format!("{} sends what {other} sends", case.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    emulator.shutdown().await;
}

/// On any other server the pool's key is not at hand: what needs it is skipped with that reason, the rest is judged.
#[tokio::test]
async fn without_the_signing_key_the_rest_is_judged() {
    let emulator = Emulator::start(Config::default()).await.unwrap();
    let ran = run(Target::endpoint(&emulator.endpoint(), "us-east-1", Duration::from_secs(10)).unwrap(), None).await;
    let mut judged = 0;
    for Ran { case, end, .. } in &ran {
        match end {
            Ok(findings) => {
                judged += 1;
                assert!(
                    findings.iter().all(|finding| finding.severity() == Severity::Note),
                    "{}: {findings:?}",
                    case.id
                );
            }
            Err(Stop::Skip(why)) => assert!(why.contains("--signing-key"), "{}: {why}", case.id),
            Err(stop) => panic!("{}: {stop:?}", case.id),
        }
    }
    assert!(judged >= 70, "{judged} cases");
    emulator.shutdown().await;
}

/// No refusal is asked for in vain: a server that serves everything breaks, in each case, the rule that it is about.
#[tokio::test]
async fn a_server_that_serves_everything_breaks_every_rule() {
    let served = axum::Router::new()
        .fallback(async || ([("content-type", "application/x-amz-json-1.1")], r#"{"CredentialCreationOptions":{}}"#));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(axum::serve(listener, served).into_future());

    let target = Target::endpoint(&endpoint, "us-east-1", Duration::from_secs(10)).unwrap();
    let ran = run(target, Some(access_token())).await;
    let mut broken = 0;
    for Ran { case, end, .. } in &ran {
        match (&case.kind, end) {
            (Kind::Refused { .. }, Ok(findings)) => {
                let told: Vec<_> = findings.iter().map(|finding| finding.rule.id).collect();
                assert_eq!(told, [case.rules[0].id], "{}", case.id);
                broken += 1;
            }
            // With an access token alone there is no second pool or user, no other token, no key set.
            (_, Err(Stop::Skip(_))) | (Kind::Accepted | Kind::Observed, Ok(_)) => {}
            (_, end) => panic!("{}: {end:?}", case.id),
        }
    }
    assert!(broken >= 240, "{broken} cases");
    server.abort();
}

fn access_token() -> String {
    let key = Key::from_pem("a-key", include_str!("data/test-key.pem")).expect("a key for tests");
    let claims = json!({
        "sub": "11111111-2222-4333-8444-555555555555",
        "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example00",
        "client_id": "1example23456789",
        "origin_jti": "a",
        "event_id": "b",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": 1_700_000_000,
        "exp": 4_000_000_000_u64,
        "iat": 1_700_000_000,
        "jti": "c",
        "username": "user",
    });
    mint(br#"{"kid":"a-key","alg":"RS256"}"#, claims.to_string().as_bytes(), &key)
}
