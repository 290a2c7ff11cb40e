//! Amounts of money, no more exact than they are.

/// `$12.30`, `$1,234`, `<$0.01`.
pub fn money(value: f64, currency: &str) -> String {
    let sign = match currency {
        "EUR" => "€",
        "CNY" => "¥",
        _ => "$",
    };
    let size = value.abs();
    let minus = if value < 0.0 && size >= 5e-5 { "-" } else { "" };
    let figure = if size >= 999.5 {
        grouped(size)
    } else if !(1e-9..0.995).contains(&size) {
        format!("{size:.2}")
    } else if size >= 0.000_05 {
        format!("{size:.4}")
    } else {
        return format!("<{sign}0.0001");
    };
    format!("{minus}{sign}{figure}")
}

/// The same with `+` before what is more.
pub fn signed(value: f64, currency: &str) -> String {
    if value > 1e-9 { format!("+{}", money(value, currency)) } else { money(value, currency) }
}

fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `10k`, `1M`, `2.5M`, `730`.
pub fn count(value: f64) -> String {
    let short = |value: f64, unit: &str| {
        let text = if value >= 99.95 { format!("{value:.0}") } else { format!("{value:.1}") };
        format!("{}{unit}", text.strip_suffix(".0").unwrap_or(&text))
    };
    match value {
        _ if value >= 1e9 => short(value / 1e9, "B"),
        _ if value >= 1e6 => short(value / 1e6, "M"),
        _ if value >= 1e3 => short(value / 1e3, "k"),
        _ if value >= 10.0 || value == 0.0 => format!("{value:.0}"),
        _ => format!("{value:.2}"),
    }
}

/// A quantity of an assumption: few digits, no zeros behind.
pub fn figure(value: f64) -> String {
    if value >= 10_000.0 {
        return count(value);
    }
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short() {
        let shown = [0.0, 0.000_01, 0.0042, 0.99, 0.999, 12.345, 999.0, 1234.5, 1_234_567.0].map(|v| money(v, "USD"));
        let expected =
            ["$0.00", "<$0.0001", "$0.0042", "$0.9900", "$1.00", "$12.35", "$999.00", "$1,234", "$1,234,567"];
        assert_eq!(shown, expected.map(str::to_owned));
        assert_eq!(money(-2.0, "EUR"), "-€2.00");
        assert_eq!((signed(2.0, "USD"), signed(0.0, "USD")), ("+$2.00".into(), "$0.00".into()));
        assert_eq!([730.0, 8760.0, 1e6, 2.5e6, 1.2e9].map(count), ["730", "8.8k", "1M", "2.5M", "1.2B"]);
    }
}
