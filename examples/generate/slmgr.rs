//! What `cscript slmgr.vbs /dli` and `/dlv` print.
//!
//! Source of order and English texts: slmgr.vbs as shipped with Windows 10. The German texts stand for any language
//! whose `slmgr.ini` is not at hand: only the places of the numbers matter.

use crate::calendar::Moment;
use crate::host::Counters;
use crate::machine::LICENSED;
use crate::product::Product;
use crate::random::Guid;

/// The texts of one language. A label ends where its value begins.
pub(crate) struct Texts {
    banner: &'static str,
    version: &'static str,
    description: &'static str,
    activation: &'static str,
    application: &'static str,
    extended_pid: &'static str,
    channel: &'static str,
    installation: &'static str,
    use_license: &'static str,
    validation: &'static str,
    partial_key: &'static str,
    licensed: &'static str,
    rearms: [&'static str; 2],
    trusted_time: &'static str,
    date: fn(Moment) -> String,
    enabled: &'static str,
    count: &'static str,
    port: &'static str,
    publishing: &'static str,
    priority: &'static str,
    cumulative: &'static str,
    /// Total, failed, then by `LicenseStatus` 0 to 5.
    counters: [&'static str; 8],
}

pub(crate) static ENGLISH: Texts = Texts {
    banner: "",
    version: "Software licensing service version: ",
    description: "Description: ",
    activation: "Activation ID: ",
    application: "Application ID: ",
    extended_pid: "Extended PID: ",
    channel: "Product Key Channel: ",
    installation: "Installation ID: ",
    use_license: "Use License URL: ",
    validation: "Validation URL: ",
    partial_key: "Partial Product Key: ",
    licensed: "License Status: Licensed",
    rearms: ["Remaining Windows rearm count: ", "Remaining SKU rearm count: "],
    trusted_time: "Trusted time: ",
    date: Moment::american,
    enabled: "Key Management Service is enabled on this machine",
    count: "Current count: ",
    port: "Listening on Port: ",
    publishing: "DNS publishing enabled",
    priority: "KMS priority: Normal",
    cumulative: "Key Management Service cumulative requests received from clients",
    counters: [
        "Total requests received: ",
        "Failed requests received: ",
        "Requests with License Status Unlicensed: ",
        "Requests with License Status Licensed: ",
        "Requests with License Status Initial grace period: ",
        "Requests with License Status License expired or Hardware out of tolerance: ",
        "Requests with License Status Non-genuine grace period: ",
        "Requests with License Status Notification: ",
    ],
};

pub(crate) static GERMAN: Texts = Texts {
    banner: "Microsoft (R) Windows Script Host, Version 5.812\r\n\
             Copyright (C) Microsoft Corporation. Alle Rechte vorbehalten.\r\n\r\n",
    version: "Version des Softwarelizenzierungsdiensts: ",
    description: "Beschreibung: ",
    activation: "Aktivierungs-ID: ",
    application: "Anwendungs-ID: ",
    extended_pid: "Erweiterte PID: ",
    channel: "Product Key-Kanal: ",
    installation: "Installations-ID: ",
    use_license: "URL für die Nutzungslizenz: ",
    validation: "URL für die Überprüfung: ",
    partial_key: "Teil-Product Key: ",
    licensed: "Lizenzstatus: Lizenziert",
    rearms: ["Verbleibende Windows-Rearm-Anzahl: ", "Verbleibende SKU-Rearm-Anzahl: "],
    trusted_time: "Vertrauenswürdige Zeit: ",
    date: Moment::german,
    enabled: "Der Schlüsselverwaltungsdienst ist auf diesem Computer aktiviert",
    count: "Aktuelle Anzahl: ",
    port: "Überwachter Port: ",
    publishing: "DNS-Veröffentlichung aktiviert",
    priority: "KMS-Priorität: Normal",
    cumulative: "Kumulierte Anforderungen von Clients an den Schlüsselverwaltungsdienst",
    counters: [
        "Empfangene Anforderungen insgesamt: ",
        "Empfangene fehlerhafte Anforderungen: ",
        "Anforderungen mit Lizenzstatus Nicht lizenziert: ",
        "Anforderungen mit Lizenzstatus Lizenziert: ",
        "Anforderungen mit Lizenzstatus Anfänglicher Kulanzzeitraum: ",
        "Anforderungen mit Lizenzstatus Lizenz abgelaufen oder Hardware außerhalb der Toleranz: ",
        "Anforderungen mit Lizenzstatus Kulanzzeitraum für Nicht-Originalversion: ",
        "Anforderungen mit Lizenzstatus Benachrichtigung: ",
    ],
};

/// A host, as far as slmgr shows it.
pub(crate) struct Shown<'a> {
    pub(crate) version: &'a str,
    pub(crate) key: &'a crate::cim::HostKey,
    pub(crate) count: usize,
    pub(crate) counters: &'a Counters,
    pub(crate) now: Moment,
}

/// `/dli` of a host.
pub(crate) fn short(host: &Shown<'_>, texts: &Texts) -> String {
    lines(&[
        texts.banner.to_owned() + "Name: " + host.key.name,
        texts.description.to_owned() + host.key.description,
        texts.partial_key.to_owned() + host.key.partial,
        texts.licensed.to_owned(),
    ]) + &service(host, texts)
}

/// `/dlv` of a host.
pub(crate) fn long(host: &Shown<'_>, texts: &Texts) -> String {
    let [windows_rearms, sku_rearms] = texts.rearms;
    lines(&[
        texts.banner.to_owned() + texts.version + host.version,
        String::new(),
        "Name: ".to_owned() + host.key.name,
        texts.description.to_owned() + host.key.description,
        texts.activation.to_owned() + host.key.activation,
        texts.application.to_owned() + host.key.pool.application(),
        texts.extended_pid.to_owned() + host.key.extended_pid,
        texts.channel.to_owned() + "Volume:CSVLK",
        texts.installation.to_owned() + &"0".repeat(63),
        texts.use_license.to_owned() + crate::cim::USE_LICENSE_URL,
        texts.validation.to_owned() + crate::cim::VALIDATION_URL,
        texts.partial_key.to_owned() + host.key.partial,
        texts.licensed.to_owned(),
        windows_rearms.to_owned() + "1001",
        sku_rearms.to_owned() + "1001",
        texts.trusted_time.to_owned() + &(texts.date)(host.now),
    ]) + &service(host, texts)
}

/// The block about the Key Management Service, which both forms end with.
fn service(host: &Shown<'_>, texts: &Texts) -> String {
    let mut block = vec![
        String::new(),
        texts.enabled.to_owned(),
        format!("    {}{}", texts.count, host.count),
        format!("    {}1688", texts.port),
        format!("    {}", texts.publishing),
        format!("    {}", texts.priority),
        String::new(),
        texts.cumulative.to_owned(),
    ];
    let numbers = [host.counters.total, host.counters.failed];
    let numbers = numbers.iter().chain(&host.counters.by_status);
    for (label, number) in texts.counters.iter().zip(numbers) {
        block.push(format!("    {label}{number}"));
    }
    block.push(String::new());
    lines(&block)
}

/// A client in a workgroup, which was told its host by `/skms`.
pub(crate) struct Client<'a> {
    pub(crate) product: &'static Product,
    pub(crate) cmid: Guid,
    /// `LicenseStatus`: licensed, or else in notification for its grace being over.
    pub(crate) status: u8,
    pub(crate) minutes: u32,
    pub(crate) host: &'a str,
    pub(crate) host_address: &'a str,
    pub(crate) host_pid: &'a str,
    pub(crate) now: Moment,
}

/// `/dlv` in English of a Windows 10 client.
pub(crate) fn client(client: &Client<'_>) -> String {
    let state = if client.status == LICENSED {
        let days = client.minutes.div_ceil(1440);
        let left = format!("{} minute(s) ({days} day(s))", client.minutes);
        ["License Status: Licensed".to_owned(), format!("Volume activation expiration: {left}")]
    } else {
        let reason = "Notification Reason: 0xC004F009 (grace time expired).";
        ["License Status: Notification".to_owned(), reason.to_owned()]
    };
    let mut text = vec![
        "Software licensing service version: 10.0.19041.4717".to_owned(),
        String::new(),
        format!("Name: Windows(R), {} edition", client.product.edition),
        "Description: Windows(R) Operating System, VOLUME_KMSCLIENT channel".to_owned(),
        format!("Activation ID: {}", client.product.activation),
        format!("Application ID: {}", client.product.pool.application()),
        "Extended PID: 03612-03313-000-000000-03-1033-19045.0000-0012024".to_owned(),
        "Product Key Channel: Volume:GVLK".to_owned(),
        format!("Installation ID: {}", "0".repeat(63)),
        "Partial Product Key: CLNT1".to_owned(),
    ];
    text.extend(state);
    text.extend([
        "Remaining Windows rearm count: 1001".to_owned(),
        "Remaining SKU rearm count: 1001".to_owned(),
        format!("Trusted time: {}", client.now.american()),
        "Configured Activation Type: All".to_owned(),
    ]);
    if client.status == LICENSED {
        text.extend(client_block(client));
    } else {
        let advice = "Please use slmgr.vbs /ato to activate and update KMS client information in \
                      order to update values.";
        text.push(advice.to_owned());
    }
    text.push(String::new());
    lines(&text)
}

/// What an activated client knows of its host.
fn client_block(client: &Client<'_>) -> [String; 10] {
    [
        String::new(),
        "Most recent activation information:".to_owned(),
        "Key Management Service client information".to_owned(),
        format!("    Client Machine ID (CMID): {}", client.cmid),
        format!("    Registered KMS machine name: {}:1688", client.host),
        format!("    KMS machine IP address: {}", client.host_address),
        format!("    KMS machine extended PID: {}", client.host_pid),
        "    Activation interval: 120 minutes".to_owned(),
        "    Renewal interval: 10080 minutes".to_owned(),
        "    KMS host caching is enabled".to_owned(),
    ]
}

fn lines(lines: &[String]) -> String {
    lines.join("\r\n") + "\r\n"
}
