//! The words of the API and of reports, which no server can make secrets.

use std::sync::LazyLock;

use crate::cognito::{CONTENT_TYPE, ERRORS, OPERATIONS, PROTOCOL_ERRORS, TARGET_PREFIX, rules};

/// Whether the value is a part of such a word or text.
pub(super) fn have(value: &str) -> bool {
    static WORDS: LazyLock<String> = LazyLock::new(words);
    memchr::memmem::find(WORDS.as_bytes(), value.as_bytes()).is_some()
}

fn words() -> String {
    let of_rules =
        rules::all().flat_map(|rule| [rule.id, rule.statement, rule.source.document.title, rule.source.document.url]);
    let names = ERRORS.iter().map(|error| error.name);
    let names = names.chain(PROTOCOL_ERRORS.iter().map(|error| error.name));
    let names = names.chain(OPERATIONS.iter().map(|operation| operation.name));
    of_rules.chain(names).chain([TARGET_PREFIX, CONTENT_TYPE]).collect::<Vec<_>>().join("\n")
}
