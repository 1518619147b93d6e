//! Other people's SBOMs, as real generators wrote them: each loads with the counts that its entry in `expected.tsv` states.
//!
//! The corpus lies beside the project, in `$DOWNRIVER_SHARED` or `../shared`. Without it these tests pass and say so, unless
//! `DOWNRIVER_REQUIRE_SHARED` is set.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stdout, reason = "a test that is skipped says so aloud")]

use assert_cmd::Command;
use serde_json::Value;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

/// One row of `expected.tsv`.
struct Expected {
    path: String,
    format: String,
    valid: bool,
    /// Components, edges, models, datasets, ancestors.
    counts: [u64; 5],
    expect: String,
}

/// What the binary says of the whole corpus.
struct Corpus {
    rows: Vec<Expected>,
    documents: BTreeMap<String, Value>,
    /// Codes by file: what was not read.
    problems: BTreeMap<String, Vec<String>>,
    /// Codes by file: all findings.
    findings: BTreeMap<String, Vec<String>>,
    folder: PathBuf,
}

fn corpus() -> Option<Corpus> {
    let shared = env::var_os("DOWNRIVER_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = shared.join("corpus");
    if !folder.join("expected.tsv").is_file() {
        assert!(env::var_os("DOWNRIVER_REQUIRE_SHARED").is_none(), "no corpus in {}", folder.display());
        println!("SKIPPED: no corpus in {}", folder.display());
        return None;
    }
    let table = fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let documents = ask(&folder, &["list", "--documents"])["documents"].as_array().unwrap().clone();
    let check = ask(&folder, &["check"]);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let by_file = |rows: &Value, file: &dyn Fn(&Value) -> String| {
        let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for row in rows.as_array().unwrap() {
            codes.entry(file(row)).or_default().push(text(&row["code"]));
        }
        codes
    };
    Some(Corpus {
        rows: table.lines().skip(1).map(expected).collect(),
        documents: documents.into_iter().map(|document| (text(&document["file"]), document)).collect(),
        problems: by_file(&check["problems"], &|row| text(&row["file"])),
        findings: by_file(&check["findings"], &|row| text(&row["source"]["file"])),
        folder,
    })
}

fn ask(folder: &PathBuf, args: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_downriver"));
    command.env("DOWNRIVER_CACHE", "off");
    let output = command.args(args).args(["--format", "json", "-r"]).arg(folder).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn expected(line: &str) -> Expected {
    let cells: Vec<&str> = line.split('\t').collect();
    let number = |at: usize| cells[at].parse().unwrap();
    Expected {
        path: cells[0].to_owned(),
        format: cells[1].to_owned(),
        valid: cells[3] == "ok",
        counts: [number(4), number(5), number(6), number(7), number(8)],
        expect: cells[9].to_owned(),
    }
}

/// The formats of this version; the others are named as not read.
fn is_read(format: &str) -> bool {
    matches!(format, "cyclonedx-json" | "spdx2-json" | "spdx3-json")
}

fn counts(document: &Value) -> [u64; 5] {
    ["components", "links", "models", "datasets", "ancestors"].map(|key| document[key].as_u64().unwrap())
}

#[test]
fn every_document_loads_with_its_counts() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    let mut right = 0;
    for row in corpus.rows.iter().filter(|row| row.expect == "load" && row.valid && is_read(&row.format)) {
        match corpus.documents.get(&row.path).map(counts) {
            Some(counts) if counts == row.counts => right += 1,
            got => wrong.push(format!("{}: {got:?}, expected {:?}", row.path, row.counts)),
        }
    }
    println!("corpus: {right} documents as expected");
    assert!(wrong.is_empty(), "[components, links, models, datasets, ancestors]\n{}", wrong.join("\n"));
    assert!(right >= 130, "only {right} rows compared");
}

#[test]
fn what_is_broken_or_not_read_yet_is_named() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    for row in &corpus.rows {
        let problems = corpus.problems.get(&row.path).map_or(&[][..], Vec::as_slice);
        let named = match row.expect.as_str() {
            "load" if !row.valid => problems.iter().any(|code| code == "DR0001"),
            "load" if !is_read(&row.format) => problems == ["DR0003"],
            "unrecognised" => problems == ["DR0004"],
            "spec-invalid" => corpus.findings.contains_key(&row.path),
            _ => problems.is_empty(),
        };
        if !named {
            wrong.push(format!("{} ({} {}): problems {problems:?}", row.path, row.format, row.expect));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn advisories_cards_and_lock_files_are_passed_over_or_read_for_the_sbom_in_them() {
    let Some(corpus) = corpus() else { return };
    for row in corpus.rows.iter().filter(|row| matches!(row.expect.as_str(), "advisory" | "card" | "lock")) {
        match corpus.documents.get(&row.path) {
            Some(document) => assert_eq!(counts(document), row.counts, "{}", row.path),
            None => assert!(!is_read(&row.format), "{} is an SBOM too", row.path),
        }
    }
}

#[test]
fn ten_hub_models_described_by_two_generators_are_ten_models() {
    let Some(corpus) = corpus() else { return };
    let answer = ask(&corpus.folder, &["list", "--kind", "model"]);
    let models = answer["components"].as_array().unwrap();
    let files = |model: &Value| -> Vec<String> {
        model["documents"].as_array().unwrap().iter().map(|file| file.as_str().unwrap().to_owned()).collect()
    };
    let mut compared = 0;
    for entry in fs::read_dir(corpus.folder.join("cyclonedx/aloha")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let both = [format!("cyclonedx/aloha/{file}"), format!("cyclonedx/owasp-aibom/{file}")];
        let joined: Vec<&Value> = models.iter().filter(|model| both.iter().all(|f| files(model).contains(f))).collect();
        assert_eq!(joined.len(), 1, "{file}: {joined:?}");
        compared += 1;
    }
    assert_eq!(compared, 10);
}
