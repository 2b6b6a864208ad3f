//! `cogspec browser`.

mod documents;
mod verdict;

use std::io::Write;
use std::path::PathBuf;

use tokio::sync::watch;

use super::drive::{clean_up, ready, stopping};
use super::io::tell;
use super::target::TargetArgs;
use super::{Exit, Failure, Format, Out};
use crate::artefact::Guard;
use crate::browser::{Browser, BrowserError, Kind};
use documents::Document;
use verdict::{Verdict, Verdicts};

/// Give creation options to a real browser, and show its verdict beside cogspec's
///
/// Each document goes to PublicKeyCredential.parseCreationOptionsFromJSON and to navigator.credentials.create() of a browser
/// that nobody sees, on a page of its relying party, with virtual authenticators. A passkey that is made is held to the
/// document: its challenge, its relying party and its algorithm. Without FILE the documents are answers of the target to
/// StartWebAuthnRegistration. Nothing leaves this machine but the calls to the target.
#[derive(Debug, clap::Args)]
#[command(after_long_help = HELP)]
pub(super) struct Args {
    /// Options, or whole response bodies; `-` is standard input.
    #[arg(value_name = "FILE", conflicts_with = "endpoint")]
    files: Vec<PathBuf>,

    /// Ask Chromium, which is asked where nothing else is said.
    #[arg(long, conflicts_with = "firefox")]
    chromium: bool,

    /// Ask Firefox.
    #[arg(long)]
    firefox: bool,

    #[command(flatten)]
    target: TargetArgs,

    /// How to print the verdicts.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const HELP: &str = "\
Examples:
  cogspec browser options.json
  cogspec browser --firefox options.json
  cogspec browser                                    # the answers of the embedded emulator
  cogspec browser --endpoint http://127.0.0.1:9229

Chromium needs ChromeDriver: Debian's packages are chromium and chromium-driver.
Firefox needs no driver: Debian's package is firefox-esr. On Linux it has no authenticator in the
machine: where a document wants one, Firefox is asked without that wish.

JSON output (version 1):
  version    1
  browser    its name and version
  stopped    whether Ctrl-C ended it early
  documents  [{name, origin, cogspec, browser}]
             origin is that of the page
             cogspec is {held, findings}, as `cogspec options check` has them
             browser is {usable, answer, mended}
               answer is {refused: {at: json | parse | create, name, message}} or {made: the passkey as it goes to the server}
               mended is what of the passkey does not agree with the document

Exit codes:
  0  the browser made all the passkeys, as they were asked for, and no MUST is broken
  1  a document is refused by the browser, or by cogspec
  2  the command line or a file was wrong
  3  the target or the browser does not answer, or Ctrl-C ended it early
  4  nothing ran: the browser is not installed, or the target does not know the operation";

pub(super) async fn execute(args: &Args, guard: &Guard) -> Result<Exit, Failure> {
    let files = documents::of_files(&args.files)?;
    let mut stopped = stopping()?;
    // Not given up half-way at a signal: only a driver that is ready can end its browser in order.
    let kind = if args.firefox { Kind::Firefox } else { Kind::Chromium };
    let mut browser = match Browser::start(kind).await {
        Ok(browser) => browser,
        Err(e @ BrowserError::Missing { .. }) => {
            tell(&format!("skipped: {e}"));
            return Ok(Exit::NothingRan);
        }
        Err(e) => return Err(failure(&e)),
    };
    let documents = if files.is_empty() { of_target(&args.target, &mut stopped, guard).await } else { Ok(files) };
    let verdicts = match documents {
        Ok(documents) => judge(documents, &mut browser, &stopped).await,
        Err(e) => Err(e),
    };
    browser.end().await;
    let verdicts = verdicts?;
    let mut out = Out::guarded(guard);
    verdicts.write(&mut out, args.format)?;
    out.flush()?;
    Ok(verdicts.exit())
}

async fn of_target(
    target: &TargetArgs,
    stopped: &mut watch::Receiver<bool>,
    guard: &Guard,
) -> Result<Vec<Document>, Failure> {
    let reached = target.reach(guard).await?;
    ready(&reached.fixtures, stopped, guard).await?;
    let documents = documents::of_target(&reached.fixtures, guard).await;
    clean_up(&reached.fixtures, guard).await;
    reached.leave(guard).await;
    documents
}

async fn judge(
    documents: Vec<Document>,
    browser: &mut Browser,
    stopped: &watch::Receiver<bool>,
) -> Result<Verdicts, Failure> {
    let mut verdicts = Verdicts::of(browser);
    for document in documents {
        // Looked at between documents: a driver in the middle of a command does not take another.
        if *stopped.borrow() {
            verdicts.stopped = true;
            break;
        }
        verdicts.documents.push(Verdict::new(document, browser).await.map_err(|e| failure(&e))?);
    }
    Ok(verdicts)
}

fn failure(e: &BrowserError) -> Failure {
    Failure::unreachable(e.to_string())
}
