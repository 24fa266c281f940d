//! A management session on the device's side, as far as one message goes: which commands run, in which order, and what each is answered.
//!
//! Parts of a message come in one by one, answers go out one by one; only an Atomic is answered when it is complete. What a single item
//! is answered is the tree's: see [`Tree`]. Nothing of a message may be kept unless [`Session::has_ended`]: a document that breaks off
//! later has run in part by then.

mod alert;
#[cfg(test)]
mod documents;
mod group;
mod header;
mod ids;
mod plan;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use ids::CmdIds;

use crate::catalog::{Code, Native};
use crate::csp::catalog::codes_status as codes;
use crate::csp::catalog::nodes::Verb;
use crate::csp::model::answer::{Answer, Receipt, Reply, Told};
use crate::csp::model::message::{Command, Form, Item, Part};
use crate::error::Outcome;
use plan::{Plan, Planner, Work};

/// What commands are carried out on.
pub trait Tree {
    /// A state to which the tree can go back.
    type State;

    /// Answers one item of a command, and keeps what it changes. The item has an address.
    fn answer(&mut self, verb: Verb, item: &Item) -> Reply;

    /// Remembers the state, at the beginning of an Atomic.
    fn remember(&mut self) -> Self::State;

    /// Goes back to a state, when an Atomic failed.
    fn go_back(&mut self, to: Self::State) -> Rollback;

    /// A name for the node at an address that is the same for every spelling of it.
    fn canonical(&self, loc_uri: &str) -> String;

    /// Whether a response to the message that holds nothing but these answers is short enough to be sent.
    fn fits(&self, receipt: &Receipt, answers: &[Answer<'_>]) -> bool;
}

/// Whether a tree could go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollback {
    Done,
    /// 516 is answered for what stays.
    Failed,
}

/// How the commands of a message are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// As one message.
    #[default]
    Whole,
    /// Each command as if alone in its message, outside of its Atomic or Sequence.
    Split,
}

/// Takes what a session tells.
pub type Each<'a> = dyn FnMut(Told<'_>) -> Outcome<()> + 'a;

/// One message on its way through the device.
#[derive(Debug)]
pub struct Session {
    mode: Mode,
    state: State,
    /// How the message as a whole was taken.
    receipt: Receipt,
    planner: Planner,
    ended: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The header was refused: no command runs.
    Refused,
    /// The message aborted the session: what follows is cancelled.
    Cancelled,
}

impl Session {
    #[must_use]
    pub fn new(mode: Mode) -> Self {
        Self {
            mode,
            state: State::Open,
            receipt: header::made_up(),
            planner: Planner::new(mode),
            ended: false,
        }
    }

    /// Whether the message was complete.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Takes the next part of the message and tells what it is answered.
    ///
    /// Status and Results are passed over: they answer what the device sent.
    pub fn take(&mut self, part: &Part, tree: &mut impl Tree, each: &mut Each<'_>) -> Outcome<()> {
        match part {
            Part::Start { form: Form::Message, .. }
            | Part::Instruction { .. }
            | Part::Final { .. } => Ok(()),
            Part::Start { form, .. } => {
                self.planner.number = *form == Form::Bare;
                each(Told::Receipt(header::made_up()))
            }
            Part::Header(header) => {
                let receipt = header::receive(header);
                if receipt.status != number(&codes::OK) {
                    self.state = State::Refused;
                }
                self.receipt.clone_from(&receipt);
                each(Told::Receipt(receipt))
            }
            Part::Command(_) if self.state == State::Refused => Ok(()),
            Part::Command(command) => self.run(command, tree, each),
            Part::End => {
                self.ended = true;
                Ok(())
            }
        }
    }

    fn run(&mut self, command: &Command, tree: &mut impl Tree, each: &mut Each<'_>) -> Outcome<()> {
        if self.mode == Mode::Split && plan::is_group(&command.name) {
            return command.commands.iter().try_for_each(|inner| self.run(inner, tree, each));
        }
        let plan = self.planner.plan(command, tree);
        self.carry_out(&plan, tree, each)
    }

    fn carry_out(
        &mut self,
        plan: &Plan<'_>,
        tree: &mut impl Tree,
        each: &mut Each<'_>,
    ) -> Outcome<()> {
        let tell = |answer| each(Told::Answer(answer));
        if self.state == State::Cancelled {
            let reason = "the message aborted the session before";
            return plan.all(&refuse(&codes::CANCELLED, reason)).try_for_each(tell);
        }
        match &plan.work {
            Work::Nothing => Ok(()),
            Work::Refused(reply) => plan.whole(reply.clone()).into_iter().try_for_each(tell),
            Work::Alert(alert) => {
                if alert.aborts && self.mode == Mode::Whole {
                    self.state = State::Cancelled;
                }
                plan.whole(alert.reply.clone()).into_iter().try_for_each(tell)
            }
            Work::Items(verb) => {
                let mut tell = tell;
                for (at, item) in plan.items().iter().enumerate() {
                    let fault = plan::fault(*verb, item);
                    let reply = fault.unwrap_or_else(|| tree.answer(*verb, item));
                    tell(plan.answer(at, reply))?;
                }
                Ok(())
            }
            Work::Sequence(steps) => {
                plan.whole(Reply::status(number(&codes::OK))).into_iter().try_for_each(tell)?;
                steps.iter().try_for_each(|step| self.carry_out(step, tree, each))
            }
            Work::Atomic(steps) => {
                let (answers, end) = group::atomic(plan, steps, &self.receipt, tree);
                if end == group::End::Aborted && self.mode == Mode::Whole {
                    self.state = State::Cancelled;
                }
                answers.into_iter().try_for_each(tell)
            }
        }
    }
}

/// The number of a status.
fn number(code: &Code) -> u16 {
    match code.native {
        Native::SyncmlStatus(number) => number,
        // The table holds no other; a server failure tells of one that does.
        _ => 511,
    }
}

fn refuse(code: &Code, reason: impl AsRef<str>) -> Reply {
    Reply::refused(number(code), reason.as_ref())
}
