//! Links of all documents as links of the graph: graded, joined, in compressed rows both ways.

use crate::graph::Graph;
use crate::graph::Link;
use crate::graph::Source;
use crate::graph::components::Draft;
use crate::graph::corpus::Corpus;
use crate::graph::corpus::Mention;
use crate::graph::identity::ClusterRow;
use crate::graph::identity::Identity;
use crate::graph::ids::ChoiceId;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::graph::ids::LinkId;
use crate::graph::ids::StatementId;
use crate::graph::names::Named;
use crate::graph::rows::Rows;
use crate::model::document::MentionId;
use crate::model::document::Place;
use crate::model::document::Section;
use crate::model::document::Standing;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::kind::Evidence;
use crate::model::kind::Relation;
use crate::text::TextId;
use rustc_hash::FxHashMap;

/// A link as one place states it.
struct Stated {
    upstream: ComponentId,
    downstream: ComponentId,
    relation: Relation,
    method: Option<TextId>,
    choice: Option<ChoiceId>,
    source: Option<Source>,
}

/// One end of a stated link: the components it may be, each with its grade.
struct End {
    targets: Vec<(ComponentId, Evidence)>,
    choice: Option<ChoiceId>,
    statement: Option<StatementId>,
}

struct Placing<'a> {
    draft: &'a Draft,
    order: &'a [Named],
    identity: &'a Identity,
    choices: Vec<Box<[ComponentId]>>,
    choice_index: FxHashMap<Box<[ComponentId]>, ChoiceId>,
}

/// Puts all links into the graph.
pub(super) fn place(graph: &mut Graph, draft: &Draft, order: &[Named], identity: &Identity, corpus: &Corpus) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut placing = Placing { draft, order, identity, choices: Vec::new(), choice_index: FxHashMap::default() };
    let mut stated = Vec::with_capacity(corpus.n_links());
    // By component: whether it has a base other than itself.
    let mut own_base: FxHashMap<ComponentId, bool> = FxHashMap::default();
    for (row, entry) in corpus.documents.iter().enumerate() {
        let (document, mentions) = (DocumentId::new(row), corpus.mentions(entry));
        for link in corpus.links(entry) {
            let upstream = placing.end(graph, document, mentions, link.upstream);
            let downstream = placing.end(graph, document, mentions, link.downstream);
            for (up, up_grade) in &upstream.targets {
                for (down, down_grade) in &downstream.targets {
                    if link.relation == Relation::Base {
                        *own_base.entry(*down).or_default() |= up != down;
                        if up == down {
                            findings.push(self_ancestor(graph, document, link.place, *down));
                        }
                    }
                    let evidence = (*up_grade).max(*down_grade).max(link.at_best);
                    let source = Source { evidence, document, line: link.place.line, statement: upstream.statement };
                    // A link to itself stays: the mention that states it may still be marked for what it says.
                    stated.push(Stated {
                        upstream: *up,
                        downstream: *down,
                        relation: link.relation,
                        method: link.method,
                        choice: upstream.choice,
                        source: Some(source),
                    });
                }
            }
        }
    }
    for (component, other) in own_base {
        if !other {
            graph.components[component.row()].sections.remove(Section::Base);
        }
    }
    for (a, b) in &identity.maybe_same {
        let (a, b) = (order[*a as usize].at, order[*b as usize].at);
        for (upstream, downstream) in [(a, b), (b, a)] {
            stated.push(Stated { upstream, downstream, relation: Relation::MaybeSame, method: None, choice: None, source: None });
        }
    }
    graph.choices = std::mem::take(&mut placing.choices);
    join(graph, stated);
    findings
}

fn self_ancestor(graph: &Graph, document: DocumentId, place: Place, id: ComponentId) -> Finding {
    let message = format!("{} states itself as its base", graph.id(id).show());
    Finding {
        file: graph.file(document).as_key().to_owned(),
        component: Some(graph.id(id).as_key().to_owned()),
        ..Finding::new(Code::SelfAncestor, place, message, "name what it was really made from; until then its lineage has a hole")
    }
}

impl Placing<'_> {
    fn end(&mut self, graph: &Graph, document: DocumentId, mentions: &[Mention], mention: MentionId) -> End {
        let Some(statement) = mentions.get(mention.0 as usize).and_then(|mention| mention.statement) else {
            let row = self.draft.deployment_of.get(&(document, mention.0));
            let targets = row.map(|row| (self.order[*row as usize].at, Evidence::Digest)).into_iter().collect();
            return End { targets, choice: None, statement: None };
        };
        let own = graph.statements().get(statement).standing == Standing::Subject;
        let grade = |cluster: ClusterRow, evidence: Evidence| {
            let welded = self.draft.components[cluster as usize].welded;
            if own && !(welded && evidence == Evidence::Name) { Evidence::Digest } else { evidence }
        };
        let mut targets: Vec<(ComponentId, Evidence)> = self
            .identity
            .targets
            .row(statement.row())
            .iter()
            .map(|(cluster, evidence)| (self.order[*cluster as usize].at, grade(*cluster, *evidence)))
            .collect();
        targets.sort_unstable();
        let choice = self.identity.choices[statement.row()].then(|| self.choice(&targets));
        End { targets, choice, statement: Some(statement) }
    }

    fn choice(&mut self, targets: &[(ComponentId, Evidence)]) -> ChoiceId {
        let candidates: Box<[ComponentId]> = targets.iter().map(|(component, _)| *component).collect();
        *self.choice_index.entry(candidates.clone()).or_insert_with(|| {
            self.choices.push(candidates);
            ChoiceId::new(self.choices.len() - 1)
        })
    }
}

/// Joins what several places state and lays the links out in rows.
fn join(graph: &mut Graph, mut stated: Vec<Stated>) {
    stated.sort_by_key(|s| (s.upstream, s.downstream, s.relation, s.source));
    let mut links: Vec<Link> = Vec::new();
    let mut sources = Vec::new();
    for s in stated {
        let same = links.last().is_some_and(|l| (l.upstream, l.downstream, l.relation) == (s.upstream, s.downstream, s.relation));
        if !same {
            let evidence = s.source.map_or(Evidence::Name, |source| source.evidence);
            let Stated { upstream, downstream, relation, method, choice, .. } = s;
            links.push(Link { upstream, downstream, relation, evidence, method, choice });
        }
        let at = links.len() - 1;
        links[at].method = links[at].method.or(s.method);
        if let Some(source) = s.source.filter(|source| sources.last() != Some(&(at, *source))) {
            sources.push((at, source));
        }
    }
    let n = graph.components.len();
    let down: Vec<(usize, LinkId)> = links.iter().enumerate().map(|(row, l)| (l.upstream.row(), LinkId::new(row))).collect();
    let up: Vec<(usize, LinkId)> = links.iter().enumerate().map(|(row, l)| (l.downstream.row(), LinkId::new(row))).collect();
    graph.down = Rows::build(n, &down);
    graph.up = Rows::build(n, &up);
    graph.sources = Rows::build(links.len(), &sources);
    graph.links = links;
}
