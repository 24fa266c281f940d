//! What `check`, `status` and `audit` ask of the stored servers.

use super::{held, plan};
use crate::api::{Question, Summary};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{Finding, Level};
use crate::store::{Flow, Read};
use crate::tslicense::catalog::versions::{self, Tier};
use crate::tslicense::model::{Held, KeyPackId};
use crate::tslicense::report::audit::{self, Distinct, Figures, Kind, Known, Line, Temporary};
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
    let only = match servers {
        [(id, _)] => Some(*id),
        _ => None,
    };
    let mut devices = Distinct::new(&mut figures);
    issued::each_hardware(read, only, now, &mut |server, hardware, license| {
        let of = ranks.get(&(server, license.pack)).copied();
        let counts =
            license.is_permanent() || (license.is_temporary() && temporary == Temporary::Counted);
        if let Some(of) = of.filter(|_| counts) {
            devices.take(hardware, of, license.is_temporary());
        }
        Ok(Flow::Continue(()))
    })?;
    devices.finish();
    let mut people = Distinct::new(&mut figures);
    users::each_name(read, only, now, &mut |license| {
        people.take(
            &license.user.to_lowercase(),
            (Kind::User, versions::tier(license.version)),
            false,
        );
        Ok(Flow::Continue(()))
    })?;
    people.finish();
    Ok(figures)
}

/// What is wrong with the stored servers.
pub fn findings(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Finding>> {
    let mut found = Vec::new();
    for server in asked(read, question.instance.as_deref(), question.now)? {
        let name = server.1.server.name.clone();
        found.extend(of_one(read, &server, question.now)?.1);
        let groups = plan::duplicates(read, &name, question.now)?;
        found.extend(groups.iter().filter_map(|group| duplicates::finding(group, &name)));
    }
    Ok(found)
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
        object: standing::words(figures),
        used: Some(standing::used(figures)),
        capacity: Some(standing::owned(figures)),
        worst: worst.map(|finding| finding.severity),
        message: worst
            .filter(bad)
            .map_or_else(|| "enough licenses".to_owned(), |finding| finding.message.clone()),
        due: found.iter().filter_map(|finding| finding.due).min(),
    }
}

/// Sets what is used against what is owned, on one server or on all.
pub fn audit(
    read: &mut dyn Read,
    instance: Option<&str>,
    temporary: Temporary,
    now: Timestamp,
) -> Outcome<Vec<Line>> {
    let servers = asked(read, instance, now)?;
    Ok(audit::audit(&figures(read, &servers, temporary, now)?))
}
