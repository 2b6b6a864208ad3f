//! How often each operation has been called.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::cognito::TARGET_PREFIX;
use crate::wire::{Framing, Request};

/// Counts the requests of a transport by operation.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<String, u64>>);

impl Tally {
    pub(super) fn count(&self, request: &Request) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match calls.get_mut(operation(request)) {
            Some(count) => *count += 1,
            None => _ = calls.insert(operation(request).to_owned(), 1),
        }
    }

    /// How often each operation has been called by its name. Requests that name none, such as raw bytes, are counted under the
    /// empty name.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The operation that the one `X-Amz-Target` names: letters, as in the names of all operations.
fn operation(request: &Request) -> &str {
    let mut values = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("X-Amz-Target"));
    let (Framing::Length, Some((_, value)), None) = (&request.framing, values.next(), values.next()) else { return "" };
    let text = std::str::from_utf8(value).unwrap_or_default();
    let name = text.strip_prefix(TARGET_PREFIX).and_then(|rest| rest.strip_prefix('.'));
    name.filter(|name| name.bytes().all(|byte| byte.is_ascii_alphabetic())).unwrap_or_default()
}
