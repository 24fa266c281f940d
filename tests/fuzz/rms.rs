//! The readers of rms: every license that comes out names its feature, and no message repeats a license code.

use super::noisy;
use licctl::api::Source;
use licctl::artefact::{Notes, text};
use licctl::rms::import::local::Local;
use licctl::rms::import::{KINDS, Options, READERS, Record, request};
use std::io::Cursor;

const CODE: &str = "1B2A3C4D5E6F7A8B9C0D1E2F3A4B5C6D7E8F";

/// Hands noisy files to the reader of a kind.
fn fuzz(kind: &'static str, seed: &'static str) {
    let reader = READERS.iter().find(|reader| reader.kind.name == kind).unwrap();
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| {
        let file = noisy(seed, bytes);
        for (local, lenient_amp) in [(Local::Untold, true), (Local::Ahead(7200), false)] {
            let mut notes = Notes::default();
            let options = Options { local, lenient_amp, ..Options::default() };
            let mut each = |_, record| {
                if let Record::License(license) = record {
                    assert!(!license.feature().name.is_empty());
                    assert!(license.hash().is_none_or(|hash| hash.len() == 16));
                }
                Ok(())
            };
            let _ = if reader.kind.binary {
                let mut input = Cursor::new(&file);
                reader.read(Source::Bytes(&mut input), options, &mut notes, &mut each)
            } else {
                let mut decoded = text::Text::new(file.as_slice(), text::form(&file));
                reader.read(Source::Text(&mut decoded), options, &mut notes, &mut each)
            };
            for complaint in notes.complaints.kept {
                assert!(!complaint.message.contains(CODE), "{}", complaint.message);
            }
        }
    });
}

#[test]
fn sentinel_info() {
    fuzz(
        "rms.sentinelinfo",
        "<?xml version=\"1.0\"?><sentinelInfo><feature><featureName>A</featureName><numLicenses>5</numLicenses><licenseVersion>155254784</licenseVersion><clLockInfo>0x1(2#)</clLockInfo><x y='z'>q<w/></x><licenseHash>D3C802D6979EA395</licenseHash></feature><client><userName>a&b</userName><numUnits>2</numUnits></client><serverPool><server><type>LEADER</type></server></serverPool></sentinelInfo>\nstatus = 0\n<?xml version=\"1.0\"?><sentinelInfo/>",
    );
}

#[test]
fn decoded_codes() {
    fuzz(
        "rms.decode",
        "<license><feature><codeType>1</codeType><featureName>A</featureName><birthTime>No Check</birthTime><serverLockingInfo><lockInfoPrimary>4-*A</lockInfoPrimary></serverLockingInfo><keyLifeTime>5</keyLifeTime><licenseVersion>20</licenseVersion></feature></license>",
    );
}

#[test]
fn listing() {
    fuzz(
        "rms.lsmon",
        " [Contacting Sentinel RMS Development Kit server on host \"h\"]\n |- Feature Information\n   |- Feature name : \"A\"\n   |- Maximum concurrent user(s) : Unlimited\n   |- License Version : 0x09500000\n   |- License Information\n     |- License Hash : 0011223344556677\n   |- Client Information\n     |- User name : ann\n     |- Status : Running since Mon Jun 01 11:30:00 2026\n",
    );
}

#[test]
fn usage_log() {
    fuzz(
        "rms.usagelog",
        "# Startup Sentinel RMS License Manager v9.50 Mon Jun 01 01:00:00 2026  1780300800 svc 140 4294480000\n2 0 MTI1 Mon Jun 01 01:00:05 2026 1780300805 WIDGET v4.2 0 1 0 ann WS-17 9.5.0 1 - MA== 700001 MTE=\n2 0 MTI1 Mon Jun 01 01:10:05 2026 1780301405 WIDGET v4.2 2 0 600 ann WS-17 9.5.0 1 - MQ== 700002 MTI=\n",
    );
}

#[test]
fn table_of_usage() {
    fuzz(
        "rms.lsusage",
        "FeatureName,Version,Date,Time,Transaction,Units,User,Host,Comment\nWIDGET,4.2,2026-06-01,01:00:05,0,1,ann,ws17,\"a, b\"\nWIDGET,4.2,Mon Jun 01 01:10:05 2026,,released,1,ann,ws17,\n",
    );
}

#[test]
fn license_codes() {
    fuzz(
        "rms.lservrc",
        "1B2A3C4D5E6F7A8B9C0D1E2F3A4B5C6D7E8F# \"WIDGET\" version \"4.2\", no expiration date, exclusive\n#DIST_CRIT: a:5^b:5\n",
    );
}

#[test]
fn reservations() {
    fuzz(
        "rms.reservation",
        "widget,4.2:design:4:ann bob $ws-17\nwidget:guests:0:!$kiosk dom%%eve\nf,4.2,cap:0:teams:4:10:a b\n",
    );
}

#[test]
fn json() {
    fuzz(
        "rms.json",
        r#"{"schema":"licctl.rms.snapshot/1","server":{"name":"a","majorVersion":9},"features":[{"featureName":"A","licenses":[{"licenseHash":"0011223344556677","numLicenses":12,"extras":[{"name":"x","xml":"<x/>"}]}]}]}"#,
    );
}

#[test]
fn alerts() {
    fuzz(
        "rms.alerts",
        "[WIDGET 4.2]\nsoftlimit=SCRIPT ON EMAIL OFF\nSCRIPT=/opt/alert.sh\n; c\n[A]\ndenied=EMAIL ON\nEMAIL=a b\n",
    );
}

#[test]
fn applications_and_echoid() {
    let seed = "CAD,7.*:Drawing\nCA?:Others\n14-*1A2B code 1\n";
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| {
        let file = noisy(seed, bytes);
        let _ = licctl::rms::import::applications::read(&mut file.as_slice());
        let _ = licctl::rms::import::echoid::codes(&String::from_utf8_lossy(&file));
    });
}

#[test]
fn query_and_scope() {
    let seed = "<sentinelScope><feature index=\"0\"><name>A</name></feature><license index=\"0\"><hash/></license></sentinelScope>";
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| {
        let file = noisy(seed, bytes);
        let _ = request::scope(&mut file.as_slice());
        let _ = request::query(&mut file.as_slice());
    });
}

#[test]
fn fingerprint() {
    let seed = "<sentinelInfo><fingerprint version='1'><criteria><name>DISK</name><selector>4</selector></criteria></fingerprint></sentinelInfo>";
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| {
        let file = noisy(seed, bytes);
        let _ = licctl::rms::import::fingerprint::selectors(&mut file.as_slice());
    });
}

#[test]
fn every_reader_has_a_target() {
    let here = include_str!("rms.rs");
    for kind in KINDS {
        assert!(here.contains(&format!("\"{}\"", kind.name)), "{}", kind.name);
    }
}
