//! A public key as SSH writes it, and checking a signature with it.

use crate::trust::cipher;
use crate::trust::cipher::Mark;
use crate::trust::cipher::Numbers;
use crate::trust::wire;
use crate::trust::wire::Parts;
use sha2::Digest as _;

/// A public key: the bytes that SSH sends and hashes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Key(Vec<u8>);

/// Why a signature was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is no signature of the bytes; why.
    Wrong(&'static str),
    /// It is of a sort that is not checked here; why, safe to print.
    NotChecked(String),
}

impl Key {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// Reads the base64 of a key whose sort is given beside it, as `allowed_signers` and `.pub` files have both; `None` where
    /// they do not agree.
    pub(super) fn parse(sort: &str, digits: &str) -> Option<Self> {
        let key = Self(wire::decode(digits)?);
        (key.sort() == Some(sort)).then_some(key)
    }

    /// Reads the text of a `.pub` file.
    pub(crate) fn public(text: &str) -> Option<Self> {
        let mut words = text.split_whitespace();
        Self::parse(words.next()?, words.next()?)
    }

    /// The word for its sort, `ssh-ed25519`.
    pub(crate) fn sort(&self) -> Option<&str> {
        Parts::new(&self.0).text()
    }

    /// The bytes that SSH sends.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As `ssh-keygen -l` prints it: `SHA256:` and base64 without padding.
    pub(crate) fn fingerprint(&self) -> String {
        format!("SHA256:{}", wire::encode(&sha2::Sha256::digest(&self.0)).trim_end_matches('='))
    }

    /// Whether `signature`, as SSH writes one, is of `message` by this key.
    pub(super) fn check(&self, signature: &[u8], message: &[u8]) -> Result<(), Refused> {
        let numbers = self.numbers().ok_or_else(|| {
            let sort = crate::text::Untrusted::new(self.sort().unwrap_or("?")).show().into_string();
            Refused::NotChecked(format!("a key of the sort `{sort}` is not checked here"))
        })?;
        let mark = self.mark(signature).ok_or(Refused::Wrong("it is damaged, or of another sort than its key"))?;
        let mut pair = Parts::new(mark.1);
        let mark = match mark.0 {
            "ssh-ed25519" => Mark::Ed25519(mark.1),
            "rsa-sha2-256" => Mark::RsaSha256(mark.1),
            "rsa-sha2-512" => Mark::RsaSha512(mark.1),
            _ => match (pair.integer(), pair.integer(), pair.is_empty()) {
                (Some(r), Some(s), true) => Mark::Ecdsa { r, s },
                _ => return Err(Refused::Wrong("it is damaged")),
            },
        };
        cipher::verify(numbers, mark, message)
    }

    /// The sort and the bytes of a signature that this key may have made.
    fn mark<'a>(&self, signature: &'a [u8]) -> Option<(&'a str, &'a [u8])> {
        let mut parts = Parts::new(signature);
        let (sort, bytes) = (parts.text()?, parts.string()?);
        let fits = match self.sort()? {
            // SHA-1, which `ssh-rsa` means in a signature, is none any more.
            "ssh-rsa" => matches!(sort, "rsa-sha2-256" | "rsa-sha2-512"),
            own => own == sort,
        };
        (fits && parts.is_empty()).then_some((sort, bytes))
    }

    fn numbers(&self) -> Option<Numbers<'_>> {
        let mut parts = Parts::new(&self.0);
        let numbers = match parts.text()? {
            "ssh-ed25519" => Numbers::Ed25519(parts.string()?),
            "ssh-rsa" => Numbers::Rsa { e: parts.integer()?, n: parts.integer()? },
            "ecdsa-sha2-nistp256" if parts.text()? == "nistp256" => Numbers::P256(parts.string()?),
            "ecdsa-sha2-nistp384" if parts.text()? == "nistp384" => Numbers::P384(parts.string()?),
            _ => return None,
        };
        parts.is_empty().then_some(numbers)
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.fingerprint())
    }
}
