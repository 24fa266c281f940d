//! A request that has passed every check but the number of tokens: reclaimed, shared, granted, refused, or put into the queue.

use super::ledger::Ledger;
use super::login::{
    Alert, Granted, Scene, heartbeat, issue_alerts, logged, missed, open_trial, short, take,
};
use super::queue;
use super::right::Right;
use crate::error::{Outcome, Refusal};
use crate::rms::catalog::codes::SNTL_NOLICENSESAVAILABLE;
use crate::rms::catalog::elements::{
    HOLD_TIME, HOLDING_CRIT, IS_STANDALONE, SHARING_CRIT, SHARING_LIMIT,
};
use crate::rms::catalog::transactions;
use crate::rms::model::license::Elements;
use crate::rms::model::request::{Queueing, Request};
use crate::rms::model::session::{Identity, Session, State};

/// By what a token of a feature is shared; `None`: not at all.
fn share_key(elements: &Elements, client: &Identity) -> Option<String> {
    let key = match elements.number(&SHARING_CRIT) {
        1 => &client.user,
        2 => &client.host,
        3 => &client.x_display,
        4 => &client.sharing_id,
        _ => return None,
    };
    Some(key.clone())
}

/// A request under way.
pub(super) struct Call<'c> {
    pub(super) ledger: &'c mut dyn Ledger,
    pub(super) scene: Scene<'c>,
    pub(super) feature: i64,
    pub(super) right: &'c Right,
    pub(super) request: &'c Request,
    pub(super) group: String,
    pub(super) node: Option<(String, u64)>,
}

impl Call<'_> {
    /// The seconds that a token of this request is held after its release.
    fn hold(&self) -> i64 {
        match self.right.elements.number(&HOLDING_CRIT) {
            1 => self.request.hold,
            2 => self.right.elements.number(&HOLD_TIME),
            _ => 0,
        }
    }

    fn session(&mut self, state: State) -> Outcome<Session> {
        let now = self.scene.now.s();
        let elements = &self.right.elements;
        let leader = self.scene.server.pool.as_ref().and_then(|pool| pool.leader());
        Ok(Session {
            key: self.ledger.next_key()?,
            feature: self.feature,
            state,
            client: self.request.client.clone(),
            group: self.group.clone(),
            units: self.request.units,
            kept: 0,
            drawn: 0,
            shares: None,
            clients: 1,
            share_key: share_key(elements, &self.request.client),
            node: self.node.as_ref().map(|(node, _)| node.clone()),
            license: self.right.license.clone(),
            trial: None,
            start: now,
            refreshed: now,
            due: missed(elements, now),
            hold: self.hold(),
            issuer: leader.map(|leader| leader.name.clone()).unwrap_or_default(),
            observed: false,
            remote: false,
            comment: self.request.comment.clone(),
        })
    }

    fn log(&mut self, transaction: i64, units: u64, in_use: u64) {
        let now = self.scene.now;
        let mut record =
            logged(self.right, &self.request.client, (transaction, units), in_use, now);
        record.comment.clone_from(&self.request.comment);
        self.ledger.log(record);
    }

    /// The token that is held for this very client.
    pub(super) fn reclaimed(&mut self) -> Outcome<Option<Granted>> {
        let held = self.ledger.held(self.feature, &self.request.client, self.request.units)?;
        let Some(mut session) = held else { return Ok(None) };
        let mut counts = self.ledger.counts(self.feature)?;
        counts.held = counts.held.saturating_sub(session.units);
        let now = self.scene.now.s();
        session.state = State::Running;
        session.start = now;
        session.refreshed = now;
        session.due = missed(&self.right.elements, now);
        session.hold = self.hold();
        session.comment.clone_from(&self.request.comment);
        open_trial(self.ledger, self.scene, self.right, &mut session)?;
        self.log(transactions::ISSUED, session.units, counts.used);
        self.ledger.set_counts(self.feature, counts);
        self.ledger.put(session.clone());
        Ok(Some(Granted { session, alerts: vec![Alert::AppStart], position: 0 }))
    }

    /// A token that somebody else has, and that may be shared.
    pub(super) fn shared(&mut self) -> Outcome<Option<Granted>> {
        let elements = &self.right.elements;
        let Some(key) = share_key(elements, &self.request.client) else { return Ok(None) };
        let limit = u64::try_from(elements.number(&SHARING_LIMIT)).unwrap_or(0);
        let found = self.ledger.sharing(self.feature, &key, limit, self.request.units)?;
        let Some(mut token) = found else { return Ok(None) };
        let mut session = self.session(State::Running)?;
        session.shares = Some(token.key);
        session.units = 0;
        session.share_key = None;
        session.node = None;
        session.license.clone_from(&token.license);
        token.clients += 1;
        open_trial(self.ledger, self.scene, self.right, &mut session)?;
        let in_use = self.ledger.counts(self.feature)?.used;
        self.log(transactions::ISSUED, 0, in_use);
        self.ledger.put(token);
        self.ledger.put(session.clone());
        Ok(Some(Granted { session, alerts: vec![Alert::AppStart], position: 0 }))
    }

    /// What the number of tokens refuses with.
    pub(super) fn refusal(&mut self) -> Outcome<Option<Refusal>> {
        let units = self.request.units;
        if let Some((node, limit)) = &self.node
            && self.ledger.on_node(self.feature, node)?.saturating_add(units) > *limit
        {
            let message = format!("`{node}` may have {limit} tokens of `{}`", self.right.key);
            let refusal = Refusal::new(&SNTL_NOLICENSESAVAILABLE, message);
            return Ok(Some(refusal.with("reason", "per-node limit")));
        }
        let counts = self.ledger.counts(self.feature)?;
        Ok(short(self.right, &counts, &self.group, units))
    }

    pub(super) fn granted(mut self) -> Outcome<Granted> {
        let standalone = self.right.elements.number(&IS_STANDALONE);
        let mut session = self.session(State::Running)?;
        let mut counts = self.ledger.counts(self.feature)?;
        let before = counts.used;
        take(self.right, &mut counts, &mut session);
        let mut alerts = issue_alerts(self.right, before, counts.used);
        let queued = self.request.wait.queueing == Queueing::GetOrQueue;
        let mut transaction =
            if queued { transactions::GRANTED_AT_ONCE } else { transactions::ISSUED };
        // The first request of a repository license checks it out until the license ends.
        if standalone == 2 {
            session.state = State::Commuted;
            session.due = self.right.ends.map(|end| end.saturating_add(1));
            counts.commuted += session.units;
            transaction = transactions::CHECKED_OUT;
            alerts.retain(|alert| *alert != Alert::AppStart);
        } else {
            open_trial(self.ledger, self.scene, self.right, &mut session)?;
        }
        self.log(transaction, session.units, counts.used);
        self.ledger.set_counts(self.feature, counts);
        self.ledger.put(session.clone());
        Ok(Granted { session, alerts, position: 0 })
    }

    pub(super) fn denied(mut self, refusal: Refusal) -> Outcome<Box<Refusal>> {
        let in_use = self.ledger.counts(self.feature)?.used;
        self.log(transactions::DENIED, self.request.units, in_use);
        Ok(Box::new(refusal.with("alert", Alert::Denied.word())))
    }

    /// Puts the client into the queue.
    pub(super) fn queued(mut self) -> Outcome<Result<Granted, Box<Refusal>>> {
        let mut counts = self.ledger.counts(self.feature)?;
        let group = self.group.clone();
        let in_group = self.ledger.waiting(self.feature, &group)?;
        let positions = (counts.queued + 1, in_group + 1);
        let wait = &self.request.wait;
        if let Err(refusal) = queue::admits(self.scene.server, wait, positions) {
            self.log(transactions::QUEUE_FAILED, self.request.units, counts.used);
            return Ok(Err(Box::new(refusal)));
        }
        let mut session = self.session(State::Queued)?;
        let now = self.scene.now.s();
        session.due = wait.longest.map(|longest| now.saturating_add(longest).saturating_add(1));
        session.hold = wait.keep.or(heartbeat(&self.right.elements)).unwrap_or(0);
        session.share_key = None;
        counts.queued += 1;
        counts.wanted += session.units;
        self.log(transactions::QUEUED, session.units, counts.used);
        let key = session.key;
        self.ledger.set_counts(self.feature, counts);
        self.ledger.put(session.clone());
        queue::serve(self.ledger, self.feature, self.scene.now)?;
        let session = self.ledger.session(key)?.unwrap_or(session);
        Ok(Ok(Granted { session, alerts: Vec::new(), position: positions.0 }))
    }
}
