//! What AddressSanitizer does unless `ASAN_OPTIONS` says otherwise. One check is off: use of a local after its function has
//! returned, for which each frame is allocated on the heap. Safe Rust cannot do that, and this project forbids any other; in
//! `ring` and `std` below it, it would go unseen. Without it four targets of five made 16 to 35 % more runs a second, and one as
//! many. `ASAN_OPTIONS=detect_stack_use_after_return=1` turns it on.
//!
//! Freed memory is kept from being used again up to 1 MB, which is more than an ordinary input frees, not 256: so it stays in
//! the processor's cache. Where memory was allocated is told with the nearest caller, not 30: the unwinding costs more than
//! the allocation. New memory is not filled with a pattern. For whole traces run the input once more with
//! `ASAN_OPTIONS=malloc_context_size=30`.

use std::ffi::{CStr, c_char};

const OPTIONS: &CStr = c"detect_stack_use_after_return=0:quarantine_size_mb=1:thread_local_quarantine_size_kb=32:\
    malloc_context_size=1:max_malloc_fill_size=0";

#[unsafe(no_mangle)]
extern "C" fn __asan_default_options() -> *const c_char {
    OPTIONS.as_ptr()
}
