//! Awards: what learners receive for what they learnt, one for each enrolment.

pub mod record;
pub mod rules;
