//! `downriver impact --advisory`.

use crate::run::SMALL;
use crate::run::downriver;
use crate::run::finish;
use crate::run::json_on;
use crate::run::on;
use crate::run::run;
use crate::run::small;
use crate::run::whole;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const SAMPLE: &str = "sample-sboms";
const POISONGPT: &str = "assets/examples/poisongpt.yaml";
const TRANSFORMERS: &str = "tests/data/advisories/transformers.osv.json";
const NOW: [&str; 2] = ["--now", "2026-03-11"];

fn ask(advisories: &[&str], more: &[&str]) -> Vec<String> {
    let files = advisories.iter().flat_map(|file| ["--advisory", file]);
    ["impact"].into_iter().chain(files).chain(NOW).chain(more.iter().copied()).map(str::to_owned).collect()
}

fn refs(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

#[test]
fn an_advisory_by_digest_finds_what_the_readme_says() {
    let ran = on(SAMPLE, &refs(&ask(&[POISONGPT], &[])));
    insta::assert_snapshot!(whole(&ran));
    let (code, answer) = json_on(SAMPLE, &refs(&ask(&[POISONGPT], &[])));
    let counts = &answer["counts"]["deployments"];
    assert_eq!((code, &counts["affected"], &counts["possible"], &counts["unknown"]), (1, &11.into(), &3.into(), &2.into()));
    assert_eq!(answer["advisories"][0]["result"], "matched");
}

#[test]
fn a_range_that_meets_no_version_is_no_match_with_what_could_not_be_checked() {
    let ran = on(SAMPLE, &refs(&ask(&[TRANSFORMERS], &[])));
    insta::assert_snapshot!(whole(&ran));
    let (code, answer) = json_on(SAMPLE, &refs(&ask(&[TRANSFORMERS], &[])));
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer["advisories"]).unwrap());
    assert_eq!(code, 1, "POSSIBLE is found");
    let row = &answer["advisories"][0];
    assert_eq!(
        (&row["result"], &row["deployments"]["possible"], &row["deployments"]["unknown"]),
        (&"no-match".into(), &1.into(), &2.into())
    );
}

#[test]
fn advisories_stand_beside_selectors_and_one_another() {
    let (_, both) = json_on(SAMPLE, &refs(&ask(&[POISONGPT, TRANSFORMERS], &["support-tickets-2025q4"])));
    assert_eq!(both["advisories"].as_array().unwrap().len(), 2);
    let (_, alone) = json_on(SAMPLE, &refs(&ask(&[TRANSFORMERS], &[])));
    let row = |answer: &Value, id: &str| answer["advisories"].as_array().unwrap().iter().find(|row| row["id"] == id).cloned();
    assert_eq!(row(&both, "EXAMPLE-2026-0002"), row(&alone, "EXAMPLE-2026-0002"), "each is answered from its own words");
    let affected = |answer: &Value| answer["counts"]["deployments"]["affected"].as_u64().unwrap();
    assert!(affected(&both) > 11, "{}", affected(&both));
}

#[test]
fn what_is_pasted_is_read_and_what_is_broken_is_named() {
    let mut command = downriver(&["impact", "-r", SMALL, "--advisory", "-", "--now", "2026-03-11"]);
    command.write_stdin("ml_advisory: {id: P, affected: [{name: acme/base-lm}]}\n");
    let ran = finish(command);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("MATCHED 2  P"), "{}", ran.out);
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.json"), "{\"id\": \"X\",\n \"modified\": \"\", \"affected\": [}").unwrap();
    fs::write(dir.path().join("notes.txt"), "call them\n").unwrap();
    fs::write(dir.path().join("b.yaml"), "ml_advisory: {id: B, affected: [{name: nobody-has-this}]}\n").unwrap();
    let ran = small(&["impact", "--advisory", dir.path().to_str().unwrap()]);
    assert_eq!(
        ran.code, 3,
        "an advisory that meets nothing is an answer; that one was not read makes it incomplete\n{}",
        ran.out
    );
    assert!(ran.err.contains("a.json:2:31: "), "{}", ran.err);
    assert!(ran.out.contains("NOT READ") && ran.out.contains("NO MATCH   B"), "{}", ran.out);
    let (code, answer) = json_on(SMALL, &["impact", "--advisory", dir.path().join("notes.txt").to_str().unwrap()]);
    let row = &answer["advisories"][0];
    assert_eq!((code, &row["result"]), (3, &"not-read".into()));
    assert_eq!(row["undetermined"][0]["what"], "not OSV, OpenVEX, CycloneDX VEX, CSAF or ml_advisory");
    assert!(answer["problems"].as_array().unwrap().iter().any(|problem| problem["code"] == "DR0501"));
}

#[test]
fn how_an_answer_ends_is_told_by_its_code() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let nothing = file("nothing.yaml", "ml_advisory: {id: N, affected: [{kind: package, name: nobody}]}\n");
    let withdrawn = file("withdrawn.yaml", "ml_advisory: {id: W, withdrawn: 2026-03-09, affected: [{name: m}]}\n");
    let empty = file("empty.yaml", "ml_advisory: {id: E, affected: [{}]}\n");
    let m = file("m.yaml", "ml_sbom: {model_id: m, base_model: {name: b}, dependencies: [{name: torch, version: '2.1'}]}\n");
    for (args, code, why) in [
        (vec!["--advisory", &nothing], 0, "it meets nothing, and nothing is missing"),
        (vec!["--advisory", &withdrawn], 0, "it was taken back"),
        (vec!["--advisory", &empty], 3, "a selector that selects nothing was not read"),
        (vec!["--advisory", &nothing, "zebra"], 5, "the other reference matches nothing"),
        (vec!["--advisory", "no-such-file"], 2, "no such file"),
        (vec!["--advisory", &nothing, "--git", dir.path().to_str().unwrap()], 2, "no clone"),
        (vec!["--git", "."], 2, "a clone of nothing that is asked"),
        (vec![], 2, "nothing is asked"),
    ] {
        let ran = on(&m, &[&["impact"], &args[..]].concat());
        assert_eq!(ran.code, code, "{why}: {}{}", ran.out, ran.err);
    }
    let said = on(&m, &["impact", "--advisory", &withdrawn, "--now", "2026-03-11"]);
    assert!(said.out.contains("withdrawn by its publisher on 2026-03-09: not asked"), "{}", said.out);
}

#[test]
fn a_vex_statement_is_told_with_its_author_and_narrows_nothing() {
    let vex = "tests/data/advisories/statements.openvex.json";
    let (_, told) = json_on(SAMPLE, &refs(&ask(&[vex], &[])));
    let (_, hidden) = json_on(SAMPLE, &refs(&ask(&[vex], &["--no-vex"])));
    assert_eq!(told["counts"], hidden["counts"]);
    let row =
        |answer: &Value| answer["advisories"].as_array().unwrap().iter().find(|row| row["id"] == "CVE-2026-1").unwrap().clone();
    let statement = &row(&told)["statements"][1];
    assert_eq!((&statement["status"], &statement["trusted"]), (&"not_affected".into(), &false.into()));
    assert_eq!(statement["author"], "psirt@example.org");
    assert!(row(&hidden).get("statements").is_none());
    let text = on(SAMPLE, &refs(&ask(&[vex], &[]))).out;
    assert!(text.contains("not_affected, says psirt@example.org"), "{text}");
    assert!(text.contains("not trusted, changes no state"), "{text}");
}

#[test]
fn a_history_decides_what_equality_cannot() {
    let dir = tempfile::tempdir().unwrap();
    let git = |args: &[&str]| {
        let names = ["-c", "user.name=a", "-c", "user.email=a@example.org"];
        let output = Command::new("git").arg("-C").arg(dir.path()).args(names).args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q"]);
    let commit = |text: &str| {
        fs::write(dir.path().join("f"), text).unwrap();
        git(&["add", "f"]);
        git(&["commit", "-q", "-m", text]);
        git(&["rev-parse", "HEAD"])
    };
    let (introduced, used, fixed) = (commit("a"), commit("b"), commit("c"));
    let model = format!(
        "ml_sbom: {{model_id: m, base_model: {{name: b}}, code: [{{repository: 'https://git.example/t', commit: {used}}}], deployment: {{environment: production}}}}\n"
    );
    fs::write(dir.path().join("m.yaml"), model).unwrap();
    let range =
        format!("{{type: GIT, repo: 'https://git.example/t.git', events: [{{introduced: {introduced}}}, {{fixed: {fixed}}}]}}");
    fs::write(dir.path().join("a.yaml"), format!("id: G\nmodified: x\naffected: [{{ranges: [{range}]}}]\n")).unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let state = |more: &[&str]| {
        let (_, answer) = json_on(&path("m.yaml"), &[&["impact", "--advisory", &path("a.yaml")], more].concat());
        (
            answer["counts"]["deployments"]["affected"].as_u64().unwrap(),
            answer["counts"]["deployments"]["possible"].as_u64().unwrap(),
        )
    };
    assert_eq!(state(&[]), (0, 1), "it may be between both");
    assert_eq!(state(&["--git", dir.path().to_str().unwrap()]), (1, 0), "it is");
}

#[test]
fn twenty_thousand_advisories_take_seconds() {
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(TRANSFORMERS)).unwrap();
    for n in 0..2_000 {
        let own = text.replace("0002", &format!("{n:05}")).replace("transformers", &format!("package-{}", n % 700));
        fs::write(dir.path().join(format!("{n}.json")), own).unwrap();
    }
    let begun = std::time::Instant::now();
    let (_, answer) = json_on(SAMPLE, &["impact", "--advisory", dir.path().to_str().unwrap()]);
    assert_eq!(answer["advisories"].as_array().unwrap().len(), 2_000);
    assert!(begun.elapsed().as_secs() < 20, "a tenth of them, unoptimised: {:?}", begun.elapsed());
    assert_eq!(
        run(&["impact", "--advisory", dir.path().to_str().unwrap(), "-r", SMALL]).out.matches("NO MATCH  ").count(),
        21,
        "most are counted only"
    );
}
