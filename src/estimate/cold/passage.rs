//! First passages of the birth-death chain by Talbot's inversion of their Laplace transforms.
//!
//! Let v(j) be the transform of the time from j calls to the next level or above. Departures go
//! one at a time, so v(j) is a sum of c(j, i) v(j + i) over the burst, and one pass upward gives
//! every level. With h = 1 - sum of c, h(j) = (s + j m h(j-1)) / (l + s + j m (1 - c(j-1, 1))),
//! which never subtracts near-equal numbers.

use super::Load;
use super::levels::Levels;

/// Points of the inversion contour; more gain nothing in double precision.
const POINTS: usize = 18;
/// Below the precision of the inversion there is only noise.
const NOISE: f64 = 1e-9;

type Lane = [f64; POINTS];

/// For each level, P(first passage > time) and E min(first passage, time).
pub(super) fn passages(load: Load, levels: &Levels, time: f64) -> (Vec<f64>, Vec<f64>) {
    let count = levels.count();
    let (mut tails, mut means) = (vec![0.0; count], vec![0.0; count]);
    if time <= 0.0 {
        tails.fill(1.0);
        return (tails, means);
    }
    let burst = load.burst.max(1) as usize;
    let (arrivals, end) = (load.rate / burst as f64, 1.0 / load.service);
    let (s, tail_weight, mean_weight) = contour(time);
    // The chain is held at `from`: nothing falls below.
    let (mut h_re, mut h_im): (Lane, Lane) = ([0.0; POINTS], [0.0; POINTS]);
    // c(j, 2..=burst), newest last, and their sum.
    let mut ring: Vec<(Lane, Lane)> = vec![([0.0; POINTS], [0.0; POINTS]); burst - 1];
    let (mut rest_re, mut rest_im): (Lane, Lane) = ([0.0; POINTS], [0.0; POINTS]);
    for (i, (tail, mean)) in tails.iter_mut().zip(means.iter_mut()).enumerate() {
        let down = if i == 0 { 0.0 } else { end * (levels.from + i) as f64 };
        let (mut sum_tail, mut sum_mean) = (0.0, 0.0);
        for point in 0..POINTS {
            let (s_re, s_im) = (s.0[point], s.1[point]);
            let (top_re, top_im) = (s_re + down * h_re[point], s_im + down * h_im[point]);
            let d_re = arrivals + top_re + down * rest_re[point];
            let d_im = top_im + down * rest_im[point];
            let norm = 1.0 / (d_re * d_re + d_im * d_im);
            let (inverse_re, inverse_im) = (d_re * norm, -d_im * norm);
            let re = top_re * inverse_re - top_im * inverse_im;
            let im = top_re * inverse_im + top_im * inverse_re;
            h_re[point] = re;
            h_im[point] = im;
            sum_tail += re * tail_weight.0[point] - im * tail_weight.1[point];
            sum_mean += re * mean_weight.0[point] - im * mean_weight.1[point];
            if burst > 1 {
                let (f_re, f_im) = (down * inverse_re, down * inverse_im);
                let (new_re, new_im) = (arrivals * inverse_re, arrivals * inverse_im);
                // c(j, i) = f c(j-1, i+1): the first leaves the ring, all others shrink.
                let first = ring[0];
                for (place, shrunk) in (1..burst - 1).enumerate() {
                    let (re, im) = (ring[shrunk].0[point], ring[shrunk].1[point]);
                    ring[place].0[point] = re * f_re - im * f_im;
                    ring[place].1[point] = re * f_im + im * f_re;
                }
                let (re, im) = (rest_re[point] - first.0[point], rest_im[point] - first.1[point]);
                rest_re[point] = re * f_re - im * f_im + new_re;
                rest_im[point] = re * f_im + im * f_re + new_im;
                ring[burst - 2].0[point] = new_re;
                ring[burst - 2].1[point] = new_im;
            }
        }
        *tail = if sum_tail < NOISE { 0.0 } else { sum_tail.min(1.0) };
        *mean = sum_mean.clamp(0.0, time);
    }
    (tails, means)
}

/// Points of the contour and the weights of the tail and of the mean.
fn contour(time: f64) -> ((Lane, Lane), (Lane, Lane), (Lane, Lane)) {
    let zero = ([0.0; POINTS], [0.0; POINTS]);
    let (mut s, mut tail, mut mean) = (zero, zero, zero);
    let radius = 2.0 * POINTS as f64 / (5.0 * time);
    let over = |a: (f64, f64), b: (f64, f64)| {
        let norm = b.0 * b.0 + b.1 * b.1;
        ((a.0 * b.0 + a.1 * b.1) / norm, (a.1 * b.0 - a.0 * b.1) / norm)
    };
    for point in 0..POINTS {
        let (at, weight) = if point == 0 {
            ((radius, 0.0), (0.5 * (radius * time).exp(), 0.0))
        } else {
            let angle = point as f64 * std::f64::consts::PI / POINTS as f64;
            let cot = angle.cos() / angle.sin();
            let at = (radius * angle * cot, radius * angle);
            let size = (at.0 * time).exp();
            let turn = (size * (at.1 * time).cos(), size * (at.1 * time).sin());
            let slope = angle + (angle * cot - 1.0) * cot;
            (at, (turn.0 - turn.1 * slope, turn.1 + turn.0 * slope))
        };
        let scale = radius / POINTS as f64;
        let weight = over((weight.0 * scale, weight.1 * scale), at);
        (s.0[point], s.1[point]) = at;
        (tail.0[point], tail.1[point]) = weight;
        (mean.0[point], mean.1[point]) = over(weight, at);
    }
    (s, tail, mean)
}
