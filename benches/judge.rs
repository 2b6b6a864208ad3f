//! How fast answers and tokens are judged, each beside the floor: `serde_json::from_slice::<Value>` on the same bytes.
//!
//! The figures to compare are the ratios within one run; absolute times depend on the machine.

use std::hint::black_box;

use arbitrary::Unstructured;
use cogspec::cognito::START;
use cogspec::generate;
use cogspec::options::{self, Context, Profile};
use cogspec::token;
use cogspec::wire::{Response, classify};
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};

const CAPTURE: &[u8] = include_bytes!("../tests/data/options/amplify-capture.json");

fn floor(group: &mut BenchmarkGroup<'_, WallTime>, bytes: &[u8]) {
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("floor", |b| b.iter(|| serde_json::from_slice::<serde_json::Value>(black_box(bytes))));
}

/// Creation options: the published capture, against all rules of both profiles.
fn options_check(c: &mut Criterion) {
    let mut group = c.benchmark_group("options");
    floor(&mut group, CAPTURE);
    for profile in [Profile::W3c, Profile::Cognito] {
        let context = Context::new(profile);
        group.bench_function(profile.to_string(), |b| b.iter(|| options::check(black_box(CAPTURE), &context)));
    }
    group.finish();
}

/// Classification: an error as live Cognito sends it, and a success with the published capture.
fn classification(c: &mut Criterion) {
    let headers = [("content-type", "application/x-amz-json-1.1"), ("x-amzn-errortype", "NotAuthorizedException:")];
    let response = |status, headers: &[(&str, &str)], body: Vec<u8>| Response {
        status,
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect(),
        body,
    };
    let error = br#"{"__type":"NotAuthorizedException","message":"Access Token has expired"}"#.to_vec();
    let success = [br#"{"CredentialCreationOptions":"#, CAPTURE, b"}"].concat();
    let answers = [("error", response(400, &headers, error)), ("success", response(200, &headers[..1], success))];
    for (name, response) in answers {
        let mut group = c.benchmark_group(format!("classification-{name}"));
        floor(&mut group, &response.body);
        group.bench_function("classify", |b| b.iter(|| classify(&START, black_box(&response))));
        group.finish();
    }
}

/// A token's strict reading and check; the floor reads its decoded claims only.
fn token_check(c: &mut Criterion) {
    let claims = serde_json::json!({
        "sub": "3c46320b-c60e-4a21-9d64-5829bfede1c4",
        "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_EXAMPLE12",
        "client_id": "1example23456789abcdefghij",
        "origin_jti": "5b9f50a3-05da-454a-8b99-b79c2349de77",
        "event_id": "64f513be-32db-42b0-b78e-b02127b4f463",
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "auth_time": 1_700_000_000, "exp": 1_700_003_600, "iat": 1_700_000_000,
        "jti": "e4ea5c0f-3f0c-4b0e-8d5c-6a9d1f3a2b1c",
        "username": "testuser",
    });
    let claims = claims.to_string();
    let key = token::Key::from_pem("key", include_str!("../tests/data/test-key.pem")).expect("the test key is one");
    let text = token::mint(br#"{"kid":"key","alg":"RS256"}"#, claims.as_bytes(), &key);
    let mut group = c.benchmark_group("token");
    floor(&mut group, claims.as_bytes());
    group.bench_function("inspect", |b| b.iter(|| token::inspect(black_box(&text))));
    group.bench_function("inspect-and-check", |b| {
        b.iter(|| token::inspect(black_box(&text)).claims.map(|claims| token::check(&claims, 1_700_000_001)))
    });
    group.finish();
}

/// Draws of each generator, by itself; the floor reads a right answer's body.
fn draws(c: &mut Criterion) {
    // Every byte differs from those near it, and each round draws from other bytes.
    let bytes: Vec<u8> = (0..8192_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut group = c.benchmark_group("draw");
    let mut draw = |name: &str, of: &dyn Fn(&mut Unstructured<'_>)| {
        let mut rounds = bytes.windows(256).cycle();
        group.bench_function(name, |b| {
            b.iter(|| of(&mut Unstructured::new(black_box(rounds.next().unwrap_or_default()))));
        });
    };
    let success = [br#"{"CredentialCreationOptions":"#, CAPTURE, b"}"].concat();
    draw("floor", &|_| drop(black_box(serde_json::from_slice::<serde_json::Value>(black_box(&success)))));
    let base = generate::token::Base::example(generate::token::Signer::Nobody);
    draw("token", &|u| drop(black_box(generate::token::draw(u, &base))));
    draw("options", &|u| drop(black_box(generate::options::draw(u))));
    draw("response", &|u| drop(black_box(generate::response::draw(u))));
    let token = "a".repeat(1_000);
    draw("request", &|u| drop(black_box(generate::request::draw(u, &token))));
    group.finish();
}

criterion_group!(benches, options_check, classification, token_check, draws);
criterion_main!(benches);
