//! `cogspec options`: judging creation options.

use std::io::Write;
use std::path::PathBuf;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::cognito::{Evidence, Finding, Level, Severity, Source};
use crate::options::{self, Context, Document, Origin, Profile, printable};

use super::io::tell;
use super::{Exit, Failure, Out, read_input};

/// Judge creation options: the document that a client hands to the passkey authenticator.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Check(Check),
}

/// Hold creation options to every rule of WebAuthn, and of Cognito.
///
/// FILE is the options document itself or a whole StartWebAuthnRegistration response body; which one, is found out and
/// told. Each broken rule is listed with its level, its evidence and its source, and with a JSON pointer to the place.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Check {
    /// The file to judge; - is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The rules: what any client needs (w3c), or also what Cognito keeps beyond it (cognito)
    #[arg(long, value_enum, default_value_t = Profile::W3c)]
    profile: Profile,
    /// The web origin that will use the options: rp.id must belong to it
    #[arg(long, value_name = "URL")]
    origin: Option<Origin>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// For people, grouped by severity
    Text,
    /// One JSON object, for programs
    Json,
}

const HELP: &str = "\
Examples:
  cogspec options check options.json
  cogspec options check options.json --profile cognito --origin https://app.example.com
  aws cognito-idp start-web-authn-registration --access-token \"$TOKEN\" | cogspec options check
  cogspec options check answer.json --format json | jq -r '.findings[] | \"\\(.rule) \\(.pointer)\"'

JSON output (version 1):
  version   1
  input     \"options\" or \"response\"
  profile   \"w3c\" or \"cognito\"
  origin    the origin judged against, or null
  held      whether no finding has the severity fail
  counts    {fail, warn, note}
  findings  [{rule, severity, level, evidence, pointer, got, wanted, statement, source}]
            pointer is relative to the options; null where the finding is not about a place in them
            source is {document, url, section}

Exit codes:
  0  no finding has the severity fail; there may be warnings and notes
  1  a MUST was broken
  2  the command line or the file was wrong";

pub(super) fn execute(command: &Command) -> Result<Exit, Failure> {
    let Command::Check(check) = command;
    let input = read_input(&check.file)?;
    let context = Context { profile: check.profile, origin: check.origin.clone() };
    let verdict = Verdict::new(&input, &context);
    if Document::parse(&input).is_ok_and(|document| document.root().member("__type").is_some()) {
        tell("hint: this is an error answer, not creation options; `cogspec classify` tells which error");
    }
    let mut out = Out::stdout();
    match check.format {
        Format::Text => verdict.print(&mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &verdict.report()).map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(if verdict.count(Severity::Fail) == 0 { Exit::Held } else { Exit::Failed })
}

/// What was judged, how, and the findings: those of one severity together, the loudest first.
struct Verdict<'c> {
    is_response: bool,
    context: &'c Context,
    findings: Vec<Finding>,
}

impl<'c> Verdict<'c> {
    fn new(input: &[u8], context: &'c Context) -> Self {
        let (is_response, mut findings) = match options::from_response(input) {
            Ok(found) => {
                let mut findings = found.findings();
                findings.extend(options::check(found.text.as_bytes(), context));
                (true, findings)
            }
            Err(_) => (false, options::check(input, context)),
        };
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        Verdict { is_response, context, findings }
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity() == severity).count()
    }

    fn print(&self, out: &mut impl Write) -> std::io::Result<()> {
        if self.is_response {
            writeln!(out, "A whole response body: its CredentialCreationOptions are judged.\n")?;
        }
        let (bold, dim) = (Style::new().bold(), Style::new().dimmed());
        for finding in &self.findings {
            let (name, style) = look(finding.severity());
            let rule = finding.rule;
            let place = match finding.pointer.as_deref() {
                Some("") => "  (the whole document)".to_owned(),
                Some(pointer) => format!("  {}", printable(pointer)),
                None => String::new(),
            };
            writeln!(out, "{style}{name}{style:#}  {bold}{}{bold:#}{place}", rule.id)?;
            writeln!(out, "      got     {}", printable(&finding.got))?;
            writeln!(out, "      wanted  {}", printable(&finding.wanted))?;
            writeln!(out, "      {dim}{} ({}): {}{dim:#}", rule.level, rule.evidence, rule.statement)?;
            writeln!(out, "      {dim}{}{dim:#}\n", rule.source)?;
        }
        let [fail, warn, note] = [Severity::Fail, Severity::Warn, Severity::Note].map(|s| self.count(s));
        let (verdict, style) = if fail == 0 { ("held", AnsiColor::Green) } else { ("not held", AnsiColor::Red) };
        let style = style.on_default().bold();
        let profile = self.context.profile;
        let origin = self.context.origin.as_ref().map_or_else(String::new, |origin| format!(" on {origin}"));
        writeln!(out, "Profile {profile}{origin}: {style}{verdict}{style:#}: {fail} fail, {warn} warn, {note} note")
    }

    fn report(&self) -> Report<'_> {
        Report {
            version: 1,
            input: if self.is_response { "response" } else { "options" },
            profile: self.context.profile.to_string(),
            origin: self.context.origin.as_ref().map(ToString::to_string),
            held: self.count(Severity::Fail) == 0,
            counts: Counts {
                fail: self.count(Severity::Fail),
                warn: self.count(Severity::Warn),
                note: self.count(Severity::Note),
            },
            findings: self.findings.iter().map(ReportedFinding::new).collect(),
        }
    }
}

fn look(severity: Severity) -> (&'static str, Style) {
    match severity {
        Severity::Fail => ("fail", AnsiColor::Red.on_default().bold()),
        Severity::Warn => ("warn", AnsiColor::Yellow.on_default().bold()),
        Severity::Note => ("note", AnsiColor::Cyan.on_default()),
    }
}

/// The JSON output. Its version changes when a member is taken away or changes its meaning.
#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    input: &'static str,
    profile: String,
    origin: Option<String>,
    held: bool,
    counts: Counts,
    findings: Vec<ReportedFinding<'a>>,
}

#[derive(Serialize)]
struct Counts {
    fail: usize,
    warn: usize,
    note: usize,
}

#[derive(Serialize)]
struct ReportedFinding<'a> {
    rule: &'static str,
    severity: Severity,
    level: Level,
    evidence: Evidence,
    pointer: Option<&'a str>,
    got: &'a str,
    wanted: &'a str,
    statement: &'static str,
    source: ReportedSource,
}

#[derive(Serialize)]
struct ReportedSource {
    document: &'static str,
    url: &'static str,
    section: &'static str,
}

impl<'a> ReportedFinding<'a> {
    fn new(finding: &'a Finding) -> Self {
        let rule = finding.rule;
        let Source { document, section } = rule.source;
        ReportedFinding {
            rule: rule.id,
            severity: finding.severity(),
            level: rule.level,
            evidence: rule.evidence,
            pointer: finding.pointer.as_deref(),
            got: &finding.got,
            wanted: &finding.wanted,
            statement: rule.statement,
            source: ReportedSource { document: document.title, url: document.url, section },
        }
    }
}
