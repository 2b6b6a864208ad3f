//! Where a program runs: an empty folder, a log, and an environment without what is a person's own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::machine::Folder;
use crate::wire;

/// The most of a log's end that is told, in bytes and in lines, and the most characters of a line.
const TAIL: (u64, usize, usize) = (16 * 1024, 20, 500);

/// The place of one program, which is removed when this is dropped.
pub(crate) struct Place {
    folder: Folder,
    data: PathBuf,
    temporary: PathBuf,
}

impl Place {
    pub(crate) fn new() -> io::Result<Self> {
        let folder = Folder::new()?;
        let [data, temporary] = ["data", "tmp"].map(|name| folder.path().join(name));
        fs::create_dir(&data)?;
        fs::create_dir(&temporary)?;
        Ok(Place { folder, data, temporary })
    }

    /// The empty folder, where the program starts.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The variables that the program gets of it.
    pub(crate) fn env(&self) -> BTreeMap<String, String> {
        [("TMPDIR".to_owned(), self.temporary.display().to_string())].into()
    }

    /// A new log.
    pub(crate) fn create_log(&self) -> io::Result<File> {
        File::create(self.log())
    }

    /// The last lines of the log, each indented.
    pub(crate) fn tail(&self) -> String {
        tail(&self.log())
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

/// The variables of this process which are like that; a program of somebody else's does not get them.
pub(crate) fn variables(is_like: impl Fn(&str) -> bool) -> Vec<String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|name| is_like(name)).collect()
}

/// The last lines of a log, each indented.
pub(super) fn tail(log: &Path) -> String {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        let begin = length.saturating_sub(TAIL.0);
        file.seek(SeekFrom::Start(begin))?;
        let mut bytes = Vec::new();
        file.take(TAIL.0).read_to_end(&mut bytes)?;
        // Half a line is no line.
        let whole = if begin == 0 { None } else { bytes.iter().position(|byte| *byte == b'\n') };
        Ok(bytes.split_off(whole.unwrap_or_default()))
    };
    let bytes = read().unwrap_or_default();
    // Colours are of no use where they are quoted.
    let text = anstream::adapter::strip_bytes(&bytes).into_vec();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(TAIL.1)..];
    match last {
        [] => "  (it is empty)".to_owned(),
        last => last.iter().map(|line| format!("  {}", wire::cut(line, TAIL.2))).collect::<Vec<_>>().join("\n"),
    }
}
