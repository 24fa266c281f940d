//! KMS events from binary Windows event logs (EVTX).
//!
//! The crate `evtx` decodes the binary XML of one chunk of 64 KiB at a time. Its typed values are read
//! by the places that the template of a record gives them; a record that cannot be read so is rendered
//! as JSON and read by `rendered`. Without the cargo feature `evtx` such a file is refused
//! with a complaint.

#[cfg(feature = "evtx")]
mod log;
#[cfg(feature = "evtx")]
mod template;
#[cfg(feature = "evtx")]
mod values;

use super::{Each, Options};
use crate::artefact::{Fit, Kind, Notes, Sample};
use crate::error::Outcome;
use std::io::{Read, Seek};

/// A binary event log.
pub static KIND: Kind = Kind {
    name: "kms.evtx",
    title: "Windows event log: `wevtutil epl \"Key Management Service\" kms.evtx`, or a copy of the file",
    binary: true,
    sniff,
};

/// What a log is read from: bytes, in any order.
pub trait ReadSeek: Read + Seek {}

impl<T: Read + Seek + ?Sized> ReadSeek for T {}

/// The first bytes of every log.
const MAGIC: &[u8] = b"ElfFile\0";

/// The name of the log of KMS hosts, which the first records of such a log hold.
const CHANNEL: &str = "Key Management Service";

fn sniff(sample: &Sample<'_>) -> Fit {
    if !sample.bytes.starts_with(MAGIC) {
        return Fit::No;
    }
    let channel: Vec<u8> = CHANNEL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // A log of another channel may hold the events of clients, and an empty one no channel at all.
    if sample.bytes.windows(channel.len()).any(|window| window == channel) {
        Fit::Yes(9)
    } else {
        Fit::Yes(2)
    }
}

/// Reads the records of a log.
#[cfg(not(feature = "evtx"))]
pub fn read(_: &mut dyn ReadSeek, _: &Options, notes: &mut Notes, _: &mut Each<'_>) -> Outcome<()> {
    let message = "this build of licctl does not read binary event logs";
    notes.complain_with(
        crate::error::Place::Whole,
        message,
        "export the log as XML: `wevtutil qe FILE /lf /f:xml`",
    );
    Ok(())
}

/// Reads the records of a log.
#[cfg(feature = "evtx")]
pub fn read(
    input: &mut dyn ReadSeek,
    options: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    log::read(input, options, notes, each)
}

#[cfg(test)]
#[cfg(feature = "evtx")]
mod tests {
    use super::{KIND, read};
    use crate::artefact::{Fit, Sample};
    use crate::kms::import::Options;
    use crate::kms::import::event::delivery::Delivery;
    use crate::kms::import::event::testing::{LIST, REQUEST, Seen, seen};
    use crate::kms::import::evtx_sample::{CHUNK, CHUNK_HEADER, Data, Entry, HEADER, log};
    use std::io::{self, Cursor, Read, Seek, SeekFrom};

    const CHANNEL: &str = "Key Management Service";

    fn entry<'a>(record: u64, strings: &'a [&'a str]) -> Entry<'a> {
        Entry {
            record,
            id: 12290,
            time: 1_741_503_912,
            channel: CHANNEL,
            strings,
            binary: &[],
            data: Data::Here,
        }
    }

    fn seen_in(file: &[u8]) -> Seen {
        seen(|notes, each| read(&mut Cursor::new(file), &Options::default(), notes, each))
    }

    fn told(record: u64) -> (String, String) {
        (
            format!("record {record}: kms01.corp.example {record} 2025-03-09T07:05:12Z"),
            REQUEST.to_owned(),
        )
    }

    fn ten() -> Vec<&'static str> {
        [""].into_iter().chain(LIST.split(',')).collect()
    }

    #[test]
    fn a_request_is_read_from_one_string_and_from_ten() {
        let (ten, one) = (ten(), [LIST]);
        let file = log(&[&[entry(1, &ten), entry(2, &one)], &[entry(3, &ten[1..])]]);
        assert_eq!(
            seen_in(&file),
            Seen { events: vec![told(1), told(2), told(3)], ..Seen::default() }
        );
    }

    #[test]
    fn the_data_of_an_event_may_have_a_template_of_its_own_or_be_rendered() {
        let (ten, one) = (ten(), [LIST]);
        let chunk =
            [entry(1, &ten), entry(2, &one)].map(|entry| Entry { data: Data::Inner, ..entry });
        let binary = &[0x4D, 0x5A, 0x90];
        let stranger = Entry { id: 1337, binary, data: Data::Inner, ..entry(3, &["x"]) };
        let found = seen_in(&log(&[&chunk, &[stranger]]));
        assert_eq!(found.events[..2], [told(1), told(2)]);
        assert!(found.events[2].1.starts_with("Suspicious { id: 1337, size: 3, "), "{found:?}");
        // Data with names is none of a classic event: it is rendered, and holds no strings without a name.
        let named = Entry { data: Data::Named, ..entry(4, &one) };
        let found = seen_in(&log(&[&[named]]));
        let wrong = "record 4: string count 0, allowed are 1 with a list, 9 or 10";
        assert_eq!(
            (found.events.len(), found.complaints.as_slice()),
            (0, [wrong.to_owned()].as_slice())
        );
    }

    #[test]
    fn a_record_read_by_place_says_what_its_rendering_says() {
        use super::values::Reader;
        let (ten, one) = (ten(), [LIST]);
        let umlauts = [LIST.replace("pc-017", "pç-\u{1F600}")];
        let umlauts: Vec<&str> = umlauts.iter().map(String::as_str).collect();
        let chunk = [
            entry(1, &ten),
            entry(2, &one),
            entry(3, &umlauts),
            Entry { id: 12294, channel: "Application", ..entry(4, &["corp.example"]) },
            Entry { id: 1337, binary: &[1, 2], ..entry(5, &["x", "", "y"]) },
            entry(6, &["one", "two"]),
            Entry { id: 7036, channel: "System", ..entry(7, &["x"]) },
        ];
        for data in [Data::Here, Data::Inner] {
            let file = log(&[&chunk.map(|entry| Entry { data, ..entry })]);
            let options = Options::default();
            let [placed, rendered] = [true, false].map(|by_place| {
                seen(|notes, each| {
                    let mut delivery = Delivery::new(&options, notes, each)?;
                    let mut parser = evtx::EvtxParser::from_buffer(file.clone()).unwrap();
                    let mut bytes = parser.chunks().next().unwrap().unwrap();
                    let settings = std::sync::Arc::new(evtx::ParserSettings::new());
                    let mut reader = Reader::default();
                    for record in bytes.parse(settings).unwrap().iter() {
                        let mut record = record.unwrap();
                        if by_place {
                            reader.deliver(&mut record, &mut delivery).unwrap()?;
                        } else {
                            super::log::render(record, &mut delivery)?;
                        }
                    }
                    Ok(())
                })
            });
            assert_eq!(placed, rendered);
            assert_eq!(placed.events.len() + placed.complaints.len(), 6, "{placed:?}");
        }
    }

    #[test]
    fn a_name_with_control_characters_and_quotes_is_kept_as_logged() {
        let list = LIST.replace("pc-017", "p\"c\u{1b}[31m\u{e9}");
        let file = log(&[&[entry(1, &[&list])]]);
        let body = &seen_in(&file).events[0].1;
        assert!(body.contains(&format!("{:?}", "p\"c\u{1b}[31m\u{e9}.corp.example")), "{body}");
    }

    #[test]
    fn a_stranger_with_a_binary_part_is_reported_and_the_rest_read() {
        let list = [LIST];
        let stranger = Entry { id: 1337, binary: &[0x4D, 0x5A, 0x90], ..entry(4, &["x"]) };
        let disguised = Entry { binary: &[0], ..entry(5, &list) };
        let found = seen_in(&log(&[&[stranger, disguised, entry(6, &list)]]));
        assert!(
            found.events[0].1.starts_with("Suspicious { id: 1337, size: 3, sha256: ["),
            "{found:?}"
        );
        assert!(
            found.events[1].1.starts_with("Suspicious { id: 12290, size: 1, sha256: ["),
            "{found:?}"
        );
        assert_eq!((found.events[2].clone(), found.complaints.len()), (told(6), 0));
    }

    /// Every `Record::Log` of a file.
    fn measured(file: &[u8]) -> Vec<(u64, u64)> {
        let (mut notes, mut sizes) = (crate::artefact::Notes::default(), Vec::new());
        let mut each = |_, record: crate::kms::import::Record<'_>| {
            if let crate::kms::import::Record::Log(size) = record {
                sizes.push((size.records, size.bytes));
            }
            Ok(())
        };
        read(&mut Cursor::new(file), &Options::default(), &mut notes, &mut each).unwrap();
        sizes
    }

    #[test]
    fn a_log_tells_what_its_records_take_without_the_chunks_that_wait() {
        let list = [LIST];
        let entries: Vec<Entry<'_>> = (1..=30).map(|record| entry(record, &list)).collect();
        let one = measured(&log(&[&entries]));
        let (records, bytes) = one[0];
        assert_eq!((one.len(), records), (1, 30));
        let header = u64::try_from(HEADER).unwrap();
        let chunk = u64::try_from(CHUNK).unwrap();
        assert!(bytes > header && bytes < header + chunk, "{bytes}");
        // A second chunk is counted from the end of the first.
        let two = measured(&log(&[&entries, &entries]));
        assert_eq!(two, [(60, bytes + chunk)]);
        let strings = ["a", "b"];
        let other = Entry { id: 7036, channel: "System", ..entry(1, &strings) };
        assert!(measured(&log(&[&[other, entry(2, &list)]])).is_empty());
    }

    #[test]
    fn a_log_of_another_channel_holds_no_records_of_this_one() {
        let strings = ["a", "b"];
        let other = Entry { id: 7036, channel: "System", ..entry(1, &strings) };
        let expected = Seen { complaints: vec!["no KMS records".to_owned()], ..Seen::default() };
        assert_eq!(seen_in(&log(&[&[other]])), expected);
    }

    #[test]
    fn the_events_of_a_client_are_read_from_its_application_log() {
        let strings = ["corp.example"];
        let event = Entry { id: 12294, channel: "Application", ..entry(1, &strings) };
        let found = seen_in(&log(&[&[event]]));
        assert_eq!(found.events[0].1, "Published { domain: \"corp.example\" }");
    }

    #[test]
    fn an_empty_log_is_read_without_a_complaint() {
        let file = log(&[&[]]);
        assert_eq!((file.len(), seen_in(&file)), (69_632, Seen::default()));
    }

    #[test]
    fn a_dirty_log_with_a_bad_checksum_is_read_with_warnings() {
        let list = [LIST];
        let mut file = log(&[&[entry(1, &list)], &[entry(2, &list)]]);
        file[120] = 1;
        // Where the second chunk keeps the checksum of its records.
        file[HEADER + CHUNK + 52] ^= 0xFF;
        let found = seen_in(&file);
        assert_eq!(
            (found.events.as_slice(), found.complaints.len()),
            ([told(1), told(2)].as_slice(), 0)
        );
        assert!(
            found.warnings.iter().any(|warning| warning.starts_with("evtx-dirty ")),
            "{found:?}"
        );
        assert!(
            found
                .warnings
                .contains(&"evtx-checksum the checksum of chunk 1 does not match".to_owned()),
            "{found:?}"
        );
    }

    #[test]
    fn a_record_that_does_not_decode_is_complained_of_and_the_next_one_read() {
        let list = [LIST];
        let mut file = log(&[&[entry(1, &list), entry(2, &list), entry(3, &list)]]);
        let starts: Vec<usize> =
            (0..file.len() - 4).filter(|at| file[*at..*at + 4] == [0x2a, 0x2a, 0, 0]).collect();
        // The first byte behind the header of the second record begins its binary XML.
        file[starts[1] + 24] = 0xEE;
        let found = seen_in(&file);
        assert_eq!(found.events, [told(1), told(3)]);
        assert_eq!(found.complaints.len(), 1);
        assert!(found.complaints[0].starts_with("record 2: "), "{found:?}");
    }

    #[test]
    fn a_log_that_is_cut_holds_no_event_that_was_not_written() {
        let list = [LIST];
        let file = log(&[&[entry(1, &list), entry(2, &list)], &[entry(3, &list)]]);
        // Between the records nothing changes, so that every byte of those and some of the
        // emptiness suffice.
        let interesting = (0..HEADER + 3 * CHUNK_HEADER)
            .chain((HEADER..file.len()).step_by(509))
            .chain(file.len() - 3..file.len());
        for end in interesting {
            let found = seen_in(&file[..end]);
            assert!(found.events.len() < 3 && !found.complaints.is_empty(), "{end}: {found:?}");
            assert!([told(1), told(2)].starts_with(&found.events), "{end}: {found:?}");
        }
    }

    #[test]
    fn a_log_with_any_byte_changed_is_read_to_its_end() {
        let (ten, list) = (ten(), [LIST]);
        let file = log(&[&[entry(1, &ten), entry(2, &list)]]);
        let used = file.iter().rposition(|byte| *byte != 0).unwrap();
        for at in (0..128).chain(HEADER..used) {
            for change in [0x01, 0x80, 0xFF] {
                let mut broken = file.clone();
                broken[at] ^= change;
                let found = seen_in(&broken);
                assert!(found.events.len() <= 2, "{at}: {found:?}");
            }
        }
    }

    #[test]
    fn a_disk_that_fails_is_not_taken_for_the_end_of_the_log() {
        struct Failing(Cursor<Vec<u8>>);
        impl Read for Failing {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                if self.0.position() >= 8192 {
                    Err(io::Error::other("the disk is gone"))
                } else {
                    self.0.read(out)
                }
            }
        }
        impl Seek for Failing {
            fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
                self.0.seek(to)
            }
        }
        let list = [LIST];
        let mut input = Failing(Cursor::new(log(&[&[entry(1, &list)], &[entry(2, &list)]])));
        let mut notes = crate::artefact::Notes::default();
        let outcome = read(&mut input, &Options::default(), &mut notes, &mut |_, _| Ok(()));
        assert!(matches!(outcome, Err(crate::error::Stop::Fault(_))));
    }

    #[test]
    fn a_log_is_known_by_its_first_bytes() {
        let list = [LIST];
        let fit = |bytes: &[u8]| (KIND.sniff)(&Sample { name: "x", bytes, text: "" });
        assert_eq!(fit(&log(&[&[entry(1, &list)]])[..65_536]), Fit::Yes(9));
        assert_eq!((fit(&log(&[&[]])), fit(b"ElfChnk\0")), (Fit::Yes(2), Fit::No));
    }

    #[test]
    fn what_is_no_log_is_complained_of() {
        for file in [&b""[..], b"ElfFile\0", &[0; 5000]] {
            let found = seen_in(file);
            assert_eq!((found.events.len(), found.complaints.len()), (0, 1), "{found:?}");
        }
    }
}
