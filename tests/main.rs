//! One binary for every test that needs the program, a file or the whole tree.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on must stop loudly"
)]

mod architecture;
mod catalog;
mod examples;
mod faults;
mod fuzz;
mod gate;
mod generated;
mod golden;
mod hostile;
#[cfg(unix)]
mod manual;
mod processes;
mod refusals;
mod shapes;
mod story;
mod support;
mod undo;
