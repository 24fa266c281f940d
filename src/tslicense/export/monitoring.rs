//! What monitoring reads: counters for Prometheus, and one line a kind of license for Nagios.

use crate::finding::Level;
use crate::tslicense::catalog::versions::Tier;
use crate::tslicense::report::audit::{Kind, Line, version};
use std::fmt::Write as _;

/// What is counted of a server.
#[derive(Debug, Clone)]
pub struct Counters {
    pub server: String,
    /// The lines of its audit.
    pub lines: Vec<Line>,
    /// How many licenses per device of a version may be revoked today.
    pub revocable: Vec<(Tier, u64)>,
}

/// The counters of the servers: text exposition format, as a textfile collector reads it.
#[must_use]
pub fn prometheus(servers: &[Counters]) -> String {
    type Pick = fn(&Line) -> u64;
    let counters: [(&str, &str, Pick); 4] = [
        ("licctl_ts_total", "Licenses that are owned.", |line| line.owned),
        ("licctl_ts_issued", "Licenses that are used.", |line| line.used),
        ("licctl_ts_available", "Licenses that are left.", |line| line.available),
        ("licctl_ts_short", "Licenses that are missing.", |line| line.short),
    ];
    let mut text = String::new();
    for (name, help, pick) in counters {
        begin(&mut text, name, help);
        for Counters { server, lines, .. } in servers {
            for line in lines {
                count(&mut text, name, [server, line.kind.word(), &line.version()], pick(line));
            }
        }
    }
    let name = "licctl_ts_revocable";
    begin(&mut text, name, "Licenses per device that may be revoked today.");
    for Counters { server, revocable, .. } in servers {
        for (tier, left) in revocable {
            count(&mut text, name, [server, Kind::Device.word(), &version(*tier)], *left);
        }
    }
    text
}

fn begin(text: &mut String, name: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
}

fn count(text: &mut String, name: &str, [server, kind, version]: [&str; 3], count: u64) {
    let server = server.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let labels = format!("server=\"{server}\",type=\"{kind}\",version=\"{version}\"");
    let _ = writeln!(text, "{name}{{{labels}}} {count}");
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
    use super::{Checked, Counters, percent, prometheus};
    use crate::finding::Level;
    use crate::tslicense::catalog::versions::Tier;
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
    fn counters_name_server_type_and_version() {
        let servers = [Counters {
            server: "ls \"a\"".to_owned(),
            lines: Vec::new(),
            revocable: vec![(Tier(6), 2)],
        }];
        let text = prometheus(&servers);
        let line = r#"licctl_ts_revocable{server="ls \"a\"",type="device",version="2019"} 2"#;
        assert!(text.lines().any(|known| known == line), "{text}");
        assert_eq!(text.lines().filter(|line| line.starts_with("# TYPE")).count(), 5);
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
