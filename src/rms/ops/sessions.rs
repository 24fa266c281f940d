//! Tokens: `sntl_licensing_login`, `refresh`, `logout`, and what an administrator does to sessions.

use super::desk::{self, Desk};
use super::{of, server};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop, Warning};
use crate::rms::catalog::codes::SNTL_NO_SUCH_CLIENT;
use crate::rms::catalog::methods::{LOGIN, LOGOUT, REFRESH, TERMINATE};
use crate::rms::model::license::FeatureKey;
use crate::rms::model::request::Request;
use crate::rms::model::session::{Session, State};
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::login::{self, Granted};
use crate::rms::rules::release::{self, Changed, End};
use crate::rms::rules::{grace, settle};
use crate::rms::store::{features, servers, sessions, trials};
use crate::store::{Flow, Read, Tx};
use std::collections::HashMap;

/// What became of a call that leaves a trace even when it is refused.
pub type Answered<T> = Result<T, Box<Refusal>>;

/// How far a clock may be set back before it counts as tampered with, in seconds.
///
/// Source: Developer Guide, Protection Against Time Tampering.
const TOLERANCE: i64 = 86_400;

impl Desk {
    /// Answers a request for tokens of a feature.
    ///
    /// Refuses as the rules of a login say; what is refused by the number of tokens is logged, and so comes as an answer.
    pub fn login(
        &mut self,
        tx: &mut dyn Tx,
        key: &FeatureKey,
        request: &Request,
        now: Timestamp,
    ) -> Outcome<Answered<Granted>> {
        login::check(key, request)?;
        login::running(&self.server)?;
        let feature = desk::feature(tx.reading(), self.id, key)?;
        self.call(tx, now, |ledger, scene| login::login(ledger, scene, feature, request))
    }

    /// Renews a session; `units`: how many it wants from now on.
    pub fn refresh(
        &mut self,
        tx: &mut dyn Tx,
        key: u32,
        units: Option<u64>,
        now: Timestamp,
    ) -> Outcome<Answered<Changed>> {
        login::running(&self.server)?;
        self.call(tx, now, |ledger, scene| release::refresh(ledger, scene, key, units))
    }

    /// Gives units of a session back, all of them without a number.
    pub fn logout(
        &mut self,
        tx: &mut dyn Tx,
        key: u32,
        units: Option<u64>,
        now: Timestamp,
    ) -> Outcome<Changed> {
        login::running(&self.server)?;
        self.call(tx, now, |ledger, scene| release::logout(ledger, scene, key, units))
    }
}

/// A clock that stands far before what the License Manager has seen counts as tampered with from then on.
fn clock_back(tx: &mut dyn Tx, desk: &mut Desk, now: Timestamp) -> Outcome<Option<Warning>> {
    let latest = desk.counters(tx.reading())?.latest;
    if latest == i64::MIN || latest.saturating_sub(now.s()) <= TOLERANCE {
        return Ok(None);
    }
    if !desk.server.clock_tampered {
        desk.server.clock_tampered = true;
        servers::save(tx, Some(desk.id), &desk.server)?;
    }
    let seen = Timestamp::from_s(latest).map(|at| at.to_string()).unwrap_or_default();
    let message = format!(
        "the clock is more than a day behind {seen}, which `{}` has seen",
        desk.server.name
    );
    Ok(Some(Warning::new("W_CLOCK_BACK", message)))
}

/// A request that was answered, with what its caller should know.
#[derive(Debug)]
pub struct Login {
    pub answer: Answered<Granted>,
    pub warnings: Vec<Warning>,
}

/// Answers a request for tokens, and leaves a grace license on the client's machine where the license allows one.
///
/// - `selectors`: the criteria that the client can deliver.
pub fn login(
    tx: &mut dyn Tx,
    name: &str,
    key: &FeatureKey,
    (request, selectors): (&Request, u32),
    now: Timestamp,
) -> Outcome<Login> {
    let mut desk = Desk::open(tx.reading(), name)?;
    let warnings = clock_back(tx, &mut desk, now)?;
    let answer = desk.login(tx, key, request, now).map_err(|stop| of(stop, LOGIN.name))?;
    let answer = answer.map_err(|refusal| Box::new(refusal.of(LOGIN.name)));
    if let Ok(granted) = &answer
        && !granted.session.state.waits()
    {
        let feature = granted.session.feature;
        let right = {
            let mut books = desk.settled(tx.reading(), now)?;
            books.right(feature, now)?
        };
        let host = &request.client.host;
        match grace::installed(&right.elements, feature, host, selectors, now) {
            Some(grace) => trials::save_grace(tx, desk.id, &grace)?,
            None => {
                trials::remove_grace(tx, desk.id, feature, host)?;
            }
        }
    }
    let who = format!("{}@{}", request.client.user, request.client.host);
    if answer.is_err() {
        tx.summary(format!("refused {who} tokens of {key}"));
    }
    tx.call(LOGIN.name, &format!("server={}, featureName={key}, client={who}", desk.server.name));
    Ok(Login { answer, warnings: warnings.into_iter().collect() })
}

/// Renews a session; `units`: how many it wants from now on.
pub fn refresh(
    tx: &mut dyn Tx,
    name: &str,
    key: u32,
    units: Option<u64>,
    now: Timestamp,
) -> Outcome<Answered<Changed>> {
    let mut desk = Desk::open(tx.reading(), name)?;
    let answer = desk.refresh(tx, key, units, now).map_err(|stop| of(stop, REFRESH.name))?;
    tx.call(REFRESH.name, &format!("server={}, keyId={key}", desk.server.name));
    Ok(answer.map_err(|refusal| Box::new(refusal.of(REFRESH.name))))
}

/// Gives units of a session back.
pub fn logout(
    tx: &mut dyn Tx,
    name: &str,
    key: u32,
    units: Option<u64>,
    now: Timestamp,
) -> Outcome<Changed> {
    let mut desk = Desk::open(tx.reading(), name)?;
    let changed = desk.logout(tx, key, units, now).map_err(|stop| of(stop, LOGOUT.name))?;
    tx.call(LOGOUT.name, &format!("server={}, keyId={key}", desk.server.name));
    Ok(changed)
}

/// Whose sessions an administrator ends; what is given must all be met.
#[derive(Debug, Clone, Default)]
pub struct Whose {
    pub user: Option<String>,
    pub host: Option<String>,
    pub host_id: Option<String>,
}

impl Whose {
    fn is(&self, session: &Session) -> bool {
        let client = &session.client;
        let same = |wanted: &Option<String>, held: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(held))
        };
        self.user.as_ref().is_none_or(|user| *user == client.user)
            && same(&self.host, &client.host)
            && same(&self.host_id, &client.host_id)
    }
}

/// Ends sessions; those that ended.
///
/// Refuses with `SNTL_NO_SUCH_CLIENT` when there is none.
pub fn terminate(
    tx: &mut dyn Tx,
    name: &str,
    whose: &Whose,
    now: Timestamp,
) -> Outcome<Vec<(FeatureKey, Session)>> {
    let mut desk = Desk::open(tx.reading(), name)?;
    login::running(&desk.server)?;
    let mut keys = Vec::new();
    sessions::each(tx.reading(), desk.id, whose.user.as_deref(), &mut |session| {
        let live = session.state == State::Running || session.state.waits();
        if live && whose.is(&session) {
            keys.push(session.key);
        }
        Ok(Flow::Continue(()))
    })?;
    let ended = desk.call(tx, now, |ledger, scene| {
        let mut ended = Vec::new();
        for key in keys {
            // Time may have ended some of them.
            let Some(session) = ledger.session(key)? else { continue };
            if session.state == State::Running || session.state.waits() {
                ended.push(release::release(ledger, scene, session, End::Terminated)?.session);
            }
        }
        Ok(ended)
    })?;
    if ended.is_empty() {
        let refusal = Refusal::new(&SNTL_NO_SUCH_CLIENT, "no session is of such a client");
        let hint = "`licctl rms session list` shows the sessions";
        return Err(refusal.hinted(hint).of(TERMINATE.name).into());
    }
    tx.call(TERMINATE.name, &format!("server={}, sessions={}", desk.server.name, ended.len()));
    let features = self::keys(tx.reading(), desk.id)?;
    Ok(ended
        .into_iter()
        .filter_map(|one| Some((features.get(&one.feature)?.clone(), one)))
        .collect())
}

/// A row of the token table with its feature.
#[derive(Debug, Clone)]
pub struct Token {
    pub key: FeatureKey,
    pub session: Session,
}

/// Hands out the tokens of a License Manager as they are at a moment, by feature.
pub fn each(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
    found: &mut dyn FnMut(Token) -> Outcome<Flow>,
) -> Outcome<()> {
    let mut desk = Desk::open(read, name)?;
    let keys = keys(read, desk.id)?;
    let mut books = desk.settled(read, now)?;
    books.each(&mut |session| match keys.get(&session.feature) {
        Some(key) => found(Token { key: key.clone(), session: session.clone() }),
        None => Ok(Flow::Continue(())),
    })
}

/// A token by its key, as it is at a moment.
///
/// Refuses with `SNTL_LOGIN_SESSION_NOT_FOUND` when there is none.
pub fn show(read: &mut dyn Read, name: &str, key: u32, now: Timestamp) -> Outcome<Token> {
    let mut desk = Desk::open(read, name)?;
    let keys = keys(read, desk.id)?;
    let mut books = desk.settled(read, now)?;
    let found = books.session(key)?.filter(|session| !session.state.is_left());
    let session = found.ok_or_else(|| release::unknown(key))?;
    let key = keys.get(&session.feature).cloned();
    Ok(Token { key: key.ok_or_else(|| Stop::bug("a session is of no feature"))?, session })
}

/// Removes every token of a License Manager: its table is replaced, or a log begins with nothing in use.
pub(super) fn clear(tx: &mut dyn Tx, server: i64) -> Outcome<()> {
    let mut keys = Vec::new();
    sessions::each(tx.reading(), server, None, &mut |session| {
        keys.push(session.key);
        Ok(Flow::Continue(()))
    })?;
    for key in keys {
        sessions::remove(tx, server, key)?;
    }
    for feature in sessions::counted(tx.reading(), server)? {
        sessions::remove_counts(tx, server, feature)?;
    }
    Ok(())
}

/// The feature of a number.
pub fn key_of(read: &mut dyn Read, name: &str, feature: i64) -> Outcome<FeatureKey> {
    let (id, _) = server(read, name)?;
    let found = features::numbered(read, id, feature)?;
    found.ok_or_else(|| Stop::bug("a session is of no feature"))
}

/// The clients that wait, feature by feature, each with its position from 1; queues are short.
pub fn waiting(
    read: &mut dyn Read,
    name: &str,
    now: Timestamp,
) -> Outcome<Vec<(FeatureKey, Session, u64)>> {
    let mut waiting = Vec::new();
    each(read, name, now, &mut |token| {
        if token.session.state.waits() {
            waiting.push((token.key, token.session));
        }
        Ok(Flow::Continue(()))
    })?;
    waiting.sort_by_key(|(_, session)| (session.feature, session.key));
    let (mut feature, mut position) = (0, 0);
    let placed = waiting.into_iter().map(|(key, session)| {
        position = if session.feature == feature { position + 1 } else { 1 };
        feature = session.feature;
        (key, session, position)
    });
    Ok(placed.collect())
}

/// The features of a License Manager by number.
pub(super) fn keys(read: &mut dyn Read, server: i64) -> Outcome<HashMap<i64, FeatureKey>> {
    let mut keys = HashMap::new();
    features::each(read, server, &mut |feature| {
        keys.insert(feature.id, feature.key);
        Ok(Flow::Continue(()))
    })?;
    Ok(keys)
}

/// Brings a License Manager to a moment and keeps what time did; how many rows it changed.
pub fn settle(tx: &mut dyn Tx, name: &str, now: Timestamp) -> Outcome<u64> {
    let mut desk = Desk::open(tx.reading(), name)?;
    desk.call(tx, now, settle::settle)
}
