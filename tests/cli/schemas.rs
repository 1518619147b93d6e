//! The schemas in `assets/schemas/` say what the binary writes, and nothing else.

use crate::incident::Night;
use crate::incident::POISON;
use crate::run::BASE;
use crate::run::SMALL;
use crate::run::json_on;
use crate::run::run;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const SAMPLE: &str = "sample-sboms";

fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/schemas/{name}.schema.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Forbids keys that the schema does not name: readers must bear new ones, we must not write unknown ones.
fn strict(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(members) => {
            for value in members.values_mut() {
                *value = strict(value.take());
            }
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = strict(item.take())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    schema
}

#[test]
fn every_answer_is_as_its_schema_says() {
    for (name, repository, args) in [
        ("list", SMALL, &["list"][..]),
        ("list", SAMPLE, &["list"]),
        ("documents", SMALL, &["list", "--documents"]),
        ("documents", SAMPLE, &["list", "--documents"]),
        ("search", SMALL, &["search", "a"]),
        ("search", SAMPLE, &["search", "gpt"]),
        ("show", SMALL, &["show", "chat-v2"]),
        ("show", SMALL, &["show", "chat-v2@production"]),
        ("show", SMALL, &["show", "acme/base-lm#a1b2a1b2a1b2"]),
        ("lineage", SMALL, &["lineage", "chat-v2"]),
        ("path", SMALL, &["path", "torch@2.1.0", "chat-v2@production"]),
        ("path", SMALL, &["path", "chat-v2", "torch@2.1.0"]),
        ("plan", SAMPLE, &["plan", POISON]),
        ("plan", SAMPLE, &["plan", "transformers<4.39"]),
        ("plan", SMALL, &["plan", BASE]),
        ("drill", SMALL, &["drill", "--rounds", "3"]),
        ("rank", SMALL, &["rank"]),
        ("rank", SAMPLE, &["rank", "--kind", "package"]),
        ("check", SMALL, &["check"]),
        ("check", SAMPLE, &["check"]),
        ("impact", SMALL, &["impact", BASE]),
        ("impact", SMALL, &["impact", BASE, "--all"]),
        ("impact", SMALL, &["impact", "torch*", BASE, "--all"]),
        ("impact", SMALL, &["impact", "chat-v2@production"]),
        ("impact", SAMPLE, &["impact", "gpt-j-6B", "--all"]),
        ("impact", SAMPLE, &["impact", "torch<2.2", "--all"]),
        ("impact", SAMPLE, &["impact", "--advisory", "assets/examples", "--advisory", "tests/data/advisories"]),
        ("impact", SMALL, &["impact", "--advisory", "README.md", "--advisory", "assets/examples/poisongpt.yaml", "--no-vex"]),
    ] {
        let (_, answer) = json_on(repository, args);
        assert_fits(name, &answer, &format!("{args:?} on {repository}"));
    }
}

fn assert_fits(name: &str, answer: &Value, what: &str) {
    let validator = jsonschema::validator_for(&strict(schema(name))).unwrap();
    let errors: Vec<String> = validator.iter_errors(answer).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{what}:\n{}", errors.join("\n"));
}

#[test]
fn every_answer_about_incidents_is_as_its_schema_says() {
    let night = Night::new();
    let act = |rest: &[&'static str]| [&["incident", "act", "INC-1"], rest].concat();
    for (name, args) in [
        ("log", vec!["log"]),
        ("log-verify", vec!["log", "verify"]),
        ("recorded", vec!["incident", "open", POISON]),
        ("recorded", vec!["incident", "open", POISON]),
        ("recorded", act(&["support-chat@production", "rollback", "--to", "support-chat-v2.2.1"])),
        ("recorded", act(&["support-chat@production", "done", "--share", "12/40"])),
        ("recorded", act(&["promo-writer@staging", "accept", "--reason", "r", "--until", "2026-03-01"])),
        ("recorded", act(&["fraud-notes@production", "ask", "--whom", "risk", "--what", "an SBOM"])),
        ("recorded", act(&["--filter", "owner:*", "retrain"])),
        ("recorded", act(&["--filter", "owner:edge", "quarantine", "--yes"])),
        ("recorded", vec!["incident", "note", "INC-1", "x", "--report", "early-warning"]),
        ("recorded", vec!["incident", "undo"]),
        ("incident", vec!["incident", "show", "INC-1"]),
        ("incidents", vec!["incident", "list"]),
        ("tickets", vec!["incident", "tickets", "INC-1"]),
        ("tickets", vec!["incident", "tickets", "INC-1", "--per", "owner"]),
        ("log", vec!["log"]),
        ("log-verify", vec!["log", "accept"]),
    ] {
        let acts = name == "recorded";
        let answer = if acts { night.json("03:30", &args) } else { night.json_alone(&args) };
        assert_fits(name, &answer, &format!("{args:?}"));
    }
    let text = fs::read_to_string(night.journal()).unwrap();
    fs::write(night.journal(), text.replacen("reader", "writer", 1) + "{\"seq\":").unwrap();
    let answer = night.json_alone(&["log", "verify"]);
    assert_fits("log-verify", &answer, "a damaged journal");
    let codes: Vec<&str> = answer["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["DR0402", "DR0401"]);
}

#[test]
fn every_answer_about_bundles_is_as_its_schema_says() {
    let (night, out) = (Night::new(), tempfile::tempdir().unwrap());
    let folder = out.path().to_str().unwrap();
    night.json("03:11", &["incident", "open", POISON]);
    assert_fits("bundle", &night.json_alone(&["log", "bundle", "INC-1", "--out", folder]), "bundle");
    let manifest = fs::read_to_string(out.path().join("bundle.json")).unwrap();
    assert_fits("bundle-manifest", &serde_json::from_str(&manifest).unwrap(), "manifest");
    let copies = tempfile::tempdir().unwrap();
    let exported = night.json_alone(&["log", "export", "INC-1", "--out", copies.path().to_str().unwrap()]);
    assert_fits("export", &exported, "export");
    let verified = || {
        let ran = run(&["log", "verify", folder, "--format", "json"]);
        (ran.code, serde_json::from_str::<Value>(&ran.out).unwrap())
    };
    let (code, answer) = verified();
    assert_fits("bundle-verify", &answer, "whole");
    assert_eq!(code, 0);
    let journal = out.path().join("journal.jsonl");
    fs::write(&journal, fs::read_to_string(&journal).unwrap().replacen("reader", "writer", 1)).unwrap();
    let (code, answer) = verified();
    assert_fits("bundle-verify", &answer, "changed");
    let codes: Vec<&str> = answer["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    assert_eq!((code, codes), (1, vec!["DR0403", "DR0402"]));
}

#[test]
fn one_part_has_one_shape_in_every_schema() {
    let own = ["component", "document", "hit", "matched", "deployment", "model", "row"];
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/schemas")).unwrap() {
        let schema: Value = serde_json::from_str(&fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
        for (name, part) in schema["$defs"].as_object().into_iter().flatten().filter(|(name, _)| !own.contains(&name.as_str())) {
            assert_eq!(seen.entry(name.clone()).or_insert_with(|| part.clone()), part, "{name}");
        }
    }
    assert!(seen.contains_key("link"));
}

/// The YAML and JSON files of the sample repository, each document of each.
fn sample_documents() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLE)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml" || e == "json") {
                let text = fs::read_to_string(&path).unwrap();
                let documents = serde_yaml::Deserializer::from_str(&text).map(<Value as serde::Deserialize>::deserialize);
                let file = path.display().to_string();
                // The reader repeats an error for ever.
                found.extend(documents.map_while(Result::ok).map(|document| (file.clone(), document)));
            }
        }
    }
    found
}

#[test]
fn the_schema_of_our_advisories_fits_the_example() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/examples/poisongpt.yaml")).unwrap();
    let example: Value = serde_yaml::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&strict(schema("ml_advisory"))).unwrap();
    assert!(validator.is_valid(&example), "{:?}", validator.iter_errors(&example).map(|e| e.to_string()).collect::<Vec<_>>());
    for (wrong, why) in [
        (json!({"ml_advisory": {"affected": [{}]}}), "an empty selector"),
        (json!({"ml_advisory": {"id": "A"}}), "nothing is affected"),
        (json!({"ml_advisory": {"affected": [{"kind": "modle", "name": "a"}]}}), "no kind"),
    ] {
        assert!(!validator.is_valid(&wrong), "{why}");
    }
}

#[test]
fn the_schemas_of_our_own_formats_fit_the_sample() {
    for (key, at_least) in [("ml_sbom", 20), ("ml_deployments", 1)] {
        let validator = jsonschema::validator_for(&schema(key)).unwrap();
        let documents: Vec<_> = sample_documents().into_iter().filter(|(_, document)| document.get(key).is_some()).collect();
        assert!(documents.len() >= at_least, "{key}: {}", documents.len());
        for (file, document) in documents {
            let errors: Vec<String> = validator.iter_errors(&document).map(|e| format!("{e} at {}", e.instance_path())).collect();
            assert!(errors.is_empty(), "{file}:\n{}", errors.join("\n"));
        }
    }
}
