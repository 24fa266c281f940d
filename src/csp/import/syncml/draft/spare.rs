//! The room of commands that were handed out, for those that follow: a long message takes no more of it than a short one.

use crate::csp::model::message::{Command, Item, Meta, Text};

/// How many texts are kept, and the longest of them in bytes.
const TEXTS: usize = 64;
const LONGEST: usize = 1024;

/// Emptied commands and texts.
#[derive(Debug, Default)]
pub(super) struct Spare {
    command: Option<Box<Command>>,
    texts: Vec<String>,
}

impl Spare {
    /// An empty command.
    pub(super) fn command(&mut self) -> Box<Command> {
        self.command.take().unwrap_or_default()
    }

    /// A text of its own.
    pub(super) fn text(&mut self, text: &str) -> String {
        let mut own = self.texts.pop().unwrap_or_default();
        own.push_str(text);
        own
    }

    /// Takes a command that nobody needs any more.
    pub(super) fn keep(&mut self, mut command: Box<Command>) {
        let (mut name, mut items) = (String::new(), Vec::new());
        std::mem::swap(&mut name, &mut command.name);
        std::mem::swap(&mut items, &mut command.items);
        self.located(command.cmd_id.take());
        for Item { target, source, meta, data, .. } in items.drain(..) {
            let Meta { format, kind, .. } = meta.unwrap_or_default();
            for text in [target, source, format, kind] {
                self.located(text);
            }
            if let Some(data) = data {
                self.emptied(data.text);
            }
        }
        name.clear();
        // One command may have had as many items as it can hold.
        items.shrink_to(1);
        *command = Command { name, items, ..Command::default() };
        self.command = Some(command);
    }

    fn located(&mut self, text: Option<Text>) {
        if let Some(Text { text, .. }) = text {
            self.emptied(text);
        }
    }

    fn emptied(&mut self, mut text: String) {
        if text.capacity() <= LONGEST && self.texts.len() < TEXTS {
            text.clear();
            self.texts.push(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Spare};
    use crate::csp::model::message::{Command, Data, Item, Text};

    #[test]
    fn nothing_of_a_command_is_found_in_the_next_one() {
        let text = |text: &str| Some(Text { text: text.to_owned(), line: 7 });
        let item = Item { target: text("./a"), source: text("./b"), more: true, ..Item::default() };
        let data = Some(Data { text: "x".repeat(LONGEST + 1), line: 7, cdata: true, markup: true });
        let used = Command {
            line: 7,
            name: "Replace".to_owned(),
            cmd_id: text("1"),
            no_response: true,
            items: vec![item.clone(), Item { data, ..item }],
            commands: vec![Command::default()],
            disorder: Some(7),
            ..Command::default()
        };
        let mut spare = Spare::default();
        spare.keep(Box::new(used));
        assert_eq!(*spare.command(), Command::default());
        assert_eq!(spare.texts.len(), 5, "a long text is not kept");
        assert_eq!(spare.text("new"), "new");
    }
}
