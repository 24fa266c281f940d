//! A KMS client: what it holds, what state that is in, and when it is switched on.

use crate::calendar::{DAY, MINUTE, Moment};
use crate::product::Product;
use crate::random::{Guid, Random};

/// How long a KMS activation lasts: 180 days.
const VALIDITY: i64 = 259_200 * MINUTE;
/// How long every grace lasts: 30 days.
const GRACE: i64 = 43_200 * MINUTE;

/// `LicenseStatus`, as the API numbers it.
pub(crate) const LICENSED: u8 = 1;
const OOB_GRACE: u8 = 2;
const OOT_GRACE: u8 = 3;
pub(crate) const NOTIFICATION: u8 = 5;

/// One product on one machine.
#[derive(Debug)]
pub(crate) struct Licence {
    pub(crate) product: &'static Product,
    pub(crate) status: u8,
    /// When the state ends; `None` when it does not.
    deadline: Option<Moment>,
    /// When it asks its host for the first time.
    pub(crate) asks: Moment,
}

impl Licence {
    /// Freshly installed: in initial grace.
    pub(crate) const fn installed(
        product: &'static Product,
        installed: Moment,
        asks: Moment,
    ) -> Self {
        Self { product, status: OOB_GRACE, deadline: Some(installed.plus(GRACE)), asks }
    }

    /// Activated by some host at `activated`.
    pub(crate) const fn activated(
        product: &'static Product,
        activated: Moment,
        asks: Moment,
    ) -> Self {
        Self { product, status: LICENSED, deadline: Some(activated.plus(VALIDITY)), asks }
    }

    /// Moves on to the state that the licence is in at `now`.
    pub(crate) fn advance(&mut self, now: Moment) {
        while let Some(deadline) = self.deadline.filter(|deadline| *deadline <= now) {
            (self.status, self.deadline) = if self.status == LICENSED {
                (OOT_GRACE, Some(deadline.plus(GRACE)))
            } else {
                (NOTIFICATION, None)
            };
        }
    }

    pub(crate) const fn activate(&mut self, now: Moment) {
        self.status = LICENSED;
        self.deadline = Some(now.plus(VALIDITY));
    }

    /// `GracePeriodRemaining`: whole minutes to the end of the state.
    pub(crate) fn minutes(&self, now: Moment) -> u32 {
        self.deadline
            .and_then(|deadline| u32::try_from(deadline.since(now) / MINUTE).ok())
            .unwrap_or(0)
    }
}

/// When a machine is switched on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Presence {
    Always,
    /// Monday to Friday, between two offsets into the UTC day. Of 100 mornings, `away` begin an absence of up to nine days.
    OfficeHours {
        from: i64,
        to: i64,
        away: u64,
    },
}

impl Presence {
    /// Tells when a machine that wants to ask at `at` can do so: `at` itself, or some time after the next boot.
    pub(crate) fn next(self, at: Moment, random: &mut Random) -> Moment {
        let Self::OfficeHours { from, to, away } = self else {
            return at;
        };
        let of_day = at.since(at.midnight());
        if at.is_weekday() && (from..to).contains(&of_day) {
            return at;
        }
        let mut day = if of_day < from { at.midnight() } else { at.midnight().plus(DAY) };
        if random.chance(away) {
            day = day.plus(random.between(1, 9) * DAY);
        }
        while !day.is_weekday() {
            day = day.plus(DAY);
        }
        // The service waits a while after the boot; not all machines boot at once.
        day.plus(from + random.between(0, 45 * MINUTE))
    }
}

/// A client machine.
#[derive(Debug)]
pub(crate) struct Machine {
    /// Number of the host that it asks.
    pub(crate) host: usize,
    /// Its names, each with the moment from which on it bears it, in this order.
    pub(crate) names: Vec<(Moment, String)>,
    /// Another spelling of its name that three of ten requests carry.
    pub(crate) alias: Option<String>,
    /// `ClientMachineID`.
    pub(crate) cmid: Guid,
    pub(crate) is_virtual: bool,
    /// What its clock is ahead of the true time, milliseconds.
    pub(crate) skew: i64,
    pub(crate) presence: Presence,
    /// When it is taken away; asks no more from then on.
    pub(crate) leaves: Option<Moment>,
    pub(crate) licences: Vec<Licence>,
}

impl Machine {
    /// A physical machine with a true clock that stays.
    pub(crate) fn new(host: usize, name: String, cmid: Guid, presence: Presence) -> Self {
        Self {
            host,
            names: vec![(Moment(i64::MIN), name)],
            alias: None,
            cmid,
            is_virtual: false,
            skew: 0,
            presence,
            leaves: None,
            licences: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, licence: Licence) -> Self {
        self.licences.push(licence);
        self
    }

    pub(crate) const fn leaving(mut self, at: Moment) -> Self {
        self.leaves = Some(at);
        self
    }

    pub(crate) const fn in_a_vm(mut self) -> Self {
        self.is_virtual = true;
        self
    }

    pub(crate) fn also_called(mut self, alias: String) -> Self {
        self.alias = Some(alias);
        self
    }

    pub(crate) fn renamed(mut self, at: Moment, name: String) -> Self {
        self.names.push((at, name));
        self
    }

    pub(crate) const fn ahead(mut self, skew: i64) -> Self {
        self.skew = skew;
        self
    }

    /// The name that it signs a request with at `at`.
    pub(crate) fn name(&self, at: Moment, random: &mut Random) -> &str {
        if let Some(alias) = &self.alias
            && random.chance(30)
        {
            return alias;
        }
        self.names.iter().rev().find(|(from, _)| *from <= at).map_or("", |(_, name)| name)
    }
}
