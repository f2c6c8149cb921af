//! Medians, and numbers as people read them.

use std::time::{Duration, Instant};

/// The middle one of several figures; of an even number of them the mean of the middle
/// two. Of none it is not a number.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = figures.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let (low, high) = (sorted.len().saturating_sub(1) / 2, sorted.len() / 2);
    match (sorted.get(low), sorted.get(high)) {
        (Some(low), Some(high)) => f64::midpoint(*low, *high),
        _ => f64::NAN,
    }
}

/// How long `act` took by the clock on the wall, and what it gave.
#[cfg(target_os = "linux")]
pub(crate) fn wall_time<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let result = act();
    (began.elapsed(), result)
}

/// The time that `act` took of a processor, in this thread, and what it gave. What else
/// the machine does meanwhile is not in it.
#[cfg(target_os = "linux")]
pub(crate) fn processor_time<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    use nix::time::{ClockId, clock_gettime};
    let now = || clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok();
    let began = now();
    let result = act();
    let took = now().zip(began).map(|(now, began)| (now - began).into());
    (took.unwrap_or_default(), result)
}

/// Elsewhere than on Linux: the time on the wall.
#[cfg(not(target_os = "linux"))]
pub(crate) fn processor_time<T>(act: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let result = act();
    (began.elapsed(), result)
}

/// A count as a figure to reckon with.
#[expect(
    clippy::cast_precision_loss,
    reason = "no count of a measurement has more than 52 bits"
)]
pub(crate) fn number(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(u64::MAX) as f64
}

/// Seconds, in the unit that suits them: `1.24 s`, `356 ms`, `12.1 µs`.
pub(crate) fn seconds(seconds: f64) -> String {
    match seconds {
        1.0.. => format!("{} s", digits(seconds)),
        1e-3.. => format!("{} ms", digits(seconds * 1e3)),
        _ => format!("{} µs", digits(seconds * 1e6)),
    }
}

/// Bytes, in the unit that suits them.
pub(crate) fn bytes(bytes: f64) -> String {
    match bytes {
        1e6.. => format!("{} MB", digits(bytes / 1e6)),
        1e3.. => format!("{} kB", digits(bytes / 1e3)),
        _ => format!("{bytes:.0} B"),
    }
}

/// A count, in the unit that suits it: `8.61 M`, `380 k`.
pub(crate) fn count(count: f64) -> String {
    match count {
        1e6.. => format!("{} M", digits(count / 1e6)),
        1e3.. => format!("{} k", digits(count / 1e3)),
        _ => digits(count),
    }
}

/// Three significant digits where there are fewer than three before the point.
pub(crate) fn digits(figure: f64) -> String {
    match figure.abs() {
        99.95.. => format!("{figure:.0}"),
        9.995.. => format!("{figure:.1}"),
        _ => format!("{figure:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle_whatever_the_order() {
        for (figures, expected) in [
            (&[3.0, 1.0, 2.0][..], 2.0),
            (&[4.0, 1.0, 3.0, 2.0], 2.5),
            (&[7.0], 7.0),
            (&[1.0, 1.0, 1e9], 1.0),
        ] {
            assert!((median(figures.iter().copied()) - expected).abs() < 1e-9);
        }
        assert!(median([]).is_nan());
    }

    #[test]
    fn figures_have_three_digits_and_a_unit() {
        let cases = [
            (seconds(1.2345), "1.23 s"),
            (seconds(0.356), "356 ms"),
            (seconds(0.000_012_1), "12.1 µs"),
            (bytes(5500.0), "5.50 kB"),
            (bytes(12.0), "12 B"),
            (count(8_610_000.0), "8.61 M"),
            (count(99.99), "100"),
        ];
        for (told, expected) in cases {
            assert_eq!(told, expected);
        }
    }
}
