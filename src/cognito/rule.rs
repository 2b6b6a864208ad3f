//! What a rule is, how loud its violation is, and the finding that reports one.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How binding a rule is, in the words of RFC 2119.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Free to differ: a deviation is told, nothing more.
    #[serde(rename = "MAY")]
    May,
    /// Expected unless there is a good reason.
    #[serde(rename = "SHOULD")]
    Should,
    /// Required.
    #[serde(rename = "MUST")]
    Must,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Level::May => "MAY",
            Level::Should => "SHOULD",
            Level::Must => "MUST",
        })
    }
}

/// How far a rule can be trusted to describe the real service or specification; the order is that of trust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// Concluded from other facts, from a sibling service, or from what third parties say.
    Inferred,
    /// Written by AWS, Smithy, the W3C or in an RFC.
    Documented,
    /// Seen in a published live response.
    Recorded,
}

impl Evidence {
    /// What the word means.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Evidence::Inferred => "concluded from other facts",
            Evidence::Documented => "written by AWS, Smithy, the W3C or in an RFC",
            Evidence::Recorded => "seen in a published live answer",
        }
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Evidence::Inferred => "inferred",
            Evidence::Documented => "documented",
            Evidence::Recorded => "recorded",
        })
    }
}

/// How loud the violation of a rule is. Level and evidence decide it together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A MAY was not followed, or a SHOULD that is only inferred.
    Note,
    /// A SHOULD was not followed, or a MUST that is only inferred.
    Warn,
    /// A MUST was broken.
    Fail,
}

/// A document that rules come from.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Its name as the field says it.
    pub title: &'static str,
    /// Where it is published.
    pub url: &'static str,
}

/// Where a rule is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// The document.
    pub document: &'static Document,
    /// The section, anchor or shape in it.
    pub section: &'static str,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.document.title, self.section)
    }
}

/// One normative statement.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// The stable dotted id.
    pub id: &'static str,
    /// How binding it is.
    pub level: Level,
    /// How far to trust it.
    pub evidence: Evidence,
    /// The statement, one sentence.
    pub statement: &'static str,
    /// Where it is written.
    pub source: Source,
    /// The path of its constant in this crate, for code that is generated.
    #[serde(skip)]
    pub path: &'static str,
}

impl Rule {
    /// How loud a violation is. A rule that is only inferred never fails a run.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match (self.level, self.evidence) {
            (Level::May, _) | (Level::Should, Evidence::Inferred) => Severity::Note,
            (Level::Should, _) | (Level::Must, Evidence::Inferred) => Severity::Warn,
            (Level::Must, _) => Severity::Fail,
        }
    }
}

/// A rule that was found broken, with what came and what was wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The broken rule.
    #[serde(serialize_with = "rule_id")]
    pub rule: &'static Rule,
    /// The JSON pointer (RFC 6901) to the place in the judged document, where the finding is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// What came.
    pub got: String,
    /// What was wanted.
    pub wanted: String,
}

impl Finding {
    /// A finding that is not about a place in a document.
    pub fn new(rule: &'static Rule, got: impl Into<String>, wanted: impl Into<String>) -> Self {
        Finding { rule, pointer: None, got: got.into(), wanted: wanted.into() }
    }

    /// The same finding, at a place in a document.
    #[must_use]
    pub fn at(self, pointer: impl Into<String>) -> Self {
        Finding { pointer: Some(pointer.into()), ..self }
    }

    /// How loud it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

fn rule_id<S: serde::Serializer>(rule: &&'static Rule, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(rule.id)
}
