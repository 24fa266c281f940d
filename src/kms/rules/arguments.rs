//! The parameters of a call: from the texts that a caller gives to values of the CIM types that the method asks for.

use super::checks::invalid;
use super::keys;
use crate::catalog::{Direction, Kind, Mask, Parameter};
use crate::error::{Outcome, Refusal, Usage};
use crate::kms::catalog::methods::ServiceMethod;
use crate::kms::model::PartialKey;

/// A parameter that has the type that the method asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Argument {
    U32(u32),
    Bool(bool),
    Text(String),
    /// A product key: its last five characters, or nothing when the text was none. The text itself is not kept.
    Key(Option<PartialKey>),
}

/// The parameters of a call; all that the method asks for, each of its type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arguments(Vec<(&'static str, Argument)>);

impl Arguments {
    /// The parameter of a method that takes a product key of which only the last five characters are known.
    #[must_use]
    pub fn of_partial_key(key: PartialKey) -> Self {
        Self(vec![("ProductKey", Argument::Key(Some(key)))])
    }

    pub fn u32(&self, name: &str) -> Result<u32, Refusal> {
        match self.get(name) {
            Some(Argument::U32(number)) => Ok(*number),
            _ => Err(missing(name)),
        }
    }

    pub fn bool(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            Some(Argument::Bool(flag)) => Ok(*flag),
            _ => Err(missing(name)),
        }
    }

    pub fn text(&self, name: &str) -> Result<&str, Refusal> {
        match self.get(name) {
            Some(Argument::Text(text)) => Ok(text),
            _ => Err(missing(name)),
        }
    }

    /// The last five characters of a key; `None` when the text was no key.
    pub fn key(&self, name: &str) -> Result<Option<&PartialKey>, Refusal> {
        match self.get(name) {
            Some(Argument::Key(key)) => Ok(key.as_ref()),
            _ => Err(missing(name)),
        }
    }

    fn get(&self, name: &str) -> Option<&Argument> {
        self.0.iter().find(|(held, _)| *held == name).map(|(_, argument)| argument)
    }
}

/// Reads the parameters of a call.
///
/// - `given`: names, in any case, and texts as typed.
///
/// Usage error for a name that the method does not have, or that is given twice. Refuses with `E_INVALIDARG` when a parameter is
/// missing or its text is not of the CIM type.
pub fn arguments(method: &ServiceMethod, given: &[(&str, &str)]) -> Outcome<Arguments> {
    let wanted = || method.method.parameters.iter().filter(|row| row.direction == Direction::In);
    for (at, (name, _)) in given.iter().enumerate() {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        if !wanted().any(|row| same(row.name)) {
            let names: Vec<String> = wanted().map(|row| format!("`{}`", row.name)).collect();
            let list = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            let message = format!("`{}` has no parameter `{name}`; it has {list}", method.word());
            return Err(Usage::new(message).into());
        }
        if given.iter().take(at).any(|(earlier, _)| same(earlier)) {
            return Err(Usage::new(format!("the parameter `{name}` is given twice")).into());
        }
    }
    let mut arguments = Vec::new();
    for row in wanted() {
        let text = given.iter().find(|(name, _)| name.eq_ignore_ascii_case(row.name));
        let (_, text) = text.ok_or_else(|| missing(row.name).of(method.method.name))?;
        let argument = typed(row, text).map_err(|refusal| refusal.of(method.method.name))?;
        arguments.push((row.name, argument));
    }
    Ok(Arguments(arguments))
}

fn missing(name: &str) -> Refusal {
    invalid(format!("the parameter `{name}` is missing"))
}

/// Reads the text of one parameter. Secrets are not repeated in the refusal.
fn typed(row: &Parameter, text: &str) -> Result<Argument, Refusal> {
    match row.kind {
        Kind::U32 { .. } | Kind::Sentinel | Kind::Enumeration(_) => {
            // A sign is no part of a uint32, though Rust reads a plus.
            let number = text.parse().ok().filter(|_| !text.starts_with('+'));
            number.map(Argument::U32).ok_or_else(|| {
                invalid(format!(
                    "{} is `{text}`, which is no uint32; 0 to {} are",
                    row.name,
                    u32::MAX
                ))
            })
        }
        Kind::Boolean if text.eq_ignore_ascii_case("true") => Ok(Argument::Bool(true)),
        Kind::Boolean if text.eq_ignore_ascii_case("false") => Ok(Argument::Bool(false)),
        Kind::Boolean => {
            Err(invalid(format!("{} is `{text}`; `true` and `false` are allowed", row.name)))
        }
        Kind::Secret(Mask::LastFive) => Ok(Argument::Key(keys::partial(text))),
        Kind::Secret(_) | Kind::Text { .. } | Kind::Guid | Kind::Datetime => {
            Ok(Argument::Text(text.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::{Class, method};
    use super::super::fixture::{Host, V10, answer, call, context, start};
    use super::*;
    use crate::kms::catalog::Profile;

    fn of(name: &str) -> &'static ServiceMethod {
        method(Class::Service, Profile::V10, name).unwrap()
    }

    #[test]
    fn an_interval_is_a_uint32_between_15_and_43200() {
        let host = Host::new(V10).state;
        for (method, parameter) in [
            ("SetVLActivationInterval", "ActivationInterval"),
            ("SetVLRenewalInterval", "RenewalInterval"),
        ] {
            for text in ["15", "43200", "60"] {
                let outcome = call(&host, method, &[(parameter, text)], &context(start()));
                assert_eq!(answer(&outcome), "", "{text}");
            }
            for text in [
                "14",
                "43201",
                "0",
                "-5",
                "abc",
                "4294967296",
                "4294967295",
                "",
                "+60",
                " 60",
                "60.0",
                "0x3C",
            ] {
                let outcome = call(&host, method, &[(parameter, text)], &context(start()));
                assert_eq!(answer(&outcome), "E_INVALIDARG", "{text}");
            }
            assert_eq!(answer(&call(&host, method, &[], &context(start()))), "E_INVALIDARG");
        }
    }

    #[test]
    fn a_parameter_that_the_method_does_not_have_is_wrong_usage() {
        let host = Host::new(V10).state;
        for given in [
            vec![("Interval", "60")],
            vec![("RenewalInterval", "60"), ("Interval", "60")],
            vec![("RenewalInterval", "60"), ("renewalinterval", "90")],
        ] {
            let outcome = call(&host, "SetVLRenewalInterval", &given, &context(start()));
            assert_eq!(answer(&outcome), "usage", "{given:?}");
        }
        assert_eq!(
            answer(&call(&host, "RefreshLicenseStatus", &[("A", "b")], &context(start()))),
            "usage"
        );
    }

    #[test]
    fn what_a_method_hands_back_is_not_given() {
        let method = of("GenerateActiveDirectoryOfflineActivationId");
        assert_eq!(
            answer(&arguments(method, &[("ProductKey", "x"), ("InstallationID", "1")])),
            "usage"
        );
        assert!(arguments(method, &[("ProductKey", "x")]).is_ok());
    }

    #[test]
    fn a_switch_is_true_or_false_in_any_case() {
        let method = of("DisableKeyManagementServiceHostCaching");
        for (text, flag) in [("true", true), ("TRUE", true), ("False", false)] {
            let given = arguments(method, &[("DisableCaching", text)]).unwrap();
            assert_eq!(given.bool("DisableCaching").unwrap(), flag);
        }
        for wrong in ["", "1", "yes", "$true"] {
            assert_eq!(answer(&arguments(method, &[("DisableCaching", wrong)])), "E_INVALIDARG");
        }
    }

    #[test]
    fn a_key_is_reduced_to_its_last_five_characters_when_it_is_read() {
        let method = of("InstallProductKey");
        let given = arguments(method, &[("ProductKey", "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE")]).unwrap();
        assert_eq!(given.key("ProductKey").unwrap().unwrap().as_str(), "EEEEE");
        assert!(!format!("{given:?}").contains("AAAAA"));
        let partial = PartialKey::new("EEEEE").unwrap();
        assert_eq!(given, Arguments::of_partial_key(partial));
        assert!(given.text("ProductKey").is_err());
    }
}
