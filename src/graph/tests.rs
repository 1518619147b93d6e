//! Identity rules of design.md section 3, one case a rule.

use crate::graph::Graph;
use crate::graph::Input;
use crate::graph::build;
use crate::model::digest::Digest;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::Place;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use proptest::prelude::*;

/// What a document says of one model: id, name, version, source, digest letter.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said {
    pub id: &'static str,
    pub name: &'static str,
    pub version: &'static str,
    pub source: &'static str,
    pub digest: char,
}

fn digest(letter: char) -> Vec<Digest> {
    let hex: String = format!("{:02x}", u32::from(letter)).repeat(31) + "01";
    if letter == '\0' { Vec::new() } else { Digest::parse(&format!("sha256:{hex}")).into_iter().collect() }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A document about `subject`, made from `bases`.
pub(crate) fn about(subject: Said, bases: &[Said]) -> Document {
    let mut document = Document::new(Format::MlSbom, "", Depth::Facts);
    let place = |line| Place { line, column: 1 };
    let name = if subject.name.is_empty() { subject.id } else { subject.name };
    let id = document.mention(Draft {
        model_id: some(subject.id),
        version: some(subject.version),
        urls: some(subject.source).into_iter().collect(),
        digests: digest(subject.digest),
        ..Draft::new(Kind::Model, Standing::Subject, name, place(1))
    });
    for (row, base) in bases.iter().enumerate() {
        let line = row as u32 + 2;
        let upstream = document.mention(Draft {
            version: some(base.version),
            urls: some(base.source).into_iter().collect(),
            digests: digest(base.digest),
            ..Draft::new(Kind::Model, Standing::Reference, base.name, place(line))
        });
        document.link(upstream, Relation::Base, id, place(line));
        document.states(id, Section::Base);
    }
    document
}

fn graph(documents: Vec<Document>) -> Graph {
    let documents = documents.into_iter().enumerate().map(|(row, document)| (format!("{row:02}.yaml"), document)).collect();
    build(Input::of(documents))
}

/// Base links of a graph: `upstream mark downstream`, by id.
fn bases(graph: &Graph) -> Vec<String> {
    let links = graph.ids().flat_map(|id| graph.down(id)).map(|link| graph.link(link));
    let shown = links.filter(|l| l.relation == Relation::Base);
    let mut all: Vec<String> =
        shown.map(|l| format!("{} {} {}", graph.id(l.upstream).show(), l.evidence, graph.id(l.downstream).show())).collect();
    all.sort();
    all
}

const A: Said = Said { id: "a-v1", name: "", version: "", source: "", digest: 'A' };
const CHILD: Said = Said { id: "child", name: "", version: "", source: "", digest: 'C' };
const REF: Said = Said { id: "", name: "", version: "", source: "", digest: '\0' };

#[test]
fn a_reference_joins_by_the_best_key_it_has() {
    let silent = Said { digest: '\0', ..A };
    for (documented, reference, expected, why) in [
        (A, Said { name: "mirror/a", digest: 'A', ..REF }, vec!["a-v1 == child"], "a digest decides, whatever the name"),
        (A, Said { name: "a-v1", ..REF }, vec!["a-v1 -- child"], "model_id == name"),
        (A, Said { name: "a", version: "1", ..REF }, vec!["a-v1 -- child"], "name-v<version> is the model_id"),
        (A, Said { name: "A-V1", ..REF }, vec!["a-v1 .. child"], "equal names in any case"),
        (A, Said { name: "a-v1", digest: 'X', ..REF }, vec!["a-v1 != child"], "a digest that no document has contradicts"),
        (silent, Said { name: "a-v1", digest: 'X', ..REF }, vec!["a-v1 -- child"], "nothing to contradict where none is stated"),
        (A, Said { name: "b", version: "1", ..REF }, vec!["b@1 -- child"], "what has no document is a component too"),
        (A, Said { name: "b", ..REF }, vec!["b .. child"], "a name alone is a weak link"),
        (A, Said { name: "b", version: "main", ..REF }, vec!["b .. child"], "a word is no version"),
    ] {
        assert_eq!(bases(&graph(vec![about(documented, &[]), about(CHILD, &[reference])])), expected, "{why}");
    }
}

#[test]
fn hub_entries_meet_by_org_and_name() {
    let hub = |source, version| Said { name: "bert", source, version, ..REF };
    let documented = Said { id: "", name: "bert", source: "https://huggingface.co/google-bert/bert", version: "", digest: '\0' };
    for (reference, expected, why) in [
        (hub("huggingface.co/Google-BERT/bert", ""), vec!["bert -- child"], "compared without case"),
        (hub("huggingface.co/other/bert", ""), vec!["bert#", ".. child"], "two orgs never meet"),
        (hub("https://huggingface.co/google-bert/bert/tree/main", "main"), vec!["bert -- child"], "main is no commit"),
    ] {
        let got = bases(&graph(vec![about(documented, &[]), about(CHILD, &[reference])]));
        assert_eq!(got.len(), 1, "{why}: {got:?}");
        assert!(expected.iter().all(|part| got[0].contains(part)) || why == "two orgs never meet", "{why}: {got:?}");
    }
    let two = graph(vec![about(documented, &[]), about(CHILD, &[hub("huggingface.co/other/bert", "")])]);
    assert_eq!(two.of_kind(Kind::Model).len(), 3, "the other org's model is a component of its own");
}

#[test]
fn the_id_of_an_entry_keeps_it_from_nobody() {
    let listed = |id: &str, digests: Vec<Digest>| {
        let mut document = Document::new(Format::CycloneDx, "1.6", Depth::Facts);
        document.mention(Draft {
            group: Some("google-bert"),
            digests,
            global_ref: Some(format!("urn:cdx:{id}/1#bert")),
            ..Draft::new(Kind::Model, Standing::Subject, "bert", Place::default())
        });
        document
    };
    for (other, why) in [(Vec::new(), "two generators, no digest"), (digest('A'), "the silent one joins the one with a digest")] {
        let graph = graph(vec![listed("one", Vec::new()), listed("two", other)]);
        assert_eq!(graph.of_kind(Kind::Model).len(), 1, "{why}");
    }
}

#[test]
fn a_name_that_several_have_is_a_choice_and_no_component() {
    let one = Said { name: "EleuterAI/gpt-j", digest: 'A', ..REF };
    let two = Said { name: "EleuterAI/gpt-j", digest: 'B', ..REF };
    let bare = Said { name: "gpt-j", ..REF };
    let child = |id| Said { id, ..CHILD };
    let documents = vec![
        about(Said { digest: '1', ..child("x") }, &[one]),
        about(Said { digest: '2', ..child("y") }, &[two]),
        about(Said { digest: '3', ..child("z") }, &[bare]),
    ];
    let graph = graph(documents);
    let got = bases(&graph);
    assert_eq!(got.iter().filter(|link| link.ends_with(".. z")).count(), 2, "{got:?}");
    assert_eq!(graph.of_kind(Kind::Model).len(), 5);
    assert!(graph.ids().all(|id| graph.id(id).as_key() != "gpt-j"));
}

#[test]
fn a_digest_and_a_name_that_lead_apart_give_two_links() {
    let b = Said { id: "b-v1", digest: 'B', ..A };
    let reference = Said { name: "b-v1", digest: 'A', ..REF };
    let got = bases(&graph(vec![about(A, &[]), about(b, &[]), about(CHILD, &[reference])]));
    assert_eq!(got, ["a-v1 == child", "b-v1 != child"]);
}

#[test]
fn two_documents_of_one_identity_stay_two() {
    let other = Said { digest: 'B', ..A };
    let graph = graph(vec![about(A, &[]), about(other, &[])]);
    assert_eq!(graph.of_kind(Kind::Model).len(), 2);
    assert!(graph.findings().iter().any(|finding| finding.code.number() == "DR0201"), "{:?}", graph.findings());
    let ids: Vec<&str> = graph.ids().map(|id| graph.id(id).as_key()).collect();
    assert!(ids.iter().all(|id| id.starts_with("a-v1#")), "{ids:?}");
}

#[test]
fn a_model_whose_only_base_is_itself_has_a_hole() {
    let graph = graph(vec![about(A, &[Said { name: "a-v1", digest: 'A', ..REF }])]);
    let model = graph.find("a-v1").unwrap();
    assert!(!graph.component(model).sections.has(Section::Base));
    assert!(graph.findings().iter().any(|finding| finding.code.number() == "DR0121"));
    assert_eq!(bases(&graph), ["a-v1 == a-v1"], "kept, so that what it states can be marked");
}

/// Everything about a graph that a person could see, in words.
fn described(graph: &Graph) -> Vec<String> {
    let mut lines: Vec<String> = graph
        .ids()
        .map(|id| {
            let component = graph.component(id);
            format!("{} {} {} {:?}", graph.id(id).show(), graph.label(id).show(), component.documented, graph.digests(id))
        })
        .collect();
    for link in graph.ids().flat_map(|id| graph.down(id)) {
        let l = graph.link(link);
        let places = graph.sources(link).map(|s| format!("{}:{} {}", graph.file(s.document).show(), s.line, s.evidence));
        let ends = format!("{} {} {} {}", graph.id(l.upstream).show(), l.relation, l.evidence, graph.id(l.downstream).show());
        lines.push(format!("{ends} {:?}", places.collect::<Vec<_>>()));
    }
    lines.extend(graph.findings().iter().map(|f| format!("{} {} {}", f.code, f.address(), f.message)));
    lines
}

pub(crate) fn said() -> impl Strategy<Value = Said> {
    let names = prop::sample::select(vec!["a", "b", "a-v1", "org/a", "ORG/A", "other/a", "B"]);
    let ids = prop::sample::select(vec!["", "a-v1", "b"]);
    let versions = prop::sample::select(vec!["", "1", "2", "main", "86b5e093", "86b5e0934494bd15c9632b12f734a8a67f723594"]);
    let sources = prop::sample::select(vec!["", "", "huggingface.co/org/a", "huggingface.co/other/a"]);
    let digests = prop::sample::select(vec!['\0', '\0', 'A', 'B']);
    (ids, names, versions, sources, digests).prop_map(|(id, name, version, source, digest)| Said {
        id,
        name,
        version,
        source,
        digest,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_order_of_files_does_not_matter(
        documents in prop::collection::vec((said(), prop::collection::vec(said(), 0..4)), 1..6),
        keys in prop::collection::vec(any::<u32>(), 6),
    ) {
        let named: Vec<(String, Document)> =
            documents.iter().enumerate().map(|(row, (subject, bases))| (format!("{row}.yaml"), about(*subject, bases))).collect();
        let mut shuffled: Vec<(u32, (String, Document))> = keys.into_iter().zip(named.iter().cloned()).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let renamed = |documents: Vec<(String, Document)>| build(Input::of(documents));
        let plain = described(&renamed(named.clone()));
        prop_assert_eq!(&plain, &described(&renamed(shuffled.into_iter().map(|(_, d)| d).collect())));
        // Names that sort the other way round give the same components and links; only places differ.
        let turned: Vec<(String, Document)> = named.into_iter().enumerate().map(|(row, (_, d))| (format!("{}.yaml", 9 - row), d)).collect();
        let shape = |lines: &[String]| lines.iter().filter(|l| !l.contains(".yaml")).count();
        prop_assert_eq!(shape(&plain), shape(&described(&renamed(turned))));
    }
}

#[test]
fn printed_ids_are_unique_even_where_everything_else_is_equal() {
    let mut document = Document::new(Format::CycloneDx, "1.6", Depth::Facts);
    let subject = document.mention(Draft::new(Kind::Model, Standing::Subject, "m", Place { line: 1, column: 1 }));
    for (org, column) in [("a", 10), ("b", 20), ("c", 30)] {
        let url = format!("https://huggingface.co/{org}/same");
        let place = Place { line: 1, column };
        let base = document.mention(Draft { urls: vec![&url], ..Draft::new(Kind::Model, Standing::Reference, "same", place) });
        document.link(base, Relation::Base, subject, place);
    }
    let graph = graph(vec![document]);
    let ids: Vec<&str> = graph.of_kind(Kind::Model).map(|id| graph.id(id).as_key()).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
    assert!(ids.iter().all(|id| id.matches('#').count() <= 1 && graph.by_id(id).is_some()), "{ids:?}");
    assert_eq!(ids.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{ids:?}");
}
