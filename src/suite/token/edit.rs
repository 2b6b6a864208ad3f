//! From an edit of a valid token to a case: what is sent, and the witness that goes with it.

use std::sync::Arc;

use futures::FutureExt;

use crate::cognito::Rule;
use crate::cognito::rules::request;
use crate::suite::case::Refused;
use crate::suite::judge::{in_short, is_served, send_served};
use crate::suite::{Case, Ctx, Role, Stop};
use crate::target::{Signing, User, foreign_key};
pub(super) use crate::token::now;
use crate::token::{Draft, Key, Segments};
use crate::wire::Request;

const NOT_AUTHORIZED: &[&str] = &["NotAuthorizedException"];
const INVALID_PARAMETER: &[&str] = &["InvalidParameterException"];

/// A labelled edit of a token's text: the last word of the case's id, what the token is like (after "a token"), the
/// edit.
pub(super) type TextEdit = (&'static str, &'static str, fn(&Segments) -> String);

/// A labelled edit of a token's header and claims.
pub(super) type DraftEdit = (&'static str, &'static str, fn(Draft) -> Draft);

/// The rule that an edited token breaks, and the class of its refusal.
#[derive(Clone, Copy)]
pub(super) struct Broken {
    subject: &'static str,
    rule: &'static Rule,
    classes: &'static [&'static str],
    class: &'static Rule,
}

impl Broken {
    /// A token that is refused as NotAuthorizedException: `class` is the rule that says so.
    pub(super) const fn new(subject: &'static str, rule: &'static Rule, class: &'static Rule) -> Broken {
        Broken { subject, rule, classes: NOT_AUTHORIZED, class }
    }

    /// A token with a character that its pattern does not have: it is refused before anything reads it.
    pub(super) const fn pattern(subject: &'static str) -> Broken {
        Broken { subject, rule: &request::PATTERN, classes: INVALID_PARAMETER, class: &request::PATTERN_CLASS }
    }

    /// The case's beginning, for a request that is made in a way of its own; the witness is the valid token.
    pub(super) fn refused(self, name: &str, what: &str) -> Refused {
        Case::refused(id(self.subject, name), format!("refuses a token {what}"), self.rule)
            .class(self.classes, self.class)
    }

    /// [`Broken::refused`], for a request that is signed again: the witness is the token signed again without a change.
    pub(super) fn resigned(self, name: &str, what: &str) -> Refused {
        self.refused(name, what).witness_made(signed_again)
    }

    /// The text of a valid token, edited.
    pub(super) fn text(self, (name, what, edit): TextEdit) -> Case {
        self.refused(name, what).made(move |ctx: Ctx| async move {
            let user = ctx.user().await?;
            Ok(Request::start(&edit(&segments(&user)?)))
        })
    }

    /// Header and claims of a valid token, edited; the edit makes the token of them and, if it likes, of the valid
    /// signature.
    pub(super) fn unsigned(self, name: &str, what: &str, edit: impl Fn(Draft, &str) -> String + SendSync) -> Case {
        let edit = Arc::new(edit);
        self.refused(name, what).made(move |ctx: Ctx| {
            let edit = Arc::clone(&edit);
            async move {
                let user = ctx.user().await?;
                Ok(Request::start(&edit(draft(&user)?, &segments(&user)?.signature)))
            }
        })
    }

    /// Header and claims edited, and signed by a key that is not the pool's, under the pool's `kid` unless that is
    /// edited.
    pub(super) fn forged(self, name: &str, what: &str, edit: fn(Draft, &Key) -> Draft) -> Case {
        self.refused(name, what).made(move |ctx: Ctx| async move {
            let user = ctx.user().await?;
            let key = foreign_key(&user.tokens.access)?;
            Ok(Request::start(&edit(draft(&user)?, &key).sign(&key)))
        })
    }

    /// Header and claims edited, under a valid signature. The witness is the token signed again without the edit.
    pub(super) fn signed(self, name: &str, what: &str, edit: impl Fn(Draft) -> Draft + SendSync) -> Case {
        self.signed_message(name, what, move |draft| message(&edit(draft)))
    }

    /// [`Broken::signed`], for what header and claims as JSON cannot say: the edit gives the text that is signed.
    pub(super) fn signed_message(self, name: &str, what: &str, edit: impl Fn(Draft) -> String + SendSync) -> Case {
        let edit = Arc::new(edit);
        self.resigned(name, what).made(move |ctx: Ctx| {
            let edit = Arc::clone(&edit);
            async move { signed_with(&ctx, &*edit).await }
        })
    }
}

/// Shorthand for what cases keep.
pub(super) trait SendSync: Send + Sync + 'static {}

impl<T: Send + Sync + 'static> SendSync for T {}

/// A validly signed token with an edit that makes it unusual, not wrong.
pub(super) fn accepted(
    subject: &str,
    name: &str,
    what: &str,
    rule: &'static Rule,
    edit: impl Fn(Draft) -> String + SendSync,
) -> Case {
    let edit = Arc::new(edit);
    Case::accepted(id(subject, name), format!("serves a token {what}"), rule).made(move |ctx: Ctx| {
        let edit = Arc::clone(&edit);
        async move { proved_request(&ctx, &*edit).await }
    })
}

/// A validly signed token of which nobody knows what Cognito makes.
pub(super) fn observed(
    subject: &str,
    name: &str,
    what: &str,
    rule: &'static Rule,
    edit: impl Fn(Draft) -> String + SendSync,
) -> Case {
    let edit = Arc::new(edit);
    Case::observed(id(subject, name), format!("observes a token {what}"), rule).made(move |ctx: Ctx| {
        let edit = Arc::clone(&edit);
        async move { proved_request(&ctx, &*edit).await }
    })
}

/// What is signed: header and claims, encoded (RFC 7515, 5.1).
pub(super) fn message(draft: &Draft) -> String {
    Segments::encode(draft.header_text().as_bytes(), draft.claims_text().as_bytes(), "").message()
}

/// The user's access token in its three segments.
pub(super) fn segments(user: &User) -> Result<Segments, Stop> {
    Segments::split(&user.tokens.access).ok_or_else(no_jwt)
}

/// The user's access token, open for editing.
pub(super) fn draft(user: &User) -> Result<Draft, Stop> {
    Draft::of(&user.tokens.access).ok_or_else(no_jwt)
}

/// A claim or header member that is text.
pub(super) fn text<'a>(members: &'a serde_json::Map<String, serde_json::Value>, name: &str) -> Result<&'a str, Stop> {
    let missing = || Stop::Skip(format!("the target's access token has no `{name}` that is text"));
    members.get(name).and_then(serde_json::Value::as_str).ok_or_else(missing)
}

/// A signing key of the pool itself. Where the target takes any key there is none: a case on signatures proves
/// nothing with a key that should not be taken.
pub(super) async fn own_key(ctx: &Ctx, user: &User) -> Result<Key, Stop> {
    if matches!(ctx.fixtures().target().signing, Signing::None) {
        return Err(Stop::Skip("the pool's own signing key is not at hand (--signing-key)".to_owned()));
    }
    Ok(ctx.fixtures().signing_key(user).await?)
}

/// The text with this key's signature behind it.
pub(super) fn sign(ctx: &Ctx, key: &Key, message: &str) -> String {
    let signature = key.sign(message.as_bytes());
    let target = ctx.fixtures().target();
    if !matches!(target.signing, Signing::None) {
        // With the pool's key the token is as good as any of the pool; without its signature it is worth nothing.
        target.secrets.add(&signature);
    }
    format!("{message}.{signature}")
}

/// A request with the valid token, edited and signed again.
pub(super) async fn signed_with(ctx: &Ctx, edit: &(impl Fn(Draft) -> String + SendSync)) -> Result<Request, Stop> {
    let user = ctx.user().await?;
    let draft = draft(&user)?;
    let key = ctx.fixtures().signing_key(&user).await?;
    Ok(Request::start(&sign(ctx, &key, &edit(draft))))
}

async fn signed_again(ctx: Ctx) -> Result<Request, Stop> {
    signed_with(&ctx, &|draft| message(&draft)).await
}

/// The edited request, after a proof that signing again does no harm by itself: else an answer says nothing of the
/// edit.
async fn proved_request(ctx: &Ctx, edit: &(impl Fn(Draft) -> String + SendSync)) -> Result<Request, Stop> {
    let witness = send_served(ctx, Role::Witness, &(Arc::new(|ctx| signed_again(ctx).boxed()) as _)).await?;
    if !is_served(&witness) {
        let why = format!("a token that is signed again without a change is refused too: {}", in_short(&witness));
        return Err(Stop::Inconclusive(why));
    }
    signed_with(ctx, edit).await
}

fn id(subject: &str, name: &str) -> String {
    format!("token.{subject}.{name}")
}

fn no_jwt() -> Stop {
    Stop::Skip("the target's access token is no JSON Web Token".to_owned())
}
