//! The events by which KMS clients and hosts tell what happened: who writes which, where, and what its strings hold.
//!
//! Telling the layouts apart and decoding the strings is left to `import`.

use super::documents::{TECHREF, VA2OPS, WEVT};
use super::enumerations::LICENSE_STATUS;
use super::service::{COUNT, TEXT};
use crate::catalog::{Access, Field, Kind, Source, Unit, assumed, stated};
use std::ops::RangeInclusive;
use uuid::{Uuid, uuid};

/// The log of a host's requests.
///
/// Source: [TECHREF] table 11.
pub const REQUEST_LOG: &str = "Key Management Service";

/// The log of all other events.
///
/// Source: [TECHREF] table 11.
pub const APPLICATION_LOG: &str = "Application";

/// The event IDs of KMS; anything else in the request log is a stranger.
///
/// Source: [TECHREF] table 11.
pub const IDS: RangeInclusive<u32> = 12288..=12294;

/// The bits of an `InstanceId` that hold the event ID; those above are the qualifiers.
pub const ID_MASK: u32 = 0xFFFF;

/// Qualifiers of an event that informs.
///
/// Source: [EVTXC].
pub const QUALIFIERS: u32 = 0x4000;

/// Keywords of a classic event.
///
/// Source: [EVTXC].
pub const KEYWORDS: u64 = 0x0080_0000_0000_0000;

/// The size at which the request log begins to overwrite its oldest records, bytes.
///
/// Source: [WEVT]; assumed for hosts whose administrator changed nothing.
pub const DEFAULT_LOG_BYTES: u64 = 20_971_520;

/// The size of a log file without any record, bytes: a header of 4 `KiB` and one chunk of 64 `KiB`.
///
/// Source: [EVTXC].
pub const EMPTY_LOG_BYTES: u64 = 69_632;

/// Who writes the events.
#[derive(Debug)]
pub struct Provider {
    pub name: &'static str,
    pub guid: Uuid,
    /// The name of the source in the request log.
    pub request_source: &'static str,
    /// The name of the source in the application log.
    pub application_source: &'static str,
    pub source: Source,
}

/// The two providers. A published request of a Windows 7 host still names the first: either is accepted on any system.
pub static PROVIDERS: [Provider; 2] = [
    Provider {
        name: "Microsoft-Windows-Security-Licensing-SLC",
        guid: uuid!("1fd7c1d2-d037-4620-8d29-b2c7e5fcc13a"),
        request_source: "KmsRequests",
        application_source: "Software Licensing Service",
        source: stated(&WEVT, "Windows Vista and Windows Server 2008"),
    },
    Provider {
        name: "Microsoft-Windows-Security-SPP",
        guid: uuid!("e23b33b0-c8c9-472c-a5f9-f2bdfea0f156"),
        request_source: "KmsRequests",
        application_source: "Software Protection Platform Service",
        source: stated(&WEVT, "Windows 7, Windows Server 2008 R2 and later"),
    },
];

/// Who writes an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    Client,
    Host,
}

/// A kind of event.
#[derive(Debug)]
pub struct EventKind {
    pub id: u32,
    pub log: &'static str,
    pub writer: Writer,
    /// What happened, as a sentence.
    pub doc: &'static str,
    /// What its list of values, or its strings, hold, in their order.
    pub fields: &'static [&'static Field],
    pub source: Source,
}

/// Finds a kind of event by its ID.
#[must_use]
pub fn kind(id: u32) -> Option<&'static EventKind> {
    EVENTS.iter().find(|event| event.id == id)
}

/// Every kind of event.
pub static EVENTS: [EventKind; 9] = [
    EventKind {
        id: 12288,
        log: APPLICATION_LOG,
        writer: Writer::Client,
        doc: "The client sent a request.",
        fields: &[
            &HRESULT,
            &STATUS_FLAGS,
            &TARGET,
            &CMID,
            &CLIENT_TIME,
            &VIRTUAL_MACHINE,
            &STATUS,
            &MINUTES,
            &ACTIVATION,
            &REQUIRED,
        ],
        source: stated(&VA2OPS, "appendix 1; F06C shows the last field empty"),
    },
    EventKind {
        id: 12289,
        log: APPLICATION_LOG,
        writer: Writer::Client,
        doc: "The client processed the answer.",
        fields: &[
            &HRESULT,
            &STATUS_FLAGS,
            &ACTIVATED,
            &UNUSED,
            &COUNTED,
            &ACTIVATION_INTERVAL,
            &RENEWAL_INTERVAL,
            &CLIENT_TIME,
        ],
        source: stated(&VA2OPS, "appendix 1"),
    },
    EventKind {
        id: 12290,
        log: REQUEST_LOG,
        writer: Writer::Host,
        doc: "The host processed a request.",
        fields: &[
            &HRESULT,
            &REQUIRED,
            &CLIENT_NAME,
            &CMID,
            &CLIENT_TIME,
            &VIRTUAL_MACHINE,
            &STATUS,
            &MINUTES,
            &ACTIVATION,
        ],
        source: stated(&TECHREF, "table 11; VA2OPS appendix 1"),
    },
    EventKind {
        id: 12291,
        log: APPLICATION_LOG,
        writer: Writer::Host,
        doc: "The service could not be initialized.",
        fields: &[&HRESULT],
        source: stated(&TECHREF, "table 11"),
    },
    EventKind {
        id: 12292,
        log: APPLICATION_LOG,
        writer: Writer::Host,
        doc: "The renewal timer could not be initialized.",
        fields: &[&HRESULT],
        source: stated(&TECHREF, "table 11"),
    },
    EventKind {
        id: 12293,
        log: APPLICATION_LOG,
        writer: Writer::Host,
        doc: "The SRV record could not be published in a domain.",
        fields: &[&HRESULT, &DNS_DOMAIN],
        source: stated(&TECHREF, "table 11"),
    },
    EventKind {
        id: 12294,
        log: APPLICATION_LOG,
        writer: Writer::Host,
        doc: "The SRV record was published in a domain.",
        fields: &[&DNS_DOMAIN],
        source: stated(&TECHREF, "table 11"),
    },
    EventKind {
        id: 12308,
        log: APPLICATION_LOG,
        writer: Writer::Client,
        doc: "The client was activated through Active Directory.",
        fields: &[&SKU, &OBJECT_NAME, &OBJECT_DN],
        source: stated(&WEVT, "Microsoft-Windows-Security-SPP, 12308"),
    },
    EventKind {
        id: 1003,
        log: APPLICATION_LOG,
        writer: Writer::Client,
        doc: "The service finished a check of the license status.",
        fields: &[&APPLICATION, &STATUS_TEXT],
        source: stated(&WEVT, "Microsoft-Windows-Security-SPP, 1003"),
    },
];

const LIST: Source = stated(&VA2OPS, "appendix 1: the documents give no names to the fields");

const fn field(name: &'static str, kind: Kind, unit: Unit, doc: &'static str) -> Field {
    Field { name, kind, unit, access: Access::ReadOnly, doc, source: LIST }
}

pub static HRESULT: Field = field(
    "HResult",
    COUNT,
    Unit::Plain,
    "Result of the request: 0x and hexadecimal digits, 0x0 when it was valid.",
);

pub static REQUIRED: Field = field(
    "RequiredClientCount",
    COUNT,
    Unit::Clients,
    "Least count that the product of the client needs.",
);

pub static CLIENT_NAME: Field =
    field("ClientName", TEXT, Unit::Plain, "Name of the client: full, NetBIOS or empty.");

pub static CMID: Field =
    field("ClientMachineID", Kind::Guid, Unit::Plain, "Unique identifier of the client.");

/// Text, not a time: hosts are known that write it an hour off, so nothing is ordered by it.
pub static CLIENT_TIME: Field = field(
    "ClientTime",
    TEXT,
    Unit::Plain,
    "Clock of the client in UTC: year/month/day hour:minute, padded with zeros in client events only.",
);

pub static VIRTUAL_MACHINE: Field = field(
    "VirtualMachine",
    Kind::Boolean,
    Unit::Plain,
    "Whether the client is a virtual machine: 0 or 1.",
);

pub static STATUS: Field = Field {
    source: stated(&VA2OPS, "appendix 1, which stops at 4; hosts log up to 6"),
    ..field(
        "LicenseStatus",
        Kind::Enumeration(&LICENSE_STATUS),
        Unit::Plain,
        "State of the license before the request.",
    )
};

pub static MINUTES: Field =
    field("MinutesToExpiration", COUNT, Unit::Minutes, "Time until that state ends.");

pub static ACTIVATION: Field =
    field("ActivationID", Kind::Guid, Unit::Plain, "SKU that the client asked to activate.");

pub static STATUS_FLAGS: Field = field(
    "StatusFlags",
    COUNT,
    Unit::Plain,
    "Flags that say more of the result; unknown bits are kept.",
);

pub static TARGET: Field = field("Target", TEXT, Unit::Plain, "Host that was asked: name:port.");

pub static ACTIVATED: Field =
    field("Activated", Kind::Boolean, Unit::Plain, "Whether the client is activated now: 0 or 1.");

pub static UNUSED: Field = Field {
    source: assumed(&VA2OPS, "no document gives the fourth value a meaning: kept as found"),
    ..field("Unused", TEXT, Unit::Plain, "Value of unknown meaning.")
};

pub static COUNTED: Field =
    field("CurrentCount", COUNT, Unit::Clients, "Count that the host told the client.");

pub static ACTIVATION_INTERVAL: Field = field(
    "VLActivationInterval",
    COUNT,
    Unit::Minutes,
    "Interval before activation that the host told the client.",
);

pub static RENEWAL_INTERVAL: Field = field(
    "VLRenewalInterval",
    COUNT,
    Unit::Minutes,
    "Interval after activation that the host told the client.",
);

pub static DNS_DOMAIN: Field = Field {
    source: stated(&TECHREF, "table 11"),
    ..field("DnsDomain", TEXT, Unit::Plain, "Domain in which the record was to be published.")
};

pub static SKU: Field = Field {
    source: stated(&WEVT, "12308"),
    ..field("SkuId", Kind::Guid, Unit::Plain, "SKU that was activated.")
};

pub static OBJECT_NAME: Field = Field {
    source: stated(&WEVT, "12308"),
    ..field("ActivationObjectName", TEXT, Unit::Plain, "Name of the activation object.")
};

pub static OBJECT_DN: Field = Field {
    source: stated(&WEVT, "12308"),
    ..field("ActivationObjectDN", TEXT, Unit::Plain, "Distinguished name of the activation object.")
};

pub static APPLICATION: Field = Field {
    source: stated(&WEVT, "1003"),
    ..field("ApplicationID", Kind::Guid, Unit::Plain, "Application whose products were checked.")
};

pub static STATUS_TEXT: Field = Field {
    source: stated(&WEVT, "1003"),
    ..field("StatusText", TEXT, Unit::Plain, "State of each product, kept as found.")
};

/// Every field of the events, as the catalog collects them.
pub static FIELDS: [&Field; 22] = [
    &HRESULT,
    &REQUIRED,
    &CLIENT_NAME,
    &CMID,
    &CLIENT_TIME,
    &VIRTUAL_MACHINE,
    &STATUS,
    &MINUTES,
    &ACTIVATION,
    &STATUS_FLAGS,
    &TARGET,
    &ACTIVATED,
    &UNUSED,
    &COUNTED,
    &ACTIVATION_INTERVAL,
    &RENEWAL_INTERVAL,
    &DNS_DOMAIN,
    &SKU,
    &OBJECT_NAME,
    &OBJECT_DN,
    &APPLICATION,
    &STATUS_TEXT,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_ten_fields_an_answer_eight_and_a_row_of_the_host_nine() {
        for (id, fields) in [(12288, 10), (12289, 8), (12290, 9)] {
            assert_eq!(kind(id).unwrap().fields.len(), fields, "{id}");
        }
        assert!(kind(1337).is_none());
    }

    #[test]
    fn only_the_request_of_the_host_is_in_the_request_log() {
        for event in &EVENTS {
            assert_eq!(event.log == REQUEST_LOG, event.id == 12290, "{}", event.id);
        }
    }

    #[test]
    fn an_instance_id_is_the_qualifiers_and_the_event_id() {
        let instance = (QUALIFIERS << 16) + 12290;
        assert_eq!(instance, 1_073_754_114);
        assert_eq!(instance & ID_MASK, 12290);
    }

    #[test]
    fn every_field_stands_in_an_event_and_every_event_field_in_the_catalog() {
        let listed = |wanted: &Field| FIELDS.iter().any(|field| std::ptr::eq(*field, wanted));
        let used = |wanted: &Field| {
            let mut all = EVENTS.iter().flat_map(|event| event.fields);
            all.any(|field| std::ptr::eq(*field, wanted))
        };
        for event in &EVENTS {
            assert!(event.fields.iter().all(|field| listed(field)), "{}", event.id);
        }
        assert!(FIELDS.iter().all(|field| used(field)));
    }
}
