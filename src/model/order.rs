//! The order of versions, as each ecosystem defines it (design.md section 5).
//!
//! A version is read once, into `Version`, and compared as often as one likes. A text that has no place in the order (a word,
//! a range, something its ecosystem would refuse) is not read: what is asked of it is undecided.
//! Absent on purpose: ranges (`model::range`), what an advisory affects (`model::affected`).

mod dpkg;
mod rpm;
mod semver;

use crate::model::version;
use pep440_rs::Version as Pep440;
use std::cmp::Ordering;
use std::str::FromStr;

/// A rule by which versions are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Order {
    /// PEP 440, for PyPI and conda.
    Pep440,
    /// Semantic Versioning 2.0.0, precedence.
    SemVer,
    /// Debian Policy 5.6.12, deb-version(7).
    Dpkg,
    /// rpm-version(7): epoch, version, release.
    Rpm,
}

impl Order {
    /// Reads one version; `None` where it has no place in this order.
    pub(crate) fn read(self, written: &str) -> Option<Version> {
        let written = written.trim();
        if version::is_word(written) || version::is_range(written) {
            return None;
        }
        match self {
            Self::Pep440 => Pep440::from_str(written).ok().map(Version::Pep440),
            Self::SemVer => semver::read(written).map(Version::SemVer),
            Self::Dpkg => dpkg::Version::read(written).map(Version::Dpkg),
            Self::Rpm => rpm::Version::read(written).map(Version::Rpm),
        }
    }
}

/// A version with its place in the order of its ecosystem. Equal: none comes before the other, however they are written.
#[derive(Debug, Clone)]
pub(crate) enum Version {
    Pep440(Pep440),
    SemVer(::semver::Version),
    Dpkg(dpkg::Version),
    Rpm(rpm::Version),
}

impl Version {
    /// Whether `other` is a build of this one: `2.1.0+cu121` of `2.1.0`, the RPM `3.0.7-18` of `3.0.7`.
    pub(crate) fn has_build(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pep440(version), Self::Pep440(build)) => {
                version.local().is_empty() && !build.local().is_empty() && build.clone().without_local() == *version
            }
            (Self::Rpm(version), Self::Rpm(build)) => version.has_release(build),
            (Self::Pep440(_) | Self::Rpm(_) | Self::SemVer(_) | Self::Dpkg(_), _) => false,
        }
    }

    /// Whether it may stand for any of its builds: every RPM has a release, one that states none leaves it open. (What PyPI
    /// calls `2.1.0` has no local part: that is one version.)
    pub(crate) fn is_open(&self) -> bool {
        match self {
            Self::Rpm(version) => version.is_open(),
            Self::Pep440(_) | Self::SemVer(_) | Self::Dpkg(_) => false,
        }
    }

    fn order(&self) -> Order {
        match self {
            Self::Pep440(_) => Order::Pep440,
            Self::SemVer(_) => Order::SemVer,
            Self::Dpkg(_) => Order::Dpkg,
            Self::Rpm(_) => Order::Rpm,
        }
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Pep440(a), Self::Pep440(b)) => a.cmp(b),
            (Self::SemVer(a), Self::SemVer(b)) => a.cmp_precedence(b),
            (Self::Dpkg(a), Self::Dpkg(b)) => a.cmp(b),
            (Self::Rpm(a), Self::Rpm(b)) => a.cmp(b),
            // Versions of two orders are never asked about together.
            (a, b) => a.order().cmp(&b.order()),
        }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

/// A run of digits of any length, ordered by value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Number<'a> {
    n_digits: usize,
    digits: &'a str,
}

impl<'a> Number<'a> {
    /// Of a text of digits alone; none at all is 0.
    fn of(digits: &'a str) -> Self {
        let digits = digits.trim_start_matches('0');
        Self { n_digits: digits.len(), digits }
    }
}

/// The start of `text` as long as `fits` holds, and the rest.
fn split_while(text: &str, fits: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !fits(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_place_in_an_order_is_not_read() {
        for (order, written) in [
            (Order::Pep440, "latest"),
            (Order::Pep440, ">=2.0"),
            (Order::Pep440, "1.0-foo-bar"),
            (Order::SemVer, "1.2.x"),
            (Order::SemVer, "01.2.3"),
            (Order::SemVer, "vv1.2.3"),
            (Order::SemVer, "1.2.3-"),
            (Order::Dpkg, "bookworm"),
            (Order::Dpkg, "x:1.0"),
            (Order::Dpkg, "1:"),
            (Order::Dpkg, "1.0 beta"),
            (Order::Dpkg, "1.0-"),
            (Order::Rpm, "stable"),
            (Order::Rpm, "x:1.0"),
            (Order::Rpm, "1.0-"),
            (Order::Rpm, "1.0/2"),
            (Order::Rpm, ""),
            (Order::Dpkg, "\u{661}.0"),
        ] {
            assert!(order.read(written).is_none(), "{order:?}: {written:?}");
        }
    }

    #[test]
    fn builds_belong_to_their_version() {
        for (order, version, other, is_build) in [
            (Order::Pep440, "2.1.0", "2.1.0+cu121", true),
            (Order::Pep440, "2.1", "2.1.0+cu121", true),
            (Order::Pep440, "2.1.0+cu121", "2.1.0+cu121", false),
            (Order::Pep440, "2.1.0", "2.1.0.post1", false),
            (Order::Rpm, "3.0.7", "3.0.7-18.el9", true),
            (Order::Rpm, "1:3.0.7", "3.0.7-18.el9", false),
            (Order::Dpkg, "1.0", "1.0-1", false),
            (Order::SemVer, "1.0.0", "1.0.0+b1", false),
        ] {
            let (a, b) = (order.read(version).unwrap(), order.read(other).unwrap());
            assert_eq!(a.has_build(&b), is_build, "{order:?}: {version} {other}");
        }
    }

    /// Pairs that each ecosystem's own program ordered (`tests/vectors/README.md`).
    #[test]
    fn pairs_are_ordered_as_their_ecosystem_does() {
        let mut wrong = Vec::new();
        for (file, order) in
            [("pep440.tsv", Order::Pep440), ("semver.tsv", Order::SemVer), ("dpkg.tsv", Order::Dpkg), ("rpm.tsv", Order::Rpm)]
        {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/versions").join(file);
            let vectors = std::fs::read_to_string(&path).unwrap();
            assert!(vectors.lines().count() >= 5_000, "{file} is not whole");
            for (n, line) in vectors.lines().enumerate() {
                let [a, relation, b] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
                let expected = match relation {
                    "<" => Ordering::Less,
                    "=" => Ordering::Equal,
                    ">" => Ordering::Greater,
                    other => panic!("{file}:{}: {other:?} is no relation", n + 1),
                };
                let (first, second) = (order.read(a), order.read(b));
                let found = first.as_ref().zip(second.as_ref()).map(|(a, b)| (a.cmp(b), b.cmp(a)));
                if found != Some((expected, expected.reverse())) {
                    wrong.push(format!("{file}:{}: {a} {relation} {b}, not {found:?}", n + 1));
                }
            }
        }
        assert!(wrong.is_empty(), "{} wrong, first:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
    }
}
