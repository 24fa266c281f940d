//! The questions: pure functions over what the store holds, and their findings.

pub mod audit;
pub mod diagnosis;
pub mod duplicates;
pub mod expiry;
pub mod figures;
pub mod forecast;
pub mod migration;
pub mod modes;
pub mod plan;
pub mod standing;
pub mod upgrade;
pub mod verification;
