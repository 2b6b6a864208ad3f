//! `cogspec case`.

mod ceremony;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::artefact::Guard;
use crate::cli::io::tell;
use crate::cli::{Exit, Failure, Out, read_input};
use crate::generate::call::{Caller, Drawn, Input};
use crate::generate::request::Right;
use crate::generate::session::Step;
use crate::generate::token::{Base, Signer};

/// The folder of the inputs that cases and fuzz targets share.
const CORPUS: &str = "corpus/emulator";

/// The same for steps of sessions.
const SESSIONS: &str = "corpus/sessions";

/// The same for steps of users with passkeys.
const CEREMONY: &str = "corpus/ceremony";

/// Work on the cases of the suite.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    New(New),
}

/// Turn an input of the fuzzer into the beginning of a case
///
/// Prints Rust code for a file below src/suite/. In cogspec's own repository the input is copied to corpus/emulator
/// (steps of sessions to corpus/sessions, of users with passkeys to corpus/ceremony), too, where `cargo test` and `cargo fuzz` replay it.
#[derive(Debug, clap::Args)]
pub(super) struct New {
    /// The file that `cogspec fuzz` or `cargo fuzz run emulator` wrote.
    file: PathBuf,

    /// The case's id; it begins with its theme (request, token, …).
    #[arg(long)]
    id: Option<String>,
}

pub(super) fn execute(command: &Command) -> Result<Exit, Failure> {
    let Command::New(args) = command;
    let input = Input::of_file(&read_input(&args.file)?)
        .map_err(|e| Failure::usage(format!("{}: {e}; only calls can be made cases", args.file.display())))?;
    if let Some(steps) = input.sessions() {
        return sessions(args, &input, &steps);
    }
    if let Some(steps) = input.ceremony() {
        keep(&input, Path::new(CEREMONY), &format!("drawn-{}", input.digest()))?;
        let id = args.id.clone().unwrap_or_else(|| format!("ceremony.found-{}", input.digest()));
        write!(Out::stdout(), "{}", ceremony::skeleton(&id, &steps))?;
        return Ok(Exit::Held);
    }
    let drawn = input
        .draw(&example())
        .map_err(|_| Failure::usage(format!("{}: no call can be drawn from it", args.file.display())))?;
    let seed = format!("drawn-{}", slug(&drawn, &input));
    let id = args.id.clone().unwrap_or_else(|| format!("{}.found.{}", theme(&drawn), slug(&drawn, &input)));
    keep(&input, Path::new(CORPUS), &seed)?;
    write!(Out::stdout(), "{}", skeleton(&id, &seed, &drawn))?;
    Ok(Exit::Held)
}

/// Copies the input to a folder of the repository, where there is one.
fn keep(input: &Input, folder: &Path, name: &str) -> Result<(), Failure> {
    if folder.is_dir() {
        let path = folder.join(name);
        // A case knows no target, and so no secrets.
        Guard::default().write_file(&path, &input.to_file())?;
        tell(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// A case that takes the steps. Whether the last token is to be served is for its author to say.
fn sessions(args: &New, input: &Input, steps: &[Step]) -> Result<Exit, Failure> {
    keep(input, Path::new(SESSIONS), &format!("drawn-{}", input.digest()))?;
    let id = args.id.clone().unwrap_or_else(|| format!("state.session.found-{}", input.digest()));
    let mut text = "// In src/suite/state/sessions.rs, which has a function for each step.\n".to_owned();
    text.push_str(&format!("Case::steps({id:?}, \"refuses …\", rules, |ctx| async move {{\n"));
    text.push_str("    let user = ctx.new_user(&PoolSpec::MAIN).await?;\n    let tokens0 = user.tokens.clone();\n");
    // The first token of each session, which holds its refresh token too.
    let (mut sessions, mut tokens) = (vec![0], 1);
    for step in steps {
        let line = match *step {
            Step::SignIn => {
                sessions.push(tokens);
                tokens += 1;
                format!("let tokens{} = ctx.fixtures().sign_in(&user).await?;", tokens - 1)
            }
            Step::Refresh(session) => {
                let Some(of) = sessions.get(session) else { continue };
                tokens += 1;
                format!("let tokens{} = refresh(&ctx, &with(&user, tokens{of}.clone())).await?;", tokens - 1)
            }
            Step::Revoke(session) => {
                let Some(of) = sessions.get(session) else { continue };
                format!("revoke(&ctx, &user, &tokens{of}).await?;")
            }
            Step::SignOut(token) if token < tokens => format!("global_sign_out(&ctx, &tokens{token}).await?;"),
            Step::Call(token) if token < tokens => {
                format!("served_before(&ctx, &with(&user, tokens{token}.clone())).await?;")
            }
            Step::SignOut(_) | Step::Call(_) => continue,
            Step::SignOutByAdmin => "of_user(&ctx, \"AdminUserGlobalSignOut\", &user).await?;".to_owned(),
        };
        text.push_str(&format!("    {line}\n"));
    }
    text.push_str(&format!("    refused_now(&ctx, &tokens{}, &state::REVOKED, REVOKED).await\n}})\n", tokens - 1));
    write!(Out::stdout(), "{text}")?;
    Ok(Exit::Held)
}

/// A caller whose token verifies nowhere: of what is drawn only the labels count.
fn example() -> Caller {
    let base = Base::example(Signer::Nobody);
    Caller { access: base.draft.with_signature(&"WlpaWlpa".repeat(43)), base }
}

fn theme(drawn: &Drawn) -> &'static str {
    if drawn.http.defects.is_empty() && !drawn.token.defects.is_empty() { "token" } else { "request" }
}

/// The labels as one word, or where there are none a digest.
fn slug(drawn: &Drawn, input: &Input) -> String {
    let labels = drawn.labels().join("-").replace('.', "-");
    let labels = if labels.is_empty() { "plain".to_owned() } else { labels };
    format!("{labels}-{}", input.digest())
}

/// A case that sends what is drawn, and expects what the labels say.
fn skeleton(id: &str, seed: &str, drawn: &Drawn) -> String {
    let labels = drawn.labels();
    let what =
        if labels.is_empty() { "a plain call".to_owned() } else { format!("a call with {}", labels.join(" and ")) };
    let mut text = format!(
        "// In src/suite/{}/. A title tells what is wrong with the call, not how it was found.\n",
        theme(drawn)
    );
    let refused = drawn.broken_by_serving();
    match refused.first() {
        Some(rule) => {
            text.push_str(&format!("Case::refused({id:?}, \"refuses {what}\", &{})\n", path(rule.path)));
            let classes = drawn.classes();
            let exact =
                !classes.iter().any(|class| *class == crate::generate::request::ANY_REFUSAL || class.contains(':'));
            if let (true, Some(rule)) = (exact, drawn.broken_by_class().first()) {
                text.push_str(&format!(
                    "    .class(&{:?}, &{})\n",
                    classes.iter().collect::<Vec<_>>(),
                    path(rule.path)
                ));
            }
            if classes.contains("transport:closed") {
                text.push_str("    .may_close()\n");
            }
        }
        None if drawn.http.defects.iter().any(|defect| matches!(defect.right, Right::Either)) => {
            let rule = drawn.http.defects.first().map_or("", |defect| defect.rule.path);
            text.push_str(&format!("Case::observed({id:?}, \"observes {what}\", &{})\n", path(rule)));
        }
        None => {
            let rule = drawn.broken_by_refusing().first().map_or("", |rule| rule.path);
            text.push_str(&format!("Case::accepted({id:?}, \"serves {what}\", &{})\n", path(rule)));
        }
    }
    text.push_str(&format!(
        "    .made(|ctx: Ctx| async move {{ ctx.drawn(include_bytes!(\"../../../{CORPUS}/{seed}\")).await }})\n"
    ));
    text
}

/// The path as the crate itself writes it.
fn path(path: &str) -> String {
    path.replacen("cogspec::", "crate::", 1)
}
