//! Reports of the MDM client.

use super::{KIND, read};
use crate::artefact::{Fit, LONGEST, Sample};
use crate::csp::import::Options;
use crate::csp::import::facts::{MOST_REPORTED, ReportedCode, ReportedError};
use crate::csp::import::testing::{Seen, cut_everywhere, decoded, seen, utf16};
use crate::error::Place;

fn seen_with(options: &Options, bytes: &[u8]) -> Seen {
    seen(|notes, each| read(&mut decoded(bytes), options, notes, each))
}

fn seen_in(text: &str) -> Seen {
    seen_with(&Options::default(), text.as_bytes())
}

/// A report with these resources and log entries.
fn report(resources: &str, log: &str) -> String {
    format!(
        "<MDMEnterpriseDiagnosticsReport>
  <Version>1.0</Version>
  <DeviceManagementAccount>
    <Enrollment>
      <EnrollmentId>{ENROLLMENT}</EnrollmentId>
      <ProtectedInformation>
        <MDMServerName>mdm.example.test</MDMServerName>
        <ConnectionInformation>
          <ServerLastSuccessTime>20250309T070512Z</ServerLastSuccessTime>
          <ServerLastFailureTime></ServerLastFailureTime>
        </ConnectionInformation>
      </ProtectedInformation>
    </Enrollment>
  </DeviceManagementAccount>
  <Resources>
    <Enrollment>
      <EnrollmentID>{ENROLLMENT}</EnrollmentID>
      <Scope>
        <ResourceTarget>device</ResourceTarget>
        <Resources>
          <Type>default</Type>
{resources}        </Resources>
      </Scope>
    </Enrollment>
  </Resources>
  <Diagnostics>
{log}  </Diagnostics>
</MDMEnterpriseDiagnosticsReport>
"
    )
}

const ENROLLMENT: &str = "9F2C0D5A-0000-4000-8000-000000000001";
const POLICY: &str = "./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy";

fn resource(name: &str) -> String {
    format!("          <ResourceName>{name}</ResourceName>\n")
}

fn entry(error: &str, address: &str) -> String {
    format!(
        "    <ErrorLog>
      <Component>ConfigurationManager</Component>
      <SubComponent>
        <Name>Command</Name>
        <Error>{error}</Error>
        <Metadata1>CmdType_Set</Metadata1>
        <Metadata2>{address}</Metadata2>
        <Time>2025-03-09 08:05:12.441</Time>
      </SubComponent>
    </ErrorLog>
"
    )
}

#[test]
fn addresses_of_this_api_are_managed_and_others_passed_over() {
    let upper = "./Device/Vendor/MSFT/WindowsLicensing/DeviceLicensingService/LicenseType";
    let names = ["1", "./Vendor/MSFT/Policy/Config/x", POLICY, "", upper, POLICY, "./DevInfo"];
    let resources: String = names.iter().map(|name| resource(name)).collect();
    let said = seen_in(&report(&resources, ""));
    assert_eq!(said.only().managed, [POLICY, upper]);
    assert_eq!(said.only().device, None);
    assert_eq!(said.devices[0].0, Place::Line(1));
}

#[test]
fn the_enrolment_is_told_with_its_last_success() {
    let said = seen_in(&report("", ""));
    let enrollments = &said.only().enrollments;
    assert_eq!(enrollments.len(), 1);
    assert_eq!(
        (enrollments[0].id.as_str(), enrollments[0].server.as_str()),
        (ENROLLMENT, "mdm.example.test")
    );
    assert_eq!(enrollments[0].last_success.unwrap().to_string(), "2025-03-09T07:05:12Z");
    assert_eq!(enrollments[0].last_failure, None);
    let said = seen_in(&report("", "").replace("20250309T070512Z", "yesterday"));
    let message = "line 9: `ServerLastSuccessTime` is `yesterday`; allowed is `20250309T070512Z`";
    assert_eq!(said.complaints, [message]);
}

#[test]
fn errors_of_the_log_are_hresults_in_signed_decimals() {
    let log = entry("-2147024463", POLICY) + &entry("-2046820335", "./Vendor/MSFT/Policy/x");
    let said = seen_in(&report("", &log));
    let errors = &said.only().errors;
    let expected = ReportedError {
        loc_uri: POLICY.to_owned(),
        code: ReportedCode::Hresult(0x8007_01B1),
        original: None,
        command: "CmdType_Set".to_owned(),
        component: "ConfigurationManager/Command".to_owned(),
        time: "2025-03-09 08:05:12.441".to_owned(),
        at: None,
        place: Place::Line(31),
    };
    assert_eq!(errors[0], expected);
    assert_eq!(errors[1].code, ReportedCode::Hresult(0x8600_0011));
    let zone = Some(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
    let said = seen_with(&Options { zone }, report("", &log).as_bytes());
    assert_eq!(said.only().errors[0].at.unwrap().to_string(), "2025-03-09T07:05:12.441Z");
}

#[test]
fn one_log_may_hold_several_entries_and_successes_are_none() {
    let one = entry("-2147024463", POLICY);
    let inner = one.replace("    <ErrorLog>\n", "").replace("    </ErrorLog>\n", "");
    let inner = inner.replace("      <Component>ConfigurationManager</Component>\n", "");
    let several = one.replace("    </ErrorLog>\n", &format!("{inner}    </ErrorLog>\n"));
    let log = several
        + &entry("0", POLICY)
        + &entry("2147942405", "").replace("<Name>Command</Name>", "");
    let said = seen_in(&report("", &log));
    let told: Vec<(&str, ReportedCode)> =
        said.only().errors.iter().map(|error| (error.component.as_str(), error.code)).collect();
    let first = ("ConfigurationManager/Command", ReportedCode::Hresult(0x8007_01B1));
    assert_eq!(told, [first, first, ("ConfigurationManager", ReportedCode::Hresult(0x8007_0005))]);
}

#[test]
fn an_error_that_is_no_hresult_is_told_with_its_line_and_the_others_are_read() {
    for wrong in ["", "soon", "0x80070005", "-2147483649", "4294967296"] {
        let log = entry("5", POLICY) + &entry(wrong, POLICY) + &entry("-5", POLICY);
        let said = seen_in(&report("", &log));
        let message = format!("line 41: `Error` is `{wrong}`; allowed is an HRESULT, as a decimal");
        assert_eq!(said.complaints, [message]);
        assert_eq!(said.devices[0].1.errors.len(), 2);
    }
}

#[test]
fn elements_of_the_same_names_elsewhere_are_not_read() {
    let log = entry("-5", POLICY);
    let elsewhere = format!("<PolicyManager>{}{}</PolicyManager>", resource(POLICY), log);
    let text = report("", "")
        .replace("<Diagnostics>", &format!("{elsewhere}<Diagnostics><Error>x</Error>"));
    let said = seen_in(&text);
    assert!(said.only().managed.is_empty() && said.only().errors.is_empty());
}

#[test]
fn a_report_of_another_version_is_read_and_warned_of() {
    let said = seen_in(&report(&resource(POLICY), "").replace(">1.0<", ">2.0<"));
    assert_eq!(said.only().managed, [POLICY]);
    assert_eq!(said.warnings, ["unknown-version the report has version `2.0`, not `1.0`"]);
}

#[test]
fn a_report_in_utf_16_reads_the_same() {
    let text = report(&resource(POLICY), &entry("-5", POLICY));
    let declared = format!("\u{feff}<?xml version=\"1.0\" encoding=\"utf-16\"?>\n{text}");
    let plain = seen_in(&text).devices.remove(0).1;
    let mut other = seen_with(&Options::default(), &utf16(declared.trim_start_matches('\u{feff}')));
    other.devices[0].1.errors[0].place = plain.errors[0].place;
    assert_eq!(other.only(), &plain);
}

#[test]
fn no_more_is_kept_than_a_report_can_mean() {
    let many: String =
        (0..=MOST_REPORTED).map(|number| resource(&format!("{POLICY}{number}"))).collect();
    let log = entry("-5", POLICY).repeat(MOST_REPORTED + 5);
    let text = report(&many, &log);
    let said = seen(|notes, each| read(&mut text.as_bytes(), &Options::default(), notes, each));
    assert_eq!(
        (said.only().managed.len(), said.only().errors.len()),
        (MOST_REPORTED, MOST_REPORTED)
    );
    assert_eq!(
        said.warnings,
        [
            "too-many more than 10000 managed addresses; the rest is left out",
            "too-many more than 10000 errors; the rest is left out",
        ]
    );
}

#[test]
fn what_is_no_report_is_refused() {
    let complaints = |text: &str| {
        let said = seen(|notes, each| read(&mut text.as_bytes(), &Options::default(), notes, each));
        assert!(said.devices.is_empty(), "{said:?}");
        said.complaints
    };
    assert_eq!(
        complaints("<SyncML/>"),
        ["line 1: the root is no `MDMEnterpriseDiagnosticsReport`"]
    );
    assert_eq!(complaints(""), ["the file holds no element"]);
    let twice = report("", "") + &report("", "");
    assert_eq!(complaints(&twice), ["line 29: a second report, and neither names its device"]);
    let bomb = format!("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>{}", report("", ""));
    assert_eq!(complaints(&bomb).len(), 1);
    assert_eq!(
        complaints(&format!("<MDMEnterpriseDiagnosticsReport>{}", "<a>".repeat(100_000))).len(),
        1
    );
    let long = report(&resource(&format!("{POLICY}{}", "x".repeat(10_000))), "");
    let said = seen_in(&long);
    assert_eq!(said.complaints, ["line 22: `ResourceName` is longer than 4096 characters"]);
    let endless = report("", &entry(&"1".repeat(3 * LONGEST), ""));
    let said = seen(|notes, each| read(&mut endless.as_bytes(), &Options::default(), notes, each));
    assert!(said.complaints.iter().all(|message| message.len() < 300), "{said:?}");
}

#[test]
fn no_product_key_comes_through() {
    let key = "AAAAA-BBBBB-CCCCC-DDDDD-EDU01";
    let text = report(&resource(&format!("{POLICY}/{key}")), &(entry("-5", key) + &entry(key, "")));
    let text = text.replace("CmdType_Set", key).replace("mdm.example.test", key);
    let said = seen_in(&text);
    assert_eq!(said.complaints.len(), 1);
    assert!(!format!("{said:?}").contains("BBBBB"), "{said:?}");
}

#[test]
fn a_report_that_is_cut_is_refused() {
    let text = report(&resource(POLICY), &entry("-5", POLICY));
    cut_everywhere(text.trim_end().as_bytes(), &|part, notes, each| {
        read(&mut decoded(part), &Options::default(), notes, each)
    });
}

#[test]
fn a_report_is_known_by_its_root() {
    let fit = |text: &str| (KIND.sniff)(&Sample { name: "x", bytes: text.as_bytes(), text });
    assert_eq!(fit(&report("", "")), Fit::Yes(9));
    assert_eq!(fit("<?xml version=\"1.0\"?>\r\n<MDMEnterpriseDiagnosticsReport>"), Fit::Yes(9));
    assert_eq!(fit("<SyncML><MDMEnterpriseDiagnosticsReport/></SyncML>"), Fit::No);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_the_reader_panic(inner in "\\PC{0,80}|(</?(Diagnostics|ErrorLog|SubComponent|Error|Resources|ResourceName|Enrollment|Time)>|[-0-9]{0,3}){0,30}") {
        seen_in(&inner);
        seen_in(&format!("<MDMEnterpriseDiagnosticsReport>{inner}</MDMEnterpriseDiagnosticsReport>"));
    }
}
