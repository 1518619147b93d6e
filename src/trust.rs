//! Who signed some bytes, and whether the repository's owner trusts them: SSH signatures (SSHSIG) held against an
//! `allowed_signers` text.
//!
//! Invariant: the answer is one of five, and only [`Answer::Good`] is trust. It says where bytes come from, never that what they
//! say is harmless.
//! Invariant: a key counts only because the signers' text names it; one that comes with the signed bytes never does.
//! Absent on purpose: disk, the clock, and which text of signers counts (the top `downriver.yaml` says that).

mod cipher;
pub(crate) mod key;
pub(crate) mod private;
pub(crate) mod signers;
pub(crate) mod sshsig;
mod wire;

use crate::model::moment::Moment;
use crate::trust::signers::Signers;
use crate::trust::sshsig::Signature;

/// The namespace of signed journal entries.
pub(crate) const JOURNAL: &str = "downriver-journal";
/// The namespace of the sums of a bundle.
pub(crate) const BUNDLE: &str = "downriver-bundle";

/// Who signed, and whether that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// By a trusted key: its principals as the signers' text has them, and its fingerprint.
    Good { principals: String, key: String },
    /// There is no signature.
    None,
    /// It is not a signature of these bytes for this purpose, or its key was revoked; why.
    Bad(String),
    /// Whole, by a key that nobody named for this, or that cannot be checked here; why.
    UnknownSigner(String),
    /// By a named key outside the time for which it counts; why.
    Expired(String),
}

impl Answer {
    /// The word used in JSON and on screen.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Self::Good { .. } => "good",
            Self::None => "none",
            Self::Bad(_) => "bad",
            Self::UnknownSigner(_) => "unknown-signer",
            Self::Expired(_) => "expired",
        }
    }

    /// The principals of a good one.
    pub(crate) fn principals(&self) -> Option<&str> {
        match self {
            Self::Good { principals, .. } => Some(principals),
            Self::None | Self::Bad(_) | Self::UnknownSigner(_) | Self::Expired(_) => None,
        }
    }

    /// The fingerprint of the key of a good one.
    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Good { key, .. } => Some(key),
            Self::None | Self::Bad(_) | Self::UnknownSigner(_) | Self::Expired(_) => None,
        }
    }

    /// Why it is not good.
    pub(crate) fn why(&self) -> Option<&str> {
        match self {
            Self::Bad(why) | Self::UnknownSigner(why) | Self::Expired(why) => Some(why),
            Self::Good { .. } | Self::None => None,
        }
    }
}

/// Whether `signature`, an armored text, is one of `message` for `namespace` by a key that counts at `time`.
pub(crate) fn verify(signers: &Signers, message: &[u8], signature: &[u8], namespace: &str, time: Moment) -> Answer {
    match Signature::armored(signature) {
        Ok(signature) => judge(signers, message, &signature, namespace, time),
        Err(why) => Answer::Bad(why.to_owned()),
    }
}

/// The same, of a signature that was read.
pub(crate) fn judge(signers: &Signers, message: &[u8], signature: &Signature, namespace: &str, time: Moment) -> Answer {
    if signature.namespace != namespace {
        let made = crate::text::Untrusted::new(&signature.namespace).show().into_string();
        return Answer::Bad(format!("it was made for `{made}`, not for `{namespace}`"));
    }
    match signature.check(message) {
        Ok(()) => signers.judge(&signature.key, namespace, time),
        Err(key::Refused::Wrong(why)) => Answer::Bad(why.to_owned()),
        Err(key::Refused::NotChecked(why)) => Answer::UnknownSigner(why),
    }
}

#[cfg(test)]
mod tests;
