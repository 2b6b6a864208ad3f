//! `cogspec emulate` in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// `cogspec emulate`, ended with the test.
pub(crate) struct Emulate {
    process: Child,
    endpoint: String,
}

impl Emulate {
    /// One on that port, 0 being any free one.
    pub(crate) fn on(port: u16, arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_cogspec"))
            .args(["emulate", "--port", &port.to_string()])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let endpoint = line.split(' ').find(|word| word.starts_with("http://")).expect("an endpoint").to_owned();
        Emulate { process, endpoint }
    }

    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl Drop for Emulate {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
