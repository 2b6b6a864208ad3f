//! Relying party ids: valid domain strings, public suffixes, and the origin they serve.

use cogspec_suffix::is_public_suffix;

use crate::cognito::Finding;
use crate::cognito::rules::options as w3c;

use super::checker::{Checker, Path};
use super::show::shorten;

/// Judges the origin itself; what is wrong with it is not in the document.
pub(super) fn check_origin(c: &mut Checker<'_>) {
    let Some(origin) = &c.context.origin else { return };
    let is_secure = match origin.scheme.as_str() {
        "https" => true,
        "http" => origin.host == "localhost",
        _ => false,
    };
    if !is_secure {
        let wanted = "https, or http://localhost";
        c.findings.push(Finding::new(&w3c::ORIGIN_SECURE, origin.to_string(), wanted));
    }
    if !origin.is_domain {
        c.findings.push(Finding::new(&w3c::ORIGIN_DOMAIN, origin.to_string(), "a domain"));
    }
}

/// Judges a relying party id. Whether it is one that its domain's owner could use.
pub(super) fn check_rp_id(c: &mut Checker<'_>, id: &str, at: &Path<'_>) -> bool {
    /// No text of more bytes becomes a domain, which has at most 253 characters.
    const MOST: usize = 4096;
    let got = || format!("\"{}\"", shorten(id));
    if id.is_empty() {
        c.report(&w3c::RP_ID_EMPTY, at, "an empty string", "a domain");
        return false;
    }
    if is_ip_address(id) || ends_in_number(id) {
        c.report(&w3c::RP_ID_IP, at, got(), "a domain");
        return false;
    }
    if id.contains([':', '/', '\\', '?', '#', '@']) {
        c.report(&w3c::RP_ID_URL, at, got(), "a bare domain");
        return false;
    }
    let ascii = if id.len() > MOST { None } else { idna::domain_to_ascii_strict(id).ok() };
    let ascii = match ascii {
        // The mapping can bring forth a number: full-width digits become ASCII ones.
        Some(ascii) if !ends_in_number(&ascii) => ascii,
        Some(_) => {
            c.report(&w3c::RP_ID_IP, at, got(), "a domain");
            return false;
        }
        None => {
            c.report(&w3c::RP_ID_DOMAIN, at, got(), "a valid domain string");
            return false;
        }
    };
    if ascii != id {
        c.report(&w3c::RP_ID_LOWER_CASE, at, got(), ascii.clone());
    }
    let host = c.context.origin.as_ref().map(|origin| origin.host.as_str());
    // An origin may be a public suffix itself (`github.io`); then the id that equals it is right.
    if host != Some(ascii.as_str()) && is_public_suffix(&ascii) {
        c.report(&w3c::RP_ID_PUBLIC_SUFFIX, at, got(), "a domain under a public suffix");
        return false;
    }
    if let Some(host) = host.filter(|host| !is_same_or_below(host, &ascii)) {
        let wanted = format!("\"{}\", or a suffix of it that is not public", shorten(host));
        c.report(&w3c::RP_ID_ORIGIN, at, got(), wanted);
    }
    ascii == id
}

fn is_same_or_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// An IP address as a URL or plain text has it. IPv4 ends in a number.
fn is_ip_address(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    bare.parse::<std::net::IpAddr>().is_ok()
}

/// WHATWG URL, "ends in a number checker": such a host is an IPv4 address or nothing.
fn ends_in_number(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let last = domain.rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    (!last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()))
        || hex.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
}
