//! Scenarios on the command line: by id or file, and all that is to be said of one.

use std::io::{self, Write};
use std::path::Path;

use super::near::near;
use super::read_input;
use crate::scenario::{self, Layer, Outcome, Scenario, What};
use crate::wire;

/// Reads an id, or the path of a file with a scenario: what holds a `/`, ends with `.json` or is `-`, as no id does.
pub(super) fn scenario(given: &str) -> Result<&'static Scenario, String> {
    let is_file = given.contains(['/', std::path::MAIN_SEPARATOR]) || given.ends_with(".json") || given == "-";
    if is_file {
        let bytes = read_input(Path::new(given)).map_err(|e| e.to_string())?;
        return Scenario::read(&bytes).map_err(|e| format!("it is no scenario: {e}"));
    }
    scenario::find(given).ok_or_else(|| {
        let near = near(given, scenario::all().iter().map(|scenario| scenario.id.as_str()));
        let near = if near.is_empty() { String::new() } else { format!("; near it: {}", near.join(", ")) };
        format!(
            "there is no such scenario{near}; `cogspec serve --list` shows them, and a file is given as ./FILE.json"
        )
    })
}

/// A line for each.
pub(super) fn list(out: &mut impl Write, scenarios: &[&Scenario]) -> io::Result<()> {
    for scenario in scenarios {
        writeln!(out, "{:<52} {}", scenario.id, wire::printable(&scenario.title, 200))?;
    }
    writeln!(out, "{} scenarios", scenarios.len())
}

/// All that is to be said of one.
pub(super) fn tell(out: &mut impl Write, scenario: &Scenario) -> io::Result<()> {
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
                    Layer::Sdk => "SDKs",
                    Layer::Webauthn => "clients of WebAuthn",
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
         id\nand number of attempts that the client tells are the true ones (cogspec rules 'client.*')."
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
