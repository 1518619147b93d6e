//! Signed entries and bundles, with keys that the real `ssh-keygen` makes.

use crate::incident::Night;
use crate::incident::POISON;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;

/// A night whose owner trusts the key `alice`, and no other; `None`, aloud, without `ssh-keygen`.
#[allow(clippy::print_stderr, reason = "a test that skips says so")]
pub(crate) fn night() -> Option<Night> {
    let night = Night::new();
    let keys = night.user.path();
    for name in ["alice", "mallory"] {
        if !keygen(keys, &["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name], None) {
            eprintln!("SKIPPED: no ssh-keygen here, so nothing is signed");
            return None;
        }
    }
    assert!(keygen(keys, &["-q", "-t", "rsa", "-b", "2048", "-N", "secret", "-C", "locked", "-f", "locked"], None));
    let public = fs::read_to_string(keys.join("alice.pub")).unwrap();
    let until = "valid-before=\"20260601Z\"";
    fs::write(night.path("allowed_signers"), format!("# ours\nalice@example.org {until} {public}")).unwrap();
    let settings = fs::read_to_string(night.path("downriver.yaml")).unwrap();
    fs::write(night.path("downriver.yaml"), format!("{settings}trust: {{signers: allowed_signers}}\n")).unwrap();
    Some(night)
}

pub(crate) fn keygen(dir: &Path, args: &[&str], input: Option<&Path>) -> bool {
    let input = input.map_or_else(Stdio::null, |path| fs::File::open(path).unwrap().into());
    let mut command = Command::new("ssh-keygen");
    command.current_dir(dir).args(args).stdin(input).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn key(night: &Night, name: &str) -> String {
    night.user.path().join(name).to_str().unwrap().to_owned()
}

const ACT: [&str; 5] = ["incident", "act", "INC-1", "support-chat@production", "quarantine"];

/// An incident that nobody signed, and a decision that `name` did.
fn decided(night: &Night, name: &str) {
    assert_eq!(night.at("03:11", "oncall", &["incident", "open", POISON]).code, 0);
    let ran = night.at("03:14", "alice", &[&ACT[..], &["--sign", &key(night, name)]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn a_signed_decision_says_who_signed_it_and_an_unsigned_one_stays_a_claim() {
    let Some(night) = night() else { return };
    decided(&night, "alice");
    let log = night.run(&["log"]);
    assert!(log.code == 0 && log.out.contains("[signed alice@example.org]"), "{}{}", log.out, log.err);
    assert!(log.out.contains("1 of 2 entries are signed; who wrote the others is a claim"), "{}", log.out);
    let show = night.at("03:15", "reader", &["incident", "show", "INC-1"]).out;
    assert!(show.contains("alice (signed alice@example.org) 03:14, journal #2"), "{show}");
    let answer = night.json_alone(&["log"]);
    let states: Vec<&str> =
        answer["entries"].as_array().unwrap().iter().map(|entry| entry["signature"]["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["none", "good"]);
    assert_eq!(answer["entries"][1]["signature"]["by"], "alice@example.org");
    let verified = night.run(&["log", "verify"]);
    assert!(verified.code == 0 && verified.out.contains("1 signed, 1 of them by trusted keys"), "{}", verified.out);
    // The real program agrees about the bytes that are signed.
    let text = fs::read_to_string(night.journal()).unwrap();
    let (signed, sig) = text.lines().nth(1).unwrap().split_once(",\"sig\":\"").unwrap();
    let sig = sig.split_once('"').unwrap().0;
    let keys = night.user.path();
    fs::write(keys.join("m"), signed).unwrap();
    fs::write(keys.join("m.sig"), format!("-----BEGIN SSH SIGNATURE-----\n{sig}\n-----END SSH SIGNATURE-----\n")).unwrap();
    let signers = night.path("allowed_signers");
    let check = ["-Y", "verify", "-f", signers.to_str().unwrap(), "-I", "alice@example.org", "-n", "downriver-journal"];
    let check = [&check[..], &["-s", "m.sig", "-O", "verify-time=20260302031400Z"]].concat();
    assert!(keygen(keys, &check, Some(&keys.join("m"))));
}

#[test]
fn a_signature_that_is_not_good_is_named_with_its_line() {
    let Some(night) = night() else { return };
    decided(&night, "mallory");
    let verified = night.run(&["log", "verify"]);
    assert_eq!(verified.code, 1, "{}", verified.out);
    assert!(verified.out.contains("journal.jsonl:2: signature unknown-signer: nobody is named for its key SHA256:"));
    let problems = night.json_alone(&["log", "verify"])["problems"].clone();
    assert_eq!((problems[0]["code"].as_str(), problems[0]["line"].as_u64()), (Some("DR0404"), Some(2)));
    // The key ends in June.
    let ran = night.at("2026-06-01T00:00:00Z", "alice", &["incident", "take", "INC-1", "--sign", &key(&night, "alice")]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(night.run(&["log"]).out.contains("[signature expired]"));
    // Nobody is trusted by a file that has a mistake.
    fs::write(night.path("allowed_signers"), "# ours\nalice ssh-ed25519 AAAA\n").unwrap();
    for args in [&["log"][..], &["log", "verify"], &["incident", "show", "INC-1"]] {
        let ran = night.run(args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.out);
        assert!(ran.err.contains("allowed_signers:2: no key: expected `PRINCIPALS [OPTIONS] KEY-TYPE BASE64`"), "{}", ran.err);
    }
    fs::remove_file(night.path("allowed_signers")).unwrap();
    assert_eq!(night.run(&["log"]).code, 2);
}

#[test]
fn a_signature_of_another_entry_contains_nothing_even_in_a_whole_chain() {
    let Some(night) = night() else { return };
    decided(&night, "alice");
    assert!(night.at("03:15", "reader", &["incident", "show", "INC-1"]).out.contains("1 CONTAINED"));
    // Whoever can write the journal can make the chain anew, and cannot make the signature anew.
    let text = fs::read_to_string(night.journal()).unwrap();
    let (first, second) = text.split_once('\n').unwrap();
    let forged = second.replace("quarantine", "retrain");
    let hashed = forged.split_once(",\"hash\"").unwrap().0;
    let digest = sha256(hashed.as_bytes());
    fs::write(night.journal(), format!("{first}\n{hashed},\"hash\":\"{digest}\"}}\n")).unwrap();
    let other = tempfile::tempdir().unwrap();
    assert_eq!(night.run_as(other.path(), &["log", "accept"]).code, 0);
    let verified = night.run_as(other.path(), &["log", "verify"]);
    assert!(verified.code == 1 && verified.out.contains(":2: signature bad: it is not a signature of these bytes"));
    let show = night.run_as(other.path(), &["incident", "show", "INC-1", "--now", "2026-03-02T03:15:00Z"]);
    assert!(!show.out.contains("CONTAINED") && show.out.contains("it decides nothing: its signature is bad"), "{}", show.out);
}

fn sha256(bytes: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("x"), bytes).unwrap();
    let out = Command::new("sha256sum").arg(dir.path().join("x")).output().unwrap();
    String::from_utf8(out.stdout).unwrap().split_once(' ').unwrap().0.to_owned()
}

#[test]
fn a_key_that_cannot_be_used_is_said_and_nothing_is_recorded() {
    let Some(night) = night() else { return };
    assert_eq!(night.at("03:11", "oncall", &["incident", "open", POISON]).code, 0);
    let take = |name: &str| night.at("03:12", "alice", &["incident", "take", "INC-1", "--sign", &key(&night, name)]);
    for (name, said) in [
        ("locked", "it is protected by a passphrase, and there is no ssh-agent"),
        ("none", "cannot be read"),
        ("heads", "cannot be read"),
    ] {
        let ran = take(name);
        assert_eq!(ran.code, 2, "{name}: {}", ran.err);
        assert!(ran.err.contains(said), "{name}: {}", ran.err);
    }
    // Nor does the explorer begin with one.
    let none = key(&night, "none");
    let ran = crate::run::run(&["--sign", &none, night.folder.path().to_str().unwrap()]);
    assert!(ran.code == 2 && ran.err.contains("cannot be read"), "{}", ran.err);
    assert_eq!(fs::read_to_string(night.journal()).unwrap().lines().count(), 1);
}

#[test]
fn a_key_in_the_agent_signs() {
    let Some(night) = night() else { return };
    let socket = night.user.path().join("agent");
    let Ok(mut agent) =
        Command::new("ssh-agent").args(["-D", "-a"]).arg(&socket).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    else {
        eprintln!("SKIPPED: no ssh-agent here");
        return;
    };
    for _ in 0..200 {
        if socket.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let mut add = Command::new("ssh-add");
    let added = add.env("SSH_AUTH_SOCK", &socket).arg("-q").arg(key(&night, "alice")).stderr(Stdio::null()).status();
    let mut open = crate::run::downriver(&["incident", "open", POISON, "--now", "2026-03-02T03:11:00Z", "--actor", "alice"]);
    open.current_dir(night.folder.path()).env("DOWNRIVER_STATE", night.user.path()).env("SSH_AUTH_SOCK", &socket);
    open.args(["-r", ".", "--sign", &key(&night, "alice.pub")]);
    let opened = crate::run::finish(open);
    agent.kill().unwrap();
    agent.wait().unwrap();
    assert!(added.unwrap().success());
    assert_eq!(opened.code, 0, "{}", opened.err);
    assert!(night.run(&["log"]).out.contains("[signed alice@example.org]"));
}

#[test]
fn a_bundle_is_signed_and_checked_by_the_real_program_and_by_ours() {
    let Some(night) = night() else { return };
    decided(&night, "alice");
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().to_str().unwrap();
    let sign = key(&night, "alice");
    let ran = night.run(&["log", "bundle", "INC-1", "--out", folder, "--now", "2026-03-02T03:30:00Z", "--sign", &sign]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let signers = night.path("allowed_signers");
    let check = ["-Y", "verify", "-f", signers.to_str().unwrap(), "-I", "alice@example.org", "-n", "downriver-bundle"];
    let check = [&check[..], &["-s", "SHA256SUMS.sig", "-O", "verify-time=20260302033000Z"]].concat();
    assert!(keygen(out.path(), &check, Some(&out.path().join("SHA256SUMS"))));
    let verify = |now: &str| night.run(&["log", "verify", folder, "--now", now]);
    let good = verify("2026-03-02T04:00:00Z");
    assert!(good.code == 0 && good.out.contains("SHA256SUMS: signed alice@example.org"), "{}{}", good.out, good.err);
    let late = verify("2026-07-01T00:00:00Z");
    assert!(late.code == 1 && late.out.contains("SHA256SUMS.sig: signature expired"), "{}", late.out);
    // Sums that were made anew for a changed file.
    let sums = fs::read_to_string(out.path().join("SHA256SUMS")).unwrap();
    fs::write(out.path().join("report.md"), "all clear").unwrap();
    let old = sums.lines().find(|line| line.ends_with("report.md")).unwrap().split_once(' ').unwrap().0;
    fs::write(out.path().join("SHA256SUMS"), sums.replace(old, &sha256(b"all clear"))).unwrap();
    let forged = verify("2026-03-02T04:00:00Z");
    assert!(forged.code == 1 && forged.out.contains("SHA256SUMS.sig: signature bad"), "{}", forged.out);
}
