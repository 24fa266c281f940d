//! Alert configurations as a License Manager reads them.

use crate::rms::catalog::alerts::{OFF, ON};
use crate::rms::model::alert::AlertSection;
use std::fmt::Write as _;

/// Writes the alerts of one feature.
#[must_use]
pub fn section(section: &AlertSection) -> String {
    let mut out = format!("[{}]\n", section.feature);
    for rule in &section.rules {
        let way =
            |name: &str, on: bool| format!("{} {}", name.to_uppercase(), if on { ON } else { OFF });
        let ways: Vec<String> = rule.ways.iter().map(|one| way(&one.name, one.on)).collect();
        let _ = writeln!(out, "{}={}", rule.alert, ways.join(" "));
    }
    for target in &section.targets {
        let _ = writeln!(out, "{}={}", target.way.to_uppercase(), target.to);
    }
    out
}
