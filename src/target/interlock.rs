//! Nothing but this machine is called unless a person says so.

use std::net::IpAddr;

use super::{Endpoint, Resolve, TargetError};

/// Whether an endpoint is this machine.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is, at these addresses, which are to be used and no others: a name could mean something else a moment later.
    ThisMachine(Vec<Resolve>),
    /// It is not, or may not be.
    Elsewhere,
}

/// Finds out where an endpoint is. No name but `localhost` is looked up: that alone would tell a name server.
///
/// # Errors
/// When `localhost` has no address, or one that is not of this machine.
pub(crate) async fn place(endpoint: &Endpoint, resolve: &[Resolve]) -> Result<Place, TargetError> {
    let is_local = |addresses: &[IpAddr]| addresses.iter().all(IpAddr::is_loopback);
    if let Some(address) = endpoint.address() {
        return Ok(if is_local(&[address]) { Place::ThisMachine(Vec::new()) } else { Place::Elsewhere });
    }
    let given: Vec<IpAddr> = resolve.iter().map(|resolve| resolve.address().ip()).collect();
    if !given.is_empty() {
        return Ok(if is_local(&given) { Place::ThisMachine(resolve.to_vec()) } else { Place::Elsewhere });
    }
    if !endpoint.host().eq_ignore_ascii_case("localhost") {
        return Ok(Place::Elsewhere);
    }
    let looked_up = tokio::net::lookup_host((endpoint.host(), endpoint.port())).await;
    let no_address = |e| TargetError::Setup(format!("localhost has no address: {e}; write 127.0.0.1"));
    let looked_up = looked_up.map_err(no_address)?;
    let addresses: Vec<IpAddr> = looked_up.map(|address| address.ip()).collect();
    if !is_local(&addresses) {
        let message =
            "localhost is not this machine here: it has an address that is no loopback address; write 127.0.0.1";
        return Err(TargetError::Setup(message.to_owned()));
    }
    Ok(Place::ThisMachine(addresses.into_iter().map(|address| Resolve::new(endpoint, address)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn is_this_machine(endpoint: &str, resolve: &[&str]) -> bool {
        let resolve: Vec<Resolve> = resolve.iter().map(|text| text.parse().unwrap()).collect();
        let place = place(&Endpoint::parse(endpoint).unwrap(), &resolve).await.unwrap();
        matches!(place, Place::ThisMachine(_))
    }

    #[tokio::test]
    async fn loopback_addresses_and_localhost_are_this_machine() {
        for endpoint in
            ["http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:1", "http://localhost:1", "http://LOCALHOST"]
        {
            assert!(is_this_machine(endpoint, &[]).await, "{endpoint}");
        }
        for endpoint in
            ["http://0.0.0.0", "http://[::]", "http://[::ffff:10.0.0.1]", "http://10.0.0.1", "http://localhost.example"]
        {
            assert!(!is_this_machine(endpoint, &[]).await, "{endpoint}");
        }
    }

    #[tokio::test]
    async fn a_name_is_where_it_is_resolved_to() {
        let endpoint = "https://cognito-idp.us-east-1.amazonaws.com";
        let (here, there) =
            ("cognito-idp.us-east-1.amazonaws.com:443:127.0.0.1", "cognito-idp.us-east-1.amazonaws.com:443:192.0.2.1");
        assert!(is_this_machine(endpoint, &[here]).await);
        for resolve in [&[][..], &[there], &[here, there]] {
            assert!(!is_this_machine(endpoint, resolve).await, "{resolve:?}");
        }
        assert!(!is_this_machine("http://localhost", &["localhost:80:192.0.2.1"]).await);
        assert!(!is_this_machine("http://192.0.2.1", &["192.0.2.1:80:127.0.0.1"]).await);
    }
}
