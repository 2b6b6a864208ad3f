//! Tables of hostile servers, and how a row is held to what it says.

use std::time::Duration;

use serde_json::Value;

use crate::act::Step;
use crate::proxy::{Proxy, Victims};
use crate::run::run;

/// The case whose hostile answer is read by the HTTP library. It must be refused as `InvalidParameterException`.
pub(crate) const BY_LIBRARY: &str = "request.access-token.absent";

/// The case whose hostile answer is read from a socket of our own. Nobody knows what is right there.
pub(crate) const BY_SOCKET: &str = "request.header.accept";

/// Cases that the server answers as it should, and that are to pass whatever it does to the two.
const OTHERS: [&str; 7] = [
    "request.access-token.null",
    "request.transfer-encoding.case",
    "request.target.empty",
    "token.signature.empty",
    "state.user-id.stable",
    "errors.cause.not-authorized",
    "options.served",
];

/// Time for anything but waiting.
const SLACK: Duration = Duration::from_secs(30);

/// One hostile server.
pub(crate) struct Hostile {
    pub(crate) id: String,
    /// What it does once it has read a request.
    pub(crate) steps: Vec<Step>,
    /// The classes of its answers to [`BY_LIBRARY`] and [`BY_SOCKET`].
    pub(crate) classes: [&'static str; 2],
    /// The verdicts of [`BY_LIBRARY`] and [`BY_SOCKET`].
    pub(crate) verdicts: [&'static str; 2],
    /// How many cases are run at once.
    pub(crate) jobs: &'static str,
    /// The seconds that an answer may take.
    pub(crate) timeout: &'static str,
}

/// A row of a table.
pub(crate) fn hostile(id: impl Into<String>, class: &'static str, steps: Vec<Step>) -> Hostile {
    let verdicts = match class {
        // It is what a good server answers.
        "InvalidParameterException" => ["pass", "note"],
        // Not even that it did not answer can be told.
        "transport:too-large" => ["inconclusive", "note"],
        // That a request gets an answer is only inferred.
        _ if class.starts_with("transport:") => ["warn", "note"],
        _ => ["fail", "note"],
    };
    Hostile { id: id.into(), steps, classes: [class; 2], verdicts, jobs: "8", timeout: "1" }
}

/// A whole answer with that body, and the length that it has.
pub(crate) fn answer(status: u16, body: impl AsRef<[u8]>) -> Step {
    with_headers(status, "", body)
}

/// The same with more header lines, each with its end.
pub(crate) fn with_headers(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Step {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status} Status\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amzn-RequestId: 3257e760-7d0b-4e2b-bf1a-f742bf98221c\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    Step::Send([head.as_bytes(), body].concat())
}

/// What Cognito itself would say.
pub(crate) const RIGHT: &str = r#"{"__type":"InvalidParameterException","message":"1 validation error detected"}"#;

/// The rows, with time for a judge without optimisation to read large bodies while six others do.
pub(crate) fn large(table: Vec<Hostile>) -> Vec<Hostile> {
    table.into_iter().map(|row| Hostile { timeout: "10", ..row }).collect()
}

/// Runs the cases against each server of the table, several side by side, and holds every one to its row.
#[track_caller]
pub(crate) fn hold(table: Vec<Hostile>) {
    let failed: Vec<String> = std::thread::scope(|scope| {
        let rows: Vec<_> = table.iter().map(|row| (row, scope.spawn(|| row.holds()))).collect();
        rows.into_iter().filter_map(|(row, held)| held.join().err().map(|_| row.id.clone())).collect()
    });
    assert!(failed.is_empty(), "not held: {failed:?}");
}

impl Hostile {
    fn holds(&self) {
        let proxy = Proxy::start(self.steps.clone(), Victims::TwoCases);
        let mut args = vec!["--timeout", self.timeout, "--case-timeout", "20", "--jobs", self.jobs];
        for case in [BY_LIBRARY, BY_SOCKET].iter().chain(&OTHERS) {
            args.extend(["--filter", case]);
        }
        let ended = run(&proxy.endpoint(), &args, SLACK);
        let id = &self.id;
        let seen = |case: &str| {
            let case = ended.case(case);
            let class = case["exchanges"][0]["class"].as_str().unwrap_or_default().to_owned();
            (class, case["verdict"].as_str().unwrap_or_default().to_owned())
        };
        let got = [BY_LIBRARY, BY_SOCKET].map(seen);
        let row = |at: usize| (self.classes[at].to_owned(), self.verdicts[at].to_owned());
        let wanted = [row(0), row(1)];
        println!("{id:<44} {got:?} exit {:?} {:.1} s {} MiB", ended.exit, ended.took.as_secs_f32(), ended.peak / 1024);
        assert_eq!(got, wanted, "{id}: {}", ended.stdout);
        for case in OTHERS {
            assert_eq!(ended.case(case)["verdict"], "pass", "{id}: {case}: {}", ended.stdout);
        }
        let exit = match self.verdicts {
            verdicts if verdicts.contains(&"fail") => 1,
            // One of nine is more than the tenth that may be.
            verdicts if verdicts.contains(&"inconclusive") => 3,
            _ => 0,
        };
        assert_eq!(ended.exit, Some(exit), "{id}: {}{}", ended.stdout, ended.stderr);
        let summary = ended.report.as_ref().map(|report| &report["summary"]);
        assert_eq!(summary.map(|summary| &summary["not_run"]), Some(&Value::from(0)), "{id}");
    }
}
