//! Remote Desktop licensing: the WMI classes `Win32_TSLicenseKeyPack`, `Win32_TSLicenseServer` and `Win32_TSIssuedLicense`.
//!
//! Implements `ImportOpenPurchaseLicenseKeyPack` to the letter of its page, the other methods of the key pack class, the activation of
//! license servers and their standing in a directory, the life of issued licenses and their revocation, usage reports, and the licensing
//! settings of session hosts. Left out: the clearinghouse, which the model stands in for; computing or checking numbers and codes beyond
//! their length and alphabet; and anything that reaches a real server.

pub mod catalog;
pub mod cli;
pub mod export;
pub mod import;
pub mod model;
pub mod ops;
pub mod report;
pub mod rules;
pub mod store;
pub mod view;

pub use cli::API;
