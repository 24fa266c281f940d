//! Session hosts: as objects of their classes, as answers of their methods, as their deployment has them.

use super::{Options, read};
use crate::tslicense::import::{Governs, Told, ToldHost};

fn hosts(text: &str) -> (Vec<ToldHost>, Vec<String>, Vec<&'static str>) {
    let (found, complaints, warnings) = read(text, &Options::default());
    let host = |told| match told {
        Told::Host(host) => *host,
        other => panic!("{other:?}"),
    };
    (found.into_iter().map(|record| host(record.told)).collect(), complaints, warnings)
}

#[test]
fn a_mode_that_a_page_misprints_is_read_as_per_user_with_a_warning() {
    let text = "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\\RCM\\Licensing Core]\n\"LicensingMode\"=dword:00000003\n";
    let (found, _, warnings) = read(text, &Options::default());
    assert!(matches!(&found[0].told, Told::Host(host) if host.own.mode == Some(4)));
    assert_eq!(warnings, ["LICENSING_TYPE_3"]);
}

#[test]
fn the_settings_of_a_host_are_read_from_its_class() {
    let text = r#"{"ServerName":"RDSH-1","TerminalServerMode":1,"LicensingType":3,"PolicySourceLicensingType":0,
        "LicensingName":"Per User","PSComputerName":"rdsh-1.corp.example","PossibleLicensingTypes":12}"#;
    let (found, complaints, warnings) = hosts(text);
    assert_eq!((complaints.len(), warnings), (0, vec!["LICENSING_TYPE_3"]));
    let host = &found[0];
    assert_eq!(host.name.as_deref(), Some("rdsh-1.corp.example"));
    assert_eq!((host.own.mode, host.policy.mode), (Some(4), None));
    assert_eq!((host.application_server, host.mode_of), (Some(true), Some(Governs::Server)));

    let governed =
        text.replace(r#""PolicySourceLicensingType":0"#, r#""PolicySourceLicensingType":1"#);
    let host = &hosts(&governed).0[0];
    assert_eq!((host.own.mode, host.policy.mode), (None, Some(4)));

    let csv = "ServerName,TerminalServerMode,LicensingType,PolicySourceLicensingType,ActiveDesktop\nRDSH-1,0,1,0,0\n";
    let (found, _, warnings) = hosts(csv);
    assert_eq!((found[0].application_server, warnings.len()), (Some(false), 0));
    let list = "ServerName : RDSH-1\nTerminalServerMode : 1\nLicensingType : 5\n";
    assert_eq!(hosts(list).0[0].own.mode, Some(5));
    let (found, complaints, _) = hosts(&list.replace(": 5", ": 7"));
    assert_eq!((found.len(), complaints.len()), (0, 1));
}

#[test]
fn what_the_methods_of_a_host_answer_is_read_as_they_print_it() {
    let text = r#"[{"SpecifiedLSList":["ls-a.corp.example"," ls-b"],"ReturnValue":0,"PSComputerName":"rdsh-1"},
        {"DaysLeft":17,"ReturnValue":0,"PSComputerName":"rdsh-1"}]"#;
    let (found, complaints, _) = hosts(text);
    assert_eq!(complaints.len(), 0);
    assert_eq!(found[0].holds, ["ls-a.corp.example", " ls-b"]);
    assert_eq!((found[1].days_left, found[1].name.as_deref()), (Some(17), Some("rdsh-1")));
}

#[test]
fn a_deployment_tells_its_settings_and_whether_they_hold() {
    let text = r#"{"UseCentralLicensingSettings":true,"LicensingType":4,"LicenseServers":["ls-a","ls-b"],
        "PSComputerName":"rdsh-1"}"#;
    let (found, complaints, _) = hosts(text);
    assert_eq!(complaints.len(), 0);
    assert_eq!(found[0].central, Some(true));
    assert_eq!((found[0].deployment.mode, found[0].deployment.servers.len()), (Some(4), 2));

    let list =
        "Mode          : PerDevice\nLicenseServer : {ls-a.corp.example, ls-b.corp.example}\n";
    let (found, complaints, _) = hosts(list);
    assert_eq!(complaints.len(), 0);
    assert_eq!(found[0].deployment.mode, Some(2));
    assert_eq!(found[0].deployment.servers, ["ls-a.corp.example", "ls-b.corp.example"]);

    let lost = "Mode,LicenseServer\nPerUser,System.String[]\n";
    let (found, complaints, _) = hosts(lost);
    assert_eq!(found.len(), 0);
    assert!(complaints[0].contains("the list is lost"), "{complaints:?}");
}

#[test]
fn a_saved_answer_of_ws_management_holds_the_settings_of_a_host() {
    let text = r#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>
<p:Win32_TerminalServiceSetting xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2/terminalservices/Win32_TerminalServiceSetting">
<p:LicensingType>2</p:LicensingType><p:PolicySourceLicensingType>1</p:PolicySourceLicensingType>
<p:ServerName>RDSH-1</p:ServerName><p:TerminalServerMode>1</p:TerminalServerMode>
</p:Win32_TerminalServiceSetting></s:Body></s:Envelope>"#;
    let (found, complaints, _) = hosts(text);
    assert_eq!(complaints.len(), 0);
    assert_eq!((found[0].name.as_deref(), found[0].policy.mode), (Some("RDSH-1"), Some(2)));
}
