//! Lists and tables, in the forms that their help shows, with what it does not show around it.

use super::{list, table};
use crate::artefact::{Fit, Notes, Sample};
use crate::error::Place;
use crate::kms::import::{Options, Record, Snapshot};
use serde_json::{Value as Json, json};

const LIST: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<SoftwareLicensingData xmlns="http://www.microsoft.com/VAMT/2009" Version="2.0">
  <Computers>
    <Computer Name="WS-1" OSVersion="6.1.7601" OSEdition="Enterprise" NetworkType="Domain" NetworkName="corp.example" Id="1">
      <MacAddresses><MacAddress>00-00-5E-00-53-01</MacAddress></MacAddresses>
      <Products>
        <Product Id="9">
          <Sku Id="{2DE67392-B7A7-462A-B1CA-108DD189F588}" Name="Windows 10 Professional" ApplicationId="55c92734-d682-4d71-983e-d6ec3f16059f"/>
          <ProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</ProductKey>
          <PartialProductKey>EEEEE</PartialProductKey>
          <Status><LicenseStatus>Licensed</LicenseStatus><GraceMinutesRemaining>41520</GraceMinutesRemaining></Status>
          <VolumeActivation><Cmid>6F0C2B1E-8A44-4C0D-9F55-1B7D3C9E0A11</Cmid><KmsHost>kms1.corp.example</KmsHost><KmsPort>1688</KmsPort></VolumeActivation>
        </Product>
        <Product><Sku Id="d450596f-894d-49e0-966a-fd39ed4c4c64" Name="Office 2016"/><LicenseStatus>5</LicenseStatus></Product>
      </Products>
    </Computer>
    <Computer Id="77"><Products><Product SkuId="2de67392-b7a7-462a-b1ca-108dd189f588" LicenseStatus="2"/></Products></Computer>
  </Computers>
</SoftwareLicensingData>"#;

type Read = fn(
    &mut dyn std::io::BufRead,
    &Options,
    &mut Notes,
    &mut crate::kms::import::Each<'_>,
) -> crate::error::Outcome<()>;

fn said(read: Read, text: &str) -> (Vec<Snapshot>, Notes) {
    let (mut snapshots, mut notes) = (Vec::new(), Notes::default());
    let mut each = |_: Place, record: Record<'_>| {
        let Record::Snapshot(snapshot) = record else { panic!("no snapshot") };
        snapshots.push(*snapshot);
        Ok(())
    };
    read(&mut text.as_bytes(), &Options::default(), &mut notes, &mut each).unwrap();
    (snapshots, notes)
}

fn fits(sniff: fn(&Sample<'_>) -> Fit, text: &str) -> bool {
    matches!(sniff(&Sample { name: "x", bytes: text.as_bytes(), text }), Fit::Yes(_))
}

#[test]
fn a_list_gives_the_products_of_each_computer_and_no_key() {
    assert!(fits(list::KIND.sniff, LIST));
    let (snapshots, notes) = said(list::read, LIST);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    assert_eq!(snapshots.len(), 2);
    assert_eq!(snapshots[0].machine.as_deref(), Some("WS-1"));
    assert_eq!(
        Json::Object(snapshots[0].products[0].known.clone()),
        json!({
            "ID": "2de67392-b7a7-462a-b1ca-108dd189f588", "Name": "Windows 10 Professional",
            "ApplicationID": "55c92734-d682-4d71-983e-d6ec3f16059f", "PartialProductKey": "EEEEE",
            "LicenseStatus": 1, "GracePeriodRemaining": 41520,
            "KeyManagementServiceMachine": "kms1.corp.example", "KeyManagementServicePort": 1688,
        })
    );
    let service = snapshots[0].service.as_ref().unwrap();
    assert_eq!(service.known["ClientMachineID"], "6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11");
    assert_eq!(snapshots[0].products[1].known["LicenseStatus"], 5);
    assert_eq!(snapshots[1].machine.as_deref(), Some("77"), "names may be left out");
    let told = format!("{snapshots:?}{notes:?}");
    assert!(!told.contains("AAAAA"), "{told}");
    let warnings: Vec<&str> = notes.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(warnings, ["redacted", "unknown-names"]);
    assert!(
        notes.warnings[1].message.contains("`Status` (2)")
            || notes.warnings[1].message.contains("`Status` (1)")
    );
}

#[test]
fn a_table_is_known_by_its_columns_whatever_the_view_adds() {
    let text = "#TYPE x\n\"Fully Qualified Domain Name\";\"Product Name\";\"License Status\";\"Grace Period Remaining\";\"Partial Product Key\";\"KMS Host\";\"Last Action\"\n\
        \"ws-1.corp.example\";\"Windows 10 Professional\";\"Initial grace period\";\"41520\";\"EEEEE\";\"kms1\";\"x\"\n\
        \"ws-1.corp.example\";\"Office 2016\";\"1\";\"\";\"FFFFF\";\"\";\"\"\n\"ws-2\";\"Windows 10\";\"Dancing\";\"\";\"\";\"\";\"\"\n";
    assert!(fits(table::KIND.sniff, text));
    let (snapshots, notes) = said(table::read, text);
    assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
    let machines: Vec<Option<&str>> =
        snapshots.iter().map(|snapshot| snapshot.machine.as_deref()).collect();
    let products: usize = snapshots.iter().map(|snapshot| snapshot.products.len()).sum();
    assert_eq!((machines.first(), products), (Some(&Some("ws-1.corp.example")), 3));
    assert_eq!(
        Json::Object(snapshots[0].products[0].known.clone()),
        json!({
            "Name": "Windows 10 Professional", "LicenseStatus": 2, "GracePeriodRemaining": 41520,
            "PartialProductKey": "EEEEE", "KeyManagementServiceMachine": "kms1",
        })
    );
    let warnings: Vec<&str> = notes.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(warnings, ["status-unknown", "unknown-names"]);
}

#[test]
fn other_files_are_left_to_other_readers() {
    for text in [
        "Node,ApplicationID,LicenseStatus,ID\n",
        "Computername,LicenseStatus,Count\n",
        "ComputerName,ProductName,LicenseStatus,KeyManagementServiceTotalRequests\n",
        "",
    ] {
        assert!(!fits(table::KIND.sniff, text), "{text}");
    }
    assert!(!fits(list::KIND.sniff, "<Events/>"));
    let readers: [Read; 2] = [list::read, table::read];
    let empty = ["<SoftwareLicensingData/>", "ComputerName,ProductName,LicenseStatus\n"];
    for (read, text) in readers.into_iter().zip(empty) {
        assert_eq!(said(read, text).1.complaints.count(), 1);
    }
    let bad = LIST.replace(">41520<", ">soon<");
    let (snapshots, notes) = said(list::read, &bad);
    assert_eq!((snapshots.len(), notes.complaints.count()), (2, 1));
}
