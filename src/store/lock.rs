//! The store's file, and the lock file beside it that tells a live import from a dead one.

use crate::error::{Outcome, Stop};
use anyhow::{Context, anyhow};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long an import waits for another one that makes no progress.
const STANDSTILL: Duration = Duration::from_secs(10);

/// Makes the folder and an empty file that only its owner can read.
pub(super) fn make_file(path: &Path) -> Outcome<()> {
    if path.exists() {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("making the folder {} for the store", folder.display()))?;
    }
    private(OpenOptions::new().write(true).create(true).truncate(false), path)
        .with_context(|| format!("making the store {}", path.display()))?;
    Ok(())
}

/// Opens a file with mode 0600 where the system has modes.
fn private(options: &mut OpenOptions, path: &Path) -> std::io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

fn lock_file(path: &Path) -> Outcome<File> {
    let mut name = path.as_os_str().to_owned();
    name.push("-import");
    let path = PathBuf::from(name);
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
