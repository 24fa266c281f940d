//! `sntl_licensing_refresh` and `sntl_licensing_logout`: heartbeats, other numbers of units, releases, held tokens.

use super::ledger::Ledger;
use super::limits::Units;
use super::login::{Alert, Scene, close_trial, issue_alerts, logged, majority, missed, open_trial};
use super::queue;
use super::right::Right;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::codes::{
    SNTL_LICENSE_UPGRADE_DENIED, SNTL_LICENSETERMINATED, SNTL_LOGIN_SESSION_NOT_FOUND,
    SNTL_QUEUED_HANDLE, SNTL_USER_SESSION_TERMINATED, SNTL_VALUE_OUT_OF_RANGE,
};
use crate::rms::catalog::elements::HOLDING_CRIT;
use crate::rms::catalog::transactions;
use crate::rms::model::session::{Counts, Session, State};

/// A session that was renewed or given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// As it is now; as it was when it is gone.
    pub session: Session,
    pub alerts: Vec<Alert>,
    /// Units that became free.
    pub released: u64,
}

/// That no session has the key.
#[must_use]
pub fn unknown(key: u32) -> Refusal {
    let message = format!("there is no session {key}");
    let refusal = Refusal::new(&SNTL_LOGIN_SESSION_NOT_FOUND, message);
    refusal.hinted("`licctl rms session list` shows the sessions")
}

/// The session of a key that its client may still use.
///
/// Refuses with `SNTL_LOGIN_SESSION_NOT_FOUND` when there is none, `SNTL_LICENSETERMINATED` when its heartbeat was missed,
/// `SNTL_USER_SESSION_TERMINATED` when an administrator ended it.
pub fn of_key(ledger: &mut dyn Ledger, key: u32) -> Outcome<Session> {
    let found = ledger.session(key)?;
    let Some(session) = found else { return Err(unknown(key).into()) };
    match session.state {
        State::Running | State::Queued | State::Granted => Ok(session),
        State::Reclaimed | State::Vacated => {
            let message =
                format!("session {key} missed its heartbeat, and its token was taken back");
            Err(Refusal::new(&SNTL_LICENSETERMINATED, message).into())
        }
        State::Terminated | State::Expelled => {
            let message = format!("session {key} was ended by an administrator");
            Err(Refusal::new(&SNTL_USER_SESSION_TERMINATED, message).into())
        }
        State::Commuted => {
            let message = format!("session {key} is a check-out, and needs no heartbeat");
            let refusal = Refusal::new(&SNTL_LOGIN_SESSION_NOT_FOUND, message);
            Err(refusal.hinted("`licctl rms commuter checkin` brings it back").into())
        }
        State::Held | State::Left => Err(unknown(key).into()),
    }
}

/// Renews a session; `units`: how many it wants from now on. A client whose demand the queue has met takes its tokens.
///
/// Without a majority of the pool the session ends, which comes as an answer with its refusal.
///
/// Refuses with `SNTL_QUEUED_HANDLE` a client that still waits, with what the feature is not served for,
/// `SNTL_LICENSE_UPGRADE_DENIED` when more units are wanted than are free.
pub fn refresh(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    key: u32,
    units: Option<u64>,
) -> Outcome<Result<Changed, Box<Refusal>>> {
    let mut session = of_key(ledger, key)?;
    if session.state == State::Queued {
        let message =
            format!("{} of {} units are kept for session {key}", session.kept, session.units);
        return Err(Refusal::new(&SNTL_QUEUED_HANDLE, message).into());
    }
    let right = ledger.right(session.feature, scene.now)?;
    right.usable()?;
    if let Err(refusal) = majority(scene.server, &right.elements) {
        release(ledger, scene, session, End::Lost)?;
        return Ok(Err(Box::new(refusal)));
    }
    let mut counts = ledger.counts(session.feature)?;
    let mut alerts = Vec::new();
    let before = counts.used;
    let was_granted = session.state == State::Granted;
    if was_granted {
        queue::convert(&mut counts, &mut session);
        session.start = scene.now.s();
        open_trial(ledger, scene, &right, &mut session)?;
        alerts = issue_alerts(&right, before, counts.used);
    }
    let mut released = 0;
    if let Some(wanted) = units {
        released = resized(&right, &mut counts, &mut session, wanted)?;
        if counts.used > before && !was_granted {
            alerts = issue_alerts(&right, before, counts.used);
            alerts.retain(|alert| *alert != Alert::AppStart);
        }
    }
    session.refreshed = scene.now.s();
    session.due = if session.observed { None } else { missed(&right.elements, session.refreshed) };
    if let Some(leader) = scene.server.pool.as_ref().and_then(|pool| pool.leader()) {
        session.issuer.clone_from(&leader.name);
    }
    if was_granted {
        let event = transactions::QUEUE_GRANTED;
        let record =
            logged(&right, &session.client, (event, session.units), counts.used, scene.now);
        ledger.log(record);
    }
    let feature = session.feature;
    // A row that is as it was need not be written.
    if counts != ledger.counts(feature)? {
        ledger.set_counts(feature, counts);
    }
    ledger.put(session.clone());
    if released > 0 {
        queue::serve(ledger, feature, scene.now)?;
    }
    Ok(Ok(Changed { session, alerts, released }))
}

/// Gives a session another number of units; those that became free.
fn resized(
    right: &Right,
    counts: &mut Counts,
    session: &mut Session,
    wanted: u64,
) -> Result<u64, Refusal> {
    if session.shares.is_some() || session.clients > 1 {
        let message = "the token is shared, and its units are those of all who share it";
        return Err(Refusal::new(&SNTL_LICENSE_UPGRADE_DENIED, message));
    }
    if wanted <= session.units {
        let released = session.units - wanted;
        give_back(counts, session, released);
        return Ok(released);
    }
    let more = wanted - session.units;
    if let Units::Finite(free) = right.available(counts, &session.group)
        && free < more
    {
        let message = format!("{more} more units are wanted, and {free} are free");
        return Err(Refusal::new(&SNTL_LICENSE_UPGRADE_DENIED, message));
    }
    let drawn = more.min(right.reserve_left(counts, &session.group));
    counts.draw(&session.group, drawn);
    counts.used += more;
    session.drawn += drawn;
    session.units = wanted;
    Ok(0)
}

/// Takes units from a session: those that are for all first.
fn give_back(counts: &mut Counts, session: &mut Session, units: u64) {
    let of_all = session.units.saturating_sub(session.drawn).min(units);
    let of_group = units - of_all;
    counts.put_back(&session.group, of_group);
    counts.used = counts.used.saturating_sub(units);
    session.drawn -= of_group;
    session.units -= units;
}

/// Gives units back, all of them without a number; the last ones end the session.
///
/// Refuses with `SNTL_VALUE_OUT_OF_RANGE` a number that the session does not have.
pub fn logout(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    key: u32,
    units: Option<u64>,
) -> Outcome<Changed> {
    let mut session = of_key(ledger, key)?;
    let has = session.units;
    match units {
        Some(units) if units == 0 || units > has.max(1) => {
            let message = format!("{units} units are given back, and session {key} has {has}");
            Err(Refusal::new(&SNTL_VALUE_OUT_OF_RANGE, message).into())
        }
        Some(units) if units < has && session.state == State::Running => {
            if session.clients > 1 {
                let message = format!("session {key} shares its token: it is given back whole");
                return Err(Refusal::new(&SNTL_VALUE_OUT_OF_RANGE, message).into());
            }
            let mut counts = ledger.counts(session.feature)?;
            give_back(&mut counts, &mut session, units);
            ledger.set_counts(session.feature, counts);
            ledger.put(session.clone());
            queue::serve(ledger, session.feature, scene.now)?;
            Ok(Changed { session, alerts: Vec::new(), released: units })
        }
        _ => release(ledger, scene, session, End::Released),
    }
}

/// How a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Its client gave it back: its token may be held.
    Released,
    /// Its heartbeat was missed.
    TimedOut,
    /// An administrator ended it.
    Terminated,
    /// The pool has no majority.
    Lost,
}

impl End {
    /// What its row is from now on; `None`: it is gone.
    fn state(self) -> Option<State> {
        match self {
            Self::Released | Self::Lost => None,
            Self::TimedOut => Some(State::Reclaimed),
            Self::Terminated => Some(State::Terminated),
        }
    }
}

/// Ends a session, and lets go of its token unless others share it or it is held.
pub fn release(
    ledger: &mut dyn Ledger,
    scene: Scene<'_>,
    session: Session,
    end: End,
) -> Outcome<Changed> {
    let feature = session.feature;
    let (right, mut counts) = (ledger.right(feature, scene.now)?, ledger.counts(feature)?);
    let before = session.clone();
    let mut session = session;
    if session.state.waits() {
        queue::leave(&mut counts, &session);
        ended(ledger, session, end, scene.now.s());
        ledger.set_counts(feature, counts);
        queue::serve(ledger, feature, scene.now)?;
        return Ok(Changed { session: before, alerts: Vec::new(), released: 0 });
    }
    close_trial(ledger, scene, &mut session)?;
    let life = scene.now.s().saturating_sub(session.start);
    let released = match session.shares {
        Some(token) => leave_shared(ledger, &mut session, token)?,
        None => session.clients <= 1,
    };
    let mut freed = 0;
    if released {
        let holds = right.elements.number(&HOLDING_CRIT) != 0;
        if end == End::Released && holds && session.hold > 0 {
            hold(ledger, &mut counts, session, scene);
        } else {
            freed = session.units;
            counts.put_back(&session.group, session.drawn);
            counts.used = counts.used.saturating_sub(freed);
            ended(ledger, session, end, scene.now.s());
        }
    } else if session.shares.is_some() {
        ended(ledger, session, end, scene.now.s());
    } else {
        leave_token(ledger, session, end);
    }
    let mut record =
        logged(&right, &before.client, (transactions::RELEASED, freed), counts.used, scene.now);
    record.key_life = u64::try_from(life).ok();
    record.comment.clone_from(&before.comment);
    ledger.log(record);
    ledger.set_counts(feature, counts);
    if freed > 0 {
        queue::serve(ledger, feature, scene.now)?;
    }
    let alert = if end == End::TimedOut { Alert::AppTimeout } else { Alert::AppStop };
    Ok(Changed { session: before, alerts: vec![alert], released: freed })
}

/// What is left of a session that ended.
fn ended(ledger: &mut dyn Ledger, session: Session, end: End, now: i64) {
    match end.state() {
        None => ledger.remove(session.key),
        Some(state) => ledger.put(Session {
            state,
            units: 0,
            kept: 0,
            drawn: 0,
            shares: None,
            share_key: None,
            node: None,
            refreshed: now,
            due: None,
            ..session
        }),
    }
}

/// A client that shared a token leaves it; true when it was the last, and has the token now.
fn leave_shared(ledger: &mut dyn Ledger, session: &mut Session, token: u32) -> Outcome<bool> {
    let Some(mut owner) = ledger.session(token)? else { return Ok(true) };
    owner.clients = owner.clients.saturating_sub(1);
    if owner.clients > 0 {
        ledger.put(owner);
        return Ok(false);
    }
    session.units = owner.units;
    session.drawn = owner.drawn;
    session.group.clone_from(&owner.group);
    session.hold = owner.hold;
    session.shares = None;
    match owner.state {
        State::Vacated => ended(ledger, owner, End::TimedOut, session.refreshed),
        State::Expelled => ended(ledger, owner, End::Terminated, session.refreshed),
        _ => ledger.remove(owner.key),
    }
    Ok(true)
}

/// The client that took a token leaves it to those who share it.
fn leave_token(ledger: &mut dyn Ledger, session: Session, end: End) {
    let state = match end {
        End::Released | End::Lost => State::Left,
        End::TimedOut => State::Vacated,
        End::Terminated => State::Expelled,
    };
    let clients = session.clients.saturating_sub(1);
    ledger.put(Session { state, clients, due: None, ..session });
}

/// Keeps a token for the client that gave it back.
fn hold(ledger: &mut dyn Ledger, counts: &mut Counts, session: Session, scene: Scene<'_>) {
    counts.held += session.units;
    let until = scene.now.s().saturating_add(session.hold);
    ledger.put(Session {
        state: State::Held,
        clients: 1,
        refreshed: scene.now.s(),
        due: Some(until),
        ..session
    });
}

/// Lets go of a token whose time to be held is over.
pub fn let_go(ledger: &mut dyn Ledger, scene: Scene<'_>, session: &Session) -> Outcome<()> {
    let mut counts = ledger.counts(session.feature)?;
    counts.held = counts.held.saturating_sub(session.units);
    counts.used = counts.used.saturating_sub(session.units);
    counts.put_back(&session.group, session.drawn);
    ledger.remove(session.key);
    ledger.set_counts(session.feature, counts);
    queue::serve(ledger, session.feature, scene.now)
}
