//! No file makes the readers panic; both depths give the same lineage.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| assert!(downriver::fuzzing::depths_agree(bytes)));
