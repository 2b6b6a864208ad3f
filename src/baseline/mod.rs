//! Baselines: the known failures of one implementation, in a file that people read and write.
//!
//! ```toml
//! version = 1
//!
//! [known."request.method.delete"]
//! fingerprint = ["request.method: success (200)"]
//! reason = "the router does not look at the method"
//! link = "https://example.com/issues/7"
//! expires = 2027-06-30
//! ```
//!
//! `verdict = "warn"` lists what only warns, `flaky = true` what fails in some runs only.
//!
//! The **fingerprint** is how the case fails: a listed case that fails in another way is a failure like any other. The key is
//! the id of the case, so that TOML itself refuses to list one twice.

mod edit;
mod file;

pub use edit::{Changes, Failing, init, update};
pub use file::{Baseline, BaselineError, Entry};
