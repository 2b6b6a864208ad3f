//! Snapshots: what a case observed, in a form that can be held against a file.
//!
//! An **observation** is a text of one block for each judged exchange, with what differs from run to run replaced by its
//! shape. A **profile** is a folder with one snapshot for each case, in insta's file format. `snapshots/README.md` describes
//! both for those who write them.

mod block;
mod compare;
mod file;
mod observe;
mod pending;
mod profile;
mod provenance;
mod record;
mod shape;
mod status;

pub use block::{Block, blocks};
pub use compare::{Departure, DriftReport};
pub use observe::{observe, unmatched};
pub use pending::{Pending, pending};
pub use profile::{Expected, Profile, ProfileError};
pub use provenance::{Live, Provenance};
pub use record::{Change, Recorder};
pub(crate) use shape::{in_text as volatile_as_shapes, of_random as random_as_shape};
pub use status::{Entry, Stale, Status, status};
