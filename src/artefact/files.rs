//! Finding and opening the files that a user names: files, whole folders, `-` for the standard input.

use super::{Sample, text};
use crate::error::Outcome;
use anyhow::{Context, anyhow};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A file to be read.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where it lies; of a member, where its archive lies.
    pub path: PathBuf,
    /// As the user would name it.
    pub name: String,
    /// The folder below the named path in which it lies; `None` when it was named itself or lies directly in the named folder.
    pub folder: Option<String>,
    /// Whether the user named it, rather than a folder above it.
    pub named: bool,
    pub size: u64,
    /// The name of a member within its archive.
    pub member: Option<String>,
    /// What is in it, when that is not what lies at `path`.
    spool: Option<Rc<File>>,
}

impl Found {
    /// The one file that a command names; `-` is the standard input.
    ///
    /// Faults when the standard input cannot be read.
    pub fn at(path: &Path) -> Outcome<Self> {
        if path.as_os_str() == "-" { Self::input() } else { Ok(Self::named(path, 0)) }
    }

    fn named(path: &Path, size: u64) -> Self {
        Self {
            path: path.to_owned(),
            name: path.display().to_string(),
            folder: None,
            named: true,
            size,
            member: None,
            spool: None,
        }
    }

    /// The standard input: it can be read once, and some readers seek.
    fn input() -> Outcome<Self> {
        let mut spool = spool()?;
        let size = std::io::copy(&mut std::io::stdin().lock(), &mut spool)
            .context("reading the standard input")?;
        Ok(Self { spool: Some(Rc::new(spool)), ..Self::named(Path::new("-"), size) })
    }

    /// A member of this archive: its name there, and what is in it.
    pub(super) fn member(&self, name: &str, content: File) -> Outcome<Self> {
        let folder = Path::new(name).parent().and_then(Path::file_name);
        let folder = folder.map(|name| name.to_string_lossy().into_owned());
        Ok(Self {
            path: self.path.clone(),
            name: format!("{}!{name}", self.name),
            folder: folder.or_else(|| self.folder.clone()),
            named: false,
            size: content.metadata().context("reading a member")?.len(),
            member: Some(name.to_owned()),
            spool: Some(Rc::new(content)),
        })
    }

    /// The open file, at its start.
    pub(super) fn file(&self) -> Outcome<File> {
        let Some(spool) = &self.spool else {
            return Ok(File::open(&self.path).with_context(|| format!("opening {}", self.name))?);
        };
        let mut file = spool.try_clone().with_context(|| format!("opening {}", self.name))?;
        file.seek(SeekFrom::Start(0)).with_context(|| format!("reading {}", self.name))?;
        Ok(file)
    }
}

/// A file without a name, for what lies in no file of its own: nothing is left of it, however the process ends.
pub(super) fn spool() -> Outcome<File> {
    Ok(tempfile::tempfile().context("making a temporary file")?)
}

/// Opens the one file that a command names, decoded; `-` is the standard input.
///
/// - `work` gets the beginning, by which the kind is told, and the text without byte order mark.
/// - `tick` is told how many bytes were read.
///
/// Complaints of `work` name the file. Faults when it cannot be read.
pub fn read_text<T>(
    path: &Path,
    tick: Tick,
    work: impl FnOnce(&Sample<'_>, &mut dyn BufRead) -> Outcome<T>,
) -> Outcome<T> {
    let found = Found::at(path)?;
    let mut opened = Opened::open(&found, tick)?;
    let head = opened.head()?;
    let decoded = text::sample(&head).unwrap_or_default();
    let sample = Sample { name: &found.name, bytes: &head, text: &decoded };
    let answer = work(&sample, &mut text::Text::new(&mut opened, text::form(&head)));
    answer.map_err(|stop| stop.within(&found.name))
}

/// An entry of a folder that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    pub name: String,
    pub why: String,
}

/// How many unreadable entries a fault names.
const TOLD: usize = 10;

/// What is at or below some paths.
#[derive(Debug, Default)]
pub struct Files {
    pub found: Vec<Found>,
    pub unreadable: Vec<Unreadable>,
}

impl Files {
    /// The files. Faults when an entry of a folder cannot be read; all of them are named, up to a limit.
    pub fn all(self) -> Outcome<Vec<Found>> {
        if self.unreadable.is_empty() {
            return Ok(self.found);
        }
        let told = |entry: &Unreadable| format!("{}: {}", entry.name, entry.why);
        let list: Vec<String> = self.unreadable.iter().take(TOLD).map(told).collect();
        let more = match self.unreadable.len() - list.len() {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        Err(anyhow!("{}{more}", list.join("; ")).context("reading a folder").into())
    }
}

/// Every file at or below `paths`, as [`survey`] finds them.
///
/// Faults when one of the paths or an entry of a folder cannot be read.
pub fn find(paths: &[PathBuf]) -> Outcome<Vec<Found>> {
    survey(paths)?.all()
}

/// Every file at or below `paths`, in the order of the paths, sorted below each; hidden files, links to folders, and what is no file
/// are left out below a folder.
///
/// Faults when one of the paths cannot be read.
pub fn survey(paths: &[PathBuf]) -> Outcome<Files> {
    let mut files = Files::default();
    for path in paths {
        if path.as_os_str() == "-" {
            files.found.push(Found::input()?);
            continue;
        }
        let data =
            std::fs::metadata(path).with_context(|| format!("reading {}", path.display()))?;
        if data.is_dir() {
            std::fs::read_dir(path)
                .with_context(|| format!("reading the folder {}", path.display()))?;
            walk(path, path, &mut files);
        } else {
            files.found.push(Found::named(path, data.len()));
        }
    }
    Ok(files)
}

fn walk(root: &Path, folder: &Path, files: &mut Files) {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return files.unreadable.push(unreadable(folder, &error)),
    };
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(root, &path, files);
            continue;
        }
        let data = match std::fs::metadata(&path) {
            Ok(data) if data.is_file() => data,
            Ok(_) => continue,
            Err(error) => {
                files.unreadable.push(unreadable(&path, &error));
                continue;
            }
        };
        if let Err(error) = File::open(&path) {
            files.unreadable.push(unreadable(&path, &error));
            continue;
        }
        let within = (folder != root).then(|| folder.file_name()).flatten();
        files.found.push(Found {
            folder: within.map(|name| name.to_string_lossy().into_owned()),
            named: false,
            ..Found::named(&path, data.len())
        });
    }
}

/// Why an entry cannot be read; of a link that leads nowhere, where it leads.
fn unreadable(path: &Path, error: &std::io::Error) -> Unreadable {
    let why = match std::fs::read_link(path) {
        Ok(target) if error.kind() == std::io::ErrorKind::NotFound => {
            format!("a link to {}, which is not there", target.display())
        }
        _ => error.to_string(),
    };
    Unreadable { name: path.display().to_string(), why }
}

/// An open file that counts and digests what is read of it.
pub struct Opened {
    file: File,
    /// Where the next byte is read.
    at: u64,
    digest: Sha256,
    /// How much of the file, from its start, was digested: all that is read in order is.
    digested: u64,
    /// Whether anybody will ask for the digest.
    digests: bool,
    /// Is told how many bytes were read, for the progress bar.
    tick: Tick,
}

/// Takes the number of bytes that were read.
pub type Tick = Rc<dyn Fn(u64)>;

/// Size of the beginning by which a kind is told.
const HEAD: u64 = 64 * 1024;

impl Opened {
    /// Opens a file at its start.
    pub fn open(found: &Found, tick: Tick) -> Outcome<Self> {
        let file = found.file()?;
        if file.metadata().is_ok_and(|data| data.is_dir()) {
            return Err(anyhow!("{} is a folder", found.name).into());
        }
        Ok(Self { file, at: 0, digest: Sha256::new(), digested: 0, digests: false, tick })
    }

    /// Digests what is read: for files that leave a trace in the history.
    #[must_use]
    pub fn digesting(self) -> Self {
        Self { digests: true, ..self }
    }

    /// The beginning of the file; the position is at the start afterwards.
    pub fn head(&mut self) -> Outcome<Vec<u8>> {
        let mut head = Vec::new();
        (&mut self.file)
            .take(HEAD)
            .read_to_end(&mut head)
            .context("reading the beginning of a file")?;
        self.seek(SeekFrom::Start(0)).context("reading a file")?;
        Ok(head)
    }

    /// The SHA-256 of the whole file in lower-case hex; what was not read in order is read for it.
    pub fn sha256(mut self) -> Outcome<String> {
        self.file.seek(SeekFrom::Start(self.digested)).context("reading a file")?;
        let mut piece = vec![0; 128 * 1024];
        loop {
            let count = self.file.read(&mut piece).context("reading a file")?;
            if count == 0 {
                break;
            }
            self.digest.update(piece.get(..count).unwrap_or_default());
        }
        Ok(self.digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Read for Opened {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        let new = self.digested.checked_sub(self.at).filter(|_| self.digests);
        if let Some(new) = new.and_then(|known| buffer.get(usize::try_from(known).ok()?..count)) {
            self.digest.update(new);
            self.digested += bytes(new.len());
        }
        self.at += bytes(count);
        (self.tick)(bytes(count));
        Ok(count)
    }
}

impl Seek for Opened {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

fn bytes(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::{Found, Opened, find, survey};
    use std::io::{Read, Seek, SeekFrom};
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    fn folder() -> (tempfile::TempDir, Vec<PathBuf>) {
        let folder = tempfile::tempdir().unwrap();
        crate::artefact::write::whole(&folder.path().join("a.txt"), b"a").unwrap();
        let paths = vec![folder.path().to_owned()];
        (folder, paths)
    }

    #[test]
    fn the_digest_is_that_of_the_whole_file_in_whatever_order_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        crate::artefact::write::whole(&path, b"abc").unwrap();
        // Where reading goes on, and how much is read there.
        let ways: [&[(u64, usize)]; 6] = [
            &[],
            &[(0, 3)],
            &[(0, 1), (1, 1)],
            &[(2, 1), (0, 2)],
            &[(0, 2), (1, 2), (0, 3)],
            &[(0, 1), (2, 1), (0, 3), (3, 1)],
        ];
        for way in ways {
            let found = Found::at(&path).unwrap();
            let mut opened = Opened::open(&found, std::rc::Rc::new(|_| ())).unwrap().digesting();
            for (at, count) in way {
                opened.seek(SeekFrom::Start(*at)).unwrap();
                let _ = opened.read(&mut vec![0; *count]).unwrap();
            }
            assert_eq!(
                opened.sha256().unwrap(),
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "{way:?}"
            );
        }
    }

    #[test]
    fn a_link_back_to_its_folder_is_not_followed() {
        let (folder, paths) = folder();
        symlink(folder.path(), folder.path().join("loop")).unwrap();
        symlink("b.txt", folder.path().join("c.txt")).unwrap();
        symlink("c.txt", folder.path().join("b.txt")).unwrap();
        let files = survey(&paths).unwrap();
        assert_eq!(files.found.len(), 1);
        assert_eq!(files.unreadable.len(), 2, "two links that lead to each other");
    }

    #[test]
    fn a_pipe_in_a_folder_is_no_file_to_wait_for() {
        let (folder, paths) = folder();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(find(&paths).unwrap().len(), 1);
    }

    #[test]
    fn every_link_that_leads_nowhere_is_named_with_where_it_leads() {
        let (folder, paths) = folder();
        for name in ["x", "y"] {
            symlink("gone", folder.path().join(name)).unwrap();
        }
        let files = survey(&paths).unwrap();
        let told: Vec<&str> = files.unreadable.iter().map(|entry| entry.why.as_str()).collect();
        assert_eq!(told, ["a link to gone, which is not there"; 2]);
        let fault = format!("{:?}", files.all().unwrap_err());
        assert!(fault.contains("/x: a link to gone") && fault.contains("/y: a link to gone"));
        assert_eq!(find(&paths).unwrap_err().status(), 4);
    }
}
