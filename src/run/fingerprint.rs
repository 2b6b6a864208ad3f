//! How a case fails, in words that are the same from run to run and on every machine.

use super::event::{FindingReport, Verdict};
use crate::snapshot::{random_as_shape, volatile_as_shapes};
use crate::suite::Kind;
use crate::wire::cut;

/// The last segments of pointers to values that are random by nature.
const RANDOM: [&str; 4] = ["challenge", "id", "CredentialId", "Session"];

/// A line for each way in which the findings that make the verdict break a rule: the rule, the place, and the class of what
/// came. Empty for verdicts other than `fail` and `warn`.
///
/// Messages, random values, times and counts are left out: they differ between runs of one server. What an audit found is told
/// by its rules alone, for it depends on which cases were run.
pub(super) fn of(kind: &Kind, verdict: Verdict, findings: &[FindingReport]) -> Vec<String> {
    let own = findings.iter().filter(|finding| Verdict::from(finding.severity) == verdict);
    let mut lines: Vec<String> = own.map(|finding| line(kind, finding)).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}

/// The line of one finding.
pub(crate) fn line(kind: &Kind, finding: &FindingReport) -> String {
    let place = finding.pointer.as_deref().map(|pointer| format!(" at {pointer}")).unwrap_or_default();
    match kind {
        Kind::Audit => format!("{}{place}", finding.rule),
        _ => format!("{}{place}: {}", finding.rule, class(finding)),
    }
}

/// The most of what came that is kept, in characters.
const LONGEST: usize = 160;

fn class(finding: &FindingReport) -> String {
    let got = finding.got.as_str();
    // `NotAuthorizedException (400): message`: messages name the input.
    let got = got.split_once("): ").map_or_else(|| got.to_owned(), |(class, _)| format!("{class})"));
    let got = got.lines().next().unwrap_or_default();
    let name = finding.pointer.as_deref().and_then(|pointer| pointer.rsplit('/').next());
    let shown = match serde_json::from_str::<String>(got) {
        Ok(value) if name.is_some_and(|name| RANDOM.contains(&name)) => random_as_shape(&value),
        _ => volatile_as_shapes(got),
    };
    cut(&shown, LONGEST).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cognito::{Finding, rules};
    use crate::target::Secrets;

    fn lines(kind: &Kind, verdict: Verdict, findings: &[Finding]) -> Vec<String> {
        let secrets = Secrets::default();
        let findings: Vec<_> = findings.iter().map(|finding| super::super::finding_report(finding, &secrets)).collect();
        of(kind, verdict, &findings)
    }

    #[test]
    fn a_fingerprint_has_what_stays_and_nothing_else() {
        let refused = Kind::Refused { classes: Vec::new() };
        let signature = |got: &str| Finding::new(&rules::token::SIGNATURE, got, "a refusal");
        let path = Finding::new(&rules::request::PATH, "x", "y");
        let first = [signature("ResourceNotFoundException (400): pool us-east-1_Ab3dEfGhI is gone"), path];
        assert_eq!(lines(&refused, Verdict::Fail, &first), ["token.signature: ResourceNotFoundException (400)"]);
        assert_eq!(lines(&refused, Verdict::Warn, &first), ["request.path: x"]);
        assert!(lines(&refused, Verdict::Note, &[]).is_empty());
        let twice = [signature("success (200)"), signature("success (200)")];
        assert_eq!(lines(&refused, Verdict::Fail, &twice).len(), 1);
        assert_eq!(lines(&Kind::Audit, Verdict::Fail, &twice), ["token.signature"]);
        let challenge = |got: &str| signature(got).at("/challenge");
        let shown = [challenge("\"3257e760-7d0b-4e2b-bf1a-f742bf98221c\""), challenge("\"f3Tq_wABAgMEBQYHCAkKCw\"")];
        assert_eq!(
            lines(&Kind::Steps, Verdict::Fail, &shown),
            ["token.signature at /challenge: <base64url, 16 bytes>", "token.signature at /challenge: <uuid>"]
        );
    }
}
