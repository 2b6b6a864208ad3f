//! The relying party.

use crate::cognito::rules::{cognito_options as cognito, options as w3c};

use super::checker::{Checker, Field, Known, Path};
use super::json::Value;
use super::names::{self, NameProfile};
use super::{domain, profile};

pub(super) fn check(c: &mut Checker<'_>, rp: Value<'_>, at: &Path<'_>) {
    static MEMBERS: [Known; 2] =
        [Known::required("name", &w3c::RP_NAME_REQUIRED), Known::cognito("id", &cognito::RP_ID_REQUIRED)];
    let Some(rp) = c.object(rp, at, &w3c::RP_TYPE) else { return };
    let [name, id] = c.members(rp, at, &MEMBERS);
    let name = name.and_then(|Field { name, value }| {
        let at = at.member(name);
        let text = c.string(value, &at, &w3c::RP_NAME_TYPE)?;
        if text.is_empty() {
            c.report(&w3c::RP_NAME_EMPTY, &at, "an empty string", "a name; the value of rp.id is a safe one");
        } else {
            names::check(c, (value, text), &at, NameProfile::Nickname, &w3c::RP_NAME_PRECIS);
        }
        Some(text)
    });
    let Some(id) = id else {
        if rp.member("id").is_none() {
            c.report(&w3c::RP_ID_DEFAULT, &at.member("id"), "nothing", "a domain");
        }
        return;
    };
    let id_at = at.member(id.name);
    let Some(id) = c.string(id.value, &id_at, &w3c::RP_ID_TYPE) else { return };
    if domain::check_rp_id(c, id, &id_at) {
        profile::check_rp(c, id, name, at);
    }
}
