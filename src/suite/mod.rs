//! The cases, one file a theme, and what they are made of.

mod answer;
mod audits;
mod case;
mod ceremony;
mod ctx;
mod errors;
mod judge;
mod options;
mod request;
mod response;
mod side;
mod state;
mod token;

pub use case::{Audit, Audited, Case, Check, Kind, Made, Plain, Refused, Requests, Steps, Theme};
pub use ctx::{Ctx, Recorded, Role, Stop};
pub use side::Side;

/// Every case, in the order of the themes.
#[must_use]
pub fn all() -> Vec<Case> {
    [
        request::cases(),
        token::cases(),
        state::cases(),
        ceremony::cases(),
        options::cases(),
        errors::cases(),
        response::cases(),
    ]
    .concat()
}
