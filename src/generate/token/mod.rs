//! Access tokens: a real one, then labelled defects at every layer, signed again where the defect needs a valid signature.

mod draft;
mod server;
mod text;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use arbitrary::Unstructured;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

use super::slots;
use crate::cognito::SCOPE;
use crate::token::{Draft, Key};

/// Where in a token a defect is, in the order in which a token is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The header's members.
    Header,
    /// The claims that say who and by whom.
    Claims,
    /// The scopes.
    Scope,
    /// The claims that are times.
    Times,
    /// The JSON text of the header.
    HeaderText,
    /// The JSON text of the claims.
    ClaimsText,
    /// The base64url of the header.
    HeaderSegment,
    /// The base64url of the claims.
    ClaimsSegment,
    /// The signature.
    Signature,
    /// The segments and the periods between them.
    Structure,
    /// Characters that the member's pattern does not have.
    Characters,
}

/// The class of a token's refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `InvalidParameterException`: the text is not of the member's pattern.
    InvalidParameter,
    /// `NotAuthorizedException`.
    NotAuthorized,
}

impl Refusal {
    /// The error's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Refusal::InvalidParameter => "InvalidParameterException",
            Refusal::NotAuthorized => "NotAuthorizedException",
        }
    }
}

/// One labelled defect.
pub struct TokenDefect {
    /// The stable label.
    pub name: &'static str,
    /// Where it is.
    pub layer: Layer,
    /// The ids of the rules that a strict reader reports, all of them.
    pub rules: &'static [&'static str],
    edit: Edit,
}

impl fmt::Debug for TokenDefect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// What a defect does. The bytes that are drawn from decide its details: which place, which value.
enum Edit {
    Draft(fn(&mut Draft, i64, &mut Unstructured<'_>) -> arbitrary::Result<()>),
    /// Of a JSON text, or of a signature's bytes.
    Bytes(fn(&mut Vec<u8>, &mut Unstructured<'_>) -> arbitrary::Result<()>),
    /// Of a segment, or of the whole token.
    Text(fn(&mut String, &mut Unstructured<'_>) -> arbitrary::Result<()>),
}

impl TokenDefect {
    /// Whether it is in what the signature is made over.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.layer <= Layer::ClaimsText
    }

    /// How a server must refuse a token with this defect.
    #[must_use]
    pub fn refusal(&self) -> Refusal {
        if self.layer == Layer::Characters { Refusal::InvalidParameter } else { Refusal::NotAuthorized }
    }
}

/// Every defect.
pub fn defects() -> &'static [&'static TokenDefect] {
    static ALL: LazyLock<Vec<&TokenDefect>> = LazyLock::new(|| draft::DEFECTS.iter().chain(text::DEFECTS).collect());
    &ALL
}

/// What signs a drawn token.
#[derive(Clone, Debug)]
pub enum Signer {
    /// A key: the token verifies.
    Key(Arc<Memo>),
    /// 256 bytes that are no signature, where nobody verifies: signing takes longer than all the rest.
    Nobody,
    /// No key is at hand: the valid token, whose signature stays. What is changed under it is one defect, whatever it is:
    /// nobody can tell from the answer that the server saw more than a broken signature.
    Kept(Arc<str>),
}

impl Signer {
    /// Signs with this key.
    #[must_use]
    pub fn key(key: Key) -> Signer {
        Signer::Key(Arc::new(Memo { key, signatures: Mutex::default() }))
    }

    /// The signature over a text, base64url.
    fn sign(&self, message: &str) -> String {
        match self {
            Signer::Key(memo) => memo.sign(message),
            Signer::Nobody => NO_SIGNATURE.clone(),
            Signer::Kept(token) => token.rsplit('.').next().unwrap_or_default().to_owned(),
        }
    }

    /// Header and claims of the valid token as they stood.
    fn kept(&self) -> Option<(&str, &str)> {
        let Signer::Kept(token) = self else { return None };
        token.rsplit_once('.')?.0.split_once('.')
    }
}

/// 256 bytes, base64url.
static NO_SIGNATURE: LazyLock<String> = LazyLock::new(|| BASE64URL_NOPAD.encode(&[0x5a; 256]));

/// A key that remembers what it has signed: a fuzzer draws the same texts again and again.
#[derive(Debug)]
pub struct Memo {
    key: Key,
    signatures: Mutex<HashMap<String, String>>,
}

impl Memo {
    /// How many signatures are remembered.
    const MOST: usize = 20_000;

    fn sign(&self, message: &str) -> String {
        let mut signatures = self.signatures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(signature) = signatures.get(message) {
            return signature.clone();
        }
        if signatures.len() >= Self::MOST {
            signatures.clear();
        }
        let signature = self.key.sign(message.as_bytes());
        signatures.insert(message.to_owned(), signature.clone());
        signature
    }
}

/// A real token that defects are put into.
#[derive(Clone, Debug)]
pub struct Base {
    /// Header and claims.
    pub draft: Draft,
    /// The time at which the token is judged, in seconds since the epoch.
    pub now: i64,
    /// What signs it.
    pub signer: Signer,
}

impl Base {
    /// A token as Cognito makes it, of a pool that is nowhere.
    #[must_use]
    pub fn example(signer: Signer) -> Base {
        const NOW: i64 = 1_800_000_000;
        let kid = match &signer {
            Signer::Key(memo) => memo.key.kid.clone(),
            Signer::Nobody | Signer::Kept(_) => "abcdefghexample=".to_owned(),
        };
        let header = json!({ "kid": kid, "alg": "RS256" });
        let claims = json!({
            "sub": "3c46320b-c60e-4a21-9d64-5829bfede1c4",
            "iss": "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_aB3dEfGh9",
            "client_id": "1example23456789abcdefghij",
            "origin_jti": "a1b2c3d4-0000-4000-8000-000000000001",
            "event_id": "a1b2c3d4-0000-4000-8000-000000000002",
            "token_use": "access",
            "scope": SCOPE,
            "auth_time": NOW - 60,
            "exp": NOW + 3540,
            "iat": NOW - 60,
            "jti": "a1b2c3d4-0000-4000-8000-000000000003",
            "username": "james",
        });
        Base { draft: Draft { header: members(header), claims: members(claims) }, now: NOW, signer }
    }
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// A drawn token.
#[derive(Clone)]
pub struct Drawn {
    /// The text.
    pub text: String,
    /// Its defects, at most one a layer; none where the token is right.
    pub defects: Vec<&'static TokenDefect>,
}

impl fmt::Debug for Drawn {
    /// A token is a secret: only its defects are shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a token of {} bytes with {:?}", self.text.len(), self.defects)
    }
}

impl Drawn {
    /// A token as it is, without a defect.
    #[must_use]
    pub fn right(text: &str) -> Drawn {
        Drawn { text: text.to_owned(), defects: Vec::new() }
    }

    /// How a server must answer it; `None` where it must serve it.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        // The pattern is checked before anything reads the token.
        let outside = self.defects.iter().any(|defect| defect.refusal() == Refusal::InvalidParameter);
        match (self.defects.is_empty(), outside) {
            (true, _) => None,
            (false, true) => Some(Refusal::InvalidParameter),
            (false, false) => Some(Refusal::NotAuthorized),
        }
    }
}

/// Draws a token with no defect, one, or up to three of different layers.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn draw(u: &mut Unstructured<'_>, base: &Base) -> arbitrary::Result<Drawn> {
    let mut chosen = slots::choose(u, defects())?;
    let mut layers = BTreeSet::new();
    chosen.retain(|(defect, _)| layers.insert(defect.layer));
    chosen.sort_by_key(|(defect, _)| defect.layer);
    make(base, chosen)
}

/// Draws a token with these defects, at most one a layer and in the layers' order.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn with(u: &mut Unstructured<'_>, base: &Base, defects: Vec<&'static TokenDefect>) -> arbitrary::Result<Drawn> {
    let chosen = defects.into_iter().map(|defect| Ok((defect, slots::slot(u)?))).collect::<arbitrary::Result<_>>()?;
    make(base, chosen)
}

/// A defect, and the bytes that its details are drawn from.
type Chosen<'a> = (&'static TokenDefect, Unstructured<'a>);

fn make(base: &Base, mut chosen: Vec<Chosen<'_>>) -> arbitrary::Result<Drawn> {
    let mut draft = Cow::Borrowed(&base.draft);
    let mut void = BTreeSet::new();
    for (defect, slot) in &mut chosen {
        if let Edit::Draft(edit) = defect.edit {
            let before = draft.clone();
            edit(draft.to_mut(), base.now, slot)?;
            // A token may lack what is to be taken away: then it has not this defect.
            if draft == before {
                void.insert(defect.name);
            }
        }
    }
    chosen.retain(|(defect, _)| !void.contains(defect.name));
    let mut header = draft.header_text().into_bytes();
    let mut claims = draft.claims_text().into_bytes();
    bytes(&mut chosen, Layer::HeaderText, &mut header)?;
    bytes(&mut chosen, Layer::ClaimsText, &mut claims)?;
    let mut header = BASE64URL_NOPAD.encode(&header);
    let mut claims = BASE64URL_NOPAD.encode(&claims);
    if let Some(kept) = base.signer.kept()
        && !chosen.iter().any(|(defect, _)| defect.is_signed())
    {
        (header, claims) = (kept.0.to_owned(), kept.1.to_owned());
    }
    text(&mut chosen, Layer::HeaderSegment, &mut header)?;
    text(&mut chosen, Layer::ClaimsSegment, &mut claims)?;
    let mut token = format!("{header}.{claims}");
    let mut signature = base.signer.sign(&token);
    let is_of_bytes =
        |(defect, _): &Chosen<'_>| defect.layer == Layer::Signature && matches!(defect.edit, Edit::Bytes(_));
    if chosen.iter().any(is_of_bytes) {
        let mut raw = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap_or_default();
        bytes(&mut chosen, Layer::Signature, &mut raw)?;
        signature = BASE64URL_NOPAD.encode(&raw);
    }
    text(&mut chosen, Layer::Signature, &mut signature)?;
    token.push('.');
    token.push_str(&signature);
    text(&mut chosen, Layer::Structure, &mut token)?;
    text(&mut chosen, Layer::Characters, &mut token)?;
    let mut defects: Vec<_> = chosen.into_iter().map(|(defect, _)| defect).collect();
    if base.signer.kept().is_some() && defects.iter().any(|defect| defect.is_signed()) {
        defects.retain(|defect| !defect.is_signed());
        defects.insert(0, &SIGNATURE_KEPT);
    }
    Ok(Drawn { text: token, defects })
}

/// The edits of a layer that are of bytes.
fn bytes(chosen: &mut [Chosen<'_>], layer: Layer, of: &mut Vec<u8>) -> arbitrary::Result<()> {
    for (defect, slot) in chosen.iter_mut().filter(|(defect, _)| defect.layer == layer) {
        if let Edit::Bytes(edit) = defect.edit {
            edit(of, slot)?;
        }
    }
    Ok(())
}

/// The edits of a layer that are of text.
fn text(chosen: &mut [Chosen<'_>], layer: Layer, of: &mut String) -> arbitrary::Result<()> {
    for (defect, slot) in chosen.iter_mut().filter(|(defect, _)| defect.layer == layer) {
        if let Edit::Text(edit) = defect.edit {
            edit(of, slot)?;
        }
    }
    Ok(())
}

/// Header or claims are changed, and the signature is not: what [`Signer::Kept`] makes of every such defect.
pub static SIGNATURE_KEPT: TokenDefect = TokenDefect {
    name: "signature.kept",
    layer: Layer::Signature,
    rules: &["token.signature"],
    edit: Edit::Text(|_, _| Ok(())),
};
