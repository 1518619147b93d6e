//! What the repository's owner says in the top `downriver.yaml` (design.md section 6).

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
