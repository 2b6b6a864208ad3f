//! The public suffix list, in a crate of its own.
//!
//! `psl` is the list as 100,000 lines of inlined code: the crate that calls it compiles them each time, and carries a quarter
//! of a million coverage counters for them into each fuzz target. Behind a function that is not generic it is compiled here,
//! once.

/// Whether the public suffix list has the domain as a suffix. A top-level domain that it does not know is none.
#[must_use]
pub fn is_public_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::is_public_suffix;

    #[test]
    fn suffixes_are_told_from_what_is_below_them_and_from_unknown_names() {
        for suffix in ["com", "co.uk", "github.io", "auth.us-east-1.amazoncognito.com"] {
            assert!(is_public_suffix(suffix), "{suffix}");
            assert!(!is_public_suffix(&format!("a.{suffix}")), "a.{suffix}");
        }
        assert!(!is_public_suffix("localhost"));
    }
}
