//! KMS events from tables: `Get-WinEvent` or `Get-EventLog` piped into `Export-Csv`, what the Event
//! Viewer saves as CSV or text, and the plain form of time, record ID and field list.
//!
//! Columns are known by their names, in any order. The field lists are `event`'s.

mod columns;

use super::event::{self, delivery::Delivery};
use super::{Each, Options};
use crate::artefact::csv::{Header, Table};
use crate::artefact::trouble::Next;
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::{Outcome, Place};
use columns::{Columns, EVENT_VIEWER_ID};
use std::io::BufRead;

/// Event records as a table.
pub static KIND: Kind = Kind {
    name: "kms.event-csv",
    title: "KMS events as CSV: `Get-WinEvent … | Export-Csv`, or saved by the Event Viewer",
    binary: false,
    sniff,
};

/// The columns of scripts that count requests by computer and status.
const COUNTED: [&[&str]; 3] = [&["Computername"], &["LicenseStatus"], &["Count"]];

fn sniff(sample: &Sample<'_>) -> Fit {
    let Some(header) = Header::of(sample) else {
        return Fit::No;
    };
    if Columns::of(&header).is_ok() {
        return Fit::Yes(8);
    }
    if COUNTED.iter().all(|names| header.column(names).is_some()) {
        return Fit::Near(
            "it counts requests by computer and holds no client machine IDs: import the log itself",
        );
    }
    let id = || header.split(sample.text.lines().nth(1)?).get(EVENT_VIEWER_ID)?.parse().ok();
    match Columns::of_event_viewer(&header).and_then(|_| id()) {
        Some(id) if event::IDS.contains(&id) => Fit::Yes(5),
        _ => Fit::No,
    }
}

/// Reads the records of a file.
pub fn read(
    input: &mut dyn BufRead,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut table = match Table::open(input) {
        Ok(table) => table,
        Err(trouble) => return trouble.settle(notes).map(|_| ()),
    };
    let header = table.header();
    let columns = Columns::of(header);
    let columns = columns.or_else(|missing| Columns::of_event_viewer(header).ok_or(missing));
    let columns = match columns {
        Ok(columns) => columns,
        Err(missing) => {
            notes.complain(Place::Whole, format!("the header has no column {missing}"));
            return Ok(());
        }
    };
    let mut delivery = Delivery::new(options, notes, each)?;
    loop {
        match table.next() {
            Ok(Some(row)) => columns.deliver(&row, &mut delivery)?,
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
        let head = r#"#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord
"Message","Id","RecordId","ProviderName","LogName","MachineName","TimeCreated","Properties"
"#;
        let row = r#""MESSAGE","12290","48211","Microsoft-Windows-Security-SPP",KEEP
"Key Management Service","kms01.corp.example","TIME","System.Collections.Generic.IList`1"
"#;
        let row = row.replace("KEEP\n", "").replace("MESSAGE\"", &format!("{}\"", message()));
        let rows: String = times.iter().map(|time| row.replace("TIME", time)).collect();
        format!("{head}{rows}").replace("\r\n", "\n").replace('\n', "\r\n")
    }

    /// The plain form, with rows as given.
    fn plain(rows: &[&str]) -> String {
        format!("TimeCreated,RecordId,Info\n{}\n", rows.join("\n")).replace("LIST", LIST)
    }

    fn told(line: u64, time: &str) -> (String, String) {
        let head = format!("line {line}: kms01.corp.example 48211 {time}");
        (head, REQUEST.to_owned())
    }

    #[test]
    fn the_plain_form_holds_requests() {
        let rows = [r#"2026-01-01T00:00:05Z,17,"LIST""#, r#"2026-01-01T01:00:06+01:00,18,"LIST""#];
        let text = plain(&rows);
        let expected = vec![
            ("line 2:  17 2026-01-01T00:00:05Z".to_owned(), REQUEST.to_owned()),
            ("line 3:  18 2026-01-01T00:00:06Z".to_owned(), REQUEST.to_owned()),
        ];
        assert_eq!(seen_in(&text), Seen { events: expected.clone(), ..Seen::default() });
        let tabs = plain(
            &rows
                .map(|row| row.replace('"', "").replacen(',', "\t", 2))
                .each_ref()
                .map(String::as_str),
        );
        let tabs = tabs.replacen("TimeCreated,RecordId,Info", "Time Created\trecordID\tINFO", 1);
        assert_eq!(seen_in(&tabs).events, expected);
    }

    #[test]
    fn an_export_of_get_winevent_is_read_with_any_delimiter() {
        let times = ["2025-03-09T07:05:12Z", "2025-03-09T07:05:13Z"];
        let text = win_event(&times);
        let expected = [told(3, times[0]), told(7, times[1])];
        for delimiter in ["\",\"", "\";\"", "\"\t\""] {
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
        let head =
            r#""MachineName","Data","Index","Message","Source","InstanceId","TimeGenerated""#;
        let row = r#""kms01.corp.example","System.Byte[]","48211","MESSAGE","KmsRequests","1073754114","2025-03-09 07:05:12""#;
        let row = row.replace("MESSAGE", &message());
        let utc = options(None, Some("UTC"));
        let found = seen_with(&utc, &format!("{head}\r\n{row}\r\n"));
        assert_eq!(found.events, [told(2, "2025-03-09T07:05:12Z")]);
        let with_id = format!("\"EventID\",{head}\r\n\"12290\",{row}\r\n");
        assert_eq!(seen_with(&utc, &with_id).events, [told(2, "2025-03-09T07:05:12Z")]);
        let found = seen_with(&utc, &with_id.replace("\"12290\"", "\"1337\""));
        assert!(found.events[0].1.starts_with("Suspicious { id: 1337,"), "{found:?}");
    }

    #[test]
    fn the_event_viewer_writes_the_description_without_a_column_in_any_language() {
        let events = vec![("line 2:  - 2025-03-09T07:05:12Z".to_owned(), REQUEST.to_owned())];
        let row = ["Information", "3/9/2025 7:05:12 AM", "Security-SPP", "12290", "None"];
        for (head, delimiter) in [
            ("Level,Date and Time,Source,Event ID,Task Category", ","),
            ("Level\tDate and Time\tSource\tEvent ID\tTask Category", "\t"),
            ("Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie", ","),
        ] {
            let row = format!("{}{delimiter}\"{}\"", row.join(delimiter), message());
            let other = ["Fehler", "gestern", "Disk", "7", "(2)", "\"a, b\""].join(delimiter);
            let text = format!("{head}\r\n{row}\r\n{other}\r\n");
            let found = seen_with(&options(Some("en-US"), Some("UTC")), &text);
            assert_eq!(found, Seen { events: events.clone(), ..Seen::default() }, "{head}");
            assert!(matches!(fit(&text), Fit::Yes(_)), "{head}");
        }
    }

    #[test]
    fn a_bad_row_is_told_with_its_line_and_the_others_are_read() {
        let eight = LIST.rsplit_once(',').unwrap().0;
        let text = plain(&[
            &format!("2026-01-01T00:00:05Z,17,\"{eight}\""),
            "2026-01-01T00:00:05Z,x,\"LIST\"",
            "2026-01-01T00:00:05Z,17",
            "2026-01-01T00:00:05Z,17,\"LIST\",",
            &format!("2026-01-01T00:00:05Z,17,{}", "x".repeat(10 * LONGEST)),
            "2026-01-01T00:00:05Z,,\"LIST\"",
        ]);
        let found = seen_in(&text);
        let expected = [
            "line 2: field count 8, expected 9",
            "line 3: record ID `x`, allowed are whole numbers",
            "line 4: field count 2, header 3",
            "line 5: field count 4, header 3",
            "line 6: the record is longer than 1048576 bytes",
        ];
        assert_eq!(found.complaints, expected);
        let last = ("line 7:  - 2026-01-01T00:00:05Z".to_owned(), REQUEST.to_owned());
        assert_eq!(found.events, [last]);
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
        let row = r#"2026-01-01T00:00:05Z,17,"LIST""#;
        let win_event = win_event(&["2025-03-09T07:05:12Z", "2025-03-09T07:05:13Z"]);
        // Nothing tells that a table ends between two rows, or amid a last column that is not read.
        let column = "\"System.Collections.Generic.IList`1\"\r\n";
        for (text, free) in [(plain(&[row, row]), "\"\n"), (win_event, column)] {
            let read = |part: &[u8]| seen_in(std::str::from_utf8(part).unwrap());
            let missed = cut_everywhere(text.as_bytes(), read);
            let first = text.find(free).unwrap();
            assert!(missed.iter().all(|end| (first..=first + free.len()).contains(end)));
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
