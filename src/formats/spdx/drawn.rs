//! A document drawn as lines, for the tests of both readers.

use crate::formats::json;
use crate::formats::tree::Node;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Section;
use crate::model::finding::Finding;
use crate::text::TextId;

/// Reads `input` with one of the readers.
pub(crate) fn read(input: &str, reader: fn(Node<'_>, Vec<Finding>, Depth) -> Document) -> Document {
    let (tree, findings) = json::read(input).unwrap();
    reader(tree.root().unwrap(), findings, Depth::Facts)
}

/// `model Subject acme/tuned [Base]` for every mention.
pub(crate) fn mentions(document: &Document) -> Vec<String> {
    let sections =
        [Section::Base, Section::TrainingData, Section::Dependencies, Section::Framework, Section::System, Section::Code];
    let draw = |mention: &crate::model::document::Mention| {
        let stated: Vec<String> = sections.iter().filter(|s| mention.sections.has(**s)).map(|s| format!(" {s:?}")).collect();
        format!("{} {:?} {}{}", mention.kind, mention.standing, document.texts.key(mention.name), stated.concat())
    };
    document.mentions.iter().map(draw).collect()
}

/// `acme/base -base== -> acme/tuned :23` for every link; the number is its line.
pub(crate) fn links(document: &Document) -> Vec<String> {
    let name = |id| document.texts.key(document.get(id).name);
    let draw = |link: &crate::model::document::Link| {
        let method = link.method.map(|method| format!(" ({})", document.texts.key(method))).unwrap_or_default();
        let (up, down) = (name(link.upstream), name(link.downstream));
        format!("{up} {}{method} {} {down} :{}", link.relation, link.at_best, link.place.line)
    };
    document.links.iter().map(draw).collect()
}

/// Codes and lines of the findings.
pub(crate) fn findings(document: &Document) -> Vec<String> {
    document.findings.iter().map(|f| format!("{:?} :{}", f.code, f.place.unwrap_or_default().line)).collect()
}

/// The text of an id.
pub(crate) fn text(document: &Document, id: Option<TextId>) -> Option<&str> {
    id.map(|id| document.texts.key(id))
}
