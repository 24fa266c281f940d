//! The answers of `stale`: when one client falls out of its activation, in which state it is, and its finding.

use super::Pool;
use crate::clock::{Span, Timestamp};
use crate::finding::{Detail, Finding, Held, Level};
use crate::kms::catalog::enumerations::{GRACE_MINUTES, LicenseStatus, VALIDITY_MINUTES};
use std::borrow::Cow;
use uuid::Uuid;

/// The states that have time left.
const GRACES: [LicenseStatus; 3] =
    [LicenseStatus::OobGrace, LicenseStatus::OotGrace, LicenseStatus::NonGenuineGrace];

/// What `stale` is asked.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub now: Timestamp,
    /// Only this pool.
    pub pool: Option<Pool>,
    /// Days of silence that are still fresh.
    pub days: i64,
    /// Believe in an activation only when the client was licensed before or the replayed count was high enough.
    pub strict: bool,
    /// Grant 30 days of grace after an activation has run out.
    pub oot_grace: bool,
    /// List those too whose label came back under another CMID.
    pub include_superseded: bool,
    /// Only those with at most so many days left.
    pub limit_days: Option<i64>,
}

impl Parameters {
    /// Silent for more than two renewals, every activation believed in.
    ///
    /// - `renewal`: `VLRenewalInterval`, minutes.
    #[must_use]
    pub fn new(now: Timestamp, renewal: u32) -> Self {
        let days = Span::minutes(2 * i64::from(renewal)).ms() / Span::days(1).ms();
        Self {
            now,
            pool: None,
            days,
            strict: false,
            oot_grace: true,
            include_superseded: false,
            limit_days: None,
        }
    }

    /// What follows from a contact under these terms.
    #[must_use]
    pub fn life(&self, contact: Contact, effect: Effect) -> Life {
        Life::after(contact, effect, if self.oot_grace { GRACE_MINUTES } else { 0 })
    }

    /// Whether a contact is listed: no longer fresh, and near enough to its end.
    #[must_use]
    pub fn lists(&self, contact: Contact, effect: Effect) -> bool {
        let life = self.life(contact, effect);
        life.state(contact.at, self.now, self.days) != State::Fresh
            && self.limit_days.is_none_or(|limit| life.days_left(self.now) <= limit)
    }

    /// Whether a contact may have failed to activate its client.
    #[must_use]
    pub fn doubts(&self, contact: Contact) -> bool {
        self.strict && !contact.had(LicenseStatus::Licensed)
    }
}

/// Where a client stands with its renewals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    Fresh,
    Stale,
    Grace,
    Out,
}

impl State {
    /// The word of the command line and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Stale => "stale",
            Self::Grace => "grace",
            Self::Out => "out",
        }
    }

    /// How bad it is; `None` when there is nothing to be found of it.
    #[must_use]
    pub const fn severity(self) -> Option<Level> {
        match self {
            Self::Fresh => None,
            Self::Stale => Some(Level::Info),
            Self::Grace => Some(Level::Warning),
            Self::Out => Some(Level::Error),
        }
    }

    /// The class of its findings.
    const fn class(self) -> &'static str {
        match self {
            Self::Fresh | Self::Stale => "stale.stale",
            Self::Grace => "stale.grace",
            Self::Out => "stale.out",
        }
    }
}

/// The newest valid row of a client and product, as far as its life depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    pub at: Timestamp,
    /// `LicenseStatus` before the contact.
    pub status: u8,
    /// Minutes that were left of it.
    pub minutes: u32,
}

impl Contact {
    /// Whether the client was in this state before the contact.
    #[must_use]
    pub fn had(self, status: LicenseStatus) -> bool {
        u32::from(self.status) == status.number()
    }
}

/// What a contact led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    Activated,
    /// The count was too low.
    Refused,
}

/// When a client falls out, and when it starts to nag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    pub falls_out: Timestamp,
    /// Notification mode begins.
    pub notification: Timestamp,
}

impl Life {
    /// What follows from a contact.
    ///
    /// - `grace`: minutes for which an activation that ran out is tolerated; 0 with `--no-oot-grace`.
    ///
    /// Source: [PLAN] an activation is renewed in full at each success; [STATES] `OOTGrace` follows it. That it still does: assumed,
    /// sources disagree.
    #[must_use]
    pub fn after(contact: Contact, effect: Effect, grace: u32) -> Self {
        if effect == Effect::Activated {
            let falls_out = contact.at.plus_minutes(i64::from(VALIDITY_MINUTES));
            return Self { falls_out, notification: falls_out.plus_minutes(i64::from(grace)) };
        }
        let left = if GRACES.iter().any(|grace| contact.had(*grace)) { contact.minutes } else { 0 };
        let falls_out = contact.at.plus_minutes(i64::from(left));
        Self { falls_out, notification: falls_out }
    }

    /// The state at `now` of a client last heard of at `contact`; what is worse wins.
    ///
    /// - `patience`: days of silence that are still fresh.
    #[must_use]
    pub fn state(self, contact: Timestamp, now: Timestamp, patience: i64) -> State {
        if now >= self.notification {
            State::Out
        } else if now >= self.falls_out {
            State::Grace
        } else if now.days_since(contact) > patience {
            State::Stale
        } else {
            State::Fresh
        }
    }

    /// The end of what the state still leaves: it becomes worse then, or did.
    #[must_use]
    pub const fn due(self, state: State) -> Timestamp {
        match state {
            State::Fresh | State::Stale => self.falls_out,
            State::Grace | State::Out => self.notification,
        }
    }

    /// Whole days from `now` until the client falls out, rounded down; negative when it has.
    #[must_use]
    pub fn days_left(self, now: Timestamp) -> i64 {
        self.falls_out.days_since(now)
    }
}

/// A client that has not renewed a product for long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapse<'a> {
    /// Name and host of the last renewal.
    pub name: Cow<'a, str>,
    pub host: &'a str,
    pub cmid: Uuid,
    pub activation: Uuid,
    pub pool: Pool,
    pub last: Timestamp,
    pub days_silent: i64,
    pub life: Life,
    pub days_left: i64,
    pub state: State,
    /// The same label has a newer row under another CMID.
    pub superseded: bool,
}

impl Lapse<'_> {
    /// The finding; `None` for a fresh client.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        let level = self.state.severity()?;
        let cmid;
        let client = if self.name.is_empty() {
            cmid = self.cmid.to_string();
            cmid.as_str()
        } else {
            self.name.as_ref()
        };
        let Life { falls_out, notification } = self.life;
        let last = self.last.date();
        let message = match self.state {
            State::Fresh | State::Stale => {
                format!("`{client}` renewed last on {last} and falls out on {}", falls_out.date())
            }
            State::Grace => format!(
                "`{client}` renewed last on {last} and fell out on {}; its grace ends on {}",
                falls_out.date(),
                notification.date()
            ),
            State::Out => {
                format!(
                    "`{client}` renewed last on {last} and is out since {}",
                    notification.date()
                )
            }
        };
        let detail = Detail::of([
            ("ClientName", self.name.as_ref().into()),
            ("ClientMachineID", Held::Guid(self.cmid)),
            ("ActivationID", Held::Guid(self.activation)),
            ("lastRenewed", Held::Time(self.last)),
            ("daysSilent", self.days_silent.into()),
            ("fallsOut", Held::Time(falls_out)),
            ("notificationAt", Held::Time(notification)),
            ("daysLeft", self.days_left.into()),
            ("state", Held::Word(self.state.word())),
            ("superseded", Held::Flag(self.superseded)),
            ("Host", self.host.into()),
        ]);
        let finding = Finding::new("kms", self.state.class(), level, client, message)
            .detailed(detail)
            .since(Some(self.last))
            .due(Some(self.life.due(self.state)))
            .remedy("let the client reach its host and run `slmgr /ato` there, or forget it when the machine is gone");
        Some(finding)
    }
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{NOW, at};
    use super::{Contact, Effect, GRACE_MINUTES, Life, State};

    fn life(time: &str, status: u8, minutes: u32, effect: Effect) -> Life {
        Life::after(Contact { at: at(time), status, minutes }, effect, GRACE_MINUTES)
    }

    #[test]
    fn an_activated_client_lives_180_days_and_is_tolerated_for_30_more() {
        let life = life("2025-03-08T08:00:00Z", 1, 249_120, Effect::Activated);
        assert_eq!(life.falls_out, at("2025-09-04T08:00:00Z"));
        assert_eq!(life.notification, at("2025-10-04T08:00:00Z"));
        assert_eq!(life.days_left(at(NOW)), 157);
        assert_eq!(life.state(at("2025-03-08T08:00:00Z"), at(NOW), 14), State::Stale);
    }

    #[test]
    fn a_client_that_was_refused_lives_as_long_as_its_grace() {
        let cases = [
            (2, 42_980, "2025-04-01T07:20:00Z"),
            (3, 60, "2025-03-02T12:00:00Z"),
            (4, 60, "2025-03-02T12:00:00Z"),
            (0, 60, "2025-03-02T11:00:00Z"),
            (5, 0, "2025-03-02T11:00:00Z"),
        ];
        for (status, minutes, falls_out) in cases {
            let life = life("2025-03-02T11:00:00Z", status, minutes, Effect::Refused);
            assert_eq!(
                (life.falls_out, life.notification),
                (at(falls_out), at(falls_out)),
                "{status}"
            );
        }
    }

    #[test]
    fn each_state_begins_at_its_very_moment() {
        let contact = at("2025-01-01T00:00:00Z");
        let life = life("2025-01-01T00:00:00Z", 1, 0, Effect::Activated);
        let cases = [
            ("2025-01-15T23:59:59Z", State::Fresh),
            ("2025-01-16T00:00:00Z", State::Stale),
            ("2025-06-29T23:59:59Z", State::Stale),
            ("2025-06-30T00:00:00Z", State::Grace),
            ("2025-07-29T23:59:59Z", State::Grace),
            ("2025-07-30T00:00:00Z", State::Out),
        ];
        for (now, state) in cases {
            assert_eq!(life.state(contact, at(now), 14), state, "{now}");
        }
        assert_eq!(life.days_left(at("2025-06-30T00:00:01Z")), -1);
    }

    #[test]
    fn without_the_grace_a_client_is_out_as_soon_as_it_falls_out() {
        let contact = Contact { at: at("2025-01-01T00:00:00Z"), status: 1, minutes: 0 };
        let life = Life::after(contact, Effect::Activated, 0);
        assert_eq!(life.falls_out, life.notification);
        assert_eq!(life.state(contact.at, at("2025-06-30T00:00:00Z"), 14), State::Out);
    }
}
