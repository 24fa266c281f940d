//! How an estate judges its findings: severities of its own, classes that it ignores, waivers that run out.
//!
//! A pure step from findings and policy to findings. Reading the file is left to `read`; what a domain keeps of its own in the same
//! file, as expected intervals or editions, is left to that domain.

mod expiry;
mod read;
mod select;

pub use read::read;

use crate::clock::{Span, Timestamp};
use crate::finding::{FilePlace, Finding, Level};
use expiry::Expiry;
use select::{Pattern, Selector};
use serde_json::Value as Json;

/// The policy of an estate; by default none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// As the user named it; empty without a file.
    pub file: String,
    /// The whole file: domains read their own tables out of it.
    pub text: String,
    /// The level of `--fail-on`, when the flag does not say.
    pub fail_on: Option<Level>,
    /// Tried in order: the first that fits decides.
    severities: Vec<Severity>,
    exemptions: Vec<Exemption>,
}

/// A severity in place of the domain's.
#[derive(Debug, Clone, PartialEq)]
struct Severity {
    on: Selector,
    /// Only what is, or was, due by then, counted from now.
    due_within: Option<Span>,
    measure: Option<Measure>,
    level: Level,
}

/// A number among the members of [`Finding::detail`], and its bounds.
#[derive(Debug, Clone, PartialEq)]
struct Measure {
    member: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
}

/// What kind of exemption it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `[[ignore]]`: a class that the estate does not care about; it may have no expiry, and need not match anything.
    Ignore,
    /// `[[waiver]]`: a known exception that runs out.
    Waiver,
}

/// Findings that are taken out, and why.
#[derive(Debug, Clone, PartialEq)]
struct Exemption {
    kind: Kind,
    on: Selector,
    reason: String,
    expires: Option<Expiry>,
    /// Of the policy file, counted from 1.
    line: u64,
}

/// A finding that the policy took out.
#[derive(Debug, Clone, PartialEq)]
pub struct Waived {
    pub finding: Finding,
    pub reason: String,
    /// The last day or instant, as it is written; empty without one.
    pub until: String,
}

impl Waived {
    /// `waived until 2026-06-30: the branch closes`.
    #[must_use]
    pub fn why(&self) -> String {
        match self.until.as_str() {
            "" => format!("waived: {}", self.reason),
            until => format!("waived until {until}: {}", self.reason),
        }
    }
}

/// How much of what the policy speaks of was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The whole estate: a waiver that matched nothing is of no use.
    Everything,
    /// A part: what a waiver is for may lie elsewhere.
    Part,
}

/// Judges findings one by one.
#[derive(Debug)]
pub struct Judge<'p> {
    policy: &'p Policy,
    now: Timestamp,
    /// How many findings each exemption covers, expired ones included.
    covered: Vec<u64>,
    waived: Vec<Waived>,
}

impl Policy {
    /// A judge for findings at `now`.
    #[must_use]
    pub fn judge(&self, now: Timestamp) -> Judge<'_> {
        Judge { policy: self, now, covered: vec![0; self.exemptions.len()], waived: Vec::new() }
    }

    fn severity(&self, finding: &Finding, now: Timestamp) -> Level {
        let fits = |severity: &&Severity| severity.fits(finding, now);
        self.severities.iter().find(fits).map_or(finding.severity, |severity| severity.level)
    }
}

impl Judge<'_> {
    /// Whether every finding is left as it is: most estates have no policy.
    #[must_use]
    pub fn is_content(&self) -> bool {
        self.policy.severities.is_empty() && self.policy.exemptions.is_empty()
    }

    /// The finding with the severity of the policy; `None` when the policy waives it.
    pub fn judge(&mut self, finding: Finding) -> Option<Finding> {
        let finding = Finding { severity: self.policy.severity(&finding, self.now), ..finding };
        let mut by = None;
        for (exemption, covered) in self.policy.exemptions.iter().zip(&mut self.covered) {
            if exemption.on.fits(&finding) {
                *covered += 1;
                by = by.or_else(|| exemption.in_force(self.now).then_some(exemption));
            }
        }
        let Some(exemption) = by else { return Some(finding) };
        let until = exemption.expires.as_ref().map(|expiry| expiry.written.clone());
        let (reason, until) = (exemption.reason.clone(), until.unwrap_or_default());
        self.waived.push(Waived { finding, reason, until });
        None
    }

    /// What is to be found of the policy itself, after the last finding, and all that was waived.
    #[must_use]
    pub fn finish(self, seen: Seen) -> (Vec<Finding>, Vec<Waived>) {
        let exemptions = self.policy.exemptions.iter().zip(&self.covered);
        let found = exemptions.filter_map(|(exemption, covered)| {
            let finding = match &exemption.expires {
                Some(expiry) if !exemption.in_force(self.now) => {
                    self.policy.expired(exemption, expiry, *covered)
                }
                _ if *covered == 0 && seen == Seen::Everything => self.policy.unused(exemption)?,
                _ => return None,
            };
            Some(Finding { severity: self.policy.severity(&finding, self.now), ..finding })
        });
        (found.collect(), self.waived)
    }
}

impl Policy {
    fn expired(&self, exemption: &Exemption, expiry: &Expiry, covered: u64) -> Finding {
        let (class, what) = match exemption.kind {
            Kind::Ignore => ("ignore.expired", "`ignore`"),
            Kind::Waiver => ("waiver.expired", "waiver"),
        };
        let message = format!(
            "the {what} of `{}` expired on {}: {}",
            exemption.on.class.0, expiry.written, exemption.reason
        );
        let remedy = match covered {
            0 => "remove it: nothing is left that it would cover".to_owned(),
            1 => "mend the finding that it covered, or give it another date".to_owned(),
            more => format!("mend the {more} findings that it covered, or give it another date"),
        };
        self.of(exemption, class, Level::Warning, message)
            .with("findings", covered)
            .due(Some(expiry.end))
            .remedy(remedy)
    }

    /// A class may be ignored before it is ever found; a waiver is about something that there is.
    fn unused(&self, exemption: &Exemption) -> Option<Finding> {
        let message = format!("the waiver of `{}` matches no finding", exemption.on.class.0);
        let finding = self.of(exemption, "waiver.unused", Level::Info, message);
        (exemption.kind == Kind::Waiver)
            .then(|| finding.remedy("remove it, or mend its patterns when it should match"))
    }

    fn of(&self, of: &Exemption, class: &'static str, level: Level, message: String) -> Finding {
        let pattern = |pattern: &Option<Pattern>| {
            pattern.as_ref().map_or(Json::Null, |pattern| Json::from(pattern.0.as_str()))
        };
        let finding = Finding::new("policy", class, level, of.on.class.0.as_str(), message)
            .with("class", of.on.class.0.as_str())
            .with("instance", pattern(&of.on.instance))
            .with("object", pattern(&of.on.object))
            .with("reason", of.reason.as_str())
            .with("expires", of.expires.as_ref().map(|expiry| expiry.written.as_str()));
        let place = FilePlace { file: self.file.clone(), line: Some(of.line) };
        Finding { place: Some(place), ..finding }
    }
}

impl Exemption {
    fn in_force(&self, now: Timestamp) -> bool {
        !self.expires.as_ref().is_some_and(|expiry| expiry.past(now))
    }
}

impl Severity {
    fn fits(&self, finding: &Finding, now: Timestamp) -> bool {
        let due = |span: &Span| finding.due.is_some_and(|due| due <= now.plus_ms(span.ms()));
        self.on.fits(finding)
            && self.due_within.as_ref().is_none_or(due)
            && self.measure.as_ref().is_none_or(|measure| measure.fits(finding))
    }
}

impl Measure {
    fn fits(&self, finding: &Finding) -> bool {
        let number = finding.detail.get(&self.member).and_then(|held| held.as_f64());
        number.is_some_and(|number| {
            self.at_least.is_none_or(|least| number >= least)
                && self.at_most.is_none_or(|most| number <= most)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Judge, Policy, Seen, read};
    use crate::clock::Timestamp;
    use crate::finding::{Finding, Level};

    fn now() -> Timestamp {
        Timestamp::parse("2026-03-31T00:00:00Z").unwrap()
    }

    fn policy(text: &str) -> Policy {
        Policy { file: "policy.toml".to_owned(), ..read(text, &["kms", "csp"]).unwrap() }
    }

    fn finding(class: &'static str, instance: &str, object: &str) -> Finding {
        Finding::new("kms", class, Level::Error, object, "m").within(instance)
    }

    /// What is left of the findings, and the number of those that are waived.
    fn judged(policy: &Policy, findings: Vec<Finding>, seen: Seen) -> (Vec<Finding>, usize) {
        let mut judge: Judge<'_> = policy.judge(now());
        let mut left: Vec<Finding> =
            findings.into_iter().filter_map(|finding| judge.judge(finding)).collect();
        let (own, waived) = judge.finish(seen);
        left.extend(own);
        (left, waived.len())
    }

    fn classes(findings: &[Finding]) -> Vec<(&'static str, &'static str)> {
        findings.iter().map(|finding| (finding.class, finding.severity.word())).collect()
    }

    #[test]
    fn without_a_policy_findings_stay_as_they_are() {
        let found = vec![finding("a", "kms01", "x")];
        assert_eq!(judged(&Policy::default(), found.clone(), Seen::Everything), (found, 0));
    }

    #[test]
    fn the_first_severity_that_fits_decides() {
        let policy = policy(
            "[[severity]]\nclass = \"kms.threshold.*\"\ndue-within = \"14d\"\nlevel = \"error\"\n\
             [[severity]]\nclass = \"threshold.*\"\nlevel = \"info\"\n",
        );
        let due =
            |days| finding("threshold.will-fall", "kms01", "x").due(Some(now().plus_days(days)));
        let found = vec![
            due(14),
            due(15),
            due(-3),
            finding("threshold.x", "", ""),
            finding("other", "", ""),
        ];
        let (left, _) = judged(&policy, found, Seen::Everything);
        let levels: Vec<&str> = left.iter().map(|finding| finding.severity.word()).collect();
        assert_eq!(levels, ["error", "info", "error", "info", "error"]);
    }

    #[test]
    fn a_number_of_the_finding_can_decide_its_severity() {
        let policy = policy(
            "[[severity]]\nclass = \"*\"\nmember = \"excess\"\nat-least = 2\nat-most = 9.5\nlevel = \"info\"\n",
        );
        let of = |excess: i64| finding("a", "", "x").with("excess", excess);
        let found = vec![of(1), of(2), of(9), of(10), finding("a", "", "x").with("excess", "2")];
        let (left, _) = judged(&policy, found, Seen::Everything);
        let levels: Vec<&str> = left.iter().map(|finding| finding.severity.word()).collect();
        assert_eq!(levels, ["error", "info", "info", "error", "error"]);
    }

    #[test]
    fn a_waiver_takes_out_what_its_patterns_match_and_nothing_else() {
        let policy = policy(
            "[[waiver]]\nclass = \"stale.*\"\ninstance = \"KMS0?\"\nobject = \"pc-*\"\nreason = \"r\"\nexpires = 2026-03-31\n",
        );
        let found = vec![
            finding("stale.out", "kms01", "pc-1"),
            finding("stale.out", "kms11", "pc-1"),
            finding("stale.out", "kms01", "ws-1"),
            finding("churn", "kms01", "pc-1"),
        ];
        let (left, waived) = judged(&policy, found.clone(), Seen::Everything);
        assert_eq!((left, waived), (found[1..].to_vec(), 1));
    }

    #[test]
    fn a_date_is_the_last_day_and_an_instant_is_the_end() {
        let until = |text: &str| {
            let policy =
                policy(&format!("[[waiver]]\nclass = \"*\"\nreason = \"r\"\nexpires = {text}\n"));
            let (left, waived) = judged(&policy, vec![finding("a", "", "x")], Seen::Everything);
            (classes(&left), waived)
        };
        let expired = (vec![("a", "error"), ("waiver.expired", "warning")], 0);
        for (text, in_force) in [
            ("2026-03-31", true),
            ("\"2026-03-31\"", true),
            ("2026-03-30", false),
            ("2026-03-31T00:00:00Z", false),
            ("2026-03-31T00:00:01Z", true),
            ("2026-03-31T01:00:00+02:00", false),
        ] {
            assert_eq!(until(text), if in_force { (vec![], 1) } else { expired.clone() }, "{text}");
        }
    }

    #[test]
    fn an_expired_waiver_tells_where_it_stands_and_what_it_covered() {
        let policy = policy(
            "\n[[waiver]]\nclass = \"a\"\nreason = \"the branch closes\"\nexpires = 2026-03-01\n",
        );
        let found = vec![finding("a", "kms01", "x"), finding("a", "kms02", "x")];
        let (left, _) = judged(&policy, found, Seen::Part);
        let told = &left[2];
        assert_eq!((told.domain, told.class), ("policy", "waiver.expired"));
        assert_eq!(told.message, "the waiver of `a` expired on 2026-03-01: the branch closes");
        assert_eq!(told.remedy, "mend the 2 findings that it covered, or give it another date");
        assert_eq!(told.detail.get("findings"), Some(2.into()));
        assert_eq!(told.due, Timestamp::parse("2026-03-02T00:00:00Z"));
        let place = told.place.as_ref().unwrap();
        assert_eq!((place.file.as_str(), place.line), ("policy.toml", Some(2)));
    }

    #[test]
    fn a_waiver_without_use_is_a_note_when_the_whole_estate_was_seen() {
        let policy = policy("[[waiver]]\nclass = \"a\"\nreason = \"r\"\nexpires = 2027-01-01\n");
        assert_eq!(
            classes(&judged(&policy, vec![], Seen::Everything).0),
            [("waiver.unused", "info")]
        );
        assert_eq!(judged(&policy, vec![], Seen::Part).0, []);
    }

    #[test]
    fn an_ignored_class_needs_no_expiry_and_no_finding() {
        let policy =
            policy("[[ignore]]\nclass = \"churn.*\"\nreason = \"desktops are rebuilt daily\"\n");
        assert_eq!(judged(&policy, vec![], Seen::Everything), (vec![], 0));
        assert_eq!(
            judged(&policy, vec![finding("churn.phantoms", "", "x")], Seen::Part),
            (vec![], 1)
        );
        let mut judge = policy.judge(now());
        judge.judge(finding("churn.phantoms", "", "x"));
        assert_eq!(judge.finish(Seen::Part).1[0].why(), "waived: desktops are rebuilt daily");
    }

    #[test]
    fn of_two_waivers_of_one_finding_neither_is_without_use() {
        let one = "[[waiver]]\nclass = \"a\"\nreason = \"r\"\nexpires = 2027-01-01\n";
        let (left, waived) =
            judged(&policy(&one.repeat(2)), vec![finding("a", "", "x")], Seen::Everything);
        assert_eq!((left, waived), (vec![], 1));
    }

    #[test]
    fn the_policy_can_say_how_bad_its_own_findings_are() {
        let policy = policy(
            "[[severity]]\nclass = \"policy.waiver.*\"\nlevel = \"error\"\n\
             [[waiver]]\nclass = \"a\"\nreason = \"r\"\nexpires = 2020-01-01\n",
        );
        assert_eq!(
            classes(&judged(&policy, vec![], Seen::Everything).0),
            [("waiver.expired", "error")]
        );
    }
}
