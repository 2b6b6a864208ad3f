//! The committed creation options against cogspec's own judge, Chromium and Firefox, the command that asks them, and a passkey
//! on a page. Where a browser is not installed, the tests that want it say so and pass.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is how they fail")]

mod ceremony;
mod command;
mod documents;

use std::io::Write;

use cogspec::browser::{Browser, BrowserError, Kind};

/// A browser, where it is installed.
async fn browser(kind: Kind, test: &str) -> Option<Browser> {
    match Browser::start(kind).await {
        Ok(browser) => Some(browser),
        Err(e @ BrowserError::Missing { .. }) => {
            // Not eprintln!, which the test harness would swallow: a skip is to be seen.
            let mut stderr = std::io::stderr();
            writeln!(stderr, "SKIPPED {test} in {kind}: {e}").unwrap();
            None
        }
        Err(e) => panic!("{e}"),
    }
}
