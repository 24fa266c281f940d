//! Request accounting on a host: whom it answers, what it counts, what it logs.

use super::{cache, life, roles};
use crate::catalog::Code;
use crate::clock::{Span, Timestamp};
use crate::error::Refusal;
use crate::kms::catalog::Profile;
use crate::kms::catalog::codes::{
    RPC_S_SERVER_UNAVAILABLE, SL_E_VL_BINDING_SERVICE_UNAVAILABLE, SL_E_VL_INVALID_TIMESTAMP,
    SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH, SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED,
};
use crate::kms::catalog::skus::Pool;
use crate::kms::model::{HostPool, LicenseStatus, Product, Reply, Request, Role, State};

/// How far the clocks of client and host may differ; exactly so far is accepted.
///
/// Source: [F074] four hours.
pub const TOLERANCE: Span = Span::minutes(240);

/// What a request did to a host.
#[derive(Debug)]
pub struct Accounted {
    /// What the client is told.
    pub answer: Result<Reply, Refusal>,
    /// HRESULT of the event 12290 that the host writes; `None`: it writes none.
    pub event: Option<u32>,
    /// The pool as it is now; `None`: nothing was counted.
    pub pool: Option<HostPool>,
}

/// Accounts one request.
///
/// - `host`: the machine that is asked, with its products; `pools`: what it keeps of its clients.
/// - `now`: the host's clock.
///
/// Refuses with `SL_E_VL_BINDING_SERVICE_UNAVAILABLE` when the machine is no host, `…_NOT_ACTIVATED` when its key is not activated,
/// `…_ID_MISMATCH` when it does not serve the product, `SL_E_VL_INVALID_TIMESTAMP` when the clocks differ too much.
///
/// Source: [KMSGEN], [VA2OPS], [F074]; that a host key without activation counts nothing, and that Total leaves Failed out: assumed.
#[must_use]
pub fn account(host: &State, pools: &[HostPool], request: &Request, now: Timestamp) -> Accounted {
    match roles::role(&host.products, now) {
        Role::Client => Accounted { answer: Err(unavailable(host)), event: None, pool: None },
        Role::HostUnactivated => {
            let code = &SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED;
            let message = format!("the KMS host key of `{}` is not activated", host.machine.name);
            let refusal = Refusal::new(code, message)
                .hinted(format!("`licctl kms product activate --machine {}`", host.machine.name));
            Accounted { answer: Err(refusal), event: code.native.number(), pool: None }
        }
        Role::HostActive => match refused(host, request, now) {
            Err(refusal) => failed(host, pools, request, refusal),
            Ok(product) => valid(host, product, pools, request, now),
        },
    }
}

/// The count that a pool shows at `now`; `None`, shown as -1, before the first request.
///
/// Source: [VISTA] `KeyManagementServiceCurrentCount`; that an emptied cache shows 0: assumed.
#[must_use]
pub fn count(pool: &HostPool, now: Timestamp) -> Option<u32> {
    let told = pool.adopted_count.filter(|_| pool.cache.entries.is_empty());
    let asked = pool.counters.asked() || pool.adopted_count.is_some();
    told.or_else(|| asked.then(|| cache::count(&pool.cache, now)))
}

/// The activated host product that serves the request, or why none does.
fn refused<'h>(host: &'h State, request: &Request, now: Timestamp) -> Result<&'h Product, Refusal> {
    let serving = host.products.iter().find(|product| serves(product, request, now));
    let product = serving.ok_or_else(|| {
        Refusal::new(
            &SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH,
            format!("`{}` does not serve the product {}", host.machine.name, request.activation),
        )
    })?;
    let difference = request.client_time.since(now).saturating_abs();
    if difference > TOLERANCE.ms() {
        return Err(Refusal::new(
            &SL_E_VL_INVALID_TIMESTAMP,
            format!(
                "the client's clock says {} and the host's {now}; they may differ by four hours",
                request.client_time
            ),
        ));
    }
    Ok(product)
}

/// Whether an activated host key of the request's application serves its product.
fn serves(product: &Product, request: &Request, now: Timestamp) -> bool {
    product.is_host()
        && life::status(product, now) == LicenseStatus::Licensed
        && product.application == request.application
        && product.serves.as_ref().is_none_or(|served| served.contains(&request.activation))
}

/// A request that the host refuses: one failure more, the cache untouched.
///
/// A product whose application the host does not keep is counted in the Windows pool, which is what the service itself shows.
fn failed(host: &State, pools: &[HostPool], request: &Request, refusal: Refusal) -> Accounted {
    let own = Pool::of_application(request.application);
    let kept = host.products.iter().any(|product| product.is_host() && product.pool() == own);
    let before = held(pools, if kept { own } else { Pool::Windows });
    let pool = HostPool { counters: before.counters.failing(), ..before };
    Accounted { event: hresult(refusal.code), answer: Err(refusal), pool: Some(pool) }
}

/// A valid request: it is counted, and the client is kept in the cache.
fn valid(
    host: &State,
    product: &Product,
    pools: &[HostPool],
    request: &Request,
    now: Timestamp,
) -> Accounted {
    let before = held(pools, product.pool());
    // Hosts on Vista and 2008 answer virtual machines without counting them.
    let ignored = host.machine.profile() == Profile::V60 && request.virtual_machine;
    let kept = if ignored { before.cache } else { cache::touched(&before.cache, request, now) };
    let pool = HostPool {
        pool: before.pool,
        counters: before.counters.counting(request.status),
        cache: kept,
        adopted_count: None,
    };
    let reply = Reply {
        count: cache::count(&pool.cache, now),
        activation_interval: host.machine.service.activation_interval,
        renewal_interval: host.machine.service.renewal_interval,
        host_product_key_id: product.product_key_id.clone(),
    };
    Accounted { answer: Ok(reply), event: Some(0), pool: Some(pool) }
}

/// The pool as stored, or a new one.
fn held(pools: &[HostPool], pool: Pool) -> HostPool {
    pools.iter().find(|held| held.pool == pool).cloned().unwrap_or_else(|| HostPool::new(pool))
}

/// A machine that is no host: nobody listens, and the client's list of hosts ends there.
fn unavailable(host: &State) -> Refusal {
    Refusal::new(
        &SL_E_VL_BINDING_SERVICE_UNAVAILABLE,
        format!("`{}` has no KMS host key, so nothing listens there", host.machine.name),
    )
    .with("cause", RPC_S_SERVER_UNAVAILABLE.native.to_string())
}

fn hresult(code: &Code) -> Option<u32> {
    code.native.number()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        Host, OFFICE_HOST, V10, V60, V61, desktop, host_key, machine, request, start, time,
    };

    use super::*;

    use uuid::Uuid;

    #[test]
    fn each_status_has_its_counter_but_extended_grace() {
        let mut host = Host::new(V10);
        for (client, status) in (1..).zip([2, 2, 1, 5, 3, 0, 4, 6]) {
            assert_eq!(host.takes(&request(client, status, start()), start()).1, Some(0));
        }
        let foreign = Request { application: Uuid::max(), ..request(9, 2, start()) };
        let (answer, event) = host.takes(&foreign, start());
        assert_eq!(answer.unwrap_err().code.symbol, "SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH");
        assert_eq!(event, Some(0xC004_F042));
        let expected =
            [("Total", 8), ("Failed", 1), ("Unlicensed", 1), ("Licensed", 1), ("OOBGrace", 2)];
        let rest = [("OOTGrace", 1), ("NonGenuineGrace", 1), ("Notification", 1)];
        for (word, shown) in expected.into_iter().chain(rest) {
            let name = format!("KeyManagementService{word}Requests");
            assert_eq!(host.shows(&name, start()), shown, "{name}");
        }
        assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), 8);
    }

    #[test]
    fn clocks_may_differ_by_four_hours_and_not_by_a_second_more() {
        let now = time("2025-03-09T12:00:00Z");
        let half = time("2025-03-09T12:00:30Z");
        let cases = [
            (now, "16:00", true),
            (now, "16:01", false),
            (now, "08:00", true),
            (now, "07:59", false),
            (half, "16:01", false),
            (half, "16:00", true),
        ];
        for (now, clock, accepted) in cases {
            let mut host = Host::new(V10);
            let client_time = time(&format!("2025-03-09T{clock}:00Z"));
            let (answer, event) = host.takes(&Request { client_time, ..request(1, 2, now) }, now);
            assert_eq!(answer.is_ok(), accepted, "{now} {clock}");
            assert_eq!(event, Some(if accepted { 0 } else { 0xC004_F06C }));
            assert_eq!(host.pools[0].counters.failed, u32::from(!accepted));
            assert_eq!(host.pools[0].cache.entries.len(), usize::from(accepted));
        }
    }

    #[test]
    fn a_client_asked_for_licences_hears_nothing_and_an_unactivated_host_says_so() {
        let mut client = Host { state: desktop(1), pools: Vec::new() };
        let (answer, event) = client.takes(&request(2, 2, start()), start());
        let refusal = answer.unwrap_err();
        assert_eq!((refusal.code.symbol, event), ("SL_E_VL_BINDING_SERVICE_UNAVAILABLE", None));
        assert_eq!(refusal.detail, [("cause", "0x800706BA".to_owned())]);
        let unactivated = host_key(&machine(1, "KMS2", V10), OFFICE_HOST);
        let mut host = Host { state: unactivated, pools: Vec::new() };
        let (answer, event) = host.takes(&request(2, 2, start()), start());
        assert_eq!(answer.unwrap_err().code.native.number(), Some(0xC004_F041));
        assert_eq!(event, Some(0xC004_F041));
        assert!(client.pools.is_empty() && host.pools.is_empty());
    }

    #[test]
    fn a_host_product_can_be_bound_to_some_editions() {
        let mut host = Host::new(V10);
        host.state.products[0].serves = Some(vec![Uuid::max()]);
        let (answer, _) = host.takes(&request(1, 2, start()), start());
        assert_eq!(answer.unwrap_err().code.native.number(), Some(0xC004_F042));
        assert_eq!((host.pools[0].counters.failed, host.pools[0].counters.total), (1, 0));
        host.state.products[0].serves = Some(vec![request(1, 2, start()).activation]);
        assert!(host.takes(&request(1, 2, start()), start()).0.is_ok());
    }

    #[test]
    fn a_host_of_vista_answers_virtual_machines_without_counting_them() {
        let mut host = Host::new(V60);
        let mut guest = desktop(100);
        guest.machine.virtual_machine = true;
        let mut site: Vec<State> = (1..=25).map(desktop).collect();
        let product = guest.products[0].id;
        for asking in site.iter_mut().take(24) {
            assert_eq!(host.serves(asking, product, start()).1, "SL_E_VL_NOT_ENOUGH_COUNT");
        }
        let before = host.pools[0].cache.clone();
        assert_eq!(host.serves(&mut guest, product, start()), (24, "SL_E_VL_NOT_ENOUGH_COUNT"));
        assert_eq!(host.pools[0].cache, before);
        assert_eq!(host.pools[0].counters.total, 25);
        assert_eq!(host.serves(&mut site[24], product, start()), (25, ""));
        assert_eq!(host.serves(&mut guest, product, start()), (25, ""));
        assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), 25);
        let mut newer = Host::new(V61);
        assert_eq!(newer.serves(&mut guest, product, start()).0, 1);
    }

    #[test]
    fn a_fresh_host_has_no_count_and_a_silent_one_counts_zero() {
        for version in [V60, V61, V10] {
            let mut host = Host::new(version);
            assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), u32::MAX);
            assert_eq!(host.shows("KeyManagementServiceTotalRequests", start()), 0);
            host.takes(&request(1, 2, start()), start()).0.unwrap();
            assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), 1);
            let silent = start().plus_days(30).plus_ms(1000);
            assert_eq!(host.shows("KeyManagementServiceCurrentCount", silent), 0);
        }
    }

    #[test]
    fn an_adopted_count_is_shown_until_the_first_valid_request() {
        let mut host = Host::new(V10);
        host.pools = vec![HostPool { adopted_count: Some(0), ..HostPool::new(Pool::Windows) }];
        assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), 0);
        host.takes(&request(1, 2, start()), start()).0.unwrap();
        assert_eq!(host.shows("KeyManagementServiceCurrentCount", start()), 1);
    }
}
