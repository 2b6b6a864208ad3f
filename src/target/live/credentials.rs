//! Credentials by AWS's standard chain: environment, shared files, single sign-on, a role's tokens, container, instance.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Feature;
use aws_credential_types::provider::{self, ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::sync::Mutex;

use crate::target::{SecretKind, Secrets, TargetError};

/// Credentials that end sooner are fetched anew.
const EARLY: Duration = Duration::from_secs(300);

/// The account's credentials, and in words where they come from.
///
/// A profile that is named wins over the environment, as with the AWS CLI: who names one would not expect another account.
///
/// # Errors
/// When there are none, or they cannot be read.
pub async fn credentials(
    region: &str,
    profile: Option<&str>,
    secrets: &Arc<Secrets>,
) -> Result<(SharedCredentialsProvider, String), TargetError> {
    let region = aws_config::Region::new(region.to_owned());
    let http = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let config = ProviderConfig::default().with_http_client(http).with_region(Some(region.clone()));
    let chain = match profile {
        Some(name) => SharedCredentialsProvider::new(
            ProfileFileCredentialsProvider::builder().configure(&config).profile_name(name).build(),
        ),
        None => SharedCredentialsProvider::new(
            DefaultCredentialsChain::builder().region(region).configure(config).build().await,
        ),
    };
    let kept = Kept { chain, secrets: Arc::clone(secrets), last: Mutex::default() };
    let first = kept.current().await.map_err(|e| TargetError::Credentials(told(&e, profile)))?;
    Ok((SharedCredentialsProvider::new(kept), source(&first, profile)))
}

/// Credentials that are kept while they are good.
#[derive(Debug)]
struct Kept {
    chain: SharedCredentialsProvider,
    secrets: Arc<Secrets>,
    last: Mutex<Option<Credentials>>,
}

impl Kept {
    async fn current(&self) -> provider::Result {
        let mut last = self.last.lock().await;
        let is_good = |kept: &Credentials| kept.expiry().is_none_or(|end| SystemTime::now() + EARLY < end);
        if let Some(kept) = last.as_ref().filter(|kept| is_good(kept)) {
            return Ok(kept.clone());
        }
        let fresh = self.chain.provide_credentials().await?;
        for secret in [Some(fresh.secret_access_key()), fresh.session_token()].into_iter().flatten() {
            self.secrets.add_own(SecretKind::AwsCredential, secret);
        }
        Ok(last.insert(fresh).clone())
    }
}

impl ProvideCredentials for Kept {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.current())
    }
}

/// Where the credentials come from. Several features say how a profile gets them; the one nearest to the person is told.
fn source(credentials: &Credentials, profile: Option<&str>) -> String {
    let features = credentials.get_property::<Vec<Feature>>().map(Vec::as_slice).unwrap_or_default();
    let has = |feature: Feature| features.contains(&feature);
    let named = std::env::var("AWS_PROFILE").ok();
    match profile.or(named.as_deref()) {
        Some(name) if profile.is_some() || has(Feature::CredentialsProfile) => format!("the profile `{name}`"),
        _ if has(Feature::CredentialsProfile) => "the profile `default`".to_owned(),
        _ if has(Feature::CredentialsEnvVars) => "the environment".to_owned(),
        _ if has(Feature::CredentialsImds) => "this EC2 instance".to_owned(),
        _ if has(Feature::CredentialsHttp) => "this container".to_owned(),
        _ => "a web identity token".to_owned(),
    }
}

/// Why there are none, and what to do.
fn told(error: &provider::error::CredentialsError, profile: Option<&str>) -> String {
    let causes: Vec<String> =
        std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source()).map(ToString::to_string).collect();
    let what = profile.map_or_else(String::new, |name| format!(" in the profile `{name}`"));
    let why = causes.last().map(String::as_str).unwrap_or_default();
    format!(
        "there are no AWS credentials{what} ({why}); give --profile NAME, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY; without an account give --client-id and --username, or --access-token-env"
    )
}
