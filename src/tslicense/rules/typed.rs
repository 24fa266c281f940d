//! Steps 1 and 2 of a call, which WMI answers itself: the method, and arguments of its types. No out parameters come back.

use crate::catalog::{Kind, Parameter};
use crate::error::Refusal;
use crate::tslicense::catalog::codes::{
    WBEM_E_ILLEGAL_NULL, WBEM_E_INVALID_CLASS, WBEM_E_INVALID_METHOD,
    WBEM_E_INVALID_METHOD_PARAMETERS, WBEM_E_NOT_SUPPORTED, WBEM_E_TYPE_MISMATCH,
    WBEM_E_VALUE_OUT_OF_RANGE,
};
use crate::tslicense::catalog::methods::{CLASSES, WmiMethod};
use crate::tslicense::catalog::versions::Os;
use crate::tslicense::model::{Argument, Arguments};

/// A value as a caller wrote it.
#[derive(Clone)]
pub enum Given {
    Number(i128),
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    Null,
    /// A fraction, a boolean, another list or an object.
    Other,
}

/// The method of a class, by its name without the class; ASCII case does not matter.
///
/// Refuses with `WBEM_E_INVALID_CLASS`, `WBEM_E_INVALID_METHOD`.
pub fn method(class: &str, name: &str) -> Result<&'static WmiMethod, Refusal> {
    let found = CLASSES.iter().find(|(known, _)| known.eq_ignore_ascii_case(class));
    let Some((class, table)) = found else {
        let known: Vec<&str> = CLASSES.iter().map(|(class, _)| *class).collect();
        return Err(Refusal::new(&WBEM_E_INVALID_CLASS, format!("there is no class `{class}`"))
            .hinted(format!("there is {}", known.join(", "))));
    };
    table.iter().find(|row| row.word().eq_ignore_ascii_case(name)).ok_or_else(|| {
        let known: Vec<&str> = table.iter().map(WmiMethod::word).collect();
        Refusal::new(&WBEM_E_INVALID_METHOD, format!("`{class}` has no method `{name}`"))
            .hinted(format!("it has {}", known.join(", ")))
    })
}

/// Whether the release of a machine has the method; one that is not known has all.
///
/// Refuses with `WBEM_E_INVALID_METHOD`, `WBEM_E_NOT_SUPPORTED`.
pub fn on_release(method: &WmiMethod, machine: &str, os: Option<Os>) -> Result<(), Refusal> {
    // What the model takes an unknown release for.
    let os = os.unwrap_or(Os::V2012);
    let (word, title) = (method.word(), os.title());
    let refusal = if os < method.since {
        let since = method.since.title();
        let message = format!("`{machine}` runs {title}; `{word}` came with {since}");
        Refusal::new(&WBEM_E_INVALID_METHOD, message)
    } else if method.until.is_some_and(|until| until < os) {
        let message = format!("`{word}` is no longer supported; `{machine}` runs {title}");
        Refusal::new(&WBEM_E_NOT_SUPPORTED, message)
            .hinted("it did something on Windows Server 2008 and 2008 R2 alone")
    } else {
        return Ok(());
    };
    Err(refusal.of(method.method.name))
}

/// The arguments in signature order, each of the type of its parameter. Names are compared with their case.
///
/// Refuses with `WBEM_E_INVALID_METHOD_PARAMETERS`, `WBEM_E_ILLEGAL_NULL`, `WBEM_E_TYPE_MISMATCH`, `WBEM_E_VALUE_OUT_OF_RANGE`, in this
/// order.
pub fn arguments(
    method: &'static WmiMethod,
    given: &[(String, Given)],
) -> Result<Arguments, Refusal> {
    let refuse = |code, message: String, parameter: &str| {
        Refusal::new(code, message).with("parameter", parameter).of(method.method.name)
    };
    let of =
        |row: &Parameter| given.iter().find(|(name, _)| name == row.name).map(|(_, value)| value);
    let mut rows: Vec<(&'static Parameter, &Given)> = Vec::new();
    for row in method.given() {
        let Some(value) = of(row) else {
            let message = format!("`{}` is missing", row.name);
            return Err(refuse(&WBEM_E_INVALID_METHOD_PARAMETERS, message, row.name));
        };
        rows.push((row, value));
    }
    let unknown = given.iter().find(|(name, _)| method.given().all(|row| row.name != name));
    if let Some((name, _)) = unknown {
        let known: Vec<&str> = method.given().map(|row| row.name).collect();
        let message = format!("`{name}` is no parameter of `{}`", method.word());
        return Err(refuse(&WBEM_E_INVALID_METHOD_PARAMETERS, message, name)
            .hinted(format!("it takes {}, spelled so", known.join(", "))));
    }
    if let Some((row, _)) = rows.iter().find(|(_, value)| matches!(value, Given::Null)) {
        let message = format!("`{}` is null", row.name);
        return Err(refuse(&WBEM_E_ILLEGAL_NULL, message, row.name));
    }
    if let Some((row, _)) = rows.iter().find(|(row, value)| !fits(row, value)) {
        let wanted = if is_number(row) { "a number" } else { "a text" };
        let message = format!("`{}` takes {wanted}", row.name);
        return Err(refuse(&WBEM_E_TYPE_MISMATCH, message, row.name));
    }
    let mut typed = Arguments::default();
    for (row, value) in rows {
        typed.given.push((
            row,
            argument(value).ok_or_else(|| {
                let message = format!("`{}` is outside 0 to 4294967295", row.name);
                refuse(&WBEM_E_VALUE_OUT_OF_RANGE, message, row.name)
            })?,
        ));
    }
    Ok(typed)
}

fn is_number(row: &Parameter) -> bool {
    matches!(row.kind, Kind::U32 { .. } | Kind::Enumeration(_) | Kind::Sentinel)
}

fn fits(row: &Parameter, value: &Given) -> bool {
    match value {
        Given::Number(_) => is_number(row),
        Given::Text(_) => !is_number(row),
        Given::Texts(_) | Given::Null | Given::Other => false,
    }
}

fn argument(value: &Given) -> Option<Argument> {
    match value {
        Given::Number(number) => u32::try_from(*number).ok().map(Argument::Number),
        Given::Text(text) => Some(Argument::Text(text.clone())),
        Given::Texts(_) | Given::Null | Given::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Given, arguments, method, on_release};
    use crate::error::Refusal;
    use crate::tslicense::catalog::methods::{Act, Program, of};
    use crate::tslicense::catalog::versions::Os;

    fn base() -> Vec<(String, Given)> {
        let text = |text: &str| Given::Text(text.to_owned());
        [
            ("sLicenseNumber", text("12345678")),
            ("sAuthorizationNumber", text("TEST0AUTH000001")),
            ("ProductVersion", Given::Number(6)),
            ("ProductType", Given::Number(1)),
            ("LicenseCount", Given::Number(20)),
            ("sSourceLSName", text("ls-a.corp.example")),
            ("sSourceLSProductId", text("AAAAABBBBBCCCCCDDDDDEEEEEFFFFFGGGGG")),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }

    fn with(name: &str, value: &Given) -> Vec<(String, Given)> {
        base()
            .into_iter()
            .map(|(known, held)| if known == name { (known, value.clone()) } else { (known, held) })
            .collect()
    }

    fn refused(given: &[(String, Given)]) -> (&'static str, String) {
        let refusal: Refusal =
            arguments(of(Act::Import(Program::Open)).unwrap(), given).err().unwrap();
        assert!(refusal.answer.is_empty(), "no out parameters come back");
        (refusal.code.symbol, refusal.detail[0].1.clone())
    }

    #[test]
    fn wmi_answers_arguments_that_are_not_those_of_the_method() {
        let missing: Vec<_> =
            base().into_iter().filter(|(name, _)| name != "sSourceLSName").collect();
        let mut extra = base();
        extra.push(("Foo".to_owned(), Given::Number(1)));
        let mut other_case = base();
        other_case[0].0 = "slicensenumber".to_owned();
        for (given, symbol, parameter) in [
            (missing, "WBEM_E_INVALID_METHOD_PARAMETERS", "sSourceLSName"),
            (extra, "WBEM_E_INVALID_METHOD_PARAMETERS", "Foo"),
            (other_case, "WBEM_E_INVALID_METHOD_PARAMETERS", "sLicenseNumber"),
            (with("sSourceLSName", &Given::Null), "WBEM_E_ILLEGAL_NULL", "sSourceLSName"),
            (
                with("LicenseCount", &Given::Text("20".to_owned())),
                "WBEM_E_TYPE_MISMATCH",
                "LicenseCount",
            ),
            (
                with("sLicenseNumber", &Given::Number(12_345_678)),
                "WBEM_E_TYPE_MISMATCH",
                "sLicenseNumber",
            ),
            (with("LicenseCount", &Given::Other), "WBEM_E_TYPE_MISMATCH", "LicenseCount"),
            (
                with("LicenseCount", &Given::Number(4_294_967_296)),
                "WBEM_E_VALUE_OUT_OF_RANGE",
                "LicenseCount",
            ),
            (with("LicenseCount", &Given::Number(-1)), "WBEM_E_VALUE_OUT_OF_RANGE", "LicenseCount"),
        ] {
            assert_eq!(refused(&given), (symbol, parameter.to_owned()));
        }
        let typed = arguments(of(Act::Import(Program::Open)).unwrap(), &base()).ok().unwrap();
        assert_eq!(typed.number("LicenseCount"), Some(20));
        assert_eq!(typed.text("sSourceLSName"), "ls-a.corp.example");
    }

    #[test]
    fn a_server_before_2012_has_no_conversion_of_licenses() {
        let convert = of(Act::Convert).unwrap();
        assert!(on_release(convert, "ls", None).is_ok());
        for (os, has) in [(Os::V2008, false), (Os::V2008R2, false), (Os::V2012, true)] {
            let answer = on_release(convert, "ls", Some(os));
            assert_eq!(answer.is_ok(), has);
            if let Err(refusal) = answer {
                assert_eq!(refusal.code.symbol, "WBEM_E_INVALID_METHOD");
            }
        }
    }

    #[test]
    fn a_class_and_a_method_are_found_in_any_case() {
        let name = "importopenpurchaselicensekeypack";
        assert!(method("win32_tslicensekeypack", name).is_ok());
        let symbol = |class, name| method(class, name).err().unwrap().code.symbol;
        assert_eq!(symbol("Win32_TSLicenseKeyPack", "Import"), "WBEM_E_INVALID_METHOD");
        assert_eq!(symbol("Win32_Foo", name), "WBEM_E_INVALID_CLASS");
    }
}
