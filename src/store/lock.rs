//! The store's file, and the lock file beside it that tells a live import from a dead one.

use crate::error::{Outcome, Stop};
use anyhow::{Context, anyhow};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long an import waits for another one that makes no progress.
const STANDSTILL: Duration = Duration::from_secs(10);

/// Makes an empty file that only its owner can read, and the folder of a store that nobody named.
///
/// Faults when a store was named in a folder that is not there: more likely the name is mistyped.
pub(super) fn make_file(path: &Path, named: bool) -> Outcome<()> {
    if path.exists() {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        if named {
            let fault = anyhow!("there is no folder {}", folder.display());
            return Err(Stop::Fault(fault.context(format!("making the store {}", path.display())))
                .remedied("is the path right? make the folder first, if it is"));
        }
        std::fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {} for the store", folder.display()))?;
    }
    private(OpenOptions::new().write(true).create(true).truncate(false), path)
        .with_context(|| format!("making the store {}", path.display()))?;
    Ok(())
}

/// Faults when a folder stands where the store should.
pub(super) fn no_folder(path: &Path) -> Outcome<()> {
    if !path.is_dir() {
        return Ok(());
    }
    let fault = anyhow!("{} is a folder, and a store is a file", path.display());
    let file = path.join("store.db");
    Err(Stop::Fault(fault).remedied(format!("name a file in it: `--store {}`", file.display())))
}

/// Whether this user can write a store: its file, and its folder, where the journal of a change stands.
pub(super) fn may_write(path: &Path) -> bool {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().unwrap_or(Path::new("."));
    OpenOptions::new().append(true).open(&path).is_ok() && tempfile::tempfile_in(folder).is_ok()
}

/// Whether an import is under way.
pub(super) fn is_held(path: &Path) -> bool {
    let file = File::open(lock_path(path));
    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Opens a file with mode 0600 where the system has modes.
fn private(options: &mut OpenOptions, path: &Path) -> std::io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

fn lock_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-import");
    PathBuf::from(name)
}

fn lock_file(path: &Path) -> Outcome<File> {
    let path = lock_path(path);
    private(OpenOptions::new().write(true).create(true).truncate(false), &path)
        .with_context(|| format!("making the lock file {}", path.display()))
        .map_err(Stop::Fault)
}

/// Takes the lock when nobody holds it.
pub(super) fn attempt(path: &Path) -> Outcome<Option<File>> {
    let file = lock_file(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => {
            Err(Stop::Fault(anyhow::Error::from(error).context("locking the store for an import")))
        }
    }
}

/// Waits for a running import as long as it makes progress.
pub(super) fn for_import(path: &Path) -> Outcome<File> {
    let state = || std::fs::metadata(path).and_then(|data| Ok((data.len(), data.modified()?))).ok();
    let (mut seen, mut since) = (state(), Instant::now());
    loop {
        if let Some(lock) = attempt(path)? {
            return Ok(lock);
        }
        if state() != seen {
            (seen, since) = (state(), Instant::now());
        }
        if since.elapsed() > STANDSTILL {
            return Err(Stop::Fault(anyhow!(
                "another import holds the store and has written nothing for ten seconds; try again when it is done"
            )));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
