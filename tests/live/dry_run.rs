//! `--dry-run`: what a live run would send, found out without sending it.

use std::collections::BTreeMap;

use crate::stand_in::{StandIn, ended, with_keys};

/// The table of calls by operation, without the names of no operation.
fn table(told: &str) -> BTreeMap<String, usize> {
    let rows = told.lines().filter_map(|line| line.strip_prefix("  ")?.trim_start().split_once("  "));
    let rows = rows.filter(|(_, name)| name.bytes().all(|byte| byte.is_ascii_alphabetic()));
    rows.map(|(count, name)| (name.to_owned(), count.parse().unwrap())).collect()
}

/// Nothing is sent, no credentials are wanted, and the run that follows makes exactly these calls.
#[test]
fn a_dry_run_tells_what_the_run_sends() {
    let aws = StandIn::start("eu-west-1");
    let cases = ["--filter", "state.*", "--filter", "options.served"];
    let (told, _) = ended(aws.live(&["run", "--dry-run"]).args(cases), 0);
    assert_eq!(aws.connections(), 0, "a dry run connects");
    let foreseen = table(&told);
    assert!(foreseen["StartWebAuthnRegistration"] > 20 && foreseen["CreateUserPool"] > 3, "{told}");
    assert!(told.contains("https://aws.amazon.com/cognito/pricing/") && told.contains("an estimate"), "{told}");

    let (_, stderr) = ended(with_keys(aws.live(&["run"]).args(cases)), 0);
    for (operation, count) in &foreseen {
        let sent = aws.count(&format!("AWSCognitoIdentityProviderService.{operation}\r\n"));
        assert_eq!(sent, *count, "{operation}");
    }
    let pools = format!("makes {} user pools cogspec-", foreseen["CreateUserPool"]);
    let requests = format!("sends about {} requests", foreseen.values().sum::<usize>());
    let users = format!("{} monthly active users", foreseen["AdminCreateUser"]);
    for line in [pools, requests, users] {
        assert!(stderr.contains(&line), "{line}: {stderr}");
    }
}

/// As one user: no pools, no users, no calls that want a signature.
#[test]
fn a_dry_run_as_one_user() {
    let aws = StandIn::start("eu-west-1");
    for who in [
        &["--client-id", "1h57kf5cpq17m0eml12EXAMPLE", "--username", "me", "--password-env", "NO_SUCH_VARIABLE"][..],
        &["--access-token-env", "NO_SUCH_VARIABLE"],
    ] {
        let (told, _) = ended(aws.live(&["run", "--dry-run", "--filter", "options.*"]).args(who), 0);
        let foreseen = table(&told);
        let unsigned = ["InitiateAuth", "StartWebAuthnRegistration"];
        assert!(foreseen.keys().all(|operation| unsigned.contains(&operation.as_str())), "{told}");
        assert!(told.contains("makes no pools and no users"), "{told}");
    }
    assert_eq!(aws.connections(), 0);
}

#[test]
fn a_dry_run_of_a_recording() {
    let aws = StandIn::start("eu-west-1");
    let (told, _) = ended(&mut aws.live(&["record", "cognito", "--dry-run", "--filter", "options.served"]), 0);
    assert_eq!(table(&told)["CreateUserPool"], 1, "{told}");
    assert_eq!(aws.connections(), 0);
}

/// The policy in the documentation allows every signed call that the suite makes, and no more.
#[test]
fn the_documented_policy_is_what_is_needed() {
    let text = include_str!("../../docs/live.md");
    let json = text.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let policy: serde_json::Value = serde_json::from_str(json).unwrap();
    let actions = policy["Statement"].as_array().unwrap().iter().flat_map(|statement| match &statement["Action"] {
        serde_json::Value::String(one) => vec![one.clone()],
        many => many.as_array().unwrap().iter().map(|action| action.as_str().unwrap().to_owned()).collect(),
    });
    let allowed: std::collections::BTreeSet<String> =
        actions.map(|action| action.strip_prefix("cognito-idp:").unwrap().to_owned()).collect();

    let aws = StandIn::start("eu-west-1");
    // All themes but those that send the same calls many hundred times.
    let cases = ["--filter", "!ceremony.complete.*", "--filter", "!request.*", "--filter", "!token.*"];
    let (told, _) = ended(aws.live(&["run", "--dry-run"]).args(cases), 0);
    let mut needed: std::collections::BTreeSet<String> = table(&told).into_keys().collect();
    let unsigned = |name: &String| {
        name.contains("WebAuthn")
            || ["DeleteUser", "GetUserAuthFactors", "GlobalSignOut", "InitiateAuth"].contains(&name.as_str())
            || ["RespondToAuthChallenge", "RevokeToken"].contains(&name.as_str())
    };
    needed.retain(|name| !unsigned(name));
    // Where a user may not sign in with a password, an administrator signs the user in; `cogspec live clean` lists.
    needed.extend(["AdminInitiateAuth", "ListUserPools"].map(str::to_owned));
    assert_eq!(needed, allowed);
}
