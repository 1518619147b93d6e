//! The log of fire drills, in this user's own folder: one JSON line a drill, never mixed with incidents.

use crate::store::journal::Memory;
use rustix::fs::Mode;
use rustix::fs::OFlags;
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::fs::File;
use std::io;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;

/// Appends a line; `variable` names the folder, else it is the platform's.
pub(crate) fn keep(variable: Option<OsString>, line: &str) -> io::Result<()> {
    let memory = Memory::new(variable);
    let folder = memory.folder().ok_or(io::ErrorKind::NotFound)?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::APPEND | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut file = File::from(rustix::fs::open(folder.join("drills.jsonl"), flags, Mode::RUSR | Mode::WUSR)?);
    // As one write, so that two drills do not mix.
    file.write_all(format!("{line}\n").as_bytes())
}
