//! The table `kms` of a policy: what settings are expected of all machines.
//!
//! The rest of the file is left to the commands that judge findings. Nothing unknown is passed over: a policy that is half
//! understood would let pass what it should stop.

use crate::error::{Complaint, Complaints, Place};
use crate::kms::report::policy::Expected;
use toml::de::{DeTable, DeValue};

/// Reads what a policy expects; nothing when it has no table `kms`.
///
/// Complains of what is no TOML, of unknown keys, of values that a key cannot have.
pub fn expected(text: &str) -> Result<Expected, Complaints> {
    let mut complaints = Complaints::default();
    let mut complain = |at: usize, message: String| {
        let before = text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
        let line = u64::try_from(before).unwrap_or_default() + 1;
        complaints.push(Complaint::new(Place::Line(line), message));
    };
    let mut expected = Expected::default();
    match DeTable::parse(text) {
        Ok(table) => match table.get_ref().get("kms").map(|kms| (kms.span(), kms.get_ref())) {
            None => {}
            Some((_, DeValue::Table(kms))) => {
                // As they stand in the file, not as the parser sorts them.
                let mut entries: Vec<_> = kms.iter().collect();
                entries.sort_by_key(|(key, _)| key.span().start);
                for (key, value) in entries {
                    let key_at = key.span().start;
                    let read = set(&mut expected, key.get_ref(), value.get_ref());
                    read.unwrap_or_else(|wrong| complain(key_at, wrong));
                }
            }
            Some((span, _)) => complain(span.start, "`kms` is no table".to_owned()),
        },
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            complain(
                at,
                format!("no TOML: {}", error.message().lines().collect::<Vec<_>>().join(", ")),
            );
        }
    }
    if complaints.is_empty() { Ok(expected) } else { Err(complaints) }
}

/// Sets one of the values; an error is what is wrong with it.
fn set(expected: &mut Expected, key: &str, value: &DeValue<'_>) -> Result<(), String> {
    let number = || {
        let number = value
            .as_integer()
            .and_then(|number| u32::from_str_radix(number.as_str(), number.radix()).ok());
        number.ok_or_else(|| format!("`kms.{key}` takes 0 to 4294967295"))
    };
    match key {
        "activation" => expected.activation = Some(number()?),
        "renewal" => expected.renewal = Some(number()?),
        "port" => expected.port = Some(number()?),
        "caching" => {
            let flag = value.as_bool();
            expected.caching = Some(flag.ok_or("`kms.caching` takes `true` or `false`")?);
        }
        other => {
            return Err(format!(
                "`kms.{other}` is no key of a policy, allowed are `activation`, `renewal`, `port` and `caching`"
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Expected, expected};

    #[test]
    fn the_table_of_kms_is_read_and_the_rest_is_left_to_others() {
        let text = "fail-on = \"error\"\n[[waiver]]\nclass = \"x\"\n[kms]\nactivation = 60\nrenewal = 0x13B0\ncaching = false\n";
        let stated = Expected {
            activation: Some(60),
            renewal: Some(5040),
            port: None,
            caching: Some(false),
        };
        assert_eq!(expected(text).unwrap(), stated);
        assert_eq!(expected("[csp]\nx = 1").unwrap(), Expected::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let complaints = |text: &str| -> Vec<String> {
            let complaints = expected(text).unwrap_err();
            complaints
                .kept
                .iter()
                .map(|wrong| format!("{}: {}", wrong.place, wrong.message))
                .collect()
        };
        assert_eq!(
            complaints("[kms]\nrenewals = 1\nport = -1\ncaching = \"on\"\n"),
            [
                "line 2: `kms.renewals` is no key of a policy, allowed are `activation`, `renewal`, `port` and `caching`",
                "line 3: `kms.port` takes 0 to 4294967295",
                "line 4: `kms.caching` takes `true` or `false`",
            ]
        );
        assert_eq!(complaints("kms = 1"), ["line 1: `kms` is no table"]);
        assert!(complaints("[kms\n")[0].starts_with("line 1: no TOML: "));
    }
}
