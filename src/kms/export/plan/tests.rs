//! What is written for a tool makes of the found machine the one that is wanted.

use super::{Form, Written, registry, slmgr::SCRIPT, write};
use crate::kms::catalog::Profile;
use crate::kms::catalog::slmgr::Does;
use crate::kms::model::{ActivationType, DomainName, HostName, Minutes, Port};
use crate::kms::rules::checks::{self, Class};
use crate::kms::rules::front::asked;
use crate::kms::rules::plan::{Change, Owner, Setting};
use uuid::uuid;

const OF: Owner = Owner {
    application: uuid!("55c92734-d682-4d71-983e-d6ec3f16059f"),
    id: uuid!("2de67392-b7a7-462a-b1ca-108dd189f588"),
};

/// Every kind of setting, once set and once cleared.
fn every_setting() -> Vec<Setting> {
    let name = HostName::stored("2001:db8::5").unwrap();
    let port = Port::new(1700);
    vec![
        Setting::Host { name: name.clone(), port },
        Setting::Host { name, port: None },
        Setting::HostPort(Port::DEFAULT),
        Setting::NoHost,
        Setting::LookupDomain(DomainName::new("corp.example")),
        Setting::LookupDomain(None),
        Setting::ActivationInterval(Minutes::MIN),
        Setting::RenewalInterval(Minutes::MAX),
        Setting::ListeningPort(port),
        Setting::ListeningPort(None),
        Setting::DnsPublishing(true),
        Setting::DnsPublishing(false),
        Setting::LowPriority(true),
        Setting::LowPriority(false),
        Setting::HostCaching(true),
        Setting::HostCaching(false),
        Setting::ActivationType(Some(ActivationType::Token)),
        Setting::ActivationType(None),
    ]
}

fn written(of: Option<Owner>, setting: Setting, form: Form) -> Written {
    write(&[Change { of, setting }], Profile::V10, form)
}

#[test]
fn slmgr_gets_an_address_in_brackets() {
    let lines: Vec<String> = every_setting()
        .into_iter()
        .flat_map(|setting| written(None, setting, Form::Slmgr).lines)
        .map(|line| line.strip_prefix(SCRIPT).unwrap().trim().to_owned())
        .collect();
    assert_eq!(
        lines,
        [
            "/skms [2001:db8::5]:1700",
            "/skms [2001:db8::5]",
            "/skms :1688",
            "/ckms",
            "/skms-domain corp.example",
            "/ckms-domain",
            "/sai 15",
            "/sri 43200",
            "/sprt 1700",
            "/sprt 1688",
            "/sdns",
            "/cdns",
            "/cpri",
            "/spri",
            "/skhc",
            "/ckhc",
            "/act-type 3",
            "/act-type 0",
        ]
    );
}

#[test]
fn the_front_of_slmgr_takes_every_line_that_is_written_for_it() {
    for of in [None, Some(OF)] {
        for setting in every_setting() {
            let host = matches!(
                setting,
                Setting::ListeningPort(_)
                    | Setting::DnsPublishing(_)
                    | Setting::LowPriority(_)
                    | Setting::HostCaching(_)
                    | Setting::ActivationInterval(_)
                    | Setting::RenewalInterval(_)
            );
            if of.is_some() && host {
                continue;
            }
            let line = written(of, setting, Form::Slmgr).lines.remove(0);
            let words: Vec<String> =
                line.strip_prefix(SCRIPT).unwrap().split_whitespace().map(str::to_owned).collect();
            let asked = asked(&words).unwrap();
            assert!(!matches!(asked.option.does, Does::Elsewhere(_)), "{line}");
            assert_eq!(
                asked.given.last().is_some_and(|word| *word == OF.id.to_string()),
                of.is_some()
            );
        }
    }
}

#[test]
fn powershell_gets_values_of_the_types_that_the_methods_ask_for() {
    let cases = [
        (
            None,
            Setting::Host { name: HostName::stored("kms1").unwrap(), port: Port::new(1700) },
            vec![
                "Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName SetKeyManagementServiceMachine -Arguments @{MachineName = 'kms1'}",
                "Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName SetKeyManagementServicePort -Arguments @{PortNumber = [uint32]1700}",
            ],
        ),
        (
            None,
            Setting::DnsPublishing(true),
            vec![
                "Get-CimInstance -ClassName SoftwareLicensingService | Invoke-CimMethod -MethodName DisableKeyManagementServiceDnsPublishing -Arguments @{DisablePublishing = $false}",
            ],
        ),
        (
            Some(OF),
            Setting::ActivationType(Some(ActivationType::Kms)),
            vec![
                "Get-CimInstance -ClassName SoftwareLicensingProduct -Filter \"ID = '2de67392-b7a7-462a-b1ca-108dd189f588'\" | Invoke-CimMethod -MethodName SetVLActivationTypeEnabled -Arguments @{ActivationType = [uint32]2}",
            ],
        ),
        (
            Some(OF),
            Setting::ActivationType(None),
            vec![
                "Get-CimInstance -ClassName SoftwareLicensingProduct -Filter \"ID = '2de67392-b7a7-462a-b1ca-108dd189f588'\" | Invoke-CimMethod -MethodName ClearVLActivationTypeEnabled",
            ],
        ),
    ];
    for (of, setting, expected) in cases {
        assert_eq!(written(of, setting, Form::Cim).lines, expected);
    }
}

/// The values that a line of PowerShell hands to a method, as `licctl kms call` takes them.
fn handed(line: &str) -> (Class, &str, Vec<(&str, String)>) {
    let (object, call) = line.split_once(" | Invoke-CimMethod -MethodName ").unwrap();
    let class = match object.split_whitespace().nth(2) {
        Some("SoftwareLicensingService") => Class::Service,
        _ => Class::Product,
    };
    let (method, arguments) = call.split_once(" -Arguments @{").unwrap_or((call, "}"));
    let given = arguments.trim_end_matches('}').split("; ").filter(|one| !one.is_empty());
    let given = given.map(|one| {
        let (name, value) = one.split_once(" = ").unwrap();
        let value = value.trim_start_matches("[uint32]").trim_start_matches('$');
        (name, value.trim_matches('\'').to_owned())
    });
    (class, method, given.collect())
}

#[test]
fn the_methods_take_every_call_that_is_written_for_powershell() {
    let mut taken = 0;
    for of in [None, Some(OF)] {
        for setting in every_setting() {
            for line in written(of, setting, Form::Cim).lines {
                let (class, word, given) = handed(&line);
                // A setting of the machine alone has no method of the product, and no plan asks for it.
                let Ok(method) = checks::method(class, Profile::V10, word) else {
                    assert!(of.is_some(), "{line}");
                    continue;
                };
                let given: Vec<(&str, &str)> =
                    given.iter().map(|(name, value)| (*name, value.as_str())).collect();
                assert!(checks::arguments(method, &given).is_ok(), "{line}");
                taken += 1;
            }
        }
    }
    assert!(taken > 20, "{taken}");
}

#[test]
fn the_module_has_no_word_for_a_single_product() {
    let cases = [
        (
            Setting::Host { name: HostName::stored("kms1").unwrap(), port: Port::new(1700) },
            vec!["Set-KmsLicenseInfo -ServerName 'kms1' -Port 1700"],
        ),
        (Setting::NoHost, vec!["Invoke-KmsLicense -ClearServer", "Invoke-KmsLicense -ClearPort"]),
        (Setting::LowPriority(true), vec!["Set-KmsLicenseInfo -Priority 'Low'"]),
        (Setting::HostCaching(false), vec!["Set-KmsLicenseInfo -HostCaching $false"]),
        (Setting::ActivationType(None), vec!["Set-OSLicenseInfo -ActivationType 0"]),
    ];
    for (setting, expected) in cases {
        assert_eq!(written(None, setting.clone(), Form::OsLicense).lines, expected);
        let of_product = written(Some(OF), setting, Form::OsLicense);
        assert_eq!((of_product.lines.len(), of_product.left.len()), (0, 1));
    }
}

/// What lines for the module set, read word by word as its cmdlets take their parameters.
fn set_by(lines: &[String]) -> Setting {
    let words: Vec<&str> = lines.iter().flat_map(|line| line.split(' ')).collect();
    let text = |quoted: &str| quoted.trim_matches('\'').trim_matches(['[', ']']).to_owned();
    let name = |quoted| HostName::stored(&text(quoted)).unwrap();
    let minutes = |number: &str| Minutes::new(number.parse().unwrap()).unwrap();
    let port = |number: &str| Port::new(number.parse().unwrap());
    match words[..] {
        ["Set-KmsLicenseInfo", "-ServerName", host, "-Port", number] => {
            Setting::Host { name: name(host), port: port(number) }
        }
        ["Set-KmsLicenseInfo", "-ServerName", host, "Invoke-KmsLicense", "-ClearPort"] => {
            Setting::Host { name: name(host), port: None }
        }
        ["Set-KmsLicenseInfo", "-Port", number] => Setting::HostPort(port(number).unwrap()),
        ["Invoke-KmsLicense", "-ClearServer", "Invoke-KmsLicense", "-ClearPort"] => Setting::NoHost,
        ["Set-KmsLicenseInfo", "-Domain", domain] => {
            Setting::LookupDomain(DomainName::new(&text(domain)))
        }
        ["Invoke-KmsLicense", "-ClearDomain"] => Setting::LookupDomain(None),
        ["Set-KmsLicenseInfo", "-ActivationInterval", number] => {
            Setting::ActivationInterval(minutes(number))
        }
        ["Set-KmsLicenseInfo", "-RenewalInterval", number] => {
            Setting::RenewalInterval(minutes(number))
        }
        ["Set-KmsLicenseInfo", "-ListeningPort", number] => Setting::ListeningPort(port(number)),
        ["Invoke-KmsLicense", "-ClearListeningPort"] => Setting::ListeningPort(None),
        ["Set-KmsLicenseInfo", "-DnsPublishing", on] => Setting::DnsPublishing(on == "$true"),
        ["Set-KmsLicenseInfo", "-HostCaching", on] => Setting::HostCaching(on == "$true"),
        ["Set-KmsLicenseInfo", "-Priority", low] => Setting::LowPriority(low == "'Low'"),
        ["Set-OSLicenseInfo", "-ActivationType", number] => {
            let number: u32 = number.parse().unwrap();
            Setting::ActivationType(ActivationType::new(number))
        }
        _ => panic!("the module has no such call: {lines:?}"),
    }
}

#[test]
fn what_is_written_for_the_module_says_the_setting_and_nothing_else() {
    for setting in every_setting() {
        assert_eq!(set_by(&written(None, setting.clone(), Form::OsLicense).lines), setting);
    }
}

#[test]
fn the_registry_keeps_ports_as_text_and_some_switches_the_other_way_round() {
    let changes: Vec<Change> = [
        (None, Setting::Host { name: HostName::stored("kms1").unwrap(), port: Port::new(1700) }),
        (None, Setting::RenewalInterval(Minutes::new(120).unwrap())),
        (None, Setting::DnsPublishing(false)),
        (None, Setting::LowPriority(true)),
        (Some(OF), Setting::NoHost),
    ]
    .into_iter()
    .map(|(of, setting)| Change { of, setting })
    .collect();
    let key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
    let of = r"SoftwareProtectionPlatform\55c92734-d682-4d71-983e-d6ec3f16059f\2de67392-b7a7-462a-b1ca-108dd189f588";
    assert_eq!(
        write(&changes, Profile::V10, Form::Registry).lines,
        [
            registry::HEADING.to_owned(),
            String::new(),
            format!(r"[{key}\SoftwareProtectionPlatform]"),
            "\"KeyManagementServiceName\"=\"kms1\"".to_owned(),
            "\"KeyManagementServicePort\"=\"1700\"".to_owned(),
            "\"VLRenewalInterval\"=dword:00000078".to_owned(),
            "\"DisableDnsPublishing\"=dword:00000001".to_owned(),
            "\"EnableKmsLowPriority\"=dword:00000001".to_owned(),
            String::new(),
            format!(r"[{key}\{of}]"),
            "\"KeyManagementServiceName\"=-".to_owned(),
            "\"KeyManagementServicePort\"=-".to_owned(),
        ]
    );
    let old = write(&changes[..1], Profile::V60, Form::Registry);
    assert_eq!(old.lines[2], format!(r"[{key}\SL]"));
}

#[test]
fn every_setting_has_a_line_for_every_tool() {
    for form in Form::ALL {
        for setting in every_setting() {
            let lines = written(None, setting.clone(), form).lines;
            let heading = if form == Form::Registry { 3 } else { 0 };
            assert!(lines.len() > heading, "{setting:?} for {}", form.word());
        }
    }
}
