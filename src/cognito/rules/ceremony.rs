//! Rules on the ceremony's answers: what a relying party verifies of a registration and of an assertion, the error classes
//! of refusals, and creation options that a client can use.
//!
//! A step of WebAuthn 7.1 and 7.2 that says "verify" is a MUST, documented: AWS calls its service a relying party. What the
//! text leaves to the relying party is a MAY. Steps are numbered as in the draft of July 2026, and told in words besides,
//! since numbers move from draft to draft. What no step asks for, but a careful relying party does, is inferred.

use super::documents::{API_COMPLETE, API_RESPOND, CTAP, GUIDE_PASSKEYS, RFC8812, RFC8949, RFC9053, WEBAUTHN};

super::rules! {
    // The client data of a registration.
    REGISTRATION_CLIENT_DATA = "ceremony.registration.client-data", Must, Documented,
        "Client data that is not the JSON of an object is refused.",
        (WEBAUTHN, "7.1 steps 5 and 6: UTF-8 decode, JSON parser");
    REGISTRATION_TOLERANT = "ceremony.registration.client-data.tolerant", Should, Documented,
        "Client data with unknown members, or in another order or spelling of the same JSON, is taken.",
        (WEBAUTHN, "5.8.1 Client Data: tolerant of unknown keys and of any reordering");
    REGISTRATION_AMBIGUOUS = "ceremony.registration.client-data.ambiguous", May, Inferred,
        "What is made of client data that readers of JSON differ on is the server's choice.",
        (WEBAUTHN, "7.1 steps 5 and 6: an implementation-specific JSON parser");
    REGISTRATION_TYPE = "ceremony.registration.type", Must, Documented,
        "`type` of the client data is `webauthn.create`.",
        (WEBAUTHN, "7.1 step 7: type");
    REGISTRATION_CHALLENGE = "ceremony.registration.challenge", Must, Documented,
        "`challenge` of the client data is the one that the server sent.",
        (WEBAUTHN, "7.1 step 8: challenge");
    REGISTRATION_CHALLENGE_TEXT = "ceremony.registration.challenge.text", Should, Documented,
        "`challenge` of the client data is the base64url of the challenge, not another encoding of the same bytes.",
        (WEBAUTHN, "7.1 step 8: equals the base64url encoding");
    REGISTRATION_ORIGIN = "ceremony.registration.origin", Must, Documented,
        "`origin` of the client data is one that belongs to the relying party id.",
        (WEBAUTHN, "7.1 step 9: origin; 13.4.9 Validating the origin of a credential");
    REGISTRATION_ORIGIN_FORM = "ceremony.registration.origin.form", Must, Inferred,
        "`origin` of the client data is an origin and nothing more: no user, path or query, no other case.",
        (WEBAUTHN, "7.1 step 9: origin");
    REGISTRATION_ORIGIN_CHOICE = "ceremony.registration.origin.choice", May, Documented,
        "Which subdomains, ports and apps of the relying party id may hold a ceremony is the server's choice.",
        (WEBAUTHN, "13.4.9 Validating the origin of a credential: any other method as needed");
    REGISTRATION_CROSS_ORIGIN = "ceremony.registration.cross-origin", May, Documented,
        "Whether a ceremony in a frame of another origin is taken is the server's choice.",
        (WEBAUTHN, "7.1 step 10: crossOrigin");
    REGISTRATION_TOP_ORIGIN = "ceremony.registration.top-origin", May, Documented,
        "Which pages may frame a ceremony is the server's choice.",
        (WEBAUTHN, "7.1 step 11: topOrigin");
    // Its authenticator data.
    REGISTRATION_AUTHENTICATOR_DATA = "ceremony.registration.authenticator-data", Must, Documented,
        "Authenticator data that is shorter than its flags and lengths say is refused.",
        (WEBAUTHN, "6.1 Authenticator Data");
    REGISTRATION_END = "ceremony.registration.authenticator-data.end", Must, Inferred,
        "Authenticator data with extensions that cannot be read, or with bytes that no flag announces, is refused.",
        (WEBAUTHN, "6.1 Authenticator Data: describes its own length");
    REGISTRATION_RP_ID_HASH = "ceremony.registration.rp-id-hash", Must, Documented,
        "`rpIdHash` is the SHA-256 hash of the relying party id.",
        (WEBAUTHN, "7.1 step 14: rpIdHash");
    REGISTRATION_USER_PRESENT = "ceremony.registration.user-present", Must, Documented,
        "The flag UP is set.",
        (WEBAUTHN, "7.1 step 15: UP");
    REGISTRATION_USER_VERIFIED = "ceremony.registration.user-verified", Must, Documented,
        "The flag UV is set where user verification is required.",
        (WEBAUTHN, "7.1 step 16: UV");
    REGISTRATION_BACKUP = "ceremony.registration.backup-state", Must, Documented,
        "The flag BS is not set where BE is not.",
        (WEBAUTHN, "7.1 step 17: BE and BS");
    REGISTRATION_EXTENSIONS = "ceremony.registration.extensions", May, Documented,
        "Whether extensions that nobody asked for are ignored or refused is the server's choice.",
        (WEBAUTHN, "7.1 step 28: extension outputs");
    REGISTRATION_RESERVED = "ceremony.registration.reserved-flags", May, Inferred,
        "What is made of reserved flags that are set is the server's choice: authenticators keep them at zero.",
        (WEBAUTHN, "6.1 Authenticator Data: RFU bits");
    REGISTRATION_SERVED = "ceremony.registration.served", Must, Documented,
        "Where every step of the verification holds, the credential is stored.",
        (WEBAUTHN, "7.1 step 29: if all the above steps are successful");
    // The JSON around it.
    REGISTRATION_RESPONSE = "ceremony.registration.response", Must, Documented,
        "A credential without what the verification reads, or with it in another type, is refused.",
        (WEBAUTHN, "7.1 step 3: response; 5.1 RegistrationResponseJSON");
    REGISTRATION_IDENTITY = "ceremony.registration.identity", Must, Inferred,
        "`type` is `public-key`, and `id`, `rawId` and the credential that speaks are one.",
        (WEBAUTHN, "5.1 PublicKeyCredential: id, rawId, type");
    REGISTRATION_ENCODING = "ceremony.registration.encoding", May, Inferred,
        "Whether byte strings in another spelling of base64 are taken is the server's choice.",
        (WEBAUTHN, "5.1 Base64URLString");
    REGISTRATION_MEMBERS = "ceremony.registration.members", May, Inferred,
        "Whether members that the verification does not read are asked for and compared is the server's choice.",
        (WEBAUTHN, "5.1 RegistrationResponseJSON: Easily accessing credential data");
    REGISTRATION_UNKNOWN = "ceremony.registration.unknown", Should, Documented,
        "Members and values that are not known yet are ignored.",
        (WEBAUTHN, "5.1 PublicKeyCredential: authenticatorAttachment; 2.1.1 Enumerations as DOMString types");
    TRANSPORTS = "ceremony.registration.transports", May, Inferred,
        "Whether a registration without `transports` is taken is not known; one was refused live, perhaps for that.",
        (API_COMPLETE, "Credential; aws-sdk-net#4386: Credential data is not valid");
    // The new credential.
    ATTESTATION_OBJECT = "ceremony.registration.attestation-object", Must, Documented,
        "An attestation object that is not a CBOR map with `fmt` and `authData` is refused.",
        (WEBAUTHN, "7.1 step 13: CBOR decoding; 6.5.4");
    CBOR_CHOICE = "ceremony.registration.cbor", May, Inferred,
        "What is made of CBOR that decoders differ on is the server's choice.",
        (CTAP, "8. Message Encoding: CTAP2 canonical CBOR encoding form");
    ATTESTED = "ceremony.registration.attested-credential", Must, Documented,
        "A registration brings attested credential data, and the flag AT says so.",
        (WEBAUTHN, "6.1 Authenticator Data: AT; 6.5.1");
    ALGORITHM = "ceremony.registration.algorithm", Must, Documented,
        "The public key names its `alg`, and it is one that the options offered.",
        (WEBAUTHN, "7.1 step 20: alg");
    // No step of a registration asks for it: a server may find out at the first sign-in.
    PUBLIC_KEY = "ceremony.registration.public-key", Must, Inferred,
        "A public key without what its algorithm requires, or with the type or curve of another algorithm, is refused.",
        (RFC9053, "2.1 ECDSA and 7.1 Elliptic Curve Keys: checks when using a key; WebAuthn 5.8.5 and 6.5.1");
    PUBLIC_KEY_VALID = "ceremony.registration.public-key.valid", Must, Inferred,
        "A public key that no signature can be verified with is refused: a point off its curve, a coordinate that is too short.",
        (RFC9053, "7.1.1 Double Coordinate Curves");
    PUBLIC_KEY_STRENGTH = "ceremony.registration.public-key.strength", Must, Inferred,
        "An RSA key of fewer than 2048 bits is refused.",
        (RFC8812, "2. RSASSA-PKCS1-v1_5: a key of 2048 bits or larger MUST be used");
    PUBLIC_KEY_UNIQUE = "ceremony.registration.public-key.unique", Should, Documented,
        "A public key with a label twice is refused: readers would make different keys of it.",
        (RFC8949, "5.6 Specifying Keys for Maps: such a map is not valid");
    PUBLIC_KEY_EXTRA = "ceremony.registration.public-key.extra", May, Inferred,
        "Whether a public key with further parameters is taken is the server's choice: authenticators leave them out.",
        (WEBAUTHN, "6.5.1 Attested Credential Data: MUST NOT contain any other OPTIONAL parameters");
    CREDENTIAL_ID_LENGTH = "ceremony.registration.credential-id.length", Should, Documented,
        "A credential id of more than 1023 bytes is refused.",
        (WEBAUTHN, "7.1 step 25: credentialId");
    CREDENTIAL_ID_EMPTY = "ceremony.registration.credential-id.empty", Must, Inferred,
        "A credential id that is empty is refused: nothing could name the credential.",
        (WEBAUTHN, "4. Terminology: Credential ID");
    CREDENTIAL_ID_SHORT = "ceremony.registration.credential-id.short", May, Inferred,
        "Whether a credential id of fewer than 16 bytes is taken is the server's choice: authenticators make longer ones.",
        (WEBAUTHN, "4. Terminology: Credential ID, at least 16 bytes");
    CREDENTIAL_ID_UNIQUE = "ceremony.registration.credential-id.unique", Should, Documented,
        "A credential id that is registered already, for any user, is refused.",
        (WEBAUTHN, "7.1 step 26: credentialId");
    ATTESTATION_FORMAT = "ceremony.registration.attestation.format", Should, Documented,
        "An attestation statement format that is not known is refused.",
        (WEBAUTHN, "7.1 step 21: fmt");
    ATTESTATION_STATEMENT = "ceremony.registration.attestation.statement", Should, Documented,
        "An attestation statement that is missing or not right is refused; a server may take it as none.",
        (WEBAUTHN, "7.1 step 22: attStmt, and the closing paragraphs");
    ATTESTATION_SELF = "ceremony.registration.attestation.self", Should, Inferred,
        "Self attestation that is right is taken: Cognito does not enforce attestation.",
        (GUIDE_PASSKEYS, "Passwordless sign-in with WebAuthn passkeys: attestation enforcement");
    // The client data of an assertion.
    ASSERTION_CLIENT_DATA = "ceremony.assertion.client-data", Must, Documented,
        "Client data that is not the JSON of an object is refused.",
        (WEBAUTHN, "7.2 steps 8 and 9: UTF-8 decode, JSON parser");
    ASSERTION_TOLERANT = "ceremony.assertion.client-data.tolerant", Should, Documented,
        "Client data with unknown members, or in another order or spelling of the same JSON, is taken.",
        (WEBAUTHN, "5.8.1 Client Data: tolerant of unknown keys and of any reordering");
    ASSERTION_AMBIGUOUS = "ceremony.assertion.client-data.ambiguous", May, Inferred,
        "What is made of client data that readers of JSON differ on is the server's choice.",
        (WEBAUTHN, "7.2 steps 8 and 9: an implementation-specific JSON parser");
    ASSERTION_TYPE = "ceremony.assertion.type", Must, Documented,
        "`type` of the client data is `webauthn.get`.",
        (WEBAUTHN, "7.2 step 10: type");
    ASSERTION_CHALLENGE = "ceremony.assertion.challenge", Must, Documented,
        "`challenge` of the client data is the one that the server sent.",
        (WEBAUTHN, "7.2 step 11: challenge");
    ASSERTION_CHALLENGE_TEXT = "ceremony.assertion.challenge.text", Should, Documented,
        "`challenge` of the client data is the base64url of the challenge, not another encoding of the same bytes.",
        (WEBAUTHN, "7.2 step 11: equals the base64url encoding");
    ASSERTION_ORIGIN = "ceremony.assertion.origin", Must, Documented,
        "`origin` of the client data is one that belongs to the relying party id.",
        (WEBAUTHN, "7.2 step 12: origin; 13.4.9 Validating the origin of a credential");
    ASSERTION_ORIGIN_FORM = "ceremony.assertion.origin.form", Must, Inferred,
        "`origin` of the client data is an origin and nothing more: no user, path or query, no other case.",
        (WEBAUTHN, "7.2 step 12: origin");
    ASSERTION_ORIGIN_CHOICE = "ceremony.assertion.origin.choice", May, Documented,
        "Which subdomains, ports and apps of the relying party id may hold a ceremony is the server's choice.",
        (WEBAUTHN, "13.4.9 Validating the origin of a credential: any other method as needed");
    ASSERTION_CROSS_ORIGIN = "ceremony.assertion.cross-origin", May, Documented,
        "Whether a ceremony in a frame of another origin is taken is the server's choice.",
        (WEBAUTHN, "7.2 step 13: crossOrigin");
    ASSERTION_TOP_ORIGIN = "ceremony.assertion.top-origin", May, Documented,
        "Which pages may frame a ceremony is the server's choice.",
        (WEBAUTHN, "7.2 step 14: topOrigin");
    // Its authenticator data.
    ASSERTION_AUTHENTICATOR_DATA = "ceremony.assertion.authenticator-data", Must, Documented,
        "Authenticator data that is shorter than its flags and lengths say is refused.",
        (WEBAUTHN, "6.1 Authenticator Data");
    ASSERTION_END = "ceremony.assertion.authenticator-data.end", Must, Inferred,
        "Authenticator data with extensions that cannot be read, or with bytes that no flag announces, is refused.",
        (WEBAUTHN, "6.1 Authenticator Data: describes its own length");
    ASSERTION_RP_ID_HASH = "ceremony.assertion.rp-id-hash", Must, Documented,
        "`rpIdHash` is the SHA-256 hash of the relying party id.",
        (WEBAUTHN, "7.2 step 15: rpIdHash");
    ASSERTION_USER_PRESENT = "ceremony.assertion.user-present", Must, Documented,
        "The flag UP is set.",
        (WEBAUTHN, "7.2 step 16: UP");
    ASSERTION_USER_VERIFIED = "ceremony.assertion.user-verified", Must, Documented,
        "The flag UV is set where user verification is required.",
        (WEBAUTHN, "7.2 step 17: UV");
    ASSERTION_BACKUP = "ceremony.assertion.backup-state", Must, Documented,
        "The flag BS is not set where BE is not.",
        (WEBAUTHN, "7.2 step 18: BE and BS");
    ASSERTION_EXTENSIONS = "ceremony.assertion.extensions", May, Documented,
        "Whether extensions that nobody asked for are ignored or refused is the server's choice.",
        (WEBAUTHN, "7.2 step 23: extension outputs");
    ASSERTION_RESERVED = "ceremony.assertion.reserved-flags", May, Inferred,
        "What is made of reserved flags that are set is the server's choice: authenticators keep them at zero.",
        (WEBAUTHN, "6.1 Authenticator Data: RFU bits");
    ASSERTION_SERVED = "ceremony.assertion.served", Must, Documented,
        "Where every step of the verification holds, the user is signed in.",
        (WEBAUTHN, "7.2 step 25: if all the above steps are successful");
    // The JSON around it.
    ASSERTION_RESPONSE = "ceremony.assertion.response", Must, Documented,
        "A credential without what the verification reads, or with it in another type, is refused.",
        (WEBAUTHN, "7.2 step 3: response; 5.1 AuthenticationResponseJSON");
    ASSERTION_IDENTITY = "ceremony.assertion.identity", Must, Inferred,
        "`type` is `public-key`, and `id`, `rawId` and the credential that speaks are one.",
        (WEBAUTHN, "5.1 PublicKeyCredential: id, rawId, type");
    ASSERTION_ENCODING = "ceremony.assertion.encoding", May, Inferred,
        "Whether byte strings in another spelling of base64 are taken is the server's choice.",
        (WEBAUTHN, "5.1 Base64URLString");
    ASSERTION_MEMBERS = "ceremony.assertion.members", May, Inferred,
        "Whether members that the verification does not read are asked for and compared is the server's choice.",
        (WEBAUTHN, "5.1 AuthenticationResponseJSON");
    ASSERTION_UNKNOWN = "ceremony.assertion.unknown", Should, Documented,
        "Members and values that are not known yet are ignored.",
        (WEBAUTHN, "5.1 PublicKeyCredential: authenticatorAttachment; 2.1.1 Enumerations as DOMString types");
    // The signature, the credential and the user.
    SIGNATURE = "ceremony.assertion.signature", Must, Documented,
        "The signature is by the registered key over the authenticator data and the hash of the client data.",
        (WEBAUTHN, "7.2 step 21: sig");
    CREDENTIAL = "ceremony.assertion.credential", Must, Documented,
        "The credential is one of the user's that the options allow.",
        (WEBAUTHN, "7.2 steps 5 and 6: allowCredentials; the user account contains the credential record");
    USER_HANDLE = "ceremony.assertion.user-handle", Must, Documented,
        "A user handle that is there is the user's.",
        (WEBAUTHN, "7.2 step 6: userHandle equals the user handle of the user account");
    SIGN_COUNT = "ceremony.assertion.sign-count", May, Documented,
        "Whether an assertion whose signature counter does not grow is refused is the server's choice.",
        (WEBAUTHN, "7.2 step 22: signCount");
    BACKUP_CHANGED = "ceremony.assertion.backup-eligibility", May, Documented,
        "Whether a changed BE is refused is the choice of a server that uses the backup state: no authenticator changes it.",
        (WEBAUTHN, "7.2 step 19: currentBe");
    ASSERTION_ATTESTED = "ceremony.assertion.attested-credential", May, Inferred,
        "What is made of attested credential data in an assertion is the server's choice: authenticators leave it out.",
        (WEBAUTHN, "6.1 Authenticator Data: AT");
    // Error classes.
    CLASS_CHALLENGE_EXPIRED = "ceremony.class.challenge-expired", Must, Documented,
        "A challenge that has expired is a WebAuthnChallengeNotFoundException.",
        (API_COMPLETE, "WebAuthnChallengeNotFoundException");
    CLASS_CHALLENGE = "ceremony.class.challenge", Should, Inferred,
        "A challenge that the user was not given is a WebAuthnChallengeNotFoundException.",
        (API_COMPLETE, "WebAuthnChallengeNotFoundException");
    CLASS_CLIENT = "ceremony.class.client-mismatch", Must, Documented,
        "A token of another app client than the one that began is a WebAuthnClientMismatchException.",
        (API_COMPLETE, "WebAuthnClientMismatchException");
    CLASS_ORIGIN = "ceremony.class.origin", Must, Documented,
        "An origin that does not belong to the relying party id is a WebAuthnOriginNotAllowedException.",
        (API_COMPLETE, "WebAuthnOriginNotAllowedException");
    CLASS_ORIGIN_FORM = "ceremony.class.origin-form", Should, Inferred,
        "An origin that is none, or is missing, is a WebAuthnOriginNotAllowedException or an InvalidParameterException.",
        (API_COMPLETE, "WebAuthnOriginNotAllowedException");
    CLASS_RELYING_PARTY = "ceremony.class.relying-party", Must, Documented,
        "A credential of another relying party is a WebAuthnRelyingPartyMismatchException.",
        (API_COMPLETE, "WebAuthnRelyingPartyMismatchException");
    CLASS_NOT_SUPPORTED = "ceremony.class.not-supported", Should, Inferred,
        "A credential that the options did not ask for is a WebAuthnCredentialNotSupportedException.",
        (API_COMPLETE, "WebAuthnCredentialNotSupportedException: an unsupported device or provider");
    CLASS_INVALID = "ceremony.class.invalid", Should, Inferred,
        "A credential that cannot be verified is an InvalidParameterException.",
        (API_COMPLETE, "InvalidParameterException; aws-sdk-net#4386: Credential data is not valid");
    CLASS_SIGN_IN = "ceremony.class.sign-in", Should, Inferred,
        "An assertion that does not prove the user is a NotAuthorizedException.",
        (API_RESPOND, "NotAuthorizedException");
    // Creation options that a client can use.
    // Inferred: what one library refuses another client may take.
    USABLE = "options.usable.client", Must, Inferred,
        "A client and an authenticator make a credential of the options.",
        (WEBAUTHN, "5.1.3 Create a New Credential; 6.3.2 authenticatorMakeCredential");
    USABLE_CHALLENGE = "options.usable.challenge", Must, Documented,
        "The client data that a client makes of the options says their challenge, letter by letter.",
        (WEBAUTHN, "7.1 step 8: challenge");
    USABLE_RELYING_PARTY = "options.usable.relying-party", Must, Documented,
        "The credential that a client makes of the options is bound to their relying party id.",
        (WEBAUTHN, "7.1 step 14: rpIdHash");
    USABLE_ALGORITHM = "options.usable.algorithm", Must, Documented,
        "The credential that a client makes of the options has an algorithm that they offer.",
        (WEBAUTHN, "7.1 step 20: alg");
    USABLE_USER = "options.usable.user", Must, Documented,
        "The credential that a client makes of the options is for their user, present, and verified where they require it.",
        (WEBAUTHN, "7.1 steps 15 and 16: UP and UV; 5.4.3 user handle");
}
