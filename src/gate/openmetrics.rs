//! A metrics page: how many findings there are, and when the next of them falls due.
//!
//! The text is valid `OpenMetrics`, and just as well the older text format that textfile collectors read: gauges alone, no time
//! stamps on samples. Objects are no labels, since an estate may have a million of them.

use super::{Report, put};
use crate::cli::VERSION;
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::finding::{Finding, Level};
use crate::output::escape;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

/// A metric family: samples of one name.
struct Family {
    name: &'static str,
    unit: &'static str,
    help: &'static str,
    samples: Vec<Sample>,
}

/// Labels and value.
type Sample = (Vec<(&'static str, String)>, String);

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> Outcome<()> {
    let mut sums = Sums::default();
    report.each(&mut |finding| {
        sums.add(finding);
        Ok(())
    })?;
    let families = [
        by_domain(report, &sums),
        Family {
            name: "licctl_findings",
            unit: "",
            help: "Findings by instance, class and severity.",
            samples: sums.counted(),
        },
        waived(report),
        due(&sums),
        Family {
            name: "licctl_check_failed",
            unit: "",
            help: "1 when there is a finding at or above the level of --fail-on.",
            samples: vec![(Vec::new(), u8::from(report.fails()).to_string())],
        },
        Family {
            name: "licctl_check_timestamp_seconds",
            unit: "seconds",
            help: "When the estate was checked.",
            samples: vec![(Vec::new(), report.now.s().to_string())],
        },
        Family {
            name: "licctl_build_info",
            unit: "",
            help: "The version that checked.",
            samples: vec![(vec![("version", VERSION.to_owned())], "1".to_owned())],
        },
    ];
    let mut text: String = families.iter().map(page).collect();
    text.push_str("# EOF\n");
    put(out, &text)
}

/// How many findings there are of each kind, and when the first of them falls due.
#[derive(Default)]
struct Sums(BTreeMap<Kind, (u64, Option<Timestamp>)>);

/// What tells one sample from another: domain, instance, class, severity.
type Kind = (&'static str, String, &'static str, &'static str);

impl Sums {
    fn add(&mut self, finding: &Finding) {
        let kind =
            (finding.domain, finding.instance.clone(), finding.class, finding.severity.word());
        let (count, first) = self.0.entry(kind).or_default();
        *count += 1;
        *first = [*first, finding.due].into_iter().flatten().min();
    }

    fn counted(&self) -> Vec<Sample> {
        self.0.iter().map(|(kind, (count, _))| (labelled(kind), count.to_string())).collect()
    }
}

fn page(family: &Family) -> String {
    let Family { name, unit, help, samples } = family;
    let mut text = format!("# TYPE {name} gauge\n");
    if !unit.is_empty() {
        let _ = writeln!(text, "# UNIT {name} {unit}");
    }
    let _ = writeln!(text, "# HELP {name} {help}");
    for (labels, value) in samples {
        let labels: Vec<String> =
            labels.iter().map(|(name, value)| format!("{name}=\"{}\"", label(value))).collect();
        let labels = labels.join(",");
        let _ = match labels.as_str() {
            "" => writeln!(text, "{name} {value}"),
            labels => writeln!(text, "{name}{{{labels}}} {value}"),
        };
    }
    text
}

/// The value of a label; control characters are shown, so that no line end is left to escape.
fn label(text: &str) -> String {
    escape(text, false).replace('\\', "\\\\").replace('"', "\\\"")
}

/// Also where there are none: an alert must tell nothing found from nothing looked at.
fn by_domain(report: &Report<'_>, sums: &Sums) -> Family {
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let others = sums.0.keys().map(|(domain, ..)| *domain);
    for domain in report.domains.iter().copied().chain(others) {
        for level in Level::ALL {
            counts.entry((domain, level.word())).or_default();
        }
    }
    for ((domain, _, _, severity), (count, _)) in &sums.0 {
        *counts.entry((domain, severity)).or_default() += count;
    }
    let sample = |((domain, severity), count): ((&str, &str), u64)| {
        let labels = vec![("domain", domain.to_owned()), ("severity", severity.to_owned())];
        (labels, count.to_string())
    };
    Family {
        name: "licctl_domain_findings",
        unit: "",
        help: "Findings of each domain that was checked, by severity.",
        samples: counts.into_iter().map(sample).collect(),
    }
}

fn waived(report: &Report<'_>) -> Family {
    let mut sums = Sums::default();
    report.waived.iter().for_each(|waived| sums.add(&waived.finding));
    Family {
        name: "licctl_findings_waived",
        unit: "",
        help: "Findings that the policy waives, by instance, class and severity.",
        samples: sums.counted(),
    }
}

fn due(sums: &Sums) -> Family {
    let first = sums.0.iter().filter_map(|(kind, (_, first))| Some((kind, (*first)?)));
    Family {
        name: "licctl_findings_due_timestamp_seconds",
        unit: "seconds",
        help: "When the first of these findings becomes, or became, a failure.",
        samples: first.map(|(kind, due)| (labelled(kind), due.s().to_string())).collect(),
    }
}

fn labelled((domain, instance, class, severity): &Kind) -> Vec<(&'static str, String)> {
    let labels =
        [("domain", *domain), ("instance", instance), ("class", class), ("severity", severity)];
    labels.map(|(name, value)| (name, value.to_owned())).into()
}

#[cfg(test)]
mod tests {
    use super::super::Report;
    use super::super::tests::{now, report, text, varied, with};
    use super::label;
    use crate::finding::{Finding, Level};
    use crate::gate::policy::Waived;
    use std::collections::BTreeSet;

    fn write(report: &Report<'_>) -> String {
        text(report, super::write)
    }

    #[test]
    fn findings_are_counted_and_the_first_due_date_is_told() {
        let found = |days: i64| {
            Finding::new("kms", "stale.out", Level::Warning, days.to_string(), "it is silent")
                .within("kms01")
                .due(Some(now().plus_days(days)))
        };
        let text = report(&[found(5), found(2)], write);
        let lines: Vec<&str> = text.lines().collect();
        let class = "domain=\"kms\",instance=\"kms01\",class=\"stale.out\",severity=\"warning\"";
        for line in [
            "licctl_domain_findings{domain=\"kms\",severity=\"warning\"} 2".to_owned(),
            "licctl_domain_findings{domain=\"csp\",severity=\"error\"} 0".to_owned(),
            format!("licctl_findings{{{class}}} 2"),
            format!("licctl_findings_due_timestamp_seconds{{{class}}} {}", now().plus_days(2).s()),
            "licctl_check_failed 0".to_owned(),
            format!("licctl_check_timestamp_seconds {}", now().s()),
        ] {
            assert!(lines.contains(&line.as_str()), "{line} in {text}");
        }
        assert!(text.ends_with("\n# EOF\n"));
    }

    #[test]
    fn what_is_waived_is_counted_apart() {
        let finding = Finding::new("kms", "churn.phantoms", Level::Error, "x", "m");
        let waived = [Waived { finding, reason: "known".to_owned(), until: String::new() }];
        let text = with(&[], &waived, &[], write);
        assert!(text.contains("\nlicctl_findings_waived{domain=\"kms\",instance=\"\",class=\"churn.phantoms\",severity=\"error\"} 1\n"));
        assert!(text.contains("\nlicctl_check_failed 0\n"));
    }

    #[test]
    fn labels_are_escaped_as_the_format_says() {
        assert_eq!(label("C:\\x \"y\"\n\u{1b}ü"), "C:\\\\x \\\"y\\\"\\\\u{a}\\\\u{1b}ü");
    }

    /// The grammar of the format, as far as gauges without time stamps go.
    #[test]
    fn every_line_is_of_the_format_and_no_sample_stands_twice() {
        let text = report(&varied(), write);
        let sample = regex::Regex::new(
            r#"^([a-z_]+)(\{[a-z]+="(\\[\\"n]|[^"\\\x00-\x1f])*"(,[a-z]+="(\\[\\"n]|[^"\\\x00-\x1f])*")*\})? -?[0-9]+$"#,
        )
        .unwrap();
        let (mut family, mut families, mut seen) = ("", BTreeSet::new(), BTreeSet::new());
        let (page, end) = text.split_at(text.len() - "# EOF\n".len());
        assert_eq!(end, "# EOF\n");
        for line in page.lines() {
            if let Some(typed) = line.strip_prefix("# TYPE ") {
                family = typed.strip_suffix(" gauge").unwrap();
                assert!(families.insert(family), "{family} comes twice");
            } else if line.starts_with('#') {
                let of = line.split(' ').nth(2).unwrap();
                assert_eq!(of, family);
            } else {
                let parts = sample.captures(line).unwrap_or_else(|| panic!("{line}"));
                assert_eq!(&parts[1], family);
                assert!(seen.insert(line.rsplit_once(' ').unwrap().0), "{line} comes twice");
            }
        }
        assert!(seen.len() > 10);
    }
}
