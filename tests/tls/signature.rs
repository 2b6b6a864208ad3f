//! What the control plane signs, botocore signs in the same way.

use serde_json::{Value, json};

use crate::command::run;
use crate::front::{Asked, Front};
use crate::python;

/// A request as the script wants it.
fn described(asked: &Asked) -> Value {
    let headers: Vec<_> = asked.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    json!({
        "method": asked.method,
        "url": format!("https://{}{}", asked.authority, asked.path),
        "headers": headers,
        "body": std::str::from_utf8(&asked.body).unwrap(),
    })
}

#[test]
fn botocore_computes_the_same_signatures() {
    let Some(python) = python::python("py-venv", "boto3", &["boto3==1.44.5"]) else { return };
    let front = Front::start(&["h2"]);
    let ended =
        run(&front.arguments(), &["--filter", "options.*", "--filter", "ceremony.list.*", "--filter", "state.*"]);
    assert_eq!(ended.exit, Some(0), "{}", ended.errors);
    let all = front.asked();
    let signed: Vec<_> = all.iter().filter(|asked| asked.headers.contains_key("authorization")).collect();
    for operation in ["CreateUserPool", "CreateUserPoolClient", "AdminCreateUser", "DeleteUserPool"] {
        assert!(signed.iter().any(|asked| asked.operation() == operation), "{operation}");
    }
    // What a signature is not for has none.
    assert!(signed.iter().all(|asked| !["InitiateAuth", "StartWebAuthnRegistration"].contains(&asked.operation())));

    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("signed-{}.json", std::process::id()));
    std::fs::write(&file, json!(signed.iter().map(|asked| described(asked)).collect::<Vec<_>>()).to_string()).unwrap();
    let told = python::output(&python, "sigv4_verify.py", &file.display().to_string());
    std::fs::remove_file(file).unwrap();
    let told: Vec<Value> = serde_json::from_slice(&told).unwrap();
    assert_eq!(told.len(), signed.len());
    for (told, asked) in told.iter().zip(&signed) {
        let operation = asked.operation();
        assert_eq!(told["sent"], told["computed"], "{operation}");
        let changed = told["changed"].as_object().unwrap();
        assert_eq!(changed.len(), 6, "{changed:?}");
        for (what, signature) in changed {
            assert_ne!(signature, &told["sent"], "{operation} with another {what}");
        }
    }
}
