//! Which advisories are about one vulnerability: those that are aliases of one another, also by way of others.
//!
//! Invariant: a row only gathers; what its advisories mean does not depend on it.

use crate::model::advisory::Advisory;
use std::collections::BTreeMap;

/// Advisories of one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Numbers of its advisories, least first.
    pub members: Vec<usize>,
}

impl Row {
    /// What the row is called: the id of the first advisory that asks something, so that a VEX statement lends no name.
    pub(crate) fn id<'a>(&self, by_number: &dyn Fn(usize) -> Option<&'a Advisory>) -> &'a str {
        let members = || self.members.iter().filter_map(|member| by_number(*member));
        let asking = members().find(|advisory| advisory.statements.is_empty());
        asking.or_else(|| members().next()).map_or("", |advisory| &advisory.id)
    }

    /// All other names, each once, sorted.
    pub(crate) fn aliases<'a>(&self, by_number: &dyn Fn(usize) -> Option<&'a Advisory>) -> Vec<&'a str> {
        let id = self.id(by_number);
        let members = self.members.iter().filter_map(|member| by_number(*member));
        let names = members.flat_map(|advisory| std::iter::once(&advisory.id).chain(&advisory.aliases)).map(String::as_str);
        let mut all: Vec<&str> = names.filter(|name| !name.trim().is_empty() && !name.eq_ignore_ascii_case(id)).collect();
        all.sort_unstable_by_key(|name| (name.to_lowercase(), *name));
        all.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        all
    }
}

/// Puts advisories together that share an id or alias, in any case. Rows stand in the order of their first advisory.
pub(crate) fn rows(advisories: &[&Advisory]) -> Vec<Row> {
    let mut parent: Vec<usize> = (0..advisories.len()).collect();
    let mut owner: BTreeMap<String, usize> = BTreeMap::new();
    for (number, advisory) in advisories.iter().enumerate() {
        for name in advisory.names() {
            let first = *owner.entry(name).or_insert(number);
            let (a, b) = (root(&mut parent, first), root(&mut parent, number));
            if let Some(slot) = parent.get_mut(a.max(b)) {
                *slot = a.min(b);
            }
        }
    }
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for number in 0..advisories.len() {
        rows.entry(root(&mut parent, number)).or_default().push(number);
    }
    rows.into_values().map(|members| Row { members }).collect()
}

/// The first advisory of the row that a number is in so far; the way there is shortened.
fn root(parent: &mut [usize], mut number: usize) -> usize {
    while let Some(up) = parent.get(number).copied().filter(|up| *up != number) {
        let above = parent.get(up).copied().unwrap_or(up);
        if let Some(slot) = parent.get_mut(number) {
            *slot = above;
        }
        number = above;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::advisory::AdvisoryFormat;
    use crate::model::document::Place;

    #[test]
    fn aliases_of_one_another_are_one_row_also_by_way_of_a_third() {
        let advisory = |id: &str, aliases: &[&str]| Advisory {
            aliases: aliases.iter().map(ToString::to_string).collect(),
            ..Advisory::new(AdvisoryFormat::Osv, id, Place::default())
        };
        let all = [
            advisory("GHSA-1", &["cve-1"]),
            advisory("PYSEC-2", &[]),
            advisory("PYSEC-1", &["CVE-1b"]),
            advisory("X", &["CVE-1", "pysec-1"]),
        ];
        let all: Vec<&Advisory> = all.iter().collect();
        let rows = rows(&all);
        let by_number = |number: usize| all.get(number).copied();
        assert_eq!(rows.iter().map(|row| row.members.clone()).collect::<Vec<_>>(), [vec![0, 2, 3], vec![1]]);
        assert_eq!(rows[0].id(&by_number), "GHSA-1");
        assert_eq!(rows[0].aliases(&by_number), ["CVE-1", "CVE-1b", "PYSEC-1", "X"]);
    }
}
