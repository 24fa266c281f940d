//! Which cases there are and where they stand, known before the first of them is written.

use crate::error::Outcome;
use crate::finding::{Finding, Gathering, Kept};
use crate::gate::Report;
use crate::gate::policy::Waived;
use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};

/// How many cases there are of a kind.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) tests: usize,
    pub(super) failures: usize,
    pub(super) skipped: usize,
}

/// Where a case stands: its suite, and its number among all cases, which is that of its first finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) suite: usize,
    number: u32,
}

/// Which cases there are. The findings of one class and object are one case.
pub(super) struct Plan<'r> {
    pub(super) domains: Vec<&'static str>,
    /// Of each domain.
    sums: Vec<Sums>,
    /// Each case, and whether it fails, by a digest of what tells it from others: ten million findings have two equal ones with a
    /// chance of 3 in a million.
    cases: HashMap<u64, (Place, bool)>,
    /// What the policy waives and is no case already, with its suite.
    pub(super) waived: Vec<(usize, &'r Waived)>,
}

impl<'r> Plan<'r> {
    pub(super) fn of(report: &Report<'r>) -> Outcome<Self> {
        let domains = report.domains.to_vec();
        let sums = vec![Sums::default(); domains.len()];
        let mut plan = Self { domains, sums, cases: HashMap::new(), waived: Vec::new() };
        report.each(&mut |finding| {
            plan.take(finding, report.failure(finding));
            Ok(())
        })?;
        for waived in report.waived {
            plan.waive(waived);
        }
        Ok(plan)
    }

    fn take(&mut self, finding: &Finding, fails: bool) {
        let known = self.domains.iter().position(|domain| *domain == finding.domain);
        let suite = known.unwrap_or_else(|| {
            self.domains.push(finding.domain);
            self.sums.push(Sums::default());
            self.domains.len() - 1
        });
        let number = u32::try_from(self.cases.len()).unwrap_or(u32::MAX);
        let Some(sums) = self.sums.get_mut(suite) else { return };
        let (_, failed) = self.cases.entry(digest(finding)).or_insert_with(|| {
            sums.tests += 1;
            (Place { suite, number }, false)
        });
        sums.failures += usize::from(fails && !*failed);
        *failed |= fails;
    }

    /// A domain that was not looked at has no suite for what is waived of it.
    fn waive(&mut self, waived: &'r Waived) {
        let mut domains = self.domains.iter();
        let Some(suite) = domains.position(|domain| *domain == waived.finding.domain) else {
            return;
        };
        if let (Entry::Vacant(case), Some(sums)) =
            (self.cases.entry(digest(&waived.finding)), self.sums.get_mut(suite))
        {
            case.insert((Place { suite, number: u32::MAX }, false));
            sums.tests += 1;
            sums.skipped += 1;
            self.waived.push((suite, waived));
        }
    }

    pub(super) fn place(&self, finding: &Finding) -> Place {
        self.cases.get(&digest(finding)).map(|(place, _)| *place).unwrap_or_default()
    }

    /// The findings suite by suite and case by case.
    pub(super) fn arranged(&self, report: &Report<'_>) -> Outcome<Kept> {
        let mut gathering = Gathering::default();
        report.each(&mut |finding| {
            let Place { suite, number } = self.place(finding);
            let suite = u64::try_from(suite).unwrap_or(u64::MAX);
            gathering.place(suite << 32 | u64::from(number), finding.clone())
        })?;
        gathering.finish()
    }

    /// The sums of a suite. One without cases has a case that passes.
    pub(super) fn sums(&self, suite: usize) -> Sums {
        let sums = self.sums.get(suite).copied().unwrap_or_default();
        Sums { tests: sums.tests.max(1), ..sums }
    }

    pub(super) fn is_empty(&self, suite: usize) -> bool {
        self.sums.get(suite).is_none_or(|sums| sums.tests == 0)
    }

    pub(super) fn total(&self) -> Sums {
        (0..self.domains.len()).map(|suite| self.sums(suite)).fold(Sums::default(), |sum, one| {
            Sums {
                tests: sum.tests + one.tests,
                failures: sum.failures + one.failures,
                skipped: sum.skipped + one.skipped,
            }
        })
    }
}

/// Of what tells one case from another: class, instance, object, file; and the domain.
fn digest(finding: &Finding) -> u64 {
    let file = finding.place.as_ref().map_or("", |place| place.file.as_str());
    let mut hasher = DefaultHasher::new();
    (finding.domain, finding.class, &finding.instance, &finding.object, file).hash(&mut hasher);
    hasher.finish()
}
