//! Notices that files of the repository change, so that the interface shows what is there now.
//!
//! Where the system has no events (elsewhere than on Linux), or can watch no more folders, the repository is looked at again
//! and again instead.
//!
//! Invariant: a change is never lost: a folder is watched before it is listed, and the watch goes on while the repository is
//! read. What is told may be nothing new; whoever reads again finds out.
//! Invariant: many changes at once are told once.

use crate::runtime::Event;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// Between two looks, where looking is all there is.
const LOOK: Duration = Duration::from_secs(1);
/// A look costs this many times its own time in waiting.
const REST: u32 = 4;

/// What watches one repository.
#[derive(Debug, Clone)]
pub(super) struct Watch(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    system: Option<system::Folders>,
    /// The system watches no more folders.
    full: AtomicBool,
    /// A look is to come.
    waiting: AtomicBool,
    sender: Sender<Event>,
}

impl Watch {
    /// Begins to watch the folders that it will be told.
    pub(super) fn start(sender: Sender<Event>) -> Self {
        let shared = Shared { system: system::Folders::new(), full: false.into(), waiting: false.into(), sender };
        let watch = Self(Arc::new(shared));
        if watch.0.system.is_some() {
            let shared = Arc::clone(&watch.0);
            thread::spawn(move || {
                while shared.system.as_ref().is_some_and(system::Folders::wait) && shared.sender.send(Event::Changed).is_ok() {}
            });
        }
        watch
    }

    /// Watches one more folder; one that is watched already is no matter.
    pub(super) fn folder(&self, folder: &Path) {
        if !self.looks() && self.0.system.as_ref().is_some_and(|system| !system.add(folder)) {
            self.0.full.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the system does not tell all that happens.
    pub(super) fn looks(&self) -> bool {
        self.0.system.is_none() || self.0.full.load(Ordering::Relaxed)
    }

    /// After the repository was read, which took so long: where that is all there is, it will be looked at again.
    pub(super) fn rest(&self, took: Duration) {
        if self.looks() && !self.0.waiting.swap(true, Ordering::Relaxed) {
            let shared = Arc::clone(&self.0);
            thread::spawn(move || {
                thread::sleep(LOOK.max(took * REST));
                shared.waiting.store(false, Ordering::Relaxed);
                // The loop may be over already.
                let _ = shared.sender.send(Event::Changed);
            });
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    //! What Linux tells: inotify.

    use rustix::event::PollFd;
    use rustix::event::PollFlags;
    use rustix::event::Timespec;
    use rustix::fs::inotify;
    use rustix::fs::inotify::CreateFlags;
    use rustix::fs::inotify::WatchFlags;
    use rustix::io::Errno;
    use std::os::fd::OwnedFd;
    use std::path::Path;
    use std::time::Duration;
    use std::time::Instant;

    /// Changes are over when none came for so long.
    const QUIET: Duration = Duration::from_millis(100);
    /// They are told after so long even if they are not over.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// The folders that are watched.
    #[derive(Debug)]
    pub(super) struct Folders(OwnedFd);

    impl Folders {
        pub(super) fn new() -> Option<Self> {
            inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok().map(Self)
        }

        /// Whether there was room for one more.
        pub(super) fn add(&self, folder: &Path) -> bool {
            let kinds = WatchFlags::CLOSE_WRITE
                | WatchFlags::ATTRIB
                | WatchFlags::CREATE
                | WatchFlags::DELETE
                | WatchFlags::MOVE
                | WatchFlags::DELETE_SELF
                | WatchFlags::MOVE_SELF
                | WatchFlags::ONLYDIR;
            // A folder that cannot be listed either is a problem of the answer, or gone.
            !matches!(inotify::add_watch(&self.0, folder, kinds), Err(Errno::NOSPC | Errno::NOMEM))
        }

        /// Waits until something has changed and changes are over; `false` where nothing more will be told.
        pub(super) fn wait(&self) -> bool {
            if !self.changed(None) {
                return false;
            }
            let first = Instant::now();
            while let Some(left) = PATIENCE.checked_sub(first.elapsed()) {
                if !self.changed(Some(left.min(QUIET))) {
                    break;
                }
            }
            true
        }

        /// Waits for a change; what it is does not matter, since the repository is compared as a whole.
        fn changed(&self, limit: Option<Duration>) -> bool {
            let limit = limit.and_then(|limit| Timespec::try_from(limit).ok());
            let told = loop {
                match rustix::event::poll(&mut [PollFd::new(&self.0, PollFlags::IN)], limit.as_ref()) {
                    Err(Errno::INTR) => {}
                    told => break told,
                }
            };
            let mut room = [0; 16 << 10];
            while rustix::io::read(&self.0, &mut room).is_ok_and(|n| n > 0) {}
            told.is_ok_and(|told| told > 0)
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    //! Nothing is told.

    use std::path::Path;

    #[derive(Debug)]
    pub(super) struct Folders;

    impl Folders {
        pub(super) fn new() -> Option<Self> {
            None
        }

        pub(super) fn add(&self, _folder: &Path) -> bool {
            false
        }

        pub(super) fn wait(&self) -> bool {
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::sync::mpsc;
    use std::sync::mpsc::Receiver;

    /// Longer than anything is told after, on a busy machine.
    const LONG: Duration = Duration::from_secs(20);
    /// Longer than changes are collected.
    const OVER: Duration = Duration::from_millis(800);

    fn times(received: &Receiver<Event>) -> usize {
        let Ok(Event::Changed) = received.recv_timeout(LONG) else { panic!("nothing was told") };
        thread::sleep(OVER);
        1 + received.try_iter().count()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn every_kind_of_change_is_told_and_many_at_once_are_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let (sender, received) = mpsc::channel();
        let watch = Watch::start(sender);
        watch.folder(dir.path());
        watch.folder(&dir.path().join("none"));
        assert!(!watch.looks());
        let file = |n: usize| dir.path().join(format!("{n}.yaml"));
        let many = || (0..1000).for_each(|n| fs::write(file(n), "x").unwrap());
        let rename = || fs::rename(file(0), file(1)).unwrap();
        let delete = || fs::remove_file(file(2)).unwrap();
        let folder = || fs::create_dir(dir.path().join("new")).unwrap();
        let link = || std::os::unix::fs::symlink("3.yaml", dir.path().join("link.yaml")).unwrap();
        let locked = || fs::set_permissions(file(3), std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
        let changes: [(&str, &dyn Fn()); 6] = [
            ("a thousand files", &many),
            ("an atomic save", &rename),
            ("a removal", &delete),
            ("a new folder", &folder),
            ("a link", &link),
            ("who may read", &locked),
        ];
        for (what, change) in changes {
            change();
            assert_eq!(times(&received), 1, "{what}");
        }
    }

    #[test]
    fn where_nothing_is_told_it_is_looked_again_once_a_read() {
        let (sender, received) = mpsc::channel();
        let watch = Watch::start(sender);
        watch.0.full.store(true, Ordering::Relaxed);
        assert!(watch.looks());
        watch.rest(Duration::ZERO);
        watch.rest(Duration::ZERO);
        assert_eq!(times(&received), 1);
    }
}
