//! Streams that are looked through before they go on.

use std::io::{self, Write};

use super::Guard;

/// A writer that keeps what it is given until it is flushed, and passes it on when no secret stands in it. What is flushed at
/// once is to end with a line, for a secret could go over the border. What is never flushed is never written.
pub struct Guarded<W> {
    writer: W,
    guard: Guard,
    artefact: String,
    kept: Vec<u8>,
    /// The lines that have gone on.
    lines: usize,
}

impl<W: Write> Guarded<W> {
    /// Guards the writer of that artefact.
    pub fn new(writer: W, guard: &Guard, artefact: impl Into<String>) -> Self {
        Guarded { writer, guard: guard.clone(), artefact: artefact.into(), kept: Vec::new(), lines: 0 }
    }
}

impl<W: Write> Write for Guarded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// # Errors
    /// A [`Leak`](super::Leak), and then nothing of what was kept is written; or what the writer says.
    fn flush(&mut self) -> io::Result<()> {
        let kept = std::mem::take(&mut self.kept);
        // Colours could stand amid a secret, and are no part of what is read.
        let read = anstream::adapter::strip_bytes(&kept).into_vec();
        self.guard.check_from(&self.artefact, &read, self.lines)?;
        self.lines += kept.iter().filter(|byte| **byte == b'\n').count();
        let written = self.writer.write_all(&kept).and_then(|()| self.writer.flush());
        written.map_err(|e| match e.raw_os_error() {
            // What comes of the system does not name what was written; a reader that went away is for others to judge.
            Some(_) if e.kind() != io::ErrorKind::BrokenPipe => {
                io::Error::new(e.kind(), format!("cannot write {}: {e}", self.artefact))
            }
            _ => e,
        })
    }
}
