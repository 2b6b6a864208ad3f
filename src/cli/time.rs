//! Times for people.

/// A time in UTC (RFC 3339), with how far it is from `now`: `2027-01-15T08:00:00Z, 5 min ago`. Before a time that is past
/// goes `past`, as in `expired 5 min ago`. Both are in seconds since the epoch.
pub(super) fn describe(time: i64, now: i64, past: &str) -> String {
    let distance = i128::from(time) - i128::from(now);
    let amount = match distance.unsigned_abs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds / 60),
        seconds @ 7200..172_800 => format!("{} h", seconds / 3600),
        seconds => format!("{} days", seconds / 86_400),
    };
    let relative = match (distance, past) {
        (1.., _) => format!("in {amount}"),
        (_, "") => format!("{amount} ago"),
        (_, past) => format!("{past} {amount} ago"),
    };
    match utc(time) {
        Some(utc) => format!("{utc}, {relative}"),
        None => relative,
    }
}

/// A time in UTC; `None` outside the years 1 to 9999, which RFC 3339 does not write.
fn utc(time: i64) -> Option<String> {
    let (days, seconds) = (time.div_euclid(86_400), time.rem_euclid(86_400));
    // Days since 1970-01-01 to a date of the Gregorian calendar, in eras of 400 years that begin on 1 March
    // (Howard Hinnant, chrono-compatible low-level date algorithms, civil_from_days).
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    (1..=9999).contains(&year).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        for (time, text) in [
            (0, Some("1970-01-01T00:00:00Z")),
            (951_782_400, Some("2000-02-29T00:00:00Z")),
            (1_800_000_000, Some("2027-01-15T08:00:00Z")),
            (4_107_542_399, Some("2100-02-28T23:59:59Z")),
            (4_107_542_400, Some("2100-03-01T00:00:00Z")),
            (-1, Some("1969-12-31T23:59:59Z")),
            (253_402_300_799, Some("9999-12-31T23:59:59Z")),
            (253_402_300_800, None),
            (i64::MAX, None),
            (i64::MIN, None),
        ] {
            assert_eq!(utc(time).as_deref(), text, "{time}");
        }
    }

    #[test]
    fn distances_are_told_in_one_unit() {
        assert_eq!(describe(1000, 1300, "expired"), "1970-01-01T00:16:40Z, expired 5 min ago");
        assert_eq!(describe(1000, 1000, ""), "1970-01-01T00:16:40Z, 0 s ago");
        assert_eq!(describe(1000, 0, "expired"), "1970-01-01T00:16:40Z, in 16 min");
        assert!(describe(i64::MAX, i64::MIN, "").starts_with("in "));
    }
}
