//! Digests: an algorithm and its bytes, or nothing.

use crate::pack::words;
use std::fmt;

/// A digest algorithm, strongest first: the order in which identity is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Algorithm {
    Sha256,
    Sha512,
    Sha384,
    Sha3_512,
    Sha3_384,
    Sha3_256,
    Blake3,
    Blake2b512,
    Blake2b384,
    Blake2b256,
    Sha224,
    Sha1,
    Md5,
}

impl Algorithm {
    /// All algorithms, strongest first.
    pub(crate) const ALL: [Self; 13] = [
        Self::Sha256,
        Self::Sha512,
        Self::Sha384,
        Self::Sha3_512,
        Self::Sha3_384,
        Self::Sha3_256,
        Self::Blake3,
        Self::Blake2b512,
        Self::Blake2b384,
        Self::Blake2b256,
        Self::Sha224,
        Self::Sha1,
        Self::Md5,
    ];

    /// The name in front of the colon: `sha256`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
            Self::Sha384 => "sha384",
            Self::Sha3_512 => "sha3-512",
            Self::Sha3_384 => "sha3-384",
            Self::Sha3_256 => "sha3-256",
            Self::Blake3 => "blake3",
            Self::Blake2b512 => "blake2b-512",
            Self::Blake2b384 => "blake2b-384",
            Self::Blake2b256 => "blake2b-256",
            Self::Sha224 => "sha224",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
        }
    }

    /// Length of a digest in bytes.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Sha512 | Self::Sha3_512 | Self::Blake2b512 => 64,
            Self::Sha384 | Self::Sha3_384 | Self::Blake2b384 => 48,
            Self::Sha256 | Self::Sha3_256 | Self::Blake3 | Self::Blake2b256 => 32,
            Self::Sha224 => 28,
            Self::Sha1 => 20,
            Self::Md5 => 16,
        }
    }

    /// Any usual spelling: `SHA-256`, `sha_256`, `SHA256`, `blake2b256`.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let written = || written.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        Self::ALL.into_iter().find(|a| a.word().bytes().filter(u8::is_ascii_alphanumeric).eq(written()))
    }
}

/// A valid digest. Absent, empty, cut short, all-zero, of the empty file and placeholders are all "no digest": `None`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Digest {
    algorithm: Algorithm,
    /// Zero behind the algorithm's length.
    bytes: [u8; LONGEST],
}

/// Bytes of the longest digest.
const LONGEST: usize = 64;

/// The value of each hex digit, [`NO_DIGIT`] for every other byte.
const HEX: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut n = 0_u8;
    while n < 16 {
        let digit = if n < 10 { b'0' + n } else { b'a' + n - 10 };
        values[digit as usize] = n;
        values[digit.to_ascii_uppercase() as usize] = n;
        n += 1;
    }
    values
};
const NO_DIGIT: u8 = 0xff;

impl Digest {
    /// Reads `sha256:<64 hex>` in any usual spelling and case; without a prefix only 64 hex digits, taken as SHA-256.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let written = written.trim();
        match written.split_once([':', '=']) {
            Some((algorithm, hex)) => Self::of(algorithm, hex),
            None if written.len() == 64 => Self::of("sha256", written),
            None => written
                .split_once('-')
                .filter(|(algorithm, hex)| hex.len() >= 32 && Algorithm::parse(algorithm).is_some())
                .and_then(|(algorithm, hex)| Self::of(algorithm, hex)),
        }
    }

    /// A digest from the two fields in which CycloneDX (`alg`, `content`) and SPDX state one.
    pub(crate) fn of(algorithm: &str, hex: &str) -> Option<Self> {
        let algorithm = Algorithm::parse(algorithm)?;
        let hex = hex.trim().as_bytes();
        if hex.len() != algorithm.bytes() * 2 {
            return None;
        }
        let mut digest = Self { algorithm, bytes: [0; LONGEST] };
        let mut wrong = 0;
        for (byte, [high, low]) in digest.bytes.iter_mut().zip(hex.as_chunks().0) {
            let (high, low) = (HEX[usize::from(*high)], HEX[usize::from(*low)]);
            wrong |= high | low;
            *byte = (high << 4) | (low & 15);
        }
        (wrong != NO_DIGIT && !digest.says_nothing()).then_some(digest)
    }

    /// A digest from what [`Digest::algorithm`] and [`Digest::bytes`] gave.
    pub(crate) fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let mut digest = Self { algorithm, bytes: [0; LONGEST] };
        digest.bytes.iter_mut().zip(bytes).for_each(|(byte, given)| *byte = *given);
        digest
    }

    /// The algorithm.
    pub(crate) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The bytes, as many as the algorithm makes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.algorithm.bytes()).unwrap_or(&self.bytes)
    }

    /// Lower-case hex digits without the algorithm.
    pub(crate) fn hex(&self) -> String {
        let bytes = self.bytes();
        bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
            for nibble in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            out
        })
    }

    /// All bytes equal (`0000...`), or the digest of no bytes at all: many files "have" these, so they identify none.
    fn says_nothing(&self) -> bool {
        let first = self.bytes[0];
        self.bytes().iter().all(|byte| *byte == first)
            || (matches!(first, 0xe3 | 0xda | 0xd4 | 0xcf | 0x38) && OF_NO_BYTES.contains(&self.hex().as_str()))
    }
}

/// The digests of an empty file.
const OF_NO_BYTES: [&str; 5] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "d41d8cd98f00b204e9800998ecf8427e",
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
];

impl std::hash::Hash for Digest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bytes().hash(state);
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

words!(Algorithm, Algorithm::ALL);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.word(), self.hex())
    }
}

/// Whether `written` is a digest's shape that says nothing: empty, a word for unknown, dots, a bare prefix.
pub(crate) fn is_placeholder(written: &str) -> bool {
    let value = written.trim();
    let value = value.split_once(':').filter(|(a, _)| Algorithm::parse(a).is_some()).map_or(value, |(_, hex)| hex.trim());
    value.is_empty()
        || value.chars().all(|c| matches!(c, '.' | '…' | '0' | '-' | '?' | 'x' | 'X'))
        || ["tbd", "todo", "unknown", "none", "null", "n/a", "na"].contains(&value.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_digest_counts() {
        let hex = "5f1c09a7be22d3aa5f1c09a7be22d3aa5f1c09a7be22d3aa5f1c09a7be77d81e";
        let full = format!("sha256:{hex}");
        for (written, counts, why) in [
            (full.clone(), true, "sha256: and 64 hex digits"),
            (format!("SHA-256:{}", hex.to_uppercase()), true, "any usual spelling, any case"),
            (hex.to_owned(), true, "64 hex digits alone"),
            (format!("sha256-{hex}"), true, "the spelling of subresource integrity and OCI file names"),
            (String::new(), false, "empty means absent"),
            ("sha256:...".to_owned(), false, "placeholder"),
            (full.chars().take(70).collect(), false, "cut short"),
            (format!("sha256:{}", "0".repeat(64)), false, "all zero"),
            (format!("sha999:{hex}"), false, "no such algorithm"),
            (
                "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned(),
                false,
                "the digest of an empty file",
            ),
            ("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709".to_owned(), false, "the same, of another algorithm"),
            (format!("sha256:{}", hex.replace('5', "g")), false, "a letter that is no digit"),
            (format!("sha256:{}", hex.replace("5f", "é")), false, "no ASCII"),
            (format!("sha1:{}", hex.get(..40).unwrap()), true, "a shorter digest"),
            (format!("sha512:{hex}{hex}"), true, "a longer digest"),
        ] {
            assert_eq!(Digest::parse(&written).is_some(), counts, "{why}: {written:?}");
        }
        assert_eq!(Digest::parse(&full).unwrap().to_string(), full);
    }

    #[test]
    fn placeholders_are_told_from_damage() {
        for (written, placeholder) in
            [("sha256:...", true), ("", true), ("TBD", true), ("sha256:a3f2b1c...", false), ("n/a", true)]
        {
            assert_eq!(is_placeholder(written), placeholder, "{written:?}");
        }
    }
}
