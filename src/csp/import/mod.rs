//! Readers: bytes to records. They know no store, no files and no clock.

pub mod catalog;
mod cim;
pub mod cover;
pub mod cspversions;
pub mod ddf;
pub mod facts;
pub mod graph;
pub mod intune;
mod located;
pub mod mdmdiag;
pub mod os;
pub mod package;
pub mod response;
mod root;
mod rows;
pub mod stream;
pub mod syncml;
#[cfg(test)]
mod testing;
pub mod wmi;

use crate::api::Source;
use crate::artefact::{Kind, Notes};
use crate::error::{Outcome, Place};
use facts::Facts;
use jiff::tz::TimeZone;

/// What the user said about a file that the file itself leaves open.
#[derive(Debug, Default)]
pub struct Options {
    /// Zone of local times.
    pub zone: Option<TimeZone>,
}

/// One thing that an artefact says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Boxed: what is said of a device is large, and most of it empty.
    Device(Box<Facts>),
    /// A record that is in order but of no Windows device, and why; it is counted and nothing else.
    Skipped(String),
}

/// What a reader hands its records to, with the place of each.
pub type Each<'f> = dyn FnMut(Place, Record) -> Outcome<()> + 'f;

/// A kind of artefact and the function that reads it.
pub struct Reader {
    pub kind: &'static Kind,
    pub read: fn(Source<'_>, &Options, &mut Notes, &mut Each<'_>) -> Outcome<()>,
}

/// Every reader of the domain.
pub static READERS: &[Reader] = &[
    Reader {
        kind: &graph::KIND,
        read: |source, options, notes, each| graph::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &wmi::KIND,
        read: |source, options, notes, each| wmi::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &os::KIND,
        read: |source, options, notes, each| os::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &mdmdiag::KIND,
        read: |source, options, notes, each| mdmdiag::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &cspversions::KIND,
        read: |source, options, notes, each| {
            cspversions::read(source.text()?, options, notes, each)
        },
    },
    Reader {
        kind: &response::KIND,
        read: |source, options, notes, each| response::read(source.text()?, options, notes, each),
    },
    Reader {
        kind: &stream::KIND,
        read: |source, options, notes, each| stream::read(source.text()?, options, notes, each),
    },
];

/// Their kinds.
pub static KINDS: &[&Kind] = &[
    &graph::KIND,
    &wmi::KIND,
    &os::KIND,
    &mdmdiag::KIND,
    &cspversions::KIND,
    &response::KIND,
    &stream::KIND,
];

#[cfg(test)]
mod tests {
    use super::testing::seen;
    use super::{KINDS, Options, READERS};
    use crate::api::Source;
    use crate::artefact::{Fit, Notes, Sample};
    use std::io::Cursor;

    /// One file of each kind, as short as it can be.
    static FILES: [(&str, &str); 7] = [
        (
            "csp.graph-devices",
            r#"[{"deviceName":"PC-01","operatingSystem":"Windows","osVersion":"10.0.26100.1"}]"#,
        ),
        ("csp.wmi-json", r#"{"Edition":4,"Status":4,"LicenseKeyType":"ProductKey"}"#),
        ("csp.os-json", r#"{"OperatingSystemSKU":4,"CSName":"PC-01"}"#),
        ("csp.mdmdiag", "<MDMEnterpriseDiagnosticsReport/>"),
        ("csp.cspversions", "<DeviceManageability/>"),
        (
            "csp.syncml-response",
            "<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr/><SyncBody><Results><CmdID>2</CmdID><MsgRef>1</MsgRef>\
             <CmdRef>1</CmdRef><Item><Source><LocURI>./Vendor/MSFT/WindowsLicensing/Edition</LocURI></Source>\
             <Data>4</Data></Item></Results><Final/></SyncBody></SyncML>",
        ),
        (
            "csp.syncmlviewer-stream",
            "<!-- OmaDmSessionStart -->\n<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr><VerDTD>1.2</VerDTD>\
             <VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>https://x</LocURI></Target>\
             <Source><LocURI>urn:uuid:1</LocURI></Source></SyncHdr><SyncBody><Results><CmdID>2</CmdID><MsgRef>1</MsgRef>\
             <CmdRef>1</CmdRef><Item><Source><LocURI>./Vendor/MSFT/WindowsLicensing/Edition</LocURI></Source>\
             <Data>4</Data></Item></Results><Final/></SyncBody></SyncML>\n",
        ),
    ];

    #[test]
    fn every_kind_has_its_reader_and_no_name_stands_twice() {
        let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        let readers: Vec<&str> = READERS.iter().map(|reader| reader.kind.name).collect();
        assert_eq!(names, readers);
        assert_eq!(names, FILES.map(|(name, _)| name));
    }

    #[test]
    fn a_file_fits_its_own_kind_better_than_any_other() {
        for (name, text) in FILES {
            let sample = Sample { name: "x", bytes: text.as_bytes(), text };
            let mut fits: Vec<(Fit, &str)> =
                KINDS.iter().map(|kind| ((kind.sniff)(&sample), kind.name)).collect();
            fits.sort();
            let [.., second, best] = fits.as_slice() else { panic!("there are several kinds") };
            assert!(matches!(best.0, Fit::Yes(_)) && best.0 > second.0, "{fits:?}");
            assert_eq!(best.1, name);
        }
    }

    #[test]
    fn every_reader_hands_on_a_device_and_takes_no_bytes() {
        for (reader, (name, file)) in READERS.iter().zip(FILES) {
            let said = seen(|notes, each| {
                let mut file = file.as_bytes();
                (reader.read)(Source::Text(&mut file), &Options::default(), notes, each)
            });
            assert_eq!((said.devices.len(), said.complaints.len()), (1, 0), "{name}: {said:?}");
            let (mut bytes, mut notes) = (Cursor::new(b""), Notes::default());
            let source = Source::Bytes(&mut bytes);
            let read = (reader.read)(source, &Options::default(), &mut notes, &mut |_, _| Ok(()));
            assert!(read.is_err(), "{name}");
        }
    }
}
