//! What belongs together without an edge that says so: nested components, what nothing uses, formulation, compositions.
//!
//! Invariant: what a dependency path already leads to the subject gets no second link of ours.

use crate::formats::cyclonedx::Reader;
use crate::formats::cyclonedx::components;
use crate::formats::cyclonedx::identity;
use crate::formats::cyclonedx::properties;
use crate::formats::tree::Node;
use crate::model::document::MentionId;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;

impl Reader<'_> {
    /// Links nested components to what holds them, and the loose ones to the subject.
    pub(crate) fn attach_parts(&mut self) {
        for at in 0..self.entries.len() {
            let (Some(part), Some(holder)) = (self.entries[at].mention, self.holder_of(at)) else { continue };
            let linked = self.linked.contains(&(part, holder)) || self.linked.contains(&(holder, part));
            if !linked && let Some(relation) = self.part_relation(part, holder, true) {
                self.link_part(at, part, relation, holder);
            }
        }
        if let Some(subject) = self.subject {
            self.attach_loose(subject);
        }
    }

    fn attach_loose(&mut self, subject: MentionId) {
        let mut upstream: Vec<Vec<MentionId>> = vec![Vec::new(); self.document.mentions.len()];
        let mut is_used = vec![false; self.document.mentions.len()];
        for link in &self.document.links {
            upstream[link.downstream.0 as usize].push(link.upstream);
            is_used[link.upstream.0 as usize] = true;
        }
        let mut reached = vec![false; self.document.mentions.len()];
        reach(subject, &upstream, &mut reached);
        for provided in self.provided() {
            reach(provided, &upstream, &mut reached);
        }
        // First what nothing uses; then, in an application, the members of cycles that lead nowhere.
        let is_model = self.kind(subject) == Kind::Model;
        for cycles in [false, true] {
            for at in 0..self.entries.len() {
                let Some(part) = self.entries[at].mention.filter(|_| self.entries[at].holder.is_none()) else { continue };
                let i = part.0 as usize;
                if reached[i] || (is_used[i] && !cycles) || (cycles && is_model) {
                    continue;
                }
                if let Some(relation) = self.part_relation(part, subject, false) {
                    self.link_part(at, part, relation, subject);
                    reach(part, &upstream, &mut reached);
                }
            }
        }
    }

    fn link_part(&mut self, at: usize, part: MentionId, relation: Relation, whole: MentionId) {
        let node = self.entries[at].node;
        let claimed = self.kind(whole) == Kind::Deployment && is_claimed(node);
        let runtime = relation == Relation::Deployed && properties::first(&properties::of(node), "runtime.name").is_some();
        let relation = if runtime { Relation::Serves } else { relation };
        if let Some(link) = self.link(part, relation, whole, node.place())
            && claimed
        {
            link.at_best = Evidence::Name;
        }
    }

    /// What a part is to its whole, if that can be told: a second model beside the subject is not.
    fn part_relation(&self, part: MentionId, whole: MentionId, nested: bool) -> Option<Relation> {
        let kind = self.kind(part);
        let unclear = match self.kind(whole) {
            Kind::Application => return Some(Relation::Contains),
            Kind::Model | Kind::Dataset => matches!(kind, Kind::Model | Kind::Application),
            Kind::Package | Kind::System => matches!(kind, Kind::Model | Kind::Dataset | Kind::Application),
            Kind::Code | Kind::Deployment => false,
        };
        (nested || !unclear).then(|| self.relation(part, whole))
    }

    /// What `provides` says is made by something else, and so is no part of the subject.
    fn provided(&self) -> Vec<MentionId> {
        let dependencies = self.root.each_map("dependencies");
        let texts = dependencies.iter().flat_map(|dependency| dependency.each("provides"));
        texts.filter_map(|node| self.refs.declared(node.text()?)).collect()
    }

    /// `formulation`: what a model was built with.
    pub(crate) fn read_formulation(&mut self) {
        let Some(subject) = self.subject.filter(|subject| matches!(self.kind(*subject), Kind::Model | Kind::Application)) else {
            return;
        };
        for formula in self.root.each_map("formulation") {
            for node in formula.each_map("components") {
                let Some(kind) = components::kind_of(node, None) else { continue };
                let Some(draft) = identity::draft(node, kind, Standing::Declared, &self.refs) else { continue };
                let tool = self.document.mention(draft);
                self.link(tool, Relation::BuiltWith, subject, node.place());
            }
        }
    }

    /// `compositions` that are incomplete take back the sections they cover.
    pub(crate) fn read_compositions(&mut self) {
        const ALL: [Section; 6] =
            [Section::Base, Section::TrainingData, Section::Dependencies, Section::Framework, Section::System, Section::Code];
        for composition in self.root.each_map("compositions") {
            let aggregate = composition.str("aggregate").unwrap_or_default();
            if !aggregate.starts_with("incomplete") && aggregate != "unknown" {
                continue;
            }
            let (assemblies, dependencies) = (composition.each("assemblies"), composition.each("dependencies"));
            if assemblies.is_empty() && dependencies.is_empty() && composition.each("vulnerabilities").is_empty() {
                self.take_back(self.subject, &ALL);
            }
            for node in assemblies {
                self.take_back(node.text().and_then(|text| self.refs.declared(text)), &ALL);
            }
            for node in dependencies {
                self.take_back(node.text().and_then(|text| self.refs.declared(text)), &[Section::Dependencies, Section::System]);
            }
        }
    }

    fn take_back(&mut self, mention: Option<MentionId>, sections: &[Section]) {
        if let Some(mention) = mention.and_then(|mention| self.document.mentions.get_mut(mention.0 as usize)) {
            for section in sections {
                mention.sections.remove(*section);
            }
        }
    }
}

/// Marks all that is upstream of a mention, and itself.
fn reach(from: MentionId, upstream: &[Vec<MentionId>], reached: &mut [bool]) {
    let mut open = vec![from];
    while let Some(mention) = open.pop() {
        if !std::mem::replace(&mut reached[mention.0 as usize], true) {
            open.extend(&upstream[mention.0 as usize]);
        }
    }
}

/// Whether a cluster scanner says that it only read a name.
fn is_claimed(node: Node<'_>) -> bool {
    properties::of(node)
        .iter()
        .any(|p| properties::bare(p.name) == "confidence" && p.value.text().is_some_and(|v| matches!(v, "claimed" | "inferred")))
}
