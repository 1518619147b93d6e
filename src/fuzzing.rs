//! What `fuzz/` asserts of any input; compiled with the feature `fuzzing` only.
//!
//! Absent on purpose: anything that the program itself uses.

use crate::formats;

/// Whether the quick YAML reader declines a text or reads it as the general one does.
pub fn yaml_ways_agree(text: &str) -> bool {
    formats::yaml::ways_agree(text)
}

/// Whether the one pass over a JSON text declines it or reads it as the careful reader does.
pub fn json_ways_agree(text: &str) -> bool {
    formats::json::ways_agree(text)
}

/// Whether a file of these bytes gives the same with its facts and without, and no reader panics.
pub fn depths_agree(bytes: &[u8]) -> bool {
    ["x.yaml", "x.cdx.json"].into_iter().all(|name| formats::depths_agree(bytes, name))
}
