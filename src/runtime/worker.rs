//! Answers questions about large repositories beside the interface.
//!
//! Invariant: the newest question is answered next, and one that nobody waits for any more is left at its next step.

use crate::app::ask;
use crate::app::ask::Answer;
use crate::app::ask::Ask;
use crate::app::msg::Msg;
use crate::app::snapshot::Snapshot;
use crate::runtime::Event;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// An answer that takes longer is told in part; most are whole by then, and one frame is drawn instead of two.
const FIRST_PART: Duration = Duration::from_millis(40);
/// Between two parts.
const PACE: Duration = Duration::from_millis(250);

/// What the interface and the thread share.
#[derive(Default)]
struct Shared {
    desk: Mutex<Desk>,
    added: Condvar,
    /// Nobody waits for the question that is being answered.
    left: AtomicBool,
}

#[derive(Default)]
struct Desk {
    /// Oldest first.
    waiting: Vec<Ask>,
    /// Number of the question that is being answered.
    current: Option<u64>,
}

/// The answering thread, from outside.
pub(super) struct Worker(Arc<Shared>);

impl Worker {
    /// Starts the thread.
    pub(super) fn start(sender: Sender<Event>) -> Self {
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        thread::spawn(move || {
            let tell = |seq: u64, answer: Answer| sender.send(Event::App(Box::new(Msg::Answer { seq, answer }))).is_ok();
            loop {
                let ask = own.next();
                let told = Cell::new(Instant::now() + FIRST_PART);
                let go_on = |so_far: &dyn Fn() -> Option<Answer>| {
                    if Instant::now() >= told.get()
                        && !own.is_left()
                        && let Some(part) = so_far()
                    {
                        told.set(Instant::now() + PACE);
                        tell(ask.seq, part);
                    }
                    !own.is_left()
                };
                let answer = ask::answer(&ask, &go_on);
                if !answer.is_none_or(|answer| tell(ask.seq, answer)) {
                    return;
                }
            }
        });
        Self(shared)
    }

    /// Takes a question.
    pub(super) fn ask(&mut self, ask: Ask) {
        self.0.desk().waiting.push(ask);
        self.0.added.notify_one();
    }

    /// Drops questions whose answers nobody waits for any more.
    pub(super) fn keep(&mut self, wanted: impl Fn(u64) -> bool) {
        let mut desk = self.0.desk();
        desk.waiting.retain(|ask| wanted(ask.seq));
        if desk.current.is_some_and(|current| !wanted(current)) {
            self.0.left.store(true, Ordering::Relaxed);
        }
    }
}

impl Shared {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_left(&self) -> bool {
        self.left.load(Ordering::Relaxed)
    }

    fn next(&self) -> Ask {
        let mut desk = self.desk();
        desk.current = None;
        loop {
            if let Some(ask) = desk.waiting.pop() {
                desk.current = Some(ask.seq);
                self.left.store(false, Ordering::Relaxed);
                return ask;
            }
            desk = self.added.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Makes what the first search needs before somebody searches.
pub(super) fn prepare(data: &Arc<Snapshot>) {
    let data = Arc::clone(data);
    thread::spawn(move || {
        data.index();
    });
}
