//! Stated versions: which say something, which are words or ranges.

/// Words that name a moving target: no version when joining (design.md section 5).
const MOVING: [&str; 11] =
    ["main", "master", "latest", "head", "unknown", "unversioned", "snapshot", "n/a", "none", "tbd", "todo"];

/// The version if it is one that can identify: not empty, not a word for "whatever is newest", not a range.
pub(crate) fn identifying(written: &str) -> Option<&str> {
    let version = written.trim();
    let dots = version.chars().all(|c| matches!(c, '.' | '…' | '?' | '-'));
    (!dots && !is_word(version) && !is_range(version)).then_some(version)
}

/// Whether the text is a word for a moving target (`latest`, `main`).
pub(crate) fn is_word(version: &str) -> bool {
    MOVING.iter().any(|word| version.trim().eq_ignore_ascii_case(word))
}

/// Whether the text is a range (`>=2.0`, `==0.110.0`, `^1.2`, `1.x`) rather than one version.
pub(crate) fn is_range(version: &str) -> bool {
    let version = version.trim();
    version.starts_with(['<', '>', '=', '!', '~', '^']) || version.contains(['*', ',', '|', ' '])
}

/// A commit as lower-case hex digits, if `written` is one: 7 to 64 hex digits with at least one digit.
pub(crate) fn commit(written: &str) -> Option<String> {
    let text = written.trim();
    let hex = (7..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_hexdigit());
    hex.then(|| text.to_ascii_lowercase())
}

/// Whether two stated versions can be of one thing: equal, or one a commit that begins the other (7 digits at least).
pub(crate) fn agree(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    match (commit(a), commit(b)) {
        (Some(a), Some(b)) => a.starts_with(&b) || b.starts_with(&a),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_ranges_do_not_identify() {
        for (written, identifies) in [
            ("1.0", true),
            ("main", false),
            ("LATEST", false),
            (">=2.31.0", false),
            ("==0.110.0", false),
            ("86b5e093", true),
            ("", false),
            ("0", true),
            ("0.0.0", true),
            ("...", false),
            ("TBD", false),
            ("SNAPSHOT", false),
            ("1.0-SNAPSHOT", true),
        ] {
            assert_eq!(identifying(written).is_some(), identifies, "{written:?}");
        }
    }

    #[test]
    fn commits_agree_by_prefix() {
        for (a, b, same) in [
            ("86b5e093", "86b5e0934494bd15c9632b12f734a8a67f723594", true),
            ("86b5e0", "86b5e0934494bd15c9632b12f734a8a67f723594", false),
            ("1.0", "1.0", true),
            ("1.0", "1.0.0", false),
        ] {
            assert_eq!(agree(a, b), same, "{a} {b}");
        }
    }
}
