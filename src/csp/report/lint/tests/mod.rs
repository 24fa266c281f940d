//! Documents that each rule finds fault with, and documents that it leaves alone.

mod catalog;
mod messages;
mod nodes;
mod profiles;
mod texts;

use super::{Lint, Tally, Target};
use crate::csp::model::key::ProductKey;
use crate::csp::model::keys::{KeyCatalog, KeyChannel, KeyEntry, KeyMatch, KeyUses, Window};
use crate::csp::model::message::{Command, Data, Form, Header, Item, Meta, Part, Text};
use crate::csp::model::profile::{Profile, ProfileForm, Setting, SettingKind, Wish, Written};
use crate::finding::Finding;

pub(super) const KEY: &str = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
pub(super) const POLICY: &str = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy";
pub(super) const LICENSE_TYPE: &str =
    "./Vendor/MSFT/WindowsLicensing/DeviceLicensingService/LicenseType";
pub(super) const CHANGE: &str = "./Vendor/MSFT/WindowsLicensing/ChangeProductKey";
pub(super) const UPGRADE: &str = "./Vendor/MSFT/WindowsLicensing/UpgradeEditionWithProductKey";
pub(super) const LICENSE: &str = "./Vendor/MSFT/WindowsLicensing/UpgradeEditionWithLicense";
pub(super) const EDITION: &str = "./Vendor/MSFT/WindowsLicensing/Edition";

/// A file: what its reader hands out.
#[derive(Debug, Clone)]
pub(super) enum Told {
    Part(Part),
    Profile(Profile),
}

/// Lints files called `a`, `b` and so on.
pub(super) fn findings(target: &Target, files: &[Vec<Told>]) -> (Vec<Finding>, Tally) {
    let mut found = Vec::new();
    let mut names = ["a", "b", "c"].iter();
    let mut lint = Lint::new(target, names.next().unwrap());
    for (index, file) in files.iter().enumerate() {
        if index > 0 {
            lint.file(names.next().unwrap());
        }
        for told in file {
            let mut each = |finding| {
                found.push(finding);
                Ok(())
            };
            match told {
                Told::Part(part) => lint.message(part, &mut each).unwrap(),
                Told::Profile(profile) => lint.profile(profile, &mut each).unwrap(),
            }
        }
    }
    (found, lint.finish())
}

/// The findings of one file for no target in particular.
pub(super) fn of(file: Vec<Told>) -> Vec<Finding> {
    findings(&Target::default(), &[file]).0
}

/// `CSP004@7`: rule and line of each finding.
pub(super) fn marks(found: &[Finding]) -> Vec<String> {
    let mark = |finding: &Finding| {
        let line = finding.place.as_ref().and_then(|place| place.line);
        format!("{}@{}", finding.class, line.unwrap_or_default())
    };
    found.iter().map(mark).collect()
}

/// The rules that find something.
pub(super) fn classes(found: &[Finding]) -> Vec<&'static str> {
    found.iter().map(|finding| finding.class).collect()
}

pub(super) fn text(text: &str, line: u64) -> Text {
    Text { text: text.to_owned(), line }
}

/// A command on `line`, with its line as `CmdID`.
pub(super) fn command(name: &str, line: u64, items: Vec<Item>) -> Command {
    let cmd_id = Some(text(&line.to_string(), line));
    Command { line, name: name.to_owned(), cmd_id, items, ..Command::default() }
}

/// A group of commands.
pub(super) fn group(name: &str, line: u64, commands: Vec<Command>) -> Command {
    Command { commands, ..command(name, line, Vec::new()) }
}

pub(super) fn item(uri: &str, line: u64) -> Item {
    Item { line, target: Some(text(uri, line)), ..Item::default() }
}

/// An item with a format and a value.
pub(super) fn value(uri: &str, line: u64, format: &str, data: &str) -> Item {
    let meta = Some(Meta { format: Some(text(format, line)), ..Meta::default() });
    let data = Some(Data { text: data.to_owned(), line, ..Data::default() });
    Item { meta, data, ..item(uri, line) }
}

pub(super) fn get(uri: &str, line: u64) -> Command {
    command("Get", line, vec![item(uri, line)])
}

pub(super) fn exec(uri: &str, line: u64, data: &str) -> Command {
    command("Exec", line, vec![value(uri, line, "chr", data)])
}

pub(super) fn replace(uri: &str, line: u64, data: &str) -> Command {
    command("Replace", line, vec![value(uri, line, "int", data)])
}

pub(super) fn start(form: Form, namespace: Option<&str>) -> Told {
    Told::Part(Part::Start { form, namespace: namespace.map(str::to_owned), line: 1 })
}

/// A whole message, without a fault of its own.
pub(super) fn message(commands: Vec<Command>) -> Vec<Told> {
    let end = commands.last().map_or(3, |command| command.line + 1);
    let mut told = vec![start(Form::Message, Some("SYNCML:SYNCML1.2"))];
    told.push(Told::Part(Part::Header(Box::new(Header { line: 2, ..Header::default() }))));
    told.extend(commands.into_iter().map(|command| Told::Part(Part::Command(Box::new(command)))));
    told.push(Told::Part(Part::Final { line: end, last: true }));
    told.push(Told::Part(Part::End));
    told
}

/// Commands without a root.
pub(super) fn bare(commands: Vec<Command>) -> Vec<Told> {
    let mut told = vec![start(Form::Bare, None)];
    told.extend(
        commands.into_iter().map(|command| {
            Told::Part(Part::Command(Box::new(Command { cmd_id: None, ..command })))
        }),
    );
    told.push(Told::Part(Part::End));
    told
}

/// A setting of an Intune custom profile.
pub(super) fn setting(uri: &str, line: u64, kind: SettingKind, value: Written) -> Setting {
    Setting {
        line,
        name: String::new(),
        uri: uri.to_owned(),
        kind,
        wish: Wish::Set,
        value,
        quoted: false,
        encrypted: false,
        read_only: false,
    }
}

pub(super) fn integer(uri: &str, line: u64, number: i64) -> Setting {
    setting(uri, line, SettingKind::Integer, Written::Integer(number))
}

pub(super) fn string(uri: &str, line: u64, text: &str) -> Setting {
    setting(uri, line, SettingKind::String, Written::Text(text.to_owned()))
}

/// What a template or a package executes.
pub(super) fn executed(uri: &str, line: u64, value: Written) -> Setting {
    Setting { wish: Wish::Exec, ..setting(uri, line, SettingKind::Template, value) }
}

pub(super) fn profile(form: ProfileForm, settings: Vec<Setting>) -> Vec<Told> {
    vec![Told::Profile(Profile { line: 1, form, name: "Licensing".to_owned(), settings })]
}

pub(super) fn custom(settings: Vec<Setting>) -> Vec<Told> {
    profile(ProfileForm::IntuneCustom, settings)
}

/// A catalog that knows [`KEY`] for `edition`.
pub(super) fn keys(edition: i32) -> KeyCatalog {
    let sha256 = Some(ProductKey::new(KEY).unwrap().sha256());
    let entry = KeyEntry {
        id: "edu".to_owned(),
        matcher: KeyMatch { sha256, glob: None, last_five: None },
        edition,
        channel: KeyChannel::Unknown,
        uses: KeyUses::of(None),
        builds: Window { min: None, max: None },
    };
    KeyCatalog::new(vec![entry]).unwrap()
}
