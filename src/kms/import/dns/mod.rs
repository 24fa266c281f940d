//! What DNS says of KMS hosts: zone files, `dig`, `nslookup -type=srv`, and `Resolve-DnsName` as JSON or CSV; and what a script for
//! `nsupdate` would make it say.
//!
//! Only SRV, A, AAAA and CNAME records are taken, and of a zone its name. Zone files are read by a small reader of our own: it knows
//! `$ORIGIN`, `$TTL`, `@`, relative names, continuation, comments, and what may be left out of a record.

mod nslookup;
mod powershell;
mod update;
mod zone;

use super::lines::Lines;
use super::{Each, Options, Said};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, HELD, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::rules::srv::{Data, Record, Srv};
use std::collections::BTreeSet;
use std::io::BufRead;

/// How many records a file may have.
const MOST: usize = 1_000_000;

/// In what form the data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Zone,
    Dig,
    Nslookup,
    Json,
    Csv,
    /// A script for `nsupdate`, which no import takes.
    Update,
}

pub static ZONE: Kind = Kind {
    name: "kms.dns-zone",
    title: "zone file with the records of DNS",
    binary: false,
    // Zone files have no mark of their own.
    sniff: |sample| sniff(sample, Form::Zone, 2),
};

pub static DIG: Kind = Kind {
    name: "kms.dns-dig",
    title: "records of DNS: `dig -t srv _vlmcs._tcp.DOMAIN`",
    binary: false,
    sniff: |sample| sniff(sample, Form::Dig, 6),
};

pub static NSLOOKUP: Kind = Kind {
    name: "kms.dns-nslookup",
    title: "records of DNS: `nslookup -type=srv _vlmcs._tcp.DOMAIN`",
    binary: false,
    sniff: |sample| sniff(sample, Form::Nslookup, 5),
};

pub static JSON: Kind = Kind {
    name: "kms.dns-json",
    title: "records of DNS: `Resolve-DnsName _vlmcs._tcp.DOMAIN SRV | ConvertTo-Json`",
    binary: false,
    sniff: |sample| sniff(sample, Form::Json, 6),
};

pub static CSV: Kind = Kind {
    name: "kms.dns-csv",
    title: "records of DNS: `Resolve-DnsName _vlmcs._tcp.DOMAIN SRV | Export-Csv`",
    binary: false,
    sniff: |sample| sniff(sample, Form::Csv, 7),
};

fn sniff(sample: &Sample<'_>, wanted: Form, strength: u8) -> Fit {
    if form(sample) == Some(wanted) { Fit::Yes(strength) } else { Fit::No }
}

/// Reads the records of a file for an import: SRV records, and of the others those of their targets.
pub fn each(
    form: Form,
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let found = read(form, input, options.dns_origin.as_deref(), notes)?;
    if found == Records::default() && notes.complaints.is_empty() {
        notes.complain(Place::Whole, "no DNS records");
    }
    for zone in found.zones {
        each(Place::Whole, super::Record::Dns(Said::Zone(zone)))?;
    }
    // Of a zone with a million names those of the hosts are enough.
    let targets: BTreeSet<String> = found
        .records
        .iter()
        .filter_map(|record| match &record.data {
            Data::Srv(srv) => Some(bare(&srv.target).to_lowercase()),
            Data::Address | Data::Alias => None,
        })
        .collect();
    for record in found.records {
        let wanted =
            matches!(record.data, Data::Srv(_)) || targets.contains(&record.owner.to_lowercase());
        if !wanted {
            continue;
        }
        each(Place::Line(record.line), super::Record::Dns(Said::Record(record)))?;
    }
    Ok(())
}

/// The zone that the usual name of a zone file names: `corp.example.dns` of Windows, `db.corp.example` and `corp.example.zone` of BIND.
#[must_use]
pub fn zone_of_file(name: &str) -> Option<&str> {
    let name = name.rsplit(['/', '\\']).next()?;
    let suffix = [".dns", ".zone"].iter().find_map(|suffix| name.strip_suffix(suffix));
    let zone = suffix.or_else(|| name.strip_prefix("db."))?;
    zone.contains('.').then_some(zone)
}

/// The records of a file.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Records {
    pub records: Vec<Record>,
    /// Zones of which the data is whole: what is not in it does not exist. Lower case.
    pub zones: Vec<String>,
}

/// Tells the form of a file; `None` for anything else.
#[must_use]
pub fn form(sample: &Sample<'_>) -> Option<Form> {
    let text = sample.text.trim_start_matches('\u{feff}').trim_start();
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines().next()?;
    if first.starts_with(['[', '{']) {
        return text.contains("NameTarget").then_some(Form::Json);
    }
    if powershell::is_header(sample) {
        return Some(Form::Csv);
    }
    if first.starts_with("; <<>>") || lines().any(|line| line.starts_with(";; ANSWER SECTION")) {
        return Some(Form::Dig);
    }
    if lines().any(nslookup::is_line) {
        return Some(Form::Nslookup);
    }
    if lines().any(update::is_line) {
        return Some(Form::Update);
    }
    let record = |line: &str| {
        let code = line.split(';').next().unwrap_or_default();
        code.starts_with("$ORIGIN")
            || code.starts_with("$TTL")
            || code.split_whitespace().any(|word| matches!(word, "SRV" | "SOA"))
    };
    // Most files are none: a look at all of it is quicker than one at each word.
    let may = ["$ORIGIN", "$TTL", "SRV", "SOA"].iter().any(|mark| text.contains(mark));
    (may && lines().any(record)).then_some(Form::Zone)
}

/// Reads the records of a file.
///
/// - `origin`: the zone to which relative names belong until the file says another.
pub fn read(
    form: Form,
    input: &mut dyn BufRead,
    origin: Option<&str>,
    notes: &mut Notes,
) -> Outcome<Records> {
    match form {
        Form::Json => powershell::json(input, notes),
        Form::Csv => powershell::csv(input, notes),
        Form::Zone | Form::Dig | Form::Nslookup | Form::Update => {
            let lines = text_lines(input, notes)?;
            Ok(match form {
                Form::Nslookup => nslookup::read(&lines),
                Form::Update => update::read(&lines, notes),
                _ => zone::read(&lines, origin, form == Form::Zone, notes),
            })
        }
    }
}

/// Every line with its number, bounded.
fn text_lines(input: &mut dyn BufRead, notes: &mut Notes) -> Outcome<Vec<(u64, String)>> {
    let mut lines = Lines::new(input);
    let (mut held, mut bytes) = (Vec::new(), 0_u64);
    loop {
        match lines.next() {
            Ok(Some(line)) => {
                bytes = bytes.saturating_add(u64::try_from(line.text.len()).unwrap_or(u64::MAX));
                if bytes > HELD || held.len() >= MOST {
                    let message = format!("the data is longer than {MOST} lines or {HELD} bytes");
                    notes.complain(Place::Line(line.number), message);
                    return Ok(held);
                }
                held.push((line.number, line.text));
            }
            Ok(None) => return Ok(held),
            Err(trouble) => {
                if trouble.settle(notes)? == Next::Stop {
                    return Ok(held);
                }
            }
        }
    }
}

/// A name without its final dot; the root stays a dot.
fn bare(name: &str) -> String {
    if name == "." { name.to_owned() } else { name.strip_suffix('.').unwrap_or(name).to_owned() }
}

/// A record of the words of its type; `None` for a type that is not taken, or words that do not fit it.
fn data(kind: &str, words: &[&str], name: impl Fn(&str) -> String) -> Option<Data> {
    match (kind.to_ascii_uppercase().as_str(), words) {
        ("SRV", [priority, weight, port, target]) => Some(Data::Srv(Srv {
            priority: priority.parse().ok()?,
            weight: weight.parse().ok()?,
            port: port.parse().ok()?,
            target: name(target),
        })),
        ("A" | "AAAA", [_]) => Some(Data::Address),
        ("CNAME", [_]) => Some(Data::Alias),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
