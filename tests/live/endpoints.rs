//! Where live Cognito is, held against botocore's own endpoint rules.

use std::collections::BTreeSet;

use cogspec::target::live::{Variant, endpoint};
use serde_json::Value;

use crate::python;

/// Every Region of every partition, plain and in both variants.
#[test]
fn endpoints_are_those_of_botocore() {
    let Some(python) = python::python("py-venv", "boto3", &["boto3==1.44.5"]) else { return };
    let told = String::from_utf8(python::output(&python, "live_endpoints.py", "")).unwrap();
    let mut regions = BTreeSet::new();
    for line in told.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let region = row["region"].as_str().unwrap();
        let variant = Variant { fips: row["fips"] == true, dualstack: row["dualstack"] == true };
        // Names for what a partition has once, such as IAM. User pools are of a Region.
        if region.ends_with("-global") {
            assert!(endpoint(region, variant).is_err(), "{region}");
            continue;
        }
        assert_eq!(endpoint(region, variant).unwrap().to_string(), row["url"].as_str().unwrap(), "{row}");
        regions.insert(region.to_owned());
    }
    assert!(regions.len() >= 45, "{regions:?}");
    for partition in ["us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1", "us-isob-east-1"] {
        assert!(regions.contains(partition), "{partition}");
    }
}

/// Whoever mistypes a Region is told so; no name is made of it that somebody else might own.
#[test]
fn what_is_no_region_has_no_endpoint() {
    for region in [
        "",
        "us",
        "us-east",
        "us-east-",
        "us--1",
        "useast1",
        "us-east-1a",
        "US-EAST-1",
        "us-east-1.evil.example",
        "us-east-1/",
        "xx-east-1",
        "us-east-1 ",
        "us-ea.st-1",
        "us-ea@st-1",
        "aws-global",
    ] {
        assert!(endpoint(region, Variant::default()).is_err(), "{region}");
    }
}
