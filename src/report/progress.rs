//! A progress bar on standard error.

use std::io;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Reporter;
use crate::run::{Counts, Event, Verdict};

/// How many running cases are named.
const NAMED: usize = 2;

/// Shows how far a run is, on standard error where that is a terminal; elsewhere it shows nothing.
pub struct Progress {
    bar: ProgressBar,
    running: Vec<String>,
    counts: Counts,
}

impl Progress {
    /// A bar that appears with the first event of a run.
    #[must_use]
    pub fn new() -> Self {
        Progress { bar: ProgressBar::hidden(), running: Vec::new(), counts: Counts::default() }
    }

    fn show(&self) {
        let counts = [Verdict::Fail, Verdict::Error, Verdict::Warn, Verdict::Inconclusive]
            .into_iter()
            .filter(|verdict| self.counts.of(*verdict) > 0)
            .map(|verdict| format!("{} {verdict}", self.counts.of(verdict)));
        let mut parts: Vec<String> = counts.collect();
        parts.extend(self.running.iter().take(NAMED).cloned());
        if self.running.len() > NAMED {
            parts.push(format!("{} more", self.running.len() - NAMED));
        }
        self.bar.set_message(parts.join(", "));
    }
}

impl Default for Progress {
    fn default() -> Self {
        Progress::new()
    }
}

impl Reporter for Progress {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RunStarted(info) => {
                // indicatif draws nothing where standard error is no terminal.
                self.bar = ProgressBar::with_draw_target(Some(info.cases as u64), ProgressDrawTarget::stderr());
                let style = ProgressStyle::with_template("{bar:24.green} {pos}/{len} {elapsed} {wide_msg}");
                self.bar.set_style(style.map_err(io::Error::other)?.progress_chars("━╸─"));
                self.bar.enable_steady_tick(Duration::from_millis(200));
            }
            Event::CaseStarted { id } => {
                self.running.push(id.clone());
                self.show();
            }
            Event::CaseFinished(outcome) => {
                self.running.retain(|id| *id != outcome.id);
                self.counts.add(outcome.verdict);
                self.bar.inc(1);
                self.show();
            }
            Event::Notice { .. } => {}
            Event::RunFinished(_) => self.bar.finish_and_clear(),
        }
        Ok(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
