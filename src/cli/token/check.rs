//! `cogspec token check`.

use std::io::{self, IsTerminal, Write};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::artefact::Guard;
use crate::cli::{Exit, Failure, Format, Out, findings, read_input, time};
use crate::cognito::Finding;
use crate::oracle::labels::signature_finding;
use crate::target::SecretKind;
use crate::token::{Inspection, Jwks, VerifyError, check, inspect, now, verify};
use crate::wire::{mask_tokens, printable};

/// Explain an access token, and say what is wrong with it
///
/// Shows header and claims, and each rule that the token breaks: its form, its times, its scope, its kind. It needs no key
/// for that; with a key set it verifies the signature too. The token is a secret: it is read from a file, from standard
/// input or from an environment variable, and neither it nor its signature is ever printed.
///
/// Exits with 0 where no rule fails, with 1 where one does, with 2 where the input or the key set cannot be read, with 3
/// where the key set's address cannot be reached. What only the pool knows, such as a sign-out, no token shows.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(in crate::cli) struct Args {
    /// The file with the token; `-` is standard input
    #[arg(value_name = "FILE", conflicts_with = "env")]
    file: Option<PathBuf>,
    /// Read the token from this environment variable
    #[arg(long, value_name = "VAR")]
    env: Option<String>,
    /// Verify the signature with this JSON Web Key Set: a file, or an address (https, or http on this machine)
    #[arg(long, value_name = "FILE|URL")]
    jwks: Option<String>,
    /// Judge at this time, in seconds since the epoch, instead of now
    #[arg(long, value_name = "EPOCH")]
    now: Option<i64>,
    /// The form of the output
    #[arg(long, default_value = "text", value_enum)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  cogspec token check --env ACCESS_TOKEN
  cogspec token check token.txt --jwks jwks.json
  cogspec token check --env ACCESS_TOKEN \\
    --jwks https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE/.well-known/jwks.json";

/// The most bytes of a key set.
const JWKS_LIMIT: usize = 1024 * 1024;

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let token = read_token(args)?;
    guard.secrets().add_own(SecretKind::Token, &token);
    let keys = match &args.jwks {
        Some(source) => Some(read_jwks(source).await?),
        None => None,
    };
    let now = args.now.unwrap_or_else(now);
    let inspection = inspect(&token);
    let mut findings = inspection.findings.clone();
    findings.extend(inspection.claims.iter().flat_map(|claims| check(claims, now)));
    let verified = keys.map(|keys| verify(&token, &keys));
    if let Some(Err(e)) = &verified {
        findings.extend(signature_finding(e));
    }
    let mut out = Out::guarded(guard);
    match args.format {
        Format::Text => write_text(&mut out, &inspection, verified.as_ref(), now, &findings)?,
        Format::Json => writeln!(out, "{:#}", to_json(&inspection, verified.as_ref(), now, &findings))?,
    }
    out.flush()?;
    Ok(findings::exit(&findings))
}

fn read_token(args: &Args) -> Result<String, Failure> {
    if let Some(name) = &args.env {
        return std::env::var(name).map_err(|e| match e {
            std::env::VarError::NotPresent => Failure::usage(format!("the environment variable {name} is not set")),
            std::env::VarError::NotUnicode(_) => {
                Failure::usage(format!("the environment variable {name} is not UTF-8"))
            }
        });
    }
    let path = match &args.file {
        Some(path) if looks_like_token(path) => {
            return Err(Failure::usage(
                "a token on the command line can be seen by other processes: pass it by --env, a file or standard input",
            ));
        }
        Some(path) => path.as_path(),
        None if io::stdin().is_terminal() => {
            return Err(Failure::usage("no token: name a file or an environment variable (--env), or pipe it in"));
        }
        None => Path::new("-"),
    };
    let bytes = read_input(path)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("{} is not UTF-8 text, so it is no token", path.display())))?;
    // A line end is the shell's or the editor's, not the token's.
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

fn looks_like_token(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.contains("eyJ") && text.len() > 60 && !path.exists()
}

async fn read_jwks(source: &str) -> Result<Jwks, Failure> {
    let json = if source.starts_with("https://") || source.starts_with("http://") {
        fetch(source).await?
    } else {
        read_input(Path::new(source))?
    };
    Jwks::parse(&json).map_err(|e| Failure::usage(format!("{source} is {e}")))
}

async fn fetch(address: &str) -> Result<Vec<u8>, Failure> {
    let fail = |e: &dyn std::fmt::Display| Failure::unreachable(format!("cannot fetch {address}: {e}"));
    let url = reqwest::Url::parse(address).map_err(|e| Failure::usage(format!("{address} is no address: {e}")))?;
    if url.scheme() == "http" && !is_loopback(&url) {
        let message = format!("{address}: keys that came over plain http prove nothing; use https");
        return Err(Failure::usage(message));
    }
    // A redirect could lead from https to http, or to another pool's keys.
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()
        .map_err(|e| fail(&e))?;
    let mut response = client.get(url).send().await.map_err(|e| fail(&root_cause(&e)))?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(fail(&format!("the answer's status is {}", response.status())));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| fail(&root_cause(&e)))? {
        body.extend(chunk);
        if body.len() > JWKS_LIMIT {
            return Err(fail(&format!("the answer is larger than {} KiB", JWKS_LIMIT / 1024)));
        }
    }
    Ok(body)
}

fn is_loopback(url: &reqwest::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// The last error of the chain: reqwest's own says only that it failed.
fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn signature(verified: Option<&Result<(), VerifyError>>) -> String {
    match verified {
        None => "not verified: no key set was given (--jwks)".to_owned(),
        Some(Ok(())) => "verified".to_owned(),
        Some(Err(e)) => format!("not verified: {e}"),
    }
}

fn write_text(
    out: &mut impl Write,
    inspection: &Inspection,
    verified: Option<&Result<(), VerifyError>>,
    now: i64,
    findings: &[Finding],
) -> io::Result<()> {
    match &inspection.header {
        Some(header) => write_members(out, "Header", &header.members, |_, _| None)?,
        None => writeln!(out, "Header: cannot be read")?,
    }
    match &inspection.claims {
        Some(claims) => write_members(out, "Claims", &claims.all, |name, value| match name {
            "exp" => Some(time::describe(value.as_i64()?, now, "expired")),
            "iat" | "auth_time" | "nbf" => Some(time::describe(value.as_i64()?, now, "")),
            "iss" => claims.issuer.as_ref().map(ToString::to_string),
            _ => None,
        })?,
        None => writeln!(out, "Claims: cannot be read")?,
    }
    writeln!(out, "Signature: {}", signature(verified))?;
    findings::write(out, findings)?;
    writeln!(out)?;
    writeln!(out, "{}", findings::summary(findings))
}

fn write_members(
    out: &mut impl Write,
    title: &str,
    members: &Map<String, Value>,
    explain: impl Fn(&str, &Value) -> Option<String>,
) -> io::Result<()> {
    const LONGEST: usize = 200;
    writeln!(out, "{title}:")?;
    let width = members.keys().map(|name| name.chars().count()).max().unwrap_or_default().min(20);
    for (name, value) in members {
        let text = match value {
            Value::String(text) => printable(text, LONGEST),
            value => printable(&value.to_string(), LONGEST),
        };
        let explained = explain(name, value).map(|words| format!("  ({words})")).unwrap_or_default();
        writeln!(out, "  {:<width$}  {text}{explained}", printable(name, LONGEST))?;
    }
    Ok(())
}

fn to_json(
    inspection: &Inspection,
    verified: Option<&Result<(), VerifyError>>,
    now: i64,
    findings: &[Finding],
) -> Value {
    json!({
        "version": 1,
        "now": now,
        "header": inspection.header.as_ref().map(|header| masked(&header.members)),
        "claims": inspection.claims.as_ref().map(|claims| masked(&claims.all)),
        "signature": {
            "verified": verified.map(Result::is_ok),
            "reason": verified.and_then(|verified| verified.as_ref().err()).map(ToString::to_string),
        },
        "findings": findings::to_json(findings),
    })
}

/// The members, with texts that look like tokens masked: a claim can hold one.
fn masked(members: &Map<String, Value>) -> Value {
    fn mask(value: &Value) -> Value {
        match value {
            Value::String(text) => Value::from(mask_tokens(text)),
            Value::Array(items) => items.iter().map(mask).collect(),
            Value::Object(members) => masked(members),
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }
    Value::Object(members.iter().map(|(name, value)| (mask_tokens(name).into_owned(), mask(value))).collect())
}
