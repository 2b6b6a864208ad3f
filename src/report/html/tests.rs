use std::collections::HashSet;

use super::super::tests::eventful;
use super::*;
use crate::run::Collector;

/// The page of the run in which everything happens, whose titles hold markup besides.
fn page() -> String {
    let mut collector = Collector::default();
    let mut run = eventful().iter().find_map(|event| collector.event(event)).unwrap();
    for case in &mut run.cases {
        case.title = format!("shows </script><img src=x> {}", case.title);
    }
    html(&run).unwrap()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

/// A browser runs nothing else, so that a page with another hash would be dead.
#[test]
fn the_policy_names_the_style_and_the_script() {
    let page = page();
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    for (directive, start, end) in [("style-src", "<style>", "</style>"), ("script-src", "<script>", "</script>")] {
        let hash = shell::hash(between(&page, start, end));
        assert!(policy.contains(&format!("{directive} {hash};")), "{directive} in {policy}");
    }
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"), "{policy}");
}

#[test]
fn texts_are_escaped_and_every_case_is_there_once() {
    let page = page();
    assert_eq!((page.matches("</script>").count(), page.matches("<img").count()), (1, 0));
    assert!(page.contains("&lt;/script&gt;&lt;img src=x&gt;"));
    assert!(!page.contains(['\u{1b}', '\u{7}', '\u{202e}']) && page.contains(r"\u{202e}evil"));
    let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    let cases: Vec<_> =
        eventful().into_iter().filter(|event| matches!(event, crate::run::Event::CaseFinished(_))).collect();
    assert_eq!(ids.iter().filter(|id| id.starts_with("case-")).count(), cases.len());
}
