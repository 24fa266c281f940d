//! `vsphere host-license …`, `drift`, `sync`: what hosts say, and vCenter's authority over it.

use super::acting::Vcenter;
use crate::error::{Outcome, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::vsphere::ops::entities::named;
use crate::vsphere::ops::host_licenses::{self as ops, HostLicense};
use crate::vsphere::ops::resolve::key_named;
use crate::vsphere::view::HostLicenseView;
use clap::Subcommand;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Set the license on a host itself, past its vCenter
    #[command(
        after_help = "Example:\n  licctl vsphere host-license set hq-esx01 …-STND1 --vcenter hq"
    )]
    Set {
        /// Host: id, name or path
        #[arg(value_name = "HOST", add = ArgValueCompleter::new(super::complete::entities))]
        host: String,
        /// Key, its end in whole groups, or `@label=value`
        #[arg(value_name = "KEY", add = ArgValueCompleter::new(super::complete::keys))]
        key: String,
        #[command(flatten)]
        vcenter: Vcenter,
    },
    /// Show what hosts say beside what their vCenter says
    #[command(after_help = "Example:\n  licctl vsphere host-license show hq-esx01 --vcenter hq")]
    Show {
        /// Only this host: id, name or path
        #[arg(value_name = "HOST", add = ArgValueCompleter::new(super::complete::entities))]
        host: Option<String>,
        #[command(flatten)]
        vcenter: Vcenter,
        #[command(flatten)]
        list: ListOptions,
    },
    /// List hosts that say another license than their vCenter
    Drift(DriftArguments),
    /// Let the vCenter override what hosts say
    Sync(SyncArguments),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl vsphere drift")]
pub(super) struct DriftArguments {
    #[command(flatten)]
    vcenter: Vcenter,
    #[command(flatten)]
    list: ListOptions,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere sync\n  licctl vsphere sync hq-esx01 hq-esx02 --vcenter hq"
)]
pub(super) struct SyncArguments {
    /// Only these hosts: ids, names or paths
    #[arg(value_name = "HOST", add = ArgValueCompleter::new(super::complete::entities))]
    hosts: Vec<String>,
    #[command(flatten)]
    vcenter: Vcenter,
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    match command {
        Command::Set { host, key, vcenter } => {
            let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
            let (told, warning) = session.write(|tx, _| {
                let host = named(tx.reading(), &scene, host)?;
                let key = key_named(tx.reading(), &scene, key)?;
                ops::set(tx, &scene, &host, &key)
            })?;
            session.warn(warning);
            let sentence = format!("set the license on `{}` itself", told.entity.called());
            session.tell(&HostLicenseView::new(&told, secrets), &sentence)?;
        }
        Command::Show { host, vcenter, list } => {
            let (scene, secrets) = (vcenter.scene(session)?, session.printer.look.secrets);
            session.list::<HostLicenseView>(list, |read, _, sink| {
                let host = host.as_deref().map(|host| named(read, &scene, host)).transpose()?;
                for told in ops::show(read, &scene, host.as_deref())? {
                    if sink.row(&HostLicenseView::new(&told, secrets))?.is_break() {
                        break;
                    }
                }
                Ok(())
            })?;
        }
        Command::Drift(arguments) => return drift(arguments, session),
        Command::Sync(arguments) => return sync(arguments, session),
    }
    Ok(Verdict::Yes)
}

/// `vsphere drift`.
pub(super) fn drift(arguments: &DriftArguments, session: &mut Session) -> Outcome<Verdict> {
    let (scene, secrets) = (arguments.vcenter.scene(session)?, session.printer.look.secrets);
    session.list::<HostLicenseView>(&arguments.list, |read, _, sink| {
        for told in ops::drift(read, &scene)? {
            if sink.row(&HostLicenseView::new(&told, secrets))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(Verdict::Yes)
}

/// `vsphere sync`.
pub(super) fn sync(arguments: &SyncArguments, session: &mut Session) -> Outcome<Verdict> {
    let (scene, secrets) = (arguments.vcenter.scene(session)?, session.printer.look.secrets);
    let (synced, warnings): (Vec<HostLicense>, _) = session.write(|tx, _| {
        let mut hosts = Vec::new();
        for host in &arguments.hosts {
            hosts.push(named(tx.reading(), &scene, host)?);
        }
        ops::sync(tx, &scene, &hosts)
    })?;
    session.warn_all(warnings);
    session.printer.list::<HostLicenseView>(&ListOptions::default(), |sink| {
        for told in &synced {
            if sink.row(&HostLicenseView::new(told, secrets))?.is_break() {
                break;
            }
        }
        Ok(())
    })?;
    Ok(Verdict::Yes)
}
