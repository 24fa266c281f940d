//! The text that slmgr prints for `/dli`, `/dlv` and `/xpr`, in English; the reader of these texts has the labels.
//!
//! What each edition of the script prints follows the profile of the machine. Dates are written as in `en-US`.
//!
//! Source: [SLMGR] `DisplayAllInformation`, `DisplayKMSClientInformation`, `DisplayKMSInformation`, `ExpirationDatime`.

mod activation;
mod expiry;
mod object;
mod ospp;
mod product;

#[cfg(test)]
mod tests;

pub use expiry::expiry;
pub use ospp::{Listed, status};

use crate::clock::Timestamp;
use crate::kms::catalog::Profile;
use crate::kms::catalog::slmgr::Detail;
use crate::kms::import::slmgr::labels::english;
use crate::kms::model::{HostPool, Product, State};
use crate::kms::rules::read::{self, Members};
use jiff::tz::TimeZone;
use object::Object;

/// A machine as it is shown.
#[derive(Debug)]
pub struct Shown<'s> {
    pub state: &'s State,
    /// What it keeps as a host; may be empty.
    pub pools: &'s [HostPool],
    pub now: Timestamp,
    /// Zone of the machine's local time.
    pub zone: &'s TimeZone,
    /// Whether the installation ID is shown.
    pub secrets: bool,
}

impl Shown<'_> {
    fn profile(&self) -> Profile {
        self.state.machine.profile()
    }

    /// An instant as the script prints a date: `3/9/2025 7:05:12 AM`.
    fn date(&self, at: Timestamp) -> String {
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.ms()) else {
            return String::new();
        };
        let local = instant.to_zoned(self.zone.clone());
        let (half, hour) = (if local.hour() < 12 { "AM" } else { "PM" }, local.hour() % 12);
        let hour = if hour == 0 { 12 } else { hour };
        let (minute, second) = (local.minute(), local.second());
        format!(
            "{}/{}/{} {hour}:{minute:02}:{second:02} {half}",
            local.month(),
            local.day(),
            local.year()
        )
    }
}

/// The English text of a resource, its one placeholder filled.
#[must_use]
pub fn said(resource: &str, value: &str) -> String {
    let text = english(resource).unwrap_or_default();
    let Some((before, rest)) = text.split_once('%') else {
        return text.to_owned();
    };
    let after = rest.split_once('%').map_or("", |(_, after)| after);
    format!("{before}{value}{after}")
}

/// The English text of a resource, its placeholders filled by name.
#[must_use]
pub fn filled(resource: &str, values: &[(&str, &str)]) -> String {
    let text = english(resource).unwrap_or_default().to_owned();
    values.iter().fold(text, |text, (name, value)| text.replace(&format!("%{name}%"), value))
}

/// An output while it is written.
#[derive(Debug, Default)]
struct Page(Vec<String>);

impl Page {
    /// A line that is a text of the script.
    fn line(&mut self, resource: &str) {
        self.0.push(english(resource).unwrap_or_default().to_owned());
    }

    /// A text with its value behind it.
    fn value(&mut self, resource: &str, value: &str) {
        self.0.push(format!("{}{value}", english(resource).unwrap_or_default()));
    }

    /// A text with its placeholder filled.
    fn filled(&mut self, resource: &str, value: &str) {
        self.0.push(said(resource, value));
    }

    fn blank(&mut self) {
        self.0.push(String::new());
    }

    /// Its lines; what an artefact put into a name ends no line and moves no cursor.
    fn lines(self) -> Vec<String> {
        self.0.into_iter().map(|line| line.replace(char::is_control, " ")).collect()
    }

    /// Takes lines of a block, indented as the script does.
    fn indented(&mut self, block: Self) {
        self.0.extend(block.0.into_iter().map(|line| format!("    {line}")));
    }
}

/// The lines of `/dli` or `/dlv` for some products, in their order.
#[must_use]
pub fn information(shown: &Shown<'_>, products: &[&Product], detail: Detail) -> Vec<String> {
    let mut page = Page::default();
    let service = read::service(shown.state, shown.pools, Members::All, shown.now);
    let service = Object(&service);
    if detail == Detail::Long {
        page.value("L_MsgServiceVersion", service.text("Version"));
        page.blank();
    }
    for held in products {
        let properties = read::product(shown.state, held, shown.pools, shown.now);
        let own = Object(&properties);
        product::write(&mut page, shown, (held, &own, &service), detail);
        activation::write(&mut page, shown, held, &own);
        page.blank();
    }
    page.lines()
}
