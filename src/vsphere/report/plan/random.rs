//! The planner beside every answer that there is, on questions small enough to try all of them.

use super::first_fit;
use super::problem::{Bin, Fit, Item, Problem, Score};
use super::solve::{NODES, solve};
use crate::clock::Timestamp;
use proptest::prelude::*;

/// The least score of all answers.
fn least(problem: &Problem) -> Score {
    fn walk(problem: &Problem, placed: &mut Vec<Option<usize>>, best: &mut Option<Score>) {
        if placed.len() == problem.items.len() {
            if problem.holds(placed) {
                let score = problem.score(placed);
                if best.as_ref().is_none_or(|best| score < *best) {
                    *best = Some(score);
                }
            }
            return;
        }
        for place in (0..problem.bins.len()).map(Some).chain([None]) {
            placed.push(place);
            walk(problem, placed, best);
            placed.pop();
        }
    }
    let mut best = None;
    walk(problem, &mut Vec::new(), &mut best);
    best.unwrap()
}

fn bin() -> impl Strategy<Value = Bin> {
    let capacity = prop_oneof![8 => (0..12_i64).prop_map(Some), 1 => Just(None)];
    let expires = prop::option::weighted(
        0.4,
        (0..3_i64).prop_map(|day| Timestamp::from_s(day * 86_400).unwrap()),
    );
    (capacity, expires).prop_map(|(capacity, expires)| Bin { capacity, expires })
}

/// Hosts whose costs depend on the license, as those of two units do.
fn mixed() -> impl Strategy<Value = Problem> {
    prop::collection::vec(bin(), 1..5).prop_flat_map(|bins| {
        let count = bins.len();
        let fit = prop::option::weighted(0.8, (1..6_i64, 0..3_i64))
            .prop_map(|fit| fit.map(|(cost, surplus)| Fit { cost, surplus }));
        let item = (prop::collection::vec(fit, count), prop::option::of(0..count))
            .prop_map(|(fits, current)| Item { fits, current });
        let alike = (item, 1..3_usize).prop_map(|(item, times)| vec![item; times]);
        prop::collection::vec(alike, 0..4).prop_map(move |items| {
            let mut items = items.concat();
            items.truncate(6);
            Problem { bins: bins.clone(), items }
        })
    })
}

/// Hosts that cost the same on every license, with licenses that look alike.
fn plain() -> impl Strategy<Value = Problem> {
    let capacity = prop::sample::select(vec![2_i64, 4, 7, 8, 10]);
    let bins = prop::collection::vec(capacity, 1..5);
    let costs = prop::collection::vec(prop::sample::select(vec![1_i64, 2, 3, 4]), 0..7);
    (bins, costs).prop_map(|(bins, costs)| {
        let fits = |cost: i64| vec![Some(Fit { cost, surplus: 0 }); bins.len()];
        let items = costs.into_iter().map(|cost| Item { fits: fits(cost), current: None });
        let items = items.collect();
        let bins = bins.iter().map(|units| Bin { capacity: Some(*units), expires: None });
        Problem { bins: bins.collect(), items }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_plan_is_as_good_as_the_best_of_all(problem in prop_oneof![mixed(), plain()]) {
        let answer = solve(&problem, NODES);
        prop_assert!(problem.holds(&answer.placed));
        prop_assert!(answer.optimal && answer.fewest);
        prop_assert_eq!(problem.score(&answer.placed), least(&problem));
    }

    #[test]
    fn the_plan_is_never_worse_than_first_fit_decreasing_however_little_is_tried(
        problem in prop_oneof![mixed(), plain()],
        nodes in 0..40_u64,
    ) {
        let answer = solve(&problem, nodes);
        prop_assert!(problem.holds(&answer.placed));
        let bins: Vec<usize> = (0..problem.bins.len()).collect();
        let thumb = problem.score(&first_fit::decreasing(&problem, &bins));
        let score = problem.score(&answer.placed);
        prop_assert!(score <= thumb);
        if answer.optimal {
            prop_assert_eq!(&score, &least(&problem));
        }
        if answer.fewest {
            let least = least(&problem);
            prop_assert_eq!((score.unplaced, score.bins), (least.unplaced, least.bins));
        }
    }
}

/// Hosts of these costs in turn over licenses of these sizes, all of one unit.
fn even(hosts: usize, costs: &[i64], sizes: &[i64]) -> Problem {
    let items = costs.iter().cycle().take(hosts).map(|cost| {
        let fit = Some(Fit { cost: *cost, surplus: 0 });
        Item { fits: vec![fit; sizes.len()], current: None }
    });
    let bins = sizes.iter().map(|units| Bin { capacity: Some(*units), expires: None });
    Problem { bins: bins.collect(), items: items.collect() }
}

/// Hosts, their costs, the keys, how many hosts fit at most, and how many keys at least hold these.
type Case = (usize, &'static [i64], Vec<i64>, usize, usize);

#[test]
fn equal_keys_prime_sizes_and_many_small_keys_are_answered_honestly() {
    let primes: Vec<i64> = (53..250).filter(|size| (2..*size).all(|by| size % by != 0)).collect();
    let cases: [Case; 5] = [
        (1000, &[2, 3], vec![63; 40], 1000, 40),
        (1000, &[2, 3], vec![62; 40], 993, 40),
        (1000, &[4], vec![7; 40], 40, 40),
        (500, &[2, 3, 5, 7], primes, 500, 10),
        (300, &[2, 1, 2, 2], vec![3; 160], 235, 160),
    ];
    for (hosts, costs, sizes, most, least) in cases {
        let problem = even(hosts, costs, &sizes);
        let answer = solve(&problem, NODES);
        assert!(problem.holds(&answer.placed));
        let score = problem.score(&answer.placed);
        let bins: Vec<usize> = (0..sizes.len()).collect();
        assert!(score <= problem.score(&first_fit::decreasing(&problem, &bins)), "{costs:?}");
        let placed = hosts - usize::try_from(score.unplaced).unwrap();
        let keys = usize::try_from(score.bins).unwrap();
        assert!(placed <= most && (placed < hosts || keys >= least), "{costs:?}: {placed}, {keys}");
        if answer.fewest {
            assert_eq!(placed, most, "{costs:?}");
            assert!(answer.optimal || keys >= least, "{costs:?}");
        }
    }
}

/// A thousand hosts of twelve kinds over forty licenses of three sizes, in two units.
fn large(units: i64) -> Problem {
    let bins = (0..40_i64).map(|at| Bin { capacity: Some(units + at % 3 * 20), expires: None });
    let items = (0..1000_i64).map(|at| {
        let (packages, cores) = (1 + at % 3, 16 + at % 4 * 16);
        let fits = (0..40_i64).map(|bin| {
            let by_package = packages * ((cores + 31) / 32);
            let cost = if bin % 10 == 9 { packages * cores / 16 } else { by_package };
            Some(Fit { cost, surplus: bin % 2 })
        });
        Item { fits: fits.collect(), current: None }
    });
    Problem { bins: bins.collect(), items: items.collect() }
}

#[test]
fn a_thousand_hosts_over_forty_licenses_are_placed_on_the_fewest() {
    for units in [60, 200] {
        let problem = large(units);
        let answer = solve(&problem, NODES);
        assert!(problem.holds(&answer.placed));
        let bins: Vec<usize> = (0..40).collect();
        let thumb = problem.score(&first_fit::decreasing(&problem, &bins));
        let score = problem.score(&answer.placed);
        assert!(score <= thumb, "{units}");
        assert_eq!(answer, solve(&problem, NODES), "the same question has the same answer");
    }
}
