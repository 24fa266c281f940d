//! The columns of event tables: which tool has them under which name, and a row's record.

use crate::artefact::csv::{Header, Row};
use crate::artefact::trouble::excerpt;
use crate::error::{Outcome, Place};
use crate::kms::import::event::delivery::{Delivery, Found, Time};
use crate::kms::import::event::{Binary, Concern, Content, Head};

// The names of each column, as `Get-WinEvent`, `Get-EventLog` and the Event Viewer have them; of
// several the first counts.
const TIME: &[&str] = &["TimeCreated", "TimeGenerated", "Date and Time"];
const RECORD: &[&str] = &["RecordId", "EventRecordID", "Index"];
const ID: &[&str] = &["Id", "EventID", "Event ID"];
const INSTANCE: &[&str] = &["InstanceId"];
const HOST: &[&str] = &["MachineName", "Computer", "ComputerName"];
const CHANNEL: &[&str] = &["LogName", "Log"];
const PROVIDER: &[&str] = &["ProviderName", "Provider"];
const SOURCE: &[&str] = &["Source"];
const MESSAGE: &[&str] = &["Message", "Description"];
/// The column of the plain form, which holds requests and nothing else.
const INFO: &[&str] = &["Info"];

/// A column that only the Event Viewer has.
const EVENT_VIEWER: &[&str] = &["Date and Time"];

/// How many columns the Event Viewer names, in any language, and which of them has the event ID.
const EVENT_VIEWER_WIDTH: usize = 5;
pub(super) const EVENT_VIEWER_ID: usize = 3;

/// The event of the plain form.
const REQUEST: u32 = 12290;

/// Where a table has what a record needs.
#[derive(Debug)]
pub(super) struct Columns {
    width: usize,
    time: usize,
    id: Id,
    record: Option<usize>,
    host: Option<usize>,
    channel: Option<usize>,
    provider: Option<usize>,
    source: Option<usize>,
    text: usize,
}

/// How the table tells the event ID.
#[derive(Debug, Clone, Copy)]
enum Id {
    Column(usize),
    /// The upper half of an `InstanceId` holds severity and facility.
    Instance(usize),
    Request,
}

impl Columns {
    /// The columns of a header; an error names those that are missing.
    pub(super) fn of(header: &Header) -> Result<Self, &'static str> {
        let time =
            header.column(TIME).ok_or("`TimeCreated`, `TimeGenerated` or `Date and Time`")?;
        let info = header.column(INFO);
        let id = match (header.column(ID), header.column(INSTANCE), info) {
            (Some(at), ..) => Id::Column(at),
            (None, Some(at), _) => Id::Instance(at),
            (None, None, Some(_)) => Id::Request,
            (None, None, None) => return Err("`Id`, `EventID` or `Info`"),
        };
        // The Event Viewer writes the description behind the columns that it names.
        let behind = header.column(EVENT_VIEWER).map(|_| header.width());
        let text = header
            .column(MESSAGE)
            .or(info)
            .or(behind)
            .ok_or("`Message`, `Description` or `Info`")?;
        Ok(Self {
            width: header.width().max(text + 1),
            time,
            id,
            record: header.column(RECORD),
            host: header.column(HOST),
            channel: header.column(CHANNEL),
            provider: header.column(PROVIDER),
            source: header.column(SOURCE),
            text,
        })
    }

    /// The columns of the Event Viewer in another language: five with names, in fixed order, and
    /// one without. `None` when the header cannot be one of these.
    pub(super) fn of_event_viewer(header: &Header) -> Option<Self> {
        (header.width() == EVENT_VIEWER_WIDTH).then_some(Self {
            width: EVENT_VIEWER_WIDTH + 1,
            time: 1,
            id: Id::Column(EVENT_VIEWER_ID),
            record: None,
            host: None,
            channel: None,
            provider: None,
            source: Some(2),
            text: EVENT_VIEWER_WIDTH,
        })
    }

    /// Hands a row on if it concerns KMS.
    pub(super) fn deliver(&self, row: &Row<'_>, delivery: &mut Delivery<'_, '_>) -> Outcome<()> {
        let place = Place::Line(row.line);
        let head = match self.head(row) {
            Ok(head) if head.concern(Binary::None) == Concern::None => return Ok(()),
            Ok(head) => head,
            Err(wrong) => {
                delivery.complain(place, wrong);
                return Ok(());
            }
        };
        delivery.deliver(&Found {
            place,
            head,
            time: Time::Written(row.get(self.time).trim_ascii()),
            content: Content::<&str>::Message(row.get(self.text)),
            binary: Binary::None,
        })
    }

    fn head<'r>(&self, row: &Row<'r>) -> Result<Head<'r>, String> {
        if row.width() != self.width {
            return Err(format!("field count {}, header {}", row.width(), self.width));
        }
        let optional = |column: Option<usize>| column.map_or("", |at| row.get(at).trim_ascii());
        let number = |name: &str, text: &str| {
            text.trim_ascii()
                .parse()
                .map_err(|_| format!("{name} `{}`, allowed are whole numbers", excerpt(text)))
        };
        let id = match self.id {
            Id::Request => u64::from(REQUEST),
            Id::Column(at) => number("event ID", row.get(at))?,
            Id::Instance(at) => number("InstanceId", row.get(at))? & 0xFFFF,
        };
        let record = optional(self.record);
        Ok(Head {
            id: u32::try_from(id).unwrap_or_default(),
            channel: optional(self.channel),
            sources: [optional(self.provider), optional(self.source)],
            host: optional(self.host),
            record: if record.is_empty() { None } else { Some(number("record ID", record)?) },
        })
    }
}
