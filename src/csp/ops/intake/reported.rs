//! What an artefact reports of a device beside its state: failures, alerts, enrolments, managed addresses. Nothing of it is stored; the
//! import prints it.

use crate::csp::catalog::codes;
use crate::csp::catalog::enumerations;
use crate::csp::import::facts::{
    Enrollment, Facts, ReportedAlert, ReportedCode, ReportedError, is_licensing,
};
use crate::error::Complaints;
use serde_json::{Map, Value as Json, json};

/// What the devices of one file report.
#[derive(Default)]
pub(super) struct Reported {
    errors: List,
    alerts: List,
    enrollments: List,
    managed: List,
    /// The first failure of this API in words, and how many there were.
    first: Option<String>,
    failures: u64,
}

/// The first thousand, and how many more there were.
#[derive(Default)]
struct List {
    kept: Vec<Json>,
    more: u64,
}

impl List {
    fn push(&mut self, make: impl FnOnce() -> Json) {
        if self.kept.len() < Complaints::KEPT {
            self.kept.push(make());
        } else {
            self.more += 1;
        }
    }
}

impl Reported {
    pub(super) fn take(&mut self, device: &str, facts: &Facts) {
        for failure in &facts.errors {
            if is_licensing(&failure.loc_uri) {
                self.first.get_or_insert_with(|| sentence(device, failure));
                self.failures += 1;
            }
            self.errors.push(|| error(device, failure));
        }
        for sent in &facts.alerts {
            self.alerts.push(|| alert(device, sent));
        }
        for enrolled in &facts.enrollments {
            self.enrollments.push(|| enrollment(device, enrolled));
        }
        for address in &facts.managed {
            self.managed.push(|| json!({"device": device, "LocURI": address}));
        }
    }

    /// The first failure of this API in words, and how many there are beside it; `None` when none is reported. Those of other
    /// providers stand in the detail alone.
    pub(super) fn warning(&self) -> Option<String> {
        let first = self.first.as_deref()?;
        Some(match self.failures {
            1 => first.to_owned(),
            count => format!("{first}; {} more stand in `-o json`", count - 1),
        })
    }

    /// The members of `detail`; those that hold nothing are left out.
    pub(super) fn detail(self) -> Map<String, Json> {
        let mut detail = Map::new();
        for (name, more_name, list) in [
            ("errors", "moreErrors", self.errors),
            ("alerts", "moreAlerts", self.alerts),
            ("enrollments", "moreEnrollments", self.enrollments),
            ("managed", "moreManaged", self.managed),
        ] {
            if list.more > 0 {
                detail.insert(more_name.to_owned(), Json::from(list.more));
            }
            if !list.kept.is_empty() {
                detail.insert(name.to_owned(), Json::from(list.kept));
            }
        }
        detail
    }
}

/// Status and HRESULT, as far as they are told.
fn numbers(error: &ReportedError) -> (Option<u16>, Option<u32>) {
    match error.code {
        ReportedCode::Status(status) => (Some(status), error.original),
        ReportedCode::Hresult(code) => (None, Some(code)),
    }
}

fn error(device: &str, error: &ReportedError) -> Json {
    let (status, hresult) = numbers(error);
    let code = match error.code {
        ReportedCode::Status(status) => codes::status(status),
        ReportedCode::Hresult(code) => codes::hresult(code),
    };
    json!({
        "device": device,
        "LocURI": error.loc_uri,
        "licensing": is_licensing(&error.loc_uri),
        "Cmd": error.command,
        "component": error.component,
        "Status": status,
        "intune": status.map(|status| format!("0x{:08X}", codes::intune(status))),
        "hresult": hresult.map(|code| format!("0x{code:08X}")),
        "symbol": code.map(|code| code.symbol),
        "meaning": code.map(|code| code.meaning),
        "time": error.time,
        "place": error.place.to_string(),
    })
}

/// `` `PC-01` reports 405 Command not allowed (Intune 0x87D10195) for `…/ChangeProductKey` ``.
fn sentence(device: &str, error: &ReportedError) -> String {
    let code = match error.code {
        ReportedCode::Status(status) => {
            let words = codes::status(status).map_or("", |code| code.symbol);
            format!("{status} {words} (Intune 0x{:08X})", codes::intune(status))
        }
        ReportedCode::Hresult(code) => enumerations::error(code),
    };
    format!("`{device}` reports {code} for `{}`", error.loc_uri)
}

fn alert(device: &str, alert: &ReportedAlert) -> Json {
    let row = alert.code.parse().ok().and_then(enumerations::alert_numbered);
    json!({
        "device": device,
        "code": alert.code,
        "name": row.map(|row| row.named.name),
        "Type": alert.kind,
        "place": alert.place.to_string(),
    })
}

fn enrollment(device: &str, enrollment: &Enrollment) -> Json {
    json!({
        "device": device,
        "EnrollmentId": enrollment.id,
        "MDMServerName": enrollment.server,
        "ServerLastSuccessTime": enrollment.last_success.map(|at| at.to_string()),
        "ServerLastFailureTime": enrollment.last_failure.map(|at| at.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Place;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.errors.push(ReportedError {
            loc_uri: "./Vendor/MSFT/WindowsLicensing/ChangeProductKey".to_owned(),
            code: ReportedCode::Status(405),
            ..ReportedError::default()
        });
        facts.alerts.push(ReportedAlert {
            code: "1201".to_owned(),
            kind: String::new(),
            place: Place::Line(3),
        });
        facts.managed.push("./Vendor/MSFT/WindowsLicensing/SMode/SwitchingPolicy".to_owned());
        facts.enrollments.push(Enrollment { id: "A".to_owned(), ..Enrollment::default() });
        facts
    }

    #[test]
    fn what_an_artefact_reports_is_shown_decoded() {
        let mut reported = Reported::default();
        reported.take("PC-01", &facts());
        assert_eq!(
            reported.warning().as_deref(),
            Some(
                "`PC-01` reports 405 Command not allowed (Intune 0x87D10195) for \
                 `./Vendor/MSFT/WindowsLicensing/ChangeProductKey`"
            )
        );
        let detail = reported.detail();
        assert_eq!(detail["errors"][0]["intune"], "0x87D10195");
        assert_eq!(detail["errors"][0]["licensing"], true);
        assert_eq!(detail["alerts"][0]["name"], "CLIENT-INITIATED MGMT");
        assert_eq!(detail["enrollments"][0]["EnrollmentId"], "A");
        assert_eq!(detail["managed"][0]["device"], "PC-01");
    }

    #[test]
    fn of_many_the_first_thousand_are_kept_and_the_rest_is_counted() {
        let mut reported = Reported::default();
        let one = facts();
        (0..1_001).for_each(|_| reported.take("PC-01", &one));
        assert!(reported.warning().unwrap().ends_with("; 1000 more stand in `-o json`"));
        let detail = reported.detail();
        assert_eq!(detail["errors"].as_array().map(Vec::len), Some(1_000));
        assert_eq!(detail["moreErrors"], 1);
    }

    #[test]
    fn failures_of_other_providers_are_listed_and_not_warned_of() {
        let mut facts = Facts::default();
        facts.errors.push(ReportedError {
            loc_uri: "./Vendor/MSFT/Policy/Config/Update/PauseUpdates".to_owned(),
            code: ReportedCode::Status(404),
            ..ReportedError::default()
        });
        let mut reported = Reported::default();
        reported.take("PC-01", &facts);
        assert_eq!(reported.warning(), None);
        assert_eq!(reported.detail()["errors"][0]["licensing"], false);
    }

    #[test]
    fn what_reports_nothing_adds_nothing() {
        let mut reported = Reported::default();
        reported.take("PC-01", &Facts::default());
        assert_eq!(reported.warning(), None);
        assert!(reported.detail().is_empty());
    }
}
