//! KMS events from tables: `Get-WinEvent` or `Get-EventLog` piped into `Export-Csv`, what the Event Viewer saves as CSV or text, and
//! the plain form of time, record ID and field list.
//!
//! Columns are known by their names, in any order. The field lists are `event`'s.

use super::event::{self, Binary, Concern, Content, Delivery, Head, instant};
use super::{Each, Options};
use crate::artefact::csv::{Header, Row, Table};
use crate::artefact::culture::Times;
use crate::artefact::trouble::{Next, excerpt};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use std::io::BufRead;

/// Event records as a table.
pub static KIND: Kind = Kind {
    name: "kms.event-csv",
    title: "KMS events as CSV: `Get-WinEvent … | Export-Csv`, `Get-EventLog … | Export-Csv`, or saved by the Event Viewer",
    binary: false,
    sniff,
};

// The names of each column, as `Get-WinEvent`, `Get-EventLog` and the Event Viewer have them; the first that is there counts.
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

/// The columns of scripts that count requests by computer and status.
const COUNTED: [&[&str]; 3] = [&["Computername"], &["LicenseStatus"], &["Count"]];

/// How many columns the Event Viewer names, in any language, and which of them holds the event ID.
const EVENT_VIEWER_WIDTH: usize = 5;
const EVENT_VIEWER_ID: usize = 3;

/// The event of the plain form.
const REQUEST: u32 = 12290;

fn sniff(sample: &Sample<'_>) -> Fit {
    let Some(header) = Header::of(sample) else {
        return Fit::No;
    };
    if Columns::of(&header).is_ok() {
        return Fit::Yes(8);
    }
    if COUNTED.iter().all(|names| header.column(names).is_some()) {
        return Fit::Near(
            "it is a report that counts requests by computer and holds no client machine IDs; import the event log itself",
        );
    }
    let first = || header.split(sample.text.lines().nth(1)?).get(EVENT_VIEWER_ID)?.parse().ok();
    match header.width() == EVENT_VIEWER_WIDTH && first().is_some_and(|id| event::IDS.contains(&id))
    {
        true => Fit::Yes(5),
        false => Fit::No,
    }
}

/// Where a table has what a record needs.
#[derive(Debug)]
struct Columns {
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
    /// The upper half of an InstanceId holds severity and facility.
    Instance(usize),
    Request,
}

impl Columns {
    /// The columns of a header; an error names those that are missing.
    fn of(header: &Header) -> Result<Self, &'static str> {
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

    /// The columns of the Event Viewer in another language: five with names, in fixed order, and one without.
    fn of_event_viewer() -> Self {
        Self {
            width: EVENT_VIEWER_WIDTH + 1,
            time: 1,
            id: Id::Column(EVENT_VIEWER_ID),
            record: None,
            host: None,
            channel: None,
            provider: None,
            source: Some(2),
            text: EVENT_VIEWER_WIDTH,
        }
    }

    fn deliver(
        &self,
        row: &Row<'_>,
        times: &Times<'_>,
        delivery: &mut Delivery<'_, '_>,
    ) -> Outcome<()> {
        let place = Place::Line(row.line);
        let head = match self.head(row) {
            Ok(head) if head.concern(Binary::None) == Concern::None => return Ok(()),
            Ok(head) => head,
            Err(wrong) => {
                delivery.found();
                delivery.notes.complain(place, wrong);
                return Ok(());
            }
        };
        let content = Content::<&str>::Message(row.get(self.text));
        let time = row.get(self.time).trim_ascii();
        delivery.deliver(place, &head, content, Binary::None, |notes| {
            instant(times, time, place, notes)
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

/// Reads the records of a file.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let times = Times::new(options.culture.as_deref(), options.zone.as_ref())?;
    let mut table = match Table::open(input) {
        Ok(table) => table,
        Err(trouble) => return trouble.settle(notes).map(|_| ()),
    };
    let columns = match Columns::of(table.header()) {
        Ok(columns) => columns,
        Err(_) if table.header().width() == EVENT_VIEWER_WIDTH => Columns::of_event_viewer(),
        Err(missing) => {
            notes.complain(Place::Whole, format!("the header has no column {missing}"));
            return Ok(());
        }
    };
    let mut delivery = Delivery::new(notes, each);
    loop {
        match table.next() {
            Ok(Some(row)) => columns.deliver(&row, &times, &mut delivery)?,
            Ok(None) => break,
            Err(trouble) => {
                delivery.found();
                if trouble.settle(delivery.notes)? == Next::Stop {
                    return Ok(());
                }
            }
        }
    }
    delivery.finish();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, LONGEST, Sample};
    use crate::kms::import::Options;
    use crate::kms::import::event::testing::{LIST, REQUEST, Seen, cut_everywhere, seen};
    use jiff::tz::TimeZone;

    fn seen_with(options: &Options, text: &str) -> Seen {
        seen(|notes, each| read(&mut text.as_bytes(), options, notes, each))
    }

    fn seen_in(text: &str) -> Seen {
        seen_with(&Options::default(), text)
    }

    fn options(culture: Option<&str>, zone: Option<&str>) -> Options {
        let zone = zone.map(|name| TimeZone::get(name).unwrap());
        Options { culture: culture.map(str::to_owned), zone, ..Options::default() }
    }

    fn message() -> String {
        format!("An activation request has been processed.\r\nInfo:\r\n{LIST}\r\n")
    }

    /// What `Get-WinEvent | Export-Csv` writes, one row for each time.
    fn win_event(times: &[&str]) -> String {
        let mut text = "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n\"Message\",\"Id\",\"RecordId\",\"ProviderName\",\
             \"LogName\",\"MachineName\",\"TimeCreated\",\"Properties\"\r\n"
            .to_owned();
        for time in times {
            text.push_str(&format!(
                "\"{}\",\"12290\",\"48211\",\"Microsoft-Windows-Security-SPP\",\"Key Management Service\",\"kms01.corp.example\",\"{time}\",\
                 \"System.Collections.Generic.IList`1[System.Diagnostics.Eventing.Reader.EventProperty]\"\r\n",
                message()
            ));
        }
        text
    }

    fn told(line: u64, time: &str) -> (String, String) {
        (format!("line {line}: kms01.corp.example 48211 {time}"), REQUEST.to_owned())
    }

    #[test]
    fn the_plain_form_holds_requests() {
        let text = format!(
            "TimeCreated,RecordId,Info\n2026-01-01T00:00:05Z,17,\"{LIST}\"\n2026-01-01T01:00:06+01:00,18,\"{LIST}\"\n"
        );
        let expected = vec![
            ("line 2:  17 2026-01-01T00:00:05Z".to_owned(), REQUEST.to_owned()),
            ("line 3:  18 2026-01-01T00:00:06Z".to_owned(), REQUEST.to_owned()),
        ];
        assert_eq!(seen_in(&text), Seen { events: expected.clone(), ..Seen::default() });
        let tabs = text.replace('"', "").replace(",17,", "\t17\t").replace(",18,", "\t18\t");
        assert_eq!(
            seen_in(
                &tabs
                    .replace("TimeCreated,RecordId,Info", "info\tRECORDID\tTime Created")
                    .replacen("info\tRECORDID\tTime Created", "Time Created\trecordID\tINFO", 1)
            )
            .events,
            expected
        );
    }

    #[test]
    fn an_export_of_get_winevent_is_read_with_any_delimiter() {
        let text = win_event(&["2025-03-09T07:05:12Z", "2025-03-09T07:05:13Z"]);
        let expected = [told(3, "2025-03-09T07:05:12Z"), told(7, "2025-03-09T07:05:13Z")];
        assert_eq!(seen_in(&text).events, expected);
        for delimiter in ["\";\"", "\"\t\""] {
            let found = seen_in(&text.replace("\",\"", delimiter));
            assert_eq!((found.events.as_slice(), found.complaints.len()), (expected.as_slice(), 0));
        }
    }

    #[test]
    fn a_date_that_is_ambiguous_asks_for_the_culture() {
        let text = win_event(&["4/10/2018 10:28:15 PM"]);
        let found = seen_in(&text);
        assert_eq!(
            found.complaints,
            ["line 3: the date `4/10/2018 10:28:15 PM` is ambiguous: day or month may come first"]
        );
        let found = seen_with(&options(Some("en-US"), Some("America/New_York")), &text);
        assert_eq!(found.events, [told(3, "2018-04-11T02:28:15Z")]);
        let error = super::read(
            &mut text.as_bytes(),
            &options(Some("xx"), None),
            &mut super::Notes::default(),
            &mut |_, _| Ok(()),
        );
        assert!(matches!(error, Err(crate::error::Stop::Usage(_))));
    }

    #[test]
    fn a_local_time_asks_for_the_zone() {
        let text = win_event(&["31.03.2025 07:05:12"]);
        assert_eq!(
            seen_in(&text).complaints,
            ["line 3: the time `31.03.2025 07:05:12` is local and its zone is not known"]
        );
        let found = seen_with(&options(None, Some("Europe/Berlin")), &text);
        assert_eq!(found.events, [told(3, "2025-03-31T05:05:12Z")]);
    }

    #[test]
    fn the_repeated_hour_is_warned_of_once() {
        let text = win_event(&["26.10.2025 02:30:00", "26.10.2025 02:31:00"]);
        let found = seen_with(&options(Some("de-DE"), Some("Europe/Berlin")), &text);
        assert_eq!(found.events[0], told(3, "2025-10-26T00:30:00Z"));
        assert_eq!(
            found.warnings,
            [
                "repeated-hour local times of the hour that the clocks repeat are read as its first occurrence"
            ]
        );
    }

    #[test]
    fn an_export_of_get_eventlog_tells_the_id_with_its_severity() {
        let head = "\"MachineName\",\"Data\",\"Index\",\"EntryType\",\"Message\",\"Source\",\"ReplacementStrings\",\"InstanceId\",\"TimeGenerated\"";
        let row = format!(
            "\"kms01.corp.example\",\"System.Byte[]\",\"48211\",\"Information\",\"{}\",\"KmsRequests\",\"System.String[]\",\"1073754114\",\"2025-03-09 07:05:12\"",
            message()
        );
        let found = seen_with(&options(None, Some("UTC")), &format!("{head}\r\n{row}\r\n"));
        assert_eq!(found.events, [told(2, "2025-03-09T07:05:12Z")]);
        let with_id = format!("\"EventID\",{head}\r\n\"12290\",{row}\r\n");
        assert_eq!(
            seen_with(&options(None, Some("UTC")), &with_id).events,
            [told(2, "2025-03-09T07:05:12Z")]
        );
        let stranger = with_id.replace("\"12290\"", "\"1337\"");
        assert!(
            seen_with(&options(None, Some("UTC")), &stranger).events[0]
                .1
                .starts_with("Suspicious { id: 1337,")
        );
    }

    #[test]
    fn the_event_viewer_writes_the_description_without_a_column_in_any_language() {
        let expected = ("line 2:  - 2025-03-09T07:05:12Z".to_owned(), REQUEST.to_owned());
        for (head, delimiter) in [
            ("Level,Date and Time,Source,Event ID,Task Category", ","),
            ("Level\tDate and Time\tSource\tEvent ID\tTask Category", "\t"),
            ("Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie", ","),
        ] {
            let row = [
                "Information",
                "3/9/2025 7:05:12 AM",
                "Security-SPP",
                "12290",
                "None",
                &format!("\"{}\"", message()),
            ]
            .join(delimiter);
            let other = ["Fehler", "gestern", "Disk", "7", "(2)", "\"a, b\""].join(delimiter);
            let text = format!("{head}\r\n{row}\r\n{other}\r\n");
            let found = seen_with(&options(Some("en-US"), Some("UTC")), &text);
            assert_eq!(found, Seen { events: vec![expected.clone()], ..Seen::default() }, "{head}");
            assert!(matches!(fit(&text), Fit::Yes(_)), "{head}");
        }
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_the_others_are_read() {
        let eight = LIST.rsplit_once(',').unwrap().0;
        let long = "x".repeat(10 * LONGEST);
        let text = format!(
            "TimeCreated,RecordId,Info\n2026-01-01T00:00:05Z,17,\"{eight}\"\n2026-01-01T00:00:05Z,x,\"{LIST}\"\n2026-01-01T00:00:05Z,17\n\
             2026-01-01T00:00:05Z,17,\"{LIST}\",\n2026-01-01T00:00:05Z,17,{long}\n2026-01-01T00:00:05Z,,\"{LIST}\"\n"
        );
        let found = seen_in(&text);
        let expected = [
            "line 2: field count 8, expected 9".to_owned(),
            "line 3: record ID `x`, allowed are whole numbers".to_owned(),
            "line 4: field count 2, header 3".to_owned(),
            "line 5: field count 4, header 3".to_owned(),
            format!("line 6: the record is longer than {LONGEST} bytes"),
        ];
        assert_eq!(found.complaints, expected);
        assert_eq!(
            found.events,
            [("line 7:  - 2026-01-01T00:00:05Z".to_owned(), REQUEST.to_owned())]
        );
    }

    #[test]
    fn a_table_without_events_is_complained_of() {
        let other = win_event(&["x"])
            .replace("12290", "7")
            .replace("Key Management Service", "System")
            .replace("Microsoft-Windows-Security-SPP", "Disk");
        for (text, complaint) in [
            ("TimeCreated,RecordId,Info\n", "no KMS records"),
            (other.as_str(), "no KMS records"),
            ("", "there is no header line"),
            (
                "A,B\n1,2\n",
                "the header has no column `TimeCreated`, `TimeGenerated` or `Date and Time`",
            ),
            ("TimeCreated,Message\n", "the header has no column `Id`, `EventID` or `Info`"),
            ("TimeCreated,Id\n", "the header has no column `Message`, `Description` or `Info`"),
        ] {
            assert_eq!(seen_in(text).complaints, [complaint], "{text}");
        }
    }

    #[test]
    fn a_file_that_is_cut_holds_no_event_that_was_not_written() {
        let plain = format!(
            "TimeCreated,RecordId,Info\n2026-01-01T00:00:05Z,17,\"{LIST}\"\n2026-01-01T00:00:06Z,18,\"{LIST}\"\n"
        );
        let win_event = win_event(&["2025-03-09T07:05:12Z", "2025-03-09T07:05:13Z"]);
        // Nothing tells that a table ends between two rows, or amid the last column when nothing is read from that.
        for (text, free) in [
            (plain, "\"\n"),
            (
                win_event,
                "System.Collections.Generic.IList`1[System.Diagnostics.Eventing.Reader.EventProperty]\"\r\n",
            ),
        ] {
            let missed =
                cut_everywhere(text.as_bytes(), |part| seen_in(std::str::from_utf8(part).unwrap()));
            assert!(
                missed
                    .iter()
                    .all(|end| free.ends_with(&text[*end..=*end]) || text[*end..].contains(free)),
                "{missed:?}"
            );
            assert!(missed.len() <= free.len() + 2, "{missed:?}");
        }
    }

    fn fit(text: &str) -> Fit {
        (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text })
    }

    #[test]
    fn event_tables_are_known_by_their_header() {
        assert_eq!(
            (fit(&win_event(&[])), fit("TimeCreated;RecordId;Info\n")),
            (Fit::Yes(8), Fit::Yes(8))
        );
        let Fit::Near(reason) =
            fit("\"Computername\";\"LicenseStatus\";\"Count\"\n\"pc\";\"1\";\"3\"\n")
        else {
            panic!()
        };
        assert!(reason.contains("no client machine IDs"));
        for text in ["", "a,b,c,d,e\n1,2,3,4,5\n", "Node,Version\n", "<Events>"] {
            assert_eq!(fit(text), Fit::No, "{text}");
        }
    }
}
