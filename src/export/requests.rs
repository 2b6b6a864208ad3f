//! The requests of cases as templates, each proved in a world that it was not read from.

use serde::Serialize;
use serde_json::Value;

use super::derive::Deriver;
use super::template::{ENCODINGS, Encoding, Part, RSA, Template, render};
use super::token::{decode, token};
use super::world::World;
use crate::suite::{Case, Made, Stop};
use crate::wire::{Framing, Request};

/// A request as data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct RequestTemplate {
    pub(super) method: String,
    pub(super) path: Template,
    pub(super) headers: Vec<Header>,
    pub(super) body: Template,
    /// What goes out on a socket, byte by byte, in place of all that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) socket: Option<Template>,
}

/// A header field as data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) value: Template,
}

/// A case's request and witness; no witness where that is a plain call.
pub(super) struct Exported {
    pub(super) request: RequestTemplate,
    pub(super) witness: Option<RequestTemplate>,
}

/// The witness that was told last. Many cases have the same.
#[derive(Default)]
pub(super) struct LastWitness(Option<(Vec<Request>, RequestTemplate)>);

impl LastWitness {
    fn template(&mut self, requests: &[&Request], worlds: &[World], deriver: &Deriver<'_>) -> Option<RequestTemplate> {
        if let Some((known, template)) = &self.0
            && known.iter().eq(requests.iter().copied())
        {
            return Some(template.clone());
        }
        let template = template(requests, worlds, deriver)?;
        self.0 = Some((requests.iter().map(|request| (*request).clone()).collect(), template.clone()));
        Some(template)
    }
}

/// The requests of a case, or why they are not data.
pub(super) async fn of(
    case: &Case,
    worlds: &[World],
    deriver: &Deriver<'_>,
    known: &mut LastWitness,
) -> Result<Exported, String> {
    let mut all: Vec<Made> = Vec::new();
    for world in worlds {
        match world.make(case).await {
            Some(Ok(made)) => all.push(made),
            Some(Err(Stop::Skip(why) | Stop::Inconclusive(why))) => return Err(why),
            None => return Err("it is made of several steps, or of the answers of other cases".to_owned()),
        }
    }
    let requests: Vec<&Request> = all.iter().map(|made| &made.request).collect();
    let request = template(&requests, worlds, deriver).ok_or("it depends on more than a template can say")?;
    let witnesses: Vec<&Request> = all.iter().filter_map(|made| made.witness.as_ref()).collect();
    let witness = match witnesses.as_slice() {
        [] => None,
        witnesses => Some(
            known.template(witnesses, worlds, deriver).ok_or("its witness depends on more than a template can say")?,
        ),
    };
    Ok(Exported { request, witness })
}

/// The template of what was made in each world: read from those of the deriver, and proved in all.
pub(super) fn template(requests: &[&Request], worlds: &[World], deriver: &Deriver<'_>) -> Option<RequestTemplate> {
    let read = deriver.worlds;
    let learned = &requests[..read.len()];
    let of = |part: fn(&Request) -> Vec<u8>| learned.iter().map(|request| part(request)).collect::<Vec<_>>();
    let first = learned.first()?;
    let header = |number: usize| {
        let (name, _) = first.headers.get(number)?;
        let values: Option<Vec<Vec<u8>>> = learned
            .iter()
            .map(|request| {
                request.headers.get(number).filter(|(other, _)| other == name).map(|(_, value)| value.clone())
            })
            .collect();
        Some(Header { name: name.clone(), value: bytes(deriver, &values?)? })
    };
    let is_same = |request: &&Request| request.method == first.method && request.headers.len() == first.headers.len();
    if !learned.iter().all(is_same) {
        return None;
    }
    let bodies = of(|request| request.body.clone());
    let socket = match first.framing {
        Framing::Length => None,
        Framing::Raw(_) => {
            let raws: Option<Vec<Vec<u8>>> =
                learned.iter().zip(read).map(|(request, world)| on_socket(request, world)).collect();
            Some(deriver.with_body(&bodies).flat(&raws?)?)
        }
    };
    let template = RequestTemplate {
        method: first.method.clone(),
        path: deriver.flat(&of(|request| request.path.clone().into_bytes()))?,
        headers: (0..first.headers.len()).map(header).collect::<Option<_>>()?,
        body: bytes(deriver, &bodies)?,
        socket,
    };
    let others = requests.iter().zip(worlds).skip(read.len());
    let is_proved = { others }.all(|(request, world)| is_rendered(&template, request, world));
    is_proved.then_some(template)
}

/// The bytes on the socket, with host and scheme as the transport puts them in.
fn on_socket(request: &Request, world: &World) -> Option<Vec<u8>> {
    let Framing::Raw(bytes) = &request.framing else { return None };
    let mut replaced = bytes.clone();
    for name in ["host", "scheme"] {
        let placeholder = format!("{{{name}}}");
        let value = world.values.get(name)?;
        while let Some(at) = memchr::memmem::find(&replaced, placeholder.as_bytes()) {
            replaced.splice(at..at + placeholder.len(), value.iter().copied());
        }
    }
    Some(replaced)
}

/// A template of bytes that may hold a token that was edited, and may be encoded as a whole.
fn bytes(deriver: &Deriver<'_>, outs: &[Vec<u8>]) -> Option<Template> {
    if let Some(template) = deriver.flat(outs) {
        return Some(template);
    }
    if let Some(template) = call(deriver, outs) {
        return Some(template);
    }
    ENCODINGS.into_iter().filter(|encoding| *encoding != Encoding::Base64Url).find_map(|encode| {
        let inner: Option<Vec<Vec<u8>>> = outs.iter().map(|out| decode(encode, out)).collect();
        Some(vec![Part::Encode { encode, of: bytes(deriver, &inner?)? }])
    })
}

/// The plain body of a call, with a token that was edited.
fn call(deriver: &Deriver<'_>, outs: &[Vec<u8>]) -> Option<Template> {
    let text = |out: &Vec<u8>| {
        let input: Value = serde_json::from_slice(out).ok()?;
        let token = input.get("AccessToken")?.as_str()?.to_owned();
        (Request::start(&token).body == *out && !token.contains(['"', '\\'])).then_some(token)
    };
    let tokens: Vec<String> = outs.iter().map(text).collect::<Option<_>>()?;
    let text = |text: &str| vec![Part::Text { text: text.to_owned() }];
    Some([text(r#"{"AccessToken":""#), token(deriver, &tokens)?, text(r#""}"#)].concat())
}

/// Whether the template gives just this request in this world.
fn is_rendered(template: &RequestTemplate, request: &Request, world: &World) -> bool {
    let is = |part: &Template, bytes: &[u8]| render(part, world, None).is_some_and(|made| made == bytes);
    let headers = template.headers.iter().zip(&request.headers);
    template.method == request.method
        && is(&template.path, request.path.as_bytes())
        && template.headers.len() == request.headers.len()
        && { headers }.all(|(header, (name, value))| header.name == *name && is(&header.value, value))
        && (is(&template.body, &request.body) || is_with_salt(&template.body, &request.body, world))
        && template.socket.as_ref().map(|socket| render(socket, world, Some(&request.body))) == wanted(request, world)
}

fn wanted(request: &Request, world: &World) -> Option<Option<Vec<u8>>> {
    matches!(request.framing, Framing::Raw(_)).then(|| on_socket(request, world))
}

/// The same for a body whose signature has a salt: all but the salted part is compared.
fn is_with_salt(template: &Template, bytes: &[u8], world: &World) -> bool {
    let salted = |part: &Part| matches!(part, Part::Sign { sign, .. } if sign.algorithm == RSA[3].0);
    let Some(at) = template.iter().position(salted) else { return false };
    let around = |parts: &[Part]| render(parts, world, None);
    let (Some(before), Some(after)) = (around(&template[..at]), around(&template[at + 1..])) else { return false };
    let Part::Sign { sign, of } = &template[at] else { return false };
    let signature = bytes.strip_prefix(before.as_slice()).and_then(|rest| rest.strip_suffix(after.as_slice()));
    let key = if sign.key == Some("foreign") { &world.foreign } else { &world.pool };
    match (signature, render(of, world, None)) {
        (Some(signature), Some(message)) => super::template::is_ps256(key, signature, &message),
        _ => false,
    }
}
