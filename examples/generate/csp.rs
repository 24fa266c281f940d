//! The devices of `managed.rs` as files: what an administrator saves from Graph, from PowerShell, and from single devices.

use crate::calendar::{DAY, HOUR};
use crate::cim::{self, Class, Found, Members};
use crate::contoso::{File, file, laid_out};
use crate::element::{Element, text};
use crate::encoding::utf16;
use crate::estate::NOW;
use crate::graph;
use crate::json::{Shell, Value};
use crate::managed::{Device, FAILED_LICENSING, PRO, WINDOWS_10};
use crate::stream;
use crate::syncml::{self, Answer, ROOT, absent, number, words};
use std::io;

/// A device whose stream a viewer saved, amid an upgrade.
const STREAMED: &str = "NB-017";
/// A device that was asked on the spot, through `ApplyLocalManagementSyncML` and through the MDM bridge.
const ASKED: &str = "NB-012";
/// A device that waits for its restart.
const WAITING: &str = "LT-0021";
/// A device whose list of CSPs is older than its Windows.
const BEHIND: &str = "NB-031";
/// A device of which somebody kept the diagnostics.
const DIAGNOSED: &str = "NB-023";
/// A panel of the plant that no inventory has.
const UNMANAGED: &str = "PL-07";

/// All files of the devices; their paths lie below the folder of the estate.
pub(crate) fn files(devices: &[Device]) -> io::Result<Vec<File>> {
    let of = |name: &str| device(devices, name);
    let mut files = vec![
        file("csp/managedDevices.json", graph::page(devices).into_bytes()),
        file("csp/bridge.json", utf16(&laid_out(&bridge(devices)?, Shell::Windows))),
        file(
            &format!("csp/{STREAMED}/SyncMLStream-{STREAMED}-03-30-26_16-24-41.xml"),
            stream::write(of(STREAMED)?, &versions("1.4")).into_bytes(),
        ),
        file(
            &format!("csp/{ASKED}/response.xml"),
            syncml::local_response(&subscribed(of(ASKED)?)).into_bytes(),
        ),
        file(
            &format!("csp/{ASKED}/subscriptions.json"),
            utf16(&laid_out(&subscription(of(ASKED)?), Shell::Windows)),
        ),
        file(
            &format!("csp/{WAITING}/licensing.json"),
            utf16(&laid_out(
                &licensing(of(WAITING)?, Found::Here(WAITING), PENDING),
                Shell::Windows,
            )),
        ),
        file(&format!("csp/{BEHIND}/CSPVersions.xml"), versions("1.3").into_bytes()),
        file(&format!("csp/{DIAGNOSED}/MDMDiagReport.xml"), diagnostics(of(DIAGNOSED)?).into()),
        file(
            &format!("csp/{UNMANAGED}/os.json"),
            utf16(&laid_out(&operating_system(UNMANAGED), Shell::Windows)),
        ),
    ];
    for (name, state) in &TABLETS {
        let answers = tablet(of(name)?, state);
        let path = format!("csp/{name}/response.xml");
        files.push(file(&path, syncml::response(of(name)?, &answers).into_bytes()));
    }
    Ok(files)
}

/// Puts the numbers of the devices into the text that lies beside the files.
pub(crate) fn told(devices: &[Device], text: &str) -> String {
    let windows = devices.iter().filter(|device| device.is_windows()).count();
    text.replace("{rows}", &devices.len().to_string())
        .replace("{windows}", &windows.to_string())
        .replace("{others}", &(devices.len() - windows).to_string())
        .replace("{unlucky}", &FAILED_LICENSING.to_string())
}

fn device<'d>(devices: &'d [Device], name: &str) -> io::Result<&'d Device> {
    let found = devices.iter().find(|device| device.name == name);
    found.ok_or_else(|| io::Error::other(format!("there is no device {name}")))
}

/// Values of `Status`: how the latest edition upgrade went.
const FAILED: i64 = 0;
const PENDING: i64 = 1;
const COMPLETED: i64 = 3;
const NONE: i64 = 4;

static LICENSING: Class = Class {
    namespace: "root/cimv2/mdm/dmmap",
    name: "MDM_WindowsLicensing",
    methods: "UpgradeEditionWithProductKeyMethod ChangeProductKeyMethod CheckApplicabilityMethod UpgradeEditionWithLicenseMethod",
};

/// The class of the MDM bridge: what the node Edition and its neighbours say.
fn licensing(device: &Device, found: Found<'_>, status: i64) -> Value {
    let members: Members = vec![
        ("Edition", Value::Number(device.sku())),
        ("InstanceID", Value::from("WindowsLicensing")),
        ("LicenseKeyType", Value::from("ProductKey")),
        ("ParentID", Value::from("./Vendor/MSFT")),
        ("Status", Value::Number(status)),
    ];
    cim::instance(members, &LICENSING, found)
}

/// Four desktops that were asked in one go after an upgrade by key.
fn bridge(devices: &[Device]) -> io::Result<Value> {
    let asked =
        [("WS-0011", FAILED), ("WS-0012", COMPLETED), ("WS-0013", COMPLETED), ("WS-0014", NONE)];
    let rows: io::Result<Vec<Value>> = asked
        .into_iter()
        .map(|(name, status)| Ok(licensing(device(devices, name)?, Found::Across(name), status)))
        .collect();
    Ok(Value::List(rows?))
}

/// The one subscription of a device.
fn subscription(device: &Device) -> Value {
    let class = Class { name: "MDM_WindowsLicensing_Subscriptions01_01", methods: "", ..LICENSING };
    let members = vec![
        ("InstanceID", Value::from("CONTOSO-E3")),
        ("Name", Value::from("Windows Enterprise for Contoso")),
        ("ParentID", Value::Text(format!("{ROOT}/Subscriptions"))),
        ("Status", Value::Number(1)),
    ];
    Value::List(vec![cim::instance(members, &class, Found::Here(&device.name))])
}

/// `Win32_OperatingSystem` of a panel of the plant: Windows 10 Pro.
fn operating_system(name: &str) -> Value {
    let class = Class {
        namespace: "root/cimv2",
        name: "Win32_OperatingSystem",
        methods: "Reboot Shutdown Win32Shutdown SetDateTime",
    };
    let build = WINDOWS_10.split('.').nth(2).unwrap_or_default();
    let text = Value::from;
    let members = vec![
        ("BuildNumber", text(build)),
        ("BuildType", text("Multiprocessor Free")),
        ("Caption", text("Microsoft Windows 10 Pro")),
        ("CSName", text(name)),
        ("InstallDate", Value::Time(NOW.minus(811 * DAY + 5 * HOUR))),
        ("LastBootUpTime", Value::Time(NOW.minus(37 * DAY + 9 * HOUR))),
        ("LocalDateTime", Value::Time(NOW)),
        ("Locale", text("0409")),
        ("Manufacturer", text("Microsoft Corporation")),
        ("OperatingSystemSKU", Value::Number(PRO.sku)),
        ("OSArchitecture", text("64-bit")),
        ("OSProductSuite", Value::Number(256)),
        ("OSType", Value::Number(18)),
        ("ProductType", Value::Number(1)),
        ("Status", text("OK")),
        ("SystemDirectory", text("C:\\Windows\\system32")),
        ("Version", Value::Text(format!("10.0.{build}"))),
    ];
    cim::instance(members, &class, Found::Here(name))
}

/// A device whose subscription came.
fn subscribed(device: &Device) -> Vec<Answer> {
    vec![
        number("Edition", device.sku()),
        number("Status", NONE),
        absent("SMode/Status"),
        number("DeviceLicensingService/LicenseType", 1),
        number("DeviceLicensingService/DeviceLicensingStatus", 9),
        words("./DevDetail/SwV", device.version),
        words("./DevInfo/DevId", &device.dev_id()),
    ]
}

/// S mode of a tablet.
struct Switching {
    /// Whether it is still in S mode.
    mode: u8,
    /// `SMode/Status` and `SMode/SwitchingPolicy`; `None` where the node is not there.
    status: Option<u8>,
    policy: Option<u8>,
}

const fn switching(mode: u8, status: Option<u8>, policy: Option<u8>) -> Switching {
    Switching { mode, status, policy }
}

/// One in each state: untouched, locked, under way, failed, unlocked, switched.
static TABLETS: [(&str, Switching); 6] = [
    ("TB-01", switching(1, None, None)),
    ("TB-02", switching(1, None, Some(1))),
    ("TB-03", switching(1, Some(1), None)),
    ("TB-04", switching(1, Some(4), Some(1))),
    ("TB-05", switching(1, None, Some(0))),
    ("TB-06", switching(0, Some(0), None)),
];

fn tablet(device: &Device, state: &Switching) -> Vec<Answer> {
    let node = |name: &str, value: Option<u8>| match value {
        Some(value) => number(name, value),
        None => absent(name),
    };
    vec![
        number("Edition", device.sku()),
        number("Status", NONE),
        words(&format!("{ROOT}/LicenseKeyType"), "ProductKey"),
        node("SMode/Status", state.status),
        node("SMode/SwitchingPolicy", state.policy),
        words("./Vendor/MSFT/DeviceStatus/OS/Mode", &state.mode.to_string()),
        words("./DevDetail/SwV", device.version),
    ]
}

/// The text of `CSPVersions`, of which a device has some eighty lines.
fn versions(licensing: &str) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <DeviceManageability Version=\"com.microsoft/1.1/MDM/DeviceManageability\">\n  \
         <Capabilities>\n    <CSPVersions>\n"
        .to_owned();
    for (node, version) in [
        ("./DevDetail", "1.2"),
        ("./DevInfo", "1.1"),
        ("./Device/Vendor/MSFT/BitLocker", "5.0"),
        ("./Device/Vendor/MSFT/Policy", "10.0"),
        ("./Device/Vendor/MSFT/WindowsLicensing", licensing),
        ("./User/Vendor/MSFT/Policy", "10.0"),
        ("./Vendor/MSFT/DMClient", "1.5"),
        ("./Vendor/MSFT/DeviceManageability", "2.0"),
        ("./Vendor/MSFT/DeviceStatus", "1.5"),
        ("./Vendor/MSFT/Reboot", "1.0"),
        ("./Vendor/MSFT/WindowsLicensing", licensing),
    ] {
        let line = ["      <CSP Node=\"", node, "\" Version=\"", version, "\"></CSP>\n"];
        text.extend(line);
    }
    text.push_str("    </CSPVersions>\n  </Capabilities>\n</DeviceManageability>\n");
    text
}

/// `MDMDiagReport.xml`: two addresses of this API that a profile manages, and what failed there; one stranger failed, too.
fn diagnostics(device: &Device) -> String {
    use Element::Group;
    let [id, _, _] = device.ids;
    let resource = |address: &str| text("ResourceName", address);
    let resources = Group(
        "Resources",
        vec![
            text("Type", "default"),
            resource("./Vendor/MSFT/BitLocker/RequireDeviceEncryption"),
            resource("1"),
            resource(&format!("{ROOT}/ChangeProductKey")),
            resource(&format!("{ROOT}/DeviceLicensingService/LicenseType")),
        ],
    );
    let scope = Group("Scope", vec![text("ResourceTarget", "device"), resources]);
    let times = vec![
        text("ServerLastSuccessTime", "20260330T160243Z"),
        text("ServerLastFailureTime", "20260327T070118Z"),
    ];
    let protected =
        vec![text("MDMServerName", "Contoso MDM"), Group("ConnectionInformation", times)];
    let enrolment = vec![text("EnrollmentId", id), Group("ProtectedInformation", protected)];
    let failure = |error: i64, address: &str, time: &str| {
        let parts = vec![
            text("Name", "CSP"),
            text("Error", error),
            text("Metadata1", "CmdType_Set"),
            text("Metadata2", address),
            text("Time", time),
        ];
        Group("ErrorLog", vec![text("Component", "ConfigManager"), Group("SubComponent", parts)])
    };
    let report = Group(
        "MDMEnterpriseDiagnosticsReport",
        vec![
            text("Version", "1.0"),
            Group("DeviceManagementAccount", vec![Group("Enrollment", enrolment)]),
            Group("Resources", vec![Group("Enrollment", vec![text("EnrollmentID", id), scope])]),
            Group(
                "Diagnostics",
                vec![
                    // CFGMGR_E_COMMANDNOTALLOWED: only Exec reaches the node.
                    failure(
                        NOT_ALLOWED,
                        &format!("{ROOT}/ChangeProductKey"),
                        "2026-03-27 07:01:17.884",
                    ),
                    // ERROR_NO_SUCH_DEVICE.
                    failure(
                        NO_DEVICE,
                        "./Vendor/MSFT/BitLocker/RequireDeviceEncryption",
                        "2026-03-27 07:01:18.102",
                    ),
                ],
            ),
        ],
    );
    let mut out = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n".to_owned();
    report.indented(0, "\r\n", &mut out);
    out
}

/// 0x86000011 and 0x800701B1, signed as the report writes them.
const NOT_ALLOWED: i64 = -2_046_820_335;
const NO_DEVICE: i64 = -2_147_024_463;
