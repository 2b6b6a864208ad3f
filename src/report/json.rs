//! One JSON document of the whole run, written when it has ended.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{Reporter, unless_closed};
use crate::run::{EVENTS_VERSION, Event, Outcome, RunInfo, Summary};

/// Collects a run and writes it as one document; `cogspec schema run` describes it.
pub struct Json {
    sink: Sink,
    run: Option<RunInfo>,
    cases: Vec<Outcome>,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    run: Option<&'a RunInfo>,
    cases: &'a [Outcome],
    notices: &'a [String],
    summary: &'a Summary,
}

enum Sink {
    Writer(Box<dyn Write + Send>),
    File(Replacement),
}

impl Json {
    /// Writes to a stream.
    pub fn to_writer(writer: impl Write + Send + 'static) -> Self {
        Json::new(Sink::Writer(Box::new(writer)))
    }

    /// Writes to a file, which has its old content until the new one is whole.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn to_file(path: &Path) -> io::Result<Self> {
        // A device or a pipe is written to; replacing it would take it from everyone.
        if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            return Ok(Json::to_writer(File::options().write(true).open(path)?));
        }
        Ok(Json::new(Sink::File(Replacement::begin(path)?)))
    }

    fn new(sink: Sink) -> Self {
        Json { sink, run: None, cases: Vec::new(), notices: Vec::new() }
    }

    fn write(&mut self, summary: &Summary) -> io::Result<()> {
        self.cases.sort_by(|a, b| (a.theme, &a.id).cmp(&(b.theme, &b.id)));
        let document = Document {
            version: EVENTS_VERSION,
            run: self.run.as_ref(),
            cases: &self.cases,
            notices: &self.notices,
            summary,
        };
        let write = |writer: &mut dyn Write| {
            let mut writer = BufWriter::new(writer);
            serde_json::to_writer_pretty(&mut writer, &document)?;
            writer.write_all(b"\n")?;
            writer.flush()
        };
        match &mut self.sink {
            Sink::Writer(writer) => unless_closed(write(writer)),
            Sink::File(replacement) => {
                write(&mut replacement.file)?;
                replacement.commit()
            }
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

/// A file that takes another's place once it is whole.
struct Replacement {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
}

impl Replacement {
    fn begin(path: &Path) -> io::Result<Self> {
        // A link stays one: what it points to is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
        let temporary = target.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id()));
        Ok(Replacement { file: File::create(&temporary)?, temporary, target })
    }

    fn commit(&mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.temporary, &self.target)
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // After a commit it is gone already.
        let _ = fs::remove_file(&self.temporary);
    }
}
