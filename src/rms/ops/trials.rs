//! What is left of trials: featureCumulativeTrialInfo.

use super::features::{self, Served};
use super::server;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::rules::right::cumulative_trial;
use crate::rms::rules::trial::Left;
use crate::store::{Flow, Read};

/// Hands out every feature that has trial licenses, with what is left of them.
pub fn each(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
    found: &mut dyn FnMut(&Served, Left) -> Outcome<Flow>,
) -> Outcome<()> {
    let (id, _) = server(read, name)?;
    features::each(read, id, now, &mut |served| match cumulative_trial(&served.licenses, now) {
        Some(left) => found(&served, left),
        None => Ok(Flow::Continue(())),
    })
}
