//! The products of a machine, row to type and back; their carried properties stand in `carried`.

use super::host_choice::{HOST_COLUMNS, choice, choice_values};
use super::{made, number};
use crate::error::{Outcome, Stop};
use crate::kms::model::{
    ActivationType, Carried, ChannelWord, License, LicenseStatus, Minutes, PartialKey, Product,
    State,
};
use crate::store::{Read, Row, Table, Tx, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

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

/// The products of a machine, by their IDs; without what is carried.
pub(super) fn load(read: &mut dyn Read, id: i64) -> Outcome<Vec<Product>> {
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
    Ok(products)
}

/// Writes the products of a machine: what differs is written, what vanished is removed.
pub(super) fn save(tx: &mut dyn Tx, state: &State) -> Outcome<()> {
    let machine = &state.machine;
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
    save_serves(tx, state)
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
