//! The questions: pure functions over what the store streams.

pub mod endings;
pub mod lint;
pub mod standing;

#[cfg(test)]
mod fixture;
