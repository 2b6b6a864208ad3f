//! Request bodies: the reader of JSON objects, held to two others. The body is `cogspec::fuzz_targets::request_body`, so that
//! `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::request_body(data));
