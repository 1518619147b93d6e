//! Relationship names of SPDX 2.2, 2.3 and 3.0, and the relations that they become.
//!
//! Names are compared without case and underscores: `DEPENDS_ON` and `dependsOn` are one (some SPDX 3 producers write the
//! spelling of SPDX 2). Invariant: every name of the specifications is here, so that an unknown one is a mistake.
//! Absent on purpose: who stands at the ends.

use crate::model::document::Section;
use crate::model::kind::Kind;
use crate::model::kind::Relation;

/// What a relationship says about its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sense {
    /// The downstream end was trained on the upstream end.
    Trained,
    /// The downstream end was only evaluated on the upstream end.
    Tested,
    /// The downstream end was made from the upstream end.
    Made,
    /// The downstream end needs the upstream end.
    Needed,
    /// The upstream end is a tool with which the downstream end was built.
    Tool,
    /// The upstream end is a part of the downstream end.
    Part,
    /// The document (downstream) is about the upstream end.
    Described,
    /// The upstream end is a licence.
    Licence,
    /// Nothing that a hazard could travel along.
    Nothing,
}

/// What a relationship name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub sense: Sense,
    /// `from` (`spdxElementId`) is the upstream end; else `to` (`relatedSpdxElement`) is.
    pub from_is_upstream: bool,
}

/// Names whose `from` is upstream.
const FROM_UPSTREAM: [(Sense, &[&str]); 5] = [
    (Sense::Made, &["ancestorof", "hasvariant", "copiedto", "expandsto", "generates", "packagedby", "hasdistributionartifact"]),
    (
        Sense::Needed,
        &[
            "dependencyof",
            "builddependencyof",
            "devdependencyof",
            "runtimedependencyof",
            "optionaldependencyof",
            "provideddependencyof",
            "testdependencyof",
            "prerequisitefor",
            "optionalcomponentof",
            "patchfor",
            "patchapplied",
            "configures",
            "datafileof",
        ],
    ),
    (Sense::Tool, &["buildtoolof", "devtoolof", "testtoolof"]),
    (Sense::Part, &["containedby", "packageof", "fileadded"]),
    (Sense::Described, &["describedby"]),
];

/// Names whose `to` is upstream.
const TO_UPSTREAM: [(Sense, &[&str]); 8] = [
    (Sense::Trained, &["trainedon"]),
    (Sense::Tested, &["testedon"]),
    (Sense::Made, &["descendantof", "variantof", "copyof", "generatedfrom", "expandedfromarchive", "modifiedby"]),
    (
        Sense::Needed,
        &[
            "dependson",
            "dynamiclink",
            "staticlink",
            "hasdynamiclink",
            "hasstaticlink",
            "hasprerequisite",
            "hasoptionalcomponent",
            "hasoptionaldependency",
            "hasprovideddependency",
            "patchedby",
            "distributionartifact",
            "hasdatafile",
        ],
    ),
    (Sense::Tool, &["usestool"]),
    (Sense::Part, &["contains", "hasaddedfile"]),
    (Sense::Described, &["describes"]),
    (Sense::Licence, &["hasdeclaredlicense", "hasconcludedlicense"]),
];

/// Names without lineage: documents, tests, agents, vulnerabilities, builds.
const NO_LINEAGE: [&str; 46] = [
    "affects",
    "amendedby",
    "amends",
    "availablefrom",
    "coordinatedby",
    "delegatedto",
    "dependencymanifestof",
    "documentationof",
    "doesnotaffect",
    "exampleof",
    "exploitcreatedby",
    "filedeleted",
    "filemodified",
    "fixedby",
    "fixedin",
    "foundby",
    "hasassessmentfor",
    "hasassociatedvulnerability",
    "hasdeletedfile",
    "hasdependencymanifest",
    "hasdocumentation",
    "hasevidence",
    "hasexample",
    "hashost",
    "hasinput",
    "hasmetadata",
    "hasoutput",
    "hasrequirement",
    "hasspecification",
    "hastest",
    "hastestcase",
    "invokedby",
    "metafileof",
    "other",
    "publishedby",
    "reportedby",
    "republishedby",
    "requirementdescriptionfor",
    "serializedinartifact",
    "specificationfor",
    "testcaseof",
    "testof",
    "underinvestigationfor",
    "usedby",
    "hasassociatedbuild",
    "releasedby",
];

/// A relationship name without case, underscores and the address of its vocabulary.
pub(crate) fn plain(written: &str) -> String {
    let name = written.rsplit(['/', '#', ':']).next().unwrap_or_default();
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// What a relationship name means; `None` for a name of no specification.
pub(crate) fn meaning(written: &str) -> Option<Meaning> {
    let name = plain(written);
    let within =
        |table: &[(Sense, &[&str])]| table.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(sense, _)| *sense);
    if let Some(sense) = within(&FROM_UPSTREAM) {
        return Some(Meaning { sense, from_is_upstream: true });
    }
    let sense = within(&TO_UPSTREAM).or_else(|| NO_LINEAGE.contains(&name.as_str()).then_some(Sense::Nothing))?;
    Some(Meaning { sense, from_is_upstream: false })
}

/// Whether the name counts as an ancestor in `list --documents`.
pub(crate) fn is_ancestry(written: &str) -> bool {
    matches!(plain(written).as_str(), "ancestorof" | "descendantof")
}

/// The relation that a sense becomes between two kinds; `None` for senses without lineage.
pub(crate) fn relation(sense: Sense, upstream: Kind, downstream: Kind) -> Option<Relation> {
    let relation = match (sense, upstream, downstream) {
        (Sense::Described | Sense::Licence | Sense::Nothing, _, _) => return None,
        (Sense::Trained, _, _) => Relation::TrainedOn,
        (Sense::Tested, _, _) => Relation::EvaluatedOn,
        (Sense::Tool, _, _) | (_, Kind::Code, Kind::Model) | (Sense::Made, Kind::Package | Kind::System, Kind::Model) => {
            Relation::BuiltWith
        }
        (_, Kind::Model, Kind::Model) => Relation::Base,
        (_, Kind::Dataset, Kind::Model) => Relation::TrainedOn,
        (_, Kind::Dataset | Kind::Code, Kind::Dataset) | (Sense::Made, Kind::Model, Kind::Dataset) => Relation::Derived,
        (Sense::Made | Sense::Part, _, Kind::Application) | (Sense::Needed, Kind::Model | Kind::Dataset, Kind::Application) => {
            Relation::Contains
        }
        (Sense::Made | Sense::Needed | Sense::Part, _, _) => Relation::Depends,
    };
    Some(relation)
}

/// The section that a link states about its downstream end.
pub(crate) fn section(relation: Relation, upstream: Kind) -> Option<Section> {
    match (relation, upstream) {
        (Relation::Base, _) => Some(Section::Base),
        (Relation::TrainedOn, _) => Some(Section::TrainingData),
        (Relation::Depends | Relation::BuiltWith, Kind::Code) => Some(Section::Code),
        (Relation::Depends | Relation::BuiltWith, Kind::System) => Some(Section::System),
        (Relation::Depends, _) => Some(Section::Dependencies),
        (Relation::BuiltWith, _) => Some(Section::Framework),
        (
            Relation::EvaluatedOn
            | Relation::Derived
            | Relation::Contains
            | Relation::Deployed
            | Relation::Serves
            | Relation::MaybeSame,
            _,
        ) => None,
    }
}

/// What an end is that only a relationship speaks of, by its side and by what stands at the other end.
pub(crate) fn kind_of_end(sense: Sense, is_upstream: bool, other: Option<Kind>) -> Kind {
    match (sense, is_upstream, other) {
        (Sense::Trained | Sense::Tested, true, _) => Kind::Dataset,
        (Sense::Trained | Sense::Tested, false, _) => Kind::Model,
        (Sense::Made, _, Some(kind @ (Kind::Model | Kind::Dataset))) => kind,
        (Sense::Part, false, _) => Kind::Application,
        (Sense::Made | Sense::Needed | Sense::Tool | Sense::Part | Sense::Described | Sense::Licence | Sense::Nothing, _, _) => {
            Kind::Package
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_and_both_directions_are_known() {
        for (written, sense, from_is_upstream) in [
            ("DEPENDS_ON", Sense::Needed, false),
            ("dependsOn", Sense::Needed, false),
            ("depends_on", Sense::Needed, false),
            ("RUNTIME_DEPENDENCY_OF", Sense::Needed, true),
            ("DESCENDANT_OF", Sense::Made, false),
            ("ancestorOf", Sense::Made, true),
            ("GENERATES", Sense::Made, true),
            ("GENERATED_FROM", Sense::Made, false),
            ("CONTAINED_BY", Sense::Part, true),
            ("https://spdx.org/rdf/3.0.1/terms/Core/RelationshipType/trainedOn", Sense::Trained, false),
            ("usesTool", Sense::Tool, false),
            ("BUILD_TOOL_OF", Sense::Tool, true),
            ("hasAssessmentFor", Sense::Nothing, false),
        ] {
            assert_eq!(meaning(written), Some(Meaning { sense, from_is_upstream }), "{written}");
        }
        assert_eq!(meaning("DEPENDS_UPON"), None);
    }

    #[test]
    fn the_kinds_of_the_ends_choose_the_relation() {
        for (sense, upstream, downstream, expected) in [
            (Sense::Made, Kind::Model, Kind::Model, Relation::Base),
            (Sense::Needed, Kind::Model, Kind::Model, Relation::Base),
            (Sense::Needed, Kind::Dataset, Kind::Model, Relation::TrainedOn),
            (Sense::Made, Kind::Dataset, Kind::Dataset, Relation::Derived),
            (Sense::Part, Kind::Package, Kind::Application, Relation::Contains),
            (Sense::Needed, Kind::Package, Kind::Application, Relation::Depends),
            (Sense::Needed, Kind::Model, Kind::Application, Relation::Contains),
            (Sense::Part, Kind::Package, Kind::Package, Relation::Depends),
            (Sense::Tool, Kind::Package, Kind::Model, Relation::BuiltWith),
            (Sense::Needed, Kind::Code, Kind::Model, Relation::BuiltWith),
            (Sense::Tested, Kind::Dataset, Kind::Model, Relation::EvaluatedOn),
        ] {
            assert_eq!(relation(sense, upstream, downstream), Some(expected), "{sense:?} {upstream} {downstream}");
        }
        assert_eq!(relation(Sense::Licence, Kind::Package, Kind::Model), None);
    }
}
