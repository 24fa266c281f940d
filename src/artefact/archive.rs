//! Archives: a zip is read as a folder of its members, a workbook as a folder of its sheets. What a member is, is told like that of any file.

use super::files::{Found, spool};
use super::trouble::excerpt;
use super::{HELD, workbook};
use crate::error::{Complaint, Outcome, Place, Stop};
use std::fs::File;
use std::io::{BufReader, Read, Write, sink};
use zip::ZipArchive;
use zip::result::ZipError;

/// What a zip begins with.
const MAGIC: &[u8] = b"PK\x03\x04";

/// How much the members of one archive may unpack to: 1 GiB.
const MOST: u64 = 4 * HELD;

/// How many members one archive may have.
const MEMBERS: usize = 10_000;

type Zip = ZipArchive<BufReader<File>>;

/// Whether a file that begins with `head` is an archive.
#[must_use]
pub fn is_archive(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// What is in an archive: its members without folders and hidden ones, or the visible sheets of a workbook as CSV; each unpacked
/// into a file without a name, so that nothing is left of it.
///
/// Complains when the archive is damaged, locked by a password, packed in another way than deflate, or larger than is read.
pub fn members(archive: &Found) -> Outcome<Vec<Found>> {
    unpacked(archive).map_err(|stop| stop.within(&archive.name))
}

fn unpacked(archive: &Found) -> Outcome<Vec<Found>> {
    let mut zip = Zip::new(BufReader::new(archive.file()?)).map_err(|error| wrong("", &error))?;
    if zip.len() > MEMBERS {
        return Err(bad(format!("it has {} members, and {MEMBERS} are read", zip.len())));
    }
    if zip.index_for_name(workbook::PART).is_some() {
        // The reader of workbooks holds their texts in memory, and takes their word for how much that is.
        let mut room = Room::of(HELD);
        for at in 0..zip.len() {
            room.copy(&mut zip, at, &mut sink())?;
        }
        let sheets = workbook::sheets(archive.file()?)?;
        return sheets.into_iter().map(|(name, csv)| archive.member(&name, csv)).collect();
    }
    let (mut found, mut room) = (Vec::new(), Room::of(MOST));
    for at in 0..zip.len() {
        let Some(name) = shown(&mut zip, at)? else { continue };
        let mut spool = spool()?;
        room.copy(&mut zip, at, &mut spool)?;
        found.push(archive.member(&name, spool)?);
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// The name of a member, unless it is a folder or hidden.
fn shown(zip: &mut Zip, at: usize) -> Outcome<Option<String>> {
    let member = zip.by_index_raw(at).map_err(|error| wrong("", &error))?;
    let name = member.name().map_err(|error| wrong("", &error))?.replace('\\', "/");
    let hidden = name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
    Ok((!hidden && !member.is_dir()).then_some(name))
}

/// How much may still be unpacked.
struct Room {
    all: u64,
    left: u64,
}

impl Room {
    fn of(all: u64) -> Self {
        Self { all, left: all }
    }

    /// Unpacks a member. Complains when there is no room for it, or it cannot be unpacked.
    fn copy(&mut self, zip: &mut Zip, at: usize, to: &mut dyn Write) -> Outcome<()> {
        let member = zip.by_index(at).map_err(|error| wrong("", &error))?;
        let name = member.name().map_err(|error| wrong("", &error))?.into_owned();
        let mut most = member.take(self.left.saturating_add(1));
        let size = std::io::copy(&mut most, to).map_err(|error| wrong(&name, &error.into()))?;
        let Some(left) = self.left.checked_sub(size) else {
            return Err(bad(format!("it unpacks to more than {} MiB", self.all >> 20)));
        };
        self.left = left;
        Ok(())
    }
}

/// Why an archive, or the member of this name, cannot be unpacked.
fn wrong(member: &str, error: &ZipError) -> Stop {
    let of = if member.is_empty() { String::new() } else { format!(" of `{}`", excerpt(member)) };
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            bad("it is locked by a password".to_owned())
        }
        error => bad(format!("the archive cannot be unpacked{of}: {error}")),
    }
}

fn bad(message: String) -> Stop {
    let remedy = "unpack it with what made it, and import the files that are in it";
    Complaint::new(Place::Whole, message).remedied(remedy).into()
}

#[cfg(test)]
mod tests;
