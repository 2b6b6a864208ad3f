//! The documents that a browser is given.

use std::path::PathBuf;

use crate::artefact::Guard;
use crate::cli::io::tell_guarded;
use crate::cli::{Failure, read_input};
use crate::cognito::START;
use crate::options;
use crate::target::{Fixtures, PoolSpec, Unavailable};
use crate::wire::{Class, Request};

/// Creation options, and whose they are.
pub(super) struct Document {
    pub(super) name: String,
    pub(super) options: Vec<u8>,
}

impl Document {
    /// Takes the options out of a response body; what is none is the options themselves.
    fn new(name: String, text: Vec<u8>) -> Self {
        let options = options::from_response(&text).map(|options| options.text.as_bytes().to_vec());
        Document { name, options: options.unwrap_or(text) }
    }
}

pub(super) fn of_files(files: &[PathBuf]) -> Result<Vec<Document>, Failure> {
    files.iter().map(|file| Ok(Document::new(file.display().to_string(), read_input(file)?))).collect()
}

/// One answer for each kind of pool whose options differ. What the target cannot give is told.
pub(super) async fn of_target(fixtures: &Fixtures, guard: &Guard) -> Result<Vec<Document>, Failure> {
    const KINDS: [(&str, PoolSpec); 3] = [
        ("a pool with a relying party", PoolSpec::MAIN),
        ("a pool that requires user verification", PoolSpec::VERIFICATION_REQUIRED),
        ("a pool with a domain", PoolSpec::DOMAIN),
    ];
    let mut documents = Vec::new();
    if fixtures.has_one_user() {
        let user = fixtures.user().await.map_err(|e| Failure::unreachable(e.to_string()))?;
        documents.extend(answer(fixtures, guard, "the user", &user.tokens.access).await?);
    } else {
        for (kind, pool) in KINDS {
            match fixtures.new_user(&pool).await {
                Ok(user) => documents.extend(answer(fixtures, guard, kind, &user.tokens.access).await?),
                Err(Unavailable::NotOffered(why)) => skipped(guard, kind, &why),
                Err(Unavailable::Unreachable(why)) => {
                    return Err(Failure::unreachable(guard.secrets().clean(&why)));
                }
            }
        }
    }
    if documents.is_empty() {
        return Err(Failure::unreachable(format!("{} gives no creation options", fixtures.target().name)));
    }
    Ok(documents)
}

/// The answer of the operation, where it is one with options.
async fn answer(fixtures: &Fixtures, guard: &Guard, name: &str, token: &str) -> Result<Option<Document>, Failure> {
    let exchange = fixtures.target().transport.send(Request::start(token)).await;
    let class = exchange.classify(&START);
    let response = exchange.result.map_err(|e| Failure::unreachable(e.to_string()))?;
    if class.class != Class::Success {
        skipped(guard, name, &format!("the operation answers {}", class.name()));
        return Ok(None);
    }
    if guard.secrets().are_hidden_in(&String::from_utf8_lossy(&response.body)) {
        skipped(guard, name, "a secret stands in the answer, which so cannot be shown");
        return Ok(None);
    }
    Ok(Some(Document::new(name.to_owned(), response.body)))
}

fn skipped(guard: &Guard, name: &str, why: &str) {
    tell_guarded(guard, &guard.secrets().clean(&format!("skipped: {name}: {why}")));
}
