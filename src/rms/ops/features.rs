//! Features with their licenses, one after the other.

use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::catalog::elements::LICENSE_STATE;
use crate::rms::model::license::{FeatureKey, License, Value};
use crate::rms::rules::node::{Node, node};
use crate::rms::store::licenses::{self, Placed};
use crate::store::{Flow, Read};
use std::ops::ControlFlow;

/// A feature, its licenses in load order, and the right that is served for it.
#[derive(Debug, Clone)]
pub struct Served {
    /// Position among the features, counted from 0.
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
    fn new(index: i64, placed: Vec<Placed>, now: Timestamp) -> Option<Self> {
        let first = placed.first()?;
        let (id, key) = (first.feature, first.license.feature());
        let (ids, licenses): (Vec<i64>, Vec<License>) =
            placed.into_iter().map(|placed| (placed.seq, placed.license)).unzip();
        let node = node(&licenses, now);
        Some(Self { index, id, key, licenses, ids, node })
    }

    /// Whether the license at that position is part of the node.
    #[must_use]
    pub fn is_active(&self, at: usize) -> bool {
        self.node.as_ref().is_some_and(|node| node.is_active(at))
    }

    /// The license as it is answered: a state that was not captured is that of the moment.
    #[must_use]
    pub fn answered(&self, at: usize) -> Option<License> {
        let mut license = self.licenses.get(at)?.clone();
        if !license.elements.has(&LICENSE_STATE) {
            license.elements.set(&LICENSE_STATE, Value::Number(i64::from(self.is_active(at))));
        }
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
    licenses::each(read, server, &mut |placed| {
        if held.first().is_some_and(|first| first.feature != placed.feature) {
            if let Some(served) = Served::new(index, std::mem::take(&mut held), now)
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
    if !done && let Some(served) = Served::new(index, held, now) {
        // It is the last one, whether more are wanted or not.
        let _ = found(served)?;
    }
    Ok(())
}

/// One feature.
pub fn one(
    read: &mut dyn Read,
    server: i64,
    feature: i64,
    now: Timestamp,
) -> Outcome<Option<Served>> {
    let index = crate::rms::store::features::index(read, server, feature)?;
    let placed = licenses::of_feature(read, server, feature)?;
    Ok(Served::new(index, placed, now))
}
