//! Where a server is.

use std::net::IpAddr;

use http::uri::{Authority, Scheme};

use crate::target::TargetError;

/// Where a server is: `http://host:port`, or https, with nothing behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    scheme: Scheme,
    authority: Authority,
}

impl Endpoint {
    /// Reads an endpoint. A trailing `/` is allowed.
    ///
    /// # Errors
    /// When it is not an http or https URL of a host, or has a path, a query, or a user in it.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let wrong = |why: &str| TargetError::Endpoint { endpoint: text.to_owned(), why: why.to_owned() };
        let uri: http::Uri = text.parse().map_err(|e: http::uri::InvalidUri| wrong(&e.to_string()))?;
        let parts = uri.into_parts();
        let scheme = parts.scheme.ok_or_else(|| wrong("it has no scheme"))?;
        if scheme != Scheme::HTTP && scheme != Scheme::HTTPS {
            return Err(wrong("its scheme is neither http nor https"));
        }
        let authority = parts.authority.ok_or_else(|| wrong("it has no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("a user and password in it are not used; give them in the environment"));
        }
        if parts.path_and_query.is_some_and(|p| p.as_str() != "/") {
            return Err(wrong("a path or query is not used; operations are called at /"));
        }
        let endpoint = Endpoint { scheme, authority };
        match endpoint.canonical_host() {
            Some(host) if endpoint.is_host(&host) => Ok(endpoint),
            // What is checked and what is called must be one host, whoever reads it.
            Some(host) => Err(wrong(&format!("its host is another way of writing {host}"))),
            None => Err(wrong("its host is not one")),
        }
    }

    /// The endpoint at a port of 127.0.0.1.
    #[must_use]
    pub fn loopback(port: u16) -> Self {
        let authority = Authority::try_from(format!("127.0.0.1:{port}"));
        Endpoint { scheme: Scheme::HTTP, authority: authority.unwrap_or(Authority::from_static("127.0.0.1")) }
    }

    fn is_host(&self, host: &str) -> bool {
        match self.address() {
            Some(address) => host.parse() == Ok(address),
            None => host.eq_ignore_ascii_case(self.host()),
        }
    }

    /// The host as the URL Standard writes it, which reads `0x7f.1` as an address and decodes percent escapes.
    fn canonical_host(&self) -> Option<String> {
        let url = reqwest::Url::parse(&self.to_string()).ok()?;
        Some(url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned())
    }

    /// The host name or address, without brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        self.authority.host().trim_start_matches('[').trim_end_matches(']')
    }

    /// The host as an address, where it is one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.host().parse().ok()
    }

    /// The port; that of the scheme where none is named.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.is_tls() { 443 } else { 80 })
    }

    pub(super) fn has_port(&self) -> bool {
        self.authority.port().is_some()
    }

    pub(super) fn scheme(&self) -> &str {
        self.scheme.as_str()
    }

    pub(super) fn authority(&self) -> &str {
        self.authority.as_str()
    }

    pub(crate) fn is_tls(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_written_in_one_way() {
        for endpoint in ["http://127.0.0.1:1", "https://[0:0::1]", "http://[::ffff:10.0.0.1]", "https://A-b.Example/"] {
            assert!(Endpoint::parse(endpoint).is_ok(), "{endpoint}");
        }
        for endpoint in
            ["http://127.1", "http://0x7f000001", "http://2130706433", "http://127.0.0.01", "http://local%68ost"]
        {
            assert!(Endpoint::parse(endpoint).is_err(), "{endpoint}");
        }
    }
}
