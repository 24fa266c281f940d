//! A plan for the methods of the two classes, called from PowerShell.

use super::{Written, quoted};
use crate::catalog::{Kind, Parameter};
use crate::kms::catalog::methods::{self, ServiceMethod};
use crate::kms::catalog::{Profile, product, service};
use crate::kms::rules::plan::{Change, calls};

pub(super) fn write(changes: &[Change], profile: Profile) -> Written {
    let mut lines = Vec::new();
    for change in changes {
        let (object, table): (String, fn(&str) -> Option<&'static ServiceMethod>) = match change.of
        {
            None => (format!("Get-CimInstance -ClassName {}", service::CLASS), methods::service),
            Some(of) => (
                format!(
                    "Get-CimInstance -ClassName {} -Filter \"ID = '{}'\"",
                    product::CLASS,
                    of.id
                ),
                methods::product,
            ),
        };
        for (method, parameter) in calls(&change.setting, profile) {
            let mut line = format!("{object} | Invoke-CimMethod -MethodName {method}");
            if let Some((name, value)) = parameter {
                let row = table(method).and_then(|row| typed(row, name));
                let value = row.map_or_else(|| quoted(&value), |row| literal(row, &value));
                line = format!("{line} -Arguments @{{{name} = {value}}}");
            }
            lines.push(line);
        }
    }
    Written { lines, left: Vec::new() }
}

fn typed(row: &'static ServiceMethod, name: &str) -> Option<&'static Parameter> {
    row.method.parameters.iter().find(|parameter| parameter.name == name)
}

/// A value of the CIM type that the method asks for: PowerShell's own numbers are signed.
fn literal(row: &Parameter, value: &str) -> String {
    match row.kind {
        Kind::U32 { .. } | Kind::Sentinel | Kind::Enumeration(_) => format!("[uint32]{value}"),
        Kind::Boolean => format!("${value}"),
        _ => quoted(value),
    }
}
