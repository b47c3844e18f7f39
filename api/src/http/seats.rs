//! Seats for what takes long, such as following something or taking a file: so many in
//! all, and of one caller so few that nobody can keep all others out.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{budget::Payer, fault::Fault};
use crate::graphql::refusal::{Code, Refusal};

pub(super) struct Seats {
    all: Arc<Semaphore>,
    taken: Arc<Mutex<HashMap<Payer, usize>>>,
    each: usize,
}

/// What a caller is told who takes too many seats.
pub(super) const ENOUGH: &str =
    "That is as much as one may have open at once: end something first.";

/// A seat, for as long as it is kept.
pub(super) struct Seat {
    payer: Payer,
    taken: Arc<Mutex<HashMap<Payer, usize>>>,
    of_all: Arc<OwnedSemaphorePermit>,
}

/// Why there is no seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSeat {
    /// All are taken.
    Full,
    /// The caller has as many as one may have.
    Enough,
}

impl Seats {
    pub(super) fn new(all: usize, each: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), taken: Arc::default(), each }
    }

    /// A seat for somebody.
    pub(super) fn take(&self, payer: Payer) -> Result<Seat, NoSeat> {
        let of_all = self.all.clone().try_acquire_owned().map_err(|_| NoSeat::Full)?;
        self.seat(payer, Arc::new(of_all))
    }

    /// The seat, as somebody's who has signed in on it.
    pub(super) fn hand_over(&self, seat: &mut Seat, payer: Payer) -> Result<(), NoSeat> {
        if seat.payer != payer {
            *seat = self.seat(payer, seat.of_all.clone())?;
        }
        Ok(())
    }

    fn seat(&self, payer: Payer, of_all: Arc<OwnedSemaphorePermit>) -> Result<Seat, NoSeat> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = taken.entry(payer.clone()).or_default();
        if *theirs >= self.each {
            return Err(NoSeat::Enough);
        }
        *theirs += 1;
        Ok(Seat { payer, taken: self.taken.clone(), of_all })
    }
}

impl NoSeat {
    /// What the caller's answer says of it.
    pub(super) fn fault(self) -> Fault {
        match self {
            Self::Full => Fault::unavailable(),
            Self::Enough => Fault::of(Refusal::new(Code::RateLimited, ENOUGH)),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(theirs) = taken.get_mut(&self.payer) {
            *theirs -= 1;
            if *theirs == 0 {
                taken.remove(&self.payer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn refused(taken: Result<Seat, NoSeat>) -> Option<NoSeat> {
        taken.err()
    }

    #[test]
    fn nobody_can_keep_all_others_out() {
        let seats = Seats::new(3, 2);
        let one = seats.take(Payer::Client(1)).ok().unwrap();
        let _two = seats.take(Payer::Client(1)).ok().unwrap();
        assert_eq!(refused(seats.take(Payer::Client(1))), Some(NoSeat::Enough));
        let _other = seats.take(Payer::Client(2)).ok().unwrap();
        assert_eq!(refused(seats.take(Payer::Client(3))), Some(NoSeat::Full));
        drop(one);
        assert_eq!(refused(seats.take(Payer::Client(1))), None);
        assert_eq!(refused(seats.take(Payer::Client(3))), None, "each is given back");
    }

    #[test]
    fn a_strangers_seat_becomes_theirs_who_sign_in() {
        let seats = Seats::new(2, 1);
        let mut one = seats.take(Payer::Stranger(HERE)).ok().unwrap();
        assert_eq!(refused(seats.take(Payer::Stranger(HERE))), Some(NoSeat::Enough));
        assert_eq!(seats.hand_over(&mut one, Payer::Client(1)), Ok(()));
        let mut two = seats.take(Payer::Stranger(HERE)).ok().unwrap();
        assert_eq!(seats.hand_over(&mut two, Payer::Client(1)), Err(NoSeat::Enough));
        drop(one);
        assert_eq!(seats.hand_over(&mut two, Payer::Client(1)), Ok(()));
        assert_eq!(refused(seats.take(Payer::Stranger(HERE))), None, "one of two was left");
    }
}
