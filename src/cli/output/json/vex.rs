//! OpenVEX 0.2.0: one document a deployment.

use crate::cli::output::json::write;
use crate::cli::output::text::incident;
use crate::formats::trail::said;
use crate::graph::Graph;
use crate::incident::journal::Hash;
use crate::incident::journal::body::Action;
use crate::incident::words;
use crate::incident::words::shown;
use crate::incident::worklist::Answer;
use crate::incident::worklist::Line;
use crate::model::advisory::VexStatus;
use crate::model::digest::Algorithm;
use crate::model::kind::Relation;
use crate::model::moment::Moment;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;
use std::io;
use std::io::Write;

#[derive(Serialize)]
struct Document {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@id")]
    id: String,
    author: String,
    timestamp: String,
    version: u32,
    tooling: &'static str,
    statements: [Statement; 1],
}

#[derive(Serialize)]
struct Statement {
    vulnerability: Value,
    timestamp: String,
    products: [Value; 1],
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact_statement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_statement: Option<String>,
}

/// Writes the statement about one deployment.
pub(in crate::cli) fn document(
    out: &mut dyn Write,
    graph: &Graph,
    journal: Option<Hash>,
    answer: &Answer<'_>,
    line: &Line<'_>,
    status: VexStatus,
    now: Moment,
) -> io::Result<()> {
    let case = answer.case;
    let journal = journal.unwrap_or(Hash::NONE);
    let incident = format!("urn:downriver:{journal}:{}", said::percent(&case.id));
    let decided = line.decision.map(|decision| incident::decided(decision, line.stage, Moment::BEGIN));
    let why = line.why.join("; ");
    let state = line.state.map_or("not in the repository any more", crate::model::state::State::word);
    let notes = [Some(state.to_owned()), decided.clone(), Some(why).filter(|why| !why.is_empty())];
    let notes = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let asks: Vec<String> = case.parts.iter().map(|(_, question)| words::question(question)).collect();
    let mut statement = Statement {
        vulnerability: json!({"@id": incident, "name": shown(&case.id), "description": format!("{}: {}", answer.hazard(), asks.join("; "))}),
        timestamp: line.decision.map_or(now, |decision| decision.by.time).to_string(),
        products: [product(graph, line)],
        status: status.word(),
        status_notes: Some(notes),
        justification: None,
        impact_statement: None,
        action_statement: None,
    };
    match (status, line.decision.map(|decision| &decision.action)) {
        (VexStatus::NotAffected, Some(Action::NotAffected { justification, evidence })) => {
            statement.justification = Some(justification.word());
            statement.impact_statement = Some(shown(evidence));
        }
        (VexStatus::Affected, _) => {
            statement.action_statement = Some(decided.unwrap_or_else(|| "nothing is decided yet".to_owned()));
        }
        (VexStatus::NotAffected | VexStatus::Fixed | VexStatus::UnderInvestigation, _) => {}
    }
    let document = Document {
        context: "https://openvex.dev/ns/v0.2.0",
        id: format!("{incident}:{}", said::percent(&line.deployment)),
        author: shown(line.decision.map_or(&case.lead, |decision| &decision.by.actor)),
        timestamp: now.to_string(),
        version: 1,
        tooling: concat!("downriver ", env!("CARGO_PKG_VERSION")),
        statements: [statement],
    };
    write(out, &document)
}

/// The deployment, with what it runs as its parts: nothing is said of that elsewhere.
fn product(graph: &Graph, line: &Line<'_>) -> Value {
    let runs = line.component.into_iter().flat_map(|id| graph.up(id)).map(|link| graph.link(link));
    let models = runs.filter(|link| link.relation == Relation::Deployed).map(|link| link.upstream);
    let part = |id| {
        let name = graph.id(id).as_key();
        let purl = graph.purl(id).map(|purl| graph.text(purl).show().into_string());
        let mut part = json!({"@id": purl.clone().unwrap_or_else(|| format!("urn:downriver:component:{}", said::percent(name)))});
        let digest = graph.digests(id).into_iter().find(|digest| digest.algorithm() == Algorithm::Sha256);
        if let (Some(digest), Some(part)) = (digest, part.as_object_mut()) {
            let hex = digest.to_string().rsplit(':').next().unwrap_or_default().to_owned();
            part.insert("hashes".to_owned(), json!({"sha-256": hex}));
        }
        if let (Some(purl), Some(part)) = (purl, part.as_object_mut()) {
            part.insert("identifiers".to_owned(), json!({"purl": purl}));
        }
        part
    };
    let parts: Vec<Value> = models.map(part).collect();
    json!({"@id": format!("urn:downriver:deployment:{}", said::percent(&line.deployment)), "subcomponents": parts})
}
