//! What the logs of the hosts cover, and whether one clock wrote each.

use super::Evidence;
use crate::error::Outcome;
use crate::finding::Finding;
use crate::kms::report::coverage::{HostLog, MEASURED, Parameters, Records, clock_finding};
use crate::kms::store::{log_sizes, questions, units};
use crate::store::Read;

/// The log of every host: gaps, rate, and the size that it needs.
pub fn coverage(
    read: &mut dyn Read,
    evidence: &Evidence,
    parameters: &Parameters,
) -> Outcome<Vec<HostLog>> {
    let mut logs = Vec::new();
    for known in units::coverage(read, &evidence.names, &evidence.scope, evidence.now)? {
        let (mut records, mut parameters) = (Records::default(), *parameters);
        if let Some(host) = evidence.names.host_id(&known.host) {
            let take = &mut |record, time| records.take(record, time);
            questions::each_stamp(read, host, evidence.now, take)?;
            if parameters.record_bytes.is_none() {
                parameters.record_bytes =
                    log_sizes::record_bytes(read, host, evidence.now, MEASURED)?;
            }
        }
        logs.push(records.finish(&known, &parameters));
    }
    logs.sort_by_key(|log| log.host.to_lowercase());
    Ok(logs)
}

/// The hosts whose clock went back while they wrote.
///
/// - `hints`: hosts whose records are not in the order of time; their logs alone are read in it.
pub(super) fn clocks(
    read: &mut dyn Read,
    evidence: &Evidence,
    hints: &[i64],
) -> Outcome<Vec<Finding>> {
    let mut findings = Vec::new();
    for &host in hints {
        let mut records = Records::default();
        let take = &mut |record, time| records.take(record, time);
        questions::each_stamp(read, host, evidence.now, take)?;
        let name = evidence.names.host(host)?;
        findings.extend(records.step_back().map(|step| clock_finding(name, step)));
    }
    Ok(findings)
}
