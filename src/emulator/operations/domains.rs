//! Domains: a relying party where none is configured.

use serde_json::json;

use super::super::Service;
use super::super::answer::{Answer, Refusal};
use super::super::input::Input;
use super::super::shapes;
use super::super::state::CustomDomain;

/// Words that a prefix domain must not have in it.
const RESERVED: &[&str] = &["aws", "amazon", "cognito"];

/// `CreateUserPoolDomain`: custom with a `CustomDomainConfig`, else a prefix.
pub(super) fn create(service: &Service, mut input: Input<'_>) -> Answer {
    let domain = input.required("Domain", &shapes::DOMAIN)?;
    let pool = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    let certificate =
        input.structure("CustomDomainConfig", |inner| inner.required("CertificateArn", &shapes::STRING))?;
    let version = input.integer("ManagedLoginVersion", i64::MIN, i64::MAX)?.unwrap_or(1);
    input.finish()?;

    let mut store = service.write();
    let taken = store.pool_of_domain(domain).is_some();
    let pool = store.pool_mut(pool)?;
    if taken {
        return Err(Refusal::invalid_parameter("Domain already associated with another user pool."));
    }
    match certificate {
        Some(certificate) => {
            if pool.custom_domain.is_some() {
                return Err(Refusal::invalid_parameter("The user pool already has a custom domain configured."));
            }
            pool.custom_domain = Some(CustomDomain { name: domain.to_owned(), certificate: certificate.to_owned() });
            Ok(Some(json!({ "CloudFrontDomain": "d111111abcdef8.cloudfront.net", "ManagedLoginVersion": version })))
        }
        None => {
            check_prefix(domain)?;
            if pool.prefix_domain.is_some() {
                return Err(Refusal::invalid_parameter("The user pool already has a domain configured."));
            }
            pool.prefix_domain = Some(domain.to_owned());
            Ok(Some(json!({ "ManagedLoginVersion": version })))
        }
    }
}

/// `DescribeUserPoolDomain`. A domain that is nobody's has an empty description.
pub(super) fn describe(service: &Service, mut input: Input<'_>) -> Answer {
    let domain = input.required("Domain", &shapes::DOMAIN)?;
    input.finish()?;
    let store = service.read();
    let Some(pool) = store.pool_of_domain(domain) else {
        return Ok(Some(json!({ "DomainDescription": {} })));
    };
    let custom = pool.custom_domain.as_ref().filter(|custom| custom.name == domain);
    Ok(Some(json!({
        "DomainDescription": {
            "UserPoolId": pool.id,
            "AWSAccountId": "123456789012",
            "Domain": domain,
            "Status": "ACTIVE",
            "CustomDomainConfig": custom.map_or_else(|| json!({}), |custom| json!({ "CertificateArn": custom.certificate })),
        },
    })))
}

/// `DeleteUserPoolDomain`.
pub(super) fn delete(service: &Service, mut input: Input<'_>) -> Answer {
    let domain = input.required("Domain", &shapes::DOMAIN)?;
    let pool = input.required("UserPoolId", &shapes::USER_POOL_ID)?;
    input.finish()?;
    let mut store = service.write();
    let pool = store.pool_mut(pool)?;
    if pool.has_custom_domain(domain) {
        pool.custom_domain = None;
    } else if pool.prefix_domain.as_deref() == Some(domain) {
        pool.prefix_domain = None;
    } else {
        return Err(Refusal::invalid_parameter("No such domain or user pool exists."));
    }
    Ok(Some(json!({})))
}

fn check_prefix(prefix: &str) -> Result<(), Refusal> {
    if let Some(word) = RESERVED.iter().find(|word| prefix.contains(**word)) {
        return Err(Refusal::invalid_parameter(format!("Domain cannot contain reserved word: {word}")));
    }
    if prefix.contains('.') {
        return Err(Refusal::invalid_parameter(
            "A prefix domain has no dots. For a custom domain, give a CustomDomainConfig.",
        ));
    }
    Ok(())
}
