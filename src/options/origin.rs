//! The web origin that uses the options.

/// A web origin: scheme and host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The scheme, in lower case.
    pub(super) scheme: String,
    /// The host as a URL has it: a domain in ASCII and lower case, or an IP address.
    pub(super) host: String,
    /// Whether the host is a domain.
    pub(super) is_domain: bool,
}

/// Why a text is no origin.
#[derive(Debug, thiserror::Error)]
pub enum OriginError {
    /// It is no URL.
    #[error("{0:?} is not a URL ({1}); an origin is written like https://login.example.com")]
    NotUrl(String, String),
    /// The URL has no host.
    #[error("{0:?} has no host; an origin is written like https://login.example.com")]
    NoHost(String),
}

impl std::str::FromStr for Origin {
    type Err = OriginError;

    /// Takes the scheme and the host of a URL; port, path and the rest are no matter to a relying party id.
    fn from_str(text: &str) -> Result<Self, OriginError> {
        let url = reqwest::Url::parse(text).map_err(|e| OriginError::NotUrl(text.to_owned(), e.to_string()))?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| OriginError::NoHost(text.to_owned()))?;
        Ok(Origin { scheme: url.scheme().to_owned(), host: host.to_owned(), is_domain: url.domain().is_some() })
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)
    }
}
