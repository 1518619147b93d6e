//! Package elements of SPDX 3 to mentions.
//!
//! Invariant: a plain package that only repeats a model or dataset of its document is no second mention.
//! Absent on purpose: files; which package the document is about.

use crate::formats::spdx;
use crate::formats::spdx::facts;
use crate::formats::spdx::facts::Facts;
use crate::formats::spdx::relation;
use crate::formats::spdx::stated::Stated;
use crate::formats::spdx3::element;
use crate::formats::spdx3::element::Element;
use crate::formats::spdx3::element::Names;
use crate::formats::tree::Node;
use crate::model::document::Document;
use crate::model::document::MentionId;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::hub::HubKey;
use crate::model::kind::Kind;
use crate::model::version;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;

/// Members that are read here, by every spelling, or say nothing to a person.
const NOT_SHOWN: [&str; 22] = [
    "type",
    "@type",
    "spdxId",
    "@id",
    "creationInfo",
    "name",
    "packageVersion",
    "software_packageVersion",
    "verifiedUsing",
    "externalIdentifier",
    "externalRef",
    "extension",
    "packageUrl",
    "software_packageUrl",
    "copyrightText",
    "software_copyrightText",
    "suppliedBy",
    "originatedBy",
    "element",
    "rootElement",
    "contentIdentifier",
    "software_contentIdentifier",
];

/// Entries under one id that relationships reach; one id is meant to name one entry.
const SAME_ID: usize = 4;

/// The components of one document.
pub(crate) struct Packages<'t> {
    ids: FxHashMap<String, Vec<MentionId>>,
    /// Each mention with the element that it comes from and its `ml_sbom:` lines.
    pub entries: Vec<(MentionId, Element<'t>, Stated<'t>)>,
}

struct Entry<'t> {
    element: Element<'t>,
    id: String,
    facts: Facts<'t>,
}

impl<'t> Packages<'t> {
    /// The mentions that an id names.
    pub(crate) fn here(&self, id: &str) -> &[MentionId] {
        self.ids.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Reads all package elements.
    pub(crate) fn gather(elements: &[Element<'t>], names: &Names<'t>, document: &mut Document) -> Self {
        let annotations = annotations(elements, names);
        let mut entries = Vec::new();
        for element in elements {
            let typed = match element.class {
                "AIPackage" => Some(Kind::Model),
                "DatasetPackage" => Some(Kind::Dataset),
                "Package" => None,
                _ => continue,
            };
            document.counts.components += 1;
            document.counts.models += usize::from(typed == Some(Kind::Model));
            document.counts.datasets += usize::from(typed == Some(Kind::Dataset));
            let id = names.id(element.node);
            let mut facts = facts_of(*element, &mut document.findings);
            facts.typed = typed;
            if let Some(stated) = annotations.get(&id) {
                facts.stated.extend(stated);
            }
            entries.push(Entry { element: *element, id, facts });
        }
        take_artifacts(elements, names, &mut entries);
        let twins = twins(&entries);
        let extra: Vec<(usize, Facts<'t>)> =
            twins.iter().enumerate().filter_map(|(n, twin)| Some(((*twin)?, entries.get(n)?.facts.clone()))).collect();
        for (twin, facts) in &extra {
            if let Some(entry) = entries.get_mut(*twin) {
                entry.facts.absorb(facts);
            }
        }
        Self::mentions(&entries, &twins, elements, names, document)
    }

    fn mentions(
        entries: &[Entry<'t>],
        twins: &[Option<usize>],
        elements: &[Element<'t>],
        names: &Names<'t>,
        document: &mut Document,
    ) -> Self {
        let mut packages = Self { ids: FxHashMap::default(), entries: Vec::new() };
        let agents: FxHashMap<String, Element<'t>> = elements
            .iter()
            .filter(|e| matches!(e.class, "Organization" | "Person" | "SoftwareAgent" | "Agent"))
            .map(|e| (names.id(e.node), *e))
            .collect();
        let mut made: Vec<Option<MentionId>> = Vec::with_capacity(entries.len());
        for (entry, twin) in entries.iter().zip(twins) {
            if twin.is_some() {
                made.push(None);
                continue;
            }
            let global = Some(entry.id.clone()).filter(|id| element::is_global(id));
            let mention = document.mention(entry.facts.draft(global));
            facts::show(document, mention, entry.element.node, &NOT_SHOWN);
            for key in ["suppliedBy", "originatedBy"] {
                for agent in entry.element.each(key) {
                    let name = names.reference(agent).and_then(|id| agents.get(&id)).and_then(|agent| agent.str("name"));
                    if let Some(name) = name.or_else(|| agent.text()).filter(|name| !spdx::is_absent(name)) {
                        document.field(mention, key, name, agent.place().line);
                    }
                }
            }
            made.push(Some(mention));
            packages.entries.push((mention, entry.element, entry.facts.stated.clone()));
        }
        for (n, entry) in entries.iter().enumerate() {
            let at = twins.get(n).copied().flatten().unwrap_or(n);
            if let Some(mention) = made.get(at).copied().flatten() {
                packages.declare(entry, mention, document);
            }
        }
        packages
    }

    fn declare(&mut self, entry: &Entry<'t>, mention: MentionId, document: &mut Document) {
        let same = self.ids.entry(entry.id.clone()).or_default();
        if !same.is_empty() {
            let message = format!("`{}` names more than one element", Untrusted::new(&entry.id).show());
            let help = "give each element its own spdxId; what refers to it is taken to mean all of them";
            document.findings.push(Finding::new(Code::DuplicateRef, entry.facts.place, message, help));
        }
        if same.len() < SAME_ID && !same.contains(&mention) {
            same.push(mention);
        }
    }
}

/// For each plain package the model or dataset entry that it repeats: converters write one model as both.
///
/// The same name, or the same address on a hub, and no version that differs; never where several entries would fit.
fn twins(entries: &[Entry<'_>]) -> Vec<Option<usize>> {
    let hub = |facts: &Facts<'_>| facts.urls.iter().find_map(|url| HubKey::from_url(url)).map(|hub| hub.key);
    let mut known: FxHashMap<String, Option<usize>> = FxHashMap::default();
    for (n, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.facts.typed.is_some()) {
        let keys = [Some(format!("name {}", entry.facts.name)), hub(&entry.facts)];
        for key in keys.into_iter().flatten() {
            known.entry(key).and_modify(|only| *only = None).or_insert(Some(n));
        }
    }
    let twin = |entry: &Entry<'_>| {
        let plain = entry.facts.typed.is_none() && entry.facts.could_be_data() && !entry.facts.name.is_empty();
        let find = |key: &str| known.get(key).copied().flatten();
        let by_hub = || hub(&entry.facts).and_then(|key| find(&key));
        let at = find(&format!("name {}", entry.facts.name)).or_else(by_hub).filter(|_| plain)?;
        let other = entries.get(at)?;
        let agree = entry.facts.version.zip(other.facts.version).is_none_or(|(a, b)| version::agree(a, b));
        agree.then_some(at)
    };
    entries.iter().map(twin).collect()
}

/// A package without digest has that of the one file as which it is distributed; of several files none is its own.
fn take_artifacts(elements: &[Element<'_>], names: &Names<'_>, entries: &mut [Entry<'_>]) {
    let mut artifacts: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for element in elements
        .iter()
        .filter(|e| e.node.str("relationshipType").is_some_and(|t| relation::plain(t) == "hasdistributionartifact"))
    {
        let to = || element.each("to").into_iter().filter_map(|to| names.reference(to));
        for from in element.each("from").into_iter().take(1).filter_map(|from| names.reference(from)) {
            artifacts.entry(from).or_default().extend(to());
        }
    }
    if artifacts.is_empty() {
        return;
    }
    let files = elements.iter().filter(|element| element.class == "File");
    let files: FxHashMap<String, Element<'_>> = files.map(|file| (names.id(file.node), *file)).collect();
    for entry in entries.iter_mut().filter(|entry| entry.facts.digests.is_empty()) {
        if let Some([only]) = artifacts.get(&entry.id).map(Vec::as_slice)
            && let Some(file) = files.get(only)
        {
            // A damaged digest of a file is none of a component: no finding.
            add_digests(*file, &mut entry.facts, &mut Vec::new());
        }
    }
}

/// `ml_sbom:` lines of Annotation elements, by the element that they speak of.
fn annotations<'t>(elements: &[Element<'t>], names: &Names<'t>) -> FxHashMap<String, Stated<'t>> {
    let mut found: FxHashMap<String, Stated<'t>> = FxHashMap::default();
    for element in elements.iter().filter(|element| element.class == "Annotation") {
        for subject in element.each("subject").into_iter().filter_map(|subject| names.reference(subject)) {
            let stated = found.entry(subject).or_default();
            for statement in element.each("statement") {
                stated.read(statement.text().unwrap_or_default(), statement.place());
            }
        }
    }
    found
}

fn facts_of<'t>(element: Element<'t>, findings: &mut Vec<Finding>) -> Facts<'t> {
    let mut facts = Facts::new(element.str("name").unwrap_or_default(), element.node.place());
    facts.version = element.str("packageVersion");
    facts.purpose = element.str("primaryPurpose");
    for identifier in element.each("externalIdentifier").into_iter().chain(element.each("externalIdentifiers")) {
        let kind = identifier.str("externalIdentifierType").unwrap_or_default().to_ascii_lowercase();
        let Some(value) = identifier.get("identifier") else { continue };
        match (kind.as_str(), value.text().unwrap_or_default()) {
            ("packageurl" | "purl", written) => facts.add_purl(written, value.place(), findings),
            (_, written) if written.contains("://") => facts.add_url(written),
            _ => {}
        }
    }
    // Converters put the address of the model where its purl belongs.
    for value in element.each("packageUrl") {
        match value.text().unwrap_or_default() {
            written if written.contains("://") => facts.add_url(written),
            written if spdx::is_absent(written) => {}
            written => facts.add_purl(written, value.place(), findings),
        }
    }
    let locators = element.each("externalRef").into_iter().flat_map(|reference| element::each(reference, "locator"));
    let places = ["downloadLocation", "homePage"].into_iter().flat_map(|key| element.each(key));
    for url in places.chain(locators).filter_map(Node::text) {
        facts.add_url(url);
    }
    add_digests(element, &mut facts, findings);
    facts.group = organisation(element, &facts);
    for comment in element.each("comment") {
        facts.stated.read(comment.text().unwrap_or_default(), comment.place());
    }
    for entry in element.each("extension").into_iter().flat_map(|extension| element::each(extension, "cdxProperty")) {
        let text = |key: &str| element::each(entry, key).first().and_then(|node| node.text());
        if let (Some(name), Some(value)) = (text("cdxPropName"), text("cdxPropValue")) {
            facts.stated.property(name, value, entry.place());
        }
    }
    facts
}

fn add_digests(element: Element<'_>, facts: &mut Facts<'_>, findings: &mut Vec<Finding>) {
    for hash in element.each("verifiedUsing") {
        if hash.str("type").or(hash.str("@type")).is_none_or(|class| class.ends_with("Hash")) {
            for value in element::each(hash, "hashValue") {
                let algorithm = hash.str("algorithm").and_then(|a| a.rsplit('/').next()).unwrap_or_default();
                facts.add_digest(algorithm, value.text().unwrap_or_default(), value.place(), findings);
            }
        }
    }
}

/// The organisation before a bare name, where supplier and hub address agree on it.
fn organisation<'t>(element: Element<'t>, facts: &Facts<'t>) -> Option<&'t str> {
    let supplier = element.str("suppliedBy")?;
    let key = HubKey::of(supplier, facts.name, None)?.key;
    facts.urls.iter().filter_map(|url| HubKey::from_url(url)).any(|hub| hub.key == key).then_some(supplier)
}
