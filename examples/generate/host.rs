//! A KMS host: how it answers, what it counts and what it logs.

use crate::calendar::{DAY, HOUR, Moment, SECOND};
use crate::product::{Pool, Product};
use crate::random::Guid;
use std::collections::BTreeMap;

/// `SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH`: the host cannot serve this product.
pub(crate) const ID_MISMATCH: u32 = 0xC004_F042;
/// `SL_E_VL_INVALID_TIMESTAMP`: the clocks are more than four hours apart.
pub(crate) const INVALID_TIMESTAMP: u32 = 0xC004_F06C;

/// How long a client counts after its last request.
const CACHE_LIFE: i64 = 30 * DAY;

/// What is fixed about a host.
#[derive(Debug)]
pub(crate) struct Facts {
    /// The name that its own records bear.
    pub(crate) computer: &'static str,
    /// `VLActivationInterval` and `VLRenewalInterval`, minutes.
    pub(crate) activation_interval: i64,
    pub(crate) renewal_interval: i64,
    /// When its log begins.
    pub(crate) opened: Moment,
    /// Activation IDs that its keys do not cover.
    pub(crate) lacks: &'static [&'static str],
    /// When somebody else writes into its log, if ever.
    pub(crate) stranger: Option<Moment>,
}

/// One activation request: the fields of event 12290, and the count that the host answered.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// `EventRecordID`.
    pub(crate) record: u64,
    pub(crate) time: Moment,
    pub(crate) hresult: u32,
    pub(crate) required: u32,
    pub(crate) name: String,
    pub(crate) cmid: Guid,
    pub(crate) client_time: Moment,
    pub(crate) is_virtual: bool,
    pub(crate) status: u8,
    pub(crate) minutes: u32,
    pub(crate) activation: &'static str,
    /// Told to the client, logged by it, never by the host.
    pub(crate) count: usize,
}

impl Request {
    /// `HResult` as event 12290 writes it.
    pub(crate) fn code(&self) -> String {
        if self.hresult == 0 { "0x0".to_owned() } else { format!("0x{:08X}", self.hresult) }
    }

    /// The comma list of the documented single-string layout.
    pub(crate) fn info(&self) -> String {
        format!(
            "{},{},{},{},{},{},{},{},{}",
            self.code(),
            self.required,
            self.name,
            self.cmid,
            self.client_time.loose(),
            u8::from(self.is_virtual),
            self.status,
            self.minutes,
            self.activation
        )
    }

    /// The ten strings of modern hosts: one of unknown meaning, then the nine fields.
    pub(crate) fn strings(&self) -> Vec<String> {
        let lead = String::new();
        std::iter::once(lead).chain(self.info().split(',').map(str::to_owned)).collect()
    }
}

/// The cumulative counters of one pool.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Counters {
    /// Valid requests; failed ones are not among them.
    pub(crate) total: u32,
    pub(crate) failed: u32,
    /// By the `LicenseStatus` that the client had, 0 to 5.
    pub(crate) by_status: [u32; 6],
}

/// What a host knows of one pool.
#[derive(Debug, Default)]
struct Ledger {
    last_seen: BTreeMap<Guid, Moment>,
    largest: u32,
    counters: Counters,
}

impl Ledger {
    /// The cache holds twice the largest count that any client ever wanted, never less than 10.
    fn limit(&self) -> usize {
        usize::try_from(self.largest).unwrap_or(0).saturating_mul(2).max(10)
    }

    fn purge(&mut self, now: Moment) {
        self.last_seen.retain(|_, seen| now.since(*seen) <= CACHE_LIFE);
    }

    fn count(&mut self, ask: &Request) -> usize {
        self.purge(ask.time);
        self.last_seen.insert(ask.cmid, ask.time);
        self.largest = self.largest.max(ask.required);
        while self.last_seen.len() > self.limit() {
            let oldest = self.last_seen.iter().min_by_key(|(cmid, seen)| (**seen, **cmid));
            let Some(cmid) = oldest.map(|(cmid, _)| *cmid) else {
                break;
            };
            self.last_seen.remove(&cmid);
        }
        self.last_seen.len()
    }
}

/// A record of a foreign program in the Key Management Service log.
#[derive(Debug)]
pub(crate) struct Stranger {
    pub(crate) record: u64,
    pub(crate) time: Moment,
}

/// A host at work.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) facts: Facts,
    pub(crate) log: Vec<Request>,
    pub(crate) stranger: Option<Stranger>,
    next_record: u64,
    windows: Ledger,
    office14: Ledger,
    office15: Ledger,
}

impl Host {
    pub(crate) fn new(facts: Facts) -> Self {
        Self {
            facts,
            log: Vec::new(),
            stranger: None,
            next_record: 1,
            windows: Ledger::default(),
            office14: Ledger::default(),
            office15: Ledger::default(),
        }
    }

    /// Answers a request whose record, code and count are still open, and logs it.
    ///
    /// Returns whether the client is activated.
    pub(crate) fn answer(&mut self, mut ask: Request, product: &Product) -> bool {
        if self.stranger.is_none() && self.facts.stranger.is_some_and(|at| at <= ask.time) {
            let time = ask.time.minus(7 * SECOND);
            self.stranger = Some(Stranger { record: self.take_record(), time });
        }
        ask.record = self.take_record();
        let apart = ask.client_time.since(ask.time).abs();
        let refused = if self.facts.lacks.contains(&product.activation) {
            Some(ID_MISMATCH)
        } else if apart > 4 * HOUR {
            Some(INVALID_TIMESTAMP)
        } else {
            None
        };
        let ledger = self.ledger(product.pool);
        if let Some(code) = refused {
            ledger.counters.failed += 1;
            ask.hresult = code;
        } else {
            ledger.counters.total += 1;
            if let Some(slot) = ledger.counters.by_status.get_mut(usize::from(ask.status)) {
                *slot += 1;
            }
            ask.count = ledger.count(&ask);
        }
        let enough = usize::try_from(ask.required).is_ok_and(|required| ask.count >= required);
        self.log.push(ask);
        refused.is_none() && enough
    }

    /// `KeyManagementServiceCurrentCount` and the counters of a pool at `now`.
    pub(crate) fn state(&mut self, pool: Pool, now: Moment) -> (usize, Counters) {
        let ledger = self.ledger(pool);
        ledger.purge(now);
        (ledger.last_seen.len(), ledger.counters.clone())
    }

    const fn ledger(&mut self, pool: Pool) -> &mut Ledger {
        match pool {
            Pool::Windows => &mut self.windows,
            Pool::Office14 => &mut self.office14,
            Pool::Office15 => &mut self.office15,
        }
    }

    const fn take_record(&mut self) -> u64 {
        let record = self.next_record;
        self.next_record += 1;
        record
    }
}
