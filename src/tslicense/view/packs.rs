//! Key packs: the twelve properties of the class, and beside them what is remembered of the purchase.

use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::tslicense::catalog::enumerations::{PRODUCT_TYPE, program, word};
use crate::tslicense::catalog::versions;
use crate::tslicense::model::datetime::{NEVER_S, constant, written};
use crate::tslicense::model::{KeyPack, Purchase, UNLIMITED};
use schemars::JsonSchema;
use serde::Serialize;

/// A key pack.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct KeyPackView {
    key_pack_id: u32,
    description: String,
    key_pack_type: u32,
    product_type: u32,
    product_version: String,
    #[serde(rename = "ProductVersionID")]
    product_version_id: u32,
    /// 4294967295: no limit.
    total_licenses: u32,
    issued_licenses: u32,
    available_licenses: u32,
    /// `CIM_DATETIME`: `20380101000000.000000+000`.
    expiration_date: String,
    access_rights: u32,
    type_and_model: String,
    #[serde(rename = "licctl", skip_serializing_if = "Option::is_none")]
    licctl: Option<Remembered>,
    #[serde(skip)]
    expires: crate::clock::Timestamp,
}

/// What WMI does not give back.
#[derive(Debug, Serialize, JsonSchema)]
struct Remembered {
    purchase: Purchased,
}

/// How the licenses were bought.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Purchased {
    /// `open`, `agreement`, `retail`, `offline`.
    program: &'static str,
    agreement_type: Option<u32>,
    /// Masked unless secrets are shown; null when the store does not have it.
    numbers: Vec<Option<String>>,
    ordered_count: Option<u32>,
    note: String,
    /// The server that they were imported from.
    source_name: Option<String>,
    source_id: Option<String>,
}

impl Purchased {
    /// - `numbers`: as they are to be shown.
    #[must_use]
    pub fn new(purchase: &Purchase, numbers: Vec<Option<String>>) -> Self {
        let origin = purchase.origin.as_ref();
        Self {
            program: purchase.program.word(),
            agreement_type: purchase.agreement,
            numbers,
            ordered_count: purchase.ordered,
            note: purchase.note.clone(),
            source_name: origin.map(|origin| origin.name.clone()),
            source_id: origin.map(|origin| origin.id.clone()),
        }
    }
}

impl KeyPackView {
    #[must_use]
    pub fn new(pack: &KeyPack, purchase: Option<Purchased>) -> Self {
        Self {
            key_pack_id: pack.id.0,
            description: pack.description.clone(),
            key_pack_type: pack.key_pack_type,
            product_type: pack.product,
            product_version: pack.version_name.clone(),
            product_version_id: pack.version,
            total_licenses: pack.total,
            issued_licenses: pack.issued,
            available_licenses: pack.available,
            expiration_date: written(pack.expires),
            access_rights: pack.access_rights,
            type_and_model: pack.type_and_model.clone(),
            licctl: purchase.map(|purchase| Remembered { purchase }),
            expires: pack.expires,
        }
    }

    fn expiry(&self, look: &Look) -> Cell {
        if self.expires >= constant(NEVER_S) {
            return "never".into();
        }
        let tone = if self.expires <= look.now { Tone::Bad } else { Tone::Plain };
        Cell::toned(look.time(self.expires), tone)
    }
}

/// A count for people.
fn counted(count: u32) -> String {
    if count == UNLIMITED { "unlimited".to_owned() } else { count.to_string() }
}

/// A `ProductType` for people.
fn product(value: u32) -> String {
    word(&PRODUCT_TYPE, value).map_or_else(|| format!("type {value}"), ToOwned::to_owned)
}

/// A `KeyPackType` for people.
fn bought(value: u32) -> String {
    program(value).map_or_else(|| format!("type {value}"), |row| row.word.to_owned())
}

impl View for KeyPackView {
    const SCHEMA: &'static str = "licctl.tslicense.keypack/1";
    const COLUMNS: &'static [Column] = &[
        column("ID", "KeyPackId", Fit::Number),
        column("VERSION", "ProductVersionID", Fit::Keep),
        column("TYPE", "ProductType", Fit::Keep),
        column("PROGRAM", "KeyPackType", Fit::Keep),
        column("TOTAL", "TotalLicenses", Fit::Number),
        column("ISSUED", "IssuedLicenses", Fit::Number),
        column("AVAILABLE", "AvailableLicenses", Fit::Number),
        column("EXPIRES", "ExpirationDate", Fit::Keep),
    ];

    fn cells(&self, look: &Look) -> Vec<Cell> {
        let over = self.issued_licenses > self.total_licenses;
        vec![
            self.key_pack_id.to_string().into(),
            versions::short(self.product_version_id).into(),
            product(self.product_type).into(),
            bought(self.key_pack_type).into(),
            counted(self.total_licenses).into(),
            Cell::toned(
                self.issued_licenses.to_string(),
                if over { Tone::Bad } else { Tone::Plain },
            ),
            counted(self.available_licenses).into(),
            self.expiry(look),
        ]
    }

    fn name(&self) -> String {
        self.key_pack_id.to_string()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let number = |value: u32, words: String| Cell::from(format!("{value} ({words})"));
        let mut lines: Vec<(&str, Cell)> = vec![
            ("KeyPackId", self.key_pack_id.to_string().into()),
            ("Description", self.description.clone().into()),
            ("KeyPackType", number(self.key_pack_type, bought(self.key_pack_type))),
            ("ProductType", number(self.product_type, product(self.product_type))),
            ("ProductVersion", self.product_version.clone().into()),
            ("ProductVersionID", self.product_version_id.to_string().into()),
            ("TotalLicenses", counted(self.total_licenses).into()),
            ("IssuedLicenses", self.issued_licenses.to_string().into()),
            ("AvailableLicenses", counted(self.available_licenses).into()),
            ("ExpirationDate", self.expiry(look)),
            ("AccessRights", self.access_rights.to_string().into()),
            ("TypeAndModel", self.type_and_model.clone().into()),
        ];
        if let Some(Remembered { purchase }) = &self.licctl {
            let numbers: Vec<&str> =
                purchase.numbers.iter().map(|number| number.as_deref().unwrap_or("-")).collect();
            lines
                .push(("purchase", format!("{}: {}", purchase.program, numbers.join(", ")).into()));
            if let Some(ordered) = purchase.ordered_count {
                lines.push(("ordered", ordered.to_string().into()));
            }
            if let Some(source) = &purchase.source_name {
                lines.push(("source", source.clone().into()));
            }
            if !purchase.note.is_empty() {
                lines.push(("note", purchase.note.clone().into()));
            }
        }
        lines.into_iter().map(|(head, cell)| (head.to_owned(), cell)).collect()
    }
}
