//! Pools that a run has left behind, because it was killed or could not delete them.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::tags::{OURS, RUN};
use crate::target::{Control, Refused};

/// What the name of every pool that a run makes begins with. Only those are looked at, since each look is a request.
const NAMED: &str = "cogspec-";

/// The most pools on one page of `ListUserPools`.
const PAGE: u8 = 60;

/// A pool with our tag.
#[derive(Clone, Debug)]
pub struct Leftover {
    /// The pool's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The word of the run that made it.
    pub run: String,
    /// How long ago it was made, by the server's time of making and this machine's clock; zero where that is not told.
    pub age: Duration,
    domain: Option<String>,
    is_protected: bool,
    tags: Value,
}

/// The pools in this account and Region that have our tag, the oldest first.
///
/// # Errors
/// When the server refuses to list or to describe one.
pub async fn leftovers(control: &Control) -> Result<Vec<Leftover>, Refused> {
    let mut found = Vec::new();
    let mut next = Value::Null;
    loop {
        let mut input = json!({ "MaxResults": PAGE });
        if next.is_string() {
            input["NextToken"] = next;
        }
        let page = control.call("ListUserPools", input).await?;
        for pool in page["UserPools"].as_array().into_iter().flatten() {
            let Some(id) = pool["Id"].as_str() else { continue };
            if pool["Name"].as_str().is_some_and(|name| name.starts_with(NAMED)) {
                found.extend(described(control, id).await?);
            }
        }
        next = page["NextToken"].clone();
        if !next.is_string() {
            found.sort_by_key(|leftover: &Leftover| std::cmp::Reverse(leftover.age));
            return Ok(found);
        }
    }
}

/// The pool, if it has our tag and is still there.
async fn described(control: &Control, id: &str) -> Result<Option<Leftover>, Refused> {
    let described = match control.call("DescribeUserPool", json!({ "UserPoolId": id })).await {
        Ok(described) => described,
        // Deleted since it was listed.
        Err(refused) if refused.is_not_found() => return Ok(None),
        Err(refused) => return Err(refused),
    };
    let pool = &described["UserPool"];
    let tags = &pool["UserPoolTags"];
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if !tags[OURS].is_string() {
        return Ok(None);
    }
    let made = pool["CreationDate"].as_f64().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let age = made.and_then(|made| SystemTime::now().duration_since(SystemTime::UNIX_EPOCH + made).ok());
    Ok(Some(Leftover {
        id: id.to_owned(),
        name: text(&pool["Name"]).unwrap_or_default(),
        run: text(&tags[RUN]).unwrap_or_default(),
        age: age.unwrap_or_default(),
        domain: text(&pool["Domain"]),
        is_protected: pool["DeletionProtection"] == "ACTIVE",
        tags: tags.clone(),
    }))
}

impl Leftover {
    /// Deletes the pool, and before it what keeps it from being deleted: its domain, its deletion protection.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn delete(&self, control: &Control) -> Result<(), Refused> {
        if let Some(domain) = &self.domain {
            control.call("DeleteUserPoolDomain", json!({ "UserPoolId": self.id, "Domain": domain })).await?;
        }
        if self.is_protected {
            // What an update leaves out falls back to its default: without its tags nobody would find the pool again.
            let input = json!({ "UserPoolId": self.id, "DeletionProtection": "INACTIVE", "UserPoolTags": self.tags });
            control.call("UpdateUserPool", input).await?;
        }
        match control.call("DeleteUserPool", json!({ "UserPoolId": self.id })).await {
            Err(refused) if !refused.is_not_found() => Err(refused),
            _ => Ok(()),
        }
    }
}
