//! Access tokens: a real one, then labelled defects at every layer, signed again where the defect needs a valid signature.

mod draft;
mod text;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use arbitrary::Unstructured;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value, json};

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
            Signer::Nobody => BASE64URL_NOPAD.encode(&[0x5a; 256]),
        }
    }
}

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
            Signer::Nobody => "abcdefghexample=".to_owned(),
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
    let mut chosen: Vec<&'static TokenDefect> = Vec::new();
    for _ in 0..*u.choose(&[0, 1, 1, 1, 2, 3])? {
        chosen.push(u.choose(defects())?);
    }
    let mut layers = BTreeSet::new();
    chosen.retain(|defect| layers.insert(defect.layer));
    chosen.sort_by_key(|defect| defect.layer);
    with(u, base, chosen)
}

/// Draws a token with these defects, at most one a layer and in the layers' order.
///
/// # Errors
/// When the bytes cannot be drawn from.
pub fn with(u: &mut Unstructured<'_>, base: &Base, defects: Vec<&'static TokenDefect>) -> arbitrary::Result<Drawn> {
    let mut draft = base.draft.clone();
    for defect in &defects {
        if let Edit::Draft(edit) = defect.edit {
            edit(&mut draft, base.now, u)?;
        }
    }
    let mut header = draft.header_text().into_bytes();
    let mut claims = draft.claims_text().into_bytes();
    bytes(&defects, Layer::HeaderText, &mut header, u)?;
    bytes(&defects, Layer::ClaimsText, &mut claims, u)?;
    let mut header = BASE64URL_NOPAD.encode(&header);
    let mut claims = BASE64URL_NOPAD.encode(&claims);
    segment(&defects, Layer::HeaderSegment, &mut header, u)?;
    segment(&defects, Layer::ClaimsSegment, &mut claims, u)?;
    let mut text = format!("{header}.{claims}");
    let signature = base.signer.sign(&text);
    let mut raw = BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap_or_default();
    bytes(&defects, Layer::Signature, &mut raw, u)?;
    let mut signature = BASE64URL_NOPAD.encode(&raw);
    segment(&defects, Layer::Signature, &mut signature, u)?;
    text.push('.');
    text.push_str(&signature);
    segment(&defects, Layer::Structure, &mut text, u)?;
    segment(&defects, Layer::Characters, &mut text, u)?;
    Ok(Drawn { text, defects })
}

fn bytes(defects: &[&TokenDefect], layer: Layer, of: &mut Vec<u8>, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    for defect in defects.iter().filter(|defect| defect.layer == layer) {
        if let Edit::Bytes(edit) = defect.edit {
            edit(of, u)?;
        }
    }
    Ok(())
}

fn segment(defects: &[&TokenDefect], layer: Layer, of: &mut String, u: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    for defect in defects.iter().filter(|defect| defect.layer == layer) {
        if let Edit::Text(edit) = defect.edit {
            edit(of, u)?;
        }
    }
    Ok(())
}
