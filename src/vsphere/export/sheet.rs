//! Tables for spreadsheets, in the columns of RVTools; and a table of assignments, in the columns of `PowerCLI` reports.
//!
//! UTF-8, CRLF, fields in quotes as needed. A cell that a spreadsheet would take for a formula has an apostrophe in front.

use crate::vsphere::catalog::properties::{
    EXPIRATION_DATE, FEATURE, PRODUCT_NAME, PRODUCT_VERSION,
};
use crate::vsphere::model::assignment::LicenseAssignment;
use crate::vsphere::model::entity::Entity;
use crate::vsphere::model::license::LicenseInfo;
use crate::vsphere::model::value::{AnyValue, find, pairs};
use crate::vsphere::model::vcenter::Vcenter;
use crate::vsphere::wire::labels;
use std::io::{self, Write};

/// Columns of the sheet vLicense. Source: [COMMUNITY] RVTools, sheet vLicense.
const LICENSE: [&str; 10] = [
    "Name",
    "Key",
    "Labels",
    "Cost Unit",
    "Total",
    "Used",
    "Expiration Date",
    "Features",
    "VI SDK Server",
    "VI SDK UUID",
];

/// Columns of the sheet vHost that licenses are counted from.
const HOST: [&str; 11] = [
    "Host",
    "Cluster",
    "# CPU",
    "Cores per CPU",
    "# Cores",
    "Assigned License(s)",
    "ESX Version",
    "Model",
    "Object ID",
    "VI SDK Server",
    "VI SDK UUID",
];

/// Columns of a report of assignments.
const ASSIGNMENT: [&str; 8] = [
    "EntityDisplayName",
    "Name",
    "LicenseKey",
    "EditionKey",
    "ProductName",
    "ProductVersion",
    "EntityId",
    "Scope",
];

/// A table that is being written.
pub struct Sheet<'w> {
    out: &'w mut dyn Write,
    server: String,
    uuid: String,
    secrets: bool,
}

impl<'w> Sheet<'w> {
    fn new(
        out: &'w mut dyn Write,
        vcenter: &Vcenter,
        secrets: bool,
        header: &[&str],
    ) -> io::Result<Self> {
        let uuid = vcenter.uuid.clone().unwrap_or_default();
        let mut sheet = Self { out, server: vcenter.name.clone(), uuid, secrets };
        sheet.row(&header.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>())?;
        Ok(sheet)
    }

    /// Begins the table of licenses.
    pub fn licenses(out: &'w mut dyn Write, vcenter: &Vcenter, secrets: bool) -> io::Result<Self> {
        Self::new(out, vcenter, secrets, &LICENSE)
    }

    /// Begins the table of hosts.
    pub fn hosts(out: &'w mut dyn Write, vcenter: &Vcenter, secrets: bool) -> io::Result<Self> {
        Self::new(out, vcenter, secrets, &HOST)
    }

    /// Begins the table of assignments.
    pub fn assignments(
        out: &'w mut dyn Write,
        vcenter: &Vcenter,
        secrets: bool,
    ) -> io::Result<Self> {
        Self::new(out, vcenter, secrets, &ASSIGNMENT)
    }

    /// Writes a license.
    pub fn license(&mut self, info: &LicenseInfo) -> io::Result<()> {
        let features: Vec<&str> =
            pairs(&info.properties, FEATURE).map(|pair| pair.value.as_str()).collect();
        let expires = find(&info.properties, EXPIRATION_DATE).and_then(AnyValue::as_text);
        self.row(&[
            info.name.clone(),
            info.license_key.text(self.secrets).to_owned(),
            labels::write(&info.labels),
            info.cost_unit.clone(),
            info.total.to_string(),
            info.used.unwrap_or(0).to_string(),
            expires.unwrap_or("Never").to_owned(),
            features.join(", "),
            self.server.clone(),
            self.uuid.clone(),
        ])
    }

    /// Writes a host.
    ///
    /// - `cluster`: what its cluster is called.
    /// - `keys`: what is assigned to it.
    pub fn host(&mut self, host: &Entity, cluster: &str, keys: &[String]) -> io::Result<()> {
        let number =
            |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let (count, cores) = (host.processors.number(), host.processors.cores());
        let each = host.processors.packages.iter().max().copied();
        let version =
            host.product_version.as_deref().map(|version| format!("VMware ESXi {version}"));
        self.row(&[
            host.called().to_owned(),
            cluster.to_owned(),
            number(count),
            number(each),
            number(cores),
            keys.join(", "),
            version.unwrap_or_default(),
            host.model.clone().unwrap_or_default(),
            host.entity_id.clone(),
            self.server.clone(),
            self.uuid.clone(),
        ])
    }

    /// Writes an assignment.
    pub fn assignment(
        &mut self,
        held: &LicenseAssignment,
        license: &LicenseInfo,
    ) -> io::Result<()> {
        let text = |name: &str| {
            let text = find(&license.properties, name).and_then(AnyValue::as_text);
            text.unwrap_or_default().to_owned()
        };
        self.row(&[
            held.entity_display_name.clone().unwrap_or_default(),
            license.name.clone(),
            license.license_key.text(self.secrets).to_owned(),
            license.edition_key.clone(),
            text(PRODUCT_NAME),
            text(PRODUCT_VERSION),
            held.entity_id.clone(),
            held.scope.clone().unwrap_or_default(),
        ])
    }

    fn row(&mut self, cells: &[String]) -> io::Result<()> {
        let cells: Vec<String> = cells.iter().map(|cell| field(cell)).collect();
        write!(self.out, "{}\r\n", cells.join(","))
    }
}

/// A field, in quotes where it must be.
fn field(cell: &str) -> String {
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
    let formula = match cell.strip_prefix('\'') {
        Some(rest) => begins(rest),
        None => begins(cell),
    };
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', ';', '\n', '\r', '\t']) || cell.trim().len() != cell.len() {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::{Sheet, field};
    use crate::vsphere::catalog::products::EntityKind;
    use crate::vsphere::import::Options;
    use crate::vsphere::import::READERS;
    use crate::vsphere::import::record::{Part, Said};
    use crate::vsphere::import::testing::{all_of, every_value};
    use crate::vsphere::model::entity::Entity;
    use crate::vsphere::model::vcenter::{ApiType, Settings, Vcenter};

    fn vcenter() -> Vcenter {
        Vcenter {
            id: 1,
            name: "vc1".to_owned(),
            uuid: Some("11111111-2222-3333-4444-555555555555".to_owned()),
            api_type: ApiType::VirtualCenter,
            version: "8.0".to_owned(),
            settings: Settings::default(),
            left_out: Vec::new(),
        }
    }

    #[test]
    fn a_license_keeps_its_labels_byte_by_byte_and_names_its_vcenter() {
        let mut out = Vec::new();
        let mut info = every_value();
        info.labels.push(crate::vsphere::model::value::KeyValue::new("a=b", "x, \"y\"\r\n é;"));
        Sheet::licenses(&mut out, &vcenter(), true).unwrap().license(&info).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.starts_with("Name,Key,Labels,Cost Unit,Total,Used,Expiration Date,Features,VI SDK Server,VI SDK UUID\r\n"));
        let reader = READERS.iter().find(|reader| reader.kind.name == "vsphere.csv").unwrap();
        let (found, notes) = all_of(reader.read, &text, &Options::default());
        assert!(notes.complaints.is_empty(), "{:?}", notes.complaints);
        assert_eq!(found[0].of.uuid, vcenter().uuid);
        let Said::License(said) = &found[0].said else { panic!("{found:?}") };
        assert_eq!(said.info.labels, info.labels);
        assert_eq!((said.info.total, said.info.used), (8, Some(0)));
        assert!(said.lacks.has(Part::EditionKey) && said.lacks.has(Part::Properties));
    }

    #[test]
    fn a_host_keeps_its_processors_and_its_keys() {
        let mut host = Entity::new("host-21", EntityKind::Host);
        host.name = Some("esx01".to_owned());
        host.processors.packages = vec![16, 16];
        host.product_version = Some("8.0".to_owned());
        let mut out = Vec::new();
        let keys = ["AAAAA-AAAAA-AAAAA-AAAAA-AAAA1".to_owned()];
        Sheet::hosts(&mut out, &vcenter(), true).unwrap().host(&host, "prod", &keys).unwrap();
        let reader = READERS.iter().find(|reader| reader.kind.name == "vsphere.csv").unwrap();
        let text = String::from_utf8(out).unwrap();
        let (found, _) = all_of(reader.read, &text, &Options::default());
        let Said::Host(said) = &found[0].said else { panic!("{found:?}") };
        assert_eq!(said.processors.as_ref().unwrap().packages, [16, 16]);
        assert_eq!(said.licenses.as_deref(), Some(keys.as_slice()));
        assert_eq!((said.version.as_deref(), said.cluster.as_deref()), (Some("8.0"), Some("prod")));
        assert_eq!(said.entity_id.as_deref(), Some("host-21"));
    }

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(field("=1+1"), "'=1+1");
        assert_eq!(field("a,b"), "\"a,b\"");
        assert_eq!(field("team=infra"), "team=infra");
    }
}
