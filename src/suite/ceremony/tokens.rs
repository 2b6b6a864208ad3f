//! The access token at the operations around Start: the same checks, in short.

use serde_json::{Value, json};

use super::act::{begin, call, completion, needed, new_user};
use super::draft::plain;
use crate::cognito::rules::credentials;
use crate::cognito::{COMPLETE, DELETE, FACTORS, Finding, LIST, Operation};
use crate::suite::judge::Refusal;
use crate::suite::state::global_sign_out;
use crate::suite::{Case, Ctx, Stop};
use crate::target::{PoolSpec, User, foreign_key};
use crate::token::Draft;

/// How a token that is not valid is refused.
pub(super) const NOT_AUTHORISED: Refusal = Refusal {
    rule: &credentials::AUTHORISED,
    class: Some((&["NotAuthorizedException"], &credentials::AUTHORISED_CLASS)),
    may_close: false,
};

const INPUT: Refusal = Refusal {
    rule: &credentials::INPUT,
    class: Some((&["InvalidParameterException"], &credentials::INPUT_CLASS)),
    may_close: false,
};

/// How a member of the wrong type is refused.
pub(super) const TYPE: Refusal = Refusal {
    rule: &credentials::INPUT,
    class: Some((&["SerializationException", "InvalidParameterException"], &credentials::INPUT_CLASS)),
    may_close: false,
};

/// The operations, by the word that they have in ids.
const OPERATIONS: [(&str, &Operation); 4] =
    [("complete", &COMPLETE), ("list", &LIST), ("delete", &DELETE), ("factors", &FACTORS)];

/// What is wrong with the token.
#[derive(Clone, Copy)]
enum Wrong {
    Absent,
    Empty,
    Number,
    NoToken,
    IdToken,
    ForeignKey,
    SignedOut,
    NoScope,
    Expired,
}

const WRONG: [(Wrong, &str, &str); 9] = [
    (Wrong::Absent, "absent", "refuses an input without an access token"),
    (Wrong::Empty, "empty", "refuses an access token of no characters"),
    (Wrong::Number, "number", "refuses a number for an access token"),
    (Wrong::NoToken, "no-token", "refuses a text that is no token"),
    (Wrong::IdToken, "id-token", "refuses an ID token"),
    (Wrong::ForeignKey, "foreign-key", "refuses a token that another key has signed"),
    (Wrong::SignedOut, "signed-out", "refuses the token of a user who has signed out everywhere"),
    (Wrong::NoScope, "no-scope", "refuses a token without the scope"),
    (Wrong::Expired, "expired", "refuses a token that has expired"),
];

pub(super) fn cases() -> Vec<Case> {
    let case = |(word, operation): (&str, &'static Operation), (wrong, detail, title): (Wrong, &str, &str)| {
        let id = format!("ceremony.{word}.token.{detail}");
        let refusal = refusal(wrong);
        let mut rules = vec![refusal.rule];
        rules.extend(refusal.class.map(|(_, rule)| rule));
        Case::steps(id, format!("{}: {title}", operation.name), &rules, move |ctx| async move {
            refused(&ctx, operation, wrong).await
        })
    };
    OPERATIONS.into_iter().flat_map(|operation| WRONG.into_iter().map(move |wrong| case(operation, wrong))).collect()
}

fn refusal(wrong: Wrong) -> Refusal {
    match wrong {
        Wrong::Absent | Wrong::Empty => INPUT,
        Wrong::Number => TYPE,
        _ => NOT_AUTHORISED,
    }
}

async fn refused(ctx: &Ctx, operation: &'static Operation, wrong: Wrong) -> Result<Vec<Finding>, Stop> {
    let user = new_user(ctx, &PoolSpec::MAIN).await?;
    ctx.needs(operation).await?;
    let valid = input(ctx, operation, &user).await?;
    let mut input = valid.clone();
    match token(ctx, &user, wrong).await? {
        Some(token) => input["AccessToken"] = token,
        None => drop(input.as_object_mut().and_then(|input| input.shift_remove("AccessToken"))),
    }
    if matches!(wrong, Wrong::SignedOut) {
        // Only before the sign-out is the token of use for a witness.
        let witness = ctx.send_witness(call(operation.name, valid)).await?;
        needed("a valid token", &witness)?;
        global_sign_out(ctx, &user.tokens).await?;
        return refusal(wrong).judge(&ctx.send(call(operation.name, input)).await?);
    }
    let findings = refusal(wrong).judge(&ctx.send(call(operation.name, input)).await?)?;
    let witness = ctx.send_witness(call(operation.name, valid)).await?;
    needed("the witness (a valid token)", &witness)?;
    Ok(findings)
}

/// A valid input of the operation.
async fn input(ctx: &Ctx, operation: &Operation, user: &User) -> Result<Value, Stop> {
    let mut input = json!({ "AccessToken": user.tokens.access });
    if operation == &COMPLETE {
        input["Credential"] = plain(ctx, &begin(ctx, user).await?.1).await?.document();
    } else if operation == &DELETE {
        let (_, creation) = begin(ctx, user).await?;
        let document = plain(ctx, &creation).await?.document();
        let completed = ctx.send_witness(completion(user, &document)).await?;
        needed("a registration without a defect", &completed)?;
        input["CredentialId"] = document["id"].clone();
    }
    Ok(input)
}

/// What stands for the token; `None` where nothing does.
async fn token(ctx: &Ctx, user: &User, wrong: Wrong) -> Result<Option<Value>, Stop> {
    let access = &user.tokens.access;
    let draft = || Draft::of(access).ok_or_else(|| Stop::Skip("the access token is no JSON Web Token".to_owned()));
    let token = match wrong {
        Wrong::Absent => return Ok(None),
        Wrong::Empty => json!(""),
        Wrong::Number => json!(1),
        Wrong::NoToken => json!("THIS_IS_NOT_A_TOKEN"),
        Wrong::SignedOut => json!(access),
        Wrong::IdToken => {
            let id = user.tokens.id.as_ref();
            json!(id.ok_or_else(|| Stop::Skip("the target gives no ID token".to_owned()))?)
        }
        Wrong::ForeignKey => signed(ctx, &draft()?, &foreign_key(access)?),
        Wrong::NoScope => {
            let mut draft = draft()?;
            draft.claims["scope"] = json!("openid email profile");
            signed(ctx, &draft, &ctx.fixtures().signing_key(user).await?)
        }
        Wrong::Expired => {
            let mut draft = draft()?;
            let now = crate::token::now();
            for (claim, ago) in [("iat", 7200), ("auth_time", 7200), ("exp", 3600)] {
                draft.claims[claim] = json!(now - ago);
            }
            signed(ctx, &draft, &ctx.fixtures().signing_key(user).await?)
        }
    };
    Ok(Some(token))
}

fn signed(ctx: &Ctx, draft: &Draft, key: &crate::token::Key) -> Value {
    let token = draft.sign(key);
    ctx.fixtures().target().secrets.add(&token);
    json!(token)
}
