//! Words that prose scrapers take for dataset names (real-documents.md, "False datasets").
//!
//! Absent on purpose: names of real datasets, however plain they look.

/// Words seen as dataset names in real documents, and their like.
const WORDS: [&str; 30] = [
    "a", "an", "and", "are", "as", "by", "data", "dataset", "datasets", "for", "from", "in", "is", "it", "name", "nearly", "of",
    "on", "our", "publicly", "size", "that", "the", "these", "this", "to", "training", "was", "were", "with",
];

/// Whether a name is a plain word or a bare number, so that it identifies nothing.
pub(crate) fn is_plain_word(name: &str) -> bool {
    let name = name.trim();
    let number = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
    number || WORDS.iter().any(|word| name.eq_ignore_ascii_case(word))
}
