//! From documents to a graph, step by step.

use crate::graph::Graph;
use crate::graph::components;
use crate::graph::corpus::Corpus;
use crate::graph::deployments;
use crate::graph::doubts;
use crate::graph::identity;
use crate::graph::links;
use crate::graph::names;
use crate::graph::select;
use crate::graph::select::StartAt;
use crate::graph::selector::Selector;
use crate::model::document::Place;
use crate::model::finding::Code;
use crate::model::finding::Finding;
use crate::model::finding::Severity;
use crate::model::settings::SETTINGS_FILE;
use crate::model::settings::Settings;
use crate::text;
use crate::text::Untrusted;
use rayon::slice::ParallelSliceMut as _;

/// What a repository was read into.
#[derive(Debug, Default, Clone)]
pub(crate) struct Input {
    pub corpus: Corpus,
    /// Findings of files that gave no document.
    pub problems: Vec<Finding>,
    pub settings: Settings,
    /// Whether all files were looked at.
    pub complete: bool,
}

/// Builds the graph. The order in which documents were read does not matter. Of too many components it builds none: their
/// graph is empty, incomplete and has a finding that says so.
pub(crate) fn build(input: Input) -> Graph {
    build_of(input, links::MOST_COMPONENTS)
}

fn build_of(input: Input, most: usize) -> Graph {
    let Input { mut corpus, mut problems, settings, complete } = input;
    let identity = identity::resolve(&mut corpus.statements);
    let n = identity.clusters.len() + corpus.deployments.len();
    if n > most {
        problems.push(too_many(n, most));
        let n_unread = problems.iter().filter(|finding| finding.is_unread()).count();
        return Graph { settings, findings: problems, n_unread, ..Graph::default() };
    }
    let mut draft = components::draft(&mut corpus, &identity, &settings);
    deployments::add(&mut draft, &identity, &mut corpus, &settings);
    let order = names::assign(&draft, &mut corpus);
    let documents = corpus.documents.iter().map(|entry| entry.info).collect();
    let statements = std::mem::take(&mut corpus.statements);
    let mut graph = Graph { statements, documents, settings, complete, ..Graph::default() };
    components::place(&mut graph, &mut draft, &order, &identity);
    let mut findings = links::place(&mut graph, &draft, &order, &identity, &corpus);
    findings.append(&mut problems);
    findings.append(&mut corpus.findings);
    findings.extend(declare_roots(&mut graph));
    findings.extend(doubts::find(&graph));
    findings.par_sort_by(|a, b| {
        fn key(f: &Finding) -> (Severity, Code, &str, Option<Place>, &str) {
            (f.severity(), f.code, &f.file, f.place, &f.message)
        }
        key(a).cmp(&key(b))
    });
    findings.dedup();
    graph.n_unread = findings.iter().filter(|finding| finding.is_unread()).count();
    graph.findings = findings;
    graph
}

fn too_many(n: usize, most: usize) -> Finding {
    let message = format!("up to {} components, more than the {} that can be held", text::thousands(n), text::thousands(most));
    Finding {
        file: ".".to_owned(),
        ..Finding::new(Code::Limit, Place::default(), message, "open a folder of the repository alone")
    }
}

/// Finds what `roots:` names; an entry that names nothing, or is no selector, ends no hole and is reported.
fn declare_roots(graph: &mut Graph) -> Vec<Finding> {
    let mut findings = Vec::new();
    for written in graph.settings.roots.clone() {
        let starts = Selector::parse(&written).map(|selector| select::select(graph, &selector));
        let matched = starts.map(|starts| {
            let sure = starts.into_iter().filter(|start| start.sure);
            sure.filter_map(|start| match start.at {
                StartAt::Component(component) => Some(component),
                StartAt::Mention(_) => None,
            })
            .collect::<Vec<_>>()
        });
        let shown = Untrusted::new(&written).show();
        let problem = match matched {
            Ok(components) if components.is_empty() => Some(format!("root `{shown}` names no component")),
            Ok(components) => {
                graph.roots.extend(components);
                None
            }
            Err(error) => Some(format!("root `{shown}`: {error}")),
        };
        findings.extend(problem.map(|message| Finding {
            file: SETTINGS_FILE.to_owned(),
            ..Finding::new(Code::UnknownKey, Place::default(), message, "give a selector of a component that the repository has")
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fixture;

    #[test]
    fn more_components_than_can_be_held_are_a_problem_and_no_answer() {
        let input = || fixture::input("base -> child -> chat@production");
        let whole = build(input());
        assert_eq!(build_of(input(), whole.len()).len(), 3);
        let none = build_of(input(), 2);
        assert_eq!((none.len(), none.complete(), none.n_unread()), (0, false, 1));
        assert_eq!(none.findings()[0].message, "up to 3 components, more than the 2 that can be held");
    }
}
