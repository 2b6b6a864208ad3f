//! Steps of users with passkeys at the embedded emulator, in process: a model says what each must get. The body is
//! `cogspec::fuzz_targets::ceremony`, so that `cargo test` replays the corpus through the same code.

#![no_main]

#[path = "../asan.rs"]
mod asan;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cogspec::fuzz_targets::ceremony(data));
