//! What is drawn: how full features are, who was refused day by day, and what will be served when nothing is renewed.

use super::capacity::{Capacity, State};
use super::endings::{What, endings, served};
use crate::chart::{Bar, Body, Chart, Line, Series, Stack};
use crate::clock::Timestamp;
use crate::rms::model::license::License;
use crate::rms::rules::node::node;
use std::collections::BTreeMap;

/// Bars of a chart: the fullest features.
const BARS: usize = 16;

/// Lines or parts of a chart: more colours cannot be told apart.
const COLOURS: usize = 8;

/// How far ahead ends are drawn, in days.
pub const AHEAD_DAYS: i64 = 365;

/// How far back refusals are drawn, in days.
pub const BACK_DAYS: i64 = 90;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Tokens in use against what there is, the fullest features first; those of which nothing is in use are left out.
#[must_use]
pub fn fullness(features: Vec<(String, Capacity)>) -> Option<Chart> {
    let mut features: Vec<(String, Capacity)> =
        features.into_iter().filter(|(_, one)| one.used > 0).collect();
    // Parts of a thousand, so that no fractions are compared.
    let full = |one: &Capacity| match one.total.finite() {
        Some(0) => u64::MAX,
        Some(total) => one.used.saturating_mul(1000) / total,
        None => 0,
    };
    features.sort_by(|(one_name, one), (other_name, other)| {
        full(other).cmp(&full(one)).then_with(|| one_name.cmp(other_name))
    });
    let bars: Vec<Bar> = features
        .into_iter()
        .take(BARS)
        .map(|(label, one)| Bar {
            label,
            used: one.used,
            of: one.total.finite(),
            level: one.level().filter(|_| one.state != State::Ok || one.denied > 0),
        })
        .collect();
    (!bars.is_empty()).then(|| Chart {
        domain: "rms",
        title: "Tokens in use".to_owned(),
        note: "Against the tokens that a feature has in all; one without an end is unlimited."
            .to_owned(),
        body: Body::Bars(bars),
    })
}

/// Refused requests by day and feature.
#[derive(Debug)]
pub struct Refused {
    first: i64,
    last: i64,
    days: BTreeMap<i64, BTreeMap<String, u64>>,
    features: BTreeMap<String, u64>,
}

impl Refused {
    /// Looks at the days that end with that of `now`, UTC.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let last = now.s().div_euclid(DAY);
        let (days, features) = (BTreeMap::new(), BTreeMap::new());
        Self { first: last - BACK_DAYS + 1, last, days, features }
    }

    /// The first second that is looked at.
    #[must_use]
    pub fn since(&self) -> i64 {
        self.first * DAY
    }

    /// Takes a refusal; `at`: seconds since 1970.
    pub fn take(&mut self, feature: &str, at: i64) {
        let day = at.div_euclid(DAY);
        if !(self.first..=self.last).contains(&day) {
            return;
        }
        *self.days.entry(day).or_default().entry(feature.to_owned()).or_insert(0) += 1;
        *self.features.entry(feature.to_owned()).or_insert(0) += 1;
    }

    /// The chart, from the first day with a refusal on; the features that refused most have a part each.
    #[must_use]
    pub fn finish(self) -> Option<Chart> {
        let first = *self.days.keys().next()?;
        let mut features: Vec<(&String, &u64)> = self.features.iter().collect();
        features.sort_by(|one, other| other.1.cmp(one.1).then_with(|| one.0.cmp(other.0)));
        let rest = features.len() > COLOURS;
        let named = if rest { COLOURS - 1 } else { features.len() };
        let mut parts: Vec<String> =
            features.into_iter().take(named).map(|(name, _)| name.clone()).collect();
        let none = BTreeMap::new();
        let day = |number: i64| {
            let counts = self.days.get(&number).unwrap_or(&none);
            let mut values: Vec<u64> =
                parts.iter().map(|name| counts.get(name).copied().unwrap_or(0)).collect();
            if rest {
                let all: u64 = counts.values().sum();
                values.push(all - values.iter().sum::<u64>());
            }
            Some((Timestamp::from_s(number * DAY)?, values))
        };
        let days = (first..=self.last).filter_map(day).collect();
        if rest {
            parts.push("others".to_owned());
        }
        Some(Chart {
            domain: "rms",
            title: "Refused requests a day".to_owned(),
            note: "By feature; a feature that refuses on many days has too few tokens.".to_owned(),
            body: Body::Stack(Stack { parts, days }),
        })
    }
}

/// What a feature will serve in the time ahead when nothing is renewed: each change with what stood right before it. None when nothing
/// ends, or when it is unlimited.
#[must_use]
pub fn ahead(licenses: &[License], now: Timestamp) -> Option<Vec<(Timestamp, u64)>> {
    let until = now.plus_days(AHEAD_DAYS);
    let mut found = endings(licenses, (now, 0), (now, until));
    // What follows a trial depends on who uses it: a year ahead nobody can tell.
    found.retain(|ending| ending.what != What::Trial);
    found.sort_by_key(|ending| ending.at);
    let mut points = vec![(now, served(node(licenses, now).as_ref()).finite()?)];
    for ending in &found {
        let (before, after) = (ending.before.finite()?, ending.after.finite()?);
        if before != after && points.last().is_none_or(|(at, _)| *at < ending.at.plus_ms(1000)) {
            points.push((ending.at, before));
            points.push((ending.at.plus_ms(1000), after));
        }
    }
    if points.len() == 1 {
        return None;
    }
    points.push((until, served(node(licenses, until).as_ref()).finite()?));
    Some(points)
}

/// The features of which something ends soonest.
#[must_use]
pub fn ends(mut features: Vec<(String, Vec<(Timestamp, u64)>)>) -> Option<Chart> {
    features.sort_by_key(|(name, points)| (points.get(1).map(|(at, _)| *at), name.clone()));
    let lines: Vec<Line> =
        features.into_iter().take(COLOURS).map(|(name, points)| Line { name, points }).collect();
    (!lines.is_empty()).then(|| Chart {
        domain: "rms",
        title: "Tokens in the year ahead".to_owned(),
        note: "What features serve when nothing is renewed: those of which a license ends first."
            .to_owned(),
        body: Body::Series(Series { lines, limits: Vec::new() }),
    })
}

#[cfg(test)]
mod tests {
    use super::super::capacity::capacity;
    use super::super::fixture::{at, key, license};
    use super::{Refused, ahead, ends, fullness};
    use crate::chart::Body;
    use crate::rms::model::session::Counts;
    use crate::rms::rules::right::right;

    #[test]
    fn the_fullest_features_come_first_and_the_idle_ones_not_at_all() {
        let now = at("2026-06-01T00:00:00Z");
        let one = |seats: i64, used: u64| {
            let right = right(&key(), &[license(&[("numLicenses", seats)])], &[1], &[], now);
            capacity(&right, &Counts { used, ..Counts::default() }, 0, 90)
        };
        let features = vec![
            ("half".to_owned(), one(10, 5)),
            ("idle".to_owned(), one(10, 0)),
            ("full".to_owned(), one(3, 3)),
            ("endless".to_owned(), one(4_294_967_294, 9)),
        ];
        let Body::Bars(bars) = fullness(features).unwrap().body else { panic!() };
        let labels: Vec<&str> = bars.iter().map(|bar| bar.label.as_str()).collect();
        assert_eq!(labels, ["full", "half", "endless"]);
        assert_eq!((bars[0].of, bars[2].of), (Some(3), None));
        assert!(bars[0].level.is_some() && bars[1].level.is_none());
        assert!(fullness(Vec::new()).is_none());
    }

    #[test]
    fn refusals_are_counted_by_day_from_the_first_one_on() {
        let mut refused = Refused::new(at("2026-06-03T12:00:00Z"));
        assert!(Refused::new(at("2026-06-03T12:00:00Z")).finish().is_none());
        for (feature, time) in [
            ("cad", "2026-06-01T08:00:00Z"),
            ("cad", "2026-06-01T23:59:59Z"),
            ("cam", "2026-06-03T08:00:00Z"),
            ("old", "2025-06-03T08:00:00Z"),
        ] {
            refused.take(feature, at(time).s());
        }
        let Body::Stack(stack) = refused.finish().unwrap().body else { panic!() };
        assert_eq!(stack.parts, ["cad", "cam"]);
        let days: Vec<&[u64]> = stack.days.iter().map(|(_, values)| values.as_slice()).collect();
        assert_eq!(days, [[2, 0], [0, 0], [0, 1]]);
    }

    #[test]
    fn features_beyond_the_colours_are_drawn_as_one() {
        let now = at("2026-06-03T12:00:00Z");
        let mut refused = Refused::new(now);
        for feature in 0..10 {
            for _ in 0..=feature {
                refused.take(&format!("f{feature}"), now.s());
            }
        }
        let Body::Stack(stack) = refused.finish().unwrap().body else { panic!() };
        assert_eq!((stack.parts.len(), stack.parts[7].as_str()), (8, "others"));
        assert_eq!(stack.days[0].1, [10, 9, 8, 7, 6, 5, 4, 6]);
    }

    #[test]
    fn what_ends_takes_its_tokens_away_and_what_does_not_is_not_drawn() {
        let now = at("2026-05-25T00:00:00Z");
        let end = at("2026-05-31T23:59:59Z");
        let short = license(&[("numLicenses", 8), ("isAdditive", 2), ("deathTime", end.s())]);
        let long = license(&[("numLicenses", 20), ("isAdditive", 2)]);
        let points = ahead(&[long.clone(), short], now).unwrap();
        let tokens: Vec<u64> = points.iter().map(|(_, tokens)| *tokens).collect();
        assert_eq!((tokens, points[1].0), (vec![28, 28, 20, 20], end));
        assert_eq!(ahead(&[long], now), None);
        let Body::Series(series) = ends(vec![("cad".to_owned(), points)]).unwrap().body else {
            panic!()
        };
        assert_eq!(series.lines.len(), 1);
    }
}
