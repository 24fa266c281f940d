//! The JSON contract: every shape has a schema, and real output fits it.

use crate::support::User;
use serde_json::Value;
use std::collections::BTreeSet;

/// Checks `value` against the part of JSON Schema that the types make: type, properties, required, items, references, enums.
fn fits(root: &Value, schema: &Value, value: &Value, path: &str) {
    let schema = match schema.get("$ref").and_then(Value::as_str) {
        Some(name) => root.pointer(name.trim_start_matches('#')).unwrap(),
        None => schema,
    };
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        assert!(
            choices
                .iter()
                .any(|choice| std::panic::catch_unwind(|| fits(root, choice, value, path)).is_ok()),
            "{path}: {value}"
        );
        return;
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let allowed: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let right = allowed.is_empty()
        || allowed.contains(&kind)
        || (kind == "integer" && allowed.contains(&"number"));
    assert!(right, "{path}: {value} is no {allowed:?}");
    if let Value::Object(members) = value {
        let properties = schema.get("properties").and_then(Value::as_object);
        for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            assert!(members.contains_key(name.as_str().unwrap()), "{path}: {name} is missing");
        }
        for (name, member) in members {
            match properties.and_then(|properties| properties.get(name)) {
                Some(inner) => fits(root, inner, member, &format!("{path}.{name}")),
                None if schema.get("additionalProperties").is_some() || properties.is_none() => {}
                None => assert!(
                    ["schema", "warnings", "dryRun", "moreWarnings"].contains(&name.as_str()),
                    "{path}: {name} is in no schema"
                ),
            }
        }
    }
    if let (Value::Array(items), Some(inner)) = (value, schema.get("items")) {
        for item in items.iter().take(50) {
            fits(root, inner, item, &format!("{path}[]"));
        }
    }
}

/// A document of each kind that is judged.
const QUERY: &str = "examples/contoso-profiles/deployable/query.xml";
const CUSTOM: &str = "examples/contoso-profiles/broken/custom-keys.json";

/// A license server that has everything, one that has nothing, and the class of session hosts.
const LS01: &str = "ls01.corp.contoso.example";
const LS03: &str = "ls03.corp.contoso.example";
const SETTING: &str = "Win32_TerminalServiceSetting";

/// Commands whose answers name a schema.
const COMMANDS: &[&[&str]] = &[
    &["import", "examples/contoso/kms"],
    &["csp", "import", "examples/contoso/csp"],
    &["csp", "device", "list", "--limit", "20"],
    &["csp", "device", "show", "TB-01"],
    &["csp", "device", "reboot", "TB-01"],
    &["csp", "get", "Edition", "SMode/Status", "--device", "TB-01"],
    &["csp", "set", "DeviceLicensingService/LicenseType", "0", "--device", "TB-01"],
    &["csp", "tree", "--device", "TB-01"],
    &["csp", "apply", QUERY, "--device", "TB-01"],
    &["csp", "apply", QUERY, "--device", "TB-01", "--split"],
    &["csp", "lint", CUSTOM],
    &["csp", "ddf"],
    &["csp", "ddf", "diff", "builtin", "builtin"],
    &["csp", "path", "list"],
    &["csp", "path", "check", "Pro", "Enterprise"],
    &["csp", "edition", "list"],
    &["csp", "key", "catalog", "list"],
    &["csp", "status", "decode", "405"],
    &["status"],
    &["check", "--fail-on", "error"],
    &["explain", "0xC004F038"],
    &["log"],
    &["log", "show", "1"],
    &["store", "info"],
    &["store", "check"],
    &["config", "show"],
    &["--version"],
    &["snapshot", "save", "one"],
    &["snapshot", "list"],
    &["snapshot", "show", "one"],
    &["diff", "one"],
    &["diff", "now", "examples/contoso/kms"],
    &["doctor"],
    &["apply", "--properties"],
    &["apply", "examples/contoso-desired/estate.toml", "--dry-run"],
    &["apply", "examples/contoso-desired/estate.toml", "--emit", "powershell"],
    &["report", "--html", "estate.html"],
    &["kms", "event", "list", "--limit", "20"],
    &["kms", "client", "list", "--limit", "20"],
    &["kms", "machine", "list"],
    &["kms", "service", "show", "--machine", "kms01.corp.contoso.example"],
    &["kms", "threshold"],
    &["kms", "stale", "--limit", "20"],
    &["kms", "duplicates"],
    &["kms", "churn"],
    &["kms", "trend", "--limit", "20"],
    &["kms", "policy"],
    &["kms", "health"],
    &["kms", "counters"],
    &["kms", "skew"],
    &["kms", "suspicious"],
    &["kms", "summary"],
    &["kms", "event", "coverage"],
    &["kms", "sku", "list", "--limit", "20"],
    &["kms", "snapshot", "list"],
    &["kms", "error", "0xC004F074"],
    &["tslicense", "server", "add", "ts01", "--os", "2022"],
    &["tslicense", "server", "list"],
    &["tslicense", "server", "show", "--server", "ts01"],
    &["tslicense", "keypack", "list", "--server", "ts01"],
    &["tslicense", "audit", "--server", "ts01"],
    &["tslicense", "import", "examples/contoso/tslicense"],
    &["tslicense", "server", "set", "--server", LS01, "OS=2016", "ActivationStatus=0"],
    &["tslicense", "host", "list"],
    &["tslicense", "host", "show", "rdsh01"],
    &["tslicense", "call", SETTING, "GetSpecifiedLicenseServerList", "--key", "ServerName=rdsh01"],
    &["tslicense", "issued", "list", "--server", LS01, "--limit", "20"],
    &["tslicense", "user", "list", "--server", LS01, "--limit", "20"],
    &["tslicense", "audit", "--all-servers"],
    &["tslicense", "forecast", "--server", LS01],
    &["tslicense", "duplicates", "--server", LS01],
    &["tslicense", "revoke-plan", "--server", LS01],
    &["tslicense", "issued", "revoke", "1090", "--server", LS01],
    &["tslicense", "report", "generate", "--server", LS01],
    &["tslicense", "report", "list", "--server", LS01],
    &["tslicense", "migrate", "plan", "--from", LS01, "--to", LS03],
    &["tslicense", "upgrade-check", "--host", "rdsh02", "--to", "2022"],
    &["tslicense", "diagnose"],
    &["tslicense", "events", "--server", LS01],
    &["vsphere", "import", "examples/contoso/vsphere"],
    &["vsphere", "vcenter", "list"],
    &["vsphere", "vcenter", "show", "--vcenter", "hq"],
    &["vsphere", "vcenter", "properties", "--vcenter", "hq"],
    &["vsphere", "license", "list", "--vcenter", "hq"],
    &["vsphere", "license", "list", "--vcenter", "hq", "--typed"],
    &["vsphere", "license", "holders", "--vcenter", "hq"],
    &["vsphere", "license", "label", "list", "--vcenter", "hq"],
    &["vsphere", "license", "label", "set", "STND2", "a=b", "--vcenter", "hq"],
    &["vsphere", "assignment", "list", "--vcenter", "hq"],
    &["vsphere", "assignment", "list", "--vcenter", "hq", "--typed"],
    &["vsphere", "unassign", "host-1001", "--vcenter", "hq"],
    &["vsphere", "entity", "list", "--vcenter", "hq"],
    &["vsphere", "entity", "show", "host-1001", "--vcenter", "hq"],
    &["vsphere", "evaluation", "show", "--vcenter", "hq"],
    &["vsphere", "host-license", "show", "--vcenter", "hq"],
    &["vsphere", "drift", "--vcenter", "hq"],
    &["vsphere", "check-feature", "dvs", "--vcenter", "hq"],
    &["vsphere", "call", "QueryAssignedLicenses", "--vcenter", "hq"],
    &["vsphere", "audit", "--vcenter", "hq"],
    &["vsphere", "status", "--vcenter", "hq"],
    &["vsphere", "cores", "--vcenter", "hq"],
    &["vsphere", "reclaim", "--vcenter", "hq"],
    &["vsphere", "plan", "--vcenter", "hq"],
    &["rms", "import", "examples/contoso/rms"],
    &["rms", "server", "list"],
    &["rms", "feature", "list", "--server", "lic01"],
    &["rms", "license", "list", "--server", "lic01"],
    &["rms", "license", "match", "0:0", "--server", "lic01"],
    &["rms", "session", "list", "--server", "lic01"],
    &["rms", "reservation", "list", "--server", "lic01"],
    &["rms", "capacity", "--server", "lic01"],
    &["rms", "holders", "--server", "lic01"],
    &["rms", "denials", "--server", "lic01"],
    &["rms", "usage", "--server", "lic01"],
    &["rms", "lint", "--server", "lic01"],
    &["rms", "env", "check", "lic01~lic02"],
    &["rms", "status-code", "210139"],
    &[
        "rms",
        "session",
        "replay",
        "examples/contoso/rms/lic01/lservsta",
        "--server",
        "lic01",
        "--dry-run",
    ],
];

#[test]
fn real_answers_fit_the_schemas_that_they_name() {
    let user = User::new();
    user.ok(&["import", "examples/contoso/kms", "examples/contoso/csp"]);
    user.ok(&["csp", "key", "catalog", "load", "examples/contoso-profiles/keys.json"]);
    let mut seen = BTreeSet::new();
    for words in COMMANDS {
        let words: Vec<&str> = words.iter().copied().chain(["-o", "json"]).collect();
        let answer = user.run(&words);
        assert!(answer.status <= 1, "{words:?}: {}", answer.err);
        let document: Value =
            serde_json::from_str(&answer.out).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        let name = document["schema"].as_str().unwrap().to_owned();
        let schema: Value = serde_json::from_str(&user.ok(&["schema", &name])).unwrap();
        match document.get("items").and_then(Value::as_array) {
            Some(items) => items.iter().for_each(|item| fits(&schema, &schema, item, &name)),
            None => fits(&schema, &schema, &document, &name),
        }
        seen.insert(name);
    }
    assert!(seen.len() >= 50, "{seen:?}");
}

#[test]
fn every_shape_is_named_once() {
    let user = User::new();
    let names = user.ok(&["schema"]);
    let lines: Vec<&str> = names.lines().collect();
    let distinct: BTreeSet<&&str> = lines.iter().collect();
    assert_eq!(lines.len(), distinct.len());
    assert!(lines.iter().all(|name| name.starts_with("licctl.") && name.contains('/')));
}
