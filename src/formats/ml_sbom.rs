//! The `ml_sbom` schema (design.md section 2) to [`Document`]s: one model, what it is made of, where it runs.
//!
//! Where the schema has one mapping a list will do, and where it has a mapping a plain text is its name.
//!
//! Invariant: a section is stated only by an entry that names something.
//! Absent on purpose: YAML and JSON; both come as a tree.

mod preprocessing;
mod requirement;

use crate::formats::facts;
use crate::formats::facts::Said;
use crate::formats::facts::Unknown;
use crate::formats::facts::stated;
use crate::formats::tree::Node;
use crate::model::document::Deployment;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::MentionId;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::version;

const TOP: [&str; 14] = [
    "model_id",
    "model_hash",
    "created",
    "base_model",
    "training_data",
    "evaluation_data",
    "preprocessing",
    "fine_tuning",
    "dependencies",
    "system",
    "code",
    "validation",
    "deployment",
    "response_history",
];
/// Keys of the top whose entries are components of their own.
const ENTRIES: [&str; 10] = [
    "model_id",
    "model_hash",
    "base_model",
    "training_data",
    "evaluation_data",
    "preprocessing",
    "dependencies",
    "system",
    "code",
    "deployment",
];
const BASE: [&str; 9] = ["name", "source", "version", "download_date", "download_hash", "hash", "license", "purl", "model_id"];
const DATASET: [&str; 10] =
    ["name", "source", "version", "hash", "download_hash", "download_date", "size", "date_collected", "license", "purl"];
const PACKAGE: [&str; 7] = ["name", "version", "hash", "download_hash", "purl", "ecosystem", "role"];
const CODE: [&str; 4] = ["repository", "commit", "path", "role"];
const FINE_TUNING: [&str; 8] =
    ["framework", "method", "epochs", "learning_rate", "hardware", "training_start", "training_end", "hyperparameters"];
const VALIDATION: [&str; 5] = ["accuracy", "f1_score", "adversarial_robustness_score", "security_scan", "human_review"];
const DEPLOYMENT: [&str; 9] = [
    "environment",
    "deployment_date",
    "approved_by",
    "service",
    "owner",
    "criticality",
    "replaces",
    "configuration",
    "approvals",
];
/// What identifies an entry is no further fact of it.
const IDENTITY: [&str; 9] =
    ["name", "version", "hash", "download_hash", "model_hash", "purl", "model_id", "repository", "commit"];

/// Reads the mapping under one `ml_sbom` key, or one item of the list there.
pub(crate) fn read(root: Node<'_>, findings: Vec<Finding>, depth: Depth) -> Document {
    let mut document = Document::new(Format::MlSbom, "", depth);
    document.findings = findings;
    document.reserve(root.weight().1);
    let subject = subject(&mut document, root);
    let mut lowering = Lowering { root, document, subject, unknown: Unknown::default(), datasets: Vec::new() };
    lowering.bases();
    lowering.data("training_data", Relation::TrainedOn);
    lowering.data("evaluation_data", Relation::EvaluatedOn);
    lowering.preprocessing();
    lowering.frameworks();
    lowering.packages();
    lowering.systems();
    lowering.codes();
    lowering.deployments();
    lowering.finish()
}

/// The model that the document is of.
fn subject(document: &mut Document, root: Node<'_>) -> MentionId {
    let id = stated(root, "model_id");
    if id.is_none() {
        let help = "give the model a `model_id:`; until then other documents can mean it by its digest only";
        document.findings.push(Finding::new(Code::Invalid, root.place(), "an `ml_sbom` without `model_id`", help));
    }
    let name = id.or_else(|| stated(root, "name")).unwrap_or_default();
    let owner = root.items("deployment").filter(|entry| entry.is_map()).find_map(|entry| stated(entry, "owner"));
    let digests = facts::digests(root, &["model_hash"], &mut document.findings);
    document.mention(Draft { model_id: id, digests, owner, ..Draft::new(Kind::Model, Standing::Subject, name, root.place()) })
}

struct Lowering<'t> {
    root: Node<'t>,
    document: Document,
    subject: MentionId,
    unknown: Unknown,
    /// The entries that are datasets: preprocessing means them by name.
    datasets: Vec<MentionId>,
}

impl<'t> Lowering<'t> {
    /// Mentions what an entry names, with its further facts; `None` (and a finding) where it names nothing.
    fn refer(&mut self, kind: Kind, entry: Node<'t>, section: &str, known: &[&str]) -> Option<MentionId> {
        let said = Said::by(entry);
        let Some(name) = said.name(entry) else {
            facts::nameless(entry, section, &mut self.document.findings);
            return None;
        };
        let mut draft = said.draft(kind, entry, &name, &mut self.document.findings);
        if kind == Kind::Package && draft.purl.is_none() {
            draft.ecosystem = draft.ecosystem.or(Some("pypi"));
        }
        if entry.text().is_some() && kind == Kind::Package {
            (draft.name, draft.version) = requirement::parse(&name);
        }
        let id = self.document.mention(draft);
        self.facts(id, entry, section, known);
        Some(id)
    }

    fn facts(&mut self, id: MentionId, entry: Node<'t>, section: &str, known: &[&str]) {
        self.unknown.note(entry, section, known);
        if entry.is_map() {
            facts::fields(&mut self.document, id, "", entry, &IDENTITY);
        }
    }

    fn bases(&mut self) {
        let method = self.root.items("fine_tuning").filter(|entry| entry.is_map()).find_map(|entry| stated(entry, "method"));
        let method = method.map(|method| self.document.texts.add(method));
        for entry in self.root.items("base_model") {
            if let Some(base) = self.refer(Kind::Model, entry, "base_model", &BASE) {
                self.document.link(base, Relation::Base, self.subject, entry.place()).method = method;
                self.document.states(self.subject, Section::Base);
            }
        }
    }

    fn data(&mut self, section: &str, relation: Relation) {
        for entry in self.root.items(section) {
            if let Some(data) = self.dataset(entry, section) {
                self.document.link(data, relation, self.subject, entry.place());
                if relation == Relation::TrainedOn {
                    self.document.states(self.subject, Section::TrainingData);
                }
            }
        }
    }

    fn dataset(&mut self, entry: Node<'t>, section: &str) -> Option<MentionId> {
        let data = self.refer(Kind::Dataset, entry, section, &DATASET)?;
        self.datasets.push(data);
        Some(data)
    }

    fn frameworks(&mut self) {
        for tuning in self.root.items("fine_tuning").filter(|entry| entry.is_map()) {
            self.unknown.note(tuning, "fine_tuning", &FINE_TUNING);
            for entry in tuning.items("framework") {
                if let Some(framework) = self.refer(Kind::Package, entry, "fine_tuning.framework", &PACKAGE) {
                    self.document.link(framework, Relation::BuiltWith, self.subject, entry.place());
                    self.document.states(self.subject, Section::Framework);
                }
            }
        }
    }

    fn packages(&mut self) {
        for entry in self.root.items("dependencies") {
            if let Some(package) = self.refer(Kind::Package, entry, "dependencies", &PACKAGE) {
                self.document.link(package, Relation::Depends, self.subject, entry.place());
                self.document.states(self.subject, Section::Dependencies);
            }
        }
    }

    fn systems(&mut self) {
        for entry in self.root.items("system") {
            if let Some(system) = self.refer(Kind::System, entry, "system", &PACKAGE) {
                let training = stated(entry, "role").is_some_and(|role| role.trim().eq_ignore_ascii_case("training"));
                let relation = if training { Relation::BuiltWith } else { Relation::Depends };
                self.document.link(system, relation, self.subject, entry.place());
                self.document.states(self.subject, Section::System);
            }
        }
    }

    fn codes(&mut self) {
        for entry in self.root.items("code") {
            if let Some(code) = self.code(entry, "code") {
                self.document.link(code, Relation::BuiltWith, self.subject, entry.place());
                self.document.states(self.subject, Section::Code);
            }
        }
    }

    /// A repository at a commit: a mapping, or `URL@COMMIT`.
    fn code(&mut self, entry: Node<'t>, section: &str) -> Option<MentionId> {
        let text = entry.text().map(|text| {
            let parts = text.rsplit_once('@').filter(|(_, commit)| version::commit(commit).is_some());
            parts.map_or((text, None), |(repository, commit)| (repository, Some(commit)))
        });
        let written = || stated(entry, "repository").map(|repository| (repository, stated(entry, "commit")));
        let Some((repository, commit)) = text.filter(|(text, _)| !text.trim().is_empty()).or_else(written) else {
            facts::nameless(entry, section, &mut self.document.findings);
            return None;
        };
        let id = self.document.mention(Draft {
            version: commit,
            urls: vec![repository],
            ..Draft::new(Kind::Code, Standing::Reference, repository, entry.place())
        });
        self.facts(id, entry, section, &CODE);
        Some(id)
    }

    fn deployments(&mut self) {
        for entry in self.root.items("deployment") {
            let mut environments: Vec<_> = entry.items("environment").filter_map(Node::text).map(Some).collect();
            if environments.is_empty() {
                environments.push(entry.text());
            }
            let empty = entry.text().is_none() && entry.children().all(Node::is_null);
            for environment in environments.into_iter().filter(|_| !empty) {
                let texts = &mut self.document.texts;
                let mut text = |key| stated(entry, key).map(|text| texts.add(text));
                let (service, owner, criticality) = (text("service"), text("owner"), text("criticality"));
                let environment = environment.filter(|text| !text.trim().is_empty()).map(|text| texts.add(text));
                let stated = Deployment { environment, service, owner, criticality, inventory: false };
                let deployment = self.document.deployment(stated, entry.place());
                self.document.link(self.subject, Relation::Deployed, deployment, entry.place());
                self.unknown.note(entry, "deployment", &DEPLOYMENT);
                let skip = ["environment", "service", "owner", "criticality"];
                facts::fields(&mut self.document, deployment, "", entry, &skip);
            }
        }
    }

    fn finish(mut self) -> Document {
        self.unknown.note(self.root, "", &TOP);
        for validation in self.root.items("validation").filter(|entry| entry.is_map()) {
            self.unknown.note(validation, "validation", &VALIDATION);
        }
        facts::fields(&mut self.document, self.subject, "", self.root, &ENTRIES);
        self.document.findings.extend(self.unknown.finding());
        self.document.counts = facts::counts(&self.document);
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::facts::testing::{fields, findings, links};
    use crate::model::document::Section::{Base, Code as CodeSection, Dependencies, Framework, System, TrainingData};

    const EVERY: &[u8] = include_bytes!("../../tests/data/ml_sbom/every-section.yaml");
    const HOLLOW: &[u8] = include_bytes!("../../tests/data/ml_sbom/nothing-usable.yaml");
    const STREAM: &[u8] = include_bytes!("../../tests/data/ml_sbom/stream.yaml");

    fn read(bytes: &[u8], name: &str) -> crate::formats::Read {
        crate::formats::read(bytes, name, Depth::Facts)
    }

    fn one(bytes: &[u8]) -> Document {
        let mut read = read(bytes, "x.yaml");
        assert_eq!(read.problems, []);
        assert_eq!(read.documents.len(), 1);
        read.documents.remove(0)
    }

    #[test]
    fn every_section_becomes_links_at_its_line() {
        let document = one(EVERY);
        assert_eq!(
            links(&document),
            [
                "google-bert/bert-base-uncased@86b5e0934494bd15c9632b12f734a8a67f723594 -base LoRA-> intake-bot-v1.0.0 7",
                "all-MiniLM-L6-v2 -base LoRA-> intake-bot-v1.0.0 12",
                "tickets@2.10 -trained-on-> intake-bot-v1.0.0 20",
                "tickets-balanced -trained-on-> intake-bot-v1.0.0 24",
                "golden-set -evaluated-on-> intake-bot-v1.0.0 25",
                "tickets-raw -derived-> tickets@2.10 14 ..",
                "tickets-2024 -derived-> tickets@2.10 14 ..",
                "https://git.example.org/prep@0123abc4567 -derived-> tickets@2.10 14",
                "tickets@2.10 -derived-> tickets-balanced 15",
                "transformers@4.38.0 -built-with-> intake-bot-v1.0.0 27",
                "Torch@2.2.0 -depends-> intake-bot-v1.0.0 31",
                "numpy@1.26.4 -depends-> intake-bot-v1.0.0 32",
                "tokenizers@0.15.1 -depends-> intake-bot-v1.0.0 33",
                "CUDA@12.1 -built-with-> intake-bot-v1.0.0 35",
                "Debian@12 -depends-> intake-bot-v1.0.0 36",
                "https://git.example.org/train@89abcdef0 -built-with-> intake-bot-v1.0.0 37",
                "intake-bot-v1.0.0 -deployed-> (production intake) 40",
                "intake-bot-v1.0.0 -deployed-> (staging) 41",
            ]
        );
        assert_eq!(findings(&document), ["DR0020 38:32 unknown keys kept: validation.bleu, deployment.tone, licence"]);
        let counts = document.counts;
        assert_eq!((counts.models, counts.datasets, counts.ancestors, counts.links), (3, 6, 2, 18));
        assert_eq!(counts.components, 17);
    }

    #[test]
    fn a_subject_has_its_id_digest_owner_and_facts() {
        let document = one(EVERY);
        let subject = document.get(MentionId(0));
        let text = |id: Option<crate::text::TextId>| id.map(|id| document.texts.key(id));
        assert_eq!((text(Some(subject.name)), text(subject.version)), (Some("intake-bot-v1.0.0"), None));
        assert_eq!((text(subject.model_id), text(subject.owner)), (Some("intake-bot-v1.0.0"), Some("care")));
        assert_eq!((subject.digests.len(), subject.standing), (1, Standing::Subject));
        let fields = fields(&document);
        for wanted in [
            "intake-bot-v1.0.0 created = 2026-02-14T10:30:00Z 5",
            "intake-bot-v1.0.0 fine_tuning.framework = transformers==4.38.0 27",
            "intake-bot-v1.0.0 fine_tuning.hyperparameters.r = 16 29",
            "intake-bot-v1.0.0 fine_tuning.hyperparameters.targets = q_proj, v_proj 29",
            "intake-bot-v1.0.0 licence = MIT 42",
            "tickets@2.10 size = 50,000 samples 23",
            "tickets@2.10 preprocessing.transform = remove names 14",
            "(production intake) approved_by = mlops 40",
        ] {
            assert!(fields.iter().any(|field| field == wanted), "{wanted} is not in {fields:#?}");
        }
        let base = document.mentions.iter().find(|m| m.downloaded.is_some()).unwrap();
        assert_eq!(text(base.hub), Some("google-bert/bert-base-uncased"));
        assert_eq!(text(base.revision), Some("86b5e0934494bd15c9632b12f734a8a67f723594"));
        let torch = document.mentions.iter().find(|m| document.texts.key(m.name) == "Torch").unwrap();
        assert_eq!((text(torch.ecosystem), torch.digests.len()), (Some("pypi"), 0));
    }

    #[test]
    fn only_what_names_something_states_a_section() {
        let all = [Base, TrainingData, Dependencies, Framework, System, CodeSection];
        assert!(all.into_iter().all(|section| one(EVERY).get(MentionId(0)).sections.has(section)));
        let hollow = one(HOLLOW);
        assert!(!all.into_iter().any(|section| hollow.get(MentionId(0)).sections.has(section)));
        assert_eq!(hollow.mentions.len(), 1);
        assert_eq!(
            findings(&hollow),
            [
                "DR0021 4:3 `sha256:abcd` is no digest and counts as none",
                "DR0006 5:3 an entry of `base_model` without a name was not used",
                "DR0006 8:18 an entry of `dependencies` without a name was not used",
                "DR0006 11:10 an entry of `code` without a name was not used",
            ]
        );
    }

    #[test]
    fn lists_streams_and_json_hold_several_models() {
        let documents = read(STREAM, "x.yml").documents;
        let all: Vec<_> = documents.iter().map(|d| (d.member, links(d).concat())).collect();
        let expected = [(0, "b -base-> a 4"), (1, "b -base->  6"), (2, "b -base-> c 10")];
        assert_eq!(all, expected.map(|(member, link)| (member, link.to_owned())));
        assert_eq!(findings(&documents[1]), ["DR0006 5:3 an `ml_sbom` without `model_id`"]);
        let json = "[{\"ml_sbom\": {\"model_id\": \"a\"}}, null,\n {\"ml_sbom\": [{\"model_id\": \"b\", \"base_model\": {\"name\": \"a\"}}]}]";
        let documents = read(json.as_bytes(), "x.json").documents;
        assert_eq!(documents.len(), 2);
        assert_eq!(links(&documents[1]), ["a -base-> b 2"]);
    }

    #[test]
    fn what_one_document_gives_twice_is_read_twice() {
        let text = "ml_sbom:\n  model_id: a\n  base_model: {name: b, hash: x}\n  base_model: c\n";
        let read_twice = read(text.as_bytes(), "");
        assert_eq!(links(&read_twice.documents[0]), ["b -base-> a 3", "c -base-> a 4"]);
        let merged = read(include_bytes!("../../tests/data/yaml/merge-and-anchors.yaml"), "x.yaml").documents;
        assert_eq!(links(&merged[0]), ["bert@1.0 -base-> a 3", "tickets -trained-on-> a 8"]);
        assert_eq!(links(&merged[1]), ["gpt -base-> b 11", "tickets -trained-on-> b 8"]);
    }
}
