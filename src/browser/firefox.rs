//! Firefox, by Marionette.

use std::fmt::Write;

use serde_json::{Value, json};
use tokio::process::Command;

use super::BrowserError;
use super::command::timeouts;
use super::marionette::Marionette;
use super::page::Page;
use super::process::Process;
use super::session::Session;
use crate::machine::{Folder, find};

/// Starts it: its process, and a session.
pub(super) async fn start(folder: &Folder, page: &Page) -> Result<(Process, Session), BrowserError> {
    let firefox = find(&["firefox-esr", "firefox"]);
    let firefox = firefox.ok_or(BrowserError::Missing { what: "Firefox", packages: "package is firefox-esr" })?;
    let profile = folder.path().join("profile");
    std::fs::create_dir(&profile).map_err(BrowserError::failed)?;
    std::fs::write(profile.join("user.js"), user_js(page)).map_err(BrowserError::failed)?;
    let mut command = Command::new(firefox);
    command
        .args(["--headless", "--marionette", "--no-remote", "--profile"])
        .arg(&profile)
        // It keeps files beside its profile, too.
        .env("HOME", folder.path())
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .env("MOZ_CRASHREPORTER_DISABLE", "1");
    // `1795491728405  Marionette  INFO  Listening on port 12345`
    let process = Process::start(command, folder, "Listening on port ").await?;
    let capabilities = json!({ "acceptInsecureCerts": true, "timeouts": timeouts() });
    let session = Marionette::start(process.port, capabilities).await?;
    Ok((process, Session::Marionette(session)))
}

/// The preferences of the profile.
fn user_js(page: &Page) -> String {
    let port = page.address.port();
    let preferences: [(&str, Value); 13] = [
        // A port that is free.
        ("marionette.port", 0.into()),
        // All names lead to the page, by no other way; those that Firefox itself asks for, too.
        ("network.dns.forceResolve", page.address.ip().to_string().into()),
        ("network.socket.forcePort", format!("80={port};443={port}").into()),
        ("network.proxy.type", 0.into()),
        ("network.trr.mode", 5.into()),
        ("network.captive-portal-service.enabled", false.into()),
        ("network.connectivity-service.enabled", false.into()),
        ("datareporting.policy.dataSubmissionEnabled", false.into()),
        // Firefox asks one kind of authenticators only, and real ones before virtual ones.
        ("security.webauth.webauthn_enable_usbtoken", false.into()),
        ("security.webauth.webauthn_enable_softtoken", true.into()),
        // Else there are no passkeys on a page whose certificate had to be excepted.
        ("security.webauthn.allow_with_certificate_override", true.into()),
        // Else it asks a person, whether a server may have the attestation that it wants.
        ("security.webauthn.always_allow_direct_attestation", true.into()),
        ("browser.shell.checkDefaultBrowser", false.into()),
    ];
    preferences.iter().fold(String::new(), |mut text, (name, value)| {
        // Into a String it cannot fail.
        let _ = writeln!(text, "user_pref(\"{name}\", {value});");
        text
    })
}
