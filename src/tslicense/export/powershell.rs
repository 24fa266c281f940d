//! Calls as lines of PowerShell: the CIM cmdlets, and the older WMI ones.

use super::{Call, Object};
use crate::tslicense::model::Argument;
use std::fmt::Write as _;

/// The call by the CIM cmdlets. Numbers of PowerShell are signed, so that each is cast.
#[must_use]
pub fn cim(call: &Call<'_>) -> String {
    let given = call.arguments.given.iter().map(|(row, value)| match value {
        Argument::Number(number) => format!("{} = [uint32]{number}", row.name),
        Argument::Text(text) => format!("{} = {}", row.name, quoted(&call.text(row, text))),
    });
    let list = call.list.map(|(name, texts)| format!("{name} = [string[]]{}", listed(texts)));
    let arguments: Vec<String> = given.chain(list).collect();
    let (space, class, word) = (call.namespace(), call.method.class(), call.method.word());
    let server = call.server;
    let mut line = match (&call.object, call.filter()) {
        (Object::Class, _) => format!(
            "Invoke-CimMethod -ComputerName {server} -Namespace {space} -ClassName {class} -MethodName {word}"
        ),
        (_, filter) => {
            let filter = filter.map(|text| format!(" -Filter {}", quoted(&text)));
            format!(
                "Get-CimInstance -ComputerName {server} -Namespace {space} -ClassName {class}{} | Invoke-CimMethod -MethodName {word}",
                filter.unwrap_or_default()
            )
        }
    };
    if !arguments.is_empty() {
        let _ = write!(line, " -Arguments @{{ {} }}", arguments.join("; "));
    }
    remarked(call, &line)
}

/// The call by the WMI cmdlets, whose argument list is in the alphabetical order of the parameters, not in that of the signature.
///
/// The namespace of the settings of a session host wants packet privacy.
#[must_use]
pub fn wmi(call: &Call<'_>) -> String {
    let given = call.arguments.given.iter().map(|(row, value)| match value {
        Argument::Number(number) => (row.name, number.to_string()),
        Argument::Text(text) => (row.name, quoted(&call.text(row, text))),
    });
    let list = call.list.map(|(name, texts)| (name, listed(texts)));
    let mut rows: Vec<(&str, String)> = given.chain(list).collect();
    rows.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    let values: Vec<String> = rows.into_iter().map(|(_, value)| value).collect();
    let space = call.namespace().replace('/', "\\");
    let (class, word, server) = (call.method.class(), call.method.word(), call.server);
    let line = match (&call.object, call.filter()) {
        (Object::Class, _) => {
            let list = if values.is_empty() {
                String::new()
            } else {
                format!(" -ArgumentList {}", values.join(", "))
            };
            format!(
                "Invoke-WmiMethod -ComputerName {server} -Namespace {space} -Class {class} -Name {word}{list}"
            )
        }
        (object, filter) => {
            let filter = filter.map(|text| format!(" -Filter {}", quoted(&text)));
            let privacy =
                if *object == Object::Setting { " -Authentication PacketPrivacy" } else { "" };
            format!(
                "(Get-WmiObject -ComputerName {server} -Namespace {space} -Class {class}{}{privacy}).{word}({})",
                filter.unwrap_or_default(),
                values.join(", ")
            )
        }
    };
    remarked(call, &line)
}

/// A list of texts.
fn listed(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("@({})", texts.join(", "))
}

/// A text in single quotes: nothing in it is expanded.
fn quoted(text: &str) -> String {
    // The typographic quotes end such a text too.
    let doubled: String = text
        .chars()
        .flat_map(|letter| {
            let twice = matches!(letter, '\'' | '\u{2018}'..='\u{201B}');
            std::iter::repeat_n(letter, if twice { 2 } else { 1 })
        })
        .collect();
    format!("'{doubled}'")
}

fn remarked(call: &Call<'_>, line: &str) -> String {
    match call.remark() {
        Some(remark) => format!("# {remark}\n{line}\n"),
        None => format!("{line}\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Call, Numbers, Object};
    use super::{cim, quoted, wmi};
    use crate::tslicense::catalog::methods::{Act, HostAct, Program, ReportAct, of};
    use crate::tslicense::model::{Argument, Arguments, KeyPackId};

    pub(crate) fn base() -> Arguments {
        let method = of(Act::Import(Program::Open)).unwrap();
        let text = |text: &str| Argument::Text(text.to_owned());
        let values = [
            text("12345678"),
            text("TEST0AUTH000001"),
            Argument::Number(6),
            Argument::Number(1),
            Argument::Number(20),
            text("ls-a.corp.example"),
            text("AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG"),
        ];
        Arguments { given: method.given().zip(values).collect(), filed: Vec::new() }
    }

    fn call(arguments: &Arguments, numbers: Numbers) -> Call<'_> {
        let method = of(Act::Import(Program::Open)).unwrap();
        let object = Object::Class;
        Call { server: "ls-b.corp.example", method, object, arguments, list: None, numbers }
    }

    #[test]
    fn the_published_form_of_the_call_by_cim() {
        assert_eq!(
            cim(&call(&base(), Numbers::Full)),
            "Invoke-CimMethod -ComputerName ls-b.corp.example -Namespace root/cimv2 -ClassName Win32_TSLicenseKeyPack -MethodName ImportOpenPurchaseLicenseKeyPack -Arguments @{ sLicenseNumber = '12345678'; sAuthorizationNumber = 'TEST0AUTH000001'; ProductVersion = [uint32]6; ProductType = [uint32]1; LicenseCount = [uint32]20; sSourceLSName = 'ls-a.corp.example'; sSourceLSProductId = 'AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG' }\n"
        );
    }

    #[test]
    fn the_older_cmdlet_takes_its_list_in_alphabetical_order() {
        assert_eq!(
            wmi(&call(&base(), Numbers::Full)),
            "Invoke-WmiMethod -ComputerName ls-b.corp.example -Namespace root\\cimv2 -Class Win32_TSLicenseKeyPack -Name ImportOpenPurchaseLicenseKeyPack -ArgumentList 20, 1, 6, 'TEST0AUTH000001', '12345678', 'ls-a.corp.example', 'AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG'\n"
        );
    }

    #[test]
    fn masked_numbers_are_said_to_be_masked() {
        let text = cim(&call(&base(), Numbers::Masked));
        assert!(text.starts_with("# purchase numbers are masked"));
        assert!(text.contains("sLicenseNumber = '12****78'"));
        assert!(!text.contains("12345678") && !text.contains("TEST0AUTH"));
    }

    #[test]
    fn a_method_of_an_object_finds_the_object_first() {
        let method = of(Act::Convert).unwrap();
        let arguments = Arguments {
            given: method.given().zip([Argument::Number(10)]).collect(),
            filed: Vec::new(),
        };
        let call = Call {
            server: "ls-a",
            method,
            object: Object::Pack(KeyPackId(4)),
            arguments: &arguments,
            list: None,
            numbers: Numbers::Masked,
        };
        assert!(cim(&call).contains("-Filter 'KeyPackId = 4' | Invoke-CimMethod"));
        assert!(wmi(&call).ends_with("').ConvertLicenses(10)\n"));
    }

    #[test]
    fn a_report_is_found_by_its_name_whatever_stands_in_it() {
        let method = of(Act::Report(ReportAct::Delete)).unwrap();
        let arguments = Arguments::default();
        let call = Call {
            server: "ls-a",
            method,
            object: Object::Report("march's"),
            arguments: &arguments,
            list: None,
            numbers: Numbers::Masked,
        };
        let filter = r"-Filter 'FileName = ''march\''s'''";
        assert!(cim(&call).contains(filter), "{}", cim(&call));
        assert!(wmi(&call).contains(filter) && wmi(&call).ends_with(").DeleteReport()\n"));
    }

    #[test]
    fn the_settings_of_a_host_have_one_object_and_a_namespace_of_their_own() {
        let method = of(Act::Host(HostAct::SetServers)).unwrap();
        let names = ["ls-a".to_owned(), "ls-b".to_owned()];
        let call = Call {
            server: "rdsh-1",
            method,
            object: Object::Setting,
            arguments: &Arguments::default(),
            list: Some(("SpecifiedLSList", &names)),
            numbers: Numbers::Masked,
        };
        assert_eq!(
            cim(&call),
            "Get-CimInstance -ComputerName rdsh-1 -Namespace root/cimv2/TerminalServices -ClassName Win32_TerminalServiceSetting | Invoke-CimMethod -MethodName SetSpecifiedLicenseServerList -Arguments @{ SpecifiedLSList = [string[]]@('ls-a', 'ls-b') }\n"
        );
        assert_eq!(
            wmi(&call),
            "(Get-WmiObject -ComputerName rdsh-1 -Namespace root\\cimv2\\TerminalServices -Class Win32_TerminalServiceSetting -Authentication PacketPrivacy).SetSpecifiedLicenseServerList(@('ls-a', 'ls-b'))\n"
        );
    }

    #[test]
    fn quotes_within_a_text_are_doubled() {
        assert_eq!(quoted("a'b\u{2019}"), "'a''b\u{2019}\u{2019}'");
    }
}
