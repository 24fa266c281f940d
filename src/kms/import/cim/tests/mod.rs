//! Objects in every notation: the harness, and one machine as each tool prints it.

mod hostile;
mod notations;

use super::{csv, json, list};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::import::{Each, Options, Record, Snapshot};
use serde_json::{Value, json};
use std::io::BufRead;

type Reader = fn(&mut dyn BufRead, &Options, &mut Notes, &mut Each<'_>) -> Outcome<()>;

/// Every kind with its reader.
static READERS: [(&Kind, Reader); 5] = [
    (&json::KIND, json::read),
    (&csv::EXPORT, csv::read),
    (&csv::WMIC, csv::read),
    (&list::FORMAT_LIST, list::read_format_list),
    (&list::WMIC, list::read_wmic),
];

/// What a file says: its snapshots with their places, and the notes.
struct Said {
    snapshots: Vec<(Place, Snapshot)>,
    notes: Notes,
}

impl Said {
    fn complaints(&self) -> Vec<(Place, &str)> {
        self.notes.complaints.kept.iter().map(|one| (one.place, one.message.as_str())).collect()
    }

    fn only(&self) -> &Snapshot {
        assert_eq!(self.complaints(), []);
        assert_eq!(self.snapshots.len(), 1);
        &self.snapshots[0].1
    }

    fn known(&self, name: &str) -> &Value {
        &self.only().service.as_ref().unwrap().known[name]
    }
}

fn read_bytes(reader: Reader, bytes: &[u8]) -> Said {
    let (mut snapshots, mut notes) = (Vec::new(), Notes::default());
    let mut each = |place: Place, record: Record<'_>| {
        let Record::Snapshot(snapshot) = record else { panic!("not a snapshot") };
        snapshots.push((place, *snapshot));
        Ok(())
    };
    let mut input = bytes;
    reader(&mut input, &Options::default(), &mut notes, &mut each).unwrap();
    Said { snapshots, notes }
}

fn read(reader: Reader, text: &str) -> Said {
    read_bytes(reader, text.as_bytes())
}

fn kind_of(text: &str) -> Vec<&'static str> {
    let sample = Sample { name: "x", bytes: text.as_bytes(), text };
    let fits = READERS.iter().filter(|(kind, _)| matches!((kind.sniff)(&sample), Fit::Yes(_)));
    fits.map(|(kind, _)| kind.name).collect()
}

const SERVICE: [(&str, &str); 9] = [
    ("ClientMachineID", "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11"),
    ("KeyManagementServiceCurrentCount", "4294967295"),
    ("KeyManagementServiceHostCaching", "True"),
    ("KeyManagementServiceMachine", "kms01.corp.example"),
    ("KeyManagementServicePort", "1688"),
    ("NewInLaterBuilds", "x y"),
    ("OA3xOriginalProductKey", ""),
    ("VLActivationInterval", "120"),
    ("Version", "10.0.22621.2506"),
];

const PRODUCT: [(&str, &str); 6] = [
    ("ApplicationID", "55c92734-d682-4d71-983e-d6ec3f16059f"),
    ("Description", "Windows(R) Operating System, VOLUME_KMSCLIENT channel"),
    ("GracePeriodRemaining", "250001"),
    ("ID", "2de67392-b7a7-462a-b1ca-108dd189f588"),
    ("LicenseStatus", "1"),
    ("TrustedTime", "20250309080512.000000+060"),
];

/// Both objects of one machine, as each tool prints them; tables hold one class only.
fn in_every_notation(machine: &str, members: &[(&str, &str)]) -> Vec<(Reader, String)> {
    let all: Vec<(&str, &str)> =
        [("PSComputerName", machine)].into_iter().chain(members.iter().copied()).collect();
    let join = |rows: Vec<String>, by: &str| rows.join(by);
    let object: serde_json::Map<String, Value> =
        all.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let names: Vec<String> = all.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    let values: Vec<String> = all.iter().map(|(_, value)| format!("\"{value}\"")).collect();
    let padded = all.iter().map(|(name, value)| format!("{name:<40} : {value}")).collect();
    let plain = |part: fn(&(&str, &str)) -> String| all.iter().map(part).collect::<Vec<_>>();
    let node = plain(|(name, _)| name.replace("PSComputerName", "Node"));
    vec![
        (json::read, serde_json::to_string_pretty(&object).unwrap()),
        (csv::read, format!("#TYPE x\r\n{}\r\n{}\r\n", join(names, ";"), join(values, ";"))),
        (
            csv::read,
            format!(
                "\r\n{}\r\n{}\r\n",
                join(node, ","),
                join(plain(|(_, value)| value.replace(',', "")), ",")
            ),
        ),
        (list::read_format_list, format!("\r\n\r\n{}\r\n\r\n", join(padded, "\r\n"))),
        (
            list::read_wmic,
            format!(
                "\r\r\n\r\r\n{}\r\r\n\r\r\n",
                join(plain(|(name, value)| format!("{name}={value}")), "\r\r\n")
            ),
        ),
    ]
}
