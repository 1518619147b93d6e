//! SPDX 2.2 and 2.3 (JSON) to a [`Document`].
//!
//! Invariant: never fails; a member that cannot be used becomes a finding.
//! Absent on purpose: files and snippets as components; licence texts; tag-value.

use crate::formats::spdx;
use crate::formats::spdx::facts;
use crate::formats::spdx::facts::Facts;
use crate::formats::spdx::relation;
use crate::formats::spdx::relation::Meaning;
use crate::formats::spdx::relation::Sense;
use crate::formats::spdx::stated::Stated;
use crate::formats::spdx::weave::End;
use crate::formats::spdx::weave::Outside;
use crate::formats::spdx::weave::Thread;
use crate::formats::spdx::weave::Weaver;
use crate::formats::tree::Node;
use crate::model::digest::Digest;
use crate::model::document::Counts;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Format;
use crate::model::document::MentionId;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::text;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;

/// Members of a package that are read here or say nothing to a person.
const NOT_SHOWN: [&str; 12] = [
    "SPDXID",
    "name",
    "versionInfo",
    "checksums",
    "externalRefs",
    "annotations",
    "hasFiles",
    "filesAnalyzed",
    "packageVerificationCode",
    "licenseInfoFromFiles",
    "copyrightText",
    "attributionTexts",
];

/// Entries under one SPDX id that relationships reach; one id is meant to name one entry.
const SAME_ID: usize = 4;

/// Reads the document whose outermost value is `root`; `findings` are those of its text.
pub(crate) fn read(root: Node<'_>, findings: Vec<Finding>, depth: Depth) -> Document {
    let version = root.str("spdxVersion").unwrap_or_default();
    let mut document = Document::new(Format::Spdx2, version.trim().trim_start_matches("SPDX-"), depth);
    document.findings = findings;
    let (ids, stated) = Ids::gather(root, &mut document);
    let mut weaver = Weaver::new(document);
    let relationships = members(root, "relationships", &mut weaver.document);
    weaver.document.counts.links = relationships.len();
    let threads: Vec<Thread<'_>> = relationships.into_iter().filter_map(|node| ids.thread(node, &mut weaver.document)).collect();
    describe(root, &ids, &threads, &mut weaver);
    for (id, stated) in &stated {
        if let Some(method) = stated.method() {
            weaver.made_by(*id, method);
        }
    }
    for thread in &threads {
        weaver.weave(thread);
    }
    for (id, stated) in &stated {
        stated.apply(&mut weaver.document, *id);
    }
    about_the_document(root, &mut weaver);
    weaver.document
}

/// The mappings of a list; anything else in it becomes one finding.
fn members<'t>(root: Node<'t>, key: &str, document: &mut Document) -> Vec<Node<'t>> {
    let lists = || root.all(key).filter(|list| !list.is_null());
    let odd: Vec<Node<'_>> = lists().flat_map(Node::children).filter(|member| !member.is_map()).collect();
    if let Some(first) = odd.first() {
        let message = format!("{} of `{key}` passed over: no object", text::count(odd.len(), "member"));
        document.findings.push(Finding::new(Code::Invalid, first.place(), message, "remove it"));
    }
    lists().flat_map(Node::children).filter(|member| member.is_map()).collect()
}

/// Which entries the document is about: `DESCRIBES`, `documentDescribes`, else its only package.
fn describe(root: Node<'_>, ids: &Ids<'_>, threads: &[Thread<'_>], weaver: &mut Weaver) {
    let by_list = root.each("documentDescribes").into_iter().filter_map(Node::text).map(|text| ids.end(text));
    let by_relationship = threads.iter().filter(|thread| thread.sense == Sense::Described).map(|thread| thread.upstream.clone());
    let mut described: Vec<MentionId> = by_list
        .chain(by_relationship)
        .flat_map(|end| match end {
            End::Here(ids, _) => ids,
            End::Document | End::NoComponent | End::Elsewhere(_) | End::Unknown(_) => Vec::new(),
        })
        .collect();
    if described.is_empty() && weaver.document.mentions.len() == 1 {
        described.push(MentionId(0));
    }
    for id in described {
        weaver.describe(id);
    }
}

/// Annotations of the document itself speak of the one entry that it describes.
fn about_the_document(root: Node<'_>, weaver: &mut Weaver) {
    let mut stated = Stated::default();
    stated_in(root, &mut stated);
    if let Some(subject) = weaver.subject() {
        stated.apply(&mut weaver.document, subject);
    }
}

fn stated_in<'t>(entry: Node<'t>, stated: &mut Stated<'t>) {
    let comments = entry.each_map("annotations").into_iter().flat_map(|annotation| annotation.each("comment"));
    for comment in comments.chain(entry.each("comment")) {
        if let Some(text) = comment.text() {
            stated.read(text, comment.place());
        }
    }
}

/// What the ids of one document mean.
struct Ids<'t> {
    namespace: &'t str,
    own: &'t str,
    here: FxHashMap<&'t str, Vec<MentionId>>,
    /// Files and snippets.
    others: FxHashSet<&'t str>,
    /// `DocumentRef-x` to the namespace of that document.
    documents: FxHashMap<&'t str, &'t str>,
}

impl<'t> Ids<'t> {
    /// Reads all packages into mentions and all ids into their meaning.
    fn gather(root: Node<'t>, document: &mut Document) -> (Self, Vec<(MentionId, Stated<'t>)>) {
        let namespace = root.str("documentNamespace").unwrap_or_default();
        let external = root.each_map("externalDocumentRefs").into_iter();
        let named = ["files", "snippets"].into_iter().flat_map(|key| root.each_map(key));
        let mut ids = Self {
            namespace: namespace.trim_end_matches('#'),
            own: root.str("SPDXID").unwrap_or("SPDXRef-DOCUMENT"),
            here: FxHashMap::default(),
            others: named.filter_map(|node| node.str("SPDXID")).collect(),
            documents: external.filter_map(|node| Some((node.str("externalDocumentId")?, node.str("spdxDocument")?))).collect(),
        };
        let mut stated = Vec::new();
        let packages = members(root, "packages", document);
        document.counts = Counts { components: packages.len(), ..Counts::default() };
        for package in packages {
            let facts = facts_of(package, &mut document.findings);
            let kind = facts.kind();
            // A look is no statement: counts are of what is written.
            document.counts.models += usize::from(kind == Kind::Model && facts.looks_like.is_none());
            document.counts.datasets += usize::from(kind == Kind::Dataset && facts.looks_like.is_none());
            let id = package.str("SPDXID");
            let global = id.filter(|_| !ids.namespace.is_empty()).map(|id| format!("{}#{id}", ids.namespace));
            let mention = document.mention(facts.draft(global));
            facts::show(document, mention, package, &NOT_SHOWN);
            stated.push((mention, facts.stated));
            if let Some(id) = id {
                ids.declare(id, mention, package, document);
            }
        }
        (ids, stated)
    }

    fn declare(&mut self, id: &'t str, mention: MentionId, package: Node<'_>, document: &mut Document) {
        let same = self.here.entry(id).or_default();
        if !same.is_empty() {
            let message = format!("`{}` names more than one entry", Untrusted::new(id).show());
            let help = "give each entry its own SPDXID; what refers to it is taken to mean all of them";
            document.findings.push(Finding::new(Code::DuplicateRef, package.place(), message, help));
        }
        if same.len() < SAME_ID {
            same.push(mention);
        }
    }

    /// What stands at the end of a relationship.
    fn end(&self, written: &'t str) -> End<'t> {
        let written = written.trim();
        let local = written.strip_prefix(self.namespace).and_then(|rest| rest.strip_prefix('#')).unwrap_or(written);
        if let Some(ids) = self.here.get(local) {
            return End::Here(ids.clone(), Evidence::Digest);
        }
        if local == self.own || local == "SPDXRef-DOCUMENT" {
            return End::Document;
        }
        if spdx::is_absent(written) || self.others.contains(local) || written.ends_with(":SPDXRef-DOCUMENT") {
            return End::NoComponent;
        }
        if let Some((document, id)) = written.split_once(":SPDXRef-") {
            let Some(namespace) = self.documents.get(document) else { return End::Unknown(written) };
            let namespace = namespace.trim_end_matches('#');
            if let Some(ids) = id_within(written).filter(|_| namespace == self.namespace).and_then(|id| self.here.get(id)) {
                return End::Here(ids.clone(), Evidence::Digest);
            }
            return End::Elsewhere(Outside { global: format!("{namespace}#SPDXRef-{id}"), name: written, url: None });
        }
        if written.contains("#SPDXRef-") {
            return End::Elsewhere(Outside { global: written.to_owned(), name: written, url: None });
        }
        End::Unknown(written)
    }

    /// One relationship with its ends found; counts ancestors on the way.
    fn thread(&self, node: Node<'t>, document: &mut Document) -> Option<Thread<'t>> {
        let mut invalid = |message: String, help: &str| {
            document.findings.push(Finding::new(Code::Invalid, node.place(), message, help));
        };
        let Some(written) = node.str("relationshipType") else {
            invalid("a relationship without `relationshipType`".to_owned(), "state what it says, or remove it");
            return None;
        };
        let Some(Meaning { sense, from_is_upstream }) = relation::meaning(written) else {
            let message = format!("no relationship is called `{}`", Untrusted::new(written).show());
            invalid(message, "use a name of the SPDX specification");
            return None;
        };
        document.counts.ancestors += usize::from(relation::is_ancestry(written));
        let end = |key| node.str(key).map_or(End::NoComponent, |text| self.end(text));
        let (from, to) = (end("spdxElementId"), end("relatedSpdxElement"));
        let (upstream, downstream) = if from_is_upstream { (from, to) } else { (to, from) };
        Some(Thread { sense, upstream, downstream, place: node.place() })
    }
}

/// `SPDXRef-y` of `DocumentRef-x:SPDXRef-y`.
fn id_within(written: &str) -> Option<&str> {
    written.split_once(':').map(|(_, id)| id)
}

fn facts_of<'t>(package: Node<'t>, findings: &mut Vec<Finding>) -> Facts<'t> {
    let stated = |key: &str| package.str(key).filter(|text| !spdx::is_absent(text));
    let (name, looks_like) = look(stated("name").unwrap_or_default(), stated("SPDXID").unwrap_or_default());
    let mut facts = Facts::new(name, package.place());
    facts.looks_like = looks_like;
    facts.version = stated("versionInfo");
    facts.purpose = stated("primaryPackagePurpose");
    for key in ["downloadLocation", "homepage"] {
        package.str(key).into_iter().for_each(|url| facts.add_url(url));
    }
    for checksum in package.each_map("checksums") {
        for value in checksum.each("checksumValue") {
            let written = value.text().unwrap_or_default();
            facts.add_digest(checksum.str("algorithm").unwrap_or_default(), written, value.place(), findings);
        }
    }
    for reference in package.each_map("externalRefs") {
        let (Some(kind), Some(locator)) = (reference.str("referenceType"), reference.get("referenceLocator")) else { continue };
        let (kind, written) = (kind.to_ascii_lowercase(), locator.text().unwrap_or_default());
        if kind.ends_with("purl") {
            facts.add_purl(written, locator.place(), findings);
        } else if kind.contains("digest") || kind.contains("sha256") {
            facts.digests.extend(Digest::parse(written));
        } else if written.contains("://") && !kind.contains("advisory") {
            facts.add_url(written);
        }
    }
    stated_in(package, &mut facts.stated);
    facts
}

/// Generators that have no field for it put the kind in front of the name (`model:gpt2`) or into the id
/// (`SPDXRef-Model-...`).
fn look<'t>(name: &'t str, id: &str) -> (&'t str, Option<Kind>) {
    for (kind, id_begins) in [(Kind::Model, "SPDXRef-Model-"), (Kind::Dataset, "SPDXRef-Dataset-")] {
        let bare = name.strip_prefix(kind.word()).and_then(|rest| rest.strip_prefix(':')).map(str::trim);
        if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
            return (bare, Some(kind));
        }
        if id.starts_with(id_begins) {
            return (name, Some(kind));
        }
    }
    (name, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::spdx::drawn;
    use crate::model::document::Standing;

    #[test]
    fn relationships_are_read_in_both_directions_and_every_spelling() {
        let document = drawn::read(include_str!("../../tests/data/spdx2/both-directions.json"), read);
        assert_eq!(
            drawn::mentions(&document),
            [
                "application Subject support-bot",
                "model Subject acme/tuned Base TrainingData Dependencies Framework System",
                "model Subject acme/base Base",
                "model Declared acme/older",
                "dataset Declared tickets",
                "package Declared torch",
                "package Declared trainer",
                "system Declared libc6",
            ]
        );
        assert_eq!(
            drawn::links(&document),
            [
                "acme/base base (LoRA) == acme/tuned :22",
                "acme/older base == acme/base :23",
                "tickets trained-on == acme/tuned :24",
                "torch depends == acme/tuned :25",
                "libc6 depends == acme/tuned :26",
                "trainer built-with == acme/tuned :27",
                "acme/tuned contains == support-bot :28",
                "torch contains == support-bot :29",
            ]
        );
        assert_eq!(document.format_version, "2.3");
        assert_eq!(document.counts, Counts { components: 8, links: 8, models: 3, datasets: 0, ancestors: 2 });
        assert!(document.findings.is_empty(), "{:?}", document.findings);
    }

    #[test]
    fn an_end_in_another_document_keeps_its_full_id() {
        let document = drawn::read(include_str!("../../tests/data/spdx2/end-in-another-document.json"), read);
        let refs: Vec<_> = document.mentions.iter().map(|m| (m.kind, m.standing, drawn::text(&document, m.global_ref))).collect();
        assert_eq!(
            refs,
            [
                (Kind::Model, Standing::Subject, Some("https://sbom.example/here#SPDXRef-m")),
                (Kind::Package, Standing::Declared, Some("https://sbom.example/here#SPDXRef-n")),
                (Kind::Model, Standing::Reference, Some("https://sbom.example/there#SPDXRef-base")),
                (Kind::Package, Standing::Reference, Some("https://sbom.example/far#SPDXRef-lib")),
            ]
        );
        assert_eq!(document.links.len(), 3);
        assert_eq!(drawn::findings(&document), ["Dangling :17"], "the namespace of DocumentRef-unknown is not stated");
    }

    #[test]
    fn an_undeclared_end_joins_by_name_or_is_reported() {
        let document = drawn::read(include_str!("../../tests/data/spdx2/ends-that-nothing-declares.json"), read);
        assert_eq!(drawn::links(&document), ["numpy depends .. app :15", "scipy depends .. app :16", "numpy depends .. app :17"]);
        let mut findings = drawn::findings(&document);
        findings.sort();
        assert_eq!(findings, ["Dangling :14", "Invalid :19", "Invalid :5", "Invalid :8", "Invalid :9"]);
        assert_eq!((document.counts.components, document.counts.links), (2, 11));
    }

    #[test]
    fn one_id_for_two_packages_means_both() {
        let document = drawn::read(include_str!("../../tests/data/spdx2/one-id-for-two-packages.json"), read);
        assert_eq!(drawn::links(&document), ["lib depends == app :9", "lib depends == app :9"]);
        assert_ne!(document.links[0].upstream, document.links[1].upstream);
        assert_eq!(drawn::findings(&document), ["DuplicateRef :6"]);
        let own = drawn::text(&document, document.mentions[0].global_ref);
        assert_eq!(own, Some("https://sbom.example/double#SPDXRef-lib"), "one # between namespace and id");
    }

    #[test]
    fn annotations_state_deployments_by_position() {
        let document = drawn::read(include_str!("../../tests/data/spdx2/deployments-in-annotations.json"), read);
        let model = &document.mentions[0];
        assert_eq!((model.kind, model.standing), (Kind::Model, Standing::Subject), "a model_id makes a model");
        assert_eq!(drawn::text(&document, model.model_id), Some("triage-v4.1"));
        let deployments = document.mentions.iter().filter_map(|mention| mention.deployment.as_ref());
        let told: Vec<_> =
            deployments.map(|d| [d.environment, d.service, d.owner].map(|id| drawn::text(&document, id))).collect();
        assert_eq!(told, [[Some("production"), Some("triage-eu"), Some("care")], [Some("staging"), None, None]]);
        assert_eq!(drawn::links(&document), ["triage deployed ==  :10", "triage deployed ==  :11"]);
    }

    #[test]
    fn damaged_identifiers_are_reported_and_names_stay_raw() {
        let document = drawn::read(include_str!("../../tests/data/spdx2/damaged-identifiers.json"), read);
        assert_eq!(drawn::findings(&document), ["BadDigest :10", "BadPurl :15"]);
        let mention = &document.mentions[0];
        assert_eq!(document.texts.key(mention.name), "esc\u{1b}[31mape");
        assert_eq!((mention.version, mention.purl, mention.digests.len()), (None, None, 1));
        assert!(document.findings.iter().all(|finding| !finding.message.contains('\u{1b}')));
    }
}
