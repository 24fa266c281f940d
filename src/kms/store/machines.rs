//! The model of a machine: its service object and its products, row to type and back. What a host keeps stands in `pools`.

use super::host_choice::{HOST_COLUMNS, choice, choice_values};
use super::{carried, number, products};
use crate::error::Outcome;
use crate::kms::model::{
    ActivationType, Carried, Machine, Minutes, PolicyCache, Port, Rearm, Service, State,
};
use crate::store::{Read, Row, Table, Tx, Value};

/// The service object of a machine that the model knows.
pub static MODELS: Table = Table {
    name: "kms_models",
    key: 1,
    columns: &[
        "machine",
        "version",
        "virtual_machine",
        "skip_rearm",
        "key_in_registry",
        "rearm_pending",
        "client_machine_id",
        "host_caching",
        "activation_disabled",
        "activation_type",
        "activation_interval_min",
        "renewal_interval_min",
        "policy_refresh_required",
        "rearm_count",
        "listening_port",
        "dns_publishing",
        "low_priority",
        "host_name",
        "host_port",
        "lookup_domain",
        "discovered_name",
        "discovered_port",
        "discovered_address",
        "host_key_id",
    ],
    object: "service",
    label: "parent.name",
    parent: Some("kms_machines"),
};

/// Where the columns of the host choice begin in [`MODELS`].
const MODEL_HOST: usize = MODELS.columns.len() - HOST_COLUMNS;

/// The machine as the model knows it; `None` when it is known by evidence alone.
///
/// - `id`, `name`: its row among the instances.
pub fn load(read: &mut dyn Read, id: i64, name: &str) -> Outcome<Option<State>> {
    let sql = format!("select {} from kms_models where machine = ?1", MODELS.columns.join(", "));
    let Some(mut machine) = read.one(&sql, &[id.into()], |row| machine(row, name))? else {
        return Ok(None);
    };
    let mut products = products::load(read, id)?;
    let mut carried = carried::load(read, id)?;
    if let Some(own) = carried.remove(&None) {
        machine.service.carried = own;
    }
    for product in &mut products {
        if let Some(own) = carried.remove(&Some(product.id)) {
            product.carried = own;
        }
    }
    Ok(Some(State { machine, products }))
}

/// Writes a machine: what differs is written, what vanished is removed.
pub fn save(tx: &mut dyn Tx, state: &State) -> Outcome<()> {
    let machine = &state.machine;
    tx.put(&MODELS, &machine_values(machine))?;
    products::save(tx, state)?;
    carried::save(tx, state)
}

fn machine_values(machine: &Machine) -> Vec<Value<'_>> {
    let service = &machine.service;
    let mut values: Vec<Value<'_>> = vec![
        machine.id.into(),
        (&machine.version).into(),
        machine.virtual_machine.into(),
        machine.skip_rearm.into(),
        machine.key_in_registry.into(),
        (machine.rearm == Rearm::Pending).into(),
        (&service.client_machine_id).into(),
        service.host_caching.into(),
        service.activation_disabled.into(),
        service.activation_type.map(ActivationType::number).into(),
        service.activation_interval.number().into(),
        service.renewal_interval.number().into(),
        service.policy_cache.number().into(),
        service.rearm_count.into(),
        service.listening_port.map(Port::number).into(),
        service.dns_publishing.into(),
        service.low_priority.into(),
    ];
    values.extend(choice_values(&service.host));
    values
}

fn machine(row: &dyn Row, name: &str) -> Outcome<Machine> {
    Ok(Machine {
        id: row.int(0)?,
        name: name.to_owned(),
        version: row.text(1)?.to_owned(),
        virtual_machine: row.flag(2)?,
        skip_rearm: row.flag(3)?,
        key_in_registry: row.flag(4)?,
        rearm: if row.flag(5)? { Rearm::Pending } else { Rearm::Settled },
        service: Service {
            client_machine_id: row.guid(6)?,
            host_caching: row.flag(7)?,
            activation_disabled: match row.int_or_null(8)? {
                None => None,
                Some(_) => Some(row.flag(8)?),
            },
            activation_type: number(row, 9, ActivationType::new)?,
            activation_interval: minutes(row, 10)?,
            renewal_interval: minutes(row, 11)?,
            policy_cache: if row.flag(12)? { PolicyCache::Stale } else { PolicyCache::Fresh },
            rearm_count: row.number(13)?,
            listening_port: number(row, 14, Port::new)?,
            dns_publishing: row.flag(15)?,
            low_priority: row.flag(16)?,
            host: choice(row, MODEL_HOST)?,
            carried: Carried::default(),
        },
    })
}

fn minutes(row: &dyn Row, column: usize) -> Outcome<Minutes> {
    number(row, column, Minutes::new)?.ok_or_else(|| row.wrong(column, "null"))
}

#[cfg(test)]
mod tests {
    use super::super::instances;
    use super::*;
    use crate::apis;
    use crate::clock::Timestamp;
    use crate::kms::catalog::{Profile, skus};
    use crate::kms::model::{
        ChannelWord, Discovered, DomainName, HostChoice, HostName, License, LicenseStatus,
        PartialKey, Product, PropertyValue,
    };
    use crate::store::{Change, Intent, Store};
    use uuid::Uuid;

    fn change() -> Change {
        Change { command: "test".to_owned(), now: Timestamp::MIN, intent: Intent::Store }
    }

    /// A machine in which every field that may be empty is filled.
    fn full(id: i64) -> State {
        let host = HostChoice {
            name: HostName::new("[2001:db8::5]"),
            port: Port::new(1700),
            lookup_domain: DomainName::new("corp.example"),
            discovered: Some(Discovered {
                name: "kms9".to_owned(),
                port: 0,
                address: Some("192.0.2.10".to_owned()),
            }),
            product_key_id: Some("pid".to_owned()),
        };
        let mut machine = Machine::new(id, "pc", "6.1.7601.1", Uuid::from_u128(1));
        machine.rearm = Rearm::Pending;
        machine.service.policy_cache = PolicyCache::Stale;
        machine.service.activation_disabled = Some(true);
        machine.service.activation_type = Some(ActivationType::Token);
        machine.service.listening_port = Port::new(1);
        machine.service.host = host.clone();
        machine.service.carried.put("OA2xBiosMarkerStatus", PropertyValue::U32(u32::MAX));
        State { products: vec![full_product(machine.profile(), host)], machine }
    }

    fn full_product(profile: Profile, host: HostChoice) -> Product {
        let edition = crate::kms::model::Edition::listed(skus::SKUS[0].activation).unwrap();
        let license = License {
            status: LicenseStatus::OotGrace,
            reason: u32::MAX,
            deadline: Timestamp::from_ms(1_750_000_000_001),
        };
        let mut product = Product::new(skus::SKUS[0].activation, &edition, profile, license);
        product.key = PartialKey::new("ABCDE");
        product.channel = ChannelWord::new("Volume:CSVLK");
        product.required = Some(5);
        product.host = host;
        product.activation_interval = Some(Minutes::MIN);
        product.renewal_interval = Some(Minutes::MAX);
        product.activated_by = Some(ActivationType::Kms);
        product.extended_grace = Some(1);
        product.depends_on = Some("other".to_owned());
        product.evaluation_end = license.deadline;
        product.serves = Some(vec![Uuid::from_u128(2), Uuid::from_u128(3)]);
        for (name, value) in [
            ("ADActivationObjectName", PropertyValue::Text("'; --".to_owned())),
            (
                "AutomaticVMActivationLastActivationTime",
                PropertyValue::Time(license.deadline.unwrap()),
            ),
            ("IAID", PropertyValue::Bool(true)),
            ("MachineURL", PropertyValue::Null),
        ] {
            assert!(product.carried.put(name, value));
        }
        product
    }

    #[test]
    fn a_machine_comes_out_as_it_went_in_and_what_vanished_is_gone() {
        let mut store = Store::scratch(apis::tables());
        let id = store.write(&change(), |tx| Ok(instances::make(tx, "pc")?.id)).unwrap().0;
        let mut bare = full(id);
        bare.products[0].serves = Some(Vec::new());
        bare.products[0].carried = Carried::default();
        bare.machine.service.carried = Carried::default();
        let none = State { products: Vec::new(), ..bare.clone() };
        for state in [full(id), bare, none, full(id)] {
            store.write(&change(), |tx| save(tx, &state)).unwrap();
            let loaded = store.read(|read| load(read, id, "pc")).unwrap();
            assert_eq!(loaded, Some(state));
        }
    }

    #[test]
    fn a_machine_that_did_not_change_is_not_written() {
        let mut store = Store::scratch(apis::tables());
        let id = store.write(&change(), |tx| Ok(instances::make(tx, "pc")?.id)).unwrap().0;
        assert!(store.write(&change(), |tx| save(tx, &full(id))).unwrap().1.is_some());
        assert!(store.write(&change(), |tx| save(tx, &full(id))).unwrap().1.is_none());
    }

    /// Columns and what none of their types can hold.
    static DAMAGES: [(&str, &str); 10] = [
        ("kms_models.renewal_interval_min", "14"),
        ("kms_models.activation_type", "0"),
        ("kms_models.listening_port", "65536"),
        ("kms_models.host_name", "'a b'"),
        ("kms_models.rearm_pending", "2"),
        ("kms_products.status", "7"),
        ("kms_products.channel", "'Volume'"),
        ("kms_products.partial_key", "'AAAAA-BBBBB'"),
        ("kms_products.required", "-1"),
        ("kms_carried.kind", "'number'"),
    ];

    #[test]
    fn a_value_that_no_type_holds_is_a_fault_that_names_its_column() {
        for (column, value) in DAMAGES {
            let mut store = Store::scratch(apis::tables());
            let id = store.write(&change(), |tx| Ok(instances::make(tx, "pc")?.id)).unwrap().0;
            let (table, name) = column.split_once('.').unwrap();
            store.write(&change(), |tx| save(tx, &full(id))).unwrap();
            let damage = format!("update or ignore {table} set {name} = {value}");
            let harm = |tx: &mut dyn Tx| {
                tx.call("damage", column);
                tx.exec(&damage, &[])
            };
            store.write(&change(), harm).unwrap();
            let fault = store.read(|read| load(read, id, "pc")).unwrap_err();
            let text = format!("{fault:?}");
            let named = if name == "kind" { "value" } else { name };
            assert!(
                text.contains("damaged") && text.contains(&format!("`{named}`")),
                "{column}: {text}"
            );
        }
    }
}
