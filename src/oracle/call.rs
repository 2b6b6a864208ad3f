//! Whether the answer to a drawn call is what its labels say, as findings under the rules that the suite's cases prove.

use crate::cognito::{Finding, Rule, rules};
use crate::generate::call::Drawn;
use crate::wire::{Class, Classification, Exchange, TransportErrorKind};

/// What is wrong with the answer, as far as the labels tell: none where its class is one that they allow.
///
/// A call with several defects that is served breaks the rule of each: they were all overlooked. Refused by a wrong class,
/// it breaks the one class rule that binds least, for any of them may have been the cause.
#[must_use]
pub fn call(drawn: &Drawn, exchange: &Exchange, classification: &Classification) -> Vec<Finding> {
    if drawn.is_right(classification) {
        return Vec::new();
    }
    let classes = drawn.classes();
    let wanted = || classes.iter().copied().collect::<Vec<_>>().join(" or ");
    let finding = |rule: &'static Rule| Finding::new(rule, exchange.in_short(classification), wanted());
    match &exchange.result {
        Ok(_) => {}
        // The harness stopped reading: it cannot tell.
        Err(e) if e.kind == TransportErrorKind::TooLarge => return Vec::new(),
        Err(_) => return vec![finding(&rules::response::ANSWERED)],
    }
    if classification.is_server_error() {
        return vec![finding(&rules::response::NO_SERVER_ERROR)];
    }
    if matches!(classification.class, Class::Success) {
        return drawn.broken_by_serving().into_iter().map(finding).collect();
    }
    if classes.contains("success") {
        return drawn.broken_by_refusing().into_iter().map(finding).collect();
    }
    drawn.broken_by_class().into_iter().min_by_key(|rule| rule.severity()).map(finding).into_iter().collect()
}
