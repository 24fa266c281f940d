//! `keypack …`: key packs, and the methods of their class.

use super::acting::{Acting, Made, Target, conceal_word, make, number, tell};
use super::bringing::{
    Brings, How, ImportAgreement, ImportOffline, ImportOpen, ImportRetail, InstallAgreement,
    InstallOffline, InstallOpen, InstallRetail,
};
use super::saying::{product_type, product_version};
use crate::catalog::Mask;
use crate::error::{Outcome, Stop, Usage, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::store::Read;
use crate::tslicense::catalog::methods::{Act, of};
use crate::tslicense::model::{KeyPack, KeyPackId};
use crate::tslicense::ops::annotate::{self, Annotation, Bought};
use crate::tslicense::ops::held;
use crate::tslicense::rules::typed::Given;
use crate::tslicense::view::{KeyPackView, Purchased};
use crate::wording::{are, many};
use clap::{Args, Subcommand};
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the key packs of a server
    #[command(
        after_help = "Examples:\n  licctl tslicense keypack list --server ls01.corp.contoso.example\n  licctl tslicense keypack list --all -o json"
    )]
    List {
        /// The pools that were not bought too: built-in, temporary, over-used
        #[arg(long)]
        all: bool,
        /// What is remembered of the purchases too
        #[arg(long)]
        with_annotations: bool,
        #[command(flatten)]
        target: Target,
        #[command(flatten)]
        list: ListOptions,
    },
    /// Show a key pack, and what is remembered of its purchase
    #[command(
        after_help = "Example:\n  licctl tslicense keypack show 3 --server ls01.corp.contoso.example"
    )]
    Show {
        #[command(flatten)]
        pack: Pack,
        #[command(flatten)]
        target: Target,
    },
    /// Import an Open License key pack from another server (`ImportOpenPurchaseLicenseKeyPack`)
    ImportOpen(Box<ImportOpen>),
    /// Import licenses of an agreement from another server
    ImportAgreement(Box<ImportAgreement>),
    /// Import a retail key pack from another server
    ImportRetail(Box<ImportRetail>),
    /// Import a key pack from another server by an ID got on the web or by telephone
    ImportOffline(Box<ImportOffline>),
    /// Install an Open License key pack
    InstallOpen(Box<InstallOpen>),
    /// Install licenses of an agreement
    InstallAgreement(Box<InstallAgreement>),
    /// Install a retail key pack
    InstallRetail(Box<InstallRetail>),
    /// Install a key pack by an ID got on the web or by telephone
    InstallOffline(Box<InstallOffline>),
    /// Install an Open License key pack again, or set its count
    ReinstallOpen(Box<InstallOpen>),
    /// Install licenses of an agreement again, or set their count
    ReinstallAgreement(Box<InstallAgreement>),
    /// Install a retail key pack again
    ReinstallRetail(Box<InstallRetail>),
    /// Install a key pack again by an ID got on the web or by telephone
    ReinstallOffline(Box<InstallOffline>),
    /// Take licenses of a version and product away, the newest pack first (`UninstallLicenseKeyPack`)
    #[command(
        after_help = "Example:\n  licctl tslicense keypack uninstall --product-version 2019 --product-type per-user --count 8"
    )]
    Uninstall(Uninstall),
    /// Take a key pack away (`UninstallLicenseKeyPackWithId`)
    #[command(after_help = "Example:\n  licctl tslicense keypack uninstall-id 3")]
    UninstallId {
        #[command(flatten)]
        pack: Pack,
        #[command(flatten)]
        acting: Acting,
    },
    /// Take licenses out of a key pack (`RemoveLicensesWithIdCount`)
    #[command(after_help = "Example:\n  licctl tslicense keypack remove 4 --count 28")]
    Remove(Counted),
    /// Turn licenses per device into licenses per user, or back (`ConvertLicenses`)
    #[command(after_help = "Example:\n  licctl tslicense keypack convert 4 --count 10")]
    Convert(Counted),
    /// Remember how the licenses of a pack were bought, which WMI never gives back
    #[command(
        after_help = "Example:\n  licctl tslicense keypack annotate 3 --license-number 12345678 --authorization-number TEST0AUTH000001 --ordered-count 50"
    )]
    Annotate(Box<Annotate>),
}

#[derive(Debug, Args)]
pub(super) struct Pack {
    /// Number of the key pack (`KeyPackId`)
    #[arg(value_name = "ID", add = ArgValueCompleter::new(super::complete::packs))]
    id: u32,
}

#[derive(Debug, Args)]
pub(super) struct Counted {
    #[command(flatten)]
    pack: Pack,
    /// Number of licenses
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    count: String,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, Args)]
pub(super) struct Uninstall {
    /// Version of the licenses, by its year or its number
    #[arg(long, value_name = "VERSION", allow_negative_numbers = true, add = ArgValueCompleter::new(super::complete::versions))]
    product_version: String,
    /// `per-device` or `per-user`, or the number
    #[arg(long, value_name = "TYPE", allow_negative_numbers = true)]
    product_type: String,
    /// Number of licenses
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    count: String,
    #[command(flatten)]
    acting: Acting,
}

#[derive(Debug, Args)]
pub(super) struct Annotate {
    #[command(flatten)]
    pack: Pack,
    /// License number of an Open License
    #[arg(long, value_name = "NUMBER", requires = "authorization_number")]
    license_number: Option<String>,
    /// Authorization number of an Open License
    #[arg(long, value_name = "NUMBER", requires = "license_number")]
    authorization_number: Option<String>,
    /// Kind of the agreement
    #[arg(long, value_name = "TYPE", requires = "agreement_number", value_parser = clap::value_parser!(u32).range(..=5))]
    agreement_type: Option<u32>,
    /// Number of the agreement
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "agreement_type",
        conflicts_with = "license_number"
    )]
    agreement_number: Option<String>,
    /// License code
    #[arg(long, value_name = "CODE", conflicts_with_all = ["license_number", "agreement_number"])]
    license_code: Option<String>,
    /// License key pack ID
    #[arg(long, value_name = "ID", conflicts_with_all = ["license_number", "agreement_number", "license_code"])]
    license_keypack_id: Option<String>,
    /// How many licenses were ordered under the numbers, over all servers
    #[arg(long, value_name = "N")]
    ordered_count: Option<u32>,
    /// A remark
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    target: Target,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::List { all, with_annotations, target, list } => {
            self::list((*all, *with_annotations), target, list, session)
        }
        Command::Show { pack, target } => show(pack, target, session),
        Command::ImportOpen(arguments) => arguments.run(How::Import, session),
        Command::ImportAgreement(arguments) => arguments.run(How::Import, session),
        Command::ImportRetail(arguments) => arguments.run(How::Import, session),
        Command::ImportOffline(arguments) => arguments.run(How::Import, session),
        Command::InstallOpen(arguments) => arguments.run(How::Install, session),
        Command::InstallAgreement(arguments) => arguments.run(How::Install, session),
        Command::InstallRetail(arguments) => arguments.run(How::Install, session),
        Command::InstallOffline(arguments) => arguments.run(How::Install, session),
        Command::ReinstallOpen(arguments) => arguments.run(How::Reinstall, session),
        Command::ReinstallAgreement(arguments) => arguments.run(How::Reinstall, session),
        Command::ReinstallRetail(arguments) => arguments.run(How::Reinstall, session),
        Command::ReinstallOffline(arguments) => arguments.run(How::Reinstall, session),
        Command::Uninstall(arguments) => uninstall(arguments, session),
        Command::UninstallId { pack, acting } => uninstall_id(pack, acting, session),
        Command::Remove(arguments) => remove(arguments, session),
        Command::Convert(arguments) => convert(arguments, session),
        Command::Annotate(arguments) => annotate(arguments, session),
    }
}

fn list(
    (all, with_annotations): (bool, bool),
    target: &Target,
    list: &ListOptions,
    session: &mut Session,
) -> Outcome<Verdict> {
    let name = target.name(session)?;
    let secrets = session.printer.look.secrets;
    session.list::<KeyPackView>(list, |read, now, sink| {
        let (_, held) = held::load(read, &name, now)?;
        for pack in held.packs.iter().filter(|pack| all || pack.is_owned()) {
            let purchase = if with_annotations { purchased(read, pack, secrets)? } else { None };
            if sink.row(&KeyPackView::new(pack, purchase))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(Verdict::Yes)
}

/// What is remembered of a purchase, its numbers masked unless secrets are shown.
fn purchased(read: &mut dyn Read, pack: &KeyPack, secrets: bool) -> Outcome<Option<Purchased>> {
    let Some(purchase) = &pack.purchase else { return Ok(None) };
    let shown = |number: String| if secrets { number } else { Mask::TwoAndTwo.apply(&number) };
    let numbers = held::numbers(read, purchase)?;
    let numbers = numbers.into_iter().map(|number| number.map(shown)).collect();
    Ok(Some(Purchased::new(purchase, numbers)))
}

fn show(pack: &Pack, target: &Target, session: &mut Session) -> Outcome<Verdict> {
    let name = target.name(session)?;
    let secrets = session.printer.look.secrets;
    let view = session.read(|read, now| {
        let (_, held) = held::load(read, &name, now)?;
        let Some(found) = held.pack(KeyPackId(pack.id)) else {
            return Err(Usage::new(format!("`{name}` has no key pack {}", pack.id))
                .hinted(format!("`licctl tslicense keypack list --all --server {name}` shows them"))
                .into());
        };
        let purchase = purchased(read, found, secrets)?;
        Ok(KeyPackView::new(found, purchase))
    })?;
    session.show(&view)?;
    Ok(Verdict::Yes)
}

/// A call of the class, or with `key` of one of its objects.
fn made(act: Act, key: Option<u32>, given: Vec<(&str, Given)>, acting: &Acting) -> Outcome<Made> {
    let method = of(act).ok_or_else(|| Stop::bug("a method without a row"))?;
    let given = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(Made { method, key: key.map(KeyPackId), license: None, given, controls: acting.controls() })
}

/// A number of the command line that a call took, in a sentence.
fn licenses(count: &str) -> String {
    many(count.parse::<u64>().unwrap_or_default(), "license")
}

fn uninstall(arguments: &Uninstall, session: &mut Session) -> Outcome<Verdict> {
    let given = vec![
        ("ProductVersion", product_version(&arguments.product_version)?),
        ("ProductType", product_type(&arguments.product_type)?),
        ("LicenseCount", number("count", &arguments.count)?),
    ];
    let made = made(Act::Uninstall, None, given, &arguments.acting)?;
    if let Some((server, called)) = make(&arguments.acting, session, made)? {
        let sentence = format!("took {} off `{server}`", licenses(&arguments.count));
        tell(session, &called, &sentence)?;
    }
    Ok(Verdict::Yes)
}

fn uninstall_id(pack: &Pack, acting: &Acting, session: &mut Session) -> Outcome<Verdict> {
    let given = vec![("KeyPackId", Given::Number(i128::from(pack.id)))];
    let made = made(Act::UninstallWithId, None, given, acting)?;
    if let Some((server, called)) = make(acting, session, made)? {
        let dropped = match called.answer.dropped {
            Some(count) if count > 0 => format!(", and {} with it", many(count, "issued license")),
            _ => String::new(),
        };
        let sentence = format!("took key pack {} off `{server}`{dropped}", pack.id);
        tell(session, &called, &sentence)?;
    }
    Ok(Verdict::Yes)
}

fn remove(arguments: &Counted, session: &mut Session) -> Outcome<Verdict> {
    let given = vec![
        ("KeyPackId", Given::Number(i128::from(arguments.pack.id))),
        ("LicenseCount", number("count", &arguments.count)?),
    ];
    let made = made(Act::Remove, None, given, &arguments.acting)?;
    if let Some((server, called)) = make(&arguments.acting, session, made)? {
        let left = called.target.pack(KeyPackId(arguments.pack.id));
        let left = left.map_or_else(
            || "it is gone".to_owned(),
            |pack| format!("{} {} left", pack.total, are(pack.total)),
        );
        let sentence = format!(
            "took {} out of key pack {} of `{server}`; {left}",
            licenses(&arguments.count),
            arguments.pack.id
        );
        tell(session, &called, &sentence)?;
    }
    Ok(Verdict::Yes)
}

fn convert(arguments: &Counted, session: &mut Session) -> Outcome<Verdict> {
    let given = vec![("Count", number("count", &arguments.count)?)];
    let made = made(Act::Convert, Some(arguments.pack.id), given, &arguments.acting)?;
    if let Some((server, called)) = make(&arguments.acting, session, made)? {
        let id = called.answer.key_pack.map(|id| id.0).unwrap_or_default();
        let sentence = format!(
            "converted {} of key pack {} of `{server}`: now key pack {id}",
            licenses(&arguments.count),
            arguments.pack.id
        );
        tell(session, &called, &sentence)?;
    }
    Ok(Verdict::Yes)
}

fn annotate(arguments: &Annotate, session: &mut Session) -> Outcome<Verdict> {
    let numbers = [
        &arguments.license_number,
        &arguments.authorization_number,
        &arguments.agreement_number,
        &arguments.license_code,
        &arguments.license_keypack_id,
    ];
    for number in numbers.into_iter().flatten() {
        conceal_word(session, number);
    }
    let name = arguments.target.name(session)?;
    let annotation = Annotation {
        bought: bought(arguments),
        ordered: arguments.ordered_count,
        note: arguments.note.clone(),
    };
    let id = KeyPackId(arguments.pack.id);
    let secrets = session.printer.look.secrets;
    let view = session.write(|tx, _| {
        let pack = annotate::annotate(tx, &name, id, &annotation)?;
        let purchase = purchased(tx.reading(), &pack, secrets)?;
        Ok(KeyPackView::new(&pack, purchase))
    })?;
    session.tell(&view, &format!("remembered the purchase of key pack {} of `{name}`", id.0))?;
    Ok(Verdict::Yes)
}

fn bought(arguments: &Annotate) -> Option<Bought> {
    if let (Some(license), Some(authorization)) =
        (&arguments.license_number, &arguments.authorization_number)
    {
        let (license, authorization) = (license.clone(), authorization.clone());
        return Some(Bought::Open { license, authorization });
    }
    if let (Some(kind), Some(number)) = (arguments.agreement_type, &arguments.agreement_number) {
        return Some(Bought::Agreement { kind, number: number.clone() });
    }
    if let Some(code) = &arguments.license_code {
        return Some(Bought::Retail { code: code.clone() });
    }
    arguments.license_keypack_id.as_ref().map(|code| Bought::Offline { code: code.clone() })
}
