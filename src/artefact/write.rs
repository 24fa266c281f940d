//! Writing files: beside the target, synced, then renamed; readable by the owner alone. A file appears whole or not at all. What is
//! no file (a device, a pipe) is written through, and a link stays a link to what it names.

use crate::error::{Outcome, Stop, Usage};
use anyhow::Context;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes `bytes` to `path`, replacing what is there.
pub fn whole(path: &Path, bytes: &[u8]) -> Outcome<()> {
    streamed(path, |out| out.write_all(bytes).context("writing").map_err(Into::into))
}

/// Lets `fill` write the file at `path`; when it stops, the target is as it was.
///
/// Usage error when a database is there, which may be the very store.
pub fn streamed<T>(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Outcome<T>) -> Outcome<T> {
    if is_database(path) {
        let message =
            format!("`{}` is a database, and nothing else takes its place", path.display());
        return Err(Usage::new(message).hinted("name another file").into());
    }
    let writing = || format!("writing {}", path.display());
    if is_no_file(path) {
        let open = std::fs::OpenOptions::new().write(true).open(path).with_context(writing)?;
        let mut out = std::io::BufWriter::new(open);
        let answer = fill(&mut out)?;
        out.flush().with_context(writing)?;
        return Ok(answer);
    }
    let mut beside = Beside::new(path)?;
    let mut out = std::io::BufWriter::new(beside.file.as_file_mut());
    let answer = fill(&mut out)?;
    out.flush().with_context(writing)?;
    drop(out);
    beside.take_its_place()?;
    Ok(answer)
}

/// Whether a database of SQLite is there, as every store and every backup is.
pub(crate) fn is_database(path: &Path) -> bool {
    let mut begin = [0; MAGIC.len()];
    let read = |mut file: File| file.read_exact(&mut begin);
    path.is_file() && File::open(path).and_then(read).is_ok() && begin == *MAGIC
}

/// What every database of SQLite begins with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// Whether `path` is there and neither a file nor a folder, so that a rename would put a file in the place of a device.
fn is_no_file(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Why no file could be begun at `target`. The error names the file beside it, which says nothing to its reader.
fn unmade(target: &Path, folder: &Path, error: &Error) -> Stop {
    let shown = folder.display();
    let why = match error.kind() {
        ErrorKind::NotFound => {
            format!("there is no folder `{shown}`; make it first, or name another file")
        }
        ErrorKind::NotADirectory => format!("`{shown}` is no folder; name another file"),
        ErrorKind::PermissionDenied => {
            format!("this user may not write in the folder `{shown}`; name a file in another one")
        }
        ErrorKind::ReadOnlyFilesystem => {
            format!("the folder `{shown}` is on a read-only file system; name a file elsewhere")
        }
        ErrorKind::StorageFull => format!("there is no room left on the disk of `{shown}`"),
        _ => {
            let told = error.get_ref().and_then(std::error::Error::source);
            told.map_or_else(|| error.to_string(), ToString::to_string)
        }
    };
    Stop::Fault(anyhow::anyhow!(why).context(format!("writing {}", target.display())))
}

/// A file in the making, in the folder of its target. Dropped before [`Beside::take_its_place`], it leaves nothing behind.
pub(crate) struct Beside {
    file: NamedTempFile,
    target: PathBuf,
}

impl Beside {
    /// Begins the file that is to stand at `target`; refuses a target that is a device or a pipe.
    pub(crate) fn new(target: &Path) -> Outcome<Self> {
        if is_no_file(target) {
            return Err(Usage::new(format!("`{}` is no file", target.display())).into());
        }
        let target = std::fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let file =
            NamedTempFile::new_in(folder).map_err(|error| unmade(&target, folder, &error))?;
        Ok(Self { file, target })
    }

    /// Where the bytes are while the file is being made.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Brings the bytes to the disk and gives the file its name.
    pub(crate) fn take_its_place(self) -> Outcome<()> {
        let writing = || format!("writing {}", self.target.display());
        self.file.as_file().sync_all().with_context(writing)?;
        self.file.persist(&self.target).with_context(writing)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Beside, streamed, whole};
    use crate::error::Stop;

    #[test]
    fn a_file_that_cannot_be_finished_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.txt");
        whole(&path, b"old").unwrap();
        let stopped = streamed(&path, |out| {
            out.write_all(b"half").unwrap();
            Err::<(), _>(Stop::Fault(anyhow::anyhow!("no more")))
        });
        assert!(stopped.is_err());
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_folder_is_told_by_its_own_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none").join("out.txt");
        let Err(Stop::Fault(error)) = whole(&path, b"text") else { panic!("written to no folder") };
        let told: Vec<String> = error.chain().map(ToString::to_string).collect();
        assert_eq!(told[0], format!("writing {}", path.display()));
        let none = folder.path().join("none").display().to_string();
        assert_eq!(
            told[1],
            format!("there is no folder `{none}`; make it first, or name another file")
        );
        assert_eq!(told.len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_through_and_stays_a_pipe() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(made.success());
        let reader = std::thread::spawn({
            let path = path.clone();
            move || std::fs::read(path).unwrap()
        });
        whole(&path, b"through").unwrap();
        assert_eq!(reader.join().unwrap(), b"through");
        assert!(std::fs::metadata(&path).unwrap().file_type().is_fifo());
        assert!(Beside::new(&path).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_to_the_file_that_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        whole(&file, b"old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        whole(&link, b"new").unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
    }
}
