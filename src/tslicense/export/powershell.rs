//! Calls as lines of PowerShell: the CIM cmdlets, and the older WMI ones.

use super::Call;
use crate::tslicense::model::Argument;
use std::fmt::Write as _;

/// The call by the CIM cmdlets. Numbers of PowerShell are signed, so that each is cast.
#[must_use]
pub fn cim(call: &Call<'_>) -> String {
    let arguments: Vec<String> = call
        .arguments
        .given
        .iter()
        .map(|(row, value)| match value {
            Argument::Number(number) => format!("{} = [uint32]{number}", row.name),
            Argument::Text(text) => format!("{} = {}", row.name, quoted(&call.text(row, text))),
        })
        .collect();
    let mut line = match call.filter() {
        None => format!(
            "Invoke-CimMethod -ComputerName {} -Namespace root/cimv2 -ClassName {} -MethodName {}",
            call.server,
            call.method.class(),
            call.method.word()
        ),
        Some(filter) => format!(
            "Get-CimInstance -ComputerName {} -Namespace root/cimv2 -ClassName {} -Filter '{}' | Invoke-CimMethod -MethodName {}",
            call.server,
            call.method.class(),
            filter,
            call.method.word()
        ),
    };
    if !arguments.is_empty() {
        let _ = write!(line, " -Arguments @{{ {} }}", arguments.join("; "));
    }
    remarked(call, &line)
}

/// The call by the WMI cmdlets, whose argument list is in the alphabetical order of the parameters, not in that of the signature.
#[must_use]
pub fn wmi(call: &Call<'_>) -> String {
    let mut rows: Vec<(&str, String)> = call
        .arguments
        .given
        .iter()
        .map(|(row, value)| match value {
            Argument::Number(number) => (row.name, number.to_string()),
            Argument::Text(text) => (row.name, quoted(&call.text(row, text))),
        })
        .collect();
    rows.sort_by_key(|(name, _)| name.to_ascii_lowercase());
    let values: Vec<String> = rows.into_iter().map(|(_, value)| value).collect();
    let line = match call.filter() {
        None => {
            let list = if values.is_empty() {
                String::new()
            } else {
                format!(" -ArgumentList {}", values.join(", "))
            };
            format!(
                "Invoke-WmiMethod -ComputerName {} -Namespace root\\cimv2 -Class {} -Name {}{list}",
                call.server,
                call.method.class(),
                call.method.word()
            )
        }
        Some(filter) => format!(
            "(Get-WmiObject -ComputerName {} -Namespace root\\cimv2 -Class {} -Filter '{}').{}({})",
            call.server,
            call.method.class(),
            filter,
            call.method.word(),
            values.join(", ")
        ),
    };
    remarked(call, &line)
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
    use super::super::{Call, Numbers};
    use super::{cim, quoted, wmi};
    use crate::tslicense::catalog::methods::{Act, Program, of};
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
        Call { server: "ls-b.corp.example", method, key: None, license: None, arguments, numbers }
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
        let key = Some(KeyPackId(4));
        let call = Call {
            server: "ls-a",
            method,
            key,
            license: None,
            arguments: &arguments,
            numbers: Numbers::Masked,
        };
        assert!(cim(&call).contains("-Filter 'KeyPackId = 4' | Invoke-CimMethod"));
        assert!(wmi(&call).ends_with("').ConvertLicenses(10)\n"));
    }

    #[test]
    fn quotes_within_a_text_are_doubled() {
        assert_eq!(quoted("a'b\u{2019}"), "'a''b\u{2019}\u{2019}'");
    }
}
