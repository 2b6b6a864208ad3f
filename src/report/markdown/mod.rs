//! Markdown, for a job's summary, a pull request or a wiki.

mod inline;

use std::collections::BTreeMap;
use std::io;

use super::{groups, story};
use crate::cognito::Severity;
use crate::run::{Counts, FindingReport, Outcome, Results, Verdict, Words};
use crate::suite::{Side, Theme};
pub(super) use inline::cell;
use inline::{code, fence, link, text};

/// The most ids that are told of one group.
const IDS: usize = 20;

/// The whole report.
pub(super) fn markdown(run: &Results) -> io::Result<String> {
    Ok(within(run, usize::MAX))
}

/// What stands where a part of the report would.
const LEFT_OUT: &str = "The rest is left out: the report is longer than may stand here.\n";

/// The report in no more bytes than that. What does not fit is left out from its end, block by block, and that is told.
pub(super) fn within(run: &Results, limit: usize) -> String {
    let blocks = Page { run, again: story::Again::of(&run.run), words: Words::of(run.run.side) }.blocks();
    let whole = blocks.join("\n");
    if whole.len() <= limit {
        return whole;
    }
    let mut page = String::new();
    for block in blocks {
        if page.len() + block.len() + 1 + LEFT_OUT.len() > limit {
            break;
        }
        page.push_str(&block);
        page.push('\n');
    }
    if page.len() + LEFT_OUT.len() <= limit {
        page.push_str(LEFT_OUT);
    }
    page
}

struct Page<'a> {
    run: &'a Results,
    again: story::Again,
    words: &'static Words,
}

impl<'a> Page<'a> {
    /// What stands together or not at all. Between two there is an empty line.
    fn blocks(&self) -> Vec<String> {
        let mut blocks = vec![self.head(), self.table()];
        self.stories("Failures", Verdict::Fail, Severity::Fail, &mut blocks);
        self.fixed(&mut blocks);
        self.drift(&mut blocks);
        self.reasons("In error", "cogspec could not judge: a bug in it, please report.", Verdict::Error, &mut blocks);
        self.stories("Warnings", Verdict::Warn, Severity::Warn, &mut blocks);
        self.known(&mut blocks);
        self.notes(&mut blocks);
        self.reasons("Inconclusive", "What came proves nothing.", Verdict::Inconclusive, &mut blocks);
        self.reasons("Skipped", &sentence(self.words.skipped), Verdict::Skip, &mut blocks);
        self.notices(&mut blocks);
        blocks.retain(|block| !block.is_empty());
        blocks
    }

    fn of(&self, verdict: Verdict) -> impl Iterator<Item = &'a Outcome> {
        self.run.cases.iter().filter(move |outcome| outcome.verdict == verdict)
    }

    /// The verdict, what was judged, and how to repeat the run.
    fn head(&self) -> String {
        let run = &self.run.run;
        let mut head = format!("# cogspec: {}\n\n", story::headline(self.run));
        if let Some(why) = story::incomplete(self.run) {
            head.push_str(&format!("**This is not the whole run:** {why}.\n\n"));
        }
        head.push_str(&format!("**{}.**\n\n", story::counts(self.run)));
        let began = story::utc(run.started.saturating_mul(1000));
        let (judged, repeat) = match run.side {
            Side::Server if run.target == run.endpoint => {
                (format!("Target: {}", code(&run.endpoint)), format!("--seed {}", run.token))
            }
            Side::Server => {
                let target = format!("Target: {} at {}", text(&run.target), code(&run.endpoint));
                (target, format!("--seed {}", run.token))
            }
            Side::Client => (format!("Client: {}", text(&run.target)), self.again.repeat(run)),
        };
        head.push_str(&format!("- {judged}\n"));
        let set = format!("{} set {}", self.words.case, code(&run.case_set));
        head.push_str(&format!("- cogspec {}, {set}, {began}\n", code(&run.cogspec)));
        head.push_str(&format!("- {} repeats the run\n", code(&repeat)));
        head
    }

    /// One line a theme, one column a verdict that occurs.
    fn table(&self) -> String {
        let mut themes: BTreeMap<Theme, Counts> = BTreeMap::new();
        for outcome in &self.run.cases {
            themes.entry(outcome.theme).or_default().add(outcome.verdict);
        }
        let occurs = |verdict: &Verdict| self.run.cases.iter().any(|outcome| outcome.verdict == *verdict);
        let verdicts: Vec<Verdict> = Verdict::ALL.into_iter().filter(occurs).collect();
        if verdicts.is_empty() {
            return String::new();
        }
        let row = |name: &str, cells: Vec<String>| format!("| {name} | {} |\n", cells.join(" | "));
        let mut table = row("theme", verdicts.iter().map(ToString::to_string).collect());
        table.push_str(&row("---", verdicts.iter().map(|_| "--:".to_owned()).collect()));
        for (theme, counts) in &themes {
            let count = |verdict: &Verdict| match counts.of(*verdict) {
                0 => "·".to_owned(),
                n => n.to_string(),
            };
            table.push_str(&row(theme.name(), verdicts.iter().map(count).collect()));
        }
        table
    }

    /// One story for each way to break rules, with the cases that show it.
    fn stories(&self, title: &str, verdict: Verdict, severity: Severity, blocks: &mut Vec<String>) {
        let stories = groups::by_way(self.of(verdict), severity);
        if stories.is_empty() {
            return;
        }
        blocks.push(format!("## {title}\n"));
        let exchanges = stories.iter().flatten().filter_map(|outcome| story::judged(outcome));
        if verdict == Verdict::Fail
            && let Some(commands) = self.again.before_curl(exchanges, &self.run.run.endpoint)
        {
            blocks.push(format!("Before a curl line, in bash:\n\n{}", fence("bash", &commands.join("\n"))));
        }
        for story in &stories {
            blocks.push(self.story(verdict, story));
        }
    }

    fn story(&self, verdict: Verdict, story: &[&Outcome]) -> String {
        let Some(outcome) = story.first() else { return String::new() };
        let more = if story.len() > 1 { format!(" and {} more", story.len() - 1) } else { String::new() };
        let mut told = format!("### {} {}{more}\n\n", verdict.name().to_uppercase(), code(&outcome.id));
        told.push_str(&format!("{}\n\n", text(&outcome.title)));
        for finding in &outcome.findings {
            told.push_str(&of_finding(finding));
        }
        if let Some((listed, now)) = story::otherwise(outcome) {
            told.push_str(&format!("- Listed to fail as {}, fails as {}\n", code(&listed), code(&now)));
        }
        if story.len() > 1 {
            told.push_str(&format!("- The same in {} more: {}\n", story.len() - 1, ids(&story[1..])));
        }
        if !outcome.prepared.is_empty() {
            let calls: Vec<&str> = outcome.prepared.iter().filter_map(|call| call.split(' ').next()).collect();
            told.push_str(&format!("- After {}\n", code(&calls.join(", "))));
        }
        let replay = self.again.replay(&outcome.id);
        match (self.run.run.side, story::judged(outcome)) {
            (Side::Server, exchange) => {
                let curl = exchange.map(|exchange| format!("{}\n", exchange.curl)).unwrap_or_default();
                told.push_str(&format!("\n{}", fence("bash", &format!("{curl}{replay}"))));
            }
            (Side::Client, exchange) => {
                if let Some(exchange) = exchange {
                    told.push_str(&format!("\nThe client sent:\n\n{}", fence("bash", &exchange.curl)));
                    let serve = code(&story::Again::serve(&outcome.id));
                    told.push_str(&format!(
                        "\nIt was answered, as {serve} answers any client:\n\n{}",
                        fence("http", &exchange.answer)
                    ));
                }
                if let Some(made) = &outcome.observation {
                    told.push_str(&format!("\nIt made of that:\n\n{}", fence("yaml", made)));
                }
                told.push_str(&format!("\nTo run it again:\n\n{}", fence("bash", &replay)));
            }
        }
        told
    }

    fn fixed(&self, blocks: &mut Vec<String>) {
        let fixed: Vec<&Outcome> = self.of(Verdict::Fixed).collect();
        if fixed.is_empty() {
            return;
        }
        let mut block = format!("## Fixed\n\nFor each of these {}\n\n", text(story::FIXED));
        block.push_str(&format!("| {} | now | was listed to fail as |\n| --- | --- | --- |\n", self.words.case));
        for outcome in fixed {
            let listed = outcome.listed.as_ref().map_or_else(String::new, |listed| listed.fingerprint.join("; "));
            let now = story::verb(outcome.found());
            block.push_str(&format!("| {} | {now} | {} |\n", cell(&outcome.id), cell(&listed)));
        }
        blocks.push(block);
    }

    fn drift(&self, blocks: &mut Vec<String>) {
        let drifted = self.run.cases.iter().filter_map(|outcome| Some((outcome, outcome.drift.as_ref()?)));
        let mut found = groups::by_key(drifted, |(_, drift)| (*drift).clone());
        found.sort_by_key(|group| std::cmp::Reverse(group.first().is_some_and(|(_, drift)| drift.fails())));
        if !found.is_empty() {
            blocks.push("## Drift\n".to_owned());
        }
        for group in &found {
            let Some((outcome, drift)) = group.first() else { continue };
            let mut block = format!("### DRIFT {}\n\n", code(&outcome.id));
            let only = if drift.fails() { "" } else { ", which is only a warning" };
            block.push_str(&format!("It differs from {}{only}.\n", text(&story::expectation(drift))));
            if group.len() > 1 {
                let others: Vec<&Outcome> = group[1..].iter().map(|(outcome, _)| *outcome).collect();
                block.push_str(&format!("The same in {} more: {}\n", others.len(), ids(&others)));
            }
            block.push_str(&format!("\n{}", fence("diff", &drift.diff)));
            blocks.push(block);
        }
    }

    fn known(&self, blocks: &mut Vec<String>) {
        let known: Vec<&Outcome> = self.of(Verdict::Known).collect();
        if known.is_empty() {
            return;
        }
        let mut block = "## Known failures\n\nThey fail as the baseline lists them.\n\n".to_owned();
        for (why, group) in story::known(&known) {
            let reason = match why.link {
                Some(address) => link(why.reason, address),
                None => text(why.reason),
            };
            let expired = why.expired.map(|day| format!(" (expired on {})", text(day))).unwrap_or_default();
            block.push_str(&format!("- {} × {reason}{expired}: {}\n", group.len(), ids(&group)));
        }
        blocks.push(block);
    }

    /// Notes, by rule.
    fn notes(&self, blocks: &mut Vec<String>) {
        let findings = self.of(Verdict::Note).flat_map(|outcome| &outcome.findings);
        let noted = groups::by_key(findings, |finding| &finding.rule);
        if noted.is_empty() {
            return;
        }
        let mut block = "## Notes\n\nA MAY, or what nobody knows and was observed.\n\n".to_owned();
        for group in noted {
            let Some(first) = group.first() else { continue };
            block.push_str(&format!("- {} × {}: {}\n", group.len(), code(&first.rule), text(&first.statement)));
        }
        blocks.push(block);
    }

    /// Cases without a verdict of the target, by reason.
    fn reasons(&self, title: &str, meaning: &str, verdict: Verdict, blocks: &mut Vec<String>) {
        let reasons = groups::by_key(self.of(verdict), |outcome| outcome.reason.as_deref());
        if reasons.is_empty() {
            return;
        }
        let mut block = format!("## {title}\n\n{meaning}\n\n");
        for group in reasons {
            let reason = group.first().and_then(|outcome| outcome.reason.as_deref()).unwrap_or("no reason is known");
            block.push_str(&format!("- {} × {}: {}\n", group.len(), code(reason), ids(&group)));
        }
        blocks.push(block);
    }

    fn notices(&self, blocks: &mut Vec<String>) {
        if self.run.notices.is_empty() {
            return;
        }
        let notices = self.run.notices.iter().map(|notice| format!("- {}\n", text(notice)));
        blocks.push(format!("## Notices\n\n{}", notices.collect::<String>()));
    }
}

/// The rule, where it is written, what was wanted and what came.
fn of_finding(finding: &FindingReport) -> String {
    let FindingReport { level, evidence, .. } = finding;
    let place = finding.pointer.as_ref().map(|pointer| format!(" at {}", code(pointer))).unwrap_or_default();
    let mut told = format!("- **{level}** {} ({evidence}){place}: {}\n", code(&finding.rule), text(&finding.statement));
    told.push_str(&format!("  - Source: {}\n", link(&finding.source, &finding.url)));
    match story::difference(finding) {
        Some(changes) => {
            let fence = fence("diff", &changes);
            told.push_str("  - Wanted (-) and got (+):\n\n");
            fence.lines().for_each(|line| told.push_str(&format!("    {line}\n")));
            told.push('\n');
        }
        None => {
            told.push_str(&format!("  - Wanted: {}\n", code(&finding.wanted)));
            told.push_str(&format!("  - Got: {}\n", code(&finding.got)));
        }
    }
    told
}

/// Words with a capital at the beginning and a full stop at the end.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// The ids of cases, cut after some.
fn ids(outcomes: &[&Outcome]) -> String {
    let mut told = outcomes.iter().take(IDS).map(|outcome| code(&outcome.id)).collect::<Vec<_>>().join(", ");
    if outcomes.len() > IDS {
        told.push_str(&format!(" and {} more", outcomes.len() - IDS));
    }
    told
}
