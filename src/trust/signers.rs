//! Who may sign what, and when: the text of an `allowed_signers` file as `ssh-keygen(1)` reads it, and keys that were revoked.
//!
//! Invariant: a text with a mistake is an error with its line; it never means "nobody", and never "anybody".

use crate::model::moment::Moment;
use crate::text::Untrusted;
use crate::trust::Answer;
use crate::trust::key::Key;
use std::fmt;

/// A time without `Z` is local time, somewhere: it counts where it has come, or has not yet passed, in every time zone.
const WEST: i64 = 12 * 60 * 60;
const EAST: i64 = 14 * 60 * 60;

/// Who is trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Signers {
    rows: Vec<Row>,
    revoked: Vec<Key>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    /// Patterns with commas between them, as written.
    principals: String,
    authority: bool,
    /// Patterns, where only these purposes are allowed.
    namespaces: Option<String>,
    after: Option<Moment>,
    before: Option<Moment>,
    key: Key,
}

/// A mistake in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) struct SignersError {
    /// From 1.
    pub line: usize,
    pub what: Mistake,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    NoText,
    Quotes,
    NoKey,
    Option,
    Time,
    Krl,
}

impl fmt::Display for SignersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.what {
            Mistake::NoText => "no UTF-8 text",
            Mistake::Quotes => "a quote without its partner",
            Mistake::NoKey => "no key: expected `PRINCIPALS [OPTIONS] KEY-TYPE BASE64`",
            Mistake::Option => {
                "an option that is none: expected cert-authority, namespaces=\"...\", valid-after=\"...\" or valid-before=\"...\""
            }
            Mistake::Time => "a time that is none: expected YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, and Z for UTC",
            Mistake::Krl => "a binary revocation list (KRL), which is not read: give the revoked public keys as text, one a line",
        })
    }
}

impl Signers {
    /// Reads the text of an `allowed_signers` file.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, SignersError> {
        let mut signers = Self::default();
        for (line, text) in lines(bytes)? {
            signers.rows.push(Row::parse(text).map_err(|what| SignersError { line, what })?);
        }
        Ok(signers)
    }

    /// Reads a list of public keys, one a line, none of whose signatures count any more.
    pub(crate) fn revoke(&mut self, bytes: &[u8]) -> Result<(), SignersError> {
        if bytes.starts_with(b"SSHKRL\n\0") {
            return Err(SignersError { line: 1, what: Mistake::Krl });
        }
        for (line, text) in lines(bytes)? {
            let key = Key::public(text).ok_or(SignersError { line, what: Mistake::NoKey })?;
            self.revoked.push(key);
        }
        Ok(())
    }

    /// Whether a key counts for a purpose at a time. Of several lines with it, one by which it does is enough.
    pub(super) fn judge(&self, key: &Key, namespace: &str, time: Moment) -> Answer {
        if self.revoked.contains(key) {
            return Answer::Bad(format!("its key {} was revoked", key.fingerprint()));
        }
        let certificate = key.sort().is_some_and(|sort| sort.ends_with("-cert-v01@openssh.com"));
        let mut answer = Answer::UnknownSigner(if certificate {
            "it was made with a certificate, which is not checked here".to_owned()
        } else {
            format!("nobody is named for its key {}", key.fingerprint())
        });
        for row in self.rows.iter().filter(|row| row.key == *key) {
            match row.judge(namespace, time) {
                Ok(()) => return Answer::Good { principals: shown(&row.principals), key: key.fingerprint() },
                Err(other @ Answer::Expired(_)) => answer = other,
                Err(other) if !matches!(answer, Answer::Expired(_)) => answer = other,
                Err(_) => {}
            }
        }
        answer
    }
}

#[cfg(test)]
/// Whether one of the principals of a good answer is `name`.
pub(crate) fn names(principals: &str, name: &str) -> bool {
    matches(principals, name)
}

impl Row {
    fn parse(text: &str) -> Result<Self, Mistake> {
        let (principals, rest) = field(text).ok_or(Mistake::Quotes)?;
        let (first, after) = field(rest).ok_or(Mistake::Quotes)?;
        let mut row = Self {
            principals: principals.replace('"', ""),
            authority: false,
            namespaces: None,
            after: None,
            before: None,
            key: Key::new(b""),
        };
        let key = if let Some(key) = key_of(first, after) {
            Some(key)
        } else {
            row.options(first)?;
            let (sort, digits) = field(after).ok_or(Mistake::Quotes)?;
            key_of(sort, digits)
        };
        row.key = key.filter(|_| !row.principals.is_empty()).ok_or(Mistake::NoKey)?;
        Ok(row)
    }

    fn options(&mut self, options: &str) -> Result<(), Mistake> {
        // What looks like a sort of key, and is none, is no option.
        if options.starts_with("ssh-") || options.starts_with("ecdsa-") || options.is_empty() {
            return Err(Mistake::NoKey);
        }
        for option in split(options) {
            let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
            let value = value.map(|value| value.strip_prefix('"').and_then(|value| value.strip_suffix('"')));
            let time = || value.flatten().and_then(when).ok_or(Mistake::Time);
            match (name.to_ascii_lowercase().as_str(), value) {
                ("cert-authority", None) => self.authority = true,
                ("namespaces", Some(Some(patterns))) if self.namespaces.is_none() => {
                    self.namespaces = Some(patterns.to_owned());
                }
                ("valid-after", Some(_)) if self.after.is_none() => {
                    let (time, zone) = time()?;
                    self.after = Some(if zone { time } else { time.after(WEST) });
                }
                ("valid-before", Some(_)) if self.before.is_none() => {
                    let (time, zone) = time()?;
                    self.before = Some(if zone { time } else { time.after(-EAST) });
                }
                _ => return Err(Mistake::Option),
            }
        }
        match (self.after, self.before) {
            (Some(after), Some(before)) if before <= after => Err(Mistake::Time),
            _ => Ok(()),
        }
    }

    fn judge(&self, namespace: &str, time: Moment) -> Result<(), Answer> {
        let who = shown(&self.principals);
        if self.authority {
            return Err(Answer::UnknownSigner(format!("its key is only a certificate authority of {who}")));
        }
        if self.namespaces.as_ref().is_some_and(|patterns| !matches(patterns, namespace)) {
            return Err(Answer::UnknownSigner(format!("{who} may not sign for `{namespace}`")));
        }
        if let Some(after) = self.after.filter(|after| time < *after) {
            return Err(Answer::Expired(format!("the key of {who} counts from {after} on")));
        }
        if let Some(before) = self.before.filter(|before| time >= *before) {
            return Err(Answer::Expired(format!("the key of {who} counted until {before}")));
        }
        Ok(())
    }
}

fn shown(text: &str) -> String {
    Untrusted::new(text).show().into_string()
}

/// Lines that say something, from 1.
fn lines(bytes: &[u8]) -> Result<Vec<(usize, &str)>, SignersError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        SignersError { line: memchr::memchr_iter(b'\n', before).count() + 1, what: Mistake::NoText }
    })?;
    let lines = text.lines().enumerate().map(|(row, line)| (row + 1, line.trim()));
    Ok(lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).collect())
}

fn key_of(sort: &str, rest: &str) -> Option<Key> {
    Key::parse(sort, rest.split_whitespace().next()?)
}

/// The first word of a line, blanks between quotes included, and what follows; `None` where a quote is left open.
fn field(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => {
                let (word, rest) = text.split_at_checked(at)?;
                return Some((word, rest.trim_start()));
            }
            _ => {}
        }
    }
    (!quoted).then_some((text, ""))
}

/// Options with commas between them, those between quotes left alone.
fn split(options: &str) -> Vec<&str> {
    let mut quoted = false;
    let comma = |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    options.split(comma).collect()
}

/// A time, and whether it is in UTC.
fn when(written: &str) -> Option<(Moment, bool)> {
    let digits = written.trim_end_matches(['Z', 'z']);
    let zone = digits.len() + 1 == written.len();
    if !(zone || digits == written) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded = match digits.len() {
        8 => format!("{digits}000000"),
        12 => format!("{digits}00"),
        14 => digits.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| padded.get(from..to).unwrap_or_default();
    let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
    let (hour, minute, second) = (part(8, 10), part(10, 12), part(12, 14));
    Some((Moment::parse(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))?, zone))
}

/// Whether a list of patterns takes in a name: one of them does, and none with `!` before it.
fn matches(patterns: &str, name: &str) -> bool {
    let mut found = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if glob(pattern.as_bytes(), name.as_bytes()) => return false,
            Some(_) => {}
            None => found |= glob(pattern.as_bytes(), name.as_bytes()),
        }
    }
    found
}

/// Whether a pattern with `*` and `?` takes in all of a name. Linear in each star: the last one is what is tried again.
fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut read, mut star) = (0, 0, None);
    while read < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(byte) if *byte == b'?' || Some(byte) == name.get(read) => {
                at += 1;
                read += 1;
            }
            Some(_) | None => {
                let Some((behind, from)) = star else { return false };
                star = Some((behind, from + 1));
                (at, read) = (behind + 1, from + 1);
            }
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests;
