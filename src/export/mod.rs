//! The suite as data, for those who test a server or a client in another language: the files that `cogspec export` writes.
//!
//! The same version of cogspec makes the same bytes, whenever and wherever it does. `README.md` in this folder, which is
//! exported too, tells how they are read.

mod cases;
mod derive;
mod documents;
mod requests;
mod responses;
mod rules;
mod scenarios;
mod template;
mod token;
mod world;

use serde::Serialize;

use crate::report::Schema;
use crate::run::case_set_digest;
use crate::suite;

/// The version of the form of every file.
const VERSION: u32 = 1;

/// A file of the export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the folder, with `/` between its parts.
    pub path: &'static str,
    /// What it holds.
    pub text: String,
}

/// The paths of all files.
pub const PATHS: [&str; 11] = [
    "README.md",
    "cases.json",
    "options.json",
    "responses.json",
    "rules.json",
    "scenarios.json",
    "schema/cases.schema.json",
    "schema/options.schema.json",
    "schema/responses.schema.json",
    "schema/rules.schema.json",
    "schema/scenarios.schema.json",
];

/// Why nothing can be exported: a bug.
#[derive(Debug, thiserror::Error)]
#[error("the suite cannot be exported: {0}")]
pub struct ExportError(String);

impl ExportError {
    fn new(e: impl std::fmt::Display) -> Self {
        ExportError(e.to_string())
    }
}

/// What every file begins with.
#[derive(Serialize)]
struct Header {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: u32,
    cogspec: &'static str,
    case_set: String,
}

/// A file's document.
#[derive(Serialize)]
struct Document<T> {
    #[serde(flatten)]
    header: Header,
    #[serde(flatten)]
    content: T,
}

/// Every file, in the order of [`PATHS`]. Nothing is sent and nothing is read.
///
/// # Errors
/// When something in the suite cannot be told as data, which is a bug.
pub async fn files() -> Result<Vec<File>, ExportError> {
    let all = suite::all();
    let case_set = case_set_digest(&all);
    let cases = json("schema/cases.schema.json", &case_set, cases::cases(&all).await?)?;
    let options = json("schema/options.schema.json", &case_set, documents::documents()?)?;
    let responses = json("schema/responses.schema.json", &case_set, responses::responses()?)?;
    let rules = json("schema/rules.schema.json", &case_set, rules::rules())?;
    let scenarios = json("schema/scenarios.schema.json", &case_set, scenarios::scenarios())?;
    let texts = [
        include_str!("README.md").to_owned(),
        cases,
        options,
        responses,
        rules,
        scenarios,
        Schema::ExportCases.text().to_owned(),
        Schema::ExportOptions.text().to_owned(),
        Schema::ExportResponses.text().to_owned(),
        Schema::ExportRules.text().to_owned(),
        Schema::ExportScenarios.text().to_owned(),
    ];
    Ok(PATHS.into_iter().zip(texts).map(|(path, text)| File { path, text }).collect())
}

fn json(schema: &'static str, case_set: &str, content: impl Serialize) -> Result<String, ExportError> {
    let header = Header { schema, version: VERSION, cogspec: env!("CARGO_PKG_VERSION"), case_set: case_set.to_owned() };
    let text = serde_json::to_string_pretty(&Document { header, content }).map_err(ExportError::new)?;
    Ok(format!("{text}\n"))
}
