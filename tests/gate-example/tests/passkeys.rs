//! The server of this crate, held against Amazon Cognito by cogspec.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use cogspec::Gate;

/// The server, ended with the test.
struct Toy {
    process: Child,
    endpoint: String,
}

impl Toy {
    fn start(arguments: &[&str]) -> Self {
        let mut toy = Command::new(env!("CARGO_BIN_EXE_gate-example"));
        let mut process = toy.args(arguments).stdout(Stdio::piped()).spawn().expect("the server starts");
        let mut endpoint = String::new();
        let said = process.stdout.as_mut().map(|stdout| BufReader::new(stdout).read_line(&mut endpoint));
        said.expect("standard output").expect("its endpoint");
        Toy { process, endpoint: endpoint.trim().to_owned() }
    }

    /// What is asked of it: it is only creation options that it makes.
    fn gate(&self) -> Gate {
        let gate = Gate::endpoint(&self.endpoint).access_token("dG95.dG95.dG95");
        gate.filter("options.*").filter("state.challenge.sequence")
    }
}

impl Drop for Toy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn creation_options_are_those_of_cognito() -> Result<(), cogspec::GateError> {
    let toy = Toy::start(&[]);
    let report = cogspec::run(&toy.gate()).await?;
    assert!(report.held(), "{report}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_challenge_is_found() -> Result<(), cogspec::GateError> {
    let toy = Toy::start(&["--repeat"]);
    let report = cogspec::run(&toy.gate()).await?;
    let failures: Vec<&str> = report.failures().map(|case| case.id.as_str()).collect();
    assert_eq!(failures, ["state.challenge.sequence"], "{report}");
    assert!(!report.held());
    Ok(())
}
