//! The pages of clients: of one run, and of the matrix of several.

use std::path::PathBuf;
use std::process::Command;

use serde_json::json;

use crate::chromium::Chromium;
use crate::hostile::{HOSTILE, seen};
use crate::{path, sample, write};

/// The page of a run.
pub(crate) fn page(name: &str, text: &str) -> PathBuf {
    write(name, &sample::client("boto3", text))
}

/// The page of the matrix of two clients.
pub(crate) fn matrix(name: &str, text: &str) -> PathBuf {
    let page = path(name);
    let folder = page.with_extension("results");
    std::fs::create_dir_all(&folder).unwrap();
    for client in ["boto3", "js"] {
        std::fs::write(folder.join(format!("{client}.json")), sample::client(client, text).to_string()).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_cogspec"));
    command.args(["matrix", "--report", &format!("html={}", page.display()), "--from"]).arg(&folder);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::remove_dir_all(folder).unwrap();
    page
}

#[test]
fn scenarios_are_found() {
    let Some(chromium) = Chromium::start("search in the pages of clients") else { return };
    chromium.open(&page("client.html", "something"), "");
    assert_eq!(chromium.js("return document.getElementById('matches').textContent"), "14 scenarios");
    chromium.press("/");
    chromium.press("signature.flipped");
    chromium.wait("document.getElementById('matches').textContent === '1 of 14 scenarios'");
    chromium.open(&matrix("client-grid.html", "something"), "theme=gateway");
    chromium.wait("document.getElementById('matches').textContent === '6 of 14 scenarios'");
    let cells = "[...document.getElementById('case-gateway.signature.flipped').cells].map((cell) => cell.innerText.split('\\n')[1])";
    let cells = chromium.js(&format!("return {cells}"));
    assert_eq!(cells, json!(["shows something", null, "boto3 something", "js something"]));
}

#[test]
fn nothing_that_a_client_says_runs_or_hides() {
    let Some(chromium) = Chromium::start("hostile texts in the pages of clients") else { return };
    let text = HOSTILE.join(" ");
    for (page, place) in
        [(page("hostile-client.html", &text), "#fail"), (matrix("hostile-clients.html", &text), "#grid")]
    {
        chromium.open(&page, "");
        let seen = seen(&chromium, place);
        for (what, wanted) in [
            ("scripts", json!(1)),
            ("styles", json!(1)),
            ("images", json!(0)),
            ("handlers", json!(0)),
            ("shown", json!(true)),
            ("invisible", json!(0)),
            ("escaped", json!(true)),
            ("pwned", json!(null)),
        ] {
            assert_eq!(seen[what], wanted, "{what} in {seen}");
        }
        std::fs::remove_file(page).unwrap();
    }
}
