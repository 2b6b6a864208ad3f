//! `cogspec snapshots review`.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::cli::{Exit, Failure, Out};
use crate::report;
use crate::snapshot::{Pending, pending};

/// Show pending snapshots one by one, and accept or reject each
///
/// Where standard input or output is no terminal, all are shown and nothing is decided. `cargo insta review` decides on the
/// same files.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The profile: a name below `snapshots/`, or a folder.
    profile: String,

    /// Only the cases that this glob matches.
    #[arg(long, value_name = "GLOB")]
    filter: Option<glob::Pattern>,

    /// Accept them all, without a question.
    #[arg(long, conflicts_with = "reject")]
    accept: bool,

    /// Reject them all, without a question.
    #[arg(long)]
    reject: bool,
}

/// What is to become of a pending snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Decision {
    Accept,
    Reject,
    /// The person is asked; where there is none, it stays pending.
    Ask,
}

pub(super) fn execute(args: &Args) -> Result<Exit, Failure> {
    let decision = match (args.accept, args.reject) {
        (true, _) => Decision::Accept,
        (_, true) => Decision::Reject,
        _ => Decision::Ask,
    };
    review_all(&args.profile, args.filter.as_ref(), decision)
}

/// Shows the pending snapshots of a profile and decides on them.
pub(in crate::cli) fn review_all(
    profile: &str,
    filter: Option<&glob::Pattern>,
    decision: Decision,
) -> Result<Exit, Failure> {
    let mut all = pending(profile).map_err(|e| Failure::usage(e.to_string()))?;
    all.retain(|pending| filter.is_none_or(|filter| filter.matches(&pending.case)));
    let mut out = Out::stdout();
    if all.is_empty() {
        writeln!(out, "no pending snapshots")?;
        return Ok(Exit::Held);
    }
    let asks = decision == Decision::Ask && io::stdin().is_terminal() && out.is_terminal();
    let tally = if asks {
        decide(&all, &mut out, ask(io::stdin().lock()))?
    } else {
        decide(&all, &mut out, |_: &mut Out| Ok((decision, false)))?
    };
    let Tally { accepted, rejected } = tally;
    writeln!(out, "{accepted} accepted, {rejected} rejected, {} pending", all.len() - accepted - rejected)?;
    Ok(Exit::Held)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    accepted: usize,
    rejected: usize,
}

/// Shows each and does what is decided. A decision that comes with `true` holds for all that follow, which are shown no more
/// where there is none.
fn decide<W: Write>(
    all: &[Pending],
    out: &mut W,
    mut decide: impl FnMut(&mut W) -> io::Result<(Decision, bool)>,
) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    let mut for_all = None;
    for pending in all {
        if for_all == Some(Decision::Ask) {
            break;
        }
        writeln!(out, "{}", report::review(pending))?;
        let decision = match for_all {
            Some(decision) => decision,
            None => {
                let (decision, is_for_all) = decide(out)?;
                for_all = is_for_all.then_some(decision);
                decision
            }
        };
        let done = match decision {
            Decision::Accept => pending.accept().map(|()| tally.accepted += 1),
            Decision::Reject => pending.reject().map(|()| tally.rejected += 1),
            Decision::Ask => Ok(()),
        };
        done.map_err(|e| Failure::usage(format!("cannot decide on the snapshot of {}: {e}", pending.case)))?;
    }
    Ok(tally)
}

/// Asks until an answer is understood. The end of the input is the wish to stop.
fn ask<W: Write>(mut answers: impl BufRead) -> impl FnMut(&mut W) -> io::Result<(Decision, bool)> {
    move |out| {
        loop {
            write!(out, "accept (a), reject (r), skip (s), accept all (A), quit (q)? ")?;
            out.flush()?;
            let mut answer = String::new();
            let read = answers.read_line(&mut answer)?;
            match answer.trim() {
                "a" => return Ok((Decision::Accept, false)),
                "r" => return Ok((Decision::Reject, false)),
                "s" => return Ok((Decision::Ask, false)),
                "A" => return Ok((Decision::Accept, true)),
                "q" => return Ok((Decision::Ask, true)),
                _ if read == 0 => return Ok((Decision::Ask, true)),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn each_answer_does_what_it_says() {
        let folder = std::env::temp_dir().join(format!("cogspec-review-{}", std::process::id()));
        let name = folder.to_str().unwrap();
        let cases = ["a.a", "a.b", "a.c", "a.d", "a.e"];
        for (answers, want, left) in [
            ("a\nr\ns\nA\n", Tally { accepted: 3, rejected: 1 }, &["a.c"][..]),
            ("what?\na\nq\n", Tally { accepted: 1, rejected: 0 }, &cases[1..]),
            ("r\n", Tally { accepted: 0, rejected: 1 }, &cases[1..]),
        ] {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            for case in cases {
                fs::write(folder.join(format!("{case}.snap.new")), "---\nsource: x\n---\nstatus: 200\n").unwrap();
            }
            let mut shown = Vec::new();
            let tally = decide(&pending(name).unwrap(), &mut shown, ask(answers.as_bytes())).unwrap();
            assert_eq!(tally, want, "{answers:?}");
            let pending: Vec<_> = pending(name).unwrap().into_iter().map(|pending| pending.case).collect();
            assert_eq!(pending, left, "{answers:?}");
            let accepted = cases.iter().filter(|case| folder.join(format!("{case}.snap")).exists()).count();
            assert_eq!(accepted, want.accepted, "{answers:?}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
