//! How far a fuzzing run is, on standard error.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::io::tell;
use crate::fuzz;

/// Where standard error is no terminal a line is written now and then.
const LINE: Duration = Duration::from_secs(30);

/// A bar where standard error is a terminal, a line every 30 seconds elsewhere.
pub(in crate::cli) struct Progress {
    bar: ProgressBar,
    started: Instant,
    last_line: Instant,
    /// The number of calls at the last look, and when that was.
    before: (u64, Instant),
    rate: f64,
}

impl Progress {
    pub(in crate::cli) fn new(time: Duration) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(time.as_secs().max(1)), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:24.green} {elapsed} {wide_msg}") {
            bar.set_style(style.progress_chars("━╸─"));
        }
        let now = Instant::now();
        Progress { bar, started: now, last_line: now, before: (0, now), rate: 0.0 }
    }

    pub(in crate::cli) fn show(&mut self, progress: fuzz::Progress) {
        let (calls, since) = self.before;
        if since.elapsed() >= Duration::from_secs(1) {
            self.rate = (progress.requests - calls) as f64 / since.elapsed().as_secs_f64();
            self.before = (progress.requests, Instant::now());
        }
        let text = format!(
            "{:.0} calls/s, {} labels, {} kinds of answer, {} findings",
            self.rate, progress.labels, progress.answers, progress.findings
        );
        if self.bar.is_hidden() {
            if self.last_line.elapsed() >= LINE {
                self.last_line = Instant::now();
                tell(&format!("{} s: {} calls, {text}", self.started.elapsed().as_secs(), progress.requests));
            }
            return;
        }
        self.bar.set_position(self.started.elapsed().as_secs());
        self.bar.set_message(text);
    }

    /// Writes something above the bar.
    pub(in crate::cli) fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    pub(in crate::cli) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
