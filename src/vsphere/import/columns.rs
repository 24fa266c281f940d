//! The columns of tables in text: what each is called by the tools that write it.

use crate::artefact::csv::Header;

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    LicenseKey,
    Name,
    EditionKey,
    ProductName,
    ProductVersion,
    Total,
    Used,
    CostUnit,
    Expires,
    Labels,
    Features,
    EntityId,
    EntityName,
    VcenterName,
    VcenterUuid,
    Timestamp,
    // Of hosts.
    Host,
    Cluster,
    Packages,
    CoresEach,
    Cores,
    Version,
    Model,
    Assigned,
    // Of files from the vendor's portal.
    Order,
}

/// Names of columns in lower case without anything but letters and digits; of several the first counts.
static NAMES: &[(Field, &[&str])] = &[
    (Field::LicenseKey, &["licensekey", "key", "serial", "serialnumber"]),
    (Field::Name, &["licensename", "name", "license", "productedition", "product", "productname"]),
    (Field::EditionKey, &["editionkey", "edition", "licensekeyid"]),
    (Field::ProductName, &["productname"]),
    (Field::ProductVersion, &["productversion"]),
    (Field::Total, &["total", "capacity", "quantity", "qty", "licensequantity"]),
    (Field::Used, &["used", "usage", "licenseusage"]),
    (Field::CostUnit, &["costunit", "unitofmeasure", "unit"]),
    (
        Field::Expires,
        &[
            "expirationdate",
            "licensekeyexpirationdate",
            "expiration",
            "expires",
            "expiry",
            "licenseexpiry",
            "licensecoverageenddate",
        ],
    ),
    (Field::Labels, &["labels", "information", "notes", "customlabel"]),
    (Field::Features, &["features"]),
    (Field::EntityId, &["entityid", "assetid", "objectid"]),
    (Field::EntityName, &["entitydisplayname", "entity", "asset", "host"]),
    (Field::VcenterName, &["vcenter", "vc", "visdkserver", "vcenterservers", "server"]),
    (Field::VcenterUuid, &["visdkuuid", "scope"]),
    (Field::Timestamp, &["timestamp"]),
    (Field::Host, &["host", "vmhost"]),
    (Field::Cluster, &["cluster"]),
    (Field::Packages, &["cpu", "numcpusockets"]),
    (Field::CoresEach, &["corespercpu", "numcpucorespersocket"]),
    (Field::Cores, &["cores"]),
    (Field::Version, &["esxversion"]),
    (Field::Model, &["model"]),
    (Field::Assigned, &["assignedlicenses", "vspherelicensekey"]),
    (
        Field::Order,
        &[
            "ordernumber",
            "accountnumber",
            "accountname",
            "supportlevel",
            "supportenddate",
            "eanumber",
        ],
    ),
];

/// The columns of a table that are known.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    names: Vec<String>,
}

impl Columns {
    pub(super) fn of(header: &Header) -> Self {
        Self { names: header.titles().iter().map(|title| plain(title)).collect() }
    }

    /// Where a field stands, counted from 0.
    pub(super) fn at(&self, field: Field) -> Option<usize> {
        let (_, names) = NAMES.iter().find(|(of, _)| *of == field)?;
        names.iter().find_map(|name| self.names.iter().position(|held| held == name))
    }

    pub(super) fn has(&self, field: Field) -> bool {
        self.at(field).is_some()
    }

    /// Whether the table has these columns and no others.
    pub(super) fn are(&self, names: &[&str]) -> bool {
        self.names.len() == names.len()
            && names.iter().all(|name| self.names.iter().any(|held| held == name))
    }

    /// Whether a column of that name is there.
    pub(super) fn named(&self, name: &str) -> bool {
        self.names.iter().any(|held| held == name)
    }

    pub(super) fn width(&self) -> usize {
        self.names.len()
    }
}

/// A title in lower case, letters and digits alone.
fn plain(title: &str) -> String {
    title.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
}

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// Licenses, or assignments with their licenses.
    Licenses,
    /// Hosts with their processors.
    Hosts,
    /// Daily snapshots of what each asset uses.
    Usage,
    /// Keys that were bought: catalogue, not inventory.
    Portal,
    /// Hosts by name, with the key of each.
    HostKeys,
}

/// What the columns tell a table to be about; `None`: nothing of this API.
pub(super) fn about(columns: &Columns) -> Option<About> {
    let key = columns.has(Field::LicenseKey);
    if columns.are(&["name", "licensekey"]) {
        return Some(About::HostKeys);
    }
    let hosts =
        columns.has(Field::Host) && columns.has(Field::Packages) && columns.has(Field::CoresEach);
    if hosts {
        return Some(About::Hosts);
    }
    let asset = columns.named("assetid") || columns.named("asset");
    if key && asset && columns.has(Field::Timestamp) {
        return Some(About::Usage);
    }
    if key && columns.has(Field::Order) && columns.has(Field::Total) {
        return Some(About::Portal);
    }
    let says = [Field::Total, Field::EditionKey, Field::CostUnit, Field::EntityId];
    if key && says.iter().any(|field| columns.has(*field)) {
        return Some(About::Licenses);
    }
    // Reports that name editions instead of keys.
    let by_edition = columns.named("licensekeyid") && columns.has(Field::EntityName);
    by_edition.then_some(About::Licenses)
}

#[cfg(test)]
mod tests {
    use super::{About, Columns, Field, NAMES, about};
    use crate::artefact::Sample;
    use crate::artefact::csv::Header;

    fn columns(text: &str) -> Columns {
        let sample = Sample { name: "", bytes: text.as_bytes(), text };
        Columns::of(&Header::of(&sample).unwrap())
    }

    #[test]
    fn every_report_that_is_known_is_told_by_its_columns() {
        for (header, wanted) in [
            ("LicenseKey,EditionKey,Name,Total,Used,CostUnit,Properties,Labels", About::Licenses),
            ("VC,Name,LicenseKey,Total,Used,Information,ExpirationDate", About::Licenses),
            ("VC,Name,Key,Total,Used,ExpirationDate,Information", About::Licenses),
            (
                "Name,LicenseKey,ExpirationDate,ProductName,ProductVersion,EditionKey,Total,Used,CostUnit,Labels,vCenter",
                About::Licenses,
            ),
            (
                "EntityDisplayName,Name,LicenseKey,EditionKey,ProductName,ProductVersion,EntityId,Scope",
                About::Licenses,
            ),
            (
                "Server,Type,Product Name,License Key,Quantity,Used,Unit of Measure,Information,ExpirationDate",
                About::Licenses,
            ),
            ("Type,Entity,LicenseName,LicenseUsage,LicenseExpiry,LicenseKeyId", About::Licenses),
            ("Name;Key;Cost Unit;Total;Used", About::Licenses),
            (
                "Name,Key,Labels,Cost Unit,Total,Used,Expiration Date,Features,VI SDK Server,VI SDK UUID",
                About::Licenses,
            ),
            (
                "Host,Datacenter,Cluster,CPU Model,# CPU,Cores per CPU,# Cores,Assigned License(s),Object ID,VI SDK UUID",
                About::Hosts,
            ),
            (
                "CLUSTER,VMHOST,NUM_CPU_SOCKETS,NUM_CPU_CORES_PER_SOCKET,FOUNDATION_LICENSE_CORE_COUNT",
                About::Hosts,
            ),
            (
                "License Key,Product Edition,Cost Unit,License Key Expiration Date,Asset ID,Usage,Capacity,vCenter Servers,Timestamp",
                About::Usage,
            ),
            (
                "Account Name,Account Number,Product,License Key,Quantity,Notes,Support Level,License Coverage End Date,Order Number",
                About::Portal,
            ),
            ("Name,LicenseKey", About::HostKeys),
        ] {
            assert_eq!(about(&columns(header)), Some(wanted), "{header}");
        }
        for other in ["Host,IP,Product Key,Status", "a,b,c", "Computername,LicenseStatus,Count"] {
            assert_eq!(about(&columns(other)), None, "{other}");
        }
    }

    #[test]
    fn of_several_columns_for_a_name_the_one_of_the_license_counts() {
        let both = columns("Name,ProductName,LicenseKey,Total");
        assert_eq!((both.at(Field::Name), both.at(Field::ProductName)), (Some(0), Some(1)));
        let product = columns("Server,Product Name,License Key,Quantity");
        assert_eq!(product.at(Field::Name), Some(1));
    }

    #[test]
    fn no_field_stands_twice() {
        for (at, (field, _)) in NAMES.iter().enumerate() {
            assert!(NAMES[at + 1..].iter().all(|(other, _)| other != field), "{field:?}");
        }
    }
}
