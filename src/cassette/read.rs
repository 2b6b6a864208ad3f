//! Reading a cassette, and the fixtures of its replay.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use serde_json::Value;

use super::line::{AnswerLine, Bytes, Header, Line, SigningFrom, StepLine, UserFacts};
use super::{VERSION, asks};
use crate::tape::{Heard, Step, Tape, Track};
use crate::target::{Fixtures, Login, STAND_IN_KEY, Secrets, Signing, Target, TargetError};
use crate::token::Key;
use crate::wire::{Response, TransportError};

/// A replay waits for nobody.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Why a cassette cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CassetteError {
    /// The file is something else.
    #[error("it is no cassette: the first line is not that of one; `cogspec run --cassette FILE` records one")]
    NoCassette,
    /// It was made by a later version.
    #[error("its form is version {0}, and this cogspec knows {VERSION}: replay it with the version that recorded it")]
    Newer(u64),
    /// A line is not as it was written.
    #[error("it is damaged, line {line}: {why}; record it again, or take it from where it came from")]
    Damaged {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// The end is missing.
    #[error("it is cut off: the last line is missing; record it again, or take it from where it came from")]
    Truncated,
    /// Cases have changed since.
    #[error(
        "it was recorded with other cases (of cogspec {cogspec}; {which}), so that their answers are not known; replay it with that \
         version, or record it again"
    )]
    OtherCases {
        /// The version of cogspec that recorded it.
        cogspec: String,
        /// What differs.
        which: String,
    },
}

/// A recorded run.
#[derive(Debug)]
pub struct Cassette {
    header: Header,
    verdicts: BTreeMap<String, String>,
    tracks: BTreeMap<String, Track>,
}

impl Cassette {
    /// Reads a file's bytes.
    ///
    /// # Errors
    /// When they are not a whole cassette of a version that is known.
    pub fn read(bytes: &[u8]) -> Result<Cassette, CassetteError> {
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let first: Value = serde_json::from_slice(first).map_err(|_| CassetteError::NoCassette)?;
        if first.get("line").and_then(Value::as_str) != Some("cassette") {
            return Err(CassetteError::NoCassette);
        }
        match first.get("version").and_then(Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) => return Err(CassetteError::Newer(version)),
            None => return Err(CassetteError::NoCassette),
        }
        let header = serde_json::from_value(first).map_err(|e| damaged(1, &e))?;
        let Line::Cassette(header) = header else { return Err(CassetteError::NoCassette) };
        let mut reading = Reading::default();
        let mut at = 0;
        for (number, line) in (1..).zip(bytes.split_inclusive(|byte| *byte == b'\n')) {
            if line.last() != Some(&b'\n') {
                return Err(CassetteError::Truncated);
            }
            if number > 1 {
                let parsed = serde_json::from_slice(line).map_err(|e| damaged(number, &e))?;
                let is_last = at + line.len() == bytes.len();
                reading.line(number, parsed, &bytes[..at], is_last)?;
            }
            at += line.len();
        }
        if !reading.ended {
            return Err(CassetteError::Truncated);
        }
        Ok(Cassette { header, verdicts: reading.verdicts, tracks: reading.tracks })
    }

    /// What was recorded.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// What became of each case then, by their ids.
    #[must_use]
    pub fn verdicts(&self) -> &BTreeMap<String, String> {
        &self.verdicts
    }

    /// That the cases on it are those of today: their digest, of as many as there still are.
    ///
    /// # Errors
    /// When one is gone or has changed.
    pub fn fits(&self, cases: usize, case_set: &str) -> Result<(), CassetteError> {
        let gone = self.verdicts.len() - cases;
        let which = match gone {
            0 if self.header.case_set == case_set => return Ok(()),
            0 => format!("{} then, {case_set} now", self.header.case_set),
            gone => format!("{gone} of {} are gone", self.verdicts.len()),
        };
        Err(CassetteError::OtherCases { cogspec: self.header.cogspec.clone(), which })
    }

    /// Fixtures that replay it: nothing is sent. Its stand-ins are treated as the secrets that they stand for.
    ///
    /// # Errors
    /// When the recorded endpoint is none, or the sign-in of the given user is not on the cassette.
    pub async fn into_fixtures(self, secrets: Arc<Secrets>) -> Result<Fixtures, TargetError> {
        let facts = self.header.target;
        let broken = |e: crate::token::KeyError| TargetError::Setup(e.to_string());
        let signing = match facts.signing {
            SigningFrom::None => Signing::None,
            SigningFrom::Target => Signing::FromTarget,
            SigningFrom::Given => {
                Signing::Given(Key::from_pem(facts.kid.unwrap_or_default(), STAND_IN_KEY).map_err(broken)?)
            }
        };
        let target = Target::endpoint(&facts.endpoint, &facts.region, TIMEOUT)?;
        let target = Target {
            name: facts.name,
            signing,
            answers_on_demand: facts.answers_on_demand,
            ages_on_demand: facts.ages_on_demand,
            tags_pools: facts.tags_pools,
            secrets,
            ..target
        };
        let target = target.on_tape(Tape::replaying(asks, self.tracks));
        let Some(UserFacts { client_id, username }) = facts.user else {
            return Ok(Fixtures::new(target, self.header.run, facts.access_token));
        };
        // Nobody asks for it; it is in no answer.
        let password = uuid::Uuid::new_v4().to_string();
        let user = Fixtures::of_user(target, self.header.run, Login { client_id, username, password }).await;
        user.map_err(|refused| TargetError::Setup(refused.to_string()))
    }
}

fn damaged(line: usize, why: &dyn std::fmt::Display) -> CassetteError {
    CassetteError::Damaged { line, why: why.to_string() }
}

#[derive(Default)]
struct Reading {
    verdicts: BTreeMap<String, String>,
    tracks: BTreeMap<String, Track>,
    /// The track that steps belong to, and how many are still to come.
    current: Option<(String, usize)>,
    ended: bool,
}

impl Reading {
    fn line(&mut self, number: usize, line: Line, before: &[u8], is_last: bool) -> Result<(), CassetteError> {
        let waits = self.current.as_ref().is_some_and(|(_, steps)| *steps > 0);
        match line {
            Line::Track(_) | Line::End(_) if waits => Err(damaged(number, &"an exchange is missing before it")),
            Line::Track(line) => {
                let track = Track { steps: Vec::with_capacity(line.steps.min(1024)), drawn: line.drawn };
                if self.tracks.insert(line.track.clone(), track).is_some() {
                    return Err(damaged(number, &"the track is there twice"));
                }
                if let Some(verdict) = line.verdict {
                    self.verdicts.insert(line.track.clone(), verdict);
                }
                self.current = Some((line.track, line.steps));
                Ok(())
            }
            Line::Step(line) => self.step(number, *line),
            Line::End(end) => {
                let digest = ring::digest::digest(&ring::digest::SHA256, before);
                if !is_last || end.lines != number || end.sha256 != HEXLOWER.encode(digest.as_ref()) {
                    return Err(damaged(number, &"the digest of the lines is another: one of them has changed"));
                }
                self.ended = true;
                Ok(())
            }
            Line::Cassette(_) => Err(damaged(number, &"a cassette begins in a cassette")),
        }
    }

    fn step(&mut self, number: usize, line: StepLine) -> Result<(), CassetteError> {
        let misplaced = || damaged(number, &"the exchange is not in its place");
        let (owner, left) = self.current.as_mut().filter(|(_, left)| *left > 0).ok_or_else(misplaced)?;
        let track = self.tracks.get_mut(owner).ok_or_else(misplaced)?;
        if *owner != line.track || line.step != track.steps.len() + 1 {
            return Err(misplaced());
        }
        let answer = answer(line.answer).ok_or_else(|| damaged(number, &"not base64"))?;
        let elapsed = Duration::from_micros(line.elapsed_us);
        track.steps.push(Step { request: None, asks: line.asks, answer, elapsed });
        *left -= 1;
        Ok(())
    }
}

fn answer(line: AnswerLine) -> Option<Heard> {
    Some(match line {
        AnswerLine::Nothing => Heard::Nothing,
        AnswerLine::NotKept(why) => Heard::NotKept(why),
        AnswerLine::Error { kind, detail } => Heard::Answer(Err(TransportError { kind, detail })),
        AnswerLine::Response { status, headers, body } => {
            let headers = headers.into_iter().map(|(name, value)| Some((name, Bytes::into_bytes(value)?)));
            Heard::Answer(Ok(Response { status, headers: headers.collect::<Option<_>>()?, body: body.into_bytes()? }))
        }
    })
}
