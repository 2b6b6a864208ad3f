//! What every sub-command shares: reading an input that a person named, and writing results to standard output.

use std::io::{self, Read, Write};
use std::path::Path;

use super::exit::{Exit, Failure};
use crate::artefact::{Guard, Guarded, Leak};

/// The most that is read from a file or standard input, in bytes.
pub const INPUT_LIMIT: u64 = 64 * 1024 * 1024;

/// Reads a file, or standard input where the path is `-`.
///
/// # Errors
/// When it cannot be read, or is larger than [`INPUT_LIMIT`].
pub fn read_input(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(INPUT_LIMIT + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(INPUT_LIMIT + 1).read_to_end(&mut bytes))
    };
    read.map_err(|e| Failure::usage(format!("cannot read {}: {e}", path.display())))?;
    if bytes.len() as u64 > INPUT_LIMIT {
        return Err(Failure::usage(format!("{} is larger than {} MiB", path.display(), INPUT_LIMIT >> 20)));
    }
    Ok(bytes)
}

/// Standard output with colour where it is a terminal. A reader that went away is no error: the rest is dropped, and the
/// command still ends with its own exit code.
pub struct Out {
    inner: anstream::AutoStream<io::Stdout>,
    closed: bool,
}

impl Out {
    /// Standard output.
    #[must_use]
    pub fn stdout() -> Self {
        Out { inner: anstream::AutoStream::auto(io::stdout()), closed: false }
    }

    /// Standard output, looked through for the secrets of a run. It is to be flushed.
    pub fn guarded(guard: &Guard) -> Guarded<Self> {
        Guarded::new(Out::stdout(), guard, "standard output")
    }

    /// Whether a person reads it.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.inner.is_terminal()
    }

    fn unless_closed<T: Default>(&mut self, written: io::Result<T>) -> io::Result<T> {
        match written {
            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(T::default())
            }
            Err(e) => Err(io::Error::new(e.kind(), format!("cannot write to standard output: {e}"))),
            written => written,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        let written = self.inner.write(bytes);
        match self.unless_closed(written)? {
            0 => Ok(bytes.len()),
            n => Ok(n),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.closed {
            return Ok(());
        }
        let flushed = self.inner.flush();
        self.unless_closed(flushed)
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        let exit = if Leak::is_cause_of(&e) { Exit::Bug } else { Exit::Usage };
        Failure { exit, message: e.to_string() }
    }
}

/// Writes a line to standard error, in which no secret can stand. Where nobody can read it, nothing can be told.
pub(super) fn tell(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Writes a line to standard error, if the guard finds no secret in it; else that it does not.
pub(super) fn tell_guarded(guard: &Guard, text: &str) {
    match guard.check("a message", text.as_bytes()) {
        Ok(()) => tell(text),
        Err(leak) => tell(&format!("error: {leak}")),
    }
}
