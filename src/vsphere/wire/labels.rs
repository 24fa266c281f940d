//! Labels in one cell of a table: a label a line, as `label=value`.
//!
//! Backslashes keep line feeds, equals signs of labels and backslashes themselves. Any other text is a note of a person, and stands
//! under a label of its own.

use crate::vsphere::model::value::KeyValue;

/// The label of a text that is no list of labels.
const NOTE: &str = "rvtools.labels";

/// Writes labels into one cell.
#[must_use]
pub fn write(labels: &[KeyValue]) -> String {
    if let [only] = labels
        && only.key == NOTE
        && !only.value.contains('=')
    {
        return only.value.clone();
    }
    let lines = labels.iter().map(|label| {
        format!("{}={}", escaped(&label.key).replace('=', "\\="), escaped(&label.value))
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r")
}

/// Reads the labels of a cell.
#[must_use]
pub fn read(cell: &str) -> Vec<KeyValue> {
    if cell.trim().is_empty() {
        return Vec::new();
    }
    let listed: Option<Vec<KeyValue>> = cell.split('\n').map(one).collect();
    listed.unwrap_or_else(|| vec![KeyValue::new(NOTE, cell)])
}

/// One line; `None` when it is no label with a value.
fn one(line: &str) -> Option<KeyValue> {
    let (mut key, mut value) = (String::new(), String::new());
    let mut behind = false;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let kept = match letter {
            '\\' => match letters.next()? {
                'n' => '\n',
                'r' => '\r',
                other => other,
            },
            '=' if !behind => {
                behind = true;
                continue;
            }
            other => other,
        };
        if behind { value.push(kept) } else { key.push(kept) }
    }
    (behind && !key.is_empty()).then(|| KeyValue::new(&key, &value))
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use crate::vsphere::model::value::KeyValue;

    #[test]
    fn any_label_reads_back_as_it_was_written() {
        let labels = [
            KeyValue::new("team", "infra, \"core\"\nsecond line\r\n\\n"),
            KeyValue::new("a=b", "é=ü"),
            KeyValue::new("empty", ""),
        ];
        assert_eq!(read(&write(&labels)), labels);
        assert_eq!(write(&[]), "");
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_text_that_is_no_list_of_labels_stands_under_its_own() {
        let note = [KeyValue::new("rvtools.labels", "bought 2026")];
        assert_eq!(read("bought 2026"), note);
        assert_eq!(write(&note), "bought 2026");
    }
}
