//! `cogspec serve`.

use std::io::{self, Write};

use super::signal::stop_signal;
use super::{Exit, Failure, Format, Out};
use crate::client::{self, PORT, Server};
use crate::run::Filter;
use crate::scenario::{self, Outcome, Scenario, What};
use crate::wire;

/// Answer StartWebAuthnRegistration right, wrong and with malice, for clients to be tested with, until Ctrl-C
///
/// Each scenario is an answer, or several one after the other, with what a client must, should and may make of it. `cogspec
/// clients run` asks the adapter of a client about all of them; this is for anything else that can call an endpoint.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(super) struct Args {
    /// Answer every request by this scenario; without it a request names the scenario in its path, as http://127.0.0.1:9230/ID.
    #[arg(long, value_name = "ID", value_parser = one)]
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

fn one(id: &str) -> Result<&'static Scenario, String> {
    scenario::find(id).ok_or_else(|| {
        let near = super::near::near(id, scenario::all().iter().map(|scenario| scenario.id.as_str()));
        let near = if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) };
        format!("there is no such scenario{near}; `cogspec serve --list` shows them")
    })
}

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
            scenario::all().len()
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
        (Format::Text, None) => {
            for scenario in &chosen {
                writeln!(out, "{:<52} {}", scenario.id, wire::printable(&scenario.title, 200))?;
            }
            writeln!(out, "{} scenarios", chosen.len())?;
        }
    }
    Ok(if chosen.is_empty() { Exit::NothingRan } else { Exit::Held })
}

/// All that is to be said of one.
fn tell(out: &mut impl Write, scenario: &Scenario) -> io::Result<()> {
    writeln!(out, "{}\n  {}", scenario.id, wire::printable(&scenario.title, 400))?;
    writeln!(out, "  origin of the application: {}", scenario.origin)?;
    for (n, reply) in scenario.replies.iter().enumerate() {
        let times = match (n + 1 == scenario.replies.len(), n) {
            (true, 0) => "to every request".to_owned(),
            (true, _) => format!("to request {} and all later ones", n + 1),
            (false, _) => format!("to request {}", n + 1),
        };
        writeln!(out, "\nAnswer {times}:")?;
        if !reply.wait.is_zero() {
            writeln!(out, "  (after {:?})", reply.wait)?;
        }
        let sent = reply.bytes(&[]).concat();
        for line in wire::printable(&String::from_utf8_lossy(&sent), 3000).replace("\\r\\n", "\n").lines() {
            writeln!(out, "  {}", line.replace("\\u{d}", ""))?;
        }
        if let Some(cut) = reply.cut {
            writeln!(out, "  (then the connection is {})", if cut.reset { "reset" } else { "closed" })?;
        }
    }
    writeln!(out, "\nDemanded of a client:")?;
    for demand in &scenario.demands {
        let rule = demand.rule;
        let mut of = String::new();
        if let Some(layer) = demand.layer {
            of = format!(
                " (of {})",
                match layer {
                    scenario::Layer::Sdk => "SDKs",
                    scenario::Layer::Webauthn => "clients of WebAuthn",
                }
            );
        }
        if let Some(coding) = demand.asked_for {
            of.push_str(&format!(" (where it asked for {coding})"));
        }
        writeln!(out, "  {} {}{of}: {}", rule.level, rule.evidence, words(&demand.what))?;
        writeln!(out, "    {}: {}", rule.id, rule.statement)?;
        writeln!(out, "    {}", rule.source)?;
    }
    writeln!(
        out,
        "\nAnd of each call: it comes to an end, it is a right request, no error tells the access token, and the status, request \
         id\nand number of attempts that the client tells are the true ones (cogspec rules --filter 'client.*')."
    )
}

fn words(what: &What) -> String {
    let one_of = |all: Vec<String>| all.join(" or ");
    match what {
        What::Outcome(right) => one_of(right.iter().map(|outcome| words_of(*outcome).to_owned()).collect()),
        What::Code(right) => {
            format!("the code {}", one_of(right.iter().map(|code| wire::printable(code, 100)).collect()))
        }
        What::Message(right) => format!("the message \"{}\"", wire::printable(right, 200)),
        What::Options(right) if right.is_empty() => "no options".to_owned(),
        What::Options(_) => "of a success the options as they were sent".to_owned(),
        What::NoOptions => "of a success no options".to_owned(),
        What::AtLeast(least) => format!("at least {least} requests"),
        What::AtMost(most) => format!("at most {most} request{}", if *most == 1 { "" } else { "s" }),
        What::Waits(millis) => format!("between two requests at least {millis} ms"),
        What::Retryable(true) => "it is called retryable, if the client tells".to_owned(),
        What::Retryable(false) => "it is not called retryable, if the client tells".to_owned(),
    }
}

fn words_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Success => "a success",
        Outcome::Error => "an error of the service",
        Outcome::Failure => "a failure of the client's own",
    }
}
