//! The output of `nslookup -type=srv`, of Windows and of BIND.

use super::{Records, bare, data};
use crate::kms::rules::srv::{Data, Record, Srv};

/// How Windows heads the lines of a record.
const HEADING: &str = "SRV service location:";

/// Whether a line is of a record.
pub(super) fn is_line(line: &str) -> bool {
    line.contains(HEADING) || service(line).is_some()
}

/// `NAME service = 0 0 1688 kms1.corp.example.`, as BIND prints it.
fn service(line: &str) -> Option<(&str, Data)> {
    let (name, rest) = line.split_once("service =")?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    Some((name.trim(), data("SRV", &words, bare)?))
}

/// A record whose lines follow one another.
#[derive(Debug, Default)]
struct Draft {
    owner: String,
    line: u64,
    priority: Option<u16>,
    weight: Option<u16>,
    port: Option<u16>,
}

pub(super) fn read(lines: &[(u64, String)]) -> Records {
    let mut found = Records::default();
    let mut draft = Draft::default();
    for (number, line) in lines {
        let mut add = |owner: &str, data: Data, line: u64| {
            found.records.push(Record { owner: bare(owner.trim()), ttl: None, data, line });
        };
        if let Some((owner, data)) = service(line) {
            add(owner, data, *number);
        } else if let Some((owner, _)) = line.split_once(HEADING) {
            draft = Draft { owner: owner.trim().to_owned(), line: *number, ..Draft::default() };
        } else if let Some((name, value)) = line.split_once('=') {
            let value = value.trim();
            match name.trim() {
                "priority" => draft.priority = value.parse().ok(),
                "weight" => draft.weight = value.parse().ok(),
                "port" => draft.port = value.parse().ok(),
                "svr hostname" => {
                    let numbers = (draft.priority, draft.weight, draft.port);
                    if let (Some(priority), Some(weight), Some(port)) = numbers {
                        let target = bare(value);
                        let srv = Srv { priority, weight, port, target };
                        add(&draft.owner, Data::Srv(srv), draft.line);
                    }
                }
                name if is_address(name) => add(owner_of(name), Data::Address, *number),
                name => {
                    if let Some(owner) = name.strip_suffix("canonical name") {
                        add(owner, Data::Alias, *number);
                    }
                }
            }
        }
    }
    found
}

fn is_address(name: &str) -> bool {
    name.ends_with("internet address") || name.ends_with("IPv6 address")
}

fn owner_of(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}
