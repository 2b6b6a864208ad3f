//! The rules and classes of the steps that both ceremonies have.

use super::Class;
use crate::cognito::Rule;
use crate::cognito::rules::ceremony as rules;

const INVALID: &str = "InvalidParameterException";
const ORIGIN: &str = "WebAuthnOriginNotAllowedException";

/// A registration that cannot be verified.
pub(super) static CLASS_INVALID: Class = (&[INVALID], &rules::CLASS_INVALID);
/// An assertion that does not prove the user.
pub(super) static CLASS_SIGN_IN: Class = (&["NotAuthorizedException", INVALID], &rules::CLASS_SIGN_IN);
/// A registration that the options did not ask for.
pub(super) static CLASS_NOT_SUPPORTED: Class =
    (&["WebAuthnCredentialNotSupportedException", INVALID], &rules::CLASS_NOT_SUPPORTED);

/// Of one ceremony.
pub(super) struct Steps {
    pub(super) client_data: &'static Rule,
    pub(super) tolerant: &'static Rule,
    pub(super) ambiguous: &'static Rule,
    pub(super) type_: &'static Rule,
    pub(super) challenge: &'static Rule,
    pub(super) challenge_text: &'static Rule,
    pub(super) origin: &'static Rule,
    pub(super) origin_form: &'static Rule,
    pub(super) origin_choice: &'static Rule,
    pub(super) cross_origin: &'static Rule,
    pub(super) top_origin: &'static Rule,
    pub(super) authenticator_data: &'static Rule,
    pub(super) end: &'static Rule,
    pub(super) rp_id_hash: &'static Rule,
    pub(super) user_present: &'static Rule,
    pub(super) user_verified: &'static Rule,
    pub(super) backup: &'static Rule,
    pub(super) extensions: &'static Rule,
    pub(super) reserved: &'static Rule,
    pub(super) served: &'static Rule,
    pub(super) response: &'static Rule,
    pub(super) identity: &'static Rule,
    pub(super) encoding: &'static Rule,
    pub(super) members: &'static Rule,
    pub(super) unknown: &'static Rule,
    /// What cannot be verified for any other reason.
    pub(super) class: Class,
    pub(super) class_challenge: Class,
    pub(super) class_origin: Class,
    pub(super) class_origin_form: Class,
    pub(super) class_relying_party: Class,
    pub(super) class_not_supported: Class,
}

pub(super) static REGISTRATION: Steps = Steps {
    client_data: &rules::REGISTRATION_CLIENT_DATA,
    tolerant: &rules::REGISTRATION_TOLERANT,
    ambiguous: &rules::REGISTRATION_AMBIGUOUS,
    type_: &rules::REGISTRATION_TYPE,
    challenge: &rules::REGISTRATION_CHALLENGE,
    challenge_text: &rules::REGISTRATION_CHALLENGE_TEXT,
    origin: &rules::REGISTRATION_ORIGIN,
    origin_form: &rules::REGISTRATION_ORIGIN_FORM,
    origin_choice: &rules::REGISTRATION_ORIGIN_CHOICE,
    cross_origin: &rules::REGISTRATION_CROSS_ORIGIN,
    top_origin: &rules::REGISTRATION_TOP_ORIGIN,
    authenticator_data: &rules::REGISTRATION_AUTHENTICATOR_DATA,
    end: &rules::REGISTRATION_END,
    rp_id_hash: &rules::REGISTRATION_RP_ID_HASH,
    user_present: &rules::REGISTRATION_USER_PRESENT,
    user_verified: &rules::REGISTRATION_USER_VERIFIED,
    backup: &rules::REGISTRATION_BACKUP,
    extensions: &rules::REGISTRATION_EXTENSIONS,
    reserved: &rules::REGISTRATION_RESERVED,
    served: &rules::REGISTRATION_SERVED,
    response: &rules::REGISTRATION_RESPONSE,
    identity: &rules::REGISTRATION_IDENTITY,
    encoding: &rules::REGISTRATION_ENCODING,
    members: &rules::REGISTRATION_MEMBERS,
    unknown: &rules::REGISTRATION_UNKNOWN,
    class: CLASS_INVALID,
    class_challenge: (&["WebAuthnChallengeNotFoundException", INVALID], &rules::CLASS_CHALLENGE),
    class_origin: (&[ORIGIN], &rules::CLASS_ORIGIN),
    class_origin_form: (&[ORIGIN, INVALID], &rules::CLASS_ORIGIN_FORM),
    class_relying_party: (&["WebAuthnRelyingPartyMismatchException"], &rules::CLASS_RELYING_PARTY),
    class_not_supported: CLASS_NOT_SUPPORTED,
};

pub(super) static ASSERTION: Steps = Steps {
    client_data: &rules::ASSERTION_CLIENT_DATA,
    tolerant: &rules::ASSERTION_TOLERANT,
    ambiguous: &rules::ASSERTION_AMBIGUOUS,
    type_: &rules::ASSERTION_TYPE,
    challenge: &rules::ASSERTION_CHALLENGE,
    challenge_text: &rules::ASSERTION_CHALLENGE_TEXT,
    origin: &rules::ASSERTION_ORIGIN,
    origin_form: &rules::ASSERTION_ORIGIN_FORM,
    origin_choice: &rules::ASSERTION_ORIGIN_CHOICE,
    cross_origin: &rules::ASSERTION_CROSS_ORIGIN,
    top_origin: &rules::ASSERTION_TOP_ORIGIN,
    authenticator_data: &rules::ASSERTION_AUTHENTICATOR_DATA,
    end: &rules::ASSERTION_END,
    rp_id_hash: &rules::ASSERTION_RP_ID_HASH,
    user_present: &rules::ASSERTION_USER_PRESENT,
    user_verified: &rules::ASSERTION_USER_VERIFIED,
    backup: &rules::ASSERTION_BACKUP,
    extensions: &rules::ASSERTION_EXTENSIONS,
    reserved: &rules::ASSERTION_RESERVED,
    served: &rules::ASSERTION_SERVED,
    response: &rules::ASSERTION_RESPONSE,
    identity: &rules::ASSERTION_IDENTITY,
    encoding: &rules::ASSERTION_ENCODING,
    members: &rules::ASSERTION_MEMBERS,
    unknown: &rules::ASSERTION_UNKNOWN,
    class: CLASS_SIGN_IN,
    class_challenge: CLASS_SIGN_IN,
    class_origin: CLASS_SIGN_IN,
    class_origin_form: CLASS_SIGN_IN,
    class_relying_party: CLASS_SIGN_IN,
    class_not_supported: CLASS_SIGN_IN,
};
