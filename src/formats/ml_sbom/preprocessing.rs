//! The `preprocessing` section: which dataset was made from which, by which code.
//!
//! A plain name means the entries of that name in the same document, with their digests and versions; else it is a name
//! and nothing more, and what hangs on it is `..`.

use super::Lowering;
use crate::formats::facts;
use crate::formats::limits;
use crate::formats::tree::Node;
use crate::model::document::Draft;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use rustc_hash::FxHashMap;

const STEP: [&str; 5] = ["name", "input", "output", "transform", "code"];

/// One end of a step.
enum End<'t> {
    Known(MentionId),
    Named(&'t str, Place),
}

/// Datasets of one end, and whether they are known by name only.
type Datasets = Vec<(MentionId, bool)>;

impl<'t> Lowering<'t> {
    /// Lowers all steps: first what they describe in full, so that the order of steps does not matter to names.
    pub(super) fn preprocessing(&mut self) {
        let steps: Vec<_> = self.root.each("preprocessing");
        let ends: Vec<_> = steps.iter().map(|step| (self.ends(*step, "input"), self.ends(*step, "output"))).collect();
        if steps.is_empty() {
            return;
        }
        let mut known: FxHashMap<String, Vec<MentionId>> = FxHashMap::default();
        for id in &self.datasets {
            known.entry(self.document.texts.key(self.document.get(*id).name).to_owned()).or_default().push(*id);
        }
        let mut by_name = FxHashMap::default();
        for (step, (inputs, outputs)) in steps.into_iter().zip(ends) {
            let inputs = self.resolve(inputs, &known, &mut by_name);
            let outputs = self.resolve(outputs, &known, &mut by_name);
            self.unknown.note(step, "preprocessing", &STEP);
            self.step(step, &inputs, &outputs);
        }
    }

    fn ends(&mut self, step: Node<'t>, key: &str) -> Vec<End<'t>> {
        let mut ends = Vec::new();
        for entry in step.each(key) {
            match entry.text() {
                Some(name) if !name.trim().is_empty() => ends.push(End::Named(name, entry.place())),
                _ => ends.extend(self.dataset(entry, &format!("preprocessing.{key}")).map(End::Known)),
            }
        }
        ends
    }

    /// The entries that the ends mean; a name that no entry has becomes a mention of its own, once.
    fn resolve(
        &mut self,
        ends: Vec<End<'t>>,
        known: &FxHashMap<String, Vec<MentionId>>,
        by_name: &mut FxHashMap<&'t str, MentionId>,
    ) -> Datasets {
        let mut found = Vec::new();
        for end in ends {
            match end {
                End::Known(id) => found.push((id, false)),
                End::Named(name, place) => {
                    if let Some(ids) = known.get(name) {
                        found.extend(ids.iter().map(|id| (*id, false)));
                    } else {
                        let draft = Draft::new(Kind::Dataset, Standing::Reference, name, place);
                        let id = *by_name.entry(name).or_insert_with(|| self.document.mention(draft));
                        found.push((id, true));
                    }
                }
            }
        }
        found
    }

    fn step(&mut self, step: Node<'t>, inputs: &Datasets, outputs: &Datasets) {
        let codes: Vec<_> = step.each("code").into_iter().filter_map(|entry| self.code(entry, "preprocessing.code")).collect();
        let findings = &mut self.document.findings;
        if outputs.is_empty() {
            let message = "a `preprocessing` step without `output`: what it makes is not known";
            facts::report(findings, Finding::new(Code::Invalid, step.place(), message, "name the dataset that it writes"));
            for code in codes {
                self.document.link(code, Relation::BuiltWith, self.subject, step.place());
            }
            return;
        }
        if self.document.links.len() + (inputs.len() + codes.len()) * outputs.len() > limits::LINKS {
            facts::report(findings, limits::too_many_links(step.place()));
            return;
        }
        for (output, output_by_name) in outputs {
            for (input, input_by_name) in inputs {
                let link = self.document.link(*input, Relation::Derived, *output, step.place());
                if *input_by_name || *output_by_name {
                    link.at_best = Evidence::Name;
                }
            }
            for code in &codes {
                let link = self.document.link(*code, Relation::Derived, *output, step.place());
                if *output_by_name {
                    link.at_best = Evidence::Name;
                }
            }
        }
        if let Some((output, _)) = outputs.first() {
            facts::fields(&mut self.document, *output, "preprocessing", step, &["input", "output", "code"]);
        }
    }
}
