//! cogspec's verdict on a document beside a browser's.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::documents::Document;
use crate::browser::{Answer, Browser, BrowserError, Kind, fitting_origin};
use crate::cli::findings::{summary, to_json};
use crate::cli::{Exit, Format};
use crate::cognito::{Finding, Severity};
use crate::options::{Context, Profile, check, printable};

/// Both verdicts on one document.
pub(super) struct Verdict {
    name: String,
    origin: String,
    findings: Vec<Finding>,
    answer: Answer,
    /// What of the passkey does not agree with the document.
    mended: Vec<String>,
}

impl Verdict {
    pub(super) async fn new(document: Document, browser: &mut Browser) -> Result<Self, BrowserError> {
        let Document { name, options } = document;
        let origin = fitting_origin(&options);
        // A page reads what is not UTF-8 with replacement characters.
        let answer = browser.create(&origin, &String::from_utf8_lossy(&options)).await?;
        let mended = answer.mended(&options, &origin);
        Ok(Verdict { name, findings: check(&options, &Context::new(Profile::W3c)), answer, mended, origin })
    }

    fn is_held(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() != Severity::Fail)
    }

    fn is_usable(&self) -> bool {
        matches!(self.answer, Answer::Made(_)) && self.mended.is_empty()
    }

    fn write(&self, out: &mut impl Write, browser: Kind) -> io::Result<()> {
        let bold = Style::new().bold();
        writeln!(out, "\n{bold}{}{bold:#}  on {}", printable(&self.name), self.origin)?;
        let (held, style) = look(self.is_held(), "held", "not held");
        writeln!(out, "  cogspec   {style}{held}{style:#}: {}", summary(&self.findings))?;
        for finding in self.findings.iter().filter(|finding| finding.severity() == Severity::Fail) {
            let place = finding.pointer.as_deref().filter(|pointer| !pointer.is_empty()).unwrap_or("the document");
            writeln!(out, "            {} at {}", finding.rule.id, printable(place))?;
        }
        let (usable, style) = match &self.answer {
            Answer::Made(_) => look(self.is_usable(), "made the passkey", "made another passkey"),
            Answer::Refused(_) => look(false, "", "refused"),
        };
        write!(out, "  {browser:8}  {style}{usable}{style:#}")?;
        match &self.answer {
            Answer::Made(_) if self.mended.is_empty() => writeln!(out)?,
            Answer::Made(_) => writeln!(out, ": {}", printable(&self.mended.join("; ")))?,
            Answer::Refused(refusal) => {
                writeln!(out, " at {}: {}: {}", refusal.at, printable(&refusal.name), printable(&refusal.message))?;
            }
        }
        if self.is_held() != self.is_usable() {
            let style = AnsiColor::Yellow.on_default();
            writeln!(out, "  {style}they differ{style:#}")?;
        }
        Ok(())
    }

    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "origin": self.origin,
            "cogspec": { "held": self.is_held(), "findings": to_json(&self.findings) },
            "browser": { "usable": self.is_usable(), "answer": self.answer, "mended": self.mended },
        })
    }
}

fn look<'a>(is_good: bool, good: &'a str, bad: &'a str) -> (&'a str, Style) {
    if is_good { (good, AnsiColor::Green.on_default().bold()) } else { (bad, AnsiColor::Red.on_default().bold()) }
}

/// The verdicts on all documents.
pub(super) struct Verdicts {
    browser: Kind,
    /// The browser's name and version.
    name: String,
    pub(super) stopped: bool,
    pub(super) documents: Vec<Verdict>,
}

impl Verdicts {
    pub(super) fn of(browser: &Browser) -> Self {
        Verdicts { browser: browser.kind(), name: browser.name(), stopped: false, documents: Vec::new() }
    }

    pub(super) fn exit(&self) -> Exit {
        if self.documents.iter().any(|verdict| !verdict.is_held() || !verdict.is_usable()) {
            Exit::Failed
        } else if self.stopped {
            Exit::Inconclusive
        } else {
            Exit::Held
        }
    }

    pub(super) fn write(&self, out: &mut impl Write, format: Format) -> io::Result<()> {
        match format {
            Format::Text => self.write_text(out),
            Format::Json => writeln!(out, "{:#}", self.to_json()),
        }
    }

    fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", printable(&self.name))?;
        for verdict in &self.documents {
            verdict.write(out, self.browser)?;
        }
        let count = |held, usable| {
            self.documents.iter().filter(|verdict| (verdict.is_held(), verdict.is_usable()) == (held, usable)).count()
        };
        let stopped = if self.stopped { " before it was stopped" } else { "" };
        let documents = if self.documents.len() == 1 { "document" } else { "documents" };
        writeln!(
            out,
            "\n{} {documents}{stopped}: {} right to both, {} wrong to both, {} wrong to cogspec only, {} wrong to {} only",
            self.documents.len(),
            count(true, true),
            count(false, false),
            count(false, true),
            count(true, false),
            self.browser,
        )
    }

    fn to_json(&self) -> Value {
        json!({
            "version": 1,
            "browser": self.name,
            "stopped": self.stopped,
            "documents": self.documents.iter().map(Verdict::to_json).collect::<Vec<_>>(),
        })
    }
}
