//! Queues: who may wait, and what is kept for those who do.

use super::ledger::Ledger;
use super::limits::Units;
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::codes::SNTL_NOMORE_QUEUE_RESOURCES;
use crate::rms::model::request::Wait;
use crate::rms::model::server::Server;
use crate::rms::model::session::{Counts, Session, State};

/// Whether a client may wait at a position, counted from 1, of all and of its group.
///
/// Refuses with `SNTL_NOMORE_QUEUE_RESOURCES` when the queue is full, or when the client does not accept its position.
///
/// Source: `VLSqueuePreference`; the code of a position that is not accepted: assumed.
pub fn admits(server: &Server, wait: &Wait, (at, in_group): (u64, u64)) -> Result<(), Refusal> {
    let most = u64::from(server.queue_max);
    let full = |message: String| Err(Refusal::new(&SNTL_NOMORE_QUEUE_RESOURCES, message));
    if most == 0 {
        let refusal =
            Refusal::new(&SNTL_NOMORE_QUEUE_RESOURCES, "nobody may wait: the queue is off");
        let hint = format!("`licctl rms server set {} --queue-max N` allows it", server.name);
        return Err(refusal.hinted(hint));
    }
    if at > most {
        return full(format!("{most} clients wait already, and no more may"));
    }
    for (wanted, at, of) in
        [(wait.position, at, "the queue"), (wait.group_position, in_group, "its group")]
    {
        if let Some(wanted) = wanted.filter(|wanted| at > *wanted) {
            return full(format!(
                "its position in {of} would be {at}, and {wanted} is the last it accepts"
            ));
        }
    }
    Ok(())
}

/// Keeps what is free for those who wait: the first is served first, and nobody overtakes it.
pub fn serve(ledger: &mut dyn Ledger, feature: i64, now: Timestamp) -> Outcome<()> {
    loop {
        let mut counts = ledger.counts(feature)?;
        if counts.lacking() == 0 {
            return Ok(());
        }
        let Some(mut head) = ledger.head(feature)? else { return Ok(()) };
        let right = ledger.right(feature, now)?;
        let lacking = head.units.saturating_sub(head.kept);
        let more = match right.available(&counts, &head.group) {
            Units::Finite(free) => free.min(lacking),
            Units::Unlimited => lacking,
        };
        if more > 0 {
            let drawn = more.min(right.reserve_left(&counts, &head.group));
            counts.draw(&head.group, drawn);
            counts.kept += more;
            head.kept += more;
            head.drawn += drawn;
        }
        let met = head.kept >= head.units;
        if met {
            head.state = State::Granted;
            let until = now.s().saturating_add(head.hold);
            head.due = Some(until.saturating_add(1));
        }
        ledger.set_counts(feature, counts);
        ledger.put(head);
        if !met {
            return Ok(());
        }
    }
}

/// Takes a client out of the queue, with what was kept for it.
pub fn leave(counts: &mut Counts, session: &Session) {
    counts.queued = counts.queued.saturating_sub(1);
    counts.wanted = counts.wanted.saturating_sub(session.units);
    counts.kept = counts.kept.saturating_sub(session.kept);
    counts.put_back(&session.group, session.drawn);
}

/// Makes what was kept for a client a token of its own.
pub fn convert(counts: &mut Counts, session: &mut Session) {
    counts.queued = counts.queued.saturating_sub(1);
    counts.wanted = counts.wanted.saturating_sub(session.units);
    counts.kept = counts.kept.saturating_sub(session.kept);
    counts.used += session.units;
    session.kept = 0;
    session.state = State::Running;
}
