//! One JSON document of the whole run, written when it has ended.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Reporter, unless_closed};
use crate::artefact::{self, Guard};
use crate::run::{EVENTS_VERSION, Event, Outcome, Results, RunInfo, Summary};

/// Collects a run and writes it as one document; `cogspec schema run` describes it.
pub struct Json {
    sink: Sink,
    run: Option<RunInfo>,
    cases: Vec<Outcome>,
    notices: Vec<String>,
}

enum Sink {
    Writer(Box<dyn Write + Send>),
    File(PathBuf, Guard),
}

impl Json {
    /// Writes to a stream.
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Json::new(Sink::Writer(Box::new(writer)))
    }

    /// Writes to a file, which has its old content until the new one is whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn to_file(path: &Path, guard: &Guard) -> io::Result<Self> {
        artefact::can_be_written(path)?;
        Ok(Json::new(Sink::File(path.to_owned(), guard.clone())))
    }

    fn new(sink: Sink) -> Self {
        Json { sink, run: None, cases: Vec::new(), notices: Vec::new() }
    }

    fn write(&mut self, summary: &Summary) -> io::Result<()> {
        let Some(run) = self.run.take() else { return Ok(()) };
        Results::sort(&mut self.cases);
        let cases = std::mem::take(&mut self.cases);
        let notices = std::mem::take(&mut self.notices);
        let document = Results { version: EVENTS_VERSION, run, cases, notices, summary: summary.clone() };
        let mut text = serde_json::to_vec_pretty(&document)?;
        text.push(b'\n');
        match &mut self.sink {
            Sink::Writer(writer) => unless_closed(writer.write_all(&text).and_then(|()| writer.flush())),
            Sink::File(path, guard) => guard.write_file(path, &text),
        }
    }
}

impl Reporter for Json {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RunStarted(info) => self.run = Some(info.clone()),
            Event::Notice { text } => self.notices.push(text.clone()),
            Event::CaseStarted { .. } => {}
            Event::CaseFinished(outcome) => self.cases.push((**outcome).clone()),
            Event::RunFinished(summary) => return self.write(summary),
        }
        Ok(())
    }
}
