//! What time does: heartbeats that were missed, held tokens that are let go, clients that waited too long, check-outs that end.
//!
//! Each takes place at its own moment and in the order of time, so that it makes no difference when somebody looks.

use super::ledger::Ledger;
use super::login::{Scene, logged};
use super::release::{End, let_go, release};
use super::{commuter, queue};
use crate::clock::Timestamp;
use crate::error::Outcome;
use crate::rms::catalog::transactions;
use crate::rms::model::session::{Session, State};

/// Brings the tokens to a moment; how many rows time changed.
pub fn settle(ledger: &mut dyn Ledger, scene: Scene<'_>) -> Outcome<u64> {
    let mut changed = 0;
    while let Some(session) = ledger.next_due(scene.now.s())? {
        let at = session.due.and_then(Timestamp::from_s).unwrap_or(scene.now);
        fall_due(ledger, Scene { now: at, ..scene }, session)?;
        changed += 1;
    }
    Ok(changed)
}

fn fall_due(ledger: &mut dyn Ledger, scene: Scene<'_>, session: Session) -> Outcome<()> {
    match session.state {
        State::Running => release(ledger, scene, session, End::TimedOut).map(|_| ()),
        State::Held => let_go(ledger, scene, &session),
        State::Commuted => commuter::come_back(ledger, scene, &session),
        State::Queued | State::Granted => drop_waiting(ledger, scene, &session),
        // Nothing happens to these: a row that says otherwise is put right.
        State::Left | State::Vacated | State::Expelled | State::Reclaimed | State::Terminated => {
            ledger.put(Session { due: None, ..session });
            Ok(())
        }
    }
}

/// A client that waited too long, or did not take what was kept for it.
fn drop_waiting(ledger: &mut dyn Ledger, scene: Scene<'_>, session: &Session) -> Outcome<()> {
    let right = ledger.right(session.feature, scene.now)?;
    let mut counts = ledger.counts(session.feature)?;
    queue::leave(&mut counts, session);
    let event = transactions::QUEUE_DROPPED;
    ledger.log(logged(&right, &session.client, (event, session.units), counts.used, scene.now));
    ledger.remove(session.key);
    ledger.set_counts(session.feature, counts);
    queue::serve(ledger, session.feature, scene.now)
}
