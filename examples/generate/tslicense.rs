//! The Remote Desktop license servers of Contoso as files, and any number of issued licenses for the benches.
//!
//! Three servers: `ls01` (Windows Server 2016, over-used) and `ls02` (2019) are to be migrated to `ls03` (2022), which is empty. 1,700
//! devices and 1,300 accounts hold licenses of them; three session hosts ask them.

use crate::calendar::{DAY, HOUR, MINUTE, Moment};
use crate::contoso::{File, file, laid_out};
use crate::encoding::utf16;
use crate::estate::{NOW, qualified};
use crate::json::{Shell, Value};
use crate::random::{Random, mix};
use std::fmt::Write as _;
use std::io::{self, Write};

/// "No limit", and the ends that stand for "never" in packs that were bought and in pools.
const UNLIMITED: i64 = 4_294_967_295;
const BOUGHT: Moment = Moment(2_145_916_800_000);
const POOL: Moment = Moment(2_147_483_647_000);
const BUILT_IN: Moment = Moment(2_082_754_800_000);

/// A key pack as WMI shows it.
struct Pack {
    id: i64,
    /// Product code, version in words and as a number.
    code: &'static str,
    version: (&'static str, i64),
    kind: i64,
    product: i64,
    model: &'static str,
    total: i64,
    issued: i64,
    ends: Moment,
}

const V2016: (&str, i64) = ("Windows Server 2016", 5);
const V2019: (&str, i64) = ("Windows Server 2019", 6);
const DEVICE: &str = "RDS Per Device CAL";

/// The pool that every server has.
static FIRST: Pack = Pack {
    id: 2,
    code: "A02-5.00-EX",
    version: ("Windows 2000 Server", 0),
    kind: 6,
    product: 3,
    model: "Built-in TS Per Device CAL",
    total: UNLIMITED,
    issued: 0,
    ends: BUILT_IN,
};

/// A license server.
struct Server {
    label: &'static str,
    product_id: &'static str,
    version: (&'static str, &'static str),
    packs: &'static [&'static Pack],
}

/// Per user over-used; per device with an old pack that no newer host takes.
static LS01: Server = Server {
    label: "ls01",
    product_id: "00377-60000-00001-AT561",
    version: ("Windows Server 2016", "10.0.14393"),
    packs: &[
        &FIRST,
        &Pack {
            id: 3,
            code: "C50-10.00-S",
            version: V2016,
            kind: 5,
            product: 1,
            model: "RDS Per User CAL",
            total: 1_000,
            issued: 1_057,
            ends: BOUGHT,
        },
        &Pack {
            id: 4,
            code: "A02-10.00-S",
            version: V2016,
            kind: 2,
            product: 0,
            model: DEVICE,
            total: 1_200,
            issued: 1_100,
            ends: BOUGHT,
        },
        &Pack {
            id: 5,
            code: "A02-10.00-S",
            version: V2016,
            kind: 4,
            product: 0,
            model: DEVICE,
            total: UNLIMITED,
            issued: 30,
            ends: POOL,
        },
        &Pack {
            id: 6,
            code: "A02-6.02-S",
            version: ("Windows Server 2012", 4),
            kind: 1,
            product: 0,
            model: DEVICE,
            total: 100,
            issued: 97,
            ends: BOUGHT,
        },
    ],
};

/// Per device nearly used up; a subscription that ends in a month.
static LS02: Server = Server {
    label: "ls02",
    product_id: "00429-60000-00002-AT207",
    version: ("Windows Server 2019", "10.0.17763"),
    packs: &[
        &FIRST,
        &Pack {
            id: 3,
            code: "C50-10.01-S",
            version: V2019,
            kind: 5,
            product: 1,
            model: "RDS Per User CAL",
            total: 250,
            issued: 180,
            ends: BOUGHT,
        },
        &Pack {
            id: 4,
            code: "A02-10.01-S",
            version: V2019,
            kind: 2,
            product: 0,
            model: DEVICE,
            total: 400,
            issued: 394,
            ends: BOUGHT,
        },
        &Pack {
            id: 5,
            code: "A02-10.01-S",
            version: V2019,
            kind: 4,
            product: 0,
            model: DEVICE,
            total: UNLIMITED,
            issued: 24,
            ends: POOL,
        },
        &Pack {
            id: 6,
            code: "A02-10.01-VDIS",
            version: V2019,
            kind: 2,
            product: 6,
            model: "VDI Standard Suite Per Device subscription license",
            total: 50,
            issued: 46,
            // 2026-04-30.
            ends: Moment(1_777_507_200_000),
        },
    ],
};

/// Where both are to go.
static LS03: Server = Server {
    label: "ls03",
    product_id: "00454-60000-00003-AT884",
    version: ("Windows Server 2022", "10.0.20348"),
    packs: &[&FIRST],
};

/// A license that was issued to a device.
struct License {
    pack: i64,
    status: i64,
    issued: Moment,
    ends: Moment,
    computer: String,
    hardware: String,
    user: String,
}

/// All files of the license servers, of the directory and of the session hosts.
pub(crate) fn files() -> Vec<File> {
    let mut random = Random::new(0x7511_CE45);
    let first = first_devices(&mut random);
    let second = second_devices(&mut random);
    vec![
        file("tslicense/ls01/server.json", server_object(&LS01, Shell::Windows)),
        file("tslicense/ls01/keypacks.json", pack_objects(&LS01)),
        file("tslicense/ls01/issued.csv", wmi_table(&LS01, &first).into_bytes()),
        file("tslicense/ls02/server.json", server_object(&LS02, Shell::Core)),
        file("tslicense/ls02/keypacks.txt", agent_section(&LS02).into_bytes()),
        file("tslicense/ls02/issued.csv", german_table(&LS02, &second).into_bytes()),
        file("tslicense/ls03/server.json", server_object(&LS03, Shell::Core)),
        file("tslicense/ls03/keypacks.json", pack_objects(&LS03)),
        file("tslicense/directory.ldif", directory(&mut random).into_bytes()),
        file("tslicense/rdsh01/policy.reg", utf16(&by_policy())),
        file("tslicense/rdsh02/own.reg", utf16(&by_itself())),
        file("tslicense/rdsh03/new.reg", utf16(&not_set_up())),
    ]
}

/// Five numbers of 32 bits: the platform, and the hardware.
fn hardware(random: &mut Random) -> String {
    let mut text = "0x2".to_owned();
    for _ in 0..4 {
        let _ = write!(text, ", 0x{:x}", random.next() & 0xFFFF_FFFF);
    }
    text
}

/// A permanent license of 52 to 89 days with so many left, in days.
fn permanent(pack: i64, number: u64, (from, to): (i64, i64), random: &mut Random) -> License {
    let left = random.between(from * DAY, to * DAY) / MINUTE * MINUTE;
    let ends = NOW.plus(left);
    License {
        pack,
        status: 2,
        issued: ends.minus(random.between(if to > 52 { to } else { 52 }, 89) * DAY),
        ends,
        computer: format!("TD-{number:04}"),
        hardware: hardware(random),
        user: format!("CORP\\u{:04}", number * 7 % 1_300),
    }
}

/// A license of 90 days to a device that has no other.
fn temporary(pack: i64, number: u64, random: &mut Random) -> License {
    let issued = NOW.minus(random.between(1, 80) * DAY + 3 * HOUR);
    let ends = issued.plus(90 * DAY);
    License { status: 1, issued, ends, ..permanent(pack, number, (8, 50), random) }
}

/// 1,236 licenses of ls01: stale ones, devices with two, clones, thin clients that change their ID, revoked ones.
fn first_devices(random: &mut Random) -> Vec<License> {
    let mut found = Vec::new();
    for number in 1..=1_064 {
        // Every twentieth device has not been seen for so long that its license comes back within the week.
        let left = if number % 20 == 0 { (0, 6) } else { (8, 50) };
        found.push(permanent(4, number, left, random));
    }
    // Installed anew: the same name with another hardware ID.
    for number in 101..=124 {
        found.push(permanent(4, number, (8, 50), random));
    }
    // Tablets with the app of the store, whose ID changes from session to session.
    for number in [1_201, 1_201, 1_201, 1_202, 1_202, 1_203] {
        let mut license = permanent(4, number, (8, 50), random);
        license.hardware = license.hardware.replacen("0x2", "ff", 1);
        found.push(license);
    }
    // Clones: the ID of another device under a new name.
    for number in 201..=206 {
        let of = found.iter().find(|known| known.computer == format!("TD-{number:04}"));
        let twin = of.map(|known| known.hardware.clone()).unwrap_or_default();
        let mut license = permanent(4, number + 1_100, (8, 50), random);
        license.hardware = twin;
        found.push(license);
    }
    for number in 1_401..=1_497 {
        found.push(permanent(6, number, (8, 50), random));
    }
    for number in 1_501..=1_530 {
        found.push(temporary(5, number, random));
    }
    for number in 1_601..=1_609 {
        found.push(License { status: 4, ..permanent(4, number, (8, 40), random) });
    }
    found
}

/// 464 licenses of ls02.
fn second_devices(random: &mut Random) -> Vec<License> {
    let mut found = Vec::new();
    for number in 2_001..=2_394 {
        let left = if number % 40 == 0 { (0, 6) } else { (8, 50) };
        found.push(permanent(4, number, left, random));
    }
    for number in 2_401..=2_424 {
        found.push(temporary(5, number, random));
    }
    for number in 2_501..=2_546 {
        found.push(permanent(6, number, (8, 29), random));
    }
    found
}

/// `20260331000000.000000-000`, as `Get-WmiObject` shows a time.
fn wmi(at: Moment) -> String {
    let digits: String = at.iso().chars().filter(char::is_ascii_digit).collect();
    format!("{digits}.000000-000")
}

fn pack_object(server: &Server, pack: &Pack) -> Value {
    let left = if pack.total == UNLIMITED { UNLIMITED } else { (pack.total - pack.issued).max(0) };
    Value::Object(vec![
        ("AccessRights", Value::Number(7)),
        ("AvailableLicenses", Value::Number(left)),
        ("Description", pack.code.into()),
        ("ExpirationDate", Value::Time(pack.ends)),
        ("IssuedLicenses", Value::Number(pack.issued)),
        ("KeyPackId", Value::Number(pack.id)),
        ("KeyPackType", Value::Number(pack.kind)),
        ("ProductType", Value::Number(pack.product)),
        ("ProductVersion", pack.version.0.into()),
        ("ProductVersionID", Value::Number(pack.version.1)),
        ("TotalLicenses", Value::Number(pack.total)),
        ("TypeAndModel", pack.model.into()),
        ("PSComputerName", Value::Text(qualified(server.label))),
    ])
}

/// `Get-CimInstance Win32_TSLicenseKeyPack | ConvertTo-Json`, redirected by Windows PowerShell.
fn pack_objects(server: &Server) -> Vec<u8> {
    let objects = server.packs.iter().map(|pack| pack_object(server, pack)).collect();
    utf16(&laid_out(&Value::List(objects), Shell::Windows))
}

/// `Get-CimInstance Win32_TSLicenseServer | ConvertTo-Json`.
fn server_object(server: &Server, shell: Shell) -> Vec<u8> {
    let text = laid_out(
        &Value::Object(vec![
            ("Address", Value::Null),
            ("City", Value::Null),
            ("Company", "Contoso".into()),
            ("CountryRegion", "Germany".into()),
            ("DatabasePath", r"C:\Windows\system32\lserver".into()),
            ("eMail", Value::Null),
            ("FirstName", "Ann".into()),
            ("LastName", "Example".into()),
            ("OrgUnit", Value::Null),
            ("PostalCode", Value::Null),
            ("ProductId", server.product_id.into()),
            ("ServerRole", Value::Number(1)),
            ("State", Value::Null),
            ("Version", server.version.0.into()),
            ("VersionNumber", server.version.1.into()),
            ("PSComputerName", Value::Text(qualified(server.label))),
        ]),
        shell,
    );
    if shell == Shell::Windows { utf16(&text) } else { text.into_bytes() }
}

/// The section of a Checkmk agent, as its script in `VBScript` prints it: a column is announced that never comes.
fn agent_section(server: &Server) -> String {
    let mut text = format!(
        "<<<check_mk>>>\nVersion: 2.3.0p12\nAgentOS: windows\nHostname: {}\n<<<rds_licenses:sep(44)>>>\n\
         KeyPackId,Description,KeyPackType,ProductType,ProductVersion,ProductVersionID,TotalLicenses,IssuedLicenses,AvailableLicenses,\
         ExpirationDate,TypeAndModel\n",
        qualified(server.label)
    );
    let count = |count: i64| if count == UNLIMITED { -1 } else { count };
    for pack in server.packs {
        let left = if pack.total == UNLIMITED { -1 } else { (pack.total - pack.issued).max(0) };
        let (words, version) = pack.version;
        let _ = writeln!(
            text,
            "{},{},{},{},{words},{version},{},{},{left},{}",
            pack.id,
            pack.code,
            pack.kind,
            pack.product,
            count(pack.total),
            pack.issued,
            wmi(pack.ends)
        );
    }
    text
}

/// `Get-WmiObject Win32_TSIssuedLicense | Select-Object … | Export-Csv -NoTypeInformation`.
fn wmi_table(server: &Server, licenses: &[License]) -> String {
    let mut text = "\"LicenseId\",\"KeyPackId\",\"LicenseStatus\",\"IssueDate\",\"ExpirationDate\",\"sIssuedToComputer\",\
                    \"sIssuedToUser\",\"sHardwareId\",\"PSComputerName\"\r\n"
        .to_owned();
    let server = qualified(server.label);
    for (id, license) in (1..).zip(licenses) {
        let License { pack, status, issued, ends, computer, hardware, user } = license;
        let (issued, ends) = (wmi(*issued), wmi(*ends));
        let _ = write!(
            text,
            "\"{id}\",\"{pack}\",\"{status}\",\"{issued}\",\"{ends}\",\"{computer}\",\"{user}\",\"{hardware}\",\"{server}\"\r\n"
        );
    }
    text
}

/// `Get-CimInstance Win32_TSIssuedLicense | Export-Csv -UseCulture` on a German system whose zone is UTC.
fn german_table(server: &Server, licenses: &[License]) -> String {
    let mut text = "#TYPE Microsoft.Management.Infrastructure.CimInstance#root/cimv2/Win32_TSIssuedLicense\r\n\
                    \"ExpirationDate\";\"IssueDate\";\"KeyPackId\";\"LicenseId\";\"LicenseStatus\";\"sHardwareId\";\
                    \"sIssuedToComputer\";\"sIssuedToUser\";\"PSComputerName\"\r\n"
        .to_owned();
    let server = qualified(server.label);
    for (id, license) in (1..).zip(licenses) {
        let License { pack, status, issued, ends, computer, hardware, user } = license;
        let (issued, ends) = (issued.german(), ends.german());
        let _ = write!(
            text,
            "\"{ends}\";\"{issued}\";\"{pack}\";\"{id}\";\"{status}\";\"{hardware}\";\"{computer}\";\"{user}\";\"{server}\"\r\n"
        );
    }
    text
}

/// `ldifde -f directory.ldif -r "(objectClass=user)" -l sAMAccountName,userAccountControl,msTS…`: 1,300 accounts.
fn directory(random: &mut Random) -> String {
    let mut text = String::new();
    for number in 0..1_300_i64 {
        // Who left in the last weeks still holds a license.
        let disabled = number < 1_057 && number % 90 == 45;
        let _ = write!(
            text,
            "dn: CN=User {number:04},OU=Sales,DC=corp,DC=contoso,DC=example\r\nchangetype: add\r\nsAMAccountName: u{number:04}\r\n\
             userAccountControl: {}\r\n",
            if disabled { 514 } else { 512 }
        );
        let issuer = match number {
            // The last ones are three of a server that is long gone, and twenty that have expired.
            0..1_057 | 1_237..1_260 => Some((&LS01, 655_360, "C50-10.00-S")),
            1_057..1_237 => Some((&LS02, 655_361, "C50-10.01-S")),
            _ => None,
        };
        if let Some((server, version, code)) = issuer {
            let expired = (1_240..1_260).contains(&number);
            let left = if expired { random.between(-40, -1) } else { random.between(1, 59) };
            let ends = NOW.plus(left * DAY + random.between(1, 23) * HOUR);
            let gone = (1_237..1_240).contains(&number);
            let id = if gone { "00252-60000-00009-AT113" } else { server.product_id };
            let digits: String = ends.iso().chars().filter(char::is_ascii_digit).collect();
            let _ = write!(
                text,
                "msTSExpireDate: {digits}.0Z\r\nmsTSLicenseVersion: {version}\r\nmsTSManagingLS: {id}\r\nmsTSLicenseVersion2: 7\r\n\
                 msTSLicenseVersion3: {code}\r\n"
            );
        }
        text.push_str("\r\n");
    }
    text
}

const HEAD: &str = "Windows Registry Editor Version 5.00\r\n\r\n";
const CORE: &str =
    r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Terminal Server\RCM\Licensing Core]";
const RCM: &str = r"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Terminal Server\RCM]";

fn named(label: &str) -> String {
    format!(
        "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters]\r\n\"Hostname\"=\"{}\"\r\n\r\n",
        qualified(label)
    )
}

/// Per user by a group policy, which names both servers with a blank between them; its own mode is another.
fn by_policy() -> String {
    format!(
        "{HEAD}{}[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services]\r\n\
         \"LicensingMode\"=dword:00000004\r\n\"LicenseServers\"=\"{}, {}\"\r\n\r\n{CORE}\r\n\"LicensingMode\"=dword:00000002\r\n\r\n\
         {RCM}\r\n\"X509 Certificate\"=hex:30,82,01,0a\r\n",
        named("rdsh01"),
        qualified("ls01"),
        qualified("ls02")
    )
}

/// Per device by its own settings, from ls02.
fn by_itself() -> String {
    let mut list = String::new();
    for unit in qualified("ls02").encode_utf16().chain([0, 0]) {
        let [low, high] = unit.to_le_bytes();
        let _ = write!(list, "{low:02x},{high:02x},");
    }
    let list = list.trim_end_matches(',');
    format!(
        "{HEAD}{}{CORE}\r\n\"LicensingMode\"=dword:00000002\r\n\r\n{RCM}\r\n\"X509 Certificate\"=hex:30,82,01,0a\r\n\r\n\
         [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\TermService\\Parameters\\LicenseServers]\r\n\
         \"SpecifiedLicenseServers\"=hex(7):{list}\r\n",
        named("rdsh02")
    )
}

/// New: no mode, no server.
fn not_set_up() -> String {
    format!("{HEAD}{}{CORE}\r\n\"LicensingMode\"=dword:00000005\r\n", named("rdsh03"))
}

/// Servers of the bench, as many as a twentieth of a percent of the licenses: 500 of a million, and two.
fn servers(count: u64) -> u64 {
    (count / 4_000).max(2)
}

/// Packs of a server of the bench: half of them per device.
const PACKS: u64 = 40;

/// Writes issued licenses as `Export-Csv` does, for benches.
pub(crate) fn write_licenses(count: u64, out: &mut impl Write) -> io::Result<()> {
    out.write_all(
        b"\"LicenseId\",\"KeyPackId\",\"LicenseStatus\",\"IssueDate\",\"ExpirationDate\",\"sHardwareId\",\"sIssuedToComputer\",\
          \"sIssuedToUser\",\"PSComputerName\"\r\n",
    )?;
    let each = count.div_ceil(servers(count));
    for number in 0..count {
        let (server, id) = (number / each, number % each + 1);
        let draw = mix(number);
        let pack = 3 + draw % (PACKS / 2) * 2;
        let ends = i64::try_from(draw >> 8 & 0xFFFF).unwrap_or(0) * MINUTE + 9 * DAY;
        let issued = NOW.plus(ends - 80 * DAY);
        writeln!(
            out,
            "\"{id}\",\"{pack}\",\"{}\",\"{}\",\"{}\",\"0x2, 0x{:x}, 0x{:x}\",\"PC-{number:07}\",\"CORP\\u{:06}\",\"ls{server:04}.corp.example\"\r",
            if draw.is_multiple_of(50) { 4 } else { 2 },
            wmi(issued),
            wmi(NOW.plus(ends)),
            draw & 0xFFFF_FFFF,
            draw >> 32,
            draw % 1_000_000,
        )?;
    }
    Ok(())
}

/// Writes the key packs of the same servers.
pub(crate) fn write_packs(count: u64, out: &mut impl Write) -> io::Result<()> {
    out.write_all(
        b"\"KeyPackId\",\"KeyPackType\",\"ProductType\",\"ProductVersionID\",\"TotalLicenses\",\"IssuedLicenses\",\"AvailableLicenses\",\
          \"ExpirationDate\",\"PSComputerName\"\r\n",
    )?;
    for server in 0..servers(count) {
        for pack in 0..PACKS {
            let version = 5 + pack / 2 % 4;
            writeln!(
                out,
                "\"{}\",\"2\",\"{}\",\"{version}\",\"300\",\"100\",\"200\",\"20380101000000.000000+000\",\"ls{server:04}.corp.example\"\r",
                pack + 3,
                pack % 2,
            )?;
        }
    }
    Ok(())
}
