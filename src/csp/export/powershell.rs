//! Wishes as a PowerShell script for the MDM bridge.
//!
//! The script asks for a product key when it runs and never holds one. A license stands in it as Base64, so that no character of
//! it can end a string or depend on the encoding of the file.

use super::wish::Asked;
use crate::catalog::Kind;
use crate::csp::catalog::conversion::Carrier;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

const HEAD: &str = r"#Requires -Version 5.1
# Asks the MDM bridge of this computer. The bridge answers the SYSTEM account alone.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if (-not [Security.Principal.WindowsIdentity]::GetCurrent().IsSystem) {
    throw 'Run this script as SYSTEM: the MDM bridge answers no other account.'
}

$namespace = 'root\cimv2\mdm\dmmap'
$class = 'MDM_WindowsLicensing'
$session = New-CimSession
";

const FIND: &str = r#"$find = @{
    CimSession = $session
    Namespace  = $namespace
    ClassName  = $class
    Filter     = "InstanceID='WindowsLicensing'"
}
"#;

const INVOKE: &str = r"function Invoke-Bridge {
    param([string] $Method, [string] $Value)
    $parameters = New-Object Microsoft.Management.Infrastructure.CimMethodParametersCollection
    $parameters.Add([Microsoft.Management.Infrastructure.CimMethodParameter]::Create('param', $Value, 'String', 'In'))
    $result = $session.InvokeMethod($namespace, $instance, $Method, $parameters)
    [pscustomobject] @{ Method = $Method; ReturnValue = $result.ReturnValue.Value }
}
";

const ASK: &str = r"function Read-Key {
    param([string] $Prompt)
    $key = Read-Host -Prompt $Prompt -AsSecureString
    $memory = [Runtime.InteropServices.Marshal]::SecureStringToBSTR($key)
    try {
        [Runtime.InteropServices.Marshal]::PtrToStringBSTR($memory)
    } finally {
        [Runtime.InteropServices.Marshal]::ZeroFreeBSTR($memory)
    }
}
";

/// Writes a script.
pub(super) fn write(asked: &[Asked<'_>]) -> String {
    let methods = || asked.iter().filter(|asked| matches!(asked.carrier, Carrier::Method(_)));
    let mut out = HEAD.to_owned();
    out.push_str(FIND);
    if methods().next().is_some() {
        let _ = write!(out, "\n{INVOKE}");
    }
    if methods().any(|asked| takes_key(asked)) {
        let _ = write!(out, "\n{ASK}");
    }
    // Writing to a text cannot fail.
    let _ = writeln!(out, "\ntry {{\n    $instance = Get-CimInstance @find");
    for asked in asked {
        if let Carrier::Method(method) = asked.carrier {
            let _ = writeln!(out, "    Invoke-Bridge -Method '{method}' -Value {}", value(asked));
        }
    }
    let properties: Vec<&str> = asked
        .iter()
        .filter(|asked| asked.carrier == Carrier::ClassProperty)
        .map(Asked::name)
        .collect();
    if !properties.is_empty() {
        // Read again: what was executed may have changed it.
        let _ = writeln!(
            out,
            "    Get-CimInstance @find | Select-Object -Property {}",
            properties.join(", ")
        );
    }
    out.push_str("} finally {\n    Remove-CimSession -CimSession $session\n}\n");
    out
}

/// Whether the method takes a product key, which the script asks for.
fn takes_key(asked: &Asked<'_>) -> bool {
    asked.node.is_some_and(|node| matches!(node.field.kind, Kind::Secret(_)))
}

/// The expression of a method's parameter.
fn value(asked: &Asked<'_>) -> String {
    let name = asked.name();
    match asked.data.as_deref() {
        _ if takes_key(asked) => {
            format!("(Read-Key -Prompt 'Product key for {name}')")
        }
        Some(license) if !asked.placeholder => format!(
            "([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('{}')))",
            STANDARD.encode(license)
        ),
        _ => format!(
            "(Get-Content -Raw -Encoding UTF8 -LiteralPath (Read-Host -Prompt 'License file for {name}'))"
        ),
    }
}
