//! Rules on creation options that any WebAuthn client needs, whoever sends them: the `w3c` profile.
//!
//! Level and severity: what a client refuses, or the specification forbids a server, is a MUST; what it advises a server
//! is a SHOULD; advice that real Cognito itself does not follow (a longer time limit, EdDSA, transports, random user ids)
//! is a MAY, so that its own options earn notes only. What no text says but both browsers refuse is a MUST with the
//! browsers as its source; what one of them refuses is a SHOULD. Sections of WebAuthn are given by their anchors.
//!
//! One departs from its text: RFC 8259 says that names SHOULD be unique, and `options.json.duplicate-member` is a MUST,
//! because a browser and a strict reader make different options of the same text.

use super::documents::{BROWSERS, HTML, IANA_COSE, IANA_WEBAUTHN, RFC4648, RFC8259, RFC8812, URL, WEBAUTHN, WEBIDL};

super::rules! {
    // The text.
    JSON_UTF8 = "options.json.utf8", Must, Documented,
        "The text is UTF-8.",
        (RFC8259, "8.1 Character Encoding");
    JSON_BOM = "options.json.bom", Must, Documented,
        "The text does not begin with a byte order mark.",
        (RFC8259, "8.1 Character Encoding: MUST NOT add a byte order mark");
    JSON_SYNTAX = "options.json.syntax", Must, Documented,
        "The text is a JSON value.",
        (RFC8259, "2. JSON Grammar");
    JSON_TRAILING = "options.json.trailing", Must, Documented,
        "Nothing but white space follows the JSON value.",
        (RFC8259, "2. JSON Grammar");
    JSON_DEPTH = "options.json.depth", Should, Documented,
        "Values nest at most 128 deep, as deep as common readers go.",
        (RFC8259, "9. Parsers: may set limits on the maximum depth of nesting");
    JSON_DUPLICATE = "options.json.duplicate-member", Must, Documented,
        "Each member of an object has its own name: browsers take the last of several, strict readers refuse it all.",
        (RFC8259, "4. Objects: names SHOULD be unique, readers differ on what they do otherwise");
    JSON_SURROGATE = "options.json.lone-surrogate", Should, Documented,
        "Strings hold no surrogate without its pair: it has no UTF-8 form, which the authenticator needs.",
        (RFC8259, "8.2 Unicode Characters");
    // The object and the names of its members.
    OBJECT = "options.object", Must, Documented,
        "The options are a JSON object.",
        (WEBAUTHN, "sctn-parseCreationOptionsFromJSON");
    OBJECT_STRING = "options.object.string", Must, Documented,
        "The options are an object, not a string that holds the text of one.",
        (WEBAUTHN, "sctn-parseCreationOptionsFromJSON");
    OBJECT_WRAPPED = "options.object.wrapped", Must, Documented,
        "The options are the inner object, without `publicKey` or another member around it.",
        (WEBAUTHN, "sctn-parseCreationOptionsFromJSON: the argument is the inner dictionary");
    MEMBER_CASE = "options.member.case", Must, Documented,
        "The name of a required member is written exactly as the specification has it.",
        (WEBIDL, "Dictionary types: members are found by their exact names");
    MEMBER_CASE_OPTIONAL = "options.member.case-optional", Should, Documented,
        "The name of an optional member is written exactly as the specification has it, else a client ignores it.",
        (WEBIDL, "Dictionary types: members are found by their exact names");
    MEMBER_UNKNOWN = "options.member.unknown", May, Documented,
        "Members that the specification does not name are ignored.",
        (WEBIDL, "Dictionary types");
    MEMBER_NULL = "options.member.null", Must, Documented,
        "A member without a value is left out; null is a value, of the wrong type.",
        (WEBIDL, "ECMAScript type mapping: null is converted, not taken as absent");
    // The relying party.
    RP_REQUIRED = "options.rp.required", Must, Documented,
        "`rp` is there.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    RP_TYPE = "options.rp.json-type", Must, Documented,
        "`rp` is an object.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    RP_NAME_REQUIRED = "options.rp.name.required", Must, Documented,
        "`rp.name` is there.",
        (WEBAUTHN, "dictionary-pkcredentialentity");
    RP_NAME_TYPE = "options.rp.name.json-type", Must, Documented,
        "`rp.name` is a string.",
        (WEBAUTHN, "dictionary-pkcredentialentity");
    RP_NAME_EMPTY = "options.rp.name.empty", Should, Documented,
        "`rp.name` is not empty.",
        (WEBAUTHN, "dictionary-pkcredentialentity: Nickname profile, which has no empty string");
    RP_NAME_PRECIS = "options.rp.name.precis", Should, Documented,
        "`rp.name` is as the Nickname profile of RFC 8266 enforces it.",
        (WEBAUTHN, "dictionary-pkcredentialentity: RFC 8266 section 2.3");
    RP_ID_DEFAULT = "options.rp-id.default", May, Documented,
        "`rp.id` is there; without it a client takes its own effective domain.",
        (WEBAUTHN, "dictionary-rp-credential-params");
    RP_ID_TYPE = "options.rp-id.json-type", Must, Documented,
        "`rp.id` is a string.",
        (WEBAUTHN, "dictionary-rp-credential-params");
    RP_ID_EMPTY = "options.rp-id.empty", Must, Documented,
        "`rp.id` is not empty.",
        (WEBAUTHN, "rp-id: a valid domain string");
    RP_ID_URL = "options.rp-id.url", Must, Documented,
        "`rp.id` is a bare domain: no scheme, port or path.",
        (WEBAUTHN, "rp-id: a valid domain string");
    RP_ID_IP = "options.rp-id.ip-address", Must, Documented,
        "`rp.id` is a domain, not an IP address, and does not end in a number.",
        (URL, "host writing: valid domain string; ends in a number checker");
    RP_ID_DOMAIN = "options.rp-id.domain", Must, Documented,
        "`rp.id` is a valid domain string.",
        (WEBAUTHN, "rp-id: a valid domain string (URL, host writing)");
    RP_ID_LOWER_CASE = "options.rp-id.lower-case", Must, Recorded,
        "`rp.id` is in lower case and in its ASCII form (`xn--`).",
        (BROWSERS, "rp.id in upper case or with other than ASCII letters: SecurityError in both");
    RP_ID_PUBLIC_SUFFIX = "options.rp-id.public-suffix", Must, Documented,
        "`rp.id` is not a public suffix.",
        (HTML, "is a registrable domain suffix of or is equal to");
    RP_ID_ORIGIN = "options.rp-id.origin", Must, Documented,
        "`rp.id` is the origin's domain or a suffix of it, unless the relying party lists the origin as related.",
        (WEBAUTHN, "CreateCred-DetermineRpId, sctn-related-origins");
    ORIGIN_SECURE = "options.origin.secure", Must, Documented,
        "The origin is https, or http on localhost.",
        (WEBAUTHN, "rp-id");
    ORIGIN_DOMAIN = "options.origin.domain", Must, Documented,
        "The origin's host is a domain, not an IP address.",
        (WEBAUTHN, "sctn-createCredential: effective domain");
    // The user.
    USER_REQUIRED = "options.user.required", Must, Documented,
        "`user` is there.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    USER_TYPE = "options.user.json-type", Must, Documented,
        "`user` is an object.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    USER_ID_REQUIRED = "options.user.id.required", Must, Documented,
        "`user.id` is there.",
        (WEBAUTHN, "dictionary-user-credential-params");
    USER_ID_TYPE = "options.user.id.json-type", Must, Documented,
        "`user.id` is a string.",
        (WEBAUTHN, "dictionary-user-credential-params");
    USER_ID_EMPTY = "options.user.id.empty", Must, Documented,
        "`user.id` is not empty.",
        (WEBAUTHN, "dictionary-user-credential-params: MUST NOT be empty");
    USER_ID_LENGTH = "options.user.id.length", Must, Documented,
        "`user.id` is at most 64 bytes.",
        (WEBAUTHN, "dictionary-user-credential-params, sctn-createCredential: TypeError");
    USER_ID_RECOMMENDED = "options.user.id.recommended-length", May, Documented,
        "`user.id` is 64 random bytes.",
        (WEBAUTHN, "sctn-user-handle-privacy: RECOMMENDED");
    USER_ID_PERSONAL = "options.user.id.personal", Must, Documented,
        "`user.id` is neither the user's name nor an e-mail address.",
        (WEBAUTHN, "sctn-user-handle-privacy: MUST NOT include personally identifying information");
    USER_ID_HASHED = "options.user.id.hashed", Must, Documented,
        "`user.id` is not a plain hash of the user's name.",
        (WEBAUTHN, "sctn-user-handle-privacy: MUST NOT be an unsalted hash");
    USER_ID_UUID_TEXT = "options.user.id.uuid-text", Must, Inferred,
        "`user.id` is encoded bytes, not the text of a UUID, which decodes by accident to 27 other bytes.",
        (WEBAUTHN, "base64url-encoding; seen in emulators");
    USER_NAME_REQUIRED = "options.user.name.required", Must, Documented,
        "`user.name` is there.",
        (WEBAUTHN, "dictionary-pkcredentialentity");
    USER_NAME_TYPE = "options.user.name.json-type", Must, Documented,
        "`user.name` is a string.",
        (WEBAUTHN, "dictionary-pkcredentialentity");
    USER_NAME_EMPTY = "options.user.name.empty", Should, Documented,
        "`user.name` is not empty.",
        (WEBAUTHN, "dictionary-pkcredentialentity: UsernameCasePreserved profile, which has no empty string");
    USER_NAME_PRECIS = "options.user.name.precis", May, Documented,
        "`user.name` is as the UsernameCasePreserved profile of RFC 8265 enforces it.",
        (WEBAUTHN, "dictionary-pkcredentialentity: RFC 8265 section 3.4.3; the specification's own example is not");
    DISPLAY_NAME_REQUIRED = "options.user.display-name.required", Must, Documented,
        "`user.displayName` is there, empty where there is no suitable name.",
        (WEBAUTHN, "dictionary-user-credential-params");
    DISPLAY_NAME_TYPE = "options.user.display-name.json-type", Must, Documented,
        "`user.displayName` is a string.",
        (WEBAUTHN, "dictionary-user-credential-params");
    DISPLAY_NAME_PRECIS = "options.user.display-name.precis", Should, Documented,
        "`user.displayName` is empty, or as the Nickname profile of RFC 8266 enforces it.",
        (WEBAUTHN, "dictionary-user-credential-params: RFC 8266 section 2.3");
    NAME_LENGTH = "options.name.length", May, Documented,
        "A name is at most 64 bytes of UTF-8; clients and authenticators may cut longer ones.",
        (WEBAUTHN, "sctn-strings-truncation");
    NAME_CHARACTERS = "options.name.characters", Should, Documented,
        "A name has no control, direction or other invisible characters.",
        (WEBAUTHN, "dictionary-pkcredentialentity: PRECIS disallows them");
    // Base64url, wherever it stands; the pointer tells which member.
    BASE64URL_ALPHABET = "options.base64url.alphabet", Must, Documented,
        "Base64url text has the letters, the digits, `-` and `_` only.",
        (WEBAUTHN, "base64url-encoding (sctn-dependencies)");
    BASE64URL_PADDING = "options.base64url.padding", Must, Documented,
        "Base64url text has no `=` at its end.",
        (WEBAUTHN, "base64url-encoding (sctn-dependencies): all trailing = omitted");
    BASE64URL_LENGTH = "options.base64url.length", Must, Documented,
        "Base64url text has a length that whole bytes can have: never 1 modulo 4.",
        (WEBAUTHN, "base64url-encoding (sctn-dependencies)");
    BASE64URL_CANONICAL = "options.base64url.canonical", Must, Documented,
        "The bits that the last base64url character leaves over are zero; else the client sends back another text.",
        (RFC4648, "3.5 Canonical Encoding: pad bits MUST be set to zero by conforming encoders");
    // The challenge.
    CHALLENGE_REQUIRED = "options.challenge.required", Must, Documented,
        "`challenge` is there.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    CHALLENGE_TYPE = "options.challenge.json-type", Must, Documented,
        "`challenge` is a string.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    CHALLENGE_EMPTY = "options.challenge.empty", Must, Documented,
        "`challenge` is not empty.",
        (WEBAUTHN, "sctn-cryptographic-challenges: MUST be randomly generated");
    CHALLENGE_LENGTH = "options.challenge.length", Should, Documented,
        "`challenge` is at least 16 bytes.",
        (WEBAUTHN, "sctn-cryptographic-challenges");
    CHALLENGE_UUID_TEXT = "options.challenge.uuid-text", Must, Inferred,
        "`challenge` is encoded bytes, not the text of a UUID, which decodes by accident to 27 other bytes.",
        (WEBAUTHN, "base64url-encoding; seen in emulators");
    // The algorithms.
    PARAMS_REQUIRED = "options.params.required", Must, Documented,
        "`pubKeyCredParams` is there.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    PARAMS_TYPE = "options.params.json-type", Must, Documented,
        "`pubKeyCredParams` is an array.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    PARAMS_EMPTY = "options.params.empty", May, Documented,
        "`pubKeyCredParams` names algorithms; empty it stands for ES256 and RS256, which some clients do not know.",
        (WEBAUTHN, "sctn-createCredential");
    PARAMS_ENTRY_TYPE = "options.params.entry.json-type", Must, Documented,
        "An entry of `pubKeyCredParams` is an object.",
        (WEBAUTHN, "dictionary-credential-params");
    PARAMS_TYPE_REQUIRED = "options.params.type.required", Must, Documented,
        "An entry of `pubKeyCredParams` has a `type`.",
        (WEBAUTHN, "dictionary-credential-params");
    PARAMS_TYPE_TYPE = "options.params.type.json-type", Must, Documented,
        "The `type` of an entry of `pubKeyCredParams` is a string.",
        (WEBAUTHN, "dictionary-credential-params");
    PARAMS_TYPE_UNKNOWN = "options.params.type.unknown", Should, Documented,
        "The `type` of an entry of `pubKeyCredParams` is `public-key`; a client ignores any other.",
        (WEBAUTHN, "dictionary-credential-params");
    PARAMS_NONE_USABLE = "options.params.none-usable", Must, Documented,
        "At least one entry of `pubKeyCredParams` has the type `public-key`.",
        (WEBAUTHN, "sctn-createCredential: NotSupportedError");
    PARAMS_ALG_REQUIRED = "options.params.alg.required", Must, Documented,
        "An entry of `pubKeyCredParams` has an `alg`.",
        (WEBAUTHN, "dictionary-credential-params");
    PARAMS_ALG_TYPE = "options.params.alg.json-type", Must, Documented,
        "An `alg` is a number.",
        (WEBAUTHN, "sctn-alg-identifier: long");
    PARAMS_ALG_INTEGER = "options.params.alg.integer", Must, Documented,
        "An `alg` is written as an integer.",
        (WEBAUTHN, "sctn-alg-identifier: long");
    PARAMS_ALG_RANGE = "options.params.alg.range", Must, Documented,
        "An `alg` is a 32-bit integer.",
        (WEBAUTHN, "sctn-alg-identifier: long");
    PARAMS_ALG_REGISTERED = "options.params.alg.registered", Should, Inferred,
        "An `alg` is a registered COSE signature algorithm.",
        (IANA_COSE, "by WebAuthn, sctn-alg-identifier");
    PARAMS_ALG_SPECIFIED = "options.params.alg.fully-specified", Should, Documented,
        "-9, -51, -52 and -19 stand beside -7, -35, -36 and -8, which mean the same to more clients.",
        (WEBAUTHN, "dictionary-makecredentialoptions: NOT RECOMMENDED");
    PARAMS_ALG_RS1 = "options.params.alg.rs1", Must, Documented,
        "RS1 (-65535), which signs with SHA-1, is not offered.",
        (RFC8812, "RS1: deprecated, MUST NOT be used");
    PARAMS_SUPPORTED = "options.params.supported", Should, Recorded,
        "At least one algorithm is one that browsers' authenticators have: -7, -8 or -257.",
        (BROWSERS, "pubKeyCredParams with other algorithms only: NotAllowedError in both");
    PARAMS_RECOMMENDED = "options.params.recommended", May, Documented,
        "EdDSA (-8), ES256 (-7) and RS256 (-257) are all offered.",
        (WEBAUTHN, "dictionary-makecredentialoptions: SHOULD include at least");
    PARAMS_DUPLICATE = "options.params.duplicate", May, Documented,
        "No algorithm is listed twice; a client ignores the second.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    // The time limit.
    TIMEOUT_TYPE = "options.timeout.json-type", Must, Documented,
        "`timeout` is a number.",
        (WEBAUTHN, "dictionary-makecredentialoptions: unsigned long");
    TIMEOUT_INTEGER = "options.timeout.integer", Must, Documented,
        "`timeout` is written as an integer.",
        (WEBAUTHN, "dictionary-makecredentialoptions: unsigned long");
    TIMEOUT_RANGE = "options.timeout.range", Must, Documented,
        "`timeout` is between 0 and 4294967295; a browser takes any other modulo 2^32.",
        (WEBAUTHN, "dictionary-makecredentialoptions: unsigned long");
    TIMEOUT_RECOMMENDED = "options.timeout.recommended", May, Documented,
        "`timeout` is in the range that clients are advised to keep, 300000 to 600000 milliseconds.",
        (WEBAUTHN, "sctn-timeout-recommended-range");
    // The passkeys to exclude.
    EXCLUDE_TYPE = "options.exclude.json-type", Must, Documented,
        "`excludeCredentials` is an array.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    EXCLUDE_ENTRY_TYPE = "options.exclude.entry.json-type", Must, Documented,
        "An entry of `excludeCredentials` is an object.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    EXCLUDE_TYPE_REQUIRED = "options.exclude.type.required", Must, Documented,
        "An entry of `excludeCredentials` has a `type`.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    EXCLUDE_TYPE_TYPE = "options.exclude.type.json-type", Must, Documented,
        "The `type` of an entry of `excludeCredentials` is a string.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    EXCLUDE_TYPE_UNKNOWN = "options.exclude.type.unknown", Should, Documented,
        "The `type` of an entry of `excludeCredentials` is `public-key`; a client ignores an entry of any other.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    EXCLUDE_ID_REQUIRED = "options.exclude.id.required", Must, Documented,
        "An entry of `excludeCredentials` has an `id`.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    EXCLUDE_ID_TYPE = "options.exclude.id.json-type", Must, Documented,
        "The `id` of an entry of `excludeCredentials` is a string.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    EXCLUDE_ID_EMPTY = "options.exclude.id.empty", Must, Documented,
        "The `id` of an entry of `excludeCredentials` is not empty.",
        (WEBAUTHN, "credential-id");
    EXCLUDE_ID_LENGTH = "options.exclude.id.length", Must, Documented,
        "The `id` of an entry of `excludeCredentials` is at most 1023 bytes.",
        (WEBAUTHN, "credential-id, sctn-attested-credential-data");
    EXCLUDE_TRANSPORTS_TYPE = "options.exclude.transports.json-type", Must, Documented,
        "`transports` is an array of strings.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    EXCLUDE_TRANSPORTS_UNKNOWN = "options.exclude.transports.unknown", Should, Documented,
        "Each transport is one of the specification's; a client ignores any other.",
        (WEBAUTHN, "enum-transport");
    EXCLUDE_TRANSPORTS = "options.exclude.transports", May, Documented,
        "An entry of `excludeCredentials` has the `transports` of the passkey's record.",
        (WEBAUTHN, "dictionary-credential-descriptor: SHOULD");
    EXCLUDE_COUNT = "options.exclude.count", Should, Recorded,
        "`excludeCredentials` has at most 64 entries.",
        (BROWSERS, "65 entries: RangeError in Chromium, no limit in Firefox");
    EXCLUDE_DUPLICATE = "options.exclude.duplicate", May, Inferred,
        "No passkey is listed twice.",
        (WEBAUTHN, "dictionary-credential-descriptor");
    // The authenticator.
    SELECTION_TYPE = "options.selection.json-type", Must, Documented,
        "`authenticatorSelection` is an object.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    RESIDENT_KEY_TYPE = "options.selection.resident-key.json-type", Must, Documented,
        "`residentKey` is a string.",
        (WEBAUTHN, "dictionary-authenticatorSelection");
    RESIDENT_KEY_UNKNOWN = "options.selection.resident-key.unknown", Should, Documented,
        "`residentKey` is discouraged, preferred or required; a client ignores any other.",
        (WEBAUTHN, "enum-residentKeyRequirement");
    REQUIRE_RESIDENT_KEY_TYPE = "options.selection.require-resident-key.json-type", Must, Documented,
        "`requireResidentKey` is a boolean.",
        (WEBAUTHN, "dictionary-authenticatorSelection");
    RESIDENT_KEY_AGREES = "options.selection.resident-key.agrees", Should, Documented,
        "`requireResidentKey` is true if, and only if, `residentKey` is required.",
        (WEBAUTHN, "dictionary-authenticatorSelection");
    USER_VERIFICATION_TYPE = "options.selection.user-verification.json-type", Must, Documented,
        "`userVerification` is a string.",
        (WEBAUTHN, "dictionary-authenticatorSelection");
    USER_VERIFICATION_UNKNOWN = "options.selection.user-verification.unknown", Should, Documented,
        "`userVerification` is required, preferred or discouraged; a client ignores any other.",
        (WEBAUTHN, "enum-userVerificationRequirement");
    ATTACHMENT_TYPE = "options.selection.attachment.json-type", Must, Documented,
        "`authenticatorAttachment` is a string.",
        (WEBAUTHN, "dictionary-authenticatorSelection");
    ATTACHMENT_UNKNOWN = "options.selection.attachment.unknown", Should, Documented,
        "`authenticatorAttachment` is platform or cross-platform; a client ignores any other.",
        (WEBAUTHN, "enum-attachment");
    // Attestation and hints.
    ATTESTATION_TYPE = "options.attestation.json-type", Must, Documented,
        "`attestation` is a string.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    ATTESTATION_UNKNOWN = "options.attestation.unknown", Should, Documented,
        "`attestation` is none, indirect, direct or enterprise; a client takes any other for none.",
        (WEBAUTHN, "enum-attestation-convey");
    FORMATS_TYPE = "options.attestation-formats.json-type", Must, Documented,
        "`attestationFormats` is an array of strings.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    FORMATS_REGISTERED = "options.attestation-formats.registered", Should, Inferred,
        "Each attestation format is a registered one.",
        (IANA_WEBAUTHN, "by WebAuthn, dictionary-makecredentialoptions");
    HINTS_TYPE = "options.hints.json-type", Must, Documented,
        "`hints` is an array of strings.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    HINTS_UNKNOWN = "options.hints.unknown", Should, Documented,
        "Each hint is security-key, client-device or hybrid; a client ignores any other.",
        (WEBAUTHN, "enum-hints");
    HINTS_REPEATED = "options.hints.repeated", May, Documented,
        "No hint is given twice; a client ignores the second.",
        (WEBAUTHN, "enum-hints");
    HINTS_ATTACHMENT = "options.hints.attachment", Should, Documented,
        "`authenticatorAttachment` says to older clients what the hints say.",
        (WEBAUTHN, "enum-hints");
    // Extensions.
    EXTENSIONS_TYPE = "options.extensions.json-type", Must, Documented,
        "`extensions` is an object.",
        (WEBAUTHN, "dictionary-makecredentialoptions");
    EXTENSION_ID = "options.extensions.id", Must, Documented,
        "An extension's identifier has at most 32 characters, printable ASCII without `\"` and `\\`.",
        (WEBAUTHN, "sctn-extension-id");
    EXTENSION_REGISTERED = "options.extensions.id.registered", Should, Inferred,
        "An extension's identifier is a registered one.",
        (IANA_WEBAUTHN, "by WebAuthn, sctn-extension-id");
    EXTENSION_TYPE = "options.extensions.value.json-type", Must, Documented,
        "An extension's input has the type that its definition gives it.",
        (WEBAUTHN, "sctn-defined-extensions; CTAP 2.2, Defined Extensions");
    EXTENSION_APPID = "options.extensions.appid", Must, Recorded,
        "`appid`, an extension for sign-in, is not asked for at registration.",
        (BROWSERS, "appid at registration: NotSupportedError in both");
    EXTENSION_CRED_PROPS = "options.extensions.cred-props", Must, Documented,
        "`credProps` is true.",
        (WEBAUTHN, "sctn-authenticator-credential-properties-extension");
    EXTENSION_PRF_FIRST = "options.extensions.prf.first", Must, Documented,
        "`prf.eval` has a `first`.",
        (WEBAUTHN, "prf-extension");
    EXTENSION_PRF_BY_CREDENTIAL = "options.extensions.prf.by-credential", Must, Documented,
        "`prf.evalByCredential`, which is for sign-in, is not there.",
        (WEBAUTHN, "prf-extension: NotSupportedError");
    EXTENSION_LARGE_BLOB = "options.extensions.large-blob.read-write", Must, Documented,
        "`largeBlob.read` and `largeBlob.write`, which are for sign-in, are not there.",
        (WEBAUTHN, "sctn-large-blob-extension: NotSupportedError");
    EXTENSION_LARGE_BLOB_SUPPORT = "options.extensions.large-blob.support", Should, Documented,
        "`largeBlob.support` is required or preferred; a client takes any other for preferred.",
        (WEBAUTHN, "sctn-large-blob-extension");
    EXTENSION_POLICY = "options.extensions.cred-protect.policy", Must, Recorded,
        "`credentialProtectionPolicy` is one of the three policies of CTAP.",
        (BROWSERS, "an unknown policy: NotSupportedError in Chromium, TypeError in Firefox");
    EXTENSION_POLICY_ENFORCE = "options.extensions.cred-protect.enforce-alone", Should, Recorded,
        "`enforceCredentialProtectionPolicy` comes with a policy to enforce.",
        (BROWSERS, "enforcement without a policy: NotSupportedError in Chromium, accepted by Firefox");
}
