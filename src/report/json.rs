//! One JSON document of the whole run, written when it has ended.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Reporter, unless_closed};
use crate::artefact::{self, Guard};
use crate::run::{Collector, Event, Results};

/// Collects a run and writes it as one document; `cogspec schema run` describes it.
pub struct Json {
    sink: Sink,
    collector: Collector,
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
        Json { sink, collector: Collector::default() }
    }

    fn write(&mut self, results: &Results) -> io::Result<()> {
        let text = results.to_json()?;
        match &mut self.sink {
            Sink::Writer(writer) => unless_closed(writer.write_all(&text).and_then(|()| writer.flush())),
            Sink::File(path, guard) => guard.write_file(path, &text),
        }
    }
}

impl Reporter for Json {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match self.collector.event(event) {
            Some(results) => self.write(&results),
            None => Ok(()),
        }
    }
}
