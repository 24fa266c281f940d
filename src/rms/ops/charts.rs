//! What the report draws of this domain, from what the store streams.

use super::capacity::{self, Asked, Extent};
use super::features;
use super::questions::asked;
use crate::api::Question;
use crate::chart::Chart;
use crate::error::Outcome;
use crate::rms::report::capacity::NEAR_PERCENT;
use crate::rms::report::drawn::{AHEAD_DAYS, Refused, ahead, ends, fullness};
use crate::rms::store::licenses;
use crate::rms::store::usage::{self, Wanted};
use crate::store::{Flow, Read};

/// The charts of the domain: what is full, who was refused, what ends.
pub fn charts(read: &mut dyn Read, question: &Question) -> Outcome<Vec<Chart>> {
    let now = question.now;
    let servers = asked(read, question.instance.as_deref())?;
    let several = servers.len() > 1;
    let (mut full, mut ending) = (Vec::new(), Vec::new());
    let mut refused = Refused::new(now);
    for (id, server) in servers {
        let label = |feature: &dyn std::fmt::Display| {
            if several { format!("{}: {feature}", server.name) } else { feature.to_string() }
        };
        let which = Asked { extent: Extent::Asked, since: now.plus_days(-1), near: NEAR_PERCENT };
        capacity::each(read, &server.name, which, now, &mut |one| {
            full.push((label(&one.key), one));
            Ok(Flow::Continue(()))
        })?;
        let wanted = Wanted { since: Some(refused.since()), until: Some(now.s()), feature: None };
        if let Some(manager) = usage::known_manager(read, &server.name)? {
            usage::each_denial(read, manager, &wanted, &mut |record| {
                refused.take(&label(&record.feature), record.time);
                Ok(Flow::Continue(()))
            })?;
        }
        for feature in licenses::features_ending(read, id, now.plus_days(AHEAD_DAYS).s())? {
            // Where the feature stands among the others is not shown, and would be counted anew for each.
            let served = features::in_zone(read, id, feature, now, server.utc_offset)?;
            let Some(served) = served else { continue };
            if let Some(points) = ahead(&served.licenses, now) {
                ending.push((label(&served.key), points));
            }
        }
    }
    Ok([fullness(full), refused.finish(), ends(ending)].into_iter().flatten().collect())
}
