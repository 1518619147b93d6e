//! `downriver lineage`.

use crate::run::SMALL;
use crate::run::json_on;
use crate::run::on;
use crate::run::small;
use std::fmt::Write as _;

#[test]
fn the_tree_goes_both_ways() {
    insta::assert_snapshot!(small(&["lineage", "chat-v2"]).out);
}

#[test]
fn one_way_and_a_depth_can_be_asked_for() {
    insta::assert_snapshot!(small(&["lineage", "web-crawl", "--down", "--depth", "2"]).out);
}

#[test]
fn upstream_depths_are_negative() {
    let (_, answer) = json_on(SMALL, &["lineage", "chat-v2"]);
    let depth = |id: &str| answer["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap()["depth"].clone();
    assert_eq!(answer["root"], "chat-v2");
    assert_eq!((depth("chat-v2"), depth("web-crawl@3"), depth("chat-v2@production")), (0.into(), (-2).into(), 1.into()));
}

#[test]
fn a_cycle_is_named_and_ends() {
    let repository = tempfile::tempdir().unwrap();
    for (id, base) in [("a", "b"), ("b", "c"), ("c", "a")] {
        let document = format!("ml_sbom:\n  model_id: {id}\n  base_model: {{name: {base}}}\n");
        std::fs::write(repository.path().join(format!("{id}.yaml")), document).unwrap();
    }
    let ran = on(repository.path().to_str().unwrap(), &["lineage", "a", "--up"]);
    insta::assert_snapshot!(ran.out);
}

#[test]
fn a_long_chain_does_not_overflow_the_stack() {
    let repository = tempfile::tempdir().unwrap();
    let mut stream = String::new();
    for n in 1..5_000 {
        write!(stream, "---\nml_sbom:\n  model_id: m{n}\n  base_model: {{name: m{}}}\n", n - 1).unwrap();
    }
    std::fs::write(repository.path().join("chain.yaml"), stream).unwrap();
    let ran = on(repository.path().to_str().unwrap(), &["lineage", "m4999", "--up"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("UP: what it is made of, 4,999 components"), "{}", ran.out);
}
