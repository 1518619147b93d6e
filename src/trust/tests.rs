//! Both directions with the real `ssh-keygen`, and every way to spoil a signature.

use super::*;
use crate::trust::private::KeyFile;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::process::Stdio;
use tempfile::TempDir;

const MESSAGE: &[u8] = b"what was decided\n";

fn now() -> Moment {
    Moment::parse("2026-03-02T12:00:00Z").unwrap()
}

fn keygen(dir: &Path, args: &[&str], input: &[u8]) -> bool {
    let mut command = Command::new("ssh-keygen");
    command.current_dir(dir).env("TZ", "UTC").args(args).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), input).unwrap();
    child.wait().unwrap().success()
}

/// A folder with a key of each sort that is read; `None`, aloud, where there is no `ssh-keygen`.
fn keys() -> Option<TempDir> {
    if Command::new("ssh-keygen").arg("-?").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        eprintln!("SKIPPED: no ssh-keygen here, so nothing is held against the real one");
        return None;
    }
    let dir = tempfile::tempdir().unwrap();
    for (name, sort, bits) in [
        ("ed", "ed25519", "256"),
        ("rsa", "rsa", "3072"),
        ("p256", "ecdsa", "256"),
        ("p384", "ecdsa", "384"),
        ("p521", "ecdsa", "521"),
    ] {
        assert!(keygen(dir.path(), &["-q", "-t", sort, "-b", bits, "-N", "", "-C", name, "-f", name], b""), "{name}");
    }
    Some(dir)
}

fn public(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(format!("{name}.pub"))).unwrap().trim().to_owned()
}

fn signers(lines: &[String]) -> Signers {
    Signers::parse(lines.join("\n").as_bytes()).unwrap()
}

/// Made by the real program.
fn signed(dir: &Path, name: &str, namespace: &str, message: &[u8]) -> Vec<u8> {
    fs::write(dir.join("m"), message).unwrap();
    let _ = fs::remove_file(dir.join("m.sig"));
    assert!(keygen(dir, &["-q", "-Y", "sign", "-f", name, "-n", namespace, "m"], b""));
    fs::read(dir.join("m.sig")).unwrap()
}

#[test]
fn what_ssh_keygen_signs_is_good_by_every_sort_of_key() {
    let Some(dir) = keys() else { return };
    let dir = dir.path();
    for name in ["ed", "rsa", "p256", "p384"] {
        let who = signers(&[format!("a@x,*@y {}", public(dir, name))]);
        let signature = signed(dir, name, JOURNAL, MESSAGE);
        let answer = verify(&who, MESSAGE, &signature, JOURNAL, now());
        assert_eq!(answer.principals(), Some("a@x,*@y"), "{name}: {answer:?}");
        let Answer::Good { principals, .. } = answer else { unreachable!() };
        assert!(signers::names(&principals, "b@y") && signers::names(&principals, "a@x") && !signers::names(&principals, "b@x"));
        assert_eq!(verify(&who, b"other", &signature, JOURNAL, now()).word(), "bad", "{name}: other bytes");
        assert_eq!(verify(&who, MESSAGE, &signature, BUNDLE, now()).word(), "bad", "{name}: another purpose");
        assert_eq!(verify(&Signers::default(), MESSAGE, &signature, JOURNAL, now()).word(), "unknown-signer", "{name}");
        // The answer of the real one, too.
        fs::write(dir.join("signers"), format!("a@x {}\n", public(dir, name))).unwrap();
        let check = ["-Y", "verify", "-f", "signers", "-I", "a@x", "-n", JOURNAL, "-s", "m.sig"];
        assert!(keygen(dir, &check, MESSAGE) && !keygen(dir, &check, b"other"), "{name}");
    }
    let who = signers(&[format!("a {}", public(dir, "p521"))]);
    let answer = verify(&who, MESSAGE, &signed(dir, "p521", JOURNAL, MESSAGE), JOURNAL, now());
    assert!(answer.word() == "unknown-signer" && answer.why().unwrap().contains("nistp521"), "{answer:?}");
}

fn ours(dir: &Path) -> sshsig::Signature {
    let text = fs::read_to_string(dir.join("ed")).unwrap();
    let Ok(KeyFile::Ready(private)) = KeyFile::read(&text) else { panic!("a plain key") };
    sshsig::Signature::make(&private.key, JOURNAL, MESSAGE, |bytes| private.sign(bytes)).unwrap()
}

#[test]
fn what_is_signed_here_the_real_one_accepts() {
    let Some(dir) = keys() else { return };
    let dir = dir.path();
    let signature = ours(dir);
    fs::write(dir.join("s.sig"), signature.to_armored()).unwrap();
    fs::write(dir.join("signers"), format!("a@x namespaces=\"{JOURNAL}\" {}\n", public(dir, "ed"))).unwrap();
    let check = |namespace| ["-Y", "verify", "-f", "signers", "-I", "a@x", "-n", namespace, "-s", "s.sig"];
    assert!(keygen(dir, &check(JOURNAL), MESSAGE));
    assert!(!keygen(dir, &check(JOURNAL), b"other") && !keygen(dir, &check(BUNDLE), MESSAGE));
    assert_eq!(sshsig::Signature::line(&signature.to_line()).as_ref(), Ok(&signature));
    // Byte for byte what the real one writes.
    assert_eq!(signature.to_armored().as_bytes(), signed(dir, "ed", JOURNAL, MESSAGE));
}

#[test]
fn times_revocation_and_options_are_judged_as_by_the_real_one() {
    let Some(dir) = keys() else { return };
    let dir = dir.path();
    let signature = signed(dir, "ed", JOURNAL, MESSAGE);
    let other = public(dir, "rsa");
    let own = public(dir, "ed");
    for (line, revoked) in [
        (format!("a@x {own}"), ""),
        (format!("a@x {own}"), own.as_str()),
        (format!("a@x {own}"), other.as_str()),
        (format!("a@x {other}"), ""),
        (format!("a@x valid-after=\"20260101\",valid-before=\"20270101Z\" {own}"), ""),
        (format!("a@x valid-after=\"20260401\" {own}"), ""),
        (format!("a@x valid-before=\"202603010000\" {own}"), ""),
        (format!("a@x namespaces=\"git\" {own}"), ""),
        (format!("a@x namespaces=\"git,down*\" {own}"), ""),
        (format!("a@x cert-authority {own}"), ""),
        (format!("*@x,!b@* {own}"), ""),
    ] {
        fs::write(dir.join("signers"), format!("{line}\n")).unwrap();
        fs::write(dir.join("revoked"), revoked).unwrap();
        let mut who = signers(std::slice::from_ref(&line));
        who.revoke(revoked.as_bytes()).unwrap();
        let mut check = vec!["-Y", "verify", "-f", "signers", "-I", "a@x", "-n", JOURNAL, "-s", "m.sig"];
        check.extend(["-O", "verify-time=20260302120000Z"]);
        if !revoked.is_empty() {
            check.extend(["-r", "revoked"]);
        }
        let answer = verify(&who, MESSAGE, &signature, JOURNAL, now());
        let good = answer.principals().is_some_and(|principals| signers::names(principals, "a@x"));
        assert_eq!(good, keygen(dir, &check, MESSAGE), "{line} {revoked}: {answer:?}");
    }
}

#[test]
fn every_spoilt_byte_is_bad_or_of_nobody_and_never_good() {
    let Some(dir) = keys() else { return };
    let dir = dir.path();
    for name in ["ed", "p256"] {
        let who = signers(&[format!("a {}", public(dir, name))]);
        let whole = signed(dir, name, JOURNAL, MESSAGE);
        for at in 0..whole.len() {
            for bit in [0, 3, 6] {
                let mut spoilt = whole.clone();
                spoilt[at] ^= 1 << bit;
                let blank = |bytes: &[u8]| String::from_utf8_lossy(bytes).split_whitespace().collect::<String>();
                let answer = verify(&who, MESSAGE, &spoilt, JOURNAL, now());
                let same = blank(&spoilt) == blank(&whole);
                assert!(same || matches!(answer, Answer::Bad(_) | Answer::UnknownSigner(_)), "{name} byte {at}: {answer:?}");
            }
            assert!(matches!(verify(&who, MESSAGE, &whole[..at], JOURNAL, now()), Answer::Bad(_)) || at + 1 >= whole.len());
        }
        for at in 0..MESSAGE.len() {
            let mut spoilt = MESSAGE.to_vec();
            spoilt[at] ^= 1;
            assert_eq!(verify(&who, &spoilt, &whole, JOURNAL, now()).word(), "bad");
        }
        for extra in [[&whole[..], b"x"].concat(), [&whole[..], &whole[..]].concat(), [b"x".as_slice(), &whole].concat()] {
            assert_eq!(verify(&who, MESSAGE, &extra, JOURNAL, now()).word(), "bad", "{name}");
        }
    }
}

#[test]
fn a_key_behind_a_passphrase_and_other_sorts_go_through_the_agent() {
    let Some(dir) = keys() else { return };
    let dir = dir.path();
    assert!(keygen(dir, &["-q", "-t", "ed25519", "-N", "secret", "-f", "locked"], b""));
    let read = |name: &str| KeyFile::read(&fs::read_to_string(dir.join(name)).unwrap());
    for (name, said) in [("locked", "passphrase"), ("rsa", "Ed25519"), ("ed.pub", "public key")] {
        let Ok(KeyFile::ThroughAgent(key, why)) = read(name) else { panic!("{name}") };
        let own = public(dir, name.trim_end_matches(".pub"));
        assert!(why.contains(said) && Some(key) == key::Key::public(&own), "{name}: {why}");
    }
    fs::write(dir.join("m"), MESSAGE).unwrap();
    assert!(read("m").is_err());
}
