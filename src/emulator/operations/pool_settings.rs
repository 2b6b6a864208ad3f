//! The settings that `CreateUserPool` and `UpdateUserPool` share.

use serde_json::{Map, Value, json};

use super::super::answer::Refusal;
use super::super::input::Input;
use super::super::shapes;
use super::super::state::{PasswordPolicy, Pool, Settings};

/// Members that mean nothing to the emulator, and are given back as they came.
const KEPT: &[&str] = &[
    "AccountRecoverySetting",
    "AdminCreateUserConfig",
    "AutoVerifiedAttributes",
    "DeviceConfiguration",
    "EmailConfiguration",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "LambdaConfig",
    "SmsAuthenticationMessage",
    "SmsConfiguration",
    "SmsVerificationMessage",
    "UserAttributeUpdateSettings",
    "UserPoolAddOns",
    "UserPoolTags",
    "VerificationMessageTemplate",
];

/// Reads the settings. What is left out gets its default.
pub(super) fn read(input: &mut Input<'_>) -> Result<Settings, Refusal> {
    let (password_policy, first_factors) = input.structure("Policies", policies)?.unwrap_or_default();
    let issuer = input.structure("IssuerConfiguration", |inner| inner.text("Type", &shapes::ISSUER))?.flatten();
    Ok(Settings {
        first_factors: first_factors.unwrap_or_else(|| vec!["PASSWORD".to_owned()]),
        password_policy: password_policy.unwrap_or_default(),
        tier: input.text("UserPoolTier", &shapes::TIER)?.unwrap_or("ESSENTIALS").to_owned(),
        deletion_protection: deletion_protection(input)?,
        issuer: issuer.unwrap_or("ORIGINAL").to_owned(),
        kept: input.kept(KEPT),
    })
}

fn deletion_protection(input: &mut Input<'_>) -> Result<String, Refusal> {
    Ok(input.text("DeletionProtection", &shapes::DELETION_PROTECTION)?.unwrap_or("INACTIVE").to_owned())
}

type Policies = (Option<PasswordPolicy>, Option<Vec<String>>);

fn policies(input: &mut Input<'_>) -> Result<Policies, Refusal> {
    let password = input.structure("PasswordPolicy", password_policy)?;
    let factors =
        input.structure("SignInPolicy", |inner| inner.texts("AllowedFirstAuthFactors", &shapes::AUTH_FACTOR))?;
    let factors = factors.flatten().map(|factors| factors.into_iter().map(str::to_owned).collect());
    Ok((password, factors))
}

/// A policy that is given asks only for what it names.
fn password_policy(input: &mut Input<'_>) -> Result<PasswordPolicy, Refusal> {
    Ok(PasswordPolicy {
        minimum_length: input.integer("MinimumLength", 6, 99)?.and_then(|n| usize::try_from(n).ok()).unwrap_or(8),
        upper: input.flag("RequireUppercase")?,
        lower: input.flag("RequireLowercase")?,
        numbers: input.flag("RequireNumbers")?,
        symbols: input.flag("RequireSymbols")?,
    })
}

/// Refuses settings that contradict each other.
pub(super) fn check(settings: &Settings) -> Result<(), Refusal> {
    let passkeys = settings.first_factors.iter().any(|factor| factor == "WEB_AUTHN");
    if passkeys && settings.tier == "LITE" {
        let message = "WEB_AUTHN is not available in the LITE feature plan.";
        return Err(Refusal::new("FeatureUnavailableInTierException", message));
    }
    match settings.first_factors.as_slice() {
        [] => Err(Refusal::invalid_parameter("AllowedFirstAuthFactors must name at least one factor.")),
        [only] if only == "WEB_AUTHN" => {
            Err(Refusal::invalid_parameter("WEB_AUTHN must be accompanied by at least one other option."))
        }
        _ => Ok(()),
    }
}

/// `UserPoolType`.
pub(super) fn document(pool: &Pool, region: &str) -> Value {
    let mut document = json!({
        "Id": pool.id,
        "Name": pool.name,
        "Policies": pool.policies(),
        "DeletionProtection": pool.settings.deletion_protection,
        "LambdaConfig": {},
        "LastModifiedDate": pool.modified,
        "CreationDate": pool.created,
        "MfaConfiguration": pool.mfa.mode,
        "EstimatedNumberOfUsers": pool.user_count(),
        "UsernameConfiguration": { "CaseSensitive": pool.case_sensitive },
        "Arn": format!("arn:aws:cognito-idp:{region}:123456789012:userpool/{}", pool.id),
        "UserPoolTier": pool.settings.tier,
        "IssuerConfiguration": { "Type": pool.settings.issuer },
    });
    if let Value::Object(members) = &mut document {
        members.extend(pool.settings.kept.clone());
        let optional = [
            ("UsernameAttributes", (!pool.username_attributes.is_empty()).then(|| json!(pool.username_attributes))),
            ("Domain", pool.prefix_domain.as_deref().map(Value::from)),
            ("CustomDomain", pool.custom_domain.as_ref().map(|domain| Value::from(domain.name.as_str()))),
        ];
        members.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    }
    document
}

/// `UserPoolDescriptionType`.
pub(super) fn description(pool: &Pool) -> Value {
    json!({
        "Id": pool.id,
        "Name": pool.name,
        "LambdaConfig": pool.settings.kept.get("LambdaConfig").cloned().unwrap_or(Value::Object(Map::new())),
        "LastModifiedDate": pool.modified,
        "CreationDate": pool.created,
    })
}
