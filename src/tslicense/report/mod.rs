//! The questions: pure functions over what the store holds, and their findings.

pub mod audit;
pub mod duplicates;
pub mod plan;
pub mod standing;
