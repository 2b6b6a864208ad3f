use std::io::Write;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::{Value, json};

use super::*;
use crate::target::{Form, SecretKind};

const PASSWORD: &str = "Tr0ub4dor&3/<\"x'>";

/// A token whose signature is 256 bytes that are no text.
fn token() -> String {
    let signature: Vec<u8> = (0..=255).map(|i: u8| i.wrapping_mul(167).wrapping_add(13)).collect();
    format!(
        "{}.{}.{}",
        BASE64URL_NOPAD.encode(b"{}"),
        BASE64URL_NOPAD.encode(b"{\"a\":1}"),
        BASE64URL_NOPAD.encode(&signature)
    )
}

fn guard() -> Guard {
    let guard = Guard::default();
    guard.secrets().add(&token());
    guard.secrets().add_own(SecretKind::Password, PASSWORD);
    guard
}

fn leak(guard: &Guard, bytes: &[u8]) -> Option<Leak> {
    let error = guard.check("x", bytes).err()?;
    assert!(Leak::is_cause_of(&error));
    guard.leaks().pop()
}

/// What redaction that overlooks an encoding would let through.
#[test]
fn a_secret_in_any_form_is_refused() {
    let each = |text: &str, form: fn(char) -> String| text.chars().map(form).collect::<String>();
    let token = token();
    let signature = token.rsplit('.').next().unwrap();
    let bytes = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap();
    for (kind, secret) in
        [(SecretKind::Token, token.as_str()), (SecretKind::Token, signature), (SecretKind::Password, PASSWORD)]
    {
        let forms: Vec<(&str, Form, Vec<u8>)> = vec![
            ("plain", Form::Plain, secret.into()),
            ("JSON", Form::Escaped, json!(secret).to_string().replace('/', "\\/").replace('T', "\\u0054").into()),
            ("u escapes", Form::Escaped, each(secret, |c| format!("\\u{:04X}", u32::from(c))).into()),
            ("percent", Form::Escaped, each(secret, |c| format!("%{:02x}", u32::from(c))).into()),
            ("percent twice", Form::Escaped, each(secret, |c| format!("%25{:02x}", u32::from(c))).into()),
            ("HTML", Form::Escaped, each(secret, |c| format!("&#{};", u32::from(c))).into()),
            ("UTF-16", Form::Escaped, secret.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("base64", Form::Base64, BASE64.encode(secret.as_bytes()).into()),
            ("base64 amid text", Form::Base64, BASE64.encode(format!("x: {secret}!").as_bytes()).into()),
            ("base64url", Form::Base64, BASE64URL_NOPAD.encode(secret.as_bytes()).into()),
        ];
        for (name, form, hidden) in forms {
            let artefact = [b"{\"a\":\"first\"}\n{\"b\":\"", hidden.as_slice(), b"\"}\n"].concat();
            let leak = leak(&guard(), &artefact).unwrap_or_else(|| panic!("{name} of {secret}"));
            assert_eq!(leak.place, "line 2", "{name}");
            // Where little of a long secret is escaped, the rest of it is a part that stands there as it is.
            assert!(leak.sighting.kind == kind && [form, Form::Plain].contains(&leak.sighting.form), "{name}: {leak}");
            assert!(kind != SecretKind::Password || leak.sighting.form == form, "{name}: {leak}");
            assert!(!leak.to_string().contains(secret), "{leak}");
        }
    }
    assert_eq!(leak(&guard(), &bytes).unwrap().sighting.kind, SecretKind::Token, "the signature's bytes");
    let part = leak(&guard(), &signature.as_bytes()[10..100]).unwrap();
    assert_eq!(part.sighting, Sighting { kind: SecretKind::Token, form: Form::Plain });
}

/// Large artefacts are looked at part by part.
#[test]
fn a_secret_is_seen_wherever_it_stands() {
    let guard = Guard::default();
    guard.secrets().add_own(SecretKind::Password, "in two\nlines");
    let text = [vec![b'x'; 70_000], vec![b'\n'], vec![b'y'; 70_000]].concat();
    for at in (69_900..70_100).chain([0, 140_001]) {
        for secret in ["in two\nlines", "&#105;&#110;&#32;&#116;&#119;&#111;\n&#108;&#105;&#110;&#101;&#115;"] {
            let artefact = [&text[..at], secret.as_bytes(), &text[at..]].concat();
            assert!(guard.check("x", &artefact).is_err(), "at {at}: {secret}");
        }
    }
    assert!(guard.check("x", &text).is_ok());
}

#[test]
fn what_is_no_secret_goes_out() {
    let token = token();
    let claims = token.rsplit_once('.').unwrap().0;
    let text = format!("{claims} {} Tr0ub4dor&amp;3", &token[token.len() - 20..]);
    assert_eq!(leak(&guard(), text.as_bytes()), None);
}

/// A server that hands out the words of reports as tokens cannot have reports refused.
#[test]
fn words_of_reports_are_no_secrets() {
    let guard = Guard::default();
    let words = ["AWSCognitoIdentityProviderService", "NotAuthorizedException", "application/x-amz-json-1.1", "short"];
    for word in words {
        let answer = json!({ "Session": word, "AuthenticationResult": { "AccessToken": word, "IdToken": format!("a.b.{word}") } });
        guard.secrets().add_answer(answer.to_string().as_bytes());
        guard.secrets().add_answer(json!({ "Session": format!("{word} and more words") }).to_string().as_bytes());
    }
    assert_eq!(leak(&guard, words.join("\n").as_bytes()), None);
}

#[test]
fn the_place_is_told() {
    let guard = guard();
    let document = |value: Value| serde_json::to_vec_pretty(&value).unwrap();
    let place = |bytes: &[u8]| leak(&guard, bytes).unwrap().place;
    assert_eq!(place(&document(json!({ "a": [1, { "b/c": PASSWORD }] }))), "line 5, /a/1/b~1c");
    assert_eq!(place(&document(json!({ "a": { PASSWORD: 1 } }))), "line 3, /a");
    assert_eq!(place(format!("\n\n{PASSWORD}").as_bytes()), "line 3");
    let (left, right) = PASSWORD.split_at(5);
    assert_eq!(place(format!("{left}\0{right}").as_bytes()), "line 1");
}

#[test]
fn a_stream_goes_on_as_far_as_it_holds_none() {
    let guard = guard();
    let mut written = Vec::new();
    let mut stream = Guarded::new(&mut written, &guard, "the stream");
    stream.write_all(b"one\n").unwrap();
    stream.flush().unwrap();
    // In two writes, with a colour between them.
    let (left, right) = PASSWORD.split_at(5);
    write!(stream, "two\n{left}\u{1b}[1m{right}").unwrap();
    assert!(Leak::is_cause_of(&stream.flush().unwrap_err()));
    stream.write_all(b"three\n").unwrap();
    stream.flush().unwrap();
    assert_eq!(written, b"one\nthree\n");
    let leaks = guard.leaks();
    assert_eq!((leaks.len(), leaks[0].place.as_str(), leaks[0].artefact.as_str()), (1, "line 3", "the stream"));
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let guard = guard();
    let folder = std::env::temp_dir().join(format!("cogspec-artefact-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (path, link) = (folder.join("a"), folder.join("link"));
    let names = || std::fs::read_dir(&folder).unwrap().count();
    assert!(guard.write_file(&path, PASSWORD.as_bytes()).is_err());
    assert_eq!(names(), 0, "nothing of it is there");
    can_be_written(&path).unwrap();
    assert_eq!(names(), 0, "nothing is left of the try");
    guard.write_file(&path, b"old").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &link).unwrap();
    #[cfg(unix)]
    guard.write_file(&link, b"new").unwrap();
    #[cfg(unix)]
    assert!(link.is_symlink() && std::fs::read(&path).unwrap() == b"new");
    assert!(guard.write_file(&path, PASSWORD.as_bytes()).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), b"new", "the old content stays");
    for wrong in [folder.clone(), folder.join("none/b"), path.join("b")] {
        let told = guard.write_file(&wrong, b"x").unwrap_err().to_string();
        assert!(told.contains(&wrong.display().to_string()), "{told}");
        assert!(can_be_written(&wrong).is_err());
    }
    assert_eq!(names(), 2);
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Nothing writes but through the guard. `cli/io.rs` has the streams themselves; the rest of these files is tests, or no artefact:
/// a profile of a browser, what a server is installed of and its log, the stream of events that `Guarded` is put around, and `cogspec token new`.
#[test]
fn there_is_one_way_out() {
    const WRITES: [&str; 9] = [
        "fs::write(",
        "File::create",
        "File::options",
        "OpenOptions",
        "io::stdout()",
        "io::stderr()",
        "print!(",
        "println!(",
        "anstream::stderr",
    ];
    const MAY: [&str; 5] =
        ["src/artefact/", "src/cli/io.rs", "src/implementation/", "src/report/mod.rs", "src/browser/"];
    let mut folders = vec![std::path::PathBuf::from("src")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.to_str().unwrap();
            if path.extension().is_none_or(|end| end != "rs")
                || name.ends_with("tests.rs")
                || MAY.iter().any(|may| name.starts_with(may))
            {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            seen += 1;
            for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
                assert!(!WRITES.iter().any(|write| line.contains(write)), "{name}: {line}");
            }
        }
    }
    assert!(seen > 200, "{seen} files");
}
