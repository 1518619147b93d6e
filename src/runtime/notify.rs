//! Notices that files of the repository were saved, so that what was repaired leaves the Problems screen by itself.
//!
//! Only folders that hold something that was read are watched, and only on Linux; elsewhere, and in very large trees,
//! the repository is read again when an editor that was opened from here is closed.

use crate::app::snapshot::Snapshot;
use crate::load::Source;
use crate::runtime::Event;
use std::sync::mpsc::Sender;

/// More folders than this are not watched.
#[cfg(target_os = "linux")]
const FOLDERS: usize = 2_000;

/// Begins to watch; the thread ends with the first change, since reading again begins anew.
#[cfg(target_os = "linux")]
pub(super) fn start(source: &Source, data: &Snapshot, sender: &Sender<Event>) {
    use std::collections::BTreeSet;
    use std::path::Path;
    use std::path::PathBuf;
    let Source::Paths(paths) = source else { return };
    let [root] = &paths[..] else { return };
    if !root.is_dir() {
        return;
    }
    let files = data.graph.documents().iter().map(|document| data.graph.text(document.file).as_key());
    let problems = data.graph.findings().iter().map(|finding| finding.file.as_str());
    let folder = |file: &str| root.join(Path::new(file).parent().unwrap_or(Path::new("")));
    let folders: BTreeSet<PathBuf> = files.chain(problems).map(folder).chain([root.clone()]).collect();
    if folders.len() <= FOLDERS {
        let sender = sender.clone();
        std::thread::spawn(move || {
            if linux::wait(&folders).is_ok() {
                // The loop may be over already.
                let _ = sender.send(Event::Changed);
            }
        });
    }
}

/// Nothing is watched here.
#[cfg(not(target_os = "linux"))]
pub(super) fn start(_source: &Source, _data: &Snapshot, _sender: &Sender<Event>) {}

#[cfg(target_os = "linux")]
mod linux {
    use rustix::fs::inotify;
    use rustix::fs::inotify::CreateFlags;
    use rustix::fs::inotify::WatchFlags;
    use std::collections::BTreeSet;
    use std::io;
    use std::mem::MaybeUninit;
    use std::path::PathBuf;
    use std::thread;
    use std::time::Duration;

    /// Saving one file is several events; so long after the first they are over.
    const SETTLED: Duration = Duration::from_millis(150);

    /// Waits until something was saved, moved or removed.
    pub(super) fn wait(folders: &BTreeSet<PathBuf>) -> io::Result<()> {
        let watch = inotify::init(CreateFlags::CLOEXEC)?;
        let kinds =
            WatchFlags::CLOSE_WRITE | WatchFlags::MOVED_TO | WatchFlags::MOVED_FROM | WatchFlags::DELETE | WatchFlags::ONLYDIR;
        let mut watched = 0;
        for folder in folders {
            watched += usize::from(inotify::add_watch(&watch, folder, kinds).is_ok());
        }
        if watched == 0 {
            return Err(io::ErrorKind::NotFound.into());
        }
        let mut room = [MaybeUninit::uninit(); 4096];
        inotify::Reader::new(&watch, &mut room).next()?;
        thread::sleep(SETTLED);
        Ok(())
    }
}
