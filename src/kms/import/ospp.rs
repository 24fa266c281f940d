//! The text that ospp.vbs, the script of Office, prints for `/dstatus` and `/dstatusall`.
//!
//! One block a licence, between lines of dashes; a label, a colon and a value a line. The script prints them in English on every
//! system. It shows the products of Office alone: of the service there is nothing but what each product repeats.

use super::cim::date::Site;
use super::cim::machines::Machines;
use super::cim::value::settle;
use super::lines::Lines;
use super::{Each, Options, Properties, redact};
use crate::artefact::culture::Times;
use crate::artefact::trouble::{Next, excerpt};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::kms::catalog::skus::Pool;
use crate::kms::catalog::{product, skus};
use serde_json::Value;
use std::io::BufRead;
use uuid::Uuid;

pub static KIND: Kind = Kind {
    name: "kms.ospp",
    title: "text of ospp.vbs, the script of Office (`cscript ospp.vbs /dstatus`, `/dstatusall`)",
    binary: false,
    sniff,
};

/// The port that the script prints when none is set.
const DEFAULT_PORT: &str = "1688";

/// What stands behind a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// The value of a property.
    Text(&'static str),
    /// A number, with words behind it.
    Number(&'static str),
    /// The status, in capitals between hyphens.
    Status,
    /// A code, hexadecimal, with a remark behind it.
    Code(&'static str),
    /// Days, and in parentheses the minutes, which count.
    Minutes(&'static str),
    /// How the product may be activated.
    ActivationType,
    /// A host with its port: the properties of both.
    Host(&'static str, &'static str),
    /// It says nothing that is kept.
    Nothing,
}

/// The labels.
///
/// Source: [OFFDOC] shows the output of `/dstatus`; the labels of a registered host and of intervals: assumed, from outputs that
/// administrators published.
static LABELS: [(&str, Reads); 18] = [
    ("SKU ID", Reads::Text("ID")),
    ("LICENSE NAME", Reads::Text("Name")),
    ("LICENSE DESCRIPTION", Reads::Text("Description")),
    ("LICENSE STATUS", Reads::Status),
    ("ERROR CODE", Reads::Code("LicenseStatusReason")),
    ("REMAINING GRACE", Reads::Minutes("GracePeriodRemaining")),
    ("Last 5 characters of installed product key", Reads::Text("PartialProductKey")),
    ("Activation Type Configuration", Reads::ActivationType),
    (
        "KMS machine name from DNS",
        Reads::Host(
            "DiscoveredKeyManagementServiceMachineName",
            "DiscoveredKeyManagementServiceMachinePort",
        ),
    ),
    (
        "KMS machine registry override defined",
        Reads::Host("KeyManagementServiceMachine", "KeyManagementServicePort"),
    ),
    ("KMS machine extended PID", Reads::Text("KeyManagementServiceProductKeyID")),
    ("Activation Interval", Reads::Number("VLActivationInterval")),
    ("Renewal Interval", Reads::Number("VLRenewalInterval")),
    ("PRODUCT ID", Reads::Nothing),
    ("BETA EXPIRATION", Reads::Nothing),
    ("ERROR DESCRIPTION", Reads::Nothing),
    ("DNS auto-discovery", Reads::Nothing),
    ("KMS host caching", Reads::Nothing),
];

/// What the script prints instead of products.
pub(in crate::kms) const NO_KEY: &str = "<No installed product keys detected>";

/// Words of a status and its number; compared by their letters.
static STATUSES: [(&str, u32); 7] = [
    ("UNLICENSED", 0),
    ("LICENSED", 1),
    ("OOB_GRACE", 2),
    ("OOT_GRACE", 3),
    ("NON_GENUINE_GRACE", 4),
    ("NOTIFICATIONS", 5),
    ("EXTENDED_GRACE", 6),
];

static TYPES: [(&str, u32); 4] = [("ALL", 0), ("AD", 1), ("KMS", 2), ("TOKEN", 3)];

impl Reads {
    /// The property that it is about, of a host its name.
    const fn property(self) -> Option<&'static str> {
        match self {
            Self::Text(name)
            | Self::Number(name)
            | Self::Code(name)
            | Self::Minutes(name)
            | Self::Host(name, _) => Some(name),
            Self::Status => Some("LicenseStatus"),
            Self::ActivationType => Some("VLActivationTypeEnabled"),
            Self::Nothing => None,
        }
    }
}

/// The label of a property; empty for one that the script does not show.
pub(in crate::kms) fn label_of(property: &str) -> &'static str {
    let row = LABELS.iter().find(|(_, reads)| reads.property() == Some(property));
    row.map_or("", |(label, _)| label)
}

/// The word of a status.
pub(in crate::kms) fn status_word(number: u32) -> &'static str {
    word_of(&STATUSES, number)
}

/// The word of an activation type.
pub(in crate::kms) fn type_word(number: u32) -> &'static str {
    word_of(&TYPES, number)
}

fn word_of(words: &[(&'static str, u32)], number: u32) -> &'static str {
    words.iter().find(|(_, known)| *known == number).map_or("UNKNOWN", |(word, _)| word)
}

fn sniff(sample: &Sample<'_>) -> Fit {
    let has = |label: &str| sample.text.lines().any(|line| line.trim_start().starts_with(label));
    if has("LICENSE NAME: ") && has("LICENSE STATUS: ") {
        Fit::Yes(8)
    } else if has("---Processing---") {
        Fit::Near("it is from ospp.vbs, but shows no licence")
    } else {
        Fit::No
    }
}

/// A licence while it is read.
#[derive(Default)]
struct Draft {
    product: Properties,
    at: Option<Place>,
    /// Something was complained of.
    bad: bool,
}

/// Reads the output; hands on one snapshot.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
    let complaints = notes.complaints.count();
    let (mut machines, mut draft) = (Machines::default(), Draft::default());
    let mut lines = Lines::new(input);
    loop {
        let line = match lines.next() {
            Ok(Some(line)) => line,
            Ok(None) => break,
            Err(trouble) => {
                if trouble.settle(notes)? == Next::Stop {
                    break;
                }
                continue;
            }
        };
        let (text, place) = (line.text.trim(), Place::Line(line.number));
        if text.starts_with("---") {
            keep(std::mem::take(&mut draft), &mut machines);
            continue;
        }
        let Some((label, value)) = text.split_once(':') else { continue };
        let known = LABELS.iter().find(|(known, _)| *known == label.trim());
        let Some((label, reads)) = known else { continue };
        if *label == "SKU ID" && draft.product.known.contains_key("ID") {
            keep(std::mem::take(&mut draft), &mut machines);
        }
        if redact::holds_key(value) {
            redact::warn(notes, place, label);
            continue;
        }
        draft.at.get_or_insert(place);
        take(&mut draft, *reads, value.trim(), (Site { times: &times, place }, notes));
    }
    keep(draft, &mut machines);
    if machines.is_empty() && notes.complaints.count() == complaints {
        notes.complain(Place::Whole, "the output shows no licence");
    }
    machines.finish(notes, each)
}

/// Keeps a licence that was read whole, with the application of its edition.
fn keep(draft: Draft, machines: &mut Machines) {
    let Draft { mut product, at: Some(at), bad: false } = draft else { return };
    let text = |member: &str| product.known.get(member).and_then(Value::as_str);
    let listed = text("ID").and_then(|id| Uuid::try_parse(id).ok()).map(Pool::of_activation);
    let named = text("Name").and_then(|name| name.strip_prefix("Office "));
    let named = named
        .map(|version| if version.starts_with("14") { skus::OFFICE_14 } else { skus::OFFICE_15 });
    if let Some(application) = listed.and_then(Pool::application).or(named) {
        product.known.insert("ApplicationID".to_owned(), Value::from(application.to_string()));
    }
    machines.add(at, None, None, Some(product));
}

fn take(draft: &mut Draft, reads: Reads, text: &str, (site, notes): (Site<'_>, &mut Notes)) {
    let first = text.split_whitespace().next().unwrap_or_default();
    match reads {
        Reads::Nothing => {}
        Reads::Text(property) => put(draft, property, &text.into(), (site, notes)),
        Reads::Number(property) | Reads::Code(property) => {
            put(draft, property, &first.into(), (site, notes));
        }
        Reads::Minutes(property) => {
            let minutes = text.split_once('(').map_or(first, |(_, minutes)| minutes);
            let minutes = minutes.split_whitespace().next().unwrap_or_default();
            put(draft, property, &minutes.into(), (site, notes));
        }
        Reads::Status => word(draft, ("LicenseStatus", &STATUSES), text, (site, notes)),
        Reads::ActivationType => {
            word(draft, ("VLActivationTypeEnabled", &TYPES), text, (site, notes));
        }
        Reads::Host(name, port) => {
            let (host, number) = text.rsplit_once(':').unwrap_or((text, DEFAULT_PORT));
            let set = number != DEFAULT_PORT || name.starts_with("Discovered");
            put(draft, name, &host.trim_matches(['[', ']']).into(), (site, notes));
            put(draft, port, &(if set { number } else { "0" }).into(), (site, notes));
        }
    }
}

/// Takes a value that is told by a word.
fn word(
    draft: &mut Draft,
    (property, words): (&'static str, &[(&str, u32)]),
    text: &str,
    (site, notes): (Site<'_>, &mut Notes),
) {
    let letters = |text: &str| {
        text.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_uppercase()
    };
    let said = letters(text);
    match words.iter().find(|(word, _)| letters(word) == said) {
        Some((_, number)) => put(draft, property, &(*number).into(), (site, notes)),
        None => {
            let message = format!("`{}` is not known as {property}", excerpt(text));
            notes.warn("status-unknown", site.place, message);
        }
    }
}

fn put(
    draft: &mut Draft,
    property: &'static str,
    value: &Value,
    (site, notes): (Site<'_>, &mut Notes),
) {
    let Some(row) = product::property(property).map(|row| &row.field) else { return };
    match settle(row, value, site, notes) {
        Some(value) => drop(draft.product.known.insert(row.name.to_owned(), value)),
        None => draft.bad = true,
    }
}

#[cfg(test)]
mod tests {
    use super::{KIND, LABELS, Reads, read};
    use crate::artefact::{Fit, Notes, Sample};
    use crate::kms::catalog::product;
    use crate::kms::import::{Options, Properties, Record};
    use serde_json::json;

    const TWO: &str = "Microsoft (R) Windows Script Host Version 5.812\r\n\r\n---Processing--------------------------\r\n---------------------------------------\r\n\
        PRODUCT ID: 00339-10000-00000-AA000\r\nSKU ID: D450596F-894D-49E0-966A-FD39ED4C4C64\r\nLICENSE NAME: Office 16, Office16ProPlusVL_KMS_Client edition\r\n\
        LICENSE DESCRIPTION: Office 16, VOLUME_KMSCLIENT channel\r\nLICENSE STATUS:  ---LICENSED--- \r\n\
        ERROR CODE: 0x4004F040 (for information purposes only as the status is licensed)\r\nREMAINING GRACE: 179 days  (258642 minute(s) before expiring)\r\n\
        Last 5 characters of installed product key: ABCDE\r\nActivation Type Configuration: ALL\r\n        DNS auto-discovery: KMS name not available\r\n\
        \u{20}       KMS machine registry override defined: kms01.corp.example:1688\r\n        Activation Interval: 120 minutes\r\n        Renewal Interval: 10080 minutes\r\n\
        \u{20}       KMS host caching: Enabled\r\n---------------------------------------\r\nSKU ID: 6f327760-8c5c-417c-9b61-836a98287e0c\r\nLICENSE NAME: Office 14, OfficeProPlusVL_KMS_Client edition\r\n\
        LICENSE STATUS:  ---OOB_GRACE---\r\nERROR CODE: 0x4004F00C\r\nKMS machine name from DNS: kms02.corp.example:1700\r\n---------------------------------------\r\n---Exiting-----------------------------\r\n";

    fn told(text: &str) -> (Vec<Properties>, Notes) {
        let (mut products, mut notes) = (Vec::new(), Notes::default());
        read(&mut text.as_bytes(), &Options::default(), &mut notes, &mut |_, record| {
            let Record::Snapshot(snapshot) = record else { panic!("{record:?}") };
            assert_eq!((snapshot.machine, snapshot.service), (None, None));
            products.extend(snapshot.products);
            Ok(())
        })
        .unwrap();
        (products, notes)
    }

    fn fit(text: &str) -> Fit {
        (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text })
    }

    #[test]
    fn each_licence_of_office_is_a_product() {
        let (products, notes) = told(TWO);
        assert!(notes.complaints.is_empty() && notes.warnings.is_empty(), "{notes:?}");
        assert_eq!(
            serde_json::Value::from(products[0].known.clone()),
            json!({
                "ID": "d450596f-894d-49e0-966a-fd39ed4c4c64",
                "Name": "Office 16, Office16ProPlusVL_KMS_Client edition",
                "Description": "Office 16, VOLUME_KMSCLIENT channel",
                "ApplicationID": "0ff1ce15-a989-479d-af46-f275c6370663",
                "LicenseStatus": 1, "LicenseStatusReason": 0x4004_F040, "GracePeriodRemaining": 258_642,
                "PartialProductKey": "ABCDE", "VLActivationTypeEnabled": 0,
                "KeyManagementServiceMachine": "kms01.corp.example", "KeyManagementServicePort": 0,
                "VLActivationInterval": 120, "VLRenewalInterval": 10_080,
            })
        );
        let old = &products[1].known;
        assert_eq!(old["ApplicationID"], "59a52881-a989-479d-af46-f275c6370663");
        assert_eq!(
            (&old["LicenseStatus"], &old["LicenseStatusReason"]),
            (&json!(2), &json!(0x4004_F00C))
        );
        assert_eq!(old["DiscoveredKeyManagementServiceMachinePort"], 1700);
        assert_eq!(products.len(), 2);
        assert_eq!(fit(TWO), Fit::Yes(8));
    }

    #[test]
    fn an_output_without_a_licence_and_a_number_that_is_none_are_complained_of() {
        let none = "---Processing----\n<No installed product keys detected>\n---Exiting----\n";
        assert_eq!(told(none).1.complaints.count(), 1);
        assert!(matches!(fit(none), Fit::Near(_)));
        assert_eq!(fit("LICENSE NAME: x\n"), Fit::No);
        let (products, notes) = told(&TWO.replace("120 minutes", "soon"));
        assert_eq!((products.len(), notes.complaints.count()), (1, 1));
        let (_, notes) = told(&TWO.replace("OOB_GRACE", "ASLEEP"));
        assert_eq!(notes.warnings.len(), 1);
    }

    #[test]
    fn a_whole_key_is_never_taken() {
        let (products, notes) =
            told(&TWO.replace("key: ABCDE", "key: AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"));
        assert!(!format!("{products:?}{notes:?}").contains("BBBBB"));
        assert_eq!(notes.warnings.len(), 1);
    }

    #[test]
    fn every_label_speaks_of_properties_that_the_class_has() {
        for (label, reads) in LABELS {
            let port = if let Reads::Host(_, port) = reads { Some(port) } else { None };
            let mut named = reads.property().into_iter().chain(port);
            assert!(named.all(|name| product::property(name).is_some()), "{label}");
        }
    }
}
