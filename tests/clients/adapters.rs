//! What an adapter tells: an answer, or something else.

use std::time::{Duration, Instant};

use cogspec::adapter::{Lost, Outcome};

use crate::support::{Folder, LONG, ask, is_alive};

/// One that answers everything, and ends with its input.
const RIGHT: &str = "while read -r line; do answer; done";

#[tokio::test(flavor = "multi_thread")]
async fn an_adapter_is_asked_one_thing_after_another() {
    let folder = Folder::with("right", RIGHT);
    let mut adapter = folder.adapter().await;
    for scenario in ["one", "two", "one"] {
        let told = adapter.ask(&ask(scenario), LONG).await.unwrap();
        assert_eq!((told.scenario.as_str(), told.outcome), (scenario, Outcome::Success));
        assert!(told.options.is_none() && told.code.is_none());
    }
    adapter.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_tells_is_kept_as_it_is() {
    let folder = Folder::with(
        "whole",
        r#"
        read -r line
        cat <<'EOF' | tr -d '\n'; echo
 {"scenario":"one","outcome":"error","code":"ns#A:b","message":"half \ud83d of it, and a line\nend","status":4e2,
 "request_id":null,"attempts":3.0,"retryable":false,"detail":"d","of_later":[{}],
 "options":{"b":1.0,"a":{"b":1,"b":12345678901234567890123}, "c" :"\ud800"}}
EOF
        read -r line
        "#,
    );
    let mut adapter = folder.adapter().await;
    let told = adapter.ask(&ask("one"), LONG).await.unwrap();
    assert_eq!((told.outcome, told.code.as_deref()), (Outcome::Error, Some("ns#A:b")));
    let message = told.message.unwrap();
    assert!(message.starts_with("half \u{fffd}") && message.ends_with(" of it, and a line\nend"), "{message}");
    assert_eq!((told.status, told.attempts, told.retryable), (Some(400), Some(3), Some(false)));
    assert!(told.request_id.is_none());
    let options = told.options.unwrap();
    assert_eq!(options.get(), r#"{"b":1.0,"a":{"b":1,"b":12345678901234567890123}, "c" :"\ud800"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn options_may_be_as_deep_as_a_line_is_long() {
    let script = r#"read -r line; printf '{"scenario":"one","outcome":"success","options":'; yes [ | head -n 200000 | tr -d '\n'
        yes ] | head -n 200000 | tr -d '\n'; echo '}'; read -r line"#;
    let folder = Folder::with("deep", script);
    let told = folder.adapter().await.ask(&ask("one"), LONG).await.unwrap();
    assert_eq!(told.options.unwrap().get().len(), 400_000);
}

/// What an adapter writes instead of an answer, and what is said of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer() {
    let told = |rest: &str| format!(r#"printf '{{"scenario":"one"{rest}}}\n'"#);
    for (name, write, why) in [
        ("words", "echo ready to serve".to_owned(), "it is no JSON object: ready to serve"),
        ("nothing", "echo".to_owned(), "it is no JSON object"),
        ("list", r#"echo '["one", "success"]'"#.to_owned(), "it is no JSON object: [\"one\""),
        ("half", r#"echo '{"scenario":'"#.to_owned(), "EOF while parsing"),
        ("no-outcome", told(""), "missing field `outcome`"),
        ("outcome", told(r#","outcome":"crashed""#), "`outcome` is not success, error, failure or unimplemented"),
        ("outcome-object", told(r#","outcome":{"success":null}"#), "expected a text"),
        ("status", told(r#","outcome":"error","status":"400""#), "invalid type: string"),
        ("negative", told(r#","outcome":"error","attempts":-1"#), "expected a whole number that is not negative"),
        ("twice", told(r#","outcome":"error","code":"A","code":"B""#), "duplicate field `code`"),
        ("bytes", r"printf '{\377}\n'".to_owned(), "it is not UTF-8: {\u{fffd}}"),
        ("colours", r"printf '\033[31mred\033[0m\n'".to_owned(), r"it is no JSON object: \u{1b}[31mred"),
        ("token", "printf '%s\\n' \"x$line\"".to_owned(), "\"access_token\":\"<token>\""),
    ] {
        let folder = Folder::with(name, &format!("read -r line; {write}; read -r line"));
        let lost = folder.adapter().await.ask(&ask("one"), LONG).await.unwrap_err();
        assert!(matches!(lost, Lost::Garbage { .. }), "{name}: {lost}");
        let lost = lost.to_string();
        assert!(lost.contains(why) && lost.chars().count() < 600, "{name}: {lost}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_an_end_is_read_to_its_limit() {
    let folder = Folder::with("endless", r"read -r line; echo $$ >> FOLDER/processes; tr '\0' a < /dev/zero");
    let mut adapter = folder.adapter().await;
    let begun = Instant::now();
    let lost = adapter.ask(&ask("one"), LONG).await.unwrap_err();
    assert!(begun.elapsed() < LONG, "it was not stopped by its limit");
    let Lost::Garbage { why, line } = lost else { panic!("{lost}") };
    assert_eq!(why, "a line may have 16 MiB");
    assert!(line.starts_with("aaa") && line.chars().count() == 201, "{line}");
    assert!(!is_alive(folder.processes(1)[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_limit_is_an_answer_and_a_longer_one_is_not() {
    const FRAME: usize = r#"{"scenario":"one","outcome":"success","detail":""}"#.len();
    for (more, is_answer) in [(0, true), (1, false)] {
        let letters = (16 << 20) - FRAME + more;
        let script = format!(
            r#"read -r line; printf '{{"scenario":"one","outcome":"success","detail":"'; head -c {letters} /dev/zero | tr '\0' a
            echo '"}}'; read -r line"#
        );
        let folder = Folder::with(&format!("limit-{more}"), &script);
        let told = folder.adapter().await.ask(&ask("one"), LONG).await;
        assert_eq!(told.is_ok(), is_answer, "{:?}", told.err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_taken_that_was_not_asked() {
    // Before the first question, and the right guess at that.
    let early = r#"line='"scenario":"one"'; answer; echo $$ >> FOLDER/processes; while read -r line; do answer; done"#;
    let folder = Folder::with("early", early);
    let mut adapter = folder.adapter().await;
    folder.processes(1);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let lost = adapter.ask(&ask("one"), LONG).await.unwrap_err().to_string();
    assert!(lost.contains("it was not asked: {\"scenario\":\"one\""), "{lost}");

    let folder = Folder::with("twice-at-once", "while read -r line; do answer; answer; done");
    let mut adapter = folder.adapter().await;
    // The shell writes both one after the other, so the second one may be seen only at the next question.
    let lost = match adapter.ask(&ask("one"), LONG).await {
        Err(lost) => lost,
        Ok(_) => adapter.ask(&ask("two"), LONG).await.unwrap_err(),
    };
    assert!(matches!(lost, Lost::Garbage { .. } | Lost::Other { .. }), "{lost}");

    let two = r#"read -r line; printf '{"scenario":"one","outcome":"success"}\n{"scenario":"one"'; read -r line"#;
    let lost = Folder::with("two-at-once", two).adapter().await.ask(&ask("one"), LONG).await.unwrap_err().to_string();
    assert!(lost.contains("it was asked one thing: {\"scenario\":\"one\""), "{lost}");

    let folder = Folder::with("late", "while read -r line; do answer; done; echo goodbye");
    let mut adapter = folder.adapter().await;
    adapter.ask(&ask("one"), LONG).await.unwrap();
    let lost = adapter.stop().await.unwrap_err().to_string();
    assert!(lost.contains("it was not asked: goodbye"), "{lost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_another_scenario_is_none() {
    let folder = Folder::with("other", "while read -r line; do line='\"scenario\":\"t\u{202e}wo\"'; answer; done");
    let lost = folder.adapter().await.ask(&ask("one"), LONG).await.unwrap_err();
    assert_eq!(lost, Lost::Other { asked: "one".to_owned(), answered: "t\\u{202e}wo".to_owned() });
}

/// A question that was given up is answered late.
#[tokio::test(flavor = "multi_thread")]
async fn a_late_answer_is_not_taken_for_the_next_one() {
    let folder = Folder::with("given-up", "read -r line; sleep 0.5; answer; while read -r line; do answer; done");
    let mut adapter = folder.adapter().await;
    let given_up = tokio::time::timeout(Duration::from_millis(100), adapter.ask(&ask("one"), LONG)).await;
    assert!(given_up.is_err());
    let lost = adapter.ask(&ask("two"), LONG).await.unwrap_err();
    assert!(matches!(lost, Lost::Other { .. } | Lost::Garbage { .. }), "{lost}");
}
