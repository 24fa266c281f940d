//! The texts that slmgr prints, as rows: resource name, English text, and what a line with that text says.
//!
//! Every text is a resource of the script; `slmgr.ini` of a language replaces the texts under the same names.
//!
//! Source: [SLMGR], the three editions; the names are those of the script, misspellings included.

mod kms;
mod other;
mod product;

/// One resource of slmgr.
#[derive(Debug)]
pub struct Label {
    pub resource: &'static str,
    /// The built-in text; `%NAME%` stands for a value.
    pub text: &'static str,
    pub reads: Reads,
}

/// What a line says that holds the text of a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// The text and, behind it, the Version of the service: the output of `/dlv` begins.
    Version,
    /// The text and, behind it, the Name of a product: a product begins.
    Product,
    /// The text and, behind it, the value of a property.
    Value(&'static str),
    /// The value of a property at a placeholder of the text.
    Part { property: &'static str, placeholder: &'static str },
    /// The same, in hexadecimal digits.
    Code { property: &'static str, placeholder: &'static str },
    /// The text and, behind it, `name:port`.
    Address { machine: &'static str, port: &'static str, of: Host },
    /// The whole line is the text, and says this of the properties.
    States(&'static [(&'static str, Fact)]),
    /// The line below a product's name in the output of `/xpr`; `%ENDDATE%` is when the status ends.
    Expiry { status: u32, minutes: Option<u32> },
    /// The text and, behind it, an error.
    Error,
    /// The text stands in the place of a value that is not there.
    Absent,
    /// A heading, hint or warning that says nothing of a property.
    Aside,
}

/// How a client came to its KMS host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// It was told; the port that is the default is printed for "not set".
    Registered,
    /// It asked DNS; no host is registered then.
    Discovered,
    /// The line does not tell.
    Unknown,
}

/// What a line says of a property without printing a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    Null,
    Number(u32),
    Flag(bool),
}

const fn label(resource: &'static str, text: &'static str, reads: Reads) -> Label {
    Label { resource, text, reads }
}

/// Every label, in the order of the output.
pub fn labels() -> impl Iterator<Item = &'static Label> {
    let tables: [&[Label]; 9] = [
        &product::PRODUCT,
        &product::STATUS,
        &kms::CLIENT,
        &kms::HOST,
        &other::ACTIVATION,
        &other::EXPIRY,
        &other::HINTS,
        &other::ANSWERS,
        &other::REINSTALLING,
    ];
    tables.into_iter().flatten()
}

/// The eight counters of a host, in the order of the output.
pub static COUNTERS: [&str; 8] = [
    "KeyManagementServiceTotalRequests",
    "KeyManagementServiceFailedRequests",
    "KeyManagementServiceUnlicensedRequests",
    "KeyManagementServiceLicensedRequests",
    "KeyManagementServiceOOBGraceRequests",
    "KeyManagementServiceOOTGraceRequests",
    "KeyManagementServiceNonGenuineGraceRequests",
    "KeyManagementServiceNotificationRequests",
];

/// The built-in text of a resource.
#[must_use]
pub fn english(resource: &str) -> Option<&'static str> {
    labels().find(|label| label.resource == resource).map(|label| label.text)
}

#[cfg(test)]
mod tests {
    use super::{Label, Reads, english, labels};
    use crate::kms::catalog::{product, service};

    /// The properties that a label speaks of.
    fn properties(reads: Reads) -> Vec<&'static str> {
        match reads {
            Reads::Value(property)
            | Reads::Part { property, .. }
            | Reads::Code { property, .. } => vec![property],
            Reads::Address { machine, port, .. } => vec![machine, port],
            Reads::States(facts) => facts.iter().map(|(property, _)| *property).collect(),
            Reads::Version => vec!["Version"],
            Reads::Product | Reads::Expiry { .. } => {
                vec!["Name", "LicenseStatus", "GracePeriodRemaining"]
            }
            Reads::Error | Reads::Absent | Reads::Aside => Vec::new(),
        }
    }

    #[test]
    fn every_label_stands_once_and_speaks_of_properties_that_the_catalog_has() {
        let all: Vec<&Label> = labels().collect();
        for (at, label) in all.iter().enumerate() {
            assert!(
                all[..at].iter().all(|other| other.resource != label.resource),
                "{}",
                label.resource
            );
            for property in properties(label.reads) {
                let known = service::property(property)
                    .map(|row| row.field.name)
                    .or(product::property(property).map(|row| row.field.name));
                assert_eq!(known, Some(property), "{}", label.resource);
            }
        }
    }

    #[test]
    fn a_placeholder_that_is_read_stands_in_the_text() {
        for label in labels() {
            if let Reads::Part { placeholder, .. } | Reads::Code { placeholder, .. } = label.reads {
                assert!(label.text.contains(&format!("%{placeholder}%")), "{}", label.resource);
            }
        }
        assert_eq!(english("L_MsgCmid"), Some("Client Machine ID (CMID): "));
        assert_eq!(english("L_MsgNone"), None);
    }
}
