//! Writers: records to bytes. They know no store and no files.

pub mod ddf;
mod fleet;
mod intune;
mod package;
mod powershell;
pub mod response;
mod syncml;
pub mod wish;
