//! The forms of PowerShell, all of one object; other artefacts in `files`.

mod files;
mod hosts;

use super::{Options, READERS, Record, Told};
use crate::api::Source;
use crate::artefact::{Fit, Notes, Sample};
use crate::error::Stop;
use crate::tslicense::model::datetime::written;
use crate::tslicense::model::{KeyPack, UNLIMITED};

/// The records of a text by the reader that takes it for its own, with complaints and warnings.
fn read(text: &str, options: &Options) -> (Vec<Record>, Vec<String>, Vec<&'static str>) {
    let sample = Sample { name: "", bytes: text.as_bytes(), text };
    let reader = READERS.iter().max_by_key(|reader| (reader.kind.sniff)(&sample)).unwrap();
    assert!(matches!((reader.kind.sniff)(&sample), Fit::Yes(_)), "{text}");
    let (mut notes, mut found) = (Notes::default(), Vec::new());
    let mut bytes = text.as_bytes();
    let done = reader.read(Source::Text(&mut bytes), options, &mut notes, &mut |_, record, _| {
        found.push(record);
        Ok(())
    });
    match done {
        Ok(()) => {}
        Err(Stop::BadArtefact(complaints)) => notes.complaints = complaints,
        Err(other) => panic!("{other:?}"),
    }
    let complaints = notes.complaints.kept.iter();
    let told = complaints.map(|one| format!("{}: {}", one.place, one.message)).collect();
    (found, told, notes.warnings.iter().map(|warning| warning.code).collect())
}

fn pack(record: &Record) -> &KeyPack {
    match &record.told {
        Told::KeyPack(pack) => pack,
        other => panic!("{other:?}"),
    }
}

const MEMBERS: &str = r#""AccessRights": 7, "AvailableLicenses": 31, "Description": "C50-10.01-S",
 "ExpirationDate": DATE, "IssuedLicenses": 19, "KeyPackId": 3, "KeyPackType": 5,
 "ProductType": 1, "ProductVersion": "Windows Server 2019", "ProductVersionID": 6,
 "TotalLicenses": 50, "TypeAndModel": "RDS Per User CAL", "PSComputerName": "ls-a""#;

fn json(date: &str) -> String {
    format!("{{{}}}", MEMBERS.replace("DATE", date))
}

#[test]
fn json_is_an_array_an_object_or_a_wrapper_with_dates_of_every_edition() {
    let one = json(r#""\/Date(2145916800000)\/""#);
    let (expected, complaints, warnings) = read(&one, &Options::default());
    assert_eq!((complaints.len(), warnings.len()), (0, 0));
    let held = pack(&expected[0]);
    assert_eq!((held.id.0, held.total, held.issued, held.available), (3, 50, 19, 31));
    assert_eq!(written(held.expires), "20380101000000.000000+000");
    assert_eq!(expected[0].server.as_deref(), Some("ls-a"));
    for text in [
        format!("[{one}]"),
        format!(r#"{{"value":[{one}],"Count":1}}"#),
        json(r#""2038-01-01T01:00:00+01:00""#),
        json(r#""20380101000000.000000-000""#),
        json(r#"{"value":"\/Date(2145916800000)\/","DateTime":"Friday"}"#),
        one.replace("50,", "\"50\","),
        one.replace("\"ls-a\"", r#"null,"__SERVER":"ls-a","__CLASS":"Win32_TSLicenseKeyPack""#),
    ] {
        assert_eq!(read(&text, &Options::default()).0, expected, "{text}");
    }
}

#[test]
fn tables_and_lists_hold_the_same() {
    let expected = read(&json(r#""\/Date(2145916800000)\/""#), &Options::default()).0;
    let table = "#TYPE Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_TSLicenseKeyPack
\"KeyPackId\";\"Description\";\"KeyPackType\";\"ProductType\";\"ProductVersion\";\"ProductVersionID\";\"TotalLicenses\";\"IssuedLicenses\";\"AvailableLicenses\";\"ExpirationDate\";\"AccessRights\";\"TypeAndModel\";\"PSComputerName\"
\"3\";\"C50-10.01-S\";\"5\";\"1\";\"Windows Server 2019\";\"6\";\"50\";\"19\";\"31\";\"01.01.2038 00:00:00\";\"7\";\"RDS Per User CAL\";\"ls-a\"\n";
    let (found, complaints, warnings) = read(table, &Options::default());
    assert_eq!((found, complaints), (expected.clone(), Vec::new()));
    assert_eq!(warnings, ["ZONE_ASSUMED"]);
    let list = "\r\n__CLASS          : Win32_TSLicenseKeyPack
__SERVER         : ls-a
AccessRights     : 7
AvailableLicenses: 31
Description      : C50-10.01-S
ExpirationDate   : 20380101000000.000000-000
IssuedLicenses   : 19
KeyPackId        : 3
KeyPackType      : 5
ProductType      : 1
ProductVersion   : Windows Server
                    2019
ProductVersionID : 6
TotalLicenses    : 50
TypeAndModel     : RDS Per User CAL

";
    let (mut found, complaints, _) = read(list, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    if let Told::KeyPack(pack) = &mut found[0].told {
        assert_eq!(pack.version_name, "Windows Server2019", "a continuation is put on as it is");
        pack.version_name = "Windows Server 2019".to_owned();
    }
    assert_eq!(found, expected);
}

#[test]
fn minus_one_is_no_limit_and_odd_packs_are_kept_with_a_warning() {
    let text = json(r#""20380119031407.000000-000""#)
        .replace("\"TotalLicenses\": 50", "\"TotalLicenses\": -1")
        .replace("\"AvailableLicenses\": 31", "\"AvailableLicenses\": -1")
        .replace("\"KeyPackType\": 5", "\"KeyPackType\": 9");
    let (found, complaints, warnings) = read(&text, &Options::default());
    assert_eq!((pack(&found[0]).total, complaints.len()), (UNLIMITED, 0));
    assert_eq!(warnings, ["UNKNOWN_KEYPACKTYPE"]);
    let text = json("null").replace("\"AvailableLicenses\": 31", "\"AvailableLicenses\": 1");
    let (found, _, warnings) = read(&text, &Options::default());
    assert_eq!((pack(&found[0]).available, warnings), (1, vec!["COUNT_MISMATCH"]));
}

#[test]
fn what_a_file_does_not_tell_is_derived_or_asked_for() {
    let text = r#"[{"KeyPackId":5,"KeyPackType":2,"ProductType":0,"ProductVersionID":6,
        "TotalLicenses":60,"IssuedLicenses":41},{"KeyPackType":2,"TotalLicenses":1}]"#;
    let (found, complaints, _) = read(text, &Options::default());
    let held = pack(&found[0]);
    assert_eq!((held.description.as_str(), held.available), ("A02-10.01-S", 19));
    assert_eq!(held.type_and_model, "RDS Per Device CAL");
    assert_eq!(complaints, ["line 2: `KeyPackId` is missing"]);
}

#[test]
fn a_date_that_can_be_read_two_ways_asks_for_the_culture() {
    let text = json(r#""03/04/2026 10:00:00""#);
    let (_, complaints, _) = read(&text, &Options::default());
    assert!(complaints[0].contains("day or month comes first"), "{complaints:?}");
    let culture = Some("en-US".to_owned());
    let (found, complaints, _) = read(&text, &Options { culture, ..Options::default() });
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(written(pack(&found[0]).expires), "20260304100000.000000+000");
}

#[test]
fn in_a_date_with_points_the_day_comes_first() {
    let (found, complaints, _) = read(&json(r#""03.04.2026 10:00:00""#), &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(written(pack(&found[0]).expires), "20260403100000.000000+000");
}

#[test]
fn issued_licenses_and_servers_are_told_by_their_members() {
    let text = r#"[{"LicenseId":1,"KeyPackId":3,"sIssuedToUser":"CORP\\ann","sIssuedToComputer":"PC-1",
        "LicenseStatus":2,"IssueDate":"20260301090000.000000+000","ExpirationDate":"20260428090000.000000+000",
        "sHardwareId":"0x2,0x1"},{"DatabasePath":"C:\\lserver","ServerRole":1,"FirstName":"Ann","ProductId":"00111-20000-00001-AT001"}]"#;
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    assert!(matches!(&found[0].told, Told::Issued(license) if license.computer == "PC-1"));
    assert!(matches!(&found[1].told, Told::Server(server) if server.contact.0[0] == "Ann"));
}

#[test]
fn a_text_cut_anywhere_never_panics() {
    let list = "KeyPackId : 3\nKeyPackType : 5\nTotalLicenses : 5\n ";
    for text in
        [json("null"), list.to_owned(), "KeyPackId,KeyPackType,TotalLicenses\n3,5,7\n".to_owned()]
    {
        for end in 0..text.len() {
            let Some(cut) = text.get(..end) else { continue };
            for reader in &READERS {
                let mut bytes = cut.as_bytes();
                let (mut notes, options) = (Notes::default(), Options::default());
                let source = Source::Text(&mut bytes);
                let _ = reader.read(source, &options, &mut notes, &mut |_, _, _| Ok(()));
            }
        }
    }
}
