//! CSAF 2.0 and 2.1: a tree of products, relations between them, and what each vulnerability does to which.
//!
//! Invariant: in a VEX (`csaf_vex`) what is not affected or fixed is told and narrows nothing; in an advisory it narrows its own
//! question.
//! Invariant: a product is known by every helper that identifies it; one without a helper by its name, which is a doubt.
//! Absent on purpose: CPE, which nothing in a repository can be matched with.

use crate::formats::advisory::Advisories;
use crate::formats::advisory::openvex;
use crate::formats::advisory::picks;
use crate::formats::facts::report;
use crate::formats::facts::shown;
use crate::formats::tree::Node;
use crate::model::advisory::Advisory;
use crate::model::advisory::AdvisoryFormat;
use crate::model::advisory::Pick;
use crate::model::advisory::Statement;
use crate::model::advisory::Versions;
use crate::model::advisory::VexStatus;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;

/// What each list of `product_status` means.
const STATUSES: [(&str, VexStatus); 8] = [
    ("known_affected", VexStatus::Affected),
    ("first_affected", VexStatus::Affected),
    ("last_affected", VexStatus::Affected),
    ("under_investigation", VexStatus::UnderInvestigation),
    ("unknown", VexStatus::UnderInvestigation),
    ("known_not_affected", VexStatus::NotAffected),
    ("fixed", VexStatus::Fixed),
    ("first_fixed", VexStatus::Fixed),
];

/// Reads one document: an advisory for each of its vulnerabilities.
pub(super) fn read(root: Node<'_>, read: &mut Advisories) {
    let Some(document) = root.get("document") else { return };
    let tracking = document.get("tracking");
    let of_tracking = |key: &str| tracking.and_then(|tracking| picks::text(tracking, key));
    let is_vex = document.str("category").is_some_and(|category| category.eq_ignore_ascii_case("csaf_vex"));
    let mut products = Products::of(root, &mut read.findings);
    for entry in root.each_map("vulnerabilities") {
        let ids = entry.each_map("ids").into_iter().filter_map(|id| picks::text(id, "text"));
        let mut names: Vec<String> = picks::text(entry, "cve").into_iter().chain(ids).chain(of_tracking("id")).collect();
        let id = if names.is_empty() { String::new() } else { names.remove(0) };
        let mut advisory = Advisory::new(AdvisoryFormat::Csaf, &id, entry.place());
        // The document's own id is that of all its vulnerabilities: as an alias it would make them one.
        names.pop();
        advisory.aliases = names;
        advisory.published = of_tracking("initial_release_date");
        advisory.modified = of_tracking("current_release_date");
        advisory.summary = picks::text(entry, "title").or_else(|| note(entry)).or_else(|| picks::text(document, "title"));
        advisory.severity = severity(document, entry);
        let links = document.each_map("references").into_iter().chain(entry.each_map("references"));
        advisory.references = links.filter_map(|link| picks::text(link, "url")).collect();
        advisory.author = document.get("publisher").and_then(|publisher| picks::text(publisher, "name"));
        for statement in statements(entry, &mut products, &mut read.findings) {
            add(&mut advisory, statement, is_vex);
        }
        if products.taken > picks::TERMS {
            read.findings.push(picks::too_many_terms(entry.place()));
            return;
        }
        read.all.push(advisory);
    }
}

fn add(advisory: &mut Advisory, statement: Statement, is_vex: bool) {
    if is_vex {
        return openvex::add(advisory, statement);
    }
    match statement.status {
        VexStatus::NotAffected => advisory.not_affected.extend(statement.products),
        VexStatus::Fixed => advisory.fixed.extend(statement.products),
        VexStatus::Affected | VexStatus::UnderInvestigation => {
            openvex::add(advisory, statement);
            advisory.statements.clear();
        }
    }
}

fn note(entry: Node<'_>) -> Option<String> {
    let notes = entry.each_map("notes");
    let of = |category: &str| {
        notes.iter().find(|note| note.str("category") == Some(category)).and_then(|note| picks::text(*note, "text"))
    };
    of("summary").or_else(|| of("description"))
}

fn severity(document: Node<'_>, entry: Node<'_>) -> Option<String> {
    let whole = document.get("aggregate_severity").and_then(|severity| picks::text(severity, "text"));
    let scores = entry.each_map("scores").into_iter().chain(entry.each_map("metrics"));
    let score = |score: Node<'_>| {
        let score = score.get("content").unwrap_or(score);
        ["cvss_v4", "cvss_v3", "cvss_v2"].into_iter().find_map(|key| picks::text(score.get(key)?, "baseSeverity"))
    };
    scores.into_iter().find_map(score).or(whole)
}

/// One statement for each status and reason.
fn statements(entry: Node<'_>, products: &mut Products<'_>, findings: &mut Vec<Finding>) -> Vec<Statement> {
    let Some(status) = entry.get("product_status") else { return Vec::new() };
    let mut found = Vec::new();
    for (key, meant) in STATUSES {
        for list in status.all(key) {
            let ids: Vec<Node<'_>> = list.children().filter(|id| id.text().is_some_and(|id| !id.trim().is_empty())).collect();
            if ids.is_empty() {
                continue;
            }
            let mut picked = Vec::new();
            for id in &ids {
                picked.extend(products.picks(id.text().unwrap_or_default(), *id, findings));
            }
            let named: FxHashSet<&str> = ids.iter().filter_map(|id| id.text()).collect();
            let about = |other: &Node<'_>| other.items("product_ids").filter_map(Node::text).any(|id| named.contains(id));
            let flag = entry.each_map("flags").into_iter().find(about);
            let impacts = entry.each_map("threats").into_iter().filter(|threat| threat.str("category") == Some("impact"));
            let threat = impacts.into_iter().find(|threat| about(threat) || threat.get("product_ids").is_none());
            found.push(Statement {
                status: meant,
                products: picked,
                justification: flag.and_then(|flag| picks::text(flag, "label")),
                detail: threat.and_then(|threat| picks::text(threat, "details")),
                time: flag.or(threat).and_then(|node| picks::text(node, "date")),
                place: list.place(),
            });
        }
    }
    found
}

/// The products that a document names, by `product_id`.
struct Products<'t> {
    known: FxHashMap<&'t str, Vec<Pick>>,
    /// Relations and groups are looked up when they are asked for: product, and what it is a part of.
    pairs: FxHashMap<&'t str, (&'t str, &'t str)>,
    groups: FxHashMap<&'t str, Vec<&'t str>>,
    /// How many picks were given out; past the limit no more are.
    taken: usize,
}

impl<'t> Products<'t> {
    fn of(root: Node<'t>, findings: &mut Vec<Finding>) -> Self {
        let mut products =
            Self { known: FxHashMap::default(), pairs: FxHashMap::default(), groups: FxHashMap::default(), taken: 0 };
        let Some(tree) = root.get("product_tree") else { return products };
        for product in tree.each_map("full_product_names") {
            products.product(product, Branch::default(), findings);
        }
        let mut open: Vec<(Node<'t>, Branch<'t>)> =
            tree.each_map("branches").into_iter().map(|branch| (branch, Branch::default())).collect();
        while let Some((branch, above)) = open.pop() {
            let own = above.with(branch);
            if let Some(product) = branch.get("product") {
                products.product(product, own, findings);
            }
            open.extend(branch.each_map("branches").into_iter().map(|branch| (branch, own)));
        }
        for relation in tree.each_map("relationships") {
            let whole = relation.get("full_product_name");
            if let (Some(whole), Some(part), Some(of)) = (
                whole.and_then(|whole| whole.str("product_id")),
                relation.str("product_reference"),
                relation.str("relates_to_product_reference"),
            ) {
                if let Some(whole) = whole_with_helper(relation) {
                    products.product(whole, Branch::default(), findings);
                }
                products.pairs.insert(whole, (part, of));
            }
        }
        for group in tree.each_map("product_groups") {
            let members = group.each("product_ids").into_iter().filter_map(Node::text).collect();
            products.groups.extend(group.str("group_id").map(|id| (id, members)));
        }
        products
    }

    fn product(&mut self, product: Node<'t>, branch: Branch<'t>, findings: &mut Vec<Finding>) {
        let Some(id) = product.str("product_id") else { return };
        let mut found = helpers(product, findings);
        let versions = branch.versions(findings);
        if found.is_empty() {
            let name = branch.name.or_else(|| product.str("name"));
            found.extend(name.map(|name| picks::by_name_only(name, product.place())));
            for pick in &mut found {
                pick.versions = versions.clone();
            }
        } else if !versions.ranges.is_empty() {
            // A range narrows a purl that has no version; a version beside a purl is that of the purl.
            for pick in found.iter_mut().filter(|pick| pick.purl.as_ref().is_some_and(|purl| purl.version.is_none())) {
                pick.versions = versions.clone();
            }
        }
        self.known.entry(id).or_default().extend(found);
    }

    /// What a product id picks. One that the document does not declare is reported.
    fn picks(&mut self, id: &str, at: Node<'_>, findings: &mut Vec<Finding>) -> Vec<Pick> {
        let mut found: Vec<Pick> = Vec::new();
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut open: Vec<(&str, bool)> = vec![(id, false)];
        while let Some((id, as_part)) = open.pop() {
            self.taken += 1;
            if self.taken > picks::TERMS || !seen.insert(id) {
                continue;
            }
            let own = self.known.get(id).cloned().unwrap_or_default();
            let pair = self.pairs.get(id).copied();
            if let Some((part, of)) = pair {
                // A platform is named by CPE only, and then the part is what is meant.
                let of_product = self.known.get(of).is_some_and(|picks| picks.iter().any(|pick| pick.doubt.is_none()));
                open.push((of, as_part));
                open.push((part, as_part || of_product));
            } else if own.is_empty() && !self.groups.contains_key(id) {
                let message = format!("the product `{}` is not in the document's tree: it is not looked for", shown(id));
                report(findings, Finding::new(Code::Dangling, at.place(), message, "declare it in `product_tree`"));
            }
            open.extend(self.groups.get(id).into_iter().flatten().map(|member| (*member, as_part)));
            found.extend(
                own.into_iter().map(|pick| if as_part { pick.doubted("meant as a part of a product only") } else { pick }),
            );
        }
        found
    }
}

/// The whole of a relation, if it has an identifier of its own.
fn whole_with_helper(relation: Node<'_>) -> Option<Node<'_>> {
    relation.get("full_product_name").filter(|whole| whole.get("product_identification_helper").is_some())
}

/// What the identification helper of a product picks: `purl` in 2.0, `purls` in 2.1, file hashes in both.
fn helpers(product: Node<'_>, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let mut found = Vec::new();
    for helper in product.all("product_identification_helper") {
        for purl in helper.each("purl").into_iter().chain(helper.each("purls")) {
            found.extend(purl.text().into_iter().flat_map(|text| picks::of_purl(text, purl.place(), findings)));
        }
        for hash in helper.each_map("hashes").into_iter().flat_map(|hashes| hashes.each_map("file_hashes")) {
            let algorithm = hash.str("algorithm").unwrap_or_default();
            found.extend(hash.get("value").and_then(|value| picks::of_hash(algorithm, value, findings)));
        }
    }
    found
}

/// What the branches above a product say of it.
#[derive(Default, Clone, Copy)]
struct Branch<'t> {
    name: Option<&'t str>,
    version: Option<&'t str>,
    range: Option<Node<'t>>,
}

impl<'t> Branch<'t> {
    fn with(self, branch: Node<'t>) -> Self {
        let name = branch.get("name").filter(|name| name.text().is_some_and(|text| !text.trim().is_empty()));
        match branch.str("category") {
            Some("product_name") => Self { name: name.and_then(Node::text), ..self },
            Some("product_version") => Self { version: name.and_then(Node::text), ..self },
            Some("product_version_range") => Self { range: name, ..self },
            Some(_) | None => self,
        }
    }

    fn versions(self, findings: &mut Vec<Finding>) -> Versions {
        let mut versions = Versions::default();
        versions.listed.extend(self.version.map(|version| version.trim().into()));
        let Some(range) = self.range else { return versions };
        let text = range.text().unwrap_or_default();
        if let Some(range) = picks::range(text) {
            versions.ranges.push(range);
        } else {
            let message = format!("`{}` is no version range: every version counts", shown(text));
            report(findings, Finding::new(Code::Invalid, range.place(), message, "write `vers:pypi/>=1.13|<2.2`"));
        }
        versions
    }
}
