//! The standard output and error, the pager, the progress bar.

use super::Look;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{BufWriter, ErrorKind, StdoutLock, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Bytes that are gathered before they are written.
const GATHERED: usize = 64 * 1024;

/// Where the answer goes.
pub(super) struct Screen {
    out: Out,
}

enum Out {
    Plain(BufWriter<StdoutLock<'static>>),
    /// On a terminal with a pager: held until it is more than one screen.
    Held(Held),
}

struct Held {
    text: Vec<u8>,
    lines: usize,
    screen: usize,
    pager: String,
    child: Option<Child>,
    /// Whether the pager was left before it had read everything.
    left: bool,
}

impl Screen {
    pub(super) fn new(look: &Look, pages: bool) -> Self {
        let out = match &look.pager {
            Some(pager) if pages && look.terminal => Out::Held(Held {
                text: Vec::new(),
                lines: 0,
                screen: screen_lines(),
                pager: pager.clone(),
                child: None,
                left: false,
            }),
            _ => Out::Plain(BufWriter::with_capacity(GATHERED, std::io::stdout().lock())),
        };
        Self { out }
    }

    pub(super) fn out(&mut self) -> &mut dyn Write {
        match &mut self.out {
            Out::Plain(out) => out,
            Out::Held(held) => held,
        }
    }

    /// Whether nobody reads on: the pager was left. The command goes on to its exit status.
    pub(super) fn is_left(&self) -> bool {
        matches!(&self.out, Out::Held(held) if held.left)
    }

    pub(super) fn finish(&mut self) -> std::io::Result<()> {
        let failed = match &mut self.out {
            Out::Plain(out) => return out.flush(),
            Out::Held(held) => held.end()?,
        };
        if let Some(told) = failed {
            self.err_line(&told);
        }
        Ok(())
    }

    /// A line on the standard error, which may be gone: there is nobody left to tell.
    #[expect(
        clippy::unused_self,
        reason = "one place prints, and it is reached through the printer"
    )]
    pub(super) fn err_line(&mut self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

fn screen_lines() -> usize {
    console_size().map_or(24, |(lines, _)| lines)
}

/// Lines and columns of the terminal; `None` when the standard output is none.
#[must_use]
pub fn console_size() -> Option<(usize, usize)> {
    let (lines, columns) = console::Term::stdout().size_checked()?;
    Some((usize::from(lines), usize::from(columns)))
}

impl Held {
    /// Waits for the pager. Returns what is to be said of one that failed: nobody knows how much it showed.
    fn end(&mut self) -> std::io::Result<Option<String>> {
        match self.child.take() {
            Some(mut child) => {
                drop(child.stdin.take());
                let status = child.wait()?;
                let failed = self.left && !status.success();
                Ok(failed.then(|| {
                    format!(
                        "the pager `{}` failed, {status}; `--no-pager` shows it all",
                        self.pager
                    )
                }))
            }
            None => {
                let mut out = std::io::stdout().lock();
                out.write_all(&self.text)?;
                self.text.clear();
                out.flush().map(|()| None)
            }
        }
    }

    /// Starts the pager; without one the text goes straight to the terminal.
    fn start(&mut self) -> std::io::Result<()> {
        let mut words = self.pager.split_whitespace();
        let started = words.next().map(|program| {
            // `-FRX` is what git gives less: quit when it fits, keep colours, leave the text on the screen.
            Command::new(program).args(words).env("LESS", "FRX").stdin(Stdio::piped()).spawn()
        });
        if let Some(Ok(child)) = started {
            self.child = Some(child);
        }
        let text = std::mem::take(&mut self.text);
        self.pass(&text)
    }

    fn pass(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        match self.child.as_mut().and_then(|child| child.stdin.as_mut()) {
            Some(_) if self.left => Ok(()),
            Some(pipe) => match pipe.write_all(bytes) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    self.left = true;
                    Ok(())
                }
                done => done,
            },
            None => std::io::stdout().lock().write_all(bytes),
        }
    }
}

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.lines >= self.screen {
            self.pass(bytes)?;
            return Ok(bytes.len());
        }
        self.text.extend_from_slice(bytes);
        self.lines += bytes.split(|byte| *byte == b'\n').count().saturating_sub(1);
        if self.lines >= self.screen {
            self.start()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Columns for what a progress bar says.
const SAID: usize = 32;

/// A progress bar on the standard error.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(super) fn new(total: u64, doing: &str, wanted: bool) -> Self {
        use std::io::IsTerminal;
        let target = if wanted && std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {eta}") {
            bar.set_style(style);
        }
        bar.set_message(doing.to_owned());
        // Short work shows nothing: the first drawing comes with a tick after half a second.
        bar.enable_steady_tick(Duration::from_millis(500));
        Self { bar }
    }

    /// Moves on by `step`.
    pub fn more(&self, step: u64) {
        self.bar.inc(step);
    }

    /// Says how much there is.
    pub fn of(&self, total: u64) {
        self.bar.set_length(total);
    }

    pub fn at(&self, done: u64) {
        self.bar.set_position(done);
    }

    /// Says what is being done; of a long path its end, so that there is room for the bar.
    pub fn say(&self, doing: &str) {
        self.bar.set_message(super::layout::head_elided(doing, SAID));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Shows control characters of imported text instead of sending them to the terminal; line ends stay when `lines` says so.
#[must_use]
pub fn escape(text: &str, lines: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' if lines => shown.push('\n'),
            other if hides(other) => shown.extend(other.escape_unicode()),
            other => shown.push(other),
        }
    }
    shown
}

/// Whether a character is not shown as it is: those that control a terminal, and those that reorder a line and so make a name look
/// like another.
pub(super) fn hides(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
