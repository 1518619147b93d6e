//! Debian versions: `epoch:upstream-revision` (Debian Policy 5.6.12; deb-version(7), "Sorting algorithm").

use crate::model::order::Number;
use crate::model::order::split_while;
use std::cmp::Ordering;
use std::iter;

/// A Debian version in its three parts.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    epoch: u32,
    upstream: Box<str>,
    /// `0` where it is missing.
    revision: Box<str>,
}

/// What is compared, one after the other; a text ends with an end and the number 0.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Tilde,
    EndOfWord,
    Letter(char),
    Other(char),
    Number(Number<'a>),
}

impl Version {
    /// Reads what dpkg takes without complaint: a number as epoch, an upstream version that begins with a digit, known
    /// characters only, no empty part.
    pub(super) fn read(written: &str) -> Option<Self> {
        let (epoch, rest) = written.split_once(':').unwrap_or(("0", written));
        let (upstream, revision) = match rest.rsplit_once('-') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (rest, "0"),
        };
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '~');
        let reads = upstream.starts_with(|c: char| c.is_ascii_digit())
            && upstream.chars().all(|c| known(c) || matches!(c, '-' | ':'))
            && revision.chars().all(known)
            && epoch.chars().all(|c| c.is_ascii_digit());
        let epoch = epoch.parse().ok().filter(|epoch| i32::try_from(*epoch).is_ok())?;
        reads.then(|| Self { epoch, upstream: upstream.into(), revision: revision.into() })
    }

    pub(super) fn cmp(&self, other: &Self) -> Ordering {
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| parts(&self.upstream).cmp(parts(&other.upstream)))
            .then_with(|| parts(&self.revision).cmp(parts(&other.revision)))
    }
}

/// Words and numbers in turn, beginning with a word, which may be empty. A word is compared letter by letter: `~` before its
/// end, its end before letters, letters before all else.
fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = Some(text);
    let words = iter::from_fn(move || {
        let (word, after) = split_while(rest?, |c| !c.is_ascii_digit());
        let (number, after) = split_while(after, |c| c.is_ascii_digit());
        // Once more where nothing is left: that is the end of all.
        rest = (!(word.is_empty() && number.is_empty())).then_some(after);
        Some((word, number))
    });
    words.flat_map(|(word, number)| {
        let letters = word.chars().map(|c| match c {
            '~' => Part::Tilde,
            c if c.is_ascii_alphabetic() => Part::Letter(c),
            c => Part::Other(c),
        });
        letters.chain([Part::EndOfWord, Part::Number(Number::of(number))])
    })
}
