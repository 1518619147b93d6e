//! RPM versions: `epoch:version-release` (rpm-version(7), rpm's `rpmVersionCompare`).

use crate::model::order::Number;
use crate::model::order::split_while;
use std::cmp::Ordering;
use std::iter;

/// An RPM version in its three parts.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// `0` where it is missing.
    epoch: Box<str>,
    version: Box<str>,
    /// A missing one comes before every other.
    release: Option<Box<str>>,
}

/// What is compared, one after the other.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Tilde,
    End,
    Caret,
    Letters(&'a str),
    Number(Number<'a>),
}

impl Version {
    /// Reads a version of known characters in which there is a digit; the release follows the last dash.
    pub(super) fn read(written: &str) -> Option<Self> {
        let (epoch, rest) = written.split_once(':').unwrap_or(("", written));
        let (version, release) = rest.rsplit_once('-').map_or((rest, None), |(version, release)| (version, Some(release)));
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-' | '~' | '^');
        let reads = version.contains(|c: char| c.is_ascii_digit())
            && version.chars().all(known)
            && release.is_none_or(|release| !release.is_empty() && release.chars().all(known))
            && epoch.chars().all(|c| c.is_ascii_digit());
        reads.then(|| Self { epoch: epoch.into(), version: version.into(), release: release.map(Into::into) })
    }

    /// Whether `other` is this version with a release, and this one states none.
    pub(super) fn has_release(&self, other: &Self) -> bool {
        self.is_open() && !other.is_open() && self.cmp_version(other) == Ordering::Equal
    }

    /// Whether no release is stated.
    pub(super) fn is_open(&self) -> bool {
        self.release.is_none()
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_version(other).then_with(|| match (&self.release, &other.release) {
            (Some(a), Some(b)) => parts(a).cmp(parts(b)),
            (a, b) => a.is_some().cmp(&b.is_some()),
        })
    }

    fn cmp_version(&self, other: &Self) -> Ordering {
        Number::of(&self.epoch).cmp(&Number::of(&other.epoch)).then_with(|| parts(&self.version).cmp(parts(&other.version)))
    }
}

/// Runs of letters and of digits, and the two marks; all else only separates. `~` comes before the end, `^` after it.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = Some(text);
    iter::from_fn(move || {
        let text = rest?.trim_start_matches(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '~' | '^')));
        let (part, after) = match text.chars().next() {
            None => (Part::End, None),
            Some('~') => (Part::Tilde, text.strip_prefix('~')),
            Some('^') => (Part::Caret, text.strip_prefix('^')),
            Some(first) if first.is_ascii_digit() => {
                let (digits, after) = split_while(text, |c| c.is_ascii_digit());
                (Part::Number(Number::of(digits)), Some(after))
            }
            Some(_) => {
                let (letters, after) = split_while(text, |c| c.is_ascii_alphabetic());
                (Part::Letters(letters), Some(after))
            }
        };
        rest = after;
        Some(part)
    })
}
