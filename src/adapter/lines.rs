//! Lines of a program that may write anything, and as much as it likes.

use bytes::BufMut;
use futures::FutureExt;
use tokio::io::AsyncReadExt;
use tokio::process::ChildStdout;

/// The most bytes of a line, without its end.
pub(super) const LIMIT: usize = 16 * 1024 * 1024;

/// The most bytes that are read at once.
const AT_ONCE: usize = 64 * 1024;

pub(super) struct Lines {
    output: ChildStdout,
    /// What was read and not yet taken.
    read: Vec<u8>,
    has_ended: bool,
}

/// What comes next.
pub(super) enum Next {
    /// A line, without its end.
    Line(Vec<u8>),
    /// The beginning of a line longer than [`LIMIT`].
    TooLong(Vec<u8>),
    /// Nothing more, but perhaps a line that has no end.
    End,
}

impl Lines {
    pub(super) fn of(output: ChildStdout) -> Self {
        Lines { output, read: Vec::new(), has_ended: false }
    }

    /// The next line. What was read stays where the future is dropped.
    pub(super) async fn next(&mut self) -> Next {
        let mut looked = 0;
        loop {
            if let Some(at) = memchr::memchr(b'\n', &self.read[looked..]) {
                let rest = self.read.split_off(looked + at + 1);
                let mut line = std::mem::replace(&mut self.read, rest);
                line.pop();
                return if line.len() > LIMIT { Next::TooLong(line) } else { Next::Line(line) };
            }
            looked = self.read.len();
            if looked > LIMIT {
                return Next::TooLong(std::mem::take(&mut self.read));
            }
            if !self.read_more().await {
                return Next::End;
            }
        }
    }

    /// What there is already without waiting.
    pub(super) fn left(&mut self) -> &[u8] {
        let _ = self.read_more().now_or_never();
        &self.read
    }

    /// Waits for something, or for the end.
    pub(super) async fn anything(&mut self) -> &[u8] {
        if self.read.is_empty() {
            self.read_more().await;
        }
        &self.read
    }

    /// `false` where there is no more. A pipe that cannot be read is as good as closed.
    async fn read_more(&mut self) -> bool {
        if self.has_ended {
            return false;
        }
        self.read.reserve(AT_ONCE);
        let more = self.output.read_buf(&mut (&mut self.read).limit(AT_ONCE)).await;
        self.has_ended = !matches!(more, Ok(1..));
        !self.has_ended
    }
}
