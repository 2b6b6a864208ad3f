//! A server that hands secrets back in every field that a server controls, in every encoding.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use cogspec::emulator::{Config, Service};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use http::Request;
use serde_json::{Value, json};

/// A way to write a text.
type Encode = fn(&str) -> String;

/// The ways to write a secret, by name.
pub(crate) const ENCODINGS: [(&str, Encode); 9] = [
    ("plain", str::to_owned),
    ("base64", |text| BASE64.encode(text.as_bytes())),
    ("base64 amid text", |text| BASE64.encode(format!("x={text};").as_bytes())),
    ("base64url", |text| BASE64URL_NOPAD.encode(text.as_bytes())),
    ("percent", |text| text.bytes().map(|byte| format!("%{byte:02X}")).collect()),
    ("percent in part", |text| text.replace('.', "%2e").replace('-', "%2d").replace('e', "%65")),
    ("JSON", |text| text.bytes().map(|byte| format!("\\u{byte:04x}")).collect()),
    ("HTML", |text| text.bytes().map(|byte| format!("&#{byte};")).collect()),
    ("HTML in hexadecimal", |text| text.bytes().map(|byte| format!("&#x{byte:X};")).collect()),
];

/// The places of an answer.
pub(crate) const FIELDS: [&str; 44] = [
    "reason",
    "request id",
    "error type",
    "error message",
    "content type",
    "header",
    "header name",
    "set-cookie",
    "location",
    "__type",
    "code",
    "message",
    "Message",
    "text",
    "html",
    "xml",
    "utf-16",
    "truncated",
    "gzip",
    "a member",
    "an options member",
    "/rp/id",
    "/rp/name",
    "/user/id",
    "/user/name",
    "/user/displayName",
    "/challenge",
    "/excludeCredentials",
    "/pubKeyCredParams",
    "/authenticatorSelection",
    "/authenticatorSelection/userVerification",
    "/attestation",
    "/extensions",
    "/hints",
    "/timeout",
    "the options",
    "a name in the options",
    "Credentials",
    "FriendlyCredentialName",
    "NextToken",
    "Session",
    "UserSub",
    "ChallengeParameters",
    "deep",
];

/// Stands in an answer for what is to be handed back.
const HERE: &str = "@@HERE@@";

/// The server, for as long as the test process lives.
pub(crate) struct Echo {
    pub(crate) endpoint: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// By kind, the first of each that was seen.
    secrets: Vec<(&'static str, String)>,
    calls: usize,
    echoed: BTreeSet<(&'static str, &'static str)>,
    /// Whether calls of the operation that are to be served are.
    serves: bool,
}

impl State {
    fn keep(&mut self, kind: &'static str, value: Option<&Value>) {
        let Some(secret) = value.and_then(Value::as_str) else { return };
        if !self.secrets.iter().any(|(known, _)| *known == kind) {
            self.secrets.push((kind, secret.to_owned()));
            if let Some((_, signature)) = secret.rsplit_once('.').filter(|_| kind != "password") {
                self.secrets.push(("signature", signature.to_owned()));
            }
        }
    }

    /// What is handed back next, and where: each secret in each field in each encoding, in turn.
    fn next(&mut self) -> (&'static str, String) {
        let call = self.calls;
        self.calls += 1;
        let field = FIELDS[call % FIELDS.len()];
        let round = call / FIELDS.len();
        let (name, encode) = ENCODINGS[round % ENCODINGS.len()];
        let (_, secret) = &self.secrets[(call + round / ENCODINGS.len()) % self.secrets.len()];
        self.echoed.insert((field, name));
        (field, encode(secret))
    }
}

impl Echo {
    /// Begins to serve. The first calls of the operation are served rightly, for a run looks at the target first.
    pub(crate) fn start() -> Echo {
        Echo::with(State::default())
    }

    /// The same for the fuzzer, which can tell nothing where plain calls are refused: what is to be served is.
    pub(crate) fn that_serves() -> Echo {
        Echo::with(State { serves: true, ..State::default() })
    }

    fn with(state: State) -> Echo {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(state));
        let (service, shared) = (Arc::new(Service::new(&Config::default())), Arc::clone(&state));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (service, state) = (Arc::clone(&service), Arc::clone(&shared));
                std::thread::spawn(move || connection(stream, &service, &state));
            }
        });
        Echo { endpoint, state }
    }

    /// Every secret that was handed back, with its kind.
    pub(crate) fn secrets(&self) -> Vec<(&'static str, String)> {
        self.state.lock().unwrap().secrets.clone()
    }

    /// The pairs of field and encoding in which something was handed back.
    pub(crate) fn echoed(&self) -> usize {
        self.state.lock().unwrap().echoed.len()
    }
}

fn connection(stream: TcpStream, service: &Service, state: &Mutex<State>) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(&mut reader) {
        let answer = answer(&request, service, state);
        if writer.write_all(&answer).is_err() || answer.windows(17).any(|window| window == b"connection: close") {
            return;
        }
    }
}

/// A request with a length; what is framed otherwise ends the connection.
fn read(reader: &mut impl BufRead) -> Option<Request<Bytes>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).ok()? == 0 || head.len() > 1 << 20 {
            return None;
        }
    }
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(&head).ok()?;
    let mut request = Request::builder().method(parsed.method?).uri(parsed.path?);
    let mut length = 0;
    for header in parsed.headers.iter() {
        request = request.header(header.name, header.value);
        if header.name.eq_ignore_ascii_case("content-length") {
            length = std::str::from_utf8(header.value).ok()?.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body(body.into()).ok()
}

fn answer(request: &Request<Bytes>, service: &Service, state: &Mutex<State>) -> Vec<u8> {
    let target = request.headers().get("X-Amz-Target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    let input: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    let served = service.handle(request);
    let output: Value = serde_json::from_slice(served.body()).unwrap_or_default();
    let mut state = state.lock().unwrap();
    if operation == "AdminSetUserPassword" {
        state.keep("password", input.get("Password"));
    }
    let result = &output["AuthenticationResult"];
    state.keep("access token", result.get("AccessToken"));
    state.keep("id token", result.get("IdToken"));
    state.keep("refresh token", result.get("RefreshToken"));
    state.keep("Session", output.get("Session"));
    let is_echoed = match operation.as_str() {
        "StartWebAuthnRegistration" => !(state.serves && served.status().is_success()),
        "CompleteWebAuthnRegistration"
        | "ListWebAuthnCredentials"
        | "DeleteWebAuthnCredential"
        | "RespondToAuthChallenge"
        | "GetUserAuthFactors" => state.calls.is_multiple_of(3),
        "DeleteUserPool" => true,
        _ => false,
    };
    if is_echoed && !state.secrets.is_empty() {
        let first = state.calls < 4 && operation == "StartWebAuthnRegistration";
        let (field, secret) = state.next();
        if !first {
            return echo(field, &secret, &output);
        }
    }
    let mut head = format!("HTTP/1.1 {} x\r\n", served.status().as_u16());
    for (name, value) in served.headers() {
        if name != "content-length" {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
    }
    [format!("{head}content-length: {}\r\n\r\n", served.body().len()).as_bytes(), served.body()].concat()
}

fn echo(field: &str, secret: &str, output: &Value) -> Vec<u8> {
    let (mut status, mut reason, mut headers) = (400, "Bad Request".to_owned(), Vec::new());
    let mut header = |name: &str, value: &str| headers.push((name.to_owned(), value.to_owned()));
    let mut fault = json!({ "__type": "NotAuthorizedException", "message": "no" });
    let mut body = None;
    match field {
        "reason" => reason = secret.to_owned(),
        "request id" => header("x-amzn-requestid", secret),
        "error type" => {
            fault = json!({ "message": "no" });
            header("x-amzn-errortype", secret);
        }
        "error message" => header("x-amzn-errormessage", secret),
        "content type" => header("content-type", secret),
        "header" => header("x-debug", &format!("token={secret}; more")),
        // What no name of a header can have is left out.
        "header name" => header(&secret.replace(['=', '/', '&', ';', '\\', '!'], ""), "1"),
        "set-cookie" => header("set-cookie", &format!("session={secret}; Secure")),
        "location" => {
            status = 302;
            header("location", &format!("https://example.com/?token={secret}"));
        }
        "__type" | "code" => fault = json!({ field: format!("aws#{HERE}"), "message": "no" }),
        "message" | "Message" => {
            fault = json!({ "__type": "NotAuthorizedException", field: format!("bad token {HERE}.") })
        }
        "text" => body = Some(format!("bad token {HERE}").into_bytes()),
        "html" => body = Some(format!("<html><p title='{HERE}'>{HERE}</p></html>").into_bytes()),
        "xml" => body = Some(format!("<?xml version='1.0'?><Error><Message>{HERE}</Message></Error>").into_bytes()),
        "utf-16" => body = Some(format!("\u{feff}bad {secret}").encode_utf16().flat_map(u16::to_le_bytes).collect()),
        "truncated" => body = Some(format!("{{\"message\":\"bad {HERE}").into_bytes()),
        "gzip" => {
            header("content-encoding", "gzip");
            body = Some(gzip(secret.as_bytes()));
        }
        "a member" => fault = json!({ "__type": "NotAuthorizedException", "message": "no", HERE: HERE }),
        "deep" => {
            fault = json!({ "__type": "NotAuthorizedException", "message": "no", "a": [[{ "b": { "c": HERE } }]] })
        }
        _ => {
            status = 200;
            fault = success(field, output);
        }
    }
    let body = body.unwrap_or_else(|| fault.to_string().into_bytes());
    let body = match String::from_utf8(body) {
        Ok(text) => text.replace(HERE, secret).into_bytes(),
        Err(bytes) => bytes.into_bytes(),
    };
    let mut head = format!("HTTP/1.1 {status} {reason}\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [format!("{head}content-length: {}\r\n\r\n", body.len()).as_bytes(), &body].concat()
}

/// A success with the secret in one member.
fn success(field: &str, output: &Value) -> Value {
    let mut output = if output.is_object() { output.clone() } else { json!({}) };
    let options = json!({ "rp": {}, "user": {}, "authenticatorSelection": {} });
    match field {
        "an options member" => output["CredentialCreationOptions"][HERE] = json!(HERE),
        "the options" => output["CredentialCreationOptions"] = json!(HERE),
        "a name in the options" => output["CredentialCreationOptions"]["rp"][HERE] = json!({ "a": 1 }),
        "/excludeCredentials" => {
            output["CredentialCreationOptions"]["excludeCredentials"] = json!([{ "type": "public-key", "id": HERE }]);
        }
        "/pubKeyCredParams" => {
            output["CredentialCreationOptions"]["pubKeyCredParams"] = json!([{ "type": HERE, "alg": HERE }]);
        }
        "/extensions" => output["CredentialCreationOptions"]["extensions"] = json!({ HERE: { "eval": HERE } }),
        "/hints" => output["CredentialCreationOptions"]["hints"] = json!([HERE]),
        "Credentials" => {
            output["Credentials"] = json!([{ "CredentialId": HERE, "RelyingPartyId": HERE, "CreatedAt": 1 }])
        }
        "FriendlyCredentialName" => {
            output["Credentials"] = json!([{ "FriendlyCredentialName": HERE, "AuthenticatorTransports": [HERE] }]);
        }
        "NextToken" | "UserSub" => output[field] = json!(HERE),
        "Session" => output["Session"] = json!(format!("{HERE}x")),
        "ChallengeParameters" => {
            output["ChallengeParameters"] = json!({ "CREDENTIAL_REQUEST_OPTIONS": HERE, HERE: "a" })
        }
        pointer => {
            if !output["CredentialCreationOptions"].is_object() {
                output["CredentialCreationOptions"] = options;
            }
            let (parent, name) = pointer.rsplit_once('/').unwrap();
            if let Some(parent) = output["CredentialCreationOptions"].pointer_mut(parent) {
                parent[name] = json!(HERE);
            }
        }
    }
    output
}

/// A gzip file (RFC 1952) of one stored block (RFC 1951, 3.2.4), in which the bytes stand as they are.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap();
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend(bytes);
    // A checksum that nobody looks at here.
    file.extend([0; 4]);
    file.extend(u32::from(length).to_le_bytes());
    file
}
