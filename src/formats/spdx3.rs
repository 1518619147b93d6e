//! SPDX 3.0 (JSON-LD) to a [`Document`].
//!
//! Invariant: never fails; an element that cannot be used becomes a finding.
//! Absent on purpose: files, snippets, agents and builds as components; vulnerability assessments; full JSON-LD.

mod element;
mod package;
mod tags;

use crate::formats::limits;
use crate::formats::spdx;
use crate::formats::spdx::relation;
use crate::formats::spdx::relation::Meaning;
use crate::formats::spdx::relation::Sense;
use crate::formats::spdx::weave::End;
use crate::formats::spdx::weave::Outside;
use crate::formats::spdx::weave::Thread;
use crate::formats::spdx::weave::Weaver;
use crate::formats::spdx3::element::Element;
use crate::formats::spdx3::element::Names;
use crate::formats::spdx3::package::Packages;
use crate::formats::tree::Node;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Format;
use crate::model::document::MentionId;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::hub::HubKey;
use crate::model::kind::Evidence;
use crate::text::Untrusted;
use rustc_hash::FxHashMap;

/// Steps from a file to the package that holds it.
const FOLDERS: usize = 16;

/// Reads the document whose outermost value is `root`; `findings` are those of its text.
pub(crate) fn read(root: Node<'_>, findings: Vec<Finding>, depth: Depth) -> Document {
    let elements = element::collect(root);
    let names = Names::gather(root, &elements);
    let mut document = Document::new(Format::Spdx3, version(root, &elements), depth);
    document.findings = findings;
    let packages = Packages::gather(&elements, &names, &mut document);
    let mut weaver = Weaver::new(document);
    let reader =
        Reader { packages: &packages, names: &names, others: others(&elements, &names), holders: holders(&elements, &names) };
    reader.describe(&elements, &mut weaver);
    for (id, _, stated) in &packages.entries {
        if let Some(method) = stated.method() {
            weaver.made_by(*id, method);
        }
    }
    for element in &elements {
        if element.node.get("relationshipType").is_some() {
            reader.relationship(*element, &mut weaver);
        }
    }
    let mut links_into: FxHashMap<MentionId, Vec<usize>> = FxHashMap::default();
    for (n, link) in weaver.document.links.iter().enumerate() {
        links_into.entry(link.downstream).or_default().push(n);
    }
    for (id, element, stated) in &packages.entries {
        tags::weave(&mut weaver, *id, *element, links_into.get(id).map(Vec::as_slice).unwrap_or_default());
        stated.apply(&mut weaver.document, *id);
    }
    weaver.document
}

/// `3.0.1`, from the creation information, the document element or the address of the context.
fn version<'t>(root: Node<'t>, elements: &[Element<'t>]) -> &'t str {
    let of =
        |class: &str| elements.iter().filter(|element| element.class == class).find_map(|element| element.str("specVersion"));
    let context =
        || root.each("@context").into_iter().filter_map(Node::text).find_map(|url| url.split("/rdf/").nth(1)?.split('/').next());
    let stated = of("CreationInfo").or_else(|| of("SpdxDocument")).or_else(context);
    stated.unwrap_or("3").trim().trim_start_matches("SPDX-").trim_start_matches('v')
}

/// Elements that are no packages, by id: a relationship to them is not dangling.
fn others<'t>(elements: &[Element<'t>], names: &Names<'t>) -> FxHashMap<String, Element<'t>> {
    elements.iter().filter(|element| !element.class.ends_with("Package")).map(|e| (names.id(e.node), *e)).collect()
}

/// Files and folders to what contains them; the first statement counts.
fn holders<'t>(elements: &[Element<'t>], names: &Names<'t>) -> FxHashMap<String, String> {
    let mut holders = FxHashMap::default();
    for element in
        elements.iter().filter(|element| element.node.str("relationshipType").is_some_and(|t| relation::plain(t) == "contains"))
    {
        let Some(from) = element.each("from").first().and_then(|from| names.reference(*from)) else { continue };
        for to in element.each("to").into_iter().filter_map(|to| names.reference(to)) {
            holders.entry(to).or_insert_with(|| from.clone());
        }
    }
    holders
}

struct Reader<'r, 't> {
    packages: &'r Packages<'t>,
    names: &'r Names<'t>,
    others: FxHashMap<String, Element<'t>>,
    holders: FxHashMap<String, String>,
}

impl<'t> Reader<'_, 't> {
    /// Root elements of the document and of the SBOMs in it; else its only component.
    fn describe(&self, elements: &[Element<'t>], weaver: &mut Weaver) {
        let collections = elements.iter().filter(|e| matches!(e.class, "SpdxDocument" | "Sbom" | "Bom" | "Bundle"));
        let roots = collections.flat_map(|element| element.each("rootElement"));
        let described = elements.iter().filter(|element| {
            element.node.str("relationshipType").and_then(relation::meaning).is_some_and(|m| m.sense == Sense::Described)
        });
        let described = described.filter(|element| {
            let from = element.each("from").first().and_then(|from| self.names.reference(*from));
            from.and_then(|from| self.others.get(&from)).is_some_and(|from| from.class == "SpdxDocument")
        });
        let roots: Vec<Node<'_>> = roots.chain(described.flat_map(|element| element.each("to"))).collect();
        let mut found = false;
        for id in roots.into_iter().filter_map(|root| self.names.reference(root)) {
            for id in self.packages.here(&id) {
                found = true;
                weaver.describe(*id);
            }
        }
        if !found && weaver.document.mentions.len() == 1 {
            weaver.describe(MentionId(0));
        }
    }

    fn relationship(&self, element: Element<'t>, weaver: &mut Weaver) {
        let (froms, tos) = (element.each("from"), element.each("to"));
        let pairs = froms.len().saturating_mul(tos.len());
        let links = weaver.document.counts.links.saturating_add(pairs);
        weaver.document.counts.links = links;
        let written = element.node.str("relationshipType").unwrap_or_default();
        if relation::is_ancestry(written) {
            weaver.document.counts.ancestors += pairs;
        }
        let Some(Meaning { sense, from_is_upstream }) = relation::meaning(written) else {
            let message = format!("no relationship is called `{}`", Untrusted::new(written).show());
            let help = "use a name of the SPDX specification";
            weaver.document.findings.push(Finding::new(Code::Invalid, element.node.place(), message, help));
            return;
        };
        // `from` is one element; lists on both sides are no SPDX and could ask for a square of links.
        if froms.len() > 1 && links > limits::NODES {
            let (message, help) = ("more links than a document may have", "state one `from` in each relationship");
            weaver.document.findings.push(Finding::new(Code::Limit, element.node.place(), message, help));
            return;
        }
        for from in &froms {
            for to in &tos {
                if sense == Sense::Licence {
                    self.licence(*from, written, *to, weaver);
                    continue;
                }
                let (from, end) = (self.end(*from, sense), self.end(*to, sense));
                let (upstream, downstream) = if from_is_upstream { (from, end) } else { (end, from) };
                weaver.weave(&Thread { sense, upstream, downstream, place: to.place() });
            }
        }
    }

    /// A licence is a fact about its package, not an upstream component.
    fn licence(&self, from: Node<'t>, written: &str, to: Node<'t>, weaver: &mut Weaver) {
        let (Some(from), Some(licence)) = (self.names.reference(from), self.names.reference(to)) else { return };
        let element = self.others.get(&licence);
        let expression = element.and_then(|element| element.str("licenseExpression").or_else(|| element.str("name")));
        let shown = expression.unwrap_or_else(|| licence.rsplit('/').next().unwrap_or_default());
        let absent = spdx::is_absent(shown) || shown.contains("NoAssertion");
        for id in self.packages.here(&from).iter().filter(|_| !absent) {
            weaver.document.field(*id, written, shown, to.place().line);
        }
    }

    fn end(&self, node: Node<'t>, sense: Sense) -> End<'t> {
        let Some(id) = self.names.reference(node) else { return End::NoComponent };
        let here = self.packages.here(&id);
        if !here.is_empty() {
            return End::Here(here.to_vec(), Evidence::Digest);
        }
        if let Some(element) = self.others.get(&id) {
            let lifts = matches!(sense, Sense::Trained | Sense::Tested) && matches!(element.class, "File" | "Snippet");
            return match element.class {
                "SpdxDocument" => End::Document,
                _ if lifts => self.holder(&id),
                _ => End::NoComponent,
            };
        }
        let written = node.text().unwrap_or_default().trim();
        let last = id.rsplit(['/', '#', '_']).next().unwrap_or_default();
        if spdx::is_absent(written) || matches!(last, "NoAssertionElement" | "NoneElement" | "NoAssertionLicense" | "NoneLicense")
        {
            return End::NoComponent;
        }
        if !element::is_global(&id) {
            return End::Unknown(written);
        }
        End::Elsewhere(Outside { name: name_at(written), url: Some(written), global: id })
    }

    /// The package that holds a file, through folders: what a model file was trained on, its package was.
    fn holder(&self, file: &str) -> End<'t> {
        let mut at = file;
        for _ in 0..FOLDERS {
            let Some(holder) = self.holders.get(at) else { break };
            let here = self.packages.here(holder);
            if !here.is_empty() {
                return End::Here(here.to_vec(), Evidence::Exact);
            }
            at = holder;
        }
        End::NoComponent
    }
}

/// What to call an element of another document: `ORG/NAME` or the dataset's name where its id lies on a hub, else the id.
fn name_at(iri: &str) -> &str {
    let lower = iri.to_ascii_lowercase();
    let key = HubKey::from_url(iri).map(|hub| hub.key);
    let at = key.as_ref().and_then(|key| lower.find(key.as_str()).and_then(|at| iri.get(at..at + key.len())));
    let legacy = lower.find("huggingface.co/datasets/").and_then(|at| iri.get(at + "huggingface.co/datasets/".len()..));
    at.or(legacy.filter(|name| !name.is_empty())).unwrap_or(iri)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::spdx::drawn;
    use crate::model::document::Counts;

    #[test]
    fn elements_are_found_wherever_they_stand() {
        let document = drawn::read(include_str!("../../tests/data/spdx3/elements-written-inline.json"), read);
        assert_eq!(drawn::mentions(&document), ["model Subject classifier", "application Declared app", "package Declared lib"]);
        assert_eq!(drawn::links(&document), ["lib depends == app :16"], "the spelling of SPDX 2, an end in `@id`");
        assert_eq!(document.counts, Counts { components: 3, links: 1, models: 1, datasets: 0, ancestors: 0 });
        let model = &document.mentions[0];
        assert_eq!((model.version, model.digests.len(), model.global_ref), (None, 1, None));
        assert_eq!(document.format_version, "3.0.1", "from the address of the context");
    }

    #[test]
    fn a_model_that_a_converter_wrote_twice_is_one() {
        let document = drawn::read(include_str!("../../tests/data/spdx3/one-model-as-two-packages.json"), read);
        assert_eq!(
            drawn::mentions(&document),
            ["model Subject acme/tiny Dependencies", "package Declared tiny"],
            "the library of that name is something else"
        );
        let model = &document.mentions[0];
        assert_eq!(drawn::text(&document, model.hub), Some("acme/tiny"));
        assert_eq!(drawn::text(&document, model.revision), Some("0badcafe0badcafe0badcafe0badcafe0badcafe"));
        assert_eq!(drawn::text(&document, model.version), Some("0badcafe"), "from its twin");
        let licence = document.fields.iter().find(|field| document.texts.key(field.key) == "hasDeclaredLicense");
        assert_eq!(licence.map(|field| document.texts.key(field.value)), Some("Apache-2.0"));
        assert_eq!(drawn::links(&document), ["tiny depends == acme/tiny :14"]);
        assert_eq!(drawn::findings(&document), ["Dangling :13", "Dangling :13"], "both ends by name only, both the model");
        assert_eq!((document.counts.components, document.counts.models), (3, 1));
    }

    #[test]
    fn plain_words_as_datasets_are_followed_with_doubt() {
        let document = drawn::read(include_str!("../../tests/data/spdx3/datasets-named-by-words.json"), read);
        assert_eq!(
            drawn::links(&document),
            [
                "nearly trained-on .. m :7",
                "bookcorpus trained-on == m :8",
                "acme/faq trained-on == m :9",
                "tickets trained-on .. m :10",
                "Stanfordnlp/SST2 trained-on == m :11",
                "urn:elsewhere:data trained-on == m :12",
                "tickets evaluated-on == m :14",
                "acme/base base == m :15",
                "an trained-on .. prose :17",
            ]
        );
        let datasets = document.mentions.iter().filter(|mention| drawn::text(&document, mention.hub).is_some());
        assert_eq!(datasets.count(), 3, "acme/faq, SST2 and the base model have a hub key");
        assert_eq!(drawn::findings(&document), ["WordAsDataset :7", "WordAsDataset :17"]);
        let drawn = drawn::mentions(&document);
        assert!(drawn.contains(&"model Subject m Base TrainingData".to_owned()));
        assert!(drawn.contains(&"model Subject prose".to_owned()), "a word states no training data");
    }

    #[test]
    fn hub_tags_add_what_relationships_leave_out() {
        let document = drawn::read(include_str!("../../tests/data/spdx3/bases-in-hub-tags.json"), read);
        assert_eq!(
            drawn::links(&document),
            [
                "acme/base base (adapter) == acme/both :12",
                "acme/faq trained-on == acme/both :13",
                "acme/base base == acme/against :14",
                "Acme/Base base (quantized) == acme/tags :5",
                "acme/faq trained-on == acme/tags :7",
                "acme/other base == acme/against :11",
            ]
        );
        assert_eq!(drawn::findings(&document), ["BasesDisagree :11"]);
    }

    #[test]
    fn what_a_model_file_was_trained_on_its_package_was() {
        let document = drawn::read(include_str!("../../tests/data/spdx3/lineage-between-files.json"), read);
        assert_eq!(drawn::mentions(&document), ["model Subject m TrainingData", "dataset Declared d"]);
        assert_eq!(drawn::links(&document), ["d trained-on -- m :16"]);
        assert_eq!(document.mentions[0].digests.len(), 1, "its one distribution artifact");
        assert!(document.findings.is_empty(), "files are no dangling ends");
    }

    #[test]
    fn annotations_and_extensions_state_deployments() {
        let document = drawn::read(include_str!("../../tests/data/spdx3/deployments-in-annotations.json"), read);
        let model = &document.mentions[0];
        assert_eq!(drawn::text(&document, model.model_id), Some("triage-v4.1"));
        assert_eq!(drawn::text(&document, model.global_ref), Some("https://sbom.example/triage/model"));
        let deployments = document.mentions.iter().filter_map(|mention| mention.deployment.as_ref());
        let told: Vec<_> = deployments.map(|d| [d.environment, d.criticality].map(|id| drawn::text(&document, id))).collect();
        assert_eq!(told, [[Some("production"), Some("high")], [Some("edge"), None]]);
        assert_eq!(drawn::links(&document), ["triage deployed ==  :8", "triage deployed ==  :8"]);
    }
}
