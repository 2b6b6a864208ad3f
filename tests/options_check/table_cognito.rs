//! One edit away from options as Cognito sends them: the rules of the `cognito` profile, and of `w3c` where the same edit
//! cannot but break them too.

use cogspec::cognito::Severity;
use cogspec::generate::options::{Base, defects};
use cogspec::options::{Context, Profile, check};

use crate::edit::hold;
use crate::fixtures::fixture;

#[test]
fn the_base_is_the_published_form() {
    let published: serde_json::Value = serde_json::from_slice(&fixture("base.json")).unwrap();
    assert_eq!(*Base::Cognito.document(), published);
}

#[test]
fn the_base_earns_notes_only() {
    let findings = check(Base::Cognito.document().to_string().as_bytes(), &Context::new(Profile::Cognito));
    let mut ids: Vec<&str> = findings.iter().map(|finding| finding.rule.id).collect();
    ids.sort_unstable();
    assert!(findings.iter().all(|finding| finding.severity() == Severity::Note), "{findings:#?}");
    assert_eq!(
        ids,
        [
            "options.exclude.transports",
            "options.params.recommended",
            "options.timeout.recommended",
            "options.user.id.recommended-length",
        ]
    );
}

#[test]
fn each_edit_breaks_its_rules() {
    for row in defects(Base::Cognito) {
        hold(row, Base::Cognito.document(), &Context::new(Profile::Cognito));
    }
}

#[test]
fn no_edit_breaks_a_rule_of_cognito_under_w3c() {
    for row in defects(Base::Cognito) {
        let findings = check(&row.apply(Base::Cognito.document()), &Context::new(Profile::W3c));
        assert!(findings.iter().all(|finding| !finding.rule.id.starts_with("options.cognito.")), "{findings:#?}");
    }
}
