//! A cassette: the file of a recorded run, without its secrets, from which the run is judged again without a network.
//!
//! It is NDJSON; `cogspec schema cassette` describes a line. The first line says what was recorded, then come the tracks
//! ([`crate::tape`]): what cases share, then the cases by their ids, each with its exchanges in order. The last line has the
//! digest of all that is before it.
//!
//! Each secret is replaced by a stand-in, the same one in every place: of a token everything but its signature stays, so that
//! what a case derives from it and looks for is there as it was. What cannot be replaced is left out, and a case that needs
//! it is skipped in a replay, with the reason.

mod asks;
mod line;
mod read;
mod stand_in;
mod write;

pub use asks::asks;
pub use line::{Header, TargetFacts, UserFacts};
pub use read::{Cassette, CassetteError};
pub use write::{Written, write};

/// The version of the file's form.
pub const VERSION: u32 = 1;
