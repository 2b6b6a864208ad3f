//! An RSA public key in the forms in which a server may hold it.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::Value;

/// An RSA public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    /// The modulus, big-endian.
    pub modulus: Vec<u8>,
    /// The exponent, big-endian.
    pub exponent: Vec<u8>,
}

impl PublicKey {
    /// The key of one entry of a JSON Web Key Set (RFC 7518, 6.3.1); `None` where that is no RSA key.
    #[must_use]
    pub fn of_jwk(jwk: &Value) -> Option<PublicKey> {
        let member = |name: &str| BASE64URL_NOPAD.decode(jwk.get(name)?.as_str()?.as_bytes()).ok();
        Some(PublicKey { modulus: member("n")?, exponent: member("e")? })
    }

    /// As DER, `SubjectPublicKeyInfo` (RFC 5280, 4.1).
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        // rsaEncryption, 1.2.840.113549.1.1.1, with its NULL parameter (RFC 3279, 2.3.1).
        const ALGORITHM: &[u8] =
            &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
        let key = element(
            0x30,
            &[element(0x02, &unsigned(&self.modulus)), element(0x02, &unsigned(&self.exponent))].concat(),
        );
        let bits = element(0x03, &[&[0], key.as_slice()].concat());
        element(0x30, &[ALGORITHM, &bits].concat())
    }

    /// As PEM, `PUBLIC KEY` (RFC 7468, 13): what a forger takes for an HS256 secret.
    #[must_use]
    pub fn pem(&self) -> String {
        let base64 = BASE64.encode(&self.der());
        let lines: Vec<String> =
            base64.as_bytes().chunks(64).map(|l| String::from_utf8_lossy(l).into_owned()).collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }
}

/// One DER element (X.690, 8.1 and 10.1).
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length = &length[length.iter().take_while(|&&b| b == 0).count()..];
    let mut element = vec![tag];
    match length {
        [] => element.push(0),
        [short @ 0..0x80] => element.push(*short),
        // A length has at most eight bytes.
        long => {
            element.push(0x80 | long.len() as u8);
            element.extend(long);
        }
    }
    element.extend(content);
    element
}

/// A positive integer's content octets: a zero goes before a set high bit (X.690, 8.3).
fn unsigned(number: &[u8]) -> Vec<u8> {
    let sign = number.first().is_some_and(|&b| b >= 0x80);
    if sign { [&[0], number].concat() } else { number.to_vec() }
}
