//! The same estate once more, as other tools show it: what the folder `contoso` has in one form is here in the others.
//!
//! Lies beside that folder: a log and a state that are told twice would only make the answers about the estate longer.

use crate::calendar::{MINUTE, Moment};
use crate::contoso::{File, file};
use crate::encoding::utf16;
use crate::event::Event;
use crate::json::{self, Value};
use crate::machine::Licence;
use crate::product::OFFICE;
use crate::random::Guid;
use std::fmt::Write as _;

/// What the forms are made of.
pub(crate) struct Told<'a> {
    /// Newest requests of a host, oldest first.
    pub(crate) events: Vec<Event>,
    /// Service object and products of that host, as the CIM cmdlets show them.
    pub(crate) branch: &'a Value,
    /// The same of the plant host.
    pub(crate) plant: &'a Value,
    /// A client in a workgroup: name, CMID, licence.
    pub(crate) client: (&'a str, Guid, &'a Licence),
    /// `slmgr /dli` of the German host.
    pub(crate) german: String,
    pub(crate) now: Moment,
}

/// Every file, below `../contoso-forms`.
pub(crate) fn files(told: &Told<'_>) -> Vec<File> {
    let (service, plant) = (properties(told.branch, 0), properties(told.plant, 0));
    let products: Vec<Vec<(&str, String)>> =
        [1, 2].iter().map(|at| properties(told.branch, *at)).collect();
    let put = |path: &str, bytes: Vec<u8>| file(&format!("../contoso-forms/kms/{path}"), bytes);
    vec![
        put("corp.contoso.example.dns", ZONE.replace('\n', "\r\n").into_bytes()),
        put("dig.txt", DIG.as_bytes().to_vec()),
        put("nslookup.txt", NSLOOKUP.replace('\n', "\r\n").into_bytes()),
        put("resolve-dnsname.json", RESOLVED_JSON.replace('\n', "\r\n").into_bytes()),
        put("resolve-dnsname.csv", RESOLVED_CSV.replace('\n', "\r\n").into_bytes()),
        put("kms02/requests.jsonl", dumped(&told.events).into_bytes()),
        put("kms02/get-eventlog.csv", event_log(&told.events).into_bytes()),
        put("kms02/event-viewer.txt", event_viewer(&told.events).into_bytes()),
        put("kms02/service.csv", csv(std::slice::from_ref(&service)).into_bytes()),
        put("kms02/products.txt", utf16(&format_list(&products))),
        put("kms04/wmic-list.txt", utf16(&wmic_list(&plant))),
        put("kms04/wmic.csv", wmic_csv("KMS04", &plant).into_bytes()),
        put("kms04/kms04.reg", utf16(&REGISTRY.replace('\n', "\r\n"))),
        put("kms03/dli.txt", utf16(&told.german)),
        put("pl-03/xpr.txt", expiry(told).into_bytes()),
        put("pl-03/ospp.txt", office(told).into_bytes()),
        put("vamt.cilx", vamt_list(told).into_bytes()),
        put("vamt.csv", vamt_table(told).into_bytes()),
    ]
}

/// The properties of one of several objects as text, without what the cmdlets add.
fn properties(objects: &Value, at: usize) -> Vec<(&'static str, String)> {
    let Value::List(objects) = objects else { return Vec::new() };
    let Some(Value::Object(members)) = objects.get(at) else { return Vec::new() };
    let own = members.iter().take_while(|(name, _)| *name != "CimClass");
    own.map(|(name, value)| (*name, shown(value))).collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(yes) => if *yes { "True" } else { "False" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Time(time) => time.iso(),
        Value::Null | Value::List(_) | Value::Object(_) => String::new(),
    }
}

/// `Get-CimInstance … | Export-Csv`.
fn csv(objects: &[Vec<(&str, String)>]) -> String {
    let mut text =
        "#TYPE Microsoft.Management.Infrastructure.CimInstance#root/cimv2/SoftwareLicensingService\r\n"
            .to_owned();
    let quoted = |field: &str| format!("\"{}\"", field.replace('"', "\"\""));
    for (row, object) in objects.iter().enumerate() {
        if row == 0 {
            let names: Vec<String> = object.iter().map(|(name, _)| quoted(name)).collect();
            text += &(names.join(",") + "\r\n");
        }
        let values: Vec<String> = object.iter().map(|(_, value)| quoted(value)).collect();
        text += &(values.join(",") + "\r\n");
    }
    text
}

/// `Get-CimInstance … | Format-List *`, redirected.
fn format_list(objects: &[Vec<(&str, String)>]) -> String {
    let width = objects.iter().flatten().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = "\r\n\r\n".to_owned();
    for object in objects {
        for (name, value) in object {
            let _ = write!(text, "{name:width$} : {value}\r\n");
        }
        text.push_str("\r\n");
    }
    text + "\r\n"
}

/// `wmic path SoftwareLicensingService get /format:list`: a redirect doubles the carriage return.
fn wmic_list(object: &[(&str, String)]) -> String {
    let mut text = "\r\r\n\r\r\n".to_owned();
    for (name, value) in of_wmic(object) {
        let _ = write!(text, "{name}={value}\r\r\n");
    }
    text + "\r\r\n\r\r\n"
}

/// `wmic path SoftwareLicensingService get /format:csv`.
fn wmic_csv(node: &str, object: &[(&str, String)]) -> String {
    let names: Vec<&str> = of_wmic(object).map(|(name, _)| name).collect();
    let values: Vec<String> = of_wmic(object).map(|(_, value)| value).collect();
    format!("\r\nNode,{}\r\n{node},{}\r\n", names.join(","), values.join(","))
}

/// Wmic knows no computer name among the properties, and writes capitals.
fn of_wmic<'o>(object: &'o [(&str, String)]) -> impl Iterator<Item = (&'o str, String)> {
    let own = object.iter().filter(|(name, _)| *name != "PSComputerName");
    own.map(|(name, value)| {
        let truth = value == "True" || value == "False";
        (*name, if truth { value.to_uppercase() } else { value.clone() })
    })
}

/// The lines that dumpers of binary logs write.
fn dumped(events: &[Event]) -> String {
    events.iter().map(|event| json::dumped(event) + "\n").collect()
}

/// `Get-EventLog "Key Management Service" | Export-Csv` in the culture en-US, the clock in UTC.
fn event_log(events: &[Event]) -> String {
    let mut text = "#TYPE System.Diagnostics.EventLogEntry#Key Management Service/KmsRequests/1073754114\r\n\
         \"EventID\",\"MachineName\",\"Index\",\"EntryType\",\"Message\",\"Source\",\"ReplacementStrings\",\"InstanceId\",\"TimeGenerated\",\"TimeWritten\"\r\n"
        .to_owned();
    for event in events {
        let time = event.time.american();
        let fields = [
            "12290",
            &event.computer,
            &event.record.to_string(),
            "Information",
            &event.message(),
            "KmsRequests",
            "System.String[]",
            "1073754114",
            &time,
            &time,
        ];
        let fields: Vec<String> =
            fields.iter().map(|field| format!("\"{}\"", field.replace('"', "\"\""))).collect();
        text += &(fields.join(",") + "\r\n");
    }
    text
}

/// Event Viewer, "save all events as", text: no record numbers, and no computer.
fn event_viewer(events: &[Event]) -> String {
    let mut text = "Level\tDate and Time\tSource\tEvent ID\tTask Category\r\n".to_owned();
    for event in events {
        let message = event.message().replace('"', "\"\"");
        let time = event.time.american();
        let _ = write!(text, "Information\t{time}\tKmsRequests\t12290\tNone\t\"{message}\"\r\n");
    }
    text
}

/// `slmgr /xpr` of a client that is licensed.
fn expiry(told: &Told<'_>) -> String {
    let (_, _, licence) = told.client;
    let ends = told.now.plus(i64::from(licence.minutes(told.now)) * MINUTE).american();
    let edition = licence.product.edition;
    format!("Windows(R), {edition} edition:\r\n    Volume activation will expire {ends}\r\n\r\n")
}

/// `cscript ospp.vbs /dstatus` of the Office on that client.
fn office(told: &Told<'_>) -> String {
    let (_, _, licence) = told.client;
    let minutes = licence.minutes(told.now);
    let line = "---------------------------------------";
    [
        "---Processing--------------------------",
        line,
        "PRODUCT ID: 00339-10000-00000-AA000",
        &format!("SKU ID: {}", OFFICE.activation),
        &format!("LICENSE NAME: Office 16, {} edition", OFFICE.edition),
        "LICENSE DESCRIPTION: Office 16, VOLUME_KMSCLIENT channel",
        "LICENSE STATUS:  ---LICENSED--- ",
        "ERROR CODE: 0x4004F040 (for information purposes only as the status is licensed)",
        "ERROR DESCRIPTION: The product was activated; its owner should verify the Product Use Rights.",
        &format!("REMAINING GRACE: {} days  ({minutes} minute(s) before expiring)", minutes / 1440),
        "Last 5 characters of installed product key: OFFC1",
        "Activation Type Configuration: ALL",
        "\tDNS auto-discovery: KMS name not available",
        "\tKMS machine registry override defined: kms04:1688",
        "\tActivation Interval: 120 minutes",
        "\tRenewal Interval: 10080 minutes",
        "\tKMS host caching: Enabled",
        line,
        line,
        "---Exiting-----------------------------",
        "",
    ]
    .join("\r\n")
}

/// A list of VAMT 3 with the one client. The product key is that of no product: the reader drops it.
fn vamt_list(told: &Told<'_>) -> String {
    let (name, cmid, licence) = told.client;
    let (product, minutes) = (licence.product, licence.minutes(told.now));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
         <SoftwareLicensingData xmlns=\"http://www.microsoft.com/VAMT/2009\" Version=\"3.0\">\r\n\
         \x20 <Computers>\r\n\
         \x20   <Computer Name=\"{name}\" OSVersion=\"10.0.19045\" NetworkType=\"Workgroup\" NetworkName=\"PLANT\" Id=\"1\">\r\n\
         \x20     <MacAddresses><MacAddress>00-00-5E-00-53-03</MacAddress></MacAddresses>\r\n\
         \x20     <Products>\r\n\
         \x20       <Product Id=\"1\">\r\n\
         \x20         <Sku Id=\"{activation}\" Name=\"Windows(R), {edition} edition\" ApplicationId=\"{application}\"/>\r\n\
         \x20         <ProductKey>CLNT1-CLNT1-CLNT1-CLNT1-CLNT1</ProductKey>\r\n\
         \x20         <PartialProductKey>CLNT1</PartialProductKey>\r\n\
         \x20         <Status><LicenseStatus>Licensed</LicenseStatus><GraceMinutesRemaining>{minutes}</GraceMinutesRemaining></Status>\r\n\
         \x20         <VolumeActivation><Cmid>{cmid}</Cmid><KmsHost>kms04</KmsHost><KmsPort>1688</KmsPort></VolumeActivation>\r\n\
         \x20       </Product>\r\n\
         \x20     </Products>\r\n\
         \x20   </Computer>\r\n\
         \x20 </Computers>\r\n\
         </SoftwareLicensingData>\r\n",
        activation = product.activation,
        edition = product.edition,
        application = product.pool.application(),
    )
}

/// `Get-VamtProduct | Export-Csv`.
fn vamt_table(told: &Told<'_>) -> String {
    let (name, _, licence) = told.client;
    let (edition, minutes) = (licence.product.edition, licence.minutes(told.now));
    format!(
        "\"FullyQualifiedDomainName\",\"ProductName\",\"LicenseStatus\",\"GracePeriodRemaining\",\"PartialProductKey\",\"KmsHost\"\r\n\
         \"{name}\",\"Windows(R), {edition} edition\",\"Licensed\",\"{minutes}\",\"CLNT1\",\"kms04\"\r\n"
    )
}

/// The zone as the DNS server of Windows keeps it, in a file of that name: no `$ORIGIN`, names relative to the zone.
const ZONE: &str = ";
;  Database file corp.contoso.example.dns for corp.contoso.example zone.
;      Zone version:  4711
;

@                       IN  SOA dc01.corp.contoso.example. hostmaster.corp.contoso.example. (
                        4711         ; serial number
                        900          ; refresh
                        600          ; retry
                        86400        ; expire
                        3600       ) ; default TTL

@                       NS	dc01.corp.contoso.example.
_vlmcs._tcp             3600	SRV	0 0 1688	kms01.corp.contoso.example.
                        3600	SRV	0 0 1688	kms02.corp.contoso.example.
dc01                    A	192.0.2.2
kms01                   1200	A	192.0.2.11
kms02                   1200	A	192.0.2.12
";

const DIG: &str = "
; <<>> DiG 9.18.24 <<>> -t srv _vlmcs._tcp.corp.contoso.example
;; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 12290
;; flags: qr aa rd ra; QUERY: 1, ANSWER: 2, AUTHORITY: 0, ADDITIONAL: 2

;; QUESTION SECTION:
;_vlmcs._tcp.corp.contoso.example. IN	SRV

;; ANSWER SECTION:
_vlmcs._tcp.corp.contoso.example. 3600 IN SRV	0 0 1688 kms01.corp.contoso.example.
_vlmcs._tcp.corp.contoso.example. 3600 IN SRV	0 0 1688 kms02.corp.contoso.example.

;; ADDITIONAL SECTION:
kms01.corp.contoso.example. 1200 IN	A	192.0.2.11
kms02.corp.contoso.example. 1200 IN	A	192.0.2.12

;; Query time: 0 msec
";

const NSLOOKUP: &str = "Server:  dc01.corp.contoso.example
Address:  192.0.2.2

_vlmcs._tcp.corp.contoso.example\tSRV service location:
\t  priority       = 0
\t  weight         = 0
\t  port           = 1688
\t  svr hostname   = kms01.corp.contoso.example
_vlmcs._tcp.corp.contoso.example\tSRV service location:
\t  priority       = 0
\t  weight         = 0
\t  port           = 1688
\t  svr hostname   = kms02.corp.contoso.example
kms01.corp.contoso.example\tinternet address = 192.0.2.11
kms02.corp.contoso.example\tinternet address = 192.0.2.12
";

const RESOLVED_JSON: &str = r#"[
    {
        "Name":  "_vlmcs._tcp.corp.contoso.example",
        "Type":  33,
        "TTL":  3600,
        "NameTarget":  "kms01.corp.contoso.example",
        "Port":  1688,
        "Priority":  0,
        "Weight":  0
    },
    {
        "Name":  "_vlmcs._tcp.corp.contoso.example",
        "Type":  33,
        "TTL":  3600,
        "NameTarget":  "kms02.corp.contoso.example",
        "Port":  1688,
        "Priority":  0,
        "Weight":  0
    }
]
"#;

const RESOLVED_CSV: &str = r#"#TYPE Microsoft.DnsClient.Commands.DnsRecord_SRV
"Name","Type","TTL","NameTarget","Priority","Weight","Port"
"_vlmcs._tcp.corp.contoso.example","SRV","3600","kms01.corp.contoso.example","0","0","1688"
"_vlmcs._tcp.corp.contoso.example","SRV","3600","kms02.corp.contoso.example","0","0","1688"
"#;

/// `reg export` of a host on which somebody touched every setting and left the defaults.
const REGISTRY: &str = r#"Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform]
"DisableDnsPublishing"=dword:00000000
"KeyManagementServiceListeningPort"="1688"
"KeyManagementServiceVersion"="10.0.17763.1"
"VLActivationInterval"=dword:00000078
"VLRenewalInterval"=dword:00002760

"#;
