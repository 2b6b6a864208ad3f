//! Faults by name, as the command line takes them.

use super::near::near;
use crate::emulator::Fault;

/// The faults that one value of `--fault` chooses.
#[derive(Clone, Debug)]
pub(super) struct Chosen(pub(super) Vec<&'static Fault>);

/// Reads the name of a fault.
pub(super) fn one(name: &str) -> Result<&'static Fault, String> {
    Fault::find(name).ok_or_else(|| unknown(name))
}

/// Reads the name of a fault, or a glob on names.
pub(super) fn some(glob: &str) -> Result<Chosen, String> {
    let pattern = glob::Pattern::new(glob).map_err(|e| format!("it is no glob: {e}"))?;
    let chosen: Vec<_> = Fault::all().filter(|fault| pattern.matches(fault.name)).collect();
    if chosen.is_empty() { Err(unknown(glob)) } else { Ok(Chosen(chosen)) }
}

fn unknown(name: &str) -> String {
    let near = near(name.trim_matches(['*', '?', '.']), Fault::all().map(|fault| fault.name));
    let near = if near.is_empty() { String::new() } else { format!("near it: {}; ", near.join(", ")) };
    format!("no fault has that name; {near}`cogspec emulate --list-faults` tells them all")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_a_glob_chooses_in_the_order_of_the_catalogue() {
        let names = |glob| some(glob).map(|chosen| chosen.0.iter().map(|fault| fault.name).collect::<Vec<_>>());
        assert_eq!(names("state.sign-out.ignored"), Ok(vec!["state.sign-out.ignored"]));
        let signing_out = names("state.sign-out.*").unwrap();
        assert!(signing_out.len() >= 3 && signing_out.iter().all(|name| name.starts_with("state.sign-out.")));
        assert_eq!(names("*").unwrap().len(), Fault::all().count());
    }

    #[test]
    fn an_unknown_name_is_told_with_those_near_it() {
        for (given, near) in [
            ("state.sign-out.ignord", "state.sign-out.ignored"),
            ("sign-out.own", "state.sign-out.own-session-only"),
            ("stat.sign-out.ignored", "state.sign-out.ignored"),
            ("tokens.expiry.*", "token.expiry.not-checked"),
        ] {
            let told = some(given).unwrap_err();
            assert!(told.contains(near) && told.contains("--list-faults"), "{given}: {told}");
        }
        for given in ["", "zzz", "[", "日本"] {
            assert!(!some(given).unwrap_err().contains("near it"), "{given}");
            assert!(one(given).is_err());
        }
    }
}
