//! What SPDX 2 and SPDX 3 share: what a package is, what a relationship means, how relationships become links.
//!
//! Invariant: one statement means the same whichever version writes it.
//! Absent on purpose: where in the JSON a fact stands; each reader knows that.

#[cfg(test)]
pub(crate) mod drawn;
pub(crate) mod facts;
pub(crate) mod relation;
pub(crate) mod stated;
pub(crate) mod weave;

/// Whether a value says that nothing is said: empty, `NONE`, `NOASSERTION`.
pub(crate) fn is_absent(written: &str) -> bool {
    let written = written.trim();
    written.is_empty() || written.eq_ignore_ascii_case("NOASSERTION") || written.eq_ignore_ascii_case("NONE")
}
