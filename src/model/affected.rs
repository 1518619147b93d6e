//! The versions that an advisory calls affected: ranges of events, as OSV writes them, and versions one by one.
//!
//! Read once and kept in order, so that asking is a binary search however many ranges there are. The definition is OSV's
//! ("Evaluation" in the schema) with three answers instead of two: where a version or a bound has no place in the order, only
//! equality is decided.
//! Invariant: an answer is never rounded; `None` means that the version may be affected or may not be.
//! Absent on purpose: packages and names, ancestry of commits.

mod spans;
mod stated;

use crate::model::affected::spans::Span;
use crate::model::affected::spans::Spans;
use crate::model::affected::stated::Stated;
use crate::model::ecosystem;
use crate::model::order::Order;
use crate::model::version;

/// How the bounds of a range are ordered: OSV's `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scale {
    /// By the rule of the package's ecosystem (`ECOSYSTEM`).
    Ecosystem,
    /// By `SemVer`, whatever the ecosystem (`SEMVER`).
    SemVer,
    /// By ancestry of commits (`GIT`), which nobody can tell without a clone: only the commits named are decided.
    Git,
}

/// Where a range begins or ends. Versions are as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// Affected from here on; `0` is before every version.
    Introduced(Box<str>),
    /// No longer affected from here on.
    Fixed(Box<str>),
    /// No longer affected after this, its builds included.
    LastAffected(Box<str>),
    /// The range says nothing from here on; of several the last counts, `*` is after every version.
    Limit(Box<str>),
}

/// One range: events in the order of the document, which need not be that of the versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Events {
    pub scale: Scale,
    pub events: Vec<Event>,
}

/// The affected versions of one package.
#[derive(Debug)]
pub(crate) struct Versions {
    /// By the ecosystem's order, listed versions included.
    own: Spans,
    /// By `SemVer`, where the ecosystem has another order or none.
    semver: Spans,
    /// Ranges that have a bound without a place in their order, and such versions.
    unordered: Stated,
    commits: Stated,
    /// Whether there was a range or a version at all.
    said: bool,
}

impl Versions {
    /// From an ecosystem by its purl type, ranges, and versions listed one by one. O(n log n) in bounds and versions.
    pub(crate) fn new(ecosystem: &str, ranges: &[Events], listed: &[Box<str>]) -> Self {
        let order = ecosystem::order(ecosystem);
        let (mut own, mut semver) = (Vec::new(), Vec::new());
        let (mut unordered, mut commits) = (Stated::default(), Stated::default());
        for Events { scale, events } in ranges {
            match scale {
                Scale::Git => commits.add_range(events),
                Scale::Ecosystem => match spans::of(order, events) {
                    Some(spans) => own.extend(spans),
                    None => unordered.add_range(events),
                },
                Scale::SemVer => match spans::of(Some(Order::SemVer), events) {
                    Some(spans) if order == Some(Order::SemVer) => own.extend(spans),
                    Some(spans) => semver.extend(spans),
                    None => unordered.add_range(events),
                },
            }
        }
        for version in listed {
            match order.and_then(|order| order.read(version)) {
                Some(version) => own.push(Span::of(version)),
                None => unordered.add_version(version),
            }
        }
        let said = !(ranges.is_empty() && listed.is_empty());
        Self { own: Spans::new(order, own), semver: Spans::new(Some(Order::SemVer), semver), unordered, commits, said }
    }

    /// Whether a stated version is affected; O(log n).
    ///
    /// `None` is undecided: no version (or a word or a range) where some versions are affected and others not; a version
    /// without a place in the order; a commit that no range names; nothing said about versions at all.
    pub(crate) fn contains(&self, version: Option<&str>) -> Option<bool> {
        if !self.said {
            return None;
        }
        let Some(version) = version.and_then(version::identifying) else {
            return any([self.own.all(), self.semver.all(), self.unordered.all(), self.commits.all()]);
        };
        let own = self.own.contains(version);
        let read = self.own.reads(version) || !self.semver.is_empty() && self.semver.reads(version);
        let by_version = [own, self.semver.contains(version), self.unordered.contains(version, read)];
        match version::commit(version) {
            // What looks like a commit and is no version is decided where commits are.
            Some(commit) if !read && !self.commits.is_empty() => {
                let listed = any(by_version) == Some(true);
                if listed { Some(true) } else { self.commits.contains_commit(&commit) }
            }
            // Ranges of commits repeat for repositories what the others say of versions.
            _ if read && self.says_versions() => any(by_version),
            _ => any([any(by_version), self.commits.all()]),
        }
    }

    fn says_versions(&self) -> bool {
        !(self.own.is_empty() && self.semver.is_empty() && self.unordered.is_empty())
    }
}

/// Affected by one of them: surely, or perhaps, or by none.
fn any<const N: usize>(answers: [Option<bool>; N]) -> Option<bool> {
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    (!answers.contains(&None)).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::order::Version;
    use proptest::prelude::*;

    fn range(scale: Scale, written: &str) -> Events {
        let events = written.split_whitespace().map(|event| {
            let (what, version) = event.split_once(':').unwrap();
            match what {
                "from" => Event::Introduced(version.into()),
                "fixed" => Event::Fixed(version.into()),
                "last" => Event::LastAffected(version.into()),
                _ => Event::Limit(version.into()),
            }
        });
        Events { scale, events: events.collect() }
    }

    #[test]
    fn events_are_read_as_osv_means_them() {
        use Scale::Ecosystem as Own;
        for (ecosystem, ranges, listed, version, affected, why) in [
            ("pypi", &[(Own, "from:0 fixed:2.2")][..], &[][..], "2.2.0rc1", Some(true), "order, not installer habit"),
            ("pypi", &[(Own, "from:0 fixed:2.2")], &[], "2.2", Some(false), "the fix itself"),
            ("pypi", &[(Own, "from:0 fixed:2.2")], &[], "", None, "no version"),
            ("pypi", &[(Own, "from:0 fixed:2.2")], &[], "latest", None, "a word"),
            ("pypi", &[(Own, "from:0 fixed:2.2")], &[], ">=1", None, "a range"),
            ("pypi", &[(Own, "from:0")], &[], "latest", Some(true), "every version is"),
            ("pypi", &[(Own, "from:0 last:2.1.0")], &[], "2.1.0+cu121", Some(true), "a version means its local builds"),
            ("pypi", &[(Own, "from:0 last:2.1.0")], &[], "2.1.0.post1", Some(false), "a post release comes after"),
            ("pypi", &[(Own, "fixed:2 from:3 from:1 fixed:4")], &[], "3.5", Some(true), "events in any order"),
            ("pypi", &[(Own, "from:0 fixed:1 from:1 fixed:2")], &[], "1.5", Some(true), "fixed and back in one release"),
            ("pypi", &[(Own, "from:0 fixed:9 limit:2 limit:3")], &[], "2.5", Some(true), "the last limit counts"),
            ("pypi", &[(Own, "from:0 fixed:9 limit:3")], &[], "3", Some(false), "the limit itself"),
            ("pypi", &[(Own, "from:0 fixed:9 limit:3 limit:*")], &[], "4", Some(true), "no limit"),
            ("pypi", &[(Own, "from:1 fixed:1")], &[], "latest", Some(false), "nothing is affected"),
            ("pypi", &[(Own, "fixed:2")], &[], "1", None, "nothing says where it begins"),
            ("pypi", &[(Own, "from:0 fixed:2-x-y")], &[], "1", None, "a bound that cannot be read"),
            ("pypi", &[(Own, "from:0 fixed:2-x-y"), (Own, "from:1 fixed:3")], &[], "1", Some(true), "another range decides"),
            ("pypi", &[], &["2.1.0", "x-y"], "2.1.0+cpu", Some(true), "a listed version means its local builds"),
            ("pypi", &[], &["2.1.0", "x-y"], "2.1", Some(true), "equal by order"),
            ("pypi", &[], &["2.1.0", "x-y"], "2.2", Some(false), "not in the list"),
            ("pypi", &[], &["2.1.0", "x-y"], "x-y", Some(true), "equal as text"),
            ("pypi", &[], &[], "1", None, "nothing is said of versions"),
            ("npm", &[(Scale::SemVer, "from:1.0.0 fixed:2.0.0")], &[], "2.0.0-beta.1", Some(true), "SemVer precedence"),
            ("generic", &[(Scale::SemVer, "from:1.0.0 fixed:2.0.0")], &["1.0"], "3.0.0", Some(false), "SemVer says so itself"),
            ("deb", &[(Own, "from:0 fixed:2.36-9+deb12u10")], &[], "2.36-9+deb12u4", Some(true), "numbers by value"),
            ("rpm", &[(Own, "from:0 fixed:3.0.7-25")], &[], "3.0.7", None, "which release it is decides"),
            ("rpm", &[(Own, "from:0 fixed:3.0.7-25")], &[], "3.0.6", Some(true), "all its releases come before"),
            ("rpm", &[(Own, "from:0 last:3.0.7")], &[], "3.0.7-9", Some(true), "a version means its releases"),
            ("rpm", &[(Own, "from:3.0.7-25 fixed:4")], &[], "3.0.7", None, "from one of its releases on"),
            ("maven", &[(Own, "from:0 fixed:2")], &["1.0"], "1.0", Some(true), "equality is always known"),
            ("maven", &[(Own, "from:0 fixed:2")], &["1.0"], "2", Some(false), "the fix itself, and not in the list"),
            ("maven", &[(Own, "from:0 fixed:2")], &["1.0"], "1.1", None, "no rule is known"),
            ("maven", &[(Own, "from:0 fixed:2")], &[], "2", Some(false), "the fix itself"),
            ("maven", &[(Own, "from:0")], &[], "7", Some(true), "every version is"),
        ] {
            let ranges: Vec<Events> = ranges.iter().map(|(scale, written)| range(*scale, written)).collect();
            let listed: Vec<Box<str>> = listed.iter().map(|version| Box::from(*version)).collect();
            let versions = Versions::new(ecosystem, &ranges, &listed);
            assert_eq!(versions.contains(Some(version)), affected, "{why}: {ecosystem} {version:?} in {ranges:?} {listed:?}");
        }
    }

    #[test]
    fn commits_are_decided_by_equality() {
        let git =
            range(Scale::Git, "from:775f2b3d8d6d44f3312f9911dcf70b203268f387 fixed:2cfc1d7e12adf87a28ac78abb32233cf39c6d54a");
        let releases = range(Scale::Ecosystem, "from:0 fixed:2.2");
        let alone = Versions::new("pypi", std::slice::from_ref(&git), &[]);
        let beside = Versions::new("pypi", &[git, releases], &[]);
        for (version, by_commits, by_both, why) in [
            ("775F2B3D8D6D44F3312F9911DCF70B203268F387", Some(true), Some(true), "introduced here"),
            ("775f2b3", Some(true), Some(true), "cut short"),
            ("2cfc1d7e12adf87a", Some(false), Some(false), "fixed here"),
            ("775f2b4", None, None, "somewhere in the history"),
            ("2.1", None, Some(true), "a release"),
            ("2.2", None, Some(false), "the fixed release"),
        ] {
            assert_eq!(alone.contains(Some(version)), by_commits, "{why}: {version}");
            assert_eq!(beside.contains(Some(version)), by_both, "{why}: {version}");
        }
        assert_eq!((alone.contains(None), beside.contains(None)), (None, None));
    }

    /// OSV's evaluation, read aloud, for texts that all have a place in the order.
    fn affected_slow(order: Order, ranges: &[Events], listed: &[Box<str>], version: &Version) -> bool {
        let read = |written: &str| order.read(written).unwrap();
        let is = |bound: &str| read(bound) == *version || read(bound).has_build(version);
        let before_limits = |events: &[Event]| {
            let mut limits = events.iter().filter_map(|event| if let Event::Limit(limit) = event { Some(limit) } else { None });
            limits.clone().next().is_none() || limits.any(|limit| **limit == *"*" || *version < read(limit))
        };
        let in_range = |events: &[Event]| {
            let mut sorted: Vec<&Event> = events.iter().filter(|event| !matches!(event, Event::Limit(_))).collect();
            sorted.sort_by_key(|event| match event {
                Event::Introduced(v) => ((**v != *"0").then(|| read(v)), false),
                Event::Fixed(v) | Event::Limit(v) => (Some(read(v)), false),
                Event::LastAffected(v) => (Some(read(v)), true),
            });
            let mut affected = false;
            for event in sorted {
                match event {
                    Event::Introduced(v) if **v == *"0" || *version >= read(v) => affected = true,
                    Event::Fixed(v) if *version >= read(v) => affected = false,
                    Event::LastAffected(v) if *version > read(v) && !is(v) => affected = false,
                    _ => {}
                }
            }
            affected
        };
        listed.iter().any(|v| is(v)) || ranges.iter().any(|r| before_limits(&r.events) && in_range(&r.events))
    }

    const PYPI: [&str; 12] =
        ["0.9", "1.0a1", "1.0", "1.0.0", "1.0+a", "1.0+b.2", "1.0.post1", "1.0.post1+a", "1.1.dev0", "1.1", "2", "1!0"];
    const DEB: [&str; 8] = ["0", "1.0~rc1", "1.0", "1.0-0", "1.0-1", "1.0a-1", "1.1", "1:0"];
    const SEMVER: [&str; 8] = ["0.0.0-0", "1.0.0-a", "1.0.0-a.1", "1.0.0", "1.0.0+b", "v1.0.1", "1.1.0", "2.0.0"];
    const RPM: [&str; 8] = ["0.9-1", "1.0~rc1-1", "1.0-1", "1.0-2", "1.0^git1-1", "1.1-1", "2-1", "1:0-1"];

    fn written_ranges() -> impl Strategy<Value = Vec<Vec<(u8, usize)>>> {
        prop::collection::vec(prop::collection::vec((0_u8..9, 0_usize..12), 0..6), 0..4)
    }

    fn ranges_of(written: &[Vec<(u8, usize)>], scale: Scale, pool: &[&str]) -> Vec<Events> {
        let event = |&(what, row): &(u8, usize)| {
            let version = Box::from(pool[row % pool.len()]);
            match what {
                0..3 => Event::Introduced(version),
                3..5 => Event::Fixed(version),
                5..7 => Event::LastAffected(version),
                7 => Event::Limit(version),
                _ => Event::Limit("*".into()),
            }
        };
        let events = |range: &Vec<(u8, usize)>| {
            // Half of them begin at the beginning; without any beginning a range is undecided, and not OSV.
            let begins = range.len().is_multiple_of(2) || !range.iter().any(|(what, _)| *what < 3);
            begins.then(|| Event::Introduced("0".into())).into_iter().chain(range.iter().map(event)).collect()
        };
        written.iter().map(|range| Events { scale, events: events(range) }).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]
        #[test]
        fn the_search_agrees_with_osv(written in written_ranges(), listed in prop::collection::vec(0_usize..12, 0..3)) {
            for (ecosystem, order, scale, pool) in [
                ("pypi", Order::Pep440, Scale::Ecosystem, &PYPI[..]),
                ("deb", Order::Dpkg, Scale::Ecosystem, &DEB),
                ("npm", Order::SemVer, Scale::SemVer, &SEMVER),
                ("rpm", Order::Rpm, Scale::Ecosystem, &RPM),
            ] {
                let ranges = ranges_of(&written, scale, pool);
                let listed: Vec<Box<str>> = listed.iter().map(|row| Box::from(pool[row % pool.len()])).collect();
                let versions = Versions::new(ecosystem, &ranges, &listed);
                for version in pool {
                    let slow = affected_slow(order, &ranges, &listed, &order.read(version).unwrap());
                    let slow = (!(ranges.is_empty() && listed.is_empty())).then_some(slow);
                    prop_assert_eq!(versions.contains(Some(version)), slow, "{} in {:?} {:?}", version, ranges, listed);
                }
            }
        }
    }

    #[test]
    fn a_hundred_thousand_ranges_are_searched() {
        let ranges: Vec<Events> =
            (0..100_000).map(|n| range(Scale::Ecosystem, &format!("from:{n}.2 fixed:{n}.4"))).rev().collect();
        let versions = Versions::new("deb", &ranges, &[]);
        for n in (0..100_000).step_by(101) {
            let expected = [false, true, true, false].map(Some);
            let asked = [format!("{n}.1"), format!("{n}.2"), format!("{n}.3"), format!("{n}.4")];
            assert_eq!(asked.map(|version| versions.contains(Some(&version))), expected, "{n}");
        }
    }
}
