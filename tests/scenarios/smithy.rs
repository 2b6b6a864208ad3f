//! Smithy's own tests of errors in AWS JSON 1.1, as they stand in the table of error envelopes: each has a scenario, which demands
//! what the test says.

use cogspec::scenario::{self, Framing, Outcome, Scenario, What};
use cogspec::wire::ERROR_HEADER;
use cogspec::wire::json::Object;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The error that stands for those of the tests, which the operation has not.
const NAME: &str = "NotAuthorizedException";

/// The errors of the tests; each test's name holds that of its error.
const ERRORS: [&str; 3] = ["FooError", "InvalidGreeting", "ComplexError"];

/// One of the tests: an answer, and by its name the error that it is.
#[derive(Deserialize)]
struct Row {
    name: String,
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Row {
    /// The value of the header that names the error, of an error of the operation.
    fn header(&self) -> Option<String> {
        let (_, value) = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(ERROR_HEADER))?;
        Some(self.translated(value))
    }

    fn body(&self) -> Option<Value> {
        self.body.as_ref().map(|body| serde_json::from_str(&self.translated(body)).unwrap())
    }

    fn translated(&self, text: &str) -> String {
        let error = ERRORS.into_iter().find(|error| self.name.contains(error)).unwrap();
        text.replace(error, NAME)
    }

    fn message(&self) -> Option<String> {
        let body = self.body()?;
        Some(body.get("message").or(body.get("Message"))?.as_str().unwrap().to_owned())
    }

    /// Whether the scenario's first reply is this answer. Its status is another one of an error, and it may have a message that
    /// the test lacks.
    fn is(&self, scenario: &Scenario) -> bool {
        let reply = &scenario.replies[0];
        let named: Vec<_> = reply.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case(ERROR_HEADER)).collect();
        let is_named = match (named.as_slice(), self.header()) {
            ([], None) => true,
            ([(_, value)], Some(header)) => *value == header.into_bytes(),
            _ => false,
        };
        if reply.status < 400 || reply.framing != Framing::Length || reply.cut.is_some() || !is_named {
            return false;
        }
        let Some(body) = self.body() else { return reply.body.is_empty() };
        let Ok(mut sent) = serde_json::from_slice::<Value>(&reply.body) else { return false };
        // Of members that come twice a reader sees one.
        if Object::parse(&reply.body).is_ok_and(|body| Some(body.members.len()) != sent.as_object().map(Map::len)) {
            return false;
        }
        if let (None, Some(members)) = (self.message(), sent.as_object_mut()) {
            members.remove("message");
        }
        reply.value("Content-Encoding").is_none() && sent == body
    }
}

/// What is demanded of every client, of one kind.
fn demanded<T>(scenario: &Scenario, of: impl Fn(&What) -> Option<T>) -> Vec<T> {
    scenario.demands.iter().filter(|demand| demand.layer.is_none()).filter_map(|demand| of(&demand.what)).collect()
}

#[test]
fn every_protocol_test_of_an_error_has_a_scenario_that_demands_what_it_says() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("../data/error-envelopes.json")).unwrap();
    let rows: Vec<Row> = rows.into_iter().filter(|row| row.name.starts_with("AwsJson11")).collect();
    assert_eq!(rows.len(), 14);
    for row in &rows {
        let fitting: Vec<&Scenario> =
            scenario::all().iter().filter(|scenario| scenario.replies.len() == 1 && row.is(scenario)).collect();
        assert!(row.status >= 400 && !fitting.is_empty(), "{} has no scenario", row.name);
        for scenario in fitting {
            let id = &scenario.id;
            let outcomes = demanded(scenario, |what| match what {
                What::Outcome(right) => Some(right.to_vec()),
                _ => None,
            });
            assert_eq!(outcomes, [[Outcome::Error]], "{}: {id}", row.name);
            let codes = demanded(scenario, |what| match what {
                What::Code(right) => Some(right.clone()),
                _ => None,
            });
            assert_eq!(codes, [[NAME]], "{}: {id}", row.name);
            if let Some(message) = row.message() {
                let messages = demanded(scenario, |what| match what {
                    What::Message(right) => Some(right.clone()),
                    _ => None,
                });
                assert_eq!(messages, [message], "{}: {id}", row.name);
            }
        }
    }
}
