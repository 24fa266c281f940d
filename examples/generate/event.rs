//! Records of the Windows event log that concern KMS, before any container gives them a form.
//!
//! Source of fields and messages: Volume Activation 2.0 Operations Guide, appendix 1.

use crate::calendar::{Moment, SECOND};
use crate::host::{Facts, Request};

/// The provider of all these events since Windows 7, and its GUID.
pub(crate) const PROVIDER: &str = "Microsoft-Windows-Security-SPP";
pub(crate) const PROVIDER_GUID: &str = "{E23B33B0-C8C9-472C-A5F9-F2BDFEA0F156}";
/// The keyword bit of a classic event.
pub(crate) const KEYWORDS: &str = "0x80000000000000";
/// Where hosts log the requests that they processed.
pub(crate) const KMS_CHANNEL: &str = "Key Management Service";

/// What all events of one ID have in common.
#[derive(Debug)]
pub(crate) struct Sort {
    pub(crate) id: u32,
    pub(crate) channel: &'static str,
    /// The classic source that registered the event.
    pub(crate) source: &'static str,
    /// 2 error, 4 information.
    pub(crate) level: u8,
    /// High word of the classic event number: 16384 information, 49152 error.
    pub(crate) qualifiers: u32,
    /// English text in front of the Info list; `%1` and `%2` stand for strings.
    message: &'static str,
}

const fn sort(id: u32, level: u8, message: &'static str) -> Sort {
    let (channel, source) = if id == 12290 {
        (KMS_CHANNEL, "KmsRequests")
    } else {
        ("Application", "Software Protection Platform Service")
    };
    let qualifiers = if level == 2 { 49_152 } else { 16_384 };
    Sort { id, channel, source, level, qualifiers, message }
}

static SENT: Sort = sort(
    12288,
    4,
    "The client has sent an activation request to the key management service machine.\r\nInfo:\r\n%1",
);
static ANSWERED: Sort = sort(
    12289,
    4,
    "The client has processed an activation response from the key management service machine.\r\nInfo:\r\n%1",
);
static PROCESSED: Sort = sort(12290, 4, "An activation request has been processed.\r\nInfo:\r\n%1");
static PUBLISH_FAILED: Sort = sort(
    12293,
    2,
    "Publishing the Key Management Service (KMS) to DNS in the '%2' domain failed.\r\nInfo:\r\n%1",
);
static PUBLISHED: Sort = sort(
    12294,
    4,
    "Publishing the Key Management Service (KMS) to DNS in the '%1' domain is successful.\r\n",
);

/// The service, or its timer, did not start.
pub(crate) static NOT_STARTED: Sort =
    sort(12291, 2, "Key Management Service (KMS) failed to start.\r\nInfo:\r\n%1");
pub(crate) static NO_TIMER: Sort = sort(
    12292,
    2,
    "Initialization of the Key Management Service (KMS) renewal timer failed.\r\nInfo:\r\n%1",
);
/// A record of a log that has nothing to do with KMS.
pub(crate) static FOREIGN: Sort = Sort {
    channel: "System",
    source: "Service Control Manager",
    ..sort(7036, 4, "The %1 service entered the stopped state.\r\n")
};

/// One record.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) sort: &'static Sort,
    pub(crate) record: u64,
    pub(crate) time: Moment,
    pub(crate) computer: String,
    /// The insertion strings, in order.
    pub(crate) strings: Vec<String>,
}

/// How a host writes the fields of event 12290.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Layout {
    /// One string that is a comma list, as the documents say.
    Documented,
    /// Ten strings, as scripts for modern hosts read them.
    Modern,
}

impl Event {
    /// 12290: the host processed a request.
    pub(crate) fn processed(request: &Request, computer: &str, layout: Layout) -> Self {
        Self {
            sort: &PROCESSED,
            record: request.record,
            time: request.time,
            computer: computer.to_owned(),
            strings: match layout {
                Layout::Documented => vec![request.info()],
                Layout::Modern => request.strings(),
            },
        }
    }

    /// 12288: the client sent the request, to `target` (`server:port`), with the outcome `hresult`.
    pub(crate) fn sent(request: &Request, record: u64, target: &str, hresult: u32) -> Self {
        let info = format!(
            "0x{hresult:08X}, 0x00000000, {target}, {}, {}, {}, {}, {}, {}, {}",
            request.cmid,
            request.client_time.padded(),
            u8::from(request.is_virtual),
            request.status,
            request.minutes,
            request.activation,
            request.required
        );
        Self::of_client(&SENT, request, record, info)
    }

    /// 12289: the client processed the answer of the host.
    pub(crate) fn answered(request: &Request, record: u64, host: &Facts) -> Self {
        let enough = usize::try_from(request.required).is_ok_and(|n| request.count >= n);
        // SL_E_VL_NOT_ENOUGH_COUNT with the flag of the same meaning.
        let (hresult, flags) = if enough { (0, 0) } else { (0xC004_F038_u32, 0x0400_0000_u32) };
        let info = format!(
            "0x{hresult:08X}, 0x{flags:08X}, {}, 0, {}, {}, {}, {}",
            u8::from(enough),
            request.count,
            host.activation_interval,
            host.renewal_interval,
            request.client_time.padded()
        );
        let time = request.client_time.plus(2 * SECOND);
        Self { time, ..Self::of_client(&ANSWERED, request, record, info) }
    }

    /// 12294, or 12293 when `failure` holds a code: the host published its SRV record in `domain`, or could not.
    pub(crate) fn publishing(
        computer: &str,
        record: u64,
        time: Moment,
        domain: &str,
        failure: Option<u32>,
    ) -> Self {
        let computer = computer.to_owned();
        let domain = domain.to_owned();
        let (sort, strings) = match failure {
            Some(code) => (&PUBLISH_FAILED, vec![format!("0x{code:08X}"), domain]),
            None => (&PUBLISHED, vec![domain]),
        };
        Self { sort, record, time, computer, strings }
    }

    fn of_client(sort: &'static Sort, request: &Request, record: u64, info: String) -> Self {
        Self {
            sort,
            record,
            time: request.client_time,
            computer: request.name.clone(),
            strings: vec![info],
        }
    }

    /// The message as an English system renders it.
    pub(crate) fn message(&self) -> String {
        let mut strings = self.strings.iter();
        let first = match self.strings.len() {
            // The ten strings of 12290 without the first are the comma list again.
            10 => strings.by_ref().skip(1).map(String::as_str).collect::<Vec<_>>().join(","),
            _ => strings.next().cloned().unwrap_or_default(),
        };
        let second = strings.next().map_or("", String::as_str);
        self.sort.message.replace("%1", &first).replace("%2", second)
    }
}
