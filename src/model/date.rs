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
