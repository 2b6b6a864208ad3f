//! The options by which a person gives the one user who calls: for a server whose control plane is closed.

use std::path::PathBuf;

use super::Failure;
use super::target::read_text;
use crate::target::Login;

/// Who calls, where users cannot be made.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Target")]
pub(super) struct CallerArgs {
    /// The environment variable that holds a valid access token: for a server whose control plane is closed.
    #[arg(long, value_name = "VAR", requires = "server", conflicts_with_all = ["access_token_file", "client_id"])]
    access_token_env: Option<String>,

    /// The file that holds a valid access token.
    #[arg(long, value_name = "FILE", requires = "server", conflicts_with = "client_id")]
    access_token_file: Option<PathBuf>,

    /// The app client at which one user signs in with a password (USER_PASSWORD_AUTH): for a server whose control plane is
    /// closed.
    #[arg(long, value_name = "ID", requires_all = ["server", "username", "password_env"])]
    client_id: Option<String>,

    /// The name of that user.
    #[arg(long, value_name = "NAME", requires = "client_id")]
    username: Option<String>,

    /// The environment variable that holds the user's password.
    #[arg(long, value_name = "VAR", requires = "client_id")]
    password_env: Option<String>,
}

/// The one user who calls.
pub(super) enum Given {
    /// Of whom an access token is known.
    Token(String),
    /// Who signs in with a password.
    User(Login),
}

/// Who calls in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Callers {
    /// Users whom the run makes, in pools that it makes.
    Made,
    /// One user, who signs in with a password.
    User,
    /// One user, of whom only an access token is known.
    Token,
}

impl CallerArgs {
    /// Who calls. What the environment holds is not looked at.
    pub(super) fn callers(&self) -> Callers {
        match (&self.client_id, &self.access_token_env, &self.access_token_file) {
            (Some(_), _, _) => Callers::User,
            (None, None, None) => Callers::Made,
            _ => Callers::Token,
        }
    }

    /// The user, if one is given.
    ///
    /// # Errors
    /// When the token or the password cannot be read.
    pub(super) fn given(&self) -> Result<Option<Given>, Failure> {
        let login = self.client_id.as_ref().zip(self.username.as_ref()).zip(self.password_env.as_ref());
        if let Some(((client_id, username), variable)) = login {
            let (client_id, username) = (client_id.clone(), username.clone());
            let password = environment(variable)?;
            if password.is_empty() {
                return Err(Failure::usage("the password is empty"));
            }
            return Ok(Some(Given::User(Login { client_id, username, password })));
        }
        let text = match (&self.access_token_env, &self.access_token_file) {
            (Some(variable), _) => environment(variable)?,
            (None, Some(file)) => read_text(file)?,
            (None, None) => return Ok(None),
        };
        match text.trim() {
            "" => Err(Failure::usage("the access token is empty")),
            token => Ok(Some(Given::Token(token.to_owned()))),
        }
    }
}

impl Given {
    /// What reports say of where the right to call comes from.
    pub(super) fn described(&self) -> &'static str {
        match self {
            Given::Token(_) => "an access token, and no AWS credentials",
            Given::User(_) => "a user and a password, and no AWS credentials",
        }
    }
}

fn environment(variable: &str) -> Result<String, Failure> {
    std::env::var(variable)
        .map_err(|_| Failure::usage(format!("the environment variable {variable} is not set, or is not text")))
}
