//! `downriver incident`: the story of the sample repository's bad night, by commands.

use crate::run::Ran;
use crate::run::copy_folder;
use crate::run::downriver;
use crate::run::finish;
use crate::run::whole;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// The poisoned bytes.
pub(crate) const POISON: &str = "sha256:5f1c09a7be221f3d2c26a348bae1a5c27dc3654eeb0b2376d35cf3678877d81e";

const RESPONSE: &str = "response: {answer: 15m, decide: {critical: 1h, default: 24h}, done: {critical: 24h, default: 7d}, \
                        reports: {early-warning: 24h}}\nrunbook:\n  rollback: \"kubectl -n {environment} annotate isvc \
                        {service} release={to}\"\n  quarantine: {edge: \"fleetctl stop {service} --model {from}\"}\n";

/// A copy of the sample, and one responder's own folder.
pub(crate) struct Night {
    pub folder: TempDir,
    pub user: TempDir,
}

impl Night {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-sboms"), folder.path());
        let night = Self { folder, user: tempfile::tempdir().unwrap() };
        // The broken file would be told on stderr by every command.
        fs::remove_file(night.path("care/intake-bot.yaml")).unwrap();
        let settings = fs::read_to_string(night.path("downriver.yaml")).unwrap();
        fs::write(night.path("downriver.yaml"), settings + RESPONSE).unwrap();
        night
    }

    pub(crate) fn path(&self, file: &str) -> std::path::PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn journal(&self) -> std::path::PathBuf {
        self.path(".downriver/journal.jsonl")
    }

    /// Runs a command at a time of 2 March 2026, as somebody; both as given.
    pub(crate) fn at(&self, time: &str, actor: &str, args: &[&str]) -> Ran {
        let time = if time.contains('T') { time.to_owned() } else { format!("2026-03-02T{time}:00Z") };
        let reads = matches!(args, ["incident", "show" | "list" | "handover" | "tickets" | "page", ..]);
        let who: &[&str] = if reads { &[] } else { &["--actor", actor] };
        self.run(&[args, &["--now", &time], who].concat())
    }

    /// Runs a command that neither asks what time it is nor who asks, and reads the JSON.
    pub(crate) fn json_alone(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{args:?}: {error}\n{}{}", ran.out, ran.err))
    }

    /// Runs a command with this responder's own folder.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.run_as(self.user.path(), args)
    }

    pub(crate) fn run_as(&self, user: &Path, args: &[&str]) -> Ran {
        let mut command = downriver(args);
        command.current_dir(self.folder.path()).env("DOWNRIVER_STATE", user).arg("-r").arg(".");
        finish(command)
    }

    /// The same, read as JSON.
    pub(crate) fn json(&self, time: &str, args: &[&str]) -> Value {
        let ran = self.at(time, "reader", &[args, &["--format", "json"]].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{args:?}: {error}\n{}{}", ran.out, ran.err))
    }

    fn row(&self, time: &str, deployment: &str) -> Value {
        let answer = self.json(time, &["incident", "show", "INC-1"]);
        let rows = answer["rows"].as_array().unwrap();
        rows.iter().find(|row| row["deployment"] == deployment).unwrap_or_else(|| panic!("{deployment}: {answer}")).clone()
    }

    /// Runs a command that must succeed.
    fn must(&self, time: &str, actor: &str, args: &[&str]) -> String {
        let ran = self.at(time, actor, args);
        assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
        ran.out
    }

    fn open(&self) {
        self.must("03:11", "oncall", &["incident", "open", POISON, "--aware", "2026-03-02T03:00:00Z"]);
    }
}

fn counts(answer: &Value) -> [u64; 4] {
    ["affected", "possible", "unknown", "contained"].map(|state| answer["incident"]["counts"][state].as_u64().unwrap())
}

#[test]
fn the_night_of_the_sample_from_opening_to_closing() {
    let night = Night::new();
    let mut said = String::new();
    let mut step = |time: &str, actor: &str, args: &[&str], code: i32| {
        let ran = night.at(time, actor, args);
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.out, ran.err);
        writeln!(said, "$ {}\n{}", args.join(" "), whole(&ran)).unwrap();
    };
    step("03:11", "oncall", &["incident", "open", POISON, "--aware", "2026-03-02T03:00:00Z", "--reason", "PSIRT-7"], 0);
    step("03:12", "second", &["incident", "open", POISON], 0);
    let act = |rest: &[&'static str]| [&["incident", "act", "INC-1"], rest].concat();
    step("03:14", "oncall", &act(&["support-chat@production", "rollback", "--to", "support-chat-v2.2.1"]), 0);
    step("03:15", "oncall", &act(&["legal-summarizer@prod-eu-west-1", "rollback", "--to", "legal-summarizer-v1.5.0"]), 2);
    step("03:16", "oncall", &act(&["legal-summarizer@prod-eu-west-1", "rollback", "--to", "legal-summarizer-v1.3.0"]), 0);
    step("03:17", "oncall", &act(&["ticket-router@production", "retrain", "--due", "2026-03-09"]), 0);
    step("03:18", "oncall", &act(&["promo-writer@staging", "accept", "--reason", "no customers"]), 2);
    step("03:19", "growth", &act(&["promo-writer@staging", "accept", "--reason", "no customers", "--until", "2026-03-09"]), 0);
    step("03:20", "oncall", &act(&["--filter", "owner:edge state:affected", "quarantine"]), 0);
    step("03:21", "oncall", &act(&["--filter", "owner:edge state:affected", "quarantine", "--yes"]), 0);
    step("03:22", "oncall", &act(&["fraud-notes@production", "retrain"]), 2);
    step("03:23", "oncall", &act(&["fraud-notes@production", "ask", "--whom", "risk", "--what", "an SBOM of notes-b1"]), 0);
    step("03:25", "oncall", &act(&["support-chat@production", "done", "--share", "12/40"]), 0);
    step("03:40", "oncall", &["incident", "note", "INC-1", "sent to the CSIRT", "--report", "early-warning"], 0);
    step("03:41", "oncall", &["incident", "assign", "INC-1", "lab-notebook@research", "alice"], 0);
    step("03:42", "oncall", &["incident", "link", "INC-1", "ticket-router@production", "CARE-4711"], 0);
    step("07:00", "day-shift", &["incident", "take", "INC-1"], 0);
    step("07:30", "", &["incident", "show", "INC-1"], 1);
    step("07:30", "", &["incident", "list"], 1);
    step("07:31", "day-shift", &["incident", "close", "INC-1"], 2);
    step("07:32", "day-shift", &act(&["--filter", "state:affected,possible", "quarantine", "--yes"]), 0);
    let unknown = ["--open", "fraud-notes@production", "--open", "intake-bot@staging"];
    step("07:33", "day-shift", &[&["incident", "close", "INC-1"][..], &unknown].concat(), 2);
    step("07:34", "day-shift", &[&["incident", "close", "INC-1", "--reason", "asked, due Friday"][..], &unknown].concat(), 0);
    step("07:35", "", &["incident", "list"], 0);
    step("07:36", "x", &act(&["support-chat@production", "quarantine"]), 2);
    let journal = fs::read_to_string(night.journal()).unwrap();
    let shown = journal.lines().nth(12).unwrap();
    let head = shown.strip_suffix("\"}").and_then(|line| line.get(line.len() - 64..)).unwrap();
    insta::assert_snapshot!(said.replace(head, "[HASH OF ENTRY 13]"));
    let answer = night.json("07:35", &["incident", "show", "INC-1"]);
    assert_eq!(counts(&answer), [0, 0, 2, 14]);
    let log = night.run(&["log"]);
    insta::assert_snapshot!("the_log_of_the_night", log.out);
    assert!(night.run(&["log", "verify"]).out.contains("22 entries, chain verified"), "{}", night.run(&["log", "verify"]).out);
}

#[test]
fn the_night_is_handed_over() {
    let night = Night::new();
    night.open();
    let act = |time: &str, rest: &[&str]| night.must(time, "oncall", &[&["incident", "act", "INC-1"], rest].concat());
    act("03:14", &["support-chat@production", "rollback", "--to", "support-chat-v2.2.1"]);
    act("03:15", &["support-chat@production", "done", "--share", "12/40"]);
    act("03:16", &["ticket-router@production", "quarantine"]);
    night.must("03:17", "oncall", &["incident", "undo", "--reason", "it serves payroll"]);
    act("03:18", &["promo-writer@staging", "accept", "--reason", "no customers", "--until", "2026-03-01"]);
    act("03:19", &["fraud-notes@production", "ask", "--whom", "risk", "--what", "an SBOM of `notes-b1`"]);
    night.must("03:20", "oncall", &["incident", "note", "INC-1", "![x](http://evil) | <b>"]);
    let journal = fs::read_to_string(night.journal()).unwrap();
    let last = journal.lines().last().unwrap();
    let head = last.strip_suffix("\"}").and_then(|line| line.get(line.len() - 64..)).unwrap();
    let mut said = night.must("06:00", "", &["incident", "handover", "INC-1"]);
    said.push_str("\n--- short\n");
    let short = night.must("06:00", "", &["incident", "handover", "INC-1", "--short"]);
    assert_eq!(short.lines().count(), 5);
    said.push_str(&short);
    insta::assert_snapshot!(said.replace(head, "[HASH]"));
}

#[test]
fn tickets_and_pages_keep_their_keys_and_cannot_be_hijacked() {
    let night = Night::new();
    night.open();
    night.must("03:12", "oncall", &["incident", "assign", "INC-1", "lab-notebook@research", "=HYPERLINK(\"http://evil\")"]);
    let first = night.must("03:13", "", &["incident", "tickets", "INC-1"]);
    insta::assert_snapshot!(keys_hidden(&first));
    assert_eq!(night.must("04:13", "", &["incident", "tickets", "INC-1"]), first, "the same again");
    let rows = |text: &str| text.matches("\"downriver-deployment-").count();
    assert_eq!(rows(&first), 16);
    night.must("03:14", "oncall", &["incident", "act", "INC-1", "support-chat@production", "quarantine"]);
    assert_eq!(rows(&night.must("03:15", "", &["incident", "tickets", "INC-1", "--since", "2"])), 1);
    night.must("03:16", "oncall", &["incident", "act", "INC-1", "support-chat@production", "done"]);
    assert_eq!(rows(&night.must("03:17", "", &["incident", "tickets", "INC-1"])), 15, "what is done needs no ticket");
    let list = night.must("03:17", "", &["incident", "tickets", "INC-1", "--per", "owner", "--format", "md"]);
    assert!(list.contains("- [ ] `INC-1 poisoned: 2 AFFECTED of edge`, `edge`, High, due 2026-03-03T03:00:00Z, `"), "{list}");
    assert_eq!(night.at("03:17", "", &["incident", "tickets", "INC-1", "--part", "2"]).code, 2);
    let events = |time: &str| -> Vec<Value> {
        let said = night.must(time, "", &["incident", "page", "INC-1"]);
        said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let key = |events: &[Value], group: &str| {
        let of_group = |event: &&Value| event["payload"]["group"] == group;
        let event = events.iter().find(of_group).unwrap_or_else(|| panic!("{group}: {events:?}")).clone();
        (event["dedup_key"].clone(), event["event_action"].clone())
    };
    let before = events("03:18");
    let (edge, action) = key(&before, "edge");
    assert_eq!(action, "trigger");
    night.must("03:19", "oncall", &["incident", "act", "INC-1", "--filter", "owner:edge", "quarantine", "--yes"]);
    let after = events("03:20");
    let resolved = after.iter().find(|event| event["dedup_key"] == edge).unwrap();
    assert_eq!((&resolved["event_action"], resolved.get("payload")), (&"resolve".into(), None));
    assert_eq!(before.len(), after.len());
}

/// Keys hang on the journal, and it on the digests of the sample's files.
fn keys_hidden(text: &str) -> String {
    let mut parts = text.split("downriver-deployment-");
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |all, part| all + "downriver-deployment-[KEY]" + part.get(24..).unwrap())
}

#[test]
fn the_contract_holds() {
    let night = Night::new();
    night.open();
    night.must("03:14", "oncall", &["incident", "act", "INC-1", "support-chat@production", "quarantine", "--due", "2026-03-03"]);
    let answer = night.json("03:30", &["incident", "show", "INC-1"]);
    assert_eq!(counts(&answer), [10, 3, 2, 1]);
    let incident = &answer["incident"];
    assert_eq!((incident["state"].as_str(), incident["hazard"].as_str()), (Some("open"), Some("poisoned")));
    assert_eq!(incident["aware"], "2026-03-02T03:00:00Z");
    assert_eq!(incident["clocks"][0]["name"], "answer");
    let row = night.row("03:30", "support-chat-v2.3.0@production");
    let expected = serde_json::json!({
        "deployment": "support-chat-v2.3.0@production", "state": "CONTAINED", "owner": "care", "criticality": "critical",
        "action": "quarantine", "to": null, "stage": "decided", "share": null, "by": "oncall",
        "signature": {"state": "none", "by": null, "key": null, "why": null},
        "time": "2026-03-02T03:14:00Z", "entry": 2, "ends": null, "due": "2026-03-04T00:00:00Z", "ticket": null, "why": [],
        "runbook": null
    });
    assert_eq!(row, expected);
}

#[test]
fn who_decides_is_said_by_flag_environment_and_configuration_in_this_order() {
    let night = Night::new();
    night.open();
    let config = night.user.path().join("config");
    fs::create_dir(&config).unwrap();
    fs::write(config.join("config.yaml"), "actor: from-file\ntheme: dark\n").unwrap();
    let note = |environment: Option<&str>, rest: &[&str]| {
        let mut command = downriver(&[&["incident", "note", "INC-1", "x", "--format", "json", "-r", "."], rest].concat());
        command.current_dir(night.folder.path()).env("DOWNRIVER_STATE", night.user.path()).env("DOWNRIVER_CONFIG", &config);
        let ran = finish(environment.into_iter().fold(command, |mut command, actor| {
            command.env("DOWNRIVER_ACTOR", actor);
            command
        }));
        assert!(ran.err.ends_with("config.yaml:2: unknown key `theme`: it does nothing; `actor` is known\n"), "{}", ran.err);
        let answer: Value = serde_json::from_str(&ran.out).unwrap();
        answer["entries"][0]["actor"].as_str().unwrap().to_owned()
    };
    assert_eq!(note(None, &[]), "from-file");
    assert_eq!(note(Some("from-environment"), &[]), "from-environment");
    assert_eq!(note(Some("from-environment"), &["--actor", "from-flag"]), "from-flag");
    let mut help = downriver(&["incident", "act", "--help"]);
    help.env("DOWNRIVER_CONFIG", &config);
    assert!(finish(help).out.contains("[default: from-file]"));
}

#[test]
fn the_runbook_gives_a_line_for_a_shell_and_none_for_a_name_that_lies() {
    let night = Night::new();
    let settings = fs::read_to_string(night.path("downriver.yaml")).unwrap();
    fs::write(night.path("downriver.yaml"), format!("{settings}  retrain: \"train {{model}}\"\n")).unwrap();
    let evil = "ml_deployments: [{service: \"chat'$(id)\\e[2J\", environment: production, model: support-chat-v2.3.0}]\n";
    fs::write(night.path("platform/evil.yaml"), evil).unwrap();
    let check = night.run(&["check"]);
    assert!(check.out.contains("has an unknown placeholder {model}"), "{}", check.out);
    night.open();
    let edge = ["incident", "act", "INC-1", "--filter", "owner:edge state:affected", "quarantine"];
    let would = night.json("03:12", &edge);
    let lines: Vec<&str> = would["runbook"].as_array().unwrap().iter().filter_map(|row| row["command"].as_str()).collect();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("fleetctl stop '")), "{would}");
    let listed = night.json("03:12", &["incident", "show", "INC-1"]);
    let rows = listed["rows"].as_array().unwrap().iter();
    let chats: Vec<&str> =
        rows.filter_map(|row| row["deployment"].as_str().filter(|id| id.starts_with("support-chat"))).collect();
    let mut refused = 0;
    for chat in chats {
        night.must("03:13", "oncall", &["incident", "act", "INC-1", chat, "rollback", "--to", "support-chat-v2.2.1"]);
        let runbook = night.row("03:14", chat)["runbook"].clone();
        match (runbook["command"].as_str(), runbook["refused"].as_str()) {
            (Some(line), None) => assert!(line.ends_with("release='support-chat-v2.2.1'"), "{line}"),
            (None, Some(why)) => {
                assert_eq!(why, "the name chat'$(id)\\u{1b}[2J has characters that are not what they seem");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 1);
    night.must("03:15", "oncall", &["incident", "act", "INC-1", "support-chat-v2.3.0@production#support-chat", "done"]);
    let row = night.row("03:16", "support-chat-v2.3.0@production#support-chat");
    assert_eq!(row["runbook"], Value::Null, "what is done needs no line");
}

#[test]
fn a_decision_ends_by_its_date_and_the_row_says_so() {
    let night = Night::new();
    night.open();
    let accept = ["incident", "act", "INC-1", "promo-writer@staging", "accept", "--reason", "r", "--until", "2026-03-09"];
    night.must("03:14", "oncall", &accept);
    for (time, state, stage) in [("2026-03-09T23:59:59Z", "CONTAINED", "decided"), ("2026-03-10T00:00:00Z", "AFFECTED", "ended")]
    {
        let row = night.row(time, "promo-writer-v0.4.0@staging");
        assert_eq!((row["state"].as_str(), row["stage"].as_str()), (Some(state), Some(stage)), "{time}: {row}");
    }
    let row = night.row("2026-03-10T00:00:00Z", "promo-writer-v0.4.0@staging");
    assert_eq!(row["why"][0], "accepted until 2026-03-09, which has passed");
}

#[test]
fn an_sbom_edited_under_a_decision_reopens_its_row_with_the_cause() {
    let night = Night::new();
    night.open();
    night.must("03:14", "oncall", &["incident", "act", "INC-1", "support-chat@production", "quarantine"]);
    let file = night.path("care/support-base-v1.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("# a remark\n{text}")).unwrap();
    let row = night.row("03:20", "support-chat-v2.3.0@production");
    assert_eq!(row["state"], "CONTAINED", "a remark changes nothing that counts");
    let edited = text.replacen("  training_data:\n", "  training_data:\n    - {name: brand-new, version: \"1\"}\n", 1);
    assert_ne!(edited, text);
    fs::write(&file, edited).unwrap();
    let row = night.row("03:20", "support-chat-v2.3.0@production");
    assert_eq!((row["state"].as_str(), row["stage"].as_str()), (Some("AFFECTED"), Some("ended")), "{row}");
    assert_eq!(row["why"][0], "what it is made of changed since: care/support-base-v1.yaml changed");
    night.must("03:21", "oncall", &["incident", "act", "INC-1", "support-chat@production", "quarantine"]);
    assert_eq!(night.row("03:22", "support-chat-v2.3.0@production")["state"], "CONTAINED", "decided anew");
}

#[test]
fn an_inventory_taken_later_confirms_one_and_contradicts_another() {
    let night = Night::new();
    night.open();
    let (chat, router) = ("support-chat@production", "ticket-router@production");
    for deployment in [chat, router] {
        night.must("03:14", "oncall", &["incident", "act", "INC-1", deployment, "quarantine"]);
        night.must("03:20", "oncall", &["incident", "act", "INC-1", deployment, "done"]);
    }
    let row = night.row("03:30", "ticket-router-v1.1.0@production");
    assert_eq!(row["stage"], "done", "an inventory taken before says nothing");
    let inventory = "ml_deployments:\n  taken: \"2026-03-02T05:00:00Z\"\n  deployments:\n    \
                     - {service: support-chat, environment: production, model: support-chat-v2.3.0}\n    \
                     - {service: lang-id, environment: production, model: lang-id-v2.0.1}\n";
    fs::write(night.path("platform/later.yaml"), inventory).unwrap();
    let (chat, router) =
        (night.row("06:00", "support-chat-v2.3.0@production"), night.row("06:00", "ticket-router-v1.1.0@production"));
    assert_eq!((chat["stage"].as_str(), chat["state"].as_str()), (Some("contradicted"), Some("AFFECTED")), "{chat}");
    assert_eq!(chat["why"][0], "platform/later.yaml, taken 05:00, still has it serving");
    assert_eq!((router["stage"].as_str(), router["state"].as_str()), (Some("confirmed"), Some("CONTAINED")), "{router}");
}

#[test]
fn an_incident_that_grows_over_a_decision_opens_its_row() {
    let night = Night::new();
    night.open();
    night.must("03:14", "oncall", &["incident", "act", "INC-1", "support-chat@production", "quarantine"]);
    night.must("03:15", "oncall", &["incident", "act", "INC-1", "legal-summarizer@prod-eu-west-1", "quarantine"]);
    night.must("03:16", "oncall", &["incident", "open", "support-tickets-2025q4", "--into", "INC-1"]);
    let row = night.row("03:20", "support-chat-v2.3.0@production");
    assert_eq!((row["state"].as_str(), &row["why"][0]), (Some("AFFECTED"), &"the incident grew over it (#4)".into()));
    assert_eq!(night.row("03:20", "legal-summarizer-v1.4.2@prod-eu-west-1")["state"], "CONTAINED", "not reached by that");
}

#[test]
fn contained_needs_a_decision_in_each_open_incident_that_reaches_it() {
    let night = Night::new();
    night.open();
    night.must("03:12", "oncall", &["incident", "open", "support-tickets-2025q4"]);
    let act = |incident| ["incident", "act", incident, "support-chat@production", "quarantine"];
    night.must("03:14", "oncall", &act("INC-1"));
    let row = night.row("03:20", "support-chat-v2.3.0@production");
    assert_eq!((row["state"].as_str(), &row["why"][0]), (Some("AFFECTED"), &"INC-2 has it AFFECTED".into()));
    night.must("03:21", "oncall", &act("INC-2"));
    assert_eq!(night.row("03:22", "support-chat-v2.3.0@production")["state"], "CONTAINED");
}

#[test]
fn undo_takes_back_and_takes_back_again() {
    let night = Night::new();
    night.open();
    let chat = "support-chat-v2.3.0@production";
    night.must("03:14", "oncall", &["incident", "act", "INC-1", chat, "quarantine"]);
    night.must("03:15", "second", &["incident", "act", "INC-1", chat, "retrain"]);
    let row = night.row("03:16", chat);
    assert_eq!(
        (row["action"].as_str(), &row["why"][0]),
        (Some("retrain"), &"quarantine by oncall 03:14 (#2) stands beside it".into())
    );
    let refused = night.at("03:16", "oncall", &["incident", "undo", "3"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("entry 3 is by second\nhint: say why"), "{}", refused.err);
    night.must("03:17", "oncall", &["incident", "undo", "3", "--reason", "wrong row"]);
    assert_eq!(night.row("03:18", chat)["action"], "quarantine", "what was decided before counts again");
    night.must("03:19", "oncall", &["incident", "undo"]);
    let row = night.row("03:20", chat);
    assert_eq!((row["state"].as_str(), &row["why"][0]), (Some("AFFECTED"), &"quarantine taken back by oncall 03:19".into()));
    night.must("03:21", "oncall", &["incident", "undo", "5"]);
    assert_eq!(night.row("03:22", chat)["action"], "quarantine");
    assert_eq!(night.at("03:23", "oncall", &["incident", "undo", "2"]).code, 0);
    assert_eq!(night.at("03:24", "oncall", &["incident", "undo", "2"]).code, 2, "once");
    assert_eq!(night.at("03:24", "oncall", &["incident", "undo", "99"]).code, 5);
}

#[test]
fn a_closed_incident_still_watches() {
    let night = Night::new();
    night.open();
    night.must("03:14", "oncall", &["incident", "act", "INC-1", "--filter", "*", "quarantine", "--yes"]);
    night.must("03:15", "oncall", &["incident", "close", "INC-1"]);
    let state = |time| night.json(time, &["incident", "list"])["incidents"][0]["state"].as_str().unwrap().to_owned();
    assert_eq!(state("03:16"), "closed");
    let new = "ml_sbom:\n  model_id: newcomer-v1\n  base_model: {name: EleuterAI/gpt-j-6B, download_hash: \"";
    let new = format!("{new}{POISON}\"}}\n  deployment: {{environment: production, service: newcomer}}\n");
    fs::write(night.path("care/newcomer.yaml"), new).unwrap();
    assert_eq!(state("03:17"), "closed, reached again");
    assert_eq!(night.at("03:17", "", &["incident", "list"]).code, 1);
}

#[test]
fn wrong_use_is_refused_with_the_reason_and_nothing_is_recorded() {
    let night = Night::new();
    night.open();
    let before = fs::read(night.journal()).unwrap();
    let act = |rest: &[&'static str]| [&["incident", "act", "INC-1"], rest].concat();
    for (args, code, why) in [
        (vec!["incident", "open", "zebra"], 5, "no component matches `zebra`"),
        (vec!["incident", "open", "sha256:..."], 2, "no whole digest"),
        (vec!["incident", "open", "bert", "--since", "2026-03-02", "--until", "2026-03-01"], 2, "no day lies between"),
        (vec!["incident", "open", "bert*", "--into", "INC-9"], 5, "no incident `INC-9`"),
        (vec!["incident", "show", "INC-9"], 5, "there is INC-1"),
        (act(&["support-chat@production", "dance"]), 2, "one of quarantine"),
        (act(&["support-chat@production", "rollback"]), 2, "needs `--to`"),
        (act(&["support-chat@production", "rollback", "--to", "support-chat-v2.4.0"]), 2, "is AFFECTED in INC-1"),
        (act(&["support-chat@production", "quarantine", "--to", "x"]), 2, "means nothing for `quarantine`"),
        (act(&["support-chat@production", "accept", "--reason", " ", "--until", "2026-03-09"]), 2, "must say something"),
        (act(&["support-chat@production", "ask", "--whom", "a"]), 2, "needs `--what`"),
        (act(&["support-chat@production", "not-affected", "--evidence", "x"]), 2, "needs `--justification`"),
        (act(&["support-chat@production", "done"]), 2, "nothing was decided"),
        (act(&["support-chat@production", "done", "--share", "41/40"]), 2, "no share"),
        (act(&["lang-id@production", "quarantine"]), 5, "what is CLEAR needs no decision"),
        (act(&["chta@production", "quarantine"]), 5, "no component matches"),
        (act(&["quarantine"]), 2, "name a deployment"),
        (act(&["--filter", "state:broken", "quarantine"]), 2, "`broken` is no state"),
        (act(&["--filter", "colour:red", "quarantine"]), 2, "a filter has no `colour:`"),
        (act(&["--filter", "owner:nobody", "quarantine"]), 5, "no such row"),
        (vec!["incident", "note", "INC-1", " "], 2, "must say something"),
        (vec!["incident", "note", "INC-1", "x", "--report", "late-warning"], 2, "it names early-warning"),
        (vec!["incident", "close", "INC-1", "--open", "lang-id@production"], 2, "is not open"),
    ] {
        let ran = night.at("03:30", "oncall", &args);
        assert_eq!(ran.code, code, "{args:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(why), "{args:?}: {}", ran.err);
    }
    assert_eq!(night.at("03:30", "\u{200b} ", &["incident", "take", "INC-1"]).code, 2, "nobody");
    assert_eq!(fs::read(night.journal()).unwrap(), before);
}

#[test]
fn what_people_write_reaches_no_terminal_as_itself() {
    let night = Night::new();
    night.open();
    let evil = "a\u{1b}]52;c;eA==\u{7}\u{202e}b\nINC-9 open";
    night.must("03:14", evil, &["incident", "note", "INC-1", evil]);
    night.must("03:15", evil, &["incident", "assign", "INC-1", "lab-notebook@research", evil]);
    night.must("03:16", evil, &["incident", "act", "INC-1", "support-chat@production", "quarantine", "--note", evil]);
    for args in [&["incident", "show", "INC-1"][..], &["incident", "list"], &["log"]] {
        for form in ["text", "json"] {
            let ran = night.run(&[args, &["--format", form]].concat());
            for text in [&ran.out, &ran.err] {
                assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')), "{args:?} {form}: {text:?}");
                assert!(!text.lines().any(|line| line.starts_with("INC-9")), "{args:?} {form}: {text}");
            }
        }
    }
    let journal = fs::read_to_string(night.journal()).unwrap();
    assert!(!journal.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')));
}
