//! Snapshots of one machine and one moment that say different things of it.
//!
//! What one of them leaves out is no contradiction, and neither is what moves by itself between two commands. The reports take the
//! last of such snapshots in a fixed order; that they differ is told here.

use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use std::collections::{BTreeMap, BTreeSet};

/// What moves by itself, beside the counters of requests.
static MOVING: [&str; 3] =
    ["GracePeriodRemaining", "KeyManagementServiceCurrentCount", "TrustedTime"];

/// How many properties a sentence names.
const NAMED: usize = 3;

/// The accumulator: takes the snapshots of each machine in the order of time.
#[derive(Debug, Default)]
pub struct Moments {
    machine: String,
    taken: Option<Timestamp>,
    snapshots: u32,
    /// What was told first of a property of an object, and what else.
    told: BTreeMap<(String, String), BTreeSet<String>>,
    findings: Vec<Finding>,
}

impl Moments {
    /// Begins the next snapshot.
    pub fn begin(&mut self, machine: &str, taken: Timestamp) {
        if self.machine != machine || self.taken != Some(taken) {
            self.end();
            machine.clone_into(&mut self.machine);
            self.taken = Some(taken);
        }
        self.snapshots += 1;
    }

    /// Takes a property of the snapshot.
    ///
    /// - `object`: the activation ID of a product; empty for the service.
    /// - `value`: as it is shown; a port of 0 means 1688, and is told as either by the tools.
    pub fn tell(&mut self, object: &str, property: &str, value: &str) {
        if MOVING.contains(&property) || property.ends_with("Requests") {
            return;
        }
        let value = if property.ends_with("Port") && value == "0" { "1688" } else { value };
        let key = (object.to_owned(), property.to_owned());
        self.told.entry(key).or_default().insert(value.to_owned());
    }

    /// What was found.
    #[must_use]
    pub fn finish(mut self) -> Vec<Finding> {
        self.end();
        self.findings
    }

    fn end(&mut self) {
        let told = std::mem::take(&mut self.told);
        let snapshots = std::mem::take(&mut self.snapshots);
        let Some(taken) = self.taken.filter(|_| snapshots > 1) else { return };
        let differing: Vec<(&String, &BTreeSet<String>)> = told
            .iter()
            .filter(|(_, values)| values.len() > 1)
            .map(|((_, property), values)| (property, values))
            .collect();
        if differing.is_empty() {
            return;
        }
        let words: Vec<String> = differing
            .iter()
            .take(NAMED)
            .map(|(property, values)| {
                let values: Vec<&str> = values.iter().map(String::as_str).collect();
                format!("{property} is {}", values.join(" and "))
            })
            .collect();
        let more = match differing.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let machine = &self.machine;
        let message = format!(
            "{snapshots} snapshots of `{machine}` of {taken} differ: {}{more}",
            words.join(", ")
        );
        let properties: Vec<&str> =
            differing.iter().map(|(property, _)| property.as_str()).collect();
        let finding =
            Finding::new("kms", "evidence.contradiction", Level::Warning, machine, message)
                .within(machine)
                .with("properties", properties)
                .since(Some(taken))
                .remedy("two machines of one name were shown, or at two times: import each with the `--taken-at` that is its own");
        self.findings.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use super::super::minilog::{NOW, at};
    use super::Moments;

    #[test]
    fn two_snapshots_of_one_moment_contradict_each_other_where_both_speak() {
        let mut moments = Moments::default();
        for (machine, values) in [
            ("kms01", [("VLRenewalInterval", "5040"), ("Version", "10.0.1.1")]),
            ("kms01", [("VLRenewalInterval", "10080"), ("LookupDomain", "a.example")]),
            ("kms02", [("VLRenewalInterval", "10080"), ("KeyManagementServiceListeningPort", "0")]),
            ("kms02", [("Version", "10.0.1.1"), ("KeyManagementServiceListeningPort", "1688")]),
            ("kms02", [("GracePeriodRemaining", "7"), ("KeyManagementServiceTotalRequests", "1")]),
            ("kms02", [("GracePeriodRemaining", "6"), ("KeyManagementServiceTotalRequests", "2")]),
        ] {
            moments.begin(machine, at(NOW));
            for (property, value) in values {
                moments.tell("", property, value);
            }
        }
        let findings = moments.finish();
        assert_eq!(findings.len(), 1);
        assert_eq!(
            findings[0].message,
            "2 snapshots of `kms01` of 2025-03-31T00:00:00Z differ: VLRenewalInterval is 10080 and 5040"
        );
    }

    #[test]
    fn another_time_and_another_product_are_no_contradiction() {
        let mut moments = Moments::default();
        moments.begin("kms01", at(NOW));
        moments.tell("", "LicenseStatus", "1");
        moments.begin("kms01", at("2025-04-01T00:00:00Z"));
        moments.tell("", "LicenseStatus", "2");
        moments.begin("kms01", at("2025-04-01T00:00:00Z"));
        moments.tell("2de67392-b7a7-462a-b1ca-108dd189f588", "LicenseStatus", "5");
        assert!(moments.finish().is_empty());
    }
}
