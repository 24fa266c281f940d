//! Registry exports of session hosts: mode and license servers by policy and by themselves, and what they keep of a license server.
//!
//! The grace period is looked at for being there and no more: its value is never decoded.

use super::lines::{self, Line, Lines};
use super::{Each, Options, Record, Told, ToldHost};
use crate::artefact::{Fit, Kind, LONGEST, Notes, Sample};
use crate::error::{Outcome, Place};
use crate::tslicense::model::Licensing;
use std::io::BufRead;

/// Settings of a session host.
pub(super) static KIND: Kind = Kind {
    name: "tslicense.registry",
    title: "registry export of a session host: `reg export \"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server\"`",
    binary: false,
    sniff,
};

/// A setting of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    PolicyMode,
    PolicyServers,
    Mode,
    Servers,
    Certificate,
    Name,
    Client,
}

/// Where the settings stand: the end of the key in lower case, and the value.
static SETTINGS: [(&str, &str, Setting); 8] = [
    (r"\policies\microsoft\windows nt\terminal services", "LicensingMode", Setting::PolicyMode),
    (r"\policies\microsoft\windows nt\terminal services", "LicenseServers", Setting::PolicyServers),
    (r"\terminal server\rcm\licensing core", "LicensingMode", Setting::Mode),
    (
        r"\services\termservice\parameters\licenseservers",
        "SpecifiedLicenseServers",
        Setting::Servers,
    ),
    (r"\terminal server\rcm", "X509 Certificate", Setting::Certificate),
    (r"\control\computername\computername", "ComputerName", Setting::Name),
    (r"\services\tcpip\parameters", "Hostname", Setting::Name),
    (r"\microsoft\mslicensing\hardwareid", "ClientHWID", Setting::Client),
];

/// Keys that tell a session host from any other machine, beside those of settings.
static KEYS: [&str; 2] = [r"\terminal server\rcm\graceperiod", r"\terminal server\rcm"];

fn sniff(sample: &Sample<'_>) -> Fit {
    let text = sample.text.trim_start();
    if !text.starts_with("Windows Registry Editor") && !text.starts_with("REGEDIT4") {
        return Fit::No;
    }
    let named = lines::of(text).filter_map(opened).any(|key| {
        let settings = SETTINGS.iter().filter(|(.., of)| *of != Setting::Name);
        settings.map(|(end, ..)| *end).chain(KEYS).any(|end| key.ends_with(end))
    });
    if named { Fit::Yes(9) } else { Fit::No }
}

/// The key that a line opens, in lower case.
fn opened(line: &str) -> Option<String> {
    line.trim().strip_prefix('[')?.strip_suffix(']').map(str::to_lowercase)
}

/// Reads an export; hands on one host.
pub(super) fn read(
    input: &mut dyn BufRead,
    _: &Options,
    notes: &mut Notes,
    each: &mut Each<'_>,
) -> Outcome<()> {
    let mut lines = Lines::new(input);
    let (mut host, mut key, mut joined) = (ToldHost::default(), String::new(), String::new());
    let mut begin = None;
    loop {
        let (number, text) = match lines.next()? {
            Line::Text(number, text) => (number, text),
            Line::TooLong(number) => {
                notes.complain(Place::Line(number), "the line is too long");
                break;
            }
            Line::End => break,
        };
        joined.push_str(text.trim());
        if joined.len() > LONGEST {
            notes.complain(Place::Line(number), "the value is too long");
            joined.clear();
        }
        if joined.contains("=hex") && joined.ends_with('\\') {
            joined.pop();
            continue;
        }
        let line = std::mem::take(&mut joined);
        if let Some(opened) = opened(&line) {
            key = opened;
        } else if let Some((name, value)) = named(&line) {
            let found = SETTINGS
                .iter()
                .find(|(end, known, _)| key.ends_with(end) && known.eq_ignore_ascii_case(&name));
            if let Some((_, _, setting)) = found {
                begin.get_or_insert(number);
                if matches!(setting, Setting::Mode | Setting::PolicyMode) && dword(value) == Some(3)
                {
                    let message = "`LicensingMode` is 3; it is read as 4, per user";
                    notes.warn("LICENSING_TYPE_3", Place::Line(number), message);
                }
                if !take(&mut host, *setting, value) {
                    let message = format!("`{name}` is no value of its type");
                    notes.complain(Place::Line(number), message);
                }
            }
        }
    }
    match begin {
        Some(line) => {
            let record = Record { server: None, told: Told::Host(Box::new(host)) };
            each(Place::Line(line), record, notes)
        }
        None => {
            notes.complain_with(
                Place::Whole,
                "the export holds no setting of a session host",
                "export `HKLM\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server`, and the policies",
            );
            Ok(())
        }
    }
}

/// Whether the value was of the setting's type.
fn take(host: &mut ToldHost, setting: Setting, value: &str) -> bool {
    let set = |slot: &mut Licensing, servers: Option<Vec<String>>| {
        servers.is_some_and(|servers| {
            slot.servers = servers;
            true
        })
    };
    match setting {
        Setting::PolicyMode | Setting::Mode => {
            let slot = if setting == Setting::Mode { &mut host.own } else { &mut host.policy };
            slot.mode = dword(value).map(mode);
            slot.mode.is_some()
        }
        Setting::PolicyServers => {
            set(&mut host.policy, quoted(value).map(|(text, _)| Licensing::split(&text)))
        }
        Setting::Servers => set(&mut host.own, several(value)),
        Setting::Certificate => {
            host.certificate = Some(true);
            true
        }
        Setting::Name => {
            host.name = host.name.take().or_else(|| quoted(value).map(|(name, _)| name));
            host.name.is_some()
        }
        Setting::Client => {
            host.client = bytes(value).and_then(|bytes| numbers(&bytes));
            host.client.is_some()
        }
    }
}

/// The mode of a number; 3 stood for per user where pages disagree.
fn mode(number: u32) -> u32 {
    use crate::tslicense::catalog::enumerations::MODE_PER_USER;
    if number == 3 { MODE_PER_USER } else { number }
}

/// The name of a line, and what stands behind its `=`.
fn named(line: &str) -> Option<(String, &str)> {
    let (name, rest) = quoted(line)?;
    Some((name, rest.trim_start().strip_prefix('=')?.trim()))
}

/// A text in quotes, with what stands behind it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut inner = String::new();
    let mut letters = text.strip_prefix('"')?.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((inner, text.get(at + 2..)?)),
            '\\' => inner.push(letters.next()?.1),
            _ => inner.push(letter),
        }
    }
    None
}

fn dword(value: &str) -> Option<u32> {
    u32::from_str_radix(value.strip_prefix("dword:")?.trim(), 16).ok()
}

/// The bytes of `hex:…` and `hex(7):…`.
fn bytes(value: &str) -> Option<Vec<u8>> {
    let digits = value.strip_prefix("hex")?.split_once(':')?.1;
    let parts = digits.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| u8::from_str_radix(part, 16).ok().filter(|_| part.len() <= 2)).collect()
}

/// The texts of a `REG_MULTI_SZ`: UTF-16LE, each ended by a NUL.
fn several(value: &str) -> Option<Vec<String>> {
    let bytes = bytes(value)?;
    let units: Option<Vec<u16>> = bytes
        .chunks(2)
        .map(|pair| Some(u16::from_le_bytes([*pair.first()?, *pair.get(1)?])))
        .collect();
    let text = String::from_utf16_lossy(&units?);
    Some(text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect())
}

/// Twenty bytes as the five numbers that issued licenses show.
fn numbers(bytes: &[u8]) -> Option<String> {
    if bytes.len() != 20 {
        return None;
    }
    let words: Option<Vec<String>> = bytes
        .chunks(4)
        .map(|word| Some(format!("0x{:x}", u32::from_le_bytes(word.try_into().ok()?))))
        .collect();
    Some(words?.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{dword, named, numbers, several};

    #[test]
    fn values_are_read_as_the_registry_writes_them() {
        assert_eq!(dword("dword:00000004"), Some(4));
        assert_eq!(dword("hex:04"), None);
        let list = several("hex(7):61,00,00,00,62,00,00,00,00,00");
        assert_eq!(list, Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(several("hex(7):61"), None);
        assert_eq!(named(r#""a\"b"=dword:1"#), Some(("a\"b".to_owned(), "dword:1")));
        let bytes: Vec<u8> = [2, 0, 0, 0].into_iter().chain([0x34, 0x12, 0, 0].repeat(4)).collect();
        assert_eq!(numbers(&bytes).unwrap(), "0x2, 0x1234, 0x1234, 0x1234, 0x1234");
        assert_eq!(numbers(&[1]), None);
    }
}
