//! One drawn answer, as a scenario.

use std::sync::Arc;

use arbitrary::Unstructured;

use crate::browser::fitting_origin;
use crate::generate::call::Input;
use crate::generate::options::{self, Form};
use crate::generate::response::{self, Drawn};
use crate::scenario::{FOUND, Scenario, of_drawn};

/// The bytes, and what is drawn from them.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) input: Input,
    pub(super) scenario: Arc<Scenario>,
    /// The defects in it, each by its name, or for one of the options by its place; none in a plain answer.
    pub(super) labels: Vec<String>,
    /// The class that it has.
    pub(super) class: &'static str,
}

impl Answer {
    /// What is drawn from the bytes: the same as of the fuzz target `error_classification`. Nothing where they cannot be drawn
    /// from.
    pub(super) fn draw(input: &Input) -> Option<Self> {
        let drawn = response::draw(&mut Unstructured::new(&input.0)).ok()?;
        let scenario = of_drawn(format!("{FOUND}{}", input.digest()), title(&drawn), &drawn);
        // A client of WebAuthn is to have the page that fits the options that it gets.
        let origin = drawn.options.as_ref().map(|(options, _)| fitting_origin(&options.text));
        let scenario = Scenario { origin: origin.unwrap_or_else(|| scenario.origin.clone()), ..scenario };
        Some(Answer { input: input.clone(), scenario: Arc::new(scenario), labels: labels(&drawn), class: drawn.class })
    }

    /// Whether all that these labels name is in it.
    pub(super) fn has_all(&self, labels: &[String]) -> bool {
        labels.iter().all(|label| self.labels.contains(label))
    }

    /// Whether a client cannot tell it from the other.
    pub(super) fn is_like(&self, other: &Answer) -> bool {
        self.scenario.replies == other.scenario.replies
            && self.scenario.origin == other.scenario.origin
            && self.labels == other.labels
    }
}

fn labels(drawn: &Drawn) -> Vec<String> {
    let of_answer = drawn.defects.iter().map(|defect| defect.name.to_owned());
    let of_options = drawn.options.iter().flat_map(|(options, _)| labels_of(options));
    of_answer.chain(of_options).collect()
}

fn labels_of(options: &options::Drawn) -> Vec<String> {
    let form = match options.form {
        Form::Plain => None,
        Form::Wrapped(_) => Some("options.form.wrapped".to_owned()),
        Form::Text => Some("options.form.text".to_owned()),
    };
    let places = options.defects.iter().map(|defect| format!("options at {:?}", defect.pointer()));
    places.chain(form).collect()
}

fn title(drawn: &Drawn) -> String {
    let status = drawn.response.status;
    let what = match drawn.class {
        "success" => format!("A success ({status})"),
        class => format!("{class} ({status})"),
    };
    match labels(drawn).as_slice() {
        [] => format!("{what} of the generator."),
        [label] => format!("{what} of the generator, with {label}."),
        labels => format!("{what} of the generator, with {}.", labels.join(", ")),
    }
}
