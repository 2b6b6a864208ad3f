//! Holding a labelled defect of creation options to its label.

use cogspec::cognito::Finding;
use cogspec::generate::options::OptionsDefect;
use cogspec::options::{Context, check};
use serde_json::Value;

/// Judges the edited document and holds the findings, but for those that `base` has itself, to what is expected.
pub(crate) fn hold(row: &OptionsDefect, base: &Value, context: &Context) {
    let before = check(base.to_string().as_bytes(), context);
    let document = row.apply(base);
    let findings = check(&document, context);
    let new: Vec<&Finding> = findings.iter().filter(|f| !before.iter().any(|b| b.rule == f.rule)).collect();
    let mut ids: Vec<&str> = new.iter().map(|f| f.rule.id.strip_prefix("options.").unwrap()).collect();
    let mut expected = row.rules.clone();
    ids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(ids, expected, "\n{}\n{findings:#?}", String::from_utf8_lossy(&document));
    for finding in new {
        let pointer = finding.pointer.as_deref().unwrap_or_default();
        assert!(
            is_near(pointer, row.pointer()) || is_about_several(finding),
            "the edit of {:?} is told at {pointer:?}: {finding:?}",
            row.pointer()
        );
    }
}

/// Whether one place holds the other, or they are members of one object where the name itself was edited.
fn is_near(a: &str, b: &str) -> bool {
    let holds = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    holds(a, b) || holds(b, a) || a.eq_ignore_ascii_case(b) || a.replace(['_', '-'], "").eq_ignore_ascii_case(b)
}

/// Rules that compare members with one another, so that they speak of another place than the edited one.
pub(crate) fn is_about_several(finding: &Finding) -> bool {
    [
        "options.params.duplicate",
        "options.exclude.duplicate",
        "options.hints.repeated",
        "options.hints.attachment",
        "options.selection.resident-key.agrees",
        "options.extensions.cred-protect.enforce-alone",
        "options.user.id.personal",
        "options.user.id.hashed",
        "options.cognito.rp.name",
        "options.cognito.user.display-name",
    ]
    .contains(&finding.rule.id)
}
