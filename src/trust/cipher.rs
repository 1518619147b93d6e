//! The one door to the arithmetic of signatures, which needs a processor with the instructions it is written for.

use crate::trust::key::Refused;

/// The numbers of a public key.
#[derive(Debug, Clone, Copy)]
pub(super) enum Numbers<'a> {
    Ed25519(&'a [u8]),
    Rsa { e: &'a [u8], n: &'a [u8] },
    P256(&'a [u8]),
    P384(&'a [u8]),
}

/// The numbers of a signature.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark<'a> {
    Ed25519(&'a [u8]),
    RsaSha256(&'a [u8]),
    RsaSha512(&'a [u8]),
    Ecdsa { r: &'a [u8], s: &'a [u8] },
}

/// What is said where nothing can be checked or signed.
const PROCESSOR: &str = "this processor lacks instructions that signatures need";
const WRONG: Refused = Refused::Wrong("it is not a signature of these bytes by its key");

/// Whether the mark is one of the message by the key.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(super) fn verify(key: Numbers<'_>, mark: Mark<'_>, message: &[u8]) -> Result<(), Refused> {
    use graviola::hashing::{Sha256, Sha384};
    use graviola::signing::ecdsa::{P256, P384, VerifyingKey};
    use graviola::signing::eddsa::Ed25519VerifyingKey;
    use graviola::signing::rsa;
    if !graviola::util::is_cpu_supported() {
        return Err(Refused::NotChecked(PROCESSOR.to_owned()));
    }
    let no_key = |_| Refused::NotChecked("its key is too short, or none that can be checked".to_owned());
    let rsa = |e, n| rsa::VerifyingKey::from_pkcs1_der(&pkcs1(n, e)).map_err(no_key);
    let checked = match (key, mark) {
        (Numbers::Ed25519(key), Mark::Ed25519(mark)) => {
            Ed25519VerifyingKey::from_bytes(key).map_err(no_key)?.verify(mark, message)
        }
        (Numbers::Rsa { e, n }, Mark::RsaSha256(mark)) => {
            rsa(e, n)?.verify_pkcs1_sha256(&padded(mark, n.len()).ok_or(WRONG)?, message)
        }
        (Numbers::Rsa { e, n }, Mark::RsaSha512(mark)) => {
            rsa(e, n)?.verify_pkcs1_sha512(&padded(mark, n.len()).ok_or(WRONG)?, message)
        }
        (Numbers::P256(key), Mark::Ecdsa { r, s }) => {
            let key = VerifyingKey::<P256>::from_x962_uncompressed(key).map_err(no_key)?;
            key.verify::<Sha256>(&[message], &pair(r, s, 32).ok_or(WRONG)?)
        }
        (Numbers::P384(key), Mark::Ecdsa { r, s }) => {
            let key = VerifyingKey::<P384>::from_x962_uncompressed(key).map_err(no_key)?;
            key.verify::<Sha384>(&[message], &pair(r, s, 48).ok_or(WRONG)?)
        }
        (Numbers::Ed25519(_) | Numbers::Rsa { .. } | Numbers::P256(_) | Numbers::P384(_), _) => return Err(WRONG),
    };
    checked.map_err(|_| WRONG)
}

/// The signature of a message by an Ed25519 key, given its seed.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(super) fn sign(seed: &[u8], message: &[u8]) -> Result<[u8; 64], &'static str> {
    if !graviola::util::is_cpu_supported() {
        return Err(PROCESSOR);
    }
    let key = graviola::signing::eddsa::Ed25519SigningKey::from_bytes(seed).map_err(|_| "it is damaged")?;
    Ok(key.sign(message))
}

/// Whether the mark is one of the message by the key.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) fn verify(_: Numbers<'_>, _: Mark<'_>, _: &[u8]) -> Result<(), Refused> {
    Err(Refused::NotChecked(PROCESSOR.to_owned()))
}

/// The signature of a message by an Ed25519 key, given its seed.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) fn sign(_: &[u8], _: &[u8]) -> Result<[u8; 64], &'static str> {
    Err(PROCESSOR)
}

/// So many bytes with the given ones at their end; `None` where those are more.
fn padded(bytes: &[u8], n: usize) -> Option<Vec<u8>> {
    let zeros = n.checked_sub(bytes.len())?;
    Some(std::iter::repeat_n(0, zeros).chain(bytes.iter().copied()).collect())
}

fn pair(r: &[u8], s: &[u8], n: usize) -> Option<Vec<u8>> {
    Some([padded(r, n)?, padded(s, n)?].concat())
}

/// An RSA key as PKCS #1 has it: a DER sequence of modulus and exponent.
fn pkcs1(n: &[u8], e: &[u8]) -> Vec<u8> {
    let integer = |digits: &[u8]| {
        let sign = digits.first().is_some_and(|byte| *byte >= 0x80).then_some(0);
        der(0x02, &sign.into_iter().chain(digits.iter().copied()).collect::<Vec<u8>>())
    };
    der(0x30, &[integer(n), integer(e)].concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length: Vec<u8> = content.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    if let (1.., [short @ 0..0x80]) = (content.len(), &length[..]) {
        out.push(*short);
    } else {
        out.push(0x80 | length.len() as u8);
        out.extend(length);
    }
    out.extend_from_slice(content);
    out
}
