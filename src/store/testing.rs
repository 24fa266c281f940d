//! An engine that fails at its n-th call, for the tests that show that a failure leaves the store as it was.

use super::sqlite::{Engine, Purpose};
use super::{EachRow, Read, Value};
use crate::error::{Outcome, Stop};
use std::path::Path;

/// Passes every call on to another engine until it has passed `left` of them; then every call but `rollback` fails.
pub struct Faulty {
    inner: Box<dyn Engine>,
    left: u64,
}

impl Faulty {
    #[must_use]
    pub fn new(inner: Box<dyn Engine>, left: u64) -> Self {
        Self { inner, left }
    }

    fn step(&mut self) -> Outcome<&mut dyn Engine> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                Ok(self.inner.as_mut())
            }
            None => Err(Stop::Fault(anyhow::anyhow!("a failure that a test asked for"))),
        }
    }
}

impl Read for Faulty {
    fn each(&mut self, sql: &str, values: &[Value<'_>], row: &mut EachRow<'_>) -> Outcome<()> {
        self.step()?.each(sql, values, row)
    }
}

impl Engine for Faulty {
    fn begin(&mut self, purpose: Purpose) -> Outcome<()> {
        self.step()?.begin(purpose)
    }

    fn commit(&mut self) -> Outcome<()> {
        self.step()?.commit()
    }

    fn rollback(&mut self) -> Outcome<()> {
        // A process that dies rolls back too: the engine does it at the next opening.
        self.inner.rollback()
    }

    fn reading(&mut self) -> &mut dyn Read {
        self
    }

    fn exec(&mut self, sql: &str, values: &[Value<'_>]) -> Outcome<usize> {
        self.step()?.exec(sql, values)
    }

    fn many(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value<'_>],
        changed: &mut dyn FnMut(usize, bool),
    ) -> Outcome<()> {
        self.step()?.many(sql, width, values, changed)
    }

    fn add(&mut self, into: &str, width: usize, values: &[Value<'_>]) -> Outcome<()> {
        self.step()?.add(into, width, values)
    }

    fn script(&mut self, sql: &str) -> Outcome<()> {
        self.step()?.script(sql)
    }

    fn copy_to(&mut self, target: &Path, progress: &mut dyn FnMut(u64, u64)) -> Outcome<()> {
        self.step()?.copy_to(target, progress)
    }

    fn copy_from(&mut self, source: &Path, progress: &mut dyn FnMut(u64, u64)) -> Outcome<()> {
        self.step()?.copy_from(source, progress)
    }
}
