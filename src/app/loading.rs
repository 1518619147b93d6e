//! How far reading has come.

/// Numbers of a load; what is not known is `None` and is not shown as a share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub read: usize,
    pub files: Option<usize>,
    pub bytes: u64,
    pub all_bytes: Option<u64>,
    pub seconds_left: Option<u64>,
    pub not_read: usize,
    /// `file:line:column  what`, escaped: the newest file that could not be read.
    pub newest_problem: Option<String>,
}

impl Progress {
    /// Hundredths that are read, where the total is known.
    pub(crate) fn percent(&self) -> Option<usize> {
        let rounded = |files: usize| if self.read < files { ((self.read * 100 + files / 2) / files).min(99) } else { 100 };
        self.files.filter(|files| *files > 0).map(rounded)
    }
}

/// How far the repository is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Load {
    /// Documents are being read; more may come.
    Reading(Progress),
    /// The first page of what was kept from an earlier run; the rest is on its way.
    Front,
    /// All that was kept is there; whether files have changed since is being looked at.
    Checking,
    Ready,
}

impl Default for Load {
    fn default() -> Self {
        Self::Reading(Progress::default())
    }
}

impl Load {
    /// Whether more may come.
    pub(crate) fn is_reading(&self) -> bool {
        matches!(self, Self::Reading(_))
    }
}

/// `2.1`: mebibytes with one decimal.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) >> 20;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_total_is_no_percentage() {
        let mut progress = Progress { read: 31, ..Progress::default() };
        assert_eq!(progress.percent(), None);
        progress.files = Some(47);
        assert_eq!(progress.percent(), Some(66));
        assert_eq!(mebibytes(2_202_010), "2.1");
    }
}
