//! Lines and chains: what is written is read again, and whatever is done to it is seen.

use super::body::Note;
use super::body::Take;
use super::chain;
use super::chain::Chain;
use super::chain::What;
use super::*;
use proptest::prelude::*;

/// A journal of so many entries.
fn journal(n: usize) -> (Vec<Entry>, Vec<u8>) {
    let (mut entries, mut bytes, mut head) = (Vec::new(), Vec::new(), None);
    for row in 0..n {
        let incident = "INC-1".to_owned();
        let body = match row % 3 {
            0 => Body::Take(Take { incident }),
            1 => Body::Note(Note { incident, deployment: None, text: format!("é\u{202e}\n{row}"), report: None }),
            _ => Body::Other { kind: "dance".to_owned(), payload: format!("{{\"step\":[{row}]}}") },
        };
        let time = Moment::at(1_770_000_000 - i64::try_from(row).unwrap()).unwrap();
        let draft = Draft { time, actor: "on\"call".to_owned(), body, repository: "sha256:0".to_owned() };
        let (entry, line) = write(draft, head).unwrap();
        head = Some(Head { seq: entry.seq, hash: entry.hash });
        entries.push(entry);
        bytes.extend(line.into_bytes());
    }
    (entries, bytes)
}

fn read_entries(chain: &Chain) -> Vec<Entry> {
    chain.entries.clone()
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

#[test]
fn a_copy_without_its_digest_is_a_fault_that_names_its_file() {
    use super::body::{Grow, Question};
    use super::kept::{Copied, Kept};
    use crate::query::select::Scope;
    let question = Question { selectors: Vec::new(), hazard: None, scope: Scope::AsWritten, since: None, until: None };
    for (text, faults) in [("id: A", 0), ("id: B", 1)] {
        let copy = Copied { text: text.to_owned(), ..Copied::new("a\u{1b}.yaml", "id: A") };
        let kept = Kept { id: "A".to_owned(), names: vec!["a".to_owned()], copies: vec![copy] };
        let grow = Grow { incident: "INC-1".to_owned(), question: question.clone(), reason: None, advisory: Some(kept) };
        let (time, repository) = (Moment::BEGIN, "sha256:0".to_owned());
        let draft = Draft { time, actor: "a".to_owned(), body: Body::Grow(grow), repository };
        let chain = chain::read(write(draft, None).unwrap().1.as_bytes());
        assert_eq!((chain.faults.len(), chain.is_sound(), chain.entries.len()), (faults, faults == 0, 1));
        if let Some(fault) = chain.faults.first() {
            assert_eq!(fault.what, What::BadCopy("a\\u{1b}.yaml".to_owned()));
        }
    }
}

#[test]
fn what_is_written_is_read_again_and_unknown_kinds_are_kept() {
    let (entries, bytes) = journal(7);
    let chain = chain::read(&bytes);
    assert_eq!(read_entries(&chain), entries);
    assert_eq!((chain.faults.as_slice(), chain.sound, chain.whole), (&[][..], 7, bytes.len()));
    assert!(chain.is_sound() && chain.head().unwrap().seq == 7);
    assert!(matches!(&entries[2].body, Body::Other { kind, payload } if kind == "dance" && payload == "{\"step\":[2]}"));
    let text = String::from_utf8(bytes).unwrap();
    assert!(!text.chars().any(|c| c != '\n' && crate::text::is_hidden(c)), "{text}");
    assert_eq!(chain::read(b""), Chain::default());
}

#[test]
fn the_shape_of_a_line_is_what_the_design_says() {
    let (_, bytes) = journal(1);
    let text = String::from_utf8(bytes).unwrap();
    let (hashed, hash) = text.trim_end().rsplit_once(",\"hash\":\"").unwrap();
    assert_eq!(Hash::of(hashed.as_bytes()).to_string() + "\"}", hash);
    assert!(hashed.starts_with(
        "{\"seq\":1,\"time\":\"2026-02-02T02:40:00Z\",\"actor\":\"on\\\"call\",\"kind\":\"take\",\"payload\":{\"incident\":\"INC-1\"}"
    ));
    assert!(hashed.ends_with(&format!(",\"repository\":\"sha256:0\",\"prev\":\"{}\"", "0".repeat(64))), "{hashed}");
}

/// The escape of the escape is that of `Debug`.
const EVIL: &str = "1 NoEntry(\"unknown field `\\\\u{202e}`, expected one of `seq`, `time`, `actor`, `kind`, `payload`, \
                    `repository`, `prev`, `sig`, `hash` at line 1 column 6\")";

#[test]
fn what_is_wrong_is_named() {
    let (_, bytes) = journal(5);
    let l = lines(&bytes);
    let changed = String::from_utf8(l[2].to_vec()).unwrap().replace("dance", "dence").into_bytes();
    let crlf = [&l[2][..l[2].len() - 1], b"\r\n"].concat();
    let bom = [b"\xef\xbb\xbf", l[0]].concat();
    let spaced = String::from_utf8(l[2].to_vec()).unwrap().replacen(',', ", ", 1).into_bytes();
    // Whoever changes a line can also give it the hash of its new bytes, but not the lines after it.
    let forged = {
        let (hashed, _) = std::str::from_utf8(&changed).unwrap().rsplit_once(",\"hash\"").unwrap();
        format!("{hashed},\"hash\":\"{}\"}}\n", Hash::of(hashed.as_bytes())).into_bytes()
    };
    let twice = {
        let hashed = "{\"seq\":1,\"seq\":1,\"time\":\"2026-02-02T02:40:00Z\"";
        format!("{hashed},\"hash\":\"{}\"}}\n", Hash::of(hashed.as_bytes())).into_bytes()
    };
    let evil = {
        let hashed = "{\"\u{202e}\":1";
        format!("{hashed},\"hash\":\"{}\"}}\n", Hash::of(hashed.as_bytes())).into_bytes()
    };
    let cases: [(&str, Vec<&[u8]>, &str); 13] = [
        ("a changed line", vec![l[0], l[1], &changed, l[3], l[4]], "3 Changed"),
        ("another line end", vec![l[0], l[1], &crlf, l[3]], "3 NoEntry(\"it does not end with a hash\")"),
        ("a byte-order mark", vec![&bom, l[1]], "1 Changed"),
        ("other blanks", vec![l[0], l[1], &spaced, l[3]], "3 Changed"),
        ("a forged line", vec![l[0], l[1], &forged, l[3], l[4]], "4 Unlinked"),
        ("a key twice", vec![&twice], "1 NoEntry(\"duplicate field `seq` at line 1 column 14\")"),
        ("a key to deceive", vec![&evil], EVIL),
        ("one removed", vec![l[0], l[1], l[3], l[4]], "3 Removed { first: 3, last: 3 }"),
        ("the first two removed", vec![l[2], l[3]], "1 Removed { first: 1, last: 2 }"),
        ("two swapped", vec![l[0], l[2], l[1], l[3]], "2 Reordered { after: 3 }"),
        ("one twice", vec![l[0], l[1], l[1], l[2]], "3 Repeated { line: 2 }"),
        ("an empty line", vec![l[0], b"\n", l[1]], "2 NoEntry(\"it does not end with a hash\")"),
        ("no JSON", vec![l[0], b"hello\n"], "2 NoEntry(\"it does not end with a hash\")"),
    ];
    for (why, parts, first) in cases {
        let chain = chain::read(&parts.concat());
        let fault = &chain.faults[0];
        assert_eq!(format!("{} {:?}", fault.line, fault.what), first, "{why}");
        assert!(!chain.is_sound() && chain.sound < fault.line, "{why}");
    }
    let other = chain::read(&[l[0], &journal(4).1[l[0].len()..]].concat());
    assert!(other.is_sound());
}

#[test]
fn two_journals_mixed_are_a_fork() {
    let (_, bytes) = journal(3);
    let l = lines(&bytes);
    let head = chain::read(&[l[0], l[1]].concat()).head();
    let body = Body::Take(Take { incident: "INC-9".to_owned() });
    let draft = Draft { time: Moment::at(0).unwrap(), actor: "x".to_owned(), body, repository: String::new() };
    let (_, other) = write(draft, head).unwrap();
    let chain = chain::read(&[l[0], l[1], l[2], other.as_bytes()].concat());
    assert_eq!(chain.faults[0].what, What::Forked { line: 3 });
    assert_eq!(chain.sound, 3);
}

#[test]
fn a_head_that_was_seen_tells_of_what_is_gone() {
    let (entries, bytes) = journal(5);
    let head = |row: usize| Head { seq: entries[row].seq, hash: entries[row].hash };
    let cut: usize = lines(&bytes)[..3].iter().map(|line| line.len()).sum();
    for (bytes, seen, fault) in [
        (&bytes[..], head(4), None),
        (&bytes, head(1), None),
        (&bytes[..cut], head(4), Some(What::CutOff { seen: head(4), last: 3 })),
        (&bytes[..0], head(4), Some(What::CutOff { seen: head(4), last: 0 })),
        (&bytes, Head { hash: Hash::NONE, ..head(1) }, Some(What::Rewritten { seen: Head { hash: Hash::NONE, ..head(1) } })),
    ] {
        let mut chain = chain::read(bytes);
        chain.compare(seen);
        assert_eq!(chain.faults.pop().map(|fault| fault.what), fault);
    }
    assert_eq!(Head::parse(&head(4).to_string()), Some(head(4)));
    for wrong in ["", "5", "0:", "5:abc", "x:y"] {
        assert_eq!(Head::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn a_cut_at_any_byte_keeps_every_whole_entry_and_reports_the_rest() {
    let (entries, bytes) = journal(4);
    let ends: Vec<usize> = lines(&bytes)
        .iter()
        .scan(0, |at, line| {
            Some({
                *at += line.len();
                *at
            })
        })
        .collect();
    for cut in 0..=bytes.len() {
        let chain = chain::read(&bytes[..cut]);
        // An entry is whole with its closing brace; its line feed may be lost.
        let whole = ends.iter().filter(|end| **end - 1 <= cut).count();
        assert_eq!(read_entries(&chain), entries[..whole], "{cut}");
        let torn = cut - ends.get(whole.wrapping_sub(1)).map_or(0, |end| (*end).min(cut));
        let told = chain.faults.iter().find_map(|fault| match fault.what {
            What::Torn { offset, bytes } => Some((offset, bytes)),
            _ => None,
        });
        assert_eq!(told, (torn > 0).then_some((cut - torn, torn)), "{cut}");
        assert!(chain.is_sound(), "{cut}: a torn tail was never recorded");
        // A block of zeros in place of what was not written is no entry either.
        let zeros = [&bytes[..cut], &[0; 512]].concat();
        let chain = chain::read(&zeros);
        assert_eq!(read_entries(&chain), entries[..whole], "{cut}");
        assert!(matches!(chain.faults.last().unwrap().what, What::Torn { bytes, .. } if bytes == torn + 512), "{cut}");
    }
}

#[test]
fn any_flipped_bit_is_seen() {
    let (entries, bytes) = journal(4);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let chain = chain::read(&flipped);
            assert!(!chain.faults.is_empty(), "byte {at} bit {bit}");
            assert_eq!(read_entries(&chain)[..chain.sound], entries[..chain.sound], "byte {at} bit {bit}");
            let line = bytes[..at].split(|byte| *byte == b'\n').count() - 1;
            assert!(chain.sound >= line, "byte {at} bit {bit}: what stands before is believed");
        }
    }
}

proptest! {
    /// Whatever is done to whole lines, what is believed is the beginning of what was recorded, and any other outcome but a
    /// cut-off end is a fault; the cut-off end is one to whoever saw more.
    #[test]
    fn lines_cannot_be_moved_unseen(moves in prop::collection::vec((0_usize..3, 0_usize..8, 0_usize..8), 1..5)) {
        let (entries, bytes) = journal(8);
        let mut mixed = lines(&bytes);
        for (what, from, to) in moves {
            if mixed.is_empty() {
                break;
            }
            let (from, to) = (from % mixed.len(), to % mixed.len());
            match what {
                0 => mixed.swap(from, to),
                1 => drop(mixed.remove(from)),
                _ => mixed.insert(to, mixed[from]),
            }
        }
        let mut chain = chain::read(&mixed.concat());
        prop_assert_eq!(&read_entries(&chain)[..chain.sound], &entries[..chain.sound]);
        let is_beginning = lines(&bytes).starts_with(&mixed);
        prop_assert_eq!(chain.faults.is_empty(), is_beginning);
        let last = entries.last().unwrap();
        chain.compare(Head { seq: last.seq, hash: last.hash });
        prop_assert_eq!(chain.faults.is_empty(), mixed == lines(&bytes));
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let chain = chain::read(&bytes);
        prop_assert!(chain.entries.is_empty() && chain.faults.is_empty() == bytes.is_empty());
    }
}

#[test]
fn a_signature_is_of_all_that_stands_before_it_and_cannot_be_stripped_or_moved() {
    let body = Body::Take(Take { incident: "INC-1".to_owned() });
    let draft = Draft { time: Moment::at(0).unwrap(), actor: "a".to_owned(), body, repository: String::new() };
    let mut bytes = Vec::new();
    let (entry, line) = write_signed(draft.clone(), None, |signed| {
        bytes = signed.to_vec();
        Ok(Some("c2ln".to_owned()))
    })
    .unwrap();
    let (_, plain) = write(draft, None).unwrap();
    assert_eq!(bytes, plain.split_once(",\"hash\"").unwrap().0.as_bytes());
    let chain = chain::read(line.as_bytes());
    assert_eq!((read_entries(&chain), chain.is_sound()), (vec![entry], true));
    assert_eq!(*chain.entries[0].signed.as_ref().unwrap().bytes, *bytes);
    let rehashed = |hashed: &str| format!("{hashed},\"hash\":\"{}\"}}\n", Hash::of(hashed.as_bytes()));
    let whole = line.split_once(",\"hash\"").unwrap().0;
    for (spoilt, why) in [
        (line.replace(",\"sig\":\"c2ln\"", ""), "stripped"),
        (line.replace("c2ln", "c2lm"), "swapped"),
        (rehashed(&whole.replace("\"seq\":1", "\"sig\":\"c2ln\",\"seq\":1")), "twice"),
        (rehashed(&whole.replace(",\"sig\":\"c2ln\"", "").replace("{\"seq\":1", "{\"sig\":\"c2ln\",\"seq\":1")), "first"),
        (rehashed(&whole.replace("c2ln\"", "c2ln\" ")), "spaced"),
        (rehashed(&whole.replace("c2ln", "c2\\u006cn")), "spelt otherwise"),
        (rehashed(&whole.replace("\"c2ln\"", "null")), "null"),
    ] {
        let chain = chain::read(spoilt.as_bytes());
        assert!(!chain.is_sound() || chain.entries[0].signed.is_none(), "{why}: {spoilt}");
        assert!(why == "null" || !chain.is_sound(), "{why}: {spoilt}");
    }
}
