//! What is kept between runs, so that the next one need not read and join again what has not changed.
//!
//! Invariant: it is never the only copy of anything, and whether it is there, old, cut, flipped, foreign or missing changes
//! no answer: what does not pass every check is not there.
//! Invariant: nothing here fails. Where nothing can be kept, nothing is.
//! Absent on purpose: memory-mapping (a file that shrinks kills the process), locks: of several writers the last one counts.

mod file;
mod keep;
mod place;

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
