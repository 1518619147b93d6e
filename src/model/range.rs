//! Version ranges, compared by order as the ecosystem defines it (design.md section 5).
//!
//! Order, not installer habit: `2.2.0rc1` is in `<2.2`, `2.1.0+cu121` is in `>2.1.0`, and a version without local part
//! means its local builds too.

use crate::model::ecosystem;
use crate::model::version;
use std::cmp::Ordering;
use std::fmt;

/// A comparison with a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
}

/// One comparison and its bound.
type Comparison = (Op, String);

/// Groups of comparisons: a version is in where all of one group hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range(Vec<Vec<Comparison>>);

/// Operators, longest first.
const OPS: [(&str, Op); 7] = [
    ("<=", Op::LessOrEqual),
    (">=", Op::GreaterOrEqual),
    ("==", Op::Equal),
    ("!=", Op::NotEqual),
    ("<", Op::Less),
    (">", Op::Greater),
    ("=", Op::Equal),
];

impl Range {
    /// Reads `>=1.13,<2.2`: all must hold. `None` where a part has no operator or no version.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        written.split([',', '|']).map(comparison).collect::<Option<Vec<_>>>().map(|all| Self(vec![all]))
    }

    /// Reads `vers:pypi/>=1.13|<2.2|>=3|<3.1|3.5`: the ecosystem and its range, which may be of several parts. As the vers
    /// specification pairs them: a lower bound goes with the upper bound that follows it, a version without operator is itself
    /// in, and what `!=` names is in no part.
    pub(crate) fn parse_vers(written: &str) -> Option<(String, Self)> {
        let (ecosystem, range) = written.strip_prefix("vers:")?.split_once('/')?;
        let plain = |part: &str| part.trim().starts_with(|c: char| c.is_ascii_alphanumeric());
        let read = |part: &str| if plain(part) { comparison(&format!("={part}")) } else { comparison(part) };
        let read = range.split('|').map(read).collect::<Option<Vec<_>>>()?;
        Some((ecosystem.to_ascii_lowercase(), Self(paired(read))))
    }

    /// Whether `version` is in the range; `None` where the ecosystem's order is not known or a version cannot be read.
    pub(crate) fn contains(&self, ecosystem: &str, version: &str) -> Option<bool> {
        let mut undecided = false;
        for group in &self.0 {
            match all_hold(group, ecosystem, version) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => undecided = true,
            }
        }
        (!undecided).then_some(false)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |op: &Op| OPS.iter().find(|(_, known)| known == op).map_or("", |(text, _)| *text);
        let group = |group: &Vec<Comparison>| {
            group.iter().map(|(op, version)| format!("{}{version}", word(op))).collect::<Vec<_>>().join(",")
        };
        f.write_str(&self.0.iter().map(group).collect::<Vec<_>>().join(" or "))
    }
}

fn comparison(part: &str) -> Option<Comparison> {
    let part = part.trim();
    let (op, version) = OPS.iter().find_map(|(text, op)| part.strip_prefix(text).map(|rest| (*op, rest.trim())))?;
    let plain = !version.is_empty() && !version.contains(['<', '>', '=', '*', ' ']);
    plain.then(|| (op, version.to_owned()))
}

/// The groups of a vers range.
fn paired(comparisons: Vec<Comparison>) -> Vec<Vec<Comparison>> {
    let (barred, others): (Vec<_>, Vec<_>) = comparisons.into_iter().partition(|(op, _)| *op == Op::NotEqual);
    let is_lower = |op: Op| matches!(op, Op::Greater | Op::GreaterOrEqual);
    let is_upper = |op: Op| matches!(op, Op::Less | Op::LessOrEqual);
    let mut groups: Vec<Vec<Comparison>> = Vec::new();
    match others.as_slice() {
        [] => groups.push(Vec::new()),
        // Two bounds are one span, whichever is written first.
        [(a, _), (b, _)] if is_upper(*a) && is_lower(*b) => groups.push(others),
        _ => {
            for (op, bound) in others {
                match groups.last_mut() {
                    Some(group) if is_upper(op) && matches!(group.as_slice(), [(only, _)] if is_lower(*only)) => {
                        group.push((op, bound));
                    }
                    _ => groups.push(vec![(op, bound)]),
                }
            }
        }
    }
    for group in &mut groups {
        group.extend(barred.iter().cloned());
    }
    groups
}

fn all_hold(group: &[Comparison], ecosystem: &str, version: &str) -> Option<bool> {
    let mut undecided = false;
    for (op, bound) in group {
        match holds(*op, ecosystem, version, bound) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => undecided = true,
        }
    }
    (!undecided).then_some(true)
}

fn holds(op: Op, ecosystem: &str, version: &str, bound: &str) -> Option<bool> {
    let rule = ecosystem::order(ecosystem);
    let (order, local_build) = match rule.and_then(|rule| rule.read(version).zip(rule.read(bound))) {
        // Some of its builds are on the one side of the bound, some on the other.
        Some((version, bound)) if version.is_open() && version.has_build(&bound) => return None,
        Some((version, bound)) => (version.cmp(&bound), bound.has_build(&version)),
        None if version == bound => (Ordering::Equal, false),
        // Of two texts without an order all that is known is that they are written differently.
        None => return None,
    };
    Some(match op {
        Op::Less => order == Ordering::Less,
        Op::LessOrEqual => order != Ordering::Greater || local_build,
        Op::Equal => order == Ordering::Equal || local_build,
        Op::NotEqual => order != Ordering::Equal && !local_build,
        Op::GreaterOrEqual => order != Ordering::Less,
        Op::Greater => order == Ordering::Greater,
    })
}

/// Whether a stated version is the one that was asked for: equal as text or by its ecosystem's order, or a build of it;
/// `None` where it may be any of several builds and one of them was asked for.
pub(crate) fn same(ecosystem: &str, stated: &str, asked: &str) -> Option<bool> {
    if version::agree(stated, asked) {
        return Some(true);
    }
    let rule = ecosystem::order(ecosystem);
    let Some((stated, asked)) = rule.and_then(|rule| rule.read(stated).zip(rule.read(asked))) else { return Some(false) };
    let open = stated.is_open() && stated.has_build(&asked);
    (!open).then_some(stated == asked || asked.has_build(&stated))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_go_by_order() {
        for (ecosystem, range, version, inside, why) in [
            ("pypi", "<2.2", "2.2.0rc1", Some(true), "a release candidate comes before its release"),
            ("pypi", ">2.1.0", "2.1.0.post1", Some(true), "a post release comes after"),
            ("pypi", ">2.1.0", "2.1.0+cu121", Some(true), "so does a local build"),
            ("pypi", "==2.1.0", "2.1.0+cu121", Some(true), "a version means its local builds"),
            ("pypi", "<=2.1.0", "2.1.0+cu121", Some(true), "in every comparison that takes in the version itself"),
            ("pypi", ">=1.13,<2.2", "2.2.0", Some(false), "the bound itself"),
            ("pypi", "<2.2", "latest", None, "a word has no order"),
            ("npm", "<2.0.0", "2.0.0-beta.1", Some(true), "SemVer precedence"),
            ("golang", "<1.2.3", "v1.2.3-0.20200101000000-abcdefabcdef", Some(true), "so do pseudo-versions of Go"),
            ("deb", "<2.36-9+deb12u10", "2.36-9+deb12u4", Some(true), "numbers in a revision"),
            ("deb", "<1.0", "bookworm", None, "a word has no order in Debian either"),
            ("rpm", "<=3.0.7", "3.0.7-18.el9_2", Some(true), "a version means its releases"),
            ("rpm", "<3.0.7-25.el9_3", "3.0.7", None, "which release it is decides"),
            ("rpm", "<3.0.8-1", "3.0.7", Some(true), "any release of it is older"),
            ("generic", "<2", "1", None, "no rule is known"),
            ("generic", "==1", "1", Some(true), "equality is always known"),
        ] {
            assert_eq!(Range::parse(range).unwrap().contains(ecosystem, version), inside, "{why}: {version} in {range}");
        }
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for written in ["", "2.1", "<", ">=1,", "<=*"] {
            assert_eq!(Range::parse(written), None, "{written:?}");
        }
        assert_eq!(Range::parse_vers("vers:pypi/>=1.13|<2.2").map(|(e, _)| e).as_deref(), Some("pypi"));
    }

    #[test]
    fn a_build_is_its_version_but_not_the_other_way_round() {
        for (ecosystem, stated, asked, answer) in [
            ("pypi", "2.1.0+cu121", "2.1.0", Some(true)),
            ("pypi", "2.1.0", "2.1.0+cu121", Some(false)),
            ("pypi", "2.1", "2.1.0", Some(true)),
            ("rpm", "3.0.7-18", "3.0.7", Some(true)),
            ("rpm", "3.0.7", "3.0.7-18", None),
            ("rpm", "3.0.6", "3.0.7-18", Some(false)),
            ("generic", "1.0", "1", Some(false)),
        ] {
            assert_eq!(same(ecosystem, stated, asked), answer, "{ecosystem}: {stated} {asked}");
        }
    }

    #[test]
    fn a_vers_range_may_be_of_several_parts() {
        for (range, inside, outside) in [
            (">=1.13|<2.2", &["1.13", "2.0"][..], &["1.12", "2.2"][..]),
            ("<2.2|>=1.13", &["1.13", "2.0"], &["1.12", "2.2"]),
            (">=1|<2|>=3|<4", &["1.5", "3", "3.9"], &["0.9", "2.5", "4"]),
            ("<1|>=2|<3|>=4", &["0.1", "2.5", "7"], &["1", "3.5"]),
            ("1.0|1.2|>=2|!=2.1|<3", &["1.0.0", "1.2", "2.0", "2.2"], &["1.1", "2.1", "3"]),
            ("!=2.1", &["2.0"], &["2.1"]),
        ] {
            let (ecosystem, read) = Range::parse_vers(&format!("vers:pypi/{range}")).unwrap();
            for (versions, expected) in [(inside, true), (outside, false)] {
                for version in versions {
                    assert_eq!(read.contains(&ecosystem, version), Some(expected), "{version} in {range}");
                }
            }
        }
        for written in ["vers:pypi/", "vers:pypi/*", "vers:pypi/>=1|", "vers:pypi", "pypi/>=1"] {
            assert_eq!(Range::parse_vers(written), None, "{written:?}");
        }
    }
}
