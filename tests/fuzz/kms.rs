//! The readers of kms: every event that comes out has a time.

use super::noisy;
use licctl::api::Source;
use licctl::artefact::{Notes, text};
use licctl::kms::import::{Options, READERS, Record};
use std::io::Cursor;

fn read(kind: &str, seed: &str, bytes: &[u8]) {
    let file = noisy(seed, bytes);
    let reader = READERS.iter().find(|reader| reader.kind.name == kind).unwrap();
    let mut notes = Notes::default();
    let mut each = |_, record: Record<'_>| {
        if let Record::Event(event) = record {
            assert!(event.time.to_string().len() >= 20);
        }
        Ok(())
    };
    // A reader may refuse; it may not panic.
    let _ = if reader.kind.binary {
        (reader.read)(
            Source::Bytes(&mut Cursor::new(file)),
            &Options::default(),
            &mut notes,
            &mut each,
        )
    } else {
        let mut decoded = text::Text::new(file.as_slice(), text::form(&file));
        (reader.read)(Source::Text(&mut decoded), &Options::default(), &mut notes, &mut each)
    };
}

const INFO: &str = "0x0,25,pc-017.corp.example,6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11,2025/3/9 7:05,1,2,41520,2de67392-b7a7-462a-b1ca-108dd189f588";

fn fuzz(kind: &'static str, seed: String) {
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| read(kind, &seed, bytes));
}

#[test]
fn evtx() {
    fuzz("kms.evtx", format!("ElfFile\0{}", "\0".repeat(4200)));
}

#[test]
fn event_xml() {
    fuzz(
        "kms.event-xml",
        format!(
            "<Event><System><EventID>12290</EventID><TimeCreated SystemTime='2025-03-09T07:05:12Z'/><EventRecordID>1</EventRecordID><Channel>Key Management Service</Channel><Computer>kms01</Computer></System><EventData><Data>{INFO}</Data></EventData></Event>"
        ),
    );
}

#[test]
fn event_csv() {
    fuzz(
        "kms.event-csv",
        format!("TimeCreated,RecordId,Info\n2025-03-09T07:05:12Z,1,\"{INFO}\"\n"),
    );
}

#[test]
fn event_json() {
    fuzz(
        "kms.event-json",
        format!(
            "[{{\"Id\":12290,\"RecordId\":1,\"TimeCreated\":\"\\/Date(1741503900000)\\/\",\"MachineName\":\"kms01\",\"Message\":\"{INFO}\"}}]"
        ),
    );
}

#[test]
fn cim_json() {
    fuzz("kms.cim-json", "[{\"Version\":\"10.0.20348.1\",\"ClientMachineID\":\"6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11\",\"KeyManagementServiceHostCaching\":true,\"VLRenewalInterval\":10080}]".to_owned());
}

#[test]
fn cim_csv() {
    fuzz("kms.cim-csv", "#TYPE x\n\"ClientMachineID\",\"KeyManagementServiceHostCaching\",\"VLRenewalInterval\"\n\"6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11\",\"True\",\"10080\"\n".to_owned());
}

#[test]
fn cim_list() {
    fuzz("kms.cim-list", "ClientMachineID                  : 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11\nKeyManagementServiceHostCaching : True\n".to_owned());
}

#[test]
fn wmic_list() {
    fuzz("kms.wmic-list", "ClientMachineID=6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11\nKeyManagementServiceHostCaching=TRUE\n".to_owned());
}

#[test]
fn wmic_csv() {
    fuzz("kms.wmic-csv", "\nNode,ClientMachineID,KeyManagementServiceHostCaching\nKMS01,6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11,TRUE\n".to_owned());
}

#[test]
fn slmgr() {
    fuzz("kms.slmgr", "Name: Windows(R), Professional edition\nDescription: Windows(R) Operating System, VOLUME_KMSCLIENT channel\nPartial Product Key: ABCDE\nLicense Status: Licensed\n    Client Machine ID (CMID): 6f0c2b1e-8a44-4c0d-9f55-1b7d3c9e0a11\n".to_owned());
}

#[test]
fn ospp() {
    fuzz("kms.ospp", "---Processing---\nSKU ID: d450596f-894d-49e0-966a-fd39ed4c4c64\nLICENSE NAME: Office 16, Office16ProPlusVL_KMS_Client edition\nLICENSE STATUS:  ---LICENSED---\nREMAINING GRACE: 179 days  (258642 minute(s) before expiring)\nKMS machine registry override defined: kms01:1688\n---Exiting---\n".to_owned());
}

#[test]
fn every_reader_has_a_target() {
    let source = include_str!("kms.rs");
    for reader in READERS {
        assert!(source.contains(&format!("\"{}\"", reader.kind.name)), "{}", reader.kind.name);
    }
}

#[test]
fn registry() {
    fuzz(
        "kms.registry",
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SoftwareProtectionPlatform]\r\n\"KeyManagementServiceName\"=\"kms1\"\r\n\"VLRenewalInterval\"=dword:00000078\r\n\"DnsDomainPublishList\"=hex(7):61,00,\\\r\n  00,00\r\n".to_owned(),
    );
}

#[test]
fn vamt_list() {
    fuzz("kms.vamt-list", "<SoftwareLicensingData><Computers><Computer Name='a'><Products><Product><Sku Id='2de67392-b7a7-462a-b1ca-108dd189f588'/><LicenseStatus>Licensed</LicenseStatus><KmsPort>1688</KmsPort></Product></Products></Computer></Computers></SoftwareLicensingData>".to_owned());
}

#[test]
fn vamt_csv() {
    fuzz("kms.vamt-csv", "ComputerName,ProductName,LicenseStatus,PartialProductKey\nws-1,Windows 10,Licensed,EEEEE\n".to_owned());
}

/// Records of DNS in every form; what is noise in one form may be text of another.
#[test]
fn dns() {
    use licctl::artefact::Sample;
    use licctl::kms::import::dns::{form, read};
    let seeds = [
        "$ORIGIN corp.example.\n$TTL 1h\n@ IN SOA a b ( 1 2 3 4 5 )\n_vlmcs._tcp IN SRV 0 0 1688 kms1\nkms1 A 192.0.2.1\n",
        "_vlmcs._tcp.corp.example\tSRV service location:\n\tpriority = 0\n\tweight = 0\n\tport = 1688\n\tsvr hostname = kms1\n",
        "[{\"Name\":\"_vlmcs._tcp.a\",\"Type\":33,\"NameTarget\":\"kms1\",\"Port\":1688,\"Priority\":0,\"Weight\":0}]",
        "Name,Type,NameTarget,Port,Priority,Weight\n_vlmcs._tcp.a,SRV,kms1,1688,0,0\n",
    ];
    for seed in seeds {
        bolero::check!().with_iterations(1000).for_each(move |bytes: &[u8]| {
            let text = String::from_utf8_lossy(&noisy(seed, bytes)).into_owned();
            let sample = Sample { name: "x", bytes: text.as_bytes(), text: &text };
            let Some(form) = form(&sample) else { return };
            let _ = read(form, &mut text.as_bytes(), Some("corp.example"), &mut Notes::default());
        });
    }
}

/// Every edition that comes out of a list has a name and a pool.
#[test]
fn editions() {
    use licctl::kms::catalog::skus::Pool;
    use licctl::kms::import::editions::read;
    let seed = "ActivationID,Name,Pool,N\n9caad000-0000-4000-8000-00000000000a,Windows 15,windows,25\n9caad000-0000-4000-8000-00000000000b,Office 2031,,\n";
    bolero::check!().with_iterations(1000).for_each(move |bytes: &[u8]| {
        let text = String::from_utf8_lossy(&noisy(seed, bytes)).into_owned();
        let editions = read(&mut text.as_bytes(), &mut Notes::default()).unwrap_or_default();
        for edition in editions {
            assert!(!edition.name.is_empty() && edition.pool != Pool::Unknown);
        }
    });
}

/// The readers of DNS data as an import calls them.
#[test]
fn dns_imports() {
    for (kind, seed) in [
        (
            "kms.dns-zone",
            "$ORIGIN corp.example.\n@ IN SOA a b ( 1 2 3 4 5 )\n_vlmcs._tcp IN SRV 0 0 1688 kms1\nkms1 A 192.0.2.1\n",
        ),
        ("kms.dns-dig", ";; ANSWER SECTION:\n_vlmcs._tcp.a. 3600 IN SRV 0 0 1688 kms1.a.\n"),
        (
            "kms.dns-nslookup",
            "_vlmcs._tcp.a\tSRV service location:\n\tpriority = 0\n\tweight = 0\n\tport = 1688\n\tsvr hostname = kms1\n",
        ),
        (
            "kms.dns-json",
            "[{\"Name\":\"_vlmcs._tcp.a\",\"Type\":33,\"NameTarget\":\"kms1\",\"Port\":1688,\"Priority\":0,\"Weight\":0}]",
        ),
        (
            "kms.dns-csv",
            "Name,Type,NameTarget,Port,Priority,Weight\n_vlmcs._tcp.a,SRV,kms1,1688,0,0\n",
        ),
    ] {
        fuzz(kind, seed.to_owned());
    }
}
