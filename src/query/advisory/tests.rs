//! Answers to advisories against what is obviously right.

use super::*;
use crate::graph::Input;
use crate::graph::build;
use crate::model::advisory::AdvisoryFormat;
use crate::model::advisory::Repository;
use crate::model::advisory::Statement;
use crate::model::advisory::Versions;
use crate::model::advisory::VexStatus;
use crate::model::advisory::no_history;
use crate::model::affected::Event;
use crate::model::affected::Events;
use crate::model::affected::Scale;
use crate::model::digest::Digest;
use crate::model::document::Deployment;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::Place;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::kind::Relation;
use crate::model::purl::Purl;
use crate::model::state::State;
use crate::query::advisory::answer::answers;
use crate::query::impact::impact;
use proptest::prelude::*;

const NAMES: [&str; 4] = ["torch", "huggingface_hub", "Huggingface-Hub", "numpy"];
const VERSIONS: [Option<&str>; 5] =
    [None, Some("1.0"), Some("2.0"), Some("latest"), Some("86b5e0934494bd15c9632b12f734a8a67f723594")];

/// A dependency: name, version, and whether it has a purl, the ecosystem only, or neither.
type Needed = (usize, usize, usize);

fn needed() -> impl Strategy<Value = Needed> {
    (0..NAMES.len(), 0..VERSIONS.len(), 0..3_usize)
}

/// A model with its dependencies, the code that made it, and where it runs.
fn document(row: usize, packages: &[Needed]) -> Document {
    let mut document = Document::new(Format::MlSbom, "", Depth::Lineage);
    let at = |line: usize| Place { line: u32::try_from(line).unwrap(), column: 1 };
    let name = format!("org/model-{row}");
    let digests = vec![Digest::parse(&format!("sha256:{:064x}", row + 10)).unwrap()];
    let subject = document.mention(Draft { digests, ..Draft::new(Kind::Model, Standing::Subject, &name, at(1)) });
    for (line, (name, version, form)) in packages.iter().enumerate() {
        let (name, version) = (NAMES[*name], VERSIONS[*version]);
        let purl = format!("pkg:pypi/{name}{}", version.map(|version| format!("@{version}")).unwrap_or_default());
        let package = document.mention(Draft {
            version,
            purl: (*form == 0).then_some(purl.as_str()),
            ecosystem: (*form == 1).then_some("pypi"),
            ..Draft::new(Kind::Package, Standing::Reference, name, at(line + 2))
        });
        document.link(package, Relation::Depends, subject, at(line + 2));
    }
    let code = Draft {
        version: Some("775f2b3d8d6d44f3312f9911dcf70b203268f387"),
        ..Draft::new(Kind::Code, Standing::Reference, "https://github.com/acme/train.git", at(50))
    };
    let code = document.mention(code);
    document.link(code, Relation::BuiltWith, subject, at(50));
    document.states(subject, Section::Dependencies);
    document.states(subject, Section::Base);
    let deployment = document.deployment(Deployment::default(), at(60));
    document.link(subject, Relation::Deployed, deployment, at(60));
    document
}

fn graph_of(all: &[Vec<Needed>]) -> Graph {
    let named = all.iter().enumerate().map(|(row, packages)| (format!("{row}.yaml"), document(row, packages)));
    build(Input::of(named.collect()))
}

/// A selector of any form, from the words of the documents.
fn pick() -> impl Strategy<Value = Pick> {
    let versions = prop_oneof![
        Just(Versions::default()),
        Just(Versions { listed: vec!["1.0".into()], ..Versions::default() }),
        Just(Versions {
            events: vec![Events {
                scale: Scale::Ecosystem,
                events: vec![Event::Introduced("0".into()), Event::Fixed("2.0".into())]
            }],
            ..Versions::default()
        }),
    ];
    (0..7_usize, 0..NAMES.len(), 0..VERSIONS.len(), versions, any::<bool>()).prop_map(|(form, name, version, versions, kind)| {
        let name = NAMES[name];
        let at = VERSIONS[version].map(|version| format!("@{version}")).unwrap_or_default();
        let kinds = if kind { vec![Kind::Package, Kind::System] } else { Vec::new() };
        match form {
            0 => Pick { purl: Purl::parse(&format!("pkg:pypi/{name}{at}")), versions, ..Pick::default() },
            1 => Pick { name: Some(name.to_owned()), ecosystem: Some("pypi".to_owned()), versions, kinds, ..Pick::default() },
            2 => Pick { name: Some(name.to_owned()), versions, kinds, ..Pick::default() },
            3 => {
                Pick { glob: Some(format!("{}*", name.chars().take(3).collect::<String>())), versions, kinds, ..Pick::default() }
            }
            4 => Pick { revision: Some("86b5e093".to_owned()), ..Pick::default() },
            5 => Pick { repository: Repository::parse("git@github.com:Acme/Train"), ..Pick::default() },
            _ => Pick { digest: Digest::parse(&format!("sha256:{:064x}", version + 10)), ..Pick::default() },
        }
    })
}

fn advisory() -> impl Strategy<Value = Advisory> {
    let some = || prop::collection::vec(pick(), 0..3);
    (prop::collection::vec(pick(), 1..3), some(), some(), some(), any::<bool>()).prop_map(
        |(affected, not_affected, fixed, told, withdrawn)| {
            let status = VexStatus::NotAffected;
            let statement =
                |products| Statement { status, products, justification: None, detail: None, time: None, place: Place::default() };
            Advisory {
                affected,
                not_affected,
                fixed,
                statements: vec![statement(told)],
                withdrawn: crate::model::date::Day::parse("2026-01-01").filter(|_| withdrawn),
                ..Advisory::new(AdvisoryFormat::MlAdvisory, "A", Place::default())
            }
        },
    )
}

fn asked(graph: &Graph, advisories: &[&Advisory]) -> Vec<Asked> {
    ask(graph, advisories, &Options { hazard: None, window: Window::default(), ancestry: &no_history })
}

/// Everything in words.
fn words(asked: &Asked) -> String {
    format!("{:?}\n{:?}\n{:?}\n{:?}", asked.starts, asked.ruled_out, asked.undetermined, asked.told)
}

/// The state of each component, given all answers.
fn states(graph: &Graph, asked: &[Asked]) -> Vec<State> {
    let answer = impact(graph, &together(asked.iter()));
    graph.ids().map(|id| answer.state(id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_order_of_advisories_does_not_matter(
        documents in prop::collection::vec(prop::collection::vec(needed(), 0..4), 1..4),
        advisories in prop::collection::vec(advisory(), 1..5),
    ) {
        let graph = graph_of(&documents);
        let forward: Vec<&Advisory> = advisories.iter().collect();
        let backward: Vec<&Advisory> = advisories.iter().rev().collect();
        let (one, mut other) = (asked(&graph, &forward), asked(&graph, &backward));
        prop_assert_eq!(states(&graph, &one), states(&graph, &other));
        other.reverse();
        prop_assert_eq!(one.iter().map(words).collect::<Vec<_>>(), other.iter().map(words).collect::<Vec<_>>());
    }

    #[test]
    fn no_advisory_narrows_another_ones_answer(
        documents in prop::collection::vec(prop::collection::vec(needed(), 0..4), 1..4),
        own in advisory(),
        others in prop::collection::vec(advisory(), 1..4),
    ) {
        let graph = graph_of(&documents);
        let all: Vec<&Advisory> = std::iter::once(&own).chain(&others).collect();
        let (alone, together) = (asked(&graph, &[&own]), asked(&graph, &all));
        prop_assert_eq!(words(&alone[0]), words(&together[0]));
        let (before, after) = (states(&graph, &alone), states(&graph, &together));
        prop_assert!(before.iter().zip(&after).all(|(before, after)| after <= before), "{:?} {:?}", before, after);
    }

    #[test]
    fn a_vex_statement_changes_no_state(
        documents in prop::collection::vec(prop::collection::vec(needed(), 0..4), 1..4),
        own in advisory(),
    ) {
        let graph = graph_of(&documents);
        let silent = Advisory { statements: Vec::new(), ..own.clone() };
        prop_assert_eq!(states(&graph, &asked(&graph, &[&own])), states(&graph, &asked(&graph, &[&silent])));
    }

    #[test]
    fn what_is_found_by_an_index_is_what_looking_at_everything_finds(
        documents in prop::collection::vec(prop::collection::vec(needed(), 0..4), 1..4),
        picks in prop::collection::vec(pick(), 1..8),
    ) {
        let graph = graph_of(&documents);
        let scan = Scan::new(&graph, picks.iter());
        for (row, pick) in picks.iter().enumerate().filter(|(_, pick)| pick.digest.is_none()) {
            let quick = pick::starts(&graph, pick, scan.of(row), &no_history);
            prop_assert_eq!(&quick, &pick::slow(&graph, pick, &no_history), "{:?}", pick);
        }
    }

    #[test]
    fn no_match_is_never_without_what_could_not_be_checked(
        documents in prop::collection::vec(prop::collection::vec(needed(), 0..4), 1..4),
        own in advisory(),
    ) {
        let graph = graph_of(&documents);
        let own = Advisory { withdrawn: None, ..own };
        let asked = asked(&graph, &[&own]);
        let answer = &answers(&graph, &[&own], &asked, 1_000)[0];
        let open = State::ALL.into_iter().any(|state| [State::Possible, State::Unknown].contains(&state) && answer.counts.of(state) > 0);
        prop_assert!(answer.matched || !open || answer.is_open(), "{:?}", answer);
    }
}

fn one(affected: Pick) -> Advisory {
    Advisory { affected: vec![affected], ..Advisory::new(AdvisoryFormat::Osv, "A", Place::default()) }
}

fn ids(graph: &Graph, asked: &Asked, sure: bool) -> Vec<String> {
    let of = |start: &Start| match start.at {
        StartAt::Component(id) => graph.id(id).as_key().to_owned(),
        StartAt::Mention(id) => format!("mention of {}", graph.text(graph.statements().get(id).name).as_key()),
    };
    asked.starts.iter().filter(|start| start.sure == sure).map(of).collect()
}

#[test]
fn a_package_is_met_however_its_name_is_written_and_possible_without_a_version() {
    let graph = graph_of(&[vec![(1, 1, 1), (2, 2, 0), (1, 0, 1)]]);
    let below = |name: &str| {
        let events =
            vec![Events { scale: Scale::Ecosystem, events: vec![Event::Introduced("0".into()), Event::Fixed("2.0".into())] }];
        let versions = Versions { events, ..Versions::default() };
        one(Pick { name: Some(name.to_owned()), ecosystem: Some("pypi".to_owned()), versions, ..Pick::default() })
    };
    for name in ["huggingface-hub", "huggingface_hub", "Huggingface.Hub"] {
        let asked = asked(&graph, &[&below(name)]).remove(0);
        assert_eq!(ids(&graph, &asked, true), ["huggingface_hub@1.0"], "{name}");
        assert_eq!(ids(&graph, &asked, false), ["huggingface_hub"], "{name}");
        let out: Vec<(&str, &str)> =
            asked.ruled_out.iter().map(|out| (graph.id(out.component).as_key(), out.reason.as_str())).collect();
        assert_eq!(out, [("pkg:pypi/huggingface-hub@2.0", "2.0 is not <2.0")], "{name}");
        assert_eq!(asked.undetermined[0].what, "huggingface_hub, no version");
        assert_eq!(asked.undetermined[0].source, Some(("0.yaml".to_owned(), 4)));
        assert_eq!(asked.undetermined[0].settle, "a version at 0.yaml:4");
    }
}

#[test]
fn what_an_advisory_calls_not_affected_narrows_it_but_not_what_it_names_by_digest() {
    let graph = graph_of(&[vec![], vec![]]);
    let digest = |n: usize| Pick { digest: Digest::parse(&format!("sha256:{n:064x}")), ..Pick::default() };
    let named = |glob: &str| Pick { glob: Some(glob.to_owned()), kinds: vec![Kind::Model], ..Pick::default() };
    for (affected, not_affected, left, n_ruled_out, why) in [
        (named("org/*"), digest(10), &["org/model-1"][..], 1, "a digest narrows a glob"),
        (named("org/*"), named("org/model-0"), &["org/model-1"], 1, "a name narrows a glob"),
        (digest(10), digest(10), &[], 1, "a digest narrows itself"),
        (digest(10), named("org/model-0"), &["org/model-0"], 0, "contradiction widens"),
    ] {
        let own = Advisory { not_affected: vec![not_affected], ..one(affected) };
        let asked = asked(&graph, &[&own]).remove(0);
        assert_eq!(ids(&graph, &asked, true), left, "{why}");
        assert_eq!(asked.ruled_out.len(), n_ruled_out, "{why}: {:?}", asked.ruled_out);
    }
}

#[test]
fn what_stands_in_one_selector_must_all_hold() {
    let graph = graph_of(&[vec![], vec![]]);
    let digest = Digest::parse(&format!("sha256:{:064x}", 10));
    for (name, kinds, met, why) in [
        ("org/model-0", vec![], true, "both hold"),
        ("org/model-1", vec![], false, "another name"),
        ("org/model-0", vec![Kind::Dataset], false, "another kind"),
    ] {
        let own = one(Pick { digest: digest.clone(), name: Some(name.to_owned()), kinds, ..Pick::default() });
        assert_eq!(asked(&graph, &[&own])[0].is_matched(), met, "{why}");
    }
}

#[test]
fn a_repository_is_judged_by_its_commit_and_its_history() {
    let graph = graph_of(&[vec![]]);
    let commit = "775f2b3d8d6d44f3312f9911dcf70b203268f387";
    let (older, newer) = ("0".repeat(39) + "1", "f".repeat(40));
    let range = |introduced: &str, fixed: &str| {
        let git = crate::model::advisory::GitRange {
            introduced: vec![introduced.to_owned()],
            fixed: vec![fixed.to_owned()],
            ..crate::model::advisory::GitRange::default()
        };
        let events = vec![Event::Introduced(introduced.into()), Event::Fixed(fixed.into())];
        let versions = Versions { events: vec![Events { scale: Scale::Git, events }], git: vec![git], ..Versions::default() };
        one(Pick { repository: Repository::parse("https://github.com/acme/train"), versions, ..Pick::default() })
    };
    let history = |a: &str, b: &str| Some(a <= b);
    for (own, alone, known, why) in [
        (range(commit, &newer), (1, 0), (1, 0), "it is the commit that brought it"),
        (range(&older, commit), (0, 0), (0, 0), "it is the fix"),
        (range(&older, &newer), (0, 1), (1, 0), "between both"),
        (range(&newer, &newer), (0, 1), (0, 0), "before it came"),
    ] {
        let met = |asked: &Asked| (ids(&graph, asked, true).len(), ids(&graph, asked, false).len());
        assert_eq!(met(&asked(&graph, &[&own])[0]), alone, "{why}");
        let with = ask(&graph, &[&own], &Options { hazard: None, window: Window::default(), ancestry: &history });
        assert_eq!(met(&with[0]), known, "{why}");
    }
}

#[test]
fn a_window_of_its_own_and_a_hazard_go_with_each_advisory() {
    let graph = graph_of(&[vec![(0, 1, 0)]]);
    let day = crate::model::date::Day::parse("2026-01-19");
    let by_name = |name: &str| Pick { name: Some(name.to_owned()), ..Pick::default() };
    let own = Advisory { affected: vec![Pick { since: day, ..by_name("torch") }, by_name("numpy")], ..one(by_name("x")) };
    let marks = asked(&graph, &[&own]).remove(0).marks;
    let shown: Vec<_> = marks.iter().map(|mark| (mark.hazard, mark.window.since, mark.selection.starts.len())).collect();
    assert_eq!(shown, [(Hazard::Vulnerable, day, 1), (Hazard::Poisoned, None, 0)]);
    let withdrawn = Advisory { hazard: Some(Hazard::Withdrawn), ..own };
    assert!(asked(&graph, &[&withdrawn])[0].marks.iter().all(|mark| mark.hazard == Hazard::Withdrawn));
}

#[test]
fn a_bom_link_means_the_entry_of_the_document_that_lies_here() {
    let text = include_str!("../../../tests/data/advisories/in-a-bom.cdx.json");
    let documents = crate::formats::read(text.as_bytes(), "bom.cdx.json", Depth::Lineage).documents;
    let graph = build(Input::of(documents.into_iter().map(|document| ("bom.cdx.json".to_owned(), document)).collect()));
    let link = |bom_ref: &str| Pick {
        bom_link: Some(format!("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#{bom_ref}")),
        ..Pick::default()
    };
    assert_eq!(ids(&graph, &asked(&graph, &[&one(link("torch"))])[0], true), ["pkg:pypi/torch@2.1.0"]);
    assert!(asked(&graph, &[&one(link("gone"))])[0].starts.is_empty());
    let read = crate::formats::advisory::read(text.as_bytes(), "bom.cdx.json").all;
    let asked = asked(&graph, &read.iter().collect::<Vec<_>>());
    let met: Vec<Vec<String>> = asked.iter().map(|asked| ids(&graph, asked, true)).collect();
    assert_eq!(met, [&["pkg:pypi/torch@2.1.0"][..], &[], &[], &[]], "the application states no version");
    assert_eq!(ids(&graph, &asked[2], false), ["app"]);
}
