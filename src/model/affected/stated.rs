//! Versions that have no order, only names: what a range says of the ones that it names, and versions listed one by one.

use crate::model::affected::Event;
use crate::model::version;
use std::collections::BTreeMap;

/// What ranges without order say, by version as written (commits in lower case).
#[derive(Debug, Default)]
pub(super) struct Stated {
    said: BTreeMap<Box<str>, Said>,
    n_ranges: usize,
}

/// What is said of one version.
#[derive(Debug, Default, Clone, Copy)]
struct Said {
    affected: bool,
    /// Ranges in which it is surely not.
    n_clear: usize,
}

impl Stated {
    /// Adds the versions that a range names: affected where it begins and last, not where it ends.
    pub(super) fn add_range(&mut self, events: &[Event]) {
        let mut named: BTreeMap<Box<str>, bool> = BTreeMap::new();
        for event in events {
            let (written, affected) = match event {
                Event::Introduced(written) | Event::LastAffected(written) => (written, true),
                Event::Fixed(written) | Event::Limit(written) => (written, false),
            };
            *named.entry(key(written)).or_default() |= affected;
        }
        for (version, affected) in named {
            let said = self.said.entry(version).or_default();
            said.affected |= affected;
            said.n_clear += usize::from(!affected);
        }
        self.n_ranges += 1;
    }

    /// Adds one affected version.
    pub(super) fn add_version(&mut self, written: &str) {
        self.said.entry(key(written)).or_default().affected = true;
    }

    /// Whether nothing was added.
    pub(super) fn is_empty(&self) -> bool {
        self.said.is_empty() && self.n_ranges == 0
    }

    /// What holds for every version.
    pub(super) fn all(&self) -> Option<bool> {
        self.is_empty().then_some(false)
    }

    /// Whether a version is affected; `ordered`: it has a place in the order, so that it is none of the versions without.
    pub(super) fn contains(&self, version: &str, ordered: bool) -> Option<bool> {
        match self.said.get(&key(version)) {
            Some(said) => self.answer(*said),
            None => (self.is_empty() || ordered && self.n_ranges == 0).then_some(false),
        }
    }

    /// Whether a commit, in lower case, is affected; one begins the other where one of them is cut short.
    pub(super) fn contains_commit(&self, commit: &str) -> Option<bool> {
        let longer = self.said.range(Box::from(commit)..).take_while(|(named, _)| named.starts_with(commit));
        let shorter = (7..commit.len()).filter_map(|n| self.said.get_key_value(commit.get(..n)?));
        let mut answers = longer.chain(shorter).map(|(_, said)| self.answer(*said));
        let first = answers.next()?;
        answers.all(|answer| answer == first).then_some(first)?
    }

    fn answer(&self, said: Said) -> Option<bool> {
        if said.affected {
            return Some(true);
        }
        (said.n_clear == self.n_ranges).then_some(false)
    }
}

fn key(written: &str) -> Box<str> {
    version::commit(written).map_or_else(|| written.trim().into(), Into::into)
}
