//! A scenario as data, for those who test a client in another language.

use serde::Serialize;
use serde_json::{Value, json};

use super::{After, Demand, Framing, Reply, Scenario, What};
use crate::cognito::{Evidence, Level, Severity};
use crate::suite::Theme;
use crate::wire::{Bytes, millis};

/// A scenario in the form of `scenarios.json`, which `cogspec export` writes.
#[derive(Debug, Serialize)]
pub struct ScenarioEntry<'a> {
    id: &'a str,
    theme: Option<Theme>,
    title: &'a str,
    origin: &'a str,
    replies: Vec<ReplyEntry<'a>>,
    demands: Vec<DemandEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct ReplyEntry<'a> {
    status: u16,
    headers: Vec<HeaderEntry<'a>>,
    body: Bytes,
    framing: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    chunk: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<Vec<HeaderEntry<'a>>>,
    wait_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut: Option<Value>,
    /// All that is sent, for those who have no use for its parts; absent where the caller's token is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<Bytes>,
}

#[derive(Debug, Serialize)]
struct HeaderEntry<'a> {
    name: &'a str,
    value: Bytes,
}

#[derive(Debug, Serialize)]
struct DemandEntry<'a> {
    rule: &'static str,
    level: Level,
    evidence: Evidence,
    severity: Severity,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<super::Layer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked_for: Option<&'static str>,
    #[serde(flatten)]
    what: WhatEntry<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum WhatEntry<'a> {
    Outcome(Vec<&'static str>),
    Code(Vec<&'a str>),
    Message(&'a str),
    /// As JSON texts: a reader with types, or with a limit of depth, can read the rest without them.
    Options(Vec<String>),
    NoOptions(bool),
    AtLeast(usize),
    AtMost(usize),
    WaitsMs(u64),
    Retryable(bool),
}

impl Scenario {
    /// The scenario as data.
    #[must_use]
    pub fn entry(&self) -> ScenarioEntry<'_> {
        ScenarioEntry {
            id: &self.id,
            theme: Theme::of_id(&self.id),
            title: &self.title,
            origin: &self.origin,
            replies: self.replies.iter().map(reply).collect(),
            demands: self.demands.iter().map(demand).collect(),
        }
    }
}

fn reply(reply: &Reply) -> ReplyEntry<'_> {
    let header = |name, value| HeaderEntry { name, value: Bytes::new(value) };
    let (framing, chunk, says) = match &reply.framing {
        Framing::Length => ("length", None, None),
        Framing::Chunked(length) => ("chunked", Some(*length), None),
        Framing::Close => ("close", None, None),
        Framing::Says(fields) => {
            ("says", None, Some(fields.iter().map(|(name, value)| header(name, value.as_bytes())).collect()))
        }
        Framing::None => ("none", None, None),
    };
    let cut = reply.cut.map(|cut| {
        let (after, bytes) = match cut.after {
            After::Nothing => ("nothing", 0),
            After::Head(bytes) => ("head", bytes),
            After::Body(bytes) => ("body", bytes),
        };
        json!({"after": after, "bytes": bytes, "reset": cut.reset})
    });
    let sent = reply.bytes(&[]);
    // The first piece is as long as any.
    let pieces = reply.pieces.map(|pieces| json!({"bytes": sent[0].len(), "pause_ms": millis(pieces.pause)}));
    let sent = sent.concat();
    ReplyEntry {
        status: reply.status,
        headers: reply.headers.iter().map(|(name, value)| header(name.as_str(), value.as_slice())).collect(),
        body: Bytes::new(&reply.body),
        framing,
        chunk,
        says,
        wait_ms: millis(reply.wait),
        pieces,
        cut,
        bytes: (!reply.echoes_token()).then(|| Bytes::new(&sent)),
    }
}

fn demand(demand: &Demand) -> DemandEntry<'_> {
    let rule = demand.rule;
    let what = match &demand.what {
        What::Outcome(right) => WhatEntry::Outcome(right.iter().map(|outcome| outcome.name()).collect()),
        What::Code(right) => WhatEntry::Code(right.iter().map(AsRef::as_ref).collect()),
        What::Message(right) => WhatEntry::Message(right),
        What::Options(right) => WhatEntry::Options(right.iter().map(Value::to_string).collect()),
        What::NoOptions => WhatEntry::NoOptions(true),
        What::AtLeast(least) => WhatEntry::AtLeast(*least),
        What::AtMost(most) => WhatEntry::AtMost(*most),
        What::Waits(millis) => WhatEntry::WaitsMs(*millis),
        What::Retryable(right) => WhatEntry::Retryable(*right),
    };
    DemandEntry {
        rule: rule.id,
        level: rule.level,
        evidence: rule.evidence,
        severity: rule.severity(),
        source: rule.source.to_string(),
        layer: demand.layer,
        asked_for: demand.asked_for,
        what,
    }
}
