//! Whole runs on live Cognito, as far as the emulator can stand in for it.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::stand_in::{StandIn, ended, tempfile, with_keys};

/// The pools are tagged from their making on, also after an update, and gone at the end.
#[test]
fn a_run_makes_tagged_pools_and_deletes_them() {
    let aws = StandIn::start("eu-west-1");
    let cases = ["--filter", "state.*", "--filter", "errors.*"];
    let (stdout, stderr) = ended(with_keys(aws.live(&["run"]).args(cases)), 0);
    assert!(stdout.contains("Amazon Cognito in eu-west-1"), "{stdout}");
    let run = stderr.split(" cogspec-").nth(1).unwrap().split('-').next().unwrap();
    assert_eq!(run.len(), 8, "{stderr}");
    for (operation, inputs) in
        [("CreateUserPool", inputs(&aws, "PoolName")), ("UpdateUserPool", inputs(&aws, "Policies"))]
    {
        let inputs: Vec<Value> = inputs
            .into_iter()
            .filter(|input| input["UserPoolId"].is_string() == (operation == "UpdateUserPool"))
            .collect();
        assert!(!inputs.is_empty(), "{operation}");
        assert_eq!(aws.count(&format!(".{operation}\r\n")), inputs.len());
        for input in inputs {
            let tags = &input["UserPoolTags"];
            assert_eq!(tags["cogspec"], env!("CARGO_PKG_VERSION"), "{operation} {input}");
            assert_eq!(tags["cogspec-run"], run, "{operation} {input}");
            assert!(tags["cogspec-made"].as_str().unwrap().ends_with('Z'), "{operation} {input}");
            assert!(input["DeletionProtection"].is_null(), "{input}");
        }
    }
    assert_eq!(aws.pools(), Vec::<String>::new());
}

/// The bodies that were sent and have this member.
fn inputs(aws: &StandIn, member: &str) -> Vec<Value> {
    let seen = aws.seen();
    let bodies = seen
        .split("\r\n\r\n")
        .skip(1)
        .filter_map(|rest| Value::deserialize(&mut serde_json::Deserializer::from_str(rest)).ok());
    bodies.filter(|body: &Value| !body[member].is_null()).collect()
}

#[test]
fn every_kind_of_endpoint_is_reached_under_its_own_name() {
    for (host, region, more) in [
        ("cognito-idp-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1", &["--fips"][..]),
        ("cognito-idp.eusc-de-east-1.api.amazonwebservices.eu", "eusc-de-east-1", &["--dualstack"]),
        ("cognito-idp.cn-north-1.amazonaws.com.cn", "cn-north-1", &[]),
    ] {
        let aws = StandIn::under(host, region);
        let mut run = aws.live(&["run", "--filter", "options.served"]);
        ended(with_keys(run.args(more)), 0);
        assert!(aws.seen().to_lowercase().contains(&format!("host: {host}\r\n")));
        assert!(aws.seen().contains(&format!("/{region}/cognito-idp/aws4_request")));
        assert_eq!(aws.pools(), Vec::<String>::new());
    }
}

/// The budget ends the run, but not its cleaning up.
#[test]
fn a_budget_is_kept() {
    let aws = StandIn::start("eu-west-1");
    let (_, stderr) = ended(with_keys(aws.live(&["run", "--filter", "state.*"]).args(["--budget", "40"])), 3);
    assert!(stderr.contains("at most 40 requests"), "{stderr}");
    assert!(aws.count("POST / HTTP/1.1\r\n") <= 40, "{}", aws.count("POST / HTTP/1.1\r\n"));
    assert_eq!(aws.pools(), Vec::<String>::new());
}

/// As one user, without AWS credentials: nothing is signed, nothing made, nothing of the user's changed.
#[test]
fn a_run_as_one_user() {
    let aws = StandIn::start("eu-west-1");
    let pool = json!({ "PoolName": "theirs", "Policies": { "SignInPolicy": { "AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"] } } });
    let pool = &aws.control("CreateUserPool", &pool)["UserPool"]["Id"];
    let passkeys = json!({ "RelyingPartyId": "auth.example.com" });
    aws.control("SetUserPoolMfaConfig", &json!({ "UserPoolId": pool, "WebAuthnConfiguration": passkeys }));
    let client = json!({ "UserPoolId": pool, "ClientName": "web", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] });
    let client =
        aws.control("CreateUserPoolClient", &client)["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
    aws.control("AdminCreateUser", &json!({ "UserPoolId": pool, "Username": "jo", "MessageAction": "SUPPRESS" }));
    let password = "Correct-horse-battery-1";
    let set = json!({ "UserPoolId": pool, "Username": "jo", "Password": password, "Permanent": true });
    aws.control("AdminSetUserPassword", &set);

    let report = tempfile("one-user.json");
    let mut run = aws.live(&["run", "--filter", "!request.*", "--report", &format!("json={}", report.display())]);
    let who = ["--client-id", &client, "--username", "jo", "--password-env", "PASSWORD", "--verbose"];
    let (stdout, stderr) = ended(run.args(who).env("PASSWORD", password), 0);
    assert!(stdout.contains("only one user was given"), "{stdout}");
    let report = std::fs::read_to_string(report).unwrap();
    let counts = &serde_json::from_str::<Value>(&report).unwrap()["summary"]["counts"];
    assert!(counts["pass"].as_u64().unwrap() > 20, "{counts}");
    assert!(stderr.contains("no AWS credentials"), "{stderr}");
    for text in [&stdout, &stderr, &report] {
        assert!(!text.contains(password), "{text}");
    }
    assert!(!aws.seen().contains("AWS4-HMAC-SHA256"), "something was signed");
    for operation in ["DeleteUser", "GlobalSignOut", "RevokeToken"] {
        assert_eq!(aws.count(&format!(".{operation}\r\n")), 0, "{operation}");
    }
    // Whether the server knows an operation is asked with a request that lacks what it is about.
    for member in ["Credential", "CredentialId"] {
        assert_eq!(inputs(&aws, member), Vec::<Value>::new());
    }

    // With a wrong password the run ends before it begins.
    let mut run = aws.live(&["run"]);
    let (_, stderr) = ended(run.args(&who[..6]).env("PASSWORD", "not-the-password"), 3);
    assert!(stderr.contains("cannot sign in with the password"), "{stderr}");
    assert!(!stderr.contains("not-the-password"), "{stderr}");
}

/// A token alone does, and a pool made for one stays until it is cleaned up.
#[test]
fn a_run_with_an_access_token() {
    let aws = StandIn::start("eu-west-1");
    let (token, _) = ended(with_keys(&mut aws.live(&["token", "new"])), 0);
    assert_eq!(aws.pools().len(), 1);
    let signed = aws.count("AWS4-HMAC-SHA256");
    let mut run = aws.live(&["run", "--filter", "options.*", "--access-token-env", "TOKEN"]);
    let (stdout, _) = ended(run.env("TOKEN", token.trim()), 0);
    assert!(!stdout.contains(token.trim().rsplit('.').next().unwrap()));
    assert_eq!(aws.count("AWS4-HMAC-SHA256"), signed, "something was signed");
}

/// What it records is what the stand-in answered.
#[test]
fn a_recording() {
    let aws = StandIn::start("eu-west-1");
    let folder = tempfile("recorded");
    let _ = std::fs::remove_dir_all(&folder);
    let folder = folder.display().to_string();
    let record = ["record", &folder, "--accept", "--filter", "options.served"];
    let (stdout, _) = ended(with_keys(&mut aws.live(&record)), 0);
    assert!(stdout.contains("1 new"), "{stdout}");
    let snapshot = std::fs::read_to_string(format!("{folder}/options.served.snap")).unwrap();
    // Nobody is to take it for AWS's own answer.
    assert!(snapshot.contains("Amazon Cognito in eu-west-1 (for which --ca-cert vouches)"), "{snapshot}");
    assert_eq!(aws.pools(), Vec::<String>::new());
}
