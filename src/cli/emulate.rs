//! `cogspec emulate`.

use std::io::{self, Write};

use super::signal::stop_signal;
use super::{Exit, Failure, Out, fault};
use crate::emulator::{Config, Emulator, Fault};

/// Run the embedded emulator alone, until Ctrl-C
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
The emulator answers AWS JSON 1.1 on 127.0.0.1 and keeps everything in memory.
AWS signatures are not verified: any credentials will do.

For tests:
  X-Cogspec-Answer: NAME
      a request header: answer with this error of the service model, such as
      TooManyRequestsException, on operations that take no AWS signature
  GET /_cogspec/signing-key?pool=ID
      the key that signs the pool's access tokens, to make wrong tokens with
  GET /POOL/.well-known/jwks.json
      the pool's key set
  GET /health
      200 when it is ready")]
pub(super) struct Args {
    /// The port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 9229)]
    port: u16,
    /// The AWS Region in pool ids, issuers and domains.
    #[arg(long, default_value = "us-east-1", value_parser = region)]
    region: String,
    /// Depart from Cognito in this one way; `--list-faults` tells the names.
    #[arg(long, value_name = "NAME", value_parser = fault::one)]
    fault: Option<&'static Fault>,
    /// List the faults instead of starting.
    #[arg(long)]
    list_faults: bool,
}

pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    if args.list_faults {
        let mut out = Out::stdout();
        for fault in Fault::all() {
            writeln!(out, "{:<48} {}", fault.name, fault.description)?;
        }
        return Ok(Exit::Held);
    }
    let stop = stop_signal().map_err(|e| Failure::usage(format!("cannot wait for signals: {e}")))?;
    let config = Config { port: args.port, region: args.region.clone(), fault: args.fault, ..Config::default() };
    let emulator = Emulator::start(config).await.map_err(|e| cannot_listen(args.port, &e))?;
    write!(Out::stdout(), "{}", usage(&emulator.endpoint(), &args.region))?;
    if let Some(fault) = args.fault {
        writeln!(Out::stdout(), "With the fault {}: {}", fault.name, fault.description)?;
    }
    stop.await;
    emulator.shutdown().await;
    Ok(Exit::Held)
}

fn region(value: &str) -> Result<String, String> {
    let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !value.is_empty() && value.len() <= 32 && value.chars().all(valid) {
        Ok(value.to_owned())
    } else {
        Err("a Region is lower-case letters, digits and hyphens, such as eu-west-1".to_owned())
    }
}

pub(super) fn cannot_listen(port: u16, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::AddrInUse => Failure::usage(format!(
            "port {port} of 127.0.0.1 is in use; choose another with --port, or --port 0 for any free one"
        )),
        _ => Failure::usage(format!("cannot listen on 127.0.0.1:{port}: {error}")),
    }
}

fn usage(endpoint: &str, region: &str) -> String {
    format!(
        "\
cogspec emulates Amazon Cognito at {endpoint} ({region}); stop it with Ctrl-C

With boto3:
  client = boto3.client(
      \"cognito-idp\", endpoint_url=\"{endpoint}\", region_name=\"{region}\",
      aws_access_key_id=\"any\", aws_secret_access_key=\"any\",
  )
With the AWS CLI:
  AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any \\
    aws cognito-idp list-user-pools --max-results 10 --endpoint-url {endpoint} --region {region}
"
    )
}
