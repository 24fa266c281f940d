//! The readers of tslicense: every date that comes out is one that prints.

use super::noisy;
use licctl::api::Source;
use licctl::artefact::{Notes, text};
use licctl::tslicense::import::{Options, READERS, Record, Told};

fn read(kind: &str, seed: &str, bytes: &[u8]) {
    let file = noisy(seed, bytes);
    let reader = READERS.iter().find(|reader| reader.kind.name == kind).unwrap();
    let mut decoded = text::Text::new(file.as_slice(), text::form(&file));
    // A reader may refuse; it may not panic.
    let _ = reader.read(
        Source::Text(&mut decoded),
        &Options::default(),
        &mut Notes::default(),
        &mut |_, record: Record, _| {
            if let Told::Issued(license) = record.told {
                assert!(license.expires.to_string().len() >= 20);
            }
            Ok(())
        },
    );
}

fn fuzz(kind: &'static str, seed: &'static str) {
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| read(kind, seed, bytes));
}

#[test]
fn cim_json() {
    fuzz(
        "tslicense.cim-json",
        r#"[{"KeyPackId":3,"KeyPackType":5,"ProductType":1,"ProductVersionID":6,"TotalLicenses":50,"ExpirationDate":"\/Date(2145916800000)\/"}]"#,
    );
}

#[test]
fn cim_csv() {
    fuzz(
        "tslicense.cim-csv",
        "#TYPE x\n\"LicenseId\";\"KeyPackId\";\"LicenseStatus\";\"IssueDate\";\"ExpirationDate\";\"sHardwareId\"\n\"1\";\"4\";\"2\";\"01.03.2026 10:00:00\";\"03/04/2026 10:00:00\";\"0x2,0x1\"\n",
    );
}

#[test]
fn cim_list() {
    fuzz(
        "tslicense.cim-list",
        "KeyPackId : 3\nKeyPackType : 5\nProductType : 1\nProductVersionID : 6\nTotalLicenses : 5\nProductVersion : a\n  b\n\n",
    );
}

#[test]
fn cim_table() {
    fuzz(
        "tslicense.cim-table",
        "# KeyPackId KeyPackType ProductType ProductVersionID TotalLicenses TypeAndModel\n# --------- ----------- ----------- ---------------- ------------- ------------\n#         3           5           1                6            50 RDS Per User...\n",
    );
}

#[test]
fn checkmk() {
    fuzz(
        "tslicense.checkmk",
        "<<<check_mk>>>\nHostname: LS-A\n<<<rds_licenses:sep(44)>>>\nKeyPackId,KeyPackType,ProductType,ProductVersionID,TotalLicenses\n6,2,0,6,-1\n<<<df>>>\n",
    );
}

#[test]
fn report() {
    fuzz(
        "tslicense.report-csv",
        "Report\n\n\"User\",\"ProductVersion\",\"ExpirationDate\"\n\"CORP\\ann\",\"Windows Server 2019\",\"20/03/2026 10:00:00\"\n\n",
    );
}

#[test]
fn ldif() {
    fuzz(
        "tslicense.ldif",
        "dn:: Q049QsO2Yg==\nsAMAccountName: b\nmsTSExpireDate: 20260430090000.0Z\nmsTSLicenseVersion: 655361\nmsTSManagingLS: 00111-\n 20000-00001-AT001\n\n",
    );
}

#[test]
fn registry() {
    fuzz(
        "tslicense.registry",
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\TermService\\Parameters\\LicenseServers]\r\n\"SpecifiedLicenseServers\"=hex(7):6c,00,\\\r\n  00,00\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\RCM\\Licensing Core]\r\n\"LicensingMode\"=dword:00000004\r\n",
    );
}

#[test]
fn wsman() {
    fuzz(
        "tslicense.wsman",
        "<s:Envelope><n:Items><p:Win32_TSLicenseKeyPack><p:KeyPackId>3</p:KeyPackId><p:KeyPackType>5</p:KeyPackType><p:ProductType>1</p:ProductType><p:ProductVersionID>6</p:ProductVersionID><p:TotalLicenses>5</p:TotalLicenses><p:ExpirationDate><cim:Datetime>2038-01-01T00:00:00Z</cim:Datetime></p:ExpirationDate><p:TypeAndModel xsi:nil=\"true\"/></p:Win32_TSLicenseKeyPack></n:Items></s:Envelope>",
    );
}

#[test]
fn session_hosts() {
    fuzz(
        "tslicense.cim-json",
        r#"[{"ServerName":"RDSH-1","TerminalServerMode":1,"LicensingType":3,"PolicySourceLicensingType":0},{"SpecifiedLSList":["ls-a"," ls-b"],"ReturnValue":0},{"DaysLeft":17,"ReturnValue":0},{"UseCentralLicensingSettings":true,"LicensingType":4,"LicenseServers":["ls-a"]}]"#,
    );
}

#[test]
fn packs_of_the_console() {
    fuzz(
        "tslicense.report-csv",
        "License Version and Type,License Program,Total Licenses,Available,Issued,Expiry Date,Keypack ID\rWindows Server 2019 - RDS Per User CAL,Open License,50,31,19,Never,3\r",
    );
}

#[test]
fn every_reader_has_a_target() {
    let source = include_str!("tslicense.rs");
    for reader in &READERS {
        assert!(source.contains(&format!("\"{}\"", reader.kind.name)), "{}", reader.kind.name);
    }
}

#[test]
fn tsctst() {
    fuzz(
        "tslicense.tsctst",
        "HWID : 0x2, 0x1\nLicense ID : A02-10.01-S\nIssued to machine : PC-1\nExpires on : Fri May 01 10:00:00 2026\n",
    );
}

#[test]
fn report_entries() {
    fuzz(
        "tslicense.cim-json",
        r#"[{"FileName":"a","GenerationDateTime":"\/Date(1772355600000)\/"},{"User":"a\\b","ExpirationDate":"03/04/2026 10:00:00","ProductVersionID":6},{"DomainName":"a","FailedIssuanceCount":3}]"#,
    );
}
