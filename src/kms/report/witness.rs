//! What clients logged of their own requests (event 12288), held against the logs of the hosts (event 12290).
//!
//! Both events repeat the fields of one request. The clock of the client, to the minute, tells which two speak of the same one: it is
//! the only time that both logs took from the request itself. Nothing of one log is taken over into the other.
//!
//! Return codes are not compared: a client may learn from the answer alone, which is another event, that it was refused.

use super::{Coverage, Period, label};
use crate::clock::Timestamp;
use crate::finding::{Finding, Level};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// What both logs say of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Name of the client: of the computer that wrote the log, or as the host logged it.
    pub client: String,
    /// `LicenseStatus` in front of the request.
    pub status: u8,
    /// Minutes to the end of that state.
    pub minutes: u32,
    pub virtual_machine: bool,
    /// `RequiredClientCount`; hosts in the cloud leave it out of the client's event.
    pub required: Option<u32>,
}

/// A request: who, for what, and the minute that the client's clock showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Asked {
    pub cmid: Uuid,
    pub activation: Uuid,
    /// Minutes since 1970.
    pub minute: i64,
}

/// A request as the client logged it.
#[derive(Debug)]
struct Sent {
    told: Told,
    time: Timestamp,
    /// Name of the host that was asked, without its port.
    target: String,
    /// Whether the host was reached.
    reached: bool,
    /// A host whose log holds the request, and in what it differs.
    found: Option<(String, Option<&'static str>)>,
}

/// The accumulator: first what the clients logged, then what the hosts did.
#[derive(Debug, Default)]
pub struct Witness {
    sent: HashMap<Asked, Vec<Sent>>,
}

/// What one client's log and that of one host do not agree on.
#[derive(Debug, Default)]
struct Disagreement {
    requests: u64,
    since: Option<Timestamp>,
    /// In what the earliest of them differ; `None` for requests that the host's log does not hold.
    differs: Option<&'static str>,
}

impl Witness {
    /// Takes an event 12288.
    ///
    /// - `target`: `server:port` as logged; `reached`: whether its return code is 0.
    pub fn sent(
        &mut self,
        asked: Asked,
        told: Told,
        time: Timestamp,
        (target, reached): (&str, bool),
    ) {
        let target = target.rsplit_once(':').map_or(target, |(name, _)| name).to_owned();
        let sent = Sent { told, time, target, reached, found: None };
        self.sent.entry(asked).or_default().push(sent);
    }

    /// Whether no client's log has a request.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// Takes an event 12290 of a host.
    pub fn logged(&mut self, asked: Asked, told: &Told, host: &str) {
        let Some(sent) = self.sent.get_mut(&asked) else { return };
        // A client may ask twice within a minute: the one that says the same comes first.
        let open =
            |sent: &&mut Sent| sent.found.as_ref().is_none_or(|(_, differs)| differs.is_some());
        let same =
            sent.iter_mut().filter(open).min_by_key(|sent| sent.told.differs(told).is_some());
        if let Some(sent) = same {
            let differs = sent.told.differs(told);
            if differs.is_none() || sent.found.is_none() {
                sent.found = Some((host.to_owned(), differs));
            }
        }
    }

    /// The findings, one for each client and host.
    ///
    /// - `covered`: the hosts whose logs were imported, and from when to when. A request is missed in those alone.
    #[must_use]
    pub fn finish(self, covered: &[Coverage], period: Period) -> Vec<Finding> {
        let mut all: BTreeMap<(String, String, bool), Disagreement> = BTreeMap::new();
        for sent in self.sent.into_values().flatten() {
            if !period.holds(sent.time) {
                continue;
            }
            let (host, differs) = match sent.found {
                Some((_, None)) => continue,
                Some((host, differs)) => (host, differs),
                None => match missed_by(&sent, covered) {
                    Some(host) => (host.to_owned(), None),
                    None => continue,
                },
            };
            let one = all.entry((sent.told.client, host, differs.is_some())).or_default();
            one.requests += 1;
            if one.since.is_none_or(|since| sent.time < since) {
                (one.since, one.differs) = (Some(sent.time), differs);
            }
        }
        all.iter().map(|((client, host, _), one)| one.finding(client, host)).collect()
    }
}

/// The host that was asked, when its log covers the time and yet does not hold the request.
fn missed_by<'c>(sent: &Sent, covered: &'c [Coverage]) -> Option<&'c str> {
    let asked = label(&sent.target).filter(|_| sent.reached)?;
    let host = covered.iter().find(|host| label(&host.host).as_ref() == Some(&asked))?;
    (host.first..=host.last).contains(&sent.time).then_some(host.host.as_str())
}

impl Told {
    /// The first field in which two logs differ.
    fn differs(&self, other: &Self) -> Option<&'static str> {
        let (mine, theirs) = (label(&self.client), label(&other.client));
        if theirs.is_some() && mine.is_some() && mine != theirs {
            Some("ClientName")
        } else if self.virtual_machine != other.virtual_machine {
            Some("IsVirtualMachine")
        } else if self.status != other.status {
            Some("LicenseStatus")
        } else if self.minutes != other.minutes {
            Some("GracePeriodRemaining")
        } else if self.required.is_some()
            && other.required.is_some()
            && self.required != other.required
        {
            Some("RequiredClientCount")
        } else {
            None
        }
    }
}

impl Disagreement {
    fn finding(&self, client: &str, host: &str) -> Finding {
        let requests = self.requests;
        let (plural, them) = if requests == 1 { ("", "it") } else { ("s", "them") };
        let (message, remedy) = match self.differs {
            Some(property) => (
                format!(
                    "the log of `{client}` tells {requests} request{plural} otherwise than that of `{host}`: {property} differs"
                ),
                match property {
                    "ClientName" => {
                        "two machines share the CMID: prepare the image anew with `sysprep /generalize`"
                    }
                    _ => {
                        "one of the two logs was changed: export both anew, the client's and the host's"
                    }
                },
            ),
            None => (
                format!(
                    "the log of `{client}` tells {requests} request{plural} to `{host}`, whose log covers that time and does not hold {them}"
                ),
                "look for gaps in the host's log with `licctl kms event coverage`, and for another machine that answers under its name",
            ),
        };
        let finding = Finding::new("kms", "evidence.two-logs", Level::Warning, client, message)
            .within(host)
            .with("requests", requests)
            .since(self.since)
            .remedy(remedy);
        self.differs.map_or(finding.clone(), |property| finding.with("property", property))
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Told, Witness};
    use crate::clock::{Span, Timestamp};
    use crate::finding::Finding;
    use crate::kms::report::{Coverage, Period};
    use uuid::Uuid;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn told(client: &str) -> Told {
        let client = client.to_owned();
        Told { client, status: 2, minutes: 43_000, virtual_machine: false, required: Some(25) }
    }

    const ASKED: Asked =
        Asked { cmid: Uuid::from_u128(1), activation: Uuid::from_u128(2), minute: 29_000_000 };

    /// The findings when `pc-1` logged a request at 10:00 and the host what is given; its log covers the day.
    fn found(target: (&str, bool), logged: &[(Asked, Told)]) -> Vec<Finding> {
        let mut witness = Witness::default();
        witness.sent(ASKED, told("pc-1.corp.example"), at("2026-03-10T10:00:00Z"), target);
        for (asked, told) in logged {
            witness.logged(*asked, told, "kms01");
        }
        let (first, last) = (at("2026-03-10T00:00:00Z"), at("2026-03-11T00:00:00Z"));
        let covered = [Coverage { host: "kms01".to_owned(), first, last, rows: 9 }];
        witness.finish(&covered, Period::ending(at("2026-03-31T00:00:00Z"), Span::days(30)))
    }

    const HOST: (&str, bool) = ("kms01.corp.example:1688", true);

    #[test]
    fn two_logs_that_tell_the_same_are_no_finding() {
        assert_eq!(found(HOST, &[(ASKED, told("PC-1"))]), []);
        let unnamed = Told { required: None, ..told("") };
        assert_eq!(found(HOST, &[(ASKED, unnamed)]), [], "a name that was not logged says nothing");
    }

    #[test]
    fn a_request_that_the_two_logs_tell_otherwise_is_reported_with_what_differs() {
        for (logged, property) in [
            (told("pc-2"), "ClientName"),
            (Told { virtual_machine: true, ..told("pc-1") }, "IsVirtualMachine"),
            (Told { status: 5, ..told("pc-1") }, "LicenseStatus"),
            (Told { minutes: 1, ..told("pc-1") }, "GracePeriodRemaining"),
            (Told { required: Some(5), ..told("pc-1") }, "RequiredClientCount"),
        ] {
            let findings = found(HOST, &[(ASKED, logged)]);
            assert_eq!(findings.len(), 1, "{property}");
            assert_eq!(findings[0].detail.text("property"), Some(property));
            assert_eq!(findings[0].since, Some(at("2026-03-10T10:00:00Z")));
        }
    }

    #[test]
    fn of_two_requests_of_one_minute_the_one_that_says_the_same_is_meant() {
        let other = Told { status: 5, ..told("pc-1") };
        for logged in [[told("pc-1"), other.clone()], [other, told("pc-1")]] {
            assert_eq!(found(HOST, &logged.map(|told| (ASKED, told))), []);
        }
    }

    #[test]
    fn a_request_that_the_log_of_its_host_should_hold_is_missed() {
        let later = Asked { minute: ASKED.minute + 1, ..ASKED };
        for logged in [&[][..], &[(later, told("pc-1"))]] {
            let findings = found(HOST, logged);
            assert_eq!(findings.len(), 1);
            assert!(findings[0].message.ends_with("does not hold it"), "{findings:?}");
        }
        for target in [("kms02:1688", true), ("kms01:1688", false), ("", true)] {
            assert_eq!(found(target, &[]), [], "{target:?}: nobody knows what that log would hold");
        }
    }
}
