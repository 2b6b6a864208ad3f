//! Servers that mean harm, on real sockets: each gets its verdict in bounded time and memory, the cases that it leaves alone
//! are judged as ever, and there is a report at the end.

#![expect(clippy::unwrap_used, reason = "a test may end in a panic")]

mod act;
mod proxy;
mod run;
mod table;

mod body;
mod chunks;
mod death;
mod greeting;
mod head;
mod lengths;
mod memory;
mod protocol;
mod redirect;
mod stages;
mod text;
mod tls;
