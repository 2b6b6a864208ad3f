//! Addresses that are used instead of those that a name has.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use super::Endpoint;
use crate::target::TargetError;

/// The address that is used for a host and port, as curl's `--resolve HOST:PORT:ADDRESS` has it. Behind the address another
/// port may stand: `HOST:PORT:ADDRESS:PORT`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolve {
    host: String,
    port: u16,
    address: SocketAddr,
}

impl Resolve {
    /// That the endpoint is at this address, at its own port.
    #[must_use]
    pub fn new(endpoint: &Endpoint, address: IpAddr) -> Self {
        let port = endpoint.port();
        Resolve { host: endpoint.host().to_owned(), port, address: SocketAddr::new(address, port) }
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether it is for this endpoint.
    #[must_use]
    pub fn is_for(&self, endpoint: &Endpoint) -> bool {
        self.port == endpoint.port() && self.host.eq_ignore_ascii_case(endpoint.host())
    }
}

impl FromStr for Resolve {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "HOST:PORT:ADDRESS, such as cognito-idp.us-east-1.amazonaws.com:443:127.0.0.1".to_owned();
        let (host, rest) = text.split_once(':').filter(|(host, _)| !host.is_empty()).ok_or_else(wrong)?;
        let (port, address) = rest.split_once(':').ok_or_else(wrong)?;
        let port = port.parse().map_err(|_| wrong())?;
        let plain = address.strip_prefix('[').and_then(|address| address.strip_suffix(']')).unwrap_or(address);
        let address = plain.parse().map(|ip: IpAddr| SocketAddr::new(ip, port)).or_else(|_| address.parse());
        Ok(Resolve { host: host.to_owned(), port, address: address.map_err(|_| wrong())? })
    }
}

impl std::fmt::Display for Resolve {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.host, self.port, self.address)
    }
}

/// The addresses to use for the endpoint; none where those of its name are.
///
/// # Errors
/// When one is for another endpoint, which may be a slip that would send requests where they are not meant to go, or cannot be
/// used.
pub(super) fn addresses(endpoint: &Endpoint, resolve: &[Resolve]) -> Result<Vec<SocketAddr>, TargetError> {
    if let Some(other) = resolve.iter().find(|resolve| !resolve.is_for(endpoint)) {
        let (host, port) = (endpoint.host(), endpoint.port());
        return Err(TargetError::Setup(format!("{other} is not for {host}:{port}, and nothing else is called")));
    }
    if endpoint.address().is_some() && !resolve.is_empty() {
        return Err(TargetError::Setup(format!("{} is an address already", endpoint.host())));
    }
    let addresses: Vec<_> = resolve.iter().map(Resolve::address).collect();
    if endpoint.has_port() && addresses.iter().any(|address| address.port() != endpoint.port()) {
        // The HTTP library takes the port of the endpoint where that names one.
        return Err(TargetError::Setup(format!(
            "{endpoint} names a port, so that its address cannot have another one; leave one of them out"
        )));
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_port_and_address_are_read() {
        for (text, address) in [
            ("cognito-idp.us-east-1.amazonaws.com:443:127.0.0.1", "127.0.0.1:443"),
            ("a:443:127.0.0.1:8443", "127.0.0.1:8443"),
            ("a:443:::1", "[::1]:443"),
            ("a:443:[::1]", "[::1]:443"),
            ("a:443:[::1]:8443", "[::1]:8443"),
        ] {
            assert_eq!(text.parse::<Resolve>().unwrap().address(), address.parse().unwrap(), "{text}");
        }
        for wrong in ["", "a", "a:443", ":443:127.0.0.1", "a:https:127.0.0.1", "a:443:b", "a:443:", "a:443:127.0.0.1:x"]
        {
            assert!(wrong.parse::<Resolve>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_address_for_another_endpoint_is_an_error() {
        let endpoint = Endpoint::parse("https://A.example").unwrap();
        let of = |text: &str| addresses(&endpoint, &[text.parse().unwrap()]);
        assert_eq!(of("a.example:443:127.0.0.1:8443").unwrap(), ["127.0.0.1:8443".parse().unwrap()]);
        assert!(of("a.example:80:127.0.0.1").is_err());
        assert!(of("b.example:443:127.0.0.1").is_err());
        let with_port = Endpoint::parse("https://a.example:8443").unwrap();
        assert!(addresses(&with_port, &["a.example:8443:127.0.0.1:1".parse().unwrap()]).is_err());
    }
}
