//! Migrations: planned, run, verified.

use super::call::{self, Request};
use super::{held, hosts};
use crate::clock::Timestamp;
use crate::error::{Outcome, Usage, Warning};
use crate::store::{Read, Tx};
use crate::tslicense::catalog::methods::{Act, Program};
use crate::tslicense::model::migration::Planned;
use crate::tslicense::model::{Held, Host, KeyPackId};
use crate::tslicense::report::migration::{self, Doing, Journey, State, Step};
use crate::tslicense::report::verification::{self, Verified};
use crate::tslicense::rules::{Controls, Modelled};
use crate::tslicense::store::{hosts as rows, migrations};
use std::collections::BTreeMap;

/// Which licenses go where.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    pub from: &'a str,
    pub to: &'a str,
    /// Empty: all packs.
    pub packs: &'a [KeyPackId],
    /// How packs of an unknown program are imported.
    pub program: Option<Program>,
}

/// Both servers with the numbers of their rows.
struct Pair {
    from: (i64, Held),
    to: (i64, Held),
}

fn pair(read: &mut dyn Read, asked: &Asked<'_>, now: Timestamp) -> Outcome<Pair> {
    if asked.from == asked.to {
        return Err(Usage::new("a migration goes from one license server to another").into());
    }
    let pair =
        Pair { from: held::load(read, asked.from, now)?, to: held::load(read, asked.to, now)? };
    let held = &pair.from.1;
    if let Some(id) = asked.packs.iter().find(|id| held.pack(**id).is_none()) {
        return Err(Usage::new(format!("`{}` has no key pack {}", held.server.name, id.0))
            .hinted(format!(
                "`licctl tslicense keypack list --server {}` shows them",
                held.server.name
            ))
            .into());
    }
    Ok(pair)
}

fn steps(
    read: &mut dyn Read,
    asked: &Asked<'_>,
    pair: &Pair,
    now: Timestamp,
) -> Outcome<(Vec<Step>, Planned)> {
    let mut numbers = BTreeMap::new();
    for pack in &pair.from.1.packs {
        if let Some(purchase) = &pack.purchase {
            numbers.insert(pack.id, held::numbers(read, purchase)?);
        }
    }
    let known: Vec<Host> = rows::all(read)?.into_iter().map(|(_, host)| host).collect();
    let before = migrations::find(read, pair.from.0, pair.to.0)?;
    let journey = Journey {
        from: &pair.from.1,
        to: &pair.to.1,
        wanted: asked.packs,
        program: asked.program,
        numbers: &numbers,
        hosts: &known,
        begun: before.map_or(now, |planned| planned.at),
        now,
    };
    let (steps, shares) = migration::plan(&journey);
    Ok((steps, Planned { at: now, shares }))
}

/// Plans a migration, and remembers what both servers own now.
///
/// Usage error when both are one, or a pack is not there.
pub fn plan(tx: &mut dyn Tx, asked: &Asked<'_>, now: Timestamp) -> Outcome<Vec<Step>> {
    let pair = pair(tx.reading(), asked, now)?;
    let (steps, planned) = steps(tx.reading(), asked, &pair, now)?;
    // A plan with nothing left to move must not hide what the last one is verified by.
    if !planned.shares.is_empty() {
        migrations::save(tx, (pair.from.0, pair.to.0), &planned)?;
    }
    tx.call("migrate plan", &format!("from={}, to={}", asked.from, asked.to));
    Ok(steps)
}

/// Does the steps that are ready, as one change.
///
/// Refuses as the methods do; then nothing is done.
pub fn run(
    tx: &mut dyn Tx,
    asked: &Asked<'_>,
    now: Timestamp,
) -> Outcome<(Vec<Step>, Vec<Warning>)> {
    let pair = pair(tx.reading(), asked, now)?;
    let (mut steps, planned) = steps(tx.reading(), asked, &pair, now)?;
    let key = (pair.from.0, pair.to.0);
    let before = migrations::find(tx.reading(), key.0, key.1)?;
    if let Some(plan) = planned.beyond(before.as_ref()) {
        migrations::save(tx, key, &plan)?;
    }
    let mut warnings = Vec::new();
    for step in steps.iter_mut().filter(|step| step.state == State::Ready) {
        match &step.doing {
            Doing::Look => continue,
            Doing::Host { method, given } => {
                warnings.extend(hosts::call(tx, &step.machine, method, given)?.1);
            }
            Doing::Call { method, pack, given } => {
                let mut controls = Controls::default();
                if matches!(method.act, Act::Import(_)) {
                    controls.modelled = pair.from.1.pack(*pack).map(|pack| Modelled {
                        version: pack.version,
                        product: pack.product,
                        count: pack.total,
                        key_pack_type: Some(pack.key_pack_type),
                    });
                }
                let request = Request {
                    server: &step.machine,
                    method,
                    key: None,
                    license: None,
                    given: given.clone(),
                    controls,
                };
                warnings.extend(call::call(tx, &request, now)?.warnings);
            }
        }
        step.state = State::Done;
    }
    tx.call("migrate run", &format!("from={}, to={}", asked.from, asked.to));
    Ok((steps, warnings))
}

/// Compares both servers with what they were when the migration was planned.
///
/// Usage error when none was.
pub fn verify(read: &mut dyn Read, asked: &Asked<'_>, now: Timestamp) -> Outcome<Vec<Verified>> {
    let pair = pair(read, asked, now)?;
    let planned = migrations::find(read, pair.from.0, pair.to.0)?;
    let planned = planned.ok_or_else(|| {
        Usage::new(format!(
            "no migration from `{}` to `{}` that moves licenses was planned",
            asked.from, asked.to
        ))
        .hinted(format!("`licctl tslicense migrate plan --from {} --to {}`", asked.from, asked.to))
    })?;
    Ok(verification::verify(&planned, &pair.from.1, &pair.to.1))
}
