//! CycloneDX VEX: the vulnerabilities of a BOM, about its own components or, by BOM-Link, about those of another one.
//!
//! Invariant: a bare `bom-ref` is looked up in its own document only; where that does not declare it, it is reported.
//! Absent on purpose: lineage, which `formats::cyclonedx` reads from the same file.

use crate::formats::advisory::Advisories;
use crate::formats::advisory::openvex;
use crate::formats::advisory::picks;
use crate::formats::cyclonedx::refs;
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
use crate::model::purl::Purl;
use rustc_hash::FxHashMap;

/// So many components that claim one `bom-ref` are meant by it.
const DOUBLES: usize = 16;

/// Reads the vulnerabilities of one document.
pub(super) fn read(root: Node<'_>, read: &mut Advisories) {
    let entries = Entries::of(root);
    let metadata = root.get("metadata");
    let time = metadata.and_then(|metadata| picks::text(metadata, "timestamp"));
    let mut terms = 0;
    for entry in root.each_map("vulnerabilities") {
        let mut advisory = Advisory::new(AdvisoryFormat::CycloneDx, entry.str("id").unwrap_or_default(), entry.place());
        advisory.aliases = entry.each_map("references").into_iter().filter_map(|other| picks::text(other, "id")).collect();
        advisory.published = picks::text(entry, "published").or_else(|| time.clone());
        advisory.modified = picks::text(entry, "updated").or_else(|| time.clone());
        advisory.summary = picks::text(entry, "description");
        advisory.severity = entry.each_map("ratings").into_iter().find_map(|rating| picks::text(rating, "severity"));
        advisory.references = entry.each_map("advisories").into_iter().filter_map(|link| picks::text(link, "url")).collect();
        advisory.author = author(root);
        for statement in statements(entry, &entries, &mut read.findings) {
            terms += 1 + statement.products.len();
            openvex::add(&mut advisory, statement);
        }
        if terms > picks::TERMS {
            read.findings.push(picks::too_many_terms(entry.place()));
            return;
        }
        read.all.push(advisory);
    }
}

/// Who made the document: a person or organisation, else a tool.
fn author(root: Node<'_>) -> Option<String> {
    let metadata = root.get("metadata")?;
    let people = ["authors", "supplier", "manufacturer", "manufacture"].into_iter().flat_map(|key| metadata.each_map(key));
    let named = people.into_iter().find_map(|who| picks::text(who, "name"));
    named.or_else(|| metadata.each_map("tools").into_iter().find_map(|tool| picks::text(tool, "name")))
}

/// The components of one document, by their `bom-ref`.
struct Entries<'t> {
    known: FxHashMap<&'t str, Vec<Node<'t>>>,
    document_link: Option<String>,
}

impl<'t> Entries<'t> {
    fn of(root: Node<'t>) -> Self {
        let mut known: FxHashMap<&'t str, Vec<Node<'t>>> = FxHashMap::default();
        let subject = root.get("metadata").and_then(|metadata| metadata.get("component"));
        let mut open: Vec<Node<'t>> = subject.into_iter().chain(root.each_map("components")).collect();
        open.extend(root.each_map("services"));
        while let Some(component) = open.pop() {
            if let Some(bom_ref) = component.str("bom-ref") {
                let alike = known.entry(bom_ref).or_default();
                if alike.len() < DOUBLES {
                    alike.push(component);
                }
            }
            open.extend(component.each_map("components"));
        }
        Self { known, document_link: refs::document_link(root) }
    }

    /// What a reference picks, without versions.
    fn picks(&self, text: &str, entry: Node<'t>, narrowed: bool, findings: &mut Vec<Finding>) -> Vec<Pick> {
        let link = refs::bom_link(text);
        let own = link.as_deref().and_then(|link| link.strip_prefix(self.document_link.as_deref()?)?.strip_prefix('#'));
        if let Some(components) = self.known.get(own.unwrap_or(text)) {
            let mut found: Vec<Pick> =
                components.iter().flat_map(|component| declared(*component, entry, narrowed, findings)).collect();
            // The entry itself, where the document lies in the repository too.
            let document = self.document_link.as_ref().filter(|_| !narrowed);
            let global = document.and_then(|document| refs::bom_link(&format!("{document}#{}", own.unwrap_or(text))));
            found.extend(global.map(|link| Pick { bom_link: Some(link), ..Pick::at(entry.place()) }));
            return found;
        }
        if let Some(link) = link {
            return picks::of_bom_link(&link, entry.place());
        }
        let message = format!("`{}` is no `bom-ref` of this document", shown(text));
        let help = "declare the component, or point at its BOM with `urn:cdx:SERIAL/VERSION#REF`";
        report(findings, Finding::new(Code::Dangling, entry.place(), message, help));
        let doubted = |pick: Pick| pick.doubted("the advisory names an entry that its document does not declare");
        picks::of_identifier(text, entry.place(), findings).into_iter().map(doubted).collect()
    }
}

/// What a declared component is known by: purl and hashes, else its name. `narrowed`: other versions than its own are meant.
fn declared(component: Node<'_>, entry: Node<'_>, narrowed: bool, findings: &mut Vec<Finding>) -> Vec<Pick> {
    let mut found: Vec<Pick> = match component.str("purl") {
        Some(purl) if narrowed => {
            let bare = Purl::parse(purl).map(|purl| Purl { canonical: purl.without_version(), version: None, ..purl });
            vec![Pick { purl: bare, ..Pick::at(entry.place()) }]
        }
        Some(purl) => picks::of_purl(purl, entry.place(), findings),
        None => Vec::new(),
    };
    for hash in component.each_map("hashes").into_iter().filter(|_| !narrowed) {
        let algorithm = hash.str("alg").unwrap_or_default();
        found.extend(hash.get("content").and_then(|content| picks::of_hash(algorithm, content, findings)));
    }
    found.retain(|pick| !pick.is_empty());
    if let Some(name) = component.str("name").filter(|_| found.is_empty()) {
        let name = component.str("group").map_or_else(|| name.to_owned(), |group| format!("{group}/{name}"));
        let listed = if narrowed { Vec::new() } else { picks::listed(component, "version") };
        let versions = Versions { listed, ..Versions::default() };
        found.push(Pick { name: Some(name), versions, ..Pick::at(entry.place()) });
    }
    found
}

/// What is said of each `affects`: by the analysis, or by version.
fn statements(entry: Node<'_>, entries: &Entries<'_>, findings: &mut Vec<Finding>) -> Vec<Statement> {
    let analysis = entry.get("analysis");
    let status = status(analysis, findings);
    let text = |key| analysis.and_then(|analysis| picks::text(analysis, key));
    let make = |status: VexStatus, products: Vec<Pick>| Statement {
        status,
        products,
        justification: text("justification"),
        detail: text("detail"),
        time: text("lastUpdated").or_else(|| text("firstIssued")).or_else(|| picks::text(entry, "updated")),
        place: analysis.map_or(entry.place(), Node::place),
    };
    let mut whole = Vec::new();
    let mut found = Vec::new();
    for affects in entry.each("affects") {
        let Some(text) = affects.text().or(affects.str("ref")) else { continue };
        let versions = affects.each_map("versions");
        if versions.is_empty() {
            whole.extend(entries.picks(text, affects, false, findings));
            continue;
        }
        let base = entries.picks(text, affects, true, findings);
        for (word, meant) in
            [("affected", status), ("unknown", VexStatus::UnderInvestigation), ("unaffected", VexStatus::NotAffected)]
        {
            let of_word: Vec<Node<'_>> =
                versions.iter().copied().filter(|version| version.str("status").unwrap_or("affected") == word).collect();
            if of_word.is_empty() {
                continue;
            }
            let versions = listed(&of_word, findings);
            let with = |pick: &Pick| Pick { versions: versions.clone(), ..pick.clone() };
            found.push(make(meant, base.iter().map(with).collect()));
        }
    }
    if !whole.is_empty() || found.is_empty() {
        found.insert(0, make(status, whole));
    }
    found
}

/// Versions one by one, and ranges (`vers:`).
fn listed(versions: &[Node<'_>], findings: &mut Vec<Finding>) -> Versions {
    let mut all = Versions::default();
    for version in versions {
        all.listed.extend(picks::listed(*version, "version"));
        let Some(written) = version.get("range") else { continue };
        let text = written.text().unwrap_or_default();
        if let Some(range) = picks::range(text) {
            all.ranges.push(range);
        } else {
            let message = format!("`{}` is no version range: every version counts", shown(text));
            report(findings, Finding::new(Code::Invalid, written.place(), message, "write `vers:pypi/>=1.13|<2.2`"));
            return Versions::default();
        }
    }
    all
}

/// What the analysis says; a vulnerability that is listed without one affects what it lists.
fn status(analysis: Option<Node<'_>>, findings: &mut Vec<Finding>) -> VexStatus {
    let Some((place, state)) = analysis.and_then(|analysis| Some((analysis.place(), analysis.str("state")?))) else {
        return VexStatus::Affected;
    };
    match state {
        "exploitable" => VexStatus::Affected,
        "in_triage" => VexStatus::UnderInvestigation,
        "not_affected" | "false_positive" => VexStatus::NotAffected,
        "resolved" | "resolved_with_pedigree" => VexStatus::Fixed,
        other => {
            let message = format!("`{}` is no state of an analysis: read as in_triage", shown(other));
            let help = "use exploitable, in_triage, not_affected, false_positive or resolved";
            report(findings, Finding::new(Code::Invalid, place, message, help));
            VexStatus::UnderInvestigation
        }
    }
}
