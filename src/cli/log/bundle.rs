//! `downriver log bundle`, and `log verify` of what it wrote.

use crate::cli::desk;
use crate::cli::desk::Desk;
use crate::cli::desk::Which;
use crate::cli::exit::Exit;
use crate::cli::exit::Failure;
use crate::cli::output::html;
use crate::cli::output::json;
use crate::cli::output::json::bundle::Manifest;
use crate::cli::output::markdown;
use crate::cli::output::report;
use crate::cli::output::text;
use crate::cli::repository::Form;
use crate::cli::repository::Repository;
use crate::cli::session;
use crate::incident::clocks;
use crate::incident::journal::Head;
use crate::incident::worklist;
use crate::incident::worklist::Answer;
use crate::load::again;
use crate::store::bundle;
use crate::store::folder::Folder;
use crate::store::journal::Journal;
use crate::text::Untrusted;
use crate::trust;
use clap::Args;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// Write all that proves an incident into a folder: report, answers, journal, digests
///
/// `report.html` and `report.md` say the same; `incident.json` and `impact.json` are the answers; `journal.jsonl` is the journal
/// from the incident's first entry to the last one; `bundle.json` has the digest of every file that was read; `downriver.yaml`
/// is a copy of the settings; `advisory-1-1.yaml` is the advisory that entry 1 keeps; `SHA256SUMS` is of all that.
/// `sha256sum -c SHA256SUMS` in the folder checks it without this program, `downriver log verify DIR` the chain too. With
/// `--sign`, `ssh-keygen -Y verify` checks who made it (namespace `downriver-bundle`). The same input and `--now` give the same
/// bytes. Keep the digest of
/// `SHA256SUMS`, which is printed, or the journal's head elsewhere.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  downriver log bundle -r sboms INC-1 --out INC-1-bundle
  # checked by somebody else
  cd INC-1-bundle && sha256sum -c SHA256SUMS
  # signed, and checked without this program
  downriver log bundle -r sboms INC-1 --out B --sign ~/.ssh/id_ed25519
  ssh-keygen -Y verify -f allowed_signers -I you@example.org \\
    -n downriver-bundle -s B/SHA256SUMS.sig < B/SHA256SUMS")]
pub(super) struct Bundle {
    /// Which: INC-1
    incident: String,

    /// The folder to write: new or empty, and not inside the repository
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Sign SHA256SUMS with this SSH key, into SHA256SUMS.sig: a private key file, or the .pub file of a key in ssh-agent
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,

    #[command(flatten)]
    which: Which,

    #[command(flatten)]
    repository: Repository,
}

impl Bundle {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        let signer = self.sign.as_deref().map(desk::signer).transpose()?;
        let desk = Desk::open(&self.repository, &self.which)?;
        let book = desk.book();
        let answers = desk.with_world(|world| worklist::answers(&book, world));
        let answer = desk::answer(&book, &answers, &self.incident)?;
        let (files, manifest) = files(&desk, answer)?;
        let mut folder = Folder::make(&self.out, &desk.session.source).map_err(|error| desk::not_written(&error))?;
        let copies = copies(answer);
        let copies = copies.iter().map(|(name, bytes)| (name.as_str(), *bytes));
        for (name, bytes) in files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).chain(copies) {
            folder.write(name, bytes).map_err(|error| desk::not_written(&error))?;
        }
        let mut refused = None;
        let (sums, n) = folder
            .sum(|sums| {
                let signed = signer.as_ref()?.sign(trust::BUNDLE, sums);
                signed.map(|signed| signed.to_armored()).map_err(|why| refused = Some(why)).ok()
            })
            .map_err(|error| desk::not_written(&error))?;
        if let Some(why) = refused {
            let message = format!("{}: written, but not signed: {why}", Untrusted::new(&self.out.display().to_string()).show());
            return Err(Failure::new(Exit::Incomplete, message));
        }
        let out = self.out.display().to_string();
        Ok(session::answer(Exit::Done, |to| match desk.session.form {
            Form::Json => json::bundle::written(to, &desk.session.graph, &out, n, &sums, &manifest),
            Form::Text => text::bundle::written(to, &out, n, &sums, &manifest),
        }))
    }
}

/// Names and bytes of a bundle, but for the sums.
fn files<'a>(desk: &'a Desk, answer: &'a Answer<'_>) -> Result<(Vec<(&'static str, Vec<u8>)>, Manifest<'a>), Failure> {
    let (graph, journal, now) = (&desk.session.graph, &desk.journal, desk.now);
    let clocks = clocks::clocks(answer, &graph.settings().response);
    let inputs = desk.inputs();
    let page = report::incident::whole(graph, journal, answer, &clocks, now, &inputs);
    let slice = journal.slice(answer.case.opened.seq).map_err(|error| desk::failed(&error))?;
    let settings = again::settings_name(&desk.session.source);
    let settings = settings.and_then(|name| Some((again::bytes(&desk.session.source, &name)?, name)));
    let first = first(journal, answer.case.opened.seq);
    let name = settings.as_ref().map(|(_, name)| name.clone());
    let manifest = Manifest::new(answer, now, first, journal.head(), inputs, name);
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("report.html", bytes(|out| html::page(out, &page))?),
        ("report.md", bytes(|out| markdown::report::page(out, &page))?),
        ("incident.json", bytes(|out| json::incident::show(out, graph, journal, answer, &clocks, &[]))?),
        ("impact.json", bytes(|out| json::impact::impact(out, graph, &answer.marks, &answer.impact, true, None))?),
        (bundle::JOURNAL, slice),
        ("bundle.json", bytes(|out| json::bundle::manifest(out, &manifest))?),
    ];
    files.extend(settings.map(|(bytes, _)| ("downriver.yaml", bytes)));
    Ok((files, manifest))
}

/// The advisories that the incident keeps, byte for byte, each under the number of its entry.
fn copies<'a>(answer: &'a Answer<'_>) -> Vec<(String, &'a [u8])> {
    let kept = answer.case.advisories.iter().flat_map(|(entry, kept)| {
        kept.copies.iter().enumerate().map(move |(row, copy)| {
            // Nothing of the file's own name but a known ending: it is somebody else's.
            let known = ["json", "yaml", "yml"].into_iter().find(|end| copy.file.ends_with(&format!(".{end}")));
            (format!("advisory-{entry}-{}.{}", row + 1, known.unwrap_or("txt")), copy.text.as_bytes())
        })
    });
    kept.collect()
}

fn first(journal: &Journal, seq: u64) -> Option<Head> {
    let entry = journal.entries().iter().find(|entry| entry.seq == seq)?;
    Some(Head { seq, hash: entry.hash })
}

/// What a writer writes.
fn bytes(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| Failure::new(Exit::Incomplete, format!("a report could not be made: {error}")))?;
    Ok(bytes)
}

/// Checks a bundle.
pub(super) fn verify(folder: &Path, head: Option<Head>, which: &Which, repository: &Repository) -> Result<Exit, Failure> {
    let shown = folder.display().to_string();
    let signers = desk::signers(&desk::source(repository)?)?;
    let checked = bundle::check(folder, head, &signers, which.now()).map_err(|error| {
        let message = format!("{}: cannot be read: {error}", Untrusted::new(&shown).show());
        Failure::new(Exit::Usage, message).hint(Some("give the folder that `downriver log bundle` wrote".to_owned()))
    })?;
    let exit = if checked.faults.is_empty() { Exit::Done } else { Exit::Findings };
    Ok(session::answer(exit, |out| match repository.format {
        Form::Json => json::bundle::verified(out, &shown, &checked),
        Form::Text => text::bundle::verified(out, &shown, &checked),
    }))
}
