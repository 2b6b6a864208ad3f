//! User pools.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::super::answer::Refusal;
use super::super::keys::SigningKey;
use super::{AuthSessions, Client, PasswordPolicy, User, no_client};

/// The two keys of a pool: access tokens and ID tokens are signed by different ones.
pub(in crate::emulator) struct PoolKeys {
    pub(in crate::emulator) access: Arc<SigningKey>,
    pub(in crate::emulator) id: Arc<SigningKey>,
}

/// What `UpdateUserPool` sets anew: a member that it leaves out falls back to its default.
pub(in crate::emulator) struct Settings {
    /// `SignInPolicy.AllowedFirstAuthFactors`.
    pub(in crate::emulator) first_factors: Vec<String>,
    pub(in crate::emulator) password_policy: PasswordPolicy,
    pub(in crate::emulator) tier: String,
    pub(in crate::emulator) deletion_protection: String,
    /// `IssuerConfiguration.Type`.
    pub(in crate::emulator) issuer: String,
    /// Members that mean nothing to the emulator, given back as they came.
    pub(in crate::emulator) kept: Map<String, Value>,
}

/// `WebAuthnConfiguration`.
#[derive(Clone, Default)]
pub(in crate::emulator) struct RelyingParty {
    pub(in crate::emulator) id: Option<String>,
    pub(in crate::emulator) user_verification: Option<String>,
    pub(in crate::emulator) factor_configuration: Option<String>,
}

/// The multi-factor settings.
#[derive(Clone)]
pub(in crate::emulator) struct Mfa {
    /// `OFF`, `ON` or `OPTIONAL`.
    pub(in crate::emulator) mode: String,
    /// `SmsMfaConfiguration`, `SoftwareTokenMfaConfiguration` and `EmailMfaConfiguration`, given back as they came.
    pub(in crate::emulator) methods: Map<String, Value>,
}

/// What a refresh token stands for.
#[derive(Clone)]
pub(in crate::emulator) struct Grant {
    pub(in crate::emulator) username: String,
    pub(in crate::emulator) sub: String,
    pub(in crate::emulator) client_id: String,
    pub(in crate::emulator) origin_jti: String,
    /// In Unix seconds, as is `expires`.
    pub(in crate::emulator) auth_time: u64,
    pub(in crate::emulator) expires: u64,
}

/// A custom domain with its certificate.
pub(in crate::emulator) struct CustomDomain {
    pub(in crate::emulator) name: String,
    pub(in crate::emulator) certificate: String,
}

/// One user pool.
pub(in crate::emulator) struct Pool {
    pub(in crate::emulator) id: String,
    pub(in crate::emulator) name: String,
    /// In Unix seconds with milliseconds, as is `modified`.
    pub(in crate::emulator) created: f64,
    pub(in crate::emulator) modified: f64,
    pub(in crate::emulator) keys: PoolKeys,
    pub(in crate::emulator) settings: Settings,
    pub(in crate::emulator) username_attributes: Vec<String>,
    pub(in crate::emulator) case_sensitive: bool,
    pub(in crate::emulator) mfa: Mfa,
    pub(in crate::emulator) relying_party: Option<RelyingParty>,
    pub(in crate::emulator) prefix_domain: Option<String>,
    pub(in crate::emulator) custom_domain: Option<CustomDomain>,
    pub(in crate::emulator) clients: BTreeMap<String, Client>,
    /// By refresh token.
    pub(in crate::emulator) grants: HashMap<String, Grant>,
    pub(in crate::emulator) auth_sessions: AuthSessions,
    users: BTreeMap<String, User>,
}

impl Pool {
    /// A pool without clients, users and domains, and without passkey settings.
    pub(in crate::emulator) fn new(id: String, name: &str, now: f64, keys: PoolKeys, settings: Settings) -> Self {
        Pool {
            id,
            name: name.to_owned(),
            created: now,
            modified: now,
            keys,
            settings,
            username_attributes: Vec::new(),
            case_sensitive: false,
            mfa: Mfa { mode: "OFF".to_owned(), methods: Map::new() },
            relying_party: None,
            prefix_domain: None,
            custom_domain: None,
            clients: BTreeMap::new(),
            grants: HashMap::new(),
            auth_sessions: AuthSessions::default(),
            users: BTreeMap::new(),
        }
    }

    /// The `iss` of the pool's tokens, in the form that the pool is set to.
    pub(in crate::emulator) fn issuer(&self, region: &str) -> String {
        let prefix = if self.settings.issuer == "UPDATED" { "issuer-" } else { "" };
        format!("https://{prefix}cognito-idp.{region}.amazonaws.com/{}", self.id)
    }

    /// Whether users may sign in with passkeys.
    pub(in crate::emulator) fn allows_passkeys(&self) -> bool {
        self.settings.first_factors.iter().any(|factor| factor == "WEB_AUTHN")
    }

    /// The relying party id: the configured one, else the custom domain, else the prefix domain.
    pub(in crate::emulator) fn relying_party_id(&self, region: &str) -> Option<String> {
        let configured = self.relying_party.as_ref().and_then(|rp| rp.id.clone());
        let custom = || self.custom_domain.as_ref().map(|domain| domain.name.clone());
        let prefix = || self.prefix_domain.as_ref().map(|prefix| format!("{prefix}.auth.{region}.amazoncognito.com"));
        configured.or_else(custom).or_else(prefix)
    }

    /// `required` or `preferred`, which is the default. A passkey that is to stand for two factors must verify its user.
    pub(in crate::emulator) fn user_verification(&self) -> &str {
        let Some(configuration) = &self.relying_party else { return "preferred" };
        match configuration.factor_configuration.as_deref() {
            Some("MULTI_FACTOR_WITH_USER_VERIFICATION") => "required",
            _ => configuration.user_verification.as_deref().unwrap_or("preferred"),
        }
    }

    /// Whether this is the pool's custom domain.
    pub(in crate::emulator) fn has_custom_domain(&self, name: &str) -> bool {
        self.custom_domain.as_ref().is_some_and(|domain| domain.name == name)
    }

    /// The app client of that id.
    pub(in crate::emulator) fn client(&self, id: &str) -> Result<&Client, Refusal> {
        self.clients.get(id).ok_or_else(|| no_client(id))
    }

    /// The user with this name, or with this value of an attribute that serves as name.
    pub(in crate::emulator) fn user(&self, name: &str) -> Result<&User, Refusal> {
        self.key_of(name).and_then(|key| self.users.get(&key)).ok_or_else(no_user)
    }

    /// The same, to be changed.
    pub(in crate::emulator) fn user_mut(&mut self, name: &str) -> Result<&mut User, Refusal> {
        self.key_of(name).and_then(|key| self.users.get_mut(&key)).ok_or_else(no_user)
    }

    /// Adds a user under a name that is free.
    pub(in crate::emulator) fn add_user(&mut self, user: User) -> Result<&User, Refusal> {
        let taken = self.username_attributes.iter().filter_map(|name| user.attribute(name)).chain([&*user.username]);
        if taken.into_iter().any(|name| self.key_of(name).is_some()) {
            return Err(Refusal::new("UsernameExistsException", "User account already exists"));
        }
        let key = self.normalised(&user.username);
        Ok(self.users.entry(key).or_insert(user))
    }

    /// Removes a user with sessions and refresh tokens.
    pub(in crate::emulator) fn remove_user(&mut self, name: &str) -> Result<(), Refusal> {
        let removed = self.key_of(name).and_then(|key| self.users.remove(&key)).ok_or_else(no_user)?;
        self.grants.retain(|_, grant| grant.sub != removed.sub);
        Ok(())
    }

    /// Ends every session of a user: tokens issued until now are worth nothing.
    pub(in crate::emulator) fn sign_out(&mut self, name: &str, now: u64) -> Result<(), Refusal> {
        let user = self.user_mut(name)?;
        user.sessions.clear();
        user.signed_out_at = Some(now);
        let sub = user.sub.clone();
        self.grants.retain(|_, grant| grant.sub != sub);
        Ok(())
    }

    /// All users.
    pub(in crate::emulator) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// `EstimatedNumberOfUsers`.
    pub(in crate::emulator) fn user_count(&self) -> usize {
        self.users.len()
    }

    /// `Policies`, as the API gives it back.
    pub(in crate::emulator) fn policies(&self) -> Value {
        json!({
            "PasswordPolicy": self.settings.password_policy.document(),
            "SignInPolicy": { "AllowedFirstAuthFactors": self.settings.first_factors },
        })
    }

    fn key_of(&self, name: &str) -> Option<String> {
        let key = self.normalised(name);
        if self.users.contains_key(&key) {
            return Some(key);
        }
        let is_named =
            |user: &User| self.username_attributes.iter().any(|attribute| user.attribute(attribute) == Some(name));
        self.users.iter().find(|(_, user)| is_named(user)).map(|(key, _)| key.clone())
    }

    fn normalised(&self, name: &str) -> String {
        if self.case_sensitive { name.to_owned() } else { name.to_lowercase() }
    }
}

fn no_user() -> Refusal {
    Refusal::new("UserNotFoundException", "User does not exist.")
}
