//! Reports that are written in one piece when the run has ended.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Reporter, unless_closed};
use crate::artefact::{self, Guard};
use crate::run::{Collector, Event, Results};

/// Makes the text of a report from a whole run.
pub(super) type Form = fn(&Results) -> io::Result<String>;

/// Collects a run and writes it as one document.
pub(super) struct Document {
    form: Form,
    sink: Sink,
    collected: Collector,
}

enum Sink {
    Writer(Box<dyn Write + Send>),
    File(PathBuf, Guard),
}

impl Document {
    /// Writes to a stream.
    pub(super) fn to_writer(form: Form, writer: impl Write + Send + 'static) -> Self {
        Document { form, sink: Sink::Writer(Box::new(writer)), collected: Collector::default() }
    }

    /// Writes to a file, which has its old content until the new one is whole.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn to_file(form: Form, path: &Path, guard: &Guard) -> io::Result<Self> {
        artefact::can_be_written(path)?;
        Ok(Document { form, sink: Sink::File(path.to_owned(), guard.clone()), collected: Collector::default() })
    }
}

impl Reporter for Document {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let Some(run) = self.collected.event(event) else { return Ok(()) };
        let text = (self.form)(&run)?;
        match &mut self.sink {
            Sink::Writer(writer) => unless_closed(writer.write_all(text.as_bytes()).and_then(|()| writer.flush())),
            Sink::File(path, guard) => guard.write_file(path, text.as_bytes()),
        }
    }
}

/// The document that `cogspec schema run` describes.
pub(super) fn json(run: &Results) -> io::Result<String> {
    String::from_utf8(run.to_json()?).map_err(io::Error::other)
}
