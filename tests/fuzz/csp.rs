//! The readers of csp: every device that comes out has a name that a device can have, and no message repeats a product key.

use super::noisy;
use licctl::api::Source;
use licctl::artefact::{Notes, text};
use licctl::csp::import::{KINDS, Options, READERS, Record, catalog, ddf, intune, package, syncml};
use licctl::csp::model::keys::KeyCatalog;
use licctl::csp::report::lint::{Lint, Target};
use std::io::BufRead;

const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";

/// Hands noisy files to `read`, decoded as they would be.
fn fuzz(seed: &'static str, read: fn(&mut dyn BufRead, &mut Notes)) {
    bolero::check!().with_iterations(2000).for_each(move |bytes: &[u8]| {
        let file = noisy(seed, bytes);
        let mut decoded = text::Text::new(file.as_slice(), text::form(&file));
        let mut notes = Notes::default();
        read(&mut decoded, &mut notes);
        for complaint in notes.complaints.kept {
            assert!(!complaint.message.contains(KEY), "{}", complaint.message);
        }
    });
}

fn stored(kind: &str, input: &mut dyn BufRead, notes: &mut Notes) {
    let reader = READERS.iter().find(|reader| reader.kind.name == kind).unwrap();
    let _ = (reader.read)(Source::Text(input), &Options::default(), notes, &mut |_, record| {
        if let Record::Device(facts) = record {
            assert!(facts.device.is_none_or(|name| (1..=63).contains(&name.chars().count())));
        }
        Ok(())
    });
}

const MESSAGE: &str = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>1</SessionID><MsgID>1</MsgID><Target><LocURI>a</LocURI></Target><Source><LocURI>b</LocURI></Source></SyncHdr><SyncBody><Atomic><CmdID>1</CmdID><Exec><CmdID>2</CmdID><Item><Target><LocURI>./Vendor/MSFT/WindowsLicensing/ChangeProductKey</LocURI></Target><Meta><Format xmlns=\"syncml:metinf\">chr</Format></Meta><Data>AAAAA-BBBBB-CCCCC-DDDDD-EDU01</Data></Item></Exec></Atomic><Final/></SyncBody></SyncML>";
const RESPONSE: &str = "<SyncML xmlns=\"SYNCML:SYNCML1.2\"><SyncHdr/><SyncBody><Status><CmdID>1</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Cmd>Get</Cmd><Data>404</Data></Status><Results><CmdID>2</CmdID><MsgRef>1</MsgRef><CmdRef>1</CmdRef><Item><Source><LocURI>./Vendor/MSFT/WindowsLicensing/Edition</LocURI></Source><Data>4</Data></Item></Results><Final/></SyncBody></SyncML>";

/// What is read is judged too: the linter must not fall over what the reader lets through.
#[test]
fn syncml_request() {
    fuzz(MESSAGE, |input, notes| {
        let target = Target::default();
        let mut lint = Lint::new(&target, "fuzz");
        let _ = syncml::read(input, notes, &mut |part| {
            lint.message(part, &mut |finding| {
                assert!(!finding.message.contains(KEY), "{}", finding.message);
                Ok(())
            })
        });
    });
}

#[test]
fn syncml_response() {
    fuzz(RESPONSE, |input, notes| stored("csp.syncml-response", input, notes));
}

#[test]
fn stream() {
    fuzz(RESPONSE, |input, notes| stored("csp.syncmlviewer-stream", input, notes));
}

#[test]
fn intune_profile() {
    let seed = r##"{"@odata.type":"#microsoft.graph.windows10CustomConfiguration","displayName":"L","omaSettings":[{"@odata.type":"#microsoft.graph.omaSettingStringXml","omaUri":"./Device/Vendor/MSFT/WindowsLicensing/ChangeProductKey","value":"77u/QUFBQUE="}]}"##;
    fuzz(seed, |input, notes| {
        let _ = intune::read(input, notes, &mut |_| Ok(()));
    });
}

#[test]
fn provisioning_package() {
    let seed = "<WindowsCustomizations><Settings xmlns=\"urn:schemas-microsoft-com:windows-provisioning\"><Customizations><Common><EditionUpgrade><ChangeProductKey>AAAAA-BBBBB-CCCCC-DDDDD-EDU01</ChangeProductKey></EditionUpgrade></Common></Customizations></Settings></WindowsCustomizations>";
    fuzz(seed, |input, notes| {
        let _ = package::read(input, notes, &mut |_| Ok(()));
    });
}

#[test]
fn device_description() {
    let seed = "<MgmtTree xmlns:MSFT=\"http://schemas.microsoft.com/MobileDevice/DM\"><VerDTD>1.2</VerDTD><Node><NodeName>A</NodeName><Path>./Vendor/MSFT</Path><DFProperties><AccessType><Get /></AccessType><DFFormat><int /></DFFormat></DFProperties></Node></MgmtTree>";
    fuzz(seed, |input, notes| {
        let _ = ddf::read(input, notes);
    });
}

#[test]
fn key_catalogue() {
    let seed = r#"{"schema":1,"keys":[{"id":"edu","match":{"glob":"*-EDU01"},"edition":121}]}"#;
    fuzz(seed, |input, _| {
        if let Ok(entries) = catalog::read(input) {
            let _ = KeyCatalog::new(entries);
        }
    });
}

#[test]
fn graph_devices() {
    let seed = r#"{"value":[{"deviceName":"PC-01","operatingSystem":"Windows","osVersion":"10.0.22631.3447","joinType":"azureADJoined","skuNumber":48,"hardwareInformation":{"deviceLicensingStatus":"deviceLicenseRefreshFailed"}}]}"#;
    fuzz(seed, |input, notes| stored("csp.graph-devices", input, notes));
}

#[test]
fn wmi_json() {
    let seed = r#"{"InstanceID":"WindowsLicensing","ParentID":"./Vendor/MSFT","Edition":48,"Status":3,"LicenseKeyType":"ProductKey","PSComputerName":"PC-01"}"#;
    fuzz(seed, |input, notes| stored("csp.wmi-json", input, notes));
}

#[test]
fn os_json() {
    let seed = r#"{"CSName":"PC-01","OperatingSystemSKU":48,"Version":"10.0.22631"}"#;
    fuzz(seed, |input, notes| stored("csp.os-json", input, notes));
}

#[test]
fn mdm_diagnostics() {
    let seed = "<MDMEnterpriseDiagnosticsReport><Version>1.0</Version><Diagnostics><ErrorLog><Component><ComponentName>x</ComponentName><SubComponent><Name>y</Name><Error>-2147024463</Error><Metadata2>./Vendor/MSFT/WindowsLicensing/Edition</Metadata2></SubComponent></Component></ErrorLog></Diagnostics></MDMEnterpriseDiagnosticsReport>";
    fuzz(seed, |input, notes| stored("csp.mdmdiag", input, notes));
}

#[test]
fn csp_versions() {
    let seed = "<DeviceManageability Version=\"com.microsoft/1.1/MDM/DeviceManageability\"><Capabilities><CSPVersions><CSP Node=\"./Vendor/MSFT/WindowsLicensing\" Version=\"1.4\"></CSP></CSPVersions></Capabilities></DeviceManageability>";
    fuzz(seed, |input, notes| stored("csp.cspversions", input, notes));
}

#[test]
fn every_reader_has_a_target() {
    let source = include_str!("csp.rs");
    for kind in KINDS {
        assert!(source.contains(&format!("\"{}\"", kind.name)), "{}", kind.name);
    }
}
