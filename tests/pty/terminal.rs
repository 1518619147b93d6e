//! A terminal with a program in it: keys go in, a screen comes out.
//!
//! Invariant: all bytes of the program are kept, and drawn by two emulators: one of the terminal's size, and a larger one on
//! which whatever is written past the edge can be seen.
//! Invariant: a wait ends by what is on the screen or with a failure that shows the screen.

use crate::bytes;
use crate::repository::sample;
use crate::screen::Screen;
use portable_pty::CommandBuilder;
use portable_pty::MasterPty;
use portable_pty::PtySize;
use portable_pty::native_pty_system;
use rustix::process::Pid;
use rustix::process::Signal;
use rustix::process::WaitOptions;
use std::fs;
use std::io::Read;
use std::io::Write;
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;
use std::time::Instant;
use tempfile::TempDir;

pub(crate) const TAB: &str = "\t";
pub(crate) const DOWN: &str = "\x1b[B";

/// Nothing takes this long, not even on a busy machine: only a hang does.
const LIMIT: Duration = Duration::from_secs(20);

/// A screen is at rest when no byte came for so long and the program did not work either.
const QUIET: Duration = Duration::from_millis(60);

/// How often the program is looked at.
const GLANCE: Duration = Duration::from_millis(10);

/// What the larger emulator has more, in columns and rows.
const BEYOND: (u16, u16) = (40, 12);

/// The key that a letter makes with the control key.
pub(crate) fn ctrl(letter: char) -> String {
    char::from(u8::try_from(letter).unwrap() & 0x1f).to_string()
}

/// How a terminal is started.
#[derive(Debug)]
pub(crate) struct Start {
    program: Vec<String>,
    size: (u16, u16),
    environment: Vec<(String, String)>,
}

impl Start {
    /// The explorer on a repository, at 80x24.
    pub(crate) fn explorer(repository: &Path) -> Self {
        Self::program(&[env!("CARGO_BIN_EXE_downriver"), repository.to_str().unwrap()])
    }

    /// Any program and its arguments.
    pub(crate) fn program(words: &[&str]) -> Self {
        let environment = [("TERM", "xterm-256color"), ("LANG", "C.UTF-8")];
        Self {
            program: words.iter().map(|&word| word.to_owned()).collect(),
            size: (80, 24),
            environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        }
    }

    /// With one more argument.
    pub(crate) fn arg(mut self, word: &str) -> Self {
        self.program.push(word.to_owned());
        self
    }

    /// With columns and rows.
    pub(crate) fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// With a variable of the environment, which otherwise holds only what a terminal sets.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Opens the terminal and starts the program in it, with a home folder of its own.
    pub(crate) fn open(self) -> Terminal {
        let home = tempfile::tempdir().unwrap();
        let pty = native_pty_system().openpty(pty_size(self.size)).unwrap();
        let modes = modes(&*pty.master);
        let mut command = CommandBuilder::new(&self.program[0]);
        command.args(&self.program[1..]);
        // The sample as it lies in the project is never written in.
        if self.program.get(1).is_some_and(|path| Path::new(path) == sample()) {
            command.arg("--journal");
            command.arg(home.path().join("journal.jsonl"));
        }
        command.env_clear();
        command.cwd(home.path());
        command.env("HOME", home.path());
        command.env("PATH", "/usr/local/bin:/usr/bin:/bin");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        let (sender, chunks) = mpsc::channel();
        let reader = pty.master.try_clone_reader().unwrap();
        let writer = pty.master.take_writer().unwrap();
        let child = pty.slave.spawn_command(command).unwrap();
        let stalled = Arc::new(AtomicBool::new(false));
        let waits = Arc::clone(&stalled);
        thread::spawn(move || pass_on(reader, &sender, &waits));
        Terminal {
            pid: Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap(),
            line: Some(Line { master: pty.master, writer }),
            chunks,
            stalled,
            modes,
            ended: None,
            screen: emulator(self.size, (0, 0)),
            larger: emulator(self.size, BEYOND),
            bytes: Vec::new(),
            size: self.size,
            home,
        }
    }
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Code(i32),
    Signal(i32),
}

impl End {
    /// What a shell says of it.
    pub(crate) fn code(self) -> i32 {
        match self {
            Self::Code(code) => code,
            Self::Signal(signal) => 128 + signal,
        }
    }
}

/// Our end of the line.
struct Line {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
}

/// A terminal with a program in it. The program dies with it.
pub(crate) struct Terminal {
    pid: Pid,
    /// `None`: the terminal was closed.
    line: Option<Line>,
    chunks: Receiver<Vec<u8>>,
    /// Nothing is read from the line.
    stalled: Arc<AtomicBool>,
    /// Of the terminal before the program started.
    modes: String,
    ended: Option<End>,
    screen: vt100::Parser,
    larger: vt100::Parser,
    bytes: Vec<u8>,
    size: (u16, u16),
    home: TempDir,
}

impl Terminal {
    /// Types keys, all in one write as a fast typist or a slow line delivers them.
    pub(crate) fn press(&mut self, keys: &str) {
        self.write(keys.as_bytes());
    }

    /// Types keys and waits until nothing moves any more.
    pub(crate) fn tap(&mut self, keys: &str) -> Screen {
        self.press(keys);
        self.settle()
    }

    /// The Esc key. It is told from the start of a sequence by what follows, hence the wait.
    pub(crate) fn esc(&mut self) -> Screen {
        self.tap("\x1b")
    }

    /// Pastes a text as terminals do that were asked to bracket it.
    pub(crate) fn paste(&mut self, text: &str) {
        self.press(&format!("\x1b[200~{text}\x1b[201~"));
    }

    fn write(&mut self, bytes: &[u8]) {
        let line = self.line.as_mut().expect("the terminal was closed");
        // A program that ended does not read: what is typed then is lost, as at any terminal.
        let _ = line.writer.write_all(bytes).and_then(|()| line.writer.flush());
    }

    /// Changes columns and rows.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.take(Duration::ZERO);
        self.size = (columns, rows);
        let line = self.line.as_ref().expect("the terminal was closed");
        for (emulator, more) in [(&mut self.screen, (0, 0)), (&mut self.larger, BEYOND)] {
            let (rows, columns) = cells(self.size, more);
            emulator.set_size(rows, columns);
        }
        line.master.resize(pty_size(self.size)).unwrap();
    }

    /// The screen as it is now.
    pub(crate) fn screen(&self) -> Screen {
        Screen::of(self.screen.screen())
    }

    /// All that the program wrote so far.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the program has left the main screen of the terminal for its own.
    pub(crate) fn on_alternate_screen(&self) -> bool {
        self.screen.screen().alternate_screen()
    }

    /// What a program must put back: screen, cursor, paste, mouse, keys.
    pub(crate) fn left_switched_on(&self) -> Vec<&'static str> {
        let screen = self.screen.screen();
        let mouse = screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None;
        [
            (screen.alternate_screen(), "alternate screen"),
            (screen.hide_cursor(), "hidden cursor"),
            (screen.bracketed_paste(), "bracketed paste"),
            (mouse, "mouse"),
            (screen.application_cursor(), "application cursor keys"),
            (screen.inverse() || screen.bold() || screen.underline(), "attributes"),
        ]
        .into_iter()
        .filter_map(|(on, what)| on.then_some(what))
        .collect()
    }

    /// What was written past the right or the lower edge.
    pub(crate) fn past_the_edge(&self) -> Vec<String> {
        let screen = self.larger.screen();
        let (rows, columns) = screen.size();
        let outside = |row: u16, column: u16| row >= self.size.1 || column >= self.size.0;
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        cells
            .filter(|&(row, column)| outside(row, column))
            .filter_map(|(row, column)| Some((row, column, screen.cell(row, column)?)))
            .filter(|(_, _, cell)| cell.has_contents() && cell.contents() != " ")
            .map(|(row, column, cell)| format!("{:?} at column {column}, row {row}", cell.contents()))
            .collect()
    }

    /// Folder that the program takes for its user's own.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Whether the terminal's modes (echo, line editing, signals) are as before the program.
    pub(crate) fn modes_are_restored(&self) -> bool {
        self.line.as_ref().is_some_and(|line| modes(&*line.master) == self.modes)
    }

    /// Waits until the screen is as wanted and at rest; fails with a picture of it.
    pub(crate) fn wait_for(&mut self, what: &str, is_there: impl Fn(&Screen) -> bool) -> Screen {
        let start = Instant::now();
        loop {
            let open = self.take(GLANCE);
            let drawn = !bytes::ends_inside_an_update(&self.bytes);
            if drawn && is_there(&self.screen()) {
                let screen = self.settle();
                if is_there(&screen) {
                    return screen;
                }
            }
            assert!(open, "the program ended while waiting for {what}\n{}", self.picture());
            assert!(start.elapsed() < LIMIT, "no {what} on the screen\n{}", self.picture());
        }
    }

    /// Waits until nothing is drawn or computed any more.
    pub(crate) fn settle(&mut self) -> Screen {
        let start = Instant::now();
        let mut last = start;
        loop {
            match self.chunks.recv_timeout(GLANCE) {
                Ok(chunk) => {
                    self.draw(&chunk);
                    last = Instant::now();
                }
                Err(RecvTimeoutError::Timeout) if self.is_working() => last = Instant::now(),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.screen(),
            }
            if last.elapsed() >= QUIET {
                return self.screen();
            }
            assert!(start.elapsed() < LIMIT, "the program never rests\n{}", self.picture());
        }
    }

    /// Reads for a while, whatever comes; how many bytes came.
    pub(crate) fn listen(&mut self, time: Duration) -> usize {
        let before = self.bytes.len();
        let start = Instant::now();
        while start.elapsed() < time && self.take(GLANCE) {}
        self.bytes.len() - before
    }

    /// Stops reading, as a line does that carries no more; at most one more chunk is read.
    pub(crate) fn stall(&mut self) {
        self.stalled.store(true, Ordering::SeqCst);
    }

    /// Reads again.
    pub(crate) fn go_on(&mut self) {
        self.stalled.store(false, Ordering::SeqCst);
    }

    /// Draws what another program writes to the same terminal.
    pub(crate) fn scribble(&mut self, text: &str) {
        self.screen.process(text.as_bytes());
        self.larger.process(text.as_bytes());
    }

    /// Processor time that the program used so far, in the kernel's ticks; 0 where the kernel does not tell.
    pub(crate) fn processor_time(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.foreground().as_raw_nonzero())).unwrap_or_default();
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
        fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum()
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.foreground(), signal).unwrap();
    }

    /// Closes the terminal as a dropped connection does.
    pub(crate) fn close(&mut self) {
        // Dropping the writer types a last newline and ^D. The answer wakes the reading thread, which sees that nobody
        // listens and lets go of the last copy of our end.
        self.chunks = mpsc::channel().1;
        self.line = None;
    }

    /// Waits for the end of the program and reads its last words.
    pub(crate) fn end(&mut self) -> End {
        let start = Instant::now();
        loop {
            if !self.take(GLANCE) {
                thread::sleep(GLANCE);
            }
            if let Some(end) = self.poll_end() {
                while start.elapsed() < LIMIT && self.take(GLANCE) {}
                return end;
            }
            assert!(start.elapsed() < LIMIT, "the program does not end\n{}", self.picture());
        }
    }

    /// The end of the program, if it came.
    fn poll_end(&mut self) -> Option<End> {
        if self.ended.is_none() {
            let (_, status) = rustix::process::waitpid(Some(self.pid), WaitOptions::NOHANG).unwrap()?;
            let code = status.exit_status().map(End::Code);
            self.ended = code.or_else(|| status.terminating_signal().map(End::Signal));
        }
        self.ended
    }

    /// Whether the program was stopped by a signal and can go on.
    pub(crate) fn is_stopped(&self) -> bool {
        thread_states(self.foreground()).iter().any(|state| matches!(state, 'T' | 't'))
    }

    /// The screen and the last bytes, for people who read a failure.
    pub(crate) fn picture(&self) -> String {
        let (columns, rows) = self.size;
        let from = self.bytes.len().saturating_sub(400);
        let tail = String::from_utf8_lossy(&self.bytes[from..]).escape_debug().to_string();
        let frame = "-".repeat(usize::from(columns));
        format!("{columns}x{rows}\n+{frame}+\n{}+{frame}+\nlast bytes: {tail}", self.screen().picture())
    }

    /// Reads what there is, waiting at most so long for a first byte; whether the line is still open.
    fn take(&mut self, patience: Duration) -> bool {
        let mut next = self.chunks.recv_timeout(patience);
        loop {
            match next {
                Ok(chunk) => self.draw(&chunk),
                Err(RecvTimeoutError::Timeout) => return true,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
            next = self.chunks.recv_timeout(Duration::ZERO);
        }
    }

    fn draw(&mut self, chunk: &[u8]) {
        self.bytes.extend_from_slice(chunk);
        self.screen.process(chunk);
        self.larger.process(chunk);
    }

    /// The process that has the keys: the program, or what a shell runs.
    fn foreground(&self) -> Pid {
        let leader = self.line.as_ref().and_then(|line| line.master.process_group_leader());
        leader.and_then(Pid::from_raw).unwrap_or(self.pid)
    }

    /// Whether a thread of the program runs, or wants to: on a busy machine it may have to wait for its turn.
    fn is_working(&self) -> bool {
        thread_states(self.foreground()).iter().any(|state| matches!(state, 'R' | 'D'))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if self.poll_end().is_none() {
            let _ = rustix::process::kill_process_group(self.foreground(), Signal::KILL);
            let _ = rustix::process::kill_process(self.pid, Signal::KILL);
            let _ = rustix::process::waitpid(Some(self.pid), WaitOptions::empty());
        }
    }
}

/// Hands on what is read until either side ends.
fn pass_on(mut reader: Box<dyn Read + Send>, to: &Sender<Vec<u8>>, stalled: &AtomicBool) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(n @ 1..) = reader.read(&mut buffer) {
        if to.send(buffer[..n].to_vec()).is_err() {
            return;
        }
        while stalled.load(Ordering::SeqCst) {
            thread::sleep(GLANCE);
        }
    }
}

/// States of the threads of a process as the kernel tells them; none where it does not.
fn thread_states(pid: Pid) -> Vec<char> {
    let Ok(threads) = fs::read_dir(format!("/proc/{}/task", pid.as_raw_nonzero())) else { return Vec::new() };
    let stats = threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("stat")).ok());
    // The name of the program stands in parentheses and may hold anything; the state follows it.
    stats.filter_map(|stat| stat.rsplit_once(')')?.1.trim_start().chars().next()).collect()
}

fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().expect("a terminal has modes"))
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

fn emulator(size: (u16, u16), more: (u16, u16)) -> vt100::Parser {
    let (rows, columns) = cells(size, more);
    vt100::Parser::new(rows, columns, 0)
}

/// Rows and columns as the emulator wants them: at least one.
fn cells((columns, rows): (u16, u16), more: (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    let at_least_one = |n: u16| NonZeroU16::new(n.max(1)).unwrap();
    (at_least_one(rows + more.1), at_least_one(columns + more.0))
}

#[test]
fn the_harness_reads_a_program_that_only_prints() {
    let mut terminal = Start::program(&[env!("CARGO_BIN_EXE_downriver"), "--help"]).size(80, 140).open();
    assert_eq!(terminal.end(), End::Code(0), "{}", terminal.picture());
    assert!(terminal.screen().has("Usage: downriver"), "{}", terminal.picture());
    assert!(terminal.modes_are_restored());
    assert_eq!(terminal.left_switched_on(), Vec::<&str>::new());
}

#[test]
fn the_harness_sees_keys_sizes_signals_and_a_closed_terminal() {
    let mut terminal = Start::program(&["sh", "-c", "stty -icanon; echo ready; read line; stty size; exec sleep 60"]).open();
    terminal.wait_for("ready", |screen| screen.has("ready"));
    assert!(!terminal.modes_are_restored());
    terminal.resize(100, 30);
    terminal.press("\n");
    terminal.wait_for("the new size", |screen| screen.has("30 100"));
    terminal.signal(Signal::STOP);
    while !terminal.is_stopped() {
        terminal.listen(GLANCE);
    }
    terminal.signal(Signal::CONT);
    terminal.close();
    assert_eq!(terminal.end().code(), 129, "the kernel's SIGHUP");
}

#[test]
fn the_harness_sees_what_is_written_past_the_edge() {
    let mut terminal = Start::program(&["sh", "-c", "printf '\\033[2;15Hinside and outside'; sleep 60"]).size(20, 4).open();
    terminal.wait_for("text", |screen| screen.has("insid"));
    assert!(!terminal.past_the_edge().is_empty());
}
