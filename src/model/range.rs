//! Version ranges, compared by order as the ecosystem defines it (design.md section 5).
//!
//! Order, not installer habit: `2.2.0rc1` is in `<2.2`, `2.1.0+cu121` is in `>2.1.0`, and a version without local part
//! means its local builds too.

use pep440_rs::Version as Pep440;
use std::cmp::Ordering;
use std::str::FromStr;

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

/// Comparisons that must all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range(Vec<(Op, String)>);

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
    /// Reads `>=1.13,<2.2` or, inside `vers:`, `>=1.13|<2.2`. `None` where a part has no operator or no version.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let parts = written.split([',', '|']).map(|part| {
            let part = part.trim();
            let (op, version) = OPS.iter().find_map(|(text, op)| part.strip_prefix(text).map(|rest| (*op, rest.trim())))?;
            let plain = !version.is_empty() && !version.contains(['<', '>', '=', '*', ' ']);
            plain.then(|| (op, version.to_owned()))
        });
        parts.collect::<Option<Vec<_>>>().filter(|parts| !parts.is_empty()).map(Self)
    }

    /// Reads `vers:pypi/>=1.13|<2.2`: the ecosystem and its range.
    pub(crate) fn parse_vers(written: &str) -> Option<(String, Self)> {
        let (ecosystem, range) = written.strip_prefix("vers:")?.split_once('/')?;
        Some((ecosystem.to_ascii_lowercase(), Self::parse(range)?))
    }

    /// Whether `version` is in the range; `None` where the ecosystem's order is not known or a version cannot be read.
    pub(crate) fn contains(&self, ecosystem: &str, version: &str) -> Option<bool> {
        let mut undecided = false;
        for (op, bound) in &self.0 {
            match holds(*op, ecosystem, version, bound) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => undecided = true,
            }
        }
        (!undecided).then_some(true)
    }
}

fn holds(op: Op, ecosystem: &str, version: &str, bound: &str) -> Option<bool> {
    let order = match compare(ecosystem, version, bound) {
        Some(order) => order,
        None if version == bound => Ordering::Equal,
        // Of two texts without an order all that is known is that they are written differently.
        None => return None,
    };
    let local_build = is_local_build(ecosystem, version, bound);
    Some(match op {
        Op::Less => order == Ordering::Less,
        Op::LessOrEqual => order != Ordering::Greater || local_build,
        Op::Equal => order == Ordering::Equal || local_build,
        Op::NotEqual => order != Ordering::Equal && !local_build,
        Op::GreaterOrEqual => order != Ordering::Less,
        Op::Greater => order == Ordering::Greater,
    })
}

/// `2.1.0+cu121` is a local build of `2.1.0`.
fn is_local_build(ecosystem: &str, version: &str, bound: &str) -> bool {
    let (Some(v), Some(b)) = (pep440(ecosystem, version), pep440(ecosystem, bound)) else { return false };
    !v.local().is_empty() && b.local().is_empty() && v.without_local() == b
}

fn pep440(ecosystem: &str, version: &str) -> Option<Pep440> {
    matches!(ecosystem, "pypi" | "conda").then(|| Pep440::from_str(version.trim()).ok()).flatten()
}

/// Whether two versions of an ecosystem are the same one: equal as text or by its order, or a local build of the asked one.
pub(crate) fn same(ecosystem: &str, version: &str, asked: &str) -> bool {
    crate::model::version::agree(version, asked)
        || compare(ecosystem, version, asked) == Some(Ordering::Equal)
        || is_local_build(ecosystem, version, asked)
}

/// The order of two versions in an ecosystem; `None` where no rule is known or one of them cannot be read.
pub(crate) fn compare(ecosystem: &str, a: &str, b: &str) -> Option<Ordering> {
    match ecosystem {
        "pypi" | "conda" => Some(pep440(ecosystem, a)?.cmp(&pep440(ecosystem, b)?)),
        "npm" | "cargo" => Some(semver(a)?.cmp_precedence(&semver(b)?)),
        "deb" => Some(dpkg(a, b)),
        "rpm" => Some(rpm(a, b)),
        _ => None,
    }
}

fn semver(version: &str) -> Option<semver::Version> {
    let version = version.trim().trim_start_matches('v');
    semver::Version::parse(version).ok().or_else(|| {
        let dots = version.matches('.').count();
        let plain = version.chars().all(|c| c.is_ascii_digit() || c == '.');
        (plain && dots < 2).then(|| semver::Version::parse(&format!("{version}{}", ".0".repeat(2 - dots))).ok()).flatten()
    })
}

/// Order of Debian versions: epoch, upstream, revision (deb-version(7), "Sorting algorithm").
fn dpkg(a: &str, b: &str) -> Ordering {
    fn split(version: &str) -> (u64, &str, &str) {
        let (epoch, rest) = version.trim().split_once(':').unwrap_or(("0", version.trim()));
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
        (epoch.parse().unwrap_or(0), upstream, revision)
    }
    let ((ea, ua, ra), (eb, ub, rb)) = (split(a), split(b));
    ea.cmp(&eb).then_with(|| dpkg_part(ua, ub)).then_with(|| dpkg_part(ra, rb))
}

fn dpkg_part(mut a: &str, mut b: &str) -> Ordering {
    let rank = |c: Option<char>| match c {
        Some('~') => -1,
        None => 0,
        Some(c) if c.is_ascii_digit() => 0,
        Some(c) if c.is_ascii_alphabetic() => i64::from(u32::from(c)),
        Some(c) => i64::from(u32::from(c)) + 256,
    };
    while !(a.is_empty() && b.is_empty()) {
        let at_word = |s: &str| s.starts_with(|c: char| !c.is_ascii_digit());
        while at_word(a) || at_word(b) {
            let (ca, cb) = (a.chars().next(), b.chars().next());
            let order = rank(ca).cmp(&rank(cb));
            if order != Ordering::Equal {
                return order;
            }
            a = ca.and_then(|c| a.get(c.len_utf8()..)).unwrap_or_default();
            b = cb.and_then(|c| b.get(c.len_utf8()..)).unwrap_or_default();
        }
        let (na, ta) = digits(a);
        let (nb, tb) = digits(b);
        let order = by_number(na, nb);
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (ta, tb);
    }
    Ordering::Equal
}

/// Leading digits and the rest.
fn digits(s: &str) -> (&str, &str) {
    let end = s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
    s.split_at(end)
}

/// Compares digit strings of any length by value.
fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Order of RPM versions `epoch:version-release` (rpm's rpmvercmp; a missing release decides nothing).
fn rpm(a: &str, b: &str) -> Ordering {
    fn split(version: &str) -> (u64, &str, Option<&str>) {
        let (epoch, rest) = version.trim().split_once(':').unwrap_or(("0", version.trim()));
        let (version, release) = rest.rsplit_once('-').map_or((rest, None), |(v, r)| (v, Some(r)));
        (epoch.parse().unwrap_or(0), version, release)
    }
    let ((ea, va, ra), (eb, vb, rb)) = (split(a), split(b));
    let release = ra.zip(rb).map_or(Ordering::Equal, |(ra, rb)| rpm_part(ra, rb));
    ea.cmp(&eb).then_with(|| rpm_part(va, vb)).then(release)
}

fn rpm_part(mut a: &str, mut b: &str) -> Ordering {
    loop {
        let skip = |c: char| !c.is_ascii_alphanumeric() && c != '~' && c != '^';
        (a, b) = (a.trim_start_matches(skip), b.trim_start_matches(skip));
        for (mark, on_end) in [('~', Ordering::Less), ('^', Ordering::Greater)] {
            match (a.strip_prefix(mark), b.strip_prefix(mark)) {
                (Some(_), None) => return if mark == '^' && !b.is_empty() { Ordering::Less } else { on_end },
                (None, Some(_)) => return if mark == '^' && !a.is_empty() { Ordering::Greater } else { on_end.reverse() },
                (Some(ta), Some(tb)) => (a, b) = (ta, tb),
                (None, None) => {}
            }
        }
        match (a.is_empty(), b.is_empty()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return if b.starts_with(['~', '^']) { continue } else { Ordering::Less },
            (false, true) => return if a.starts_with(['~', '^']) { continue } else { Ordering::Greater },
            (false, false) => {}
        }
        let number = a.starts_with(|c: char| c.is_ascii_digit());
        if number != b.starts_with(|c: char| c.is_ascii_digit()) {
            // A number is newer than a word.
            return if number { Ordering::Greater } else { Ordering::Less };
        }
        let segment = |s: &str| s.find(|c: char| !c.is_ascii_alphanumeric() || c.is_ascii_digit() != number).unwrap_or(s.len());
        let ((sa, ta), (sb, tb)) = (a.split_at(segment(a)), b.split_at(segment(b)));
        let order = if number { by_number(sa, sb) } else { sa.cmp(sb) };
        if order != Ordering::Equal {
            return order;
        }
        (a, b) = (ta, tb);
    }
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
    fn system_packages_go_by_their_own_order() {
        use Ordering::{Equal, Greater, Less};
        for (ecosystem, a, b, order) in [
            ("deb", "1.0~rc1", "1.0", Less),
            ("deb", "1:0.9", "2.0", Greater),
            ("deb", "2.36-9+deb12u4", "2.36-9+deb12u10", Less),
            ("deb", "1.0", "1.0-0", Equal),
            ("deb", "1.0a", "1.0+b", Less),
            ("rpm", "3.0.7-18.el9_2", "3.0.7-25.el9_3", Less),
            ("rpm", "1.0~rc1", "1.0", Less),
            ("rpm", "1.0^git1", "1.0", Greater),
            ("rpm", "1.0^git1", "1.0.1", Less),
            ("rpm", "1:1.0", "2.0", Greater),
            ("rpm", "1.a", "1.1", Less),
            ("rpm", "1.05", "1.5", Equal),
        ] {
            assert_eq!(compare(ecosystem, a, b), Some(order), "{ecosystem}: {a} {b}");
            assert_eq!(compare(ecosystem, b, a), Some(order.reverse()), "{ecosystem}: {b} {a}");
        }
    }
}
