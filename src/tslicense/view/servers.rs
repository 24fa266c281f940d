//! License servers.

use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::tslicense::catalog::enumerations::{SERVER_ROLE, word};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Activation, Contact, Directory, Server};
use schemars::JsonSchema;
use serde::Serialize;

/// A license server: the properties of its class, and what the model knows of the machine.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ServerView {
    #[serde(rename = "name")]
    name: String,
    /// Other names, and addresses.
    #[serde(rename = "aliases")]
    aliases: Vec<String>,
    /// `2019`; null while no one told it.
    #[serde(rename = "os")]
    os: Option<&'static str>,
    /// 0 activated, 1 not activated, 2 not known.
    activation_status: u32,
    #[serde(rename = "licenseServerId")]
    license_server_id: Option<String>,
    #[serde(rename = "joined")]
    joined: Option<bool>,
    #[serde(rename = "reachable")]
    reachable: bool,
    #[serde(rename = "inGroup")]
    in_group: bool,
    /// What it is in its directory, and what policies say of it.
    #[serde(rename = "directory")]
    directory: DirectoryView,
    #[serde(rename = "keyPacks")]
    key_packs: usize,
    first_name: String,
    last_name: String,
    company: String,
    country_region: String,
    #[serde(rename = "eMail")]
    e_mail: String,
    org_unit: String,
    address: String,
    city: String,
    state: String,
    postal_code: String,
    server_role: u32,
    database_path: String,
    product_id: Option<String>,
    version: Option<String>,
    version_number: Option<String>,
}

/// What a server is in its directory, and what policies say of it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a member of its own")]
struct DirectoryView {
    published: bool,
    /// As a service connection point.
    registered: bool,
    /// Other domains in whose group Terminal Server License Servers it is.
    groups: Vec<String>,
    on_domain_controller: bool,
    prevents_upgrade: bool,
    /// Only members of the group Terminal Server Computers get licenses.
    restricts_hosts: bool,
    /// The members; null where there is no such group.
    hosts: Option<Vec<String>>,
}

impl From<&Directory> for DirectoryView {
    fn from(directory: &Directory) -> Self {
        Self {
            published: directory.published,
            registered: directory.registered,
            groups: directory.groups.clone(),
            on_domain_controller: directory.on_domain_controller,
            prevents_upgrade: directory.prevents_upgrade,
            restricts_hosts: directory.restricts_hosts,
            hosts: directory.hosts.clone(),
        }
    }
}

impl DirectoryView {
    /// What holds, each in a word.
    fn words(&self) -> String {
        let flags = [
            (self.published, "published"),
            (self.registered, "registered"),
            (self.on_domain_controller, "domain controller"),
            (self.prevents_upgrade, "prevents license upgrade"),
            (self.restricts_hosts, "license server security group"),
        ];
        let held: Vec<&str> =
            flags.into_iter().filter_map(|(flag, word)| flag.then_some(word)).collect();
        held.join(", ")
    }
}

impl ServerView {
    /// - `packs`: how many key packs it has.
    #[must_use]
    pub fn new(server: &Server, packs: usize) -> Self {
        let Contact(
            [
                first_name,
                last_name,
                company,
                country_region,
                e_mail,
                org_unit,
                address,
                city,
                state,
                postal_code,
            ],
        ) = server.contact.clone();
        Self {
            name: server.name.clone(),
            aliases: server.aliases.clone(),
            os: server.os.map(Os::word),
            activation_status: server.activation.number(),
            license_server_id: server.license_server_id.clone(),
            joined: server.joined,
            reachable: server.reachable,
            in_group: server.in_group,
            directory: DirectoryView::from(&server.directory),
            key_packs: packs,
            first_name,
            last_name,
            company,
            country_region,
            e_mail,
            org_unit,
            address,
            city,
            state,
            postal_code,
            server_role: server.role,
            database_path: server.database_path.clone(),
            product_id: server.product_id.clone(),
            version: server.version.clone(),
            version_number: server.version_number.clone(),
        }
    }

    fn activated(&self) -> Cell {
        let state = Activation::numbered(self.activation_status).unwrap_or(Activation::Unknown);
        let tone = if state == Activation::NotActivated { Tone::Bad } else { Tone::Plain };
        Cell::toned(state.word(), tone)
    }

    fn role(&self) -> String {
        if self.joined.is_none() && self.server_role == 0 {
            return "unknown".to_owned();
        }
        word(&SERVER_ROLE, self.server_role).map_or_else(String::new, ToOwned::to_owned)
    }
}

fn or_dash(text: Option<&str>) -> Cell {
    text.filter(|text| !text.is_empty()).unwrap_or("-").into()
}

fn yes_or_no(known: Option<bool>) -> Cell {
    known.map_or("unknown", |yes| if yes { "yes" } else { "no" }).into()
}

impl View for ServerView {
    const SCHEMA: &'static str = "licctl.tslicense.server/1";
    const COLUMNS: &'static [Column] = &[
        column("NAME", "name", Fit::Keep),
        column("OS", "os", Fit::Keep),
        column("ACTIVATED", "ActivationStatus", Fit::Keep),
        column("ROLE", "ServerRole", Fit::Spare),
        column("PACKS", "keyPacks", Fit::Number),
        column("PRODUCTID", "ProductId", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![
            self.name.clone().into(),
            self.os.unwrap_or("unknown").into(),
            self.activated(),
            self.role().into(),
            self.key_packs.to_string().into(),
            or_dash(self.product_id.as_deref()),
        ]
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head);
        let mut lines: Vec<(&str, Cell)> = heads.zip(self.cells(look)).collect();
        lines.push(("ALIASES", or_dash(Some(self.aliases.join(", ").as_str()))));
        lines.push(("LICENSESERVERID", or_dash(self.license_server_id.as_deref())));
        lines.push(("JOINED", yes_or_no(self.joined)));
        lines.push(("REACHABLE", yes_or_no(Some(self.reachable))));
        lines.push(("INGROUP", yes_or_no(Some(self.in_group))));
        let words = self.directory.words();
        if !words.is_empty() {
            lines.push(("DIRECTORY", words.into()));
        }
        let contact = [
            ("FIRSTNAME", &self.first_name),
            ("LASTNAME", &self.last_name),
            ("COMPANY", &self.company),
            ("COUNTRYREGION", &self.country_region),
            ("EMAIL", &self.e_mail),
            ("ORGUNIT", &self.org_unit),
            ("ADDRESS", &self.address),
            ("CITY", &self.city),
            ("STATE", &self.state),
            ("POSTALCODE", &self.postal_code),
        ];
        let filled = contact.into_iter().filter(|(_, text)| !text.is_empty());
        lines.extend(filled.map(|(head, text)| (head, Cell::from(text.clone()))));
        lines.into_iter().map(|(head, cell)| (head.to_owned(), cell)).collect()
    }
}
