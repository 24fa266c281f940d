//! The life of a license: what a connection brings a device or a user, and what time takes away.

use crate::clock::Timestamp;
use crate::tslicense::catalog::enumerations::{
    PACK_TEMPORARY, PRODUCT_PER_DEVICE, PRODUCT_PER_USER, STATUS_ACTIVE, STATUS_TEMPORARY,
    STATUS_UPGRADE,
};
use crate::tslicense::catalog::events::{NONE_LEFT, USER_NOT_WRITTEN, USER_UPGRADED};
use crate::tslicense::catalog::versions::{Os, Tier, VERSIONS, tier};
use crate::tslicense::model::datetime::{TEMPORARY_S, constant};
use crate::tslicense::model::{
    Activation, Event, Failure, Held, Issued, KeyPack, KeyPackId, Stage, UNLIMITED, UserLicense,
};
use crate::tslicense::rules::call::licenses;

/// How long a temporary license lives.
const TEMPORARY_DAYS: i64 = 90;
/// How long a license per user lives.
pub const USER_DAYS: i64 = 60;
/// When this is left, or less, a license is renewed.
const RENEWAL_DAYS: i64 = 7;
/// The days that a license per device lives: drawn at random by a real server.
pub const DEVICE_DAYS: std::ops::RangeInclusive<u32> = 52..=89;

/// The disconnect reason of a connection for which there is no license server.
pub const NO_SERVER: u32 = 257;
/// The disconnect reason of a device that gets no license.
pub const NO_LICENSE: u32 = 258;

/// A connection of a device.
#[derive(Debug, Clone)]
pub struct Visit<'a> {
    pub hardware: &'a str,
    pub computer: &'a str,
    pub user: &'a str,
    /// The release of the session host.
    pub host: Os,
    /// How long a permanent license lives, when the user says it.
    pub days: Option<u32>,
    /// Whether the user logs on, which validates a temporary license.
    pub logs_on: bool,
    pub now: Timestamp,
}

/// What a connection came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// A temporary license was issued.
    Temporary,
    /// It goes on with its temporary license.
    StillTemporary,
    /// A permanent license was issued.
    Permanent,
    /// The permanent license was issued anew.
    Renewed,
    /// A license of an older version gave way to a newer one.
    Upgraded,
    /// The license has more than a week left: the server is not even asked.
    Held,
    /// The connection is allowed though the server keeps no record of it.
    Unrecorded,
    /// No license server serves the host, which lets in as long as its grace period lasts.
    Grace,
    /// The host is there for administrators.
    NotNeeded,
    /// No license, no connection.
    Refused,
}

impl Grant {
    /// The word of tables and of JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Temporary => "temporary",
            Self::StillTemporary => "still-temporary",
            Self::Permanent => "permanent",
            Self::Renewed => "renewed",
            Self::Upgraded => "upgraded",
            Self::Held => "held",
            Self::Unrecorded => "unrecorded",
            Self::Grace => "grace",
            Self::NotNeeded => "not-needed",
            Self::Refused => "refused",
        }
    }
}

/// What a connection of a device brings about.
#[derive(Debug, Clone)]
pub struct Connected {
    pub held: Held,
    pub grant: Grant,
    /// The license that the device has now.
    pub license: Option<Issued>,
    pub written: Vec<Issued>,
    pub removed: Vec<Issued>,
    pub events: Vec<Event>,
}

/// The days that the model gives to a device: within the range of real servers, by a hash of its hardware ID.
#[must_use]
pub fn days_of(hardware: &str) -> u32 {
    let hash = hardware
        .to_uppercase()
        .bytes()
        .fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    DEVICE_DAYS.start() + hash % 38
}

/// Connects a device.
///
/// - `rows`: all that is kept of the device, spent temporaries too.
#[must_use]
pub fn device(held: &Held, rows: &[Issued], visit: &Visit<'_>) -> Connected {
    let mut connected = Connected {
        held: held.clone(),
        grant: Grant::Held,
        license: None,
        written: Vec::new(),
        removed: Vec::new(),
        events: Vec::new(),
    };
    let live = |row: &&Issued| row.is_live(visit.now);
    let permanent = rows.iter().filter(live).find(|row| row.is_permanent());
    let temporary = rows.iter().filter(live).find(|row| row.is_temporary());
    let spent = rows.iter().any(|row| row.stage == Stage::Spent);
    match (permanent, temporary) {
        (Some(license), _) if serves(held, license, visit.host) => {
            connected.keep_or_renew(license, visit);
        }
        (Some(older), lent) => connected.upgrade(older, (lent, spent), visit),
        (None, Some(license)) if license.stage == Stage::Validated => {
            connected.exchange(license, visit);
        }
        (None, Some(license)) => connected.go_on(license, visit),
        (None, None) if spent => {
            if !connected.issue(STATUS_ACTIVE, Grant::Permanent, visit) {
                connected.grant = Grant::Refused;
            }
        }
        (None, None) => connected.lend(visit),
    }
    connected
}

fn serves(held: &Held, license: &Issued, host: Os) -> bool {
    held.pack(license.pack).is_some_and(|pack| pack.tier() >= host.tier())
}

impl Connected {
    fn keep_or_renew(&mut self, license: &Issued, visit: &Visit<'_>) {
        let mut license = license.clone();
        if license.expires <= visit.now.plus_days(RENEWAL_DAYS) {
            license.issued = visit.now;
            license.expires = visit.now.plus_days(i64::from(days(visit)));
            self.written.push(license.clone());
            self.grant = Grant::Renewed;
        }
        self.license = Some(license);
    }

    /// A license of an older version: a newer one when there is any, else the device is as one without.
    fn upgrade(
        &mut self,
        older: &Issued,
        (lent, spent): (Option<&Issued>, bool),
        visit: &Visit<'_>,
    ) {
        if self.issue(STATUS_UPGRADE, Grant::Upgraded, visit) {
            for license in [Some(older), lent].into_iter().flatten() {
                self.held.count_issued(license.pack, -1);
                self.removed.push(license.clone());
            }
        } else if let Some(lent) = lent {
            self.go_on(lent, visit);
        } else if spent {
            self.grant = Grant::Refused;
        } else {
            self.lend(visit);
        }
    }

    /// A validated temporary license is exchanged for a permanent one.
    fn exchange(&mut self, license: &Issued, visit: &Visit<'_>) {
        if self.issue(STATUS_ACTIVE, Grant::Permanent, visit) {
            self.held.count_issued(license.pack, -1);
            self.removed.push(license.clone());
        } else {
            self.grant = Grant::StillTemporary;
            self.license = Some(license.clone());
        }
    }

    fn go_on(&mut self, license: &Issued, visit: &Visit<'_>) {
        let mut license = license.clone();
        if visit.logs_on {
            license.stage = Stage::Validated;
            self.written.push(license.clone());
        }
        self.grant = Grant::StillTemporary;
        self.license = Some(license);
    }

    /// A temporary license, from the pool of the host's version, which is made when it is first needed.
    fn lend(&mut self, visit: &Visit<'_>) {
        let pack = self.pool(visit.host.tier());
        let id = self.held.next_license();
        let stage = if visit.logs_on { Stage::Validated } else { Stage::Fresh };
        let license = Issued {
            stage,
            expires: visit.now.plus_days(TEMPORARY_DAYS),
            ..new(id, pack, STATUS_TEMPORARY, visit)
        };
        self.held.count_issued(pack, 1);
        self.written.push(license.clone());
        self.license = Some(license);
        self.grant = Grant::Temporary;
    }

    fn pool(&mut self, of: Tier) -> KeyPackId {
        let is_pool = |pack: &&KeyPack| pack.key_pack_type == PACK_TEMPORARY && pack.tier() == of;
        if let Some(pack) = self.held.packs.iter().find(is_pool) {
            return pack.id;
        }
        let version = version_of(of);
        let id = self.held.next_id();
        let pack = KeyPack::new(id, PACK_TEMPORARY, (version, PRODUCT_PER_DEVICE), UNLIMITED);
        self.held.put(KeyPack { expires: constant(TEMPORARY_S), ..pack });
        id
    }

    /// Issues a permanent license, when there is one; an event says that there is none.
    fn issue(&mut self, status: u32, grant: Grant, visit: &Visit<'_>) -> bool {
        let activated = self.held.server.activation != Activation::NotActivated;
        let chosen = choose(&self.held, PRODUCT_PER_DEVICE, visit.host.tier(), visit.now)
            .find(|pack| pack.available >= 1)
            .map(|pack| pack.id);
        let Some(pack) = chosen.filter(|_| activated) else {
            self.events.push(none_left(PRODUCT_PER_DEVICE, visit.host, visit.now));
            return false;
        };
        let id = self.held.next_license();
        let license = new(id, pack, status, visit);
        self.held.count_issued(pack, 1);
        self.written.push(license.clone());
        self.license = Some(license);
        self.grant = grant;
        true
    }
}

fn days(visit: &Visit<'_>) -> u32 {
    visit.days.unwrap_or_else(|| days_of(visit.hardware))
}

fn new(
    id: crate::tslicense::model::LicenseId,
    pack: KeyPackId,
    status: u32,
    visit: &Visit<'_>,
) -> Issued {
    Issued {
        id,
        pack,
        status,
        stage: Stage::Fresh,
        issued: visit.now,
        expires: visit.now.plus_days(i64::from(days(visit))),
        hardware: visit.hardware.to_owned(),
        computer: visit.computer.to_owned(),
        user: visit.user.to_owned(),
    }
}

/// The packs that serve a host, the lowest version first, then the lowest number; of the host's version alone when a policy of the
/// server prevents the upgrade of licenses.
fn choose(held: &Held, product: u32, host: Tier, now: Timestamp) -> impl Iterator<Item = &KeyPack> {
    let exact = held.server.directory.prevents_upgrade;
    let fits = move |pack: &&KeyPack| {
        let serves = if exact { pack.tier() == host } else { pack.tier() >= host };
        pack.is_owned() && pack.product == product && serves && now < pack.expires
    };
    let mut packs: Vec<&KeyPack> = held.packs.iter().filter(fits).collect();
    packs.sort_by_key(|pack| (pack.tier(), pack.id));
    packs.into_iter()
}

/// The oldest version of a rank.
fn version_of(tier: Tier) -> u32 {
    VERSIONS.iter().find(|row| row.tier == tier).map_or(0, |row| row.id)
}

fn none_left(product: u32, host: Os, now: Timestamp) -> Event {
    let version = version_of(host.tier());
    Event { at: now, id: NONE_LEFT, text: licenses(product, version) }
}

/// What a connection of a user brings about. It is always allowed.
#[derive(Debug, Clone)]
pub struct UserConnected {
    pub held: Held,
    pub grant: Grant,
    pub license: Option<UserLicense>,
    /// Whether the license has to be written.
    pub changed: bool,
    /// The license could not be written into the directory.
    pub failed: Option<Failure>,
    pub events: Vec<Event>,
}

/// Connects a user.
///
/// - `record`: the live license of the user, if there is one.
#[must_use]
pub fn user(
    held: &Held,
    record: Option<&UserLicense>,
    (name, host): (&str, Os),
    now: Timestamp,
) -> UserConnected {
    let mut connected = UserConnected {
        held: held.clone(),
        grant: Grant::Held,
        license: record.cloned(),
        changed: false,
        failed: None,
        events: Vec::new(),
    };
    if !held.server.tracks_users() {
        let why = match held.server.joined {
            Some(false) => "the server is in a workgroup",
            _ => "the server is not in the group Terminal Server License Servers",
        };
        let text = format!("for {name}: {why}");
        let version = version_of(host.tier());
        connected.failed = Some(Failure { user: name.to_owned(), tried: now, version });
        connected.events.push(Event { at: now, id: USER_NOT_WRITTEN, text });
        connected.grant = Grant::Unrecorded;
        connected.license = None;
        return connected;
    }
    match record {
        Some(license) if tier(license.version) >= host.tier() => {
            if license.expires <= now.plus_days(RENEWAL_DAYS) {
                let expires = now.plus_days(USER_DAYS);
                connected.license = Some(UserLicense { expires, ..license.clone() });
                connected.grant = Grant::Renewed;
                connected.changed = true;
            }
        }
        other => connected.issue(other, (name, host), now),
    }
    connected
}

impl UserConnected {
    /// A license of the lowest version that serves the host; when none is left one more than there are.
    fn issue(&mut self, older: Option<&UserLicense>, (name, host): (&str, Os), now: Timestamp) {
        let packs: Vec<&KeyPack> = choose(&self.held, PRODUCT_PER_USER, host.tier(), now).collect();
        let free = packs.iter().find(|pack| pack.available >= 1).or(packs.first());
        let Some((pack, version)) = free.map(|pack| (pack.id, pack.version)) else {
            self.events.push(none_left(PRODUCT_PER_USER, host, now));
            self.grant = Grant::Unrecorded;
            return;
        };
        if let Some(older) = older {
            self.held.count_issued(older.pack, -1);
            let text = format!("of {name}");
            self.events.push(Event { at: now, id: USER_UPGRADED, text });
        }
        self.held.count_issued(pack, 1);
        self.grant = if older.is_some() { Grant::Upgraded } else { Grant::Permanent };
        let first = older.map_or(now, |older| older.first);
        let expires = now.plus_days(USER_DAYS);
        self.license = Some(UserLicense { user: name.to_owned(), pack, version, first, expires });
        self.changed = true;
    }
}

/// What time took away from a server: licenses that expired are free again.
#[must_use]
pub fn swept(mut held: Held, expired: &[(KeyPackId, i64)]) -> Held {
    for (pack, count) in expired {
        held.count_issued(*pack, -count);
    }
    held
}

/// Counts a license per user in another pack, when its own is gone; `None` when no pack is left.
pub fn rehomed(held: &mut Held, license: &UserLicense, now: Timestamp) -> Option<UserLicense> {
    let packs: Vec<&KeyPack> = choose(held, PRODUCT_PER_USER, tier(license.version), now).collect();
    let pack = packs.iter().find(|pack| pack.available >= 1).or(packs.first())?;
    let (pack, version) = (pack.id, pack.version);
    held.count_issued(pack, 1);
    Some(UserLicense { pack, version, ..license.clone() })
}
