use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::cognito::{Rule, rules};
use crate::run::EVENTS_VERSION;
use crate::run::{Counts, ExchangeReport, ExitReport, FindingReport, Listed, Outcome, RunInfo, Summary, Verdict};
use crate::snapshot::DriftReport;
use crate::suite::{Role, Side};

/// Bytes that others can look at.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

pub(super) fn finding(rule: &'static Rule, got: &str, wanted: &str) -> FindingReport {
    FindingReport {
        rule: rule.id.into(),
        severity: rule.severity(),
        level: rule.level,
        evidence: rule.evidence,
        statement: rule.statement.into(),
        source: rule.source.to_string(),
        url: rule.source.document.url.into(),
        pointer: None,
        got: got.to_owned(),
        wanted: wanted.to_owned(),
    }
}

pub(super) fn outcome(id: &str, verdict: Verdict) -> Outcome {
    Outcome {
        verdict,
        exchanges: vec![
            exchange(Role::Test),
            ExchangeReport { curl: "curl witness".to_owned(), ..exchange(Role::Witness) },
        ],
        observation: Some("status: 200\nclass: success".to_owned()),
        ..Outcome::example(id)
    }
}

fn exchange(role: Role) -> ExchangeReport {
    ExchangeReport {
        role,
        curl: r#"curl -sS -i 'http://127.0.0.1:4000/' --data-binary '{"AccessToken":"'"$ACCESS_TOKEN"'"}'"#.to_owned(),
        status: Some(200),
        class: "success".to_owned(),
        message: None,
        answer: "HTTP 200\ncontent-type: text/plain\n\nbody".to_owned(),
        elapsed_ms: 3,
    }
}

pub(super) fn with(outcome: Outcome, findings: Vec<FindingReport>) -> Outcome {
    Outcome { findings, ..outcome }
}

pub(super) fn because(id: &str, verdict: Verdict, reason: &str) -> Outcome {
    Outcome { reason: Some(reason.to_owned()), observation: None, exchanges: Vec::new(), ..outcome(id, verdict) }
}

pub(super) fn listed(found: Verdict, fingerprint: &str, reason: &str) -> Option<Listed> {
    Some(Listed {
        found,
        fingerprint: vec![fingerprint.to_owned()],
        reason: reason.to_owned(),
        link: None,
        expires: None,
        expired: false,
    })
}

/// What means something in one of the formats: to a terminal, XML, Markdown, HTML, SARIF, or GitHub's log.
const MARKS: &str = "</testsuites>]]>&amp;\u{ffff} | `` ``` <script>alert(1)</script> [a](javascript:b) ![c](https://evil.example) **d** @user www.evil.example {0}\n```\n# title\n| a | b |\n::error::no%0A, really";

/// A run in which everything happens.
pub(super) fn eventful() -> Vec<Event> {
    let hostile = "\u{1b}[2J\u{202e}evil\u{7}\nstatus: 200";
    let drift =
        |evidence, diff: &str| Some(DriftReport { profile: "cognito".to_owned(), evidence, diff: diff.to_owned() });
    let signature = || finding(&rules::token::SIGNATURE, "success (200)", "a refusal: NotAuthorizedException");
    let mut outcomes = vec![
        outcome("request.plain", Verdict::Pass),
        Outcome {
            drift: drift(Some(crate::cognito::Evidence::Recorded), "-message: Invalid Access Token\n+message: no"),
            ..outcome("request.drifts", Verdict::Pass)
        },
        Outcome {
            drift: drift(Some(crate::cognito::Evidence::Inferred), "-status: 400\n+status: 401"),
            ..outcome("request.drifts-softly", Verdict::Pass)
        },
        with(
            Outcome { title: hostile.to_owned(), ..outcome("request.hostile", Verdict::Fail) },
            vec![
                finding(&rules::request::JSON, hostile, "one\nstatus: 200\nthree"),
                finding(&rules::request::PATH, "x", "y"),
            ],
        ),
        with(
            outcome("request.long", Verdict::Warn),
            vec![FindingReport {
                pointer: Some("/a~1b".to_owned()),
                ..finding(&rules::request::PATH, &"long ".repeat(500), "short")
            }],
        ),
        with(
            outcome("request.duplicate", Verdict::Note),
            vec![finding(&rules::request::DUPLICATE_MEMBER, "success (200)", "?")],
        ),
        because("state.one", Verdict::Skip, "the target refuses CreateUserPoolDomain"),
        because("state.two", Verdict::Skip, "the target refuses CreateUserPoolDomain"),
        because("state.three", Verdict::Inconclusive, hostile),
        because("response.bug", Verdict::Error, "the case panicked: index out of bounds"),
    ];
    let router = "the router does not look at the method";
    let way = "token.signature: success (200)";
    outcomes.extend([
        with(
            Outcome { title: MARKS.to_owned(), ..outcome("request.marks", Verdict::Fail) },
            vec![FindingReport {
                pointer: Some(MARKS.to_owned()),
                ..finding(&rules::request::JSON, MARKS, &MARKS.replace('\n', " "))
            }],
        ),
        because("request.marked", Verdict::Inconclusive, MARKS),
        Outcome {
            listed: Some(Listed {
                link: Some("https://example.com/issues/7".to_owned()),
                ..listed(Verdict::Fail, way, router).unwrap()
            }),
            ..with(outcome("state.known", Verdict::Known), vec![signature()])
        },
        Outcome {
            listed: Some(Listed {
                link: Some("javascript:alert(1)".to_owned()),
                expires: Some("2026-01-01".to_owned()),
                expired: true,
                ..listed(Verdict::Fail, way, MARKS).unwrap()
            }),
            ..with(outcome("state.known-until", Verdict::Known), vec![signature()])
        },
        Outcome { listed: listed(Verdict::Pass, way, router), ..outcome("state.fixed", Verdict::Fixed) },
        Outcome {
            listed: listed(Verdict::Warn, "token.signature: | ` <b>", router),
            ..with(outcome("state.milder", Verdict::Fixed), vec![finding(&rules::request::PATH, "x", "y")])
        },
        Outcome {
            listed: listed(Verdict::Fail, "token.signature: success (200)", router),
            fingerprint: vec!["token.signature: ResourceNotFoundException (400)".to_owned()],
            ..with(
                outcome("state.otherwise", Verdict::Fail),
                vec![finding(&rules::token::SIGNATURE, "ResourceNotFoundException (400): gone", "a refusal")],
            )
        },
    ]);
    for n in 0..12 {
        outcomes.push(with(outcome(&format!("token.signature.{n:02}"), Verdict::Fail), vec![signature()]));
    }
    let mut counts = Counts::default();
    let mut events = vec![Event::RunStarted(RunInfo {
        version: EVENTS_VERSION,
        cogspec: "0.1.0".into(),
        target: "embedded emulator".to_owned(),
        endpoint: "http://127.0.0.1:4000".to_owned(),
        cases: 37,
        seed: u64::MAX,
        case_set: "9f2c".to_owned(),
        started: 1_767_225_600,
        token: "1-9f2c-7".to_owned(),
        side: Side::Server,
        name: None,
    })];
    for outcome in outcomes {
        counts.add(outcome.verdict);
        events.push(Event::CaseStarted { id: outcome.id.clone() });
        events.push(Event::CaseFinished(Box::new(outcome)));
    }
    events.push(Event::Notice { text: format!("could not be deleted: {hostile}") });
    events.push(Event::RunFinished(Summary {
        counts,
        drifted: 1,
        drifted_inferred: 1,
        stale: 0,
        expired: 0,
        unmatched: 0,
        not_run: 8,
        interrupted: true,
        unreachable: false,
        duration_ms: 4_210,
        exit: Some(ExitReport { code: 1, meaning: "a MUST was broken".into() }),
    }));
    events
}

pub(super) fn terminal_text(options: TerminalOptions, events: &[Event]) -> String {
    let shared = Shared::default();
    let mut terminal =
        Terminal::new(anstream::StripStream::new(Box::new(shared.clone()) as Box<dyn io::Write>), options);
    for event in events {
        terminal.event(event).unwrap();
    }
    terminal.exit(1, "a MUST was broken").unwrap();
    shared.text()
}

#[test]
fn terminal_report() {
    insta::assert_snapshot!(terminal_text(TerminalOptions::default(), &eventful()));
}

#[test]
fn terminal_report_verbose_with_endpoint() {
    let target = Some("--endpoint http://127.0.0.1:4000".to_owned());
    insta::assert_snapshot!(terminal_text(TerminalOptions { verbose: true, target }, &eventful()));
}

pub(super) fn results(events: Vec<Event>) -> crate::run::Results {
    let mut collected = crate::run::Collector::default();
    events.iter().find_map(|event| collected.event(event)).unwrap()
}

#[test]
fn junit_report() {
    insta::assert_snapshot!(junit::junit(&results(eventful())).unwrap());
}

#[test]
fn sarif_report() {
    insta::assert_snapshot!(sarif::sarif(&results(eventful())).unwrap());
}

#[test]
fn markdown_report() {
    insta::assert_snapshot!(markdown::markdown(&results(eventful())).unwrap());
}

#[test]
fn github_commands() {
    insta::assert_snapshot!(github::commands(&results(eventful())));
}

#[test]
fn colours_are_the_only_control_characters() {
    let shared = Shared::default();
    let mut terminal = Terminal::new(shared.clone(), TerminalOptions { verbose: true, target: None });
    for event in eventful() {
        terminal.event(&event).unwrap();
    }
    let text = shared.text();
    assert!(text.contains("\u{1b}[1m") && !text.contains("\u{1b}[2J") && !text.contains(['\u{7}', '\u{202e}']));
}

#[test]
fn many_different_failures_get_a_line_each() {
    let failures = (0..30).map(|n| {
        let finding = finding(&rules::token::SIGNATURE, &format!("answer {n}"), "a refusal");
        Event::CaseFinished(Box::new(with(outcome(&format!("token.{n:02}"), Verdict::Fail), vec![finding])))
    });
    let mut events = eventful();
    let last = events.pop().unwrap();
    events.extend(failures);
    events.push(last);
    let text = terminal_text(TerminalOptions::default(), &events);
    assert!(text.contains("FAIL token.29  token.signature: answer 29\n"), "{text}");
    assert_eq!(text.matches("MUST token.signature").count(), 13, "{text}");
}

#[test]
fn a_closed_pipe_is_no_panic_and_fails_no_machine_readable_report() {
    let mut terminal = Terminal::new(Closed, TerminalOptions::default());
    let mut machine: [Box<dyn Reporter>; 2] =
        [Box::new(Ndjson::new(Closed)), Box::new(Document::to_writer(document::json, Closed))];
    for event in eventful() {
        let told = terminal.event(&event);
        assert!(told.is_ok() || told.unwrap_err().kind() == io::ErrorKind::BrokenPipe);
        for report in &mut machine {
            report.event(&event).unwrap();
        }
    }
    assert_eq!(terminal.exit(1, "x").unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}

#[test]
fn progress_takes_any_event() {
    let mut progress = Progress::new();
    for event in eventful() {
        progress.event(&event).unwrap();
    }
}

pub(super) fn schema(schema: Schema) -> Value {
    serde_json::from_str(schema.text()).unwrap()
}

pub(super) fn errors(schema: &Value, instance: &Value) -> Vec<String> {
    let validator = jsonschema::draft202012::new(schema).unwrap();
    validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect()
}

/// The same schema, in which no member may be that it does not describe.
pub(super) fn closed(mut schema: Value) -> Value {
    fn close(value: &mut Value) {
        if let Value::Object(object) = value {
            if object.get("type") == Some(&json!("object")) && object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), json!(false));
            }
            object.values_mut().for_each(close);
        }
    }
    close(&mut schema);
    schema
}

#[test]
fn the_json_report_is_what_its_schema_says() {
    let folder = std::env::temp_dir().join(format!("cogspec-report-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("run.json");
    std::fs::write(&path, "old").unwrap();
    let spec: Asked<RunFormat> = format!("json={}", path.display()).parse().unwrap();
    let mut report = spec.open(&Guard::default()).unwrap();
    for event in eventful() {
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old", "the file is replaced at the end only");
        report.event(&event).unwrap();
    }
    drop(report);
    let document: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    std::fs::remove_dir_all(&folder).unwrap();

    assert_eq!(errors(&closed(schema(Schema::Run)), &document), [""; 0]);
    assert_eq!(document["cases"].as_array().unwrap().len(), 29);
    let mut wrong = document.clone();
    wrong["cases"][0]["verdict"] = json!("maybe");
    assert_eq!(errors(&schema(Schema::Run), &wrong).len(), 1);
}

#[test]
fn the_event_lines_are_what_their_schema_says() {
    let shared = Shared::default();
    let mut report = Ndjson::new(shared.clone());
    let events = eventful();
    for event in &events {
        report.event(event).unwrap();
    }
    let text = shared.text();
    assert_eq!(text.lines().count(), events.len());
    for line in text.lines() {
        assert_eq!(errors(&schema(Schema::Events), &serde_json::from_str(line).unwrap()), [""; 0], "{line}");
    }
    assert!(!errors(&schema(Schema::Events), &json!({ "event": "case-started" })).is_empty());
}

#[test]
fn both_schemas_describe_the_same_things() {
    assert_eq!(schema(Schema::Run)["$defs"], schema(Schema::Events)["$defs"]);
}

#[test]
fn a_report_is_a_format_and_a_path() {
    for good in ["json=out.json", "ndjson=-", "json=a=b"] {
        assert_eq!(good.parse::<Asked<RunFormat>>().unwrap().to_string(), good);
    }
    for (wrong, why) in [("json", "no `=`"), ("xml=a", "no format `xml`"), ("json=", "path is empty"), ("", "no `=`")] {
        let error = wrong.parse::<Asked<RunFormat>>().unwrap_err().to_string();
        assert!(error.contains(why) && error.contains("json, ndjson, junit, sarif, markdown, github"), "{error}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_run() {
    for format in RunFormat::ALL.iter().map(|format| format.name()) {
        let spec: Asked<RunFormat> = format!("{format}=/no/such/folder/x").parse().unwrap();
        let Err(error) = spec.open(&Guard::default()) else { panic!("{format}") };
        assert!(error.to_string().contains("/no/such/folder/x"), "{error}");
    }
}

/// Redaction that overlooks a field: each report is refused, and what was there stays.
#[test]
fn no_report_is_written_that_holds_a_secret() {
    let guard = Guard::default();
    guard.secrets().add_own(crate::target::SecretKind::Password, "Hunter2-hunter2!");
    let folder = std::env::temp_dir().join(format!("cogspec-leaks-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("run.json");
    std::fs::write(&path, "old").unwrap();
    let hidden = "bad password SHVudGVyMi1odW50ZXIyIQ==".to_owned();
    let leaking = Outcome { reason: Some(hidden), ..outcome("request.leaks", Verdict::Inconclusive) };
    let mut events = eventful();
    let last = events.pop().unwrap();
    events.extend([Event::CaseFinished(Box::new(leaking)), last]);

    let shared = [Shared::default(), Shared::default()];
    let guarded = |name: &str, shared: &Shared| Guarded::new(shared.clone(), &guard, name);
    let mut reports: [Box<dyn Reporter>; 3] = [
        Box::new(Ndjson::new(guarded("lines", &shared[0]))),
        Box::new(Document::to_file(document::json, &path, &guard).unwrap()),
        Box::new(Terminal::new(guarded("text", &shared[1]), TerminalOptions::default())),
    ];
    for report in &mut reports {
        let refused = events.iter().filter(|event| report.event(event).is_err()).count();
        assert_eq!(refused, 1);
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(shared.iter().all(|shared| !shared.text().contains("SHVudGVy")));
    let told: Vec<String> = guard.leaks().iter().map(ToString::to_string).collect();
    assert!(
        told[0].contains("lines is not written: line") && told[0].contains("/reason holds a password, in base64"),
        "{told:?}"
    );
    assert!(told[1].contains("run.json is not written: line") && told[1].contains("/reason holds"), "{told:?}");
    assert!(told[2].contains("text is not written: line"), "{told:?}");
}
