//! The three dialects against the clients themselves.
//!
//! Each row of `data/error-envelopes.json` was served to the real client, and what it reported was written down:
//!
//! - `rust`: aws-smithy-json 0.65.1 (`protocol::error::parse_error_envelope_metadata`)
//! - `javascript`: @aws-sdk/client-cognito-identity-provider 3.1169.0 with @smithy/core 3.41.0, on Node.js 20.20
//! - `botocore`: boto3 1.44.5 with botocore 1.44.5, `cognito-idp`, on Python 3.11
//!
//! An outcome is `"success"`, `"unreadable"` (the client failed while reading), or `[code, message]`. The first rows are
//! the error responses of Smithy's protocol tests for awsJson1_1.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use cogspec::wire::{Outcome, Response, readings};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Row {
    name: String,
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default)]
    body: String,
    body_hex: Option<String>,
    rust: Value,
    javascript: Value,
    botocore: Value,
}

impl Row {
    fn response(&self) -> Response {
        let body = match &self.body_hex {
            Some(hex) => data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap(),
            None => self.body.clone().into_bytes(),
        };
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect();
        Response { status: self.status, headers, body }
    }
}

#[test]
fn each_dialect_reads_as_its_client_does() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("data/error-envelopes.json")).unwrap();
    assert!(rows.len() > 100);
    let mut differences = Vec::new();
    for row in &rows {
        let wanted = [&row.rust, &row.javascript, &row.botocore];
        for (reading, wanted) in readings(&row.response()).iter().zip(wanted) {
            let got = match &reading.outcome {
                Outcome::Success => Value::from("success"),
                Outcome::Unreadable { .. } => Value::from("unreadable"),
                Outcome::Error { code, message, .. } => serde_json::json!([code, message]),
            };
            if got != *wanted {
                differences.push(format!("{} {}: got {got}, the client {wanted}", row.name, reading.dialect));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// `named` is what tells a code of the answer from a client's stand-in.
#[test]
fn a_stand_in_is_not_a_name() {
    let response = Response { status: 503, headers: vec![], body: b"{}".to_vec() };
    assert!(readings(&response).iter().all(|reading| reading.named().is_none()));
}
