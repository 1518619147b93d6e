//! Trails in every layout, and in every document at hand.

use super::*;
use proptest::prelude::*;
use std::path::Path;

fn remark(text: &str) -> Remark {
    let hash = "ab".repeat(32);
    let shown = crate::text::Untrusted::new(text).show().into_string();
    let (time, incident) = ("2026-03-02T03:14:00Z".to_owned(), "INC-1".to_owned());
    Remark { entry: Some((2, hash)), time, actor: "oncall".to_owned(), incident, text: shown }
}

/// The copy of a text with one remark in each of its `n` documents.
fn copy(text: &str, name: &str, n: usize) -> Result<String, &'static str> {
    let remarks = vec![vec![remark("rollback")]; n];
    write(text.as_bytes(), name, &remarks).map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn in_yaml_it_goes_after_the_last_member_or_inside_the_brackets() {
    let item = said::ml_sbom(&remark("rollback"));
    for (text, n, expected) in [
        ("ml_sbom:\n  model_id: m\n", 1, "ml_sbom:\n  model_id: m\n  response_history:\n  - ITEM\n"),
        ("ml_sbom:\n  model_id: m", 1, "ml_sbom:\n  model_id: m\n  response_history:\n  - ITEM\n"),
        ("ml_sbom:\r\n  model_id: m\r\n", 1, "ml_sbom:\r\n  model_id: m\r\n  response_history:\r\n  - ITEM\r\n"),
        ("ml_sbom:\n  model_id: m # c\n# end\n", 1, "ml_sbom:\n  model_id: m # c\n  response_history:\n  - ITEM\n# end\n"),
        (
            "ml_sbom:\n    model_id: a\n    licence:\n---\nml_sbom:\n  model_id: b\n",
            2,
            "ml_sbom:\n    model_id: a\n    licence:\n    response_history:\n    - ITEM\n---\nml_sbom:\n  model_id: b\n  response_history:\n  - ITEM\n",
        ),
        (
            "- ml_sbom:\n    model_id: a\n    note: |\n      t\n\n- ml_sbom:\n    model_id: b\n",
            2,
            "- ml_sbom:\n    model_id: a\n    note: |\n      t\n\n    response_history:\n    - ITEM\n- ml_sbom:\n    model_id: b\n    response_history:\n    - ITEM\n",
        ),
        (
            "ml_sbom:\n  - model_id: a\n  - {model_id: b}\n",
            2,
            "ml_sbom:\n  - model_id: a\n    response_history:\n    - ITEM\n  - {\"response_history\": [ITEM], model_id: b}\n",
        ),
        ("ml_sbom: {model_id: é}\n", 1, "ml_sbom: {\"response_history\": [ITEM], model_id: é}\n"),
        ("ml_sbom:\n  response_history: []\n  model_id: m\n", 1, "ml_sbom:\n  response_history: [ITEM]\n  model_id: m\n"),
        ("ml_sbom:\n  response_history: [a]\n  model_id: m\n", 1, "ml_sbom:\n  response_history: [ITEM, a]\n  model_id: m\n"),
    ] {
        assert_eq!(copy(text, "a.yaml", n).as_deref(), Ok(expected.replace("ITEM", &item).as_str()), "{text}");
    }
    for (text, n, why) in [
        ("ml_sbom:\n  model_id: m\n  response_history: yes\n", 1, "no list"),
        ("ml_sbom:\n  model_id: m\n  response_history:\n", 1, "no list"),
        ("ml_sbom:\n  response_history:\n  - x: 1\n  model_id: m\n", 1, "several lines"),
        ("x: &x {model_id: m}\nml_sbom: *x\n", 1, "layout"),
        ("ml_sbom:\n  model_id: m\n", 2, "changed"),
    ] {
        assert!(copy(text, "a.yaml", n).is_err_and(|said| said.contains(why)), "{text}: {:?}", copy(text, "a.yaml", n));
    }
}

#[test]
fn in_json_it_goes_inside_the_brackets_of_its_format() {
    let remark = remark("rollback");
    let (item, cyclonedx, spdx2) = (said::ml_sbom(&remark), said::cyclonedx(&remark, Some("m")), said::spdx2(&remark));
    for (text, expected) in [
        (
            "{\t\"ml_sbom\": {\"model_id\": \"m\"}}",
            format!("{{\t\"ml_sbom\": {{\"response_history\": [{item}], \"model_id\": \"m\"}}}}"),
        ),
        (
            "\u{feff}{\"ml_sbom\": {\"model_id\": \"}\\\"\", \"response_history\": [1, [2]]}}",
            format!("\u{feff}{{\"ml_sbom\": {{\"model_id\": \"}}\\\"\", \"response_history\": [1, [2], {item}]}}}}"),
        ),
        (
            "{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"metadata\": {\"component\": {\"type\": \"machine-learning-model\", \"bom-ref\": \"m\", \"name\": \"m\"}}}",
            format!(
                "{{\"annotations\": [{cyclonedx}], \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"metadata\": {{\"component\": {{\"type\": \"machine-learning-model\", \"bom-ref\": \"m\", \"name\": \"m\"}}}}}}"
            ),
        ),
        (
            "{\"spdxVersion\": \"SPDX-2.3\", \"annotations\": [ ], \"packages\": []}",
            format!("{{\"spdxVersion\": \"SPDX-2.3\", \"annotations\": [ {spdx2}], \"packages\": []}}"),
        ),
    ] {
        assert_eq!(copy(text, "a.json", 1), Ok(expected), "{text}");
    }
    for (text, why) in [
        ("{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.4\"}", "from version 1.5"),
        ("{\"spdxVersion\": \"SPDX-2.3\", \"annotations\": {}}", "no list"),
        ("{\"ml_sbom\": {\"model_id\": \"m\", \"response_history\": [], \"response_history\": []}}", "twice"),
        ("{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\", \"@graph\": []}", "without a package"),
    ] {
        assert!(copy(text, "a.json", 1).is_err_and(|said| said.contains(why)), "{text}: {:?}", copy(text, "a.json", 1));
    }
}

#[test]
fn every_document_at_hand_keeps_its_lines_and_its_lineage() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("tests/data"), root.join("sample-sboms")];
    let (mut told, mut refused) = (0, 0);
    while let Some(path) = open.pop() {
        if let Ok(folder) = std::fs::read_dir(&path) {
            open.extend(folder.map(|entry| entry.unwrap().path()));
            continue;
        }
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let name = path.file_name().unwrap().to_str().unwrap();
        let documents = formats::read(text.as_bytes(), name, Depth::Lineage).documents;
        if documents.iter().all(|document| document.format == Format::Inventory) {
            continue;
        }
        match copy(&text, name, documents.len()) {
            Ok(copy) => {
                let mut lines = copy.lines();
                let kept = |line: &str| lines.any(|own| own == line || own.contains("INC-1"));
                assert!(text.lines().all(kept), "{}", path.display());
                assert!(copy.matches("rollback").count() >= documents.len() && copy.contains("INC-1"), "{}", path.display());
                told += 1;
            }
            Err(_) => refused += 1,
        }
    }
    assert!(told > 60 && told > refused * 4, "{told} told, {refused} refused");
}

proptest! {
    #[test]
    fn whatever_is_said_reads_back(text in any::<String>()) {
        let said = remark(&text);
        let yaml = write(b"ml_sbom:\n  model_id: m\n", "a.yaml", &[vec![said.clone()]]).unwrap();
        let yaml: serde_json::Value = serde_yaml::from_slice(&yaml).unwrap();
        prop_assert_eq!(yaml["ml_sbom"]["response_history"][0]["text"].as_str(), Some(said.text.as_str()));
        let json = write(b"{\"ml_sbom\": {\"model_id\": \"m\"}}", "a.json", &[vec![said.clone()]]).unwrap();
        prop_assert!(!String::from_utf8(json.clone()).unwrap().chars().any(crate::text::is_hidden));
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        prop_assert_eq!(json["ml_sbom"]["response_history"][0]["text"].as_str(), Some(said.text.as_str()));
    }
}
