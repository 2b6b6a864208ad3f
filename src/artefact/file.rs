//! Files that are written whole or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Guard;

/// Held while a file takes another's place.
static WRITING: Mutex<()> = Mutex::new(());

/// While it is kept no file is written.
#[derive(Debug)]
#[must_use = "it holds back writes for as long as it lives"]
pub struct WritesEnd(#[expect(dead_code, reason = "it is there to be dropped")] MutexGuard<'static, ()>);

/// Waits for a file that is being written, and lets no other begin: for a process that ends at once.
pub fn end_writes() -> WritesEnd {
    WritesEnd(WRITING.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Guard {
    /// Writes a file, which has its old content until the new one is whole. A device or a pipe is written to as it is.
    ///
    /// # Errors
    /// A [`Leak`](super::Leak) when a secret stands in it; when the file cannot be written, with its name.
    pub fn write_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.check(&path.display().to_string(), bytes)?;
        let written = if is_stream(path) {
            File::options().write(true).open(path).and_then(|mut stream| stream.write_all(bytes))
        } else {
            let _writing = end_writes();
            Replacement::begin(path).and_then(|replacement| replacement.commit(bytes))
        };
        written.map_err(|e| named(path, &e))
    }
}

/// Whether a file can be written there; it is left as it is.
///
/// # Errors
/// When it cannot, with its name.
pub fn can_be_written(path: &Path) -> io::Result<()> {
    let _writing = end_writes();
    let tried = if is_stream(path) {
        File::options().write(true).open(path).map(drop)
    } else {
        Replacement::begin(path).map(drop)
    };
    tried.map_err(|e| named(path, &e))
}

/// Makes a folder, and those that it is in.
///
/// # Errors
/// When it cannot be made, with its name.
pub fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path).map_err(|e| named(path, &e))
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("cannot write {}: {error}", path.display()))
}

/// A device or a pipe: to replace it would take it from everyone.
fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// A file beside another that takes its place once it is whole.
struct Replacement {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
}

impl Replacement {
    fn begin(path: &Path) -> io::Result<Self> {
        /// Two writers of one process never share a file.
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        if path.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // A link stays one: what it points to is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let name = target.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "it names no file"))?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let temporary = format!(".{}.{}-{number}.tmp", name.to_string_lossy(), std::process::id());
        let temporary = target.with_file_name(temporary);
        Ok(Replacement { file: File::create(&temporary)?, temporary, target })
    }

    fn commit(mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        fs::rename(&self.temporary, &self.target)
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        // After a commit it is gone already.
        let _ = fs::remove_file(&self.temporary);
    }
}
