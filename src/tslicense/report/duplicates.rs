//! Which devices hold several licenses: several hardware IDs under one name, or several names of one hardware ID.

use crate::finding::{Finding, Level};
use crate::tslicense::catalog::enumerations::{STATUS_ACTIVE, STATUS_TEMPORARY, STATUS_UPGRADE};
use crate::tslicense::model::Issued;
use crate::tslicense::model::issued::{computer_key, hardware_key, is_of_store_app};
use std::collections::BTreeSet;

/// Why a license stands in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Its computer was named as retired.
    Retired,
    /// Another license of the same computer is newer.
    Duplicate,
    /// As [`Reason::Duplicate`], with a hardware ID of the Store app, which changes from session to session.
    AppHardware,
    /// One hardware ID under several names: a rename, or a cloned image.
    SameHardware,
    /// A device in use would have renewed it.
    Stale,
}

impl Reason {
    /// The word of tables and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::Duplicate => "duplicate",
            Self::AppHardware => "APP_HWID",
            Self::SameHardware => "SAME_HWID_OTHER_NAME",
            Self::Stale => "stale",
        }
    }
}

/// A license of a group, and whether it is the one to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub license: Issued,
    pub reason: Reason,
    pub keep: bool,
}

/// Gathers groups out of a stream that is in the order of what it is grouped by.
pub struct Groups<'f> {
    key: fn(&Issued) -> String,
    judge: fn(Vec<Issued>) -> Vec<Member>,
    found: &'f mut dyn FnMut(Vec<Member>),
    current: String,
    held: Vec<Issued>,
}

impl<'f> Groups<'f> {
    /// Several hardware IDs of one computer: the stream is in the order of computers.
    pub fn of_computers(found: &'f mut dyn FnMut(Vec<Member>)) -> Self {
        Self::new(|license| computer_key(&license.computer), of_one_computer, found)
    }

    /// Several names of one hardware ID: the stream is in the order of hardware.
    pub fn of_hardware(found: &'f mut dyn FnMut(Vec<Member>)) -> Self {
        Self::new(|license| hardware_key(&license.hardware), of_one_hardware, found)
    }

    fn new(
        key: fn(&Issued) -> String,
        judge: fn(Vec<Issued>) -> Vec<Member>,
        found: &'f mut dyn FnMut(Vec<Member>),
    ) -> Self {
        Self { key, judge, found, current: String::new(), held: Vec::new() }
    }

    /// Takes the next license of the stream.
    pub fn take(&mut self, license: Issued) {
        let key = (self.key)(&license);
        if key != self.current {
            self.finish();
            self.current = key;
        }
        // A name or an ID that is empty says nothing.
        if !self.current.is_empty() {
            self.held.push(license);
        }
    }

    /// Ends the stream.
    pub fn finish(&mut self) {
        let members = (self.judge)(std::mem::take(&mut self.held));
        if !members.is_empty() {
            (self.found)(members);
        }
    }
}

fn of_one_computer(licenses: Vec<Issued>) -> Vec<Member> {
    let statuses = [STATUS_TEMPORARY, STATUS_ACTIVE, STATUS_UPGRADE];
    let counted: Vec<Issued> =
        licenses.into_iter().filter(|license| statuses.contains(&license.status)).collect();
    let hardware: BTreeSet<String> =
        counted.iter().map(|license| hardware_key(&license.hardware)).collect();
    if hardware.len() < 2 {
        return Vec::new();
    }
    let newest = counted.iter().map(|license| (license.issued, license.id)).max();
    counted
        .into_iter()
        .map(|license| {
            let app = is_of_store_app(&license.hardware);
            let reason = if app { Reason::AppHardware } else { Reason::Duplicate };
            Member { keep: Some((license.issued, license.id)) == newest, reason, license }
        })
        .collect()
}

fn of_one_hardware(licenses: Vec<Issued>) -> Vec<Member> {
    let names: BTreeSet<String> =
        licenses.iter().map(|license| computer_key(&license.computer)).collect();
    if names.len() < 2 {
        return Vec::new();
    }
    let reason = Reason::SameHardware;
    licenses.into_iter().map(|license| Member { license, reason, keep: true }).collect()
}

/// The finding of a group.
#[must_use]
pub fn finding(group: &[Member], instance: &str) -> Option<Finding> {
    let first = group.first()?;
    let many = group.len();
    let (computer, hardware) = (&first.license.computer, &first.license.hardware);
    let ids: Vec<u32> = group.iter().map(|member| member.license.id.0).collect();
    let (class, level, object, message) = match first.reason {
        Reason::SameHardware => (
            Reason::SameHardware.word(),
            Level::Info,
            hardware,
            format!("{many} licenses of one hardware ID are under several names"),
        ),
        _ => (
            Reason::Duplicate.word(),
            Level::Warning,
            computer,
            format!("`{computer}` holds {many} licenses under several hardware IDs"),
        ),
    };
    let finding = Finding::new("tslicense", class, level, object, message);
    Some(finding.within(instance).with("licenses", ids).remedy("licctl tslicense revoke-plan"))
}

#[cfg(test)]
mod tests {
    use super::{Groups, Member, Reason};
    use crate::clock::Timestamp;
    use crate::tslicense::model::{Issued, KeyPackId, LicenseId, Stage};

    fn license(id: u32, computer: &str, hardware: &str, day: i64, status: u32) -> Issued {
        let start = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
        Issued {
            id: LicenseId(id),
            pack: KeyPackId(3),
            status,
            stage: Stage::Fresh,
            issued: start.plus_days(day),
            expires: start.plus_days(day + 60),
            hardware: hardware.to_owned(),
            computer: computer.to_owned(),
            user: String::new(),
        }
    }

    fn told(groups: &[Vec<Member>]) -> Vec<Vec<(u32, Reason, bool)>> {
        let member = |member: &Member| (member.license.id.0, member.reason, member.keep);
        groups.iter().map(|group| group.iter().map(member).collect()).collect()
    }

    #[test]
    fn the_newest_license_of_a_computer_is_kept() {
        let mut found = Vec::new();
        let mut push = |group| found.push(group);
        let mut groups = Groups::of_computers(&mut push);
        for row in [
            license(1, "PC-1.corp.example", "A", 1, 2),
            license(2, "pc-1", "ff00", 3, 2),
            license(3, "PC-1", "B", 2, 1),
            license(4, "PC-2", "C", 1, 2),
            license(5, "pc-2", "{c}", 2, 2),
            license(6, "PC-3", "D", 1, 2),
            license(7, "PC-3", "E", 1, 4),
            license(8, "PC-4", "F", 1, 2),
            license(9, "PC-4", "G", 1, 2),
        ] {
            groups.take(row);
        }
        groups.finish();
        assert_eq!(
            told(&found),
            [
                vec![
                    (1, Reason::Duplicate, false),
                    (2, Reason::AppHardware, true),
                    (3, Reason::Duplicate, false)
                ],
                vec![(8, Reason::Duplicate, false), (9, Reason::Duplicate, true)],
            ]
        );
    }

    #[test]
    fn one_hardware_id_under_several_names_is_told_and_nothing_else() {
        let mut found = Vec::new();
        let mut push = |group| found.push(group);
        let mut groups = Groups::of_hardware(&mut push);
        for row in [
            license(1, "PC-1", "A", 1, 2),
            license(2, "PC-9", "a", 3, 2),
            license(3, "PC-2", "", 3, 2),
            license(4, "PC-3", "", 3, 2),
        ] {
            groups.take(row);
        }
        groups.finish();
        let same = Reason::SameHardware;
        assert_eq!(told(&found), [vec![(1, same, true), (2, same, true)]]);
    }
}
