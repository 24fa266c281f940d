//! The queries beside licenseInfo: features with their counters, clients, the License Manager, its pool, trials, codes.

use super::desk::Desk;
use super::features::{self, Served};
use super::sessions;
use super::{of, server};
use crate::clock::Timestamp;
use crate::error::{Outcome, Refusal, Stop};
use crate::rms::catalog::codes::{
    SNTL_CALLING_ERROR, SNTL_NO_MORE_CLIENTS, SNTL_NO_TRIAL_INFO, SNTL_UNKNOWN_STATUS, numbered,
};
use crate::rms::catalog::counters::{
    LIC_FROM_FREE_POOL, LIC_FROM_RESV, QLIC_FROM_FREE_POOL, QLIC_FROM_RESV, TOTAL_RESV,
};
use crate::rms::catalog::elements::{
    AVG_QUEUE_TIME, BIRTH_TIME, COMMUTED_KEYS, COMMUTER_KEYS_LEFT, DEATH_TIME,
    DEFERRED_REVOCATION_TIME, ELEMENTS, FEATURE_NAME, FEATURE_VERSION, LICENSE_HASH,
    LICENSE_PRECEDENCE, LICENSE_STATE, LICENSE_STORAGE, NUM_LICENSES, QUEUE_LENGTH,
    SOFT_NUM_LICENSES, TOT_LIC_REQD,
};
use crate::rms::catalog::methods::GET_INFO;
use crate::rms::catalog::queries::{Query, QueryVersion};
use crate::rms::catalog::versions::NARROW_UNLIMITED;
use crate::rms::model::info::Info;
use crate::rms::model::license::{Elements, FeatureKey, Value};
use crate::rms::model::query::FeatureScope;
use crate::rms::model::session::{Counts, Session, State};
use crate::rms::rules::ledger::Ledger;
use crate::rms::rules::limits::{Units, shown};
use crate::rms::rules::login::running;
use crate::rms::rules::pool;
use crate::rms::rules::release;
use crate::rms::rules::resolve;
use crate::rms::rules::right::{Right, cumulative_trial};
use crate::rms::store::table::Stored;
use crate::store::{Flow, Read};

/// What a query asks about, beside its name.
#[derive(Debug, Clone, Default)]
pub struct About {
    pub feature: Option<FeatureScope>,
    pub client: Option<u32>,
    pub status: Option<u32>,
    /// The session.
    pub key: Option<u32>,
}

/// Answers a query beside licenseInfo.
///
/// Refuses with `SNTL_CALLING_ERROR` when what it asks about is left out, with `SNTL_NO_MORE_CLIENTS` past the last client, with
/// `SNTL_NO_TRIAL_INFO` a feature without trials, with the codes of a refresh a session that there is not, with `SNTL_NON_REDUNDANT_SRVR` without a pool, `SNTL_UNKNOWN_STATUS` an unknown code.
pub fn answer(
    read: &mut dyn Read,
    name: &str,
    (query, version): (Query, QueryVersion),
    about: &About,
    now: Timestamp,
) -> Outcome<Info> {
    answered(read, name, (query, version), about, now).map_err(|stop| of(stop, GET_INFO.name))
}

fn answered(
    read: &mut dyn Read,
    name: &str,
    (query, version): (Query, QueryVersion),
    about: &About,
    now: Timestamp,
) -> Outcome<Info> {
    match query {
        Query::StatusInfo => return Ok(status(about.status)?),
        Query::LastStatusInfo => return Ok(status(Some(0))?),
        _ => {}
    }
    let (id, server) = server(read, name)?;
    running(&server)?;
    match query {
        Query::ServerInfo => Ok(server_info(&server.info)),
        Query::ServerPoolInfo => Ok(pool_info(pool::of(&server)?)),
        Query::ClientInfo => {
            let served = feature_of(read, id, about, now)?;
            let index = about.client.ok_or_else(|| missing("`--client-index`"))?;
            client_info(read, name, &served.key, index, now)
        }
        Query::TrialInfo => {
            let served = feature_of(read, id, about, now)?;
            trial_info(&served, now)
        }
        Query::SessionInfo => {
            let key = about.key.ok_or_else(|| missing("`--key-id`"))?;
            session_info(read, Desk::of(id, server), (key, version), now)
        }
        _ => {
            let served = feature_of(read, id, about, now)?;
            let mut desk = Desk::of(id, server);
            let mut books = desk.settled(read, now)?;
            let (right, counts) = (books.right(served.id, now)?, books.counts(served.id)?);
            Ok(one("feature", feature_info(&right, &counts, &served, version)))
        }
    }
}

fn missing(what: &str) -> Refusal {
    Refusal::new(&SNTL_CALLING_ERROR, format!("the query needs {what}"))
}

fn one(record: &'static str, members: Vec<(&'static str, Value)>) -> Info {
    Info { around: None, record, records: vec![members], is_root: false }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn units(units: u64) -> Value {
    Value::Number(i64::try_from(units).unwrap_or(i64::MAX))
}

/// The feature that is asked about.
fn feature_of(read: &mut dyn Read, server: i64, about: &About, now: Timestamp) -> Outcome<Served> {
    let scope = about.feature.as_ref().ok_or_else(|| missing("a feature"))?;
    let feature = resolve::feature(&mut Stored { read: &mut *read, server }, scope)?;
    let served = features::one(read, server, feature.id, now)?;
    served.ok_or_else(|| Stop::bug("a feature is without licenses"))
}

/// The node of a feature by the elements of licenseInfo, and the counters behind them.
///
/// Source: `get_info`, featureInfo. The names of the counters are assumed: no page that could be read shows them.
fn feature_info(
    right: &Right,
    counts: &Counts,
    served: &Served,
    version: QueryVersion,
) -> Vec<(&'static str, Value)> {
    let mut elements = right.elements.clone();
    if right.trouble.is_some()
        && let Some(first) = served.licenses.first()
    {
        elements = first.elements.clone();
    }
    let limit = |units: Units, elements: &Elements| match units {
        Units::Finite(units) => i64::try_from(units).unwrap_or(i64::MAX),
        Units::Unlimited => i64::from(elements.unlimited()),
    };
    let node = served.node.as_ref();
    let seconds = |at: Option<i64>| Value::Number(at.unwrap_or(0));
    let left = right.total.minus(counts.used);
    for (element, value) in [
        (&FEATURE_NAME, text(&right.key.name)),
        (&FEATURE_VERSION, text(&right.key.version)),
        (&NUM_LICENSES, Value::Number(limit(right.total, &elements))),
        (&SOFT_NUM_LICENSES, Value::Number(limit(right.soft, &elements))),
        (&BIRTH_TIME, seconds(node.and_then(|node| node.starts))),
        (&DEATH_TIME, seconds(node.and_then(|node| node.ends))),
        (&COMMUTED_KEYS, units(counts.commuted)),
        (&COMMUTER_KEYS_LEFT, Value::Number(limit(left, &elements))),
        (&AVG_QUEUE_TIME, Value::Number(0)),
        (&QUEUE_LENGTH, units(counts.queued)),
        (&TOT_LIC_REQD, units(counts.lacking())),
    ] {
        elements.set(element, value);
    }
    let of_licenses = [
        LICENSE_HASH.at,
        LICENSE_STORAGE.at,
        LICENSE_STATE.at,
        LICENSE_PRECEDENCE.at,
        DEFERRED_REVOCATION_TIME.at,
    ];
    let reserved: u64 = right.groups.iter().map(|(_, tokens)| tokens).sum();
    let kept_drawn = counts.all_drawn().min(counts.kept);
    let drawn = counts.all_drawn() - kept_drawn;
    let named = ELEMENTS.into_iter().filter(|element| !of_licenses.contains(&element.at));
    let counters = [
        (&TOTAL_RESV, reserved),
        (&LIC_FROM_RESV, drawn),
        (&QLIC_FROM_RESV, kept_drawn),
        (&LIC_FROM_FREE_POOL, counts.used.saturating_sub(drawn)),
        (&QLIC_FROM_FREE_POOL, counts.kept.saturating_sub(kept_drawn)),
    ];
    named
        .map(|element| (element.name(), shown(&elements, element, version)))
        .chain(counters.map(|(row, number)| (row.name, units(narrowed(number, version)))))
        .collect()
}

/// Source: `get_info`, clientInfo, whose sample ends a running token with its heartbeat and counts no sharer of a token that is not
/// shared. `isHolding` is an inverted boolean: 0 is held.
fn client_info(
    read: &mut dyn Read,
    name: &str,
    key: &FeatureKey,
    index: u32,
    now: Timestamp,
) -> Outcome<Info> {
    let mut clients: Vec<Session> = Vec::new();
    let is_client = |state: State| matches!(state, State::Running | State::Held | State::Commuted);
    sessions::each(read, name, now, &mut |token| {
        if token.key == *key && is_client(token.session.state) {
            clients.push(token.session);
        }
        Ok(Flow::Continue(()))
    })?;
    clients.sort_by_key(|session| session.key);
    let session = clients.get(usize::try_from(index).unwrap_or(usize::MAX));
    let session = session.ok_or_else(|| {
        Refusal::new(&SNTL_NO_MORE_CLIENTS, format!("`{key}` has no client {index}"))
    })?;
    let client = &session.client;
    let flag = |is: bool| Value::Number(i64::from(is));
    // A hold is over with its second, everything else one second before time acts.
    let last = i64::from(session.state != State::Held);
    let ends = session.due.map_or(0, |due| due - last);
    let address = client.address.map(|address| address.to_string()).unwrap_or_default();
    let host_id = if client.host_id.is_empty() { address } else { client.host_id.clone() };
    Ok(one(
        "client",
        vec![
            ("userName", text(&client.user)),
            ("hostId", text(&host_id)),
            ("group", text(&session.group)),
            ("holdTime", Value::Number(session.hold)),
            ("keyId", Value::Number(i64::from(session.key))),
            ("hostName", text(&client.host)),
            ("xDisplayName", text(&client.x_display)),
            ("sharedIdName", text(session.share_key.as_deref().unwrap_or_default())),
            ("vendorDefinedSharingId", text(&client.sharing_id)),
            ("numUnits", units(session.units)),
            ("isHolding", flag(session.state != State::Held)),
            ("isSharing", Value::Number(i64::from(session.clients.saturating_sub(1)))),
            ("sharedClientCount", Value::Number(i64::from(session.clients.saturating_sub(1)))),
            ("isCommuted", flag(session.state == State::Commuted)),
            ("totalTeamTokensResv", Value::Number(0)),
            ("reservedTeamTokensInUse", Value::Number(0)),
            ("unreservedTeamTokensInUse", Value::Number(0)),
            ("startTime", Value::Number(session.start)),
            ("endTime", Value::Number(ends)),
            ("clientVendorUsageData", text("")),
            ("vendorUsageData", text(&session.comment)),
        ],
    ))
}

/// A session, as its client sees it. Left out is the answer to the vendor's challenge: licctl holds no secret of a vendor.
///
/// Source: `sntl_licensing_get_session_info`. That `tokensInUse` counts those of the feature, as `VLSgetLicInUseFromHandle` does, is
/// assumed: the tokens of one session would not need a version 1.1.
fn session_info(
    read: &mut dyn Read,
    mut desk: Desk,
    (key, version): (u32, QueryVersion),
    now: Timestamp,
) -> Outcome<Info> {
    let server = desk.server.clone();
    let mut books = desk.settled(read, now)?;
    let session = release::of_key(&mut books, key)?;
    let (right, counts) = (books.right(session.feature, now)?, books.counts(session.feature)?);
    let left = session.due.map_or(0, |due| due - 1 - now.s());
    let host = if server.info.host_name.is_empty() { &server.name } else { &server.info.host_name };
    let members = vec![
        ("featureName", text(&right.key.name)),
        ("featureVersion", text(&right.key.version)),
        ("serverName", text(host)),
        ("lastErrorStatus", Value::Number(0)),
        ("keyTimeLeftInSecs", Value::Number(left.max(0))),
        ("tokensInUse", units(narrowed(counts.used, version))),
        ("driftTime", Value::Number(0)),
        ("refreshStatus", text("")),
    ];
    Ok(Info { is_root: true, ..one("sessionInfo", members) })
}

/// What a query shows of a count.
fn narrowed(count: u64, version: QueryVersion) -> u64 {
    match version {
        QueryVersion::V1_0 => count.min(u64::from(NARROW_UNLIMITED)),
        QueryVersion::V1_1 => count,
    }
}

fn server_info(info: &crate::rms::model::server::ServerInfo) -> Info {
    let number = |number: Option<u32>| Value::Number(number.map_or(0, i64::from));
    one(
        "server",
        vec![
            ("majorVersion", number(info.major_version)),
            ("minorVersion", number(info.minor_version)),
            ("pointId", number(info.point_id)),
            ("buildId", number(info.build_id)),
            ("locale", text(&info.locale)),
            ("vendorLicenseManagerId", text(&info.vendor_license_manager_id)),
            ("osFamily", text(&info.os_family)),
            ("ipAddress", text(&info.ip_address)),
            ("hostName", text(&info.host_name)),
        ],
    )
}

fn pool_info(pool: &crate::rms::model::pool::Pool) -> Info {
    let leader = pool.leader().map(|leader| leader.name.as_str());
    let servers = pool.members.iter().map(|member| {
        let leads = leader == Some(member.name.as_str());
        vec![
            ("type", text(if leads { "LEADER" } else { "FOLLOWER" })),
            ("status", text(if member.up { "UP" } else { "DOWN" })),
            ("hostName", text(&member.name)),
            ("ipAddress", text(&member.address)),
        ]
    });
    let records = servers.collect();
    Info { around: Some("serverPool"), record: "server", records, is_root: false }
}

fn trial_info(served: &Served, now: Timestamp) -> Outcome<Info> {
    let left = cumulative_trial(&served.licenses, now).ok_or_else(|| {
        Refusal::new(&SNTL_NO_TRIAL_INFO, format!("`{}` has no trial license", served.key))
    })?;
    Ok(one(
        "feature",
        vec![
            ("featureName", text(&served.key.name)),
            ("featureVersion", text(&served.key.version)),
            ("cumulativeTrialDays", Value::Number(left.days)),
            ("cumulativeTrialSeconds", Value::Number(left.seconds)),
            ("cumulativeTrialDaysLeft", Value::Number(left.days_left)),
            ("cumulativeTrialSecondsLeft", Value::Number(left.seconds_left)),
        ],
    ))
}

fn status(code: Option<u32>) -> Result<Info, Refusal> {
    let code = code.ok_or_else(|| missing("`--status-code`"))?;
    let found = numbered(code).ok_or_else(|| {
        Refusal::new(&SNTL_UNKNOWN_STATUS, format!("`{code}` is not in the table"))
            .hinted("`licctl rms status-code --list` shows what is known")
    })?;
    Ok(one(
        "status",
        vec![
            ("statusCode", Value::Number(i64::from(code))),
            ("statusMessage", text(found.meaning)),
        ],
    ))
}
