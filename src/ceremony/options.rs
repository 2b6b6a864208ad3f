//! What a ceremony needs of the options that a server sends. Whether they are right is `options::check`'s matter.

use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

/// How much a relying party wants the user to be verified (WebAuthn, sctn-userVerificationRequirement).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UserVerification {
    /// An assertion without it is refused.
    Required,
    /// Wanted, and done without where it cannot be had; also where the options say nothing.
    #[default]
    Preferred,
    /// Not wanted.
    Discouraged,
}

impl UserVerification {
    /// Of its text; what is not known is as if it were not there (WebAuthn, dictionary-authenticatorSelection).
    fn of(text: Option<&str>) -> Self {
        match text {
            Some("required") => UserVerification::Required,
            Some("discouraged") => UserVerification::Discouraged,
            _ => UserVerification::Preferred,
        }
    }
}

/// What a registration needs of creation options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Creation {
    /// The challenge, the text exactly as it was sent.
    pub challenge: String,
    /// `rp.id`.
    pub rp_id: String,
    /// `user.id`, decoded: the user handle.
    pub user_id: Vec<u8>,
    /// `authenticatorSelection.userVerification`.
    pub user_verification: UserVerification,
    /// The COSE algorithms that are offered, in their order.
    pub algorithms: Vec<i64>,
}

impl Creation {
    /// Of the options themselves (`CredentialCreationOptions`); `None` where a member that is needed cannot be read.
    #[must_use]
    pub fn of(options: &Value) -> Option<Self> {
        let text = |pointer: &str| options.pointer(pointer)?.as_str();
        let params = options.get("pubKeyCredParams")?.as_array()?;
        Some(Creation {
            challenge: text("/challenge")?.to_owned(),
            rp_id: text("/rp/id")?.to_owned(),
            user_id: BASE64URL_NOPAD.decode(text("/user/id")?.as_bytes()).ok()?,
            user_verification: UserVerification::of(text("/authenticatorSelection/userVerification")),
            algorithms: params.iter().map(|entry| entry.get("alg")?.as_i64()).collect::<Option<_>>()?,
        })
    }
}

/// What an assertion needs of request options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestOptions {
    /// The challenge, the text exactly as it was sent.
    pub challenge: String,
    /// `rpId`.
    pub rp_id: String,
    /// The ids of `allowCredentials`, decoded; empty where there are none.
    pub allow: Vec<Vec<u8>>,
    /// `userVerification`.
    pub user_verification: UserVerification,
}

impl RequestOptions {
    /// Of the options themselves (the parsed text of `CREDENTIAL_REQUEST_OPTIONS`); `None` where a member that is needed
    /// cannot be read.
    #[must_use]
    pub fn of(options: &Value) -> Option<Self> {
        let text = |name: &str| options.get(name)?.as_str();
        let allow = match options.get("allowCredentials") {
            Some(list) => list
                .as_array()?
                .iter()
                .map(|entry| BASE64URL_NOPAD.decode(entry.get("id")?.as_str()?.as_bytes()).ok())
                .collect::<Option<_>>()?,
            None => Vec::new(),
        };
        Some(RequestOptions {
            challenge: text("challenge")?.to_owned(),
            rp_id: text("rpId")?.to_owned(),
            allow,
            user_verification: UserVerification::of(text("userVerification")),
        })
    }
}

/// The origin of the relying party's own page: `https`, or `http` on localhost.
#[must_use]
pub fn origin(rp_id: &str) -> String {
    let scheme = if rp_id == "localhost" { "http" } else { "https" };
    format!("{scheme}://{rp_id}")
}
