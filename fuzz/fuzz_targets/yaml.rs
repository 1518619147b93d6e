//! The quick reader of a text and the careful one give the same, or the quick one declines.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| assert!(downriver::fuzzing::yaml_ways_agree(text)));
