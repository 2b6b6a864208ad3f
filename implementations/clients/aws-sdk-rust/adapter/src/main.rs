//! Calls `StartWebAuthnRegistration` through the AWS SDK for Rust: a scenario on each line of standard input, an answer
//! on each line of standard output.

use std::io::{BufRead, Write};

use aws_sdk_cognitoidentityprovider::{
    Client,
    config::{BehaviorVersion, Config, Region, retry::RetryPartition},
    error::{ProvideErrorMetadata, SdkError},
    operation::RequestId,
};
use aws_smithy_http_client::Builder;
use aws_smithy_types::{Document, Number};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in std::io::stdin().lock().lines() {
        let scenario: Value = serde_json::from_str(&line?)?;
        let mut answer = call(&scenario);
        answer["scenario"] = scenario["scenario"].clone();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}

/// With a runtime of its own, which closes the connections when it ends.
#[tokio::main(flavor = "current_thread")]
async fn call(scenario: &Value) -> Value {
    let text = |name: &str| scenario[name].as_str().unwrap_or_default().to_owned();
    // Everything else is as the SDK has it. There are no credentials: the operation takes none.
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(text("region")))
        .endpoint_url(text("endpoint"))
        .http_client(Builder::new().build_http()) // its own client, without the TLS that it has by default
        // All clients of a process draw on one allowance of retries: without this a scenario would feel those before it.
        .retry_partition(RetryPartition::new(text("endpoint")))
        .build();
    let result =
        Client::from_conf(config).start_web_authn_registration().access_token(text("access_token")).send().await;
    let error = match result {
        Ok(output) => {
            return json!({
                "outcome": "success",
                "request_id": output.request_id(),
                "options": options(output.credential_creation_options()),
            });
        }
        Err(error) => error,
    };
    let mut answer = json!({
        "outcome": "failure",
        "status": error.raw_response().map(|response| response.status().as_u16()),
        "request_id": error.request_id(),
        "detail": cut(format!("{error:?}")),
    });
    match &error {
        SdkError::ServiceError(_) => {
            answer["outcome"] = "error".into();
            answer["code"] = error.code().into();
            answer["message"] = error.message().into();
        }
        // The SDK has no other name for these than that of the variant.
        SdkError::ConstructionFailure(_) => answer["code"] = "ConstructionFailure".into(),
        SdkError::TimeoutError(_) => answer["code"] = "TimeoutError".into(),
        SdkError::DispatchFailure(_) => answer["code"] = "DispatchFailure".into(),
        SdkError::ResponseError(_) => answer["code"] = "ResponseError".into(),
        _ => {}
    }
    answer
}

/// The document as JSON. A number stays what the SDK made of it: an integer, or a float.
fn options(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(value) => (*value).into(),
        Document::String(value) => value.as_str().into(),
        Document::Number(Number::PosInt(value)) => (*value).into(),
        Document::Number(Number::NegInt(value)) => (*value).into(),
        // JSON has no infinity, which the SDK makes of 1e999.
        Document::Number(Number::Float(value)) if value.is_infinite() => value.to_string().into(),
        Document::Number(Number::Float(value)) => (*value).into(),
        Document::Array(values) => values.iter().map(options).collect(),
        Document::Object(members) => members.iter().map(|(name, value)| (name.clone(), options(value))).collect(),
    }
}

/// What fits into an answer.
fn cut(mut detail: String) -> String {
    detail.truncate(detail.floor_char_boundary(64 * 1024));
    detail
}
