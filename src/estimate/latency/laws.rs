//! Distributions of composed times. Parts that many paths share are transformed once, and equal
//! times have one distribution.

use super::time::{Mode, RARE, Time, starts};
use super::{CELLS, Distribution, Part, step_for};
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// Cells of a transform: what two parts take together does not come round to the start.
const LENGTH: usize = 2 * CELLS;
/// Steps of grids between one and its double: paths of about the same length share parts.
const STEPS: f64 = 8.0;
/// Distributions and spectra that are kept, of 16 to 32 KB each.
const KEPT: usize = 512;

type Plans = (Arc<dyn RealToComplex<f64>>, Arc<dyn ComplexToReal<f64>>);
type Spectrum = Vec<Complex<f64>>;

static PLANS: LazyLock<Plans> = LazyLock::new(|| {
    let mut planner = RealFftPlanner::new();
    (planner.plan_fft_forward(LENGTH), planner.plan_fft_inverse(LENGTH))
});

/// Distributions that were asked for already.
#[derive(Debug, Default)]
pub struct Laws {
    known: RefCell<Kept<Distribution>>,
    spectra: RefCell<Kept<Spectrum>>,
}

/// Values by what they are made of. When there are too many, it starts again.
#[derive(Debug)]
struct Kept<V>(HashMap<Vec<u64>, Rc<V>>);

impl<V> Default for Kept<V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<V> Kept<V> {
    fn keep(&mut self, key: Vec<u64>, value: V) -> Rc<V> {
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        let value = Rc::new(value);
        self.0.insert(key, Rc::clone(&value));
        value
    }
}

impl Laws {
    /// The distribution of `time`.
    pub fn of(&self, time: &Time, mode: Mode) -> Rc<Distribution> {
        let mut parts = Vec::new();
        time.parts(mode, &mut parts);
        let step = ((step_for(&parts).log2() * STEPS).ceil() / STEPS).exp2();
        self.on(time, mode, step)
    }

    fn on(&self, time: &Time, mode: Mode, step: f64) -> Rc<Distribution> {
        let mut key = vec![step.to_bits()];
        time.write_key(mode, &mut key);
        if let Some(known) = self.known.borrow().0.get(&key) {
            return Rc::clone(known);
        }
        let mut shares = Vec::new();
        time.shares(mode, &mut shares);
        match shares.as_slice() {
            // One start: warm or cold, and nothing depends on it twice. Shares hardly ever come
            // again, and a mixture is made faster than it is kept.
            [share] if mode == Mode::Mixed => {
                Rc::new(self.on(time, Mode::Warm, step).or(*share, &self.on(time, Mode::Cold, step)))
            }
            _ => {
                let law = Distribution { step, mass: backward(&self.spectrum(time, mode, step)) };
                self.known.borrow_mut().keep(key, law)
            }
        }
    }

    fn spectrum(&self, time: &Time, mode: Mode, step: f64) -> Spectrum {
        match time {
            Time::Part(part) => self.part(*part, step).to_vec(),
            Time::Fixed(ms) => self.part(Part { p50: *ms, p99: *ms }, step).to_vec(),
            Time::Even(ms) => forward(&Distribution::even(*ms, step).mass),
            Time::Start(part, share) => match starts(mode, *share) {
                share if share > RARE => {
                    self.part(*part, step).iter().map(|value| *value * share + (1.0 - share)).collect()
                }
                _ => nothing(),
            },
            Time::Series(all) => {
                let mut product: Option<Spectrum> = None;
                for time in all {
                    if time.takes_none(mode) {
                        continue;
                    }
                    match (&mut product, time) {
                        (Some(product), Time::Part(part)) => multiply(product, &self.part(*part, step)),
                        (Some(product), time) => multiply(product, &self.spectrum(time, mode, step)),
                        (None, time) => product = Some(self.spectrum(time, mode, step)),
                    }
                }
                product.unwrap_or_else(nothing)
            }
            Time::Slowest(all) => {
                let laws = all.iter().map(|time| self.on(time, mode, step));
                let slowest = laws.reduce(|slowest, law| Rc::new(slowest.slower(&law)));
                slowest.map_or_else(nothing, |law| forward(&law.mass))
            }
            Time::Either(all) => {
                let whole: f64 = all.iter().map(|(share, _)| share.max(0.0)).sum();
                if whole <= 0.0 {
                    return nothing();
                }
                let mut sum = vec![Complex::new(0.0, 0.0); LENGTH / 2 + 1];
                for (share, time) in all.iter().filter(|(share, _)| *share > 0.0) {
                    let one = self.spectrum(time, mode, step);
                    sum.iter_mut().zip(&one).for_each(|(sum, value)| *sum += *value * (share / whole));
                }
                sum
            }
        }
    }

    /// The spectrum of a log-normal part.
    fn part(&self, part: Part, step: f64) -> Rc<Spectrum> {
        let key = vec![part.p50.to_bits(), part.p99.to_bits(), step.to_bits()];
        if let Some(known) = self.spectra.borrow().0.get(&key) {
            return Rc::clone(known);
        }
        let spectrum = forward(&Distribution::of(part, step).mass);
        self.spectra.borrow_mut().keep(key, spectrum)
    }
}

/// The spectrum of what takes no time.
fn nothing() -> Spectrum {
    vec![Complex::new(1.0, 0.0); LENGTH / 2 + 1]
}

fn multiply(product: &mut Spectrum, other: &Spectrum) {
    product.iter_mut().zip(other).for_each(|(product, value)| *product *= *value);
}

fn forward(mass: &[f64]) -> Spectrum {
    let (plan, _) = &*PLANS;
    let mut padded = vec![0.0; LENGTH];
    padded.iter_mut().zip(mass).for_each(|(to, from)| *to = *from);
    let mut spectrum = plan.make_output_vec();
    // Lengths are those of the plan, so it cannot fail.
    let _ = plan.process(&mut padded, &mut spectrum);
    spectrum
}

/// The mass behind a spectrum; what lies beyond the grid counts as its end.
fn backward(spectrum: &Spectrum) -> Vec<f64> {
    let (_, plan) = &*PLANS;
    let mut spectrum = spectrum.clone();
    // The transform of real numbers has real ends; rounding may have left something.
    if let [first, .., last] = spectrum.as_mut_slice() {
        (first.im, last.im) = (0.0, 0.0);
    }
    let mut cells = vec![0.0; LENGTH];
    let _ = plan.process(&mut spectrum, &mut cells);
    cells.iter_mut().for_each(|value| *value = (*value / LENGTH as f64).max(0.0));
    let beyond: f64 = cells.iter().skip(CELLS).sum();
    cells.truncate(CELLS);
    if let Some(last) = cells.last_mut() {
        *last += beyond;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(p50: f64) -> Time {
        Time::Part(Part { p50, p99: 4.0 * p50 })
    }

    #[test]
    fn equal_times_have_one_law() {
        let laws = Laws::default();
        let path = |share| Time::Series(vec![Time::Start(Part { p50: 400.0, p99: 900.0 }, share), part(20.0)]);
        let one = laws.of(&path(Some(0.5)), Mode::Cold);
        assert!(Rc::ptr_eq(&one, &laws.of(&path(None), Mode::Cold)));
        assert!(!Rc::ptr_eq(&laws.of(&path(Some(0.5)), Mode::Mixed), &laws.of(&path(Some(0.1)), Mode::Mixed)));
        assert!(Rc::ptr_eq(&laws.of(&path(Some(1e-9)), Mode::Mixed), &laws.of(&path(None), Mode::Warm)));
    }

    #[test]
    fn a_start_that_counts_once_is_mixed_as_one_that_is_carried_along() {
        let laws = Laws::default();
        let start = |share| Time::Start(Part { p50: 400.0, p99: 900.0 }, Some(share));
        // The second start hardly ever happens, but is no longer the only one.
        let one = laws.of(&Time::Series(vec![start(0.3), part(20.0)]), Mode::Mixed);
        let two = laws.of(&Time::Series(vec![start(0.3), part(20.0), start(2.1e-5)]), Mode::Mixed);
        for p in [0.5, 0.95, 0.99] {
            assert!((one.percentile(p) / two.percentile(p) - 1.0).abs() < 0.01, "{p}");
        }
    }

    #[test]
    fn shares_need_not_sum_to_one() {
        let laws = Laws::default();
        let half = Time::Either(vec![(0.1, Time::Fixed(10.0)), (0.1, Time::Fixed(90.0))]);
        let law = laws.of(&half, Mode::Warm);
        assert!(law.percentile(0.4) < 11.0 && law.percentile(0.6) > 89.0);
    }
}
