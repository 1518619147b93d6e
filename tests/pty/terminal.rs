//! The real binary in a pseudo-terminal, and a terminal emulator that reads its screen.

use portable_pty::Child;
use portable_pty::CommandBuilder;
use portable_pty::MasterPty;
use portable_pty::PtySize;
use portable_pty::native_pty_system;
use std::io::Read;
use std::io::Write;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// What a person may wait for at most; a machine under load is slow.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running explorer.
pub struct Explorer {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    pub child: Box<dyn Child + Send + Sync>,
    bytes: Receiver<Vec<u8>>,
    emulator: vt100::Parser,
    /// All bytes that were received.
    pub received: Vec<u8>,
}

/// How it is started.
pub struct Start {
    pub size: (u16, u16),
    pub arguments: Vec<String>,
    pub environment: Vec<(&'static str, String)>,
}

impl Start {
    /// On a repository of this checkout.
    pub fn new(width: u16, height: u16) -> Self {
        Self { size: (width, height), arguments: vec![sample().display().to_string()], environment: Vec::new() }
    }

    pub fn with(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    pub fn on(mut self, folder: &std::path::Path) -> Self {
        self.arguments = vec![folder.display().to_string()];
        self
    }

    pub fn set(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.to_owned()));
        self
    }

    pub fn run(self) -> Explorer {
        let (cols, rows) = self.size;
        let pair = native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_downriver"));
        command.args(&self.arguments);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for name in ["NO_COLOR", "LC_ALL", "LC_CTYPE", "VISUAL", "EDITOR"] {
            command.env_remove(name);
        }
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let (sender, bytes) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(n) = reader.read(&mut buffer) {
                if n == 0 || sender.send(buffer[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        Explorer {
            master: pair.master,
            writer,
            child,
            bytes,
            emulator: vt100::Parser::new(cells(rows), cells(cols), 0),
            received: Vec::new(),
        }
    }
}

fn cells(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN)
}

pub fn sample() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample-sboms")
}

impl Explorer {
    /// The screen, trailing blanks cut.
    pub fn screen(&mut self) -> String {
        self.drain();
        let (_, cols) = self.emulator.screen().size();
        self.emulator.screen().rows(0, cols.get()).map(|row| row.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    fn drain(&mut self) {
        while let Ok(bytes) = self.bytes.try_recv() {
            self.emulator.process(&bytes);
            self.received.extend(bytes);
        }
    }

    /// Waits until the screen shows a text.
    pub fn wait_for(&mut self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if screen.contains(text) {
                return screen;
            }
            assert!(Instant::now() < until, "no {text:?} on the screen:\n{screen}");
            if let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(200)) {
                self.emulator.process(&bytes);
                self.received.extend(bytes);
            }
        }
    }

    /// Waits until nothing is sent for a while; how many bytes came.
    pub fn settle(&mut self) -> usize {
        let mut n = 0;
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(300)) {
            n += bytes.len();
            self.emulator.process(&bytes);
            self.received.extend(bytes);
        }
        n
    }

    /// Bytes that come within a time.
    pub fn bytes_within(&mut self, time: Duration) -> usize {
        let until = Instant::now() + time;
        let mut n = 0;
        while let Ok(bytes) = self.bytes.recv_timeout(until.saturating_duration_since(Instant::now())) {
            n += bytes.len();
            self.emulator.process(&bytes);
            self.received.extend(bytes);
        }
        n
    }

    pub fn send(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self.emulator.screen_mut().set_size(cells(rows), cells(cols));
    }

    /// Waits for the end; the exit code.
    pub fn end(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        loop {
            self.drain();
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < until, "still running:\n{}", self.screen());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// The terminal's modes, as `stty -a` would tell.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios().unwrap())
    }

    /// The cells of the emulator's screen that are not plain: for checks of colour.
    pub fn has_color(&mut self) -> bool {
        self.drain();
        let (rows, cols) = self.emulator.screen().size();
        (0..rows.get()).any(|row| {
            (0..cols.get()).any(|col| {
                self.emulator
                    .screen()
                    .cell(row, col)
                    .is_some_and(|cell| cell.fgcolor() != vt100::Color::Default || cell.bgcolor() != vt100::Color::Default)
            })
        })
    }

    pub fn on_alternate_screen(&mut self) -> bool {
        self.drain();
        self.emulator.screen().alternate_screen()
    }

    /// Cuts the line: the terminal hangs up.
    pub fn hang_up(self) -> Box<dyn Child + Send + Sync> {
        drop(self.writer);
        drop(self.master);
        self.child
    }
}
