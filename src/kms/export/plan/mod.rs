//! A plan as the tools of Windows take it: one line a setting.
//!
//! Source: [SLMGR], [OSL], [SPP] method pages; [TECHREF] table 3 for the registry.

mod cim;
mod oslicense;
mod registry;
mod slmgr;

use crate::kms::catalog::Profile;
use crate::kms::rules::plan::Change;

/// A tool that a plan is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `cscript slmgr.vbs …`, for a command prompt.
    Slmgr,
    /// `Invoke-CimMethod`, for PowerShell.
    Cim,
    /// The module `OSLicense`, for Windows PowerShell.
    OsLicense,
    /// A file for `reg import`.
    Registry,
}

impl Form {
    pub const ALL: [Self; 4] = [Self::Slmgr, Self::Cim, Self::OsLicense, Self::Registry];

    /// The word of the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Slmgr => "slmgr",
            Self::Cim => "cim",
            Self::OsLicense => "oslicense",
            Self::Registry => "reg",
        }
    }
}

/// A plan as it is written.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub lines: Vec<String>,
    /// What the tool has no word for.
    pub left: Vec<Change>,
}

/// Writes a plan for a tool.
///
/// - `profile`: of the machine that is told; the registry keeps its settings where its version looks for them.
#[must_use]
pub fn write(changes: &[Change], profile: Profile, form: Form) -> Written {
    match form {
        Form::Slmgr => slmgr::write(changes),
        Form::Cim => cim::write(changes, profile),
        Form::OsLicense => oslicense::write(changes),
        Form::Registry => registry::write(changes, profile),
    }
}

/// A text in the single quotes of PowerShell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests;
