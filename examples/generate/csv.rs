//! Events as CSV, as `Get-WinEvent | Select-Object … | Export-Csv` writes it.

use crate::event::Event;

/// The line of types that Windows PowerShell writes first, then the header.
///
/// `TimeCreated` is a calculated column, `@{n='TimeCreated';e={$_.TimeCreated.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')}}`:
/// left alone, Export-Csv writes the culture and zone of the machine.
pub(crate) const HEAD: &str = "#TYPE Selected.System.Diagnostics.Eventing.Reader.EventLogRecord\r\n\
     \"TimeCreated\",\"Id\",\"RecordId\",\"MachineName\",\"Message\"\r\n";

/// One record; every field is quoted, the message has line ends of its own.
pub(crate) fn record(event: &Event) -> String {
    format!(
        "{},{},{},{},{}\r\n",
        quoted(&event.time.iso()),
        quoted(&event.sort.id.to_string()),
        quoted(&event.record.to_string()),
        quoted(&event.computer),
        quoted(&event.message())
    )
}

fn quoted(field: &str) -> String {
    format!("\"{}\"", field.replace('"', "\"\""))
}
