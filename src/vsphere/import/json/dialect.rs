//! Which tool wrote a document: told by the names of members, never by the name of the file.

use crate::artefact::{Fit, Sample};

/// Who wrote a document. All are read alike; the name is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Govc,
    Typed,
    PowerCli,
    Pyvmomi,
}

pub(super) fn fit(sample: &Sample<'_>, dialect: Dialect) -> Fit {
    let text = sample.text.trim_start();
    // What govc prints of an empty list, now and before it was `[]`: any tool may print that, so that every other reader is asked first.
    if dialect == Dialect::Govc && matches!(text.trim_end(), "null" | "[]") {
        return Fit::Yes(1);
    }
    if !text.starts_with(['[', '{']) || text.contains("\"catalogueVersion\"") {
        return Fit::No;
    }
    let has = |word: &str| text.contains(&format!("\"{word}\""));
    let license = has("licenseKey") && has("editionKey");
    let old = has("LicenseKey") && has("EditionKey");
    let host = has("hostSystems") || has("HostSystems") || has("HostSystem");
    let about = has("instanceUuid") && has("licenseProductName");
    let collected = has("changeSet") || (has("op") && has("val"));
    let ids = text.contains("\"HostSystem:");
    if !(license || old || host || about || ids || (collected && has("LicenseManager")))
        && !(has("_typeName") && has("KeyAnyValue"))
    {
        return Fit::No;
    }
    let written = match () {
        () if has("_typeName") => Dialect::Typed,
        () if has("_vimtype") => Dialect::Pyvmomi,
        () if old && (has("LicenseAssignmentManager") || has("Client") || has("MoRef")) => {
            Dialect::PowerCli
        }
        // PowerShell puts two blanks behind the colon, or none; older govc indented as it does now.
        () if old && (text.contains("\":  ") || text.contains("VMware.Vim.")) => Dialect::PowerCli,
        () => Dialect::Govc,
    };
    if written == dialect { Fit::Yes(7) } else { Fit::No }
}
