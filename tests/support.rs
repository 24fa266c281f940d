//! Running the program as a user does: an empty folder, a clean environment, a fixed clock.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The moment in which the examples are told.
pub(crate) const NOW: &str = "2026-03-31T00:00:00Z";

/// The root of the project.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A folder of its own for one user.
pub(crate) struct User {
    folder: tempfile::TempDir,
}

impl User {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(root().join("examples"), folder.path().join("examples"))
            .unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.path("store.db")
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// Where programs are found: licctl, and those of the system.
    pub(crate) fn search_path() -> String {
        format!("{}:/usr/bin:/bin", licctl().parent().unwrap().display())
    }

    /// A command with a clean environment.
    pub(crate) fn clean(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .current_dir(self.folder.path())
            .env("PATH", Self::search_path())
            .env("HOME", self.folder.path())
            .env("LICCTL_NOW", NOW)
            .env("LICCTL_SEED", "1")
            .env("COLUMNS", "100")
            .stdin(std::process::Stdio::null());
        command
    }

    pub(crate) fn licctl(&self, words: &[&str]) -> Command {
        let mut command = self.clean(licctl());
        command.arg("--store").arg(self.store()).args(words);
        command
    }

    pub(crate) fn run(&self, words: &[&str]) -> Answer {
        Answer::of(&self.licctl(words).output().unwrap())
    }

    /// Runs and expects status 0; what was printed.
    pub(crate) fn ok(&self, words: &[&str]) -> String {
        let answer = self.run(words);
        assert_eq!(answer.status, 0, "licctl {}: {}", words.join(" "), answer.err);
        answer.out
    }

    /// Runs with `-o json` and expects status 0; the document.
    pub(crate) fn json(&self, words: &[&str]) -> serde_json::Value {
        let words: Vec<&str> = words.iter().copied().chain(["-o", "json"]).collect();
        serde_json::from_str(&self.ok(&words)).unwrap()
    }
}

pub(crate) fn licctl() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_licctl"))
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The file's bytes as UTF-16LE with a byte order mark, as PowerShell writes them.
pub(crate) fn utf16(text: &str) -> Vec<u8> {
    std::iter::once(0xFEFF_u16).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Request `number` of a small log in CSV: one client a request, an hour apart.
pub(crate) fn csv_log(from: u32, count: u32) -> String {
    let mut text = String::from("TimeCreated,RecordId,Info\n");
    for number in from..from + count {
        let (day, hour) = (1 + number / 24 % 28, number % 24);
        let _ = writeln!(
            text,
            "2026-03-{day:02}T{hour:02}:00:00Z,{number},\"0x0,25,pc-{number:05}.corp.example,{number:08x}-0000-4000-8000-000000000000,2026/3/{day} {hour}:00,0,1,250000,2de67392-b7a7-462a-b1ca-108dd189f588\""
        );
    }
    text
}
