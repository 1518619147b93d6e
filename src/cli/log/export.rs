//! `downriver log export`: the trail of an incident in copies of the SBOMs that it is about, and as OpenVEX.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::json;
use crate::cli::output::json::export::Copied;
use crate::cli::output::json::export::Vex;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::formats::trail;
use crate::formats::trail::Remark;
use crate::graph::Graph;
use crate::graph::ids::ComponentId;
use crate::graph::ids::DocumentId;
use crate::incident::journal::Entry;
use crate::incident::journal::body::Body;
use crate::incident::vex;
use crate::incident::words;
use crate::incident::worklist;
use crate::incident::worklist::Answer;
use crate::load::again;
use crate::model::document::Format;
use crate::model::kind::Kind;
use crate::model::kind::Relation;
use crate::query::closure;
use crate::store::folder::Folder;
use clap::Args;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Write the trail of an incident into copies of the SBOMs that it is about, and as OpenVEX
///
/// `sboms/` has a copy of each SBOM of the deployments and models that are reached, or may be, and of what they are made of.
/// What was decided stands in them as `response_history` (`ml_sbom`), `annotations` (CycloneDX from 1.5 on, SPDX 2) or
/// Annotation elements (SPDX 3); everything else in them is as it was, and they load with the same answers. `openvex/` has a
/// statement about each deployment: `not_affected` and `fixed` only by a decision or an inventory that confirms one. The
/// originals stay as they are.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver log export -r sboms INC-1 --out INC-1-export
  # the copies answer as the originals do
  downriver impact -r INC-1-export/sboms 'EleuterAI/gpt-j-6B'")]
pub(super) struct Export {
    /// Which: INC-1
    incident: String,

    /// The folder to write: new or empty, and not inside the repository
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    repository: Repository,
}

impl Export {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let desk = Desk::open(&self.repository, &self.which)?;
        let book = desk.book();
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let answer = desk::answer(&book, &answers, &self.incident)?;
        let mut folder = Folder::make(&self.out, &desk.session.source).map_err(|error| desk::not_written(&error))?;
        let copies = copies(&desk, answer, &mut folder)?;
        let vex = statements(&desk, answer, &mut folder)?;
        let (out, graph) = (self.out.display().to_string(), &desk.session.graph);
        Ok(session::answer(Exit::Done, |to| match desk.session.form {
            Form::Json => json::export::written(to, graph, &answer.case.id, &out, &copies, &vex),
            Form::Text => text::export::written(to, &answer.case.id, &out, &copies, &vex),
        }))
    }
}

/// Writes the copies, and the settings, which say what a hole is.
fn copies(desk: &Desk, answer: &Answer<'_>, folder: &mut Folder) -> Result<Vec<Copied>, Failure> {
    let (graph, source) = (&desk.session.graph, &desk.session.source);
    let subjects = Subjects::new(graph, answer);
    let mut copies = Vec::new();
    for (file, documents) in &subjects.files {
        let Some(bytes) = again::bytes(source, file) else {
            copies.push(Copied { file: file.clone(), copy: None, trail: false, why: Some("it cannot be read any more") });
            continue;
        };
        let remarks: Vec<Vec<Remark>> = documents.iter().map(|document| subjects.remarks(desk, answer, *document)).collect();
        let short = file.rsplit('/').next().unwrap_or(file);
        let is_inventory = |document: &usize| graph.document(DocumentId::new(*document)).format == Format::Inventory;
        let written = if remarks.iter().all(Vec::is_empty) {
            let why = if documents.iter().all(is_inventory) { "an inventory" } else { "only what others are made of" };
            Err(why)
        } else {
            trail::write(&bytes, short, &remarks)
        };
        let copy = folder.copy("sboms", file, written.as_deref().unwrap_or(&bytes)).map_err(|error| desk::not_written(&error))?;
        copies.push(Copied { file: file.clone(), copy: Some(copy), trail: written.is_ok(), why: written.err() });
    }
    if let Some(bytes) = again::settings_name(source).and_then(|name| again::bytes(source, &name)) {
        folder.write("sboms/downriver.yaml", &bytes).map_err(|error| desk::not_written(&error))?;
    }
    Ok(copies)
}

/// Which documents there are something to say of.
struct Subjects {
    /// By file: its documents, by position.
    files: BTreeMap<String, Vec<usize>>,
    /// By document: the rows of deployments that it states, or whose model it states.
    rows: BTreeMap<usize, BTreeSet<usize>>,
    /// By document: the models that it states and that are reached.
    models: BTreeMap<usize, BTreeSet<ComponentId>>,
}

impl Subjects {
    fn new(graph: &Graph, answer: &Answer<'_>) -> Self {
        let mut subjects = Self { files: BTreeMap::new(), rows: BTreeMap::new(), models: BTreeMap::new() };
        let mut files = BTreeSet::new();
        for (row, line) in answer.lines.iter().enumerate() {
            let Some(deployment) = line.component else { continue };
            files.extend(closure::files(graph, deployment));
            let runs = graph.up(deployment).map(|link| graph.link(link)).filter(|link| link.relation == Relation::Deployed);
            for id in runs.map(|link| link.upstream).chain([deployment]) {
                for source in graph.declared_in(id) {
                    subjects.rows.entry(source.document.row()).or_default().insert(row);
                }
            }
        }
        for model in graph.of_kind(Kind::Model).filter(|model| answer.impact.state(*model).is_reached()) {
            files.extend(closure::files(graph, model));
            for source in graph.declared_in(model) {
                subjects.models.entry(source.document.row()).or_default().insert(model);
            }
        }
        for (row, document) in graph.documents().iter().enumerate() {
            let file = graph.text(document.file).as_key();
            if files.contains(file) {
                subjects.files.entry(file.to_owned()).or_default().push(row);
            }
        }
        for documents in subjects.files.values_mut() {
            documents.sort_by_key(|row| graph.document(DocumentId::new(*row)).member);
        }
        subjects
    }

    /// What there is to say of a document: the entries about it, then how it stands.
    fn remarks(&self, desk: &Desk, answer: &Answer<'_>, document: usize) -> Vec<Remark> {
        let graph = &desk.session.graph;
        let rows = self.rows.get(&document).into_iter().flatten().filter_map(|row| answer.lines.get(*row));
        let models = self.models.get(&document).into_iter().flatten();
        let is_inventory = graph.document(DocumentId::new(document)).format == Format::Inventory;
        let mut states: Vec<String> = rows.clone().map(|line| text::export::standing(line)).collect();
        states.extend(models.map(|model| text::export::model(graph, *model, answer.impact.state(*model))));
        if is_inventory || states.is_empty() {
            return Vec::new();
        }
        let deployments: BTreeSet<&str> = rows.map(|line| line.deployment.as_str()).collect();
        let incident = words::shown(&answer.case.id);
        let mut remarks: Vec<Remark> = about(desk.journal.entries(), &answer.case.id, &deployments)
            .into_iter()
            .map(|entry| Remark {
                entry: Some((entry.seq, entry.hash.to_string())),
                time: entry.time.to_string(),
                actor: words::shown(&entry.actor),
                incident: incident.clone(),
                text: words::said(entry),
            })
            .collect();
        remarks.extend(states.into_iter().map(|text| Remark {
            entry: None,
            time: desk.now.to_string(),
            actor: "downriver".to_owned(),
            incident: incident.clone(),
            text,
        }));
        remarks
    }
}

/// The entries of an incident that are about it as a whole, or about one of these deployments.
fn about<'a>(entries: &'a [Entry], incident: &str, deployments: &BTreeSet<&str>) -> Vec<&'a Entry> {
    let mut known = BTreeSet::new();
    let is_about = |entry: &&Entry| {
        let is = match &entry.body {
            Body::Undo(undo) => known.contains(&undo.entry),
            body => body.incident() == Some(incident) && body.deployment().is_none_or(|own| deployments.contains(own)),
        };
        if is {
            known.insert(entry.seq);
        }
        is
    };
    entries.iter().filter(is_about).collect()
}

/// Writes a statement about each deployment.
fn statements<'a>(desk: &Desk, answer: &'a Answer<'_>, folder: &mut Folder) -> Result<Vec<Vex<'a>>, Failure> {
    let (graph, journal) = (&desk.session.graph, &desk.journal);
    let mut written = Vec::new();
    for line in &answer.lines {
        let status = vex::status(line);
        let mut bytes = Vec::new();
        let made = json::vex::document(&mut bytes, graph, journal.id(), answer, line, status, desk.now);
        made.map_err(|error| Failure::new(Exit::Incomplete, format!("a statement could not be made: {error}")))?;
        let name = format!("{}.json", line.deployment.replace('/', "_"));
        let file = folder.copy("openvex", &name, &bytes).map_err(|error| desk::not_written(&error))?;
        written.push(Vex { deployment: &line.deployment, file, status: status.word() });
    }
    Ok(written)
}
