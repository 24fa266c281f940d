//! The ledger of activations: how often a key was used, and where. Nothing is contacted.

use super::life;
use crate::error::Refusal;
use crate::kms::catalog::Profile;
use crate::kms::catalog::codes::{
    SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED, SL_E_PKEY_NOT_INSTALLED,
    SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED,
};
use crate::kms::model::{Channel, LedgerEntry, PartialKey, PolicyCache, Product, State};

/// How many machines one host key activates, and how often each.
///
/// Source: [ERR] 0xC004C008; [PLAN] six machines, the first activation and nine more.
const MACHINES: usize = 6;
const TIMES: u32 = 10;

/// A product that was activated with a key of its own.
#[derive(Debug)]
pub struct Activated {
    pub state: State,
    /// The line of the ledger as it is now; `None` for channels whose activations nobody counts.
    pub entry: Option<LedgerEntry>,
}

/// Activates a product with a host, MAK or retail key; nothing is contacted.
///
/// - `ledger`: every line of this key, of any machine.
///
/// Refuses with `SL_E_PKEY_NOT_INSTALLED` without a key; `SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED` when a host key was used on six other
/// machines or ten times on this one; `SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED` for a host of Vista or 2008 in a virtual machine.
///
/// Source: [ERR], [PLAN]. Activations of MAKs are noted, without a limit: assumed, since it differs from agreement to agreement.
pub fn activate(
    state: &State,
    product: &Product,
    ledger: &[LedgerEntry],
) -> Result<Activated, Refusal> {
    let partial = installed(product)?;
    let machine = &state.machine;
    if product.is_host() && machine.profile() == Profile::V60 && machine.virtual_machine {
        return Err(Refusal::new(
            &SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED,
            format!(
                "`{}` is a virtual machine; hosts of its version must be physical",
                machine.name
            ),
        ));
    }
    let mine = |line: &&LedgerEntry| line.partial == *partial && line.activation == product.id;
    let lines: Vec<&LedgerEntry> = ledger.iter().filter(mine).collect();
    let times = lines.iter().find(|line| line.machine == machine.id).map_or(0, |line| line.times);
    let others = lines.iter().filter(|line| line.machine != machine.id && line.times > 0).count();
    if product.is_host() && (times >= TIMES || (times == 0 && others >= MACHINES)) {
        return Err(used_up(partial, times, others));
    }
    let counted = matches!(product.kind(), Channel::KmsHost | Channel::Mak);
    let entry = counted.then(|| LedgerEntry {
        partial: partial.clone(),
        activation: product.id,
        machine: machine.id,
        times: times.saturating_add(1),
    });
    let licensed =
        Product { license: life::activated_for_good(), activated_by: None, ..product.clone() };
    let mut state = state.clone().with_product(licensed);
    state.machine.service.policy_cache = PolicyCache::Stale;
    Ok(Activated { state, entry })
}

fn used_up(partial: &PartialKey, times: u32, others: usize) -> Refusal {
    let message = if times >= TIMES {
        format!(
            "the host key ending in {partial} was activated {times} times on this machine; {TIMES} are allowed"
        )
    } else {
        format!(
            "the host key ending in {partial} is activated on {others} other machines; {MACHINES} machines are allowed"
        )
    };
    Refusal::new(&SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED, message)
}

/// The key of a product in use.
fn installed(product: &Product) -> Result<&PartialKey, Refusal> {
    product.key.as_ref().ok_or_else(|| {
        Refusal::new(&SL_E_PKEY_NOT_INSTALLED, format!("`{}` has no product key", product.name))
            .hinted("`licctl kms key install` installs one")
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{
        DESKTOP, OFFICE_HOST, V10, V60, WINDOWS_HOST, host_key, machine, partial as letters, start,
        target,
    };
    use super::super::keys::install;
    use super::*;

    fn symbol<T>(answer: Result<T, Refusal>) -> &'static str {
        answer.map_or_else(|refusal| refusal.code.symbol, |_| "")
    }

    /// Activates the host key on a machine; the ledger grows.
    fn activates(id: u32, ledger: &mut Vec<LedgerEntry>) -> &'static str {
        let state = host_key(&machine(id, &format!("h{id}"), V10), WINDOWS_HOST);
        let done = activate(&state, &state.products[0], ledger);
        if let Ok(Activated { entry: Some(entry), .. }) = &done {
            ledger.retain(|line| line.machine != entry.machine);
            ledger.push(entry.clone());
        }
        symbol(done)
    }

    #[test]
    fn a_host_key_serves_six_machines_and_each_ten_times() {
        let mut ledger = Vec::new();
        for id in 1..=6 {
            assert_eq!(activates(id, &mut ledger), "", "h{id}");
        }
        assert_eq!(activates(7, &mut ledger), "SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED");
        for time in 2..=10 {
            assert_eq!(activates(1, &mut ledger), "", "{time}");
        }
        assert_eq!(activates(1, &mut ledger), "SL_E_CHPA_MAXIMUM_UNLOCK_EXCEEDED");
        assert_eq!(activates(2, &mut ledger), "");
        assert_eq!(ledger.iter().map(|line| line.times).sum::<u32>(), 10 + 2 + 4);
    }

    #[test]
    fn the_ledger_tells_keys_and_products_apart_and_leaves_mak_unlimited() {
        let other = PartialKey::new("FGHIJ").unwrap();
        let line = |partial: &PartialKey, activation, machine| LedgerEntry {
            partial: partial.clone(),
            activation,
            machine,
            times: 10,
        };
        let state = host_key(&machine(1, "h1", V10), WINDOWS_HOST);
        let ledger = [line(&other, WINDOWS_HOST, 1), line(&letters(), OFFICE_HOST, 1)];
        assert_eq!(symbol(activate(&state, &state.products[0], &ledger)), "");
        let state = install(
            &machine(1, "pc1", V10),
            Some(&target(DESKTOP, "Volume:MAK")),
            letters(),
            start(),
        )
        .unwrap();
        let done = activate(&state, &state.products[0], &[line(&letters(), DESKTOP, 1)]).unwrap();
        assert_eq!(done.entry.unwrap().times, 11);
        assert_eq!(done.state.products[0].license, life::activated_for_good());
        let state =
            install(&machine(1, "pc1", V10), Some(&target(DESKTOP, "Retail")), letters(), start())
                .unwrap();
        assert_eq!(activate(&state, &state.products[0], &[]).unwrap().entry, None);
    }

    #[test]
    fn a_host_of_vista_is_no_virtual_machine() {
        let mut state = host_key(&machine(1, "h1", V60), WINDOWS_HOST);
        state.machine.virtual_machine = true;
        let code = "SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED";
        assert_eq!(symbol(activate(&state, &state.products[0], &[])), code);
    }
}
