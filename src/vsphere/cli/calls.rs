//! `vsphere call`, `check-feature`: methods by their own names.

use super::acting::{Compatible, Vcenter, text_of};
use crate::error::{Outcome, Usage, Verdict};
use crate::session::Session;
use crate::vsphere::ops::call::{self as ops, Call};
use crate::vsphere::ops::entities::named;
use crate::vsphere::ops::licenses;
use crate::vsphere::view::{CallView, FeatureView};
use clap_complete::ArgValueCompleter;
use serde_json::Value as Json;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere call QueryAssignedLicenses\n  licctl vsphere call QueryAssignedLicenses --params '{\"entityId\": \"host-21\"}' -o json\n  licctl vsphere call AddLicense --params-file call.json"
)]
pub(super) struct CallArguments {
    /// Method, as the API spells it
    #[arg(value_name = "METHOD", add = ArgValueCompleter::new(super::complete::methods))]
    method: String,
    /// Its parameters as a JSON object: nothing is normalised, no name is looked up
    #[arg(long, value_name = "JSON", conflicts_with = "params_file")]
    params: Option<String>,
    /// Read the parameters from this file; `-` is the standard input
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    params_file: Option<PathBuf>,
    /// Write every value with its type, as VI/JSON does
    #[arg(long)]
    typed: bool,
    #[command(flatten)]
    vcenter: Vcenter,
}

pub(super) fn call(arguments: &CallArguments, session: &mut Session) -> Outcome<Verdict> {
    let text = match (&arguments.params, &arguments.params_file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => text_of(path)?,
        (None, None) => "{}".to_owned(),
    };
    let Ok(Json::Object(parameters)) = serde_json::from_str(&text) else {
        return Err(Usage::new("the parameters are no JSON object")
            .hinted(r#"write `--params '{"entityId": "host-21"}'`"#)
            .into());
    };
    let scene = arguments.vcenter.scene(session)?;
    let secrets = session.printer.look.secrets;
    let returnval = session.write(|tx, _| {
        let call = Call { scene: &scene, parameters: &parameters, secrets, typed: arguments.typed };
        ops::call(tx, &arguments.method, &call)
    })?;
    session.show(&CallView { returnval })?;
    Ok(Verdict::Yes)
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  licctl vsphere check-feature dvs --host hq-esx01 --vcenter hq\n  licctl vsphere check-feature vimapi"
)]
pub(super) struct FeatureArguments {
    /// Feature, with a level where it has one: `serialuri:2`
    #[arg(value_name = "FEATURE")]
    feature: String,
    /// Of this host; default: of the vCenter itself
    #[arg(long, value_name = "ENTITY", add = ArgValueCompleter::new(super::complete::entities))]
    host: Option<String>,
    #[command(flatten)]
    compatible: Compatible,
    #[command(flatten)]
    vcenter: Vcenter,
}

pub(super) fn check_feature(
    arguments: &FeatureArguments,
    session: &mut Session,
) -> Outcome<Verdict> {
    let scene = arguments.compatible.put(arguments.vcenter.scene(session)?);
    let returnval = session.read(|read, _| {
        let host = arguments.host.as_deref().map(|host| named(read, &scene, host)).transpose()?;
        licenses::check_feature(read, &scene, host.as_deref(), &arguments.feature)
    })?;
    let view = FeatureView {
        feature_key: crate::vsphere::model::key::veiled(&arguments.feature).into_owned(),
        returnval,
    };
    session.tell(&view, if returnval { "true" } else { "false" })?;
    Ok(if returnval { Verdict::Yes } else { Verdict::No })
}
