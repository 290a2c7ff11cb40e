//! Dates and times, which YAML 1.1 and js-yaml recognise by the same pattern.

/// `yyyy-mm-dd`, or a date and a time with an optional zone.
pub(super) fn matches(text: &str) -> bool {
    read(text).is_some()
}

/// The date and time `text` as the instant that JavaScript writes into JSON, e.g.
/// `2012-10-17T00:00:00.000Z`; `None` where it is no timestamp.
pub fn iso_instant(text: &str) -> Option<String> {
    let time = read(text)?;
    let days = days_from_civil(time.year, time.month, time.day);
    let seconds = ((days * 24 + time.hour) * 60 + time.minute) * 60 + time.second - time.zone * 60;
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute) = (second / 3600, second / 60 % 60);
    let (second, millis) = (second % 60, time.millis);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z"))
}

#[derive(Default)]
struct Time {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    millis: i64,
    /// Minutes east of UTC.
    zone: i64,
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Reader<'_> {
    /// A number of `least` to `most` digits.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let rest = self.bytes.get(self.at..)?;
        let count = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count >= least).then(|| rest[..count].iter().fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0')))
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found.then_some(())
    }

    fn blanks(&mut self) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        self.at += count;
        count
    }
}

fn read(text: &str) -> Option<Time> {
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let year = reader.number(4, 4)?;
    reader.take(b'-')?;
    let month = reader.number(1, 2)?;
    reader.take(b'-')?;
    let day = reader.number(1, 2)?;
    let mut time = Time { year, month, day, ..Time::default() };
    if reader.at == text.len() {
        // A date alone has two digits in each part.
        return (text.len() == 10).then_some(time);
    }
    if reader.take(b'T').or_else(|| reader.take(b't')).is_none() && reader.blanks() == 0 {
        return None;
    }
    time.hour = reader.number(1, 2)?;
    reader.take(b':')?;
    time.minute = reader.number(2, 2)?;
    reader.take(b':')?;
    time.second = reader.number(2, 2)?;
    if reader.take(b'.').is_some() {
        let digits = reader.bytes[reader.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let fraction = text.get(reader.at..reader.at + digits.min(3)).unwrap_or_default();
        time.millis = format!("{fraction:0<3}").parse().unwrap_or(0);
        reader.at += digits;
    }
    if reader.at < text.len() {
        reader.blanks();
        time.zone = zone(&mut reader)?;
    }
    (reader.at == text.len()).then_some(time)
}

/// `Z`, `+9`, `-05:30`
fn zone(reader: &mut Reader<'_>) -> Option<i64> {
    if reader.take(b'Z').is_some() {
        return Some(0);
    }
    let east = reader.take(b'+').is_some();
    if !east {
        reader.take(b'-')?;
    }
    let hours = reader.number(1, 2)?;
    let minutes = if reader.take(b':').is_some() { reader.number(2, 2)? } else { 0 };
    let total = hours * 60 + minutes;
    Some(if east { total } else { -total })
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar; months and days beyond their
/// range carry over, as JavaScript's do.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let months = year * 12 + month - 1;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year + day - 1 - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
