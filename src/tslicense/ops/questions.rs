//! What `check`, `status` and `audit` ask of the stored servers.

mod charts;

pub use charts::charts;

use super::{held, outlook, plan};
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{Finding, Found, Level, hand_over};
use crate::store::{Flow, Read};
use crate::tslicense::catalog::enumerations::STATUS_TEMPORARY;
use crate::tslicense::catalog::versions::{self, Tier};
use crate::tslicense::model::issued::PERMANENT;
use crate::tslicense::model::{Held, KeyPackId, UserLicense};
use crate::tslicense::report::audit::{
    self, Demand, Distinct, Figures, Kind, Known, Line, Temporary,
};
use crate::tslicense::report::forecast::Reach;
use crate::tslicense::report::{duplicates, standing};
use crate::tslicense::store::{issued, servers, users};
use std::collections::HashMap;

/// The servers that a question is about, with their packs and the numbers of their rows.
fn asked(read: &mut dyn Read, instance: Option<&str>, now: Timestamp) -> Outcome<Vec<(i64, Held)>> {
    let mut found = Vec::new();
    for (_, server) in servers::all(read)? {
        if instance.is_none_or(|name| server.is_called(name)) {
            found.push(held::load(read, &server.name, now)?);
        }
    }
    Ok(found)
}

/// What is there and what of it is used, over servers: each device and each user once.
fn figures(
    read: &mut dyn Read,
    servers: &[(i64, Held)],
    temporary: Temporary,
    now: Timestamp,
) -> Outcome<Figures> {
    let mut figures = Figures::new();
    let mut ranks: HashMap<(i64, KeyPackId), (Kind, Tier)> = HashMap::new();
    for (id, held) in servers {
        let known = Known { devices: issued::any(read, *id)?, users: users::any(read, *id)? };
        audit::count(&mut figures, held.packs.iter(), (known, temporary), now);
        for pack in &held.packs {
            if let Some(kind) = Kind::of(pack.product) {
                ranks.insert((*id, pack.id), (kind, pack.tier()));
            }
        }
    }
    let mut uses: Vec<(i64, (Kind, Tier), bool)> = Vec::new();
    for (id, _) in servers {
        issued::each_use(read, *id, now, &mut |used| {
            let is_temporary = used.status == STATUS_TEMPORARY;
            let counts = (is_temporary && temporary == Temporary::Counted)
                || PERMANENT.contains(&used.status);
            if let Some(of) = ranks.get(&(*id, used.pack)).filter(|_| counts) {
                uses.push((used.hardware, *of, is_temporary));
            }
            Ok(())
        })?;
    }
    uses.sort_unstable();
    let mut devices = Distinct::new(&mut figures);
    for (hardware, of, is_temporary) in uses {
        devices.take(hardware, of, is_temporary);
    }
    devices.finish();
    let only = match servers {
        [(id, _)] => Some(*id),
        _ => None,
    };
    let mut people = Distinct::new(&mut figures);
    users::each_name(read, only, now, &mut |server, license| {
        if servers.iter().any(|(id, _)| *id == server) {
            let of = (Kind::User, versions::tier(license.version));
            people.take(license.user.to_lowercase(), of, false);
        }
        Ok(Flow::Continue(()))
    })?;
    people.finish();
    Ok(figures)
}

/// Devices or users of some servers whose license is of an older rank than another; none when `kind` is.
pub(super) fn older(
    read: &mut dyn Read,
    names: &[&str],
    (kind, than): (Option<Kind>, Tier),
    temporary: Temporary,
    now: Timestamp,
) -> Outcome<u64> {
    let Some(kind) = kind else { return Ok(0) };
    let mut servers = Vec::new();
    for name in names {
        servers.push(held::load(read, name, now)?);
    }
    let figures = figures(read, &servers, temporary, now)?;
    let counts = figures.iter().filter(|((known, tier), _)| *known == kind && *tier < than);
    Ok(counts.map(|(_, figure)| figure.used).sum())
}

/// What is wrong with the stored servers, and with the session hosts that ask them.
///
/// A missing trend is no state of the estate: the forecast alone tells it.
pub fn findings(read: &mut dyn Read, question: &Question, found: &mut Found<'_>) -> Outcome<()> {
    let mut inactive = Vec::new();
    for server in asked(read, question.instance.as_deref(), question.now)? {
        let name = server.1.server.name.clone();
        let standing = of_one(read, &server, question.now)?.1;
        if standing.iter().any(|finding| finding.class == standing::NOT_ACTIVATED) {
            inactive.push(name.clone());
        }
        hand_over(found, standing)?;
        let groups = plan::duplicates(read, &name, question.now)?;
        hand_over(found, groups.iter().filter_map(|group| duplicates::finding(group, &name)))?;
        for user in &server.1.server.disabled_users {
            let held = users::find(read, server.0, user)?;
            let held = held.filter(|license| question.now < license.expires);
            let disabled = |license: UserLicense| standing::disabled(user, license.expires, &name);
            hand_over(found, held.map(disabled))?;
        }
    }
    let told = |finding: &Finding| {
        finding.class == standing::NOT_ACTIVATED && inactive.contains(&finding.instance)
    };
    let instance = question.instance.as_deref();
    let asked =
        |finding: &Finding| instance.is_none_or(|name| finding.instance.eq_ignore_ascii_case(name));
    let diagnosed = outlook::diagnose(read, None, question.now)?;
    hand_over(found, diagnosed.into_iter().filter(|finding| asked(finding) && !told(finding)))?;
    let dated = outlook::forecast(read, instance, &Reach::usual(question.now))?;
    // The end of a grace period is told by the diagnosis already.
    let states = ["PACK_EXPIRES", "TEMP_REFUSED", "RUN_OUT"];
    hand_over(found, dated.into_iter().filter(|finding| states.contains(&finding.class)))
}

fn of_one(
    read: &mut dyn Read,
    server: &(i64, Held),
    now: Timestamp,
) -> Outcome<(Figures, Vec<Finding>)> {
    let figures = figures(read, std::slice::from_ref(server), Temporary::Counted, now)?;
    let found = standing::findings(&server.1.server, &figures);
    Ok((figures, found))
}

/// One line for each server.
pub fn summary(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Summary>> {
    let mut lines = Vec::new();
    for server in asked(read, question.instance.as_deref(), question.now)? {
        let (figures, found) = of_one(read, &server, question.now)?;
        lines.push(line(&server.1, &figures, &found));
    }
    Ok(lines)
}

fn line(held: &Held, figures: &Figures, found: &[Finding]) -> Summary {
    let worst = found.iter().min_by_key(|finding| finding.severity);
    let bad = |finding: &&Finding| finding.severity < Level::Info;
    Summary {
        domain: "tslicense",
        instance: held.server.name.clone(),
        object: "licenses".to_owned(),
        used: Some(standing::used(figures)),
        capacity: Some(standing::owned(figures)),
        worst: worst.map(|finding| finding.severity),
        message: worst
            .filter(bad)
            .map_or_else(|| "enough licenses".to_owned(), |finding| finding.message.clone()),
        due: found.iter().filter_map(|finding| finding.due).min(),
        trend: Vec::new(),
    }
}

/// Sets what is used against what is owned, on one server or on all.
///
/// - `demand`: what will be used, in the place of what is.
pub fn audit(
    read: &mut dyn Read,
    instance: Option<&str>,
    (temporary, demand): (Temporary, Option<&Demand>),
    now: Timestamp,
) -> Outcome<Vec<Line>> {
    let servers = asked(read, instance, now)?;
    let mut figures = figures(read, &servers, temporary, now)?;
    if let Some(demand) = demand {
        audit::demanded(&mut figures, demand);
    }
    Ok(audit::audit(&figures))
}
