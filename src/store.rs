//! What is kept between runs: a cache, so that the next one need not read and join again what has not changed, and the journal.
//!
//! Invariant: a cache is never the only copy of anything, and whether it is there, old, cut, flipped, foreign or missing
//! changes no answer: what does not pass every check is not there. It never fails: where nothing can be kept, nothing is.
//! Invariant: the journal is the only copy of what people decided; [`journal`] says what that asks for.
//! Absent on purpose: memory-mapping (a file that shrinks kills the process), locks on caches: of several writers the last
//! one counts.

pub(crate) mod bundle;
pub(crate) mod drills;
mod file;
pub(crate) mod folder;
pub(crate) mod journal;
mod keep;
mod place;
pub(crate) mod signer;

pub(crate) use file::Reader;
pub(crate) use file::Tag;
pub(crate) use file::Writer;
pub(crate) use keep::Joined;
pub(crate) use keep::Keep;
pub(crate) use keep::Kept;
pub(crate) use keep::Memory;
pub(crate) use keep::WithoutCache;
pub(crate) use keep::join;
pub(crate) use keep::open;
pub(crate) use keep::refresh;
pub(crate) use place::Choice;
pub(crate) use place::Place;
