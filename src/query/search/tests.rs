//! The fast search equals its definition, and does no more work than it says.

use crate::graph;
use crate::graph::Graph;
use crate::graph::Input;
use crate::model::digest::Digest;
use crate::model::document::Deployment;
use crate::model::document::Depth;
use crate::model::document::Document;
use crate::model::document::Draft;
use crate::model::document::Format;
use crate::model::document::Place;
use crate::model::document::Standing;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::model::state::State;
use crate::query::deploys;
use crate::query::order::Order;
use crate::query::search::Hit;
use crate::query::search::Query;
use crate::query::search::admit::Kinds;
use crate::query::search::finder::Finder;
use crate::query::search::hits::Hits;
use crate::query::search::hits::Where;
use crate::query::search::index::Index;
use crate::query::search::oracle;
use proptest::prelude::*;
use std::sync::Arc;

const EVERYWHERE: Where = Where { kinds: Kinds::ALL, everywhere: true };
const MODELS: fn() -> Where = || Where { kinds: Kinds::of(&[Kind::Model]), everywhere: false };

/// A component as some document mentions it.
#[derive(Debug, Clone)]
struct Said {
    kind: Kind,
    name: String,
    version: Option<String>,
    /// Few, so that several names share one.
    digest: Option<u8>,
    purl: bool,
    runs: bool,
    document: usize,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => "[abAB][abAB12./_-]{0,9}",
        2 => "(llama|Legal|gpt|bert)[-/_]?(sum|J|6B|base)(-[a-c]{1,3}){0,2}",
        1 => "[abäÄéßKİ\u{202e}\u{1b}٣]{1,6}",
        1 => "[ab-]{60,70}",
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let kind = prop::sample::select(Kind::ALL.to_vec());
    let version = prop::option::of(prop::sample::select(vec!["1", "2.1.0", "main"]));
    let digest = prop::option::of(0_u8..12);
    (kind, name(), version, digest, any::<bool>(), any::<bool>(), 0_usize..4).prop_map(
        |(kind, name, version, digest, purl, runs, document)| Said {
            kind,
            name,
            version: version.map(str::to_owned),
            digest,
            purl,
            runs,
            document,
        },
    )
}

fn build(said: &[Said]) -> Graph {
    let files = ["models/aB-1.yaml", "x/llama.yaml", "ÄÖ/bert base.yaml", "b.yaml"];
    let mut documents: Vec<Document> = files.iter().map(|_| Document::new(Format::MlSbom, "", Depth::Lineage)).collect();
    for (row, said) in said.iter().enumerate() {
        let document = &mut documents[said.document];
        let place = Place { line: u32::try_from(row + 1).unwrap(), column: 1 };
        let hex = said.digest.map(|n| format!("{n:02x}a7be22d3").repeat(8).get(..64).unwrap().to_owned());
        let purl = format!("pkg:generic/{}@1", said.name);
        let standing = if row % 3 == 0 { Standing::Reference } else { Standing::Subject };
        let draft = Draft {
            version: said.version.as_deref(),
            digests: hex.iter().filter_map(|hex| Digest::of("sha256", hex)).collect(),
            owner: ["Care team", "legal", "ÄRZTE"].get(row % 4).copied(),
            purl: Some(purl.as_str()).filter(|_| said.purl),
            ..Draft::new(said.kind, standing, &said.name, place)
        };
        let id = document.mention(draft);
        if said.runs {
            let owner = ["Care team", "legal", "ÄRZTE"].get(row % 4);
            let facts = Deployment {
                environment: Some(document.texts.add("prod")),
                service: Some(document.texts.add(&format!("s{row}"))),
                owner: owner.map(|owner| document.texts.add(owner)),
                ..Deployment::default()
            };
            let deployment = document.deployment(facts, place);
            document.link(id, Relation::Deployed, deployment, place);
        }
    }
    let documents = files.iter().map(|file| (*file).to_owned()).zip(documents).collect();
    graph::build(Input::of(documents))
}

/// What people type, and what they paste.
fn typed() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        6 => "'?!?[abAB][abAB12./_-]{0,3}",
        3 => name(),
        1 => "('|!)?[äÄßk٣İ]{1,2}",
        2 => prop::sample::select(vec![
            "kind:model", "kind:package", "kind:x", "owner:care", "owner:ärz", "state:affected", "state:x", "file:b.y", "file:ÄÖ",
            "''", "'", "!", "!''", "sha256", "a7be", "256:0", "22d300a7be22d3", "sha256:00a7be22d300a7be22d3", "pkg:generic/",
            "3a7", "@1", "#0",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(term, 0..4).prop_map(|terms| terms.join(" "))
}

struct Found {
    graph: Graph,
    deploys: deploys::Deploys,
    index: Arc<Index>,
}

impl Found {
    fn new(graph: Graph) -> Self {
        let deploys = deploys::deploys(&graph);
        let index = Arc::new(Index::new(&graph, Arc::new(Order::new(&graph, &deploys))));
        Self { graph, deploys, index }
    }

    fn hits(&self, typed: &str, within: Where, before: Option<&Hits>) -> Hits {
        Finder::new(&self.graph, &self.index, Query::parse(typed), within, &state, before).finish()
    }

    fn fast(&self, typed: &str) -> Vec<Hit> {
        self.hits(typed, EVERYWHERE, None).all(&self.graph)
    }
}

fn state(id: crate::graph::ids::ComponentId) -> Option<State> {
    State::ALL.get(id.row() % 7).copied()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn it_equals_its_definition(said in prop::collection::vec(said(), 1..160), queries in prop::collection::vec(typed(), 8)) {
        let found = Found::new(build(&said));
        for typed in &queries {
            let (graph, query) = (&found.graph, Query::parse(typed));
            let slow = oracle::search(graph, &found.deploys, &query, &state);
            let hits = found.hits(typed, EVERYWHERE, None);
            prop_assert_eq!(hits.all(graph), slow.clone(), "{}", typed);
            for (nth, hit) in slow.iter().enumerate() {
                prop_assert_eq!(hits.describe(graph, nth), Some(hit.clone()));
                prop_assert_eq!(hits.component(nth), Some(hit.component));
            }
            let models = graph.of_kind(Kind::Model);
            if !query.is_empty() {
                let slow = oracle::narrow(graph, &found.deploys, &query, models, &state);
                prop_assert_eq!(found.hits(typed, MODELS(), None).all(graph), slow, "models: {}", typed);
            }
        }
    }

    #[test]
    fn a_longer_query_finds_the_same_from_a_shorter_one(
        said in prop::collection::vec(said(), 1..100),
        typed in typed(),
        other in typed(),
    ) {
        let found = Found::new(build(&said));
        let mut before: Option<Hits> = None;
        // Letter by letter, then from anything to anything.
        let letters = typed.char_indices().map(|(at, c)| typed.get(..at + c.len_utf8()).unwrap());
        for typed in letters.chain([other.as_str(), typed.as_str()]) {
            let hits = found.hits(typed, EVERYWHERE, before.as_ref());
            prop_assert_eq!(hits.all(&found.graph), found.fast(typed), "{}", typed);
            before = Some(hits);
        }
    }

    #[test]
    fn what_is_found_so_far_is_found_in_the_end(said in prop::collection::vec(said(), 150..250), typed in typed()) {
        let found = Found::new(build(&said));
        let whole = found.fast(&typed);
        let mut finder = Finder::new(&found.graph, &found.index, Query::parse(&typed), EVERYWHERE, &state, None);
        while finder.step() {
            prop_assert!(!finder.so_far().is_complete());
            for hit in finder.so_far().all(&found.graph) {
                prop_assert!(whole.contains(&hit));
            }
        }
        prop_assert!(finder.so_far().is_complete());
    }
}

#[test]
fn a_longer_query_reads_only_what_a_shorter_one_found() {
    let names: Vec<String> = (0..2_000).map(|row| format!("model-{row}{}", if row % 10 == 0 { "-llama" } else { "" })).collect();
    let found = Found::new(graph::fixture::graph(&names.join("\n")));
    let one = found.hits("l", MODELS(), None);
    assert_eq!(one.len(), 2_000);
    assert!(one.work().texts <= 200, "a letter is told by the masks, but for where a word begins with it: {:?}", one.work());
    let two = found.hits("ll", MODELS(), Some(&one));
    assert_eq!((two.len(), two.work().texts), (200, 2_000));
    let three = found.hits("lla", MODELS(), Some(&two));
    assert_eq!((three.len(), three.work().texts), (200, 200));
    let miss = found.hits("llaz", MODELS(), Some(&three));
    assert_eq!((miss.len(), miss.work().texts), (0, 0), "the masks have no z");
}
