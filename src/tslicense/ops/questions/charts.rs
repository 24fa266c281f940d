//! What the report draws of this domain: licenses by version and server, how many were issued over time, and what ends when.

use super::{asked, figures};
use crate::api::Question;
use crate::chart::{Bar, Body, Chart, Line, Series, Stack};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::store::{Flow, Read};
use crate::tslicense::catalog::enumerations::STATUS_TEMPORARY;
use crate::tslicense::catalog::versions;
use crate::tslicense::model::Held;
use crate::tslicense::model::datetime::{NEVER_S, constant};
use crate::tslicense::model::issued::PERMANENT;
use crate::tslicense::report::audit::{self, Kind, Temporary, version};
use crate::tslicense::report::expiry::{Ending, Expiries};
use crate::tslicense::store::{history, issued, users};
use std::collections::BTreeMap;

/// How far ahead the chart of ends looks, days: no license per device is longer than that.
const AHEAD: usize = 90;

/// How far back the chart of counts looks, days.
const BACK: i64 = 365;

/// How many bars and lines a chart shows: more cannot be told apart.
const SHOWN: usize = 12;
const LINES: usize = 8;

/// The charts of the domain; none without servers.
pub fn charts(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Chart>> {
    let servers = asked(read, question.instance.as_deref(), question.now)?;
    let mut charts = bars(read, &servers, question.now)?;
    charts.extend(counts(read, &servers, question.now)?);
    charts.extend(ends(read, &servers, question.now)?);
    Ok(charts)
}

/// One chart a kind of license, a bar for each version of a server: the worst first.
fn bars(read: &mut dyn Read, servers: &[(i64, Held)], now: Timestamp) -> Outcome<Vec<Chart>> {
    let mut lines = Vec::new();
    for server in servers {
        let figures = figures(read, std::slice::from_ref(server), Temporary::Counted, now)?;
        let name = server.1.server.name.clone();
        lines.extend(audit::audit(&figures).into_iter().map(|line| (name.clone(), line)));
    }
    // What is missing comes first, then what is nearly used up.
    lines.sort_by_key(|(_, line)| {
        (std::cmp::Reverse(line.short), line.state.level().is_none(), line.available)
    });
    let mut charts = Vec::new();
    for kind in Kind::ALL {
        let of_kind = || lines.iter().filter(|(_, line)| line.kind == kind);
        let used: Vec<Bar> = of_kind()
            .take(SHOWN)
            .map(|(server, line)| Bar {
                label: format!("{server} {}", line.version()),
                used: line.used,
                of: Some(line.owned),
                level: line.state.level(),
            })
            .collect();
        if !used.is_empty() {
            charts.push(Chart {
                domain: "tslicense",
                title: format!("Licenses per {} by version: issued of installed", kind.word()),
                note: "One bar a license server and version; newer licenses may cover what a version lacks.".to_owned(),
                body: Body::Bars(used),
            });
        }
        let covered: Vec<Bar> = of_kind()
            .filter(|(_, line)| line.covered > 0)
            .take(SHOWN)
            .map(|(server, line)| Bar {
                label: format!("{server} {}", line.version()),
                used: line.covered,
                of: Some(line.used),
                level: line.state.level(),
            })
            .collect();
        if !covered.is_empty() {
            charts.push(Chart {
                domain: "tslicense",
                title: format!("Licenses per {} that newer ones cover", kind.word()),
                note: "How many of those issued are served by licenses of a newer version, because their own are too few.".to_owned(),
                body: Body::Bars(covered),
            });
        }
    }
    Ok(charts)
}

/// How many licenses were issued at each import, a line a server, kind and version: those that grew most.
fn counts(read: &mut dyn Read, servers: &[(i64, Held)], now: Timestamp) -> Outcome<Option<Chart>> {
    let mut lines = Vec::new();
    for (id, held) in servers {
        let mut sums: BTreeMap<(Kind, versions::Tier), BTreeMap<Timestamp, u64>> = BTreeMap::new();
        for row in history::between(read, *id, now.plus_days(-BACK), now)? {
            let Some(kind) = Kind::of(row.product) else { continue };
            let points = sums.entry((kind, versions::tier(row.version))).or_default();
            *points.entry(row.at).or_default() += u64::try_from(row.issued).unwrap_or_default();
        }
        for ((kind, tier), points) in sums {
            let name = format!("{} {} {}", held.server.name, kind.word(), version(tier));
            lines.push(Line { name, points: points.into_iter().collect() });
        }
    }
    // One import is a point and no line.
    lines.retain(|line| line.points.len() > 1);
    let growth = |line: &Line| match (line.points.first(), line.points.last()) {
        (Some((_, first)), Some((_, last))) => last.abs_diff(*first),
        _ => 0,
    };
    lines.sort_by_key(|line| std::cmp::Reverse(growth(line)));
    lines.truncate(LINES);
    Ok((!lines.is_empty()).then(|| Chart {
        domain: "tslicense",
        title: "Licenses issued over time".to_owned(),
        note: "What the key packs told at each import that found other counts; those that changed most.".to_owned(),
        body: Body::Series(Series { lines, limits: Vec::new() }),
    }))
}

/// What ends on each of the days to come.
fn ends(read: &mut dyn Read, servers: &[(i64, Held)], now: Timestamp) -> Outcome<Option<Chart>> {
    let mut expiries = Expiries::new(now, AHEAD);
    for (id, held) in servers {
        for pack in held.packs.iter().filter(|pack| pack.is_owned() && !pack.is_unlimited()) {
            if pack.expires < constant(NEVER_S) {
                expiries.take(Ending::Pack, pack.expires, u64::from(pack.total));
            }
        }
        issued::each_use(read, *id, now, &mut |used| {
            if used.status == STATUS_TEMPORARY {
                expiries.take(Ending::Temporary, used.expires, 1);
            } else if PERMANENT.contains(&used.status) {
                expiries.take(Ending::Device, used.expires, 1);
            }
            Ok(())
        })?;
        users::each(read, *id, now, &mut |license| {
            expiries.take(Ending::User, license.expires, 1);
            Ok(Flow::Continue(()))
        })?;
    }
    let (parts, days) = expiries.finish();
    Ok((!parts.is_empty()).then(|| Chart {
        domain: "tslicense",
        title: "Licenses that end, by day".to_owned(),
        note: "Devices and users in use renew theirs within the last week; what really ends frees a license, or, where it is temporary, shuts a device out.".to_owned(),
        body: Body::Stack(Stack {
            parts: parts.iter().map(|part| part.word().to_owned()).collect(),
            days,
        }),
    }))
}
