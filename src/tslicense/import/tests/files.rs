//! Artefacts that are no objects of PowerShell, and what is wrong with those that are.

use super::{pack, read};
use crate::tslicense::import::{DateOrder, Options, Told};
use crate::tslicense::model::datetime::written;
use crate::tslicense::model::report::{Availability, Class};
use std::fmt::Write as _;

const CHECKMK: &str = "<<<check_mk>>>
Hostname: LS-A
<<<rds_licenses:sep(44)>>>
KeyPackId,Description,KeyPackType,ProductType,ProductVersion,ProductVersionID,TotalLicenses,IssuedLicenses,AvailableLicenses,ExpirationDate,TypeAndModel
5,A02-10.01-S,4,0,Windows Server 2019,6,-1,4,-1,20380119031407.000000-000
6,A02-10.01-S,2,0,Windows Server 2019,6,60,41,19,20380101090000.000000-000
<<<df>>>
C: NTFS 1,2,3
";

#[test]
fn the_section_of_an_agent_has_short_rows_and_unlimited_packs() {
    let (found, complaints, warnings) = read(CHECKMK, &Options::default());
    assert_eq!((found.len(), complaints.len(), warnings.len()), (2, 0, 0));
    assert_eq!(found[0].server.as_deref(), Some("LS-A"));
    assert_eq!(pack(&found[0]).total, u32::MAX);
    let held = pack(&found[1]);
    assert_eq!((held.total, held.issued, held.available), (60, 41, 19));
    assert_eq!(held.type_and_model, "RDS Per Device CAL");
}

#[test]
fn a_table_for_people_is_read_by_its_columns() {
    let text = "
# KeyPackId Description KeyPackType ProductType ProductVersion      ProductVersionID TotalLicenses IssuedLicenses AvailableLicenses ExpirationDate            TypeAndModel
# --------- ----------- ----------- ----------- --------------      ---------------- ------------- -------------- ----------------- --------------            ------------
#         3 C50-10.01-S           5           1 Windows Server 2019                6            50             19                31 20380101000000.000000-000 RDS Per User...
";
    let (found, complaints, warnings) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let held = pack(&found[0]);
    assert_eq!((held.id.0, held.version_name.as_str()), (3, "Windows Server 2019"));
    assert_eq!((held.total, held.issued, held.available), (50, 19, 31));
    assert_eq!((held.type_and_model.as_str(), warnings), ("RDS Per User CAL", vec!["VALUE_CUT"]));
}

#[test]
fn a_table_that_the_screen_wrapped_is_refused_with_a_way_out() {
    let text = "KeyPackId KeyPackType TotalLicenses\n        3           5            50\n";
    let (found, complaints, _) = read(text, &Options::default());
    assert!(found.is_empty());
    let expected = "line 1: the table has no column `ProductType`, `ProductVersionID`";
    assert_eq!(complaints.first().map(String::as_str), Some(expected));
}

#[test]
fn a_csv_without_a_key_is_refused_once_and_not_row_by_row() {
    let text = "KeyPackType,TotalLicenses,ProductType,ProductVersionID\n5,50,1,6\n5,50,1,6\n";
    let (found, complaints, _) = read(text, &Options::default());
    assert!(found.is_empty());
    assert_eq!(complaints, [": the table has no column `KeyPackId`"]);
}

#[test]
fn exports_put_together_are_told_from_one() {
    let header = "KeyPackId,KeyPackType,ProductType,ProductVersionID,TotalLicenses";
    let twice = format!("{header}\n3,5,1,6,50\n{header}\n4,5,1,6,50\n");
    let (found, complaints, warnings) = read(&twice, &Options::default());
    assert_eq!((found.len(), complaints.len(), warnings), (2, 0, vec!["HEADER_AGAIN"]));
    let mixed = format!("{header}\n3,5,1,6,50\nLicenseId,KeyPackId,LicenseStatus\n1,3,2\n");
    let (_, complaints, _) = read(&mixed, &Options::default());
    assert_eq!(complaints, ["line 3: a second table with other columns begins here"]);
    let cut = format!("{header},Rack\n3,5,1,6,50\n");
    let (_, complaints, warnings) = read(&cut, &Options::default());
    assert_eq!(complaints, ["line 2: the row has 5 fields, the header 6"]);
    assert_eq!(warnings, ["UNKNOWN_COLUMN"]);
}

/// Two licenses, each with its date of issue and its end.
fn dated(dates: [[&str; 2]; 2]) -> String {
    let mut text =
        "LicenseId,KeyPackId,LicenseStatus,IssueDate,ExpirationDate,sHardwareId\n".to_owned();
    for (at, [issued, end]) in dates.into_iter().enumerate() {
        let _ = writeln!(text, "{at},3,2,{issued} 10:00:00,{end} 10:00:00,0x{at}");
    }
    text
}

/// The first date of each license.
fn issued(text: &str, options: &Options) -> (Vec<String>, Vec<String>) {
    let (found, complaints, _) = read(text, options);
    let issued = found.iter().map(|record| match &record.told {
        Told::Issued(license) => written(license.issued).get(..8).unwrap().to_owned(),
        other => panic!("{other:?}"),
    });
    (issued.collect(), complaints)
}

#[test]
fn the_first_date_that_reads_only_one_way_tells_the_order_of_all() {
    let text = dated([["03/04/2026", "05/06/2026"], ["20/03/2026", "01/01/2038"]]);
    assert_eq!(issued(&text, &Options::default()).0, ["20260403", "20260320"]);
    let text = dated([["03/04/2026", "05/06/2026"], ["03/20/2026", "01/01/2038"]]);
    assert_eq!(issued(&text, &Options::default()).0, ["20260304", "20260320"]);
    let text = dated([["20/03/2026", "05/06/2026"], ["03/20/2026", "01/01/2038"]]);
    let (_, complaints) = issued(&text, &Options::default());
    assert!(
        complaints[0].contains("line 3: the date `03/20/2026 10:00:00` contradicts"),
        "{complaints:?}"
    );
    let text = dated([["03/04/2026", "05/06/2026"], ["04/04/2026", "01/01/2038"]]);
    let (found, complaints) = issued(&text, &Options::default());
    assert_eq!((found.len(), complaints.len()), (1, 1));
    let order = Some(DateOrder::DayFirst);
    assert_eq!(issued(&text, &Options { order, ..Options::default() }).0, ["20260403", "20260404"]);
}

const LDIF: &str = "version: 1
# a comment
dn: CN=Ann Example,OU=Sales,DC=corp,DC=example
sAMAccountName: aexample
msTSExpireDate: 20260430090000.0Z
msTSLicenseVersion: 655361
msTSManagingLS: 00111-20000-
 00001-AT001
msTSLicenseVersion2: 7
msTSLicenseVersion3: C50-10.01-S

dn:: Q049QsO2Yg==
sAMAccountName:: QsO2Yg==
userAccountControl: 514
msTSExpireDate: 20260430090000.0Z
msTSLicenseVersion: 655362
";

#[test]
fn a_directory_tells_users_by_domain_and_name() {
    let (found, complaints, _) = read(LDIF, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let users: Vec<_> = found
        .iter()
        .map(|record| match &record.told {
            Told::User(user) => user.as_ref().clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!((users[0].user.as_str(), users[0].version), ("CORP\\aexample", 6));
    assert_eq!(users[0].issuer.as_deref(), Some("00111-20000-00001-AT001"));
    assert_eq!(written(users[0].expires.unwrap()), "20260430090000.000000+000");
    assert_eq!((users[1].user.as_str(), users[1].version), ("Böb", 7));
    assert!(users[1].disabled && !users[0].disabled);
    let json = r#"[{"DistinguishedName":"CN=Ann,DC=corp,DC=example","SamAccountName":"aexample","SID":{"Value":"S-1"},
        "Enabled":true,"msTSExpireDate":"2026-04-30T09:00:00Z","msTSLicenseVersion":"655361"}]"#;
    let netbios = Some("SALES".to_owned());
    let (found, _, _) = read(json, &Options { netbios, ..Options::default() });
    assert!(matches!(&found[0].told, Told::User(user) if user.user == "SALES\\aexample"));
}

#[test]
fn a_report_is_told_by_its_headers_in_any_language() {
    let text = "Report of ls-a\n\n\"User\",\"ProductVersion\",\"CALType\",\"ExpirationDate\"\n\"CORP\\ann\",\"Windows Server 2019\",\"RDS Per User CAL\",\"2026-04-30 09:00:00\"\n";
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let Told::Entry(told) = &found[0].told else { panic!("{found:?}") };
    let user = told.license().unwrap();
    assert_eq!((user.user.as_str(), user.version, user.issuer), ("CORP\\ann", 6, None));
    let tabs = "LicenseID\tKeyPackID\tClient\tUser\tStart\tLicense Type\tEnd\n7\t4\tpc-1\tann\t2026-03-01 09:00:00\tTemporary\t2026-05-30 09:00:00\n";
    let (found, complaints, _) = read(tabs, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    assert!(
        matches!(&found[0].told, Told::Issued(license) if license.is_temporary() && license.id.0 == 7)
    );
    let devices =
        "Issued To Computer,Hardware ID,Expires On,CAL Version\npc-1,0x1,2026-05-30,2019\n";
    let (found, complaints, _) = read(devices, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let Told::Entry(told) = &found[0].told else { panic!("{found:?}") };
    assert_eq!((told.class, told.license()), (Class::Device, None));
    assert_eq!((told.entry.name.as_str(), told.entry.hardware.as_str()), ("pc-1", "0x1"));
}

#[test]
fn the_dates_of_a_report_have_one_order_in_the_whole_file() {
    let text = "User,ProductVersion,CALType,ExpirationDate\nCORP\\a,2019,RDS Per User CAL,03/04/2026 10:00:00\nCORP\\b,2019,RDS Per User CAL,20/05/2026 10:00:00\n";
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let ends: Vec<String> = found
        .iter()
        .map(|record| match &record.told {
            Told::Entry(told) => written(told.entry.time.unwrap()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ends[0], "20260403100000.000000+000");
    let open = text.replace("20/05", "05/06");
    let (found, complaints, _) = read(&open, &Options::default());
    assert_eq!((found.len(), complaints.len()), (0, 1));
    assert!(complaints[0].contains("whether day or month comes first"), "{complaints:?}");
}

#[test]
fn reports_and_the_entries_of_every_class_are_objects_like_any_other() {
    let text = r#"[{"FileName":"march","GenerationDateTime":"\/Date(1772355600000)\/","Version":2,"ScopeType":null},
        {"User":"CORP\\ann","ExpirationDate":"20260430090000.000000+000","CALType":"RDS Per User CAL","ProductVersionID":6},
        {"sIssuedToComputer":"PC-1","sHardwareId":"0x1","ExpirationDate":"20260430090000.000000+000","CALType":"RDS Per Device CAL","ProductVersionID":6},
        {"User":"CORP\\bob","TriedIssuanceOn":"20260301090000.000000+000","CALType":"RDS Per User CAL","ProductVersionID":6},
        {"DomainName":"CORP","FailedIssuanceCount":3},
        {"TSCALType":"Per User","InstalledLicenses":2,"IssuedLicenses":3,"ProductVersionID":6,"TSCALAvailability":"None"}]"#;
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let Told::Report(report) = &found[0].told else { panic!("{found:?}") };
    assert_eq!((report.name.as_str(), report.scope.is_none()), ("march", true));
    let entries: Vec<_> = found[1..]
        .iter()
        .map(|record| match &record.told {
            Told::Entry(told) => told.as_ref().clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let classes: Vec<Class> = entries.iter().map(|told| told.class).collect();
    assert_eq!(classes, Class::ALL);
    assert_eq!((entries[3].entry.name.as_str(), entries[3].entry.first), ("CORP", 3));
    let summary = &entries[4].entry;
    assert_eq!((summary.product, summary.first, summary.second), (1, 2, 3));
    assert_eq!(summary.availability, Availability::None);
    let (_, complaints, _) = read(&text.replace("\"None\"", "\"Few\""), &Options::default());
    assert_eq!(complaints, ["line 6: `TSCALAvailability`: `Few` is not published"]);
}

#[test]
fn an_account_holds_a_license_in_each_set_of_attributes() {
    let text = "dn: CN=Ann,DC=corp,DC=example\nsAMAccountName: ann\nmsTSExpireDate: 20260430090000.0Z\nmsTSLicenseVersion: 655361\n\
                msTSManagingLS: 00111-20000-00001-AT001\nmsTSLicenseVersion2: 7\nmsTSLicenseVersion3: C50-10.01-S\n\
                msTSExpireDate4: 20260530090000.0Z\nmsTSLicenseVersion4: 655362\nmsTSManagingLS4: 00111-20000-00002-AT002\n\n";
    let (found, complaints, warnings) = read(text, &Options::default());
    assert_eq!((complaints.len(), warnings.len()), (0, 0));
    let users: Vec<_> = found
        .iter()
        .map(|record| match &record.told {
            Told::User(user) => (user.version, user.issuer.clone().unwrap_or_default()),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [(6, "00111-20000-00001-AT001"), (7, "00111-20000-00002-AT002")];
    assert_eq!(users, expected.map(|(version, id)| (version, id.to_owned())));
}

#[test]
fn the_licenses_that_a_client_keeps_are_entries_of_a_report() {
    let text = "HWID : 0x00000002, 0x1, 0x2, 0x3, 0x4\nLICENSE: Issuer : LS-A\nLICENSE: Issued to machine : PC-1\n\
                LICENSE: License ID : A02-10.01-S\nLICENSE: Valid from : Sun Mar 01 10:00:00 2026\n\
                LICENSE: Expires on : Fri May 01 10:00:00 2026\nLICENSE: Issuer : LS-A\nLICENSE: License ID : A02-10.02-S\n\
                LICENSE: Expires on : Fri May 08 10:00:00 2026\n";
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!(found[0].server.as_deref(), Some("LS-A"));
    let entries: Vec<_> = found
        .iter()
        .map(|record| match &record.told {
            Told::Entry(told) => (told.entry.version, written(told.entry.time.unwrap())),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [(6, "20260501100000.000000+000"), (7, "20260508100000.000000+000")];
    assert_eq!(entries, expected.map(|(version, end)| (version, end.to_owned())));
}

#[test]
fn a_registry_export_tells_a_session_host() {
    let text = "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services]\r\n\"LicensingMode\"=dword:00000004\r\n\"LicenseServers\"=\"ls-a, ls-b\"\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\TermService\\Parameters\\LicenseServers]\r\n\"SpecifiedLicenseServers\"=hex(7):6c,00,73,00,2d,00,61,00,00,00,\\\r\n  00,00\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\RCM]\r\n\"X509 Certificate\"=hex:01,02\r\n";
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let Told::Host(host) = &found[0].told else { panic!("{found:?}") };
    assert_eq!((host.policy.mode, host.policy.servers.len()), (Some(4), 2));
    assert_eq!(host.policy.servers[1], " ls-b", "the blank is a finding of its own");
    assert_eq!(
        (host.own.servers.as_slice(), host.certificate),
        (["ls-a".to_owned()].as_slice(), Some(true))
    );
}

#[test]
fn a_saved_answer_of_ws_management_holds_instances() {
    let text = r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><n:PullResponse><n:Items>
<p:Win32_TSLicenseKeyPack xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_TSLicenseKeyPack" xsi:type="p:Win32_TSLicenseKeyPack_Type">
<cim:Location><a:Address>x</a:Address></cim:Location>
<p:AvailableLicenses>31</p:AvailableLicenses><p:Description>C50-10.01-S</p:Description>
<p:ExpirationDate><cim:Datetime>2038-01-01T00:00:00Z</cim:Datetime></p:ExpirationDate><p:IssuedLicenses>19</p:IssuedLicenses>
<p:KeyPackId>3</p:KeyPackId><p:KeyPackType>5</p:KeyPackType><p:ProductType>1</p:ProductType><p:ProductVersionID>6</p:ProductVersionID>
<p:TotalLicenses>50</p:TotalLicenses><p:TypeAndModel xsi:nil="true"/></p:Win32_TSLicenseKeyPack></n:Items></n:PullResponse></s:Body></s:Envelope>"#;
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    let held = pack(&found[0]);
    assert_eq!((held.id.0, held.total, held.type_and_model.as_str()), (3, 50, "RDS Per User CAL"));
    assert_eq!(written(held.expires), "20380101000000.000000+000");
}

#[test]
fn a_selection_over_ws_management_has_no_class_and_no_namespace() {
    let text = r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><n:PullResponse><n:Items><w:XmlFragment>
<ExpirationDate><Datetime>2038-01-01T00:00:00Z</Datetime></ExpirationDate><KeyPackId>3</KeyPackId><KeyPackType>5</KeyPackType>
<ProductType>1</ProductType><ProductVersionID>6</ProductVersionID><TotalLicenses>50</TotalLicenses>
</w:XmlFragment></n:Items><n:EndOfSequence/></n:PullResponse></s:Body></s:Envelope>"#;
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    assert_eq!((pack(&found[0]).id.0, pack(&found[0]).total), (3, 50));
}

#[test]
fn the_entries_of_a_report_stand_within_the_answer_that_fetched_them() {
    let text = r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
<p:FetchReportEntries_OUTPUT xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/Win32_TSLicenseReport"><p:Count>1</p:Count>
<p:ReportEntries xsi:type="p:Win32_TSLicenseReportEntry_Type"><p:CALType>RDS Per User CAL</p:CALType>
<p:ExpirationDate><cim:Datetime>2026-04-30T00:00:00Z</cim:Datetime></p:ExpirationDate><p:ProductVersionID>6</p:ProductVersionID>
<p:User>CORP\ann</p:User></p:ReportEntries><p:ReturnValue>0</p:ReturnValue></p:FetchReportEntries_OUTPUT></s:Body></s:Envelope>"#;
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!(complaints, Vec::<String>::new());
    assert!(matches!(&found[0].told, Told::Entry(told) if told.entry.name == "CORP\\ann"));
}

#[test]
fn the_drive_of_powershell_tells_activation_the_other_way_round() {
    use crate::tslicense::model::Activation;
    let text = r#"[{"Name":"ActivationStatus","CurrentValue":"1"},{"Name":"Company","CurrentValue":"Contoso"},{"Name":"x","CurrentValue":"1"}]"#;
    let (found, complaints, _) = read(text, &Options::default());
    assert_eq!((found.len(), complaints.len()), (1, 0));
    let Told::Server(server) = &found[0].told else { panic!("{found:?}") };
    assert_eq!(server.activation, Some(Activation::Activated));
    assert!(server.contact.0.contains(&"Contoso".to_owned()));
}

#[test]
fn every_reader_stands_every_cut_of_what_it_reads() {
    for text in [CHECKMK, LDIF] {
        for end in 0..text.len() {
            let Some(cut) = text.get(..end) else { continue };
            for reader in &crate::tslicense::import::READERS {
                let mut bytes = cut.as_bytes();
                let mut notes = crate::artefact::Notes::default();
                let source = crate::api::Source::Text(&mut bytes);
                let options = Options::default();
                let _ = reader.read(source, &options, &mut notes, &mut |_, _, _| Ok(()));
            }
        }
    }
}
