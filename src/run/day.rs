//! Days in UTC, as people and baselines write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The last second of the year 9999: later ones have no such form.
const LAST: u64 = 253_402_300_799;

/// The day of a time in seconds of the Unix epoch, `YYYY-MM-DD`.
pub(crate) fn day(seconds: u64) -> String {
    let time = UNIX_EPOCH + Duration::from_secs(seconds.min(LAST));
    let mut day = humantime::format_rfc3339_seconds(time).to_string();
    day.truncate("2026-01-01".len());
    day
}

/// The current day.
pub(crate) fn today() -> String {
    // A clock that stands before 1970 is taken for one that stands there.
    day(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs())
}

#[test]
fn a_day_is_that_in_utc() {
    for (seconds, wanted) in
        [(0, "1970-01-01"), (951_868_799, "2000-02-29"), (951_868_800, "2000-03-01"), (u64::MAX, "9999-12-31")]
    {
        assert_eq!(day(seconds), wanted);
    }
}
