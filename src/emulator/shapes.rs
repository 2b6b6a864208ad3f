//! The string shapes of the service model (botocore `cognito-idp`, 2016-04-18) and their constraints.

use crate::cognito::TOKEN_PATTERN;

/// A string shape.
pub(super) struct Text {
    /// Whether values must not be repeated in messages.
    pub(super) sensitive: bool,
    min: usize,
    max: usize,
    pattern: Option<Pattern>,
    values: &'static [&'static str],
}

/// A regular expression as the model prints it, and what it asks of the whole value.
struct Pattern {
    text: &'static str,
    holds: fn(&str) -> bool,
}

impl Text {
    const fn any() -> Self {
        Text { sensitive: false, min: 0, max: usize::MAX, pattern: None, values: &[] }
    }

    const fn length(min: usize, max: usize) -> Self {
        Text { min, max, ..Text::any() }
    }

    const fn one_of(values: &'static [&'static str]) -> Self {
        Text { values, ..Text::any() }
    }

    const fn pattern(self, text: &'static str, holds: fn(&str) -> bool) -> Self {
        Text { pattern: Some(Pattern { text, holds }), ..self }
    }

    const fn sensitive(self) -> Self {
        Text { sensitive: true, ..self }
    }

    /// What the value breaks, in the words of the live service. Every broken constraint is told, not only the first.
    pub(super) fn violations(&self, at: &str, value: &str) -> Vec<String> {
        let mut rules = Vec::new();
        let length = value.chars().count();
        if length < self.min {
            rules.push(format!("Member must have length greater than or equal to {}", self.min));
        }
        if length > self.max {
            rules.push(format!("Member must have length less than or equal to {}", self.max));
        }
        if let Some(Pattern { text, holds }) = self.pattern
            && !holds(value)
        {
            rules.push(format!("Member must satisfy regular expression pattern: {text}"));
        }
        if !self.values.is_empty() && !self.values.contains(&value) {
            rules.push(format!("Member must satisfy enum value set: [{}]", self.values.join(", ")));
        }
        let quoted = if self.sensitive { String::new() } else { format!(" '{value}'") };
        let told = |rule| format!("Value{quoted} at '{at}' failed to satisfy constraint: {rule}");
        rules.into_iter().map(told).collect()
    }
}

/// `TokenModelType`.
pub(super) const TOKEN: Text = Text::any().pattern(TOKEN_PATTERN, is_token).sensitive();
/// `StringType`, and shapes of which the emulator checks nothing.
pub(super) const STRING: Text = Text::length(0, 131_072);
/// `UserPoolIdType`.
pub(super) const USER_POOL_ID: Text = Text::length(1, 55).pattern(r"[\w-]+_[0-9a-zA-Z]+", is_user_pool_id);
/// `ClientIdType`. The model calls it sensitive, yet live messages repeat it (boto3#3581).
pub(super) const CLIENT_ID: Text = Text::length(1, 128).pattern(r"[\w+]+", is_client_id);
/// `UserPoolNameType` and `ClientNameType`.
pub(super) const NAME: Text = Text::length(1, 128).pattern(r"[\w\s+=,.@-]+", is_name);
/// `UsernameType`.
pub(super) const USERNAME: Text =
    Text::length(1, 128).pattern(r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", is_printable).sensitive();
/// `PasswordType`.
pub(super) const PASSWORD: Text = Text::length(0, 256).pattern(r"[\S]+", has_no_space).sensitive();
/// `AttributeNameType`.
pub(super) const ATTRIBUTE_NAME: Text = Text::length(1, 32).pattern(r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+", is_printable);
/// `AttributeValueType`.
pub(super) const ATTRIBUTE_VALUE: Text = Text::length(0, 2048).sensitive();
/// `RelyingPartyIdType`.
pub(super) const RELYING_PARTY_ID: Text = Text::length(1, 127);
/// `UserVerificationType`.
pub(super) const USER_VERIFICATION: Text = Text::one_of(&["required", "preferred"]);
/// `WebAuthnFactorConfigurationType`.
pub(super) const FACTOR_CONFIGURATION: Text = Text::one_of(&["SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION"]);
/// `UserPoolMfaType`.
pub(super) const MFA_CONFIGURATION: Text = Text::one_of(&["OFF", "ON", "OPTIONAL"]);
/// `AuthFactorType`.
pub(super) const AUTH_FACTOR: Text = Text::one_of(&["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN"]);
/// `UserPoolTierType`.
pub(super) const TIER: Text = Text::one_of(&["LITE", "ESSENTIALS", "PLUS"]);
/// `DeletionProtectionType`.
pub(super) const DELETION_PROTECTION: Text = Text::one_of(&["ACTIVE", "INACTIVE"]);
/// `IssuerType`.
pub(super) const ISSUER: Text = Text::one_of(&["ORIGINAL", "UPDATED"]);
/// `UsernameAttributeType`.
pub(super) const USERNAME_ATTRIBUTE: Text = Text::one_of(&["phone_number", "email"]);
/// `ExplicitAuthFlowsType`.
pub(super) const EXPLICIT_AUTH_FLOW: Text = Text::one_of(&[
    "ADMIN_NO_SRP_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY",
    "USER_PASSWORD_AUTH",
    "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH",
    "ALLOW_USER_PASSWORD_AUTH",
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH",
]);
/// `AuthFlowType`.
pub(super) const AUTH_FLOW: Text = Text::one_of(&[
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN",
    "CUSTOM_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH",
]);
/// `ChallengeNameType`.
pub(super) const CHALLENGE_NAME: Text = Text::one_of(&[
    "SMS_MFA",
    "EMAIL_OTP",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "PASSWORD_VERIFIER",
    "CUSTOM_CHALLENGE",
    "SELECT_CHALLENGE",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH",
    "NEW_PASSWORD_REQUIRED",
    "SMS_OTP",
    "PASSWORD",
    "WEB_AUTHN",
    "PASSWORD_SRP",
]);
/// `SessionType`.
pub(super) const SESSION: Text = Text::length(20, 4096).sensitive();
/// `PaginationKey`.
pub(super) const PAGINATION_KEY: Text = Text::length(1, 131_072).pattern(r"[\S]+", has_no_space);
/// `TimeUnitsType`.
pub(super) const TIME_UNIT: Text = Text::one_of(&["seconds", "minutes", "hours", "days"]);
/// `PreventUserExistenceErrorTypes`.
pub(super) const PREVENT_USER_EXISTENCE_ERRORS: Text = Text::one_of(&["LEGACY", "ENABLED"]);
/// `MessageActionType`.
pub(super) const MESSAGE_ACTION: Text = Text::one_of(&["RESEND", "SUPPRESS"]);
/// `DomainType`, with the dots that a custom domain has.
pub(super) const DOMAIN: Text = Text::length(1, 63).pattern(r"^[a-z0-9](?:[a-z0-9\-\.]{0,61}[a-z0-9])?$", is_domain);

fn filled(value: &str, allowed: impl Fn(char) -> bool) -> bool {
    !value.is_empty() && value.chars().all(allowed)
}

/// The whole value counts, though the pattern is printed without anchors.
fn is_token(value: &str) -> bool {
    filled(value, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.'))
}

fn is_user_pool_id(value: &str) -> bool {
    value.rsplit_once('_').is_some_and(|(region, id)| {
        filled(region, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            && filled(id, |c| c.is_ascii_alphanumeric())
    })
}

fn is_client_id(value: &str) -> bool {
    filled(value, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+'))
}

fn is_name(value: &str) -> bool {
    filled(value, |c| {
        c.is_ascii_alphanumeric() || c.is_ascii_whitespace() || matches!(c, '_' | '+' | '=' | ',' | '.' | '@' | '-')
    })
}

/// Letters, marks, symbols, numbers and punctuation: what is neither white space nor control.
fn is_printable(value: &str) -> bool {
    filled(value, |c| !c.is_whitespace() && !c.is_control())
}

fn has_no_space(value: &str) -> bool {
    filled(value, |c| !c.is_whitespace())
}

fn is_domain(value: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    filled(value, |c| edge(c) || matches!(c, '-' | '.')) && value.starts_with(edge) && value.ends_with(edge)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_matched_as_a_whole() {
        for good in ["a", "=", "...", "-", "a.b-c_d="] {
            assert_eq!(TOKEN.violations("accessToken", good), Vec::<String>::new(), "{good:?}");
        }
        for bad in ["", "a b", "a\n", "Bearer a", "a+b", "a/b", "ä", "\0", "~"] {
            assert_eq!(
                TOKEN.violations("accessToken", bad),
                ["Value at 'accessToken' failed to satisfy constraint: Member must satisfy regular expression \
                  pattern: [A-Za-z0-9-_=.]+"],
                "{bad:?}"
            );
        }
    }

    #[test]
    fn every_broken_constraint_is_told() {
        assert_eq!(
            NAME.violations("poolName", ""),
            [
                "Value '' at 'poolName' failed to satisfy constraint: Member must have length greater than or equal to 1",
                r"Value '' at 'poolName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w\s+=,.@-]+",
            ]
        );
    }
}
