//! The worked examples and the edge cases, in the words of an administrator.

mod calls;
mod licenses;
