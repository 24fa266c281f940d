//! One block of a listing: what its labels say, made elements, counters and facts of a client.

use super::labels::{Counter, OfClient, Take, Words};
use crate::rms::catalog::elements::{
    CL_LOCK_INFO, Element, Form, GRACE_PERIOD_FLAG, IS_STANDALONE, KEY_LIFE_TIME, LIC_TYPE,
    LICENSE_STATE, LICENSE_VERSION, LOCAL_REQUEST_LOCK_CRIT_FLAG, NUM_SUBNETS, SERVER_LOCKING_INFO,
    SITE_LICENSE_INFO, TRIAL_CURRENT_STATUS,
};
use crate::rms::catalog::locks::CRITERIA;
use crate::rms::catalog::versions::NOT_DEFINED;
use crate::rms::export::escaped;
use crate::rms::import::local::Local;
use crate::rms::import::records::{ClientFacts, ClientState, Counters, PoolShare};
use crate::rms::import::{asctime, values};
use crate::rms::model::license::{Elements, Extra, Value};

/// A block under way.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) line: u64,
    pub(super) elements: Elements,
    pub(super) extras: Vec<Extra>,
    pub(super) counters: Counters,
    pub(super) client: ClientFacts,
    /// What each License Manager of a pool has of the tokens.
    pub(super) shares: Vec<PoolShare>,
    /// Elements whose number is what "unlimited" is in the license's version, which may come later.
    unlimited: Vec<&'static Element>,
}

/// Why a value was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bad;

impl Block {
    pub(super) fn new(line: u64) -> Self {
        Self { line, ..Self::default() }
    }

    /// Takes what stands behind a label; `local`: the zone of local times.
    pub(super) fn take(&mut self, take: Take, text: &str, local: Local<'_>) -> Result<(), Bad> {
        let value = match take {
            // The rows stand below.
            Take::Pool => return Ok(()),
            Take::Keep => return Err(Bad),
            Take::Text(element) => return self.text(element, text),
            Take::Quoted(element) => return self.text(element, unquoted(text)),
            Take::Counter(counter) => return self.counter(counter, text),
            Take::Client(of) => return client(&mut self.client, of, text, local).ok_or(Bad),
            Take::LicenseType => return self.license_type(text),
            Take::State => return self.state(text),
            Take::ServerCode => return self.joined(&SERVER_LOCKING_INFO, &server_code(text), ";"),
            Take::ClientCode => return self.joined(&CL_LOCK_INFO, text, " "),
            Take::Subnets => {
                let count = i64::try_from(text.split_whitespace().count()).map_err(|_| Bad)?;
                self.elements.set(&NUM_SUBNETS, Value::Number(count));
                return self.text(&SITE_LICENSE_INFO, text);
            }
            Take::Limit(element) if begins(text, "unlimited") => {
                self.unlimited.push(element);
                return Ok(());
            }
            Take::Number(element) if element.at == KEY_LIFE_TIME.at && begins(text, "infinite") => {
                (element, Some(i64::from(u32::MAX)))
            }
            Take::Number(element) | Take::Limit(element) => (element, counted(text)),
            Take::Times(element, factor) => {
                (element, counted(text).and_then(|number| number.checked_mul(factor)))
            }
            Take::Date(element) => (element, date(text, local)),
            Take::Words(element, words) => (element, word(words, text)),
            Take::Criteria(element) => {
                self.elements.set(&LOCAL_REQUEST_LOCK_CRIT_FLAG, Value::Number(1));
                (element, criteria(text))
            }
            Take::Version => (&LICENSE_VERSION, version(text)),
        };
        let (element, Some(number)) = value else { return Err(Bad) };
        if !values::range(element).contains(&number) {
            return Err(Bad);
        }
        self.elements.set(element, Value::Number(number));
        Ok(())
    }

    fn text(&mut self, element: &'static Element, text: &str) -> Result<(), Bad> {
        // What the vendor wrote is kept to the letter in XML alone: here blanks fill the line.
        let (value, _) = values::read(element, text.trim()).map_err(|_| Bad)?;
        if element.form == Form::Hash && text.trim().is_empty() {
            return Ok(());
        }
        self.elements.set(element, value.ok_or(Bad)?);
        Ok(())
    }

    fn joined(&mut self, element: &'static Element, part: &str, by: &str) -> Result<(), Bad> {
        let held = self.elements.text(element);
        let joined = if held.is_empty() { part.to_owned() } else { format!("{held}{by}{part}") };
        self.text(element, &joined)
    }

    fn counter(&mut self, counter: Counter, text: &str) -> Result<(), Bad> {
        let number = counted(text).and_then(|number| u64::try_from(number).ok());
        // An unlimited rest is no number.
        if number.is_none() && !begins(text, "unlimited") {
            return Err(Bad);
        }
        let slot = match counter {
            Counter::UnreservedInUse => &mut self.counters.unreserved_in_use,
            Counter::UnreservedFree => &mut self.counters.unreserved_free,
            Counter::ReservedInUse => &mut self.counters.reserved_in_use,
            Counter::ReservedFree => &mut self.counters.reserved_free,
            Counter::UnreservedQueued => &mut self.counters.unreserved_queued,
            Counter::ReservedQueued => &mut self.counters.reserved_queued,
        };
        *slot = number;
        Ok(())
    }

    fn license_type(&mut self, text: &str) -> Result<(), Bad> {
        let text = unquoted(text);
        let (kind, standalone) = match () {
            () if begins(text, "normal") => (0, None),
            () if begins(text, "trial") => (1, None),
            // It is listed on the client, as the license that the grace period hangs on.
            () if begins(text, "grace") => {
                self.elements.set(&GRACE_PERIOD_FLAG, Value::Number(1));
                (0, None)
            }
            () if begins(text, "perpetual") || begins(text, "repository") => (0, Some(2)),
            () => return Err(Bad),
        };
        self.elements.set(&LIC_TYPE, Value::Number(kind));
        if let Some(standalone) = standalone {
            self.elements.set(&IS_STANDALONE, Value::Number(standalone));
        }
        Ok(())
    }

    fn state(&mut self, text: &str) -> Result<(), Bad> {
        let (state, trial) = match () {
            () if begins(text, "active") => (1, None),
            () if begins(text, "inactive") => (0, None),
            () if begins(text, "unused") => (0, Some(0)),
            () if begins(text, "exhausted") => (0, Some(2)),
            // The kit prints it without its last letter.
            () if begins(text, "unknow") => return Ok(()),
            () => return Err(Bad),
        };
        self.elements.set(&LICENSE_STATE, Value::Number(state));
        if let Some(trial) = trial {
            self.elements.set(&TRIAL_CURRENT_STATUS, Value::Number(trial));
        }
        Ok(())
    }

    /// Keeps a pair that means nothing here.
    pub(super) fn keep(&mut self, label: &str, text: &str) {
        let name = element_name(label);
        if !name.is_empty() && values::is_legal(text) {
            let xml = format!("<{name}>{}</{name}>", escaped(text));
            self.extras.retain(|extra| extra.name != name);
            self.extras.push(Extra { name, xml });
        }
    }

    /// Settles what depends on labels that come later.
    pub(super) fn close(&mut self) {
        let unlimited = i64::from(self.elements.unlimited());
        for element in std::mem::take(&mut self.unlimited) {
            self.elements.set(element, Value::Number(unlimited));
        }
    }
}

/// Whether a text begins with a word, whatever the case.
fn begins(text: &str, word: &str) -> bool {
    text.trim_start().get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}

/// A text without the quotes around it; quotes within stay.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// The number with which a text begins, alone or before a unit. Words that say "none" are 0.
fn counted(text: &str) -> Option<i64> {
    let text = text.trim();
    if begins(text, "restricted to license expiry") || begins(text, "none") {
        return Some(0);
    }
    let signed = text.strip_prefix('-').unwrap_or(text);
    let digits = signed.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = signed.split_at_checked(digits)?;
    let unit = rest.is_empty() || rest.starts_with([' ', '.']);
    let fraction = rest.strip_prefix('.').is_some_and(|rest| !rest.trim().is_empty());
    let number: i64 = number.parse().ok().filter(|_| unit && !fraction)?;
    Some(if signed.len() < text.len() { -number } else { number })
}

fn word(words: Words, text: &str) -> Option<i64> {
    let text = unquoted(text);
    words.iter().find(|(word, _)| begins(text, word)).map(|(_, number)| *number)
}

/// A date in local time as seconds since 1970 in UTC; 0 where the listing says that there is none.
fn date(text: &str, local: Local<'_>) -> Option<i64> {
    static NONE: [&str; 6] = [
        "license is current",
        "no license start date",
        "license has no expiration",
        "no expiration",
        "license not marked",
        "no",
    ];
    match asctime::seconds(text) {
        Some(seconds) => Some(local.utc(seconds)),
        None => NONE.iter().any(|none| begins(text, none)).then_some(0),
    }
}

fn version(text: &str) -> Option<i64> {
    let text = text.trim();
    if begins(text, "not defined") {
        return Some(i64::from(NOT_DEFINED));
    }
    if begins(text, "older than") {
        return Some(0);
    }
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let hex = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then(|| i64::from_str_radix(digits, 16).ok()).flatten()
}

/// Names of criteria with commas, blanks or colons between, made a mask.
fn criteria(text: &str) -> Option<i64> {
    let plain = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
    };
    if begins(text, "none") {
        return Some(0);
    }
    let mut mask = 0;
    for name in text.split([',', ':', '|', '+']).filter(|name| !name.trim().is_empty()) {
        let wanted = plain(name);
        let row = CRITERIA.iter().find(|row| {
            let known = plain(row.name);
            known == wanted || plain(row.what) == wanted || wanted == format!("{known}ESS")
        })?;
        mask |= row.bit;
    }
    (mask != 0).then_some(i64::from(mask))
}

/// `Primary   = CODE` made `Primary=CODE`.
fn server_code(text: &str) -> String {
    match text.split_once('=') {
        Some((which, code)) => format!("{}={}", which.trim(), code.trim()),
        None => text.trim().to_owned(),
    }
}

/// What a client tells of itself; `None` when the value is none.
fn client(client: &mut ClientFacts, of: OfClient, text: &str, local: Local<'_>) -> Option<()> {
    let text = text.trim();
    let number = || counted(text).and_then(|number| u32::try_from(number).ok());
    match of {
        OfClient::User => text.clone_into(&mut client.user_name),
        OfClient::Host => text.clone_into(&mut client.host_name),
        OfClient::XDisplay => text.clone_into(&mut client.x_display_name),
        OfClient::Group => text.clone_into(&mut client.group),
        OfClient::SharingId => text.clone_into(&mut client.vendor_defined_sharing_id),
        OfClient::Units => client.num_units = Some(number()?),
        OfClient::CheckoutDays => client.checkout_days = Some(number()?),
        OfClient::SharedBy => client.shared_by = Some(number()?),
        OfClient::IsCommuter => {
            if word(&[("yes", 1), ("no", 0)], text)? == 1 {
                client.state = ClientState::Commuted;
            }
        }
        OfClient::Status if begins(text, "this license is being held") => {
            client.state = ClientState::Held;
        }
        OfClient::Status => {
            let queued = begins(text, "queued since");
            let since = text.get("running since".len()..).filter(|_| begins(text, "running since"));
            let since = since.or_else(|| text.get("queued since".len()..).filter(|_| queued))?;
            client.start_time = Some(local.utc(asctime::seconds(since)?));
            if queued {
                client.state = ClientState::Queued;
            }
        }
    }
    Some(())
}

/// A label as the name of an element: `Capacity type` is `capacityType`.
fn element_name(label: &str) -> String {
    let mut name = String::new();
    for word in label.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        for (at, letter) in word.chars().enumerate() {
            if at == 0 && !name.is_empty() {
                name.push(letter.to_ascii_uppercase());
            } else {
                name.push(letter.to_ascii_lowercase());
            }
        }
    }
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic()) { name } else { String::new() }
}
