//! Points in time and spans between them, to the second and in UTC, without a clock.

use crate::model::date::Day;
use std::fmt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const DAY: i64 = 24 * 60 * 60;

/// A second of the years 0 to 9999, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Moment(OffsetDateTime);

impl Moment {
    /// The beginning of 1970.
    pub(crate) const BEGIN: Self = Self(OffsetDateTime::UNIX_EPOCH);

    /// Reads RFC 3339 with any offset, `2026-03-02T04:11:08+01:00`; parts of a second are cut off. `None` for anything else.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let read = OffsetDateTime::parse(written.trim(), &Rfc3339).ok()?;
        Self::at(read.unix_timestamp())
    }

    /// The second that is so many after the beginning of 1970; `None` outside the years 0 to 9999.
    pub(crate) fn at(seconds: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp(seconds).ok().filter(|read| read.year() >= 0).map(Self)
    }

    /// Seconds since the beginning of 1970; negative before.
    pub(crate) fn seconds(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// So many seconds later; the last moment there is, where that is past it.
    pub(crate) fn after(self, seconds: i64) -> Self {
        Self::at(self.0.unix_timestamp().saturating_add(seconds)).unwrap_or_else(Self::last)
    }

    fn last() -> Self {
        Self::at(LAST).unwrap_or(Self::BEGIN)
    }

    /// The first moment of the day after.
    fn end_of(day: Day) -> Option<Self> {
        Some(Self::parse(&format!("{day}T00:00:00Z"))?.after(DAY))
    }

    /// `03:14` on `today`, `03-09 03:14` in its year, else `2026-03-09 03:14`; always UTC.
    pub(crate) fn brief(self, today: Self) -> String {
        let (own, today) = (self.0, today.0);
        let clock = format!("{:02}:{:02}", own.hour(), own.minute());
        let day = format!("{:02}-{:02}", u8::from(own.month()), own.day());
        if own.date() == today.date() {
            clock
        } else if own.year() == today.year() {
            format!("{day} {clock}")
        } else {
            format!("{:04}-{day} {clock}", own.year())
        }
    }
}

/// The last second of 9999, from the beginning of 1970.
const LAST: i64 = 253_402_300_799;

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (own, month) = (self.0, u8::from(self.0.month()));
        let (year, day, hour, minute, second) = (own.year(), own.day(), own.hour(), own.minute(), own.second());
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

/// When something ends: a whole day that still belongs to it, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum End {
    Day(Day),
    Moment(Moment),
}

impl End {
    /// Reads `2026-03-09` or RFC 3339; `None` for anything else.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        Moment::parse(written).map(Self::Moment).or_else(|| Day::parse(written).filter(|_| written.len() == 10).map(Self::Day))
    }

    /// The first moment that does not belong to it any more.
    pub(crate) fn moment(self) -> Moment {
        match self {
            Self::Day(day) => Moment::end_of(day).unwrap_or_else(Moment::last),
            Self::Moment(moment) => moment,
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Moment(moment) => moment.fmt(f),
        }
    }
}

/// Reads a span such as `15m`, `24h`, `7d`, `90s` or `2w`, in seconds; `None` for anything else.
pub(crate) fn span(written: &str) -> Option<i64> {
    let written = written.trim();
    let (number, unit) = written.split_at_checked(written.len().checked_sub(1)?)?;
    let unit = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return None,
    };
    let number: u32 = number.trim_end().parse().ok().filter(|_| !number.starts_with('+'))?;
    Some(i64::from(number) * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_with_any_offset_and_written_in_utc() {
        for (written, shown) in [
            ("2026-03-02T03:11:08Z", Some("2026-03-02T03:11:08Z")),
            ("2026-03-02T04:11:08+01:00", Some("2026-03-02T03:11:08Z")),
            ("2026-03-01T22:11:08.999-05:00", Some("2026-03-02T03:11:08Z")),
            ("2024-02-29t00:00:00z", Some("2024-02-29T00:00:00Z")),
            ("2016-12-31T23:59:60Z", Some("2016-12-31T23:59:59Z")),
            ("2025-02-29T00:00:00Z", None),
            ("2026-03-02T03:11:08", None),
            ("2026-03-02", None),
            ("", None),
        ] {
            assert_eq!(Moment::parse(written).map(|m| m.to_string()).as_deref(), shown, "{written:?}");
        }
        assert!(Moment::parse("2026-03-02T04:00:00+01:00") < Moment::parse("2026-03-02T03:00:01Z"));
        assert_eq!(Moment::last().after(i64::MAX).to_string(), "9999-12-31T23:59:59Z");
    }

    #[test]
    fn a_day_ends_when_the_next_begins() {
        for (written, end) in [
            ("2026-03-09", Some("2026-03-10T00:00:00Z")),
            ("2026-12-31", Some("2027-01-01T00:00:00Z")),
            ("2026-03-09T12:00:00Z", Some("2026-03-09T12:00:00Z")),
            ("2026-03-09 12:00", None),
            ("9999-12-31", Some("9999-12-31T23:59:59Z")),
            ("soon", None),
        ] {
            assert_eq!(End::parse(written).map(|end| end.moment().to_string()).as_deref(), end, "{written:?}");
        }
    }

    #[test]
    fn a_moment_is_shown_as_short_as_today_allows() {
        let today = Moment::parse("2026-03-02T03:00:00Z").unwrap();
        for (written, shown) in [
            ("2026-03-02T03:14:30Z", "03:14"),
            ("2026-03-09T03:14:30Z", "03-09 03:14"),
            ("2027-01-02T03:14:30Z", "2027-01-02 03:14"),
        ] {
            assert_eq!(Moment::parse(written).unwrap().brief(today), shown);
        }
    }

    #[test]
    fn spans_have_a_number_and_a_unit() {
        for (written, seconds) in [
            ("15m", Some(900)),
            ("24h", Some(86_400)),
            ("7d", Some(604_800)),
            ("1 h", Some(3_600)),
            ("0s", Some(0)),
            ("", None),
            ("h", None),
            ("-1h", None),
            ("+1h", None),
            ("1y", None),
            ("é", None),
        ] {
            assert_eq!(span(written), seconds, "{written:?}");
        }
    }
}
