//! CycloneDX 1.2 to 1.7 JSON: components, pedigree, model cards, dependencies and our properties.
//!
//! Invariant: the document's subject is decided by what `metadata.component` is; a generator's own job is nobody's upstream.
//! Invariant: two mentions are linked once, from upstream to downstream, and never to themselves.
//! Absent on purpose: vulnerabilities (an advisory's business), XML, identity across documents.

mod bases;
mod components;
mod datasets;
mod dependencies;
mod deployments;
mod details;
mod identity;
mod parts;
mod pedigree;
mod properties;
mod refs;
mod roots;
mod validity;

use crate::formats::cyclonedx::components::Entry;
use crate::formats::cyclonedx::refs::Refs;
use crate::formats::tree::Node;
use crate::model::document::Document;
use crate::model::document::Format;
use crate::model::document::Link;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use rustc_hash::FxHashSet;

/// Reads a CycloneDX document; `findings` are what reading its text has found so far.
///
/// Never fails: what cannot be used becomes a finding beside what can.
pub(crate) fn read(root: Node<'_>, findings: Vec<Finding>) -> Document {
    let mut document = Document::new(Format::CycloneDx, root.str("specVersion").unwrap_or_default());
    document.findings = findings;
    let mut reader = Reader {
        root,
        document,
        entries: Vec::new(),
        refs: Refs::of(root),
        subject: None,
        linked: FxHashSet::default(),
        words: FxHashSet::default(),
        evaluation: FxHashSet::default(),
    };
    validity::header(root, &mut reader.document.findings);
    reader.collect();
    reader.mention_components();
    reader.read_pedigrees();
    reader.read_bases();
    reader.read_datasets();
    reader.read_dependencies();
    reader.read_deployments();
    reader.attach_parts();
    reader.read_formulation();
    reader.read_compositions();
    reader.read_details();
    reader.document
}

/// A document on its way from text to meaning.
struct Reader<'t> {
    root: Node<'t>,
    document: Document,
    entries: Vec<Entry<'t>>,
    refs: Refs<'t>,
    /// What the whole document is about.
    subject: Option<MentionId>,
    /// Upstream and downstream of every link so far.
    linked: FxHashSet<(MentionId, MentionId)>,
    /// Datasets whose name is a plain word.
    words: FxHashSet<MentionId>,
    /// Datasets that say of themselves that they are for evaluation.
    evaluation: FxHashSet<MentionId>,
}

impl<'t> Reader<'t> {
    /// Links two mentions, unless they are one or are linked already, and notes which section that states.
    fn link(&mut self, upstream: MentionId, relation: Relation, downstream: MentionId, place: Place) -> Option<&mut Link> {
        if upstream == downstream || !self.linked.insert((upstream, downstream)) {
            return None;
        }
        if let Some(section) = self.section(upstream, relation, downstream) {
            self.document.states(downstream, section);
        }
        let about = &mut self.document.mentions[downstream.0 as usize];
        if about.standing == Standing::Declared && matches!(about.kind, Kind::Model | Kind::Application) {
            about.standing = Standing::Subject;
        }
        let is_word = self.words.contains(&upstream);
        let link = self.document.link(upstream, relation, downstream, place);
        if is_word {
            link.at_best = Evidence::Name;
        }
        Some(link)
    }

    fn kind(&self, mention: MentionId) -> Kind {
        self.document.get(mention).kind
    }

    /// The section of the downstream end that such a link states.
    fn section(&self, upstream: MentionId, relation: Relation, downstream: MentionId) -> Option<Section> {
        let (up, down) = (self.document.get(upstream), self.document.get(downstream));
        let same_name = |a, b| self.document.texts.key(a).eq_ignore_ascii_case(self.document.texts.key(b));
        let itself = same_name(up.name, down.name) && (up.version.is_none() || up.version == down.version);
        match (relation, up.kind) {
            (Relation::Base, _) => (!itself).then_some(Section::Base),
            (Relation::TrainedOn, _) => Some(Section::TrainingData),
            (Relation::BuiltWith, Kind::Package) => Some(Section::Framework),
            (Relation::BuiltWith, Kind::Code) => Some(Section::Code),
            (Relation::BuiltWith | Relation::Depends, Kind::System) => Some(Section::System),
            (Relation::Depends, Kind::Package) => Some(Section::Dependencies),
            _ => None,
        }
    }

    /// What `upstream` is to `downstream` where the document says only that the one needs the other.
    fn relation(&self, upstream: MentionId, downstream: MentionId) -> Relation {
        match (self.kind(upstream), self.kind(downstream)) {
            (Kind::Model, Kind::Model) => Relation::Base,
            (Kind::Dataset, Kind::Model) if self.evaluation.contains(&upstream) => Relation::EvaluatedOn,
            (Kind::Dataset, Kind::Model) => Relation::TrainedOn,
            (Kind::Dataset | Kind::Model | Kind::Code, Kind::Dataset) => Relation::Derived,
            (Kind::Dataset | Kind::Model, Kind::Application) => Relation::Contains,
            (Kind::Code, Kind::Model) => Relation::BuiltWith,
            (Kind::Package | Kind::System, Kind::Deployment) => Relation::Serves,
            (Kind::Dataset | Kind::Model | Kind::Code | Kind::Application, Kind::Deployment) => Relation::Deployed,
            (Kind::Deployment, _)
            | (Kind::Package | Kind::System | Kind::Application, _)
            | (Kind::Dataset | Kind::Model | Kind::Code, Kind::Package | Kind::System | Kind::Code)
            | (Kind::Code, Kind::Application) => Relation::Depends,
        }
    }
}

#[cfg(test)]
mod corpus_tmp {
    use super::*;
    use crate::formats::json;

    fn dump(document: &Document) {
        let name = |id: MentionId| {
            let m = document.get(id);
            let env =
                m.deployment.as_ref().map(|d| format!("{:?}", d.environment.map(|e| document.texts.key(e)))).unwrap_or_default();
            format!("{}:{}{}", m.kind, document.texts.key(m.name), env)
        };
        for (i, m) in document.mentions.iter().enumerate() {
            let t = |id: Option<crate::text::TextId>| id.map(|id| document.texts.key(id).to_owned()).unwrap_or_default();
            println!(
                "  M{i} {:?} {} v={} purl={} hub={} rev={} g={} dig={} sec={:?} L{}",
                m.standing,
                name(MentionId(i as u32)),
                t(m.version),
                t(m.purl),
                t(m.hub),
                t(m.revision),
                t(m.global_ref),
                m.digests.len(),
                m.sections,
                m.place.line
            );
        }
        for l in document.links.iter().take(60) {
            println!(
                "  {} --{} {}--> {} {} L{}",
                name(l.upstream),
                l.relation,
                l.method.map(|m| document.texts.key(m)).unwrap_or_default(),
                name(l.downstream),
                l.at_best,
                l.place.line
            );
        }
        if std::env::var("FIELDS").is_ok() {
            for f in &document.fields {
                println!("  F{} {} = {} L{}", f.mention.0, document.texts.key(f.key), document.texts.key(f.value), f.line);
            }
        }
    }

    #[test]
    fn tmp_corpus() {
        let base = "/work/shared/corpus/";
        let only = std::env::var("ONLY").unwrap_or_default();
        let mut bad = 0;
        for row in std::fs::read_to_string(format!("{base}expected.tsv")).unwrap().lines().skip(1) {
            let c: Vec<&str> = row.split('\t').collect();
            if c[1] != "cyclonedx-json" || !c[0].contains(&only) {
                continue;
            }
            let text = std::fs::read_to_string(format!("{base}{}", c[0])).unwrap();
            let (tree, findings) = json::read(text.trim_start_matches('\u{feff}')).unwrap();
            let d = read(tree.root().unwrap(), findings);
            let got = [d.counts.components, d.counts.links, d.counts.models, d.counts.datasets, d.counts.ancestors];
            let want: Vec<usize> = c[4..9].iter().map(|x| x.parse().unwrap()).collect();
            if got.to_vec() != want {
                bad += 1;
                println!("MISMATCH {} got {got:?} want {want:?}", c[0]);
            }
            if c[9] == "spec-invalid" && !d.findings.iter().any(|f| f.code == crate::model::finding::Code::Invalid) {
                bad += 1;
                println!("NOT INVALID {}", c[0]);
            }
            println!("{} [{}] mentions {} links {} fields {}", c[0], c[9], d.mentions.len(), d.links.len(), d.fields.len());
            for f in d.findings.iter().take(12) {
                println!("   {} {} | {} | {}", f.code, f.address(), f.message, f.help);
            }
            if !only.is_empty() {
                dump(&d);
            }
        }
        assert_eq!(bad, 0);
    }
}
