//! Lines as they are written, mistakes, revocation, patterns.

use super::*;
use crate::trust::wire;
use proptest::prelude::*;

fn ed25519(n: u8) -> String {
    let mut bytes = Vec::new();
    wire::put(&mut bytes, b"ssh-ed25519");
    wire::put(&mut bytes, &[n; 32]);
    wire::encode(&bytes)
}

fn key(n: u8) -> Key {
    Key::parse("ssh-ed25519", &ed25519(n)).unwrap()
}

fn at(written: &str) -> Moment {
    Moment::parse(written).unwrap()
}

#[test]
fn lines_are_read_as_ssh_keygen_reads_them() {
    let noon = at("2026-03-02T12:00:00Z");
    let one = ed25519(1);
    for (line, word, why) in [
        (format!("a@x ssh-ed25519 {one} comment here"), "good", "plain"),
        (format!("# none\n\n  a@x\tssh-ed25519   {one}"), "good", "blanks and comments"),
        (format!("\"a b\",c ssh-ed25519 {one}"), "good", "a principal with a blank"),
        (format!("a namespaces=\"git,down*\" ssh-ed25519 {one}"), "good", "a pattern of namespaces"),
        (format!("a namespaces=\"*,!downriver-journal\" ssh-ed25519 {one}"), "unknown-signer", "one ruled out"),
        (format!("a namespaces=\"git\" ssh-ed25519 {one}"), "unknown-signer", "another purpose"),
        (format!("a cert-authority ssh-ed25519 {one}"), "unknown-signer", "an authority signs nothing itself"),
        (format!("a CERT-AUTHORITY,Namespaces=\"git\" ssh-ed25519 {one}"), "unknown-signer", "in any case"),
        (format!("a valid-after=\"20260302Z\",valid-before=\"202603021201Z\" ssh-ed25519 {one}"), "good", "within"),
        (format!("a valid-after=\"20260302120001Z\" ssh-ed25519 {one}"), "expired", "not yet"),
        (format!("a valid-before=\"20260302120000Z\" ssh-ed25519 {one}"), "expired", "no longer"),
        (format!("a valid-after=\"20260302\" ssh-ed25519 {one}"), "good", "begun in every time zone"),
        (format!("a valid-after=\"202603020001\" ssh-ed25519 {one}"), "expired", "not begun in some"),
        (format!("a valid-before=\"20260303\" ssh-ed25519 {one}"), "expired", "over in some"),
        (format!("a valid-before=\"20250101\" ssh-ed25519 {one}\nb ssh-ed25519 {one}"), "good", "one line is enough"),
        (format!("a ssh-ed25519 {}", ed25519(2)), "unknown-signer", "another key"),
        (String::new(), "unknown-signer", "nobody"),
    ] {
        let signers = Signers::parse(line.as_bytes()).unwrap();
        assert_eq!(signers.judge(&key(1), "downriver-journal", noon).word(), word, "{why}: {line}");
    }
}

#[test]
fn a_mistake_is_named_with_its_line_and_never_means_nobody() {
    let one = ed25519(1);
    for (line, what) in [
        (format!("\"a ssh-ed25519 {one}"), Mistake::Quotes),
        ("a".to_owned(), Mistake::NoKey),
        ("a ssh-ed25519".to_owned(), Mistake::NoKey),
        (format!("a ssh-rsa {one}"), Mistake::NoKey),
        (format!("a ssh-ed25519 {one}x"), Mistake::NoKey),
        (format!("ssh-ed25519 {one}"), Mistake::Option),
        (format!("a namespace=\"git\" ssh-ed25519 {one}"), Mistake::Option),
        (format!("a namespaces=git ssh-ed25519 {one}"), Mistake::Option),
        (format!("a no-touch-required ssh-ed25519 {one}"), Mistake::Option),
        (format!("a cert-authority, ssh-ed25519 {one}"), Mistake::Option),
        (format!("a valid-after=\"soon\" ssh-ed25519 {one}"), Mistake::Time),
        (format!("a valid-after=\"20260230\" ssh-ed25519 {one}"), Mistake::Time),
        (format!("a valid-after=\"20260302ZZ\" ssh-ed25519 {one}"), Mistake::Time),
        (format!("a valid-after=\"20260302Z\",valid-before=\"20260301Z\" ssh-ed25519 {one}"), Mistake::Time),
    ] {
        let text = format!("# first\nok ssh-ed25519 {one}\n{line}\n");
        assert_eq!(Signers::parse(text.as_bytes()), Err(SignersError { line: 3, what }), "{line}");
    }
    assert_eq!(Signers::parse(b"\n\xff"), Err(SignersError { line: 2, what: Mistake::NoText }));
}

#[test]
fn a_revoked_key_is_bad_and_a_binary_list_is_said_not_to_be_read() {
    let mut signers = Signers::parse(format!("a ssh-ed25519 {}", ed25519(1)).as_bytes()).unwrap();
    signers.revoke(format!("# left\nssh-ed25519 {} laptop\n", ed25519(1)).as_bytes()).unwrap();
    let answer = signers.judge(&key(1), "downriver-journal", at("2026-03-02T12:00:00Z"));
    assert!(answer.word() == "bad" && answer.why().unwrap().contains("revoked"), "{answer:?}");
    assert_eq!(signers.revoke(b"SSHKRL\n\0\0\0\0\x01"), Err(SignersError { line: 1, what: Mistake::Krl }));
    assert_eq!(signers.revoke(b"what"), Err(SignersError { line: 1, what: Mistake::NoKey }));
}

/// What a pattern means, in so many words.
fn slow(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => (0..=name.len()).any(|n| slow(rest, &name[n..])),
        ([b'?', pattern @ ..], [_, name @ ..]) => slow(pattern, name),
        ([a, pattern @ ..], [b, name @ ..]) => a == b && slow(pattern, name),
        _ => false,
    }
}

proptest! {
    #[test]
    fn patterns_mean_what_they_say(pattern in "[ab*?]{0,8}", name in "[ab]{0,8}") {
        prop_assert_eq!(glob(pattern.as_bytes(), name.as_bytes()), slow(pattern.as_bytes(), name.as_bytes()));
    }

    #[test]
    fn no_text_is_too_much(text in "\\PC{0,80}") {
        let _ = Signers::parse(text.as_bytes());
    }
}
