//! Features with their licenses, one after the other.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::catalog::elements::LICENSE_STATE;
use crate::rms::model::license::{FeatureKey, License, Value};
use crate::rms::model::trial::TrialClock;
use crate::rms::rules::node::{Node, node};
use crate::rms::rules::trial;
use crate::rms::store::licenses::{self, Placed};
use crate::rms::store::{servers, trials};
use crate::store::{Flow, Read};
use std::ops::ControlFlow;

/// A feature, its licenses in load order, and the right that is served for it.
#[derive(Debug, Clone)]
pub struct Served {
    /// Position among the features, counted from 0; told where it is shown.
    pub index: i64,
    pub id: i64,
    pub key: FeatureKey,
    pub licenses: Vec<License>,
    /// Of each license.
    pub ids: Vec<i64>,
    /// `None` when every license is revoked.
    pub node: Option<Node>,
}

impl Served {
    fn new(
        index: i64,
        placed: Vec<Placed>,
        clocks: &[(i64, TrialClock)],
        (now, offset): (Timestamp, i32),
    ) -> Option<Self> {
        let first = placed.first()?;
        let (id, key) = (first.feature, first.license.feature());
        let (ids, mut licenses): (Vec<i64>, Vec<License>) =
            placed.into_iter().map(|placed| (placed.seq, placed.license)).unzip();
        for (license, seq) in licenses.iter_mut().zip(&ids) {
            if let Some((_, clock)) = clocks.iter().find(|(of, _)| of == seq) {
                trial::put(&mut license.elements, clock, now, offset);
            }
        }
        let node = node(&licenses, now);
        Some(Self { index, id, key, licenses, ids, node })
    }

    /// The licenses, and what they come to.
    pub(super) fn right(&self) -> (&[License], Option<&Node>) {
        (&self.licenses, self.node.as_ref())
    }

    /// Whether the license at that position is part of the node.
    #[must_use]
    pub fn is_active(&self, at: usize) -> bool {
        self.node.as_ref().is_some_and(|node| node.is_active(at))
    }

    /// The license as it is answered: its state is that of the moment, whatever was captured.
    #[must_use]
    pub fn answered(&self, at: usize) -> Option<License> {
        let mut license = self.licenses.get(at)?.clone();
        license.elements.set(&LICENSE_STATE, Value::Number(i64::from(self.is_active(at))));
        Some(license)
    }
}

/// Hands out every feature, in order; memory is bounded by the largest one.
pub fn each(
    read: &mut dyn Read,
    server: i64,
    now: Timestamp,
    found: &mut dyn FnMut(Served) -> Outcome<Flow>,
) -> Outcome<()> {
    let (mut index, mut held) = (0, Vec::<Placed>::new());
    let mut done = false;
    let clocks = trials::all(read, server)?;
    let zone = (now, offset(read, server)?);
    let of = |placed: &[Placed]| {
        let feature = placed.first().map(|first| first.feature);
        clocks.iter().find(|(id, _)| Some(*id) == feature).map_or(&[][..], |(_, clocks)| clocks)
    };
    licenses::each(read, server, &mut |placed| {
        if held.first().is_some_and(|first| first.feature != placed.feature) {
            let placed = std::mem::take(&mut held);
            let clocks = of(&placed);
            if let Some(served) = Served::new(index, placed, clocks, zone)
                && found(served)?.is_break()
            {
                done = true;
                return Ok(ControlFlow::Break(()));
            }
            index += 1;
        }
        held.push(placed);
        Ok(ControlFlow::Continue(()))
    })?;
    let clocks = of(&held);
    if !done && let Some(served) = Served::new(index, held, clocks, zone) {
        // It is the last one, whether more are wanted or not.
        let _ = found(served)?;
    }
    Ok(())
}

/// Minutes that a License Manager's local time is ahead of UTC: days of trials end at its midnight.
fn offset(read: &mut dyn Read, server: i64) -> Outcome<i32> {
    let found = servers::of_id(read, server)?;
    Ok(found.map_or(0, |server| server.utc_offset))
}

/// One feature with its position, for which those before it are counted.
pub fn placed(
    read: &mut dyn Read,
    server: i64,
    feature: i64,
    now: Timestamp,
) -> Outcome<Option<Served>> {
    let index = crate::rms::store::features::index(read, server, feature)?;
    let served = one(read, server, feature, now)?;
    Ok(served.map(|served| Served { index, ..served }))
}

/// One feature, however many stand before it.
pub fn one(
    read: &mut dyn Read,
    server: i64,
    feature: i64,
    now: Timestamp,
) -> Outcome<Option<Served>> {
    let offset = offset(read, server)?;
    in_zone(read, server, feature, now, offset)
}

/// As [`one`], where the offset is known.
pub(super) fn in_zone(
    read: &mut dyn Read,
    server: i64,
    feature: i64,
    now: Timestamp,
    offset: i32,
) -> Outcome<Option<Served>> {
    let placed = licenses::of_feature(read, server, feature)?;
    let clocks = trials::of_feature(read, server, feature)?;
    Ok(Served::new(0, placed, &clocks, (now, offset)))
}
