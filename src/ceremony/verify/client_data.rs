//! Client data (WebAuthn, 7.1 steps 5 to 9 and 7.2 steps 8 to 12).

use super::{Broken, holds};
use crate::ceremony::defects::steps::Steps;
use crate::wire::json::{Member, Object};

/// Checks them. Of a member that is there twice, one that is right will do: which of them a reader takes is its own.
pub(super) fn check(bytes: &[u8], kind: &str, challenge: &str, rp_id: &str, steps: &Steps) -> Result<(), Broken> {
    // UTF-8 decode: a byte order mark goes, and what is no UTF-8 is replaced.
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let members = Object::parse(text.as_bytes()).map_err(|_| steps.client_data)?.members;
    // Without any member it is no client data at all.
    holds(!members.is_empty(), steps.client_data)?;
    let has = |name: &str, is_right: &dyn Fn(&str) -> bool| {
        let named = members.iter().filter(|member| member.name == name);
        named.filter_map(Member::string).any(|value| is_right(&value))
    };
    holds(has("type", &|value| value == kind), steps.type_)?;
    holds(has("challenge", &|value| value == challenge), steps.challenge)?;
    holds(has("origin", &|value| may_hold(value, rp_id)), steps.origin)
}

/// Whether a page or app of that origin may hold a ceremony of the relying party: `https` on its domain or one below, with
/// any port, `http` on localhost, and apps, which the origin's text does not bind to a domain.
fn may_hold(origin: &str, rp_id: &str) -> bool {
    let (scheme, rest) = origin.split_once(':').unwrap_or_default();
    let Some(authority) = rest.strip_prefix("//") else { return scheme == "android" };
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let is_port = port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port);
    let is_name = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
    };
    let is_below = host.strip_suffix(rp_id).is_some_and(|above| {
        above.is_empty() || above.strip_suffix('.').is_some_and(|labels| labels.split('.').all(is_name))
    });
    is_port && is_below && (scheme == "https" || (scheme == "http" && host == "localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_on_the_domain_or_below_it() {
        for good in ["https://a.test", "https://b.a.test", "https://c-1.b.a.test:8443", "android:apk-key-hash:AA"] {
            assert!(may_hold(good, "a.test"), "{good}");
        }
        for bad in [
            "",
            "null",
            "a.test",
            "http://a.test",
            "https:a.test",
            "https://xa.test",
            "https://.a.test",
            "https://b..a.test",
            "https://a.test/",
            "https://u@a.test",
            "https://a.test:",
            "https://a.test:080",
            "https://A.test",
            "https://test",
            "https://a.test.evil.test",
        ] {
            assert!(!may_hold(bad, "a.test"), "{bad}");
        }
        assert!(may_hold("http://localhost:3000", "localhost") && !may_hold("http://a.localhost", "localhost"));
    }
}
