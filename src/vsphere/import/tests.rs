//! Every reader: what it is known by, and that hostile bytes do it no harm.

use super::{KINDS, Options, READERS};
use crate::api::Source;
use crate::artefact::{Fit, Notes, Sample};
use std::io::Cursor;

const KEY: &str = "AAAAA-AAAAA-AAAAA-AAAAA-AAAA1";

/// One file of each kind, as short as it can be.
fn files() -> [(&'static str, String); 12] {
    let xml = format!(
        "<LicenseManagerLicenseInfo><licenseKey>{KEY}</licenseKey><total>1</total></LicenseManagerLicenseInfo>"
    );
    [
        ("vsphere.govc-json", format!(r#"[{{"licenseKey":"{KEY}","editionKey":"e","total":1}}]"#)),
        (
            "vsphere.vijson",
            format!(
                r#"[{{"_typeName":"LicenseManagerLicenseInfo","licenseKey":"{KEY}","editionKey":"e","name":"n","total":1,"costUnit":""}}]"#
            ),
        ),
        (
            "vsphere.powercli-json",
            format!(r#"{{"Licenses":[{{"LicenseKey":"{KEY}","EditionKey":"e"}}],"MoRef":{{}}}}"#),
        ),
        (
            "vsphere.pyvmomi-json",
            format!(
                r#"[{{"_vimtype":"vim.LicenseManager.LicenseInfo","licenseKey":"{KEY}","editionKey":"e"}}]"#
            ),
        ),
        ("vsphere.vcf-operations", r#"[{"assetUri":"nsx-1","assetStatus":"LICENSED"}]"#.to_owned()),
        ("vsphere.xml", xml.clone()),
        (
            "vsphere.govc-trace",
            format!(
                "HTTP/1.1 200 OK\n\n<Envelope><Body xmlns=\"urn:vim25\">{xml}</Body></Envelope>\n"
            ),
        ),
        (
            "vsphere.govc-table",
            format!(
                "Key:                           Edition:  Used:  Total:\n{KEY}  e         0      1\n"
            ),
        ),
        ("vsphere.vim-cmd", format!("   serial: {KEY}\n   vmodl key: e\n   total: 1\n")),
        ("vsphere.csv", format!("LicenseKey,EditionKey,Total\n{KEY},e,1\n")),
        (
            "vsphere.pyvmomi",
            format!(
                "(vim.LicenseManager.LicenseInfo) {{\n   licenseKey = '{KEY}',\n   editionKey = 'e'\n}}\n"
            ),
        ),
        ("vsphere.catalogue", r#"{"catalogueVersion":1,"editions":[],"keys":[]}"#.to_owned()),
    ]
}

#[test]
fn every_kind_has_its_reader_and_no_name_stands_twice() {
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    let readers: Vec<&str> = READERS.iter().map(|reader| reader.kind.name).collect();
    assert_eq!(names, readers);
    assert_eq!(names, files().map(|(name, _)| name));
}

#[test]
fn a_file_fits_its_own_kind_better_than_any_other() {
    for (name, text) in files() {
        let sample = Sample { name: "x", bytes: text.as_bytes(), text: &text };
        let mut fits: Vec<(Fit, &str)> =
            KINDS.iter().map(|kind| ((kind.sniff)(&sample), kind.name)).collect();
        fits.sort();
        let [.., second, best] = fits.as_slice() else { panic!("there are several kinds") };
        assert!(matches!(best.0, Fit::Yes(_)) && best.0 > second.0, "{name}: {fits:?}");
        assert_eq!(best.1, name);
    }
}

#[test]
fn every_reader_hands_on_one_record_and_takes_no_bytes() {
    for (reader, (name, text)) in READERS.iter().zip(files()) {
        let (mut input, mut notes, mut count) = (text.as_bytes(), Notes::default(), 0);
        (reader.read)(Source::Text(&mut input), &Options::default(), &mut notes, &mut |_, _| {
            count += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!((count, notes.complaints.count()), (1, 0), "{name}: {:?}", notes.complaints);
        let mut bytes = Cursor::new(b"");
        let source = Source::Bytes(&mut bytes);
        let read = (reader.read)(source, &Options::default(), &mut notes, &mut |_, _| Ok(()));
        assert!(read.is_err(), "{name}");
    }
}
