//! What a machine or a product knows of its host: the seven columns that both tables end with.

use super::made;
use crate::error::Outcome;
use crate::kms::model::{Discovered, DomainName, HostChoice, HostName, Port};
use crate::store::{Row, Value};

/// How many columns a host choice takes.
pub(super) const HOST_COLUMNS: usize = 7;

pub(super) fn choice_values(host: &HostChoice) -> [Value<'_>; HOST_COLUMNS] {
    let discovered = host.discovered.as_ref();
    [
        host.name.as_ref().map(HostName::as_str).into(),
        host.port.map(Port::number).into(),
        host.lookup_domain.as_ref().map(DomainName::as_str).into(),
        discovered.map(|found| found.name.as_str()).into(),
        discovered.map(|found| found.port).into(),
        discovered.and_then(|found| found.address.as_deref()).into(),
        host.product_key_id.as_deref().into(),
    ]
}

/// Reads the columns from `first` on.
pub(super) fn choice(row: &dyn Row, first: usize) -> Outcome<HostChoice> {
    let discovered = match row.text_or_null(first + 3)? {
        None => None,
        Some(name) => Some(Discovered {
            name: name.to_owned(),
            port: row.number(first + 4)?,
            address: row.text_or_null(first + 5)?.map(str::to_owned),
        }),
    };
    Ok(HostChoice {
        name: made(row, first, row.text_or_null(first)?, HostName::stored)?,
        port: made(row, first + 1, row.number_or_null(first + 1)?, Port::new)?,
        lookup_domain: made(row, first + 2, row.text_or_null(first + 2)?, DomainName::new)?,
        discovered,
        product_key_id: row.text_or_null(first + 6)?.map(str::to_owned),
    })
}
