//! Registrations and assertions at the embedded emulator: drawn ones are answered as their labels say, and of any bytes
//! nothing is taken that the judge's own verification refuses.

use std::sync::{Mutex, PoisonError};

use arbitrary::Unstructured;
use serde_json::{Value, json};

use super::service::{Embedded, RELYING_PARTY, judged};
use crate::ceremony::{
    Algorithm, Assertion, Creation, Credential, Registration, RequestOptions, UserVerification, broken_by_assertion,
    broken_by_registration, credential_id,
};
use crate::cognito::{COMPLETE, DELETE, INITIATE_AUTH, Operation, RESPOND, START};
use crate::generate::credential::{self, Right};
use crate::oracle::SecretParts;
use crate::oracle::sessions::Actor;
use crate::wire::{Exchange, Request, Response};

/// What bytes stand for that are not drawn from, told by the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Raw {
    AttestationObject,
    AuthenticatorData,
    ClientData,
    AssertionAuthenticatorData,
    AssertionClientData,
    AssertionText,
    /// The text of `Credential`; the first byte is the text's own.
    Text,
}

impl Raw {
    fn of(data: &[u8]) -> (Raw, &[u8]) {
        let kind = match data.first() {
            Some(2) => Raw::AttestationObject,
            Some(3) => Raw::AuthenticatorData,
            Some(4) => Raw::ClientData,
            Some(5) => Raw::AssertionAuthenticatorData,
            Some(6) => Raw::AssertionClientData,
            Some(7) => Raw::AssertionText,
            _ => return (Raw::Text, data),
        };
        (kind, &data[1..])
    }
}

/// Holds what is drawn: a registration, or an assertion in every fourth draw.
pub(super) fn hold_drawn(u: &mut Unstructured<'_>) -> arbitrary::Result<Vec<String>> {
    if u.int_in_range(0..=3_u8)? == 3 {
        let drawn = credential::assertion(u)?;
        return Ok(Subject::with(drawn.user_verification(), |subject| {
            let told = subject.answer(|options, credential| {
                let document = drawn.assert(options, ORIGIN, credential).document();
                let right = drawn.right(broken_by_assertion(&document, options, credential));
                (document.to_string(), right)
            });
            labelled(&drawn.labels(), told)
        }));
    }
    let drawn = credential::registration(u)?;
    Ok(Subject::with(drawn.user_verification(), |subject| {
        let told = subject.complete(|creation| {
            let document = drawn.register(creation, ORIGIN).document();
            let right = drawn.right(broken_by_registration(&document, creation));
            (document.to_string(), right)
        });
        labelled(&drawn.labels(), told)
    }))
}

/// Holds bytes as they stand. The words in capitals stand for what changes with each call.
pub(super) fn hold_raw(data: &[u8]) -> Vec<String> {
    let (kind, bytes) = Raw::of(data);
    let challenge = |of: &str| Some(replaced(bytes, &[("CHALLENGE", of)]));
    let registration = |creation: &Creation| {
        let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
        let mut draft = Registration::new(creation, ORIGIN, &credential);
        match kind {
            Raw::AttestationObject => {
                draft.attestation.instead = Some(bytes.to_vec());
                name(&mut draft, authenticator_data(bytes).as_deref().and_then(credential_id));
            }
            Raw::AuthenticatorData => {
                draft.authenticator_data.instead = Some(bytes.to_vec());
                name(&mut draft, credential_id(bytes));
            }
            Raw::ClientData => draft.client_data.instead = challenge(&creation.challenge),
            _ => {
                let words = words(&draft.document(), &["clientDataJSON", "attestationObject"]);
                return (String::from_utf8_lossy(&replaced(bytes, &by_reference(&words))).into_owned(), Right::Open);
            }
        }
        (draft.document().to_string(), Right::Open)
    };
    let assertion = |options: &RequestOptions, credential: &mut Credential| {
        let mut draft = Assertion::new(options, ORIGIN, credential);
        match kind {
            Raw::AssertionAuthenticatorData => draft.authenticator_data.instead = Some(bytes.to_vec()),
            Raw::AssertionClientData => draft.client_data.instead = challenge(&options.challenge),
            _ => {
                let words = words(&draft.document(), &["clientDataJSON", "authenticatorData", "signature"]);
                return (String::from_utf8_lossy(&replaced(bytes, &by_reference(&words))).into_owned(), Right::Open);
            }
        }
        (draft.document().to_string(), Right::Open)
    };
    Subject::with(UserVerification::Preferred, |subject| match kind {
        Raw::AssertionAuthenticatorData | Raw::AssertionClientData | Raw::AssertionText => subject.answer(assertion),
        _ => subject.complete(registration),
    })
}

/// The page that all is from.
const ORIGIN: &str = "https://auth.example.com";

/// A user who registers and signs in again and again, and has one passkey.
struct Subject {
    embedded: &'static Embedded,
    actor: Actor,
    access: String,
    secrets: SecretParts,
    passkey: Credential,
    /// The options of the last Start.
    creation: Creation,
}

impl Subject {
    /// Lends the user of a pool that asks for this user verification. One of whom something was told is not used again.
    fn with(user_verification: UserVerification, hold: impl FnOnce(&mut Subject) -> Vec<String>) -> Vec<String> {
        static PREFERRED: Mutex<Option<Subject>> = Mutex::new(None);
        static REQUIRED: Mutex<Option<Subject>> = Mutex::new(None);
        let (name, place) = match user_verification {
            UserVerification::Required => ("required", &REQUIRED),
            _ => ("preferred", &PREFERRED),
        };
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        let mut subject = place.take().unwrap_or_else(|| Subject::new(name));
        let told = hold(&mut subject);
        *place = told.is_empty().then_some(subject);
        told
    }

    fn new(user_verification: &str) -> Subject {
        let embedded = Embedded::get();
        let actor = embedded.new_pool(user_verification);
        let access = embedded.signed_in(&actor);
        let begun = embedded.exchange(Request::start(&access));
        let creation = begun_options(&begun).and_then(|options| Creation::of(&options)).expect("Start is served");
        let passkey = Credential::new(RELYING_PARTY, creation.user_id.clone(), Algorithm::Es256);
        let secrets = [access.as_str()].into_iter().collect();
        let mut subject = Subject { embedded, actor, access, secrets, passkey, creation };
        let document = Registration::new(&subject.creation, ORIGIN, &subject.passkey).document();
        let class = subject.send(&COMPLETE, subject.completion(&document.to_string())).0;
        assert_eq!(class, "success", "a registration without a defect");
        let told = subject.begin(&[]);
        assert_eq!(told, [""; 0]);
        subject
    }

    /// Completes the registration that is under way with the document of that text, and begins the next one.
    fn complete(&mut self, make: impl FnOnce(&Creation) -> (String, Right)) -> Vec<String> {
        let (text, right) = make(&self.creation);
        let request = self.completion(&text);
        let sent = serde_json::from_slice::<Value>(&request.body).ok();
        let (class, status, mut told) = self.send(&COMPLETE, request);
        if !right.is(&class, status) {
            told.push(format!("expected {right:?}, got {class} ({status})"));
        }
        if class != "success" {
            told.extend(self.begin(&[]));
            return told;
        }
        let document = sent.as_ref().and_then(|sent| sent.get("Credential")).unwrap_or(&Value::Null);
        if let Some(rule) = broken_by_registration(document, &self.creation) {
            told.push(format!("taken, and breaks {}", rule.id));
        }
        let id = document.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        told.extend(self.begin(&[&id]));
        self.send(
            &DELETE,
            Request::call(DELETE.name, json!({ "AccessToken": self.access, "CredentialId": id }).to_string()),
        );
        told.extend(self.begin(&[]));
        told
    }

    /// Begins a registration. Beside the user's first passkey it must exclude these, and no others.
    fn begin(&mut self, others: &[&str]) -> Vec<String> {
        let exchange = self.embedded.exchange(Request::start(&self.access));
        let options = begun_options(&exchange);
        let Some(creation) = options.as_ref().and_then(Creation::of) else {
            return vec![format!("Start: {}", exchange.in_short(&exchange.classify(&START)))];
        };
        self.creation = creation;
        let excluded = options.as_ref().and_then(|options| options.get("excludeCredentials")?.as_array());
        let ids: Vec<&str> = excluded.into_iter().flatten().filter_map(|entry| entry.get("id")?.as_str()).collect();
        let first = self.passkey.id_text();
        let wanted: Vec<&str> = [first.as_str()].into_iter().chain(others.iter().copied()).collect();
        if ids == wanted { Vec::new() } else { vec![format!("excluded are {ids:?}, not {wanted:?}")] }
    }

    /// Signs in with the credential of that text.
    fn answer(&mut self, make: impl FnOnce(&RequestOptions, &mut Credential) -> (String, Right)) -> Vec<String> {
        let parameters = json!({ "USERNAME": self.actor.username, "PREFERRED_CHALLENGE": "WEB_AUTHN" });
        let input = json!({ "AuthFlow": "USER_AUTH", "ClientId": self.actor.client, "AuthParameters": parameters });
        let begun = self.embedded.control(INITIATE_AUTH.name, &input).unwrap_or_default();
        let options = begun.pointer("/ChallengeParameters/CREDENTIAL_REQUEST_OPTIONS").and_then(Value::as_str);
        let options: Option<Value> = options.and_then(|text| serde_json::from_str(text).ok());
        let Some(options) = options.as_ref().and_then(RequestOptions::of) else {
            return vec!["no passkey challenge".to_owned()];
        };
        let (text, right) = make(&options, &mut self.passkey);
        let input = json!({
            "ClientId": self.actor.client,
            "ChallengeName": "WEB_AUTHN",
            "Session": begun["Session"],
            "ChallengeResponses": { "USERNAME": self.actor.username, "CREDENTIAL": text },
        });
        let exchange = self.embedded.exchange(Request::call(RESPOND.name, input.to_string()));
        let output =
            exchange.result.as_ref().ok().and_then(|answer| serde_json::from_slice::<Value>(&answer.body).ok());
        let (class, status, mut told) = self.judged(&RESPOND, &exchange);
        if !right.is(&class, status) {
            told.push(format!("expected {right:?}, got {class} ({status})"));
        }
        if class == "success" {
            let document = serde_json::from_str(&text).unwrap_or_default();
            if let Some(rule) = broken_by_assertion(&document, &options, &self.passkey) {
                told.push(format!("taken, and breaks {}", rule.id));
            }
            let refresh = output.as_ref().and_then(|output| output.pointer("/AuthenticationResult/RefreshToken"));
            // So that sessions do not fill the memory.
            let ended = json!({ "ClientId": self.actor.client, "Token": refresh });
            if self.embedded.control("RevokeToken", &ended).is_none() {
                told.push("a success without a session".to_owned());
            }
        }
        told
    }

    fn completion(&self, credential: &str) -> Request {
        let body = format!(r#"{{"AccessToken":"{}","Credential":{credential}}}"#, self.access);
        Request::call(COMPLETE.name, body)
    }

    /// The class and the status of the answer, and what is wrong with it by itself.
    fn send(&self, operation: &Operation, request: Request) -> (String, u16, Vec<String>) {
        self.judged(operation, &self.embedded.exchange(request))
    }

    fn judged(&self, operation: &Operation, exchange: &Exchange) -> (String, u16, Vec<String>) {
        let Ok(response) = &exchange.result else { return (String::new(), 0, vec!["no answer".to_owned()]) };
        let (classification, mut told) = judged(operation, &exchange.request, response, &self.secrets);
        if classification.is_server_error() {
            told.push(format!("a server error: {}", exchange.in_short(&classification)));
        }
        (classification.name().into_owned(), response.status, told)
    }
}

/// The options in an answer to Start.
fn begun_options(exchange: &Exchange) -> Option<Value> {
    let answer = exchange.result.as_ref().ok().filter(|answer| Response::is_success(answer))?;
    serde_json::from_slice::<Value>(&answer.body).ok()?.get_mut(START.output[0].name).map(Value::take)
}

fn labelled(labels: &[&str], told: Vec<String>) -> Vec<String> {
    told.into_iter().map(|told| format!("{labels:?}: {told}")).collect()
}

/// Gives the document the id that is in the authenticator data.
fn name(draft: &mut Registration, id: Option<&[u8]>) {
    if let (Some(attested), Some(id)) = (&mut draft.authenticator_data.attested, id) {
        attested.credential_id = id.to_vec();
    }
}

/// `authData` of an attestation object.
fn authenticator_data(object: &[u8]) -> Option<Vec<u8>> {
    let object: ciborium::Value = ciborium::from_reader(object).ok()?;
    let (_, data) = object.as_map()?.iter().find(|(name, _)| name.as_text() == Some("authData"))?;
    data.as_bytes().cloned()
}

/// What the words in a text of a credential stand for: members of the right one's response, and its id.
fn words(document: &Value, members: &[&'static str]) -> Vec<(&'static str, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of_response = members.iter().map(|member| {
        let word = match *member {
            "clientDataJSON" => "CLIENT_DATA",
            "attestationObject" => "ATTESTATION",
            "authenticatorData" => "AUTHENTICATOR_DATA",
            _ => "SIGNATURE",
        };
        (word, text(&document["response"][*member]))
    });
    of_response.chain([("CREDENTIAL_ID", text(&document["id"]))]).collect()
}

fn by_reference<'a>(words: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    words.iter().map(|(word, text)| (*word, text.as_str())).collect()
}

/// The bytes with text for words.
fn replaced(bytes: &[u8], words: &[(&str, &str)]) -> Vec<u8> {
    let mut rest = bytes;
    let mut replaced = Vec::with_capacity(bytes.len());
    'bytes: while let Some((first, behind)) = rest.split_first() {
        for (word, text) in words {
            if let Some(behind) = rest.strip_prefix(word.as_bytes()) {
                replaced.extend(text.as_bytes());
                rest = behind;
                continue 'bytes;
            }
        }
        replaced.push(*first);
        rest = behind;
    }
    replaced
}
