//! Single calls of the licensing managers as lines of PowerShell with `PowerCLI`.
//!
//! A key stands as a variable of the environment that its visible end names, unless secrets are shown: a script of many such lines
//! then wants each key once.

use crate::vsphere::model::key::masked;
use crate::vsphere::model::value::KeyValue;

const LICENSES: &str = "(Get-View LicenseManager)";
const ASSIGNMENTS: &str = "(Get-View (Get-View LicenseManager).LicenseAssignmentManager)";

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `$env:KEY_DDDDD_EEEEE`, or the key itself.
fn word(key: &str, secrets: bool) -> String {
    if secrets {
        return quoted(key);
    }
    let shown = masked(key);
    let groups: Vec<&str> = shown.split('-').filter(|group| !group.contains('*')).collect();
    format!("$env:KEY_{}", groups.join("_"))
}

/// `AddLicense`.
#[must_use]
pub fn add(key: &str, labels: &[KeyValue], secrets: bool) -> String {
    let pair = |label: &KeyValue| {
        let (key, value) = (quoted(&label.key), quoted(&label.value));
        format!("(New-Object VMware.Vim.KeyValue -Property @{{ Key = {key}; Value = {value} }})")
    };
    let pairs: Vec<String> = labels.iter().map(pair).collect();
    let labels =
        if pairs.is_empty() { "$null".to_owned() } else { format!("@({})", pairs.join(", ")) };
    format!("{LICENSES}.AddLicense({}, {labels})", word(key, secrets))
}

/// `UpdateLicenseLabel`.
#[must_use]
pub fn label(key: &str, label: &str, value: &str, secrets: bool) -> String {
    let key = word(key, secrets);
    format!("{LICENSES}.UpdateLicenseLabel({key}, {}, {})", quoted(label), quoted(value))
}

/// `RemoveLicense`.
#[must_use]
pub fn remove(key: &str, secrets: bool) -> String {
    format!("{LICENSES}.RemoveLicense({})", word(key, secrets))
}

/// `UpdateAssignedLicense`.
#[must_use]
pub fn assign(entity: &str, key: &str, secrets: bool) -> String {
    let key = word(key, secrets);
    format!("{ASSIGNMENTS}.UpdateAssignedLicense({}, {key}, $null)", quoted(entity))
}

/// `RemoveAssignedLicense`.
#[must_use]
pub fn unassign(entity: &str) -> String {
    format!("{ASSIGNMENTS}.RemoveAssignedLicense({})", quoted(entity))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_as_a_variable_unless_secrets_are_shown() {
        let key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";
        assert_eq!(
            remove(key, false),
            "(Get-View LicenseManager).RemoveLicense($env:KEY_DDDDD_EEEEE)"
        );
        assert!(
            assign("host-1", key, true)
                .contains("('host-1', 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE', $null)")
        );
    }

    #[test]
    fn labels_come_with_the_license_and_quotes_are_doubled() {
        let key = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE";
        let labels = [KeyValue::new("team", "o'hara")];
        assert!(add(key, &labels, false).contains("Key = 'team'; Value = 'o''hara'"));
        assert!(add(key, &[], false).ends_with(", $null)"));
    }
}
