//! One snapshot file, in insta's format: a header of YAML between `---` lines, then the observation.

use std::time::SystemTime;

use crate::cognito::Evidence;

/// A snapshot file's content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Snapshot {
    /// The case's title.
    pub(super) description: Option<String>,
    /// What is said of the observation: `evidence`, `source` and whatever a recording adds, in order.
    pub(super) info: Vec<(String, String)>,
    /// The expected observation.
    pub(super) contents: String,
}

impl Snapshot {
    /// Reads a file's text. Of the header only what snapshots here use is understood: `key: value` lines, and below `info:`
    /// the same, indented. insta writes no other form for them.
    pub(super) fn parse(text: &str) -> Result<Snapshot, String> {
        let mut lines = text.lines();
        if lines.next() != Some("---") {
            return Err("line 1: a snapshot begins with `---`".to_owned());
        }
        let mut snapshot = Snapshot::default();
        let mut in_info = false;
        let mut ended = false;
        for (number, line) in (2..).zip(lines.by_ref()) {
            if line == "---" {
                ended = true;
                break;
            }
            let (key, value) =
                line.split_once(':').ok_or_else(|| format!("line {number}: `key: value` was expected"))?;
            let value = scalar(value.trim()).ok_or_else(|| format!("line {number}: the value cannot be read"))?;
            let indented = key.starts_with(' ');
            in_info = (indented && in_info) || key == "info";
            match key.trim() {
                key if indented && in_info => snapshot.info.push((key.to_owned(), value)),
                "description" => snapshot.description = Some(value),
                _ => {}
            }
        }
        if !ended {
            return Err("the header has no closing `---`".to_owned());
        }
        snapshot.contents = lines.collect::<Vec<_>>().join("\n").trim_end().to_owned();
        if let Some(None) = snapshot.info("evidence").map(evidence) {
            return Err("info.evidence is `documented`, `recorded` or `inferred`".to_owned());
        }
        match snapshot.info("date") {
            Some(date) if day(date).is_none() => Err("info.date is a day such as 2027-01-15".to_owned()),
            _ => Ok(snapshot),
        }
    }

    /// The text of a file.
    pub(super) fn text(&self) -> String {
        let mut text = String::from("---\nsource: src/suite\n");
        if let Some(description) = &self.description {
            text.push_str(&format!("description: {}\n", quoted(description)));
        }
        if !self.info.is_empty() {
            text.push_str("info:\n");
            for (key, value) in &self.info {
                text.push_str(&format!("  {key}: {}\n", quoted(value)));
            }
        }
        text.push_str(&format!("---\n{}\n", self.contents));
        text
    }

    /// How far the observation can be trusted; `None` for a plain recording.
    pub(super) fn evidence(&self) -> Option<Evidence> {
        self.info("evidence").and_then(evidence)
    }

    /// What the header says under that key of `info`.
    pub(super) fn info(&self, key: &str) -> Option<&str> {
        self.info.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }
}

/// The beginning of that day in UTC.
pub(super) fn day(date: &str) -> Option<SystemTime> {
    // The library also takes what follows a day, which a header has no use for.
    (date.len() == "2027-01-15".len()).then(|| humantime::parse_rfc3339(&format!("{date}T00:00:00Z")).ok())?
}

fn evidence(word: &str) -> Option<Evidence> {
    [Evidence::Inferred, Evidence::Documented, Evidence::Recorded].into_iter().find(|e| e.to_string() == word)
}

/// A YAML scalar on one line: plain, or in quotes.
fn scalar(text: &str) -> Option<String> {
    match text.as_bytes().first() {
        Some(b'"') => serde_json::from_str(text).ok(),
        Some(b'\'') => Some(text.strip_prefix('\'')?.strip_suffix('\'')?.replace("''", "'")),
        Some(b'|' | b'>') => None,
        _ => Some(text.to_owned()),
    }
}

/// A string of YAML in double quotes; those of JSON are among them.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Snapshot {
        Snapshot {
            description: Some("refuses \"this\": and # that".to_owned()),
            info: vec![
                ("evidence".to_owned(), "documented".to_owned()),
                ("source".to_owned(), "API reference, StartWebAuthnRegistration: Errors".to_owned()),
            ],
            contents: "status: 400\nclass: NotAuthorizedException\n\n× 2\ntransport: timeout".to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        assert_eq!(Snapshot::parse(&sample().text()).unwrap(), sample());
    }

    #[test]
    fn insta_reads_what_is_written_and_its_own_form_is_read() {
        let folder = std::env::temp_dir().join(format!("cogspec-file-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("request.json.truncated.snap");
        std::fs::write(&path, sample().text()).unwrap();
        let insta = insta::Snapshot::from_file(&path).unwrap();
        assert_eq!(insta.metadata().description(), sample().description.as_deref());
        assert_eq!(insta.as_text().unwrap().to_string(), sample().contents);
        // What `cargo insta accept` makes of a pending snapshot.
        insta.save(&path).unwrap();
        let rewritten = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(Snapshot::parse(&rewritten).unwrap(), sample(), "{rewritten}");
    }

    #[test]
    fn what_is_no_snapshot_is_told_by_line() {
        for (text, want) in [
            ("", "line 1"),
            ("---\nsource: x\n", "no closing"),
            ("---\nsource\n---\n", "line 2"),
            ("---\nsource: x\ndescription: |\n---\n", "line 3"),
            ("---\ninfo:\n  evidence: rumour\n---\n", "info.evidence"),
            ("---\ninfo:\n  date: 2027-02-30\n---\n", "info.date"),
            ("---\ninfo:\n  date: 2027-01-15T10\n---\n", "info.date"),
        ] {
            let error = Snapshot::parse(text).unwrap_err();
            assert!(error.contains(want), "{text:?}: {error}");
        }
    }
}
