//! One error in full: a shape of the service model, or an error of the front end.

use serde_json::{Value, json};

use super::entry;
use crate::cli::rules::BOLD;
use crate::cognito::{ErrorShape, Fault, OPERATIONS, ProtocolError, error, protocol_error};

/// An error of either kind.
pub(super) enum Known {
    /// Of the service model.
    Modelled(&'static ErrorShape),
    /// Of the front end, which no service model lists.
    Protocol(&'static ProtocolError),
}

/// The error of that name.
pub(super) fn named(name: &str) -> Option<Known> {
    error(name).map(Known::Modelled).or_else(|| protocol_error(name).map(Known::Protocol))
}

impl Known {
    pub(super) fn explain(&self) -> String {
        match self {
            Known::Modelled(shape) => modelled(shape),
            Known::Protocol(error) => [
                title(error.name, "An error of the AWS front end, which no service model lists."),
                entry("status", &error.status.to_string()),
                entry("retry", may_retry(error.retryable)),
            ]
            .concat(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Known::Modelled(shape) => json!({ "modelled": shape, "operations": operations(shape) }),
            Known::Protocol(error) => json!({ "protocol": error }),
        }
    }
}

fn modelled(shape: &ErrorShape) -> String {
    let fault = match shape.fault {
        Fault::Client => "the client's",
        Fault::Server => "the service's",
    };
    let live = shape.statuses.live.map_or("not seen".to_owned(), |status| status.to_string());
    let operations = match operations(shape)[..] {
        [] => "none that is judged".to_owned(),
        ref names => names.join(", "),
    };
    [
        title(shape.name, "An error of the service model."),
        entry("listed for", &operations),
        entry("fault", fault),
        entry("status", &format!("{} in the service model", shape.statuses.model)),
        entry("", &format!("{} in the API reference", shape.statuses.reference)),
        entry("", &format!("{live} in published live answers")),
        entry("retry", may_retry(shape.retryable)),
    ]
    .concat()
}

fn title(name: &str, what: &str) -> String {
    format!("{BOLD}{name}{BOLD:#}\n{what}\n\n")
}

fn operations(shape: &ErrorShape) -> Vec<&'static str> {
    OPERATIONS
        .iter()
        .filter(|operation| operation.errors.contains(&shape.name))
        .map(|operation| operation.name)
        .collect()
}

fn may_retry(retryable: bool) -> &'static str {
    if retryable { "a client may send the same request again" } else { "the same request gets the same answer" }
}
