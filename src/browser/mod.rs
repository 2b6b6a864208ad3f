//! Real browsers as oracles of creation options.
//!
//! A [`Browser`] gives a document to `PublicKeyCredential.parseCreationOptionsFromJSON` and to
//! `navigator.credentials.create`, on a page of its relying party, with virtual authenticators. What it makes is held
//! strictly to the document: a browser that mends bad options must not hide them.
//!
//! Nothing leaves this machine. Every name that the browser asks for leads to a page on 127.0.0.1, its profile is a folder
//! that is thrown away, and the key of the page is public: it is good for this only.

mod answer;
mod chromium;
mod command;
mod firefox;
mod marionette;
mod page;
mod process;
mod running;
mod session;
mod webdriver;

use std::time::Duration;

pub use answer::{Answer, Refusal, Stage};
pub use running::{Browser, Kind};

use cogspec_suffix::is_public_suffix;
use serde_json::Value;

use crate::options::Document;

/// Why a browser gave no answers.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// This machine does not have it.
    #[error("{what} is not installed; Debian's {packages}")]
    Missing {
        /// The program that is not there.
        what: &'static str,
        /// Which packages of Debian have it.
        packages: &'static str,
    },
    /// It did not start, or did not do what it was told.
    #[error("the browser does not work: {0}")]
    Failed(String),
}

impl BrowserError {
    fn failed(e: impl std::fmt::Display) -> Self {
        BrowserError::Failed(e.to_string())
    }

    fn late(limit: Duration) -> Self {
        BrowserError::Failed(format!("no answer within {} s", limit.as_secs()))
    }

    /// The error that a command is answered with. The first line of its message says what is wrong; a stack trace follows.
    fn told(error: &Value) -> Self {
        let message = error["message"].as_str().and_then(|message| message.lines().next()).unwrap_or("no message");
        BrowserError::Failed(format!("{}: {message}", error["error"].as_str().unwrap_or("an error")))
    }
}

/// The origin of a page that may use the options: `rp.id` itself, or a domain below it where it is a public suffix, on which
/// nobody has a page. `https://example.com` where `rp.id` is no domain.
#[must_use]
pub fn fitting_origin(options: &[u8]) -> String {
    let document = Document::parse(options).ok();
    let domain = document.as_ref().and_then(Document::rp_id).and_then(domain);
    match domain {
        Some(suffix) if is_public_suffix(&suffix) => format!("https://login.{suffix}"),
        Some(domain) => format!("https://{domain}"),
        None => "https://example.com".to_owned(),
    }
}

/// The domain that a text is, in the form that a URL has it; a dot too many and upper case do not matter.
fn domain(text: &str) -> Option<String> {
    let domain = idna::domain_to_ascii_strict(text.trim_matches('.')).ok()?;
    let url = reqwest::Url::parse(&format!("https://{domain}/")).ok()?;
    (url.domain() == Some(domain.as_str())).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::fitting_origin;

    #[test]
    fn a_page_is_where_the_relying_party_could_have_one() {
        for (id, origin) in [
            (r#""login.example.com""#, "https://login.example.com"),
            (r#""localhost""#, "https://localhost"),
            (r#""LOGIN.example.com""#, "https://login.example.com"),
            (r#""bücher.example""#, "https://xn--bcher-kva.example"),
            (r#"".example.org""#, "https://example.org"),
            (r#""co.uk""#, "https://login.co.uk"),
            (r#""https://example.org""#, "https://example.com"),
            (r#""example.org:443""#, "https://example.com"),
            (r#""ada@example.org""#, "https://example.com"),
            (r#""127.0.0.1""#, "https://example.com"),
            (r#""""#, "https://example.com"),
            ("null", "https://example.com"),
        ] {
            assert_eq!(fitting_origin(format!(r#"{{"rp": {{"id": {id}}}}}"#).as_bytes()), origin, "{id}");
        }
        assert_eq!(fitting_origin(b"{"), "https://example.com");
    }
}
