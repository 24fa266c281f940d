//! licctl: one command for five licensing systems. The map of the crate; ARCHITECTURE.md tells why it looks so.

pub mod api; // what a domain gives to the spine
pub mod apis; // the one list of the domains
pub mod artefact; // opening, decoding, recognising and writing files
pub mod catalog; // the vocabulary of facts
pub mod chance; // what is drawn by chance, repeatable
pub mod chart; // what a domain draws of itself
pub mod cli; // the command tree, from words to an exit status
pub mod clock; // instants and spans
pub mod config; // settings from files and environment
pub mod csp; // WindowsLicensing over MDM
pub mod deferred; // parts of the command tree that wait to be named
pub mod desired; // what a file may declare of a domain
pub mod error; // how a command ends when it does not end well
pub mod estate; // the cross-domain commands
pub mod finding; // what checks and reports find
pub mod gate; // what CI and monitoring read of findings
pub mod kms; // Windows volume activation
pub mod manual; // man pages, completions, help topics
pub mod output; // tables, JSON, csv, errors: all that is printed
pub mod rms; // Sentinel RMS
pub mod session; // what a command works with
pub mod spelling; // how far two words are apart
pub mod store; // one file, one transaction a command, every change journalled
pub mod tslicense; // Remote Desktop licensing
pub mod vsphere; // vSphere licences
pub mod wording; // numbers of things in sentences
