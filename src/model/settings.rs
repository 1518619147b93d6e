//! What the repository's owner says in the top `downriver.yaml` (design.md section 6).

use crate::pack::Damaged;
use crate::pack::In;
use crate::pack::Out;
use crate::pack::Pack;
use std::io;

/// The file that holds the owner's settings, in the top folder.
pub(crate) const SETTINGS_FILE: &str = "downriver.yaml";

/// The owner's settings. Only the top folder's file counts; nothing in a sub-folder narrows an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Selectors of components trained from scratch: no holes of any kind.
    pub roots: Vec<String>,
    /// Globs of files that are not read.
    pub ignore: Vec<String>,
    /// Stages, first to last, with the globs of the environments that belong to each.
    pub environments: Vec<(String, Vec<String>)>,
    /// Owners, with globs of files (`care/**`) or services (`service:support-*`).
    pub owners: Vec<(String, Vec<String>)>,
}

impl Pack for Settings {
    fn pack(&self, out: &mut Out<'_>) -> io::Result<()> {
        let Self { roots, ignore, environments, owners } = self;
        roots.pack(out)?;
        ignore.pack(out)?;
        environments.pack(out)?;
        owners.pack(out)
    }

    fn unpack(input: &mut In<'_>) -> Result<Self, Damaged> {
        Ok(Self {
            roots: Pack::unpack(input)?,
            ignore: Pack::unpack(input)?,
            environments: Pack::unpack(input)?,
            owners: Pack::unpack(input)?,
        })
    }
}
