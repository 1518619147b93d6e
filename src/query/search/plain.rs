//! A short ASCII text as four vectors: where a character occurs comes out as one bit for each place.

use crate::query::search::mask::LONGEST;
use wide::u8x16;

/// Bytes after the last text of a buffer, so that 64 can be read from the start of any.
pub(super) const PADDING: [u8; LONGEST] = [0; LONGEST];

/// A text of at most 64 bytes.
#[derive(Debug)]
pub(super) struct Plain {
    chunks: [u8x16; 4],
    /// A bit for each byte that there is.
    valid: u64,
}

/// A character that is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Letter {
    /// Bits set in both before comparing, such as the one that parts capitals from small letters.
    fold: u8x16,
    byte: u8x16,
}

impl Letter {
    /// A byte of ASCII; where it is a small letter and `folds`, its capital is met too.
    pub(super) fn new(byte: u8, folds: bool) -> Self {
        Self::masked(if folds && byte.is_ascii_lowercase() { 0x20 } else { 0 }, byte)
    }

    /// A byte of which the bits of `any` may be either way.
    pub(super) fn masked(any: u8, byte: u8) -> Self {
        Self { fold: u8x16::splat(any), byte: u8x16::splat(byte | any) }
    }
}

impl Plain {
    #[inline]
    /// The text of `len` bytes at the start of `bytes`, which go on for [`LONGEST`] bytes.
    pub(super) fn read(bytes: &[u8], len: usize) -> Option<Self> {
        let ([a, b, c, d], _) = bytes.first_chunk::<LONGEST>()?.as_chunks::<16>() else { return None };
        let chunks = [u8x16::new(*a), u8x16::new(*b), u8x16::new(*c), u8x16::new(*d)];
        let valid = u64::MAX.checked_shr(64 - u32::try_from(len).unwrap_or(64)).unwrap_or(0);
        Some(Self { chunks, valid })
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.valid.count_ones() as usize
    }

    /// A bit for each byte of the text.
    pub(super) fn valid(&self) -> u64 {
        self.valid
    }

    /// Where a character occurs.
    #[inline]
    pub(super) fn places(&self, letter: Letter) -> u64 {
        gather(self.chunks.map(|chunk| (chunk | letter.fold).cmp_eq(letter.byte))) & self.valid
    }

    /// Where words begin: after a separator, a capital after a small letter, a digit after anything else.
    pub(super) fn word_starts(&self) -> u64 {
        let within = |first: u8, last: u8| {
            let (first, last) = (u8x16::splat(first), u8x16::splat(last));
            gather(self.chunks.map(|chunk| chunk.max(first).min(last).cmp_eq(chunk)))
        };
        let (small, capital, digit) = (within(b'a', b'z'), within(b'A', b'Z'), within(b'0', b'9'));
        let after = |places: u64| places << 1;
        let separated = !after(small | capital | digit);
        (separated | after(small) & capital | !after(digit) & digit) & self.valid
    }
}

fn gather(equal: [u8x16; 4]) -> u64 {
    let bits = equal.map(|chunk| u64::from(chunk.move_mask().unsigned_abs()));
    bits[0] | bits[1] << 16 | bits[2] << 32 | bits[3] << 48
}
