//! What monitoring reads: counters for Prometheus, and one line a kind of license for Nagios.

use crate::finding::Level;
use crate::tslicense::report::audit::{Kind, Line};
use std::fmt::Write as _;

/// The counters of the servers: text exposition format, as a textfile collector reads it.
///
/// - `servers`: names with the lines of their audits.
#[must_use]
pub fn prometheus(servers: &[(String, Vec<Line>)]) -> String {
    type Pick = fn(&Line) -> u64;
    let counters: [(&str, &str, Pick); 4] = [
        ("licctl_ts_total", "Licenses that are owned.", |line| line.owned),
        ("licctl_ts_issued", "Licenses that are used.", |line| line.used),
        ("licctl_ts_available", "Licenses that are left.", |line| line.available),
        ("licctl_ts_short", "Licenses that are missing.", |line| line.short),
    ];
    let mut text = String::new();
    for (name, help, pick) in counters {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (server, lines) in servers {
            let server = server.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            for line in lines {
                let (kind, version) = (line.kind.word(), line.version());
                let count = pick(line);
                let _ = writeln!(
                    text,
                    "{name}{{server=\"{server}\",type=\"{kind}\",version=\"{version}\"}} {count}"
                );
            }
        }
    }
    text
}

/// One kind of license for a monitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    pub kind: Kind,
    pub total: u64,
    pub issued: u64,
    /// How bad it is; `None` when it is well.
    pub level: Option<Level>,
}

impl Checked {
    /// - `limits`: licenses still available at which it warns, and at which it is critical.
    #[must_use]
    pub fn new(kind: Kind, (total, issued): (u64, u64), limits: (u64, u64)) -> Self {
        let available = total.saturating_sub(issued);
        let level = if total == 0 && issued == 0 {
            None
        } else if available <= limits.1 {
            Some(Level::Error)
        } else if available <= limits.0 {
            Some(Level::Warning)
        } else {
            None
        };
        Self { kind, total, issued, level }
    }

    /// The line: `OK - 26 rds device cals available from 550 (95.27% usage)`.
    #[must_use]
    pub fn line(&self) -> String {
        let word = match self.level {
            Some(Level::Error) => "CRITICAL",
            Some(_) => "WARNING",
            None => "OK",
        };
        let (kind, total) = (self.kind.word(), self.total);
        let available = total.saturating_sub(self.issued);
        let usage = if total == 0 {
            if self.issued > 0 { "no cals installed".to_owned() } else { "0% usage".to_owned() }
        } else {
            format!("{}% usage", percent(self.issued, total))
        };
        format!("{word} - {available} rds {kind} cals available from {total} ({usage})\n")
    }
}

/// A share with at most two decimals, zeros at the end cut, a half rounded to the even digit.
fn percent(part: u64, whole: u64) -> String {
    let (scaled, whole) = (u128::from(part) * 10_000, u128::from(whole));
    let (mut hundredths, rest) = (scaled / whole, scaled % whole);
    if rest * 2 > whole || (rest * 2 == whole && hundredths % 2 == 1) {
        hundredths += 1;
    }
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Checked, percent};
    use crate::finding::Level;
    use crate::tslicense::report::audit::Kind;

    #[test]
    fn shares_have_two_decimals_at_most_and_a_half_goes_to_the_even_digit() {
        for (part, whole, text) in [
            (524, 550, "95.27"),
            (1, 2, "50"),
            (1, 8, "12.5"),
            (1, 16_000, "0.01"),
            (1, 20_000, "0"),
            (3, 20_000, "0.02"),
            (801, 800, "100.12"),
        ] {
            assert_eq!(percent(part, whole), text, "{part} of {whole}");
        }
    }

    #[test]
    fn a_line_is_as_bad_as_what_is_left() {
        let checked = |total, issued| Checked::new(Kind::Device, (total, issued), (25, 10));
        let line = "OK - 26 rds device cals available from 550 (95.27% usage)\n";
        assert_eq!(checked(550, 524).line(), line);
        assert_eq!(checked(550, 525).level, Some(Level::Warning));
        assert_eq!(checked(550, 540).level, Some(Level::Error));
        assert_eq!(
            checked(0, 3).line(),
            "CRITICAL - 0 rds device cals available from 0 (no cals installed)\n"
        );
        assert_eq!(checked(0, 0).level, None);
    }
}
