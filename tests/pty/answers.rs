//! What the command line answers about the sample: the screen must say the same.

use crate::repository::sample;
use crate::screen::ReachRow;
use serde_json::Value;
use std::process::Command;
use std::sync::OnceLock;

/// Digest of the poisoned model.
pub(crate) const DIGEST: &str = "sha256:5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e";

/// Id of the poisoned model.
pub(crate) const POISONED: &str = "EleuterAI/gpt-j-6B#5f1c09a7be22";

/// Deployments of F8 in their order: by state, stage, criticality, name.
pub(crate) const REACHED: [&str; 16] = [
    "legal-summarizer@prod-eu-west-1",
    "legal-summarizer@prod-us-east-1",
    "support-chat@production",
    "email-drafter@production",
    "ticket-router@production",
    "voice-notes@edge-apac",
    "voice-notes@edge-emea",
    "contract-review@staging",
    "legal-summarizer@staging",
    "promo-writer@staging",
    "support-chat@staging",
    "kb-search@production",
    "kb-search@staging",
    "lab-notebook@research",
    "fraud-notes@production",
    "intake-bot@staging",
];

/// Answers of the sample's main question, asked once.
#[derive(Debug)]
pub(crate) struct Impact {
    /// AFFECTED, POSSIBLE and UNKNOWN deployments with the words of the screen, sorted.
    pub rows: Vec<ReachRow>,
}

/// A JSON answer about the sample.
pub(crate) fn ask(words: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_downriver"));
    command.env("DOWNRIVER_CACHE", "off");
    let output = command.args(words).arg("-r").arg(sample()).args(["--format", "json"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}\n{said}"))
}

/// What the poisoned digest reaches.
pub(crate) fn impact() -> &'static Impact {
    static IMPACT: OnceLock<Impact> = OnceLock::new();
    IMPACT.get_or_init(|| {
        let answer = ask(&["impact", "--all", DIGEST]);
        let mut rows: Vec<ReachRow> = items(&answer["deployments"]).filter_map(row).collect();
        rows.sort();
        Impact { rows }
    })
}

fn row(deployment: &Value) -> Option<ReachRow> {
    let state = deployment["state"].as_str()?;
    let grades = items(&deployment["path"]).map(|link| link["evidence"].as_str().unwrap());
    // The weakest link of the best path.
    let link = grades.max_by_key(|grade| ["==", "--", "..", "!="].iter().position(|known| known == grade)).unwrap_or_default();
    (state != "CLEAR").then(|| ReachRow {
        state: state.to_owned(),
        label: label(deployment["id"].as_str().unwrap()),
        link: link.to_owned(),
    })
}

/// `service@environment` of a deployment, as people call it.
fn label(id: &str) -> String {
    let answer = ask(&["show", &format!("deployment:{id}")]);
    let deployment = &answer["component"]["deployment"];
    let model = answer["component"]["name"].as_str();
    let service = deployment["service"].as_str().or(model).unwrap();
    format!("{service}@{}", deployment["environment"].as_str().unwrap())
}

/// The elements of a JSON list; none of anything else.
pub(crate) fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// `file:line` of each link of a path.
pub(crate) fn places(path: &Value) -> Vec<String> {
    let place = |link: &Value| format!("{}:{}", link["source"]["file"].as_str().unwrap(), link["source"]["line"]);
    items(path).map(place).collect()
}
