//! `cases.json`: every case, with its requests as templates where they can be told as data.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ExportError;
use super::derive::Deriver;
use super::requests::{self, Exported, LastWitness, RequestTemplate};
use super::world::{READ, WORLDS, World};
use crate::ceremony::{ASSERTION, Defect, Expect, Place, REGISTRATION, UserVerification};
use crate::cognito::{Evidence, Severity, error, protocol_error};
use crate::snapshot::Profile;
use crate::suite::{Case, Kind, Theme};
use crate::target::STAND_IN_KEY;
use crate::wire::Request;

#[derive(Serialize)]
pub(super) struct Cases {
    keys: Keys,
    plain: RequestTemplate,
    cases: Vec<Entry>,
}

#[derive(Serialize)]
struct Keys {
    foreign: &'static str,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    theme: Theme,
    title: String,
    rules: Vec<&'static str>,
    severity: Severity,
    evidence: Evidence,
    expect: Expectation,
    cognito: Option<Known>,
    #[serde(skip_serializing_if = "Option::is_none")]
    defect: Option<DefectEntry>,
    request: Option<RequestTemplate>,
    /// Absent where there is no request, or nothing that needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<Witness>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why_no_request: Option<String>,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Expectation {
    Refused { classes: Vec<Class>, may_close: bool },
    Accepted,
    Observed,
    Steps,
    Audit,
}

#[derive(Serialize)]
struct Class {
    name: String,
    statuses: Vec<u16>,
}

#[derive(Serialize)]
struct Known {
    evidence: Option<Evidence>,
    source: Option<String>,
    exchanges: Vec<BTreeMap<String, String>>,
}

#[derive(Serialize)]
struct DefectEntry {
    of: &'static str,
    name: &'static str,
    place: &'static str,
    must: &'static str,
    classes: Vec<Class>,
    user_verification: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Witness {
    /// The text `plain`.
    Plain(&'static str),
    Request(Box<RequestTemplate>),
}

pub(super) async fn cases(all: &[Case]) -> Result<Cases, ExportError> {
    let worlds = (0..WORLDS).map(World::new).collect::<Result<Vec<_>, _>>()?;
    let deriver = Deriver::new(&worlds[..READ]);
    let cognito = Profile::embedded("cognito").map_err(ExportError::new)?;
    let access = |world: &World| String::from_utf8(world.values["access"].clone()).unwrap_or_default();
    let plain: Vec<Request> = worlds.iter().map(|world| Request::start(&access(world))).collect();
    let plain = requests::template(&plain.iter().collect::<Vec<_>>(), &worlds, &deriver)
        .ok_or_else(|| ExportError::new("a plain call is no template"))?;
    let mut cases = Vec::with_capacity(all.len());
    let mut witness = LastWitness::default();
    for case in all {
        let exported = requests::of(case, &worlds, &deriver, &mut witness).await;
        cases.push(entry(case, exported, &cognito));
    }
    Ok(Cases { keys: Keys { foreign: STAND_IN_KEY }, plain, cases })
}

fn entry(case: &Case, exported: Result<Exported, String>, cognito: &Profile) -> Entry {
    let expect = match &case.kind {
        Kind::Refused { classes } => Expectation::Refused {
            classes: classes.iter().map(|name| class(name)).collect(),
            may_close: case.requests.as_ref().is_some_and(|requests| requests.may_close),
        },
        Kind::Accepted => Expectation::Accepted,
        Kind::Observed => Expectation::Observed,
        Kind::Steps => Expectation::Steps,
        Kind::Audit => Expectation::Audit,
        // A case of the suite is none.
        Kind::Client { .. } => Expectation::Observed,
    };
    let (request, witness, why_no_request) = match exported {
        Ok(Exported { request, witness: Some(witness) }) => {
            (Some(request), Some(Witness::Request(Box::new(witness))), None)
        }
        Ok(Exported { request, witness: None }) => (Some(request), Some(Witness::Plain("plain")), None),
        Err(why) => (None, None, Some(why)),
    };
    Entry {
        id: case.id.clone(),
        theme: case.theme,
        title: case.title.clone(),
        rules: case.rules.iter().map(|rule| rule.id).collect(),
        severity: case.rules[0].severity(),
        evidence: case.rules[0].evidence,
        expect,
        cognito: known(case, cognito),
        defect: defect(case),
        request,
        witness,
        why_no_request,
    }
}

/// The class with every status that some source gives for it.
fn class(name: &str) -> Class {
    let mut statuses: Vec<u16> = match (error(name), protocol_error(name)) {
        (Some(shape), _) => [Some(shape.statuses.model), Some(shape.statuses.reference), shape.statuses.live]
            .into_iter()
            .flatten()
            .collect(),
        (None, error) => error.map(|error| error.status).into_iter().collect(),
    };
    statuses.sort_unstable();
    statuses.dedup();
    Class { name: name.to_owned(), statuses }
}

fn known(case: &Case, cognito: &Profile) -> Option<Known> {
    let expected = cognito.expected(&case.id)?;
    let of = |exchange: Vec<(&str, String)>| exchange.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Some(Known {
        evidence: expected.evidence,
        source: expected.source.map(str::to_owned),
        exchanges: expected.exchanges.into_iter().map(of).collect(),
    })
}

fn defect(case: &Case) -> Option<DefectEntry> {
    if let Some(name) = case.id.strip_prefix("ceremony.complete.defect.") {
        return REGISTRATION.iter().find(|defect| defect.name == name).map(|defect| told("registration", defect));
    }
    let name = case.id.strip_prefix("ceremony.sign-in.defect.")?;
    ASSERTION.iter().find(|defect| defect.name == name).map(|defect| told("assertion", defect))
}

fn told<T>(of: &'static str, defect: &Defect<T>) -> DefectEntry {
    let place = match defect.place {
        Place::Challenge => "challenge",
        Place::Origin => "origin",
        Place::ClientData => "client-data",
        Place::Key => "key",
        Place::AuthenticatorData => "authenticator-data",
        Place::Attestation => "attestation",
        Place::Assertion => "assertion",
        Place::Envelope => "envelope",
    };
    let must = match defect.must {
        Expect::Refused => "refused",
        Expect::Observed => "observed",
        Expect::Accepted => "accepted",
    };
    let user_verification = defect.user_verification.map(|asked| match asked {
        UserVerification::Required => "required",
        UserVerification::Preferred => "preferred",
        UserVerification::Discouraged => "discouraged",
    });
    let classes = defect.class.into_iter().flat_map(|(classes, _)| classes).map(|name| class(name)).collect();
    DefectEntry { of, name: defect.name, place, must, classes, user_verification }
}
