//! Calendar days, without a clock.

use crate::pack::Word;
use std::fmt;

/// A day as `YYYY-MM-DD`; ordered, and small enough to stand in every mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// Reads the day of `2026-02-14`, `2026-02-14T10:30:00Z` or `2026-02-14 10:30`; `None` for anything else.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let date = written.trim().split(['T', 't', ' ']).next()?;
        let mut parts = date.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
            return None;
        }
        let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        let leap = u16::is_multiple_of(year, 4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u8::from(leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    pub(crate) fn number(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day of a number; one outside the years 0 to 9999 is the nearest that is inside.
    pub(crate) fn of_number(number: i64) -> Self {
        let number = number.clamp(-719_468, 2_932_896) + 719_468;
        let (era, of_era) = (number.div_euclid(146_097), number.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let part = |n: i64| u16::try_from(n).unwrap_or_default();
        let year = part(year + era * 400 + i64::from(month <= 2));
        Self { year, month: part(month) as u8, day: part(of_year - (153 * shifted + 2) / 5 + 1) as u8 }
    }
}

impl Word for Day {
    fn to_word(&self) -> u32 {
        u32::from(self.year) << 16 | u32::from(self.month) << 8 | u32::from(self.day)
    }

    fn from_word(word: u32) -> Option<Self> {
        let [high, low, month, day] = word.to_be_bytes();
        Some(Self { year: u16::from_be_bytes([high, low]), month, day })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        for (written, number) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-03-02", 20_514), ("9999-12-31", 2_932_896)] {
            assert_eq!(Day::parse(written).map(Day::number), Some(number), "{written}");
        }
        for number in (-719_000..2_932_896).step_by(101) {
            let day = Day::of_number(number);
            assert_eq!((day.number(), Day::parse(&day.to_string())), (number, Some(day)));
        }
    }

    #[test]
    fn days_are_checked_and_ordered() {
        for (written, shown) in [
            ("2026-02-14", Some("2026-02-14")),
            ("2026-02-14T10:30:00Z", Some("2026-02-14")),
            ("2024-02-29", Some("2024-02-29")),
            ("2025-02-29", None),
            ("14.02.2026", None),
            ("", None),
        ] {
            assert_eq!(Day::parse(written).map(|d| d.to_string()).as_deref(), shown, "{written:?}");
        }
        assert!(Day::parse("2025-12-31") < Day::parse("2026-01-01"));
    }
}
