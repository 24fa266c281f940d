//! License Managers: what they tell of themselves, by the names of serverInfo, and what is set on them.

use crate::output::{Cell, Column, Fit, Look, Tone, View, column};
use crate::rms::ops::servers::Shown;
use schemars::JsonSchema;
use serde::Serialize;

/// A License Manager.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
pub struct ServerView {
    server: String,
    running: bool,
    major_version: Option<u32>,
    minor_version: Option<u32>,
    point_id: Option<u32>,
    build_id: Option<u32>,
    locale: String,
    vendor_license_manager_id: String,
    os_family: String,
    ip_address: String,
    host_name: String,
    virtual_machine: bool,
    clock_tampered: bool,
    lock_codes: Vec<String>,
    /// `on-premises` or `cloudlm`.
    mode: &'static str,
    queue_max: u32,
    commuter_allowed: bool,
    /// Minutes that its local time is ahead of UTC.
    utc_offset: i32,
    features: i64,
    licenses: i64,
    #[serde(skip)]
    version: String,
}

impl From<&Shown> for ServerView {
    fn from(shown: &Shown) -> Self {
        let (server, info) = (&shown.server, &shown.server.info);
        Self {
            server: server.name.clone(),
            running: server.running,
            major_version: info.major_version,
            minor_version: info.minor_version,
            point_id: info.point_id,
            build_id: info.build_id,
            locale: info.locale.clone(),
            vendor_license_manager_id: info.vendor_license_manager_id.clone(),
            os_family: info.os_family.clone(),
            ip_address: info.ip_address.clone(),
            host_name: info.host_name.clone(),
            virtual_machine: server.is_virtual_machine,
            clock_tampered: server.clock_tampered,
            lock_codes: server.lock_codes.clone(),
            mode: server.mode.word(),
            queue_max: server.queue_max,
            commuter_allowed: server.commuter_allowed,
            utc_offset: server.utc_offset,
            features: shown.features,
            licenses: shown.licenses,
            version: info.version(),
        }
    }
}

impl View for ServerView {
    const SCHEMA: &'static str = "licctl.rms.server/1";
    const COLUMNS: &'static [Column] = &[
        column("NAME", "server", Fit::Keep),
        column("VERSION", "majorVersion", Fit::Keep),
        column("OS", "osFamily", Fit::Elide),
        column("HOST", "hostName", Fit::Elide),
        column("FEATURES", "features", Fit::Number),
        column("LICENSES", "licenses", Fit::Number),
        column("RUNNING", "running", Fit::Keep),
    ];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        let known = |text: &str| {
            if text.is_empty() { Cell::toned("-", Tone::Faint) } else { Cell::from(text) }
        };
        let running = if self.running {
            Cell::toned("yes", Tone::Good)
        } else {
            Cell::toned("no", Tone::Warning)
        };
        vec![
            self.server.clone().into(),
            known(&self.version),
            known(&self.os_family),
            known(&self.host_name),
            self.features.to_string().into(),
            self.licenses.to_string().into(),
            running,
        ]
    }

    fn name(&self) -> String {
        self.server.clone()
    }

    fn detail(&self, look: &Look) -> Vec<(String, Cell)> {
        let heads = Self::COLUMNS.iter().map(|column| column.head.to_owned());
        let yes = |flag: bool| if flag { "yes" } else { "no" };
        let more = [
            ("ADDRESS", self.ip_address.clone()),
            ("LOCALE", self.locale.clone()),
            ("VENDOR", self.vendor_license_manager_id.clone()),
            ("VIRTUAL MACHINE", yes(self.virtual_machine).to_owned()),
            ("CLOCK TAMPERED", yes(self.clock_tampered).to_owned()),
            ("LOCKING CODES", self.lock_codes.join(" ")),
            ("MODE", self.mode.to_owned()),
            ("QUEUE", self.queue_max.to_string()),
            ("CHECK-OUTS", yes(self.commuter_allowed).to_owned()),
            ("MINUTES AHEAD OF UTC", self.utc_offset.to_string()),
        ];
        let more = more.into_iter().filter(|(_, text)| !text.is_empty());
        heads
            .zip(self.cells(look))
            .chain(more.map(|(head, text)| (head.to_owned(), text.into())))
            .collect()
    }
}

/// A License Manager that was removed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RemovedView {
    server: String,
}

impl RemovedView {
    #[must_use]
    pub fn new(server: String) -> Self {
        Self { server }
    }
}

impl View for RemovedView {
    const SCHEMA: &'static str = "licctl.rms.server-removed/1";
    const COLUMNS: &'static [Column] = &[column("NAME", "server", Fit::Keep)];

    fn cells(&self, _: &Look) -> Vec<Cell> {
        vec![self.server.clone().into()]
    }

    fn name(&self) -> String {
        self.server.clone()
    }
}
