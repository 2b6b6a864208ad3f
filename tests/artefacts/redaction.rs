//! No artefact holds a secret, whatever a server hands back.

use std::path::Path;

use serde_json::Value;

use crate::echo::{ENCODINGS, Echo, FIELDS};
use crate::support::{cogspec, folder, names, output, written};

/// An artefact's text, and the same as one who reads its JSON sees it.
fn readings(bytes: &[u8]) -> Vec<String> {
    fn leaves(value: &Value, text: &mut String) {
        match value {
            Value::String(leaf) => text.push_str(&format!("{leaf}\n")),
            Value::Array(elements) => elements.iter().for_each(|element| leaves(element, text)),
            Value::Object(members) => members.iter().for_each(|(name, member)| {
                text.push_str(&format!("{name}\n"));
                leaves(member, text);
            }),
            _ => {}
        }
    }
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut read = String::new();
    for document in serde_json::Deserializer::from_slice(bytes).into_iter::<Value>().map_while(Result::ok) {
        leaves(&document, &mut read);
    }
    vec![text, read]
}

/// Fails where one of the secrets stands in an artefact in one of the encodings.
#[track_caller]
fn hold_none(echo: &Echo, artefacts: &[(String, Vec<u8>)]) {
    let secrets = echo.secrets();
    assert!(secrets.len() >= 4, "{} secrets", secrets.len());
    hold_none_of(&secrets, artefacts);
}

#[track_caller]
fn hold_none_of(secrets: &[(&'static str, String)], artefacts: &[(String, Vec<u8>)]) {
    for (name, bytes) in artefacts {
        for text in readings(bytes) {
            for (kind, secret) in secrets {
                for (encoding, encode) in ENCODINGS {
                    let encoded = encode(secret);
                    // Amid text, the first group and the last are of that text, too.
                    let needle = if encoding == "base64 amid text" { &encoded[4..encoded.len() - 4] } else { &encoded };
                    let before = text.find(needle).map(|at| text[..at].chars().rev().take(80).collect::<String>());
                    let before = before.map(|before| before.chars().rev().collect::<String>());
                    assert_eq!(before, None, "the {kind}, {encoding}, {} characters, in {name}", secret.len());
                }
                let utf16: String = secret.chars().flat_map(|c| [c, '\0']).collect();
                assert!(!text.contains(utf16.trim_end_matches('\0')), "the {kind}, in UTF-16, in {name}");
                let escaped: String = secret.chars().map(|c| format!("{c}\\u{{0}}")).collect();
                assert!(!text.contains(escaped.trim_end_matches("\\u{0}")), "the {kind}, in UTF-16, in {name}");
            }
        }
    }
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    names(folder).into_iter().map(|name| (name.clone(), std::fs::read(folder.join(name)).unwrap())).collect()
}

#[test]
fn reports_of_a_run() {
    let (echo, folder) = (Echo::start(), folder("run"));
    let formats = ["json", "ndjson", "junit", "sarif", "markdown", "github"];
    let reports = formats.map(|format| format!("{format}={}", folder.join(format).display()));
    let mut args = vec!["run", "--endpoint", &echo.endpoint, "--verbose"];
    args.extend(reports.iter().flat_map(|report| ["--report", report.as_str()]));
    let run = output(&args);
    let text = written(&run);
    assert_eq!(run.status.code(), Some(1), "{text}");
    assert!(echo.echoed() >= FIELDS.len() * ENCODINGS.len(), "{} pairs of field and encoding", echo.echoed());
    let mut artefacts = files(&folder);
    assert_eq!(artefacts.len(), formats.len());
    for (name, bytes) in artefacts.iter().filter(|(name, _)| name.ends_with("json")) {
        let text = String::from_utf8_lossy(bytes);
        assert!(text.contains("<redacted>") && text.contains("<withheld"), "{name}");
    }
    artefacts.push(("the text".to_owned(), text.into_bytes()));
    hold_none(&echo, &artefacts);
}

#[test]
fn snapshots() {
    let (echo, folder) = (Echo::start(), folder("record"));
    let name = folder.join("profile").display().to_string();
    let filter = ["--filter", "token.*", "--filter", "options.*", "--filter", "ceremony.list.*"];
    let recorded = output(&[&["record", &name, "--accept", "--endpoint", &echo.endpoint], &filter[..]].concat());
    assert_eq!(recorded.status.code(), Some(0), "{}", written(&recorded));
    let mut artefacts = files(Path::new(&name));
    assert!(artefacts.len() > 50, "{} snapshots", artefacts.len());
    artefacts.push(("the text".to_owned(), written(&recorded).into_bytes()));
    hold_none(&echo, &artefacts);
}

#[test]
fn findings_of_the_fuzzer() {
    let folder = folder("fuzz");
    for format in ["text", "json"] {
        // A run of its own: of the secrets of another it knows nothing.
        let echo = Echo::that_serves();
        let name = folder.join(format).display().to_string();
        let args =
            ["fuzz", "--endpoint", &echo.endpoint, "--requests", "1500", "--findings", &name, "--format", format];
        let run = output(&args);
        assert_eq!(run.status.code(), Some(1), "{}", written(&run));
        let text = ("the text".to_owned(), run.stdout.clone());
        hold_none(&echo, &[text, ("standard error".to_owned(), run.stderr)]);
        let found = files(Path::new(&name));
        assert!(found.len() >= 4, "{} files of findings", found.len());
        hold_none(&echo, &found);
    }
}

/// What a person gives is a secret, too, and stands in no message.
#[test]
fn a_given_token() {
    let echo = Echo::start();
    let made = output(&["token", "new", "--endpoint", &echo.endpoint]);
    let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    let signature = token.rsplit('.').next().unwrap().to_owned();
    let args = ["run", "--endpoint", &echo.endpoint, "--access-token-env", "T", "--report", "json=-"];
    let run = cogspec(&args).env("T", &token).output().unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let secrets = [("given token", token), ("signature", signature)];
    hold_none_of(&secrets, &[("the report".to_owned(), run.stdout), ("the text".to_owned(), run.stderr)]);
}
