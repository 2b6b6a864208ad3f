//! One edit away from options without a finding: the rules of the `w3c` profile.

use cogspec::generate::options::{Base, OptionsDefect, defects, origin_defects};
use cogspec::options::{Context, Profile, check};

use crate::edit::hold;

#[test]
fn the_base_is_clean() {
    assert_eq!(check(Base::W3c.document().to_string().as_bytes(), &Context::new(Profile::W3c)), []);
}

#[test]
fn each_edit_breaks_its_rules() {
    for row in defects(Base::W3c) {
        hold(row, Base::W3c.document(), &Context::new(Profile::W3c));
    }
}

#[test]
fn each_edit_breaks_its_rules_on_an_origin() {
    for (origin, row) in origin_defects() {
        hold_against_none(row, &Context::new(Profile::W3c).origin(origin.parse().unwrap()));
    }
}

/// Where the origin itself is wrong the unedited document has the finding too.
fn hold_against_none(row: &OptionsDefect, context: &Context) {
    let findings = check(&row.apply(Base::W3c.document()), context);
    let mut ids: Vec<&str> = findings.iter().map(|f| f.rule.id.strip_prefix("options.").unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, row.rules, "{findings:#?}");
}
