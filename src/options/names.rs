//! Names that a person reads: PRECIS profiles, length, invisible characters.

use precis_profiles::precis_core::profile::PrecisFastInvocation;
use precis_profiles::precis_core::{DerivedPropertyValue, Error};
use precis_profiles::{Nickname, UsernameCasePreserved};

use crate::cognito::Rule;
use crate::cognito::rules::options as w3c;

use super::checker::{Checker, Path};
use super::json::Value;
use super::show::has_invisible;

/// A PRECIS profile.
#[derive(Clone, Copy)]
pub(super) enum NameProfile {
    /// RFC 8266.
    Nickname,
    /// RFC 8265, section 3.4.
    UsernameCasePreserved,
}

/// Judges a name that is not empty; `rule` is that of the PRECIS profile.
pub(super) fn check(
    c: &mut Checker<'_>,
    (value, name): (Value<'_>, &str),
    at: &Path<'_>,
    profile: NameProfile,
    rule: &'static Rule,
) {
    /// UTF-8 bytes that clients and authenticators keep at least (sctn-strings-truncation).
    const KEPT: usize = 64;
    /// UTF-8 bytes up to which a name is held to its profile: some rules of PRECIS take time with the square of it.
    const ENFORCED: usize = 4096;
    if name.len() > KEPT {
        c.report(&w3c::NAME_LENGTH, at, format!("{} bytes", name.len()), format!("at most {KEPT}"));
    }
    if has_invisible(name) {
        c.report_value(&w3c::NAME_CHARACTERS, at, value, "visible characters only");
    } else if name.len() <= ENFORCED && !is_enforced(name, profile) {
        let wanted = match profile {
            NameProfile::Nickname => "a nickname (RFC 8266) as enforced",
            NameProfile::UsernameCasePreserved => "a user name (RFC 8265, case preserved) as enforced",
        };
        c.report_value(rule, at, value, wanted);
    }
}

/// Whether the profile takes the name, and leaves it as it is.
fn is_enforced(name: &str, profile: NameProfile) -> bool {
    // Both profiles take visible ASCII as it is; their tables are slow.
    if name.bytes().all(|b| b.is_ascii_graphic()) {
        return true;
    }
    let enforced = match profile {
        NameProfile::Nickname => Nickname::enforce(name),
        NameProfile::UsernameCasePreserved => UsernameCasePreserved::enforce(name),
    };
    match enforced {
        Ok(enforced) => enforced == name,
        // The library's tables end at an old version of Unicode: a newer emoji is no defect.
        Err(Error::BadCodepoint(info)) => info.property == DerivedPropertyValue::Unassigned,
        Err(_) => false,
    }
}
