//! Links of all documents as links of the graph: graded by what joined their ends.

use crate::graph::Graph;
use crate::graph::components::Draft;
use crate::graph::corpus::Corpus;
use crate::graph::corpus::Entry;
use crate::graph::corpus::Link;
use crate::graph::corpus::Mention;
use crate::graph::identity::Identity;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::graph::links::NONE;
use crate::graph::links::Stated;
use crate::graph::links::join;
use crate::graph::meanings::Target;
use crate::graph::names::Named;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Relation;
use crate::text::TextId;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Documents whose links are looked at together.
const CHUNK: usize = 256;

/// One end of a stated link: the components it may be, each with its grade.
enum End<'g> {
    /// With whether the document states this of its own subject.
    Statement(u32, &'g [Target], bool),
    Deployment(Option<ComponentId>),
}

struct Placing<'a> {
    graph: &'a Graph,
    draft: &'a Draft,
    order: &'a [Named],
    /// By component: only a name says that what its documents state is of one thing.
    welded: Vec<bool>,
    /// With the number of each.
    methods: FxHashMap<TextId, u16>,
}

/// What some documents state.
#[derive(Default)]
struct Said {
    links: Vec<Stated>,
    own_bases: Vec<(DocumentId, Place, ComponentId)>,
}

/// Puts all links into the graph.
pub(crate) fn place(graph: &mut Graph, draft: &Draft, order: &[Named], identity: &Identity, corpus: &Corpus) -> Vec<Finding> {
    let (methods, words) = methods(corpus);
    let mut welded = vec![false; graph.len()];
    for (component, named) in draft.components.iter().zip(order) {
        welded[named.at.row()] = component.welded;
    }
    let placing = Placing { graph, draft, order, welded, methods };
    let chunks = corpus.documents.par_chunks(CHUNK).enumerate();
    let said: Vec<Said> = chunks.map(|(chunk, entries)| placing.said(corpus, chunk * CHUNK, entries)).collect();
    let mut stated = Vec::with_capacity(said.iter().map(|said| said.links.len()).sum());
    let mut own_bases = Vec::new();
    for said in said {
        stated.extend(said.links);
        own_bases.extend(said.own_bases);
    }
    for (a, b) in &identity.maybe_same {
        let (a, b) = (row(order[*a as usize].at), row(order[*b as usize].at));
        stated.extend([(a, b), (b, a)].map(|(upstream, downstream)| maybe_same(upstream, downstream)));
    }
    graph.links = join(graph, stated, words);
    own_bases.into_iter().map(|(document, place, component)| own_base(graph, document, place, component)).collect()
}

fn maybe_same(upstream: u32, downstream: u32) -> Stated {
    let (relation, evidence) = (Relation::MaybeSame, Evidence::Name);
    Stated { upstream, downstream, relation, evidence, firm: true, method: 0, document: NONE, line: 0, statement: 0 }
}

/// All methods that links state, numbered.
fn methods(corpus: &Corpus) -> (FxHashMap<TextId, u16>, Vec<TextId>) {
    let mut known = FxHashMap::default();
    let mut words = Vec::new();
    for method in corpus.documents.iter().flat_map(|entry| corpus.links(entry)).filter_map(|link| link.method) {
        // More ways to make a model than numbers for them: the rest is shown without.
        if words.len() < usize::from(u16::MAX - 1) && !known.contains_key(&method) {
            words.push(method);
            known.insert(method, words.len() as u16);
        }
    }
    (known, words)
}

/// Reports a model that states itself as its base; one that states no other has no base at all.
fn own_base(graph: &mut Graph, document: DocumentId, place: Place, component: ComponentId) -> Finding {
    let mut bases = graph.links.up(component.row()).iter().filter(|hop| hop.meta().relation() == Relation::Base);
    if bases.all(|hop| hop.end() == component.row()) {
        graph.components[component.row()].sections.remove(Section::Base);
    }
    let id = graph.id(component);
    let message = format!("{} states itself as its base", id.show());
    Finding {
        file: graph.file(document).as_key().to_owned(),
        component: Some(id.as_key().to_owned()),
        ..Finding::new(Code::SelfAncestor, place, message, "name what it was really made from; until then its lineage has a hole")
    }
}

impl Placing<'_> {
    fn said(&self, corpus: &Corpus, first: usize, entries: &[Entry]) -> Said {
        let mut said = Said::default();
        for (row, entry) in entries.iter().enumerate() {
            let (document, mentions) = (DocumentId::new(first + row), corpus.mentions(entry));
            for link in corpus.links(entry) {
                self.add(document, mentions, link, &mut said);
            }
        }
        said
    }

    fn add(&self, document: DocumentId, mentions: &[Mention], link: &Link, said: &mut Said) {
        let method = link.method.and_then(|method| self.methods.get(&method)).copied().unwrap_or_default();
        let upstream = self.end(document, mentions, link.upstream);
        let downstream = self.end(document, mentions, link.downstream);
        for (up, up_grade) in self.targets(&upstream) {
            for (down, down_grade) in self.targets(&downstream) {
                if link.relation == Relation::Base && up == down {
                    said.own_bases.push((document, link.place, down));
                }
                // A link to itself stays: the mention that states it may still be marked for what it says.
                said.links.push(Stated {
                    upstream: row(up),
                    downstream: row(down),
                    relation: link.relation,
                    evidence: up_grade.max(down_grade).max(link.at_best),
                    firm: !down_grade.is_weak() && !link.at_best.is_weak(),
                    method,
                    document: u32::try_from(document.row()).unwrap_or(NONE),
                    line: link.place.line,
                    statement: upstream.statement(),
                });
            }
        }
    }

    fn end(&self, document: DocumentId, mentions: &[Mention], mention: MentionId) -> End<'_> {
        let Some(statement) = mentions.get(mention.0 as usize).and_then(|mention| mention.statement) else {
            let drafted = self.draft.deployment_of.get(&(document, mention.0));
            return End::Deployment(drafted.map(|drafted| self.order[*drafted as usize].at));
        };
        let own = self.graph.statements().get(statement).standing == Standing::Subject;
        End::Statement(u32::try_from(statement.row() + 1).unwrap_or_default(), self.graph.meaning(statement).0, own)
    }

    fn targets(&self, end: &End<'_>) -> impl Iterator<Item = (ComponentId, Evidence)> {
        let (targets, own, deployment) = match end {
            End::Statement(_, targets, own) => (*targets, *own, None),
            End::Deployment(component) => (&[][..], false, *component),
        };
        let graded = targets.iter().map(move |target| {
            let (component, evidence) = (target.component(), target.evidence());
            let sure = own && !(self.welded[component.row()] && evidence == Evidence::Name);
            (component, if sure { Evidence::Digest } else { evidence })
        });
        graded.chain(deployment.map(|component| (component, Evidence::Digest)))
    }
}

impl End<'_> {
    /// One more than the statement; 0 is none.
    fn statement(&self) -> u32 {
        match self {
            End::Statement(statement, ..) => *statement,
            End::Deployment(_) => 0,
        }
    }
}

fn row(component: ComponentId) -> u32 {
    u32::try_from(component.row()).unwrap_or(NONE)
}
