//! What CI and monitoring read: whole commands in every form, with statuses, files and policies.

use crate::support::{User, csv_log};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value as Json;
use std::collections::BTreeSet;

const FORMS: [&str; 5] = ["junit", "sarif", "github", "openmetrics", "nagios"];

/// A policy that makes everything a note.
const MILD: &str = "[[severity]]\nclass = \"*\"\nlevel = \"info\"\n";

/// A user with a small log, of which the threshold of 25 clients is an error.
fn estate() -> User {
    let user = User::new();
    let log = user.write("log.csv", csv_log(0, 5));
    user.ok(&["import", log.to_str().unwrap(), "--instance", "kms01"]);
    user
}

/// Elements and attributes of well-formed XML: `testcase.name=…`.
fn parsed(text: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut found, mut depth) = (Vec::new(), 0);
    loop {
        let event = reader.read_event().unwrap();
        match &event {
            Event::Start(start) | Event::Empty(start) => {
                let name: String = start.name().as_ref().into();
                found.push(name.clone());
                for attribute in start.attributes() {
                    let attribute = attribute.unwrap();
                    let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
                    found.push(format!("{name}.{}={value}", attribute.key.as_ref()));
                }
            }
            _ => {}
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "every element is closed");
    found
}

/// What SARIF 2.1.0 says must be: the shape of log, run, rule, result, and that indices and levels mean something.
fn is_sarif(text: &str) -> Json {
    let log: Json = serde_json::from_str(text).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    let run = &runs[0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(run["tool"]["driver"]["name"], "licctl");
    for rule in rules {
        assert!(!rule["id"].as_str().unwrap().is_empty());
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty());
    }
    let mut prints = BTreeSet::new();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        let base = place["artifactLocation"].get("uriBaseId").and_then(Json::as_str);
        assert!(base.is_none_or(|base| run["originalUriBaseIds"].get(base).is_some()));
        for print in result["partialFingerprints"].as_object().unwrap().values() {
            prints.insert(print.as_str().unwrap().to_owned());
        }
    }
    assert_eq!(prints.len(), run["results"].as_array().unwrap().len(), "fingerprints differ");
    log
}

#[test]
fn every_form_tells_of_an_estate_and_two_runs_give_the_same_bytes() {
    let user = estate();
    let of = |form: &str| {
        let answer = user.run(&["check", "--as", form]);
        assert_eq!(user.run(&["check", "--as", form]).out, answer.out, "{form}");
        answer
    };
    let junit = of("junit");
    assert_eq!(junit.status, 1, "{}", junit.err);
    let elements = parsed(&junit.out);
    assert!(elements.contains(&"testsuite.name=kms".to_owned()), "{elements:?}");
    assert!(elements.contains(&"testsuite.name=csp".to_owned()), "also what has no findings");
    assert!(
        elements.iter().any(|element| element.starts_with("testcase.classname=kms.threshold."))
    );
    assert!(elements.contains(&"failure.type=error".to_owned()));
    let log = is_sarif(&of("sarif").out);
    let place = &log["runs"][0]["results"][0]["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "kms/kms01");
    assert!(of("github").out.starts_with("::error title=kms.threshold."));
    let metrics = of("openmetrics");
    assert_eq!(metrics.status, 1, "the status is that of every check");
    assert!(
        metrics.out.contains("\nlicctl_domain_findings{domain=\"csp\",severity=\"error\"} 0\n")
    );
    assert!(metrics.out.ends_with("\n# EOF\n"));
    let nagios = of("nagios");
    assert_eq!(nagios.status, 2);
    assert!(nagios.out.starts_with("LICCTL CRITICAL - "), "{}", nagios.out);
    assert_eq!(nagios.err, "");
}

#[test]
fn monitoring_gets_its_own_statuses_whatever_happens() {
    let user = estate();
    user.write("mild.toml", MILD);
    user.write("warn.toml", MILD.replace("info", "warning"));
    user.write("bad.toml", "nothing = 1\n");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["--policy", "mild.toml"], 0, "LICCTL OK - 0 errors, 0 warnings, "),
        (&["--policy", "warn.toml"], 1, "LICCTL WARNING - 0 errors, "),
        (&[], 2, "LICCTL CRITICAL - "),
        (&["--policy", "bad.toml"], 3, "LICCTL UNKNOWN - bad.toml: line 1: a policy has no key "),
        (&["--policy", "none.toml"], 3, "LICCTL UNKNOWN - opening none.toml: "),
        (&["--instance", "kms02"], 3, "LICCTL UNKNOWN - no domain has an instance `kms02`"),
        (&["--fail-on", "info"], 3, "LICCTL UNKNOWN - `--as nagios` has levels of its own"),
        (&["--bogus"], 3, "LICCTL UNKNOWN - unexpected argument '--bogus' found"),
        (&["--tz", "Nowhere/At-All"], 3, "LICCTL UNKNOWN - "),
    ];
    for (words, status, begins) in cases {
        let words: Vec<&str> = ["check", "--as", "nagios"].iter().chain(*words).copied().collect();
        let answer = user.run(&words);
        assert_eq!(answer.status, *status, "{words:?}: {}", answer.out);
        assert!(answer.out.starts_with(begins), "{words:?}: {}", answer.out);
    }
    let answer = User::new().run(&["check", "--as=nagios"]);
    assert_eq!((answer.status, answer.out.as_str()), (3, "LICCTL UNKNOWN - the store is empty\n"));
    assert_eq!(user.run(&["check", "--as", "nagios", "--help"]).status, 0);
}

#[test]
fn what_was_imported_cannot_speak_in_any_form() {
    let user = User::new();
    let wicked = "::error::x <b>&amp;|]]> {0} [l](https://x) %0A \u{1b}[31m\u{202e}";
    let log = csv_log(0, 3).replace("pc-00001.corp.example", wicked);
    let log = user.write("log.csv", log);
    let arguments = ["import", log.to_str().unwrap(), "--instance", "<kms\u{1b}|01>::warning::,%"];
    user.ok(&arguments);
    for form in FORMS {
        let answer = user.run(&["check", "--as", form, "--fail-on", "info"]);
        let answer = if form == "nagios" { user.run(&["check", "--as", form]) } else { answer };
        assert!(!answer.out.is_empty(), "{form}: {}", answer.err);
        let quiet = |letter: char| !letter.is_control() || letter == '\n';
        assert!(answer.out.chars().all(quiet), "{form}: {}", answer.out);
        // The properties of SARIF are data: there the names stand as they are.
        assert!(form == "sarif" || !answer.out.contains('\u{202e}'), "{form}");
        match form {
            "junit" => assert!(parsed(&answer.out).len() > 5),
            "sarif" => {
                let log = is_sarif(&answer.out);
                for result in log["runs"][0]["results"].as_array().unwrap() {
                    let text = result["message"]["text"].as_str().unwrap();
                    assert!(
                        !text.contains(['\u{202e}', '\u{1b}']) && !text.contains("]("),
                        "{text}"
                    );
                }
            }
            "github" => {
                for line in answer.out.lines().filter(|line| line.starts_with("::")) {
                    let kind = line.split(' ').next().unwrap();
                    assert!(["::error", "::warning", "::notice"].contains(&kind), "{line}");
                    let properties = line.split("::").nth(1).unwrap();
                    assert!(!properties.contains("warning::"), "{line}");
                }
            }
            "nagios" => assert_eq!(answer.out.matches('|').count(), 1, "{}", answer.out),
            _ => assert!(answer.out.contains("instance=\"<kms\\\\u{1b}|01>::warning::,%\"")),
        }
    }
}

#[test]
fn no_form_of_the_linter_shows_a_key() {
    let user = User::new();
    let key = regex::Regex::new("([A-Z0-9]{5}-){4}[A-Z0-9]{5}").unwrap();
    let profiles = "examples/contoso-profiles/broken";
    let read = std::fs::read_to_string(user.path(profiles).join("custom-keys.json")).unwrap();
    assert!(key.is_match(&read), "there is a key to hide");
    for form in ["junit", "sarif", "github"] {
        let answer = user.run(&["csp", "lint", profiles, "--as", form]);
        assert!([1, 3].contains(&answer.status), "{form}: {}", answer.err);
        assert!(answer.out.contains("CSP0"), "{form}: {}", answer.out);
        assert!(!key.is_match(&answer.out), "{form}: {}", answer.out);
    }
}

#[test]
fn a_lint_in_sarif_has_the_lines_of_the_files_and_the_rules_of_the_linter() {
    let user = User::new();
    let profile = "{\"@odata.type\":\"#microsoft.graph.windows10CustomConfiguration\",\"displayName\":\"L\",\"omaSettings\":[\n\
        {\"@odata.type\":\"#microsoft.graph.omaSettingString\",\"displayName\":\"K\",\"omaUri\":\"./Device/Vendor/MSFT/WindowsLicensing/ChangeProductKey\",\"value\":\"x\"}]}\n";
    user.write("my profiles/p.json", profile);
    let answer = user.run(&["csp", "lint", "my profiles", "--as", "sarif"]);
    assert_eq!(answer.status, 1, "{}", answer.err);
    let log = is_sarif(&answer.out);
    let run = &log["runs"][0];
    assert_eq!(run["automationDetails"]["id"], "licctl-csp-lint/");
    let results = run["results"].as_array().unwrap();
    let verb = results.iter().find(|result| result["ruleId"] == "csp.CSP004").unwrap();
    let place = &verb["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "my%20profiles/p.json");
    assert_eq!(place["region"]["startLine"], 2);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let rule = rules.iter().find(|rule| rule["id"] == "csp.CSP004").unwrap();
    assert!(rule["shortDescription"]["text"].as_str().unwrap().contains("AccessType"));
}

#[test]
fn a_file_that_is_no_document_is_reported_and_ends_with_3() {
    let user = User::new();
    user.write("p.xml", "<SyncML><SyncBody>");
    let answer = user.run(&["csp", "lint", "p.xml", "--as", "github"]);
    assert_eq!(answer.status, 3, "{}", answer.err);
    assert!(answer.out.contains("title=csp.CSP001::"), "{}", answer.out);
    assert!(answer.err.starts_with("artefact: p.xml"), "{}", answer.err);
}

#[test]
fn a_report_is_written_whole_to_a_file_and_a_dry_run_writes_none() {
    let user = estate();
    let words = ["check", "--as", "openmetrics", "--into", "licctl.prom"];
    let answer = user.run(&["--dry-run", words[0], words[1], words[2], words[3], words[4]]);
    assert_eq!(answer.status, 1, "{}", answer.err);
    assert!(!user.path("licctl.prom").exists());
    let answer = user.run(&words);
    assert_eq!((answer.status, answer.out.as_str()), (1, ""), "{}", answer.err);
    assert!(answer.err.starts_with("wrote licctl.prom\n"), "{}", answer.err);
    let written = std::fs::read_to_string(user.path("licctl.prom")).unwrap();
    assert!(written.ends_with("# EOF\n"));
    assert_eq!(user.run(&["check", "--as", "openmetrics", "--into", "-"]).out, written);
}

#[test]
fn the_level_is_that_of_the_flag_then_of_the_policy_then_error() {
    let user = estate();
    user.write("mild.toml", MILD);
    user.write("strict.toml", format!("fail-on = \"info\"\n{MILD}"));
    let status = |words: &[&str]| {
        let words: Vec<&str> = ["check", "--quiet"].iter().chain(words).copied().collect();
        user.run(&words).status
    };
    assert_eq!(status(&[]), 1);
    assert_eq!(status(&["--policy", "mild.toml"]), 0);
    assert_eq!(status(&["--policy", "mild.toml", "--fail-on", "info"]), 1);
    assert_eq!(status(&["--policy", "strict.toml"]), 1);
    assert_eq!(status(&["--policy", "strict.toml", "--fail-on", "warning"]), 0);
}

#[test]
fn waivers_take_out_run_out_and_are_missed_when_they_match_nothing() {
    let user = estate();
    let waiver = |class: &str, expires: &str| {
        format!("[[waiver]]\nclass = \"{class}\"\nreason = \"known\"\nexpires = {expires}\n")
    };
    let classes = |policy: String, words: &[&str]| {
        user.write("p.toml", policy);
        let words: Vec<&str> =
            ["check", "--policy", "p.toml", "-o", "json"].iter().chain(words).copied().collect();
        let answer = user.run(&words);
        let document: Json = serde_json::from_str(&answer.out).unwrap();
        let items = document["items"].as_array().unwrap();
        let found = items.iter().filter(|item| item["domain"] == "policy");
        let found = found.map(|item| item["class"].as_str().unwrap().to_owned()).collect();
        let found: Vec<String> = found;
        (answer.status, found, items.len())
    };
    assert_eq!(classes(waiver("kms.*", "2026-03-31"), &[]), (0, vec![], 0));
    let (status, found, _) = classes(waiver("kms.*", "2026-03-30"), &[]);
    assert_eq!((status, found), (1, vec!["waiver.expired".to_owned()]));
    let (_, found, _) = classes(waiver("nothing.*", "2027-01-01"), &[]);
    assert_eq!(found, ["waiver.unused"]);
    let (_, found, _) = classes(waiver("csp.*", "2027-01-01"), &["--domain", "kms"]);
    assert_eq!(found, Vec::<String>::new(), "what is not looked at is not missed");
    let words = ["check", "--policy", "p.toml", "--verbose"];
    user.write("p.toml", waiver("kms.threshold.*", "2026-03-31"));
    let answer = user.run(&words);
    assert!(answer.err.contains(" waived by the policy\n"), "{}", answer.err);
    assert!(answer.err.contains(": waived until 2026-03-31: known\n"), "{}", answer.err);
    let junit = user.run(&["check", "--policy", "p.toml", "--as", "junit"]).out;
    assert!(parsed(&junit).contains(&"skipped.message=waived until 2026-03-31: known".to_owned()));
}

#[test]
fn a_policy_that_is_wrong_is_told_whole_before_anything_is_checked() {
    let user = estate();
    user.write("p.toml", "[[waivers]]\n\n[[waiver]]\nclass = \"a\"\nexpires = \"soon\"\n");
    let answer = user.run(&["check", "--policy", "p.toml", "-o", "json"]);
    assert_eq!((answer.status, answer.out.as_str()), (3, ""));
    let error: Json = serde_json::from_str(&answer.err).unwrap();
    let complaints = error["error"]["complaints"].as_array().unwrap();
    let lines: Vec<_> = complaints.iter().map(|one| one["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [1, 3, 5], "{complaints:?}");
    assert!(complaints.iter().all(|one| one["file"] == "p.toml"));
    assert_eq!(user.run(&["check", "--policy", "none.toml"]).status, 4);
    let utf16 = user.write("u.toml", crate::support::utf16(MILD));
    assert_eq!(user.run(&["check", "--policy", utf16.to_str().unwrap()]).status, 0);
}

#[test]
fn options_that_do_not_go_together_are_wrong_usage() {
    let user = estate();
    let cases: &[&[&str]] = &[
        &["check", "--as", "junit", "--limit", "1"],
        &["check", "--as", "junit", "--filter", "domain=kms"],
        &["check", "--as", "sarif", "--jq", "."],
        &["check", "--into", "x"],
        &["check", "--as", "xml"],
        &["csp", "lint", "examples/contoso-profiles/deployable", "--as", "nagios"],
        &["csp", "lint", "examples/contoso-profiles/deployable", "--as", "openmetrics"],
    ];
    for words in cases {
        let answer = user.run(words);
        assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{words:?}: {}", answer.err);
    }
}

#[test]
fn on_github_the_page_of_the_step_gets_every_finding_below_what_stands_there() {
    let user = estate();
    let page = user.write("summary.md", "# built\n");
    let words = ["check", "--as", "github"];
    let mut command = user.licctl(&words);
    assert_eq!(command.env("GITHUB_STEP_SUMMARY", &page).status().unwrap().code(), Some(1));
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.starts_with("# built\n### licctl check: "), "{text}");
    assert!(text.contains("| error | `kms.threshold."), "{text}");
}
