//! Every test of the programme, through its front door.

mod harness;
mod http;
