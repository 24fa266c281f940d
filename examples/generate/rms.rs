//! The License Managers of Contoso as files: answers of queries, listings of lsmon, a usage log, groups of reserved tokens.
//!
//! Three of them: `lic01` (design, whose CAD seats are all taken), `lic02` (calculation: a redundant pool, check-outs, a trial), `lic03` (an
//! old manager of the plant, of which nobody has anything but a listing).

use crate::calendar::{DAY, HOUR, MINUTE, Moment, SECOND};
use crate::contoso::{File, file};
use crate::encoding::{utf16, windows1252};
use crate::estate::NOW;
use std::fmt::Write as _;

/// License version 20, as `licenseVersion` encodes it.
const V20: i64 = 156_237_824;
/// "Unlimited" from that version on.
const UNLIMITED: i64 = 4_294_967_294;

/// A license.
struct License {
    feature: &'static str,
    version: &'static str,
    hash: u64,
    seats: i64,
    soft: i64,
    /// 0 additive, 1 exclusive, 2 aggregate.
    combining: i64,
    /// Seconds since 1970; 0: never.
    ends: i64,
    active: bool,
    /// Elements that other licenses leave at their defaults.
    further: &'static [(&'static str, &'static str)],
}

fn seconds(at: Moment) -> i64 {
    at.0 / 1000
}

/// The last second of the day so many days from now.
fn ends(days: i64) -> i64 {
    seconds(NOW.plus(days * DAY)) + 86_399
}

const fn license(feature: &'static str, version: &'static str, hash: u64, seats: i64) -> License {
    License {
        feature,
        version,
        hash,
        seats,
        soft: UNLIMITED,
        combining: 2,
        ends: 0,
        active: true,
        further: &[],
    }
}

/// Design: one feature is all taken, one ends soon, one license is shadowed by an exclusive one.
fn design() -> Vec<License> {
    vec![
        License { soft: 7, ends: ends(270), ..license("CAD", "7.0", 0xC0DE_0001_1A2B_3C4D, 8) },
        License { ends: ends(11), ..license("CAD", "7.0", 0xC0DE_0002_1A2B_3C4D, 4) },
        License {
            combining: 1,
            active: false,
            ..license("RENDER", "3.1", 0xC0DE_0003_1A2B_3C4D, 20)
        },
        License { combining: 1, ..license("RENDER", "3.1", 0xC0DE_0004_1A2B_3C4D, 5) },
        License {
            ends: ends(-9),
            active: false,
            combining: 0,
            ..license("VIEWER", "", 0xC0DE_0005_1A2B_3C4D, 50)
        },
    ]
}

/// Calculation: a pool of three with the majority rule, seats that may be checked out, a trial.
fn calculation() -> Vec<License> {
    vec![
        License {
            further: &[("isRedundant", "1"), ("majorityRule", "1"), ("numServers", "3")],
            ends: ends(200),
            ..license("FLOW", "12", 0xC0DE_0011_1A2B_3C4D, 16)
        },
        License {
            further: &[
                ("isCommuter", "1"),
                ("commuterMaxCheckoutDays", "30"),
                ("commutedKeys", "2"),
                ("commuterKeysLeft", "4"),
            ],
            ends: ends(90),
            ..license("MESH", "5.2", 0xC0DE_0012_1A2B_3C4D, 6)
        },
        License {
            further: &[
                ("licType", "1"),
                ("trialDays", "30"),
                ("trialDaysLeft", "6"),
                ("trialCurrentStatus", "1"),
                ("licensePrecedence", "1"),
            ],
            combining: 0,
            ends: ends(120),
            ..license("OPTIM", "1.0", 0xC0DE_0013_1A2B_3C4D, 2)
        },
    ]
}

/// An answer to licenseInfo, as a looping script writes one behind the other.
fn answer(license: &License, encoding: &str) -> String {
    let License { feature, version, hash, seats, soft, combining, ends, active, further } = license;
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<sentinelInfo>\n<feature>\n<featureName>{feature}</featureName>\n\
         <featureVersion>{version}</featureVersion>\n<numLicenses>{seats}</numLicenses>\n<softNumLicenses>{soft}</softNumLicenses>\n\
         <isAdditive>{combining}</isAdditive>\n<licenseVersion>{V20}</licenseVersion>\n<licenseHash>{hash:016X}</licenseHash>\n\
         <licenseState>{}</licenseState>\n<birthTime>{}</birthTime>\n<deathTime>{ends}</deathTime>\n",
        u8::from(*active),
        seconds(NOW.minus(300 * DAY)),
    );
    for (name, value) in *further {
        let _ = writeln!(text, "<{name}>{value}</{name}>");
    }
    text.push_str("</feature>\n</sentinelInfo>\n");
    text
}

/// Who holds the seats of CAD: all twelve.
static DRAWING: [(&str, &str); 12] = [
    ("amueller", "WS-0011"),
    ("bfischer", "WS-0012"),
    ("cweber", "WS-0013"),
    ("dschulz", "WS-0014"),
    ("ebecker", "WS-0015"),
    ("fhoffmann", "WS-0016"),
    ("gkoch", "WS-0017"),
    ("hrichter", "WS-0018"),
    ("iklein", "WS-0019"),
    ("jwolf", "WS-0020"),
    ("kneumann", "WS-0021"),
    ("lbraun", "WS-0022"),
];

/// A date as `asctime` writes it, in the local time of the design site: two hours ahead of UTC in summer.
fn local(at: Moment) -> String {
    let shifted = at.plus(2 * HOUR);
    let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let iso = shifted.precise();
    let part = |from: usize, to: usize| iso.get(from..to).unwrap_or_default();
    let days = seconds(shifted).div_euclid(86_400);
    let day = usize::try_from((days + 4).rem_euclid(7)).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().unwrap_or(1) - 1;
    format!(
        "{} {} {} {} {}",
        weekday.get(day).unwrap_or(&"Sun"),
        months.get(month).unwrap_or(&"Jan"),
        part(8, 10),
        part(11, 19),
        part(0, 4)
    )
}

fn line(text: &mut String, indent: &str, label: &str, value: &str) {
    let _ = write!(text, "{indent}|- {label:<31}: {value}\r\n");
}

/// The listing of design, as Windows PowerShell saved it.
fn listing() -> String {
    let mut text = String::from(
        "  Sentinel RMS Development Kit 9.5.0.0057 Application Monitor\r\n\r\n \
         [Contacting Sentinel RMS Development Kit server on host \"lic01\"]\r\n\r\n |- Feature Information\r\n",
    );
    line(&mut text, "   ", "Feature name", "\"CAD\"  \t");
    line(&mut text, "   ", "Feature version", "\"7.0\"");
    line(&mut text, "   ", "License Version", "0x09500000");
    line(&mut text, "   ", "Maximum concurrent user(s)", "12");
    line(&mut text, "   ", "Unreserved tokens in use", "12");
    line(&mut text, "   ", "Available unreserved", "0");
    for cad in design().iter().filter(|license| license.feature == "CAD") {
        text.push_str("\r\n   |- License Information\r\n");
        line(&mut text, "     ", "License Hash", &format!("{:016X}", cad.hash));
        line(&mut text, "     ", "License status", "Active");
        line(&mut text, "     ", "License Version", "0x09500000");
        line(&mut text, "     ", "Maximum concurrent user(s)", &cad.seats.to_string());
    }
    for (number, (user, host)) in (0_i64..).zip(DRAWING) {
        text.push_str("\r\n   |- Client Information\r\n");
        line(&mut text, "     ", "User name", user);
        line(&mut text, "     ", "Host name", host);
        line(&mut text, "     ", "Group name", "DefaultGrp");
        let since = local(NOW.minus(9 * HOUR + number * 7 * MINUTE));
        line(&mut text, "     ", "Status", &format!("Running since {since} "));
        line(&mut text, "     ", "Is commuter token", "NO");
    }
    text.push_str("\r\nPress Enter to continue . . .\r\n");
    text
}

/// The usage log of design: the last day, with requests that were refused.
fn log() -> String {
    let start = NOW.minus(14 * HOUR);
    let mut text = format!(
        "# Startup Sentinel RMS License Manager v9.50 {}  {} svc 140 4294480000\n",
        local(start),
        seconds(start)
    );
    let mut record = |at: Moment, transaction: u8, in_use: usize, life: i64, who: (&str, &str)| {
        let (user, host) = who;
        let _ = writeln!(
            text,
            "2 0 MTI1 {} {} CAD v7.0 {transaction} {in_use} {life} {user} {host} 9.5.0 1 -",
            local(at),
            seconds(at)
        );
    };
    for (number, who) in DRAWING.iter().enumerate().rev() {
        let ago = i64::try_from(number).unwrap_or_default() * 7 * MINUTE;
        record(NOW.minus(9 * HOUR + ago), 0, DRAWING.len() - number, 0, *who);
    }
    for (number, host) in (1_i64..).zip(["WS-0031", "WS-0032", "WS-0031", "WS-0031"]) {
        record(
            NOW.minus(6 * HOUR).plus(number * 11 * MINUTE + 3 * SECOND),
            1,
            12,
            0,
            ("mzimmer", host),
        );
    }
    text
}

/// The listing of an old manager, from an old console: no bullets, two pairs on a line, letters of Windows-1252.
const OLD: &str = "License type                  : \"Normal License.\"\r\n\
Commuter License Allowed      : NO\r\n\
Feature name                  : \"PLANT\"           Feature version : \"\"\r\n\
Max concurrent user(s)        : 6\r\n\
Unreserved keys in use        : 2     Available unreserved        : 4\r\n\
Soft limit on users           : Unlimited.\r\n\
License start date            : Thu Jan  1 00:00:00 2015\r\n\
Expiration date               : License has no expiration.\r\n\
App-server locking            : Unlocked license.\r\n\
Additive/exclusive            : Additive license (number of keys will be added).\r\n\
Key lifetime (heartbeat)      : 300 secs (5 min(s))\r\n\
Users:\r\n\
User name                     : Jürgen\r\n\
Host name                     : PL-03\r\n\
Status                        : Running since Mon Mar 30 06:12:00 2026\r\n\
User name                     : René\r\n\
Host name                     : PL-07\r\n\
Status                        : Running since Mon Mar 30 13:40:00 2026\r\n";

/// All files of the License Managers; their paths lie below the folder of the estate.
pub(crate) fn files() -> Vec<File> {
    let answers = |licenses: &[License], encoding: &str| -> String {
        licenses.iter().map(|license| answer(license, encoding)).collect()
    };
    let reserved =
        "CAD,7.0:design:4:amueller bfischer cweber\nCAD,7.0:visitors:0:!$WS-0099 guest\n";
    vec![
        file(
            "rms/lic01/answers.xml",
            format!("{}status = 210010\n", answers(&design(), "UTF-8")).into_bytes(),
        ),
        file("rms/lic01/lsmon.txt", utf16(&listing())),
        file("rms/lic01/lservsta", log().into_bytes()),
        file("rms/lic01/lsreserv", reserved.as_bytes().to_vec()),
        file("rms/lic02/answers.xml", utf16(&answers(&calculation(), "UTF-16"))),
        file("rms/lic03/lsmon.txt", windows1252(OLD)),
    ]
}
