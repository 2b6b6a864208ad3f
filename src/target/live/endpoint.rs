//! Where Cognito is in a Region: AWS's endpoint rules for `cognito-idp` (botocore's `endpoint-rule-set-1.json` of the service,
//! and its `partitions.json`).

use crate::target::{Endpoint, TargetError};

/// Which of a Region's endpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Variant {
    /// The one whose cryptography is validated by FIPS 140.
    pub fips: bool,
    /// One that has IPv6 addresses, too.
    pub dualstack: bool,
}

/// Regions that share their accounts and a domain.
struct Partition {
    /// What the names of its Regions begin with, before `-south-1`.
    regions: &'static [&'static str],
    suffix: &'static str,
    dualstack_suffix: &'static str,
}

/// Every partition offers both variants.
const PARTITIONS: &[Partition] = &[
    COMMERCIAL,
    Partition { regions: &["cn"], suffix: "amazonaws.com.cn", dualstack_suffix: "api.amazonwebservices.com.cn" },
    Partition { regions: &["eusc-de"], suffix: "amazonaws.eu", dualstack_suffix: "api.amazonwebservices.eu" },
    Partition { regions: &["us-iso"], suffix: "c2s.ic.gov", dualstack_suffix: "api.aws.ic.gov" },
    Partition { regions: &["us-isob"], suffix: "sc2s.sgov.gov", dualstack_suffix: "api.aws.scloud" },
    Partition { regions: &["eu-isoe"], suffix: "cloud.adc-e.uk", dualstack_suffix: "api.cloud-aws.adc-e.uk" },
    Partition { regions: &["us-isof"], suffix: "csp.hci.ic.gov", dualstack_suffix: "api.aws.hci.ic.gov" },
    Partition { regions: &["us-gov"], suffix: "amazonaws.com", dualstack_suffix: "api.aws" },
];

/// The one whose plain endpoints are dual-stack already.
const COMMERCIAL: Partition = Partition {
    regions: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
    suffix: "amazonaws.com",
    dualstack_suffix: "api.aws",
};

/// Regions whose FIPS endpoint is dual-stack under its old name.
const FIPS_IS_DUALSTACK: &[&str] = &["us-east-1", "us-east-2", "us-west-1", "us-west-2"];

/// The endpoint of Cognito user pools in that Region.
///
/// # Errors
/// When no partition has a Region of such a name. AWS's rules would guess one; what is mistyped is better told than signed for.
pub fn endpoint(region: &str, variant: Variant) -> Result<Endpoint, TargetError> {
    let partition = partition(region).ok_or_else(|| TargetError::Region(region.to_owned()))?;
    let service = if variant.fips { "cognito-idp-fips" } else { "cognito-idp" };
    let keeps_name =
        if variant.fips { FIPS_IS_DUALSTACK.contains(&region) } else { partition.regions == COMMERCIAL.regions };
    let suffix = if variant.dualstack && !keeps_name { partition.dualstack_suffix } else { partition.suffix };
    Endpoint::parse(&format!("https://{service}.{region}.{suffix}"))
}

/// The partition by the name's form, as in `^(us|eu|…)-\w+-\d+$`.
fn partition(region: &str) -> Option<&'static Partition> {
    let mut parts = region.rsplitn(3, '-');
    let (number, place, beginning) = (parts.next()?, parts.next()?, parts.next()?);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = !place.is_empty() && place.bytes().all(|byte| byte.is_ascii_lowercase());
    PARTITIONS.iter().find(|partition| is_number && is_place && partition.regions.contains(&beginning))
}
