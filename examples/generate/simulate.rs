//! Runs the estate from its first request to the present: who asks when, and what comes of it.

use crate::calendar::{MINUTE, Moment, SECOND};
use crate::host::{Host, Request};
use crate::machine::{LICENSED, Machine};
use crate::random::Random;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A planned request: when, which machine, which of its licences. Equal moments are served in the order of the machines.
type Plan = Reverse<(Moment, usize, usize)>;

/// Lets every machine ask until `now`.
pub(crate) fn run(hosts: &mut [Host], machines: &mut [Machine], now: Moment, random: &mut Random) {
    let mut plans: BinaryHeap<Plan> = BinaryHeap::new();
    for (number, machine) in machines.iter().enumerate() {
        for (slot, licence) in machine.licences.iter().enumerate() {
            plans.push(Reverse((machine.presence.next(licence.asks, random), number, slot)));
        }
    }
    while let Some(Reverse((time, number, slot))) = plans.pop() {
        if time >= now {
            break;
        }
        let Some(machine) = machines.get_mut(number) else {
            continue;
        };
        if machine.leaves.is_some_and(|leaves| leaves <= time) {
            continue;
        }
        let Some(host) = hosts.get_mut(machine.host) else {
            continue;
        };
        if let Some(wait) = ask(host, machine, slot, time, random) {
            // The timers of the service are not exact.
            let due = time.plus(wait + random.between(0, 600 * SECOND));
            plans.push(Reverse((machine.presence.next(due, random), number, slot)));
        }
    }
}

/// One request. Returns the milliseconds to the next one.
fn ask(
    host: &mut Host,
    machine: &mut Machine,
    slot: usize,
    time: Moment,
    random: &mut Random,
) -> Option<i64> {
    let name = machine.name(time, random).to_owned();
    let licence = machine.licences.get_mut(slot)?;
    licence.advance(time);
    let request = Request {
        record: 0,
        time,
        hresult: 0,
        required: licence.product.required,
        name,
        cmid: machine.cmid,
        client_time: time.minus(SECOND).plus(machine.skew),
        is_virtual: machine.is_virtual,
        status: licence.status,
        minutes: licence.minutes(time),
        activation: licence.product.activation,
        count: 0,
    };
    if host.answer(request, licence.product) {
        licence.activate(time);
    }
    let interval = if licence.status == LICENSED {
        host.facts.renewal_interval
    } else {
        host.facts.activation_interval
    };
    Some(interval * MINUTE)
}
