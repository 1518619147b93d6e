//! OpenVEX: statements about products, gathered by vulnerability.
//!
//! Invariant: `affected` and `under_investigation` select, since widening needs nobody's trust; the others are only told.

use crate::formats::advisory::Advisories;
use crate::formats::advisory::picks;
use crate::formats::facts::report;
use crate::formats::facts::shown;
use crate::formats::tree::Node;
use crate::model::advisory::Advisory;
use crate::model::advisory::AdvisoryFormat;
use crate::model::advisory::Pick;
use crate::model::advisory::Statement;
use crate::model::advisory::VexStatus;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use std::collections::BTreeMap;

/// Reads one document: an advisory for each vulnerability that it speaks of.
pub(super) fn read(root: Node<'_>, read: &mut Advisories) {
    let first = read.all.len();
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    let (mut terms, documents_time) = (0, picks::text(root, "timestamp"));
    for entry in root.each_map("statements") {
        let products = products(entry, &mut read.findings);
        terms += 1 + products.len();
        if terms > picks::TERMS {
            read.all.truncate(first);
            read.findings.push(picks::too_many_terms(entry.place()));
            return;
        }
        let (id, aliases) = vulnerability(entry);
        let row = *rows.entry(id.clone()).or_insert_with(|| {
            let mut advisory = Advisory::new(AdvisoryFormat::OpenVex, &id, entry.place());
            advisory.author = picks::text(root, "author");
            advisory.published.clone_from(&documents_time);
            advisory.modified = picks::text(root, "last_updated").or_else(|| documents_time.clone());
            read.all.push(advisory);
            read.all.len() - 1
        });
        let statement = statement(entry, products, documents_time.clone(), &mut read.findings);
        let Some(advisory) = read.all.get_mut(row) else { continue };
        advisory.aliases.extend(aliases);
        add(advisory, statement);
    }
}

/// Puts a statement into its advisory; what it says is affected, or may be, is also asked.
pub(super) fn add(advisory: &mut Advisory, statement: Statement) {
    match statement.status {
        VexStatus::Affected => advisory.affected.extend(statement.products.iter().cloned()),
        VexStatus::UnderInvestigation => {
            let doubted = statement.products.iter().cloned().map(|pick| pick.doubted("its author is still looking into it"));
            advisory.affected.extend(doubted);
        }
        VexStatus::NotAffected | VexStatus::Fixed => {}
    }
    advisory.statements.push(statement);
}

/// The id and the other names: a mapping since version 0.2, a text before.
fn vulnerability(entry: Node<'_>) -> (String, Vec<String>) {
    let Some(value) = entry.get("vulnerability") else { return (String::new(), Vec::new()) };
    let id = value.text().or(value.str("name")).or(value.str("@id")).unwrap_or_default();
    (id.to_owned(), picks::texts(value, "aliases"))
}

fn statement(entry: Node<'_>, products: Vec<Pick>, documents_time: Option<String>, findings: &mut Vec<Finding>) -> Statement {
    let written = entry.str("status").unwrap_or_default();
    let status = match written {
        "affected" => VexStatus::Affected,
        "not_affected" => VexStatus::NotAffected,
        "fixed" => VexStatus::Fixed,
        "under_investigation" => VexStatus::UnderInvestigation,
        _ => {
            let message = format!("`{}` is no status of OpenVEX: read as under_investigation", shown(written));
            let help = "use affected, not_affected, fixed or under_investigation";
            report(findings, Finding::new(Code::Invalid, entry.place(), message, help));
            VexStatus::UnderInvestigation
        }
    };
    let detail = ["impact_statement", "action_statement", "status_notes"].into_iter().find_map(|key| picks::text(entry, key));
    Statement {
        status,
        products,
        justification: picks::text(entry, "justification"),
        detail,
        time: picks::text(entry, "timestamp").or(documents_time),
        place: entry.place(),
    }
}

/// The products, and their parts, which are never sure: they are meant inside the product only.
fn products(entry: Node<'_>, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let mut found = Vec::new();
    for product in entry.each("products") {
        found.extend(identified(product, findings));
        for part in product.each("subcomponents") {
            let parts = identified(part, findings);
            found.extend(parts.into_iter().map(|pick| pick.doubted("meant as a part of a product only")));
        }
    }
    found
}

fn identified(product: Node<'_>, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let place = product.place();
    if let Some(text) = product.text() {
        return picks::of_identifier(text, place, findings);
    }
    let mut found = Vec::new();
    if let Some(identifiers) = product.get("identifiers") {
        found.extend(identifiers.str("purl").into_iter().flat_map(|purl| picks::of_purl(purl, place, findings)));
    }
    for hash in product.all("hashes").flat_map(Node::children) {
        found.extend(hash.key().and_then(|algorithm| picks::of_hash(algorithm, hash, findings)));
    }
    if let Some(id) = product.str("@id").filter(|id| found.is_empty() || id.starts_with("pkg:")) {
        for pick in picks::of_identifier(id, place, findings) {
            if !found.contains(&pick) {
                found.push(pick);
            }
        }
    }
    found
}
