//! The rules and classes of the steps that both ceremonies have.

use super::Class;
use crate::cognito::Rule;
use crate::cognito::rules::ceremony as rules;

const INVALID: &str = "InvalidParameterException";
const ORIGIN: &str = "WebAuthnOriginNotAllowedException";

/// A registration that cannot be verified.
pub(in crate::ceremony) static CLASS_INVALID: Class = (&[INVALID], &rules::CLASS_INVALID);
/// An assertion that does not prove the user.
pub(in crate::ceremony) static CLASS_SIGN_IN: Class = (&["NotAuthorizedException", INVALID], &rules::CLASS_SIGN_IN);
/// A registration that the options did not ask for.
pub(in crate::ceremony) static CLASS_NOT_SUPPORTED: Class =
    (&["WebAuthnCredentialNotSupportedException", INVALID], &rules::CLASS_NOT_SUPPORTED);

/// Of one ceremony.
pub(in crate::ceremony) struct Steps {
    pub(in crate::ceremony) client_data: &'static Rule,
    pub(in crate::ceremony) tolerant: &'static Rule,
    pub(in crate::ceremony) ambiguous: &'static Rule,
    pub(in crate::ceremony) type_: &'static Rule,
    pub(in crate::ceremony) challenge: &'static Rule,
    pub(in crate::ceremony) challenge_text: &'static Rule,
    pub(in crate::ceremony) origin: &'static Rule,
    pub(in crate::ceremony) origin_form: &'static Rule,
    pub(in crate::ceremony) origin_choice: &'static Rule,
    pub(in crate::ceremony) cross_origin: &'static Rule,
    pub(in crate::ceremony) top_origin: &'static Rule,
    pub(in crate::ceremony) authenticator_data: &'static Rule,
    pub(in crate::ceremony) end: &'static Rule,
    pub(in crate::ceremony) rp_id_hash: &'static Rule,
    pub(in crate::ceremony) user_present: &'static Rule,
    pub(in crate::ceremony) user_verified: &'static Rule,
    pub(in crate::ceremony) backup: &'static Rule,
    pub(in crate::ceremony) extensions: &'static Rule,
    pub(in crate::ceremony) reserved: &'static Rule,
    pub(in crate::ceremony) served: &'static Rule,
    pub(in crate::ceremony) response: &'static Rule,
    pub(in crate::ceremony) identity: &'static Rule,
    pub(in crate::ceremony) encoding: &'static Rule,
    pub(in crate::ceremony) members: &'static Rule,
    pub(in crate::ceremony) unknown: &'static Rule,
    /// What cannot be verified for any other reason.
    pub(in crate::ceremony) class: Class,
    pub(in crate::ceremony) class_challenge: Class,
    pub(in crate::ceremony) class_origin: Class,
    pub(in crate::ceremony) class_origin_form: Class,
    pub(in crate::ceremony) class_relying_party: Class,
    pub(in crate::ceremony) class_not_supported: Class,
}

pub(in crate::ceremony) static REGISTRATION: Steps = Steps {
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

pub(in crate::ceremony) static ASSERTION: Steps = Steps {
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
