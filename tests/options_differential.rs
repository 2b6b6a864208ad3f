//! The judge of creation options against webauthn-rs-proto, the strict types of a WebAuthn library that we did not write.
//!
//! What it refuses breaks one of our rules, and not only rules that are ours alone. What it takes breaks none but those of
//! the two tables below. Every other rule is its own too: a document that breaks it is refused by both.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod seeds;

use std::collections::BTreeSet;
use std::path::Path;

use arbitrary::Unstructured;
use cogspec::cognito::rules;
use cogspec::generate::options::{self, Base, Form};
use cogspec::options::{Context, Profile, check};
use proptest::prelude::*;
use seeds::bytes;
use webauthn_rs_proto::PublicKeyCredentialCreationOptions;

/// Rules that it does not have, and why. `*` stands for any end.
const ONLY_OURS: &[(&str, &[&str])] = &[
    (
        "It asks for text, whatever the text says.",
        &[
            "rp-id.domain",
            "rp-id.empty",
            "rp-id.ip-address",
            "rp-id.lower-case",
            "rp-id.public-suffix",
            "rp-id.url",
            "rp.name.empty",
            "rp.name.precis",
            "user.display-name.precis",
            "user.name.empty",
            "user.name.precis",
            "name.characters",
            "name.length",
            "exclude.type.unknown",
            "params.type.unknown",
        ],
    ),
    (
        "It asks for base64url, whatever the bytes are and however many.",
        &[
            "challenge.empty",
            "challenge.length",
            "challenge.uuid-text",
            "exclude.id.empty",
            "exclude.id.length",
            "user.id.empty",
            "user.id.hashed",
            "user.id.length",
            "user.id.personal",
            "user.id.recommended-length",
            "user.id.uuid-text",
        ],
    ),
    ("It asks for numbers, whichever.", &["params.alg.fully-specified", "params.alg.registered", "params.alg.rs1"]),
    (
        "It compares no values with each other, and counts none.",
        &[
            "exclude.count",
            "exclude.duplicate",
            "hints.repeated",
            "params.duplicate",
            "params.empty",
            "params.none-usable",
            "params.recommended",
            "params.supported",
        ],
    ),
    (
        "It passes over members and values that it does not know, as clients must, and extensions that no one knows.",
        &[
            "exclude.transports",
            "exclude.transports.unknown",
            "extensions.appid",
            "extensions.cred-props",
            "extensions.cred-protect.enforce-alone",
            "extensions.cred-protect.policy",
            "extensions.id",
            "extensions.large-blob.read-write",
            "extensions.large-blob.support",
            "extensions.prf.by-credential",
            "extensions.prf.first",
            "json.depth",
        ],
    ),
    (
        "It knows nothing of Cognito.",
        &[
            "cognito.challenge.length",
            "cognito.exclude.double-encoded",
            "cognito.exclude.required",
            "cognito.members",
            "cognito.params.both",
            "cognito.params.only",
            "cognito.params.order",
            "cognito.rp-id.endpoint",
            "cognito.rp-id.length",
            "cognito.rp.name",
            "cognito.selection.require-resident-key",
            "cognito.selection.required",
            "cognito.selection.resident-key",
            "cognito.selection.resident-key.required",
            "cognito.selection.user-verification",
            "cognito.timeout",
            "cognito.timeout.required",
            "cognito.user.display-name",
            "cognito.user.id.length",
            "cognito.user.id.raw",
            "cognito.user.id.text",
        ],
    ),
];

/// Rules that it has for some values only, and for which.
const PARTLY: &[(&str, &[&str])] = &[
    ("Padding is taken, and what extensions hold is not decoded.", &["base64url.length", "base64url.padding"]),
    ("Null stands for an optional member that is not there.", &["member.null"]),
    (
        "An optional member in another case is one that it does not know, unless another rule misses it.",
        &["extensions.id.registered", "member.case-optional", "member.unknown"],
    ),
    ("Of the extensions it knows the types of a few.", &["extensions.value.json-type"]),
    ("An algorithm has 64 bits.", &["params.alg.range"]),
    ("What it compares not with another may be wrong by itself.", &["hints.attachment", "timeout.recommended"]),
    (
        "`requireResidentKey` and `userVerification`, which have defaults, are required.",
        &["selection.resident-key.agrees"],
    ),
];

fn all(table: &[(&str, &'static [&'static str])]) -> BTreeSet<&'static str> {
    table.iter().flat_map(|(_, ids)| *ids).copied().collect()
}

/// What each says of one document: the rules that ours tells, and whether theirs takes it.
struct Verdicts {
    ours: BTreeSet<&'static str>,
    theirs: Result<(), String>,
}

impl Verdicts {
    fn of(text: &[u8], ours: BTreeSet<&'static str>) -> Verdicts {
        let theirs = serde_json::from_slice::<PublicKeyCredentialCreationOptions>(text);
        Verdicts { ours, theirs: theirs.map(drop).map_err(|e| e.to_string()) }
    }

    /// What differs and is in no table.
    fn difference(&self) -> Option<String> {
        let (only_ours, partly) = (all(ONLY_OURS), all(PARTLY));
        match &self.theirs {
            Ok(()) => {
                let shared: Vec<_> =
                    self.ours.iter().filter(|id| !only_ours.contains(*id) && !partly.contains(*id)).collect();
                (!shared.is_empty()).then(|| format!("only ours refuses, for {shared:?}"))
            }
            Err(e) => {
                self.ours.is_subset(&only_ours).then(|| format!("only theirs refuses: {e}; ours {:?}", self.ours))
            }
        }
    }
}

fn single() -> impl Iterator<Item = options::Drawn> {
    Base::ALL.into_iter().flat_map(|base| {
        let small = options::defects(base).iter().filter(|defect| !defect.is_large);
        let forms = [Form::Plain, Form::Wrapped("publicKey"), Form::Text];
        let right = forms.map(|form| options::with(base, Vec::new(), form));
        small.map(move |defect| options::with(base, vec![defect], Form::Plain)).chain(right)
    })
}

#[test]
fn both_take_the_same_options_but_for_named_rules() {
    let drawn = (0..3000).map(|seed| options::draw(&mut Unstructured::new(&bytes(seed))).unwrap());
    for drawn in single().chain(drawn) {
        let difference = Verdicts::of(&drawn.text, drawn.rules()).difference();
        assert_eq!(difference, None, "{:?} {:?}", drawn.defects, drawn.form);
    }
}

#[test]
fn both_take_the_same_files_but_for_named_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = 0;
    for folder in ["corpus/creation_options", "tests/data/options"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read(&path).unwrap();
            // What begins with 1 is drawn from.
            if text.first() == Some(&1) {
                continue;
            }
            let found = check(&text, &Context::new(Profile::W3c));
            let ours = found.iter().map(|finding| finding.rule.id.strip_prefix("options.").unwrap()).collect();
            assert_eq!(Verdicts::of(&text, ours).difference(), None, "{}", path.display());
            files += 1;
        }
    }
    assert!(files > 20, "{files} files");
}

/// A rule that is in a table, and one that is not, is so for a reason that still holds.
#[test]
fn the_named_differences_are_real() {
    let (mut taken, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for drawn in single() {
        let verdicts = Verdicts::of(&drawn.text, drawn.rules());
        if verdicts.theirs.is_ok() { &mut taken } else { &mut refused }.extend(verdicts.ours);
    }
    let (only_ours, partly) = (all(ONLY_OURS), all(PARTLY));
    assert_eq!(&only_ours & &refused, BTreeSet::new(), "its rules too");
    assert_eq!(&only_ours | &partly, taken, "those that it does not have, wholly or partly");
    assert_eq!(&taken & &refused, partly, "those that it has partly");
    // The origin's are of another input.
    let of_origin: BTreeSet<&str> =
        options::origin_defects().iter().flat_map(|(_, defect)| &defect.rules).copied().collect();
    let known = rules::options::ALL.iter().chain(rules::cognito_options::ALL);
    for rule in known.map(|rule| rule.id.strip_prefix("options.").unwrap()) {
        assert!(taken.contains(rule) || refused.contains(rule) || of_origin.contains(rule), "{rule}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// base64url by the `base64` crate, which it reads with. It takes padding; ours does not.
    #[test]
    fn both_take_the_same_base64url_but_for_padding(text in "[A-Za-z0-9_=+/-]{1,12}") {
        let mut document = Base::W3c.document().clone();
        document["excludeCredentials"][0]["id"] = text.as_str().into();
        let document = document.to_string();
        let found = check(document.as_bytes(), &Context::new(Profile::W3c));
        let ours: BTreeSet<&str> =
            found.iter().filter_map(|finding| finding.rule.id.strip_prefix("options.base64url.")).collect();
        let theirs = serde_json::from_str::<PublicKeyCredentialCreationOptions>(&document);
        if ours.is_empty() {
            prop_assert!(theirs.is_ok(), "{:?}: {:?}", text, theirs.err());
        } else if theirs.is_ok() {
            prop_assert_eq!(ours, BTreeSet::from(["padding"]), "{:?}", text);
        }
    }
}
