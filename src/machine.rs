//! What is asked of this machine by more than one module: programs on `PATH`, and folders that are thrown away.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// The first program of these names on `PATH`.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
    let files = names.iter().flat_map(|name| {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        folders.iter().map(move |folder| folder.join(&file))
    });
    files.into_iter().find(|file| file.is_file())
}

/// A folder that is removed with all that is in it when this is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// A new folder, which nobody else can look into.
    pub(crate) fn new() -> std::io::Result<Self> {
        // A short name: below it Chromium makes a socket, whose path may have a hundred characters only.
        let path = std::env::temp_dir().join(format!("cogspec-{:.8}", uuid::Uuid::new_v4().simple().to_string()));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Folder(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A program that is just ending, as a browser that has lost its driver, may write for a moment, and make the folder anew: it must stay away.
        let mut away = 0;
        for _ in 0..40 {
            match std::fs::remove_dir_all(&self.0) {
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => away += 1,
                _ => away = 0,
            }
            if away == 3 {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}
