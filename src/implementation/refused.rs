//! Examples, which nobody has run.

use super::catalogue::Implementation;
use super::recipe::Recipe;
use super::role::Role;

/// An implementation that nobody who wrote its recipe has run.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "{title} is an example only, which was not run: {why}; `cogspec {command} show {name}` tells how it should be started"
)]
pub struct NotRunHere {
    title: String,
    name: String,
    why: String,
    command: &'static str,
}

impl<R: Role> Implementation<R> {
    /// Why it is not to be run here, where it is not.
    #[must_use]
    pub fn refused(&self) -> Option<NotRunHere> {
        let Recipe { title, name, not_run_here, .. } = self.recipe();
        let why = not_run_here.clone()?;
        Some(NotRunHere { title: title.clone(), name: name.clone(), why, command: R::COMMAND })
    }
}
