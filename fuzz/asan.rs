//! What AddressSanitizer does unless `ASAN_OPTIONS` says otherwise. No check is off.
//!
//! Freed memory is kept from being used again up to 4 MB, which is more than any input frees, not 256: so it stays in the
//! processor's cache. Where memory was allocated is told with the two nearest callers, not 30: the unwinding costs more than
//! the allocation. For all of them run the input once more with `ASAN_OPTIONS=malloc_context_size=30`.

use std::ffi::{CStr, c_char};

const OPTIONS: &CStr = c"quarantine_size_mb=4:malloc_context_size=2";

#[unsafe(no_mangle)]
extern "C" fn __asan_default_options() -> *const c_char {
    OPTIONS.as_ptr()
}
