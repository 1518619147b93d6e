//! A night from the advisory to the bundle, by commands; every count the same wherever it stands.

use crate::incident::Night;
use serde_json::Value;
use std::fs;
use std::process::Command;

const STATES: [&str; 4] = ["AFFECTED", "POSSIBLE", "UNKNOWN", "CONTAINED"];

fn must(night: &Night, time: &str, actor: &str, args: &[&str]) -> String {
    let ran = night.at(time, actor, args);
    assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
    ran.out
}

fn show(night: &Night, time: &str) -> Value {
    night.json(time, &["incident", "show", "INC-1"])
}

/// The counts of `incident show`, once all other answers have given the same.
fn counts(night: &Night, time: &str) -> [usize; 4] {
    let answer = show(night, time);
    let rows = answer["rows"].as_array().unwrap();
    let counts = STATES.map(|state| rows.iter().filter(|row| row["state"] == state).count());
    let stated = |answer: &Value| STATES.map(|state| answer["counts"][state.to_lowercase()].as_u64().unwrap() as usize);
    assert_eq!(stated(&answer["incident"]), counts);
    assert_eq!(stated(&night.json(time, &["incident", "list"])["incidents"][0]), counts);
    let out = tempfile::tempdir().unwrap();
    let bundle = out.path().join("bundle").to_string_lossy().into_owned();
    let ran = night.run(&["log", "bundle", "INC-1", "--out", &bundle, "--now", &format!("2026-03-02T{time}:00Z")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let report = fs::read_to_string(format!("{bundle}/report.md")).unwrap();
    let page = fs::read_to_string(format!("{bundle}/report.html")).unwrap();
    let texts = [
        night.at(time, "", &["incident", "show", "INC-1"]).out,
        night.at(time, "", &["incident", "list"]).out,
        night.at(time, "", &["incident", "handover", "INC-1"]).out,
        night.at(time, "", &["incident", "handover", "INC-1", "--short"]).out,
        report,
        page,
    ];
    for (state, n) in STATES.into_iter().zip(counts).filter(|(_, n)| *n > 0) {
        for text in &texts {
            assert!(text.contains(&format!("{n} {state}")), "{n} {state}: {text}");
        }
    }
    let sums = Command::new("sha256sum").args(["--strict", "--quiet", "-c", "SHA256SUMS"]).current_dir(&bundle).output().unwrap();
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stderr));
    counts
}

fn row(night: &Night, time: &str, deployment: &str) -> Value {
    let answer = show(night, time);
    let rows = answer["rows"].as_array().unwrap();
    rows.iter().find(|row| row["deployment"] == deployment).unwrap_or_else(|| panic!("{deployment}: {answer}")).clone()
}

#[test]
fn from_the_advisory_to_a_bundle_that_others_can_check() {
    let night = Night::new();
    let advisory = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/examples/poisongpt.yaml");
    let impact = night.json_alone(&["impact", "--advisory", advisory]);
    let state = |state: &str| impact["counts"]["deployments"][state].as_u64().unwrap() as usize;
    must(&night, "03:11", "oncall", &["incident", "open", "--advisory", advisory, "--aware", "2026-03-02T03:00:00Z"]);
    assert_eq!(counts(&night, "03:12"), [state("affected"), state("possible"), state("unknown"), 0]);
    let clocks = show(&night, "03:12")["incident"]["clocks"].clone();
    let due = |name: &str| {
        let clock = clocks.as_array().unwrap().iter().find(|clock| clock["name"] == name);
        clock.unwrap_or_else(|| panic!("{name}: {clocks}"))["due"].as_str().unwrap().to_owned()
    };
    assert_eq!(due("answer"), "2026-03-02T03:15:00Z", "from when it became known");
    assert_eq!(due("report early-warning"), "2026-03-03T03:00:00Z");
    let act = |time: &str, rest: &[&str]| must(&night, time, "oncall", &[&["incident", "act", "INC-1"], rest].concat());
    act("03:14", &["support-chat@production", "rollback", "--to", "support-chat-v2.2.1"]);
    act("03:15", &["legal-summarizer@prod-eu-west-1", "rollback", "--to", "legal-summarizer-v1.3.0"]);
    act("03:16", &["ticket-router@production", "retrain", "--due", "2026-03-09"]);
    act("03:17", &["promo-writer@staging", "accept", "--reason", "no customers", "--until", "2026-03-03"]);
    act("03:18", &["--filter", "owner:edge state:affected", "quarantine", "--yes"]);
    act("03:19", &["fraud-notes@production", "ask", "--whom", "risk", "--what", "an SBOM of notes-b1"]);
    let decided = counts(&night, "03:20");
    assert_eq!(decided, [state("affected") - 6, state("possible"), state("unknown"), 6]);
    act("03:30", &["support-chat@production", "done"]);
    act("03:31", &["legal-summarizer@prod-eu-west-1", "done"]);
    must(&night, "03:40", "oncall", &["incident", "note", "INC-1", "sent", "--report", "early-warning"]);
    let handover = must(&night, "06:00", "", &["incident", "handover", "INC-1"]);
    assert!(handover.contains("lead `oncall`"), "{handover}");
    must(&night, "07:00", "day-shift", &["incident", "take", "INC-1"]);
    let tickets = must(&night, "07:01", "", &["incident", "tickets", "INC-1"]);
    assert!(tickets.lines().count() > decided.iter().sum::<usize>() - 2, "{tickets}");
    // An inventory taken later: the rollback of the chat is not true, the other one is.
    let later = "ml_deployments:\n  taken: \"2026-03-02T08:00:00Z\"\n  deployments:\n    \
                 - {service: support-chat, environment: production, model: support-chat-v2.3.0}\n    \
                 - {service: legal-summarizer, environment: prod-eu-west-1, model: legal-summarizer-v1.3.0}\n";
    fs::write(night.path("platform/later.yaml"), later).unwrap();
    let chat = row(&night, "08:05", "support-chat-v2.3.0@production");
    assert_eq!((chat["stage"].as_str(), chat["state"].as_str()), (Some("contradicted"), Some("AFFECTED")));
    let legal = row(&night, "08:05", "legal-summarizer-v1.4.2@prod-eu-west-1");
    assert_eq!((legal["stage"].as_str(), legal["state"].as_str()), (Some("confirmed"), Some("CONTAINED")));
    let [affected, .., contained] = counts(&night, "08:05");
    assert_eq!((affected, contained), (decided[0] + 1, decided[3] - 1));
    must(
        &night,
        "08:10",
        "day-shift",
        &["incident", "act", "INC-1", "--filter", "state:affected,possible,unknown", "quarantine", "--yes"],
    );
    let [affected, possible, unknown, _] = counts(&night, "08:11");
    assert_eq!([affected, possible, unknown], [0, 0, 0]);
    must(&night, "08:12", "day-shift", &["incident", "close", "INC-1"]);
    assert_eq!(counts(&night, "08:13")[..3], [0, 0, 0]);
    // The accepted row runs out after the incident was closed: it is reached again.
    let accepted = night.json("2026-03-05T00:00:00Z", &["incident", "list"]);
    assert_eq!(accepted["incidents"][0]["state"], "closed, reached again");
    assert!(night.run(&["log", "verify"]).out.contains("chain verified"));
}
