//! Structure-aware generators: something right, then labelled defects.
//!
//! Each generator draws from [`arbitrary::Unstructured`], that is from bytes: a fuzzer's, or those of a proptest strategy,
//! which so shrinks. What is drawn carries the labels of its defects, and these say what it must be called; whether it is
//! called so, [`crate::oracle::labels`] decides.
//!
//! | module | what it draws |
//! |---|---|
//! | [`call`] | a token in a request, with the defects of both |
//! | [`ceremony`] | registering, listing, deleting and signing in with passkeys, by several users |
//! | [`credential`] | registrations and assertions, with what must become of them |
//! | [`options`] | creation options, with the rules that they break |
//! | [`request`] | requests, with the classes of answer that are right |
//! | [`response`] | responses, with their classification |
//! | [`session`] | signing in and out, refreshing and revoking, with calls in between |
//! | [`token`] | access tokens, with the rules that they break and the class of their refusal |

use arbitrary::Unstructured;

pub mod call;
pub mod ceremony;
pub mod credential;
pub mod options;
pub mod request;
pub mod response;
pub mod session;
mod slots;
pub mod token;

/// How many of something: one draw in eight is of up to `most`, the others of up to `usual`, which takes a fuzzer less time.
fn count(u: &mut Unstructured<'_>, least: usize, usual: usize, most: usize) -> arbitrary::Result<usize> {
    // Zeros, and the end of the bytes, are few.
    let most = if u.int_in_range(0..=7)? == 7 { most } else { usual };
    u.int_in_range(least..=most)
}

/// How many choices follow the first byte, a choice of one of these counts; each is drawn from one byte, as `arbitrary` draws from
/// a table of at most 256.
fn choices(bytes: &[u8], counts: &[usize]) -> Option<usize> {
    counts.get(usize::from(*bytes.first()?) % counts.len()).copied()
}

/// The same bytes with one of the choices left out and a count that is smaller by one, for each of them.
fn without_choices(bytes: &[u8], counts: &[usize]) -> Vec<Vec<u8>> {
    let less = |count: usize| u8::try_from(counts.iter().position(|less| less + 1 == count)?).ok();
    let Some((count, less)) = choices(bytes, counts).and_then(|count| Some((count, less(count)?))) else {
        return Vec::new();
    };
    let without = |at: usize| {
        let kept = bytes.iter().enumerate().skip(1).filter(|(n, _)| *n != at).map(|(_, byte)| *byte);
        std::iter::once(less).chain(kept).collect()
    };
    (1..=count).filter(|at| *at < bytes.len()).map(without).collect()
}

/// The first byte of a file whose other bytes are drawn from. No text that any parser here takes begins with it.
pub const STRUCTURED: u8 = 1;
