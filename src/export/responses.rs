//! `responses.json`: answers of a server, right and with one labelled defect, for those who test a client or a judge.

use serde::Serialize;

use super::ExportError;
use crate::generate::response::{Drawn, ResponseDefect, To, defects, of_id};
use crate::wire::Bytes;

#[derive(Serialize)]
pub(super) struct Responses {
    responses: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    status: u16,
    headers: Vec<Header>,
    body: Bytes,
    class: &'static str,
    rules: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options_rules: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Header {
    name: String,
    value: Bytes,
}

pub(super) fn responses() -> Result<Responses, ExportError> {
    let mut responses = Vec::new();
    for (to, word) in [(To::Success, "success"), (To::Error, "error")] {
        responses.push(drawn(word, to, None)?);
        for defect in defects().iter().filter(|defect| defect.fits(to)) {
            responses.push(drawn(word, to, Some(defect))?);
        }
    }
    Ok(Responses { responses })
}

/// The details are drawn from bytes that the id alone decides.
fn drawn(word: &str, to: To, defect: Option<&'static ResponseDefect>) -> Result<Entry, ExportError> {
    let id = format!("{word}.{}", defect.map_or("right", |defect| defect.name));
    let Drawn { response, class, rules, options, .. } = of_id(&id, to, defect).map_err(ExportError::new)?;
    let options_rules = options.map(|(drawn, of_member)| {
        let of_document = drawn.rules().into_iter().map(|rule| format!("options.{rule}"));
        let mut rules: Vec<String> = of_document.chain(of_member.into_iter().map(str::to_owned)).collect();
        rules.sort();
        rules.dedup();
        rules
    });
    let headers =
        response.headers.into_iter().map(|(name, value)| Header { name, value: Bytes::new(&value) }).collect();
    Ok(Entry {
        id,
        status: response.status,
        headers,
        body: Bytes::new(&response.body),
        class,
        rules: rules.into_iter().collect(),
        options_rules,
    })
}
