//! What an implementation can be: a server, or a client.

use super::catalogue::Embedded;
use super::client_recipe::ClientRecipe;
use super::fields::Fields;
use super::server_recipe::ServerRecipe;

/// What an implementation is: a server ([`ServerRecipe`]) or a client ([`ClientRecipe`]), and nothing else.
pub trait Role: sealed::Read + Clone + std::fmt::Debug + Send + Sync + 'static {
    /// The role, in a word.
    const WORD: &'static str;
    /// The command that is for those of the role.
    const COMMAND: &'static str;
    /// The whole command that lists them.
    const LIST: &'static str;
    /// The folder of their recipes in the repository.
    const FOLDER: &'static str;
    /// Whether it is that of clients.
    const IS_CLIENT: bool;
    /// The other one.
    type Other: Role;
}

impl Role for ServerRecipe {
    const WORD: &'static str = "server";
    const COMMAND: &'static str = "implementations";
    const LIST: &'static str = "cogspec implementations";
    const FOLDER: &'static str = "implementations";
    const IS_CLIENT: bool = false;
    type Other = ClientRecipe;
}

impl Role for ClientRecipe {
    const WORD: &'static str = "client";
    const COMMAND: &'static str = "clients";
    const LIST: &'static str = "cogspec clients list";
    const FOLDER: &'static str = "implementations/clients";
    const IS_CLIENT: bool = true;
    type Other = ServerRecipe;
}

pub(super) mod sealed {
    use super::{ClientRecipe, Embedded, Fields, ServerRecipe};
    use crate::implementation::catalogue::{CLIENTS, SERVERS};

    /// How the recipes of a role are read, and where those of cogspec are.
    pub trait Read: Sized {
        fn read(fields: &mut Fields<'_>) -> Option<Self>;
        fn embedded() -> Embedded;
    }

    impl Read for ServerRecipe {
        fn read(fields: &mut Fields<'_>) -> Option<Self> {
            ServerRecipe::read(fields)
        }

        fn embedded() -> Embedded {
            SERVERS
        }
    }

    impl Read for ClientRecipe {
        fn read(fields: &mut Fields<'_>) -> Option<Self> {
            ClientRecipe::read(fields)
        }

        fn embedded() -> Embedded {
            CLIENTS
        }
    }
}
