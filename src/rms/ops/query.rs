//! `sntl_licensing_get_info`: answering a query.

use super::features::{self, Served};
use super::{of, server};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Warning};
use crate::rms::catalog::codes::SNTL_NO_SERVER_RUNNING;
use crate::rms::catalog::elements::LICENSE_STATE;
use crate::rms::catalog::methods::GET_INFO;
use crate::rms::model::license::{License, Value};
use crate::rms::model::query::{FeatureScope, Scope};
use crate::rms::model::server::Server;
use crate::rms::rules::resolve::{self, Rigour};
use crate::rms::rules::table::Feature;
use crate::rms::rules::validity::{Standing, standing};
use crate::rms::store::table::Stored;
use crate::store::{Flow, Read};

/// The answer to a licenseInfo query.
#[derive(Debug)]
pub struct Answer {
    pub license: License,
    pub warnings: Vec<Warning>,
}

/// A License Manager that answers; its row's number.
///
/// Refuses with `SNTL_NO_SERVER_RUNNING` when it is stopped.
fn running(read: &mut dyn Read, name: &str) -> Outcome<i64> {
    let (id, Server { running, name, .. }) = server(read, name)?;
    if running {
        return Ok(id);
    }
    let message = format!("the License Manager `{name}` is stopped");
    Err(Refusal::new(&SNTL_NO_SERVER_RUNNING, message)
        .hinted(format!("`licctl rms server start {name}` starts it"))
        .into())
}

/// Answers for one license.
///
/// Refuses as the rules of the scope say.
pub fn license_info(
    read: &mut dyn Read,
    name: &str,
    scope: &Scope,
    rigour: Rigour,
    now: Timestamp,
) -> Outcome<Answer> {
    found(read, name, scope, rigour, now).map_err(|stop| of(stop, GET_INFO.name))
}

fn found(
    read: &mut dyn Read,
    name: &str,
    scope: &Scope,
    rigour: Rigour,
    now: Timestamp,
) -> Outcome<Answer> {
    let server = running(read, name)?;
    let mut table = Stored { read: &mut *read, server };
    let feature = resolve::feature(&mut table, &scope.feature)?;
    let (entry, warning) = resolve::license(&mut table, &feature, &scope.license, rigour)?;
    let mut warnings: Vec<Warning> = warning.into_iter().collect();
    let served = features::one(read, server, feature.id, now)?;
    let active = served.is_some_and(|served| {
        let at = served.ids.iter().position(|id| *id == entry.id);
        at.is_some_and(|at| served.is_active(at))
    });
    let mut license = entry.license;
    warnings.extend(differs(&license, active, now));
    license.elements.set(&LICENSE_STATE, Value::Number(i64::from(active)));
    Ok(Answer { license, warnings })
}

/// The licenses of a list whose captured state is not that of the moment.
#[derive(Debug, Default)]
pub struct Differing {
    count: u64,
    /// Why the first one differs.
    first: Option<String>,
}

impl Differing {
    /// Looks at the licenses of a feature.
    pub fn look(&mut self, served: &Served, now: Timestamp) {
        for (at, license) in served.licenses.iter().enumerate() {
            let Some(warning) = differs(license, served.is_active(at), now) else { continue };
            self.count += 1;
            self.first.get_or_insert_with(|| {
                let hash = license.hash().unwrap_or("a license");
                let told = format!("{hash} of {}", license.feature());
                format!("{told}: {}", warning.message)
            });
        }
    }

    /// One warning for all of them.
    #[must_use]
    pub fn warning(self) -> Option<Warning> {
        let (first, count) = (self.first?, self.count);
        let message = match count {
            1 => first,
            _ => format!("`licenseState` of {count} licenses is not as it was captured; {first}"),
        };
        Some(Warning::new(STATE_DIFFERS, message))
    }
}

const STATE_DIFFERS: &str = "W_STATE_DIFFERS";

/// Tells that a captured state is not that of the moment.
fn differs(license: &License, active: bool, now: Timestamp) -> Option<Warning> {
    let captured = license.elements.has(&LICENSE_STATE);
    let captured = captured.then(|| license.elements.number(&LICENSE_STATE) == 1)?;
    (captured != active).then(|| {
        let word = |active| if active { "active" } else { "inactive" };
        let why = match standing(&license.elements, now) {
            Standing::Current if active => "nothing stands before it",
            Standing::Current => "another one serves",
            ended => ended.word(),
        };
        let message = format!(
            "`licenseState` was captured as {}, and is {} at this moment: {why}",
            word(captured),
            word(active)
        );
        Warning::new(STATE_DIFFERS, message)
    })
}

/// Answers for every license, or every one of a feature, in order.
///
/// Refuses with what the scope of the feature is refused with.
pub fn every_license(
    read: &mut dyn Read,
    name: &str,
    of_feature: Option<&FeatureScope>,
    now: Timestamp,
    each: &mut dyn FnMut(&Served) -> Outcome<Flow>,
) -> Outcome<()> {
    all(read, name, of_feature, now, each).map_err(|stop| of(stop, GET_INFO.name))
}

fn all(
    read: &mut dyn Read,
    name: &str,
    of_feature: Option<&FeatureScope>,
    now: Timestamp,
    each: &mut dyn FnMut(&Served) -> Outcome<Flow>,
) -> Outcome<()> {
    let server = running(read, name)?;
    let Some(scope) = of_feature else {
        return features::each(read, server, now, &mut |served| each(&served));
    };
    let Feature { id, .. } = resolve::feature(&mut Stored { read: &mut *read, server }, scope)?;
    match features::placed(read, server, id, now)? {
        Some(served) => each(&served).map(|_| ()),
        None => Ok(()),
    }
}

/// Hands out every feature with its licenses, whether the License Manager runs or not.
pub fn features(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
    each: &mut dyn FnMut(&Served) -> Outcome<Flow>,
) -> Outcome<()> {
    let (id, _) = server(read, name)?;
    features::each(read, id, now, &mut |served| each(&served))
}
