//! Writing a cassette.

use std::collections::BTreeMap;
use std::io::{self, Write};

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::ser::Formatter;

use super::VERSION;
use super::asks::SIGNING;
use super::line::{
    AnswerLine, Bytes, EndLine, Header, Line, RequestLine, SigningFrom, StepLine, TargetFacts, TrackLine, UserFacts,
};
use super::stand_in::StandIns;
use crate::tape::{Answer, Heard, Step, Track};
use crate::target::{Fixtures, STAND_IN_KEY, Signing};
use crate::wire::{Framing, Request, Response};

/// A cassette, as bytes.
#[derive(Debug)]
pub struct Written {
    /// The file's content.
    pub bytes: Vec<u8>,
    /// How many answers could not be put on it: a secret stood in them in part or in another encoding.
    pub left_out: usize,
}

/// The cassette of a run on these fixtures, whose tape was recording: its token, the digest of the cases that came to an end,
/// and their verdicts by their ids.
///
/// # Errors
/// When a line has no form in JSON.
pub fn write(
    fixtures: &Fixtures,
    token: &str,
    case_set: &str,
    verdicts: &BTreeMap<String, String>,
) -> io::Result<Written> {
    let secrets = &fixtures.target().secrets;
    let mut tracks = fixtures.tape().tracks();
    let mut writer = Writer { lines: Vec::new(), stand_ins: StandIns::new(secrets), left_out: 0 };
    let header = writer.header(fixtures, token, case_set);
    writer.lines.push(Line::Cassette(header));
    let cases: Vec<_> =
        verdicts.iter().map(|(case, verdict)| (case, tracks.remove(case).unwrap_or_default(), verdict)).collect();
    // A case that did not come to its end has no part in the replay.
    for (owner, track) in tracks.iter().filter(|(owner, _)| is_shared(owner)) {
        writer.track(owner, None, track);
    }
    for (case, track, verdict) in &cases {
        writer.track(case, Some((*verdict).clone()), track);
    }
    let Writer { lines, left_out, .. } = writer;
    Ok(Written { bytes: bytes(&lines)?, left_out })
}

/// Whether that is the name of what cases share, and not of a case.
fn is_shared(owner: &str) -> bool {
    owner.contains('/') || !owner.contains('.')
}

struct Writer<'a> {
    lines: Vec<Line>,
    stand_ins: StandIns<'a>,
    left_out: usize,
}

impl Writer<'_> {
    fn header(&mut self, fixtures: &Fixtures, token: &str, case_set: &str) -> Header {
        let target = fixtures.target();
        let (signing, kid) = match &target.signing {
            Signing::None => (SigningFrom::None, None),
            Signing::FromTarget => (SigningFrom::Target, None),
            Signing::Given(key) => (SigningFrom::Given, Some(key.kid.clone())),
        };
        Header {
            version: VERSION,
            cogspec: env!("CARGO_PKG_VERSION").to_owned(),
            token: token.to_owned(),
            case_set: case_set.to_owned(),
            run: fixtures.run().to_owned(),
            target: TargetFacts {
                name: target.name.clone(),
                endpoint: target.transport.endpoint().to_string(),
                region: target.control.region().to_owned(),
                signing,
                kid,
                answers_on_demand: target.answers_on_demand,
                ages_on_demand: target.ages_on_demand,
                tags_pools: target.tags_pools,
                access_token: fixtures.given_token().and_then(|token| self.stand_ins.text(token)),
                user: fixtures
                    .given_login()
                    .map(|login| UserFacts { client_id: login.client_id.clone(), username: login.username.clone() }),
            },
        }
    }

    fn track(&mut self, owner: &str, verdict: Option<String>, track: &Track) {
        let (track_name, drawn) = (owner.to_owned(), track.drawn.clone());
        self.lines.push(Line::Track(TrackLine { track: track_name, verdict, steps: track.steps.len(), drawn }));
        for (number, step) in (1..).zip(&track.steps) {
            let line = StepLine {
                track: owner.to_owned(),
                step: number,
                asks: step.asks.clone(),
                request: step.request.as_ref().and_then(|request| self.request(request)),
                answer: self.answer(step),
                elapsed_us: u64::try_from(step.elapsed.as_micros()).unwrap_or(u64::MAX),
            };
            self.lines.push(Line::Step(Box::new(line)));
        }
    }

    /// The request for readers, where it can be shown.
    fn request(&mut self, request: &Request) -> Option<RequestLine> {
        let mut headers = Vec::new();
        for (name, value) in &request.headers {
            if !SIGNING.iter().any(|signing| name.eq_ignore_ascii_case(signing)) {
                headers.push((self.stand_ins.text(name)?, self.plain(value)?));
            }
        }
        let socket = match &request.framing {
            Framing::Raw(bytes) => Some(self.plain(bytes)?),
            Framing::Length => None,
        };
        Some(RequestLine {
            method: self.stand_ins.text(&request.method)?,
            path: self.stand_ins.text(&request.path)?,
            headers,
            body: if socket.is_none() { Some(self.plain(&request.body)?) } else { None },
            socket,
        })
    }

    /// Bytes that a client sends: what is no text may be a token in any encoding.
    fn plain(&mut self, bytes: &[u8]) -> Option<Bytes> {
        self.stand_ins.text(std::str::from_utf8(bytes).ok()?).map(Bytes::Text)
    }

    fn answer(&mut self, step: &Step) -> AnswerLine {
        let hands_out_key =
            step.request.as_ref().is_some_and(|request| request.path.starts_with("/_cogspec/signing-key"));
        let told = match &step.answer {
            Heard::Answer(Ok(response)) if hands_out_key => self.heard(&Ok(with_other_key(response))),
            Heard::Answer(answer) => self.heard(answer),
            Heard::Nothing => return AnswerLine::Nothing,
            Heard::NotKept(why) => return AnswerLine::NotKept(why.clone()),
        };
        told.unwrap_or_else(|| {
            self.left_out += 1;
            AnswerLine::NotKept("a secret stood in it in part or in another encoding".to_owned())
        })
    }

    fn heard(&mut self, answer: &Answer) -> Option<AnswerLine> {
        let response = match answer {
            Ok(response) => response,
            Err(e) => return Some(AnswerLine::Error { kind: e.kind, detail: self.stand_ins.text(&e.detail)? }),
        };
        // What is compressed could hold anything.
        let is_packed = response.header_values("content-encoding").next().is_some();
        let headers =
            response.headers.iter().map(|(name, value)| Some((self.stand_ins.text(name)?, self.shown(value)?)));
        let headers = headers.collect::<Option<Vec<_>>>()?;
        let body = self.shown(&response.body).filter(|body| !is_packed || matches!(body, Bytes::Text(_)))?;
        Some(AnswerLine::Response { status: response.status, headers, body })
    }

    /// Bytes that a server sent; they are replayed, so that what is no text stays as it is where no secret is in it.
    fn shown(&mut self, bytes: &[u8]) -> Option<Bytes> {
        let lossy = String::from_utf8_lossy(bytes);
        let replaced = self.stand_ins.text(&lossy)?;
        if std::str::from_utf8(bytes).is_ok() {
            return Some(Bytes::Text(replaced));
        }
        (replaced == lossy).then(|| Bytes::of(bytes))
    }
}

/// The target's answer with the harness's key in the place of its own: what is signed with it is not sent to anyone.
fn with_other_key(response: &Response) -> Response {
    let body = serde_json::from_slice(&response.body).map(|mut body: serde_json::Value| {
        if let Some(pem) = body.get_mut("pem") {
            *pem = STAND_IN_KEY.into();
        }
        body.to_string().into_bytes()
    });
    Response { body: body.unwrap_or_default(), ..response.clone() }
}

fn bytes(lines: &[Line]) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let add = |bytes: &mut Vec<u8>, line: &Line| -> serde_json::Result<()> {
        line.serialize(&mut serde_json::Serializer::with_formatter(&mut *bytes, Ascii))?;
        bytes.push(b'\n');
        Ok(())
    };
    lines.iter().try_for_each(|line| add(&mut bytes, line))?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let end = EndLine { lines: lines.len() + 1, sha256: HEXLOWER.encode(digest.as_ref()) };
    add(&mut bytes, &Line::End(end))?;
    Ok(bytes)
}

/// JSON in ASCII: nothing that a server sent can steer a terminal or turn the direction of a line.
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for c in fragment.chars() {
            if c.is_ascii() && !c.is_ascii_control() {
                writer.write_all(&[c as u8])?;
            } else {
                let mut units = [0; 2];
                c.encode_utf16(&mut units).iter().try_for_each(|unit| write!(writer, "\\u{unit:04x}"))?;
            }
        }
        Ok(())
    }
}
