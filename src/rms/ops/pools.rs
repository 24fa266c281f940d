//! Pools of redundant License Managers: made, shown, failed, and asked what they can lose.

use super::desk::Desk;
use super::features;
use super::{of, server};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::codes::SNTL_NON_REDUNDANT_FEATURE;
use crate::rms::catalog::elements::{IS_REDUNDANT, NUM_SERVERS};
use crate::rms::catalog::methods::POOL;
use crate::rms::model::license::FeatureKey;
use crate::rms::model::pool::Pool;
use crate::rms::report::tolerance::{Tolerance, tolerance};
use crate::rms::rules::pool::{self, Issued};
use crate::rms::store::{servers, sessions};
use crate::store::{Flow, Read, Tx};

/// What is done to a pool.
#[derive(Debug, Clone)]
pub enum Step {
    /// These servers, in the order of preference; whether half of an even number is enough.
    Set(Vec<String>, bool),
    Add(String),
    Remove(String),
    Fail(String),
    Restore(String),
    /// The License Manager stands alone again.
    Dissolve,
}

/// Does something to the pool of a License Manager; the pool after it.
pub fn change(tx: &mut dyn Tx, name: &str, step: &Step) -> Outcome<Option<Pool>> {
    let (id, mut server) = server(tx.reading(), name)?;
    let before = server.pool.take();
    let of_pool = |change: &dyn Fn(&Pool) -> Result<Pool, Refusal>| -> Outcome<Option<Pool>> {
        let server = crate::rms::model::server::Server { pool: before.clone(), ..server.clone() };
        let changed = pool::of(&server).and_then(change);
        Ok(Some(changed.map_err(|refusal| refusal.of(POOL.name))?))
    };
    let after = match step {
        Step::Set(names, half) => Some(pool::made(names, *half, before.as_ref())?),
        Step::Add(name) => of_pool(&|pool| pool::added(pool, name))?,
        Step::Remove(name) => of_pool(&|pool| pool::removed(pool, name))?,
        Step::Fail(name) => of_pool(&|pool| pool::set_up(pool, name, false))?,
        Step::Restore(name) => of_pool(&|pool| pool::set_up(pool, name, true))?,
        Step::Dissolve => None,
    };
    server.pool.clone_from(&after);
    servers::save(tx, Some(id), &server)?;
    let members = after.iter().flat_map(|pool| &pool.members);
    let shown: Vec<String> = members
        .map(|member| format!("{}={}", member.name, if member.up { "UP" } else { "DOWN" }))
        .collect();
    tx.call("pool.set", &format!("server={name}, servers={}", shown.join(" ")));
    Ok(after)
}

/// The pool of a License Manager.
///
/// Refuses with `SNTL_NON_REDUNDANT_SRVR` when it has none.
pub fn show(read: &mut dyn Read, name: &str) -> Outcome<Pool> {
    let (_, server) = server(read, name)?;
    let pool = pool::of(&server).map_err(|refusal| refusal.of(POOL.name))?;
    Ok(pool.clone())
}

/// A redundant feature, how it stands with the pool, and what the leader knows of its tokens.
#[derive(Debug)]
pub struct Standing {
    pub key: FeatureKey,
    pub tolerance: Tolerance,
    pub issued: Issued,
    /// Whether the license counts with another number of servers than the pool has.
    pub sizes_differ: bool,
}

/// What is lost.
#[derive(Debug, Clone, Copy)]
pub struct Loss<'l> {
    /// The servers that fail; none: the worst choice of `count` servers.
    pub names: &'l [String],
    pub count: u64,
    /// Whether half of an even number is a majority; `None`: as the pool was made.
    pub half: Option<bool>,
}

/// How the redundant features of a License Manager stand with its pool, and what is left after a loss.
///
/// Refuses with `SNTL_NON_REDUNDANT_SRVR` without a pool, `SNTL_SERVER_NOT_PRESENT` a server that is not in it,
/// `SNTL_NON_REDUNDANT_FEATURE` a feature that is not redundant.
pub fn can_lose(
    read: &mut dyn Read,
    name: &str,
    Loss { names: losing, count, half }: Loss<'_>,
    only: Option<&str>,
    now: Timestamp,
) -> Outcome<Vec<Standing>> {
    let asked = || -> Outcome<Vec<Standing>> {
        let (id, server) = server(read, name)?;
        let mut pool = pool::of(&server)?.clone();
        pool.half = half.unwrap_or(pool.half);
        for name in losing {
            pool::set_up(&pool, name, false)?;
        }
        let mut found = Vec::new();
        let mut wrong = None;
        features::each(read, id, now, &mut |served| {
            if only.is_some_and(|only| only != served.key.name) {
                return Ok(Flow::Continue(()));
            }
            let node = served.node.as_ref().and_then(|node| node.of.first());
            let license = node.and_then(|at| served.licenses.get(*at));
            let Some(license) = license else { return Ok(Flow::Continue(())) };
            if license.elements.number(&IS_REDUNDANT) != 1 {
                wrong = wrong.take().or(Some(served.key));
                return Ok(Flow::Continue(()));
            }
            let size = i64::try_from(pool.members.len()).unwrap_or(0);
            found.push((
                served.id,
                Standing {
                    key: served.key,
                    tolerance: tolerance(&pool, &license.elements, losing, count),
                    issued: Issued::default(),
                    sizes_differ: license.elements.number(&NUM_SERVERS) != size,
                },
            ));
            Ok(Flow::Continue(()))
        })?;
        if let (Some(key), Some(_), true) = (wrong, only, found.is_empty()) {
            let message = format!("`{key}` is not redundant");
            return Err(Refusal::new(&SNTL_NON_REDUNDANT_FEATURE, message).into());
        }
        issued(read, &mut Desk::of(id, server), &pool, &mut found, now)?;
        Ok(found.into_iter().map(|(_, standing)| standing).collect())
    };
    let mut asked = asked;
    asked().map_err(|stop| of(stop, POOL.name))
}

fn issued(
    read: &mut dyn Read,
    desk: &mut Desk,
    pool: &Pool,
    found: &mut [(i64, Standing)],
    now: Timestamp,
) -> Outcome<()> {
    let mut books = desk.settled(read, now)?;
    books.each(&mut |session| {
        if let Some((_, standing)) = found.iter_mut().find(|(id, _)| *id == session.feature)
            && !session.state.waits()
        {
            standing.issued.take(pool, &session.issuer, session.units);
        }
        Ok(Flow::Continue(()))
    })
}

/// Whether a License Manager has rows that a removal would take away.
pub fn is_in_use(read: &mut dyn Read, server: i64, feature: i64) -> Outcome<bool> {
    sessions::is_in_use(read, server, feature)
}
