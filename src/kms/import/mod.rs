//! Readers: bytes to records. They know no store, no files and no clock.

pub mod cim;
pub mod csv;
pub mod dns;
pub mod editions;
pub mod event;
pub mod evtx;
#[cfg(test)]
mod evtx_sample;
pub mod fields;
pub mod json;
mod lines;
pub mod ospp;
pub(super) mod redact;
pub mod registry;
mod rendered;
pub mod slmgr;
pub mod vamt;
pub mod xml;

use crate::api::Source;
use crate::artefact::{Kind, Notes};
use crate::error::Outcome;
pub use crate::kms::rules::srv::Said;

use crate::clock::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

/// What the user said about a file that the file itself leaves open.
#[derive(Debug, Default)]
pub struct Options {
    /// Culture in which dates are written: `en-US`, `de-DE`. Without it only ISO dates are read.
    pub culture: Option<String>,
    /// Zone of local times.
    pub zone: Option<TimeZone>,
    /// Label texts of slmgr in another language, as the decoded text of `slmgr.ini`.
    pub slmgr_ini: Option<String>,
    /// The zone to which relative names belong, where a zone file does not say it.
    pub dns_origin: Option<String>,
}

/// One thing that an artefact says.
#[derive(Debug, PartialEq)]
pub enum Record<'a> {
    Event(Event<'a>),
    /// Boxed: a snapshot is large and rare, events are small and many.
    Snapshot(Box<Snapshot>),
    /// What DNS says.
    Dns(Said),
    /// What a log file takes for its records.
    Log(LogSize),
}

/// A log file that holds records of KMS alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogSize {
    pub records: u64,
    /// Up to the end of its last record.
    pub bytes: u64,
}

/// One record of a Windows event log that concerns KMS.
#[derive(Debug, Clone, PartialEq)]
pub struct Event<'a> {
    /// The computer that wrote it; empty when the container does not say.
    pub host: &'a str,
    /// EventRecordID; `None` in containers that leave it out.
    pub record: Option<u64>,
    pub time: Timestamp,
    pub body: Body<'a>,
}

/// What an event says, by its ID.
#[derive(Debug, Clone, PartialEq)]
pub enum Body<'a> {
    /// 12288: a client sent a request.
    Sent(Sent<'a>),
    /// 12289: a client processed the answer.
    Answered(Answered<'a>),
    /// 12290: a host processed a request.
    Request(Request<'a>),
    /// 12291: KMS could not be initialised.
    InitFailed { hresult: u32 },
    /// 12292: the renewal timer could not be initialised.
    TimerFailed { hresult: u32 },
    /// 12293: publishing the SRV record in a domain failed.
    PublishFailed { hresult: u32, domain: &'a str },
    /// 12294: publishing the SRV record in a domain succeeded.
    Published { domain: &'a str },
    /// A stranger in the KMS log: another ID, or a record with a binary part. Kept by size and digest, never parsed.
    Suspicious { id: u32, size: u64, sha256: [u8; 32] },
}

/// The nine fields of event 12290.
#[derive(Debug, Clone, PartialEq)]
pub struct Request<'a> {
    pub hresult: u32,
    /// RequiredClientCount.
    pub required: u32,
    /// Client name as logged; may be empty.
    pub name: &'a str,
    /// ClientMachineID.
    pub cmid: Uuid,
    /// Client time as logged: untrusted text, `2025/3/9 7:05`.
    pub client_time: &'a str,
    pub virtual_machine: bool,
    /// LicenseStatus before the request, 0..=6.
    pub status: u8,
    /// Minutes to the expiration of that state.
    pub minutes: u32,
    /// ActivationID.
    pub activation: Uuid,
    /// The string in front of the fields in the ten-string layout, kept raw; empty when there is none.
    pub lead: &'a str,
}

/// The ten fields of event 12288.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent<'a> {
    pub hresult: u32,
    /// Status flags as logged, unknown bits kept.
    pub flags: u32,
    /// `server:port` as logged.
    pub target: &'a str,
    pub cmid: Uuid,
    pub client_time: &'a str,
    pub virtual_machine: bool,
    pub status: u8,
    pub minutes: u32,
    pub activation: Uuid,
    /// RequiredClientCount; `None` when the field is empty.
    pub required: Option<u32>,
}

/// The eight fields of event 12289.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<'a> {
    pub hresult: u32,
    pub flags: u32,
    pub activated: bool,
    /// The fourth field, of unknown meaning, kept raw.
    pub unused: &'a str,
    /// The count that the host told.
    pub count: u32,
    /// VLActivationInterval that the host told, minutes.
    pub activation_interval: u32,
    /// VLRenewalInterval that the host told, minutes.
    pub renewal_interval: u32,
    pub client_time: &'a str,
}

/// What a tool showed of one machine at one time: its service object, its products, or both.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    /// The machine that the artefact names.
    pub machine: Option<String>,
    /// Properties of `SoftwareLicensingService` under the API's spelling, types as the catalog says; unknown ones are in `extra`.
    pub service: Option<Properties>,
    /// Properties of each `SoftwareLicensingProduct`.
    pub products: Vec<Properties>,
}

/// Properties of one object: recognised ones by the API's spelling, the rest as found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Properties {
    pub known: serde_json::Map<String, serde_json::Value>,
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// What a reader hands its records to, with the place of each.
pub type Each<'f> = dyn FnMut(crate::error::Place, Record<'_>) -> crate::error::Outcome<()> + 'f;

/// A kind of artefact and the function that reads it.
pub struct Reader {
    pub kind: &'static Kind,
    pub read: fn(Source<'_>, &Options, &mut Notes, &mut Each<'_>) -> Outcome<()>,
}

/// Every reader of the domain.
pub static READERS: &[Reader] = &[
    Reader {
        kind: &evtx::KIND,
        read: |source, options, notes, each| evtx::read(&mut source.bytes()?, options, notes, each),
    },
    Reader {
        kind: &xml::KIND,
        read: |source, options, notes, each| xml::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &csv::KIND,
        read: |source, options, notes, each| csv::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &json::KIND,
        read: |source, options, notes, each| json::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &cim::json::KIND,
        read: |source, options, notes, each| cim::json::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &cim::csv::EXPORT,
        read: |source, options, notes, each| cim::csv::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &cim::csv::WMIC,
        read: |source, options, notes, each| cim::csv::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &cim::list::FORMAT_LIST,
        read: |source, options, notes, each| {
            cim::list::read_format_list(source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &cim::list::WMIC,
        read: |source, options, notes, each| {
            cim::list::read_wmic(source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &registry::KIND,
        read: |source, options, notes, each| registry::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &vamt::list::KIND,
        read: |source, options, notes, each| vamt::list::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &vamt::table::KIND,
        read: |source, options, notes, each| {
            vamt::table::read(source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &slmgr::KIND,
        read: |source, options, notes, each| slmgr::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &ospp::KIND,
        read: |source, options, notes, each| ospp::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &dns::ZONE,
        read: |source, options, notes, each| {
            dns::each(dns::Form::Zone, source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &dns::DIG,
        read: |source, options, notes, each| {
            dns::each(dns::Form::Dig, source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &dns::NSLOOKUP,
        read: |source, options, notes, each| {
            dns::each(dns::Form::Nslookup, source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &dns::JSON,
        read: |source, options, notes, each| {
            dns::each(dns::Form::Json, source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &dns::CSV,
        read: |source, options, notes, each| {
            dns::each(dns::Form::Csv, source.text()?, options, notes, each)
        },
    },
];

/// Their kinds.
pub static KINDS: &[&Kind] = &[
    &evtx::KIND,
    &xml::KIND,
    &csv::KIND,
    &json::KIND,
    &cim::json::KIND,
    &cim::csv::EXPORT,
    &cim::csv::WMIC,
    &cim::list::FORMAT_LIST,
    &cim::list::WMIC,
    &registry::KIND,
    &vamt::list::KIND,
    &vamt::table::KIND,
    &slmgr::KIND,
    &ospp::KIND,
    &dns::ZONE,
    &dns::DIG,
    &dns::NSLOOKUP,
    &dns::JSON,
    &dns::CSV,
];
