//! Which characters a text has, in 64 bits: what cannot match is passed over without its text being read.
//!
//! Invariant: a text that matches a term has every bit that the term needs.

use crate::query::search::class::lower;
use crate::query::search::class::starts_word;

/// A bit for each letter without case, each letter that begins a word, each digit, other ASCII, and [`GENERAL`].
pub(super) type Mask = u64;

/// Longer texts are matched the general way.
pub(super) const LONGEST: usize = 64;
/// The text is not ASCII, or longer than [`LONGEST`].
pub(super) const GENERAL: Mask = 1 << 63;
const OTHER: Mask = 1 << 62;
const DIGITS: u32 = 26;
const STARTS: u32 = 36;

/// The mask of a text.
pub(super) fn of(text: &str) -> Mask {
    if text.is_ascii() {
        let long = if text.len() > LONGEST { GENERAL } else { 0 };
        return of_ascii(text.as_bytes()) | long;
    }
    let chars: Vec<char> = text.chars().collect();
    let bits = chars.iter().enumerate().map(|(at, c)| {
        let c = lower(*c);
        bit(c) | if starts_word(&chars, at) { start(c) } else { 0 }
    });
    bits.fold(GENERAL, |mask, bit| mask | bit)
}

fn of_ascii(text: &[u8]) -> Mask {
    let mut mask = 0;
    let mut before = b' ';
    for here in text {
        let c = char::from(here.to_ascii_lowercase());
        let new_word = !before.is_ascii_alphanumeric() || before.is_ascii_lowercase() && here.is_ascii_uppercase();
        mask |= bit(c) | if new_word { start(c) } else { 0 };
        before = *here;
    }
    mask
}

/// What a text needs that has this character, given without case.
pub(super) fn bit(c: char) -> Mask {
    match c {
        'a'..='z' => 1 << (u32::from(c) - u32::from('a')),
        '0'..='9' => 1 << (u32::from(c) - u32::from('0') + DIGITS),
        _ if c.is_ascii() => OTHER,
        _ => GENERAL,
    }
}

/// What a text needs in which this character, given without case, begins a word. None for anything but a letter of ASCII.
pub(super) fn start(c: char) -> Mask {
    if c.is_ascii_lowercase() { 1 << (u32::from(c) - u32::from('a') + STARTS) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn both_ways_to_a_mask_agree(text in "[a-cA-C0-2 ./_-]{0,12}") {
            let chars: Vec<char> = text.chars().collect();
            let slow = chars.iter().enumerate().fold(0, |mask, (at, c)| {
                mask | bit(lower(*c)) | if starts_word(&chars, at) { start(lower(*c)) } else { 0 }
            });
            prop_assert_eq!(of(&text), slow);
        }
    }
}
