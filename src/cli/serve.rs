//! `cogspec serve`.

use std::io::{self, Write};

use super::scenario::{self, scenario, tell};
use super::signal::stop_signal;
use super::{Exit, Failure, Format, Out};
use crate::client::{self, PORT, Server};
use crate::run::Filter;
use crate::scenario::{Scenario, all};

/// Answer StartWebAuthnRegistration right, wrong and with malice, for clients to be tested with, until Ctrl-C
///
/// Each scenario is an answer, or several one after the other, with what a client must, should and may make of it. `cogspec
/// clients run` asks the adapter of a client about all of them; this is for anything else that can call an endpoint.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// Answer every request by this scenario, or by that of a file which `cogspec clients fuzz` has written; without it a request
    /// names the scenario in its path, as http://127.0.0.1:9230/ID.
    #[arg(long, value_name = "ID|FILE", value_parser = scenario)]
    scenario: Option<&'static Scenario>,

    /// The port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = PORT)]
    port: u16,

    /// List the scenarios instead of answering; one with all that is to be said of it, where --scenario names it.
    #[arg(long)]
    list: bool,

    /// List only these scenarios: a glob on ids, `level:MUST`, or `rule:` with a glob on rule ids; `!` in front excludes.
    #[arg(long, value_name = "FILTER", requires = "list")]
    filter: Vec<Filter>,

    /// How to print the list.
    #[arg(long, value_enum, default_value_t, requires = "list")]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  cogspec serve --list                                     every scenario
  cogspec serve --list --scenario retry.after.seconds.page all about one of them
  cogspec serve --scenario envelope.header-alone.forbidden
  curl -i http://127.0.0.1:9230/document.form.plain -d '{\"AccessToken\":\"x\"}'

A scenario of several answers begins anew after the last one. For pages of any origin there are the headers of CORS.";

pub(super) async fn execute(args: &Args) -> Result<Exit, Failure> {
    if args.list {
        return list(args);
    }
    let stop = stop_signal().map_err(|e| Failure::usage(format!("cannot wait for signals: {e}")))?;
    let server = Server::at(([127, 0, 0, 1], args.port).into(), args.scenario).await;
    let server = server.map_err(|e| super::emulate::cannot_listen(args.port, &e))?;
    let address = server.address();
    let mut out = Out::stdout();
    match args.scenario {
        Some(scenario) => {
            writeln!(out, "cogspec answers by {} at http://{address}; stop it with Ctrl-C\n", scenario.id)?;
            tell(&mut out, scenario)?;
        }
        None => writeln!(
            out,
            "cogspec answers by {} scenarios at http://{address}/ID; stop it with Ctrl-C\n`cogspec serve --list` shows them; \
             where a client keeps no path, give --scenario ID",
            all().len()
        )?,
    }
    out.flush()?;
    stop.await;
    Ok(Exit::Held)
}

fn list(args: &Args) -> Result<Exit, Failure> {
    let chosen: Vec<&Scenario> = match args.scenario {
        Some(scenario) => vec![scenario],
        None => client::choose(&args.filter, None),
    };
    let mut out = Out::stdout();
    match (args.format, args.scenario) {
        (Format::Json, _) => {
            let entries: Vec<_> = chosen.iter().map(|scenario| scenario.entry()).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&entries).map_err(io::Error::other)?)?;
        }
        (Format::Text, Some(scenario)) => tell(&mut out, scenario)?,
        (Format::Text, None) => scenario::list(&mut out, &chosen)?,
    }
    Ok(if chosen.is_empty() { Exit::NothingRan } else { Exit::Held })
}
