//! Features as a listing of lsmon, in the layout of present kits; read again it says the same.
//!
//! A listing says less than a query: elements that lsmon does not print are left out, and its dates are local times.

use super::super::import::asctime;
use super::super::import::local::Local;
use crate::rms::catalog::elements::{
    BIRTH_TIME, CHECK_TIME_TAMPER, COMMUTED_KEYS, COMMUTER_KEYS_LEFT, COMMUTER_MAX_CHECKOUT_DAYS,
    DEATH_TIME, DEFERRED_REVOCATION_TIME, Element, GRACE_PERIOD_CALENDAR_DAYS,
    GRACE_PERIOD_ELAPSED_HOURS, GRACE_PERIOD_FLAG, HOLD_TIME, HOLDING_CRIT, IS_ADDITIVE,
    IS_COMMUTER, IS_NODE_LOCKED, IS_REDUNDANT, IS_STANDALONE, KEY_LIFE_TIME, LIC_TYPE,
    LICENSE_HASH, LICENSE_PRECEDENCE, LICENSE_STATE, LICENSE_STORAGE, LICENSE_VERSION,
    LOG_ENCRYPT_LEVEL, MAJORITY_RULE, NUM_LICENSES, NUM_SERVERS, PLAIN_VENDOR_INFO, QUEUE_LENGTH,
    SHARING_CRIT, SHARING_LIMIT, SOFT_NUM_LICENSES, TOT_LIC_REQD, TRIAL_CURRENT_STATUS, TRIAL_DAYS,
    TRIAL_DAYS_LEFT, TRIAL_SECONDS_LEFT, VENDOR_INFO, VM_DETECTION,
};
use crate::rms::catalog::versions::NOT_DEFINED;
use crate::rms::model::license::{Elements, FeatureKey, License};
use std::fmt::Write as _;

/// What stands before the features.
#[must_use]
pub fn head(host: &str) -> String {
    format!(
        "  Sentinel RMS Development Kit Application Monitor\n\n \
         [Contacting Sentinel RMS Development Kit server on host \"{host}\"]\n"
    )
}

/// What is said when there is no feature.
#[must_use]
pub fn nothing(host: &str) -> String {
    format!("There is no license in the server {host}\n")
}

/// How an element is printed.
#[derive(Clone, Copy)]
enum Shown {
    Number,
    /// A number of tokens, of which one means that there is no limit.
    Limit,
    /// Days or the words for none.
    Days,
    Minutes,
    Heartbeat,
    /// A date; the words for none.
    Date(&'static str),
    /// The text of each number, from 0.
    Words(&'static [&'static str]),
    Text,
}

const YES: Shown = Shown::Words(&["NO", "YES"]);

/// A line of a feature or a license.
type Line = (&'static str, &'static Element, Shown);

static LINES: [Line; 36] = [
    ("Commuter license allowed", &IS_COMMUTER, YES),
    ("Is redundant license?", &IS_REDUNDANT, YES),
    ("Redundant servers", &NUM_SERVERS, Shown::Number),
    ("Majority rule", &MAJORITY_RULE, Shown::Words(&["OFF.", "ON."])),
    ("Maximum concurrent user(s)", &NUM_LICENSES, Shown::Limit),
    ("Queue Length", &QUEUE_LENGTH, Shown::Number),
    ("Tokens required by queue", &TOT_LIC_REQD, Shown::Number),
    ("Commuter tokens in use", &COMMUTED_KEYS, Shown::Limit),
    ("Commuter tokens left", &COMMUTER_KEYS_LEFT, Shown::Limit),
    ("Maximum commuter checkout days", &COMMUTER_MAX_CHECKOUT_DAYS, Shown::Days),
    ("Soft limit on users", &SOFT_NUM_LICENSES, Shown::Limit),
    ("License start date", &BIRTH_TIME, Shown::Date("No License start date!")),
    ("Expiration date", &DEATH_TIME, Shown::Date("License has no expiration.")),
    (
        "Deferred revocation date",
        &DEFERRED_REVOCATION_TIME,
        Shown::Date("License not marked for deferred revocation"),
    ),
    ("Log encryption level", &LOG_ENCRYPT_LEVEL, Shown::Number),
    ("Check time tamper", &CHECK_TIME_TAMPER, Shown::Words(&["Yes", "No"])),
    (
        "Application-server locking",
        &IS_NODE_LOCKED,
        Shown::Words(&[
            "Client-and-Server-locked license.",
            "Server-locked license.",
            "Unlocked license.",
            "Client-locked license.",
        ]),
    ),
    (
        "Additive/exclusive/aggregate",
        &IS_ADDITIVE,
        Shown::Words(&[
            "Additive license (number of licenses will be added).",
            "Exclusive license (overrides additive licenses).",
            "Aggregate license(Additive without restrictions).",
        ]),
    ),
    (
        "Sharing criterion",
        &SHARING_CRIT,
        Shown::Words(&[
            "No sharing.",
            "User name based sharing.",
            "Client host name based sharing.",
            "X display name based sharing.",
            "Vendor defined criteria based sharing.",
        ]),
    ),
    ("Sharing limit", &SHARING_LIMIT, Shown::Number),
    (
        "Held licenses",
        &HOLDING_CRIT,
        Shown::Words(&[
            "Not allowed.",
            "Allowed, hold time set by application.",
            "Allowed, hold time set by license.",
        ]),
    ),
    ("Hold time", &HOLD_TIME, Shown::Minutes),
    ("Token lifetime (heartbeat)", &KEY_LIFE_TIME, Shown::Heartbeat),
    ("Public vendor information", &PLAIN_VENDOR_INFO, Shown::Text),
    ("Private vendor information", &VENDOR_INFO, Shown::Text),
    ("Allowed on VM", &VM_DETECTION, Shown::Words(&["YES", "NO"])),
    ("Is grace period allowed", &GRACE_PERIOD_FLAG, YES),
    ("Grace period days allowed", &GRACE_PERIOD_CALENDAR_DAYS, Shown::Number),
    ("Grace period hours allowed", &GRACE_PERIOD_ELAPSED_HOURS, Shown::Number),
    ("Trial days", &TRIAL_DAYS, Shown::Number),
    ("Trial calendar period left", &TRIAL_DAYS_LEFT, Shown::Number),
    ("Trial elapsed period left", &TRIAL_SECONDS_LEFT, Shown::Number),
    (
        "Trial current status",
        &TRIAL_CURRENT_STATUS,
        Shown::Words(&["Unused", "Active", "Exhausted"]),
    ),
    ("License precedence", &LICENSE_PRECEDENCE, Shown::Number),
    ("License storage name", &LICENSE_STORAGE, Shown::Text),
    ("License Hash", &LICENSE_HASH, Shown::Text),
];

/// Columns of a label.
const LABEL: usize = 31;

fn line(out: &mut String, indent: &str, label: &str, value: &str) {
    let _ = writeln!(out, "{indent}|- {label:<LABEL$}: {value}");
}

/// Writes a feature with its licenses; `local`: the zone of the listing's local times.
#[must_use]
pub fn feature(key: &FeatureKey, licenses: &[License], local: Local<'_>) -> String {
    let mut out = String::from("\n\n |- Feature Information\n");
    line(&mut out, "   ", "Feature name", &format!("\"{}\"", key.name));
    line(&mut out, "   ", "Feature version", &format!("\"{}\"", key.version));
    // What the feature has as a whole is what its first license has: the reader takes the licenses.
    if let Some(first) = licenses.first() {
        out.push('\n');
        elements(&mut out, "   ", &first.elements, local, false);
    }
    for license in licenses {
        out.push_str("\n   |- License Information\n");
        elements(&mut out, "     ", &license.elements, local, true);
    }
    out
}

fn elements(out: &mut String, indent: &str, of: &Elements, local: Local<'_>, license: bool) {
    let kind = match (of.number(&LIC_TYPE), of.number(&IS_STANDALONE)) {
        (1, _) => "Trial License",
        (_, 2) => "Repository License",
        _ => "Normal License",
    };
    if of.has(&LIC_TYPE) || of.has(&IS_STANDALONE) {
        line(out, indent, "License type", &format!("\"{kind}\""));
    }
    if of.has(&LICENSE_VERSION) {
        let version = of.word(&LICENSE_VERSION);
        let shown = if version == NOT_DEFINED {
            "Not defined".to_owned()
        } else {
            format!("0x{version:08X}")
        };
        line(out, indent, "License Version", &shown);
    }
    if license && of.has(&LICENSE_STATE) {
        let state = if of.number(&LICENSE_STATE) == 1 { "Active" } else { "Inactive" };
        line(out, indent, "License status", state);
    }
    for (label, element, how) in LINES {
        if of.has(element)
            && (license || element.at != LICENSE_HASH.at)
            && let Some(value) = shown(of, element, how, local)
        {
            line(out, indent, label, &value);
        }
    }
}

/// The value of an element; `None` when lsmon has no words for it.
fn shown(of: &Elements, element: &'static Element, how: Shown, local: Local<'_>) -> Option<String> {
    let number = of.number(element);
    Some(match how {
        Shown::Limit if number == i64::from(of.unlimited()) => "Unlimited".to_owned(),
        Shown::Number | Shown::Limit => number.to_string(),
        Shown::Days if number == 0 => "Restricted to license expiry date".to_owned(),
        Shown::Days => format!("{number} days"),
        Shown::Minutes if number % 60 == 0 => format!("{} min(s)", number / 60),
        Shown::Minutes => return None,
        Shown::Heartbeat if number == i64::from(u32::MAX) => "Infinite.".to_owned(),
        Shown::Heartbeat => format!("{number} secs ({} min(s))", number / 60),
        Shown::Date(none) if matches!(number, 0 | -1 | 4_294_967_295) => none.to_owned(),
        Shown::Date(_) => asctime::written(local.shown(number))?,
        Shown::Words(words) => (*words.get(usize::try_from(number).ok()?)?).to_owned(),
        Shown::Text => {
            let text = of.text(element);
            (!text.contains(['\n', '\r'])).then(|| text.to_owned())?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{feature, head};
    use crate::artefact::Notes;
    use crate::rms::catalog::elements::{KEY_LIFE_TIME, named};
    use crate::rms::import::local::Local;
    use crate::rms::import::{Options, Record, lsmon};
    use crate::rms::model::license::{Elements, FeatureKey, License, Origin, Value};

    fn read(text: &str, local: Local<'_>) -> Vec<License> {
        let (mut found, mut notes) = (Vec::new(), Notes::default());
        let options = Options { local, ..Options::default() };
        lsmon::read(&mut text.as_bytes(), options, &mut notes, &mut |_, record| {
            if let Record::License(license) = record {
                found.push(*license);
            }
            Ok(())
        })
        .unwrap();
        assert!(notes.complaints.is_empty() && notes.warnings.is_empty(), "{notes:?}\n{text}");
        found
    }

    #[test]
    fn what_is_listed_reads_back_as_it_was() {
        let mut elements = Elements::default();
        for (name, number) in [
            ("licType", 0),
            ("licenseVersion", 156_237_824),
            ("numLicenses", 4_294_967_294),
            ("softNumLicenses", 10),
            ("isAdditive", 2),
            ("checkTimeTamper", 1),
            ("vmDetection", 1),
            ("holdTime", 600),
            ("birthTime", 1_767_225_600),
            ("deathTime", 1_798_761_599),
            ("licenseState", 1),
            ("commuterMaxCheckoutDays", 0),
            ("trialCurrentStatus", 2),
        ] {
            elements.set(named(name).unwrap(), Value::Number(number));
        }
        for (name, text) in [
            ("featureName", "WIDGET \"x\""),
            ("featureVersion", ""),
            ("licenseHash", "0011223344556677"),
            ("licenseStorage", "C:\\a: b\\lservrc"),
            ("vendorInfo", "A:B;"),
        ] {
            elements.set(named(name).unwrap(), Value::Text(text.to_owned()));
        }
        let key = FeatureKey { name: "WIDGET \"x\"".to_owned(), version: String::new() };
        for (ahead, heartbeat) in [(0, 300), (7200, i64::from(u32::MAX)), (-27_000, 1)] {
            elements.set(&KEY_LIFE_TIME, Value::Number(heartbeat));
            let license = License::new(elements.clone(), Origin::Lsmon);
            let text = format!(
                "{}{}",
                head("lic01"),
                feature(&key, std::slice::from_ref(&license), Local::Ahead(ahead))
            );
            assert_eq!(read(&text, Local::Ahead(ahead)), std::slice::from_ref(&license), "{text}");
        }
    }
}
