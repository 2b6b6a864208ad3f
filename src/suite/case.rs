//! What a case is, and the builders that make one.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::ctx::{Ctx, Recorded, Role, Stop};
use super::judge;
use super::side::Side;
use crate::cognito::{Finding, Rule};
use crate::wire::Request;

/// What a case or a scenario is about; the first segment of its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// HTTP, the AWS JSON 1.1 envelope, JSON text, the input's constraints.
    Request,
    /// Access tokens.
    Token,
    /// Sessions, users, pools and their configuration.
    State,
    /// Registering, listing and deleting passkeys, and signing in with them.
    Ceremony,
    /// Creation options.
    Options,
    /// The modelled errors.
    Errors,
    /// Answers as such.
    Response,
    /// Of scenarios: where and how an answer names its error.
    Envelope,
    /// Of scenarios: answers that are not the service's own, such as pages, protocol errors and other content types.
    Gateway,
    /// Of scenarios: truncation, resets, slow answers, compression.
    Transport,
    /// Of scenarios: throttling, and the headers that say when to call again.
    Retry,
    /// Of scenarios: creation options, good and bad.
    Document,
}

impl Theme {
    /// The themes of cases, in the order of reports.
    pub const ALL: [Theme; 7] =
        [Theme::Request, Theme::Token, Theme::State, Theme::Ceremony, Theme::Options, Theme::Errors, Theme::Response];

    /// The themes of scenarios, in the order of reports.
    const SCENARIOS: [Theme; 5] = [Theme::Envelope, Theme::Gateway, Theme::Transport, Theme::Retry, Theme::Document];

    /// The themes by which that side is judged, in the order of reports.
    #[must_use]
    pub fn of(side: Side) -> &'static [Theme] {
        match side {
            Side::Server => &Theme::ALL,
            Side::Client => &Theme::SCENARIOS,
        }
    }

    /// The theme of the case or scenario of that id, where it begins with one.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Theme> {
        let name = id.split('.').next();
        Theme::ALL.into_iter().chain(Theme::SCENARIOS).find(|theme| name == Some(theme.name()))
    }

    /// The word that starts the ids of its cases.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Theme::Request => "request",
            Theme::Token => "token",
            Theme::State => "state",
            Theme::Ceremony => "ceremony",
            Theme::Options => "options",
            Theme::Errors => "errors",
            Theme::Response => "response",
            Theme::Envelope => "envelope",
            Theme::Gateway => "gateway",
            Theme::Transport => "transport",
            Theme::Retry => "retry",
            Theme::Document => "document",
        }
    }
}

impl fmt::Display for Theme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What a case or a scenario expects, in one word and what belongs to it; for people and for exports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "expects", rename_all = "lowercase")]
pub enum Kind {
    /// A refusal, proved by a witness.
    Refused {
        /// The error classes that are right; empty where any client error is.
        classes: Vec<Cow<'static, str>>,
    },
    /// Creation options.
    Accepted,
    /// Nothing: nobody knows what is right, so it is observed and told.
    Observed,
    /// Something across several exchanges.
    Steps,
    /// Something of all the answers of the run.
    Audit,
    /// Of a scenario: what a client makes of an answer.
    Client {
        /// The outcomes that are right (`error`, `success`, `failure`); empty where none is judged.
        outcomes: Vec<Cow<'static, str>>,
    },
}

/// The exchanges of a case and what it finds in them.
pub type Steps = Arc<dyn Fn(Ctx) -> BoxFuture<'static, Result<Vec<Finding>, Stop>> + Send + Sync>;

/// What is found in all the exchanges of a run; `None` where none of them can be judged.
pub type Audit = Arc<dyn Fn(&[Recorded]) -> Option<Audited> + Send + Sync>;

/// What an audit has found.
#[derive(Clone, Debug, Default)]
pub struct Audited {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Exchanges that show them.
    pub examples: Vec<Recorded>,
}

impl FromIterator<(Finding, Recorded)> for Audited {
    fn from_iter<T: IntoIterator<Item = (Finding, Recorded)>>(found: T) -> Self {
        let (findings, examples) = found.into_iter().unzip();
        Audited { findings, examples }
    }
}

/// How a case comes to its findings.
#[derive(Clone)]
pub enum Check {
    /// By exchanges of its own.
    Steps(Steps),
    /// By looking over the exchanges of all other cases, after them.
    Audit(Audit),
}

/// One deterministic check.
#[derive(Clone)]
pub struct Case {
    /// The stable id, `theme.subject.detail`. An id that was used once is never given to another case.
    pub id: String,
    /// What it shows, as a sentence that begins with a verb.
    pub title: String,
    /// What it is about.
    pub theme: Theme,
    /// The rules that it proves, the most important first.
    pub rules: Vec<&'static Rule>,
    /// What it expects.
    pub kind: Kind,
    /// How it comes to its findings.
    pub check: Check,
    /// The one request that it judges, where it is such a case.
    pub requests: Option<Requests>,
    /// Whether its requests take megabytes: of such cases one runs at a time.
    pub is_large: bool,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Case").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Case {
    /// A request with one defect, which must be refused.
    ///
    /// The witness (the same request without the defect, a plain valid one unless another is given) must be served; if it
    /// is refused too, the refusal proves nothing and the case is inconclusive.
    pub fn refused(id: impl Into<String>, title: impl Into<String>, rule: &'static Rule) -> Refused {
        Refused {
            head: Head { id: id.into(), title: title.into(), rule },
            class: None,
            may_close: false,
            witness: None,
        }
    }

    /// A legal request that looks unusual, which must be served.
    pub fn accepted(id: impl Into<String>, title: impl Into<String>, rule: &'static Rule) -> Plain {
        Plain { head: Head { id: id.into(), title: title.into(), rule }, kind: Kind::Accepted }
    }

    /// A request of which nobody knows what Cognito makes: the answer is told as a note.
    pub fn observed(id: impl Into<String>, title: impl Into<String>, rule: &'static Rule) -> Plain {
        Plain { head: Head { id: id.into(), title: title.into(), rule }, kind: Kind::Observed }
    }

    /// Several exchanges and what must hold of them.
    pub fn steps<F>(
        id: impl Into<String>,
        title: impl Into<String>,
        rules: &[&'static Rule],
        steps: impl Fn(Ctx) -> F + Send + Sync + 'static,
    ) -> Case
    where
        F: Future<Output = Result<Vec<Finding>, Stop>> + Send + 'static,
    {
        let steps: Steps = Arc::new(move |ctx| steps(ctx).boxed());
        Case::new(id.into(), title.into(), rules.to_vec(), Kind::Steps, Check::Steps(steps))
    }

    /// What must hold of every answer of the run.
    pub fn audit(
        id: impl Into<String>,
        title: impl Into<String>,
        rule: &'static Rule,
        audit: impl Fn(&[Recorded]) -> Option<Audited> + Send + Sync + 'static,
    ) -> Case {
        Case::new(id.into(), title.into(), vec![rule], Kind::Audit, Check::Audit(Arc::new(audit)))
    }

    /// The same case, whose requests take megabytes.
    #[must_use]
    pub fn large(self) -> Case {
        Case { is_large: true, ..self }
    }

    fn new(id: String, title: String, rules: Vec<&'static Rule>, kind: Kind, check: Check) -> Case {
        let theme = Theme::of_id(&id).unwrap_or(Theme::Request);
        Case { id, title, theme, rules, kind, check, requests: None, is_large: false }
    }

    /// The same, with the one request that its steps judge, for those who want to see it without running them.
    #[must_use]
    pub(super) fn sending(self, make: impl Fn(&str) -> Request + Send + Sync + 'static) -> Case {
        let requests = Requests { make: with_token(make), witness: None, may_close: false };
        Case { requests: Some(requests), ..self }
    }
}

/// The request that a case judges, as what makes it.
#[derive(Clone)]
pub struct Requests {
    make: Make,
    witness: Option<Make>,
    /// Whether closing the connection is a right answer.
    pub may_close: bool,
}

/// A request and its witness, made for one context.
pub struct Made {
    /// What is judged.
    pub request: Request,
    /// The same request without its defect; `None` where that is a plain call with a valid token.
    pub witness: Option<Request>,
}

impl Requests {
    /// Makes them. What is sent on the way to show that a request would be served is taken for the witness.
    ///
    /// # Errors
    /// When the target cannot give what they need.
    pub async fn make(&self, ctx: &Ctx) -> Result<Made, Stop> {
        let request = (self.make)(ctx.clone()).await?;
        let sent = ctx.recorded().into_iter().find(|recorded| recorded.role == Role::Witness);
        let witness = match &self.witness {
            Some(make) => Some(make(ctx.clone()).await?),
            None => sent.map(|recorded| Arc::unwrap_or_clone(recorded.exchange.request)),
        };
        Ok(Made { request, witness })
    }
}

struct Head {
    id: String,
    title: String,
    rule: &'static Rule,
}

/// Makes a request; in vain where the target cannot give what it needs.
pub(super) type Make = Arc<dyn Fn(Ctx) -> BoxFuture<'static, Result<Request, Stop>> + Send + Sync>;

fn with_token(make: impl Fn(&str) -> Request + Send + Sync + 'static) -> Make {
    let make = Arc::new(make);
    Arc::new(move |ctx: Ctx| {
        let make = Arc::clone(&make);
        async move { Ok(make(&ctx.user().await?.tokens.access)) }.boxed()
    })
}

fn boxed<F>(make: impl Fn(Ctx) -> F + Send + Sync + 'static) -> Make
where
    F: Future<Output = Result<Request, Stop>> + Send + 'static,
{
    Arc::new(move |ctx| make(ctx).boxed())
}

/// Builds a [`Kind::Refused`] case.
pub struct Refused {
    head: Head,
    class: Option<(&'static [&'static str], &'static Rule)>,
    may_close: bool,
    witness: Option<Make>,
}

impl Refused {
    /// The error classes that are right, the first being Cognito's, and the rule that says so.
    #[must_use]
    pub fn class(self, classes: &'static [&'static str], rule: &'static Rule) -> Self {
        Refused { class: Some((classes, rule)), ..self }
    }

    /// Closing the connection is a right answer too.
    #[must_use]
    pub fn may_close(self) -> Self {
        Refused { may_close: true, ..self }
    }

    /// The witness, made from a valid access token.
    #[must_use]
    pub fn witness(self, make: impl Fn(&str) -> Request + Send + Sync + 'static) -> Self {
        Refused { witness: Some(with_token(make)), ..self }
    }

    /// The witness, made in any way.
    #[must_use]
    pub fn witness_made<F>(self, make: impl Fn(Ctx) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Request, Stop>> + Send + 'static,
    {
        Refused { witness: Some(boxed(make)), ..self }
    }

    /// Sends the request made from a valid access token.
    #[must_use]
    pub fn sends(self, make: impl Fn(&str) -> Request + Send + Sync + 'static) -> Case {
        self.build(with_token(make))
    }

    /// Sends the request made in any way.
    #[must_use]
    pub fn made<F>(self, make: impl Fn(Ctx) -> F + Send + Sync + 'static) -> Case
    where
        F: Future<Output = Result<Request, Stop>> + Send + 'static,
    {
        self.build(boxed(make))
    }

    fn build(self, make: Make) -> Case {
        let Refused { head: Head { id, title, rule }, class, may_close, witness } = self;
        let mut rules = vec![rule];
        rules.extend(class.map(|(_, rule)| rule).filter(|class_rule| class_rule.id != rule.id));
        let kind = Kind::Refused {
            classes: class.into_iter().flat_map(|(classes, _)| classes).map(|class| (*class).into()).collect(),
        };
        let requests = Requests { make: Arc::clone(&make), witness: witness.clone(), may_close };
        let witness = witness.unwrap_or_else(|| with_token(Request::start));
        let refusal = judge::Refusal { rule, class, may_close };
        let steps: Steps =
            Arc::new(move |ctx| judge::refused(ctx, refusal, Arc::clone(&make), Arc::clone(&witness)).boxed());
        Case { requests: Some(requests), ..Case::new(id, title, rules, kind, Check::Steps(steps)) }
    }
}

/// Builds a [`Kind::Accepted`] or a [`Kind::Observed`] case.
pub struct Plain {
    head: Head,
    kind: Kind,
}

impl Plain {
    /// Sends the request made from a valid access token.
    #[must_use]
    pub fn sends(self, make: impl Fn(&str) -> Request + Send + Sync + 'static) -> Case {
        self.build(with_token(make))
    }

    /// Sends the request made in any way.
    #[must_use]
    pub fn made<F>(self, make: impl Fn(Ctx) -> F + Send + Sync + 'static) -> Case
    where
        F: Future<Output = Result<Request, Stop>> + Send + 'static,
    {
        self.build(boxed(make))
    }

    fn build(self, make: Make) -> Case {
        let Plain { head: Head { id, title, rule }, kind } = self;
        let requests = Requests { make: Arc::clone(&make), witness: None, may_close: false };
        let steps: Steps = match kind {
            Kind::Accepted => Arc::new(move |ctx| judge::accepted(ctx, rule, Arc::clone(&make)).boxed()),
            _ => Arc::new(move |ctx| judge::observed(ctx, rule, Arc::clone(&make)).boxed()),
        };
        Case { requests: Some(requests), ..Case::new(id, title, vec![rule], kind, Check::Steps(steps)) }
    }
}
