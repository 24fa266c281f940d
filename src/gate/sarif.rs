//! SARIF 2.1.0: one run with its rules, and a result for each finding.
//!
//! What the policy waives is left out: consumers of uploaded files open an alert for suppressed results too. A finding that
//! stands in no file is placed at its instance below a base that names no folder, because code scanning refuses a result without
//! a place.

use super::{Report, Rule, id, put};
use crate::cli::VERSION;
use crate::error::{Outcome, Stop};
use crate::finding::{Finding, Level};
use crate::output::escape;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;

/// What a path keeps in a URI; a colon in the first part of a relative one would look like a scheme.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The base of files, which consumers know as the root of the checkout.
const SOURCES: &str = "%SRCROOT%";

/// The base of instances.
const ESTATE: &str = "ESTATE";

/// The place of the results in the log, which are written one by one.
const RESULTS: &str = "\"results\": []";

/// What the lines of a result begin with.
const INDENT: &str = "\n        ";

pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> Outcome<()> {
    let classes = Classes::of(report)?;
    let log = log(report, &classes);
    let (head, foot) =
        log.rsplit_once(RESULTS).ok_or_else(|| Stop::bug("a log without room for results"))?;
    put(out, head)?;
    put(out, "\"results\": [")?;
    let (mut seen, mut first) = (HashMap::new(), true);
    report.each(&mut |finding| {
        let result = format!("{:#}", result(finding, &classes, &mut seen)).replace('\n', INDENT);
        put(out, if std::mem::take(&mut first) { "" } else { "," })?;
        put(out, INDENT)?;
        put(out, &result)
    })?;
    put(out, if first { "]" } else { "\n      ]" })?;
    put(out, foot)
}

/// The log but for its results.
fn log(report: &Report<'_>, classes: &Classes) -> String {
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "licctl",
                "version": VERSION,
                "semanticVersion": VERSION,
                "rules": classes.rules(report.rules),
            }},
            "invocations": [{
                "executionSuccessful": true,
                "endTimeUtc": report.now.to_string(),
            }],
            "originalUriBaseIds": {
                SOURCES: { "description": { "text": "The folder in which licctl was run." } },
                ESTATE: { "description": { "text":
                    "The instances of the store: what is below is a domain and an instance, not a file." } },
            },
            "automationDetails": { "id": format!("licctl-{}/", report.command.replace(' ', "-")) },
            "columnKind": "unicodeCodePoints",
            "results": [],
        }],
    });
    format!("{log:#}\n")
}

/// The classes that were found, which are the rules; in the order of their ids.
struct Classes(BTreeMap<String, Found>);

/// What its findings tell of a class.
struct Found {
    domain: &'static str,
    class: &'static str,
    worst: Level,
    /// The first of their remedies.
    remedy: String,
}

impl Classes {
    fn of(report: &Report<'_>) -> Outcome<Self> {
        let mut classes: BTreeMap<String, Found> = BTreeMap::new();
        report.each(&mut |finding| {
            let found = classes.entry(id(finding)).or_insert_with(|| Found {
                domain: finding.domain,
                class: finding.class,
                worst: finding.severity,
                remedy: String::new(),
            });
            found.worst = found.worst.min(finding.severity);
            if found.remedy.is_empty() {
                finding.remedy.as_ref().clone_into(&mut found.remedy);
            }
            Ok(())
        })?;
        Ok(Self(classes))
    }

    fn place(&self, id: &str) -> usize {
        self.0.keys().take_while(|known| *known != id).count()
    }

    fn rules(&self, rows: &[Rule]) -> Vec<Json> {
        self.0.iter().map(|(id, found)| rule(rows, id, found)).collect()
    }
}

/// A rule is described by its row; without one by its own words and the remedy of its findings.
fn rule(rows: &[Rule], id: &str, found: &Found) -> Json {
    let row = rows.iter().find(|rule| rule.class == found.class);
    let words = || id.replace(['.', '-', '_'], " ");
    let short = row.map_or_else(words, |row| row.finding.to_owned());
    let told = if found.remedy.is_empty() { "see the finding" } else { &found.remedy };
    let remedy = row.map_or(told, |row| row.remedy);
    json!({
        "id": id,
        "shortDescription": { "text": text(&short) },
        "fullDescription": { "text": text(&short) },
        "help": { "text": text(&format!("Remedy: {remedy}")) },
        "defaultConfiguration": { "level": level(found.worst) },
        "properties": { "tags": ["licensing", found.domain] },
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}

fn result(finding: &Finding, classes: &Classes, seen: &mut Seen) -> Json {
    let id = id(finding);
    let print = fingerprint(finding, seen);
    let head =
        if finding.instance.is_empty() { String::new() } else { format!("{}: ", finding.instance) };
    json!({
        "ruleId": id,
        "ruleIndex": classes.place(&id),
        "level": level(finding.severity),
        "message": { "text": text(&format!("{head}{}", finding.message)) },
        "locations": [location(finding)],
        "partialFingerprints": {
            "licctlFinding/v1": print,
            // The only one that GitHub compares.
            "primaryLocationLineHash": print,
        },
        "properties": properties(finding),
    })
}

fn location(finding: &Finding) -> Json {
    let place = finding.place.as_ref().and_then(|place| Some((located(&place.file)?, place.line)));
    let (artifact, line) = place.unwrap_or_else(|| {
        let instance = if finding.instance.is_empty() { "all" } else { &finding.instance };
        (json!({ "uri": encoded(&format!("{}/{instance}", finding.domain)), "uriBaseId": ESTATE }), None)
    });
    let names = [finding.domain, finding.instance.as_str(), finding.object.as_str()];
    let qualified: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    json!({
        "physicalLocation": {
            "artifactLocation": artifact,
            // Code scanning wants a line of everything; the first stands for the file as a whole.
            "region": { "startLine": line.unwrap_or(1).max(1) },
        },
        "logicalLocations": [{
            "name": escape(&finding.object, false),
            "fullyQualifiedName": escape(&qualified.join("/"), false),
            "kind": "resource",
        }],
    })
}

/// Where a file is; `None` for the standard input, which is nowhere.
fn located(file: &str) -> Option<Json> {
    let file = file.replace(std::path::MAIN_SEPARATOR, "/");
    let drive = file.split_once(":/").is_some_and(|(drive, _)| drive.len() == 1);
    Some(match file.as_str() {
        "-" => return None,
        whole if whole.starts_with('/') => json!({ "uri": format!("file://{}", encoded(whole)) }),
        whole if cfg!(windows) && drive => json!({ "uri": format!("file:///{}", encoded(whole)) }),
        part => {
            let part = part.strip_prefix("./").unwrap_or(part);
            json!({ "uri": encoded(part), "uriBaseId": SOURCES })
        }
    })
}

fn encoded(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// How often a finding was met, by a digest of what tells it from others.
type Seen = HashMap<[u8; 16], u32>;

/// The same over runs as long as it is the same finding: neither line nor message, which change, but the number among equals.
fn fingerprint(finding: &Finding, seen: &mut Seen) -> String {
    let file = finding.place.as_ref().map_or("", |place| place.file.as_str());
    let parts = [finding.domain, &finding.instance, finding.class, &finding.object, file];
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    let digest = digest.finalize();
    let print = digest.first_chunk::<16>().copied().unwrap_or_default();
    let number = seen.entry(print).or_default();
    *number += 1;
    let print: String = print.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{print}:{number}")
}

/// A message: braces are doubled, since `{0}` is a placeholder, and `](`, which makes a link, is parted.
fn text(message: &str) -> String {
    escape(message, true).replace('{', "{{").replace('}', "}}").replace("](", "] (")
}

fn properties(finding: &Finding) -> Json {
    let mut properties = Map::new();
    properties.insert("instance".to_owned(), Json::from(finding.instance.as_str()));
    properties.insert("object".to_owned(), Json::from(finding.object.as_str()));
    properties.insert("remedy".to_owned(), Json::from(finding.remedy.as_ref()));
    for (name, at) in [("since", finding.since), ("due", finding.due)] {
        if let Some(at) = at {
            properties.insert(name.to_owned(), Json::from(at.to_string()));
        }
    }
    if !finding.detail.is_empty() {
        properties.insert("detail".to_owned(), Json::Object(finding.detail.object()));
    }
    Json::Object(properties)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{self, at, report, varied, with};
    use super::super::{Report, Rule};
    use super::{located, text};
    use crate::finding::{Finding, Level};
    use serde_json::{Value as Json, json};
    use std::collections::BTreeSet;

    fn write(report: &Report<'_>) -> String {
        tests::text(report, super::write)
    }

    fn log(findings: &[Finding]) -> Json {
        serde_json::from_str(&report(findings, write)).unwrap()
    }

    #[test]
    fn every_result_names_its_rule_and_stands_somewhere() {
        let found = varied();
        let log = log(&found);
        assert_eq!(log["version"], "2.1.0");
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
        assert_eq!(ids.len(), rules.len(), "no rule stands twice");
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), found.len());
        for result in results {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
            let physical = &result["locations"][0]["physicalLocation"];
            let uri = physical["artifactLocation"]["uri"].as_str().unwrap();
            let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%:".contains(&byte);
            assert!(!uri.is_empty() && uri.bytes().all(legal), "{uri}");
            assert!(physical["region"]["startLine"].as_u64().unwrap() >= 1);
        }
        for rule in rules {
            assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
        }
    }

    #[test]
    fn a_place_is_a_relative_uri_and_its_line() {
        let finding =
            at(Finding::new("csp", "CSP004", Level::Error, "./X", "no"), "./a b/ü:1.xml", Some(7));
        let log = log(&[finding]);
        let physical = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        let artifact = json!({"uri": "a%20b/%C3%BC%3A1.xml", "uriBaseId": "%SRCROOT%"});
        assert_eq!(physical["artifactLocation"], artifact);
        assert_eq!(physical["region"], json!({"startLine": 7}));
        assert_eq!(located("/a/b.xml"), Some(json!({"uri": "file:///a/b.xml"})));
        assert_eq!(located("-"), None);
    }

    #[test]
    fn what_stands_in_no_file_stands_at_its_instance() {
        let log = log(&[Finding::new("kms", "a", Level::Error, "windows", "no").within("kms 01")]);
        let place = &log["runs"][0]["results"][0]["locations"][0];
        let artifact = json!({"uri": "kms/kms%2001", "uriBaseId": "ESTATE"});
        assert_eq!(place["physicalLocation"]["artifactLocation"], artifact);
        assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "kms/kms 01/windows");
    }

    #[test]
    fn a_fingerprint_outlives_a_moved_line_and_another_message() {
        let print = |line, message: &str, object: &str| {
            let finding = Finding::new("csp", "CSP004", Level::Error, object, message);
            let log = log(&[at(finding, "p.xml", Some(line))]);
            log["runs"][0]["results"][0]["partialFingerprints"]["licctlFinding/v1"].clone()
        };
        assert_eq!(print(7, "27 days left", "./X"), print(9, "26 days left", "./X"));
        assert_ne!(print(7, "27 days left", "./X"), print(7, "27 days left", "./Y"));
    }

    #[test]
    fn equal_findings_have_fingerprints_of_their_own() {
        let log = log(&varied());
        let results = log["runs"][0]["results"].as_array().unwrap();
        let prints: BTreeSet<&str> = results
            .iter()
            .map(|result| {
                result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()
            })
            .collect();
        assert_eq!(prints.len(), results.len());
    }

    #[test]
    fn a_message_of_imported_text_has_no_placeholder_no_link_and_no_control_character() {
        assert_eq!(text("{0} [x](https://x)\u{1b}"), "{{0}} [x] (https://x)\\u{{1b}}");
    }

    #[test]
    fn a_rule_is_described_by_its_row_or_by_its_own_words() {
        let found = [
            Finding::new("csp", "CSP004", Level::Warning, "./X", "no"),
            Finding::new("kms", "threshold.will-fall", Level::Info, "x", "no")
                .remedy("add clients"),
        ];
        let rows = [Rule { class: "CSP004", finding: "The verb is wrong.", remedy: "use another" }];
        let log: Json = serde_json::from_str(&with(&found, &[], &rows, write)).unwrap();
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        assert_eq!(rules[0]["shortDescription"]["text"], "The verb is wrong.");
        assert_eq!(rules[0]["help"]["text"], "Remedy: use another");
        assert_eq!(rules[0]["defaultConfiguration"]["level"], "warning");
        assert_eq!(rules[1]["shortDescription"]["text"], "kms threshold will fall");
        assert_eq!(rules[1]["help"]["text"], "Remedy: add clients");
    }
}
