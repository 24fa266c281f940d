//! The units of several hosts made one.

use super::names::Names;
use super::totals::Total;
use crate::error::Outcome;
use crate::kms::report::{Unit, Valid, label_hash};
use crate::store::Flow;
use uuid::Uuid;

/// Whose unit it is.
pub(super) struct Who<'a> {
    pub(super) cmid: Uuid,
    pub(super) name: &'a str,
    /// The hash of the name's label.
    pub(super) label: Option<u64>,
    pub(super) sku: i64,
}

impl<'a> Who<'a> {
    pub(super) fn new(cmid: Uuid, name: &'a str, sku: i64) -> Self {
        Self { cmid, name, label: label_hash(name), sku }
    }
}

pub(super) fn unit<'a>(who: &Who<'a>, total: &Total, names: &'a Names) -> Outcome<Unit<'a>> {
    let sku = names.sku(who.sku)?;
    let valid = match &total.valid {
        None => None,
        Some((first, newest)) => Some(Valid {
            first: *first,
            last: newest.time,
            status: newest.status,
            minutes: newest.minutes,
            virtual_machine: newest.virtual_machine,
            host: names.host(i64::from(newest.host))?,
        }),
    };
    Ok(Unit {
        cmid: who.cmid,
        name: who.name,
        label: who.label,
        activation: sku.guid,
        pool: sku.pool,
        rows: u64::from(total.rows),
        first: total.first,
        last: total.last,
        required: total.required,
        valid,
    })
}

/// Units whose hosts are merged: those of one client and product come behind each other.
#[derive(Default)]
pub(super) struct Merged {
    open: Option<Merging>,
}

impl Merged {
    /// Takes the unit of one host, and hands out the one before it when that is complete.
    pub(super) fn take(
        &mut self,
        who: &Who<'_>,
        total: &Total,
        names: &Names,
        each: &mut dyn FnMut(&Unit<'_>) -> Outcome<Flow>,
    ) -> Outcome<Flow> {
        let Some(open) = &mut self.open else {
            self.open = Some(Merging::new(who, *total));
            return Ok(Flow::Continue(()));
        };
        if open.is(who) {
            open.total.merge(total);
            return Ok(Flow::Continue(()));
        }
        let flow = each(&open.unit(names)?)?;
        // The name goes into the room of the one before, for there may be millions.
        who.name.clone_into(&mut open.name);
        (open.cmid, open.label, open.sku, open.total) = (who.cmid, who.label, who.sku, *total);
        Ok(flow)
    }

    /// Hands out the last unit.
    pub(super) fn finish(
        self,
        names: &Names,
        each: &mut dyn FnMut(&Unit<'_>) -> Outcome<Flow>,
    ) -> Outcome<()> {
        if let Some(last) = self.open {
            // The caller may have broken off before; one more unit does it no harm.
            let _ = each(&last.unit(names)?)?;
        }
        Ok(())
    }
}

/// A unit whose hosts are being merged.
pub(super) struct Merging {
    pub(super) cmid: Uuid,
    pub(super) name: String,
    pub(super) label: Option<u64>,
    pub(super) sku: i64,
    pub(super) total: Total,
}

impl Merging {
    pub(super) fn new(who: &Who<'_>, total: Total) -> Self {
        let Who { cmid, name, label, sku } = *who;
        Self { cmid, name: name.to_owned(), label, sku, total }
    }

    pub(super) fn is(&self, who: &Who<'_>) -> bool {
        self.cmid == who.cmid && self.sku == who.sku && self.name == who.name
    }

    pub(super) fn who(&self) -> Who<'_> {
        Who { cmid: self.cmid, name: &self.name, label: self.label, sku: self.sku }
    }

    fn unit<'a>(&'a self, names: &'a Names) -> Outcome<Unit<'a>> {
        unit(&self.who(), &self.total, names)
    }
}
