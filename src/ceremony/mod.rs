//! The client and the authenticator of a passkey ceremony, in software: the judge's own, right in every detail, and with
//! labelled defects.
//!
//! A [`Registration`] or an [`Assertion`] is a draft of a credential that a browser would send: its layers are open, and
//! [`document`](Registration::document) serialises and signs them as they then stand. Each layer can be replaced by bytes
//! of one's own (`instead`), which is how an edit reaches what no writer would write. [`REGISTRATION`] and [`ASSERTION`]
//! hold such edits, with what a server must make of each. [`broken_by_registration`] and [`broken_by_assertion`] are the
//! judge's own verification of what was sent, whoever made it.
//!
//! ```
//! use cogspec::ceremony::{Algorithm, Creation, Credential, Registration};
//!
//! let options = serde_json::json!({
//!     "challenge": "7ZYQvqt16U_ZcQ6fx4okaQ",
//!     "rp": {"id": "auth.example.com", "name": "auth.example.com"},
//!     "user": {"id": "M2M0NjMyMGI", "name": "ann", "displayName": ""},
//!     "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
//! });
//! let creation = Creation::of(&options).expect("creation options");
//! let credential = Credential::new(&creation.rp_id, creation.user_id.clone(), Algorithm::Es256);
//! let draft = Registration::new(&creation, "https://auth.example.com", &credential);
//! assert_eq!(draft.document()["type"], "public-key");
//! ```

mod assertion;
mod authenticator_data;
mod cbor;
mod client_data;
mod credential;
mod defects;
mod options;
mod registration;
mod usable;
mod verify;

pub use assertion::Assertion;
pub use authenticator_data::{AttestedCredential, AuthenticatorData, flags};
pub use client_data::ClientData;
pub use credential::{Algorithm, Credential};
pub use defects::{ASSERTION, Class, Defect, Expect, Place, REGISTRATION};
pub use options::{Creation, RequestOptions, UserVerification, origin};
pub use registration::{Attestation, Registration};
pub use usable::{NotProved, compare, usable};
pub use verify::{broken_by_assertion, broken_by_registration, credential_id};
