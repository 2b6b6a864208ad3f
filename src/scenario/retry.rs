//! What may be sent again: throttling, faults of the server, lost connections, and what says when.

use serde_json::Value;

use super::build::{refused, served};
use super::{After, Demand, Layer, Outcome, Reply, Scenario, What};
use crate::cognito::Rule;
use crate::cognito::rules::client as rules;
use crate::generate::options::Base;

pub(super) fn scenarios() -> Vec<Scenario> {
    [once(), always(), never(), when()].concat()
}

fn options() -> &'static Value {
    Base::Cognito.document()
}

fn throttled() -> Reply {
    refused(400, "TooManyRequestsException", "Too many requests")
}

/// What AWS documents as worth another try; the rule is that of its kind, and nothing is demanded where there is none.
fn transient() -> Vec<(&'static str, &'static str, Reply, Option<&'static Rule>)> {
    let page = |status: u16| Reply::new(status, "<html>cogspec</html>").content_type("text/html");
    let (throttling, fault) = (Some(&rules::RETRY_THROTTLING), Some(&rules::RETRY_TRANSIENT));
    vec![
        ("too-many-requests", "TooManyRequestsException with the status 400", throttled(), throttling),
        (
            "too-many-requests.429",
            "TooManyRequestsException with the status 429",
            refused(429, "TooManyRequestsException", "Too many requests"),
            throttling,
        ),
        ("throttling", "ThrottlingException", refused(400, "ThrottlingException", "Rate exceeded"), throttling),
        (
            "throttling.header",
            "ThrottlingException that only the header names",
            Reply::new(400, "").header("x-amzn-ErrorType", "ThrottlingException"),
            throttling,
        ),
        ("slow-down", "SlowDown with the status 503", refused(503, "SlowDown", "Please slow down"), throttling),
        ("internal-error", "InternalErrorException", refused(500, "InternalErrorException", "cogspec"), fault),
        (
            "service-unavailable",
            "ServiceUnavailableException",
            refused(503, "ServiceUnavailableException", "cogspec"),
            fault,
        ),
        ("request-timeout", "RequestTimeoutException", refused(408, "RequestTimeoutException", "cogspec"), None),
        ("page.500", "a page with the status 500", page(500), fault),
        ("page.502", "a page with the status 502", page(502), fault),
        ("page.503", "a page with the status 503", page(503), fault),
        ("page.504", "a page with the status 504", page(504), fault),
        ("page.429", "a page with the status 429", page(429), None),
        ("closed", "the end of the connection", served().cut(After::Nothing, false), fault),
        ("reset", "a reset of the connection", served().cut(After::Nothing, true), fault),
        ("cut", "an output that ends early", served().cut(After::Body(100), false), None),
    ]
}

/// Another try would be served.
fn once() -> Vec<Scenario> {
    let of = |(what, words, reply, rule): (&str, &str, Reply, Option<&'static Rule>)| {
        let title = format!("The first answer is {words}, the second one the output.");
        let scenario = Scenario::new(format!("retry.once.{what}"), title, vec![reply.clone(), served()]);
        // What ends early is judged as such elsewhere.
        let none = (what == "cut").then_some(Value::Null);
        let scenario = scenario.options([options().clone()].into_iter().chain(none).collect());
        tries(scenario, rule)
    };
    let mut all: Vec<Scenario> = transient().into_iter().map(of).collect();
    let twice = vec![throttled(), refused(500, "InternalErrorException", "cogspec"), served()];
    let scenario = Scenario::new("retry.once.two-kinds", "The call is throttled, then fails, then is served.", twice);
    all.push(scenario.options(vec![options().clone()]));
    all
}

/// No try is served.
fn always() -> Vec<Scenario> {
    let of = |(what, words, reply, rule): (&str, &str, Reply, Option<&'static Rule>)| {
        let scenario = Scenario::no_success(
            format!("retry.always.{what}"),
            format!("Each answer is {words}."),
            reply,
            &rules::FAILURE,
        );
        tries(scenario.without_options(), rule)
    };
    transient().into_iter().map(of).collect()
}

/// What SDKs have to do: an application that calls without one sees to it itself.
fn tries(scenario: Scenario, rule: Option<&'static Rule>) -> Scenario {
    match rule {
        Some(rule) => scenario.demand(Demand::new(rule, What::AtLeast(2)).of(Layer::Sdk)),
        None => scenario,
    }
}

/// What is the caller's fault is the same the next time.
fn never() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (what, name, status) in [
        ("not-authorized", "NotAuthorizedException", 400),
        ("not-authorized.403", "NotAuthorizedException", 403),
        ("forbidden", "ForbiddenException", 403),
        ("invalid-parameter", "InvalidParameterException", 400),
        ("not-enabled", "WebAuthnNotEnabledException", 400),
        ("configuration-missing", "WebAuthnConfigurationMissingException", 400),
        ("serialization", "SerializationException", 400),
        ("unknown-error", "PasskeyQuotaReachedException", 400),
    ] {
        let scenario = Scenario::error(
            format!("retry.never.{what}"),
            format!("{name} with the status {status} is the caller's fault; another try would be served."),
            refused(status, name, "cogspec"),
            name,
        );
        let replies = [scenario.replies, vec![served()]].concat();
        let scenario = Scenario { replies, ..scenario };
        all.push(scenario.demand(Demand::new(&rules::RETRY_NOT, What::AtMost(1))));
    }
    // The user has a passkey too many, and AWS's own list of names to try again has the name.
    let limit = refused(400, "LimitExceededException", "cogspec");
    let scenario = Scenario::no_success(
        "retry.never.limit-exceeded",
        "LimitExceededException says that the user has too many passkeys; SDKs take it for throttling.",
        limit,
        &rules::FAILURE,
    );
    all.push(scenario.without_options());
    let whole =
        Scenario::success("retry.never.success", "The output is served at once.", served(), &rules::SUCCESS, options());
    all.push(whole.demand(Demand::new(&rules::RETRY_NOT, What::AtMost(1))));
    all
}

/// Answers that say when to try again.
fn when() -> Vec<Scenario> {
    let mut all = Vec::new();
    for (what, words, header, value, millis) in [
        ("seconds", "a second", "Retry-After", "1", Some(1000)),
        ("zero", "no time", "Retry-After", "0", None),
        ("date", "until a day that is past", "Retry-After", "Tue, 01 Jan 2019 00:00:00 GMT", None),
        ("text", "something that is no time", "Retry-After", "soon", None),
        ("negative", "less than no time", "Retry-After", "-1", None),
        ("amz", "700 milliseconds, in AWS's own header", "x-amz-retry-after", "700", Some(700)),
        ("amz-text", "something that is no time, in AWS's own header", "x-amz-retry-after", "soon", None),
    ] {
        for (kind, first) in [("throttling", throttled()), ("page", Reply::new(503, "").content_type("text/html"))] {
            let title = format!("The first answer asks to wait for {words}, the second one is the output.");
            let replies = vec![first.header(header, value), served()];
            let scenario = Scenario::new(format!("retry.after.{what}.{kind}"), title, replies);
            let scenario = scenario.options(vec![options().clone()]);
            all.push(match millis {
                Some(millis) => scenario.demand(Demand::new(&rules::RETRY_AFTER, What::Waits(millis))),
                None => scenario,
            });
        }
    }
    // Whoever waits for so long hangs.
    let day = throttled().header("Retry-After", "86400").header("x-amz-retry-after", "86400000");
    let title = "Each answer asks to wait for a day.";
    let scenario = Scenario::new("retry.after.day", title, vec![day]).without_options();
    all.push(scenario.ends(&rules::FAILURE, &[Outcome::Error, Outcome::Failure]));
    all
}
