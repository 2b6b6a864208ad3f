//! Password policies.

use serde_json::{Value, json};

use super::super::answer::Refusal;

/// `PasswordPolicy`.
pub(in crate::emulator) struct PasswordPolicy {
    pub(in crate::emulator) minimum_length: usize,
    pub(in crate::emulator) upper: bool,
    pub(in crate::emulator) lower: bool,
    pub(in crate::emulator) numbers: bool,
    pub(in crate::emulator) symbols: bool,
}

impl Default for PasswordPolicy {
    /// That of a pool which is created without one.
    fn default() -> Self {
        PasswordPolicy { minimum_length: 8, upper: true, lower: true, numbers: true, symbols: true }
    }
}

impl PasswordPolicy {
    /// Refuses a password that the policy does not allow.
    pub(in crate::emulator) fn check(&self, password: &str) -> Result<(), Refusal> {
        let has = |kind: fn(char) -> bool| password.chars().any(kind);
        let broken = if password.chars().count() < self.minimum_length {
            "Password not long enough"
        } else if self.lower && !has(|c| c.is_ascii_lowercase()) {
            "Password must have lowercase characters"
        } else if self.upper && !has(|c| c.is_ascii_uppercase()) {
            "Password must have uppercase characters"
        } else if self.numbers && !has(|c| c.is_ascii_digit()) {
            "Password must have numeric characters"
        } else if self.symbols && !has(|c| c.is_ascii_punctuation()) {
            "Password must have symbol characters"
        } else {
            return Ok(());
        };
        Err(Refusal::new("InvalidPasswordException", format!("Password did not conform with policy: {broken}")))
    }

    /// The policy as the API gives it back.
    pub(in crate::emulator) fn document(&self) -> Value {
        json!({
            "MinimumLength": self.minimum_length,
            "RequireUppercase": self.upper,
            "RequireLowercase": self.lower,
            "RequireNumbers": self.numbers,
            "RequireSymbols": self.symbols,
            "TemporaryPasswordValidityDays": 7,
        })
    }
}
