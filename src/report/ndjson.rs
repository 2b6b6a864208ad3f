//! One event a line, as it happens.

use std::io::{self, Write};

use super::{Reporter, unless_closed};
use crate::run::Event;

/// Writes every event as one line of JSON and flushes it; `cogspec schema events` describes the lines.
pub struct Ndjson<W> {
    writer: W,
}

impl<W: Write> Ndjson<W> {
    /// Writes to a stream or file.
    pub fn new(writer: W) -> Self {
        Ndjson { writer }
    }
}

impl<W: Write> Reporter for Ndjson<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let mut line = serde_json::to_vec(event)?;
        line.push(b'\n');
        unless_closed(self.writer.write_all(&line).and_then(|()| self.writer.flush()))
    }

    fn is_stream(&self) -> bool {
        true
    }
}
