//! Keys with which this user signs: a file of OpenSSH, or one that ssh-agent holds.
//!
//! Absent on purpose: passphrases, and which signatures count (`trust`).

use crate::trust::key::Key;
use crate::trust::private::KeyFile;
use crate::trust::private::Private;
use crate::trust::sshsig::Signature;
use std::env;
use std::fs;
use std::io;
use std::io::Read as _;
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

/// No key file is longer.
const LONGEST: u64 = 1 << 16;
/// A person may have to confirm, or to touch a key.
const PATIENCE: Duration = Duration::from_secs(60);
/// Of ssh-agent's protocol.
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;
const RSA_SHA2_512: u32 = 4;

/// Something to sign with.
#[derive(Debug)]
pub(crate) enum Signer {
    File(Private),
    Agent { key: Key, socket: PathBuf },
}

/// Why nothing can be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignerError {
    #[error("{path}: cannot be read: {source}")]
    Unreadable {
        path: String,
        #[source]
        source: io::Error,
    },
    #[error("{path}: not a key to sign with: {why}")]
    NoKey { path: String, why: &'static str },
    #[error("{path}: {why}, and there is no ssh-agent (SSH_AUTH_SOCK is not set)")]
    NoAgent { path: String, why: &'static str },
}

impl SignerError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::NoKey { .. } => {
                "give a private key file of OpenSSH (`ssh-keygen -t ed25519`), or the `.pub` file of a key in ssh-agent"
            }
            Self::NoAgent { .. } => "start one, and add the key: `eval $(ssh-agent)`, `ssh-add KEY`",
        }
    }
}

impl Signer {
    /// Reads a key file; a key that cannot be used from there is asked of ssh-agent.
    pub(crate) fn open(path: &Path) -> Result<Self, SignerError> {
        let shown = || path.display().to_string();
        let mut text = String::new();
        let read = fs::File::open(path).and_then(|file| file.take(LONGEST).read_to_string(&mut text));
        read.map_err(|source| SignerError::Unreadable { path: shown(), source })?;
        match KeyFile::read(&text).map_err(|why| SignerError::NoKey { path: shown(), why })? {
            KeyFile::Ready(private) => Ok(Self::File(private)),
            KeyFile::ThroughAgent(key, why) => match env::var_os("SSH_AUTH_SOCK").filter(|socket| !socket.is_empty()) {
                Some(socket) => Ok(Self::Agent { key, socket: socket.into() }),
                None => Err(SignerError::NoAgent { path: shown(), why }),
            },
        }
    }

    /// Signs some bytes for a purpose. Fails with the reason, safe to print.
    pub(crate) fn sign(&self, namespace: &str, message: &[u8]) -> Result<Signature, String> {
        match self {
            Self::File(private) => {
                Signature::make(&private.key, namespace, message, |bytes| private.sign(bytes)).map_err(str::to_owned)
            }
            Self::Agent { key, socket } => Signature::make(key, namespace, message, |bytes| {
                ask(socket, key, bytes).map_err(|error| format!("ssh-agent: {error}"))
            }),
        }
    }
}

/// Has ssh-agent sign some bytes.
fn ask(socket: &Path, key: &Key, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let counted = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes(), bytes].concat();
    let flags = if key.sort() == Some("ssh-rsa") { RSA_SHA2_512 } else { 0 };
    let request = [&[SIGN_REQUEST], &counted(key.bytes())[..], &counted(bytes), &flags.to_be_bytes()].concat();
    stream.write_all(&counted(&request))?;
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u64::from(u32::from_be_bytes(length));
    let mut answer = Vec::new();
    stream.take(length.min(LONGEST)).read_to_end(&mut answer)?;
    let refused = || io::Error::other("it does not hold this key, or did not sign with it");
    let signature = answer.strip_prefix(&[SIGN_RESPONSE]).and_then(|answer| answer.split_at_checked(4)).ok_or_else(refused)?;
    Ok(signature.1.to_vec())
}
