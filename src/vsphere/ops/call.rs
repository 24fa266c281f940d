//! Any method by its own name, with its parameters as JSON: nothing is normalised, nothing looked up.

use super::{Scene, assignments, licenses, query};
use crate::error::{Outcome, Refusal, Stop, Usage};
use crate::store::{Flow, Tx};
use crate::vsphere::catalog::codes::{METHOD_NOT_FOUND, NOT_SUPPORTED};
use crate::vsphere::catalog::methods::{self, word};
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::KeyValue;
use crate::vsphere::wire::{plain, typed};
use serde_json::{Map, Value as Json};

/// A call: where, with what, and how its answer is written.
#[derive(Debug)]
pub struct Call<'c> {
    pub scene: &'c Scene,
    pub parameters: &'c Map<String, Json>,
    /// Whether keys are written in full.
    pub secrets: bool,
    /// Whether every value carries its type.
    pub typed: bool,
}

type Run = fn(&mut dyn Tx, &Call<'_>) -> Outcome<Option<Json>>;

/// What runs a method; the deprecated ones are in no row and refuse.
static RUNS: &[(&crate::catalog::Method, Run)] = &[
    (&methods::ADD_LICENSE, |tx, call| {
        let answer = licenses::add(tx, call.scene, &call.text("licenseKey")?, &call.labels()?)?;
        Ok(Some(call.license(&answer)))
    }),
    (&methods::DECODE_LICENSE, |tx, call| {
        let answer = licenses::decode(tx.reading(), call.scene, &call.text("licenseKey")?)?;
        Ok(Some(call.license(&answer)))
    }),
    (&methods::REMOVE_LICENSE, |tx, call| {
        licenses::remove(tx, call.scene, &call.text("licenseKey")?).map(|_| None)
    }),
    (&methods::UPDATE_LICENSE, |tx, call| {
        let answer = licenses::update(tx, call.scene, &call.text("licenseKey")?, &call.labels()?)?;
        Ok(Some(call.license(&answer)))
    }),
    (&methods::UPDATE_LICENSE_LABEL, |tx, call| {
        let (key, label) = (call.text("licenseKey")?, call.text("labelKey")?);
        licenses::set_label(tx, call.scene, &key, &label, &call.text("labelValue")?).map(|()| None)
    }),
    (&methods::REMOVE_LICENSE_LABEL, |tx, call| {
        let (key, label) = (call.text("licenseKey")?, call.text("labelKey")?);
        licenses::remove_label(tx, call.scene, &key, &label).map(|()| None)
    }),
    (&methods::CHECK_LICENSE_FEATURE, |tx, call| {
        let (host, feature) = (call.text_or_none("host")?, call.text("featureKey")?);
        let has = licenses::check_feature(tx.reading(), call.scene, host.as_deref(), &feature)?;
        Ok(Some(Json::from(has)))
    }),
    (&methods::QUERY_ASSIGNED_LICENSES, |tx, call| {
        let entity = call.text_or_none("entityId")?;
        let mut answers = Vec::new();
        query::query(tx.reading(), call.scene, entity.as_deref(), &mut |answered| {
            let key = crate::vsphere::wire::keys(call.secrets);
            answers.push(if call.typed {
                typed::assignment(&answered.assignment, key)
            } else {
                plain::assignment(&answered.assignment, key)
            });
            Ok(Flow::Continue(()))
        })?;
        Ok(Some(Json::from(answers)))
    }),
    (&methods::UPDATE_ASSIGNED_LICENSE, |tx, call| {
        let (entity, key) = (call.text("entity")?, call.text("licenseKey")?);
        let name = call.text_or_none("entityDisplayName")?.unwrap_or_default();
        let wanted = assignments::Wanted { entity_id: &entity, key: &key, display_name: &name };
        let assigned = assignments::update(tx, call.scene, &wanted)?;
        Ok(Some(call.license(&assigned.info)))
    }),
    (&methods::REMOVE_ASSIGNED_LICENSE, |tx, call| {
        assignments::remove(tx, call.scene, &call.text("entityId")?).map(|_| None)
    }),
];

/// Calls a method; `None` is the answer of one that returns nothing.
///
/// Refuses with `METHOD_NOT_FOUND`, with `NOT_SUPPORTED` for deprecated methods, and as the method does. Usage error when a
/// parameter is missing, has another type, or is none of the method's.
pub fn call(tx: &mut dyn Tx, name: &str, call: &Call<'_>) -> Outcome<Option<Json>> {
    let Some(method) = methods::named(name) else {
        let message =
            format!("neither LicenseManager nor LicenseAssignmentManager has a method `{name}`");
        let names: Vec<&str> = methods::METHODS.iter().map(|method| word(method)).collect();
        return Err(Refusal::new(&METHOD_NOT_FOUND, message)
            .hinted(format!("there is {}", names.join(", ")))
            .with("method", name)
            .of(name)
            .into());
    };
    let known = |name: &String| method.parameters.iter().any(|known| known.name == name);
    if let Some(unknown) = call.parameters.keys().find(|name| !known(name)) {
        let names: Vec<&str> = method.parameters.iter().map(|known| known.name).collect();
        return Err(Usage::new(format!("{} has no parameter `{unknown}`", method.name))
            .hinted(format!("it has {}", names.join(", ")))
            .into());
    }
    let run = RUNS.iter().find(|(row, _)| row.name == method.name);
    let Some((_, run)) = run else {
        let message = format!("{} is deprecated since 4.0 and not supported", method.name);
        return Err(Refusal::new(&NOT_SUPPORTED, message).of(method.name).into());
    };
    run(tx, call).map_err(|stop| match stop {
        Stop::Refused(refusal) if refusal.api.is_empty() => refusal.of(method.name).into(),
        other => other,
    })
}

impl Call<'_> {
    fn license(&self, info: &LicenseInfo) -> Json {
        let key = crate::vsphere::wire::keys(self.secrets);
        if self.typed { typed::license(info, key) } else { plain::license(info, key) }
    }

    fn text_or_none(&self, name: &str) -> Outcome<Option<String>> {
        match self.parameters.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Usage::new(format!("parameter `{name}` is no text")).into()),
        }
    }

    fn text(&self, name: &str) -> Outcome<String> {
        let text = self.text_or_none(name)?;
        text.ok_or_else(|| Usage::new(format!("parameter `{name}` is missing")).into())
    }

    fn labels(&self) -> Outcome<Vec<KeyValue>> {
        let labels =
            plain::read_pairs(self.parameters.get("labels").filter(|held| !held.is_null()));
        labels.ok_or_else(|| {
            Usage::new("parameter `labels` is no list of labels")
                .hinted(r#"write `[{"key": "team", "value": "infra"}]`"#)
                .into()
        })
    }
}
