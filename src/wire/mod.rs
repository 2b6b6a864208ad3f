//! AWS JSON 1.1 on the wire: requests as bytes, responses kept whole, error codes, and the class of any answer.

mod chunked;
mod classify;
mod dialect;
mod error_code;
mod exchange;
pub mod json;
mod read;
mod request;
mod response;
mod text;

pub(crate) use chunked::decode as decode_chunked;
pub(crate) use classify::beginning;
pub use classify::{Class, Classification, NotAwsJson, classify};
pub use dialect::{Dialect, Outcome, Reading, readings};
pub use error_code::{ErrorCode, HEADER as ERROR_HEADER, Place, error_codes, sanitize};
pub(crate) use exchange::millis;
pub use exchange::{Exchange, TransportError, TransportErrorKind};
pub use read::read_response;
pub(crate) use read::{MAX_HEAD, body_length};
pub use request::{Framing, Request};
pub use response::{ParseError, Response};
pub(crate) use text::{Bytes, cut, is_invisible};
pub use text::{mask_tokens, printable};
