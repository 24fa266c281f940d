//! What is counted of a host, judged: H01 to H10.

use super::{Ended, Host};
use crate::clock::Span;
use crate::finding::{Finding, Level};
use crate::kms::catalog::code;
use crate::kms::report::{Period, WINDOW};
use crate::wording::many;

/// The share of failed requests from which on a host is not well: 1 of so many.
const FAILING: u64 = 20;

/// A host that nobody asks for so long has a problem, as long as it has clients.
const QUIET: Span = Span::days(1);

/// A code with its symbol, and what to do about it.
fn told(hresult: u32) -> (String, &'static str) {
    match code(hresult) {
        Some(code) => (format!("0x{hresult:08X} {}", code.symbol), code.remedy),
        None => (format!("0x{hresult:08X}"), ""),
    }
}

fn found(class: &'static str, level: Level, host: &str, message: String) -> Finding {
    Finding::new("kms", class, level, host, message).within(host)
}

/// H01, H02, H03.
pub(super) fn failures(name: &str, host: &Host, findings: &mut Vec<Finding>) {
    for ((event, hresult), (count, last)) in &host.failures {
        let (class, what) = match event {
            12291 => ("H01", "the key management service did not start"),
            _ => ("H02", "the timer that renews the DNS record did not start"),
        };
        let (shown, remedy) = told(*hresult);
        let times = if *count == 1 { "once".to_owned() } else { format!("{count} times, last") };
        let message = format!("{what} on `{name}`: {shown}, {times} on {}", last.date());
        findings.push(
            found(class, Level::Error, name, message)
                .with("HResult", *hresult)
                .with("events", *count)
                .since(Some(*last))
                .remedy(remedy),
        );
    }
    for (domain, (time, failed)) in &host.published {
        let Some(hresult) = failed else { continue };
        let (shown, remedy) = told(*hresult);
        let message = format!("`{name}` did not publish itself in the domain `{domain}`: {shown}");
        findings.push(
            found("H03", Level::Error, name, message)
                .with("HResult", *hresult)
                .with("domain", domain.as_str())
                .since(Some(*time))
                .remedy(remedy),
        );
    }
}

/// H04, H05, H06.
pub(super) fn traffic(name: &str, host: &Host, period: Period, findings: &mut Vec<Finding>) {
    let failing = |(failed, total): &(u64, u64)| failed.saturating_mul(FAILING) > *total;
    let counted = Some((host.failed, host.requests));
    let grown = host.growth.filter(|growth| failing(growth)).map(|growth| (growth, "snapshots"));
    if let Some(((failed, total), source)) =
        grown.or(counted.filter(|rows| failing(rows)).map(|rows| (rows, "rows")))
    {
        let share = share(failed, total);
        let message = format!("{failed} of {total} requests to `{name}` failed: {share}");
        findings.push(
            found("H04", Level::Warning, name, message)
                .with("failed", failed)
                .with("total", total)
                .with("source", source)
                .remedy("`licctl kms trend --split hresult` shows when, H08 with which codes"),
        );
    }
    let Some(covered) = &host.covered else { return };
    let span = covered.last.since(covered.first);
    if span < WINDOW.ms() {
        let message = format!(
            "the log of `{name}` covers {}, less than the 30 days that the host counts",
            days(span)
        );
        findings.push(
            found("H05", Level::Warning, name, message)
                .with("coveredMs", span)
                .since(Some(covered.first))
                .remedy("import older logs, and let the log grow: `licctl kms event coverage` tells the size"),
        );
    }
    let silent = period.now.since(covered.last);
    if silent > QUIET.ms() && host.active > 1 {
        let message = format!(
            "no request reached `{name}` for {}, though {} clients are active",
            days(silent),
            host.active
        );
        findings.push(
            found("H06", Level::Warning, name, message)
                .with("active", host.active)
                .with("last", covered.last.to_string())
                .since(Some(covered.last))
                .remedy("import the newest log; else look whether the service runs and clients reach it"),
        );
    }
}

/// H07.
pub(super) fn products(name: &str, host: &Host, findings: &mut Vec<Finding>) {
    for (product, status) in &host.unlicensed {
        let message =
            format!("the host product `{product}` of `{name}` has LicenseStatus {status}");
        findings.push(
            found("H07", Level::Error, name, message)
                .with("product", product.as_str())
                .with("LicenseStatus", *status)
                .remedy("activate the host key: `slmgr /ato` on the host"),
        );
    }
}

/// H09, H10.
pub(super) fn strangers(name: &str, host: &Host, findings: &mut Vec<Finding>) {
    if host.suspicious > 0 {
        let message = match host.suspicious {
            1 => format!("1 record in the log of `{name}` is no KMS event"),
            several => format!("{several} records in the log of `{name}` are no KMS events"),
        };
        findings.push(
            found("H09", Level::Error, name, message)
                .with("records", host.suspicious)
                .since(host.suspicious_since)
                .remedy("`licctl kms suspicious` shows size and digest of each: programs are known to be hidden in this log"),
        );
    }
    if host.refusable > 0 {
        let clients = match host.refusable {
            1 => "1 client".to_owned(),
            several => format!("{several} clients"),
        };
        let message = format!(
            "{clients} of `{name}` with a clock more than four hours off, which hosts refuse"
        );
        findings.push(
            found("H10", Level::Warning, name, message)
                .with("clients", host.refusable)
                .remedy("`licctl kms skew` names them; mend the time service"),
        );
    }
}

/// H08.
pub(super) fn histogram(hresult: u32, ended: &Ended) -> Finding {
    let (shown, remedy) = told(hresult);
    let rows: u64 = ended.events.values().sum();
    let where_to = match (ended.hosts.len(), ended.hosts.first()) {
        (1, Some(host)) => format!("`{host}`"),
        (several, _) => format!("{several} machines"),
    };
    let message = format!("{} on {where_to} ended with {shown}", many(rows, "request"));
    let mut finding = Finding::new("kms", "H08", Level::Info, format!("0x{hresult:08X}"), message)
        .with("HResult", hresult)
        .with("rows", rows)
        .with("machines", ended.hosts.iter().take(20).cloned().collect::<Vec<_>>())
        .remedy(remedy);
    for (event, rows) in &ended.events {
        finding = finding.with(format!("event{event}"), *rows);
    }
    if let (1, Some(host)) = (ended.hosts.len(), ended.hosts.first()) {
        finding = finding.within(host);
    }
    finding.since(ended.last)
}

/// A share in percent, to a tenth.
fn share(part: u64, whole: u64) -> String {
    let thousandths =
        part.saturating_mul(1000).saturating_add(whole / 2).checked_div(whole).unwrap_or_default();
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}

/// A span in whole days, to the nearest.
fn days(ms: i64) -> String {
    let day = Span::days(1).ms();
    many((ms + day / 2).div_euclid(day), "day")
}
