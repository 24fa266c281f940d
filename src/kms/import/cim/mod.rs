//! Objects of `SoftwareLicensingService` and `SoftwareLicensingProduct`, as PowerShell and wmic print them: one file a notation.
//!
//! A reader brings an object down to names and values; `object` tells its class and sorts its properties, `value` brings each
//! to its type, `machines` puts the objects of a machine together. Product keys are dropped on the way.

pub mod csv;
pub(super) mod date;
pub mod json;
pub mod list;
pub(super) mod machines;
mod object;
pub(super) mod value;

#[cfg(test)]
mod tests;
