//! Scripts for `nsupdate`: the records that DNS will hold once they were sent.
//!
//! What a script adds is read as if a zone held it; what it takes away again behind that is gone. The rest of its commands say how
//! and where it is sent. A script is a wish and no evidence: the check of DNS data reads it, an import does not.

use super::{Records, zone};
use crate::artefact::Notes;
use crate::artefact::trouble::excerpt;
use crate::error::Place;
use crate::kms::rules::srv::{Data, Record, Srv};

/// Commands that say how an update is sent, and under which condition.
///
/// Source: BIND 9 Administrator Reference Manual, nsupdate; assumed whole.
static OTHERS: [&str; 15] = [
    "answer",
    "check-names",
    "class",
    "debug",
    "gsstsig",
    "help",
    "key",
    "local",
    "oldgsstsig",
    "prereq",
    "realm",
    "send",
    "server",
    "show",
    "zone",
];

/// What a line does.
#[derive(Debug, PartialEq, Eq)]
enum Does<'l> {
    /// With the record behind the command.
    Add(&'l str),
    Delete(&'l str),
    Nothing,
}

/// Whether a line is one of a script that changes records.
pub(super) fn is_line(line: &str) -> bool {
    line.starts_with("update") && matches!(does(line), Some(Does::Add(_) | Does::Delete(_)))
}

pub(super) fn read(lines: &[(u64, String)], notes: &mut Notes) -> Records {
    let mut found = Records::default();
    for (number, line) in lines {
        match does(line.trim()) {
            Some(Does::Add(record)) => {
                let one = [(*number, record.to_owned())];
                found.records.extend(zone::read(&one, None, false, notes).records);
            }
            Some(Does::Delete(what)) => delete(&mut found, *number, what),
            Some(Does::Nothing) => {}
            None => {
                let message = format!("`{}` is no command of nsupdate", excerpt(line.trim()));
                notes.complain(Place::Line(*number), message);
            }
        }
    }
    found
}

fn does(line: &str) -> Option<Does<'_>> {
    let line = line.split(';').next().unwrap_or_default().trim();
    let (first, rest) = word(line);
    let (command, rest) = if first == "update" { word(rest) } else { (first, rest) };
    match command {
        "add" => Some(Does::Add(rest)),
        "del" | "delete" => Some(Does::Delete(rest)),
        "" => Some(Does::Nothing),
        "ttl" if first == "ttl" => Some(Does::Nothing),
        _ => (command == first && OTHERS.contains(&command)).then_some(Does::Nothing),
    }
}

fn word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// Takes away one record, those of one type, or all of a name.
fn delete(found: &mut Records, line: u64, what: &str) {
    let (name, rest) = word(what);
    let owner = super::bare(name);
    let of_owner = |record: &Record| record.owner.eq_ignore_ascii_case(&owner);
    // What is no whole record names a type or nothing, and takes away more.
    let mut unheard = Notes::default();
    let whole = zone::read(&[(line, what.to_owned())], None, false, &mut unheard).records;
    if let Some(one) = whole.first() {
        let same = |record: &Record| of_owner(record) && equal(&record.data, &one.data);
        if let Some(at) = found.records.iter().position(same) {
            found.records.remove(at);
        }
        return;
    }
    let kind = rest.split_whitespace().find(|word| {
        word.starts_with(|letter: char| letter.is_alphabetic()) && !word.eq_ignore_ascii_case("IN")
    });
    found.records.retain(|record| {
        let word = record.data.word();
        let named = |kind: &str| {
            kind.eq_ignore_ascii_case(word) || (word == "A" && kind.eq_ignore_ascii_case("AAAA"))
        };
        !(of_owner(record) && kind.is_none_or(named))
    });
}

/// Names are equal in any case.
fn equal(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::Srv(one), Data::Srv(other)) => {
            let target = one.target.to_lowercase();
            Srv { target: other.target.to_lowercase(), ..other.clone() }
                == Srv { target, ..one.clone() }
        }
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Form, form, read};
    use crate::artefact::{Notes, Sample};
    use crate::error::Place;
    use crate::kms::rules::srv::Record;

    fn told(text: &str) -> (Vec<Record>, Notes) {
        assert_eq!(form(&Sample { name: "x", bytes: text.as_bytes(), text }), Some(Form::Update));
        let mut notes = Notes::default();
        let found = read(Form::Update, &mut text.as_bytes(), None, &mut notes).unwrap();
        assert!(found.zones.is_empty(), "a script is no whole zone");
        (found.records, notes)
    }

    #[test]
    fn what_a_script_adds_is_what_dns_will_hold() {
        let (records, notes) = told(
            "server dc01 ; of the zone\nzone corp.example\n\
             update delete _vlmcs._tcp.corp.example. SRV 0 0 1688 kms1.corp.example.\n\
             update add _vlmcs._tcp.corp.example. 3600 IN SRV 10 0 1700 kms1.corp.example.\n\
             update add kms1.corp.example 3600 A 192.0.2.10\nsend\n",
        );
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        let (srv, domain) = records[0].kms().unwrap();
        assert_eq!((srv.priority, srv.port, domain), (10, 1700, "corp.example"));
        assert_eq!((records[0].ttl, records[0].line), (Some(3600), 4));
        assert_eq!(records[1].owner, "kms1.corp.example");
    }

    #[test]
    fn what_is_deleted_behind_is_gone_as_far_as_it_is_named() {
        let add = "update add a.example. 60 SRV 0 0 1688 k1.\nupdate add a.example. 60 SRV 0 0 1688 k2.\nupdate add a.example. 60 A 192.0.2.1\n";
        for (delete, left) in [
            ("update delete A.example. SRV 0 0 1688 K2.", 2),
            ("update delete a.example. SRV 0 1 1688 k2.", 3),
            ("update del a.example. IN SRV", 1),
            ("update delete a.example.", 0),
            ("update delete b.example.", 3),
        ] {
            assert_eq!(told(&format!("{add}{delete}\nsend\n")).0.len(), left, "{delete}");
        }
    }

    #[test]
    fn a_line_that_is_no_command_is_complained_of() {
        let (_, notes) = told("update add a.example. 60 A 192.0.2.1\nhello\n");
        assert_eq!(notes.complaints.kept[0].place, Place::Line(2));
    }
}
