//! The reports of a run as it goes: for people, for programs, and the progress bar.

use std::io;

use super::io::tell_guarded;
use super::report::ReportArgs;
use super::{Exit, Failure, Out};
use crate::artefact::{Guard, Guarded, Leak};
use crate::report::{Progress, Reporter, Terminal, TerminalOptions};
use crate::run::{Event, ExitReport, Summary};

/// Every report of the run. One that cannot be written, or may not be, takes none of the others with it.
pub(super) struct Reporters {
    terminal: Option<Terminal<Guarded<Out>>>,
    progress: Progress,
    asked: Vec<Box<dyn Reporter + Send>>,
    /// The outcomes, which the reports that are written at the end have not been told: then all secrets are known.
    outcomes: Vec<Event>,
    guard: Guard,
    /// The exit code that comes of reports that were not written.
    failed: Option<Exit>,
}

impl Reporters {
    /// Begins those that are asked for, and the one for people where none of them takes standard output.
    ///
    /// # Errors
    /// As for [`ReportArgs::open`].
    pub(super) fn open(reports: &ReportArgs, options: TerminalOptions, guard: &Guard) -> Result<Self, Failure> {
        let asked = reports.open(guard)?;
        let terminal = (!reports.take_stdout()).then(|| Terminal::new(Out::guarded(guard), options));
        Ok(Reporters {
            terminal,
            progress: Progress::new(),
            asked,
            outcomes: Vec::new(),
            guard: guard.clone(),
            failed: None,
        })
    }

    /// Tells an event, each report in its own time.
    pub(super) fn event(&mut self, event: &Event) {
        let events = std::slice::from_ref(event);
        match event {
            Event::CaseFinished(_) => {
                self.outcomes.push(event.clone());
                self.tell(events, true);
            }
            Event::RunFinished(_) => {
                let mut all = std::mem::take(&mut self.outcomes);
                for event in &mut all {
                    if let Event::CaseFinished(outcome) = event {
                        outcome.redact_later(&self.guard.secrets());
                    }
                }
                all.push(event.clone());
                self.tell(&all, false);
                self.tell(events, true);
            }
            // The terminal's head is to stand above the bar.
            _ => [false, true].into_iter().for_each(|streams| self.tell(events, streams)),
        }
        // A bar that cannot be drawn is nothing that anyone misses.
        let _ = self.progress.event(event);
    }

    /// Tells the machine-readable reports that nothing ran; a person reads the one sentence of it on standard error.
    pub(super) fn not_implemented(&mut self, events: &[Event]) {
        self.terminal = None;
        [false, true].into_iter().for_each(|streams| self.tell(events, streams));
    }

    /// Tells events to each report that takes them as they come, or to each of the others. They are told one report after the
    /// other, so that what one keeps of the whole run until it is written is gone before the next keeps its own.
    fn tell(&mut self, events: &[Event], streams: bool) {
        if !streams
            && let Some(terminal) = &mut self.terminal
            && let Err(e) = events.iter().try_for_each(|event| terminal.event(event))
        {
            self.terminal = None;
            self.fail(&e);
        }
        for mut report in std::mem::take(&mut self.asked) {
            let told = if report.is_stream() == streams {
                events.iter().try_for_each(|event| report.event(event))
            } else {
                Ok(())
            };
            match told {
                Ok(()) => self.asked.push(report),
                Err(e) => self.fail(&e),
            }
        }
    }

    /// Tells an error of a report, or of what else is written of the run: the exit code tells of it, too.
    pub(super) fn fail(&mut self, error: &io::Error) {
        // A leak is told at the end.
        if !Leak::is_cause_of(error) {
            tell_guarded(&self.guard, &format!("error: {error}"));
        }
        self.failed.get_or_insert(Exit::Usage);
    }

    /// Tells the exit code, which is that of the run where all reports were written.
    pub(super) fn exit(mut self, exit: Exit) -> Exit {
        let exit = self.failed.unwrap_or(exit);
        if let Some(Err(e)) = self.terminal.as_mut().map(|terminal| terminal.exit(exit as u8, exit.meaning())) {
            self.fail(&e);
        }
        self.failed.unwrap_or(exit)
    }
}

/// The summary with the exit code, for reports to tell.
pub(super) fn with_exit(summary: &Summary, exit: Exit) -> Event {
    let exit = ExitReport { code: exit as u8, meaning: exit.meaning().into() };
    Event::RunFinished(Summary { exit: Some(exit), ..summary.clone() })
}
