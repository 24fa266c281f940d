//! How full features are, as metrics in the text format of Prometheus.

use crate::rms::report::capacity::Capacity;
use crate::rms::rules::limits::Units;
use std::fmt::Write as _;

/// A metric: its name, what it says, whether it only grows, and its value.
struct Metric {
    name: &'static str,
    help: &'static str,
    kind: &'static str,
    value: fn(&Capacity) -> Units,
}

const fn gauge(name: &'static str, help: &'static str, value: fn(&Capacity) -> Units) -> Metric {
    Metric { name, help, kind: "gauge", value }
}

/// Every metric, in the order in which they are written.
static METRICS: [Metric; 7] = [
    gauge("licctl_rms_total", "Tokens that may be in use at once.", |one| one.total),
    gauge("licctl_rms_soft", "Soft limit; +Inf when there is none.", |one| one.soft),
    gauge("licctl_rms_used", "Tokens in use.", |one| Units::Finite(one.used)),
    gauge("licctl_rms_free", "Tokens that are free.", |one| one.free),
    gauge("licctl_rms_queued", "Clients that wait.", |one| Units::Finite(one.queued)),
    gauge("licctl_rms_commuted", "Tokens that are checked out.", |one| Units::Finite(one.commuted)),
    Metric {
        name: "licctl_rms_denied_total",
        help: "Requests that were refused, since the first record.",
        kind: "counter",
        value: |one| Units::Finite(one.denied),
    },
];

/// The metrics of a License Manager's features; each with its features behind it, as the format demands.
#[derive(Debug)]
pub struct Metrics {
    parts: Vec<String>,
    server: String,
}

impl Metrics {
    #[must_use]
    pub fn new(server: &str) -> Self {
        let head = |metric: &Metric| {
            let Metric { name, help, kind, .. } = metric;
            format!("# HELP {name} {help}\n# TYPE {name} {kind}\n")
        };
        Self { parts: METRICS.iter().map(head).collect(), server: label(server) }
    }

    /// Takes a feature.
    pub fn take(&mut self, capacity: &Capacity) {
        let (feature, version) = (label(&capacity.key.name), label(&capacity.key.version));
        for (part, metric) in self.parts.iter_mut().zip(&METRICS) {
            let value = (metric.value)(capacity).finite();
            let value = value.map_or_else(|| "+Inf".to_owned(), |units| units.to_string());
            let (name, server) = (metric.name, &self.server);
            let _ = writeln!(
                part,
                "{name}{{server=\"{server}\",feature=\"{feature}\",version=\"{version}\"}} {value}"
            );
        }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.concat()
    }
}

/// The value of a label, as it stands between quotes.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::Metrics;
    use crate::rms::model::license::FeatureKey;
    use crate::rms::report::capacity::{Capacity, State};
    use crate::rms::rules::limits::Units;

    #[test]
    fn every_feature_stands_behind_the_head_of_each_metric() {
        let capacity = Capacity {
            key: FeatureKey { name: "A \"x\"\\".to_owned(), version: "7.0".to_owned() },
            total: Units::Finite(10),
            soft: Units::Unlimited,
            used: 4,
            free: Units::Finite(6),
            reserved: 0,
            commuted: 1,
            queued: 0,
            denied: 3,
            told: None,
            state: State::Ok,
        };
        let mut metrics = Metrics::new("lic01");
        metrics.take(&capacity);
        metrics.take(&Capacity { total: Units::Unlimited, ..capacity });
        let text = metrics.text();
        let labels = "{server=\"lic01\",feature=\"A \\\"x\\\"\\\\\",version=\"7.0\"}";
        let begin = format!(
            "# HELP licctl_rms_total Tokens that may be in use at once.\n# TYPE licctl_rms_total gauge\n\
             licctl_rms_total{labels} 10\nlicctl_rms_total{labels} +Inf\n# HELP licctl_rms_soft"
        );
        assert!(text.starts_with(&begin), "{text}");
        assert!(text.contains(&format!("licctl_rms_soft{labels} +Inf\n")));
        assert!(text.ends_with(&format!("licctl_rms_denied_total{labels} 3\n")));
        assert_eq!(text.matches("# TYPE").count(), 7);
    }
}
