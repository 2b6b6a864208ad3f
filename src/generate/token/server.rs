//! Which rules a server breaks that overlooks a defect of a token, or refuses it by another class: those of the suite's cases
//! on the same defects.

use super::{Layer, TokenDefect};
use crate::cognito::Rule;
use crate::cognito::rules::{request, token};

impl TokenDefect {
    /// The rule that a server breaks by serving a token with this defect.
    ///
    /// A strict reader of the token alone reports [`TokenDefect::rules`]; a server knows its users and clients, and may be
    /// more lenient where RFC 7519 lets it.
    #[must_use]
    pub fn served(&self) -> &'static Rule {
        match self.name {
            "header.kid.missing" | "header.kid.type" => &token::KID,
            "header.crit" => &token::CRITICAL,
            "header.crit.empty" => &token::HEADER_MEMBERS,
            "claims.missing" => &token::CLAIM_MISSING,
            "claims.type" | "scope.type" | "times.type" => &token::CLAIM_TYPE,
            "claims.issuer" => &token::ISSUER,
            "claims.machine" => &token::USER,
            "claims.unknown.user" => &token::USER_CLAIMS,
            "claims.unknown.client" => &token::CLIENT,
            "times.expired" => &token::EXPIRY,
            "times.expired.just" => &token::EXPIRY_LEEWAY,
            "times.future" => &token::NOT_YET_VALID,
            "times.not-before" => &token::NOT_BEFORE,
            "header-text.byte-order-mark" | "claims-text.byte-order-mark" => &token::BYTE_ORDER_MARK,
            "header-text.duplicate" | "claims-text.duplicate" => &token::DUPLICATE_CLAIM,
            "header-segment.empty" | "claims-segment.empty" => &token::STRUCTURE,
            "header-segment.equals-sign" | "claims-segment.equals-sign" | "signature.equals-sign" => &token::PADDING,
            "signature.length" => &token::BASE64URL,
            "signature.not-canonical" => &token::CANONICAL,
            _ => match self.layer {
                Layer::Header => &token::ALGORITHM,
                Layer::Claims => &token::TOKEN_USE,
                Layer::Scope => &token::SCOPE,
                Layer::Times => &token::EXPIRY_REQUIRED,
                Layer::HeaderText => &token::HEADER,
                Layer::ClaimsText => &token::CLAIMS,
                Layer::HeaderSegment | Layer::ClaimsSegment => &token::BASE64URL,
                Layer::Signature => &token::SIGNATURE,
                Layer::Structure => &token::STRUCTURE,
                Layer::Characters => &request::PATTERN,
            },
        }
    }

    /// The rule that names the class of the refusal.
    #[must_use]
    pub fn class_rule(&self) -> &'static Rule {
        match self.layer {
            Layer::Characters => &request::PATTERN_CLASS,
            Layer::Header | Layer::Signature => &token::SIGNATURE_CLASS,
            Layer::Claims => &token::CLAIMS_CLASS,
            Layer::Scope => &token::SCOPE_CLASS,
            Layer::Times if self.name.starts_with("times.expired") => &token::EXPIRY_CLASS,
            Layer::Times => &token::CLAIMS_CLASS,
            // RFC 7519 leaves it open how a reader comes to the refusal.
            Layer::HeaderText | Layer::ClaimsText if self.name.ends_with("duplicate") => &token::CLAIMS_CLASS,
            Layer::HeaderText | Layer::ClaimsText | Layer::HeaderSegment | Layer::ClaimsSegment | Layer::Structure => {
                &token::CLASS
            }
        }
    }
}
