//! What `cogspec implementations` and `cogspec clients` do alike: list what there is, show a recipe, install.

mod install;
mod list;
mod show;

use serde_json::Value;

use crate::implementation::{Cache, Implementation, Recipe, Role};

pub(super) use install::install;
pub(super) use list::list;
pub(super) use show::show;

/// What is told of the implementations of one role only.
pub(super) trait Listed: Role {
    /// The head of the column that is theirs, and the member of the list for programs.
    const OWN: (&'static str, &'static str);
    /// What stands below the list.
    const FOOT: &'static str;

    /// What stands in the column.
    fn cell(recipe: &Recipe<Self>) -> String;

    /// The value of the member.
    fn value(recipe: &Recipe<Self>) -> Value;

    /// How one is used by hand: lines that follow upon its installation, below a heading.
    fn by_hand(implementation: &Implementation<Self>, cache: &Cache) -> (&'static str, Vec<String>);
}
