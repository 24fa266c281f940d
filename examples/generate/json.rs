//! JSON as PowerShell's `ConvertTo-Json` writes it, and events in it.

use crate::calendar::Moment;
use crate::event::{Event, KEYWORDS, PROVIDER, PROVIDER_GUID};
use crate::host::Stranger;

/// A value that is still to be laid out.
#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(i64),
    Text(String),
    Time(Moment),
    List(Vec<Value>),
    Object(Vec<(&'static str, Value)>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Which PowerShell writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    /// Windows PowerShell 5.1: nested values are indented below their bracket, two blanks follow a colon, times are `\/Date(ms)\/`.
    Windows,
    /// The same with `-Compress`.
    WindowsCompressed,
    /// PowerShell 7: two blanks a level, times are ISO.
    Core,
}

/// Appends `value`, whose first character stands in column `column`.
pub(crate) fn write(value: &Value, shell: Shell, column: usize, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::Text(text) => write_text(text, shell, out),
        Value::Time(time) if shell == Shell::Core => {
            out.extend(["\"", time.iso().as_str(), "\""]);
        }
        Value::Time(time) => out.extend(["\"\\/Date(", time.0.to_string().as_str(), ")\\/\""]),
        Value::List(items) => {
            let members = items.iter().map(|item| (None, item));
            write_members(members, ['[', ']'], shell, column, out);
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| (Some(*name), member));
            write_members(members, ['{', '}'], shell, column, out);
        }
    }
}

fn write_members<'v>(
    members: impl Iterator<Item = (Option<&'v str>, &'v Value)>,
    [open, close]: [char; 2],
    shell: Shell,
    column: usize,
    out: &mut String,
) {
    let (step, colon, line) = match shell {
        Shell::Windows => (4, ":  ", "\r\n"),
        Shell::WindowsCompressed => (0, ":", ""),
        Shell::Core => (2, ": ", "\r\n"),
    };
    let pad = |width| {
        if line.is_empty() { String::new() } else { " ".repeat(width) }
    };
    out.push(open);
    for (position, (name, member)) in members.enumerate() {
        out.push_str(if position == 0 { "" } else { "," });
        out.push_str(line);
        out.push_str(&pad(column + step));
        let mut inner = column + step;
        if let Some(name) = name {
            out.extend(["\"", name, "\"", colon]);
            if shell == Shell::Windows {
                inner += name.len() + 2 + colon.len();
            }
        }
        write(member, shell, inner, out);
    }
    out.push_str(line);
    out.push_str(&pad(column));
    out.push(close);
}

fn write_text(text: &str, shell: Shell, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\r' => out.push_str("\\r"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            // The serializer of Windows PowerShell was made for scripts inside web pages.
            '\'' | '<' | '>' | '&' if shell != Shell::Core => {
                let code = format!("\\u{:04x}", u32::from(character));
                out.push_str(&code);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// One record as `Get-WinEvent | Select-Object Id, RecordId, TimeCreated, MachineName, LogName, Properties`.
pub(crate) fn win_event(event: &Event) -> Value {
    let properties = event.strings.iter().map(|string| property(Value::Text(string.clone())));
    selected(event.sort.id, event.record, event.time, &event.computer, properties.collect())
}

/// The record of a foreign program: an ID that KMS does not have, and a lump of bytes. It holds a harmless text.
pub(crate) fn stranger(stranger: &Stranger, computer: &str) -> Value {
    let text = "no activation request: a record that some other program left in this log. ";
    let bytes = text.repeat(4).bytes().map(|byte| Value::Number(i64::from(byte))).collect();
    let properties = vec![property(Value::from("")), property(Value::List(bytes))];
    selected(1337, stranger.record, stranger.time, computer, properties)
}

fn property(value: Value) -> Value {
    Value::Object(vec![("Value", value)])
}

fn selected(id: u32, record: u64, time: Moment, computer: &str, properties: Vec<Value>) -> Value {
    Value::Object(vec![
        ("Id", Value::Number(i64::from(id))),
        ("RecordId", Value::Number(i64::try_from(record).unwrap_or(i64::MAX))),
        ("TimeCreated", Value::Time(time)),
        ("MachineName", Value::from(computer)),
        ("LogName", Value::from(crate::event::KMS_CHANNEL)),
        ("Properties", Value::List(properties)),
    ])
}

/// One record as a line of the JSON that dumpers of binary logs write.
pub(crate) fn dumped(event: &Event) -> String {
    let texts: Vec<Value> =
        event.strings.iter().map(|string| Value::from(string.as_str())).collect();
    let number = |number: i64| Value::Number(number);
    let attributes = |members| Value::Object(vec![("#attributes", Value::Object(members))]);
    let system = Value::Object(vec![
        (
            "Provider",
            attributes(vec![
                ("Name", Value::from(PROVIDER)),
                ("Guid", Value::from(PROVIDER_GUID)),
                ("EventSourceName", Value::from(event.sort.source)),
            ]),
        ),
        (
            "EventID",
            Value::Object(vec![
                (
                    "#attributes",
                    Value::Object(vec![("Qualifiers", number(i64::from(event.sort.qualifiers)))]),
                ),
                ("#text", number(i64::from(event.sort.id))),
            ]),
        ),
        ("Version", number(0)),
        ("Level", number(i64::from(event.sort.level))),
        ("Task", number(0)),
        ("Opcode", number(0)),
        ("Keywords", Value::from(KEYWORDS)),
        ("TimeCreated", attributes(vec![("SystemTime", Value::Text(event.time.precise()))])),
        ("EventRecordID", number(i64::try_from(event.record).unwrap_or(i64::MAX))),
        ("Channel", Value::from(event.sort.channel)),
        ("Computer", Value::from(event.computer.as_str())),
    ]);
    let data = match <[Value; 1]>::try_from(texts) {
        Ok([only]) => only,
        Err(several) => Value::List(several),
    };
    let data = Value::Object(vec![("Data", Value::Object(vec![("#text", data)]))]);
    let event = Value::Object(vec![("System", system), ("EventData", data)]);
    let mut line = String::new();
    // No apostrophe or angle bracket stands in these events, so the compressed form is that of any dumper.
    let shell = Shell::WindowsCompressed;
    write(&Value::Object(vec![("Event", event)]), shell, 0, &mut line);
    line
}
