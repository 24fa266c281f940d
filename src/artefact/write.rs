//! Writing files: beside the target, synced, then renamed; readable by the owner alone. A file appears whole or not at all.

use crate::error::Outcome;
use anyhow::Context;
use std::io::Write;
use std::path::Path;

/// Writes `bytes` to `path`, replacing what is there.
pub fn whole(path: &Path, bytes: &[u8]) -> Outcome<()> {
    streamed(path, |out| out.write_all(bytes).context("writing").map_err(Into::into))
}

/// Lets `fill` write the file at `path`; when it stops, the target is as it was.
pub fn streamed<T>(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Outcome<T>) -> Outcome<T> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let writing = || format!("writing {}", path.display());
    let beside = tempfile::NamedTempFile::new_in(folder).with_context(writing)?;
    let mut out = std::io::BufWriter::new(beside);
    let answer = fill(&mut out)?;
    let beside =
        out.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(writing)?;
    beside.as_file().sync_all().with_context(writing)?;
    beside.persist(path).with_context(writing)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::{streamed, whole};
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
}
