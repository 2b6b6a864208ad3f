//! The generators as strategies of proptest: what is drawn shrinks with the bytes that it is drawn from.

#![allow(dead_code, reason = "no test uses all of them")]

use std::fmt::Debug;

use arbitrary::Unstructured;
use cogspec::ceremony::{Assertion, Registration};
use cogspec::generate::{credential, options, request, response, token};
use proptest::prelude::*;

/// What that generator draws.
fn drawn<T: Debug>(draw: impl Fn(&mut Unstructured<'_>) -> arbitrary::Result<T>) -> impl Strategy<Value = T> {
    prop::collection::vec(any::<u8>(), 0..200)
        .prop_filter_map("bytes that cannot be drawn from", move |bytes| draw(&mut Unstructured::new(&bytes)).ok())
}

/// Tokens of a pool that is nowhere, signed by nobody.
pub(crate) fn tokens() -> impl Strategy<Value = token::Drawn> {
    let base = token::Base::example(token::Signer::Nobody);
    drawn(move |u| token::draw(u, &base))
}

/// Requests, with defects that want a socket among the others.
pub(crate) fn requests(token: &'static str) -> impl Strategy<Value = request::Drawn> {
    drawn(move |u| request::draw_for_socket(u, token))
}

/// Responses.
pub(crate) fn responses() -> impl Strategy<Value = response::Drawn> {
    drawn(response::draw)
}

/// Creation options.
pub(crate) fn creation_options() -> impl Strategy<Value = options::Drawn> {
    drawn(options::draw)
}

/// Registrations.
pub(crate) fn registrations() -> impl Strategy<Value = credential::Drawn<Registration>> {
    drawn(credential::registration)
}

/// Assertions.
pub(crate) fn assertions() -> impl Strategy<Value = credential::Drawn<Assertion>> {
    drawn(credential::assertion)
}
