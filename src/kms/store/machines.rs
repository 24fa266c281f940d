//! The model of a machine: its service object and its products, row to type and back. What a host keeps stands in `pools`.

use super::host_choice::{HOST_COLUMNS, choice, choice_values};
use super::made;
use crate::error::{Outcome, Stop};
use crate::kms::model::{
    ActivationType, Carried, ChannelWord, License, LicenseStatus, Machine, Minutes, PartialKey,
    PolicyCache, Port, Product, PropertyValue, Rearm, Service, State,
};
use crate::store::{Read, Row, Table, Tx, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

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
    label: "version",
    parent: Some("kms_machines"),
};

/// Where the columns of the host choice begin in [`MODELS`].
const MODEL_HOST: usize = MODELS.columns.len() - HOST_COLUMNS;

/// The products of a machine.
pub static PRODUCTS: Table = Table {
    name: "kms_products",
    key: 2,
    columns: &[
        "machine",
        "id",
        "application",
        "name",
        "description",
        "family",
        "partial_key",
        "channel",
        "status",
        "reason",
        "deadline_ms",
        "required",
        "activation_interval_min",
        "renewal_interval_min",
        "activation_type",
        "activated_by",
        "genuine_status",
        "extended_grace_min",
        "app_rearm_count",
        "sku_rearm_count",
        "is_addon",
        "depends_on",
        "evaluation_end_ms",
        "product_key_id",
        "product_key_id2",
        "serves_all",
        "host_name",
        "host_port",
        "lookup_domain",
        "discovered_name",
        "discovered_port",
        "discovered_address",
        "host_key_id",
    ],
    object: "product",
    label: "name",
    parent: Some("kms_machines"),
};

/// Where the columns of the host choice begin in [`PRODUCTS`].
const PRODUCT_HOST: usize = PRODUCTS.columns.len() - HOST_COLUMNS;

/// The Activation IDs that a host product serves, when it does not serve all.
pub static SERVES: Table = Table {
    name: "kms_serves",
    key: 3,
    columns: &["machine", "product", "activation"],
    object: "served edition",
    label: "activation",
    parent: Some("kms_machines"),
};

/// Carried properties, of the service and of products.
pub static CARRIED: Table = Table {
    name: "kms_carried",
    key: 3,
    columns: &["machine", "object", "name", "kind", "value"],
    object: "carried property",
    label: "name",
    parent: Some("kms_machines"),
};

/// The machine as the model knows it; `None` when it is known by evidence alone.
///
/// - `id`, `name`: its row among the instances.
pub fn load(read: &mut dyn Read, id: i64, name: &str) -> Outcome<Option<State>> {
    let sql = format!("select {} from kms_models where machine = ?1", MODELS.columns.join(", "));
    let Some(mut machine) = read.one(&sql, &[id.into()], |row| machine(row, name))? else {
        return Ok(None);
    };
    let mut products = read.all(
        &format!(
            "select {} from kms_products where machine = ?1 order by id",
            PRODUCTS.columns.join(", ")
        ),
        &[id.into()],
        product,
    )?;
    for (of, served) in read.all(
        "select product, activation from kms_serves where machine = ?1",
        &[id.into()],
        |row| Ok((row.guid(0)?, row.guid(1)?)),
    )? {
        let product = products.iter_mut().find(|product| product.id == of);
        if let Some(list) = product.and_then(|product| product.serves.as_mut()) {
            list.push(served);
        }
    }
    let mut carried = carried_of(read, id)?;
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
    for product in &state.products {
        tx.put(&PRODUCTS, &product_values(machine.id, product))?;
    }
    let kept: BTreeSet<Uuid> = state.products.iter().map(|product| product.id).collect();
    let held = tx.reading().all(
        "select id from kms_products where machine = ?1",
        &[machine.id.into()],
        |row| row.guid(0),
    )?;
    for gone in held.iter().filter(|id| !kept.contains(id)) {
        tx.remove(&PRODUCTS, &[machine.id.into(), gone.into()])?;
    }
    save_serves(tx, state)?;
    save_carried(tx, state)
}

fn save_serves(tx: &mut dyn Tx, state: &State) -> Outcome<()> {
    let id = state.machine.id;
    let wanted: BTreeSet<(Uuid, Uuid)> = state
        .products
        .iter()
        .flat_map(|product| {
            let served = product.serves.iter().flatten();
            served.map(|served| (product.id, *served))
        })
        .collect();
    let held = tx.reading().all(
        "select product, activation from kms_serves where machine = ?1",
        &[id.into()],
        |row| Ok((row.guid(0)?, row.guid(1)?)),
    )?;
    for (product, served) in held.iter().filter(|pair| !wanted.contains(pair)) {
        tx.remove(&SERVES, &[id.into(), product.into(), served.into()])?;
    }
    for (product, served) in &wanted {
        tx.put(&SERVES, &[id.into(), product.into(), served.into()])?;
    }
    Ok(())
}

/// The object that a carried property belongs to, as its key column: empty for the service.
fn object(of: Option<&Uuid>) -> &[u8] {
    of.map_or(&[], |id| id.as_bytes())
}

fn save_carried(tx: &mut dyn Tx, state: &State) -> Outcome<()> {
    let id = state.machine.id;
    let own = std::iter::once((None, &state.machine.service.carried));
    let of_products = state.products.iter().map(|product| (Some(product.id), &product.carried));
    let wanted: BTreeMap<(Option<Uuid>, &str), &PropertyValue> = own
        .chain(of_products)
        .flat_map(|(of, carried)| carried.iter().map(move |(name, value)| ((of, name), value)))
        .collect();
    let held = tx.reading().all(
        "select object, name from kms_carried where machine = ?1",
        &[id.into()],
        |row| Ok((owner(row, 0)?, row.text(1)?.to_owned())),
    )?;
    for (of, name) in &held {
        if !wanted.contains_key(&(*of, name.as_str())) {
            let key = [id.into(), Value::Blob(object(of.as_ref())), name.into()];
            tx.remove(&CARRIED, &key)?;
        }
    }
    for ((of, name), value) in &wanted {
        let (kind, text) = written(value);
        let row = [
            id.into(),
            Value::Blob(object(of.as_ref())),
            (*name).into(),
            kind.into(),
            text.as_ref().into(),
        ];
        tx.put(&CARRIED, &row)?;
    }
    Ok(())
}

/// A carried value as its kind and its text.
fn written(value: &PropertyValue) -> (&'static str, Option<String>) {
    match value {
        PropertyValue::Null => ("null", None),
        PropertyValue::U32(number) => ("number", Some(number.to_string())),
        PropertyValue::Bool(flag) => ("flag", Some(flag.to_string())),
        PropertyValue::Text(text) => ("text", Some(text.clone())),
        PropertyValue::Time(at) => ("time", Some(at.ms().to_string())),
    }
}

fn value(row: &dyn Row, kind: usize, text: usize) -> Outcome<PropertyValue> {
    let held = row.text_or_null(text)?;
    let value = match (row.text(kind)?, held) {
        ("null", None) => Some(PropertyValue::Null),
        ("number", Some(text)) => text.parse().ok().map(PropertyValue::U32),
        ("flag", Some(text)) => text.parse().ok().map(PropertyValue::Bool),
        ("text", Some(text)) => Some(PropertyValue::Text(text.to_owned())),
        ("time", Some(text)) => {
            text.parse().ok().and_then(crate::clock::Timestamp::from_ms).map(PropertyValue::Time)
        }
        _ => None,
    };
    value.ok_or_else(|| row.wrong(text, held.unwrap_or("null")))
}

fn owner(row: &dyn Row, column: usize) -> Outcome<Option<Uuid>> {
    if row.blob(column)?.is_empty() { Ok(None) } else { row.guid(column).map(Some) }
}

fn carried_of(read: &mut dyn Read, id: i64) -> Outcome<BTreeMap<Option<Uuid>, Carried>> {
    let sql = "select object, name, kind, value from kms_carried where machine = ?1";
    let rows = read.all(sql, &[id.into()], |row| {
        let name = row.text(1)?;
        if !Carried::takes(name) {
            return Err(row.wrong(1, name));
        }
        Ok((owner(row, 0)?, name.to_owned(), value(row, 2, 3)?))
    })?;
    let mut carried: BTreeMap<Option<Uuid>, Carried> = BTreeMap::new();
    for (of, name, value) in rows {
        carried.entry(of).or_default().put(&name, value);
    }
    Ok(carried)
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

fn number<T>(row: &dyn Row, column: usize, make: impl Fn(u32) -> Option<T>) -> Outcome<Option<T>> {
    made(row, column, row.number_or_null(column)?, make)
}

fn minutes(row: &dyn Row, column: usize) -> Outcome<Minutes> {
    number(row, column, Minutes::new)?.ok_or_else(|| row.wrong(column, "null"))
}

fn product_values(machine: i64, product: &Product) -> Vec<Value<'_>> {
    let mut values: Vec<Value<'_>> = vec![
        machine.into(),
        (&product.id).into(),
        (&product.application).into(),
        (&product.name).into(),
        (&product.description).into(),
        (&product.family).into(),
        product.key.as_ref().map(PartialKey::as_str).into(),
        product.channel.map(ChannelWord::as_str).into(),
        product.license.status.number().into(),
        product.license.reason.into(),
        product.license.deadline.into(),
        product.required.into(),
        product.activation_interval.map(Minutes::number).into(),
        product.renewal_interval.map(Minutes::number).into(),
        product.activation_type.map(ActivationType::number).into(),
        product.activated_by.map(ActivationType::number).into(),
        product.genuine_status.into(),
        product.extended_grace.into(),
        product.app_rearm_count.into(),
        product.sku_rearm_count.into(),
        product.is_addon.into(),
        product.depends_on.as_deref().into(),
        product.evaluation_end.into(),
        product.product_key_id.as_deref().into(),
        product.product_key_id2.as_deref().into(),
        product.serves.is_none().into(),
    ];
    values.extend(choice_values(&product.host));
    values
}

fn product(row: &dyn Row) -> Outcome<Product> {
    let text = |column| Ok::<_, Stop>(row.text_or_null(column)?.map(str::to_owned));
    Ok(Product {
        id: row.guid(1)?,
        application: row.guid(2)?,
        name: row.text(3)?.to_owned(),
        description: row.text(4)?.to_owned(),
        family: row.text(5)?.to_owned(),
        key: made(row, 6, row.text_or_null(6)?, PartialKey::new)?,
        channel: made(row, 7, row.text_or_null(7)?, ChannelWord::new)?,
        license: License {
            status: number(row, 8, LicenseStatus::from_number)?
                .ok_or_else(|| row.wrong(8, "null"))?,
            reason: row.number(9)?,
            deadline: row.time_or_null(10)?,
        },
        required: row.number_or_null(11)?,
        activation_interval: number(row, 12, Minutes::new)?,
        renewal_interval: number(row, 13, Minutes::new)?,
        activation_type: number(row, 14, ActivationType::new)?,
        activated_by: number(row, 15, ActivationType::new)?,
        genuine_status: row.number(16)?,
        extended_grace: row.number_or_null(17)?,
        app_rearm_count: row.number(18)?,
        sku_rearm_count: row.number(19)?,
        is_addon: row.flag(20)?,
        depends_on: text(21)?,
        evaluation_end: row.time_or_null(22)?,
        product_key_id: text(23)?,
        product_key_id2: text(24)?,
        serves: (!row.flag(25)?).then(Vec::new),
        host: choice(row, PRODUCT_HOST)?,
        carried: Carried::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::instances;
    use super::*;
    use crate::apis;
    use crate::clock::Timestamp;
    use crate::kms::catalog::{Profile, skus};
    use crate::kms::model::{Discovered, DomainName, HostChoice, HostName};
    use crate::store::{Change, Intent, Store};

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
            store.write(&change(), |tx| tx.exec(&damage, &[])).unwrap();
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
