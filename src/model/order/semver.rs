//! Semantic versions as people write them: with `v` in front, or without the last numbers.

use semver::Version;

/// Reads `1.2.3-rc.1+b5`, `v1.2.3`, `1.2` and `1`, the last two as `1.2.0` and `1.0.0`.
pub(super) fn read(written: &str) -> Option<Version> {
    let version = written.strip_prefix('v').unwrap_or(written);
    Version::parse(version).ok().or_else(|| {
        let missing = 2_usize.checked_sub(version.matches('.').count())?;
        let numbers = version.chars().all(|c| c.is_ascii_digit() || c == '.');
        numbers.then(|| Version::parse(&[version, &".0".repeat(missing)].concat()).ok()).flatten()
    })
}
