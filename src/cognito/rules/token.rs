//! Rules on access tokens: RFC 7519 and 7515, and what Cognito asks beyond them.

use super::documents::{
    API_START, GUIDE_ACCESS_TOKEN, GUIDE_REVOCATION, GUIDE_VERIFY_TOKEN, LIVE, RFC4648, RFC7515, RFC7519, RFC8259,
    RFC8725, SERVICE_MODEL,
};

super::rules! {
    STRUCTURE = "token.structure", Must, Documented,
        "A token is three base64url segments; anything else is refused.",
        (RFC7515, "7.1 JWS Compact Serialization");
    CLASS = "token.class", Must, Recorded,
        "A text that is no access token is a NotAuthorizedException.",
        (LIVE, "recorded Java SDK test: Invalid Access Token");
    CLAIMS_CLASS = "token.claims.class", Must, Inferred,
        "A signed token whose claims do not hold is a NotAuthorizedException.",
        (API_START, "NotAuthorizedException");
    BASE64URL = "token.base64url", Must, Documented,
        "Segments are base64url, without line breaks, white space or other characters.",
        (RFC7515, "2. Terminology, Base64url Encoding; 5.2 Message Signature or MAC Validation");
    // RFC 7515 leaves no choice here, but the pattern of `AccessToken` allows the character: Cognito may know why.
    PADDING = "token.base64url.padding", Should, Documented,
        "Segments have no padding.",
        (RFC7515, "2. Terminology, Base64url Encoding: all trailing '=' characters omitted");
    CANONICAL = "token.base64url.canonical", May, Documented,
        "The unused bits of a segment's last character are zero, so that one token has one text.",
        (RFC4648, "3.5 Canonical Encoding: decoders MAY reject");
    HEADER = "token.header", Must, Documented,
        "The header is a JSON object.",
        (RFC7519, "7.2 Validating a JWT");
    CLAIMS = "token.claims", Must, Documented,
        "The claims are a JSON object.",
        (RFC7519, "7.2 Validating a JWT");
    BYTE_ORDER_MARK = "token.byte-order-mark", May, Documented,
        "Header and claims that begin with a byte order mark are refused, or read without it.",
        (RFC8259, "8.1 Character Encoding: parsers MAY ignore it");
    DEPTH = "token.depth", May, Documented,
        "A deeply nested claim is ignored, or the token is refused; it does not take the server down.",
        (RFC8259, "9. Parsers: an implementation may set limits on depth");
    MEMBER_ORDER = "token.member-order", Must, Documented,
        "The order of header members and claims means nothing.",
        (RFC8259, "1. Introduction: an object is an unordered collection");
    HEADER_MEMBERS = "token.header.members", May, Documented,
        "Header members that say nothing of the signature are ignored, or refused, for Cognito writes none.",
        (RFC7515, "4. JOSE Header: parameters that are not understood are ignored");
    SIGNATURE = "token.signature", Must, Documented,
        "The signature is verified with the pool's key over header and claims as they came.",
        (GUIDE_VERIFY_TOKEN, "Validate the signature");
    SIGNATURE_CLASS = "token.signature.class", Must, Inferred,
        "A token whose signature does not hold is a NotAuthorizedException.",
        (LIVE, "reported by several third parties: Could not verify signature for Access Token");
    ALGORITHM = "token.algorithm", Must, Documented,
        "Only RS256 is accepted, whatever the token's header says.",
        (RFC8725, "3.1 Perform Algorithm Verification");
    KEY = "token.key", Must, Documented,
        "The key is the pool's own: keys and key addresses in the token are not trusted.",
        (RFC8725, "3.8 Validate Issuer and Subject: keys belong to the issuer; 3.10 Do Not Trust Received Claims");
    // For RFC 7515 `kid` is a hint, which a server with a single key could pass over.
    KID = "token.key.kid", Should, Documented,
        "The key is found by `kid`: a token that names none of the pool's keys for access tokens is refused.",
        (GUIDE_VERIFY_TOKEN, "Validate the signature: compare the local key id with the public one");
    CRITICAL = "token.critical", Must, Documented,
        "A header that lists an unknown extension as critical is refused.",
        (RFC7515, "4.1.11 crit");
    ISSUER = "token.issuer", Must, Documented,
        "`iss` is the pool that signed the token.",
        (GUIDE_VERIFY_TOKEN, "Verify the claims: iss");
    ISSUER_FORM = "token.issuer.form", May, Inferred,
        "`iss` is in the form that the pool is set to: what Cognito does with its other form is not known.",
        (SERVICE_MODEL, "IssuerConfigurationType");
    TOKEN_USE = "token.token-use", Must, Documented,
        "`token_use` is `access`: another kind of token is refused.",
        (GUIDE_VERIFY_TOKEN, "Verify the claims: token_use");
    TOKEN_USE_CLASS = "token.token-use.class", Must, Recorded,
        "An ID token is a NotAuthorizedException.",
        (LIVE, "nestjs-cognito#153: Invalid Access Token");
    USER = "token.user", Must, Documented,
        "The token stands for a user of the pool.",
        (API_START, "NotAuthorizedException");
    USER_CLAIMS = "token.user.claims", Must, Inferred,
        "`sub` and `username` are of one user: neither is enough alone.",
        (GUIDE_ACCESS_TOKEN, "sub, username");
    CLIENT = "token.client", Must, Inferred,
        "`client_id` is an app client of the pool.",
        (GUIDE_ACCESS_TOKEN, "client_id");
    EXPIRY = "token.expiry", Must, Documented,
        "On or after `exp` the token is refused.",
        (RFC7519, "4.1.4 exp");
    EXPIRY_CLASS = "token.expiry.class", Must, Recorded,
        "An expired token is a NotAuthorizedException.",
        (LIVE, "message Access Token has expired");
    EXPIRY_LEEWAY = "token.expiry.leeway", May, Documented,
        "From `exp` on the token is refused, without leeway for clocks that differ.",
        (RFC7519, "4.1.4 exp: implementers MAY provide for some small leeway");
    EXPIRY_REQUIRED = "token.expiry.required", Must, Documented,
        "A token without `exp`, or with one that is not a number, is refused.",
        (GUIDE_VERIFY_TOKEN, "Verify the claims: the token has not expired");
    NOT_BEFORE = "token.not-before", Must, Documented,
        "Before its `nbf`, where it has one, a token is refused.",
        (RFC7519, "4.1.5 nbf: MUST NOT be accepted for processing");
    NOT_YET_VALID = "token.not-yet-valid", Should, Inferred,
        "A token that was issued in the future is refused.",
        (RFC7519, "4.1.6 iat");
    SCOPE = "token.scope", Must, Documented,
        "The scope `aws.cognito.signin.user.admin` is among the token's scopes, as a whole word.",
        (API_START, "Request Parameters: AccessToken must include the scope");
    SCOPE_CLASS = "token.scope.class", Must, Recorded,
        "A missing scope is a NotAuthorizedException.",
        (LIVE, "amplify-js#5744, #1906: Access Token does not have required scopes");
    SCOPE_SET = "token.scope.set", Must, Documented,
        "Scopes are a set of space-separated words: order and company do not matter.",
        (GUIDE_ACCESS_TOKEN, "scope");
    SCOPE_SEPARATOR = "token.scope.separator", May, Inferred,
        "Scopes are separated by one space: what Cognito does with other white space is not known.",
        (GUIDE_ACCESS_TOKEN, "scope");
    CLAIM_TYPE = "token.claim-type", Should, Inferred,
        "A claim of another type than Cognito's is refused.",
        (GUIDE_ACCESS_TOKEN, "Access token payload");
    CLAIM_MISSING = "token.claim-missing", May, Inferred,
        "A token without a claim that Cognito always puts there: what Cognito does is not known.",
        (GUIDE_ACCESS_TOKEN, "Access token payload");
    SESSION = "token.session", May, Inferred,
        "`origin_jti` names a session that the pool has had: what Cognito does with another one is not known.",
        (GUIDE_REVOCATION, "origin_jti");
    LENGTH = "token.length", May, Inferred,
        "The model sets no limit to a token's length: where Cognito's is, is not known.",
        (SERVICE_MODEL, "TokenModelType");
    UNKNOWN_CLAIM = "token.unknown-claim", Must, Documented,
        "Claims that are not understood are ignored.",
        (RFC7519, "4. JWT Claims");
    DUPLICATE_CLAIM = "token.duplicate-claim", Must, Documented,
        "Claim names are unique: a token with a duplicate is refused, or the last one counts.",
        (RFC7519, "4. JWT Claims");
}
