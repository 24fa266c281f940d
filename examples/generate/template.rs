//! The XML that the records of a binary log have in common, with numbered gaps for what differs.

use crate::event::{Event, KEYWORDS, PROVIDER, PROVIDER_GUID};

/// Types of values.
pub(crate) mod kind {
    pub(crate) const STRING: u8 = 0x01;
    pub(crate) const U16: u8 = 0x06;
    pub(crate) const U64: u8 = 0x0A;
    pub(crate) const FILETIME: u8 = 0x11;
    pub(crate) const STRINGS: u8 = 0x81;
}

/// What stands in an element or an attribute: a text, or the gap of that number and type.
pub(crate) enum Content {
    Text(String),
    Gap(u16, u8),
}

pub(crate) struct Element {
    pub(crate) name: &'static str,
    pub(crate) attributes: Vec<(&'static str, Content)>,
    pub(crate) children: Vec<Element>,
    pub(crate) content: Option<Content>,
}

fn element(name: &'static str, attributes: Vec<(&'static str, Content)>) -> Element {
    Element { name, attributes, children: Vec::new(), content: None }
}

fn leaf(name: &'static str, content: Content) -> Element {
    Element { content: Some(content), ..element(name, Vec::new()) }
}

fn text(text: &(impl ToString + ?Sized)) -> Content {
    Content::Text(text.to_string())
}

/// The XML that all records of a log share. Gaps: 0 event ID, 1 time, 2 record ID, 3 data.
pub(crate) fn template(sample: &Event, data: u8) -> Element {
    let sort = sample.sort;
    let namespace = "http://schemas.microsoft.com/win/2004/08/events/event";
    let system = vec![
        element(
            "Provider",
            vec![
                ("Name", text(PROVIDER)),
                ("Guid", text(PROVIDER_GUID)),
                ("EventSourceName", text(sort.source)),
            ],
        ),
        Element {
            content: Some(Content::Gap(0, kind::U16)),
            ..element("EventID", vec![("Qualifiers", text(&sort.qualifiers))])
        },
        leaf("Version", text("0")),
        leaf("Level", text(&sort.level)),
        leaf("Task", text("0")),
        leaf("Opcode", text("0")),
        leaf("Keywords", text(KEYWORDS)),
        element("TimeCreated", vec![("SystemTime", Content::Gap(1, kind::FILETIME))]),
        leaf("EventRecordID", Content::Gap(2, kind::U64)),
        element("Correlation", Vec::new()),
        element("Execution", vec![("ProcessID", text("0")), ("ThreadID", text("0"))]),
        leaf("Channel", text(sort.channel)),
        leaf("Computer", text(&sample.computer)),
        element("Security", Vec::new()),
    ];
    let data = vec![leaf("Data", Content::Gap(3, data))];
    let children = vec![
        Element { children: system, ..element("System", Vec::new()) },
        Element { children: data, ..element("EventData", Vec::new()) },
    ];
    Element { children, ..element("Event", vec![("xmlns", text(namespace))]) }
}
