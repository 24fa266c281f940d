//! What `check`, `status` and `audit` ask of the stored servers.

mod charts;

pub use charts::charts;

use super::outlook::{self, Ends};
use super::{held, plan};
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{Finding, Found, Level, hand_over};
use crate::store::{Flow, Read};
use crate::tslicense::catalog::enumerations::STATUS_TEMPORARY;
use crate::tslicense::catalog::versions::{self, Tier};
use crate::tslicense::model::issued::PERMANENT;
use crate::tslicense::model::{Held, UserLicense};
use crate::tslicense::report::audit::{
    self, Demand, Distinct, Figures, Kind, Known, Line, Ranks, Temporary,
};
use crate::tslicense::report::forecast::Reach;
use crate::tslicense::report::{duplicates, standing};
use crate::tslicense::store::evidence::Use;
use crate::tslicense::store::sharing::Pairs;
use crate::tslicense::store::{issued, users};

/// The servers that a question is about, with their packs and the numbers of their rows.
fn asked(read: &mut dyn Read, instance: Option<&str>, now: Timestamp) -> Outcome<Vec<(i64, Held)>> {
    let (ids, found) = held::called(read, instance, now)?;
    Ok(ids.into_iter().zip(found).collect())
}

/// A license that is used: its device, of what kind and rank it is, whether it is temporary.
type Used = (i64, (Kind, Tier), bool);

/// The use of a license; `None` when it does not count.
fn used(one: &Use, ranks: &Ranks, temporary: Temporary) -> Option<Used> {
    let is_temporary = one.status == STATUS_TEMPORARY;
    let counts =
        (is_temporary && temporary == Temporary::Counted) || PERMANENT.contains(&one.status);
    let of = ranks.get(one.pack).filter(|_| counts)?;
    Some((one.hardware, of, is_temporary))
}

/// What is there and what of it is used, over servers: each device and each user once.
fn figures(
    read: &mut dyn Read,
    servers: &[(i64, Held)],
    temporary: Temporary,
    now: Timestamp,
) -> Outcome<Figures> {
    let mut uses: Vec<Used> = Vec::new();
    for (id, held) in servers {
        let ranks = Ranks::of(&held.packs);
        issued::each_use(read, *id, now, &mut |one| {
            uses.extend(used(one, &ranks, temporary));
            Ok(())
        })?;
    }
    let servers: Vec<(i64, &Held)> = servers.iter().map(|(id, held)| (*id, held)).collect();
    counted(read, &servers, (uses, temporary), now)
}

/// As [`figures`], of servers whose live licenses per device were gone through.
fn counted(
    read: &mut dyn Read,
    servers: &[(i64, &Held)],
    (mut uses, temporary): (Vec<Used>, Temporary),
    now: Timestamp,
) -> Outcome<Figures> {
    let mut figures = Figures::new();
    for (id, held) in servers {
        let known = Known { devices: issued::any(read, *id)?, users: users::any(read, *id)? };
        audit::count(&mut figures, held.packs.iter(), (known, temporary), now);
    }
    uses.sort_unstable_by_key(|(device, ..)| *device);
    let mut devices = Distinct::new(&mut figures);
    for (hardware, of, is_temporary) in uses {
        devices.take(hardware, of, is_temporary);
    }
    devices.finish();
    let mut people = Distinct::new(&mut figures);
    let mut take = |license: UserLicense| {
        let of = (Kind::User, versions::tier(license.version));
        people.take(license.user.to_lowercase(), of, false);
        Ok(Flow::Continue(()))
    };
    match servers {
        [(id, _)] => users::each(read, *id, now, &mut take)?,
        _ => users::each_name(read, now, &mut |server, license| {
            let is_asked = servers.iter().any(|(id, _)| *id == server);
            if is_asked { take(license) } else { Ok(Flow::Continue(())) }
        })?,
    }
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

/// What one pass over the live licenses per device of a server tells to every question of [`findings`].
struct Told {
    uses: Vec<Used>,
    pairs: Pairs,
    ends: Ends,
}

impl Told {
    fn of(read: &mut dyn Read, (id, held): (i64, &Held), now: Timestamp) -> Outcome<Self> {
        let mut told = Self { uses: Vec::new(), pairs: Pairs::default(), ends: Ends::default() };
        let ranks = Ranks::of(&held.packs);
        issued::each_use(read, id, now, &mut |one| {
            told.uses.extend(used(one, &ranks, Temporary::Counted));
            told.pairs.take(one);
            told.ends.take(one, now);
            Ok(())
        })?;
        Ok(told)
    }
}

/// What is wrong with the stored servers, and with the session hosts that ask them.
///
/// A missing trend is no state of the estate: the forecast alone tells it.
pub fn findings(read: &mut dyn Read, question: &Question, found: &mut Found<'_>) -> Outcome<()> {
    let now = question.now;
    let reach = Reach::usual(now);
    let instance = question.instance.as_deref();
    let (mut inactive, mut dated) = (Vec::new(), Vec::new());
    let (ids, known) = held::called(read, None, now)?;
    for (id, held) in ids.into_iter().zip(&known) {
        let server = &held.server;
        if instance.is_some_and(|name| !server.is_called(name)) {
            continue;
        }
        let Told { uses, pairs, ends } = Told::of(read, (id, held), now)?;
        let figures = counted(read, &[(id, held)], (uses, Temporary::Counted), now)?;
        let standing = standing::findings(server, &figures);
        if standing.iter().any(|finding| finding.class == standing::NOT_ACTIVATED) {
            inactive.push(server.name.as_str());
        }
        hand_over(found, standing)?;
        let groups = plan::grouped(read, id, pairs, now)?;
        let told = groups.iter().filter_map(|group| duplicates::finding(group, &server.name));
        hand_over(found, told)?;
        for user in &server.disabled_users {
            let held = users::find(read, id, user)?.filter(|license| now < license.expires);
            let disabled =
                |license: UserLicense| standing::disabled(user, license.expires, &server.name);
            hand_over(found, held.map(disabled))?;
        }
        dated.extend(outlook::of_one(read, (id, held), &ends, &reach)?);
    }
    let told = |finding: &Finding| {
        finding.class == standing::NOT_ACTIVATED && inactive.contains(&finding.instance.as_str())
    };
    let asked =
        |finding: &Finding| instance.is_none_or(|name| finding.instance.eq_ignore_ascii_case(name));
    let diagnosed = outlook::diagnosed(&outlook::every_host(read)?, &known, now);
    hand_over(found, diagnosed.into_iter().filter(|finding| asked(finding) && !told(finding)))?;
    // The end of a grace period is told by the diagnosis already.
    let states = ["PACK_EXPIRES", "TEMP_REFUSED", "RUN_OUT"];
    dated.retain(|finding| states.contains(&finding.class));
    outlook::sort(&mut dated);
    hand_over(found, dated)
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
