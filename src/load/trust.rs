//! Whom the owner of a repository trusts: the files that `trust:` of the top `downriver.yaml` names.
//!
//! Invariant: no other file of the repository is asked, and nothing outside is opened.

use crate::formats::settings;
use crate::load::Source;
use crate::load::again;
use crate::trust::signers::Signers;
use crate::trust::signers::SignersError;

/// Why it is not known whom the owner trusts: an error, never "nobody".
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustError {
    #[error("{file}: named under `trust:` of downriver.yaml, and not a file of the repository that can be read")]
    Missing { file: String },
    #[error("{file}:{}: {source}", .source.line)]
    Wrong {
        file: String,
        #[source]
        source: SignersError,
    },
}

impl TrustError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "put it there, or correct `trust:` in downriver.yaml",
            Self::Wrong { .. } => "correct the line; `man ssh-keygen` has the form under ALLOWED SIGNERS",
        }
    }
}

/// Reads whom the owner trusts to sign; nobody, where the settings name no file.
pub(crate) fn signers(source: &Source) -> Result<Signers, TrustError> {
    let Some(name) = again::settings_name(source) else { return Ok(Signers::default()) };
    let text = again::bytes(source, &name).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let trust = settings::trust(&text);
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let read = |file: &str| {
        let file = if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") };
        again::bytes(source, &file).ok_or(TrustError::Missing { file })
    };
    let wrong = |file: &str, source| TrustError::Wrong { file: file.to_owned(), source };
    let mut signers = match &trust.signers {
        Some(file) => Signers::parse(&read(file)?).map_err(|error| wrong(file, error))?,
        None => Signers::default(),
    };
    if let Some(file) = &trust.revoked {
        signers.revoke(&read(file)?).map_err(|error| wrong(file, error))?;
    }
    Ok(signers)
}
