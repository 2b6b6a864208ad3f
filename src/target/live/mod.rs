//! Live Cognito: where it is, who calls, and the pools that runs make there and may leave behind.

#[cfg(feature = "live")]
mod credentials;
mod endpoint;
mod leftovers;
mod tags;

#[cfg(feature = "live")]
pub use credentials::credentials;
pub use endpoint::{Variant, endpoint};
pub use leftovers::{Leftover, leftovers};
pub(super) use tags::tags;

/// Without the feature `live` there is no credential chain.
///
/// # Errors
/// Always.
#[cfg(not(feature = "live"))]
pub async fn credentials(
    _region: &str,
    _profile: Option<&str>,
    _secrets: &std::sync::Arc<super::Secrets>,
) -> Result<(aws_credential_types::provider::SharedCredentialsProvider, String), super::TargetError> {
    Err(super::TargetError::Credentials(
        "this build cannot read AWS credentials: install it with `cargo install cogspec --features live`, or in a clone use \
         `cargo run --features live`; without an account give --client-id and --username, or --access-token-env"
            .to_owned(),
    ))
}
