//! `csp device …`: the devices themselves, and what a test sets on them.

use super::acting::{Device, scene};
use super::editions::{edition, policies};
use crate::csp::catalog::paths::PathPolicy;
use crate::csp::model::device::{Entitlement, JoinType, SubscriptionKind};
use crate::csp::model::version::OsVersion;
use crate::csp::ops::devices::{self, NewDevice};
use crate::csp::rules::control::{Controls, Fault, ModeChange};
use crate::csp::rules::fold;
use crate::csp::rules::subscriptions::SignIn;
use crate::csp::store;
use crate::csp::view::{DeviceView, RemovedView, StateView};
use crate::error::{Outcome, Usage, Verdict};
use crate::output::ListOptions;
use crate::session::Session;
use crate::store::Flow;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the devices: made here, or imported
    #[command(
        after_help = "Examples:\n  licctl csp device list\n  licctl csp device list --filter 'Status=0' -o name"
    )]
    List {
        #[command(flatten)]
        list: ListOptions,
    },
    /// Make a device to rehearse on
    #[command(
        after_help = "Examples:\n  licctl csp device add PC-01 --edition Pro --os-version 10.0.22631.3447\n  licctl csp device add S-01 --s-mode\n  licctl csp device add D-01 --join entra --entitle 'device:ENT-DEV:Enterprise device:Enterprise'"
    )]
    Add(AddArguments),
    /// Show one device: every member of its record
    #[command(after_help = "Example:\n  licctl csp device show NB-017 -o json")]
    Show(Named),
    /// Set what no server could: version, join, S mode, faults, durations
    #[command(
        after_help = "Examples:\n  licctl csp device set NB-017 --path-policy deployment\n  licctl csp device set NB-017 --fault changepk=0x80070005\n  licctl csp device set TB-03 --mode 1 --factory-image"
    )]
    Set(SetArguments),
    /// Restart a device: an upgrade that waits for it is completed, one that is under way fails
    #[command(
        after_help = "Examples:\n  licctl csp device reboot NB-017\n  licctl csp device reboot --now 2026-01-01T00:05:00Z -o json"
    )]
    Reboot(Named),
    /// Leave S mode as the user does in the Store
    #[command(
        after_help = "Examples:\n  licctl csp device user-switch TB-03\n  licctl csp device user-switch TB-03 --dry-run"
    )]
    UserSwitch(Named),
    /// Let a user sign in: what is granted to users is activated
    #[command(after_help = "Example:\n  licctl csp device signin NB-017 --user a@example.test")]
    Signin {
        #[command(flatten)]
        named: Named,
        /// Who signs in
        #[arg(long, value_name = "UPN")]
        user: String,
    },
    /// Remove a device
    #[command(
        after_help = "Examples:\n  licctl csp device remove NB-017\n  licctl csp device remove NB-017 --dry-run"
    )]
    Remove {
        /// Its name
        #[arg(value_name = "NAME", add = ArgValueCompleter::new(super::complete::devices))]
        name: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The device; default: `LICCTL_CSP_DEVICE`, else the only one
    #[arg(value_name = "NAME", conflicts_with = "device", add = ArgValueCompleter::new(super::complete::devices))]
    name: Option<String>,
    #[command(flatten)]
    device: Device,
}

impl Named {
    fn name(&self, session: &mut Session) -> Outcome<String> {
        match &self.name {
            Some(name) => session.instance(&super::API, Some(name)),
            None => self.device.name(session),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct AddArguments {
    /// Its name: 1 to 63 characters, no `/`
    #[arg(value_name = "NAME")]
    name: String,
    /// Its edition; default: Pro
    #[arg(long, value_name = "EDITION", add = ArgValueCompleter::new(super::complete::editions))]
    edition: Option<String>,
    /// It is in S mode
    #[arg(long)]
    s_mode: bool,
    /// What the tenant would grant it: `user` or `device`, id, name, edition, joined by `:`; repeatable
    #[arg(long = "entitle", value_name = "KIND:ID:NAME:EDITION")]
    entitlements: Vec<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Debug, clap::Args)]
pub(super) struct SetArguments {
    #[command(flatten)]
    named: Named,
    /// 0: out of S mode; 1: into it, which only a factory image does
    #[arg(long, value_name = "0|1", value_parser = PossibleValuesParser::new(["0", "1"]))]
    mode: Option<String>,
    /// The device is wiped, and its factory image installed
    #[arg(long, requires = "mode")]
    factory_image: bool,
    #[command(flatten)]
    common: Common,
}

/// What a device has from the beginning, or is given later.
#[derive(Debug, clap::Args)]
struct Common {
    /// Version of Windows: `10.0.22631.3447`
    #[arg(long, value_name = "VERSION")]
    os_version: Option<OsVersion>,
    /// What it is joined to
    #[arg(long, value_name = "TYPE", value_parser = PossibleValuesParser::new(JoinType::ALL.map(JoinType::word)))]
    join: Option<String>,
    /// It takes Windows Insider Previews; `=false`: no longer
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    insider: Option<bool>,
    /// Which published table decides where an edition can go
    #[arg(long, value_name = "POLICY", value_parser = policies())]
    path_policy: Option<String>,
    /// Let the next operation fail: `changepk`, `smode`, `license` or `rollback`, and an HRESULT; `=none` takes it back; repeatable
    #[arg(long = "fault", value_name = "POINT=HRESULT")]
    faults: Vec<String>,
    /// `SyncApplicationVersion`; from 3.0 on, failing answers carry the HRESULT
    #[arg(long, value_name = "VERSION")]
    sync_application_version: Option<String>,
    /// Bytes above which an answer ends the session
    #[arg(long, value_name = "BYTES")]
    max_msg_size: Option<u32>,
    /// How long `changepk.exe` runs
    #[arg(long, value_name = "N", hide_short_help = true)]
    changepk_seconds: Option<u32>,
    /// How long leaving S mode takes
    #[arg(long, value_name = "N", hide_short_help = true)]
    smode_seconds: Option<u32>,
    /// How long a step of the licensing service takes
    #[arg(long, value_name = "N", hide_short_help = true)]
    license_step_seconds: Option<u32>,
}

impl Common {
    fn controls(&self) -> Outcome<Controls> {
        Ok(Controls {
            os_version: self.os_version,
            join: self.join.as_deref().and_then(JoinType::named),
            mode: None,
            insider: self.insider,
            sync_application_version: self.sync_application_version.clone(),
            path_policy: self.path_policy.as_deref().and_then(PathPolicy::named),
            max_message_size: self.max_msg_size,
            faults: self.faults.iter().map(|text| fault(text)).collect::<Outcome<_>>()?,
            changepk: self.changepk_seconds,
            smode: self.smode_seconds,
            license_step: self.license_step_seconds,
        })
    }
}

/// Reads `changepk=0x80070005`; decimal numbers may be signed.
fn fault(text: &str) -> Outcome<(Fault, Option<u32>)> {
    let parts = text.split_once('=').and_then(|(point, code)| Some((Fault::named(point)?, code)));
    let parsed = parts.and_then(|(point, code)| match code.trim() {
        "none" => Some((point, None)),
        code => Some((point, Some(number(code)?))),
    });
    parsed.ok_or_else(|| {
        let points = Fault::ALL.map(Fault::word).join(", ");
        Usage::new(format!("`--fault {text}` is no fault"))
            .hinted(format!("one of {points}, then `=` and an HRESULT, such as `=0x80070005`"))
            .into()
    })
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok().or_else(|| text.parse::<i32>().ok().map(i32::cast_unsigned)),
    }
}

/// Reads `device:ENT-DEV:Enterprise device:Enterprise`; the name may hold colons, the rest not.
fn entitlement(text: &str) -> Outcome<Entitlement> {
    let wrong = || {
        Usage::new(format!("`--entitle {text}` is no entitlement"))
            .hinted("`user` or `device`, id, name and edition: `--entitle device:ENT-DEV:Enterprise device:Enterprise`")
    };
    let (kind, rest) = text.split_once(':').ok_or_else(wrong)?;
    let (id, rest) = rest.split_once(':').ok_or_else(wrong)?;
    let (name, target) = rest.rsplit_once(':').ok_or_else(wrong)?;
    Ok(Entitlement {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: SubscriptionKind::named(kind).ok_or_else(wrong)?,
        target_edition: edition(target)?,
    })
}

pub(super) fn run(command: &Command, session: &mut Session) -> Outcome<Verdict> {
    let scene = scene(session);
    match command {
        Command::List { list } => {
            session.list::<DeviceView>(list, |read, now, sink| {
                store::devices::each(read, &mut |device| {
                    let flow = sink.row(&DeviceView::from(&*fold::fold(&device, now)))?;
                    Ok(if flow.is_break() { Flow::Break(()) } else { Flow::Continue(()) })
                })
            })?;
        }
        Command::Add(arguments) => add(arguments, session)?,
        Command::Show(named) => {
            let name = named.name(session)?;
            let device = session.read(|read, now| devices::show(read, &name, now))?;
            session.show(&DeviceView::from(&device))?;
        }
        Command::Set(arguments) => set(arguments, session)?,
        Command::Reboot(named) => {
            let name = named.name(session)?;
            let device = session.write(|tx, _| devices::reboot(tx, &scene, &name))?;
            session.tell(&StateView::from(&device), &format!("restarted `{}`", device.name))?;
        }
        Command::UserSwitch(named) => {
            let name = named.name(session)?;
            let device = session.write(|tx, _| devices::user_switch(tx, &scene, &name))?;
            let sentence = format!("the user switched `{}` out of S mode", device.name);
            session.tell(&StateView::from(&device), &sentence)?;
        }
        Command::Signin { named, user } => sign_in(named, user, session)?,
        Command::Remove { name } => {
            let name = session.instance(&super::API, Some(name))?;
            let removed = session.write(|tx, _| devices::remove(tx, &name))?;
            session.tell(&RemovedView::new(&removed), &format!("removed `{removed}`"))?;
        }
    }
    Ok(Verdict::Yes)
}

fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<()> {
    let entitlements = arguments.entitlements.iter().map(|text| entitlement(text));
    let new = NewDevice {
        name: arguments.name.clone(),
        edition: arguments.edition.as_deref().map(edition).transpose()?,
        s_mode: arguments.s_mode,
        controls: arguments.common.controls()?,
        entitlements: entitlements.collect::<Outcome<_>>()?,
    };
    let scene = scene(session);
    let device = session.write(|tx, _| devices::add(tx, &scene, &new))?;
    let sentence = format!(
        "added `{}`, {}, Windows {}",
        device.name,
        crate::csp::catalog::editions::shown(device.edition),
        device.detail.os_version
    );
    session.tell(&DeviceView::from(&device), &sentence)
}

fn set(arguments: &SetArguments, session: &mut Session) -> Outcome<()> {
    let mode = match (arguments.mode.as_deref(), arguments.factory_image) {
        (Some("1"), true) => Some(ModeChange::FactoryImage),
        (Some("1"), false) => Some(ModeChange::Enter),
        (Some(_), _) => Some(ModeChange::Leave),
        (None, _) => None,
    };
    let common = arguments.common.controls()?;
    let controls = Controls { mode, ..common };
    if controls == Controls::default() {
        return Err(Usage::new("nothing was given to set")
            .hinted("`licctl csp device set --help` lists what can be set")
            .into());
    }
    let (name, scene) = (arguments.named.name(session)?, scene(session));
    let device = session.write(|tx, _| devices::set(tx, &scene, &name, &controls))?;
    session.tell(&DeviceView::from(&device), &format!("set `{}`", device.name))
}

fn sign_in(named: &Named, user: &str, session: &mut Session) -> Outcome<()> {
    let (name, scene) = (named.name(session)?, scene(session));
    let (device, end) = session.write(|tx, _| devices::sign_in(tx, &scene, &name, user))?;
    let sentence = match end {
        SignIn::Activated(id) => format!("`{user}` signed in: {id} is active"),
        SignIn::Nothing(why) => format!("`{user}` signed in: {why}"),
        SignIn::Failed(code) => {
            format!("`{user}` signed in: the activation failed with 0x{code:08X}")
        }
    };
    session.tell(&StateView::from(&device), &sentence)
}
