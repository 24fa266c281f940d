//! The questions: pure functions over what the store holds, and their findings.

pub mod audit;
pub mod diagnosis;
pub mod duplicates;
pub mod forecast;
pub mod migration;
pub mod plan;
pub mod standing;
pub mod upgrade;
