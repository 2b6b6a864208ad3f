//! The report for people: a head, then at the end what was found, grouped, the summary last.

pub(super) mod details;
mod drift;
pub(super) mod style;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::Reporter;
use super::story::{Again, cases};
use crate::run::{Counts, Event, Outcome, RunInfo, Summary, Verdict, Words};
use crate::suite::{Side, Theme};
use style::{BOLD, DIM, line, of_verdict, paint};

/// How the report for people is written.
#[derive(Clone, Debug, Default)]
pub struct TerminalOptions {
    /// Lists what is otherwise only counted, and shows answers.
    pub verbose: bool,
    /// The options that name the target on the command line, such as `--endpoint URL`; `None` for the embedded emulator, which
    /// a replay starts by itself. A client is named by its run.
    pub target: Option<String>,
}

impl TerminalOptions {
    /// The options for that run, whose target is named by what the run tells of it.
    #[must_use]
    pub fn of(run: &RunInfo, verbose: bool) -> Self {
        let target = match Again::of(run) {
            Again::Server(target) => target,
            Again::Client(_) => None,
        };
        TerminalOptions { verbose, target }
    }
}

/// Writes the report for people, in colour: give a writer that strips it where it is not wanted.
pub struct Terminal<W> {
    writer: W,
    options: TerminalOptions,
    run: Option<RunInfo>,
    themes: BTreeMap<Theme, Counts>,
    /// Every outcome with something to tell.
    outcomes: Vec<Outcome>,
    notices: Vec<String>,
}

impl<W: Write> Terminal<W> {
    /// A report to that writer.
    pub fn new(writer: W, options: TerminalOptions) -> Self {
        Terminal { writer, options, run: None, themes: BTreeMap::new(), outcomes: Vec::new(), notices: Vec::new() }
    }

    /// Tells the exit code, after the last event; a success needs no words.
    ///
    /// # Errors
    /// When the report cannot be written.
    pub fn exit(&mut self, code: u8, meaning: &str) -> io::Result<()> {
        if code == 0 {
            return Ok(());
        }
        writeln!(self.writer, "{}", paint(DIM, &format!("exit code {code}: {meaning}")))?;
        self.writer.flush()
    }

    fn head(&mut self, run: &RunInfo) -> io::Result<()> {
        let target = if run.target == run.endpoint || run.side == Side::Client {
            line(&run.target)
        } else {
            format!("{} at {}", line(&run.target), line(&run.endpoint))
        };
        writeln!(self.writer, "{} {}: {target}", paint(BOLD, "cogspec"), run.cogspec)?;
        let repeat = match run.side {
            Side::Server => format!("--seed {}", run.token),
            Side::Client => Again::of(run).repeat(run),
        };
        let repeat = format!("{}; {} repeats the run", cases(Words::of(run.side), run.cases), line(&repeat));
        writeln!(self.writer, "{}\n", paint(DIM, &repeat))?;
        self.writer.flush()
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        self.outcomes.sort_by(|a, b| (a.theme, &a.id).cmp(&(b.theme, &b.id)));
        let mut text = self.table(&summary.counts);
        let side = self.run.as_ref().map(|run| run.side).unwrap_or_default();
        let endpoint = self.run.as_ref().map_or("", |run| run.endpoint.as_str());
        let again = match &self.run {
            Some(run) if side == Side::Client => Again::of(run),
            _ => Again::Server(self.options.target.clone()),
        };
        let (verbose, outcomes) = (self.options.verbose, &self.outcomes);
        let page = details::Page { verbose, side, again, outcomes, endpoint };
        page.write(&mut text);
        drift::write(&self.outcomes, self.options.verbose, &mut text);
        for notice in &self.notices {
            text.push_str(&format!("{} {}\n", paint(of_verdict(Verdict::Note), "notice"), line(notice)));
        }
        if !self.notices.is_empty() {
            text.push('\n');
        }
        text.push_str(&summary_line(summary, Words::of(side)));
        self.writer.write_all(text.as_bytes())?;
        self.writer.flush()
    }

    /// One line a theme, one column a verdict that occurs.
    fn table(&self, counts: &Counts) -> String {
        let verdicts: Vec<Verdict> = Verdict::ALL.into_iter().filter(|verdict| counts.of(*verdict) > 0).collect();
        if verdicts.is_empty() {
            return String::new();
        }
        let names = self.themes.keys().map(|theme| theme.name().len()).fold(8, usize::max);
        let row = |name: &str, cells: &mut dyn Iterator<Item = String>| {
            format!("  {name:<names$}{}\n", cells.collect::<String>())
        };
        let width = |verdict: &Verdict| verdict.name().len().max(4) + 2;
        let mut heads = verdicts.iter().map(|verdict| paint(DIM, &format!("{verdict:>w$}", w = width(verdict))));
        let mut text = row("", &mut heads);
        for (theme, counts) in &self.themes {
            let mut cells = verdicts.iter().map(|verdict| {
                let (count, style) = match counts.of(*verdict) {
                    0 => ("·".to_owned(), DIM),
                    n => (n.to_string(), of_verdict(*verdict)),
                };
                paint(style, &format!("{count:>w$}", w = width(verdict)))
            });
            text.push_str(&row(theme.name(), &mut cells));
        }
        text.push('\n');
        text
    }
}

impl<W: Write> Reporter for Terminal<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RunStarted(run) => {
                self.run = Some(run.clone());
                self.head(run)?;
            }
            // A line among the progress bar's would be torn; it is told at the end.
            Event::Notice { text } => self.notices.push(text.clone()),
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(outcome) => {
                self.themes.entry(outcome.theme).or_default().add(outcome.verdict);
                if outcome.verdict != Verdict::Pass || outcome.drift.is_some() {
                    self.outcomes.push((**outcome).clone());
                }
            }
            Event::RunFinished(summary) => self.end(summary)?,
        }
        Ok(())
    }
}

fn summary_line(summary: &Summary, words: &Words) -> String {
    let mut parts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|verdict| summary.counts.of(*verdict) > 0)
        .map(|verdict| paint(of_verdict(verdict), &format!("{} {verdict}", summary.counts.of(verdict))))
        .collect();
    let drifted = summary.drifted.saturating_add(summary.drifted_inferred);
    if drifted > 0 {
        let verdict = if summary.drifted > 0 { Verdict::Fail } else { Verdict::Warn };
        parts.push(paint(of_verdict(verdict), &format!("{drifted} drifted")));
    }
    let mut text = String::new();
    if summary.unreachable {
        let stopped = paint(of_verdict(Verdict::Error), "stopped");
        text.push_str(&format!("{stopped} the {} stopped answering\n", words.judged));
    }
    if summary.not_run > 0 {
        let word = if summary.interrupted { "interrupted" } else { "partial" };
        let was = if summary.not_run == 1 { "was" } else { "were" };
        let not_run = cases(words, summary.not_run);
        text.push_str(&format!("{} {not_run} {was} not run\n", paint(of_verdict(Verdict::Warn), word)));
    }
    let seconds = std::time::Duration::from_millis(summary.duration_ms).as_secs_f64();
    let total = paint(BOLD, &cases(words, summary.counts.total()));
    let verdicts = if parts.is_empty() { "nothing was judged".to_owned() } else { parts.join(", ") };
    text.push_str(&format!("{total}: {verdicts}, in {seconds:.1} s\n"));
    text
}
