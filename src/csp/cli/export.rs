//! `csp export`: what an admin deploys, in the form that the tool at hand takes.

use super::acting::{hand_over, secret_text};
use crate::csp::export::wish::{self, As, Options, Target, Wishes};
use crate::error::{Outcome, Usage, Verdict};
use crate::session::Session;
use clap::builder::PossibleValuesParser;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;
use uuid::Uuid;

/// Write what sets or executes nodes: SyncML, Fleet or Intune profile, provisioning package, PowerShell
///
/// A form that cannot carry a wish is refused, naming the forms that can. Product keys are written as a placeholder unless
/// `--key-file` is given together with `--show-secrets`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl csp export --as fleet-profile --set SMode/SwitchingPolicy=1\n  licctl csp export --as syncml --exec SMode/SwitchFromSMode --get SMode/Status\n  licctl csp export --as intune-json --exec UpgradeEditionWithProductKey --into profile.json"
)]
pub(super) struct Arguments {
    /// The form
    #[arg(long = "as", value_name = "FORM", value_parser = PossibleValuesParser::new(As::ALL.map(As::word)))]
    form: String,
    /// Set a node; repeatable
    #[arg(long, value_name = "NODE=VALUE")]
    set: Vec<String>,
    /// Execute a node; repeatable
    #[arg(long, value_name = "NODE", add = ArgValueCompleter::new(super::complete::nodes))]
    exec: Vec<String>,
    /// Read a node; repeatable
    #[arg(long, value_name = "NODE", add = ArgValueCompleter::new(super::complete::nodes))]
    get: Vec<String>,
    /// The product key or license of what is executed; `-`: from the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, requires = "exec")]
    key_file: Option<PathBuf>,
    /// Name of the profile or package
    #[arg(
        long,
        value_name = "NAME",
        default_value = "WindowsLicensing",
        hide_default_value = true
    )]
    name: String,
    /// ID of the package; default: made from its name
    #[arg(long, value_name = "GUID")]
    id: Option<Uuid>,
    /// The edition that a template upgrades to: a name of windows10EditionType
    #[arg(long, value_name = "NAME")]
    target_edition: Option<String>,
    /// SyncML: the root is `SyncBody`
    #[arg(long)]
    body: bool,
    /// SyncML: Replace, also where a node has to be added first
    #[arg(long)]
    replace: bool,
    /// Intune: the edition upgrade template
    #[arg(long)]
    template: bool,
    /// Write into this file instead of the standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    into: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, session: &mut Session) -> Outcome<Verdict> {
    let form = As::named(&arguments.form)
        .ok_or_else(|| Usage::new(format!("`--as {}` is no form", arguments.form)))?;
    let mut wishes = Wishes::default();
    for text in &arguments.set {
        let (node, value) = text.split_once('=').ok_or_else(|| {
            Usage::new(format!("`--set {text}` has no `=`")).hinted("write `--set NODE=VALUE`")
        })?;
        wishes.set.push((Target::find(node)?, value.to_owned()));
    }
    let data = match &arguments.key_file {
        Some(path) if session.printer.look.secrets => Some(secret_text(path)?),
        Some(_) => {
            session.printer.note("the key is left out; `--show-secrets` writes it");
            None
        }
        None => None,
    };
    for node in &arguments.exec {
        let target = Target::find(node)?;
        let takes = target
            .node()
            .is_some_and(|node| node.format != crate::csp::catalog::nodes::Format::Null);
        wishes.exec.push((target, data.clone().filter(|_| takes)));
    }
    for node in &arguments.get {
        wishes.get.push(Target::find(node)?);
    }
    if wishes.set.is_empty() && wishes.exec.is_empty() && wishes.get.is_empty() {
        return Err(Usage::new("nothing was given to write")
            .hinted("give `--set`, `--exec` or `--get`")
            .into());
    }
    let options = Options {
        name: arguments.name.clone(),
        id: arguments.id,
        target_edition: arguments.target_edition.clone(),
        body: arguments.body,
        replace: arguments.replace,
        template: arguments.template,
    };
    let text = wish::write(&wishes, form, &options)?;
    hand_over(session, text.as_bytes(), arguments.into.as_deref())?;
    Ok(Verdict::Yes)
}
