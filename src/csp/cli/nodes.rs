//! `csp get|set|add|delete|exec|tree`: the commands of a management server, one address at a time.

use super::acting::{Acted, Device, scene, secret_text, settle};
use super::emit::Emit;
use crate::csp::catalog::nodes::Verb;
use crate::csp::ops;
use crate::csp::rules::address;
use crate::csp::view::{ActionView, NodeView, TreeView};
use crate::error::{Outcome, Verdict};
use crate::output::{Format, ListOptions};
use crate::session::Session;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;

/// Read nodes
///
/// An address without `./` is below `./Vendor/MSFT/WindowsLicensing`; `.` is that node itself. Exit 1 when one was refused.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp get Edition Status\n  licctl csp get SMode/Status --device TB-03 -o json\n  licctl csp get ./DevDetail/SwV\n  licctl csp get '.?list=StructData'"
)]
pub(super) struct GetArguments {
    /// Addresses
    #[arg(required = true, value_name = "LOCURI", add = ArgValueCompleter::new(super::complete::nodes))]
    uris: Vec<String>,
    #[command(flatten)]
    device: Device,
    #[command(flatten)]
    list: ListOptions,
}

/// Walk the nodes that are there
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl csp tree SMode --depth 1")]
pub(super) struct TreeArguments {
    /// Where to begin
    #[arg(value_name = "LOCURI", default_value = ".", add = ArgValueCompleter::new(super::complete::nodes))]
    uri: String,
    /// How many levels below it
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    #[command(flatten)]
    device: Device,
}

/// Set a node that is there (Replace)
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp set SMode/SwitchingPolicy 1\n  licctl csp set DeviceLicensingService/LicenseType 1 --dry-run\n  licctl csp set DeviceLicensingService/LicenseType 1 --emit intune-json"
)]
pub(super) struct SetArguments {
    #[arg(value_name = "LOCURI", add = ArgValueCompleter::new(super::complete::nodes))]
    uri: String,
    #[arg(value_name = "DATA", allow_negative_numbers = true)]
    data: String,
    #[command(flatten)]
    emit: Emit,
    #[command(flatten)]
    device: Device,
}

/// Add a node that is not there yet
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl csp add SMode/SwitchingPolicy 1")]
pub(super) struct AddArguments {
    #[arg(value_name = "LOCURI", add = ArgValueCompleter::new(super::complete::nodes))]
    uri: String,
    #[arg(value_name = "DATA", allow_negative_numbers = true)]
    data: Option<String>,
    #[command(flatten)]
    emit: Emit,
    #[command(flatten)]
    device: Device,
}

/// Delete a node
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  licctl csp delete SMode/SwitchingPolicy")]
pub(super) struct DeleteArguments {
    #[arg(value_name = "LOCURI", add = ArgValueCompleter::new(super::complete::nodes))]
    uri: String,
    #[command(flatten)]
    device: Device,
}

/// Execute a node
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp exec SMode/SwitchFromSMode\n  licctl csp exec UpgradeEditionWithProductKey --key-file key.txt\n  pass show edu | licctl csp exec ChangeProductKey --key-file -"
)]
pub(super) struct ExecArguments {
    #[arg(value_name = "LOCURI", add = ArgValueCompleter::new(super::complete::nodes))]
    uri: String,
    /// What the node takes
    #[arg(value_name = "DATA", conflicts_with = "key_file")]
    data: Option<String>,
    /// Read a product key from this file; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    emit: Emit,
    #[command(flatten)]
    device: Device,
}

impl GetArguments {
    /// A Get of one node.
    pub(super) fn of(path: &str, device: &Device) -> Self {
        Self { uris: vec![path.to_owned()], device: device.clone(), list: ListOptions::default() }
    }
}

pub(super) fn get(arguments: &GetArguments, session: &mut Session) -> Outcome<Verdict> {
    let device = arguments.device.name(session)?;
    let uris: Vec<String> = arguments.uris.iter().map(|uri| address::expand(uri)).collect();
    let answers = session.read(|read, now| ops::nodes::get(read, &device, &uris, now))?;
    let views = uris.iter().zip(&answers).flat_map(|(uri, answer)| NodeView::of(uri, answer));
    session.printer.rows::<NodeView>(&arguments.list, views)?;
    let refused = answers.iter().any(|answer| answer.refusal.is_some());
    Ok(if refused { Verdict::No } else { Verdict::Yes })
}

pub(super) fn tree(arguments: &TreeArguments, session: &mut Session) -> Outcome<Verdict> {
    let device = arguments.device.name(session)?;
    let uri = address::expand(&arguments.uri);
    let branch =
        session.read(|read, now| ops::nodes::tree(read, &device, &uri, arguments.depth, now))?;
    let view = TreeView::new(&branch, 0);
    if session.printer.format != Format::Table || session.printer.jq.is_some() {
        session.show(&view)?;
        return Ok(Verdict::Yes);
    }
    session.printer.rows::<TreeView>(&ListOptions::default(), view.lines())?;
    Ok(Verdict::Yes)
}

pub(super) fn set(arguments: &SetArguments, session: &mut Session) -> Outcome<Verdict> {
    let (uri, data) = (&arguments.uri, Some(arguments.data.as_str()));
    match arguments.emit.write(session, (Verb::Replace, uri), data)? {
        Some(written) => Ok(written),
        None => act(session, &arguments.device, Verb::Replace, uri, data),
    }
}

pub(super) fn add(arguments: &AddArguments, session: &mut Session) -> Outcome<Verdict> {
    let (uri, data) = (&arguments.uri, arguments.data.as_deref());
    match arguments.emit.write(session, (Verb::Add, uri), data)? {
        Some(written) => Ok(written),
        None => act(session, &arguments.device, Verb::Add, uri, data),
    }
}

pub(super) fn delete(arguments: &DeleteArguments, session: &mut Session) -> Outcome<Verdict> {
    act(session, &arguments.device, Verb::Delete, &arguments.uri, None)
}

pub(super) fn exec(arguments: &ExecArguments, session: &mut Session) -> Outcome<Verdict> {
    let data = match &arguments.key_file {
        Some(path) => Some(secret_text(path)?),
        None => arguments.data.clone(),
    };
    let (uri, data) = (&arguments.uri, data.as_deref());
    match arguments.emit.write(session, (Verb::Exec, uri), data)? {
        Some(written) => Ok(written),
        None => act(session, &arguments.device, Verb::Exec, uri, data),
    }
}

fn act(
    session: &mut Session,
    device: &Device,
    verb: Verb,
    uri: &str,
    data: Option<&str>,
) -> Outcome<Verdict> {
    let (device, uri) = (device.name(session)?, address::expand(uri));
    let request = ops::nodes::request(verb, &uri, data);
    let scene = scene(session);
    let answer = session.write(|tx, _| ops::nodes::act(tx, &device, &request, &scene))?;
    let view = ActionView::new(&uri, verb.word(), &answer);
    let Acted { status, .. } = settle(answer, verb)?;
    session.tell(&view, &format!("{status} {}", verb.word()))?;
    Ok(Verdict::Yes)
}
