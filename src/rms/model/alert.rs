//! What a License Manager tells its administrator, and by which ways: its alert configuration.

use super::license::FeatureKey;

/// A way by which an alert may go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// `script`, `email`; lower case.
    pub name: String,
    pub on: bool,
}

/// One alert of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertRule {
    /// `softlimit`; lower case.
    pub alert: String,
    pub ways: Vec<Way>,
}

/// Where a way leads: the path of a script, addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// `script`, `email`; lower case.
    pub way: String,
    pub to: String,
}

/// The alerts of one feature.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AlertSection {
    /// Name and version as they stand in the head of the section, a blank between them.
    pub feature: String,
    pub rules: Vec<AlertRule>,
    pub targets: Vec<Target>,
}

impl AlertSection {
    #[must_use]
    pub fn is_of(&self, key: &FeatureKey) -> bool {
        self.feature == key.to_string()
    }

    /// The ways by which an alert goes out: those that are on and lead somewhere.
    #[must_use]
    pub fn ways(&self, alert: &str) -> Vec<&str> {
        let leads = |way: &str| self.targets.iter().any(|one| one.way == way && !one.to.is_empty());
        let rules = self.rules.iter().filter(|rule| rule.alert == alert);
        let on = rules.flat_map(|rule| &rule.ways).filter(|way| way.on && leads(&way.name));
        on.map(|way| way.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{AlertRule, AlertSection, Target, Way};
    use crate::rms::model::license::FeatureKey;

    fn section(targets: &[(&str, &str)]) -> AlertSection {
        let way = |name: &str, on| Way { name: name.to_owned(), on };
        AlertSection {
            feature: "WIDGET 4.2".to_owned(),
            rules: vec![AlertRule {
                alert: "softlimit".to_owned(),
                ways: vec![way("script", true), way("email", false)],
            }],
            targets: targets
                .iter()
                .map(|(way, to)| Target { way: (*way).to_owned(), to: (*to).to_owned() })
                .collect(),
        }
    }

    #[test]
    fn a_way_that_is_on_and_leads_nowhere_tells_nobody() {
        let both = section(&[("script", "/opt/alert.sh"), ("email", "a b")]);
        assert_eq!(both.ways("softlimit"), ["script"]);
        assert_eq!(both.ways("hardlimit"), [""; 0]);
        assert_eq!(section(&[("email", "a b")]).ways("softlimit"), [""; 0]);
        assert_eq!(section(&[("script", "")]).ways("softlimit"), [""; 0]);
    }

    #[test]
    fn a_section_is_of_one_version_of_a_feature() {
        let key = |version: &str| FeatureKey { name: "WIDGET".into(), version: version.into() };
        assert!(section(&[]).is_of(&key("4.2")));
        assert!(!section(&[]).is_of(&key("4.1")) && !section(&[]).is_of(&key("")));
    }
}
