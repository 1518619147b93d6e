//! A private key file of OpenSSH, without a passphrase, and what can be known of one that has it.
//!
//! Absent on purpose: passphrases; whoever has one has ssh-agent.

use crate::trust::cipher;
use crate::trust::key::Key;
use crate::trust::wire;
use crate::trust::wire::Parts;

const MAGIC: &[u8] = b"openssh-key-v1\0";

/// What a key file holds.
pub(crate) enum KeyFile {
    /// A key that can sign as it is.
    Ready(Private),
    /// The public key of one that only its agent can use; why.
    ThroughAgent(Key, &'static str),
}

/// A private key.
pub(crate) struct Private {
    pub key: Key,
    seed: Vec<u8>,
}

impl KeyFile {
    /// Reads a private key file or a `.pub` file. Fails with the reason, safe to print.
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        if let Some(key) = Key::public(text) {
            return Ok(Self::ThroughAgent(key, "it is a public key"));
        }
        let bytes = wire::unarmor(text, "OPENSSH PRIVATE KEY").ok_or("it is no key file of OpenSSH")?;
        let mut parts = Parts::new(&bytes);
        if parts.take(MAGIC.len()) != Some(MAGIC) {
            return Err("it is no key file of OpenSSH");
        }
        let mut read = || {
            let (cipher, _, _) = (parts.string()?, parts.string()?, parts.string()?);
            let one = parts.number()? == 1;
            Some((cipher, Key::new(parts.string()?), parts.string()?)).filter(|_| one)
        };
        let (cipher, key, secret) = read().ok_or("it is cut off, or holds several keys")?;
        if cipher != b"none" {
            return Ok(Self::ThroughAgent(key, "it is protected by a passphrase"));
        }
        if key.sort() != Some("ssh-ed25519") {
            return Ok(Self::ThroughAgent(key, "only Ed25519 keys are used from a file"));
        }
        let seed = seed(secret, &key).ok_or("it is damaged")?;
        Ok(Self::Ready(Private { key, seed }))
    }
}

/// The seed of an Ed25519 key in the secret part of its file.
fn seed(secret: &[u8], key: &Key) -> Option<Vec<u8>> {
    let mut parts = Parts::new(secret);
    let (first, second, sort) = (parts.number()?, parts.number()?, parts.text()?);
    let (public, pair) = (parts.string()?, parts.string()?);
    let (seed, again) = pair.split_at_checked(32)?;
    let mut whole = Vec::new();
    wire::put(&mut whole, sort.as_bytes());
    wire::put(&mut whole, public);
    (first == second && again == public && key.bytes() == whole).then(|| seed.to_vec())
}

impl Private {
    /// The signature of some bytes, as SSH writes one.
    pub(crate) fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, &'static str> {
        let mark = cipher::sign(&self.seed, bytes)?;
        let mut out = Vec::new();
        wire::put(&mut out, b"ssh-ed25519");
        wire::put(&mut out, &mark);
        Ok(out)
    }
}

impl std::fmt::Debug for Private {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "private key of {:?}", self.key)
    }
}
