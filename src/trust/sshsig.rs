//! A signature in OpenSSH's form (`PROTOCOL.sshsig` of OpenSSH): what `ssh-keygen -Y sign` writes.

use crate::trust::key::Key;
use crate::trust::key::Refused;
use crate::trust::wire;
use crate::trust::wire::Parts;
use sha2::Digest as _;

const MAGIC: &[u8] = b"SSHSIG";
const VERSION: u32 = 1;
const ARMOR: &str = "SSH SIGNATURE";

/// A signature that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    /// Of whoever made it, as it says itself: worth nothing until an owner names it.
    pub key: Key,
    pub namespace: String,
    hash: Hash,
    mark: Vec<u8>,
}

/// How the message was hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Sha512,
}

impl Hash {
    fn word(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => sha2::Sha256::digest(message).to_vec(),
            Self::Sha512 => sha2::Sha512::digest(message).to_vec(),
        }
    }
}

impl Signature {
    /// Reads the text of a `.sig` file.
    pub(crate) fn armored(text: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(text).ok();
        let bytes = text.and_then(|text| wire::unarmor(text, ARMOR)).ok_or("it is no text of an SSH signature")?;
        Self::read(&bytes)
    }

    /// Reads one that is base64 in a single line.
    pub(crate) fn line(digits: &str) -> Result<Self, &'static str> {
        Self::read(&wire::decode(digits).ok_or("it is no base64")?)
    }

    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut parts = Parts::new(bytes);
        if parts.take(MAGIC.len()) != Some(MAGIC) || parts.number() != Some(VERSION) {
            return Err("it is no SSH signature of version 1");
        }
        let mut read = || Some((parts.string()?, parts.text()?, parts.string()?, parts.string()?, parts.string()?));
        let (key, namespace, reserved, hash, mark) = read().ok_or("it is cut off")?;
        let hash = match hash {
            b"sha256" => Hash::Sha256,
            b"sha512" => Hash::Sha512,
            _ => return Err("it was made with another hash than SHA-256 or SHA-512"),
        };
        if !parts.is_empty() || !reserved.is_empty() || namespace.is_empty() {
            return Err("it has parts that no such signature has");
        }
        Ok(Self { key: Key::new(key), namespace: namespace.to_owned(), hash, mark: mark.to_vec() })
    }

    /// Whether it is one of the message, by the key that it names.
    pub(super) fn check(&self, message: &[u8]) -> Result<(), Refused> {
        self.key.check(&self.mark, &signed(&self.namespace, self.hash, message))
    }

    /// Makes one: `sign` is told what to sign, and gives it as SSH writes a signature.
    pub(crate) fn make<E>(
        key: &Key,
        namespace: &str,
        message: &[u8],
        sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, E>,
    ) -> Result<Self, E> {
        let hash = Hash::Sha512;
        let mark = sign(&signed(namespace, hash, message))?;
        Ok(Self { key: key.clone(), namespace: namespace.to_owned(), hash, mark })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend(VERSION.to_be_bytes());
        for part in [self.key.bytes(), self.namespace.as_bytes(), b"", self.hash.word().as_bytes(), &self.mark] {
            wire::put(&mut out, part);
        }
        out
    }

    /// As base64 in a single line.
    pub(crate) fn to_line(&self) -> String {
        wire::encode(&self.bytes())
    }

    /// As the text of a `.sig` file.
    pub(crate) fn to_armored(&self) -> String {
        wire::armor(&self.bytes(), ARMOR)
    }
}

/// What is signed: never the message itself, so that no signature for one purpose is good for another.
fn signed(namespace: &str, hash: Hash, message: &[u8]) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    for part in [namespace.as_bytes(), b"", hash.word().as_bytes(), &hash.of(message)] {
        wire::put(&mut out, part);
    }
    out
}
