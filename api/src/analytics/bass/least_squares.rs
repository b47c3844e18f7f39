//! The least squares problem of the Bass model, and starting points for it.

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt, TerminationReason};
use nalgebra::{DVector, Dyn, OMatrix, U3, Vector3, storage::Owned};

use super::Fit;

/// Where the search starts, per period. The ordinary regression of Bass (1969) would
/// give one start, but a negative innovation for many real series.
const INNOVATIONS: [f64; 4] = [0.0003, 0.003, 0.03, 0.15];
const IMITATIONS: [f64; 5] = [0.03, 0.1, 0.3, 0.6, 1.0];

/// Imitation below this, per period, cannot be told from none.
const NO_IMITATION: f64 = 1e-9;

/// The share of the potential that has adopted by a time.
pub(super) fn share(innovation: f64, imitation: f64, time: f64) -> f64 {
    let left = (-(innovation + imitation) * time).exp();
    innovation * (1.0 - left) / (innovation + imitation * left)
}

/// That share's derivatives by the logarithms of innovation and imitation.
fn share_gradient(innovation: f64, imitation: f64, time: f64) -> [f64; 2] {
    let (p, q) = (innovation, imitation);
    let left = (-(p + q) * time).exp();
    let (above, below) = (p * (1.0 - left), p + q * left);
    let fading = time * left;
    let by = |above_by: f64, below_by: f64| (above_by * below - above * below_by) / below.powi(2);
    [p * by(1.0 - left + p * fading, 1.0 - q * fading), q * by(p * fading, left - q * fading)]
}

/// The adoptions of each period, and the logarithms of p, q and m to explain them.
pub(super) struct Problem<'a> {
    pub(super) adoptions: &'a [f64],
    pub(super) logarithms: Vector3<f64>,
}

impl Problem<'_> {
    fn parameters(&self) -> [f64; 3] {
        self.logarithms.map(f64::exp).into()
    }

    /// For each period, what a function of time adds from its start to its end.
    fn steps(&self, of: impl Fn(f64) -> f64) -> impl Iterator<Item = f64> {
        let times = (0..self.adoptions.len()).map(|period| period as f64);
        times.map(move |start| of(start + 1.0) - of(start))
    }
}

impl LeastSquaresProblem<f64, Dyn, U3> for Problem<'_> {
    type ParameterStorage = Owned<f64, U3>;
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, U3>;

    fn set_params(&mut self, logarithms: &Vector3<f64>) {
        self.logarithms.copy_from(logarithms);
    }

    fn params(&self) -> Vector3<f64> {
        self.logarithms
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        let [p, q, m] = self.parameters();
        let modelled = self.steps(|time| m * share(p, q, time));
        let errors = modelled.zip(self.adoptions).map(|(modelled, actual)| modelled - actual);
        let errors = DVector::from_iterator(self.adoptions.len(), errors);
        errors.iter().all(|error| error.is_finite()).then_some(errors)
    }

    fn jacobian(&self) -> Option<OMatrix<f64, Dyn, U3>> {
        let [p, q, m] = self.parameters();
        let by_innovation = self.steps(|time| m * share_gradient(p, q, time)[0]);
        let by_imitation = self.steps(|time| m * share_gradient(p, q, time)[1]);
        let by_potential = self.steps(|time| m * share(p, q, time));
        let columns = by_innovation.chain(by_imitation).chain(by_potential);
        let matrix = OMatrix::<f64, Dyn, U3>::from_iterator(self.adoptions.len(), columns);
        matrix.iter().all(|slope| slope.is_finite()).then_some(matrix)
    }
}

/// The best of the minima that the starting points lead to.
pub(super) fn fit(adoptions: &[f64]) -> Option<Fit> {
    let starts = INNOVATIONS.into_iter().flat_map(|p| IMITATIONS.map(|q| (p, q)));
    let minima = starts.filter_map(|(p, q)| minimise(start(adoptions, p, q)?));
    let (squares, [innovation, imitation, potential]) =
        minima.min_by(|one, other| one.0.total_cmp(&other.0))?;
    let imitation = if imitation < NO_IMITATION { 0.0 } else { imitation };
    let rmse = (squares / adoptions.len() as f64).sqrt();
    Some(Fit { innovation, imitation, potential, rmse, periods: adoptions.len() })
}

/// With p and q given, the best m is a plain regression through the origin.
fn start(adoptions: &[f64], p: f64, q: f64) -> Option<Problem<'_>> {
    let mut problem = Problem { adoptions, logarithms: Vector3::new(p.ln(), q.ln(), 0.0) };
    let (mut product, mut square) = (0.0, 0.0);
    for (step, actual) in problem.steps(|time| share(p, q, time)).zip(adoptions) {
        product += step * actual;
        square += step * step;
    }
    problem.logarithms.z = (product / square).ln();
    problem.logarithms.z.is_finite().then_some(problem)
}

/// The sum of squares and the parameters at the minimum, if there is one.
fn minimise(problem: Problem<'_>) -> Option<(f64, [f64; 3])> {
    let search = LevenbergMarquardt::new().with_ftol(1e-14).with_xtol(1e-10).with_stepbound(1.0);
    let (problem, report) = search.minimize(problem);
    // no improvement is possible where the curve already fits to the last bit
    let found = report.termination.was_successful()
        || matches!(report.termination, TerminationReason::NoImprovementPossible(_));
    found.then(|| (2.0 * report.objective_function, problem.parameters()))
}
