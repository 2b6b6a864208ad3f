//! Servers that ask their client to slow down.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::command::run;
use crate::front::{Front, error, pools, verdicts};

const TOO_MANY: &str = r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#;
const THROTTLING: &str = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;
const LIMIT: &str = r#"{"__type":"LimitExceededException","message":"Rate exceeded"}"#;

#[test]
fn a_case_that_stays_throttled_proves_nothing() {
    let front = Front::answering(&["h2"], |asked| {
        (asked.operation() == "StartWebAuthnRegistration").then(|| error(400, TOO_MANY))
    });
    let ended = run(
        &front.arguments(),
        &["--filter", "options.served", "--filter", "request.expect*", "--filter", "options.rp*"],
    );
    assert_eq!(ended.exit, Some(3), "{}", ended.errors);
    let verdicts = verdicts(&ended.report);
    assert!(verdicts.len() > 2, "{verdicts:?}");
    for (id, verdict, reason) in verdicts {
        assert!(["inconclusive", "skip"].contains(&verdict.as_str()), "{id}: {verdict}: {reason}");
        assert!(verdict == "skip" || reason.contains("throttles"), "{id}: {reason}");
    }
    assert_eq!(pools(&front.emulator()), 0);
}

/// Now and then, in the control plane and beside it, in every form that is known, while the fixtures are deleted, too.
#[test]
fn a_throttled_request_is_sent_again() {
    let (count, deletions) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let front = Front::answering(&["h2"], move |asked| {
        let answers = [error(400, TOO_MANY), error(429, ""), error(400, THROTTLING), error(400, LIMIT)];
        let nth = count.fetch_add(1, Ordering::SeqCst);
        // The first deletions are throttled as often as a request is sent again.
        let is_throttled = [0, 2, 7, 21, 22].contains(&nth)
            || asked.operation() == "DeleteUserPool" && deletions.fetch_add(1, Ordering::SeqCst) < 3;
        is_throttled.then(|| answers.into_iter().nth(nth % 4).unwrap())
    });
    let filters = ["--filter", "options.*", "--filter", "ceremony.list.*", "--jobs", "2"];
    let ended = run(&front.arguments(), &filters);
    let plain = run(&["--endpoint".to_owned(), front.emulator()], &filters);
    assert_eq!(ended.exit, Some(0), "{}", ended.errors);
    assert_eq!(verdicts(&ended.report), verdicts(&plain.report));
    assert_eq!(pools(&front.emulator()), 0, "{}", ended.errors);
}

/// Cases that ask for throttling must not be sent again, nor slow the others down.
#[test]
fn throttling_on_demand_is_an_answer_like_any_other() {
    let ended = run(&[], &["--filter", "error*", "--filter", "response.*"]);
    assert_eq!(ended.exit, Some(0), "{}", ended.errors);
    let verdicts = verdicts(&ended.report);
    assert!(verdicts.iter().any(|(_, verdict, _)| verdict == "pass"), "{verdicts:?}");
    assert!(verdicts.iter().all(|(_, verdict, _)| verdict != "inconclusive"), "{verdicts:?}");
}
