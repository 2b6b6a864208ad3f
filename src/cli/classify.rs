//! `cogspec classify`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Exit, Failure, Format, Out, findings, read_input};
use crate::cognito::{Fault, Finding, OPERATIONS, Operation, START, operation};
use crate::oracle::response;
use crate::wire::{Class, Classification, Outcome, Reading, Response, classify, mask_tokens, printable, readings};

/// The most characters of a message on one line.
const LONGEST: usize = 300;

/// Classify a saved response, and say what is wrong with it
///
/// Reads an HTTP response with its headers, as `curl -i` prints it, and tells its class: a success, an error that the
/// service model lists for the operation, one that it lists elsewhere, an error of the AWS front end, or no AWS JSON at
/// all. Then how the SDKs for Rust, JavaScript and Python read it, and each rule that the answer breaks.
///
/// Exits with 0 where the answer is well-formed and no rule fails, with 1 where one does, with 2 where the input is no
/// HTTP response. Rules are about answers to well-formed requests: one that answers another content type may be of another
/// protocol, and rightly so.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// The saved response; `-` is standard input
    #[arg(default_value = "-", value_name = "FILE")]
    file: PathBuf,
    /// The operation that was called
    #[arg(long, default_value = START.name, value_name = "NAME")]
    operation: String,
    /// The form of the output
    #[arg(long, default_value = "text", value_enum)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  curl -si https://cognito-idp.eu-west-1.amazonaws.com/ \\
    -H 'Content-Type: application/x-amz-json-1.1' \\
    -H 'X-Amz-Target: AWSCognitoIdentityProviderService.StartWebAuthnRegistration' \\
    -d '{\"AccessToken\":\"x\"}' | cogspec classify
  cogspec classify response.txt --format json";

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let Some(operation) = operation(&args.operation) else {
        let known: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
        let message = format!("unknown operation `{}`; known: {}", args.operation, known.join(", "));
        return Err(Failure::usage(message));
    };
    let saved = read_input(&args.file)?;
    let response = Response::parse(&saved).map_err(|e| {
        let name = if args.file == Path::new("-") { "standard input".into() } else { args.file.to_string_lossy() };
        Failure::usage(format!("{name} is no saved response: {e}"))
    })?;
    let classification = classify(operation, &response);
    let findings = response::findings(operation, &response, &classification);
    let readings = readings(&response);
    let mut out = Out::stdout();
    match args.format {
        Format::Text => write_text(&mut out, operation, &classification, &readings, &findings)?,
        Format::Json => writeln!(out, "{:#}", to_json(operation, &classification, &readings, &findings))?,
    }
    out.flush()?;
    Ok(match classification.class {
        Class::NotAwsJson(_) => Exit::Failed,
        _ => findings::exit(&findings),
    })
}

fn write_text(
    out: &mut impl Write,
    operation: &Operation,
    classification: &Classification,
    clients: &[Reading],
    findings: &[Finding],
) -> io::Result<()> {
    let or_none = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    let text = |value: &Option<String>| or_none(value.as_deref().map(|value| printable(value, LONGEST)));
    let class = &classification.class;
    writeln!(out, "{class}: {}", class.explain())?;
    writeln!(out)?;
    writeln!(out, "  operation   {}", operation.name)?;
    writeln!(out, "  status      {}", or_none(status(classification)))?;
    writeln!(out, "  fault       {}", or_none(classification.fault.map(fault).map(str::to_owned)))?;
    writeln!(out, "  retryable   {}", if classification.retryable { "yes" } else { "no" })?;
    writeln!(out, "  code        {}", text(&classification.code))?;
    for code in &classification.codes {
        writeln!(out, "              {} in the {}", printable(&code.raw, LONGEST), code.place)?;
    }
    writeln!(out, "  message     {}", text(&classification.message))?;
    writeln!(out, "  request id  {}", text(&classification.request_id))?;
    writeln!(out)?;
    writeln!(out, "How clients read it:")?;
    for reading in clients {
        writeln!(out, "  {:<10}  {}", reading.dialect, describe(reading))?;
    }
    findings::write(out, findings)?;
    writeln!(out)?;
    writeln!(out, "{}", findings::summary(findings))
}

/// The status, and for an error that has one by the model, what each source says.
fn status(classification: &Classification) -> Option<String> {
    let status = classification.status?;
    Some(match &classification.class {
        Class::Modelled(shape) | Class::ModelledElsewhere(shape) => {
            let statuses = shape.statuses;
            let live = statuses.live.map_or("not known".to_owned(), |live| live.to_string());
            format!("{status} (service model {}, API reference {}, live {live})", statuses.model, statuses.reference)
        }
        Class::Protocol(error) => format!("{status} (documented or seen live: {})", error.status),
        _ => status.to_string(),
    })
}

fn fault(fault: Fault) -> &'static str {
    match fault {
        Fault::Client => "client",
        Fault::Server => "server",
    }
}

fn describe(reading: &Reading) -> String {
    match &reading.outcome {
        Outcome::Success => "a success".to_owned(),
        Outcome::Unreadable { reason } => format!("fails while it reads: {}", printable(reason, LONGEST)),
        Outcome::Error { code, named, message } => {
            let code = code.as_deref().map_or("no code".to_owned(), |code| printable(code, LONGEST));
            let stand_in = if *named { "" } else { ", as nothing names the error" };
            match message.as_deref().filter(|message| !message.is_empty()) {
                Some(message) => format!("{code}{stand_in}; message: {}", printable(message, LONGEST)),
                None => format!("{code}{stand_in}; no message"),
            }
        }
    }
}

fn to_json(
    operation: &Operation,
    classification: &Classification,
    clients: &[Reading],
    findings: &[Finding],
) -> serde_json::Value {
    let masked = |value: &Option<String>| value.as_deref().map(|value| mask_tokens(value).into_owned());
    let codes: Vec<_> = classification
        .codes
        .iter()
        .map(|code| json!({ "place": code.place, "raw": mask_tokens(&code.raw), "name": mask_tokens(code.name()) }))
        .collect();
    let readings: Vec<_> = clients
        .iter()
        .map(|reading| match &reading.outcome {
            Outcome::Success => json!({ "dialect": reading.dialect, "outcome": "success" }),
            Outcome::Unreadable { reason } => {
                json!({ "dialect": reading.dialect, "outcome": "unreadable", "reason": mask_tokens(reason) })
            }
            Outcome::Error { code, named, message } => json!({
                "dialect": reading.dialect,
                "outcome": "error",
                "code": masked(code),
                "named": named,
                "message": masked(message),
            }),
        })
        .collect();
    json!({
        "version": 1,
        "operation": operation.name,
        "class": classification.name(),
        "explanation": classification.class.explain(),
        "status": classification.status,
        "fault": classification.fault,
        "retryable": classification.retryable,
        "code": masked(&classification.code),
        "codes": codes,
        "message": masked(&classification.message),
        "request_id": masked(&classification.request_id),
        "readings": readings,
        "findings": findings::to_json(findings),
    })
}
