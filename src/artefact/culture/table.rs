//! How the cultures that Windows knows write dates and times: the rows behind `--culture`.

use crate::error::Usage;
use Order::{DayMonthYear, MonthDayYear, YearMonthDay};

/// How a culture writes dates and times.
#[derive(Debug)]
pub struct Culture {
    /// The name that Windows gives it: `de-DE`.
    pub name: &'static str,
    pub order: Order,
    /// What may stand between the numbers of a date: by Windows' own tables, then by those of
    /// PowerShell 7.
    pub separators: &'static str,
    /// The words for the halves of the day; `None` with a 24-hour clock.
    pub halves: Option<[&'static str; 2]>,
}

/// The order of the numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

const fn culture(
    name: &'static str,
    order: Order,
    separators: &'static str,
    halves: Option<[&'static str; 2]>,
) -> Culture {
    Culture { name, order, separators, halves }
}

const ENGLISH: Option<[&str; 2]> = Some(["AM", "PM"]);

/// The cultures that `--culture` knows: short date and long time pattern as Windows sets them up.
pub static CULTURES: [Culture; 32] = [
    culture("cs-CZ", DayMonthYear, ".", None),
    culture("da-DK", DayMonthYear, "-.", None),
    culture("de-AT", DayMonthYear, ".", None),
    culture("de-CH", DayMonthYear, ".", None),
    culture("de-DE", DayMonthYear, ".", None),
    culture("el-GR", DayMonthYear, "/", Some(["πμ", "μμ"])),
    culture("en-AU", DayMonthYear, "/", ENGLISH),
    culture("en-CA", YearMonthDay, "-", ENGLISH),
    culture("en-GB", DayMonthYear, "/", None),
    culture("en-IE", DayMonthYear, "/", None),
    culture("en-IN", DayMonthYear, "-/", ENGLISH),
    culture("en-NZ", DayMonthYear, "/", ENGLISH),
    culture("en-US", MonthDayYear, "/", ENGLISH),
    culture("es-ES", DayMonthYear, "/", None),
    culture("es-MX", DayMonthYear, "/", Some(["a. m.", "p. m."])),
    culture("fi-FI", DayMonthYear, ".", None),
    culture("fr-CA", YearMonthDay, "-", None),
    culture("fr-FR", DayMonthYear, "/", None),
    culture("hu-HU", YearMonthDay, ".", None),
    culture("it-IT", DayMonthYear, "/", None),
    culture("ja-JP", YearMonthDay, "/", None),
    culture("ko-KR", YearMonthDay, "-", Some(["오전", "오후"])),
    culture("nb-NO", DayMonthYear, ".", None),
    culture("nl-NL", DayMonthYear, "-", None),
    culture("pl-PL", DayMonthYear, ".", None),
    culture("pt-BR", DayMonthYear, "/", None),
    culture("pt-PT", DayMonthYear, "/", None),
    culture("ru-RU", DayMonthYear, ".", None),
    culture("sv-SE", YearMonthDay, "-", None),
    culture("tr-TR", DayMonthYear, ".", None),
    culture("zh-CN", YearMonthDay, "/", None),
    culture("zh-TW", YearMonthDay, "/", Some(["上午", "下午"])),
];

/// Finds a culture by its name, in any case.
///
/// Refuses a name that is not in the table, as wrong usage.
pub fn find(name: &str) -> Result<&'static Culture, Usage> {
    CULTURES.iter().find(|known| known.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
        let known: Vec<&str> = CULTURES.iter().map(|known| known.name).collect();
        Usage::new(format!("no culture is named `{name}`"))
            .hinted(format!("known are {}", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::{CULTURES, find};

    #[test]
    fn a_culture_is_found_by_its_name_in_any_case() {
        for culture in &CULTURES {
            assert!(std::ptr::eq(find(&culture.name.to_uppercase()).unwrap(), culture));
        }
        let refused = find("xx-YY").unwrap_err();
        assert_eq!(refused.message, "no culture is named `xx-YY`");
        assert!(refused.hint.unwrap().contains("sv-SE"));
    }
}
