//! Events as XML, in the two ways in which administrators save them.

use crate::event::{Event, KEYWORDS, PROVIDER, PROVIDER_GUID};

const NAMESPACE: &str = "http://schemas.microsoft.com/win/2004/08/events/event";

/// `wevtutil qe LOG /f:xml`: one event a line, no root, single quotes.
pub(crate) fn bare(events: &[Event]) -> String {
    events.iter().map(|event| element(event, "") + "\r\n").collect()
}

/// Event Viewer, "Save Filtered Log File As", XML: a declaration, a root, and the rendered message.
pub(crate) fn rooted(events: &[Event]) -> String {
    let mut text =
        "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>".to_owned();
    for event in events {
        text.push_str(&element(event, &rendering(event)));
    }
    text.push_str("</Events>\r\n");
    text
}

/// One `Event` element; `rendering` stands after its data.
pub(crate) fn element(event: &Event, rendering: &str) -> String {
    let sort = event.sort;
    let element = |string: &String| ["<Data>".to_owned(), escaped(string), "</Data>".to_owned()];
    let data: String = event.strings.iter().flat_map(element).collect();
    format!(
        "<Event xmlns='{NAMESPACE}'><System><Provider Name='{PROVIDER}' Guid='{PROVIDER_GUID}' \
         EventSourceName='{}'/><EventID Qualifiers='{}'>{}</EventID><Version>0</Version>\
         <Level>{}</Level><Task>0</Task><Opcode>0</Opcode><Keywords>{KEYWORDS}</Keywords>\
         <TimeCreated SystemTime='{}'/><EventRecordID>{}</EventRecordID><Correlation/>\
         <Execution ProcessID='0' ThreadID='0'/><Channel>{}</Channel><Computer>{}</Computer>\
         <Security/></System><EventData>{data}</EventData>{rendering}</Event>",
        sort.source,
        sort.qualifiers,
        sort.id,
        sort.level,
        event.time.precise(),
        event.record,
        sort.channel,
        escaped(&event.computer)
    )
}

fn rendering(event: &Event) -> String {
    let level = if event.sort.level == 2 { "Error" } else { "Information" };
    format!(
        "<RenderingInfo Culture='en-US'><Message>{}</Message><Level>{level}</Level><Task></Task>\
         <Opcode></Opcode><Channel></Channel><Provider>{PROVIDER}</Provider>\
         <Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo>",
        escaped(&event.message())
    )
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\'' => out.push_str("&apos;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
