//! The committed creation options against cogspec's own judge and against Chromium, the command that asks it, and a passkey
//! on a page. Where no browser is installed, the tests that want one say so and pass.

#![allow(clippy::unwrap_used, reason = "helpers of tests: a panic is how they fail")]

mod ceremony;
mod command;
mod documents;

use std::io::Write;

use cogspec::browser::{Browser, BrowserError};

/// A browser, where there is one.
async fn browser(test: &str) -> Option<Browser> {
    match Browser::start().await {
        Ok(browser) => Some(browser),
        Err(e @ BrowserError::Missing(_)) => {
            // Not eprintln!, which the test harness would swallow: a skip is to be seen.
            let mut stderr = std::io::stderr();
            writeln!(stderr, "SKIPPED {test}: {e}").unwrap();
            None
        }
        Err(e) => panic!("{e}"),
    }
}
