use std::time::Instant;

use serde::Serialize;

#[derive(Clone, Copy)]
pub struct Sample {
    pub sent: Instant,
    pub answered: Instant,
    pub status: u16,
    /// Length of the request's body.
    pub bytes: usize,
}

impl Sample {
    fn milliseconds(&self) -> f64 {
        (self.answered - self.sent).as_secs_f64() * 1000.0
    }
}

/// The time that counts, and the CPU seconds that were used meanwhile.
pub struct Window {
    pub start: Instant,
    pub end: Instant,
    pub server: Option<f64>,
    pub sender: f64,
}

#[derive(Serialize)]
pub struct Report {
    /// Answers with status 200 within the window; all figures are theirs.
    requests: usize,
    /// Answers with another status.
    failed: usize,
    requests_per_second: f64,
    texts_per_second: f64,
    p50_ms: f64,
    p95_ms: f64,
    p99_ms: f64,
    /// The median of each quarter of the requests, shortest bodies first.
    quarters_p50_ms: Vec<f64>,
    server_cpu_ms_per_request: Option<f64>,
    sender_cores: f64,
}

impl Report {
    pub fn new(window: &Window, samples: &[Sample], texts_per_request: usize) -> Self {
        let within = |sample: &&Sample| (window.start..window.end).contains(&sample.answered);
        let (mut good, bad): (Vec<&Sample>, Vec<&Sample>) =
            samples.iter().filter(within).partition(|sample| sample.status == 200);
        good.sort_by_key(|sample| sample.bytes);
        let seconds = (window.end - window.start).as_secs_f64();
        let milliseconds: Vec<_> = good.iter().map(|sample| sample.milliseconds()).collect();
        let requests_per_second = count(good.len()) / seconds;
        Self {
            requests: good.len(),
            failed: bad.len(),
            requests_per_second,
            texts_per_second: requests_per_second * count(texts_per_request),
            p50_ms: quantile(&milliseconds, 0.5),
            p95_ms: quantile(&milliseconds, 0.95),
            p99_ms: quantile(&milliseconds, 0.99),
            quarters_p50_ms: quarters(&milliseconds).map(|part| quantile(part, 0.5)).collect(),
            server_cpu_ms_per_request: window.server.map(|cpu| cpu * 1000.0 / count(good.len())),
            sender_cores: window.sender / seconds,
        }
    }
}

/// Four parts of about equal size; fewer if there are fewer than four values.
fn quarters(values: &[f64]) -> impl Iterator<Item = &[f64]> {
    values.chunks(values.len().div_ceil(4).max(1))
}

/// The value below which a share of the values lies (nearest rank); NaN if there are none.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is an index")]
    let rank = (share * count(sorted.len())).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!([0.5, 0.99].map(|share| quantile(&values, share)), [50.0, 99.0]);
    }

    #[test]
    fn answers_after_the_window_do_not_count() {
        let start = Instant::now();
        let end = start + Duration::from_secs(2);
        let window = Window { start, end, server: None, sender: 0.0 };
        let at = |seconds| Sample {
            sent: start,
            answered: start + Duration::from_secs(seconds),
            status: 200,
            bytes: 10,
        };
        assert_eq!(Report::new(&window, &[at(1), at(3)], 8).texts_per_second, 4.0);
    }
}
