//! An Atomic: all of it or nothing.
//!
//! Source: [MS-MDM] Atomic, and [REPPRO] for 215, 216, 507, 516 and 517. That the structure of all commands is judged before the first
//! of them runs, and with it whether their answers fit into one message: assumed, no document tells.

use super::plan::{Plan, Work, fault, plain};
use super::{Rollback, Tree, number, refuse};
use crate::csp::catalog::codes_status as codes;
use crate::csp::model::answer::{Answer, Receipt, Reply};

/// How an Atomic ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    Failed,
    /// It was done, and an Alert in it ends the session.
    Aborted,
}

/// Carries out an Atomic and answers it: itself first, then what it holds, in order.
///
/// Answers of which not even one message could hold all keep it from running, and are not given.
pub(super) fn atomic<'p>(
    plan: &'p Plan<'_>,
    steps: &'p [Plan<'_>],
    receipt: &Receipt,
    tree: &mut impl Tree,
) -> (Vec<Answer<'p>>, End) {
    let mut answers: Vec<Answer<'p>> = plan.all(&plain(&codes::OK)).collect();
    if !tree.fits(receipt, &answers) {
        let reason = format!(
            "its {} answers do not fit into one message, so nothing of the `Atomic` was done",
            answers.len()
        );
        let own = plan.whole(refuse(&codes::RESPONSE_TOO_LARGE, reason));
        return (own.into_iter().collect(), End::Failed);
    }
    answers.clear();
    let end = if steps.iter().any(Plan::is_broken) {
        for step in steps {
            spare(step, &mut answers);
        }
        End::Failed
    } else {
        attempt_all(steps, tree, &mut answers)
    };
    let own = match end {
        End::Failed => refuse(&codes::ATOMIC_FAILED, reason(&answers)),
        End::Done | End::Aborted => plain(&codes::OK),
    };
    (plan.whole(own).into_iter().chain(answers).collect(), end)
}

/// Why an Atomic failed: its first command that did.
fn reason(answers: &[Answer<'_>]) -> String {
    let spared = [&codes::NOT_EXECUTED, &codes::ROLLED_BACK, &codes::ROLLBACK_FAILED].map(number);
    let culprit = answers.iter().find(|answer| !spared.contains(&answer.reply.status));
    culprit.map_or_else(String::new, |culprit| {
        let of = culprit.loc_uri.as_ref().map(|uri| format!(" of `{uri}`")).unwrap_or_default();
        format!("`{}`{of} failed, so nothing of the `Atomic` was done", culprit.name)
    })
}

/// Answers a command of an Atomic of which nothing runs: its own fault, or that it was not executed.
fn spare<'p>(step: &'p Plan<'_>, answers: &mut Vec<Answer<'p>>) {
    let spared = plain(&codes::NOT_EXECUTED);
    match &step.work {
        Work::Refused(fault) => answers.extend(step.whole(fault.clone())),
        Work::Items(verb) => {
            let items = step.items().iter();
            let replies = items.map(|item| fault(*verb, item).unwrap_or_else(|| spared.clone()));
            answers.extend(replies.enumerate().map(|(at, reply)| step.answer(at, reply)));
        }
        Work::Sequence(steps) => {
            answers.extend(step.whole(spared));
            for step in steps {
                spare(step, answers);
            }
        }
        _ => answers.extend(step.all(&spared)),
    }
}

fn attempt_all<'p>(
    steps: &'p [Plan<'_>],
    tree: &mut impl Tree,
    answers: &mut Vec<Answer<'p>>,
) -> End {
    let before = tree.remember();
    let mut attempt = Attempt { failed: false, aborts: false, answers };
    for step in steps {
        attempt.run(step, tree);
    }
    let Attempt { failed, aborts, .. } = attempt;
    if !failed {
        return if aborts { End::Aborted } else { End::Done };
    }
    let undone = match tree.go_back(before) {
        Rollback::Done => plain(&codes::ROLLED_BACK),
        Rollback::Failed => {
            let reason = "an injected fault kept the `Atomic` from being rolled back";
            refuse(&codes::ROLLBACK_FAILED, reason)
        }
    };
    for answer in answers.iter_mut().filter(|answer| answer.reply.is_success()) {
        answer.reply = undone.clone();
    }
    End::Failed
}

/// The commands of an Atomic, one after the other up to the first that fails.
struct Attempt<'a, 'p> {
    failed: bool,
    aborts: bool,
    answers: &'a mut Vec<Answer<'p>>,
}

impl<'p> Attempt<'_, 'p> {
    fn run(&mut self, step: &'p Plan<'_>, tree: &mut impl Tree) {
        if self.failed {
            self.answers.extend(step.all(&plain(&codes::NOT_EXECUTED)));
            return;
        }
        match &step.work {
            Work::Items(verb) => {
                for (at, item) in step.items().iter().enumerate() {
                    let reply = if self.failed {
                        plain(&codes::NOT_EXECUTED)
                    } else {
                        tree.answer(*verb, item)
                    };
                    self.failed |= !reply.is_success();
                    self.answers.push(step.answer(at, reply));
                }
            }
            Work::Sequence(steps) => {
                self.answers.extend(step.whole(plain(&codes::OK)));
                for step in steps {
                    self.run(step, tree);
                }
            }
            Work::Alert(alert) => {
                self.failed |= !alert.reply.is_success();
                self.aborts |= alert.aborts;
                self.answers.extend(step.whole(alert.reply.clone()));
            }
            // What is refused for its structure, and an Atomic inside, never comes here.
            Work::Refused(reply) => self.refuse(step, reply),
            Work::Atomic(_) | Work::Nothing => {}
        }
    }

    fn refuse(&mut self, step: &'p Plan<'_>, reply: &Reply) {
        self.failed = true;
        self.answers.extend(step.whole(reply.clone()));
    }
}
